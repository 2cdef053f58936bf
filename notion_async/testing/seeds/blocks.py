"""Blocks one by one: what each type holds, and how a tree of them becomes flat objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from notion_async.testing.seeds.decor import icon, media
from notion_async.testing.seeds.text import COLORS, RichText, plain, rich, sentence
from notion_async.testing.seeds.world import one, partial_user, stamp, uid
from notion_async.types import JSONObject


@attrs.frozen
class Node:
    """A block before it has a place."""

    type: str
    content: JSONObject = attrs.field(factory=dict)
    children: Sequence[Node] = ()
    id: str | None = None
    """Given where something else has to know it; otherwise the place decides."""
    opens: bool = False
    """A page with content: its blocks come with the page, not as `children`."""
    in_trash: bool = False


@attrs.frozen
class Place:
    """Where blocks go: the path their ids are made of, their parent, and when."""

    path: str
    parent_type: str
    parent_id: str
    minute: int


def spread(nodes: Sequence[Node], place: Place) -> Iterator[JSONObject]:
    """Yield `nodes` and everything below them as block objects, in document order."""
    for position, node in enumerate(nodes):
        path = f"{place.path}/{position}"
        identity = node.id or uid(path)
        created = place.minute + position
        yield {
            "object": "block",
            "id": identity,
            "parent": {"type": place.parent_type, place.parent_type: place.parent_id},
            "created_time": stamp(created),
            "last_edited_time": stamp(created + position * 7 % 60),
            "created_by": partial_user(place.minute),
            "last_edited_by": partial_user(place.minute + position),
            "has_children": node.opens or any(not child.in_trash for child in node.children),
            "in_trash": node.in_trash,
            "type": node.type,
            node.type: node.content,
        }
        if node.children:
            yield from spread(node.children, Place(path, "block_id", identity, created))


def block_id(path: str, *positions: int) -> str:
    """Return the id of the block at `positions` below `path`, unless its node names its own."""
    return uid("/".join((path, *map(str, positions))))


def paragraph(n: int, children: Sequence[Node] = ()) -> Node:
    """Return a paragraph with text of the `n`-th form."""
    return written("paragraph", n, children, icon=None)


def said(content: str, children: Sequence[Node] = ()) -> Node:
    """Return a paragraph that says `content`."""
    held: JSONObject = {"rich_text": plain(content), "icon": None, "color": "default"}
    return Node("paragraph", held, children)


def written(
    kind: str, n: int, children: Sequence[Node] = (), **more: str | int | bool | None
) -> Node:
    """Return a block of a type made of text and a colour, and of what `more` says."""
    color = one(COLORS, n // 3) if n % 3 == 0 else "default"
    return Node(kind, {"rich_text": rich(n), **more, "color": color}, children)


def heading(level: int, content: str, children: Sequence[Node] | None = None) -> Node:
    """Return a heading; one with `children`, even none, is a toggle."""
    held: JSONObject = {
        "rich_text": plain(content),
        "is_toggleable": children is not None,
        "color": one(COLORS, level * len(content)) if level == 4 else "default",
    }
    return Node(f"heading_{level}", held, children or ())


def numbered(n: int, children: Sequence[Node] = (), *, start: int | None = None) -> Node:
    """Return an item of a numbered list; one that starts a list may say how to count."""
    node = written("numbered_list_item", n, children)
    if start is not None:
        node.content["list_start_index"] = start
        node.content["list_format"] = one(("numbers", "letters", "roman"), start)
    return node


def callout(n: int, children: Sequence[Node] = ()) -> Node:
    """Return a callout with one of the icons, or none."""
    node = written("callout", n, children)
    node.content["icon"] = icon(n)
    return node


def code(n: int) -> Node:
    """Return a listing."""
    language, listing = one(_LISTINGS, n)
    caption = rich(n) if n % 2 else []
    held: JSONObject = {"rich_text": plain(listing), "caption": caption, "language": language}
    return Node("code", held)


_LISTINGS = (
    ("python", 'def fly(kite: str) -> str:\n    return f"`{kite}` is up"\n'),
    ("markdown", "# Title\n\n```python\nprint('fenced in a fence')\n```\n"),
    ("plain text", "no language at all\n\ttabs\tand  spaces"),
    ("mermaid", "graph TD\n  Kite --> String\n  String --> Hand"),
    ("shell", "echo `date` && printf '%s\\n' \"$HOME\""),
    ("c++", "template <class T> T lift(const T& v) { return v * v; }"),
    ("json", '{"kite": "\\u51e7", "ratio": 0.5}'),
    ("notion formula", 'if(prop("Late"), "`!`", "")'),
    ("java/c/c++/c#", "int i = 0; /* shared */"),
    ("html", "<p>a &amp; b</p>\n<!-- ```` -->"),
    ("plain text", ""),
)


def table(n: int) -> Node:
    """Return a table of three columns: written cells, an empty one, and one short text."""
    rows = [
        Node("table_row", {"cells": _cells(n + row) if row else _head()})
        for row in range(2 + n % 4)
    ]
    held: JSONObject = {
        "table_width": 3,
        "has_column_header": n % 2 == 0,
        "has_row_header": n % 3 == 0,
    }
    return Node("table", held, rows)


def _head() -> list[RichText]:
    return [plain("Item"), plain("In stock | on order"), plain("Remark")]


def _cells(n: int) -> list[RichText]:
    return [plain(sentence(n)), rich(n * 5), [] if n % 3 == 0 else rich(n * 7 + 1)]


_FILES = {
    "image": ("kite.png", "lamp glow.jpg"),
    "video": ("flight.mp4", "opening.mov"),
    "audio": ("wind.mp3", "memo.ogg"),
    "pdf": ("manual.pdf", "receipt.pdf"),
    "file": ("stock.xlsx", "凧の図面 (v2).zip"),
}
MEDIA = tuple(_FILES)


def shown(kind: str, n: int, *, kept: bool) -> Node:
    """Return a block that shows a file, kept by Notion or elsewhere."""
    name = one(_FILES[kind], n)
    held = {"caption": rich(n) if n % 2 else [], **media(name, f"{kind}/{n}", kept=kept)}
    if kind == "file":
        held["name"] = name
    return Node(kind, held)


def linked(kind: str, n: int) -> Node:
    """Return a bookmark, an embed or a link preview."""
    held: JSONObject = {"url": f"https://example.com/{kind}/{n}?a=1&b=%20#part"}
    if kind != "link_preview":
        held["caption"] = rich(n) if n % 2 else []
    return Node(kind, held)


def points_to(kind: str, identity: str) -> Node:
    """Return a link to a page, a database or a comment."""
    return Node("link_to_page", {"type": kind, kind: identity})
