"""Creating pages, rows and comments."""

from __future__ import annotations

from typing import Any

import pytest

from .emulated import (
    MINUTE,
    Object,
    block,
    comment,
    data_source,
    database,
    emulated,
    page,
    person,
    row,
    uid,
    under,
    words,
)
from .test_emulator_query import SCHEMA

HOME = under("page_id", "Home")
CHILDREN = f"/v1/blocks/{uid('Home')}/children"
PARENT = {"page_id": uid("Home")}


def text(content: str) -> list[Object]:
    return [{"text": {"content": content}}]


def paragraph(content: str, **more: Any) -> Object:
    return {"paragraph": {"rich_text": text(content), **more}}


def external(url: str = "https://example.com/x.png") -> Object:
    return {"type": "external", "external": {"url": url}}


async def test_a_page_is_created_below_another() -> None:
    async with emulated(page("Home")) as notion:
        created = await notion.post(
            "/v1/pages",
            {
                "parent": PARENT,
                "properties": {"title": {"title": text("New: page!")}},
                "icon": {"emoji": "\N{ROCKET}"},
                "cover": external(),
                "children": [paragraph("one", children=[paragraph("below")])],
            },
        )
        again = await notion.get(f"/v1/pages/{created['id']}")
        content = await notion.get(f"/v1/blocks/{created['id']}/children")
        listed = await notion.get(CHILDREN)
        home = await notion.get(f"/v1/pages/{uid('Home')}")

    created.pop("request_id")
    again.pop("request_id")
    assert created == again
    assert created["created_time"] == created["last_edited_time"] == MINUTE
    assert created["parent"] == {"type": "page_id", **PARENT}
    title = {"id": "title", "type": "title", "title": words("New: page!")}
    assert created["properties"] == {"title": title}
    assert created["icon"] == {"type": "emoji", "emoji": "\N{ROCKET}"}
    assert created["cover"] == external()
    bare = created["id"].replace("-", "")
    assert created["url"] == f"https://app.notion.com/p/New-page-{bare}"
    assert [one["has_children"] for one in content["results"]] == [True]
    assert [one["id"] for one in listed["results"]] == [created["id"]]
    assert home["last_edited_time"] == MINUTE


async def test_a_row_is_created_with_all_properties_of_its_source() -> None:
    properties = {
        "Name": text("Row"),
        "tx": {"rich_text": text("note")},
        "Link": {"url": "https://example.com"},
        "Size": {"type": "number", "number": 3},
        "Done": {"checkbox": True},
        "Kind": {"select": {"name": "huge"}},
        "State": {"status": {"id": "o-open"}},
        "Tags": {"multi_select": [{"name": "red"}, {"name": "green"}]},
        "Due": {"date": {"start": "2026-05-17"}},
        "Who": {"people": [{"id": uid("ada")}, {"object": "user", "id": uid("stranger")}]},
        "Links": {"relation": [{"id": uid("target").replace("-", "")}]},
        "Files": {"files": [{"name": "a.png", **external()}]},
    }
    async with emulated(
        person("ada"),
        database("Tasks", sources=("Table",)),
        data_source("Table", "Tasks", SCHEMA),
        row("old", "Table", {"Number": {"id": "no", "type": "unique_id",
                                        "unique_id": {"prefix": None, "number": 4}}}),
    ) as notion:  # fmt: skip
        created = await notion.post(
            "/v1/pages",
            {"parent": {"data_source_id": uid("Table")}, "properties": properties},
        )
        schema = await notion.get(f"/v1/data_sources/{uid('Table')}")
        other = await notion.post(
            "/v1/pages?filter_properties=Number",
            {"parent": {"database_id": uid("Tasks")}, "properties": {}},
        )
        listed = await notion.post(f"/v1/data_sources/{uid('Table')}/query")

    values = {name: one[one["type"]] for name, one in created["properties"].items()}
    assert list(values) == list(SCHEMA)
    assert values["Name"] == words("Row")
    assert values["Text"] == words("note")
    assert (values["Link"], values["Size"], values["Done"]) == ("https://example.com", 3, True)
    assert (values["Kind"]["name"], values["Kind"]["color"]) == ("huge", "default")
    assert values["State"]["name"] == "open"
    assert [one["name"] for one in values["Tags"]] == ["red", "green"]
    assert values["Due"] == {"start": "2026-05-17", "end": None, "time_zone": None}
    assert values["Who"] == [person("ada"), {"object": "user", "id": uid("stranger")}]
    assert values["Links"] == [{"id": uid("target")}]
    assert created["properties"]["Links"]["has_more"] is False
    assert values["Files"] == [{"name": "a.png", **external()}]
    assert values["Number"] == {"prefix": None, "number": 5}
    assert values["Made"] == MINUTE
    assert values["Author"] == created["created_by"]
    assert values["Formula"] == {"type": "unsupported", "unsupported": {}}
    assert values["Roll"] == {"type": "array", "array": [], "function": "show_original"}
    assert values["Check"] == {"state": "unverified", "date": None, "verified_by": None}
    kinds = [one["name"] for one in schema["properties"]["Kind"]["select"]["options"]]
    assert kinds == ["small", "large", "huge"]
    assert created["parent"] == {
        "type": "data_source_id",
        "data_source_id": uid("Table"),
        "database_id": uid("Tasks"),
    }
    assert other["parent"] == created["parent"]
    assert other["properties"]["Number"]["unique_id"]["number"] == 6
    assert len(listed["results"]) == 3


PAGES: list[tuple[Object, str]] = [
    ({}, "body.parent should be defined"),
    ({"parent": 1}, "body.parent should be an object"),
    ({"parent": {}}, "body.parent.page_id should be defined"),
    ({"parent": {"page_id": "x"}}, "body.parent.page_id should be a valid uuid"),
    ({"parent": {"block_id": "x"}}, "body.parent.block_id should be not present"),
    ({"parent": {"type": "workspace", "workspace": True}}, "workspace-level"),
    ({"parent": PARENT}, "body.properties should be defined"),
    ({"parent": PARENT, "properties": []}, "body.properties should be an object"),
    ({"parent": PARENT, "properties": {"x": text("y")}}, "x is not a property that exists."),
    ({"parent": PARENT, "properties": {"title": {"number": 1}}}, "title is expected to be title."),
    ({"parent": PARENT, "markdown": "x", "children": []}, "body.children should be not present"),
    ({"parent": PARENT, "properties": {}, "children": {}}, "body.children should be an array"),
    ({"parent": PARENT, "properties": {}, "icon": {}}, "body.icon.emoji should be defined"),
    ({"parent": PARENT, "properties": {}, "cover": {}}, "body.cover.external should be defined"),
    (
        {"parent": PARENT, "properties": {}, "cover": {"file_upload": {}}},
        "body.cover.file_upload.id should be defined",
    ),
    ({"parent": {"database_id": uid("Two")}, "properties": {}}, "multiple data sources"),
    ({"parent": {"page_id": uid("Gone")}, "properties": {}}, "Can't edit page that is archived"),
]


@pytest.mark.parametrize(("body", "message"), PAGES)
async def test_new_pages_are_validated(body: Object, message: str) -> None:
    async with emulated(
        page("Home"), page("Gone", in_trash=True), database("Two", sources=("x", "y"))
    ) as notion:
        before = notion.emulator.truth()
        assert message in await notion.wrong("POST", "/v1/pages", body)
        assert notion.emulator.truth() == before


VALUES: list[tuple[str, Object, str]] = [
    ("Size", {"number": "x"}, "should be a number"),
    ("Done", {"checkbox": None}, "should be a boolean"),
    ("Link", {"url": "x" * 2001}, "url.length should be ≤ `2000`, instead was `2001`"),
    ("Kind", {"select": {}}, "select.name should be defined"),
    ("State", {"status": {"name": "nope"}}, 'Status option "nope" does not exist.'),
    ("Tags", {"multi_select": [{"name": "x"}] * 101}, "should be ≤ `100`, instead was `101`"),
    ("Due", {"date": {}}, "date.start should be defined"),
    ("Who", {"people": [{}]}, "people[0].id should be defined"),
    ("Links", {"relation": [{"id": 1}]}, "relation[0].id should be a valid uuid"),
    ("Files", {"files": [{}]}, "files[0].name should be defined"),
    ("Made", {"created_time": "x"}, "cannot be written"),
    ("Text", {"rich_text": text("x" * 2001)}, "content.length should be ≤ `2000`"),
]


@pytest.mark.parametrize(("name", "value", "message"), VALUES)
async def test_new_values_are_validated(name: str, value: Object, message: str) -> None:
    body = {"parent": {"data_source_id": uid("Table")}, "properties": {name: value}}
    async with emulated(
        database("Tasks", sources=("Table",)), data_source("Table", "Tasks", SCHEMA)
    ) as notion:
        assert message in await notion.wrong("POST", "/v1/pages", body)


@pytest.mark.parametrize("name", ["Size", "Link", "Kind", "Due"])
async def test_null_clears_a_value(name: str) -> None:
    kind = SCHEMA[name]["type"]
    body = {"parent": {"data_source_id": uid("Table")}, "properties": {name: {kind: None}}}
    async with emulated(
        database("Tasks", sources=("Table",)), data_source("Table", "Tasks", SCHEMA)
    ) as notion:
        assert (await notion.post("/v1/pages", body))["properties"][name][kind] is None


async def test_addresses_are_at_most_200_characters() -> None:
    schema = {
        "Mail": {"id": "m", "name": "Mail", "type": "email", "email": {}},
        "Fon": {"id": "f", "name": "Fon", "type": "phone_number", "phone_number": {}},
    }
    parent = {"data_source_id": uid("Table")}
    async with emulated(
        database("Tasks", sources=("Table",)), data_source("Table", "Tasks", schema)
    ) as notion:
        created = await notion.post(
            "/v1/pages",
            {
                "parent": parent,
                "properties": {"Mail": {"email": None}, "Fon": {"phone_number": "1"}},
            },
        )
        message = await notion.wrong(
            "POST",
            "/v1/pages",
            {"parent": parent, "properties": {"Mail": {"email": "x" * 201}}},
        )

    assert created["properties"]["Fon"]["phone_number"] == "1"
    assert "should be ≤ `200`" in message


async def test_comments_begin_and_continue_discussions() -> None:
    async with emulated(
        page("Home"), block("a", HOME), comment("old", under("block_id", "a"))
    ) as notion:
        me = await notion.get("/v1/users/me")
        first = await notion.post("/v1/comments", {"parent": PARENT, "rich_text": text("hi")})
        reply = await notion.post(
            "/v1/comments",
            {
                "discussion_id": first["discussion_id"],
                "rich_text": text("there"),
                "display_name": {"type": "custom", "custom": {"name": "Robot"}},
            },
        )
        other = await notion.post(
            "/v1/comments",
            {"parent": {"block_id": uid("a")}, "rich_text": text("x"),
             "display_name": {"type": "user"}},
        )  # fmt: skip
        on_page = await notion.ids("GET", f"/v1/comments?block_id={uid('Home')}")

    assert first["parent"] == HOME
    assert first["rich_text"] == words("hi")
    assert first["created_time"] == MINUTE
    assert first["display_name"] == {"type": "integration", "resolved_name": me["name"]}
    assert reply["parent"] == HOME
    assert reply["display_name"] == {"type": "custom", "resolved_name": "Robot"}
    assert other["display_name"]["type"] == "user"
    assert on_page == [first["id"], reply["id"]]


COMMENTS: list[tuple[Object, str]] = [
    ({}, "body.rich_text should be defined"),
    ({"parent": PARENT}, "Fix one:"),
    ({"rich_text": []}, "body.discussion_id should be defined"),
    ({"parent": PARENT, "discussion_id": uid("x"), "rich_text": []}, "Fix one:"),
    ({"parent": PARENT, "markdown": 1}, "body.markdown should be a string"),
    ({"parent": PARENT, "rich_text": [], "attachments": {}}, "attachments should be an array"),
    ({"parent": {}, "rich_text": []}, "body.parent.block_id should be defined"),
    ({"parent": PARENT, "rich_text": [], "display_name": {"type": "x"}}, "display_name.type"),
    ({"parent": {"page_id": uid("Gone")}, "rich_text": []}, "archived"),
]


@pytest.mark.parametrize(("body", "message"), COMMENTS)
async def test_comments_are_validated(body: Object, message: str) -> None:
    async with emulated(page("Home"), page("Gone", in_trash=True)) as notion:
        assert message in await notion.wrong("POST", "/v1/comments", body)


async def test_what_does_not_exist_cannot_be_commented_on() -> None:
    async with emulated() as notion:
        on_page, _ = await notion.send("POST", "/v1/comments", {"parent": PARENT, "rich_text": []})
        on_thread, _ = await notion.send(
            "POST", "/v1/comments", {"discussion_id": uid("x"), "rich_text": []}
        )

    assert (on_page, on_thread) == (404, 404)
