"""What each type of block is written with, and what Notion fills in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeAlias

import attrs

from notion_async.testing import files, parts
from notion_async.testing.checks import (
    Decoded,
    a_boolean,
    a_number,
    a_string,
    a_uuid,
    an_array,
    an_object,
    known_fields,
    one_of,
)
from notion_async.testing.rich_text import (
    COLORS,
    LONGEST_EXPRESSION,
    LONGEST_URL,
    MOST,
    rich_text,
)
from notion_async.testing.store import Store
from notion_async.types import UNSET

Reader: TypeAlias = Callable[[Store, object, str], object]
"""Checks the value of one field, and returns it as it is read."""


@attrs.frozen
class Kind:
    """A type of block.

    Attributes:
        fields: How each field is read, and what it is where it was left out: `UNSET` means it
            must be there, `...` that it stays away.
        children: Whether blocks may stand below.
        whole: Whether a change must have the fields that have no default.
        fixed: Fields that cannot be changed.
    """

    fields: Mapping[str, tuple[Reader, object]]
    children: bool = False
    whole: bool = True
    fixed: Collection[str] = ()

    def content(self, store: Store, given: object, where: str) -> Decoded:
        """Return the content of a block with defaults filled in, without its children."""
        value = an_object(given, where)
        known_fields(value, where, (*self.fields, "children") if self.children else self.fields)
        content: Decoded = {}
        for name, (read, default) in self.fields.items():
            if name not in value and default is not UNSET:
                if default is not ...:
                    content[name] = default
                continue
            content[name] = read(store, value.get(name, UNSET), f"{where}.{name}")
        return content

    def changed(self, store: Store, old: Decoded, given: object, where: str) -> Decoded:
        """Return the content of a block after a change; what was not given stays."""
        value = an_object(given, where)
        known_fields(value, where, [name for name in self.fields if name not in self.fixed])
        content = dict(old)
        for name, (read, default) in self.fields.items():
            required = self.whole and default is UNSET and name not in self.fixed
            if name in value or required:
                content[name] = read(store, value.get(name, UNSET), f"{where}.{name}")
        return content


@attrs.frozen
class Media(Kind):
    """A type of block that shows a file.

    Attributes:
        accepts: The category that an uploaded file has to be of; empty for any.
    """

    accepts: str = ""

    def content(self, store: Store, given: object, where: str) -> Decoded:
        """Return the content of a block: the file, and the fields around it."""
        value = dict(an_object(given, where))
        file: Decoded = {
            name: value.pop(name) for name in ("type", "external", "file_upload") if name in value
        }
        found = parts.file(store, file, where, self.accepts)
        content = super().content(store, value, where)
        name = files.name_of(found)
        if name is not None and "name" in self.fields and "name" not in value:
            content["name"] = name
        return {**found, **content}

    def changed(self, store: Store, old: Decoded, given: object, where: str) -> Decoded:
        """Return the content of a block after a change: the file may be another one."""
        value = dict(an_object(given, where))
        names = ("external", "file_upload")
        file: Decoded = {name: value.pop(name) for name in names if name in value}
        content = super().changed(store, old, value, where)
        if not file:
            return content
        kept = {name: one for name, one in content.items() if name not in ("type", old["type"])}
        return {**parts.file(store, file, where, self.accepts), **kept}


@attrs.frozen
class Link(Kind):
    """The block that links to a page, database or comment."""

    def content(self, store: Store, given: object, where: str) -> Decoded:  # noqa: ARG002 - as its siblings
        """Return the content of a block: what it links to."""
        value = an_object(given, where)
        names = ("page_id", "database_id", "comment_id")
        known_fields(value, where, ("type", *names))
        name = next((name for name in names if name in value), names[0])
        return {"type": name, name: a_uuid(value.get(name, UNSET), f"{where}.{name}")}

    def changed(self, store: Store, old: Decoded, given: object, where: str) -> Decoded:  # noqa: ARG002 - as its siblings
        """Return the content of a block after a change: another link."""
        return self.content(store, given, where)


def _text(_: Store, value: object, where: str) -> str:
    return a_string(value, where)


def _boolean(_: Store, value: object, where: str) -> bool:
    return a_boolean(value, where)


def _number(_: Store, value: object, where: str) -> int | float:
    return a_number(value, where)


def _color(_: Store, value: object, where: str) -> str:
    return one_of(value, where, COLORS)


def _url(_: Store, value: object, where: str) -> str:
    return a_string(value, where, most=LONGEST_URL)


def _expression(_: Store, value: object, where: str) -> str:
    return a_string(value, where, most=LONGEST_EXPRESSION)


def _cells(store: Store, value: object, where: str) -> list[list[Decoded]]:
    cells = an_array(value, where, most=MOST)
    return [rich_text(store, cell, f"{where}[{index}]") for index, cell in enumerate(cells)]


def _synced_from(_: Store, value: object, where: str) -> Decoded | None:
    if value is None:
        return None
    source = an_object(value, where)
    known_fields(source, where, ("type", "block_id"))
    return {
        "type": "block_id",
        "block_id": a_uuid(source.get("block_id", UNSET), f"{where}.block_id"),
    }


_RICH: Final = {"rich_text": (rich_text, UNSET)}
_COLOR: Final = {"color": (_color, "default")}
_CAPTION: Final[dict[str, tuple[Reader, object]]] = {"caption": (rich_text, [])}
_HEADING: Final = Kind({**_RICH, "is_toggleable": (_boolean, False), **_COLOR}, children=True)
_PROSE: Final = Kind({**_RICH, **_COLOR}, children=True)
_LINKED: Final = Kind({"url": (_url, UNSET), **_CAPTION}, whole=False)
# (3P) A callout written without an icon gets this one.
_LAMP: Final = {"type": "emoji", "emoji": "\N{ELECTRIC LIGHT BULB}"}

KINDS: Final[dict[str, Kind]] = {
    "paragraph": Kind({**_RICH, "icon": (parts.icon, None), **_COLOR}, children=True, whole=False),
    "heading_1": _HEADING,
    "heading_2": _HEADING,
    "heading_3": _HEADING,
    "heading_4": _HEADING,
    "bulleted_list_item": _PROSE,
    "numbered_list_item": Kind(
        {**_RICH, **_COLOR, "list_start_index": (_number, ...), "list_format": (_text, ...)},
        children=True,
        fixed=("list_start_index", "list_format"),
    ),
    "quote": _PROSE,
    "toggle": _PROSE,
    "to_do": Kind({**_RICH, "checked": (_boolean, False), **_COLOR}, children=True, whole=False),
    "callout": Kind({**_RICH, "icon": (parts.icon, _LAMP), **_COLOR}, children=True, whole=False),
    "code": Kind({**_CAPTION, **_RICH, "language": (_text, UNSET)}, whole=False),
    "equation": Kind({"expression": (_expression, UNSET)}),
    "divider": Kind({}),
    "breadcrumb": Kind({}),
    "table_of_contents": Kind(_COLOR),
    "column_list": Kind({}, children=True),
    "column": Kind({"width_ratio": (_number, ...)}, children=True),
    "tab": Kind({}, children=True),
    "table": Kind(
        {
            "table_width": (_number, UNSET),
            "has_column_header": (_boolean, False),
            "has_row_header": (_boolean, False),
        },
        children=True,
        fixed=("table_width",),
    ),
    "table_row": Kind({"cells": (_cells, UNSET)}),
    "synced_block": Kind({"synced_from": (_synced_from, UNSET)}, children=True),
    "template": Kind(_RICH, children=True),
    "link_to_page": Link({}),
    "bookmark": _LINKED,
    "embed": _LINKED,
    "image": Media(_CAPTION, accepts="image"),
    "video": Media(_CAPTION, accepts="video"),
    "audio": Media(_CAPTION, accepts="audio"),
    "pdf": Media(_CAPTION, accepts="pdf"),
    "file": Media({**_CAPTION, "name": (_text, "Untitled")}),
}
"""Every type that can be written.  Others can only be read."""

FIXED: Final = ("column_list",)
"""Types that can be made, but not changed."""

ONLY_CHILDREN: Final = {"column_list": "column", "table": "table_row", "tab": "paragraph"}
"""Types whose children are all of one type."""

NEED_CHILDREN: Final = ("column_list", "table")
"""Types that cannot be written empty."""
