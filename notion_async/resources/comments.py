"""Comments on pages and blocks.

Notion's pages: https://developers.notion.com/reference/comment-object and the pages beside it.
"""

from __future__ import annotations

from notion_async import endpoints
from notion_async.ids import notion_id
from notion_async.models import Comment
from notion_async.pagination import Pager
from notion_async.resources._resource import Resource
from notion_async.types import UNSET, Maybe


class Comments(Resource):
    """Read comments."""

    __slots__ = ()

    async def retrieve(self, comment_id: str) -> Comment:
        """Return a comment.

        Raises:
            ObjectNotFoundError: There is no such comment, or it is not shared.
        """
        return await self._send(
            endpoints.COMMENTS_RETRIEVE,
            Comment.from_json,
            {"comment_id": comment_id},
            query={},
            body=None,
        )

    def list(
        self,
        block_id: str,
        *,
        start_cursor: str | None = None,
        page_size: Maybe[int] = UNSET,
    ) -> Pager[Comment]:
        """Return the open comments of one page or block, oldest first.

        Those of the blocks in a page are not among them, nor are resolved ones.

        Args:
            block_id: The page or block.
            start_cursor: Where to go on.
            page_size: How many comments an answer holds, from 1 to 100.
        """
        return self._list(
            endpoints.COMMENTS_LIST,
            Comment.from_json,
            {},
            start_cursor=start_cursor,
            page_size=page_size,
            query={"block_id": notion_id(block_id)},
        )
