"""How objects show themselves: in one short line, and as tables in notebooks.

Nothing here raises for an object that is partial or odd, and nothing grows with what it holds.
What opens something is not shown: tokens, and the part of a link in which signatures are.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Final, TypeVar

from notion_async.models._model import Model, ModelMap, Unsupported
from notion_async.models._tagged import Content, Tagged
from notion_async.models._words import attribute, in_words, text_of
from notion_async.models.blocks import Block
from notion_async.models.comments import Comment
from notion_async.models.databases import Database, DataSource
from notion_async.models.pages import Page
from notion_async.models.properties import PropertyValue
from notion_async.models.rich_text import RichText
from notion_async.models.rows import Row
from notion_async.models.users import User
from notion_async.types import UNSET

M = TypeVar("M", bound=Model)

LONGEST: Final = 200
"""Characters of a line."""

_ROOM: Final = (LONGEST, 100, 50)  # of an object, of one within it, of one within that
_TEXT: Final = (60, 40, 20)  # of a text there
_READ: Final = 500  # of a text, before what opens something is taken out
_ROWS, _COLUMNS, _CELL = 50, 20, 100

# What matters most of an object; of others, every field that is not as it is by default.
_SUMMARY: Final[Mapping[type[Model], tuple[str, ...]]] = {
    Page: ("id", "title"),
    Database: ("id", "name"),
    DataSource: ("id", "name"),
    Block: ("id", "type", "text"),
    Comment: ("id", "text"),
    User: ("id", "name", "type"),
    RichText: ("plain_text", "type", "href"),
    PropertyValue: ("type", "value"),
}
_PASSED_OVER: Final = ("object", "request_id")

_HIDDEN: Final = "'…'"
_SECRET: Final = re.compile(r"\b(ntn_|secret_)\w+")
_SIGNED: Final = re.compile(r"(\b[a-zA-Z][\w+.-]*://)(?:[^\s/?#@]*@)?([^\s?#]*)([?#]\S+)?")


# --------------------------------------------------------------------------------- one short line


def line(value: Model | ModelMap[M] | Unsupported | Row) -> str:
    """Return an object as its ``repr`` shows it."""
    if isinstance(value, ModelMap):
        return _within("{", (f"{_brief(name, 0)}: …" for name in value), "}", LONGEST)
    return _within(f"{type(value).__name__}(", _parts(value, 0), ")", LONGEST)


def counted(count: int, kind: str) -> str:
    """Return a number of objects in words, by the type that Notion's lists name."""
    words = kind.replace("_", " ") or "object"
    if words.startswith("page or"):  # rows: data sources are only among those of wikis
        words = "page"
    plural = words[:-1] + "ies" if words.endswith("y") else words + "s"
    return f"{count} {words if count == 1 else plural}"


def _within(opening: str, parts: Iterable[str], closing: str, room: int) -> str:
    """Return as many parts as there is room for."""
    shown, comma = opening, ""
    for part in parts:
        grown = f"{shown}{comma}{part}"
        if len(grown) > room - len(f", …{closing}"):
            return f"{shown}{comma}…{closing}"
        shown, comma = grown, ", "
    return shown + closing


def _parts(value: object, depth: int) -> Iterator[str]:
    for name, found in _shown_fields(value):
        yield f"{name}={_HIDDEN if _opens(name, found) else _brief(found, depth)}"
    if isinstance(value, Model) and _has_more(value):
        yield "…"


def _shown_fields(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Unsupported):
        yield from (("type", value.type), ("data", value.data))
        return
    summary = _SUMMARY.get(type(value)) if isinstance(value, Model) else None
    if summary is None:
        yield from _fields(value)
        return
    for name in summary:
        found = (text_of(value) or UNSET) if name == "text" else attribute(value, name, UNSET)
        if found is not UNSET and (found is not None or name == "value"):
            yield name, found


def _fields(value: object) -> Iterator[tuple[str, object]]:
    for name, default in _declared(value):
        found = attribute(value, name, UNSET)
        if name not in _PASSED_OVER and found is not UNSET and not _same(found, default):
            yield name, found
    if isinstance(value, Tagged):
        content = attribute(value, "content")
        if value.keyed and isinstance(content, Content):
            yield from _fields(content)
        elif content is not None:
            yield "content", content


def _declared(value: object) -> list[tuple[str, object]]:
    """Return the fields of a class with their defaults, the one that names its objects first."""
    found = [(one.name, one.default) for one in getattr(type(value), "__attrs_attrs__", ())]
    return sorted(found, key=lambda field: field[0] != "id")


def _same(found: object, default: object) -> bool:
    return type(found) is type(default) and found == default


def _has_more(value: Model) -> bool:
    """Whether there is more in an object than its summary."""
    summary = _SUMMARY.get(type(value), ())
    if not summary or isinstance(value, (RichText, PropertyValue, Block)):
        return False
    return any(
        name not in (*summary, *_PASSED_OVER) and attribute(value, name, UNSET) is not UNSET
        for name, _ in _declared(value)
    )


def _brief(value: object, depth: int) -> str:
    match value:
        case str():
            return repr(_cut(_harmless(value), _TEXT[depth]))
        case Model() | Unsupported():
            return _nested(f"{type(value).__name__}(", _parts(value, depth + 1), ")", depth)
        case Mapping():
            return _nested("{", _pairs(value, depth), "}", depth)
        case [] | ():
            return "[]"
        case list() | tuple():
            return _nested("[", (_brief(one, depth + 1) for one in value), "]", depth)
        case datetime():
            return value.isoformat(timespec="minutes")
        case _:
            return _cut(_harmless(_own(value)), _TEXT[depth])


def _nested(opening: str, parts: Iterator[str], closing: str, depth: int) -> str:
    if depth + 1 == len(_ROOM):
        return opening + "…" + closing
    return _within(opening, parts, closing, _ROOM[depth + 1])


def _pairs(values: Mapping[object, object], depth: int) -> Iterator[str]:
    for name, value in values.items():
        hidden = _opens(str(name), value)
        yield f"{_brief(name, depth)}: {_HIDDEN if hidden else _brief(value, depth + 1)}"


def _opens(name: str, value: object) -> bool:
    return name.endswith(("token", "secret")) and isinstance(value, str)


def _own(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # as of a number with more digits than Python writes
        return f"<{type(value).__name__}>"


def _harmless(text: str) -> str:
    """Return a text without what opens something, and no longer than it is shown."""
    start = text[:_READ]
    return _SECRET.sub(r"\1…", _SIGNED.sub(_without_query, start))


def _without_query(link: re.Match[str]) -> str:
    return f"{link[1]}{link[2]}{link[3][0] + '…' if link[3] else ''}"


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"


# ----------------------------------------------------------------------------------------- tables


def object_table(value: Model) -> str | None:
    """Return an object as a table of its fields; None for what is only part of an object."""
    if attribute(value, "object") is None:
        return None
    rows: list[Mapping[str, str]] = [
        {"": name, "value": _HIDDEN if _opens(name, found) else _cell(found)}
        for name, found in (*_shown_fields(value), *_properties(value))
    ]
    return _table(rows, ["", "value"], type(value).__name__)


def list_table(items: Iterable[object], count: int, about: str) -> str:
    """Return a list as a table: of pages a column for each property, of others what matters.

    Args:
        items: The objects; no more are read than are shown.
        count: How many they are.
        about: What there is, in words.
    """
    if count > _ROWS:
        about += f", {_ROWS} of them here"
    rows = [_row(item) for item in islice(items, _ROWS)]
    return _table(rows, list(dict.fromkeys(name for row in rows for name in row)), about)


def _row(item: object) -> dict[str, str]:
    page = attribute(item, "page") if isinstance(item, Row) else item
    found = list(_properties(page)) if isinstance(page, Page) else []
    if isinstance(page, Page):  # the title comes first, wherever Notion puts it
        found.sort(key=lambda one: attribute(one[1], "type") != "title")
    return {
        name: _HIDDEN if _opens(name, value) else _cell(value)
        for name, value in found or _shown_fields(item)
    }


def _properties(value: object) -> Iterator[tuple[str, object]]:
    properties = attribute(value, "properties")
    if isinstance(properties, Mapping):
        for name in properties:
            yield str(name), properties[name]


def _cell(value: object) -> str:
    if isinstance(value, PropertyValue):
        value = attribute(value, "value")
    if isinstance(value, Model) and not isinstance(value, (User, RichText)):
        return line(value)
    if isinstance(value, Mapping):
        return _brief(value, 0)
    try:
        return in_words(value)
    except Exception:  # as of a number with more digits than Python writes
        return _own(value)


def _table(rows: Sequence[Mapping[str, str]], names: Sequence[str], about: str) -> str:
    shown = names[:_COLUMNS]
    head = _cells("th", shown)
    body = "".join(
        f"<tr>{_cells('td', [row.get(name, '') for name in shown])}</tr>" for row in rows
    )
    hidden = len(names) - len(shown)
    more = f", {hidden} more {'column' if hidden == 1 else 'columns'}" if hidden else ""
    return (
        f"<table><caption>{_escaped(about)}{more}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cells(tag: str, texts: Iterable[str]) -> str:
    return "".join(f"<{tag}>{_escaped(text)}</{tag}>" for text in texts)


def _escaped(text: str) -> str:
    return html.escape(_cut(_harmless(text), _CELL))
