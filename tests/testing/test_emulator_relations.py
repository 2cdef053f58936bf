"""Two-way relations: each side shows what the other one says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import AsyncClient
from notion_async.models import Parent
from notion_async.testing.columns import keep
from notion_async.testing.relations import follow, pair
from notion_async.testing.schema import schema_of
from notion_async.testing.store import Store

from .clients import connected
from .emulated import (
    Object,
    Raw,
    data_source,
    database,
    emulated,
    row,
    uid,
)
from .test_emulator_writing import text

TABLES = (
    database("Tasks", sources=("Table",)),
    database("People", sources=("Team",)),
    data_source("Table", "Tasks"),
    data_source("Team", "People"),
    row("task", "Table"),
    row("other task", "Table"),
    row("ada", "Team", container="People"),
    row("bob", "Team", container="People"),
)
TASKS, TEAM = uid("Table"), uid("Team")
DUAL = {"relation": {"data_source_id": TEAM, "dual_property": {"synced_property_name": "Tasks"}}}


def links(*names: str) -> Object:
    return {"relation": [{"id": uid(name)} for name in names]}


async def related(raw: Raw, page: str, name: str) -> list[str]:
    value = (await raw.get(f"/v1/pages/{uid(page)}"))["properties"][name]
    assert value["has_more"] is False
    return [one["id"] for one in value["relation"]]


async def schema(raw: Raw, source: str) -> Object:
    found: Object = (await raw.get(f"/v1/data_sources/{source}"))["properties"]
    return found


async def paired(notion: AsyncClient) -> None:
    await notion.data_sources.update(TASKS, properties={"Who": DUAL})


async def test_a_relation_of_two_sides_gets_its_other_side() -> None:
    async with connected(*TABLES) as (notion, raw):
        await paired(notion)
        here, there = (await schema(raw, TASKS))["Who"], (await schema(raw, TEAM))["Tasks"]
        value = await related(raw, "ada", "Tasks")

    assert here["relation"] == {
        "database_id": uid("People"),
        "data_source_id": TEAM,
        "type": "dual_property",
        "dual_property": {"synced_property_id": there["id"], "synced_property_name": "Tasks"},
    }
    assert there["relation"] == {
        "database_id": uid("Tasks"),
        "data_source_id": TASKS,
        "type": "dual_property",
        "dual_property": {"synced_property_id": here["id"], "synced_property_name": "Who"},
    }
    assert value == []


async def test_each_side_follows_the_other() -> None:
    async with connected(*TABLES) as (notion, raw):
        await paired(notion)
        both = await notion.pages.create(
            parent=Parent(data_source_id=TASKS),
            properties={"Name": {"title": text("new")}, "Who": links("ada", "bob")},
        )
        made = [await related(raw, name, "Tasks") for name in ("ada", "bob")]
        await notion.pages.update(uid("ada"), properties={"Tasks": links("task", "other task")})
        await notion.pages.update(uid("task"), properties={"Who": links("bob", "stranger")})
        new = await raw.get(f"/v1/pages/{both.id}")
        changed = [await related(raw, name, "Who") for name in ("task", "other task")]
        ended = [await related(raw, name, "Tasks") for name in ("ada", "bob")]

    assert made == [[both.id], [both.id]]
    assert [one["id"] for one in new["properties"]["Who"]["relation"]] == [uid("bob")]
    assert changed == [[uid("bob"), uid("stranger")], [uid("ada")]]
    assert ended == [[uid("other task")], [both.id, uid("task")]]


async def test_a_page_that_is_moved_away_leaves_the_relations() -> None:
    async with connected(*TABLES, database("X", sources=("Y",)), data_source("Y", "X")) as (
        notion,
        raw,
    ):
        await paired(notion)
        await notion.pages.update(uid("task"), properties={"Who": links("ada")})
        before = await related(raw, "ada", "Tasks")
        await notion.pages.move(uid("task"), parent=Parent(data_source_id=uid("Y")))
        after = await related(raw, "ada", "Tasks")

    assert (before, after) == ([uid("task")], [])


async def test_the_sides_of_a_relation_know_what_they_are_called() -> None:
    async with connected(*TABLES) as (notion, raw):
        await paired(notion)
        await notion.data_sources.update(TASKS, properties={"Who": {"name": "Owner"}})
        there = (await schema(raw, TEAM))["Tasks"]["relation"]["dual_property"]
        dual = {"dual_property": {"synced_property_name": "Duties"}}
        change: Object = {"relation": {"data_source_id": TEAM, **dual}}
        await notion.data_sources.update(TASKS, properties={"Owner": change})
        here = (await schema(raw, TASKS))["Owner"]["relation"]["dual_property"]
        names = list(await schema(raw, TEAM))

    assert there["synced_property_name"] == "Owner"
    assert here["synced_property_name"] == "Duties"
    assert names == ["Name", "Duties"]


async def test_a_side_without_a_name_says_what_it_is_related_to() -> None:
    nameless = {"relation": {"data_source_id": TEAM, "dual_property": {}}}
    async with connected(*TABLES) as (notion, raw):
        await notion.data_sources.update(TASKS, properties={"Who": nameless, "Name": {}})
        taken = {"relation": {"data_source_id": TEAM, "dual_property": {
            "synced_property_name": "Name"}}}  # fmt: skip
        await notion.data_sources.update(TASKS, properties={"Also": taken})
        names = list(await schema(raw, TEAM))

    assert names == ["Name", "Related to Table (Who)", "Name 1"]


async def test_a_data_source_is_related_to_itself() -> None:
    loop = {"relation": {"data_source_id": TASKS, "dual_property": {
        "synced_property_name": "Sub"}}}  # fmt: skip
    async with connected(*TABLES) as (notion, raw):
        await notion.data_sources.update(TASKS, properties={"Super": loop})
        await notion.pages.update(uid("task"), properties={"Super": links("other task")})
        below = await related(raw, "other task", "Sub")

    assert below == [uid("task")]


async def test_where_one_side_goes_the_other_stays() -> None:
    async with connected(*TABLES) as (notion, raw):
        await paired(notion)
        await notion.pages.update(uid("task"), properties={"Who": links("ada")})
        await notion.data_sources.update(TASKS, properties={"Who": None})
        there = (await schema(raw, TEAM))["Tasks"]["relation"]
        left = await related(raw, "ada", "Tasks")

    assert (there["type"], there["single_property"]) == ("single_property", {})
    assert "dual_property" not in there
    assert left == [uid("task")]


async def test_a_relation_of_one_side_becomes_one_of_two() -> None:
    single = {"relation": {"data_source_id": TEAM, "single_property": {}}}
    async with connected(*TABLES) as (notion, raw):
        await notion.data_sources.update(TASKS, properties={"Who": single})
        await notion.pages.update(uid("task"), properties={"Who": links("ada")})
        await notion.data_sources.update(TASKS, properties={"Who": DUAL})
        there = await related(raw, "ada", "Tasks")

    assert there == [uid("task")]


RELATIONS: list[tuple[Object, str]] = [
    ({}, "single_property should be defined"),
    ({"single_property": {}}, "data_source_id should be defined"),
    ({"data_source_id": TEAM, "single_property": {"x": 1}}, "single_property.x should be not"),
    ({"data_source_id": TEAM, "type": "x", "single_property": {}}, "relation.type should be"),
    ({"data_source_id": TEAM, "dual_property": {"synced_property_id": "x"}}, "does not offer"),
    ({"data_source_id": TEAM, "dual_property": {"synced_property_name": 1}}, "should be a string"),
]


@pytest.mark.parametrize(("relation", "message"), RELATIONS)
async def test_a_relation_that_is_wrong_is_refused(relation: Object, message: str) -> None:
    async with emulated(*TABLES) as raw:
        body = {"properties": {"Who": {"relation": relation}}}

        assert message in await raw.wrong("PATCH", f"/v1/data_sources/{TASKS}", body)
        assert raw.emulator.commits == []


async def test_a_relation_to_a_data_source_that_is_not_there_is_not_found() -> None:
    body = {"properties": {"Who": {"relation": {"data_source_id": uid("x"),
                                                "single_property": {}}}}}  # fmt: skip
    async with emulated(*TABLES) as raw:
        status, answer = await raw.send("PATCH", f"/v1/data_sources/{TASKS}", body)

    assert (status, answer["code"]) == (404, "object_not_found")


async def test_both_sides_of_a_relation_go_at_once() -> None:
    loop = {"relation": {"data_source_id": TASKS, "dual_property": {
        "synced_property_name": "Sub"}}}  # fmt: skip
    async with connected(*TABLES) as (notion, raw):
        await notion.data_sources.update(TASKS, properties={"Super": loop})
        await notion.data_sources.update(TASKS, properties={"Super": None, "Sub": None})
        left = list(await schema(raw, TASKS))

    assert left == ["Name"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["task", "other task", "ada", "bob"]),
            st.lists(st.integers(0, 1), max_size=3),
        ),
        max_size=8,
    )
)
def test_whatever_is_written_both_sides_agree(writes: list[tuple[str, list[int]]]) -> None:
    store = Store()
    for one in TABLES:
        store.load(one)
    definitions = store.find("data_source", TASKS).decoded()["properties"]
    who = {"id": "who", "name": "Who", "description": None, "type": "relation", **DUAL}
    keep(store, TASKS, {**definitions, "Who": who}, {"Name": "Name"})
    pair(store, TASKS, definitions)

    for name, chosen in writes:
        of_task = "task" in name
        others = ("ada", "bob") if of_task else ("task", "other task")
        page = store.find("page", uid(name))
        values = page.decoded()["properties"]
        side = "Who" if of_task else "Tasks"
        now = {**values, side: {**values[side], **links(*(others[i] for i in set(chosen)))}}
        page = store.change(page, properties=now)
        follow(store, page, schema_of(store, page.parent), values, now)

    forth = {(one, other) for one in PAGES[:2] for other in linked(store, one, "Who")}
    back = {(other, one) for one in PAGES[2:] for other in linked(store, one, "Tasks")}
    assert forth == back


PAGES = [uid(name) for name in ("task", "other task", "ada", "bob")]


def linked(store: Store, page: str, name: str) -> list[str]:
    value = store.find("page", page).decoded()["properties"][name]
    found = [one["id"] for one in value["relation"]]
    assert len(found) == len(set(found))
    return found


async def test_a_relation_whose_other_side_is_not_there_is_written_all_the_same() -> None:
    definition = {
        "id": "who", "name": "Who", "description": None, "type": "relation",
        "relation": {"database_id": uid("x"), "data_source_id": uid("y"), "type": "dual_property",
                     "dual_property": {"synced_property_id": "z", "synced_property_name": "Z"}},
    }  # fmt: skip
    count = {"id": "sum", "name": "Sum", "description": None, "type": "rollup", "rollup": {
        "relation_property_name": "Who", "relation_property_id": "who", "function": "count",
        "rollup_property_name": "Name", "rollup_property_id": "title",
    }}  # fmt: skip
    title = data_source("Table", "Tasks")["properties"]
    table = data_source("Table", "Tasks", {**title, "Who": definition, "Sum": count})
    value: Object = {"Who": {"id": "who", "type": "relation", "relation": [], "has_more": False}}
    async with connected(table, row("task", "Table", value)) as (notion, raw):
        await notion.pages.update(uid("task"), properties={"Who": links("ada")})
        written = await related(raw, "task", "Who")
        await notion.data_sources.update(TASKS, properties={"Who": None})
        left = list(await schema(raw, TASKS))

    assert written == [uid("ada")]
    assert left == ["Name", "Sum"]
