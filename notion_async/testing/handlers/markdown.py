"""A page's content as Markdown.

Notion's page: https://developers.notion.com/reference/retrieve-page-markdown
"""

from __future__ import annotations

import msgspec

from notion_async.content.markdown import unknown_blocks, write_markdown
from notion_async.content.tree import Node
from notion_async.content.walk import OTHER_DOCUMENTS
from notion_async.models import Block
from notion_async.testing.call import Call
from notion_async.testing.store import Store


def retrieve(call: Call) -> bytes:
    """Answer the Markdown of a page or block."""
    call.allow(query=("include_transcript",))
    page_id = call.ids["page_id"]
    call.store.find("block", page_id)  # it stands in for pages, too
    tree = _tree(call.store, page_id)
    return msgspec.json.encode(
        {
            "object": "page_markdown",
            "id": page_id,
            "markdown": write_markdown(tree, as_notion=True),
            # Assumed: it tells of pages too large to load, which no page here is.
            "truncated": False,
            "unknown_block_ids": unknown_blocks(tree),
        }
    )


def _tree(store: Store, page_id: str) -> list[Node]:
    roots: list[Node] = []
    waiting = [(page_id, roots)]
    entered = {page_id}  # what was loaded may hold itself
    while waiting:
        parent, siblings = waiting.pop()
        for record in store.children(parent):
            node = Node(Block.from_json(msgspec.json.encode(record.decoded())))
            siblings.append(node)
            if record.type not in OTHER_DOCUMENTS and record.id not in entered:
                entered.add(record.id)
                waiting.append((record.id, node.children))
    return roots
