"""The emojis that the workspace made.

They come into it by `Emulator.load`: ``{"object": "custom_emoji", "id": …, "name": …, "url": …}``.

Notion: https://developers.notion.com/reference/list-custom-emojis
"""

from __future__ import annotations

import msgspec

from notion_async.testing.call import PAGING, Call
from notion_async.testing.rich_text import custom_emoji


def list_all(call: Call) -> bytes:
    """Answer with all emojis, or with the one that has exactly this name."""
    call.allow(query=("name", *PAGING))
    name = call.query.get("name", [None])[-1]
    found = [custom_emoji(call.store, one) for one in call.store.tables["custom_emoji"]]
    chosen = [emoji for emoji in found if name is None or emoji["name"] == name]
    page, cursor = call.page_of(chosen, key=lambda emoji: str(emoji["id"]), scope=f"name {name}")
    # Unlike other lists, this one has no further field by the name of its type.
    return msgspec.json.encode(
        {
            "object": "list",
            "type": "custom_emoji",
            "results": page,
            "has_more": cursor is not None,
            "next_cursor": cursor,
        }
    )
