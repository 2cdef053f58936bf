"""Changing pages, blocks and comments, and moving pages."""

from __future__ import annotations

from typing import Any

import pytest

from notion_async.testing.block_kinds import FIXED, KINDS

from .emulated import (
    EARLIER,
    MINUTE,
    OLD,
    Object,
    Raw,
    block,
    comment,
    data_source,
    database,
    emulated,
    page,
    row,
    uid,
    under,
    words,
)
from .test_emulator_query import SCHEMA
from .test_emulator_writing import external, text

HOME = under("page_id", "Home")
PAGE = f"/v1/pages/{uid('Home')}"
ROCKET = {"type": "emoji", "emoji": "\N{ROCKET}"}
EDITS: Object = {
    "At": {"id": "at", "name": "At", "description": None, "type": "last_edited_time",
           "last_edited_time": {}},
    "By": {"id": "by", "name": "By", "description": None, "type": "last_edited_by",
           "last_edited_by": {}},
}  # fmt: skip


def at(name: str, kind: str = "blocks") -> str:
    return f"/v1/{kind}/{uid(name)}"


async def bot(notion: Raw) -> Object:
    return {"object": "user", "id": (await notion.get("/v1/users/me"))["id"]}


# ------------------------------------------------------------------------------- pages


async def test_a_page_gets_a_title_an_icon_a_cover_and_a_lock() -> None:
    async with emulated(page("Home")) as notion:
        changed = await notion.patch(
            PAGE,
            {
                "properties": {"title": text("New name")},
                "icon": {"emoji": "\N{ROCKET}"},
                "cover": external(),
                "is_locked": True,
            },
        )
        again = await notion.get(PAGE)
        cleared = await notion.patch(PAGE, {"icon": None, "cover": None, "is_locked": False})
        me = await bot(notion)

    assert changed["properties"]["title"]["title"] == words("New name")
    assert (changed["icon"], changed["cover"], changed["is_locked"]) == (ROCKET, external(), True)
    assert (changed["created_time"], changed["last_edited_time"]) == (EARLIER, MINUTE)
    assert changed["last_edited_by"] == me
    bare = uid("Home").replace("-", "")
    assert changed["url"] == f"https://app.notion.com/p/New-name-{bare}"
    assert {**changed, "request_id": ""} == {**again, "request_id": ""}
    assert (cleared["icon"], cleared["cover"], cleared["is_locked"]) == (None, None, False)
    assert cleared["url"] == changed["url"]


async def test_only_the_values_that_are_given_change() -> None:
    values = {
        "Size": {"id": "sz", "type": "number", "number": 1},
        "Text": {"id": "tx", "type": "rich_text", "rich_text": words("old")},
        "At": {"id": "at", "type": "last_edited_time", "last_edited_time": EARLIER},
        "By": {
            "id": "by",
            "type": "last_edited_by",
            "last_edited_by": {"object": "user", "id": "x"},
        },
    }
    async with emulated(
        database("Tasks", sources=("Table",)),
        data_source("Table", "Tasks", {**SCHEMA, **EDITS}),
        row("Row", "Table", values),
    ) as notion:
        path = at("Row", "pages")
        changed = await notion.patch(
            f"{path}?filter_properties=Size",
            {"properties": {"Size": {"number": 2}, "Kind": {"select": {"name": "huge"}}}},
        )
        whole = await notion.get(path)
        schema = await notion.get(at("Table", "data_sources"))
        me = await bot(notion)

    assert list(changed["properties"]) == ["Size"]
    assert whole["properties"]["Size"]["number"] == 2
    assert whole["properties"]["Text"]["rich_text"] == words("old")
    assert whole["properties"]["Kind"]["select"]["name"] == "huge"
    assert whole["properties"]["At"]["last_edited_time"] == MINUTE
    assert whole["properties"]["By"]["last_edited_by"] == me
    options = schema["properties"]["Kind"]["select"]["options"]
    assert "huge" in [option["name"] for option in options]


async def test_the_block_of_a_page_shows_its_new_title() -> None:
    shown = block("Sub", HOME, "child_page", content={"title": "Sub"})
    async with emulated(page("Home"), page("Sub", HOME), shown) as notion:
        await notion.patch(at("Sub", "pages"), {"properties": {"title": text("Other")}})
        listed = await notion.get(f"{at('Home')}/children")

    assert [one["child_page"]["title"] for one in listed["results"]] == ["Other"]


async def test_a_page_is_changed_while_it_comes_out_of_the_trash() -> None:
    async with emulated(page("Home"), page("Sub", HOME, in_trash=True)) as notion:
        path = at("Sub", "pages")
        message = await notion.wrong("PATCH", path, {"icon": None})
        both = await notion.wrong("PATCH", path, {"in_trash": True, "icon": None})
        back = await notion.patch(path, {"in_trash": False, "icon": {"emoji": "\N{ROCKET}"}})
        home = await notion.get(PAGE)

    assert "archived" in message
    assert "archived" in both
    assert (back["in_trash"], back["icon"]) == (False, ROCKET)
    assert home["last_edited_time"] == MINUTE


async def test_what_lies_below_the_trash_cannot_be_changed() -> None:
    async with emulated(page("Home", in_trash=True), page("Sub", HOME)) as notion:
        assert "archived" in await notion.wrong("PATCH", at("Sub", "pages"), {"is_locked": True})


PAGES: list[tuple[Object, str]] = [
    ({"properties": {"nope": text("x")}}, "nope is not a property that exists."),
    ({"properties": []}, "body.properties should be an object"),
    ({"icon": 1}, "body.icon should be an object"),
    ({"cover": {}}, "body.cover.external should be defined"),
    ({"is_locked": None}, "body.is_locked should be a boolean"),
    ({"template": {}}, "body.template.type should be defined"),
    ({"erase_content": 1}, "body.erase_content should be a boolean"),
    ({"parent": HOME}, "body.parent should be not present"),
    ({"archived": True}, "body.archived should be not present"),
    ({"in_trash": True, "icon": 1}, "archived"),
]


@pytest.mark.parametrize(("body", "message"), PAGES)
async def test_a_refused_change_of_a_page_changes_nothing(body: Object, message: str) -> None:
    async with emulated(page("Home")) as notion:
        before = await notion.get(PAGE)
        assert message in await notion.wrong("PATCH", PAGE, body)
        after = await notion.get(PAGE)

    assert {**before, "request_id": ""} == {**after, "request_id": ""}
    assert notion.emulator.commits == []


# ------------------------------------------------------------------------------- moving


async def test_a_page_moves_below_another_with_what_is_in_it() -> None:
    async with emulated(
        page("Home"),
        page("Away"),
        page("Sub", HOME),
        block("Sub", HOME, "child_page", content={"title": "Sub"}),
        block("inside", under("page_id", "Sub")),
    ) as notion:
        parent = {"page_id": uid("Away")}
        moved = await notion.post(f"{at('Sub', 'pages')}/move", {"parent": parent})
        shown = await notion.get(at("Sub"))
        before = await notion.ids("GET", f"{at('Home')}/children")
        after = await notion.ids("GET", f"{at('Away')}/children")
        inside = await notion.ids("GET", f"{at('Sub')}/children")
        homes = [await notion.get(at(name, "pages")) for name in ("Home", "Away", "Sub")]

    assert moved["parent"] == shown["parent"] == {"type": "page_id", **parent}
    assert (before, after, inside) == ([], [uid("Sub")], [uid("inside")])
    assert {one["last_edited_time"] for one in homes} == {MINUTE}


async def test_a_block_says_again_whether_there_is_a_page_in_it() -> None:
    async with emulated(
        page("Home"),
        block("box", HOME, "toggle", has_children=True),
        page("Sub", under("block_id", "box")),
    ) as notion:
        await notion.post(f"{at('Sub', 'pages')}/move", {"parent": {"page_id": uid("Home")}})
        box = await notion.get(at("box"))

    assert box["has_children"] is False


async def test_a_page_becomes_a_row_and_a_page_again() -> None:
    async with emulated(
        page("Home"),
        page("Sub", HOME),
        database("Tasks", sources=("Table",)),
        data_source("Table", "Tasks", SCHEMA),
        database("Others", sources=("Other",)),
        data_source(
            "Other",
            "Others",
            {
                "Title": {"id": "title", "name": "Title", "type": "title", "title": {}},
                "Size": {"id": "z", "name": "Size", "type": "number", "number": {}},
                "Text": {"id": "t", "name": "Text", "type": "number", "number": {}},
            },
        ),
    ) as notion:
        path = at("Sub", "pages")
        table = {"type": "data_source_id", "data_source_id": uid("Table")}
        as_row = await notion.post(f"{path}/move", {"parent": table})
        await notion.patch(path, {"properties": {"Size": {"number": 3}}})
        rows = await notion.ids("POST", f"{at('Table', 'data_sources')}/query")
        listed = await notion.ids("GET", f"{at('Home')}/children")
        other = await notion.post(f"{path}/move", {"parent": {"data_source_id": uid("Other")}})
        back = await notion.post(f"{path}/move", {"parent": {"page_id": uid("Home")}})
        listed_again = await notion.ids("GET", f"{at('Home')}/children")

    assert as_row["parent"] == {**table, "database_id": uid("Tasks")}
    assert list(as_row["properties"]) == list(SCHEMA)
    assert as_row["properties"]["Name"]["title"] == words("Sub")
    assert (rows, listed) == ([uid("Sub")], [])
    assert other["properties"]["Title"]["title"] == words("Sub")
    assert other["properties"]["Size"] == {"id": "z", "type": "number", "number": 3}
    assert other["properties"]["Text"] == {"id": "t", "type": "number", "number": None}
    assert back["properties"] == {"title": {"id": "title", "type": "title", "title": words("Sub")}}
    assert listed_again == [uid("Sub")]


MOVES: list[tuple[Object, str]] = [
    ({}, "body.parent should be defined"),
    ({"parent": {}}, "body.parent.page_id should be defined"),
    ({"parent": {"database_id": uid("x")}}, "body.parent.database_id should be not present"),
    ({"parent": {"page_id": uid("Gone")}}, "archived"),
    ({"parent": {"page_id": uid("Home")}}, "cannot be moved into itself"),
    ({"parent": {"page_id": uid("Sub")}}, "cannot be moved into itself"),
]


@pytest.mark.parametrize(("body", "message"), MOVES)
async def test_moves_are_validated(body: Object, message: str) -> None:
    async with emulated(page("Home"), page("Sub", HOME), page("Gone", in_trash=True)) as notion:
        assert message in await notion.wrong("POST", f"{PAGE}/move", body)
        assert notion.emulator.commits == []


async def test_a_page_in_the_trash_does_not_move() -> None:
    async with emulated(page("Home"), page("Gone", in_trash=True)) as notion:
        body = {"parent": {"page_id": uid("Home")}}
        assert "archived" in await notion.wrong("POST", f"{at('Gone', 'pages')}/move", body)
        status, _ = await notion.send("POST", f"{at('nobody', 'pages')}/move", body)

    assert status == 404


# ------------------------------------------------------------------------------- blocks

RICH = {"rich_text": text("new")}
CHANGES: dict[str, Object] = {
    "paragraph": {**RICH, "color": "red"},
    **{f"heading_{level}": {**RICH, "is_toggleable": True} for level in (1, 2, 3, 4)},
    "bulleted_list_item": RICH,
    "numbered_list_item": RICH,
    "quote": RICH,
    "toggle": RICH,
    "to_do": {"checked": True},
    "callout": {"icon": {"emoji": "\N{ROCKET}"}},
    "code": {"language": "python"},
    "equation": {"expression": "e=mc^2"},
    "divider": {},
    "breadcrumb": {},
    "table_of_contents": {"color": "red"},
    "column": {"width_ratio": 0.5},
    "tab": {},
    "table": {"has_row_header": True},
    "table_row": {"cells": [text("a"), text("b")]},
    "synced_block": {"synced_from": None},
    "template": RICH,
    "link_to_page": {"type": "page_id", "page_id": uid("Other")},
    "bookmark": {"url": "https://example.com/new"},
    "embed": {"caption": text("new")},
    **{
        kind: {"external": {"url": "https://example.com/new"}}
        for kind in ("image", "video", "audio", "pdf")
    },
    "file": {"name": "new.txt"},
}
OLD_TEXT: Object = {"rich_text": words("old"), "color": "blue"}
BEFORE: dict[str, Object] = {
    "paragraph": {**OLD_TEXT, "icon": None},
    **{f"heading_{level}": {**OLD_TEXT, "is_toggleable": False} for level in (1, 2, 3, 4)},
    "to_do": {**OLD_TEXT, "checked": False},
    "callout": {**OLD_TEXT, "icon": None},
    "code": {"rich_text": words("old"), "caption": [], "language": "rust"},
    "table_of_contents": {"color": "blue"},
    "synced_block": {"synced_from": None},
    "template": {"rich_text": words("old")},
    "equation": {"expression": "x"},
    "table": {"table_width": 2, "has_column_header": True, "has_row_header": False},
    "table_row": {"cells": [words("x"), words("y")]},
    "link_to_page": {"type": "page_id", "page_id": uid("Home")},
    **{kind: {"url": "https://example.com/old", "caption": words("old")}
       for kind in ("bookmark", "embed")},
    **{kind: {"type": "file", "file": {"url": "https://example.com/old", "expiry_time": EARLIER},
              "caption": words("old")}
       for kind in ("image", "video", "audio", "pdf")},
    "file": {"type": "file", "file": {"url": "https://example.com/old", "expiry_time": EARLIER},
             "caption": words("old"), "name": "old.txt"},
    **{kind: {} for kind in ("divider", "breadcrumb", "tab", "column", "column_list")},
}  # fmt: skip


def test_each_kind_of_block_that_can_be_changed_is_changed_here() -> None:
    assert set(CHANGES) == set(KINDS) - set(FIXED)


@pytest.mark.parametrize("kind", CHANGES)
async def test_what_a_change_does_not_name_stays(kind: str) -> None:
    old = BEFORE.get(kind, OLD_TEXT)
    async with emulated(page("Home"), block("b", HOME, kind, content=old)) as notion:
        changed = await notion.patch(at("b"), {"type": kind, kind: CHANGES[kind]})
        again = await notion.get(at("b"))
        home = await notion.get(PAGE)
        me = await bot(notion)

    assert {**changed, "request_id": ""} == {**again, "request_id": ""}
    assert (changed["last_edited_time"], changed["last_edited_by"]) == (MINUTE, me)
    assert home["last_edited_time"] == MINUTE
    expected = {**old, **CHANGES[kind]}
    if "rich_text" in CHANGES[kind]:
        expected["rich_text"] = words("new")
    if kind == "table_row":
        expected["cells"] = [words("a"), words("b")]
    if kind == "callout":
        expected["icon"] = ROCKET
    if kind == "embed":
        expected["caption"] = words("new")
    if "external" in CHANGES[kind]:
        expected = {**expected, "type": "external"}
        del expected["file"]
    assert changed[kind] == expected


BLOCKS: list[tuple[str, Object, str]] = [
    ("paragraph", {"to_do": {"checked": True}}, "cannot be changed by body.to_do"),
    ("paragraph", {"paragraph": {}, "quote": {}}, "Fix one:"),
    ("paragraph", {"type": "quote", "paragraph": {}}, "body.type should be"),
    ("paragraph", {"paragraph": {"children": []}}, "children should be not present"),
    ("paragraph", {"paragraph": {"rich_text": text("x" * 2001)}}, "should be ≤ `2000`"),
    ("paragraph", {"archived": True}, "body.archived should be not present"),
    ("paragraph", {"in_trash": 1}, "body.in_trash should be a boolean"),
    ("quote", {"quote": {"color": "red"}}, "body.quote.rich_text should be defined"),
    ("numbered_list_item", {"numbered_list_item": {**RICH, "list_start_index": 2}}, "not present"),
    ("column_list", {"column_list": {}}, "cannot be changed by body.column_list"),
    ("table", {"table": {"table_width": 3}}, "table_width should be not present"),
    ("table_row", {"table_row": {"cells": [text("x")]}}, "must match the table width"),
    ("image", {"image": {"file_upload": {}}}, "body.image.file_upload.id should be defined"),
    ("paragraph", {"in_trash": True, "paragraph": {}}, "archived"),
]


@pytest.mark.parametrize(("kind", "body", "message"), BLOCKS)
async def test_a_refused_change_of_a_block_changes_nothing(
    kind: str, body: Object, message: str
) -> None:
    old = BEFORE.get(kind, OLD_TEXT)
    async with emulated(page("Home"), block("b", HOME, kind, content=old)) as notion:
        assert message in await notion.wrong("PATCH", at("b"), body)
        after = await notion.get(at("b"))

    assert after[kind] == old
    assert after["last_edited_time"] == EARLIER
    assert notion.emulator.commits == []


async def test_a_block_goes_to_the_trash_and_comes_back_changed() -> None:
    box = under("block_id", "box")
    async with emulated(
        page("Home"), block("box", HOME, "toggle", has_children=True), block("b", box)
    ) as notion:
        gone = await notion.patch(at("b"), {"in_trash": True})
        empty = await notion.get(at("box"))
        refused = await notion.wrong("PATCH", at("b"), {"paragraph": RICH})
        twice = await notion.wrong("DELETE", at("b"))
        back = await notion.patch(at("b"), {"archived": False, "paragraph": RICH}, version=OLD)
        full = await notion.get(at("box"))

    assert gone["in_trash"] is True
    assert empty["has_children"] is False
    assert "archived" in refused
    assert "archived" in twice
    assert (back["in_trash"], back["paragraph"]["rich_text"]) == (False, words("new"))
    assert full["has_children"] is True


async def test_a_page_is_restored_by_its_block() -> None:
    async with emulated(page("Home"), page("Sub", HOME, in_trash=True)) as notion:
        back = await notion.patch(at("Sub"), {"in_trash": False})
        sub = await notion.get(at("Sub", "pages"))

    assert (back["type"], back["in_trash"]) == ("child_page", False)
    assert sub["in_trash"] is False


# ------------------------------------------------------------------------------- comments


async def written(notion: Raw, content: str) -> Object:
    body = {"parent": {"page_id": uid("Home")}, "rich_text": text(content)}
    return await notion.post("/v1/comments", body)


async def test_a_comment_is_corrected() -> None:
    async with emulated(page("Home")) as notion:
        made = await written(notion, "old")
        path = f"/v1/comments/{made['id']}"
        changed = await notion.patch(path, {"rich_text": text("new")})
        again = await notion.get(path)

    assert changed["rich_text"] == again["rich_text"] == words("new")
    assert {**changed, "rich_text": 0, "request_id": 0} == {
        **made,
        "rich_text": 0,
        "request_id": 0,
    }


async def test_a_deleted_comment_is_gone_for_good() -> None:
    async with emulated(page("Home")) as notion:
        made, kept = await written(notion, "one"), await written(notion, "two")
        path = f"/v1/comments/{made['id']}"
        deleted = await notion.delete(path)
        statuses = [(await notion.send(method, path))[0] for method in ("GET", "DELETE")]
        listed = await notion.ids("GET", f"/v1/comments?block_id={uid('Home')}")

    assert deleted["rich_text"] == words("one")
    assert statuses == [404, 404]
    assert listed == [kept["id"]]
    assert notion.emulator.truth().comments == {kept["id"]}


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"rich_text": []}), ("DELETE", None)])
async def test_only_its_author_changes_a_comment(method: str, body: Any) -> None:
    async with emulated(page("Home"), comment("theirs", HOME)) as notion:
        status, answer = await notion.send(method, at("theirs", "comments"), body)

    assert (status, answer["code"]) == (403, "restricted_resource")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Fix one:"),
        ({"markdown": 1}, "body.markdown should be a string"),
        ({"rich_text": 1}, "body.rich_text should be an array"),
        ({"rich_text": [], "parent": HOME}, "body.parent should be not present"),
    ],
)
async def test_changed_comments_are_validated(body: Object, message: str) -> None:
    async with emulated(page("Home")) as notion:
        made = await written(notion, "old")
        assert message in await notion.wrong("PATCH", f"/v1/comments/{made['id']}", body)
