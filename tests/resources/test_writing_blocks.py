"""What is sent to change a block, and where blocks are appended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from notion_async import AsyncClient, structure, text
from notion_async.models import (
    Block,
    Callout,
    Divider,
    ExternalFile,
    File,
    HostedFile,
    Icon,
    Image,
    Paragraph,
    Table,
    Toggle,
    Unsupported,
)
from notion_async.types import JSON
from tests.models.tools import one_of_each
from tests.resources.asking import HI, HOME, OTHER, asked, refused
from tests.resources.bodies import fits


async def test_every_block_of_the_demo_workspace_is_given_back(shared: Path) -> None:
    changed: set[str] = set()
    for data in one_of_each():
        if data["object"] != "block":
            continue
        block = structure(data, Block)
        if block.type in FIXED or not accepted(data):
            continue
        changed.add(block.type)

        request = await asked(partial(update_block, block=block))

        assert (request.method, set(request.body)) == ("PATCH", {block.type})
        fits(shared, "UpdateBlockBodyParameters", request.body)
    assert len(changed) > 20


async def update_block(notion: AsyncClient, block: Block) -> object:
    return await notion.blocks.update(HOME, block)


def accepted(data: Mapping[str, JSON]) -> bool:
    """Not texts with previews of links: Notion shows them, and accepts none."""
    return not any(f'"{kind}"' in json.dumps(data) for kind in ("link_mention", "link_preview"))


FIXED = {
    "child_page": "use pages.update",
    "child_database": "use databases.update",
    "column_list": "but for in_trash",
    "link_preview": "but for in_trash",
    "meeting_notes": "but for in_trash",
    "transcription": "but for in_trash",
    "unsupported": "but for in_trash",
}


@pytest.mark.parametrize("kind", FIXED)
async def test_a_block_that_cannot_be_changed_is_refused(kind: str) -> None:
    block = structure({"object": "block", "id": HOME, "type": kind, kind: {}}, Block)

    await refused(
        lambda notion: notion.blocks.update(HOME, block),
        f"a block of type {kind} cannot be changed.*{FIXED[kind]}",
    )


CHANGES: list[tuple[Any, dict[str, JSON]]] = [
    (Paragraph([text("hi")]), {"paragraph": {"rich_text": [HI], "color": "default"}}),
    (Block(Divider()), {"divider": {}}),
    ({"to_do": {"checked": True}}, {"to_do": {"checked": True}}),
    (
        Toggle([text("hi")], children=[Block(Divider())]),
        {"toggle": {"rich_text": [HI], "color": "default"}},
    ),
    (
        Table(3, has_column_header=True),
        {"table": {"has_column_header": True, "has_row_header": False}},
    ),
    (
        Image(type="file", file=HostedFile("https://files.example/a"), caption=[text("hi")]),
        {"image": {"caption": [HI]}},
    ),
    (
        File(type="external", external=ExternalFile("https://example.com/a"), name="a"),
        {"file": {"external": {"url": "https://example.com/a"}, "name": "a"}},
    ),
    (
        Callout([], icon=Icon(type="file", file=HostedFile("https://files.example/a"))),
        {"callout": {"rich_text": [], "color": "default"}},
    ),
    (
        Callout([], icon=Icon(emoji="🎉")),
        {"callout": {"rich_text": [], "color": "default", "icon": {"emoji": "🎉"}}},
    ),
    (Unsupported("vote", {"up": 3}), {"vote": {"up": 3}}),
    (Block(Unsupported("vote", {"up": 3})), {"vote": {"up": 3}}),
]


@pytest.mark.parametrize(("content", "sent"), CHANGES)
async def test_a_block_is_changed_by_its_content(content: Any, sent: JSON) -> None:
    request = await asked(lambda notion: notion.blocks.update(HOME, content))

    assert request.body == sent


async def test_a_block_is_changed_and_restored_at_once() -> None:
    request = await asked(lambda notion: notion.blocks.update(HOME, Divider(), in_trash=False))

    assert request.body == {"divider": {}, "in_trash": False}


async def test_a_block_is_not_changed_by_nothing() -> None:
    await refused(lambda notion: notion.blocks.update(HOME), "give content or in_trash")


AFTER: dict[str, JSON] = {"type": "after_block", "after_block": {"id": OTHER}}
PLACES: list[tuple[str, dict[str, Any], dict[str, JSON]]] = [
    ("2026-03-11", {}, {}),
    ("2026-03-11", {"position": {"type": "start"}}, {"position": {"type": "start"}}),
    ("2026-03-11", {"position": {"type": "end"}}, {"position": {"type": "end"}}),
    ("2026-03-11", {"position": AFTER}, {"position": AFTER}),
    ("2026-03-11", {"after": OTHER.replace("-", "")}, {"position": AFTER}),
    ("2025-09-03", {}, {}),
    ("2025-09-03", {"position": {"type": "end"}}, {}),
    ("2025-09-03", {"position": AFTER}, {"after": OTHER}),
    ("2025-09-03", {"after": f"https://www.notion.so/a#{OTHER}"}, {"after": OTHER}),
]


@pytest.mark.parametrize(("version", "given", "sent"), PLACES)
async def test_blocks_are_appended_where_each_version_says_it(
    version: str, given: dict[str, Any], sent: dict[str, JSON]
) -> None:
    request = await asked(
        lambda notion: notion.blocks.children.append(HOME, children=[Divider()], **given), version
    )

    assert request.body == {"children": [{"type": "divider", "divider": {}}], **sent}


@pytest.mark.parametrize("position", [{"type": "start"}, {"type": "after_block"}, {}])
async def test_a_position_that_the_older_version_lacks_is_refused(position: JSON) -> None:
    await refused(
        lambda notion: notion.blocks.children.append(
            HOME, children=[Divider()], position=cast("Any", position)
        ),
        "version 2025-09-03 of Notion's API appends after a block or at the end",
        "2025-09-03",
    )


@pytest.mark.parametrize("version", ["2026-03-11", "2025-09-03"])
async def test_position_and_after_together_are_refused(version: str) -> None:
    await refused(
        lambda notion: notion.blocks.children.append(
            HOME, children=[Divider()], position={"type": "end"}, after=OTHER
        ),
        "give one of them",
        version,
    )
