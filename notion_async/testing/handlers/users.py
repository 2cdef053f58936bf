"""People and bots.

Notion: https://developers.notion.com/reference/get-users
"""

from __future__ import annotations

from notion_async.testing.call import PAGING, Call
from notion_async.testing.paging import listing
from notion_async.testing.records import Record, record_of


def list_all(call: Call) -> bytes:
    """Answer with everybody in the workspace."""
    call.allow(query=PAGING)
    users, cursor = call.page_of(call.store.users(), key=lambda user: user.id)
    return listing((_shown(call, user) for user in users), cursor, "user")


def retrieve(call: Call) -> bytes:
    """Answer with one user."""
    call.allow()
    identity = call.ids["user_id"]
    bot = call.store.bot
    user = bot if bot.id == identity else call.store.find("user", identity)
    return _shown(call, user)


def me(call: Call) -> bytes:
    """Answer with the bot that the token belongs to."""
    call.allow()
    return call.store.bot.shown(call.version)


def _shown(call: Call, user: Record) -> bytes:
    """Return a user; of bots other than its own a connection sees little more than the name."""
    own = None if call.connection is None else call.connection.bot
    if own is not None and user.type == "bot" and user is not own:
        user = record_of({**user.decoded(), "bot": {}})
    return user.shown(call.version)
