"""One Notion object as the emulator keeps it: its bytes, and the few facts that listings need.

The bytes are decoded again only when a filter, a sort or a change asks for what is in them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, cast

import attrs
import msgspec

from notion_async.testing.checks import Decoded, dashed
from notion_async.types import JSON

CURRENT: Final = "2026-03-11"
PREVIOUS: Final = "2025-09-03"

KINDS: Final = (
    "page", "block", "database", "data_source", "comment", "user", "view", "file_upload",
    "custom_emoji",
)  # fmt: skip

LISTED_TYPES: Final = ("title", "rich_text", "people", "relation")
"""Property types whose values a page shows only in part."""
SHOWN: Final = 25
"""How many of their elements it shows."""

_WITH_TRASH: Final = ("page", "block", "database", "data_source")
_PARENTS: Final = ("page_id", "block_id", "data_source_id", "database_id")
# The same block, under the name that it has in each version.
_RENAMED: Final = {
    (CURRENT, "transcription"): "meeting_notes",
    (PREVIOUS, "meeting_notes"): "transcription",
}


@attrs.define(eq=False)
class Record:
    """An object, and its place."""

    kind: str
    id: str
    type: str
    """The type of a block or user, else empty."""
    parent: str
    """The id of the parent; empty at the top of the workspace."""
    parent_type: str
    trashed: bool
    archived: bool | None
    """What the field of that name says at 2025-09-03; None where the kind has no such field."""
    keeps_archived: bool
    """Whether it was loaded with that field: then it has it in every version, exactly as it was
    loaded."""
    created: str
    edited: str
    title: str
    body: bytes
    """As version 2026-03-11 shows it."""
    full: bytes | None
    """With long values whole, where `body` shows them cut."""

    def shown(self, version: str) -> bytes:
        """Return the JSON of an answer in `version`."""
        body = self.body
        if self.archived is not None and (version == PREVIOUS or self.keeps_archived):
            body = body[:-1] + (b',"archived":true}' if self.archived else b',"archived":false}')
        name = _RENAMED.get((version, self.type)) if self.kind == "block" else None
        return body if name is None else _renamed(body, self.type, name)

    def decoded(self) -> Decoded:
        """Return the object, nothing cut, with `archived` where it was loaded with that."""
        data = cast(Decoded, msgspec.json.decode(self.full or self.body))
        if self.keeps_archived:
            data["archived"] = self.archived
        return data

    def properties(self) -> dict[str, msgspec.Raw]:
        """Return the values of a page by name, whole, each not yet decoded."""
        return _PROPERTIES.decode(self.full or self.body).properties


class _Properties(msgspec.Struct):
    properties: dict[str, msgspec.Raw]


_PROPERTIES: Final = msgspec.json.Decoder(_Properties)


def record_of(source: Mapping[str, JSON]) -> Record:
    """Read a Notion object.  Only `request_id`, which belongs to the answer, is dropped.

    Raises:
        ValueError: It is no object that the emulator keeps.
    """
    data = {name: value for name, value in source.items() if name != "request_id"}
    kind, given_id = data.get("object"), data.get("id")
    identity = dashed(given_id) if isinstance(given_id, str) else None
    if kind not in KINDS or not isinstance(kind, str) or identity is None:
        raise ValueError(f"not an object of Notion: object={kind!r}, id={given_id!r}")
    archived = data.pop("archived", None) if kind in _WITH_TRASH else None
    trashed = bool(data.get("in_trash", archived))
    cut = _cut(data) if kind == "page" else None
    whole = _ENCODER.encode(data)
    parent_type, parent = _parent_of(data.get("parent"))
    return Record(
        kind=kind,
        id=identity,
        type=sys.intern(str(data.get("type", ""))),
        parent=parent,
        parent_type=parent_type,
        trashed=trashed,
        archived=_archived(kind, archived, trashed),
        keeps_archived=isinstance(archived, bool),
        created=instant(data.get("created_time")),
        edited=instant(data.get("last_edited_time")),
        title=title_of(data),
        body=whole if cut is None else _ENCODER.encode({**data, "properties": cut}),
        full=None if cut is None else whole,
    )


def title_of(data: Mapping[str, JSON]) -> str:
    """Return the title of a page, database or data source in plain text; else nothing."""
    title = data.get("title")
    properties = data.get("properties")
    if data.get("object") == "page" and isinstance(properties, Mapping):
        values = (value for value in properties.values() if isinstance(value, Mapping))
        title = next((value["title"] for value in values if value.get("type") == "title"), None)
    return plain_text(title)


def plain_text(rich_text: object) -> str:
    """Return the text of an array of rich text; of anything else, nothing."""
    if not isinstance(rich_text, Sequence) or isinstance(rich_text, str):
        return ""
    return "".join(str(run.get("plain_text", "")) for run in rich_text if isinstance(run, Mapping))


def instant(value: object) -> str:
    """Return a time in the one form in which times compare as strings; "" where there is none."""
    if not isinstance(value, str):
        return ""
    if len(value) == 24 and value.endswith("Z"):
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return ""
    return timestamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def floored(time: str) -> str:
    """Return the minute of a time: databases tell more, the blocks that stand for them do not."""
    return f"{time[:17]}00.000Z" if time else time


def timestamp(moment: datetime) -> str:
    """Return a moment as Notion writes it."""
    moment = moment.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _archived(kind: str, given: JSON, trashed: bool) -> bool | None:
    if kind not in _WITH_TRASH:
        return None
    return given if isinstance(given, bool) else trashed


def _parent_of(parent: JSON) -> tuple[str, str]:
    if isinstance(parent, Mapping):
        for name in (parent.get("type"), *_PARENTS):
            value = parent.get(name) if isinstance(name, str) else None
            if isinstance(value, str) and name in _PARENTS:
                # Thousands of rows have the same parent: one string for all of them.
                return str(name), sys.intern(dashed(value) or value)
    return "workspace", ""


def _cut(data: Mapping[str, JSON]) -> dict[str, JSON] | None:
    """Return the properties with long values cut, or None where there is nothing to cut."""
    properties = data.get("properties")
    if not isinstance(properties, Mapping):
        return None
    short = {
        name: cut for name, value in properties.items() if (cut := _cut_value(value)) is not None
    }
    return {**properties, **short} if short else None


def _cut_value(value: JSON) -> JSON:
    if not isinstance(value, Mapping):
        return None
    kind = value.get("type")
    items = value.get(kind) if isinstance(kind, str) and kind in LISTED_TYPES else None
    if not isinstance(items, Sequence) or len(items) <= SHOWN:
        return None
    cut: dict[str, JSON] = {**value, str(kind): items[:SHOWN]}
    if kind == "relation":
        cut["has_more"] = True
    return cut


def _renamed(body: bytes, old: str, new: str) -> bytes:
    data = msgspec.json.decode(body)
    return _ENCODER.encode(
        {
            (new if name == old else name): (new if name == "type" else value)
            for name, value in data.items()
        }
    )


def _plain(value: object) -> Any:
    """Let the encoder take any mapping and any sequence, as callers may have made them."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"not JSON: {value!r}")


_ENCODER: Final = msgspec.json.Encoder(enc_hook=_plain)
