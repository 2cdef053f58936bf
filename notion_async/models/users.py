"""People and bots.

Notion's page: https://developers.notion.com/reference/user
"""

from __future__ import annotations

from notion_async.models._model import Lazy, Maybe, Model, ReadOnly, model
from notion_async.types import UNSET


@model
class Person(Model):
    """What is known of a person."""

    email: Maybe[str] = UNSET
    """Absent where the connection may not read e-mail addresses."""
    email_verified: Maybe[bool] = UNSET


@model
class WorkspaceLimits(Model):
    """What the bot's workspace allows."""

    max_file_upload_size_in_bytes: int


@model
class BotOwner(Model):
    """Who a bot belongs to: ``type`` is ``workspace`` or ``user``."""

    type: str
    workspace: Maybe[bool] = UNSET
    user: Lazy[Maybe[User]] = UNSET


@model
class Bot(Model):
    """What is known of a bot; nothing of bots other than one's own."""

    owner: Lazy[Maybe[BotOwner]] = UNSET
    workspace_id: Maybe[str] = UNSET
    workspace_name: Maybe[str | None] = UNSET
    workspace_limits: Lazy[Maybe[WorkspaceLimits]] = UNSET


@model
class User(Model):
    """A person or a bot.  A reference to one has an `id` alone."""

    id: str
    object: str = "user"
    type: ReadOnly[Maybe[str]] = UNSET
    """``person`` or ``bot``; absent in a mere reference, as the fields below."""
    name: ReadOnly[Maybe[str | None]] = UNSET
    avatar_url: ReadOnly[Maybe[str | None]] = UNSET
    person: ReadOnly[Lazy[Maybe[Person]]] = UNSET
    bot: ReadOnly[Lazy[Maybe[Bot]]] = UNSET
