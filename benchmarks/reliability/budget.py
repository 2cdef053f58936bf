"""The budget is used, and not exceeded.

In virtual time: a fixed window of 60 seconds that begins at any of 20 moments, which the client
does not know, and latencies from 0.05 to 0.3 s.  While nothing is refused the moment changes
nothing for the client: then one run is held against all 20.  *Used* is told from
the beginning of the second burst to that of the last one.

In real time, beside notion-client, which paces nothing: a window of 6 seconds.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from random import Random
from typing import Final

import attrs

from benchmarks.reliability.scenario import (
    Line,
    Lines,
    most,
    ours_for,
    outcome,
    peer_is_there,
    percent,
    sorts,
    with_peer,
)
from notion_async.endpoints import PAGES_RETRIEVE
from notion_async.testing import Emulator
from notion_async.testing.clock import ManualClock
from notion_async.transport.call import Call
from notion_async.transport.governor import Governor
from notion_async.transport.limiter import TokenBucket
from notion_async.transport.message import Request, Response
from notion_async.transport.pipeline import Pipeline
from notion_async.transport.retry import RetryPolicy
from tests.testing.emulated import page, uid

CLAIM: Final = "The budget is used, and not exceeded."
ABOUT: Final = (
    "10,000 requests in virtual time, latencies from 0.05 to 0.3 s, 20 phases of the window; "
    "then 600 calls at once in real time, against 180 in 6 s"
)
REQUESTS: Final = 10_000
PHASES: Final = 20
CALLS: Final = 600
_WINDOW: Final = 60.0
_GAP: Final = 5.0
"""Seconds without a request, between two bursts."""
_OK: Final = Response(200, {}, b'{"object":"page"}')
_REASON: Final = "public_api_request_rate_limit"


class Notion:
    """Grants so many requests in each window; a transport in virtual time."""

    def __init__(self, clock: ManualClock, budget: int, phase: float, seed: int) -> None:
        self.budget = budget
        self.refused = 0
        self.arrivals: list[float] = []
        self._clock = clock
        self._phase = phase
        self._random = Random(seed)  # noqa: S311 - the same in every run
        self._windows: dict[int, int] = {}

    async def send(self, request: Request, *, timeout: float) -> Response:  # noqa: ARG002
        """Answer, after a latency."""
        latency, there = self._random.uniform(0.05, 0.3), self._random.random()
        await self._clock.sleep(latency * there)
        now = self._clock.now()
        passed = (now + self._phase) / _WINDOW
        window = math.floor(passed)
        held = self._windows.get(window, 0)
        answer = _OK
        if held < self.budget:
            self._windows[window] = held + 1
            self.arrivals.append(now)
        else:
            self.refused += 1
            answer = _refusal(math.ceil((window + 1 - passed) * _WINDOW))
        await self._clock.sleep(latency * (1 - there))
        return answer

    async def open(self, request: Request, *, timeout: float) -> Response:
        """Answer."""
        return await self.send(request, timeout=timeout)

    async def aclose(self) -> None:
        """Close nothing."""

    @property
    def used(self) -> float:
        """How much of the budget was used from the second burst to the last one, in percent."""
        pairs = pairwise(self.arrivals)
        bursts = [number for number, (a, b) in enumerate(pairs, 1) if b - a > _GAP]
        start, end = bursts[0], bursts[-1]
        seconds = self.arrivals[end] - self.arrivals[start]
        return percent(end - start, self.budget * seconds / _WINDOW)

    def over(self, phase: float) -> int:
        """Return how many requests would have been too many, had windows begun at that moment."""
        held = Counter(math.floor((at + phase) / _WINDOW) for at in self.arrivals)
        return sum(max(0, count - self.budget) for count in held.values())

    @property
    def best(self) -> int:
        """The most that one window held."""
        return max(self._windows.values())


def _refusal(seconds: int) -> Response:
    body = (
        b'{"object":"error","status":429,"code":"rate_limited","message":"no",'
        b'"additional_data":{"rate_limit_reason":"%s"}}' % _REASON.encode()
    )
    return Response(429, {"retry-after": str(seconds)}, body)


@attrs.frozen
class Case:
    """One run in virtual time."""

    granted: int
    budget: int
    most: int | None
    phase: float
    requests: int


@attrs.frozen
class Found:
    """What came of it."""

    refused: int
    used: float
    best: int
    failed: int
    over: int
    """How many requests would have been refused in one of the phases, the worst one."""


def simulate(case: Case) -> Found:
    """Run it."""
    return asyncio.run(_simulate(case))


async def _simulate(case: Case) -> Found:
    clock = ManualClock()
    notion = Notion(clock, case.granted, case.phase, seed=5)
    bucket = TokenBucket(case.budget, most=case.most, clock=clock)
    pipeline = Pipeline(
        notion,
        limiter=bucket,
        governor=Governor(clock),
        retry=RetryPolicy(),
        clock=clock,
        random=Random(7).random,  # noqa: S311 - the same in every run
    )
    failed = 0
    turns = iter(range(case.requests))

    async def task() -> None:
        nonlocal failed
        for _ in turns:
            call = Call(PAGES_RETRIEVE, Request("GET", "https://api.notion.com/v1/x", {}))
            call.deadline = None
            try:
                await pipeline.send(call)
            except Exception:
                failed += 1

    work = asyncio.gather(*(task() for _ in range(32)))
    await clock.run(until=work)
    await work
    over = max(notion.over(_WINDOW * number / PHASES) for number in range(PHASES))
    return Found(notion.refused, notion.used, notion.best, failed, over)


async def measure(*, quick: bool) -> Lines:
    """Run all cases, and then the real one."""
    phases = 1 if quick else PHASES
    lines: list[Line] = []
    with ProcessPoolExecutor(1 if quick else 2) as pool:

        def run(granted: int, budget: int, most_of: int | None, phases: int) -> list[Found]:
            requests = 3 * granted if quick else REQUESTS
            steps = [_WINDOW * number / phases for number in range(phases)]
            cases = [Case(granted, budget, most_of, step, requests) for step in steps]
            return list(pool.map(simulate, cases))

        for granted in (180,) if quick else (180, 600):
            lines += _known(granted, run(granted, granted, None, 1)[0])
        lines += _nothing_more(run(180, 180, 600, phases))
        if not quick:
            lines += _more(run(600, 180, 600, 1)[0])
    return [*lines, *await _in_real_time(quick=quick)]


def _known(budget: int, found: Found) -> list[Line]:
    name = f"`TokenBucket({budget})`, {budget} granted"
    return [
        Line(f"429s in any phase: {name}", found.refused + found.over, at_most=0),
        Line(f"% of the budget used: {name}", found.used, at_least=95),
    ]


def _nothing_more(found: list[Found]) -> list[Line]:
    name = "the default, 180 granted"
    asks = "it asks once an hour whether there is more"
    refused = max(each.refused for each in found)
    return [
        Line(f"429s in any phase: {name}", refused, at_most=1, note=asks),
        Line(f"% of the budget used: {name}", min(each.used for each in found), at_least=95),
    ]


def _more(found: Found) -> list[Line]:
    name = "the default, 600 granted"
    return [
        Line(f"429s in any phase: {name}", found.refused + found.over, at_most=0),
        Line(
            f"requests in the best minute: {name}",
            found.best,
            at_least=570,
        ),
    ]


@attrs.frozen
class _Real:
    refused: int
    failed: Sequence[object]
    seconds: float


async def _in_real_time(*, quick: bool) -> list[Line]:
    calls, per = (200, 1.0) if quick else (CALLS, 6.0)
    bucket = TokenBucket(180, per=per)
    # One after the other: what the one computes would keep the other waiting.
    ours = await _real(calls, per, ours=bucket)
    theirs = await _real(calls, per, ours=None) if peer_is_there() else None
    each = f"of {calls} calls at once, 180 in {per:g} s granted"
    return [
        Line(f"429s {each}", ours.refused, theirs.refused if theirs else None, at_most=0),
        Line(
            "calls that fail",
            len(ours.failed),
            len(theirs.failed) if theirs else None,
            at_most=0,
            note=most(sorts(ours.failed)),
        ),
        Line("seconds until all have ended", ours.seconds, theirs.seconds if theirs else None),
    ]


async def _real(calls: int, per: float, *, ours: TokenBucket | None) -> _Real:
    emulator = Emulator(budget=180, per=per, phase=-per / 3)
    emulator.load([page("home")])
    async with emulator:
        started = time.perf_counter()
        if ours is not None:
            async with ours_for(emulator.base_url, emulator.token, limiter=ours) as notion:
                found = await _all(calls, lambda: notion.pages.retrieve(uid("home")))
        else:
            async with with_peer(emulator.base_url, emulator.token) as peer:
                found = await _all(calls, lambda: peer.pages.retrieve(page_id=uid("home")))
        failed = [each for each in found if isinstance(each, BaseException)]
        return _Real(emulator.answers_429, failed, time.perf_counter() - started)


async def _all(calls: int, read: Callable[[], Awaitable[object]]) -> list[object]:
    return list(await asyncio.gather(*(outcome(read()) for _ in range(calls))))
