"""A page's content as Markdown, read and changed.

Notion's pages: https://developers.notion.com/reference/retrieve-page-markdown and
https://developers.notion.com/reference/update-page-markdown
"""

from __future__ import annotations

from functools import partial

import msgspec

from notion_async.content.markdown import unknown_blocks, write_markdown
from notion_async.testing.call import Call, Reply
from notion_async.testing.checks import Decoded, a_boolean, invalid
from notion_async.testing.handlers.async_tasks import accepted
from notion_async.testing.markdown_content import rewrite, tree_of
from notion_async.testing.markdown_edits import edited
from notion_async.testing.store import Store


def retrieve(call: Call) -> bytes:
    """Answer the Markdown of a page or block."""
    call.allow(query=("include_transcript",))
    page_id = call.ids["page_id"]
    call.store.find("block", page_id)  # it stands in for pages, too
    return msgspec.json.encode(_shown(call.store, page_id))


def update(call: Call) -> bytes | Reply:
    """Change the content of a page in one of four ways, and answer with it or with a task."""
    # What is wrong with the rest of the request is told by the task.
    if a_boolean(call.body.get("allow_async", False), "body.allow_async"):
        return accepted(call, partial(_updated, call))
    return msgspec.json.encode(_updated(call))


def _updated(call: Call) -> Decoded:
    """Change the content of a page, and return its Markdown."""
    store, page_id = call.store, call.ids["page_id"]
    if store.get("page", page_id) is None:
        store.find("block", page_id)
        # The words are ours: no exchange with Notion shows its own.
        raise invalid("Markdown can be written to pages only, not to blocks.")
    before = write_markdown(tree_of(store, page_id), as_notion=True)
    after, deleting = edited(before, call.body)
    rewrite(store, page_id, after, deleting=deleting)
    return _shown(store, page_id)


def _shown(store: Store, identity: str) -> Decoded:
    tree = tree_of(store, identity)
    return {
        "object": "page_markdown",
        "id": identity,
        "markdown": write_markdown(tree, as_notion=True),
        # Assumed: it tells of pages too large to load, which no page here is.
        "truncated": False,
        "unknown_block_ids": unknown_blocks(tree),
    }
