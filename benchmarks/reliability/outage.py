"""When Notion is down, it is not stormed; when it is back, so is everybody.

1,000 calls are made while nothing works: all at once, which is the worst, and by 10 tasks, one
call after another.  Every request counts that a client tries to send, connected or not.

How long it takes to come back is told for an outage of ten minutes in virtual time, for calls that
wait (`Priority.BULK`) and for those that fail at once and are made again a second later; and for
one of eight seconds in real time, for both clients.
"""

from __future__ import annotations

import asyncio
import math
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Final, TypeAlias

import attrs

from benchmarks.reliability.scenario import (
    Line,
    Lines,
    nowhere,
    ours_for,
    outcome,
    peer_is_there,
    together,
    with_peer,
)
from notion_async.endpoints import PAGES_RETRIEVE
from notion_async.errors import NotionError
from notion_async.testing.clock import ManualClock
from notion_async.transport.call import Call
from notion_async.transport.clock import Clock, SystemClock
from notion_async.transport.governor import Governor
from notion_async.transport.hooks import AttemptRecord, CallRecord
from notion_async.transport.limiter import Priority
from notion_async.transport.message import Request, Response
from notion_async.transport.pipeline import Pipeline
from notion_async.transport.retry import RetryPolicy
from tests.faults import wire
from tests.faults.server import FaultServer
from tests.faults.wire import Reply
from tests.testing.emulated import page, uid

CLAIM: Final = "An outage is not made worse, and its end is noticed."
ABOUT: Final = "1,000 calls while nothing works, then the end of an outage"
CALLS: Final = 1_000
_AT_ONCE: Final = 200
OUTAGE: Final = 600.0
REAL_OUTAGE: Final = 8.0
_TASKS: Final = 10
_LATENCY: Final = 0.2
_AGAIN: Final = 1.0
"""Seconds after which a caller whose call has failed makes it again."""
_FULL: Final = 0.9
_STEP: Final = 0.1
_LONGEST: Final = 70.0
"""Seconds for which it is waited until the rate is back."""
_OK: Final = Response(200, {}, b'{"object":"page"}')
_DOWN: Final = wire.error(503, "service_unavailable")

Read: TypeAlias = Callable[[], Awaitable[object]]


async def measure(*, quick: bool) -> Lines:
    """Count requests, then seconds."""
    calls, at_once = (300, 100) if quick else (CALLS, _AT_ONCE)
    of_peer = 30 if quick else calls
    lines: list[Line] = []
    for fault, answers in (("503", True), ("connection refused", False)):
        ours = await _storm(_ours_down, calls, at_once, answers=answers, quick=quick)
        theirs = (
            await _storm(_peer_down, of_peer, at_once, answers=answers, quick=quick)
            if peer_is_there()
            else None
        )
        says = f"requests per call: {fault}, {at_once} calls at once"
        lines.append(Line(says, ours, theirs, at_most=1.1))
        ours = await _storm(_ours_down, calls, calls, answers=answers, quick=quick)
        lines.append(Line(f"requests per call: {fault}, {calls:,} at once", ours, at_most=1.1))
    outage = OUTAGE / 20 if quick else OUTAGE
    for priority in Priority:
        says = f"seconds until the full rate: {outage:g} s (virtual), {priority.name.lower()}"
        lines.append(
            Line(says, await _recovery(priority, outage, 15.0 if quick else _LONGEST), at_most=60)
        )
    seconds = 0.5 if quick else REAL_OUTAGE
    ours, *peers = await asyncio.gather(
        *(_real(seconds, ours=mine, quick=quick) for mine in (True, False)[: 1 + peer_is_there()])
    )
    says = f"seconds until the full rate: {seconds:g} s (real)"
    return [*lines, Line(says, ours, peers[0] if peers else None, at_most=60)]


# ------------------------------------------------------------- the storm


async def _storm(
    run: Callable[[str, int, int, bool], Awaitable[int]],
    calls: int,
    at_once: int,
    *,
    answers: bool,
    quick: bool,
) -> float:
    """Return the requests per call of a client while nothing works."""
    if not answers:
        return await run(nowhere(), calls, at_once, quick) / calls
    async with FaultServer(lambda _: _DOWN) as server:
        tried = await run(server.base_url, calls, at_once, quick)
        return max(tried, server.begun) / calls


async def _ours_down(base_url: str, calls: int, at_once: int, quick: bool) -> int:
    tried = 0

    def hear(record: AttemptRecord | CallRecord) -> None:
        nonlocal tried
        tried += isinstance(record, AttemptRecord)

    async def one(_turn: int, _worker: int) -> None:
        await outcome(notion.pages.retrieve(uid("home")))

    async with ours_for(base_url, quick=quick, hooks=[hear]) as notion:
        await together(calls, at_once, one)
    return tried


async def _peer_down(base_url: str, calls: int, at_once: int, quick: bool) -> int:
    import httpx  # noqa: PLC0415 - it may be missing

    tried = 0

    async def hear(_request: object) -> None:
        nonlocal tried
        tried += 1

    async def one(_turn: int, _worker: int) -> None:
        await outcome(peer.pages.retrieve(page_id=uid("home")))

    client = httpx.AsyncClient(event_hooks={"request": [hear]})
    async with with_peer(base_url, quick=quick, client=client) as peer:
        await together(calls, at_once, one)
    return tried


# ------------------------------------------------------------- the end of an outage


@attrs.define
class Rate:
    """When calls succeeded."""

    clock: Clock
    at: list[float] = attrs.field(factory=list)

    def note(self) -> None:
        """Count a success."""
        self.at.append(self.clock.now())

    def within(self, start: float) -> int:
        """Return how many came in the second that begins there."""
        return bisect_left(self.at, start + 1.0) - bisect_left(self.at, start)

    def back(self, end: float, before: int) -> float:
        """Return the seconds from `end` until a second began that held as many as `before`."""
        steps = 0
        while end + steps * _STEP + 1.0 <= self.clock.now():
            if self.within(end + steps * _STEP) >= _FULL * before:
                break
            steps += 1
        return steps * _STEP


class _Flaky:
    """A transport in virtual time that works, and then for a while does not."""

    def __init__(self, clock: ManualClock, down: tuple[float, float]) -> None:
        self._clock = clock
        self._down = down

    async def send(self, request: Request, *, timeout: float) -> Response:  # noqa: ARG002
        await self._clock.sleep(_LATENCY)
        if self._down[0] <= self._clock.now() < self._down[1]:
            return Response(_DOWN.status, dict(_DOWN.headers), _DOWN.body)
        return _OK

    async def open(self, request: Request, *, timeout: float) -> Response:
        return await self.send(request, timeout=timeout)

    async def aclose(self) -> None:
        return None


async def _recovery(priority: Priority, outage: float, longest: float) -> float:
    clock, before = ManualClock(), 5.0
    end = before + outage
    pipeline = Pipeline(
        _Flaky(clock, (before, end)),
        limiter=None,
        governor=Governor(clock),
        retry=RetryPolicy(),
        clock=clock,
        random=Random(11).random,  # noqa: S311 - the same in every run
    )
    rate = Rate(clock)

    async def read() -> None:
        call = Call(PAGES_RETRIEVE, Request("GET", "https://api.notion.com/v1/x", {}))
        call.priority = priority
        call.deadline = None if priority is Priority.BULK else 300.0
        await pipeline.send(call)

    tasks = [asyncio.ensure_future(_reading(read, rate, clock)) for _ in range(_TASKS)]
    await clock.advance(end + longest)
    await _stop(tasks)
    return rate.back(end, rate.within(before - 2.0))


async def _reading(read: Read, rate: Rate, clock: Clock) -> None:
    while True:
        try:
            await read()
        except NotionError:
            await clock.sleep(_AGAIN)
        else:
            rate.note()


async def _real(seconds: float, *, ours: bool, quick: bool) -> float:
    """Return the seconds that a client takes in real time, when Notion is back."""
    clock = SystemClock()
    rate = Rate(clock)
    down, up = math.inf, math.inf
    home = wire.reply(page("home"))

    def handle(_request: object) -> Reply:
        return _DOWN if down <= clock.now() < up else home

    async def works(read: Read) -> float:
        nonlocal down, up
        tasks = [asyncio.ensure_future(_calling(read, rate)) for _ in range(_TASKS)]
        await asyncio.sleep(1.2 if quick else 2.5)  # in the first of them connections are made
        down = clock.now()
        up = down + seconds
        full = rate.within(down - 1.0)
        await asyncio.sleep(seconds + 1.0)
        for _ in range(int(_LONGEST / _STEP)):
            if rate.back(up, full) < clock.now() - up - 1.0:
                break
            await asyncio.sleep(_STEP)
        await _stop(tasks)
        return rate.back(up, full)

    async with FaultServer(handle) as server:
        if ours:
            async with ours_for(server.base_url, quick=quick) as notion:
                return await works(lambda: notion.pages.retrieve(uid("home")))
        async with with_peer(server.base_url, quick=quick) as peer:
            return await works(lambda: peer.pages.retrieve(page_id=uid("home")))


async def _calling(read: Read, rate: Rate) -> None:
    while True:
        found = await outcome(read())
        if isinstance(found, Exception):
            await asyncio.sleep(_AGAIN)
        else:
            rate.note()
        await asyncio.sleep(_LATENCY)


async def _stop(tasks: Sequence[asyncio.Future[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
