"""Scans that read several windows of time at once."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

import pytest

from notion_async import ConfigurationError, IncompleteResult, NotionError, ObjectNotFoundError
from notion_async.testing.faults import Fault, FaultRequest
from tests.clients import answer, client_of, client_to, listing
from tests.faults.facing import until
from tests.faults.server import Arrived, FaultServer, serving
from tests.faults.strikes import says
from tests.faults.wire import Reply
from tests.resources.scanning import SOURCE, cut_at, minute, read, scanned, table
from tests.testing.emulated import row, uid

REFUSED = Fault(404, "object_not_found", "Could not find data source.")


def bursts(seed: int) -> list[int]:
    """Return minutes as people make rows: long pauses, and many at once."""
    dice = random.Random(seed)  # noqa: S311 - to be repeatable
    minutes: list[int] = []
    at = 0
    while len(minutes) < 7_000:
        at += dice.choice((0, 1, 1, 2, 5, 60, 3_000))
        minutes += [at] * dice.choice((1, 1, 3, 40, 700))
    return [min(number, 40_000) for number in minutes]


@pytest.mark.parametrize("seed", range(4))
async def test_the_rows_are_those_of_a_scan_in_turn_in_the_same_order(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_at(monkeypatch, 3_000)
    minutes = bursts(seed)
    async with table(*minutes) as emulator, client_of(emulator, limiter=None) as notion:
        in_turn = await scanned(notion)
        alone = emulator.requests
        ahead = await scanned(notion, ahead=True)

    assert len(set(ahead)) == len(minutes)
    assert ahead == in_turn
    assert emulator.requests - alone <= 1.6 * alone


async def test_several_answers_are_under_way_at_once() -> None:
    emulator = table(*range(9_000))
    async with emulator, client_of(emulator) as notion:
        assert notion.limiter is not None
        most = 0
        async with notion.data_sources.scan(SOURCE) as rows:
            async for _ in rows:
                most = max(most, notion.limiter.in_flight + notion.limiter.waiting)

    assert 3 <= most <= 4


async def test_it_does_not_run_away_from_a_slow_reader() -> None:
    emulator = table(*range(30_000))
    async with (
        emulator,
        client_of(emulator, limiter=None) as notion,
        notion.data_sources.scan(SOURCE) as rows,
    ):
        await anext(rows)
        requests = -1
        while emulator.requests != requests:
            requests = emulator.requests
            await asyncio.sleep(0.3)

    assert requests <= 4 * 27


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 500, 2_500])
async def test_it_ends_where_the_rows_do(count: int) -> None:
    emulator = table(*range(count))
    async with emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion, ahead=True)
        async with notion.data_sources.scan(SOURCE) as rows:
            await read(rows, [])
            with pytest.raises(StopAsyncIteration):
                await anext(rows)

    assert len(set(found)) == len(found) == count


async def test_a_window_that_is_too_wide_is_divided() -> None:
    """One row an hour, and then one each second."""
    minutes = [*(60 * n for n in range(500)), *(30_000 + n // 60 for n in range(12_000))]
    emulator = table(*minutes)
    async with emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion, ahead=True)

    assert len(found) == len(set(found)) == 12_500
    assert emulator.requests <= 140


async def test_a_pause_of_years_costs_a_few_requests() -> None:
    minutes = [*range(3_000), *(40_000 + n for n in range(3_000))]
    emulator = table(*minutes)
    emulator.load([row("late", "table", created="2029-01-01T00:00:00.000Z")])
    async with emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion, ahead=True)

    assert len(found) == len(set(found)) == 6_001
    assert emulator.requests <= 85


async def test_an_error_comes_as_it_is_and_after_the_rows_before_it() -> None:
    def fail(request: FaultRequest) -> Fault | None:
        body: dict[str, Any] = json.loads(request.body)
        return REFUSED if "and" in body.get("filter", {}) else None

    found: list[str] = []
    emulator = table(*range(9_000), fault=fail)
    async with emulator, client_of(emulator, limiter=None) as notion:
        with pytest.raises(ObjectNotFoundError):
            async with notion.data_sources.scan(SOURCE) as rows:
                await read(rows, found)

    assert found == [uid(f"row {n}") for n in range(len(found))]
    assert 1_000 < len(found) < 4_000


async def test_who_goes_on_after_an_error_gets_it_again_and_never_the_rows_behind_it() -> None:
    failures = [REFUSED]

    def fail(request: FaultRequest) -> Fault | None:
        body: dict[str, Any] = json.loads(request.body)
        return failures.pop() if failures and "and" in body.get("filter", {}) else None

    found: list[str] = []
    emulator = table(*range(9_000), fault=fail)
    async with (
        emulator,
        client_of(emulator, limiter=None) as notion,
        notion.data_sources.scan(SOURCE) as rows,
    ):
        for _ in range(3):
            with pytest.raises(ObjectNotFoundError):
                await read(rows, found)

    assert found == [uid(f"row {n}") for n in range(len(found))]


async def test_several_tasks_may_take_from_the_rows() -> None:
    found: list[str] = []
    emulator = table(*range(9_000))
    async with (
        emulator,
        client_of(emulator, limiter=None) as notion,
        notion.data_sources.scan(SOURCE) as rows,
    ):
        await asyncio.gather(*(read(rows, found) for _ in range(5)))

    assert sorted(found) == sorted(uid(f"row {n}") for n in range(9_000))


async def test_outside_of_its_block_a_scan_is_not_read() -> None:
    found: list[str] = []
    async with table(*range(9_000)) as emulator, client_of(emulator, limiter=None) as notion:
        async with notion.data_sources.scan(SOURCE) as rows:
            await anext(rows)
            busy = asyncio.ensure_future(read(rows, found))
            await until(lambda: found)

        for late in (busy, read(rows, found)):
            with pytest.raises(ConfigurationError, match="inside their block"):
                await asyncio.wait_for(late, 5)


async def test_rows_in_no_order_do_not_make_windows_without_end() -> None:
    def made(number: int) -> dict[str, object]:
        return row(f"row {number}", "table", created=minute(number))

    def answered(request: Arrived) -> Reply:
        asked = request.json
        if len(server.arrived) > 50:
            return Reply(404)
        if asked["sorts"][0]["direction"] == "descending":
            return listed(made(30_000))
        if "start_cursor" in asked:
            return listed(made(30_000))
        return listed() if "filter" in asked else listed(made(9_000), made(0), cursor="more")

    def listed(*rows: object, cursor: str | None = None) -> Reply:
        return Reply(200, json.dumps(listing(*rows, cursor=cursor)).encode())

    async with FaultServer(answered) as server, client_to(server, limiter=None) as notion:
        found = await scanned(notion, ahead=True)

    assert found[:2] == [uid("row 9000"), uid("row 0")]


async def test_that_the_newest_row_is_not_known_does_not_matter() -> None:
    def fail(request: FaultRequest) -> Fault | None:
        return REFUSED if b"descending" in request.body else None

    emulator = table(*range(3_000), fault=fail)
    async with emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion, ahead=True)

    assert len(set(found)) == 3_000


async def test_rows_that_are_shown_in_part_have_no_windows() -> None:
    partial = [{"object": "page", "id": uid(f"partial {n}")} for n in range(3)]
    first, last = answer(listing(*partial[:2], cursor="1")), answer(listing(partial[2]))
    async with serving(says(first), says(last)) as server, client_to(server) as notion:
        found = await scanned(notion, ahead=True)

    assert found == [uid(f"partial {n}") for n in range(3)]


@pytest.mark.parametrize("ahead", [False, True])
async def test_a_scan_can_be_read_again(ahead: bool) -> None:
    async with table(*range(150)) as emulator, client_of(emulator) as notion:
        scan = notion.data_sources.scan(SOURCE)
        counts = []
        for _ in range(2):
            if ahead:
                async with scan as rows:
                    counts.append(len([row async for row in rows]))
            else:
                counts.append(len([row async for row in scan]))

    assert counts == [150, 150]


async def test_a_scan_is_read_ahead_by_one_at_a_time() -> None:
    async with table(1, 2) as emulator, client_of(emulator) as notion:
        scan = notion.data_sources.scan(SOURCE)
        async with scan:
            with pytest.raises(ConfigurationError, match="another one"):
                await scan.__aenter__()
        await scan.__aexit__(None, None, None)  # closing twice is fine


async def test_nothing_is_sent_before_it_is_read() -> None:
    async with table(1, 2) as emulator, client_of(emulator) as notion:
        notion.data_sources.scan(SOURCE)
        aiter(notion.data_sources.scan(SOURCE))

        assert emulator.requests == 0


async def test_other_orders_are_read_ahead_by_one_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    cut_at(monkeypatch, 300)
    async with table(*range(900)) as emulator, client_of(emulator, limiter=None) as notion:
        sorts = [{"property": "N", "direction": "descending"}]
        found = await scanned(notion, ahead=True, sorts=sorts)

    assert found == [uid(f"row {n}") for n in reversed(range(900))]


async def test_what_stops_it_is_told_like_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    cut_at(monkeypatch, 300)
    async with table(*range(900)) as emulator, client_of(emulator, limiter=None) as notion:
        sorts = [{"property": "Name", "direction": "descending"}]
        with pytest.raises(IncompleteResult, match="after 300 rows") as caught:
            await scanned(notion, ahead=True, sorts=sorts)

    assert isinstance(caught.value, NotionError)
    assert caught.value.yielded == 300
