"""Tables to scan, and what happens to them meanwhile."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from notion_async import AsyncClient
from notion_async.models import DataSource, Page
from notion_async.testing import Emulator
from notion_async.testing.faults import Fault, FaultRequest
from notion_async.testing.handlers import data_sources
from notion_async.testing.store import Store
from tests.testing.emulated import Object, data_source, database, row, uid, words

INCOMPLETE = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}
SOURCE = uid("table")

PROPERTIES: Object = {
    "Name": {"id": "title", "name": "Name", "description": None, "type": "title", "title": {}},
    **{
        name: {"id": id, "name": name, "description": None, "type": kind, kind: content}
        for name, id, kind, content in (
            ("N", "n", "number", {"format": "number"}),
            ("Due", "due", "date", {}),
            ("Key", "key", "unique_id", {"prefix": None}),
            ("Text", "text", "rich_text", {}),
            ("Done", "done", "checkbox", {}),
            ("State", "state", "select", {"options": []}),
            ("Tags", "tags", "multi_select", {"options": []}),
            ("Maker", "maker", "created_by", {}),
            ("Made", "made", "created_time", {}),
        )
    },
}


def minute(number: int) -> str:
    return f"2026-05-{1 + number // 1440:02}T{number // 60 % 24:02}:{number % 60:02}:00.000Z"


def value(name: str, content: object) -> Object:
    """Return the value of a column, as a page shows it."""
    kind = PROPERTIES[name]["type"]
    shown: dict[str, Callable[[Any], object]] = {
        "title": words,
        "rich_text": lambda text: words(text) if text else [],
        "date": lambda start: start and {"start": start, "end": None, "time_zone": None},
        "unique_id": lambda number: {"prefix": None, "number": number},
        "select": lambda option: option and {"id": option, "name": option, "color": "default"},
        "multi_select": lambda options: [
            {"id": option, "name": option, "color": "default"} for option in options
        ],
        "created_by": lambda name: {"object": "user", "id": uid(name)},
    }
    held = shown[kind](content) if kind in shown else content
    return {name: {"id": PROPERTIES[name]["id"], "type": kind, kind: held}}


def record(name: str, created: int = 0, **columns: object) -> Object:
    """Return a row with these values, created in that minute."""
    values: Object = {}
    for column, content in columns.items():
        values |= value(column, content)
    return row(name, "table", values, created=minute(created))


def holding(rows: Iterable[Object], **options: Any) -> Emulator:
    """Return an emulator with one data source that has these rows, in an order of its own."""
    options = {"budget": None, **options}
    emulator = Emulator(**options)
    emulator.load(
        [
            database("database", sources=("table",)),
            data_source("table", "database", PROPERTIES),
            *sorted(rows, key=lambda one: str(one["id"])),
        ]
    )
    return emulator


def table(*minutes: int, **options: Any) -> Emulator:
    """Return an emulator with a row for each of these minutes, and their numbers as `N`."""
    return holding((record(f"row {n}", at, N=n) for n, at in enumerate(minutes)), **options)


def cut_at(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Have queries cut at so many rows."""
    monkeypatch.setattr(data_sources, "LONGEST", count)


def store_of(emulator: Emulator) -> Store:
    return emulator._store


@asynccontextmanager
async def scanning(
    notion: AsyncClient, *, ahead: bool = False, **options: Any
) -> AsyncIterator[AsyncIterator[Page | DataSource]]:
    """Scan the table: in turn, or ahead of who reads."""
    scan = notion.data_sources.scan(SOURCE, **options)
    if ahead:
        async with scan as rows:
            yield rows
    else:
        yield aiter(scan)


async def scanned(notion: AsyncClient, *, ahead: bool = False, **options: Any) -> list[str]:
    """Return the ids of all rows."""
    async with scanning(notion, ahead=ahead, **options) as rows:
        return [row.id async for row in rows]


async def read(rows: AsyncIterator[Page | DataSource], found: list[str]) -> None:
    """Add the ids of rows to `found`, as far as they come."""
    async for one in rows:
        found += [one.id]


class Bustle:
    """People at work: between any two answers, rows are edited, created and put into the trash.

    It is the `fault` of an emulator, to be called for each request; nothing goes wrong.
    """

    def __init__(self, count: int, *, edits: int = 8, seed: int = 7) -> None:
        self.store: Store | None = None
        self.edited: set[str] = set()
        self.created: set[str] = set()
        self.trashed: set[str] = set()
        self._count = count
        self._edits = edits
        self._random = random.Random(seed)  # noqa: S311 - to be repeatable

    def __call__(self, request: FaultRequest) -> Fault | None:
        assert self.store is not None
        if request.endpoint == "data_sources.query":
            for _ in range(self._edits):
                self._edit(self.store, self._random.randrange(self._count))
            self._trash(self.store, self._random.randrange(self._count))
            self._create(self.store)
        return None

    def _edit(self, store: Store, number: int) -> None:
        page = store.find("page", uid(f"row {number}"))
        properties = page.decoded()["properties"]
        # Anything by which it may have been divided or sorted.
        properties |= value("Name", f"another {self._random.random()}")
        properties |= value("N", self._random.randrange(self._count))
        store.change(page, properties=properties, **store.stamp())
        self.edited.add(page.id)

    def _trash(self, store: Store, number: int) -> None:
        store.set_trashed(uid(f"row {number}"), True)
        self.trashed.add(uid(f"row {number}"))

    def _create(self, store: Store) -> None:
        name = f"new {len(self.created)}"
        new = row(name, "table", value("N", 0), created=store.minute())
        store.load({**new, **store.stamp()})
        self.created.add(new["id"])

    def check(self, found: list[str]) -> None:
        """Check that a scan told no lie."""
        before = {uid(f"row {number}") for number in range(self._count)}
        assert self.edited
        assert self.trashed
        assert self.created
        assert len(found) == len(set(found)), "a row came twice"
        assert not before - self.trashed - set(found), "a row is missing"
        assert set(found) <= before | self.created


def bustling(count: int, at: Callable[[int], int], **options: Any) -> tuple[Emulator, Bustle]:
    """Return an emulator with so many rows, each created in the minute `at` tells."""
    bustle = Bustle(count, **options)
    emulator = table(*map(at, range(count)), fault=bustle)
    bustle.store = store_of(emulator)
    return emulator, bustle
