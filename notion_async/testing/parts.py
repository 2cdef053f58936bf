"""Icons, covers and files: small objects that pages, blocks and properties share."""

from __future__ import annotations

from typing import Final

from notion_async.testing.checks import (
    Decoded,
    a_string,
    a_uuid,
    an_object,
    failed,
    known_fields,
    not_offered,
)
from notion_async.testing.rich_text import LONGEST_URL
from notion_async.types import UNSET

_ICONS: Final = ("emoji", "external", "custom_emoji", "icon", "file_upload")


def icon(value: object, where: str) -> Decoded | None:
    """Return an icon as it is read; null clears it."""
    if value is None:
        return None
    given = an_object(value, where)
    known_fields(given, where, ("type", *_ICONS))
    kind = next((name for name in _ICONS if name in given), None)
    if kind is None:
        raise failed(f"{where}.emoji", "defined", UNSET)
    if kind == "emoji":
        return {"type": "emoji", "emoji": a_string(given["emoji"], f"{where}.emoji")}
    if kind == "icon":
        content = an_object(given["icon"], f"{where}.icon")
        name = a_string(content.get("name", UNSET), f"{where}.icon.name")
        return {"type": "icon", "icon": {"name": name, "color": content.get("color", "gray")}}
    if kind == "custom_emoji":
        content = an_object(given["custom_emoji"], f"{where}.custom_emoji")
        identity = a_uuid(content.get("id", UNSET), f"{where}.custom_emoji.id")
        return {"type": kind, kind: {**content, "id": identity}}
    return external(given, where)


def cover(value: object, where: str) -> Decoded | None:
    """Return a cover as it is read; null clears it."""
    return None if value is None else external(an_object(value, where), where)


def external(given: Decoded, where: str) -> Decoded:
    """Return a file that lies elsewhere, which is the only kind so far."""
    if "file_upload" in given:
        raise not_offered(f"{where}.file_upload")
    content = an_object(given.get("external", UNSET), f"{where}.external")
    url = a_string(content.get("url", UNSET), f"{where}.external.url", most=LONGEST_URL)
    return {"type": "external", "external": {"url": url}}
