"""Reads get through: one request in five goes wrong, and nobody notices.

Struck are requests and, now and then, connections: reset, closed, cut at any byte, left without an
answer, answered by 429, 409, 5xx, HTML, garbage, damaged JSON.  An attempt may take a second, for
both, so that the answers that never come do not take all the time.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from random import Random
from typing import Final, TypeAlias

import attrs

from benchmarks.reliability.scenario import (
    Line,
    Lines,
    Peer,
    is_ours,
    is_the_peers,
    most,
    ours_for,
    outcome,
    peer_is_there,
    percent,
    sorts,
    together,
    with_peer,
)
from notion_async import AsyncClient
from notion_async.testing import Emulator
from tests.faults.facing import HOME, OBJECTS, SOURCE
from tests.faults.nemesis import HARMLESS, SLOW, TRANSIENT, Seeded
from tests.faults.server import FaultServer, answering
from tests.testing.emulated import NOW

CLAIM: Final = "Reads get through."
ABOUT: Final = (
    "5,000 reads, 50 at once, a fifth of the requests struck by faults of all kinds, 1 s for "
    "an attempt"
)
FULL: Final = 5_000
QUICK: Final = 90
SEED: Final = 23
IN_FLIGHT: Final = 50

_FAULTS: Final = {name: make for name, make in TRANSIENT.items() if name not in HARMLESS}
_FAST: Final = {name: make for name, make in _FAULTS.items() if name not in SLOW}

OURS: Final[tuple[Callable[[AsyncClient], Awaitable[object]], ...]] = (
    lambda notion: notion.pages.retrieve(HOME),
    lambda notion: notion.data_sources.query(SOURCE),
    lambda notion: notion.blocks.children.list(HOME),
    lambda notion: notion.search(),
)
PEERS: Final[tuple[Callable[[Peer], Awaitable[object]], ...]] = (
    lambda peer: peer.pages.retrieve(page_id=HOME),
    lambda peer: peer.data_sources.query(data_source_id=SOURCE),
    lambda peer: peer.blocks.children.list(block_id=HOME),
    lambda peer: peer.search(),
)


_Told: TypeAlias = tuple[int, list[object], list[object]]
"""How many succeeded, which errors came, and which of them are not the library's own."""


@attrs.frozen
class _Found:
    done: int
    failed: list[object]
    foreign: list[object]
    requests: int
    struck: int
    seconds: float

    @property
    def share(self) -> float:
        """How many of the requests were struck, in percent."""
        return percent(self.struck, self.requests)


async def measure(*, quick: bool) -> Lines:
    """Count the reads that succeed."""
    count = QUICK if quick else FULL
    ours = await _faced(_ours, count, quick=quick)
    theirs = await _faced(_peer, count, quick=quick) if peer_is_there() else None
    return [
        Line(
            "% of the reads succeed",
            percent(ours.done, count),
            percent(theirs.done, count) if theirs else None,
            at_least=99.9,
            note=f"notion-client: {most(sorts(theirs.failed))}" if theirs else "",
        ),
        Line(
            "failures that are no errors of the library",
            len(ours.foreign),
            len(theirs.foreign) if theirs else None,
            at_most=0,
        ),
        Line(
            "% of the requests were struck",
            ours.share,
            theirs.share if theirs else None,
        ),
        Line("seconds for all of them", ours.seconds, theirs.seconds if theirs else None),
    ]


async def _faced(
    run: Callable[[str, str, int, bool], Awaitable[_Told]],
    count: int,
    *,
    quick: bool,
) -> _Found:
    emulator = Emulator(budget=None, wall=lambda: NOW)
    emulator.load(OBJECTS)
    random = Random(SEED)  # noqa: S311 - the same in every run
    nemesis = Seeded(random, 0.2, _FAST if quick else _FAULTS, connections=0.02)
    async with FaultServer(answering(emulator), nemesis) as server:
        started = time.perf_counter()
        done, failed, foreign = await run(server.base_url, emulator.token, count, quick)
        seconds = time.perf_counter() - started
        requests = [struck for struck in server.log if struck.request is not None]
        struck = sum(each.fault is not None for each in requests)
        return _Found(done, failed, foreign, len(requests), struck, seconds)


async def _ours(base_url: str, token: str, count: int, quick: bool) -> _Told:
    found: list[object] = []

    async def one(turn: int, _: int) -> None:
        found.append(await outcome(OURS[turn % len(OURS)](notion)))

    # What is never answered is left out where it is to be quick: nothing has to time out.
    timeout = 30.0 if quick else 1.0
    async with ours_for(base_url, token, quick=quick, timeout=timeout) as notion:
        await together(count, IN_FLIGHT, one)
    return _sorted(found, is_ours)


async def _peer(base_url: str, token: str, count: int, quick: bool) -> _Told:
    found: list[object] = []

    async def one(turn: int, _: int) -> None:
        found.append(await outcome(PEERS[turn % len(PEERS)](peer)))

    async with with_peer(base_url, token, quick=quick, timeout_ms=1_000) as peer:
        await together(count, IN_FLIGHT, one)
    return _sorted(found, is_the_peers)


def _sorted(found: list[object], own: Callable[[BaseException], bool]) -> _Told:
    errors = [each for each in found if isinstance(each, BaseException)]
    foreign: list[object] = [each for each in errors if not own(each)]
    return len(found) - len(errors), list(errors), foreign
