"""Reading more rows than a query returns."""

from __future__ import annotations

from typing import Any

import pytest

from notion_async import JSON, IncompleteResult, InvalidResponseError
from notion_async.models import Page
from notion_async.testing import Emulator
from notion_async.testing.seeds.world import EVENTS_ID
from tests.clients import answer, client_of, client_to, listing, sent
from tests.faults.server import serving
from tests.faults.strikes import says
from tests.resources.scanning import INCOMPLETE, cut_at, minute, scanned, table
from tests.testing.emulated import page, uid

CAP = 250


@pytest.fixture(autouse=True)
def lower_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have queries cut at 250 rows."""
    cut_at(monkeypatch, CAP)


def above(number: int) -> dict[str, JSON]:
    return {"property": "N", "number": {"greater_than_or_equal_to": number}}


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


async def test_a_minute_that_fills_a_query_is_read() -> None:
    emulator = table(*range(10), *([10] * (CAP - 1)), *range(11, 20))
    async with emulator, client_of(emulator) as notion:
        assert len(set(await scanned(notion))) == CAP + 18


async def test_rows_of_which_only_the_id_is_shown_are_yielded_too_and_once() -> None:
    partial = {"object": "page", "id": uid("partial")}
    whole = listing(partial, page("other"), partial)
    async with serving(says(answer(whole))) as server, client_to(server) as notion:
        found = await scanned(notion)

    assert found == [uid("partial"), uid("other")]


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
    cut_at(monkeypatch, 10_000)
    emulator = Emulator(seed="demo", budget=None)
    truth = emulator.truth()
    async with emulator, client_of(emulator, limiter=None) as notion:
        scan = notion.data_sources.scan(EVENTS_ID)
        found = [row.id async for row in scan]

    assert len(found) == 12_000
    assert set(found) == set(truth.rows[EVENTS_ID])


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("odd", [None, [], 7, {"N": None}, {"N": 7}, {"M": []}])
async def test_columns_that_are_none_are_an_invalid_answer(
    odd: object, cut: bool, ahead: bool
) -> None:
    rows = [{**page(f"row {n}"), "properties": odd} for n in range(3)]
    status: dict[str, Any] = {"request_status": INCOMPLETE} if cut else {}
    by_number = [{"property": "N", "direction": "ascending"}]
    says_so = says(answer(listing(*rows, **status)))
    async with serving(says_so) as server, client_to(server, limiter=None) as notion:
        with pytest.raises(InvalidResponseError, match="columns of a row"):
            await scanned(notion, ahead=ahead, sorts=by_number)
