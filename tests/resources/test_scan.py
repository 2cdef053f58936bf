"""Reading more rows than a query returns."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from notion_async import JSON, AsyncClient, IncompleteResult
from notion_async.models import DataSource, Page
from notion_async.testing import Emulator
from notion_async.testing.handlers import data_sources
from notion_async.testing.seeds.world import EVENTS_ID
from tests.clients import answer, client_of, client_to, listing, sent
from tests.testing.emulated import data_source, database, page, row, uid
from tests.transport.raw import says, serving

CAP = 250
INCOMPLETE = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}


@pytest.fixture(autouse=True)
def lower_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have queries cut at 250 rows."""
    monkeypatch.setattr(data_sources, "LONGEST", CAP)


def minute(number: int) -> str:
    return f"2026-05-{1 + number // 1440:02}T{number // 60 % 24:02}:{number % 60:02}:00.000Z"


def table(*minutes: int) -> Emulator:
    """Return an emulator with one row for each of these minutes, in an order of its own."""
    number: dict[str, Any] = {"id": "n", "name": "N", "description": None, "type": "number"}
    title: dict[str, Any] = {
        "id": "title",
        "name": "Name",
        "description": None,
        "type": "title",
        "title": {},
    }
    properties = {"Name": title, "N": {**number, "number": {"format": "number"}}}
    emulator = Emulator(budget=None)
    rows = [
        row(
            f"row {n}",
            "table",
            {"N": {"id": "n", "type": "number", "number": n}},
            created=minute(created),
        )
        for n, created in enumerate(minutes)
    ]
    emulator.load(
        [
            database("database", sources=("table",)),
            data_source("table", "database", properties),
            *sorted(rows, key=lambda one: one["id"]),
        ]
    )
    return emulator


def above(number: int) -> dict[str, JSON]:
    return {"property": "N", "number": {"greater_than_or_equal_to": number}}


async def scanned(notion: AsyncClient, source: str = "table", **options: Any) -> list[str]:
    return [row.id async for row in notion.data_sources.scan(uid(source), **options)]


async def read(rows: AsyncIterator[Page | DataSource], found: list[str]) -> None:
    """Add the ids of rows to `found`, as far as they come."""
    async for one in rows:
        found += [one.id]


async def test_a_query_is_cut_and_says_so() -> None:
    async with table(*range(600)) as emulator, client_of(emulator) as notion:
        with pytest.raises(IncompleteResult) as caught:
            await notion.data_sources.query(uid("table")).collect()

    assert caught.value.yielded == CAP


@pytest.mark.parametrize("per_minute", [1, 7, 100, 249])
async def test_a_scan_reads_every_row_once_and_the_oldest_first(per_minute: int) -> None:
    emulator = table(*(n // per_minute for n in range(1200)))
    async with emulator, client_of(emulator) as notion:
        rows = [row async for row in notion.data_sources.scan(uid("table"))]

    assert sorted(row.id for row in rows) == sorted(uid(f"row {n}") for n in range(1200))
    assert [row.created_time for row in rows] == sorted(row.created_time for row in rows)


@pytest.mark.parametrize("count", [0, 1, CAP - 1, CAP, CAP + 1])
async def test_a_scan_ends_where_the_rows_do(count: int) -> None:
    async with table(*range(count)) as emulator, client_of(emulator) as notion:
        assert len(set(await scanned(notion))) == count


@pytest.mark.parametrize(
    "filter",
    [
        above(100),
        {"and": [above(100), above(50)]},
        {"or": [above(100), above(200)]},
        {"and": [{"or": [above(100), above(200)]}, above(0)]},
        {"or": [{"and": [above(100), above(50)]}, above(300)]},
        {"or": [{"or": [above(100), above(150)]}, {"and": [above(500)]}]},
    ],
)
async def test_a_scan_takes_every_filter_that_a_query_takes(filter: dict[str, JSON]) -> None:
    async with table(*range(700)) as emulator, client_of(emulator) as notion:
        found = await scanned(notion, filter=filter)

    assert sorted(found) == sorted(uid(f"row {n}") for n in range(100, 700))


async def test_a_scan_can_ask_for_some_properties() -> None:
    async with table(*range(300)) as emulator, client_of(emulator) as notion:
        scan = notion.data_sources.scan(uid("table"), filter_properties=["N"])
        rows = [row async for row in scan]

    assert len(rows) == 300
    assert {tuple(row.properties) for row in rows if isinstance(row, Page)} == {("N",)}


async def test_a_minute_with_more_rows_than_a_query_returns_is_an_error() -> None:
    emulator = table(*range(10), *([10] * (CAP + 1)), *range(11, 20))
    found: list[str] = []
    async with emulator, client_of(emulator) as notion:
        with pytest.raises(IncompleteResult, match="in one minute") as caught:
            await read(notion.data_sources.scan(uid("table")), found)

    assert len(found) == len(set(found)) == CAP + 10
    assert caught.value.yielded == CAP + 10
    assert caught.value.reason == "query_result_limit_reached"


async def test_a_minute_that_fills_a_query_is_read() -> None:
    emulator = table(*range(10), *([10] * (CAP - 1)), *range(11, 20))
    async with emulator, client_of(emulator) as notion:
        assert len(set(await scanned(notion))) == CAP + 18


async def test_rows_of_which_only_the_id_is_shown_are_yielded_too() -> None:
    partial = {"object": "page", "id": uid("partial")}
    whole = listing(partial, page("other"), partial)
    async with serving(says(answer(whole))) as server, client_to(server) as notion:
        found = await scanned(notion)

    assert found == [uid("partial"), uid("other"), uid("partial")]


async def test_a_scan_of_partial_rows_that_is_cut_says_so() -> None:
    cut = listing({"object": "page", "id": uid("partial")}, request_status=INCOMPLETE)
    async with serving(says(answer(cut))) as server, client_to(server) as notion:
        with pytest.raises(IncompleteResult) as caught:
            await scanned(notion)

    assert caught.value.yielded == 1
    assert len(server.requests) == 1


async def test_the_next_query_begins_at_the_minute_of_the_last_row() -> None:
    first = listing(page("a", created=minute(61)), request_status=INCOMPLETE)
    last = listing(page("a", created=minute(61)), page("b", created=minute(62)))
    async with (
        serving(says(answer(first)), says(answer(last))) as server,
        client_to(server) as notion,
    ):
        found = await scanned(notion)

    bodies = [sent(request).body for request in server.requests]
    window = {"on_or_after": "2026-05-01T01:01:00+00:00"}
    assert found == [uid("a"), uid("b")]
    assert "filter" not in bodies[0]
    assert bodies[1] == {
        "filter": {"timestamp": "created_time", "created_time": window},
        "sorts": [{"timestamp": "created_time", "direction": "ascending"}],
        "page_size": 100,
    }


async def test_twelve_thousand_rows_are_read_past_notions_own_cap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(data_sources, "LONGEST", 10_000)
    emulator = Emulator(seed="demo", budget=None)
    truth = emulator.truth()
    async with emulator, client_of(emulator, limiter=None) as notion:
        scan = notion.data_sources.scan(EVENTS_ID)
        found = [row.id async for row in scan]

    assert len(found) == 12_000
    assert set(found) == set(truth.rows[EVENTS_ID])
