"""When Notion asks for a pause, nobody asks on.

50 tasks read one page after another.  In the midst of it the server answers 429 with
``Retry-After: 3``, and so everything that comes before these three seconds are over.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, Literal

import attrs

from benchmarks.reliability.scenario import (
    Line,
    Lines,
    most,
    ours_for,
    outcome,
    peer_is_there,
    sorts,
    with_peer,
)
from tests.faults import wire
from tests.faults.server import Arrived, Exchange, Fault, FaultServer
from tests.faults.wire import framed
from tests.testing.emulated import page, uid

CLAIM: Final = "A pause that Notion asks for is kept by everybody."
ABOUT: Final = "50 tasks with three reads each meet a 429 with `Retry-After: 3`"
TASKS: Final = 50
EACH: Final = 3
PAUSE: Final = 3
_LATENCY: Final = 0.05
_FROM: Final = 60  # so many requests are answered before it


@attrs.define
class Notion:
    """Answers after a while, and once refuses everything for some seconds."""

    seconds: int
    from_request: int = _FROM
    until: float = math.inf
    said: float = math.inf
    """When the first 429 was sent."""
    inside: int = 0
    """Requests that came after it, before the pause was over."""

    def __call__(self, request: Arrived | None) -> Fault | None:
        """Answer everything here."""
        return None if request is None else Fault("answered here", self.answer)

    async def answer(self, exchange: Exchange) -> None:
        """Answer, or refuse."""
        request = await exchange.request()
        now = time.monotonic()
        if self.said < now < self.until:
            self.inside += 1
        if request.number == self.from_request:
            self.until = now + self.seconds
        if request.number >= self.from_request and now < self.until:
            # What Notion asks for is whole seconds, and no less than are left.
            left = math.ceil(self.until - now)
            refusal = wire.error(429, "rate_limited", retry_after=str(left))
            await exchange.say(framed(refusal))
            self.said = min(self.said, time.monotonic())
            return
        await asyncio.sleep(_LATENCY)
        await exchange.say(framed(wire.reply(page("home"))))


@attrs.frozen
class _Found:
    inside: int
    failed: list[object]
    seconds: float


async def measure(*, quick: bool) -> Lines:
    """Count what comes during the pause, and what fails."""
    pause = 1 if quick else PAUSE
    # Waiting is all they do: they wait at the same time.
    gated, limited, *peers = await asyncio.gather(
        _ours(pause, limiter=None),
        _ours(pause, limiter="auto"),
        *([_peer(pause)] if peer_is_there() else []),
    )
    theirs = peers[0] if peers else None
    inside = theirs.inside if theirs else None
    failed = len(theirs.failed) if theirs else None
    return [
        Line("requests during the pause, by default", limited.inside, inside, at_most=8),
        Line("the same without a limiter", gated.inside, inside),
        Line(
            "calls that fail, by default",
            len(limited.failed),
            failed,
            at_most=0,
            note=most(sorts(limited.failed)),
        ),
        Line("the same without a limiter", len(gated.failed), failed),
        Line("seconds until all are done", limited.seconds, theirs.seconds if theirs else None),
    ]


@asynccontextmanager
async def _notion(seconds: int) -> AsyncIterator[tuple[Notion, str]]:
    notion = Notion(seconds)
    async with FaultServer(nemesis=notion) as server:
        yield notion, server.base_url


async def _run(notion: Notion, read: Callable[[], Awaitable[object]]) -> _Found:
    failed: list[object] = []
    started = time.perf_counter()

    async def task() -> None:
        for _ in range(EACH):
            found = await outcome(read())
            if isinstance(found, Exception):
                failed.append(found)

    async with asyncio.TaskGroup() as group:
        for _ in range(TASKS):
            group.create_task(task())
    return _Found(notion.inside, failed, time.perf_counter() - started)


async def _ours(seconds: int, *, limiter: Literal["auto"] | None) -> _Found:
    async with (
        _notion(seconds) as (notion, base_url),
        ours_for(base_url, limiter=limiter) as client,
    ):
        return await _run(notion, lambda: client.pages.retrieve(uid("home")))


async def _peer(seconds: int) -> _Found:
    async with _notion(seconds) as (notion, base_url), with_peer(base_url) as client:
        return await _run(notion, lambda: client.pages.retrieve(page_id=uid("home")))
