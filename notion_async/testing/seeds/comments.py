"""Discussions: on pages, on rows, and on single blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Final

from notion_async.testing.seeds.blocks import block_id
from notion_async.testing.seeds.decor import stored
from notion_async.testing.seeds.pages import page_path
from notion_async.testing.seeds.projects import project_id
from notion_async.testing.seeds.text import plain, rich, sentence
from notion_async.testing.seeds.world import (
    CONNECTION_ID,
    PERSON_COUNT,
    comment_id,
    one,
    page_id,
    partial_user,
    stamp,
    uid,
    user_name,
)
from notion_async.types import JSONObject

_ON_PAGES: Final = (40, (1, 5, 2, 4))  # discussions, and how many comments they hold in turn
_ON_BLOCKS: Final = (12, (3, 1, 5, 1))
_ATTACHMENTS = (
    ("image", "sketch.png"),
    ("pdf", "offer.pdf"),
    ("audio", "voice.ogg"),
    ("video", "flight.mp4"),
    ("productivity", "prices.xlsx"),
)


def comments() -> Iterator[JSONObject]:
    """Yield every comment, the discussions of one place together and in the order of time."""
    numbers = count()
    for kind, (discussions, sizes), place in (
        ("page", _ON_PAGES, _page),
        ("block", _ON_BLOCKS, _block),
    ):
        for discussion in range(discussions):
            for _ in range(one(sizes, discussion)):
                yield _comment(
                    next(numbers), uid(f"discussion/{kind}/{discussion}"), place(discussion)
                )


Place = Callable[[int], JSONObject]


def _page(discussion: int) -> JSONObject:
    """Return a page, or now and then a row; two discussions follow each other on each."""
    n = discussion // 2
    identity = project_id(n * 7) if n % 5 == 4 else page_id(n * 9)
    return {"type": "page_id", "page_id": identity}


def _block(discussion: int) -> JSONObject:
    path = page_path(discussion // 3 * 10 + 11)
    return {"type": "block_id", "block_id": block_id(path, discussion % 3 // 2)}


def _comment(n: int, discussion: str, parent: JSONObject) -> JSONObject:
    created = 130_000 + n * 3
    author = n % (PERSON_COUNT + 1)  # the people, and the connection
    comment: JSONObject = {
        "object": "comment",
        "id": comment_id(n),
        "parent": parent,
        "discussion_id": discussion,
        "created_time": stamp(created),
        "last_edited_time": stamp(created + n % 3 * 10),
        "created_by": partial_user(author),
        "rich_text": rich(n) or plain(sentence(n)),
        "display_name": _display_name(n, author),
    }
    if n % 8 == 3:
        comment["attachments"] = [_attachment(n + k) for k in range(1 + n // 8 % 3)]
    return comment


def _display_name(n: int, author: int) -> JSONObject:
    if partial_user(author)["id"] != CONNECTION_ID:
        return {"type": "user", "resolved_name": user_name(author)}
    if n % 2:
        return {"type": "custom", "resolved_name": f"Kite robot {n}"}
    return {"type": "integration", "resolved_name": user_name(author)}


def _attachment(n: int) -> JSONObject:
    category, name = one(_ATTACHMENTS, n)
    return {"category": category, "file": stored(name, f"comment/{n}")}
