"""Appending blocks: what is taken, what is filled in, and where they go."""

from __future__ import annotations

from typing import Any

import pytest

from notion_async.testing.block_kinds import KINDS

from .emulated import (
    MINUTE,
    OLD,
    Object,
    block,
    custom_emoji,
    emulated,
    page,
    person,
    uid,
    under,
    words,
)

HOME = under("page_id", "Home")
CHILDREN = f"/v1/blocks/{uid('Home')}/children"
PARENT = {"page_id": uid("Home")}
BUFO = {name: value for name, value in custom_emoji("bufo").items() if name != "object"}


def text(content: str) -> list[Object]:
    return [{"text": {"content": content}}]


def paragraph(content: str, **more: Any) -> Object:
    return {"paragraph": {"rich_text": text(content), **more}}


def external(url: str = "https://example.com/x.png") -> Object:
    return {"type": "external", "external": {"url": url}}


MINIMAL: dict[str, Object] = {
    **{
        name: {"rich_text": []}
        for name in KINDS
        if "rich_text" in KINDS[name].fields and name != "code"
    },
    "code": {"rich_text": [], "language": "python"},
    "equation": {"expression": "x"},
    "divider": {},
    "breadcrumb": {},
    "table_of_contents": {},
    "column": {"width_ratio": 0.5},
    "column_list": {"children": [{"column": {"children": [paragraph("a", children=[])]}}]},
    "tab": {"children": [paragraph("label")]},
    "table": {"table_width": 1, "children": [{"table_row": {"cells": [text("x")]}}]},
    "table_row": {"cells": [[]]},
    "synced_block": {"synced_from": {"block_id": uid("source")}},
    "link_to_page": {"page_id": uid("Home")},
    "bookmark": {"url": "https://example.com"},
    "embed": {"url": "https://example.com"},
    **{name: external() for name in ("image", "video", "audio", "pdf", "file")},
}


@pytest.mark.parametrize("kind", list(KINDS))
async def test_every_type_of_block_can_be_appended_and_is_filled_in(kind: str) -> None:
    async with emulated(page("Home")) as notion:
        answer = await notion.patch(CHILDREN, {"children": [{"type": kind, kind: MINIMAL[kind]}]})
        made = answer["results"][0]
        read = await notion.get(f"/v1/blocks/{made['id']}")

    content = dict(MINIMAL[kind])
    has_children = bool(content.pop("children", None))
    assert made["type"] == kind
    assert made["has_children"] is has_children
    assert content.items() <= {
        **made[kind],
        "synced_from": content.get("synced_from"),
    }.items() or (made[kind].get("synced_from", {}).get("block_id") == uid("source"))
    read.pop("request_id")
    assert read == made


async def test_what_notion_adds_is_added() -> None:
    callout = {"callout": {"rich_text": text("x")}}
    async with emulated(page("Home")) as notion:
        answer = await notion.patch(CHILDREN, {"children": [paragraph("hi"), callout]})

    first, second = answer["results"]
    assert first["paragraph"] == {"rich_text": words("hi"), "icon": None, "color": "default"}
    assert second["callout"]["icon"]["type"] == "emoji"
    assert first["parent"] == HOME
    assert first["created_time"] == MINUTE
    assert answer["next_cursor"] is None
    assert (answer["type"], answer["block"]) == ("block", {})


async def test_rich_text_is_filled_in() -> None:
    runs = [
        {"text": {"content": "link", "link": {"url": "https://example.com"}}},
        {"text": {"content": "bold", "link": None}, "annotations": {"bold": True, "color": "red"}},
        {"equation": {"expression": "e=mc^2"}},
        {"mention": {"user": {"id": uid("ada")}}},
        {"mention": {"user": {"id": uid("stranger")}}},
        {"mention": {"page": {"id": uid("Home")}}},
        {"mention": {"date": {"start": "2026-05-17"}}},
        {"mention": {"custom_emoji": {"id": uid("bufo")}}},
        {"mention": {"template_mention": {"template_mention_date": "today"}}},
        words("as read")[0],
    ]
    async with emulated(page("Home"), person("ada"), custom_emoji("bufo")) as notion:
        answer = await notion.patch(CHILDREN, {"children": [{"quote": {"rich_text": runs}}]})

    found = answer["results"][0]["quote"]["rich_text"]
    assert [run["plain_text"] for run in found] == [
        "link",
        "bold",
        "e=mc^2",
        "@Ada",
        "@Anonymous",
        "Home",
        "2026-05-17",
        ":bufo:",
        "",
        "as read",
    ]
    assert found[0]["href"] == "https://example.com"
    assert (found[1]["annotations"]["bold"], found[1]["annotations"]["color"]) == (True, "red")
    assert found[3]["mention"] == {"type": "user", "user": person("ada")}
    assert found[5]["href"].endswith(uid("Home").replace("-", ""))
    assert found[6]["mention"]["date"]["end"] is None
    assert found[7]["mention"]["custom_emoji"] == BUFO
    assert found[8]["mention"]["template_mention"] == {
        "type": "template_mention_date",
        "template_mention_date": "today",
    }
    assert all(set(run) >= {"type", "annotations", "plain_text", "href"} for run in found)


def nested(levels: int) -> Object:
    below = {"children": [nested(levels - 1)]} if levels > 1 else {}
    return paragraph("x", **below)


BLOCKS: list[tuple[object, str]] = [
    ("x", "body.children should be an array"),
    ([1], "body.children[0] should be an object"),
    ([{}], "body.children[0].paragraph should be defined"),
    ([{"type": "nonsense", "nonsense": {}}], "Fix one:"),
    ([{"type": "child_page", "child_page": {"title": "x"}}], "Fix one:"),
    ([{"type": "quote", **paragraph("x")}], "Fix one:"),
    ([{**paragraph("x"), "id": "x"}], "body.children[0].id should be not present"),
    ([{**paragraph("x"), "object": "page"}], 'object should be `"block"`'),
    ([{"paragraph": {}}], "body.children[0].paragraph.rich_text should be defined"),
    ([{"paragraph": {"rich_text": "x"}}], "rich_text should be an array"),
    ([paragraph("x", color="mauve")], "paragraph.color should be"),
    ([paragraph("x", nope=1)], "paragraph.nope should be not present"),
    ([paragraph("x")] * 101, "body.children.length should be ≤ `100`, instead was `101`."),
    ([paragraph("x" * 2001)], "text.content.length should be ≤ `2000`, instead was `2001`."),
    ([{"quote": {"rich_text": text("x") * 101}}], "rich_text.length should be ≤ `100`"),
    ([{"quote": {"rich_text": [{}]}}], "rich_text[0].text should be defined"),
    ([{"quote": {"rich_text": [{"type": "equation", "text": {}}]}}], "equation should be defined"),
    ([{"quote": {"rich_text": [{"text": {}}]}}], "text.content should be defined"),
    ([{"quote": {"rich_text": [{"mention": {}}]}}], "mention.page should be defined"),
    ([{"equation": {"expression": "x" * 1001}}], "expression.length should be ≤ `1000`"),
    ([nested(4)], "children[0].paragraph.children should be not present"),
    ([{"divider": {"children": []}}], "divider.children should be not present"),
    ([{"column_list": {}}], "column_list.children should be defined"),
    ([{"table": {"table_width": 1, "children": []}}], "table.children should be"),
    ([{"column_list": {"children": [paragraph("x")]}}], "children[0].column should be defined"),
    (
        [{"table": {"table_width": 2, "children": [{"table_row": {"cells": [[]]}}]}}],
        "Number of cells",
    ),
    ([{"image": {"file_upload": {}}}], "image.file_upload.id should be defined"),
    ([{"image": {}}], "image.external should be defined"),
    ([{"link_to_page": {}}], "link_to_page.page_id should be defined"),
    ([{"synced_block": {"synced_from": {}}}], "block_id should be defined"),
    ([{"code": {"rich_text": []}}], "code.language should be defined"),
    ([{"numbered_list_item": {"rich_text": [], "list_start_index": "x"}}], "a number"),
    ([{"to_do": {"rich_text": [], "checked": 1}}], "to_do.checked should be a boolean"),
    (
        [paragraph("x", children=[paragraph("y")] * 100)] * 10,
        "body.children.length should be ≤ `1000`, instead was `1010`.",
    ),
]


@pytest.mark.parametrize(("children", "message"), BLOCKS)
async def test_blocks_are_validated(children: object, message: str) -> None:
    async with emulated(page("Home")) as notion:
        assert message in await notion.wrong("PATCH", CHILDREN, {"children": children})
        assert notion.emulator.truth().counts["blocks"] == 0


async def test_blocks_are_nested_two_levels_deep() -> None:
    async with emulated(page("Home")) as notion:
        answer = await notion.patch(CHILDREN, {"children": [nested(3)]})
        depth, parent = 0, uid("Home")
        while found := await notion.ids("GET", f"/v1/blocks/{parent}/children"):
            depth, parent = depth + 1, found[0]

    assert len(answer["results"]) == 1
    assert depth == 3


async def test_an_original_synced_block_has_no_source() -> None:
    body = {"children": [{"synced_block": {"synced_from": None}}]}
    async with emulated(page("Home")) as notion:
        answer = await notion.patch(CHILDREN, body)

    assert answer["results"][0]["synced_block"] == {"synced_from": None}


@pytest.mark.parametrize(
    ("icon", "expected"),
    [
        (None, None),
        ({"icon": {"name": "star"}}, {"type": "icon", "icon": {"name": "star", "color": "gray"}}),
        (
            {"custom_emoji": {"id": uid("bufo").replace("-", "")}},
            {"type": "custom_emoji", "custom_emoji": BUFO},
        ),
        (external(), external()),
    ],
)
async def test_icons_come_in_many_kinds(icon: object, expected: object) -> None:
    body = {"children": [{"callout": {"rich_text": [], "icon": icon}}]}
    async with emulated(page("Home"), custom_emoji("bufo")) as notion:
        answer = await notion.patch(CHILDREN, body)

    assert answer["results"][0]["callout"]["icon"] == expected


async def test_new_blocks_go_where_they_are_told() -> None:
    async with emulated(page("Home"), block("a", HOME), block("b", HOME)) as notion:

        async def put(version: str = "2026-03-11", **where: object) -> None:
            body = {"children": [paragraph("x"), paragraph("y")], **where}
            await notion.patch(CHILDREN, body, version=version)

        after = {"type": "after_block", "after_block": {"id": uid("a")}}
        await put(position=after)
        await put(position={"type": "start"})
        await put(position={"type": "end"})
        await put(version=OLD, after=uid("b"))
        await put(version=OLD)
        found = await notion.get(CHILDREN)

    shown = "".join(one["paragraph"]["rich_text"][0]["plain_text"] for one in found["results"])
    assert shown == "xyaxybxyxyxy"


@pytest.mark.parametrize(
    ("version", "where", "message"),
    [
        ("2026-03-11", {"after": uid("a")}, "body.after should be not present"),
        (OLD, {"position": {"type": "end"}}, "body.position should be not present"),
        (OLD, {"after": uid("nowhere")}, "is not a child of"),
        (OLD, {"after": "x"}, "body.after should be a valid uuid"),
        ("2026-03-11", {"position": {}}, "body.position.type should be defined"),
        ("2026-03-11", {"position": {"type": "after_block"}}, "after_block should be defined"),
        ("2026-03-11", {"position": {"type": "end", "x": 1}}, "body.position.x"),
    ],
)
async def test_places_are_validated(version: str, where: Object, message: str) -> None:
    body = {"children": [paragraph("x")], **where}
    async with emulated(page("Home"), block("a", HOME)) as notion:
        assert message in await notion.wrong("PATCH", CHILDREN, body, version=version)


async def test_appending_to_a_block_makes_it_a_parent_and_its_page_edited() -> None:
    async with emulated(
        page("Home"), block("a", HOME), block("rule", HOME, "divider", content={})
    ) as notion:
        missing = await notion.wrong("PATCH", CHILDREN, {})
        none = await notion.wrong(
            "PATCH", f"/v1/blocks/{uid('rule')}/children", {"children": [paragraph("x")]}
        )
        await notion.patch(f"/v1/blocks/{uid('a')}/children", {"children": [paragraph("x")]})
        parent = await notion.get(f"/v1/blocks/{uid('a')}")
        child = (await notion.get(f"/v1/blocks/{uid('a')}/children"))["results"][0]
        home = await notion.get(f"/v1/pages/{uid('Home')}")

    assert "body.children should be defined" in missing
    assert "do not support children" in none
    assert parent["has_children"] is True
    assert child["parent"] == under("block_id", "a")
    assert home["last_edited_time"] == MINUTE
    assert home["last_edited_by"]["id"] == child["created_by"]["id"]


async def test_blocks_without_a_page_can_be_appended_to() -> None:
    async with emulated(block("a", under("block_id", "unknown"))) as notion:
        path = f"/v1/blocks/{uid('a')}/children"
        await notion.patch(path, {"children": [paragraph("x")]})

        assert len(await notion.ids("GET", path)) == 1


async def test_an_emoji_that_the_workspace_does_not_have_cannot_be_written() -> None:
    unknown = {"custom_emoji": {"id": uid("nowhere"), "name": "bufo"}}
    bodies = (
        {"children": [{"callout": {"rich_text": [], "icon": unknown}}]},
        {"children": [{"quote": {"rich_text": [{"mention": unknown}]}}]},
    )
    async with emulated(page("Home")) as notion:
        for body in bodies:
            status, answer = await notion.send("PATCH", CHILDREN, body)

            assert (status, answer["code"]) == (404, "object_not_found")
