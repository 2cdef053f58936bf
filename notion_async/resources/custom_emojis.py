"""The emojis that the workspace made.

Notion's page: https://developers.notion.com/reference/list-custom-emojis
"""

from __future__ import annotations

from notion_async import endpoints
from notion_async.models import CustomEmoji
from notion_async.pagination import Pager
from notion_async.resources._resource import Resource
from notion_async.types import UNSET, Maybe


class CustomEmojis(Resource):
    """Read the workspace's emojis."""

    __slots__ = ()

    def list(
        self,
        *,
        name: Maybe[str] = UNSET,
        start_cursor: str | None = None,
        page_size: Maybe[int] = UNSET,
    ) -> Pager[CustomEmoji]:
        """Return the emojis of the workspace.

        Args:
            name: Only the one with exactly this name, without colons.
            start_cursor: Where to go on.
            page_size: How many emojis an answer holds, from 1 to 100.
        """
        return self._list(
            endpoints.CUSTOM_EMOJIS_LIST,
            CustomEmoji.later,
            {},
            start_cursor=start_cursor,
            page_size=page_size,
            query={"name": name},
        )
