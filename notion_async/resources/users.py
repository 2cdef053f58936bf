"""People and bots of the workspace.

Notion's pages: https://developers.notion.com/reference/user and the pages beside it.
"""

from __future__ import annotations

from notion_async import endpoints
from notion_async.models import User
from notion_async.pagination import Pager
from notion_async.resources._resource import Resource
from notion_async.transport import governor
from notion_async.types import UNSET, Maybe


class Users(Resource):
    """Read users."""

    __slots__ = ()

    async def me(self) -> User:
        """Return the bot that the token belongs to.

        From then on the client knows its workspace, and keeps pauses that Notion asks all of a
        workspace for.

        Raises:
            UnauthorizedError: The token is refused.
        """
        send = self._send
        me = await send(endpoints.USERS_ME, User.from_json, {}, query={}, body=None)
        bot = getattr(me, "bot", None)
        workspace_id = getattr(bot, "workspace_id", None)
        if isinstance(workspace_id, str):
            governor.joined(send.pipeline.governor, send.base_url, workspace_id)
        return me

    async def retrieve(self, user_id: str) -> User:
        """Return a user.

        Raises:
            ObjectNotFoundError: There is no such user in the workspace.
        """
        return await self._send(
            endpoints.USERS_RETRIEVE, User.from_json, {"user_id": user_id}, query={}, body=None
        )

    def list(
        self, *, start_cursor: str | None = None, page_size: Maybe[int] = UNSET
    ) -> Pager[User]:
        """Return the members of the workspace and its bots; not its guests.

        Args:
            start_cursor: Where to go on.
            page_size: How many users an answer holds, from 1 to 100.
        """
        return self._list(
            endpoints.USERS_LIST,
            User.later,
            {},
            start_cursor=start_cursor,
            page_size=page_size,
        )
