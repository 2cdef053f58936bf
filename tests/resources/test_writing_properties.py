"""What is sent of values and schemas: made by hand, or read and given back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from notion_async import AsyncClient, structure
from notion_async.models import (
    Database,
    DataSource,
    FormulaResult,
    FormulaValue,
    NumberSchema,
    NumberValue,
    Page,
    Parent,
    PropertySchema,
    PropertyValue,
    SelectOption,
    SelectSchema,
    TitleSchema,
    Unsupported,
)
from notion_async.resources._writing import SHOWN
from notion_async.types import JSON, UNSET
from tests.models.tools import one_of_each
from tests.resources.asking import HI, HOME, HOSTED, OTHER, asked, refused
from tests.resources.bodies import fits

VALUES: list[dict[str, JSON]] = [
    {"id": "title", "type": "title", "title": [{**HI, "plain_text": "hi", "href": None}]},
    {"id": "a", "type": "rich_text", "rich_text": []},
    {"id": "b", "type": "number", "number": None},
    {"id": "c", "type": "select", "select": {"id": "1", "name": "A", "color": "red"}},
    {"id": "d", "type": "multi_select", "multi_select": [{"id": "1", "name": "A"}]},
    {"id": "e", "type": "status", "status": None},
    {"id": "f", "type": "date", "date": {"start": "2026-03-01", "end": None, "time_zone": None}},
    {"id": "g", "type": "people", "people": [{"object": "user", "id": OTHER, "name": "Ada"}]},
    {"id": "h", "type": "files", "files": [{"name": "a.png", **HOSTED}]},
    {"id": "i", "type": "checkbox", "checkbox": False},
    {"id": "j", "type": "url", "url": "https://example.com"},
    {"id": "k", "type": "email", "email": None},
    {"id": "l", "type": "phone_number", "phone_number": "1"},
    {"id": "m", "type": "relation", "relation": [{"id": OTHER}], "has_more": False},
    {"id": "n", "type": "place", "place": {"lat": 1.5, "lon": 2.5, "name": None}},
    {
        "id": "o",
        "type": "verification",
        "verification": {"state": "unverified", "date": None, "verified_by": None},
    },
    {
        "id": "p",
        "type": "verification",
        "verification": {
            "state": "verified",
            "date": {"start": "2026-03-01", "end": None, "time_zone": None},
            "verified_by": {"object": "user", "id": OTHER},
        },
    },
]
ONLY_READ: list[dict[str, JSON]] = [
    {"id": "A", "type": "formula", "formula": {"type": "number", "number": 1}},
    {"id": "B", "type": "rollup", "rollup": {"type": "number", "number": 1, "function": "sum"}},
    {"id": "C", "type": "created_time", "created_time": "2026-03-01T09:00:00.000Z"},
    {"id": "D", "type": "last_edited_time", "last_edited_time": "2026-03-01T09:00:00.000Z"},
    {"id": "E", "type": "created_by", "created_by": {"object": "user", "id": OTHER}},
    {"id": "F", "type": "last_edited_by", "last_edited_by": {"object": "user", "id": OTHER}},
    {"id": "G", "type": "unique_id", "unique_id": {"prefix": None, "number": 1}},
    {"id": "H", "type": "button", "button": {}},
    {"id": "I", "type": "verification", "verification": None},
    {"id": "J", "type": "verification", "verification": {"state": "expired", "date": None}},
    {"id": "K", "type": "number"},
]


def page_with(*values: Mapping[str, JSON]) -> Page:
    properties = {str(value["id"]): value for value in values}
    return structure({"object": "page", "id": HOME, "properties": properties}, Page)


async def test_the_properties_of_a_page_are_given_back(shared: Path) -> None:
    page = page_with(*VALUES, *ONLY_READ)

    updated = await asked(lambda notion: notion.pages.update(HOME, properties=page.properties))
    created = await asked(lambda notion: notion.pages.create(properties=page.properties))

    assert list(updated.body["properties"]) == [value["id"] for value in VALUES]
    assert created.body == updated.body
    fits(shared, "UpdatePageBodyParameters", updated.body)
    fits(shared, "CreatePageBodyParameters", created.body)


def short(value: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return a value that Notion would have shown whole."""
    return {
        name: part[: SHOWN - 1] if isinstance(part, list) else part for name, part in value.items()
    }


async def test_the_pages_of_the_demo_workspace_are_given_back(shared: Path) -> None:
    for data in one_of_each():
        if data["object"] == "page":
            values = map(short, cast("Any", data["properties"]).values())
            properties = page_with(*values).properties

            request = await asked(partial(update_page, properties=properties))

            fits(shared, "UpdatePageBodyParameters", request.body)


async def update_page(notion: AsyncClient, properties: Mapping[str, PropertyValue]) -> object:
    return await notion.pages.update(HOME, properties=properties)


async def test_what_this_version_does_not_know_is_given_back() -> None:
    new: dict[str, JSON] = {"type": "vote", "vote": {"up": 3}}
    page = page_with({"id": "v", **new})

    request = await asked(
        lambda notion: notion.pages.update(
            HOME, properties={**page.properties, "w": Unsupported("vote", {"up": 3})}
        )
    )

    assert request.body == {"properties": {"v": new, "w": new}}


async def test_values_are_objects_or_what_notion_documents() -> None:
    request = await asked(
        lambda notion: notion.pages.update(
            HOME,
            properties={
                "A": NumberValue(1),
                "B": PropertyValue(NumberValue(None)),
                "C": {"number": 3},
                "D": [HI],
            },
        )
    )

    assert request.body["properties"] == {
        "A": {"number": 1},
        "B": {"type": "number", "number": None},
        "C": {"number": 3},
        "D": [HI],
    }


async def test_a_value_that_only_notion_sets_is_refused_where_it_was_made_by_hand() -> None:
    made = FormulaValue(FormulaResult("number", number=1))

    await refused(
        lambda notion: notion.pages.update(HOME, properties={"Sum": made}),
        "property 'Sum': only Notion sets a formula",
    )


CUT: dict[str, dict[str, JSON]] = {
    "title": {"type": "title", "title": [HI] * SHOWN},
    "rich_text": {"type": "rich_text", "rich_text": [HI] * SHOWN},
    "rich_text with many mentions": {
        "type": "rich_text",
        "rich_text": [{"type": "mention", "mention": {"page": {"id": OTHER}}}, HI] * SHOWN,
    },
    "people": {"type": "people", "people": [{"object": "user", "id": OTHER}] * SHOWN},
    "relation": {"type": "relation", "relation": [{"id": OTHER}], "has_more": True},
}


@pytest.mark.parametrize("kind", CUT)
async def test_a_value_that_may_be_cut_is_not_written_over_the_whole_one(kind: str) -> None:
    page = page_with({"id": "Long", **CUT[kind]})

    await refused(
        lambda notion: notion.pages.update(HOME, properties=page.properties),
        "'Long'.*pages.properties.retrieve",
    )


async def test_a_long_value_that_is_whole_is_written() -> None:
    related: JSON = [{"id": OTHER}] * SHOWN
    page = page_with(
        {"id": "r", "type": "relation", "relation": related, "has_more": False},
        {"id": "t", "type": "rich_text", "rich_text": [HI] * (SHOWN + 1)},
    )

    request = await asked(lambda notion: notion.pages.update(HOME, properties=page.properties))

    assert request.body["properties"]["r"]["relation"] == related
    assert request.body["properties"]["t"]["rich_text"] == [HI] * (SHOWN + 1)


def bare(*kinds: str) -> list[dict[str, JSON]]:
    return [{"type": kind, kind: {}} for kind in kinds]


SCHEMAS: list[dict[str, JSON]] = [
    *bare(
        "title", "rich_text", "date", "people", "files", "checkbox", "url", "email",
        "phone_number", "created_time", "last_edited_time", "created_by", "last_edited_by",
        "place",
    ),
    {"type": "number", "number": {"format": "euro"}},
    {"type": "formula", "formula": {"expression": "1 + 1"}},
    {"type": "unique_id", "unique_id": {"prefix": None}},
    {"type": "select", "select": {"options": [{"id": "1", "name": "A", "color": "red"}]}},
    {"type": "multi_select", "multi_select": {"options": [{"id": "2", "name": "B"}]}},
    {
        "type": "status",
        "status": {
            "options": [{"id": "1", "name": "A", "color": "red", "description": None}],
            "groups": [{"id": "2", "name": "To-do", "color": "gray", "option_ids": ["1"]}],
        },
    },
    {
        "type": "rollup",
        "rollup": {
            "function": "sum",
            "relation_property_name": "Tasks",
            "relation_property_id": "t",
            "rollup_property_name": "Cost",
            "rollup_property_id": "c",
        },
    },
    {
        "type": "relation",
        "relation": {
            "database_id": HOME,
            "data_source_id": OTHER,
            "type": "dual_property",
            "dual_property": {"synced_property_id": "x", "synced_property_name": "Back"},
        },
    },
    {
        "type": "relation",
        "relation": {"data_source_id": OTHER, "type": "single_property", "single_property": {}},
    },
]  # fmt: skip
ONLY_MADE = bare("button", "location", "verification", "last_visited_time")


def source_with(*schemas: Mapping[str, JSON]) -> DataSource:
    properties = {
        f"{n}": {"id": f"id{n}", "name": f"{n}", "description": None, **schema}
        for n, schema in enumerate(schemas)
    }
    data: dict[str, JSON] = {"object": "data_source", "id": HOME, "properties": properties}
    return structure(data, DataSource)


async def test_the_schema_of_a_data_source_makes_another_one(shared: Path) -> None:
    properties = source_with(*SCHEMAS, *ONLY_MADE).properties

    source = await asked(
        lambda notion: notion.data_sources.create(
            parent=Parent(database_id=OTHER), properties=properties
        )
    )
    database = await asked(
        lambda notion: notion.databases.create(
            parent=Parent(page_id=OTHER), initial_data_source={"properties": properties}
        )
    )

    assert list(source.body["properties"]) == list(properties)
    assert database.body["initial_data_source"]["properties"] == source.body["properties"]
    fits(shared, "CreateDataSourceBodyParameters", source.body)
    fits(shared, "CreateDatabaseBodyParameters", database.body)


async def test_the_schema_of_a_data_source_is_given_back(shared: Path) -> None:
    properties = source_with(*SCHEMAS, *ONLY_MADE).properties

    request = await asked(lambda notion: notion.data_sources.update(HOME, properties=properties))

    assert list(request.body["properties"]) == [str(n) for n in range(len(SCHEMAS))]
    fits(shared, "UpdateDataSourceBodyParameters", request.body)


async def test_a_new_data_source_has_names_and_no_ids_of_another() -> None:
    properties = source_with(*SCHEMAS).properties

    request = await asked(
        lambda notion: notion.data_sources.create(
            parent=Parent(database_id=OTHER), properties=properties
        )
    )

    by_kind = {each["type"]: each[each["type"]] for each in request.body["properties"].values()}
    assert by_kind["select"] == {"options": [{"name": "A", "color": "red"}]}
    assert by_kind["rollup"] == {
        "function": "sum",
        "relation_property_name": "Tasks",
        "rollup_property_name": "Cost",
    }


async def test_schemas_are_objects_or_what_notion_documents() -> None:
    request = await asked(
        lambda notion: notion.data_sources.update(
            HOME,
            properties={
                "A": NumberSchema("euro"),
                "B": PropertySchema(TitleSchema(), description="What"),
                "C": {"name": "Other"},
                "D": None,
                "E": SelectSchema([SelectOption(id="1"), SelectOption(name="new")]),
                "F": Unsupported("vote", {}),
            },
        )
    )

    assert request.body["properties"] == {
        "A": {"type": "number", "number": {"format": "euro"}},
        "B": {"type": "title", "title": {}, "description": "What"},
        "C": {"name": "Other"},
        "D": None,
        "E": {"type": "select", "select": {"options": [{"id": "1"}, {"name": "new"}]}},
        "F": {"type": "vote", "vote": {}},
    }


@pytest.mark.parametrize("source", [{}, {"properties": None}])
async def test_a_first_data_source_without_properties_is_sent_as_it_is(source: JSON) -> None:
    request = await asked(
        lambda notion: notion.databases.create(
            parent=Parent(page_id=HOME), initial_data_source=cast("Any", source)
        )
    )

    assert request.body["initial_data_source"] == source


async def test_the_data_sources_of_the_demo_workspace_are_given_back(shared: Path) -> None:
    for data in one_of_each():
        if data["object"] == "data_source":
            request = await asked(partial(update_source, source=structure(data, DataSource)))

            fits(shared, "UpdateDataSourceBodyParameters", request.body)


async def update_source(notion: AsyncClient, source: DataSource) -> object:
    return await notion.data_sources.update(HOME, title=source.title, properties=source.properties)


async def test_a_database_that_was_read_makes_another_one(shared: Path) -> None:
    for data in one_of_each():
        if data["object"] == "database":
            request = await asked(partial(create_database, like=structure(data, Database)))

            fits(shared, "CreateDatabaseBodyParameters", request.body)


async def create_database(notion: AsyncClient, like: Database) -> object:
    return await notion.databases.create(
        parent=like.parent,
        title=like.title,
        description=like.description,
        icon=like.icon or UNSET,
        cover=like.cover or UNSET,
    )
