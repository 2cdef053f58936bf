"""What the loopback server answers: rows, pages and blocks as Notion sends them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

ROWS: Final = "a1b2c3d4-0000-4000-8000-000000000001"
"""The data source with all the rows."""
FEW_ROWS: Final = "a1b2c3d4-0000-4000-8000-000000000002"
"""A data source with the rows of a few answers, for clients to get warm."""
PAGE: Final = "a1b2c3d4-0000-4000-8000-000000000003"
"""The small page."""
ROWS_PER_ANSWER: Final = 100

_TEXT: Final = (
    "review the draft with everybody before it goes out and note what is still open next to "
    "each part so that nothing is lost between two meetings"
)
_WORDS: Final = _TEXT.split()
# One row in eight: an answer nearly always holds something beyond ASCII.
_FOREIGN: Final = "Überprüfung für Zoë 🚀"
_STATES: Final = (("Not started", "default"), ("In progress", "blue"), ("Done", "green"))
_TAGS: Final = ("backend", "design", "urgent", "customer", "research", "later")


def uid(number: int) -> str:
    """Return an id of the form Notion writes."""
    return f"{number * 2654435761 % 2**32:08x}-0000-4000-8000-{number:012x}"


def answers(rows: int) -> list[bytes]:
    """Return the answers of a listing of so many rows; each one's cursor is its place."""
    starts = range(0, rows, ROWS_PER_ANSWER)
    return [
        _listing(
            [row(number) for number in range(start, min(start + ROWS_PER_ANSWER, rows))],
            uid(place + 1) if start + ROWS_PER_ANSWER < rows else None,
            "page_or_data_source",
        )
        for place, start in enumerate(starts)
    ]


def blocks_answer(count: int = 100) -> bytes:
    """Return one answer of a listing of blocks."""
    return _listing([block(number) for number in range(count)], None, "block")


def rows_answer(count: int = ROWS_PER_ANSWER) -> bytes:
    """Return one answer of a query."""
    return answers(count)[0]


def small_page() -> bytes:
    """Return a page with two properties, of about 1 KB."""
    page = row(7)
    properties = page["properties"]
    if isinstance(properties, dict):
        page["properties"] = {name: properties[name] for name in ("Name", "Points")}
    return _text(page)


def row(number: int) -> dict[str, object]:
    """Return a page of a data source, with 12 properties."""
    minute = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}T{number % 24:02}:{number % 60:02}"
    return {
        "object": "page",
        "id": uid(number + 1_000),
        "created_time": f"{minute}:00.000Z",
        "last_edited_time": f"{minute}:00.000Z",
        "created_by": {"object": "user", "id": uid(number % 9)},
        "last_edited_by": {"object": "user", "id": uid(number % 7)},
        "cover": None,
        "icon": {"type": "emoji", "emoji": "📌"} if number % 8 == 0 else None,
        "parent": {
            "type": "data_source_id",
            "data_source_id": ROWS,
            "database_id": uid(1),
        },
        "in_trash": False,
        "is_archived": False,
        "is_locked": False,
        "properties": _properties(number, minute),
        "url": f"https://app.notion.com/p/Task-{number}-{uid(number + 1_000).replace('-', '')}",
        "public_url": None,
    }


def _properties(number: int, minute: str) -> dict[str, object]:
    state, color = _STATES[number % 3]
    title = f"{_FOREIGN} {number}" if number % 8 == 0 else f"Task {number}: {_words(number, 4)}"
    tags = [_TAGS[(number + step) % len(_TAGS)] for step in range(number % 3)]
    option = {"id": "b0c1d2e3-4f50", "name": state, "color": color}
    return {
        "Name": {"id": "title", "type": "title", "title": [_run(title)]},
        "Notes": {"id": "n%3Fxy", "type": "rich_text", "rich_text": [_run(_words(number, 30))]},
        "Status": {"id": "st%40t", "type": "status", "status": option},
        "Priority": {
            "id": "prio",
            "type": "select",
            "select": {"id": "5f1c", "name": f"P{number % 4}", "color": "red"},
        },
        "Tags": {
            "id": "tg%7D",
            "type": "multi_select",
            "multi_select": [{"id": uid(len(tag)), "name": tag, "color": "gray"} for tag in tags],
        },
        "Points": {"id": "pts", "type": "number", "number": number % 13 or None},
        "Due": {
            "id": "due%3A",
            "type": "date",
            "date": {"start": minute[:10], "end": None, "time_zone": None},
        },
        "Done": {"id": "d%5Bn", "type": "checkbox", "checkbox": number % 3 == 2},
        "Link": {"id": "lnk", "type": "url", "url": f"https://example.com/tasks/{number}"},
        "Assignee": {"id": "asgn", "type": "people", "people": [_person(number % 9)]},
        "Project": {
            "id": "pr%5Dj",
            "type": "relation",
            "relation": [{"id": uid(number % 50)}],
            "has_more": False,
        },
        "Created": {"id": "crtd", "type": "created_time", "created_time": f"{minute}:00.000Z"},
    }


def block(number: int) -> dict[str, object]:
    """Return a block, of the kinds that make up most pages."""
    kind, content = _block_content(number)
    return {
        "object": "block",
        "id": uid(number + 500_000),
        "parent": {"type": "page_id", "page_id": PAGE},
        "created_time": "2026-03-01T09:00:00.000Z",
        "last_edited_time": "2026-03-01T09:00:00.000Z",
        "created_by": {"object": "user", "id": uid(number % 9)},
        "last_edited_by": {"object": "user", "id": uid(number % 9)},
        "has_children": number % 10 == 0,
        "in_trash": False,
        "type": kind,
        kind: content,
    }


def _block_content(number: int) -> tuple[str, dict[str, object]]:
    text = [_run(f"{_words(number, 9)} {_FOREIGN if number % 8 == 0 else ''}")]
    if number % 4 == 0:
        text.append(_run(_words(number, 3), bold=True))
    plain: dict[str, object] = {"rich_text": text, "color": "default"}
    match number % 10:
        case 0:
            return "toggle", plain
        case 1 | 2:
            return "bulleted_list_item", plain
        case 3:
            return "heading_2", {**plain, "is_toggleable": False}
        case 4:
            return "to_do", {**plain, "checked": False}
        case 5:
            return "code", {"rich_text": text, "caption": [], "language": "python"}
        case _:
            return "paragraph", plain


def _person(number: int) -> dict[str, object]:
    return {
        "object": "user",
        "id": uid(number),
        "name": f"Person {number}",
        "avatar_url": f"https://s3-us-west-2.amazonaws.com/public/avatar-{number}.png",
        "type": "person",
        "person": {"email": f"person{number}@example.com"},
    }


def _run(text: str, *, bold: bool = False) -> dict[str, object]:
    looks = {"italic": False, "strikethrough": False, "underline": False, "code": False}
    return {
        "type": "text",
        "text": {"content": text, "link": None},
        "annotations": {"bold": bold, **looks, "color": "default"},
        "plain_text": text,
        "href": None,
    }


def _words(number: int, count: int) -> str:
    return " ".join(_WORDS[(number + step) % len(_WORDS)] for step in range(count))


def _listing(results: Sequence[object], cursor: str | None, kind: str) -> bytes:
    return _text(
        {
            "object": "list",
            "results": results,
            "next_cursor": cursor,
            "has_more": cursor is not None,
            "type": kind,
            kind: {},
            "request_id": "6c1f9a1e-0000-4000-8000-5d7a2b0e9f11",
        }
    )


def _text(value: object) -> bytes:
    # As JavaScript writes it: nothing between the signs, and characters as they are.
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
