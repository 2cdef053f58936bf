"""Rollups: what related pages have, taken together."""

from __future__ import annotations

from typing import Any

import pytest

from notion_async import ValidationError

from .clients import connected
from .emulated import (
    EARLIER,
    Object,
    row,
    uid,
)
from .test_emulator_relations import DUAL, TABLES, TASKS, TEAM, links, paired, schema
from .test_emulator_writing import text


def rollup(function: str, rolled: str) -> Object:
    names = {"relation_property_name": "Who", "rollup_property_name": rolled}
    return {"rollup": {**names, "function": function}}


COLUMNS: Object = {
    "Age": {"number": {}},
    "Here": {"checkbox": {}},
    "Since": {"date": {}},
    "Tags": {"multi_select": {"options": [{"name": "a"}, {"name": "b"}]}},
}
ADA: Object = {
    "Age": {"number": 36},
    "Here": {"checkbox": True},
    "Since": {"date": {"start": "2020-01-01", "end": "2021-01-01"}},
    "Tags": {"multi_select": [{"name": "a"}, {"name": "b"}]},
}
BOB: Object = {
    "Age": {"number": 20},
    "Since": {"date": {"start": "2019-01-01"}},
    "Tags": {"multi_select": [{"name": "a"}]},
}


def days(start: str, end: str | None = None) -> Object:
    return {"start": start, "end": end, "time_zone": None}


ROLLUPS: list[tuple[str, str, Any]] = [
    ("count", "Age", 3),
    ("count_values", "Tags", 3),
    ("unique", "Tags", 2),
    ("empty", "Age", 1),
    ("not_empty", "Age", 2),
    ("percent_empty", "Age", 1 / 3),
    ("percent_not_empty", "Age", 2 / 3),
    ("sum", "Age", 56),
    ("average", "Age", 28),
    ("median", "Age", 28),
    ("min", "Age", 20),
    ("max", "Age", 36),
    ("range", "Age", 16),
    ("checked", "Here", 1),
    ("unchecked", "Here", 2),
    ("percent_checked", "Here", 1 / 3),
    ("percent_unchecked", "Here", 2 / 3),
    ("earliest_date", "Since", days("2019-01-01")),
    ("latest_date", "Since", days("2021-01-01")),
    ("date_range", "Since", days("2019-01-01", "2021-01-01")),
    ("earliest_date", "Made", days(EARLIER)),
    ("count_per_group", "Tags", {}),
]
EMPTY: list[tuple[str, str, Any]] = [
    ("count", "Age", 0),
    ("sum", "Age", 0),
    ("average", "Age", None),
    ("percent_empty", "Age", 0),
    ("latest_date", "Since", None),
    ("show_original", "Age", []),
]


async def rolled_up(function: str, rolled: str, *names: str) -> Any:
    async with connected(*TABLES, row("carl", "Team", container="People")) as (notion, raw):
        made: Object = {"Made": {"created_time": {}}}
        await notion.data_sources.update(TEAM, properties={**COLUMNS, **made})
        await notion.data_sources.update(
            TASKS, properties={"Roll": rollup(function, rolled), "Who": DUAL}
        )
        await notion.pages.update(uid("task"), properties={"Who": links(*names)})
        await notion.pages.update(uid("ada"), properties=ADA)
        await notion.pages.update(uid("bob"), properties=BOB)
        value = (await raw.get(f"/v1/pages/{uid('task')}"))["properties"]["Roll"]["rollup"]
        assert value["function"] == function
        return value[value["type"]]


@pytest.mark.parametrize(("function", "rolled", "value"), ROLLUPS)
async def test_related_pages_are_rolled_up(function: str, rolled: str, value: Any) -> None:
    assert await rolled_up(function, rolled, "ada", "bob", "carl") == value


@pytest.mark.parametrize(("function", "rolled", "value"), EMPTY)
async def test_nothing_is_rolled_up_where_nothing_is_related(
    function: str, rolled: str, value: Any
) -> None:
    assert await rolled_up(function, rolled) == value


async def test_what_is_rolled_up_is_shown_as_it_is() -> None:
    shown = await rolled_up("show_original", "Age", "ada", "bob", "carl")
    unique = await rolled_up("show_unique", "Age", "ada", "carl", "ada")

    assert shown == [{"type": "number", "number": number} for number in (36, 20, None)]
    assert unique == [{"type": "number", "number": number} for number in (36, None)]


async def test_rollups_are_found_by_filters_and_forget_what_is_in_the_trash() -> None:
    async with connected(*TABLES) as (notion, raw):
        await notion.data_sources.update(TEAM, properties={"Age": {"number": {}}})
        await notion.data_sources.update(
            TASKS, properties={"Who": DUAL, "Sum": rollup("sum", "Age")}
        )
        await notion.pages.update(uid("ada"), properties={"Age": {"number": 36}})
        await notion.pages.update(uid("ada"), properties={"Tasks": links("task")})
        query = f"/v1/data_sources/{TASKS}/query"
        over = {"property": "Sum", "rollup": {"number": {"greater_than": 30}}}
        found = await raw.ids("POST", query, {"filter": over})
        await notion.pages.update(uid("ada"), in_trash=True)
        gone = await raw.ids("POST", query, {"filter": over})

    assert (found, gone) == ([uid("task")], [])


async def test_a_rollup_knows_the_properties_by_id() -> None:
    async with connected(*TABLES) as (notion, raw):
        await notion.data_sources.update(TEAM, properties={"Age": {"number": {}}})
        await notion.data_sources.update(
            TASKS, properties={"Who": DUAL, "Sum": rollup("sum", "Age")}
        )
        await notion.data_sources.update(TASKS, properties={"Who": {"name": "Owner"}})
        await notion.data_sources.update(TEAM, properties={"Age": {"name": "Years"}})
        named = (await schema(raw, TASKS))["Sum"]["rollup"]
        average = {"rollup": {"function": "average", "rollup_property_name": "Years"}}
        await notion.data_sources.update(TASKS, properties={"Sum": average})
        changed = (await schema(raw, TASKS))["Sum"]["rollup"]

    assert (named["relation_property_name"], named["rollup_property_name"]) == ("Owner", "Years")
    assert changed == {**named, "function": "average"}


ROLLUPS_REFUSED: list[tuple[Object, str]] = [
    ({**rollup("nope", "Age")}, "rollup.function should be"),
    ({"rollup": {"function": "sum"}}, "relation_property_name should be defined"),
    ({**rollup("sum", "Nothing")}, "Could not find property with name or id: Nothing"),
    ({"rollup": {**rollup("sum", "Age")["rollup"], "relation_property_name": "Name"}},
     "Name is not a relation property."),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "message"), ROLLUPS_REFUSED)
async def test_a_rollup_that_is_wrong_is_refused(wrong: Object, message: str) -> None:
    async with connected(*TABLES) as (notion, raw):
        await paired(notion)
        body = {"properties": {"Roll": wrong}}

        assert message in await raw.wrong("PATCH", f"/v1/data_sources/{TASKS}", body)


async def test_a_rollup_is_not_rolled_up() -> None:
    async with connected(*TABLES) as (notion, _):
        await paired(notion)
        back = {"relation_property_name": "Tasks", "rollup_property_name": "Name"}
        count = {"rollup": {**back, "function": "count"}}
        await notion.data_sources.update(TEAM, properties={"Count": count})

        with pytest.raises(ValidationError, match="Count is a rollup"):
            await notion.data_sources.update(TASKS, properties={"Roll": rollup("sum", "Count")})


async def test_a_rollup_follows_the_property_it_takes_together() -> None:
    async with connected(*TABLES) as (notion, raw):
        await notion.data_sources.update(TEAM, properties={"Age": {"rich_text": {}}})
        await notion.pages.update(uid("ada"), properties={"Age": {"rich_text": text("36")}})
        await notion.data_sources.update(
            TASKS, properties={"Who": DUAL, "Sum": rollup("sum", "Age")}
        )
        await notion.pages.update(uid("task"), properties={"Who": links("ada")})
        before = (await raw.get(f"/v1/pages/{uid('task')}"))["properties"]["Sum"]["rollup"]
        await notion.data_sources.update(TEAM, properties={"Age": {"number": {}}})
        after = (await raw.get(f"/v1/pages/{uid('task')}"))["properties"]["Sum"]["rollup"]
        await notion.data_sources.update(TEAM, properties={"Age": None})
        gone = (await raw.get(f"/v1/pages/{uid('task')}"))["properties"]["Sum"]["rollup"]

    assert (before["number"], after["number"]) == (0, 36)
    assert gone == after


async def test_a_rollup_whose_relation_is_gone_keeps_its_value() -> None:
    async with connected(*TABLES) as (notion, raw):
        await notion.data_sources.update(
            TASKS, properties={"Who": DUAL, "Roll": rollup("count", "Name")}
        )
        await notion.pages.update(uid("task"), properties={"Who": links("ada")})
        await notion.data_sources.update(TASKS, properties={"Who": None})
        await notion.pages.update(uid("task"), properties={"Name": {"title": text("x")}})
        value = (await raw.get(f"/v1/pages/{uid('task')}"))["properties"]["Roll"]["rollup"]

    assert value["number"] == 1
