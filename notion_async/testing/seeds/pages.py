"""The pages that are not rows: a tree of titles, and what stands in each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from notion_async.testing.seeds.blocks import Node, Place, paragraph, said, spread, written
from notion_async.testing.seeds.decor import cover, icon
from notion_async.testing.seeds.sections import SECTIONS, lines
from notion_async.testing.seeds.text import plain
from notion_async.testing.seeds.titles import AWKWARD, ROOTS, page_title
from notion_async.testing.seeds.world import (
    EVENTS_DATABASE_ID,
    TRACKER_ID,
    one,
    page_id,
    page_url,
    partial_user,
    stamp,
    uid,
)
from notion_async.types import JSONObject

PAGE_COUNT: Final = 400
SAMPLER: Final = 1
"""The page that holds every passage there is, twice."""
SCROLL: Final = 2
"""The page whose blocks take three requests to list."""
BLANK: Final = PAGE_COUNT - 1
"""The page without a block."""

_TRASHED = (PAGE_COUNT, PAGE_COUNT + 1, PAGE_COUNT + 2)
_LEVELS = (21, 70, 130)  # pages on levels two to four, beside the awkward ones; five gets the rest
_EVERY = 40  # one page in so many lies in a toggle, and another in a column
_GAP = 307  # minutes from one page to the next
_SEEDS = 37  # numbers kept for the passages of a page: a prime, so that all variations come


@attrs.define(eq=False)
class Sheet:
    """A page before it is written."""

    number: int
    above: Sheet | None
    below: list[Sheet] = attrs.field(factory=list)

    @property
    def in_trash(self) -> bool:
        """Whether the page is one of those thrown away."""
        return self.number in _TRASHED

    @property
    def holder(self) -> str:
        """The type of the block that the page lies in, or nothing."""
        if self.above is None or self.above.above is None or self.in_trash:
            return ""
        return {7: "toggle", 23: "column"}.get(self.number % _EVERY, "")

    def parent(self) -> JSONObject:
        """Return where the page says it is."""
        if self.above is None:
            return {"type": "workspace", "workspace": True}
        if self.holder:
            return {"type": "block_id", "block_id": _holder_id(self.number)}
        return {"type": "page_id", "page_id": page_id(self.above.number)}


def _holder_id(number: int) -> str:
    return uid(f"holder/{number}")


def tree() -> list[Sheet]:
    """Return the top-level pages, with all others below them."""
    roots = [Sheet(number, None) for number in range(len(ROOTS))]
    number = len(ROOTS)
    for _ in AWKWARD:
        number = _hang(number, roots[-1])
    level = roots[:-1]
    for size in (*_LEVELS, PAGE_COUNT - number - sum(_LEVELS)):
        for k in range(size):
            # Squares crowd some parents and leave others bare.
            number = _hang(number, level[k * k // 3 % len(level)])
        level = [sheet for above in level for sheet in above.below]
    _hang(_TRASHED[0], roots[0])
    _hang(_TRASHED[1], roots[3])
    return [*roots, Sheet(_TRASHED[2], None)]


def _hang(number: int, above: Sheet) -> int:
    above.below.append(Sheet(number, above))
    return number + 1


def page_path(number: int) -> str:
    """Return the path that the ids of the blocks of a page are made of."""
    return f"page/{number}"


def write(sheet: Sheet) -> Iterator[JSONObject]:
    """Yield a page, its blocks, and then the pages below it in the same way."""
    number = sheet.number
    identity = page_id(number)
    created = number * _GAP
    title = page_title(number)
    yield {
        "object": "page",
        "id": identity,
        "created_time": stamp(created),
        "last_edited_time": stamp(created + number * 101 % 20_000),
        "created_by": partial_user(number),
        "last_edited_by": partial_user(number * 3),
        "cover": cover(number),
        "icon": icon(number),
        "parent": sheet.parent(),
        "in_trash": sheet.in_trash,
        "is_archived": False,
        "is_locked": number % 50 == 9,
        "properties": {"title": {"id": "title", "type": "title", "title": plain(title)}},
        "url": page_url(title, identity),
        "public_url": None,
    }
    yield from spread(_body(sheet), Place(page_path(number), "page_id", identity, created))
    for below in sheet.below:
        yield from write(below)


def _body(sheet: Sheet) -> list[Node]:
    if sheet.number == BLANK or sheet.in_trash:
        return []
    return [*_passages(sheet.number), *_extras(sheet.number), *map(_child, sheet.below)]


def _passages(number: int) -> list[Node]:
    seed = number * _SEEDS
    if number == SAMPLER:
        both = range(2 * len(SECTIONS))
        return [node for k in both for node in one(SECTIONS, k)(seed + k)]
    if number % 2:  # most text is plain: few blocks hold others
        return lines(8 + number % 5, number)
    return [*one(SECTIONS, number)(seed), *lines(2 + number % 8, number)]


def _extras(number: int) -> list[Node]:
    """Return what only single pages hold."""
    match number:
        case 0:
            return [_database(TRACKER_ID, "Company tracker")]
        case 1:
            gone = Node("paragraph", said("Deleted.").content, in_trash=True)
            emptied = Node("paragraph", said("Deleted too.").content, in_trash=True)
            return [gone, written("toggle", number, (emptied,))]
        case 2:
            gone = Node("divider", in_trash=True)
            return [*lines(260, number), gone, paragraph(number)]
        case 3:
            return [_database(EVENTS_DATABASE_ID, "Events")]
        case _:
            return []


def _database(identity: str, title: str) -> Node:
    return Node("child_database", {"title": title}, id=identity)


def _child(sheet: Sheet) -> Node:
    """Return the block that stands for a page, in what holds it."""
    number = sheet.number
    node = Node(
        "child_page",
        {"title": page_title(number)},
        id=page_id(number),
        opens=number != BLANK and not sheet.in_trash,
        in_trash=sheet.in_trash,
    )
    match sheet.holder:
        case "toggle":
            holder = written("toggle", number, (node,))
            return Node("toggle", holder.content, holder.children, id=_holder_id(number))
        case "column":
            held = Node("column", {"width_ratio": 0.5}, (node,), id=_holder_id(number))
            other = Node("column", {"width_ratio": 0.5}, (paragraph(number),))
            return Node("column_list", {}, (held, other))
        case _:
            return node
