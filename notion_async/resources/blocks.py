"""Blocks and their children.

Notion's pages: https://developers.notion.com/reference/block and the pages beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from notion_async import endpoints
from notion_async.errors import ConfigurationError
from notion_async.models import Block, BlockContent, ObjectList
from notion_async.pagination import Pager
from notion_async.resources._resource import BlockLike, Resource, Sender, whole, writable
from notion_async.types import UNSET, Maybe


class BlockChildren(Resource):
    """The blocks in a block or page."""

    __slots__ = ()

    async def append(
        self,
        block_id: str,
        *,
        children: Sequence[BlockLike | BlockContent],
        position: Maybe[Mapping[str, object]] = UNSET,
        after: Maybe[str] = UNSET,
    ) -> ObjectList[Block]:
        """Append blocks and return those of the first level.  They are never appended twice.

        Args:
            block_id: The block or page they go into.
            children: At most 100, nested two deep.
            position: Where among the children; at the end if left out.
            after: The block after which they go; before version 2026-03-11 instead of `position`.

        Raises:
            WriteOutcomeUnknown: The answer was lost: look before you append them again.
            ValidationError: Notion does not accept the blocks.
        """
        if not 1 <= len(children) <= 100:
            raise ConfigurationError(
                f"one request appends 1 to 100 blocks, not {len(children)}: send them in several"
            )
        return await self._send(
            endpoints.BLOCKS_APPEND_CHILDREN,
            _blocks,
            {"block_id": block_id},
            query={},
            body={"children": writable(children), "position": position, "after": after},
        )

    def list(
        self,
        block_id: str,
        *,
        start_cursor: str | None = None,
        page_size: Maybe[int] = UNSET,
    ) -> Pager[Block]:
        """Return the blocks in a block or page, not those inside them.

        Args:
            block_id: The block or page.
            start_cursor: Where to go on.
            page_size: How many blocks an answer holds, from 1 to 100.
        """
        return self._list(
            endpoints.BLOCKS_LIST_CHILDREN,
            Block.from_json,
            {"block_id": block_id},
            start_cursor=start_cursor,
            page_size=page_size,
        )


class Blocks(Resource):
    """Read blocks."""

    __slots__ = ("children",)

    def __init__(self, send: Sender) -> None:
        super().__init__(send)
        self.children = BlockChildren(send)

    async def retrieve(self, block_id: str) -> Block:
        """Return a block, without its children.

        Raises:
            ObjectNotFoundError: There is no such block, or it is not shared with the connection.
        """
        return await self._send(
            endpoints.BLOCKS_RETRIEVE, Block.from_json, {"block_id": block_id}, query={}, body=None
        )


def _blocks(text: bytes) -> ObjectList[Block]:
    return whole(ObjectList.of(text, Block.from_json), text)
