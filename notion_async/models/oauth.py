"""What public connections get for a code: tokens, and what is known of them.

Notion's page: https://developers.notion.com/reference/create-a-token
"""

from __future__ import annotations

from notion_async.models._model import Lazy, Maybe, Model, model
from notion_async.models.users import BotOwner
from notion_async.types import UNSET


@model
class OAuthToken(Model):
    """An access token, and what replaces it.

    The tokens do not show in its ``repr``.  They are in its JSON (`unstructure`), and in what
    is pickled: both are there to be stored, in a safe place.

    One user may authorize a workspace several times, with a bot and tokens for each: keep them
    by `bot_id`.
    """

    access_token: str
    """What requests are sent with.  Notion does not say when it expires."""
    bot_id: str
    workspace_id: str
    token_type: str = "bearer"  # noqa: S105 - a kind of token, not a token
    refresh_token: str | None = None
    """For the next pair of tokens.  It works once: store that pair before it is used."""
    workspace_name: Maybe[str | None] = UNSET
    workspace_icon: Maybe[str | None] = UNSET
    owner: Lazy[Maybe[BotOwner]] = UNSET
    duplicated_template_id: Maybe[str | None] = UNSET
    """The page that was made of the connection's template, if the user took it."""
    request_id: Maybe[str] = UNSET

    def __repr__(self) -> str:
        shown = [
            f"{name}={value!r}"
            for name in ("bot_id", "workspace_id", "workspace_name")
            if (value := getattr(self, name, UNSET)) is not UNSET
        ]
        return f"OAuthToken({', '.join(shown)})"


@model
class OAuthIntrospection(Model):
    """What Notion says of a token."""

    active: bool
    """Whether it can be used."""
    scope: Maybe[str] = UNSET
    iat: Maybe[float] = UNSET
    """When it was issued."""
    request_id: Maybe[str] = UNSET


@model
class OAuthRevocation(Model):
    """A token is out of use."""

    request_id: Maybe[str] = UNSET
