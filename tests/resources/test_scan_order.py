"""Scans in the order that the caller asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, example, given, settings

from notion_async import IncompleteResult, ValidationError
from notion_async.models import Page
from notion_async.testing import Emulator
from tests.clients import client_of
from tests.resources.scanning import SOURCE, cut_at, holding, minute, record, scanned, table
from tests.testing.emulated import Object, uid

Sort = Mapping[str, str]
CAP = 40


def by(name: str, direction: str = "ascending") -> Sort:
    of = "timestamp" if name.endswith("_time") else "property"
    return {of: name, "direction": direction}


def columns(number: int) -> dict[str, Any]:
    """Return values with ties, and with none."""
    day = f"2026-06-{1 + number % 9:02}"
    return {
        "N": None if number % 7 == 0 else number % 13 - 5.5,
        "Due": None if number % 5 == 0 else day + ("T10:00:00.000+02:00" if number % 3 else ""),
        "Key": number,
        "Text": "" if number % 4 == 0 else f"text {number % 11}",
    }


def rows(count: int) -> list[Object]:
    return [record(f"row {n}", n // 3, **columns(n), Made=minute(n // 3)) for n in range(count)]


async def in_notions_order(emulator: Emulator, sorts: Sequence[Sort]) -> list[str]:
    """Return the rows as one query gives them that is not cut."""
    with pytest.MonkeyPatch.context() as patch:
        cut_at(patch, 10_000)
        async with client_of(emulator) as notion:
            found = await notion.data_sources.query(SOURCE, sorts=sorts).collect()
    return [row.id for row in found]


# Each ends with a key that leaves no ties.
ORDERS: tuple[tuple[Sort, ...], ...] = (
    (by("Key"),),
    (by("Key", "descending"),),
    (by("N"), by("Key")),
    (by("N", "descending"), by("Key", "descending")),
    (by("Due"), by("N"), by("Key")),
    (by("Due", "descending"), by("Key")),
    (by("created_time"), by("Key", "descending")),
    (by("created_time", "descending"), by("N"), by("Key")),
    (by("last_edited_time", "descending"), by("Key")),
    (by("Made", "descending"), by("Key")),
)


@pytest.mark.parametrize("ahead", [False, True], ids=["in turn", "ahead"])
@pytest.mark.parametrize("sorts", ORDERS, ids=str)
async def test_rows_come_in_the_order_of_a_query_that_is_not_cut(
    sorts: Sequence[Sort], ahead: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_at(monkeypatch, CAP)
    async with holding(rows(300)) as emulator, client_of(emulator, limiter=None) as notion:
        expected = await in_notions_order(emulator, sorts)
        found = await scanned(notion, sorts=sorts, ahead=ahead)

    assert found == expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    numbers=st.lists(st.sampled_from([None, -1.5, 0, 1, 2, 1e20]), max_size=40),
    days=st.lists(
        st.sampled_from([None, "2026-06-01", "2026-06-02", "2026-06-02T10:00:00.000Z"]),
        min_size=40,
        max_size=40,
    ),
    names=st.permutations(["N", "Due", "created_time"]),
    directions=st.lists(st.sampled_from(["ascending", "descending"]), min_size=4, max_size=4),
    cap=st.integers(3, 12),
)
@example(
    [None] * 8 + [-1.5, 0] + [None] * 6 + [-1.5] + [None] * 3 + [-1.5],
    [
        {8: "2026-06-02T10:00:00.000Z"}.get(n, "2026-06-02" if n in (9, 16, 20) else None)
        for n in range(40)
    ],
    ["Due", "N", "created_time"],
    ["ascending"] * 4,
    3,
)
@example([None] * 9, [None] * 40, ["N", "Due", "created_time"], ["descending"] * 4, 3)
def test_whatever_the_rows_are_they_come_in_the_order_of_a_query_that_is_not_cut(
    numbers: list[float | None],
    days: list[str | None],
    names: list[str],
    directions: list[str],
    cap: int,
) -> None:
    sorts = [by(name, way) for name, way in zip([*names, "Key"], directions, strict=True)]
    table = [
        record(f"row {n}", n // 5, N=number, Due=days[n], Key=n)
        for n, number in enumerate(numbers)
    ]

    async def read() -> None:
        async with holding(table) as emulator, client_of(emulator, limiter=None) as notion:
            expected = await in_notions_order(emulator, sorts)
            found = await scanned(notion, sorts=sorts)
            if days_are_mixed(days[: len(numbers)]):
                # A day stands for all of its moments: where more rows have it than a query
                # returns, those are not told apart.
                assert sorted(found) == sorted(expected)
            else:
                assert found == expected

    with pytest.MonkeyPatch.context() as patch:
        cut_at(patch, cap)
        asyncio.run(read())


def days_are_mixed(days: Sequence[str | None]) -> bool:
    return len({day for day in days if day and day.startswith("2026-06-02")}) > 1


async def test_rows_without_a_value_come_where_notion_puts_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut_at(monkeypatch, CAP)
    empty = [record(f"empty {n}", n) for n in range(90)]
    full = [record(f"full {n}", n, N=n) for n in range(90)]
    async with holding([*empty, *full]) as emulator, client_of(emulator) as notion:
        found = await scanned(notion, sorts=[by("N")])

    assert found[:90] == [uid(f"full {n}") for n in range(90)]
    assert found[90:] == [uid(f"empty {n}") for n in range(90)]


@pytest.mark.parametrize("name", ["Name", "Text"])
async def test_in_any_other_order_a_scan_works_until_it_is_cut(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sorts = [by(name)]
    async with holding(rows(120)) as emulator, client_of(emulator) as notion:
        whole = await scanned(notion, sorts=sorts)
        cut_at(monkeypatch, CAP)
        with pytest.raises(IncompleteResult, match="sort by one of these first") as caught:
            await scanned(notion, sorts=sorts)

    assert len(whole) == 120
    assert caught.value.yielded == CAP


async def test_what_is_sorted_by_is_shown_too(monkeypatch: pytest.MonkeyPatch) -> None:
    cut_at(monkeypatch, CAP)
    async with holding(rows(120)) as emulator, client_of(emulator) as notion:
        scan = notion.data_sources.scan(
            SOURCE, sorts=[by("N"), by("created_time")], filter_properties=["Key"]
        )
        found = [row async for row in scan]

    assert len(found) == 120
    assert {tuple(row.properties) for row in found if isinstance(row, Page)} == {("N", "Key")}


async def test_a_property_is_sorted_by_its_id_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    cut_at(monkeypatch, CAP)
    async with holding(rows(120)) as emulator, client_of(emulator) as notion:
        found = await scanned(notion, sorts=[by("key")])

    assert found == [uid(f"row {n}") for n in range(120)]


async def test_a_sort_that_notion_does_not_take_is_refused_by_notion() -> None:
    async with table(1, 2) as emulator, client_of(emulator) as notion:
        with pytest.raises(ValidationError):
            await scanned(notion, sorts=[{"direction": "ascending"}])
        with pytest.raises(ValidationError):
            await scanned(notion, sorts=[by("Nothing")])


async def test_one_answer_is_not_asked_for_twice() -> None:
    async with table(*range(100)) as emulator, client_of(emulator) as notion:
        await scanned(notion, sorts=[by("N")])
        alone = emulator.requests
        await scanned(notion)

    assert alone == 1
    assert emulator.requests == 2


async def test_what_changed_its_place_meanwhile_is_asked_for_once_more() -> None:
    """The row that was last becomes the first, when the first have been read."""

    def move(request: Any) -> None:
        if request.number == 1:
            store = emulator._store
            page = store.find("page", uid("row 249"))
            properties = page.decoded()["properties"]
            properties["N"]["number"] = -1
            store.change(page, properties=properties, **store.stamp())

    emulator = table(*range(250), fault=move)
    async with emulator, client_of(emulator) as notion:
        found = await scanned(notion, sorts=[by("N")])

    assert found == [uid(f"row {n}") for n in range(250)]
    assert emulator.requests == 4
