"""A scan gives every row that was there all the time: past 10,000, and while rows change.

While it goes on, rows are edited, created and put into the trash: a few after each answer.
Counted are the ids of those that were there from the beginning to the end.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

import attrs

from benchmarks.reliability.scenario import (
    Line,
    Lines,
    ours_for,
    peer_is_there,
    with_peer,
)
from notion_async import NotionError
from notion_async.testing import Emulator
from tests.faults.server import Arrived, FaultServer, Handler, answering
from tests.faults.wire import Headers, Reply
from tests.testing.emulated import NEW, data_source, database, row, uid

CLAIM: Final = "A scan is complete."
ABOUT: Final = "25,000 rows, while rows are edited, created and put into the trash"
ROWS: Final = 25_000
QUICK: Final = 300
SOURCE: Final = uid("rows")
_START: Final = datetime.now(UTC) - timedelta(days=30)
SEED: Final = 31


@attrs.define
class Busy:
    """A workspace in which others are at work."""

    emulator: Emulator
    lasting: list[str]
    """The rows that are there all the time."""
    others: list[str]
    """Those that go, one after the other."""
    handler: Handler
    random: Random = attrs.field(factory=lambda: Random(SEED))  # noqa: S311 - a simulation
    every: int = 1
    """So many answers are followed by one change of each kind."""
    queries: int = 0
    changes: int = 0

    def __call__(self, request: Arrived) -> Reply:
        """Answer, and let others change something."""
        reply = self.handler(request)
        if request.path.endswith("/query"):
            self.queries += 1
            if self.queries % self.every == 0:
                self._change()
        return reply

    def _change(self) -> None:
        edited = self.random.choice(self.lasting)
        name = f"edited {self.changes}"
        title = {"Name": {"title": [{"type": "text", "text": {"content": name}}]}}
        self._do("PATCH", f"/v1/pages/{edited}", {"properties": title})
        if self.others:
            self._do("PATCH", f"/v1/pages/{self.others.pop()}", {"in_trash": True})
        parent = {"type": "data_source_id", "data_source_id": SOURCE}
        self._do("POST", "/v1/pages", {"parent": parent, "properties": title})
        self.changes += 1

    def _do(self, method: str, path: str, body: dict[str, Any]) -> None:
        answer = self.emulator._api.answer(method, path, [], _headers(self.emulator), _text(body))
        if answer.status != 200:
            raise AssertionError(f"{method} {path}: {answer.body!r}")


def _headers(emulator: Emulator) -> Headers:
    names = {
        "Authorization": f"Bearer {emulator.token}",
        "Notion-Version": NEW,
        "Content-Type": "application/json",
    }
    return Headers(names)


def _text(body: object) -> bytes:
    return json.dumps(body).encode()


def _objects(count: int, per_minute: int) -> Iterator[dict[str, Any]]:
    yield database("base", sources=("rows",))
    yield data_source("rows", "base")
    for number in range(count):
        created = _START + timedelta(minutes=number // per_minute)
        yield row(f"{number}", "rows", created=created.strftime("%Y-%m-%dT%H:%M:00.000Z"))


@asynccontextmanager
async def _busy(count: int, per_minute: int) -> AsyncIterator[tuple[Busy, str]]:
    emulator = Emulator(budget=None)
    extra = count // 50
    emulator.load(_objects(count + extra, per_minute))
    ids = [uid(f"{number}") for number in range(count + extra)]
    others = Random(SEED).sample(ids, extra)  # noqa: S311 - the same in every run
    lasting = sorted(set(ids) - set(others))
    busy = Busy(emulator, lasting, others, answering(emulator))
    async with FaultServer(busy) as server:
        yield busy, server.base_url


@attrs.frozen
class _Found:
    missing: int
    twice: int
    says: str
    changes: int


async def measure(*, quick: bool) -> Lines:
    """Count the ids."""
    count = QUICK if quick else ROWS
    lines: list[Line] = []
    for name, per_minute in (("created over weeks", 2), ("created in one minute", 2 * count)):
        ours = await _scan(_ours, count, per_minute)
        theirs = await _scan(_peer, count, per_minute) if peer_is_there() else None
        lines += [
            Line(
                f"missing of {count:,} rows that were there throughout, {name}",
                ours.missing,
                theirs.missing if theirs else None,
                at_most=0,
                note=ours.says or (theirs.says if theirs else ""),
            ),
            Line(
                f"given twice, {name}",
                ours.twice,
                theirs.twice if theirs else None,
                at_most=0,
                note=f"{ours.changes} changes meanwhile",
            ),
        ]
    return lines


async def _scan(
    run: Callable[[str, str, Callable[[str], None]], Awaitable[str]], count: int, per_minute: int
) -> _Found:
    async with _busy(count, per_minute) as (busy, base_url):
        ids: list[str] = []
        says = await run(base_url, busy.emulator.token, ids.append)
        found = set(ids)
        missing = len(set(busy.lasting) - found)
        return _Found(missing, len(ids) - len(found), says, busy.changes)


async def _ours(base_url: str, token: str, take: Callable[[str], None]) -> str:
    async with ours_for(base_url, token) as notion:
        try:
            async with notion.data_sources.scan(SOURCE) as rows:
                async for each in rows:
                    take(each.id)
        except NotionError as error:
            return f"ours: {type(error).__name__}: {error}"
    return ""


async def _peer(base_url: str, token: str, take: Callable[[str], None]) -> str:
    from notion_client.helpers import async_iterate_paginated_api  # noqa: PLC0415

    async with with_peer(base_url, token) as peer:
        try:
            async for each in async_iterate_paginated_api(
                peer.data_sources.query, data_source_id=SOURCE, page_size=100
            ):
                take(each["id"])
        except Exception as error:
            return f"notion-client: {type(error).__name__}: {error}"
    return "notion-client ends without an error"
