"""Writes are done once, and what is said of them is true.

Behind the faults stands a workspace that carries out what arrives, and notes it.  What was written
is found again by a word that is in no other write.  Some of the faults come from within: the write
is saved, and the answer is a 503 that says so.

Half of the new rows are created with `unique_property`; notion-client has nothing like it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from random import Random
from typing import Any, Final, TypeAlias

import attrs

from benchmarks.reliability.scenario import (
    Line,
    Lines,
    Peer,
    most,
    ours_for,
    outcome,
    peer_is_there,
    sorts,
    together,
    with_peer,
)
from notion_async import AsyncClient, WriteOutcomeUnknown
from notion_async.testing import SAVED_BUT_LATE, Emulator, FaultRequest
from notion_async.testing import Fault as WrongAnswer
from notion_async.transport.hooks import AttemptRecord, CallRecord
from tests.faults.nemesis import HARMLESS, SLOW, TRANSIENT, Seeded
from tests.faults.server import FaultServer, answering
from tests.testing.emulated import data_source, database, page, uid

CLAIM: Final = "No write is done twice, none is lost silently, and what is said of it is true."
ABOUT: Final = (
    "10,000 rows, blocks and comments, 50 at once, a fifth of the requests struck, 1 s for an "
    "attempt, half of the rows with `unique_property`"
)
FULL: Final = 10_000
QUICK: Final = 90
SEED: Final = 29
IN_FLIGHT: Final = 50
_INSIDE: Final = 0.02

# Those that cost a timeout are rarer: they are no different in what becomes of the write.
_FAST: Final = {name: make for name, make in TRANSIENT.items() if name not in (*HARMLESS, *SLOW)}
_SLOWLY: Final = 0.03

_now: ContextVar[list[bool]] = ContextVar("recovered")


def _page(worker: int) -> str:
    return uid(f"page {worker}")


def _source(worker: int) -> str:
    return uid(f"rows {worker % 10}")


def _text(tag: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": {"content": tag}}]


def _row(worker: int, tag: str) -> dict[str, Any]:
    return {
        "parent": {"type": "data_source_id", "data_source_id": _source(worker)},
        "properties": {"Name": {"title": _text(tag)}},
    }


def _block(tag: str) -> dict[str, Any]:
    return {"type": "paragraph", "paragraph": {"rich_text": _text(tag)}}


async def _create(notion: AsyncClient, worker: int, tag: str) -> object:
    return await notion.pages.create(**_row(worker, tag))


async def _create_unique(notion: AsyncClient, worker: int, tag: str) -> object:
    row = _row(worker, tag)
    return await notion.pages.create(**row, unique_property="Name", assume_absent_after=1.0)


async def _append(notion: AsyncClient, worker: int, tag: str) -> object:
    return await notion.blocks.children.append(_page(worker), children=[_block(tag)])


async def _comment(notion: AsyncClient, worker: int, tag: str) -> object:
    return await notion.comments.create(parent={"page_id": _page(worker)}, rich_text=_text(tag))


OURS: Final = (_create, _append, _comment, _create_unique, _append, _comment)

Theirs = Callable[[Peer, int, str], Awaitable[object]]
_create_theirs: Theirs = lambda peer, worker, tag: peer.pages.create(**_row(worker, tag))  # noqa: E731
_append_theirs: Theirs = lambda peer, worker, tag: peer.blocks.children.append(  # noqa: E731
    block_id=_page(worker), children=[_block(tag)]
)
_comment_theirs: Theirs = lambda peer, worker, tag: peer.comments.create(  # noqa: E731
    parent={"page_id": _page(worker)}, rich_text=_text(tag)
)
PEERS: Final = (_create_theirs, _append_theirs, _comment_theirs) * 2


_Said: TypeAlias = dict[str, tuple[object, bool]]
"""By the word in a write: what the call came to, and whether it was found out otherwise."""


@attrs.define
class Verdicts:
    """What a client said of its writes, beside what was done."""

    duplicates: int = 0
    lost: int = 0
    misreported: list[object] = attrs.field(factory=list)
    """Errors that do not say that the write may have happened; and it had."""
    adopted: int = 0
    succeeded: int = 0
    unknown: int = 0
    unknown_done: int = 0
    not_done: int = 0
    struck: int = 0
    requests: int = 0


async def measure(*, quick: bool) -> Lines:
    """Compare what is said with what was done."""
    count = QUICK if quick else FULL
    ours = await _faced(_ours, count, quick=quick)
    theirs = await _faced(_peer, count, quick=quick) if peer_is_there() else None

    def line(says: str, of: Callable[[Verdicts], int], note: str = "", **bar: int) -> Line:
        return Line(says, of(ours), of(theirs) if theirs else None, note=note, **bar)

    wrong = most(sorts(theirs.misreported)) if theirs else ""
    return [
        line("writes that were done twice", lambda each: each.duplicates, at_most=0),
        line("lost although the call succeeded", lambda each: each.lost, at_most=0),
        line(
            "done although the error does not say that they may be",
            lambda each: len(each.misreported),
            f"notion-client: {wrong}" if wrong else "",
            at_most=0,
        ),
        line("succeeded", lambda each: each.succeeded),
        line("of them by finding the write whose answer was lost", lambda each: each.adopted),
        line("`WriteOutcomeUnknown`", lambda each: each.unknown),
        line("of these, done", lambda each: each.unknown_done),
        line("failed, and were not done", lambda each: each.not_done),
    ]


def _workspace(random: Random) -> Emulator:
    def late(request: FaultRequest) -> WrongAnswer | None:
        writes = request.endpoint in ("pages.create", "blocks.children.append", "comments.create")
        return SAVED_BUT_LATE if writes and random.random() < _INSIDE else None

    emulator = Emulator(budget=None, fault=late)
    emulator.load(page(f"page {number}") for number in range(IN_FLIGHT))
    for number in range(10):
        emulator.load([database(f"base {number}", sources=(f"rows {number}",))])
        emulator.load([data_source(f"rows {number}", f"base {number}")])
    return emulator


async def _faced(
    run: Callable[[str, str, int, bool], Awaitable[_Said]], count: int, *, quick: bool
) -> Verdicts:
    """Let a client write, and judge what it says."""
    random = Random(SEED)  # noqa: S311 - the same in every run
    emulator = _workspace(random)
    fast = Seeded(random, 0.2 - _INSIDE, _FAST, connections=0.02)
    slow = Seeded(random, 0.2 - _INSIDE, SLOW)
    async with FaultServer(
        answering(emulator), lambda it: (slow if it and random.random() < _SLOWLY else fast)(it)
    ) as server:
        said = await run(server.base_url, emulator.token, count, quick)
        await asyncio.sleep(0.5)  # what is carried out late is, by then
        verdicts = judged(said, Counter(commit.tag for commit in emulator.commits))
        verdicts.requests = server.begun
        verdicts.struck = sum(each.fault is not None for each in server.log)
        return verdicts


def judged(said: _Said, done: Counter[str | None]) -> Verdicts:
    """Compare what was said of each write with how often it was done."""
    found = Verdicts()
    for tag, (answer, recovered) in said.items():
        times = done[tag]
        found.duplicates += times > 1
        if isinstance(answer, WriteOutcomeUnknown):
            found.unknown += 1
            found.unknown_done += times > 0
        elif isinstance(answer, BaseException):
            if times:
                found.misreported.append(answer)
            else:
                found.not_done += 1
        else:
            found.succeeded += 1
            found.adopted += recovered
            found.lost += not times
    return found


def _hear(record: AttemptRecord | CallRecord) -> None:
    if isinstance(record, CallRecord) and record.recovered:
        _now.get()[0] = True


async def _ours(base_url: str, token: str, count: int, quick: bool) -> _Said:
    said: _Said = {}

    async def one(turn: int, worker: int) -> None:
        tag, recovered = f"tag-{turn}", [False]
        _now.set(recovered)
        found = await outcome(OURS[turn % len(OURS)](notion, worker, tag))
        said[tag] = found, recovered[0]

    async with ours_for(base_url, token, quick=quick, timeout=1.0, hooks=[_hear]) as notion:
        await together(count, IN_FLIGHT, one)
    return said


async def _peer(base_url: str, token: str, count: int, quick: bool) -> _Said:
    said: _Said = {}

    async def one(turn: int, worker: int) -> None:
        tag = f"tag-{turn}"
        said[tag] = await outcome(PEERS[turn % len(PEERS)](peer, worker, tag)), False

    async with with_peer(base_url, token, quick=quick, timeout_ms=1_000) as peer:
        await together(count, IN_FLIGHT, one)
    return said
