"""Blocks: read, append, change, trash and restore.

Notion: https://developers.notion.com/reference/block
"""

from __future__ import annotations

from typing import Final

from notion_async.testing.block_kinds import FIXED, KINDS
from notion_async.testing.call import PAGING, Call, exactly_one
from notion_async.testing.checks import Decoded, failed, invalid, one_of
from notion_async.testing.handlers.pages import archived, trash_flag
from notion_async.testing.paging import listing
from notion_async.testing.records import Record
from notion_async.testing.writing import drafts, insert, place, row_width
from notion_async.types import JSON, UNSET

_PARENTS: Final = (*(name for name, kind in KINDS.items() if kind.children), "child_page")


def retrieve(call: Call) -> bytes:
    """Answer with a block; a page or database answers as the block that stands for it."""
    call.allow()
    return call.store.find("block", call.ids["block_id"]).shown(call.version)


def update(call: Call) -> bytes:
    """Change the content of a block, or move it to the trash or back."""
    # (3P) At 2026-03-11 the old name is refused.
    flags = ("in_trash", "archived") if call.previous else ("in_trash",)
    call.allow(body=(*KINDS, "type", *flags))
    store, block = call.store, call.store.find("block", call.ids["block_id"])
    trashed = trash_flag(call, flags)
    content = _content(call, block)
    in_trash = block.trashed if trashed is None else trashed
    if content is not None and (in_trash or not store.alive(block.parent)):
        raise archived("block")
    if trashed is not None:
        store.set_trashed(block.id, trashed)
    if content is not None:
        changed: dict[str, JSON] = {block.type: content}
        store.change(store.find("block", block.id), **changed, **store.stamp())
    store.touch(block.parent)
    return store.find("block", block.id).shown(call.version)


def delete(call: Call) -> bytes:
    """Move a block to the trash, with what is below it."""
    call.allow()
    block = call.store.find("block", call.ids["block_id"])
    if block.trashed:
        # (3P) As for every other change of what is in the trash.
        raise archived("block")
    call.store.set_trashed(block.id, trashed=True)
    call.store.touch(block.parent)
    return call.store.find("block", block.id).shown(call.version)


def _content(call: Call, block: Record) -> Decoded | None:
    """Return the content that the block is to have, None where it is to stay."""
    given = [name for name in call.body if name in KINDS]
    if not given:
        return None
    kind = exactly_one(call.body, given)
    one_of(call.body.get("type", kind), "body.type", (kind,))
    if block.type != kind or kind in FIXED:
        # The words are ours: no exchange with Notion shows its own.
        raise invalid(f"A block of type {block.type} cannot be changed by body.{kind}.")
    where = f"body.{kind}"
    old = block.decoded()[kind]
    content = KINDS[kind].changed(call.store, old, call.body[kind], where)
    if kind == "table_row" and len(content["cells"]) != len(old["cells"]):
        raise row_width()
    return content


def list_children(call: Call) -> bytes:
    """Answer with what is directly below a page or block; below the trash there is nothing."""
    call.allow(query=PAGING)
    store, identity = call.store, call.ids["block_id"]
    if not store.knows_children_of(identity):
        store.find("block", identity)
    children = store.children(identity) if store.alive(identity) else []
    blocks, cursor = call.page_of(children, key=lambda block: block.id)
    return listing((block.shown(call.version) for block in blocks), cursor, "block")


def append_children(call: Call) -> bytes:
    """Add blocks below a page or block, and answer with those of the first level."""
    call.allow(body=("children", "after", "position"))
    store = call.store
    parent = store.find("block", call.ids["block_id"])
    if not store.alive(parent.id):
        raise archived("block")
    if parent.type not in _PARENTS:
        # The words are ours: no exchange with Notion shows its own.
        raise invalid(f"Blocks of type {parent.type} do not support children.")
    if "children" not in call.body:
        raise failed("body.children", "defined", UNSET)
    at = place(store, parent.id, call.body, call.version)
    blocks = insert(store, parent.id, drafts(store, call.body["children"], "body.children"), at=at)
    store.refresh_has_children(parent.id)
    store.touch(parent.id)
    return listing((block.shown(call.version) for block in blocks), None, "block")
