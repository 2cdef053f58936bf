"""Changing databases and data sources."""

from __future__ import annotations

import pytest

from .emulated import (
    EARLIER,
    MINUTE,
    OLD,
    Object,
    Raw,
    block,
    data_source,
    database,
    emulated,
    page,
    row,
    uid,
    under,
    words,
    workspace,
)
from .test_emulator_writing import external, text

DATABASE = f"/v1/databases/{uid('Tasks')}"
SOURCE = f"/v1/data_sources/{uid('Table')}"
ROW = f"/v1/pages/{uid('Row')}"
HOME = under("page_id", "Home")
ROCKET = {"type": "emoji", "emoji": "\N{ROCKET}"}
OPTIONS = [
    {"id": "o-1", "name": "one", "color": "red", "description": None},
    {"id": "o-2", "name": "two", "color": "blue", "description": None},
]
SCHEMA: Object = {
    "Name": {"id": "title", "name": "Name", "description": None, "type": "title", "title": {}},
    "Size": {"id": "sz", "name": "Size", "description": None, "type": "number",
             "number": {"format": "euro"}},
    "Kind": {"id": "kd", "name": "Kind", "description": None, "type": "select",
             "select": {"options": OPTIONS}},
    "Sum": {"id": "sm", "name": "Sum", "description": None, "type": "formula",
            "formula": {"expression": "1"}},
}  # fmt: skip
VALUES: Object = {
    "Size": {"id": "sz", "type": "number", "number": 3},
    "Kind": {"id": "kd", "type": "select", "select": {"id": "o-1", "name": "one", "color": "red"}},
    "Sum": {"id": "sm", "type": "formula", "formula": {"type": "number", "number": 1}},
}
TABLE = (
    page("Home"),
    database("Tasks", HOME, sources=("Table", "Second")),
    block("Tasks", HOME, "child_database", content={"title": "Tasks"}),
    data_source("Table", "Tasks", SCHEMA),
    row("Row", "Table", VALUES),
)


async def changed(notion: Raw, properties: Object) -> Object:
    answer: Object = (await notion.patch(SOURCE, {"properties": properties}))["properties"]
    return answer


async def test_a_database_is_called_and_looks_otherwise() -> None:
    body = {
        "title": text("Other"),
        "description": text("About"),
        "icon": {"emoji": "\N{ROCKET}"},
        "cover": external(),
        "is_inline": True,
        "is_locked": True,
    }
    async with emulated(*TABLE) as notion:
        found = await notion.patch(DATABASE, body)
        again = await notion.get(DATABASE)
        shown = await notion.get(f"/v1/blocks/{uid('Home')}/children")
        home = await notion.get(f"/v1/pages/{uid('Home')}")

    assert {**found, "request_id": ""} == {**again, "request_id": ""}
    assert (found["title"], found["description"]) == (words("Other"), words("About"))
    assert (found["icon"], found["cover"]) == (ROCKET, external())
    assert (found["is_inline"], found["is_locked"]) == (True, True)
    assert found["last_edited_time"] == "2026-05-17T10:42:31.000+00:00"
    assert "last_edited_by" not in found
    assert [one["child_database"]["title"] for one in shown["results"]] == ["Other"]
    assert home["last_edited_time"] == MINUTE


async def test_a_database_goes_to_the_trash_and_comes_back() -> None:
    async with emulated(*TABLE) as notion:
        gone = await notion.patch(DATABASE, {"in_trash": True})
        listed = await notion.ids("GET", f"/v1/blocks/{uid('Home')}/children")
        refused = await notion.wrong("PATCH", DATABASE, {"icon": None})
        back = await notion.patch(DATABASE, {"archived": False, "icon": None}, version=OLD)
        listed_again = await notion.ids("GET", f"/v1/blocks/{uid('Home')}/children")

    assert (gone["in_trash"], back["in_trash"]) == (True, False)
    assert (listed, listed_again) == ([], [uid("Tasks")])
    assert "archived" in refused


async def test_a_data_source_is_called_otherwise_in_its_database_too() -> None:
    async with emulated(*TABLE) as notion:
        found = await notion.patch(SOURCE, {"title": text("Other"), "icon": None})
        container = await notion.get(DATABASE)
        me = await notion.get("/v1/users/me")

    assert found["title"] == words("Other")
    assert found["last_edited_by"]["id"] == me["id"]
    assert [one["name"] for one in container["data_sources"]] == ["Other", "Second"]
    assert found["properties"] == SCHEMA


async def test_a_data_source_without_a_database_is_called_otherwise() -> None:
    async with emulated(data_source("Table", "nowhere", SCHEMA)) as notion:
        found = await notion.patch(SOURCE, {"title": text("Other")})

    assert found["title"] == words("Other")


async def test_a_data_source_in_the_trash_has_no_rows() -> None:
    async with emulated(*TABLE) as notion:
        gone = await notion.patch(SOURCE, {"archived": True}, version=OLD)
        rows = await notion.ids("POST", f"{SOURCE}/query")
        refused = await notion.wrong("PATCH", SOURCE, {"properties": {}})

    assert gone["in_trash"] is gone["archived"] is True
    assert rows == []
    assert "archived" in refused


async def test_rows_get_a_new_property() -> None:
    async with emulated(*TABLE) as notion:
        properties = await changed(
            notion,
            {
                "Note": {"rich_text": {}},
                "Price": {"type": "number", "number": {}, "description": "In euro"},
                "Tags": {"multi_select": {"options": [{"name": "red", "color": "red"}]}},
                "Pick": {"select": {}},
            },
        )
        values = (await notion.get(ROW))["properties"]
        schema = (await notion.get(SOURCE))["properties"]

    assert schema == properties
    assert list(properties) == [*SCHEMA, "Note", "Price", "Tags", "Pick"]
    assert properties["Note"]["rich_text"] == {}
    assert properties["Price"]["number"] == {"format": "number"}
    assert properties["Price"]["description"] == "In euro"
    (red,) = properties["Tags"]["multi_select"]["options"]
    assert (red["name"], red["color"]) == ("red", "red")
    assert properties["Pick"]["select"] == {"options": []}
    assert len({one["id"] for one in properties.values()}) == len(properties)
    assert values["Note"]["rich_text"] == values["Tags"]["multi_select"] == []
    assert values["Price"]["number"] is None
    assert values["Size"]["number"] == 3


async def test_a_property_is_called_otherwise_and_its_values_stay() -> None:
    async with emulated(*TABLE) as notion:
        properties = await changed(
            notion, {"sz": {"name": "Length", "description": "In metres"}, "Sum": {"name": "Sum"}}
        )
        values = (await notion.get(ROW))["properties"]

    assert "Size" not in properties
    renamed = {**SCHEMA["Size"], "name": "Length", "description": "In metres"}
    assert properties["Length"] == renamed
    assert values["Length"] == VALUES["Size"]
    assert values["Sum"] == VALUES["Sum"]


async def test_a_property_is_deleted_with_its_values() -> None:
    async with emulated(*TABLE) as notion:
        properties = await changed(notion, {"Size": None})
        values = (await notion.get(ROW))["properties"]

    assert set(properties) == set(values) == {"Name", "Kind", "Sum"}


async def test_options_that_are_not_named_again_are_gone() -> None:
    options = [{"id": "o-2", "color": "green"}, {"name": "three"}, {"name": "one"}]
    async with emulated(*TABLE) as notion:
        properties = await changed(
            notion,
            {"Kind": {"select": {"options": options}}, "Size": {"number": {"format": "won"}}},
        )
        kept = await changed(notion, {"Kind": {"select": {}}, "Size": {"number": {}}})

    two, three, one = properties["Kind"]["select"]["options"]
    assert two == {**OPTIONS[1], "color": "green"}
    assert (three["name"], three["color"]) == ("three", "default")
    assert one == OPTIONS[0]
    assert kept["Kind"] == properties["Kind"]
    assert kept["Size"]["number"] == properties["Size"]["number"] == {"format": "won"}


REFUSED: list[tuple[str, Object, str]] = [
    (DATABASE, {"parent": under("database_id", "Tasks")}, "body.parent.database_id should be not"),
    (DATABASE, {"parent": workspace()}, "workspace-level private pages"),
    (DATABASE, {"properties": {}}, "body.properties should be not present"),
    (DATABASE, {"is_inline": 1}, "body.is_inline should be a boolean"),
    (DATABASE, {"archived": True}, "body.archived should be not present"),
    (SOURCE, {"parent": HOME}, "body.parent.page_id should be not present"),
    (SOURCE, {"cover": None}, "body.cover should be not present"),
    (SOURCE, {"properties": []}, "body.properties should be an object"),
    (SOURCE, {"properties": {"nope": None}}, "Could not find property with name or id: nope"),
    (SOURCE, {"properties": {"nope": {"name": "x"}}}, "Could not find property"),
    (SOURCE, {"properties": {"New": {"formula": {}}}}, "does not offer"),
    (SOURCE, {"properties": {"New": {"url": {}, "date": {}}}}, "not present"),
    (SOURCE, {"properties": {"New": {"url": {"x": 1}}}}, "url.x should be not present"),
    (SOURCE, {"properties": {"Name": {"date": {}}}}, "type of a title property cannot be changed"),
    (
        SOURCE,
        {"properties": {"Size": {"title": {}}}},
        "type of a title property cannot be changed",
    ),
    (SOURCE, {"properties": {"New": {"title": {}}}}, "There is a title property already."),
    (SOURCE, {"properties": {"Sum": {"formula": {"expression": "2"}}}}, "does not offer"),
    (SOURCE, {"properties": {"Size": {"formula": {"expression": "2"}}}}, "does not offer"),
    (SOURCE, {"properties": {"Size": {"name": "Kind"}}}, "There is a property Kind already."),
    (SOURCE, {"properties": {"Size": {"name": 1}}}, "Size.name should be a string"),
    (SOURCE, {"properties": {"Name": None}}, "cannot be deleted"),
    (SOURCE, {"properties": {"Kind": {"select": {"options": [{}]}}}}, "name should be defined"),
    (SOURCE, {"title": text("x"), "in_trash": True}, "archived"),
]


@pytest.mark.parametrize(("path", "body", "message"), REFUSED)
async def test_a_refused_change_of_a_schema_changes_nothing(
    path: str, body: Object, message: str
) -> None:
    async with emulated(*TABLE) as notion:
        before = await notion.get(path)
        assert message in await notion.wrong("PATCH", path, body)
        after = await notion.get(path)

    assert {**before, "request_id": ""} == {**after, "request_id": ""}
    assert before["last_edited_time"].startswith(EARLIER[:16])
    assert notion.emulator.commits == []
