"""Templates: which there are, and pages that are made from them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from notion_async import ConfigurationError
from notion_async.models import Parent
from notion_async.testing.store import Store
from notion_async.testing.templates import Templates, add_template

from .clients import connected, store_of
from .emulated import (
    NOW,
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
)
from .test_emulator_writing import external, text

TABLE = uid("Table")
TITLE: Object = {
    "id": "title", "name": "Name", "description": None, "type": "title", "title": {},
}  # fmt: skip
SCHEMA: Object = {
    "Name": TITLE,
    "Size": {"id": "sz", "name": "Size", "description": None, "type": "number",
             "number": {"format": "number"}},
    "Done": {"id": "dn", "name": "Done", "description": None, "type": "checkbox", "checkbox": {}},
    "Made": {"id": "md", "name": "Made", "description": None, "type": "created_time",
             "created_time": {}},
}  # fmt: skip


def values(size: int | None, *, done: bool) -> Object:
    return {
        "Size": {"id": "sz", "type": "number", "number": size},
        "Done": {"id": "dn", "type": "checkbox", "checkbox": done},
    }


def mention(kind: str, content: str) -> Object:
    (run,) = words(content)
    name = f"template_mention_{kind}"
    about = {"type": name, name: content}
    told = {"type": "template_mention", "template_mention": about}
    return {**run, "type": "mention", "mention": told, "text": None}


def said(name: str, parent: Object, *runs: Object) -> Object:
    for run in runs:
        run.pop("text", None)
    content = {"rich_text": list(runs), "icon": None, "color": "default"}
    return block(name, parent, content=content)


ON_WEEKLY = under("page_id", "Weekly")
OBJECTS = (
    database("Tasks", sources=("Table",)),
    data_source("Table", "Tasks", SCHEMA),
    row("Weekly", "Table", values(3, done=True), cover=external(),
        icon={"type": "emoji", "emoji": "\N{ROCKET}"}),
    row("Report", "Table", values(None, done=False)),
    block("Agenda", ON_WEEKLY, "toggle", has_children=True),
    block("Point", under("block_id", "Agenda")),
    said("When", ON_WEEKLY, mention("date", "today"), mention("date", "now"),
         mention("user", "me")),
    page("Notes", ON_WEEKLY),
    row("Row", "Table", values(None, done=False)),
    block("Old", under("page_id", "Row")),
)  # fmt: skip


def with_templates(raw: Raw) -> Store:
    store = store_of(raw)
    add_template(store, TABLE, uid("Report"), default=False)
    add_template(store, TABLE, uid("Weekly"), default=True)
    return store


async def content(raw: Raw, identity: str) -> list[str]:
    """Return the text of the blocks on a page, and of those below each."""
    found: list[str] = []
    for one in (await raw.get(f"/v1/blocks/{identity}/children"))["results"]:
        found.append("".join(run["plain_text"] for run in one[one["type"]]["rich_text"]))
        if one["has_children"]:
            found += await content(raw, one["id"])
    return found


WEEKLY = ["Agenda", "Point", "2026-05-172026-05-17T10:42+00:00@Emulator"]


async def test_a_data_source_lists_its_templates() -> None:
    async with connected(*OBJECTS) as (notion, raw):
        none = [one async for one in notion.data_sources.list_templates(TABLE)]
        with_templates(raw)
        found = [one async for one in notion.data_sources.list_templates(TABLE, page_size=1)]
        named = [one async for one in notion.data_sources.list_templates(TABLE, name="week")]
        rows = [one.id async for one in notion.data_sources.query(TABLE)]

    assert none == []
    assert [(one.id, one.name, one.is_default) for one in found] == [
        (uid("Report"), "Report", False),
        (uid("Weekly"), "Weekly", True),
    ]
    assert [one.name for one in named] == ["Weekly"]
    assert rows == [uid("Row")]


async def test_there_is_one_default_and_none_in_the_trash() -> None:
    async with connected(*OBJECTS) as (notion, raw):
        store = with_templates(raw)
        add_template(store, TABLE, uid("Report"), default=True)
        both = [one async for one in notion.data_sources.list_templates(TABLE)]
        await notion.pages.update(uid("Weekly"), in_trash=True)
        left = [one.name async for one in notion.data_sources.list_templates(TABLE)]

    assert {one.name: one.is_default for one in both} == {"Weekly": False, "Report": True}
    assert left == ["Report"]


@pytest.mark.parametrize(("source", "name"), [("Table", "nobody"), ("nowhere", "Weekly")])
async def test_only_what_is_there_is_made_a_template(source: str, name: str) -> None:
    async with emulated(*OBJECTS) as raw:
        with pytest.raises(ConfigurationError, match="load it first"):
            add_template(store_of(raw), uid(source), uid(name), default=False)


async def test_a_page_is_blank_until_its_template_is_applied() -> None:
    async with connected(*OBJECTS) as (notion, raw):
        with_templates(raw)
        made = await notion.pages.create(
            parent=Parent(data_source_id=TABLE), template={"type": "default"}
        )
        later = await raw.get(f"/v1/pages/{made.id}")
        found = await content(raw, made.id)
        blocks = await raw.ids("GET", f"/v1/blocks/{made.id}/children")

    assert made.icon is None
    assert made.properties["Size"].value is None
    assert later["icon"] == {"type": "emoji", "emoji": "\N{ROCKET}"}
    assert later["cover"] == external()
    assert later["properties"]["Name"]["title"] == words("Weekly")
    assert later["properties"]["Size"]["number"] == 3
    assert later["properties"]["Done"]["checkbox"] is True
    assert later["properties"]["Made"]["created_time"] == later["created_time"]
    assert found == WEEKLY
    assert {uid("Agenda"), uid("When")}.isdisjoint(blocks)


async def test_what_is_given_goes_before_what_the_template_says() -> None:
    async with connected(*OBJECTS) as (notion, raw):
        with_templates(raw)
        made = await notion.pages.create(
            parent=Parent(data_source_id=TABLE),
            properties={"Name": {"title": text("Mine")}, "Size": {"number": 0}},
            icon={"emoji": "\N{FIRE}"},
            template={"type": "template_id", "template_id": uid("Weekly")},
        )
        later = await raw.get(f"/v1/pages/{made.id}")

    assert later["icon"] == {"type": "emoji", "emoji": "\N{FIRE}"}
    assert later["properties"]["Name"]["title"] == words("Mine")
    assert later["properties"]["Size"]["number"] == 0
    assert later["properties"]["Done"]["checkbox"] is True


async def test_a_template_knows_the_time_zone() -> None:
    async with connected(*OBJECTS) as (notion, raw):
        with_templates(raw)
        made = await notion.pages.create(
            parent=Parent(data_source_id=TABLE),
            template={"type": "default", "timezone": "Pacific/Kiritimati"},
        )
        found = await content(raw, made.id)

    assert found[2].startswith("2026-05-182026-05-18T00:42+14:00")


async def test_no_template_is_none_at_all() -> None:
    async with connected(*OBJECTS) as (notion, raw):
        with_templates(raw)
        made = await notion.pages.create(
            parent=Parent(data_source_id=TABLE),
            properties={},
            children=[{"paragraph": {"rich_text": text("Mine")}}],
            template={"type": "none"},
        )
        found = await content(raw, made.id)

    assert found == ["Mine"]


async def test_a_template_takes_its_time() -> None:
    now = NOW

    async with connected(*OBJECTS, wall=lambda: now) as (notion, raw):
        with_templates(raw).part(Templates).delay = 5
        made = await notion.pages.create(
            parent=Parent(data_source_id=TABLE), template={"type": "default"}
        )
        now += timedelta(seconds=4)
        early = await notion.pages.retrieve(made.id)
        now += timedelta(seconds=1)
        late = await notion.pages.retrieve(made.id)
        found = await content(raw, made.id)

    assert (early.icon is None, late.icon is None) == (True, False)
    assert found[:2] == WEEKLY[:2]


@pytest.mark.parametrize("gone", ["page", "template"])
async def test_a_template_that_cannot_be_applied_any_more_is_not(gone: str) -> None:
    now = NOW

    async with connected(*OBJECTS, wall=lambda: now) as (notion, raw):
        store = with_templates(raw)
        store.part(Templates).delay = 5
        made = await notion.pages.create(
            parent=Parent(data_source_id=TABLE), template={"type": "default"}
        )
        if gone == "page":
            await notion.pages.update(made.id, in_trash=True)
        else:
            store.remove(store.find("page", uid("Weekly")))
        now += timedelta(seconds=5)
        later = await notion.pages.retrieve(made.id)

    assert later.icon is None


@pytest.mark.parametrize(("replaces", "expected"), [(False, ["Old", *WEEKLY]), (True, WEEKLY)])
async def test_a_template_is_applied_to_a_page(replaces: bool, expected: list[str]) -> None:
    async with connected(*OBJECTS) as (notion, raw):
        with_templates(raw)
        changed = await notion.pages.update(
            uid("Row"), template={"type": "default"}, erase_content=replaces
        )
        later = await raw.get(f"/v1/pages/{uid('Row')}")
        found = await content(raw, uid("Row"))

    assert changed.icon is None
    assert later["properties"]["Size"]["number"] == 3
    assert later["properties"]["Name"]["title"] == words("Row")
    assert found == expected


async def test_a_page_is_emptied() -> None:
    async with connected(*OBJECTS) as (notion, raw):
        await notion.pages.update(uid("Row"), erase_content=True)
        found = await content(raw, uid("Row"))
        old = await raw.get(f"/v1/blocks/{uid('Old')}")

    assert found == []
    assert old["in_trash"] is True


async def test_an_archived_row_is_found_among_the_archived() -> None:
    async with connected(*OBJECTS) as (notion, raw):
        with_templates(raw)
        changed = await notion.pages.update(uid("Row"), is_archived=True)
        rows = [one.id async for one in notion.data_sources.query(TABLE)]
        archived = [one.id async for one in notion.data_sources.query(TABLE, is_archived=True)]

    assert (changed.is_archived, changed.in_trash) == (True, False)
    assert (rows, archived) == ([], [uid("Row")])


NEW: Object = {"parent": {"data_source_id": TABLE}}
REFUSED: list[tuple[str, Any, str]] = [
    ("POST", {**NEW, "template": {}}, "body.template.type should be defined"),
    ("POST", {**NEW, "template": {"type": "none", "x": 1}}, "body.template.x should be not"),
    ("POST", {**NEW, "template": {"type": "template_id"}}, "template_id should be defined"),
    ("POST", {**NEW, "template": {"type": "none"}}, "body.properties should be defined"),
    (
        "POST",
        {**NEW, "template": {"type": "default"}, "children": []},
        "body.children should be not present",
    ),
    *(
        ("POST", {**NEW, "template": {"type": "default", "timezone": zone}}, "IANA time zone")
        for zone in ("Mars/Base", "../etc", "")
    ),
    (
        "POST",
        {"parent": under("page_id", "Notes"), "properties": {}, "template": {"type": "default"}},
        "There is no default template",
    ),
    ("PATCH", {"template": {"type": 1}}, "body.template.type should be"),
    ("PATCH", {"template": {"type": "none"}}, "body.template.type should be"),
    ("PATCH", {"erase_content": "all"}, "body.erase_content should be a boolean"),
    ("PATCH", {"is_archived": 1}, "body.is_archived should be a boolean"),
]


@pytest.mark.parametrize(("method", "body", "message"), REFUSED)
async def test_a_template_that_is_wrong_changes_nothing(
    method: str, body: Object, message: str
) -> None:
    path = "/v1/pages" if method == "POST" else f"/v1/pages/{uid('Row')}"
    async with emulated(*OBJECTS) as raw:
        with_templates(raw)
        assert message in await raw.wrong(method, path, body)

        assert raw.emulator.commits == []


async def test_a_template_that_is_not_there_is_not_found() -> None:
    body = {**NEW, "template": {"type": "template_id", "template_id": uid("nobody")}}
    async with emulated(*OBJECTS) as raw:
        status, answer = await raw.send("POST", "/v1/pages", body)

    assert (status, answer["code"]) == (404, "object_not_found")


HOME = under("page_id", "Home")
AFTER: Object = {"type": "after_block", "after_block": {"id": uid("one")}}


@pytest.mark.parametrize(
    ("position", "place"), [(AFTER, 1), ({"type": "page_start"}, 0), ({"type": "page_end"}, 2)]
)
async def test_a_page_is_put_where_it_is_to_be(position: Object, place: int) -> None:
    async with connected(page("Home"), block("one", HOME), block("two", HOME)) as (notion, raw):
        made = await notion.pages.create(
            parent=Parent(page_id=uid("Home")), properties={}, position=position
        )
        listed = await raw.ids("GET", f"/v1/blocks/{uid('Home')}/children")

    assert listed.index(made.id) == place


POSITIONS: list[tuple[Object, str]] = [
    ({"parent": HOME, "position": {"type": "x"}}, "body.position.type should be"),
    ({"parent": HOME, "position": {"type": "page_end", "after_block": {}}}, "not present"),
    ({"parent": HOME, "position": {"type": "after_block"}}, "after_block should be defined"),
    (
        {"parent": HOME, "position": {**AFTER, "after_block": {"id": uid("x")}}},
        "is not a child of",
    ),
    ({**NEW, "position": {"type": "page_end"}}, "whose parent is a page"),
]


@pytest.mark.parametrize(("body", "message"), POSITIONS)
async def test_a_position_that_is_wrong_is_refused(body: Object, message: str) -> None:
    async with emulated(*OBJECTS, page("Home"), block("one", HOME)) as raw:
        assert message in await raw.wrong("POST", "/v1/pages", {"properties": {}, **body})
