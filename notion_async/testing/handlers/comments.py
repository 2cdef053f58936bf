"""Comments on pages and blocks.

Notion: https://developers.notion.com/reference/comment-object
"""

from __future__ import annotations

from notion_async.testing.call import PAGING, Call, exactly_one, required
from notion_async.testing.checks import (
    Decoded,
    RefusalError,
    a_string,
    a_uuid,
    an_object,
    known_fields,
    not_offered,
    one_of,
)
from notion_async.testing.handlers.pages import archived
from notion_async.testing.paging import listing
from notion_async.testing.records import Record
from notion_async.testing.rich_text import rich_text
from notion_async.testing.store import Store
from notion_async.types import UNSET


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
        body=("parent", "discussion_id", "rich_text", "markdown", "display_name"),
        elsewhere=("attachments",),
    )
    store, body = call.store, call.body
    content = exactly_one(body, ("rich_text", "markdown"))
    if content == "markdown":
        raise not_offered("body.markdown")
    parent, discussion = _thread(store, body)
    comment = store.add(
        {
            "object": "comment",
            "id": store.new_id(),
            "parent": parent,
            "discussion_id": discussion,
            "created_time": store.minute(),
            "last_edited_time": store.minute(),
            "created_by": store.author(),
            "rich_text": rich_text(store, body["rich_text"], "body.rich_text"),
            "display_name": _display_name(store, body.get("display_name")),
        }
    )
    return comment.shown(call.version)


def update(call: Call) -> bytes:
    """Change what a comment says."""
    call.allow(body=("rich_text", "markdown"))
    comment = _own(call)
    if exactly_one(call.body, ("rich_text", "markdown")) == "markdown":
        raise not_offered("body.markdown")
    words = rich_text(call.store, call.body["rich_text"], "body.rich_text")
    changed = call.store.change(comment, rich_text=words, last_edited_time=call.store.minute())
    return changed.shown(call.version)


def delete(call: Call) -> bytes:
    """Delete a comment, for good, and answer with what it was."""
    call.allow()
    comment = _own(call)
    call.store.remove(comment)
    return comment.shown(call.version)


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
