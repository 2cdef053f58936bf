"""Notes of meetings: made from recordings, and found by filters of their own.

Where no source is named, the words of refusals are ours: no exchange with Notion shows its own.

Notion: https://developers.notion.com/reference/create-meeting-note
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, Final

import msgspec

from notion_async.testing.call import Call
from notion_async.testing.checks import (
    Decoded,
    a_boolean,
    a_number,
    a_string,
    a_uuid,
    an_object,
    failed,
    invalid,
    known_fields,
    one_of,
)
from notion_async.testing.file_types import category
from notion_async.testing.files import uploaded
from notion_async.testing.handlers.pages import archived
from notion_async.testing.meeting_filters import matcher, sort
from notion_async.testing.meetings import begin
from notion_async.testing.records import CURRENT, Record
from notion_async.testing.rich_text import rich_text
from notion_async.testing.store import Store
from notion_async.types import UNSET

_LANGUAGES: Final = (
    "auto", "en", "zh-CN", "zh-TW", "es", "fr", "de", "ja", "ko", "pt", "ru", "th", "vi", "id",
    "da", "fi", "no", "nl", "it", "sv", "ar", "he", "pl",
)  # fmt: skip
_RECORDINGS: Final = ("audio", "video")
_TYPES: Final = ("meeting_notes", "transcription")
_MOST: Final = 50


def create(call: Call) -> bytes:
    """Make notes of a recording, which Notion writes in its own time."""
    call.allow(body=("title", "language", "options", "source", "parent"))
    store, body = call.store, call.body
    one_of(body.get("language", "auto"), "body.language", _LANGUAGES)
    options = an_object(body.get("options", {}), "body.options")
    known_fields(options, "body.options", ("kickoff_summary",))
    kickoff = a_boolean(options.get("kickoff_summary", False), "body.options.kickoff_summary")
    source = an_object(body.get("source", UNSET), "body.source")
    kinds = ("file_upload", "block")
    kind = one_of(source.get("type", UNSET), "body.source.type", kinds)
    known_fields(source, "body.source", ("type", f"{kind}_id"))
    given = source.get(f"{kind}_id", UNSET)
    if kind == "file_upload":
        parent, name = _parent(store, body), _upload(store, given)
        at = None
    else:
        if "parent" in body:
            raise failed("body.parent", "not present", body["parent"])
        parent, name, at = _block(store, given)
    title = a_string(body.get("title", PurePosixPath(name).stem), "body.title")
    words = rich_text(store, [{"text": {"content": title}}], "body.title") if title else []
    block = begin(store, parent, words, name, is_summed_up=kickoff, at=at)
    store.refresh_has_children(parent)
    store.touch(block.id)
    return msgspec.json.encode(_shown(call, block))


def query(call: Call) -> bytes:
    """Answer with the notes that match.

    Notion shows those that the user behind the connection attended; here all of them are shown.
    """
    call.allow(body=("filter", "sort", "limit"))
    store = call.store
    limit = _limit(call.body.get("limit", _MOST))
    test = matcher(call.body.get("filter"), store.wall())
    known: dict[str, bool] = {}
    notes = [
        _shown(call, record)
        for record in store.tables["block"].values()
        if record.type in _TYPES and store.alive(record.id, known)
    ]
    found = sort([block for block in notes if test(block)], call.body.get("sort"))
    return msgspec.json.encode({"results": found[:limit], "has_more": len(found) > limit})


def _shown(call: Call, record: Record) -> Decoded:
    """Return the block; here it is called ``meeting_notes`` in every version."""
    data: Decoded = msgspec.json.decode(record.shown(CURRENT))
    return {**data, "archived": record.trashed} if call.previous else data


def _parent(store: Store, body: Decoded) -> str:
    """Return the page that notes go into."""
    given = an_object(body.get("parent", UNSET), "body.parent")
    known_fields(given, "body.parent", ("type", "page_id"))
    one_of(given.get("type", "page_id"), "body.parent.type", ("page_id",))
    page = store.find("page", a_uuid(given.get("page_id", UNSET), "body.parent.page_id"))
    if not store.alive(page.id):
        raise archived("page")
    return page.id


def _upload(store: Store, given: object) -> str:
    """Return the name of a recording that was uploaded."""
    where = "body.source.file_upload_id"
    uploaded(store, given, where)
    data = store.find("file_upload", a_uuid(given, where)).decoded()
    if category(data["content_type"] or "") not in _RECORDINGS:
        raise invalid(f"{where}: a file of type {data['content_type']} is not a recording.")
    return str(data["filename"] or "recording")


def _block(store: Store, given: object) -> tuple[str, str, int]:
    """Return the parent of a recording in a block, its name, and the place behind it."""
    where = "body.source.block_id"
    block = store.find("block", a_uuid(given, where))
    if not store.alive(block.id):
        raise archived("block")
    if block.type not in _RECORDINGS:
        raise invalid(f"{where}: a block of type {block.type} holds no recording.")
    caption = block.decoded()[block.type].get("name") or "recording"
    return block.parent, str(caption), store.child_ids(block.parent).index(block.id) + 1


def _limit(given: Any) -> int:
    number = a_number(given, "body.limit")
    if number > _MOST:
        raise failed("body.limit", f"≤ `{_MOST}`", given)
    if number < 1 or number != int(number):
        raise failed("body.limit", "≥ `1`", given)
    return int(number)
