"""Comments.

Notion's page: https://developers.notion.com/reference/comment-object
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notion_async.models._model import Lazy, Maybe, Model, ReadOnly, model
from notion_async.models.files import HostedFile
from notion_async.models.parents import Parent
from notion_async.models.rich_text import RichText
from notion_async.models.users import User
from notion_async.types import UNSET, JSONObject


@model
class CustomDisplayName(Model):
    """A name that the writer of a comment chose."""

    name: str


@model
class DisplayName(Model):
    """Under which name a comment appears."""

    type: str
    """``integration``, ``user`` or ``custom``."""
    custom: Lazy[Maybe[CustomDisplayName]] = UNSET
    """Only when it is written; what Notion shows is `resolved_name`."""
    resolved_name: ReadOnly[Maybe[str | None]] = UNSET

    def _to_request(self) -> JSONObject:
        fields = super()._to_request()
        if self.type == "custom" and "custom" not in fields:
            fields["custom"] = {"name": self.resolved_name or ""}
        return fields


@model
class CommentAttachment(Model):
    """A file hung on a comment."""

    category: str
    file: Lazy[Maybe[HostedFile]] = UNSET


@model
class Comment(Model):
    """One comment of a discussion on a page or block."""

    id: str
    discussion_id: str
    created_time: datetime
    last_edited_time: datetime
    parent: Lazy[Parent]
    created_by: Lazy[User]
    rich_text: Lazy[Sequence[RichText]]
    display_name: Lazy[Maybe[DisplayName]] = UNSET
    attachments: Lazy[Maybe[Sequence[CommentAttachment]]] = UNSET
    object: str = "comment"
    request_id: Maybe[str] = UNSET
