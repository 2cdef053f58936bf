"""D01 to D03: what cannot be read of a workspace is named in its export, and the rest is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from notion_async.export import Manifest, export_workspace
from tests.export.exported import ids, lines, manifest, markdown
from tests.front import (
    BROKEN,
    NOT_FOUND,
    RESTRICTED,
    UNSUPPORTED,
    Asked,
    Intervene,
    Reply,
    refusal,
    workspace_of,
)
from tests.testing.emulated import Object, block, page, uid, under

AI_BLOCK: Final = refusal(
    400, "validation_error", "Block type ai_block is not supported via the API."
)
# What a version of the future sends, and what Notion does not show.
FUTURE: Final = {"type": "hologram", "hologram": {"depth": 3, "rich_text": []}}
HIDDEN: Final = {"type": "unsupported", "unsupported": {"block_type": "ai_block"}}


def answering(replies: dict[str, Reply]) -> Intervene:
    """Answer so for the content of these pages or blocks."""

    async def intervene(asked: Asked) -> Reply | None:
        return next((reply for name, reply in replies.items() if asked.lists(name)), None)

    return intervene


def of_a_kind(name: str, parent: str, kind: Object, *, has_children: bool = False) -> Object:
    """Return a block as of a type that the emulator has not."""
    made = {**block(name, under("page_id", parent)), **kind, "has_children": has_children}
    return {key: each for key, each in made.items() if key != "paragraph"}


async def listing(asked: Asked, *objects: Object) -> Reply | None:
    """Answer the content of the page ``home`` with these."""
    if not asked.lists("home"):
        return None
    return 200, {
        "object": "list",
        "results": list(objects),
        "has_more": False,
        "next_cursor": None,
        "type": "block",
        "block": {},
    }


async def export(out: Path, *objects: Object, intervene: Intervene) -> Manifest:
    async with workspace_of(*objects, intervene=intervene) as workspace:
        return await export_workspace(workspace.client, out)


def gaps(found: Manifest) -> list[tuple[str, str | None]]:
    return [(gap.kind, gap.id) for gap in found.gaps]


def text_of(out: Path, name: str) -> str:
    """Return the Markdown of a page, without what stands before it."""
    found = [text for text in markdown(out).values() if uid(name) in text]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("kind", [FUTURE, HIDDEN])
async def test_d01_a_block_of_an_unknown_type_has_a_placeholder_and_is_kept_raw(
    tmp_path: Path, kind: Object
) -> None:
    odd = of_a_kind("odd", "home", kind)
    before, after = (block(name, under("page_id", "home")) for name in ("before", "after"))

    async def intervene(asked: Asked) -> Reply | None:
        if asked.path.endswith("/markdown"):
            return AI_BLOCK
        return await listing(asked, before, odd, after)

    found = await export(tmp_path / "out", page("home"), intervene=intervene)

    assert found.counts["blocks"] == 3
    assert odd in lines(tmp_path / "out", "blocks")
    text = text_of(tmp_path / "out", "home")
    assert text.index("before") < text.index("after")
    between = text[text.index("before") + len("before") : text.rindex("after")]
    assert kind["type"] in between or "ai_block" in between


@pytest.mark.parametrize("reply", [AI_BLOCK, UNSUPPORTED, NOT_FOUND, RESTRICTED])
async def test_d01_a_block_that_cannot_be_entered_is_listed_and_the_run_goes_on(
    tmp_path: Path, reply: Reply
) -> None:
    odd = of_a_kind("odd", "home", FUTURE, has_children=True)
    last = block("last", under("page_id", "home"))

    async def intervene(asked: Asked) -> Reply | None:
        if asked.lists("odd"):
            return reply
        return await listing(asked, odd, last)

    objects = [page("home"), page("other"), block("in other", under("page_id", "other"))]
    found = await export(tmp_path / "out", *objects, intervene=intervene)

    assert gaps(found) == [("blocks", uid("odd"))]
    assert manifest(tmp_path / "out")["gaps"][0]["id"] == uid("odd")
    assert odd in lines(tmp_path / "out", "blocks")
    assert {uid("last"), uid("in other")} <= set(ids(tmp_path / "out", "blocks"))


@pytest.mark.parametrize("reply", [NOT_FOUND, RESTRICTED])
@pytest.mark.parametrize("kind", ["child_page", "child_database"])
async def test_d02_a_child_that_is_not_shared_is_named_and_its_siblings_are_whole(
    tmp_path: Path, kind: str, reply: Reply
) -> None:
    closed = of_a_kind("closed", "home", {"type": kind, kind: {"title": "Closed"}})
    first, last = (block(name, under("page_id", "home")) for name in ("first", "last"))

    async def intervene(asked: Asked) -> Reply | None:
        if uid("closed") in asked.path:
            return reply
        return await listing(asked, first, closed, last)

    found = await export(tmp_path / "out", page("home"), page("other"), intervene=intervene)

    assert [gap.id for gap in found.gaps] == [uid("closed")]
    assert closed in lines(tmp_path / "out", "blocks")
    assert [uid("first"), uid("closed"), uid("last")] == ids(tmp_path / "out", "blocks")
    assert len(ids(tmp_path / "out", "pages")) == 2
    assert len(markdown(tmp_path / "out")) == 2


@pytest.mark.parametrize("reply", [NOT_FOUND, RESTRICTED])
async def test_d02_a_copy_of_what_is_not_shared_is_named_and_its_siblings_are_whole(
    tmp_path: Path, reply: Reply
) -> None:
    origin = {"synced_from": {"type": "block_id", "block_id": uid("original")}}
    copy = of_a_kind(
        "copy", "home", {"type": "synced_block", "synced_block": origin}, has_children=True
    )
    last = block("last", under("page_id", "home"))

    async def intervene(asked: Asked) -> Reply | None:
        if asked.lists("copy") or asked.lists("original"):
            return reply
        return await listing(asked, copy, last)

    found = await export(tmp_path / "out", page("home"), intervene=intervene)

    assert gaps(found) == [("blocks", uid("copy"))]
    assert ids(tmp_path / "out", "blocks") == [uid("copy"), uid("last")]
    assert "last" in text_of(tmp_path / "out", "home")


async def test_d03_a_page_that_vanishes_is_gone_and_leaves_no_empty_file(tmp_path: Path) -> None:
    inner = [page("inner", under("page_id", "home")), block("in it", under("page_id", "inner"))]

    async def intervene(asked: Asked) -> Reply | None:
        if asked.is_for("POST", "/v1/search"):  # not found there, or it would be known by it
            found = {"object": "list", "has_more": False, "next_cursor": None}
            return 200, {**found, "results": [page("home")]}
        return NOT_FOUND if asked.is_for("GET", f"/v1/pages/{uid('inner')}") else None

    async with workspace_of(page("home"), *inner, intervene=intervene) as workspace:
        found = await export_workspace(workspace.client, tmp_path / "out")

        assert workspace.count("GET", f"/v1/pages/{uid('inner')}") <= 2

    assert gaps(found) == [("page", uid("inner"))]
    assert "object_not_found" in found.gaps[0].reason
    assert ids(tmp_path / "out", "pages") == [uid("home")]
    assert len(markdown(tmp_path / "out")) == 1
    assert all(path.stat().st_size for path in (tmp_path / "out").rglob("*.md"))


@pytest.mark.parametrize("reply", [NOT_FOUND, BROKEN])
async def test_d03_a_page_whose_content_vanishes_keeps_what_was_read(
    tmp_path: Path, reply: Reply
) -> None:
    objects = [page("home"), page("gone"), block("in home", under("page_id", "home"))]

    found = await export(tmp_path / "out", *objects, intervene=answering({"gone": reply}))

    assert gaps(found) == [("page", uid("gone"))]
    assert sorted(ids(tmp_path / "out", "pages")) == sorted([uid("home"), uid("gone")])
    assert ids(tmp_path / "out", "blocks") == [uid("in home")]
    assert not found.complete
