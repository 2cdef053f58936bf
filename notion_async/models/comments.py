"""Comments.

Notion's page: https://developers.notion.com/reference/comment-object
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notion_async.models._model import Lazy, Maybe, Model, model
from notion_async.models.files import HostedFile
from notion_async.models.parents import Parent
from notion_async.models.rich_text import RichText
from notion_async.models.users import User
from notion_async.types import UNSET


@model
class DisplayName(Model):
    """Under which name a comment appears."""

    type: str
    """``integration``, ``user`` or ``custom``."""
    resolved_name: Maybe[str | None] = UNSET


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
