"""The catalogue, part C: pagination.  Each test has its case's number."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any, Protocol

import anyio
import pytest

from notion_async import (
    AsyncClient,
    IncompleteResult,
    InvalidCursorError,
    PaginationError,
    RequestTimeoutError,
    ServerError,
)
from notion_async.models import Page, RelationValue
from notion_async.testing import Emulator
from notion_async.testing.faults import Fault, FaultRequest
from tests.clients import answer, client_of, client_to, listing, sent
from tests.faults.facing import AT_ONCE
from tests.faults.haste import LONG, hurried
from tests.faults.server import serving
from tests.faults.strikes import hangs, says
from tests.resources.scanning import (
    INCOMPLETE,
    SOURCE,
    bustling,
    cut_at,
    holding,
    read,
    record,
    scanned,
    scanning,
    table,
)
from tests.testing.emulated import page, uid
from tests.transport.tools import settle

TIMED_OUT = Fault(504, "gateway_timeout", "The request timed out.")
EVERY_WAY = pytest.mark.parametrize("ahead", [False, True], ids=["in turn", "ahead"])


def pages(*minutes: int) -> list[dict[str, object]]:
    return [page(f"row {n}", created=f"2026-05-01T00:{n:02}:00.000Z") for n in minutes]


class Asked:
    """Notes the queries of an emulator, and decides which of them go wrong."""

    def __init__(self, fault: Callable[[int, dict[str, Any]], Fault | None]) -> None:
        self.bodies: list[dict[str, Any]] = []
        self._fault = fault

    def __call__(self, request: FaultRequest) -> Fault | None:
        self.bodies.append(json.loads(request.body))
        return self._fault(len(self.bodies), self.bodies[-1])

    @property
    def sizes(self) -> list[int]:
        return [body.get("page_size", 100) for body in self.bodies]


async def lines(notion: AsyncClient, found: list[str]) -> None:
    async for one in notion.data_sources.query(SOURCE):
        found += [one.id]


# ------------------------------------------------------------------------ cursors that lead astray


async def test_c01_more_without_a_cursor_is_asked_for_once_more_and_then_an_error() -> None:
    lost = {**listing(*pages(1)), "has_more": True}
    first = answer(listing(*pages(0), cursor="1"))
    found: list[str] = []
    async with serving(says(first), says(answer(lost))) as server, client_to(server) as notion:
        with pytest.raises(PaginationError):
            await lines(notion, found)

    assert found == [uid("row 0")]
    assert len(server.requests) == 3


async def test_c01_a_scan_does_not_end_there_either() -> None:
    lost = answer({**listing(*pages(1)), "has_more": True})
    async with serving(says(lost)) as server, client_to(server) as notion:
        with pytest.raises(PaginationError):
            await scanned(notion)

    assert len(server.requests) == 2


@EVERY_WAY
async def test_c02_a_cursor_that_does_not_move_is_an_error(ahead: bool) -> None:
    same = answer(listing(*pages(0), cursor="1"))
    async with serving(says(same)) as server, client_to(server) as notion:
        with pytest.raises(PaginationError, match="does not move"):
            await scanned(notion, ahead=ahead)

    assert len(server.requests) == 2 + ahead  # which reads the end of the rows as well


async def test_c04_a_cursor_left_over_after_the_end_is_passed_over() -> None:
    last = answer({**listing(*pages(0), cursor="left over"), "has_more": False})
    async with serving(says(last)) as server, client_to(server) as notion:
        assert await scanned(notion) == [uid("row 0")]
        assert len(await notion.data_sources.query(SOURCE).collect()) == 1

    assert len(server.requests) == 2


# ------------------------------------------------------------------------------- rows that move


@EVERY_WAY
async def test_c05_a_row_on_two_pages_is_yielded_once(ahead: bool) -> None:
    first = answer(listing(*pages(0, 1, 2), cursor="1"))
    second = answer(listing(*pages(1, 2, 3)))
    async with (
        serving(says(first), says(second)) as server,
        client_to(server, limiter=None) as notion,
    ):
        found = await scanned(notion, ahead=ahead)

    assert found == [uid(f"row {n}") for n in range(4)]


@EVERY_WAY
async def test_c06_every_row_comes_while_others_are_edited_created_and_trashed(
    ahead: bool,
) -> None:
    """25,000 rows, as they are created day by day."""
    emulator, bustle = bustling(25_000, lambda n: n // 4)
    async with emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion, ahead=ahead)

    bustle.check(found)
    assert emulator.requests <= 275


@EVERY_WAY
async def test_c06_every_row_of_a_bulk_import_comes_though_rows_are_edited(ahead: bool) -> None:
    """25,000 rows that were created in one minute: a query returns 10,000 of them."""
    emulator, bustle = bustling(25_000, lambda _: 7)
    async with emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion, ahead=ahead)

    bustle.check(found)
    assert emulator.requests <= 320


async def test_c06_every_row_comes_in_the_callers_order_though_it_changes() -> None:
    emulator, bustle = bustling(25_000, lambda n: n // 4)
    sorts = [{"property": "N", "direction": "descending"}]
    async with emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion, sorts=sorts)

    bustle.check(found)
    assert emulator.requests <= 300


# ------------------------------------------------------------------------- results that are cut


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_c07_a_listing_that_was_cut_says_so_wherever_it_is_written(place: int) -> None:
    answers = [
        listing(*pages(0), cursor="1"),
        listing(*pages(1), cursor="2"),
        listing(*pages(2)),
    ]
    answers[place]["request_status"] = INCOMPLETE
    found: list[str] = []
    async with (
        serving(*(says(answer(one)) for one in answers)) as server,
        client_to(server) as notion,
    ):
        with pytest.raises(IncompleteResult) as caught:
            await lines(notion, found)

    assert len(found) == 3
    assert caught.value.yielded == 3


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_c07_a_scan_goes_on_wherever_it_is_written(place: int) -> None:
    answers = [
        listing(*pages(0), cursor="1"),
        listing(*pages(1), cursor="2"),
        listing(*pages(2)),
    ]
    answers[place]["request_status"] = INCOMPLETE
    rest = answer(listing(*pages(2, 3)))
    async with (
        serving(*(says(answer(one)) for one in answers), says(rest)) as server,
        client_to(server) as notion,
    ):
        found = await scanned(notion)

    assert found == [uid(f"row {n}") for n in range(4)]
    assert sent(server.requests[3]).body["filter"]["created_time"] == {
        "on_or_after": "2026-05-01T00:02:00+00:00"
    }


async def test_c07_a_scan_that_reads_ahead_goes_on_too() -> None:
    cut = answer(listing(*pages(0, 1), request_status=INCOMPLETE))
    rest = answer(listing(*pages(1, 2)))
    async with serving(says(cut), says(rest)) as server, client_to(server) as notion:
        found = await scanned(notion, ahead=True)

    assert found == [uid(f"row {n}") for n in range(3)]


@EVERY_WAY
async def test_c07_a_scan_that_cannot_go_on_is_not_taken_to_be_complete(
    monkeypatch: pytest.MonkeyPatch, ahead: bool
) -> None:
    cut_at(monkeypatch, 30)
    alike = [record("row", 3) | {"id": uid(f"row {n}")} for n in range(40)]
    async with holding(alike) as emulator, client_of(emulator) as notion:
        with pytest.raises(IncompleteResult, match="nothing tells them apart") as caught:
            await scanned(notion, ahead=ahead)

    assert caught.value.yielded == 30
    assert caught.value.reason == "query_result_limit_reached"


# --------------------------------------------------------------------- cursors that are rejected


async def test_c09_a_listing_whose_cursor_is_rejected_does_not_end_silently() -> None:
    found: list[str] = []
    asked = Asked(lambda number, _: emulator.expire_cursors() if number == 2 else None)
    emulator = table(*range(250), fault=asked)
    async with emulator, client_of(emulator) as notion:
        with pytest.raises(InvalidCursorError):
            await lines(notion, found)

    assert len(found) == 100


@EVERY_WAY
async def test_c09_a_scan_goes_on_where_it_was(ahead: bool) -> None:
    asked = Asked(lambda number, _: emulator.expire_cursors() if number % 13 == 5 else None)
    emulator = table(*(n // 3 for n in range(4_000)), fault=asked)
    async with emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion, ahead=ahead)

    assert len(found) == len(set(found)) == 4_000
    assert emulator.requests <= 75


async def test_c09_what_cannot_go_on_begins_anew_and_yields_nothing_twice() -> None:
    asked = Asked(lambda number, _: emulator.expire_cursors() if number == 5 else None)
    emulator = table(*range(900), fault=asked)
    async with emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion, sorts=[{"property": "Name", "direction": "ascending"}])

    assert len(found) == len(set(found)) == 900


@EVERY_WAY
async def test_c09_three_restarts_are_enough(ahead: bool) -> None:
    asked = Asked(lambda _, body: emulator.expire_cursors() if "start_cursor" in body else None)
    emulator = table(*[1] * 900, fault=asked)
    found: list[str] = []
    async with (
        emulator,
        client_of(emulator, limiter=None) as notion,
        scanning(notion, ahead=ahead) as rows,
    ):
        with pytest.raises(InvalidCursorError):
            await read(rows, found)

    assert len(found) == len(set(found)) == 100
    assert emulator.requests <= 9


# ------------------------------------------------------------------------- answers that take long


def too_much(most: int) -> Asked:
    """Let queries for more rows than this time out."""
    return Asked(lambda _, body: TIMED_OUT if body.get("page_size", 100) > most else None)


@pytest.mark.parametrize(
    ("most", "first"),
    [(100, [100]), (60, [100, 50]), (30, [100, 50, 25]), (10, [100, 50, 25, 10])],
)
async def test_c12_an_answer_that_takes_too_long_is_asked_for_in_smaller_parts(
    most: int, first: list[int]
) -> None:
    asked = too_much(most)
    emulator = table(*range(1_500), fault=asked)
    async with emulator, client_of(emulator, limiter=None, retry=AT_ONCE) as notion:
        found = await scanned(notion)

    assert len(found) == len(set(found)) == 1_500
    assert asked.sizes[: len(first)] == first


async def test_c12_after_ten_good_answers_all_is_asked_for_again() -> None:
    asked = Asked(lambda number, _: TIMED_OUT if number in (1, 2) else None)
    emulator = table(*range(1_500), fault=asked)
    async with emulator, client_of(emulator, limiter=None, retry=AT_ONCE) as notion:
        found = [one.id async for one in notion.data_sources.query(SOURCE)]

    assert len(set(found)) == 1_500
    assert asked.sizes == [100, 50, *[25] * 10, *[100] * 13]


async def test_c12_an_attempt_that_ran_out_of_time_counts_as_well() -> None:
    good = answer(listing(*pages(0)))
    async with (
        serving(hangs(), says(good)) as server,
        hurried(server),
        client_to(server, timeout=LONG, deadline=None, retry=AT_ONCE) as notion,
    ):
        await notion.data_sources.query(SOURCE, page_size=40).collect()

    assert [sent(request).body["page_size"] for request in server.requests] == [40, 25]


async def test_c12_what_cannot_be_made_smaller_is_asked_for_again_as_it_is() -> None:
    asked = Asked(lambda number, _: TIMED_OUT if number == 1 else None)
    emulator = table(*range(20), fault=asked)
    async with emulator, client_of(emulator, retry=AT_ONCE) as notion:
        found = await notion.data_sources.query(SOURCE, page_size=10).collect()

    assert len(found) == 20
    assert asked.sizes == [10, 10, 10]


async def test_c12_it_is_an_error_at_last() -> None:
    emulator = table(*range(20), fault=too_much(0))
    async with emulator, client_of(emulator, retry=AT_ONCE) as notion:
        with pytest.raises((ServerError, RequestTimeoutError)):
            await scanned(notion)


async def test_c12_other_listings_do_so_too() -> None:
    slow = answer({"object": "error", "status": 504, "code": "gateway_timeout"}, 504)
    good = answer(listing())
    async with (
        serving(says(slow), says(good), says(slow), says(good)) as server,
        client_to(server, retry=AT_ONCE) as notion,
    ):
        await notion.users.list().collect()
        await notion.blocks.children.list(uid("page"), page_size=100).collect()

    assert [dict(sent(request).query).get("page_size") for request in server.requests] == [
        None,
        "50",
        "100",
        "50",
    ]


# --------------------------------------------------------------------- values that are not whole


@EVERY_WAY
async def test_c13_what_a_row_shows_of_a_long_property_says_that_there_is_more(
    ahead: bool,
) -> None:
    related = [{"id": uid(f"other {n}")} for n in range(40)]
    relation = {"id": "rel", "type": "relation", "relation": related}
    whole = record("row", 1)
    whole["properties"]["Others"] = relation
    async with holding([whole]) as emulator, client_of(emulator) as notion:
        async with scanning(notion, ahead=ahead) as rows:
            (row,) = [row async for row in rows]
        assert isinstance(row, Page)
        shown = row.properties["Others"].content
        items = await notion.pages.properties.retrieve(row.id, "rel", page_size=10).collect()

    assert isinstance(shown, RelationValue)
    assert len(shown.relation) == 25
    assert shown.has_more is True
    assert len(items) == 40


# ------------------------------------------------------------------------------ leaving early


class Leave(Protocol):
    async def __call__(self, notion: AsyncClient, *, ahead: bool) -> None: ...


async def leave(notion: AsyncClient, *, ahead: bool) -> None:
    async with scanning(notion, ahead=ahead) as rows:
        async for _ in rows:
            break


async def fail(notion: AsyncClient, *, ahead: bool) -> None:
    async with scanning(notion, ahead=ahead) as rows:
        async for _ in rows:
            raise ZeroDivisionError


async def run_out_of_time(notion: AsyncClient, *, ahead: bool) -> None:
    async with asyncio.timeout(None) as limit, scanning(notion, ahead=ahead) as rows:
        async for _ in rows:
            limit.reschedule(asyncio.get_running_loop().time())
            await asyncio.sleep(60)


async def run_out_of_anyios_time(notion: AsyncClient, *, ahead: bool) -> None:
    with anyio.CancelScope() as limit:
        async with scanning(notion, ahead=ahead) as rows:
            async for _ in rows:
                limit.deadline = anyio.current_time()
                await asyncio.sleep(60)


@EVERY_WAY
@pytest.mark.parametrize("way", [leave, fail, run_out_of_time, run_out_of_anyios_time])
async def test_c14_leaving_early_leaves_nothing_behind(way: Leave, ahead: bool) -> None:
    emulator: Emulator = table(*(n // 3 for n in range(12_000)))
    async with emulator, client_of(emulator) as notion:
        await notion.users.me()  # now a connection is open
        before = asyncio.all_tasks()

        with contextlib.suppress(ZeroDivisionError, TimeoutError):
            await way(notion, ahead=ahead)
        await settle()

        assert asyncio.all_tasks() <= before
        assert notion.limiter is not None
        assert (notion.limiter.in_flight, notion.limiter.waiting) == (0, 0)
        await notion.users.me()
