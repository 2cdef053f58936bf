"""Blocks whose append was not answered: found among the children, or left unknown."""

from __future__ import annotations

import asyncio

import pytest

from notion_async import (
    WriteOutcomeUnknown,
)
from notion_async.models import BlockContent, Paragraph, ToDo, text
from tests.resources.losing import (
    AFTER,
    BEFORE,
    SOMEBODY,
    done,
    home,
    left_unknown,
    losing_client,
)
from tests.testing.emulated import (
    MINUTE,
    block,
    page,
    uid,
    under,
)


async def test_blocks_that_are_found_are_not_appended_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    children: list[BlockContent] = [
        Paragraph([text("a"), text("b")]),
        ToDo([text("c")], checked=True),
    ]
    earlier = await notion.blocks.children.append(uid("home"), children=children)
    losing.lose("PATCH", AFTER)

    found = await done(losing, notion.blocks.children.append(uid("home"), children=children))

    assert [one.type for one in found] == ["paragraph", "to_do"]
    assert not {one.id for one in found} & {one.id for one in earlier}
    assert losing.count("PATCH") == 2


async def test_blocks_that_are_not_found_stay_unknown_after_two_looks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", BEFORE)
    children = [Paragraph([text("a")])]

    await left_unknown(losing, notion.blocks.children.append(uid("home"), children=children))

    assert losing.times == [0.0, 0.0, 2.0]


async def test_blocks_that_somebody_else_has_written_are_not_taken_for_those_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theirs = block("a", under("page_id", "home"), created_time=MINUTE, last_edited_by=SOMEBODY)
    losing, notion = losing_client(monkeypatch, page("home"), theirs)
    losing.lose("PATCH", BEFORE)
    children = [Paragraph([text("a")])]

    await left_unknown(losing, notion.blocks.children.append(uid("home"), children=children))


async def test_blocks_that_two_appends_may_have_made_stay_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", AFTER, BEFORE)
    children = [Paragraph([text("a")])]

    both = [notion.blocks.children.append(uid("home"), children=children) for _ in range(2)]
    found = await done(losing, asyncio.gather(*both, return_exceptions=True))

    assert [type(one) for one in found] == [WriteOutcomeUnknown] * 2


async def test_a_listing_that_is_too_long_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = [block(f"line {n}", under("page_id", "home")) for n in range(2001)]
    losing, notion = losing_client(monkeypatch, page("home"), *lines)
    losing.lose("PATCH", AFTER)
    children = [Paragraph([text("a")])]

    await left_unknown(losing, notion.blocks.children.append(uid("home"), children=children))

    assert losing.count("GET") == 20
