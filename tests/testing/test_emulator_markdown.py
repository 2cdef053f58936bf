"""A page's Markdown, as the emulator answers it."""

from __future__ import annotations

import asyncio

import pytest

from notion_async.content.markdown import write_markdown
from notion_async.content.tree import nest
from notion_async.content.walk import Walk
from tests.front import workspace_of
from tests.testing.emulated import OLD, Object, block, emulated, page, uid, under, words

IN_PAGE = under("page_id", "page")


def content() -> list[Object]:
    text = {"rich_text": words("Open *me*"), "color": "default"}
    return [
        page("page"),
        block("first", IN_PAGE),
        block("toggle", IN_PAGE, "toggle", content=text, has_children=True),
        block("inner", under("block_id", "toggle"), "to_do", content={**text, "checked": True}),
        block("child", IN_PAGE, "child_page", content={"title": "Child"}, has_children=True),
        block("in child", under("page_id", "child")),
        block("last", IN_PAGE),
    ]


def path(name: str) -> str:
    return f"/v1/pages/{uid(name)}/markdown"


async def test_a_page_is_answered_in_markdown() -> None:
    async with emulated(*content()) as notion:
        answer = await notion.get(path("page"))

    assert answer.pop("request_id")
    child = f"https://app.notion.com/p/{uid('child').replace('-', '')}"
    assert answer == {
        "object": "page_markdown",
        "id": uid("page"),
        "markdown": "\n".join(
            [
                "first",
                "<details>",
                r"<summary>Open \*me\*</summary>",
                r"	- [x] Open \*me\*",
                "</details>",
                f'<page url="{child}">Child</page>',
                "last",
            ]
        ),
        "truncated": False,
        "unknown_block_ids": [],
    }


async def test_a_block_is_answered_with_what_is_below_it() -> None:
    async with emulated(*content()) as notion:
        answer = await notion.get(path("toggle"))

    assert answer["markdown"] == r"- [x] Open \*me\*"


async def test_a_page_without_content_is_empty_text() -> None:
    async with emulated(page("page")) as notion:
        answer = await notion.get(path("page"))

    assert (answer["markdown"], answer["truncated"]) == ("", False)


async def test_what_has_no_markdown_is_named() -> None:
    mark = {"url": "https://example.com", "caption": []}
    objects = [
        page("page"),
        block("mark", IN_PAGE, "bookmark", content=mark),
        block("ai", IN_PAGE, "unsupported", content={"block_type": "ai_block"}),
    ]

    async with emulated(*objects) as notion:
        answer = await notion.get(path("page"))

    assert answer["unknown_block_ids"] == [uid("mark"), uid("ai")]
    assert "example.com" not in answer["markdown"]
    assert 'alt="ai_block"' in answer["markdown"]


async def test_what_is_in_the_trash_is_left_out() -> None:
    objects = [page("page"), block("kept", IN_PAGE), block("gone", IN_PAGE, in_trash=True)]

    async with emulated(*objects) as notion:
        answer = await notion.get(path("page"))

    assert answer["markdown"] == "kept"


async def test_blocks_that_hold_each_other_come_to_an_end() -> None:
    objects = [block("a", under("block_id", "b"), has_children=True)]
    objects += [block("b", under("block_id", "a"), has_children=True)]

    async with asyncio.timeout(10), emulated(*objects) as notion:
        answer = await notion.get(path("a"))

    assert answer["markdown"].split() == ["b", "a"]


@pytest.mark.parametrize("known", ["true", "false"])
async def test_transcripts_may_be_asked_for(known: str) -> None:
    async with emulated(*content()) as notion:
        answer = await notion.get(path("page") + f"?include_transcript={known}")

    assert answer["object"] == "page_markdown"


async def test_other_parameters_are_refused() -> None:
    async with emulated(*content()) as notion:
        message = await notion.wrong("GET", path("page") + "?as=html")

    assert "as" in message


async def test_an_unknown_page_is_not_found() -> None:
    async with emulated() as notion:
        status, answer = await notion.send("GET", path("page"))

    assert (status, answer["code"]) == (404, "object_not_found")


async def test_both_versions_write_the_same() -> None:
    async with emulated(*content()) as notion:
        new, old = await notion.get(path("page")), await notion.get(path("page"), version=OLD)

    assert new["markdown"] == old["markdown"]


async def test_it_is_what_a_walk_would_write() -> None:
    async with workspace_of(*content()) as notion:
        answer = await notion.client.pages.retrieve_markdown(uid("page"))
        async with Walk(notion.client, uid("page")) as blocks:
            placed = [one async for one in blocks]

    assert answer.markdown == write_markdown(nest(placed), as_notion=True)
