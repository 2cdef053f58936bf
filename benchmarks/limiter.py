"""The limiter: what it costs, whether it keeps the order, and how near it keeps to its rate.

*Uncontended* is one acquire and release that need not wait.  *Out of order* counts, of 1,000
waiters, those who were not served at their place.  *Off* is how far 500 requests per second are
missed in the three windows of a second after the burst, in percent of the rate; the safety
margin is off for that, since it is a deliberate 50 ms per window.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import import_module
from typing import Final, TypeAlias

from benchmarks.harness import Claim, Measures, options, publish, take_turns, why_missing
from notion_async.transport.limiter import TokenBucket

UNCONTENDED: Final = "µs of CPU, uncontended"
WAITING: Final = "µs of CPU per waiter"
DISORDER: Final = "out of order"
OFF: Final = "% off the rate"
_RATE: Final = 500
_WINDOWS: Final = 3

Acquire: TypeAlias = Callable[[], AbstractAsyncContextManager[object]]
Make: TypeAlias = Callable[[int, float], Acquire]
"""Makes a limiter of so many requests in so many seconds."""


def _ours(budget: int, per: float) -> Acquire:
    bucket = TokenBucket(budget, per, margin=0.0, max_in_flight=1_000_000)

    @asynccontextmanager
    async def acquire() -> AsyncGenerator[None]:
        permit = await bucket.acquire()
        try:
            yield
        finally:
            permit.release()

    return acquire


def _aiolimiter(budget: int, per: float) -> Acquire:
    limiter: AbstractAsyncContextManager[object] = import_module("aiolimiter").AsyncLimiter(
        budget, per
    )
    return lambda: limiter


LIMITERS: Final[dict[str, Make]] = {"ours": _ours, "aiolimiter": _aiolimiter}


async def _uncontended(name: str, times: int) -> float:
    if name == "ours":  # as the pipeline calls it, without a context manager around it
        bucket = TokenBucket(10 * times, max_in_flight=10 * times)
        started = time.process_time()
        for _ in range(times):
            permit = await bucket.acquire(within=300.0)
            permit.release()
    else:
        acquire = LIMITERS[name](10 * times, 60.0)
        started = time.process_time()
        for _ in range(times):
            async with acquire():
                pass
    return (time.process_time() - started) / times * 1e6


async def _queue(name: str, waiters: int) -> tuple[float, int]:
    """Return the CPU per waiter, and how many were not served at their place."""
    acquire = LIMITERS[name](50, 0.02)
    served: list[int] = []

    async def wait(place: int) -> None:
        async with acquire():
            served.append(place)

    started = time.process_time()
    await asyncio.gather(*(wait(place) for place in range(waiters)))
    cpu = time.process_time() - started
    out = sum(place != served[place] for place in range(waiters))
    return cpu / waiters * 1e6, out


async def _off(name: str, per: float) -> float:
    """Return how far the rate is missed in three windows after the burst, in percent."""
    budget = int(_RATE * per)
    acquire = LIMITERS[name](budget, per)
    times: list[float] = []

    async def ask() -> None:
        async with acquire():
            times.append(time.perf_counter())

    await asyncio.gather(*(ask() for _ in range(budget * (1 + _WINDOWS))))
    # From the end of the burst to the last one.
    passed = max(times) - times[budget - 1]
    return abs(budget * _WINDOWS / passed / _RATE - 1) * 100


def main(argv: list[str]) -> None:
    """Measure and tell."""
    given = options(argv)
    times, waiters, per = 50_000, 1_000, 1.0
    if given.quick:
        times, waiters, per = 500, 100, 0.05
    why = why_missing("aiolimiter")

    async def all_of(name: str) -> Measures:
        cpu, out = await _queue(name, waiters)
        return {
            UNCONTENDED: await _uncontended(name, times),
            WAITING: cpu,
            DISORDER: out,
            OFF: await _off(name, per),
        }

    found = take_turns(
        list(LIMITERS),
        lambda name: asyncio.run(_checked(all_of(name))),
        given.rounds,
        {"aiolimiter": why} if why else {},
    )
    claims = [
        Claim("uncontended", f"limiter: {UNCONTENDED}", UNCONTENDED, "ours", at_most=5.0),
        Claim(
            "disorder", f"limiter: of {waiters} waiters {DISORDER}", DISORDER, "ours", at_most=0.0
        ),
        Claim("off", f"limiter: {OFF} at {_RATE}/s", OFF, "ours", at_most=1.0),
    ]
    publish("limiter", found, claims, given, {"waiters": waiters, "window": per})


async def _checked(work: Awaitable[Measures]) -> Measures:
    return await asyncio.wait_for(work, 120)


if __name__ == "__main__":
    main(sys.argv[1:])
