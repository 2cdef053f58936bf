"""Rows that their time of creation does not tell apart, more than a query returns."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from notion_async import IncompleteResult, InvalidCursorError, client
from notion_async.resources._scan.ids import Ids
from notion_async.resources._scan.source import NotionTime
from notion_async.testing.clock import ManualClock
from notion_async.testing.faults import FaultRequest
from notion_async.testing.handlers import data_sources
from tests.clients import client_of
from tests.resources.scanning import (
    Bustle,
    cut_at,
    holding,
    record,
    scanned,
    store_of,
    table,
    value,
)
from tests.testing.emulated import Object, uid

CAP = 60
COUNT = 300


def same(**columns: Any) -> list[Object]:
    """Return rows that differ by what a function of their number makes of these columns."""
    return [
        record("alike", 5, **{name: make(n) for name, make in columns.items()})
        | {"id": uid(f"row {n}")}
        for n in range(COUNT)
    ]


DIFFERENCES: dict[str, dict[str, Any]] = {
    "a text": {"Text": lambda n: f"word {n * 7919 % 1000}"},
    "a text that some have": {"Text": lambda n: f"word {n}" if n % 6 else ""},
    "a number": {"N": lambda n: n * 1.5},
    "a number that some have": {"N": lambda n: n if n % 6 else None},
    "a number, one of them large": {"N": lambda n: 10**12 if n == 150 else n},
    "a unique id": {"Key": lambda n: 1000 + n},
    "a day": {"Due": lambda n: f"2026-{1 + n % 9:02}-{1 + n % 28:02}"},
    "a moment": {"Due": lambda n: f"2026-06-01T{n // 60:02}:{n % 60:02}:00.000+02:00"},
    "options": {"State": lambda n: f"s{n % 12}"},
    "some options": {"Tags": lambda n: [tag for bit, tag in enumerate("abcd") if n >> bit & 1]},
    "who made it": {"Maker": lambda n: f"user {n % 9}"},
    "several things": {
        "Done": lambda n: n % 2 == 0,
        "State": lambda n: "ab"[n % 3 % 2],
        "Tags": lambda n: ["x"] if n % 5 < 2 else [],
        "Text": lambda n: "yes" if n % 7 < 4 else "",
    },
}


@pytest.mark.parametrize("ahead", [False, True], ids=["in turn", "ahead"])
@pytest.mark.parametrize("difference", DIFFERENCES)
async def test_rows_are_told_apart_by(
    difference: str, ahead: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_at(monkeypatch, CAP)
    rows = same(**DIFFERENCES[difference])
    async with holding(rows) as emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion, ahead=ahead)

    assert len(found) == len(set(found)) == COUNT


async def test_rows_are_told_apart_by_when_they_were_edited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut_at(monkeypatch, CAP)
    rows = [
        one | {"last_edited_time": f"2026-06-01T{n // 60:02}:{n % 60:02}:00.000Z"}
        for n, one in enumerate(same())
    ]
    async with holding(rows) as emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion)

    assert len(found) == len(set(found)) == COUNT


async def test_rows_of_which_those_seen_first_are_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first have one title, and those that no query shows have others."""
    cut_at(monkeypatch, CAP)
    rows = [record("alike", 5) | {"id": f"{n:08}-0000-4000-8000-000000000000"} for n in range(55)]
    rows += [
        record(f"other {n}", 5) | {"id": f"{n:08}-0000-4000-8000-000000000000"}
        for n in range(1000, 1000 + COUNT)
    ]
    monkeypatch.setattr("notion_async.resources.data_sources.PageSize", lambda _: _few())
    async with holding(rows) as emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion)

    assert len(found) == len(set(found)) == COUNT + 55


def _few() -> Any:
    from notion_async.resources._resource import PageSize

    return PageSize(20)


async def test_rows_whose_texts_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    cut_at(monkeypatch, CAP)
    rows = same(Text=lambda n: f"word {n}", N=lambda _: 1)
    async with holding(rows) as emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion, filter_properties=["N"])

    assert len(found) == len(set(found)) == COUNT


async def test_the_callers_order_and_filter_hold_around_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut_at(monkeypatch, CAP)
    rows = [
        *(record(f"before {n}", 1, N=1) for n in range(40)),
        *(record(f"row {n}", 2, N=2, Text=f"{n}") for n in range(COUNT)),
        *(record(f"after {n}", 3, N=3) for n in range(40)),
        *(record(f"other {n}", 2, N=0) for n in range(40)),
    ]
    wanted = {"or": [{"property": "N", "number": {"equals": n}} for n in (1, 2, 3)]}
    sorts = [{"property": "N", "direction": "descending"}]
    async with holding(rows) as emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion, filter=wanted, sorts=sorts)

    assert len(found) == len(set(found)) == COUNT + 80
    assert set(found[:40]) == {uid(f"after {n}") for n in range(40)}
    assert set(found[-40:]) == {uid(f"before {n}") for n in range(40)}


async def test_rows_of_one_data_source_before_and_after_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut_at(monkeypatch, CAP)
    minutes = [*range(100), *([100] * COUNT), *range(101, 200)]
    async with table(*minutes) as emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion)

    assert len(found) == len(set(found)) == len(minutes)
    assert found[:100] == [uid(f"row {n}") for n in range(100)]
    assert found[-99:] == [uid(f"row {n}") for n in range(100 + COUNT, len(minutes))]


async def test_rows_that_nothing_tells_apart_are_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut_at(monkeypatch, CAP)
    alike = same(N=lambda _: 3, Done=lambda _: False)
    async with holding(alike) as emulator, client_of(emulator, limiter=None) as notion:
        with pytest.raises(IncompleteResult, match="with a filter"):
            await scanned(notion)

    assert emulator.requests < 20


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(
        st.tuples(
            st.text(alphabet="abß 7%", max_size=4),
            st.sampled_from([None, -1, 0, 2.5]),
            st.sampled_from([None, "red", "blue"]),
            st.sampled_from([None, "2026-06-01", "2026-06-01T08:00:00.000+02:00"]),
        ),
        max_size=60,
    ),
    cap=st.integers(6, 12),
)
def test_whatever_the_rows_are_all_of_them_come_or_it_is_an_error(
    rows: list[tuple[Any, Any, Any, Any]], cap: int
) -> None:
    held = [
        record("x", 1, Name=name, N=number, State=state, Due=due) | {"id": uid(f"row {n}")}
        for n, (name, number, state, due) in enumerate(rows)
    ]

    async def read() -> None:
        async with holding(held) as emulator, client_of(emulator, limiter=None) as notion:
            if max(map(rows.count, rows), default=0) > cap:
                with pytest.raises(IncompleteResult, match="nothing tells them apart"):
                    await scanned(notion)
                return
            found = await scanned(notion)

        assert len(found) == len(set(found)) == len(rows)

    with pytest.MonkeyPatch.context() as patch:
        cut_at(patch, cap)
        asyncio.run(read())


async def test_a_part_whose_cursor_is_rejected_is_begun_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut_at(monkeypatch, 250)

    def expire(request: FaultRequest) -> None:
        if request.number % 9 == 8:
            emulator.expire_cursors()

    emulator = table(*[5] * 1_200, fault=expire)
    async with emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion)

    assert len(found) == len(set(found)) == 1_200


async def test_cursors_of_a_part_that_are_never_accepted_are_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut_at(monkeypatch, 250)

    def expire(request: FaultRequest) -> None:
        if request.number > 5 and b"start_cursor" in request.body:
            emulator.expire_cursors()

    emulator = table(*[5] * 1_200, fault=expire)
    async with emulator, client_of(emulator, limiter=None) as notion:
        with pytest.raises(InvalidCursorError):
            await scanned(notion)


async def test_that_a_query_is_cut_may_be_said_at_its_end_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """C07: Notion says it in each answer, and is not relied upon to."""
    cut_at(monkeypatch, 250)
    listing: Any = vars(data_sources)["listing"]

    def late(*args: Any, extra: bytes = b"", **options: Any) -> bytes:
        said: bytes = listing(*args, extra=b"" if args[1] else extra, **options)
        return said

    monkeypatch.setattr(data_sources, "listing", late)
    async with table(*[5] * 1_200) as emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion)

    assert len(found) == len(set(found)) == 1_200


# ----------------------------------------------------------------------- while they are edited


@pytest.mark.parametrize("ahead", [0, -20, 20], ids="{} minutes ahead".format)
@pytest.mark.parametrize("seed", range(3))
async def test_every_row_comes_though_rows_go_from_one_part_to_another(
    seed: int, ahead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However wrong the clock of this machine is: answers tell what time it is at Notion's."""
    cut_at(monkeypatch, 250)
    bustle = Bustle(1_500, edits=1, seed=seed)
    behind = timedelta(minutes=ahead)
    emulator = table(*[5] * 1_500, fault=bustle, wall=lambda: datetime.now(UTC) - behind)
    bustle.store = store_of(emulator)
    async with emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion)

    bustle.check(found)


class HurriedClock(ManualClock):
    """A clock on which waiting takes no time."""

    def __init__(self) -> None:
        super().__init__()
        self.slept: list[float] = []

    def pass_by(self, seconds: float) -> None:
        self._now += seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._now += seconds
        await asyncio.sleep(0)


@pytest.mark.parametrize("edits", [3, 60])
async def test_more_rows_than_a_query_returns_may_be_edited_meanwhile(
    edits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was edited is divided as well, until it is no more than a query returns; or never."""
    cut_at(monkeypatch, CAP)
    clock = HurriedClock()
    start = datetime.now(UTC)
    bustle = Bustle(COUNT, edits=edits)

    def happen(request: FaultRequest) -> None:
        clock.pass_by(30)
        bustle(request)

    emulator = table(
        *[5] * COUNT, fault=happen, wall=lambda: start + timedelta(seconds=clock.now())
    )
    bustle.store = store_of(emulator)
    monkeypatch.setattr(client, "SystemClock", lambda: clock)
    async with emulator, client_of(emulator, limiter=None) as notion:
        if edits > 3:
            with pytest.raises(IncompleteResult, match="edited while they are read"):
                await scanned(notion)
            return
        found = await scanned(notion)

    bustle.check(found)


async def test_what_was_made_a_moment_ago_is_not_read_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All rows were edited in this minute: those edited from now on are asked for in the next."""
    cut_at(monkeypatch, CAP)
    clock = HurriedClock()
    start = datetime.now(UTC)

    def now() -> datetime:
        return start + timedelta(seconds=clock.now())

    def touch(request: FaultRequest) -> None:
        if request.number == 6:
            store = store_of(emulator)
            one = store.find("page", uid("row 7"))
            properties = one.decoded()["properties"] | value("Text", "zzz")
            store.change(one, properties=properties, **store.stamp())

    stamp = now().replace(second=0, microsecond=0).isoformat()
    rows = [
        one | {"created_time": stamp, "last_edited_time": stamp}
        for one in same(Text=lambda n: f"word {n}")
    ]
    emulator = holding(rows, wall=now, fault=touch)
    monkeypatch.setattr(client, "SystemClock", lambda: clock)
    async with emulator, client_of(emulator, limiter=None) as notion:
        found = await scanned(notion)

    assert len(found) == len(set(found)) == COUNT
    assert [0 < seconds <= 60 for seconds in clock.slept if seconds] == [True]
    assert emulator.requests <= 30


def test_it_is_at_least_as_late_at_notions_as_rows_say() -> None:
    clock = ManualClock()
    noon = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
    time = NotionTime(clock, now=lambda: noon)

    before = time.least()
    time.saw(noon - timedelta(days=1))
    unchanged = time.least()
    time.saw(noon + timedelta(minutes=3))  # this machine is late

    assert before == unchanged == noon - timedelta(minutes=11)
    assert time.least() == noon + timedelta(minutes=3)


async def test_what_it_was_goes_on_as_time_passes_here() -> None:
    clock = ManualClock()
    noon = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
    time = NotionTime(clock, now=lambda: noon + timedelta(minutes=11))
    await clock.advance(30)
    time.saw(noon)

    assert time.least() == noon + timedelta(seconds=30)


# ------------------------------------------------------------------------------ what was seen


@given(st.lists(st.uuids() | st.sampled_from(["", "no id", "0" * 32])), st.integers(0, 50))
def test_ids_are_a_set(given: list[Any], repeated: int) -> None:
    ids, known = Ids(), set[str]()
    for one in [*map(str, given), *map(str, given[:repeated])]:
        assert ids.add(one) is (one not in known)
        known.add(one)

    assert len(ids) == len(known)


def test_ids_can_be_many_and_forgotten() -> None:
    ids = Ids()

    assert all(ids.add(uid(f"{n}")) for n in range(20_000))
    assert not any(ids.add(uid(f"{n}")) for n in range(20_000))
    ids.keep([uid("7"), "no id"])
    assert len(ids) == 2
    assert ids.add(uid("8"))
    assert not ids.add(uid("7"))
