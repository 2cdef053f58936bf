"""Icons, covers and files: small objects that pages, blocks and properties share."""

from __future__ import annotations

from typing import Final

from notion_async.testing import files
from notion_async.testing.checks import (
    Decoded,
    a_string,
    a_uuid,
    an_object,
    failed,
    known_fields,
)
from notion_async.testing.rich_text import LONGEST_URL, custom_emoji
from notion_async.testing.store import Store
from notion_async.types import UNSET

_ICONS: Final = ("emoji", "external", "custom_emoji", "icon", "file_upload")


def icon(store: Store, value: object, where: str) -> Decoded | None:
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
        return {"type": kind, kind: custom_emoji(store, identity)}
    return file(store, given, where, accepts="image")


def cover(store: Store, value: object, where: str) -> Decoded | None:
    """Return a cover as it is read; null clears it."""
    return None if value is None else file(store, an_object(value, where), where, accepts="image")


def file(store: Store, given: Decoded, where: str, accepts: str = "") -> Decoded:
    """Return a file as it is read: one that was uploaded, or lies elsewhere.

    Args:
        store: Where the upload is.
        given: What it was written as.
        where: Where that was.
        accepts: The category that an upload has to be of; empty for any.
    """
    if "file_upload" in given:
        path = f"{where}.file_upload"
        upload = an_object(given["file_upload"], path)
        return files.uploaded(store, upload.get("id", UNSET), f"{path}.id", accepts)
    content = an_object(given.get("external", UNSET), f"{where}.external")
    url = a_string(content.get("url", UNSET), f"{where}.external.url", most=LONGEST_URL)
    return {"type": "external", "external": {"url": url}}


def named_file(store: Store, value: object, where: str) -> Decoded:
    """Return a file in a property as it is read; an upload brings its name with it."""
    given = an_object(value, where)
    if "name" in given or "file_upload" not in given:
        a_string(given.get("name", UNSET), f"{where}.name")
    if "file" in given:
        found = files.given_back(store, given["file"], f"{where}.file")
    else:
        found = file(store, given, where)
    return {"name": given.get("name", files.name_of(found)), **found}
