"""Blocks: read, append, trash.

Notion: https://developers.notion.com/reference/block
"""

from __future__ import annotations

from typing import Final

from notion_async.testing.block_kinds import KINDS
from notion_async.testing.call import PAGING, Call
from notion_async.testing.checks import failed, invalid
from notion_async.testing.handlers.pages import archived
from notion_async.testing.paging import listing
from notion_async.testing.writing import drafts, insert, place
from notion_async.types import UNSET

_PARENTS: Final = (*(name for name, kind in KINDS.items() if kind.children), "child_page")


def retrieve(call: Call) -> bytes:
    """Answer with a block; a page or database answers as the block that stands for it."""
    call.allow()
    return call.store.find("block", call.ids["block_id"]).shown(call.version)


def delete(call: Call) -> bytes:
    """Move a block to the trash, with what is below it."""
    call.allow()
    block = call.store.find("block", call.ids["block_id"])
    call.store.set_trashed(block.id, trashed=True)
    call.store.touch(block.parent)
    return call.store.find("block", block.id).shown(call.version)


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
