"""People and bots.

Notion: https://developers.notion.com/reference/get-users
"""

from __future__ import annotations

from notion_async.testing.call import PAGING, Call
from notion_async.testing.paging import listing


def list_all(call: Call) -> bytes:
    """Answer with everybody in the workspace."""
    call.allow(query=PAGING)
    users, cursor = call.page_of(call.store.users(), key=lambda user: user.id)
    return listing((user.shown(call.version) for user in users), cursor, "user")


def retrieve(call: Call) -> bytes:
    """Answer with one user."""
    call.allow()
    identity = call.ids["user_id"]
    bot = call.store.bot
    user = bot if bot.id == identity else call.store.find("user", identity)
    return user.shown(call.version)


def me(call: Call) -> bytes:
    """Answer with the bot that the token belongs to."""
    call.allow()
    return call.store.bot.shown(call.version)
