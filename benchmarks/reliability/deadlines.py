"""A call ends when it should: whatever an answer does, and however often Notion refuses.

Ours has ``deadline=1``, which is for a call with all that belongs to it; notion-client has
``timeout_ms=1000``, which is for each wait on the network, and its default retries.  What it takes
longer than that second is told; a call that has not ended after ten is given up.

Where Notion asks for a pause that is longer than the deadline, there is nothing to wait for: what
a call takes after it was told so is measured as well.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final, TypeAlias

import attrs

from benchmarks.reliability.scenario import (
    Hung,
    Line,
    Lines,
    Number,
    is_ours,
    ours_for,
    outcome,
    peer_is_there,
    with_peer,
)
from tests.faults import strikes, wire
from tests.faults.server import Answer, Exchange, full_backlog, serving
from tests.faults.wire import framed
from tests.testing.emulated import page, uid

CLAIM: Final = "A call ends when it should."
ABOUT: Final = "ten calls at once of each kind, 1 s for a call (`deadline=1`, `timeout_ms=1000`)"
CALLS: Final = 10
_DEADLINE: Final = 1.0
_GIVEN_UP: Final = 10.0
_TICK: Final = 0.005

_PAGE: Final = framed(wire.reply(page("home")))
_HEAD: Final = _PAGE[: _PAGE.index(b"\r\n\r\n") + 4]


async def _slow_headers(exchange: Exchange) -> None:
    await exchange.request()
    while True:
        for byte in _HEAD[:-4]:
            await exchange.say(bytes([byte]))
            await asyncio.sleep(0.1)


KINDS: Final[Mapping[str, Answer]] = {
    "no answer": strikes.hangs(),
    "a stall in the headers": strikes.hangs(_HEAD[:20]),
    "a stall in the body": strikes.hangs(_PAGE[:-20]),
    "a body that drips": strikes.drips(_HEAD, 0.1),
    "headers that drip": _slow_headers,
    "429 without end": strikes.replies(wire.error(429, "rate_limited", retry_after="0")),
    "429, `Retry-After: 1`": strikes.replies(wire.error(429, "rate_limited", retry_after="1")),
    "503 without end": strikes.replies(wire.error(503, "service_unavailable")),
}
NO_CONNECTION: Final = "a connection that does not come about"
_ENDLESS_PAUSE: Final = framed(wire.error(429, "rate_limited", retry_after="300"))

Read: TypeAlias = Callable[[], Awaitable[object]]


async def measure(*, quick: bool) -> Lines:
    """Take the time of calls of each kind."""
    kinds = [*KINDS, NO_CONNECTION]
    if quick:
        found = await _all_at_once(kinds)
    else:
        found = [await _of_kind(kind, CALLS, given_up=_GIVEN_UP) for kind in kinds]
        found.append(await _refused(CALLS, given_up=_GIVEN_UP))
    *after, told = found
    return [
        Line(
            "ms after the deadline, at most",
            max(line.ours for line in after),
            _worst(after),
            at_most=250,
        ),
        *after,
        told,
    ]


async def _all_at_once(kinds: Sequence[str]) -> list[Line]:
    """Take all times at once, less what this process was late by meanwhile."""
    late = 0.0

    async def watch() -> None:  # servers and both clients share this loop, and keep each other
        nonlocal late
        while True:
            started = time.perf_counter()
            await asyncio.sleep(_TICK)
            late = max(late, time.perf_counter() - started - _TICK)

    watching = asyncio.ensure_future(watch())
    runs = [_of_kind(kind, 2, given_up=2.0) for kind in kinds]
    try:
        found = await asyncio.gather(*runs, _refused(1, given_up=2.0))
    finally:
        watching.cancel()
    return [attrs.evolve(line, ours=max(0.0, line.ours - late * 1_000)) for line in found]


async def _refused(calls: int, given_up: float) -> Line:
    """Return how long a call goes on that was told of a pause beyond its deadline."""
    ours = [await _after_refusal(given_up, ours=True) for _ in range(calls)]
    theirs = await _after_refusal(given_up, ours=False) if peer_is_there() else None
    return Line(
        "ms after a pause beyond the deadline was told",
        max(ours) * 1_000,
        f"no end after {given_up:g} s" if theirs == math.inf else theirs and theirs * 1_000,
        at_most=50,
    )


async def _after_refusal(given_up: float, *, ours: bool) -> float:
    said = 0.0

    async def refuse(exchange: Exchange) -> None:
        nonlocal said
        await exchange.request()
        said = time.perf_counter()
        await exchange.say(_ENDLESS_PAUSE)

    async with serving(refuse) as server:
        if ours:
            async with ours_for(server.base_url, deadline=_GIVEN_UP) as notion:
                found = await outcome(notion.pages.retrieve(uid("home")), given_up)
        else:
            async with with_peer(server.base_url, timeout_ms=int(_GIVEN_UP * 1_000)) as peer:
                found = await outcome(peer.pages.retrieve(page_id=uid("home")), given_up)
        return math.inf if isinstance(found, Hung) else time.perf_counter() - said


def _worst(found: list[Line]) -> Number | str | None:
    numbers = [line.peer for line in found if isinstance(line.peer, (int, float))]
    endless = [line.peer for line in found if isinstance(line.peer, str)]
    return endless[0] if endless else max(numbers, default=None)


async def _of_kind(kind: str, calls: int, *, given_up: float) -> Line:
    runs = [_ours(kind, calls, given_up), *([_peer(kind, calls, given_up)] * peer_is_there())]
    ours, *peers = await asyncio.gather(*runs)
    if any(not isinstance(error, BaseException) or not is_ours(error) for _, error in ours):
        raise AssertionError(f"{kind}: that was not to succeed: {ours}")
    theirs: Number | str | None = None
    if peers:
        theirs = _late(peers[0])
        if any(isinstance(error, Hung) for _, error in peers[0]):
            theirs = f"no end after {given_up:g} s"
    return Line(f"ms after the deadline: {kind}", _late(ours), theirs, at_most=250)


_Ended: TypeAlias = list[tuple[float, object]]
"""Of each call the seconds that it took, and what it came to."""


async def _ours(kind: str, calls: int, given_up: float) -> _Ended:
    async with _server(kind) as base_url, ours_for(base_url, deadline=_DEADLINE) as notion:
        return await _all(calls, lambda: notion.pages.retrieve(uid("home")), given_up)


async def _peer(kind: str, calls: int, given_up: float) -> _Ended:
    async with (
        _server(kind) as base_url,
        with_peer(base_url, timeout_ms=int(_DEADLINE * 1_000)) as peer,
    ):
        return await _all(calls, lambda: peer.pages.retrieve(page_id=uid("home")), given_up)


def _late(ended: _Ended) -> float:
    return max(0.0, (max(seconds for seconds, _ in ended) - _DEADLINE) * 1_000)


async def _all(calls: int, read: Read, given_up: float) -> _Ended:
    async def one() -> tuple[float, object]:
        started = time.perf_counter()
        found = await outcome(read(), given_up)
        return time.perf_counter() - started, found

    return list(await asyncio.gather(*(one() for _ in range(calls))))


@asynccontextmanager
async def _server(kind: str) -> AsyncIterator[str]:
    if kind == NO_CONNECTION:
        with full_backlog() as port:
            yield f"http://127.0.0.1:{port}"
    else:
        async with serving(KINDS[kind]) as server:
            yield server.base_url
