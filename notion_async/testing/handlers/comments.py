"""Comments on pages and blocks.

Notion: https://developers.notion.com/reference/comment-object
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from notion_async.testing.call import PAGING, Call, exactly_one, required
from notion_async.testing.checks import (
    Decoded,
    RefusalError,
    a_string,
    a_uuid,
    an_object,
    known_fields,
    one_of,
)
from notion_async.testing.files import attachments
from notion_async.testing.handlers.pages import archived
from notion_async.testing.markdown_content import inline_text
from notion_async.testing.paging import listing
from notion_async.testing.records import Record
from notion_async.testing.rich_text import rich_text
from notion_async.testing.store import Store
from notion_async.types import UNSET

_SAID: Final = ("rich_text", "markdown")


def list_open(call: Call) -> bytes:
    """Answer with the comments on a page or block itself, oldest first."""
    call.allow(query=("block_id", *PAGING))
    store, identity = call.store, a_uuid(required(call, "block_id"), "query.block_id")
    comments = store.comments(identity)
    if not comments:
        store.find("block", identity)
    if not store.alive(identity):
        comments = []
    page, cursor = call.page_of(comments, key=lambda comment: comment.id, scope=identity)
    return listing((comment.shown(call.version) for comment in page), cursor, "comment")


def retrieve(call: Call) -> bytes:
    """Answer with one comment."""
    call.allow()
    return call.store.find("comment", call.ids["comment_id"]).shown(call.version)


def create(call: Call) -> bytes:
    """Begin a discussion on a page or block, or go on with one."""
    call.allow(
        body=("parent", "discussion_id", "rich_text", "markdown", "display_name", "attachments"),
    )
    store, body = call.store, call.body
    exactly_one(body, _SAID)
    parent, discussion = _thread(store, body)
    attached = attachments(store, body.get("attachments", []), "body.attachments")
    comment = store.add(
        {
            "object": "comment",
            "id": store.new_id(),
            "parent": parent,
            "discussion_id": discussion,
            "created_time": store.minute(),
            "last_edited_time": store.minute(),
            "created_by": store.author(),
            "rich_text": _words(store, body),
            "display_name": _display_name(store, body.get("display_name")),
            **({"attachments": attached} if attached else {}),
        }
    )
    return comment.shown(call.version)


def update(call: Call) -> bytes:
    """Change what a comment says."""
    call.allow(body=("rich_text", "markdown"))
    comment = _own(call)
    words = _words(call.store, call.body)
    changed = call.store.change(comment, rich_text=words, last_edited_time=call.store.minute())
    return changed.shown(call.version)


def delete(call: Call) -> bytes:
    """Delete a comment, for good, and answer with what it was."""
    call.allow()
    comment = _own(call)
    call.store.remove(comment)
    return comment.shown(call.version)


def _words(store: Store, body: Decoded) -> Sequence[Decoded]:
    """Return what a comment says."""
    if exactly_one(body, _SAID) == "markdown":
        return inline_text(store, body["markdown"], "body.markdown")
    return rich_text(store, body["rich_text"], "body.rich_text")


def _own(call: Call) -> Record:
    """Return the comment, which the bot must have written."""
    comment = call.store.find("comment", call.ids["comment_id"])
    author = comment.decoded().get("created_by") or {}
    if author.get("id") != call.store.bot.id:
        # The words are ours: no exchange with Notion shows its own.
        message = "This comment was not created by this integration."
        raise RefusalError(403, "restricted_resource", message)
    return comment


def _thread(store: Store, body: Decoded) -> tuple[Decoded, str]:
    """Return what the comment is on, and the discussion it is part of."""
    if exactly_one(body, ("parent", "discussion_id")) == "discussion_id":
        discussion = a_uuid(body["discussion_id"], "body.discussion_id")
        comments = (comment.decoded() for comment in store.tables["comment"].values())
        found = next((one for one in comments if one.get("discussion_id") == discussion), None)
        if found is None:
            raise store.missing("discussion", discussion)
        return found["parent"], discussion
    given = an_object(body["parent"], "body.parent")
    kind = "page_id" if "page_id" in given else "block_id"
    known_fields(given, "body.parent", ("type", kind))
    identity = a_uuid(given.get(kind, UNSET), f"body.parent.{kind}")
    store.find(kind.removesuffix("_id"), identity)
    if not store.alive(identity):
        raise archived("block")
    return {"type": kind, kind: identity}, store.new_id()


def _display_name(store: Store, value: object) -> Decoded:
    given = {"type": "integration"} if value is None else an_object(value, "body.display_name")
    where = "body.display_name"
    kind = one_of(given.get("type", UNSET), f"{where}.type", ("integration", "user", "custom"))
    if kind != "custom":
        return {"type": kind, "resolved_name": store.bot_name}
    custom = an_object(given.get("custom", UNSET), f"{where}.custom")
    name = a_string(custom.get("name", UNSET), f"{where}.custom.name")
    return {"type": kind, "resolved_name": name}
