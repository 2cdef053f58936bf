"""Passages of a page, each built from a running number; together they hold every block type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from notion_async.testing.seeds import world
from notion_async.testing.seeds.blocks import (
    MEDIA,
    Node,
    callout,
    code,
    heading,
    linked,
    numbered,
    paragraph,
    points_to,
    said,
    shown,
    table,
    written,
)
from notion_async.testing.seeds.decor import icon
from notion_async.testing.seeds.text import plain, rich, sentence, text
from notion_async.testing.seeds.titles import label
from notion_async.testing.seeds.world import one, uid
from notion_async.types import JSONObject

_LONGEST_RUN = 2000  # characters: the most one run of text can hold


def _prose(n: int) -> list[Node]:
    return [heading(2, label(n)), *(paragraph(n * 5 + k) for k in range(4 + n % 4))]


def _checklist(n: int) -> list[Node]:
    inner = written("to_do", n + 1, checked=True)
    return [
        heading(3, "To do before the festival"),
        *(written("to_do", n + k, checked=k % 2 == 0) for k in range(3)),
        written("to_do", n, (inner,), checked=False),
    ]


def _bullets(n: int) -> list[Node]:
    leaf = written("bulleted_list_item", n + 2)
    return [
        paragraph(n),
        written("bulleted_list_item", n, (written("bulleted_list_item", n + 1, (leaf,)),)),
        written("bulleted_list_item", n + 3, (paragraph(n), code(n))),
        written("bulleted_list_item", n + 4),
    ]


def _numbers(n: int) -> list[Node]:
    return [
        heading(2, "Steps"),
        numbered(n, start=1 + n % 9),
        numbered(n + 1, (numbered(n + 2, start=1), numbered(n + 3))),
        numbered(n + 4),
        said("An interruption."),
        numbered(n + 5),
    ]


_LADDER = ("bulleted_list_item", "numbered_list_item", "toggle", "to_do")


def _deep_list(n: int) -> list[Node]:
    """Return a list six levels deep, the most there is."""
    rung = written("bulleted_list_item", n)
    for level in range(5, 0, -1):
        kind = one(_LADDER, n + level)
        done = {"checked": False} if kind == "to_do" else {}
        rung = written(kind, n + level, (rung,), **done)
    return [said("How it hangs together:"), rung]


def _listings(n: int) -> list[Node]:
    return [heading(3, "In code"), code(n), paragraph(n), code(n + 1)]


def _asides(n: int) -> list[Node]:
    return [
        paragraph(n),
        written("quote", n),
        written("quote", n + 1, (paragraph(n + 2), written("quote", n + 3))),
        callout(n, (written("bulleted_list_item", n), paragraph(n + 1))),
        callout(n + 1),
    ]


def _table(n: int) -> list[Node]:
    return [heading(3, "Stock"), table(n)]


def _columns(n: int) -> list[Node]:
    # Columns that nobody has dragged carry no width.
    ratios: tuple[JSONObject, JSONObject] = ({}, {})
    if n % 3:
        ratios = ({"width_ratio": 0.375}, {"width_ratio": 0.625})
    left = Node("column", ratios[0], (heading(3, "Left"), paragraph(n)))
    right = Node("column", ratios[1], (callout(n), shown("image", n, kept=n % 2 == 0)))
    return [paragraph(n + 1), Node("column_list", {}, (left, right))]


def _media(n: int) -> list[Node]:
    first, second = one(MEDIA, n), one(MEDIA, n + 1)
    return [
        said("What we made:"),
        *(shown(kind, n, kept=kept) for kind in (first, second) for kept in (True, False)),
    ]


def _web(n: int) -> list[Node]:
    targets = (
        ("page_id", world.page_id(n % 400)),
        ("database_id", world.TRACKER_ID),
        ("comment_id", world.comment_id(n % 100)),
    )
    return [
        said("Elsewhere:"),
        linked("bookmark", n),
        linked("embed", n),
        linked("link_preview", n),
        points_to(*one(targets, n)),
    ]


def _folded(n: int) -> list[Node]:
    level = 1 + n % 4
    return [
        heading(level, label(n)),
        heading(
            level, f"Folded: {label(n)}", (paragraph(n), heading(4, "Inside", (paragraph(n),)))
        ),
        heading(4, "Folded, with nothing in it", ()),
        written("toggle", n, (paragraph(n + 1), said(""))),
        written("toggle", n + 1),
    ]


def _synced(n: int) -> list[Node]:
    original = uid(f"synced/{n}")
    source: JSONObject = {"synced_from": None}
    copy: JSONObject = {"synced_from": {"type": "block_id", "block_id": original}}
    return [
        said("Repeated below:"),
        Node("synced_block", source, (paragraph(n), paragraph(n + 1)), id=original),
        # A copy lists children of its own, alike but for their ids.
        Node("synced_block", copy, (paragraph(n), paragraph(n + 1))),
    ]


def _tabs(n: int) -> list[Node]:
    tabs: list[Node] = []
    for k in range(2 + n % 2):
        held: JSONObject = {
            "rich_text": plain(f"Tab {k + 1}"),
            "icon": icon(n + k),
            "color": "default",
        }
        tabs.append(Node("paragraph", held, (paragraph(n + k), written("to_do", k, checked=True))))
    return [said("In tabs:"), Node("tab", {}, tabs)]


_MEETING_STATES = (
    "notes_ready",
    "transcription_not_started",
    "transcription_in_progress",
    "transcription_paused",
    "summary_in_progress",
)


def _meeting(n: int) -> list[Node]:
    status = one(_MEETING_STATES, n)
    held: JSONObject = {"title": rich(n), "status": status}
    parts: list[Node] = []
    if status == "notes_ready":
        names = ("summary", "notes", "transcript")
        ids = {name: uid(f"meeting/{n}/{name}") for name in names}
        held["children"] = {f"{name}_block_id": identity for name, identity in ids.items()}
        held["calendar_event"] = {
            "start_time": world.stamp(n),
            "end_time": world.stamp(n + 45),
            "attendees": [str(world.user(n + k)["id"]) for k in range(3)],
        }
        held["recording"] = {"start_time": world.stamp(n + 2), "end_time": world.stamp(n + 44)}
        parts = [
            Node("paragraph", said("").content, (paragraph(n),), id=ids[name]) for name in names
        ]
    return [said("From the meeting:"), Node("meeting_notes", held, parts)]


_UNKNOWN = ("button", "ai_block", "form", "custom_block")


def _oddments(n: int) -> list[Node]:
    offer = Node("template", {"rich_text": plain("New entry")}, (paragraph(n), said("")))
    return [
        said(""),
        Node("breadcrumb"),
        Node("table_of_contents", {"color": "gray" if n % 2 else "default"}),
        Node("divider"),
        Node("equation", {"expression": rf"E_{{{n}}} = \sum_i m_i c^2 \text{{ 凧}}"}),
        offer,
        Node("unsupported", {"block_type": one(_UNKNOWN, n)}),
    ]


def _lengthy(n: int) -> list[Node]:
    run = (sentence(n) + " ") * 60
    runs = [text(run[:_LONGEST_RUN], marks="" if k % 2 else "italic") for k in range(3)]
    held: JSONObject = {"rich_text": runs, "icon": None, "color": "default"}
    return [said("At length:"), Node("paragraph", held), said("Enough.")]


SECTIONS: Final[tuple[Callable[[int], list[Node]], ...]] = (
    _prose,
    _checklist,
    _bullets,
    _numbers,
    _deep_list,
    _listings,
    _asides,
    _table,
    _columns,
    _media,
    _web,
    _folded,
    _synced,
    _tabs,
    _meeting,
    _oddments,
    _lengthy,
)
"""Each takes a number that no other passage got: synced blocks and meetings name ids after it."""

_LINES: Final[tuple[Callable[[int], Node], ...]] = (
    paragraph,
    lambda n: written("to_do", n, checked=n % 2 == 0),
    lambda n: written("quote", n),
    numbered,
    lambda n: heading(1 + n % 4, label(n)),
    code,
)


def lines(count: int, n: int) -> list[Node]:
    """Return `count` blocks without children, of some common types."""
    return [one(_LINES, n + k)(n + k) for k in range(count)]
