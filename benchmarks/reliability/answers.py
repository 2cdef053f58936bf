"""Every failure is an error of the library: whatever bytes come as an answer.

The answers are made of a seed and of the number of the call, and are the same for both clients.
Nothing is tried again.  What ours returns is then read to the last field, as decoding is put off
until somebody does; a dictionary has nothing left to fail.  Between them comes a proper answer now
and then: else ours would stop asking a Notion that only fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Final, TypeAlias
from uuid import UUID

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
    sorts,
    together,
    with_peer,
)
from notion_async import AsyncClient
from tests.faults import strikes, wire
from tests.faults.server import Arrived, Fault, FaultServer
from tests.faults.wire import Reply, framed
from tests.fuzz.mutations import nearly
from tests.models.tools import read_all

CLAIM: Final = "Every failure is an error of the library."
ABOUT: Final = "20,000 fuzzed answers, the same bytes to both"
FULL: Final = 20_000
QUICK: Final = 60
SEED: Final = 17
_IN_FLIGHT: Final = 4
_PROPER_EVERY: Final = 3

Ask: TypeAlias = Callable[[AsyncClient, str], Awaitable[object]]
AskPeer: TypeAlias = Callable[[Peer, str], Awaitable[object]]
_TEXT: Final = [{"type": "text", "text": {"content": "new"}}]
_BLOCK: Final = {"type": "paragraph", "paragraph": {"rich_text": _TEXT}}

CALLS: Final[Sequence[tuple[Ask, AskPeer]]] = (
    (
        lambda notion, each: notion.pages.retrieve(each),
        lambda peer, each: peer.pages.retrieve(page_id=each),
    ),
    (
        lambda notion, each: notion.blocks.retrieve(each),
        lambda peer, each: peer.blocks.retrieve(block_id=each),
    ),
    (
        lambda notion, each: notion.blocks.children.list(each),
        lambda peer, each: peer.blocks.children.list(block_id=each),
    ),
    (
        lambda notion, each: notion.data_sources.query(each),
        lambda peer, each: peer.data_sources.query(data_source_id=each),
    ),
    (
        lambda notion, each: notion.data_sources.retrieve(each),
        lambda peer, each: peer.data_sources.retrieve(data_source_id=each),
    ),
    (
        lambda notion, each: notion.blocks.children.append(each, children=[_BLOCK]),
        lambda peer, each: peer.blocks.children.append(block_id=each, children=[_BLOCK]),
    ),
)

_STATUSES: Final = (*(200,) * 20, 201, 204, 302, 400, 401, 403, 404, 409, 418, 500, 503, 526)
_HTML: Final = b"<!DOCTYPE html><html><title>Just a moment...</title></html>"
_HEADS: Final = (
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 200\r\n",
    b"HTTP/9.9 200 OK\r\n",
    b"HTTP/1.1 999 OK\r\n",
    b"HTTP/1.1 OK\r\n",
    b"",
)


def answer_of(number: int) -> bytes:
    """Return the bytes of an answer."""
    random = Random(f"{SEED}-{number}")  # noqa: S311 - the same in every run
    status = random.choice(_STATUSES)
    kind = {"Content-Type": "application/json", "Connection": "close"}
    match random.randrange(10):
        case 0:
            return random.randbytes(random.randrange(400))
        case 1:
            return random.choice(_HEADS) + random.randbytes(random.randrange(400))
        case 2:
            return framed(Reply(status, _HTML, {**kind, "Content-Type": "text/html"}))
        case 3:
            body = nearly(random)
            return framed(Reply(status, body[: random.randrange(len(body) + 1)], kind))
        case 4:
            whole = framed(Reply(status, nearly(random), kind))
            return whole[: random.randrange(len(whole))]
        case 5:
            packed = wire.packed(Reply(status, nearly(random), kind), "gzip")
            at = random.randrange(len(packed.body))
            wrong = packed.body[:at] + random.randbytes(3) + packed.body[at:]
            return framed(Reply(status, wrong, packed.headers))
        case _:
            return framed(Reply(status, nearly(random), kind))


def nemesis(request: Arrived | None) -> Fault | None:
    """Answer by the number in the path."""
    if request is None or request.path == "/v1/users/me":
        return None
    number = UUID(request.path.split("/")[3]).int
    return Fault("fuzzed", strikes.says_and_closes(answer_of(number)))


async def measure(*, quick: bool) -> Lines:
    """Count the errors that are not the library's own."""
    count = QUICK if quick else FULL
    async with FaultServer(lambda _: wire.reply({"object": "user"}), nemesis) as server:
        ours, answered = await _ours(server.base_url, count)
        given = sum(struck.fault is not None for struck in server.log)
        theirs = await _peer(server.base_url, count) if peer_is_there() else None
    note = f"notion-client: {most(theirs)}" if theirs else ""
    return [
        Line(
            "errors that are not of the library",
            ours.total(),
            theirs.total() if theirs is not None else None,
            at_most=0,
            note=f"ours: {most(ours)}" if ours else note,
        ),
        Line("fuzzed answers that ours was given", given, at_least=count),
        Line("of them fit to be an object", answered),
    ]


async def _ours(base_url: str, count: int) -> tuple[Counter[str], int]:
    foreign: list[object] = []
    answered = 0

    async def one(turn: int, _: int) -> None:
        nonlocal answered
        ask = CALLS[turn % len(CALLS)][0]
        found = await outcome(_read(ask(notion, str(UUID(int=turn)))))
        if not isinstance(found, Exception):
            answered += 1
        elif not is_ours(found):
            foreign.append(found)
        if turn % _PROPER_EVERY == 0:
            await outcome(notion.users.me())

    async with ours_for(base_url, retry=False, timeout=5.0) as notion:
        await together(count, _IN_FLIGHT, one)
    return sorts(foreign), answered


async def _read(call: Awaitable[object]) -> object:
    found = await call
    read_all(found)
    return found


async def _peer(base_url: str, count: int) -> Counter[str]:
    foreign: list[object] = []

    async def one(turn: int, _: int) -> None:
        ask = CALLS[turn % len(CALLS)][1]
        found = await outcome(ask(peer, str(UUID(int=turn))))
        if isinstance(found, Exception) and not is_the_peers(found):
            foreign.append(found)

    async with with_peer(base_url, retry=False, timeout_ms=5_000) as peer:
        await together(count, _IN_FLIGHT, one)
    return sorts(foreign)
