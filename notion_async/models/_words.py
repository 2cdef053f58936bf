"""What objects and values say, as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from notion_async.models._model import Model, to_json
from notion_async.models.blocks import Block, TableRow
from notion_async.models.files import FileObject
from notion_async.models.moments import DateSpan
from notion_async.models.properties import Place
from notion_async.models.rich_text import title_text
from notion_async.models.users import User

# Where objects keep what they say, the first that is there.
_SAYING: Final = (
    "plain_text", "rich_text", "markdown", "title", "expression", "caption", "name", "filename",
    "url",
)  # fmt: skip


def attribute(value: object, name: str, default: object = None) -> object:
    """Return an attribute; the default where it is absent, or not what it should be."""
    try:
        return getattr(value, name, default)
    except Exception:  # an odd object is shown as far as it can be read
        return default


def text_of(value: object) -> str:
    """Return what an object says without its looks; empty where it says nothing."""
    if isinstance(value, Block):
        value = attribute(value, "content")
    if isinstance(value, TableRow):
        cells = attribute(value, "cells")
        return " | ".join(map(title_text, cells if isinstance(cells, tuple | list) else ()))
    for name in _SAYING:
        if name == "url" and hasattr(type(value), "external"):
            continue  # a file's link says nothing, and may open it
        found = attribute(value, name)
        text = found if isinstance(found, str) else title_text(found)
        if text:
            return text
    return ""


def in_words(value: object) -> str:
    """Return a plain value, as of `PropertyValue.value`, as a person would write it."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case DateSpan(start=start, end=end):
            return in_words(start) if end is None else f"{in_words(start)} to {in_words(end)}"
        case datetime():
            return value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case User() | FileObject() | Place():
            return _named(value)
        case Model():
            return text_of(value) or str(to_json(value))
        case Mapping():
            return str({**value})
        case Sequence():
            return ", ".join(map(in_words, value))
        case _:
            return str(value)


def _named(value: User | FileObject | Place) -> str:
    for name in ("name", "address", "url", "id"):
        found = attribute(value, name)
        if found and isinstance(found, str):
            return found
    if isinstance(value, Place):
        return f"{attribute(value, 'lat')}, {attribute(value, 'lon')}"
    return ""
