"""Comments.

Notion's pages: https://developers.notion.com/reference/comment-object and the pages beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from notion_async import endpoints
from notion_async.errors import ConfigurationError
from notion_async.ids import notion_id
from notion_async.models import Comment, DisplayName
from notion_async.pagination import Pager
from notion_async.resources._resource import ParentLike, Resource
from notion_async.resources._writing import AttachmentLike, RichTextLike
from notion_async.resources._writing import attachments as attachments_of
from notion_async.resources._writing import parent as parent_of
from notion_async.resources._writing import rich_text as rich_text_of
from notion_async.types import UNSET, Maybe


class Comments(Resource):
    """Read, write and delete comments."""

    __slots__ = ()

    async def create(
        self,
        *,
        parent: Maybe[ParentLike] = UNSET,
        discussion_id: Maybe[str] = UNSET,
        rich_text: Maybe[RichTextLike] = UNSET,
        markdown: Maybe[str] = UNSET,
        attachments: Maybe[Sequence[AttachmentLike]] = UNSET,
        display_name: Maybe[DisplayName | Mapping[str, object]] = UNSET,
    ) -> Comment:
        """Write a comment: on a page or block, or in a discussion.  It is never written twice.

        Args:
            parent: The page or block on which a discussion begins.
            discussion_id: The discussion that is answered: `Comment.discussion_id`.
            rich_text: What it says.
            markdown: What it says, in Markdown that stays within a line.
            attachments: Finished uploads, at most 3.
            display_name: Under which name it appears: ``{"type": "integration"}``,
                ``{"type": "user"}`` or ``{"type": "custom", "custom": {"name": …}}``.

        Raises:
            ConfigurationError: Not exactly one of parent and discussion_id, or of rich_text and
                markdown; too many attachments.
            WriteOutcomeUnknown: The answer was lost, and Notion did not say what it has written:
                look before you write it again.
            RestrictedResourceError: The connection may not write comments.
        """
        _one_of(parent=parent, discussion_id=discussion_id)
        _one_of(rich_text=rich_text, markdown=markdown)
        return await self._send(
            endpoints.COMMENTS_CREATE,
            Comment.from_json,
            {},
            query={},
            body={
                "parent": parent_of(parent),
                "discussion_id": UNSET if discussion_id is UNSET else notion_id(discussion_id),
                "rich_text": rich_text_of(rich_text),
                "markdown": markdown,
                "attachments": attachments_of(attachments),
                "display_name": display_name,
            },
        )

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

    async def update(
        self,
        comment_id: str,
        *,
        rich_text: Maybe[RichTextLike] = UNSET,
        markdown: Maybe[str] = UNSET,
    ) -> Comment:
        """Change what a comment says.  Only comments of this connection can be changed.

        Args:
            comment_id: The comment.
            rich_text: What it says.
            markdown: What it says, in Markdown that stays within a line.

        Raises:
            ConfigurationError: Not exactly one of rich_text and markdown.
            WriteOutcomeUnknown: The answer was lost, and the comment does not tell, as of
                Markdown.
            RestrictedResourceError: The comment is not this connection's.
        """
        _one_of(rich_text=rich_text, markdown=markdown)
        return await self._send(
            endpoints.COMMENTS_UPDATE,
            Comment.from_json,
            {"comment_id": comment_id},
            query={},
            body={"rich_text": rich_text_of(rich_text), "markdown": markdown},
        )

    async def delete(self, comment_id: str) -> Comment:
        """Delete a comment, and with the last one its discussion.

        Only comments of this connection can be deleted.

        After a lost answer the comment may be found gone: then what is returned carries its `id`
        alone, and what is absent raises AttributeError.

        Raises:
            ObjectNotFoundError: There is no such comment, or it is not shared with the connection.
        """
        return await self._send(
            endpoints.COMMENTS_DELETE,
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
            Comment.later,
            {},
            start_cursor=start_cursor,
            page_size=page_size,
            query={"block_id": notion_id(block_id)},
        )


def _one_of(**given: object) -> None:
    if sum(value is not UNSET for value in given.values()) != 1:
        raise ConfigurationError(f"give exactly one of {' and '.join(given)}")
