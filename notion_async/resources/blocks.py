"""Blocks and their children.

Notion's pages: https://developers.notion.com/reference/block and the pages beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from notion_async import endpoints
from notion_async.errors import ConfigurationError
from notion_async.ids import notion_id
from notion_async.models import Block, BlockContent, ObjectList
from notion_async.pagination import Pager
from notion_async.resources._resource import BlockLike, Resource, whole, writable
from notion_async.resources._sender import Sender
from notion_async.resources._writing import block_change
from notion_async.resources.meeting_notes import MeetingNotes
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

        Where the answer is lost, those that Notion names are returned.  Else it is looked among
        the children, up to 2,000, for new ones of this connection with the same content, what
        lies in them not compared: if they are there once, and nothing else was appended there by
        this client meanwhile, they are returned.  Another process of the same connection that
        appends the very same blocks in the same minute cannot be told from this one.

        Args:
            block_id: The block or page they go into.
            children: From 1 to 100, nested two deep.
            position: Where among the children: ``{"type": "start"}``, ``{"type": "end"}`` or
                ``{"type": "after_block", "after_block": {"id": …}}``; at the end if left out.
                Version 2025-09-03 knows no start.
            after: The block after which they go: the same as ``after_block``.

        Raises:
            ConfigurationError: The number of blocks; both position and after.
            WriteOutcomeUnknown: The answer was lost, and the blocks were not found: look before
                you append them again.
            ValidationError: Notion does not accept the blocks.
        """
        if not 1 <= len(children) <= 100:
            raise ConfigurationError(
                f"one request appends 1 to 100 blocks, not {len(children)}: send them in several"
            )
        place = _place(position, after, self._send.version)
        return await self._send(
            endpoints.BLOCKS_APPEND_CHILDREN,
            _blocks,
            {"block_id": block_id},
            query={},
            body={"children": writable(children), **place},
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
            Block.later,
            {"block_id": block_id},
            start_cursor=start_cursor,
            page_size=page_size,
        )


class Blocks(Resource):
    """Read, change and delete blocks."""

    __slots__ = ("children", "meeting_notes")

    def __init__(self, send: Sender) -> None:
        super().__init__(send)
        self.children = BlockChildren(send)
        self.meeting_notes = MeetingNotes(send)

    async def retrieve(self, block_id: str) -> Block:
        """Return a block, without its children.

        Raises:
            ObjectNotFoundError: There is no such block, or it is not shared with the connection.
        """
        return await self._send(
            endpoints.BLOCKS_RETRIEVE, Block.from_json, {"block_id": block_id}, query={}, body=None
        )

    async def update(
        self,
        block_id: str,
        content: Maybe[BlockLike | BlockContent] = UNSET,
        *,
        in_trash: Maybe[bool] = UNSET,
    ) -> Block:
        """Change a block.  Its type and its children stay; it cannot be moved.

        An object says everything: ``Paragraph([…])`` sets the colour to the default one, too.
        To change some fields alone give a mapping: ``{"paragraph": {"color": "red", …}}``.

        Args:
            block_id: The block.
            content: Its new content, of the same type: an object, a `Block` whose content is
                taken, or a mapping.  Children and files that Notion holds are not sent.
            in_trash: Whether it is in the trash.

        Raises:
            ConfigurationError: Blocks of that type cannot be changed; nothing was given.
            WriteOutcomeUnknown: The answer was lost, and the block does not tell: somebody else
                has edited it meanwhile, or an upload was given.
            ObjectNotFoundError: There is no such block, or it is not shared with the connection.
            ValidationError: Notion does not accept the change.
        """
        if content is UNSET and in_trash is UNSET:
            raise ConfigurationError("nothing to change: give content or in_trash")
        body = {} if content is UNSET else block_change(content)
        return await self._send(
            endpoints.BLOCKS_UPDATE,
            Block.from_json,
            {"block_id": block_id},
            query={},
            body=body if in_trash is UNSET else {**body, "in_trash": in_trash},
        )

    async def delete(self, block_id: str) -> Block:
        """Move a block to the trash, with what lies in it; ``update(in_trash=False)`` restores it.

        Args:
            block_id: The block; or a page or database, which is a block as well.

        After a lost answer the block may be found gone: then what is returned carries its `id`
        and `in_trash` alone, and what is absent raises AttributeError.

        Raises:
            ObjectNotFoundError: There is no such block, or it is not shared with the connection.
        """
        return await self._send(
            endpoints.BLOCKS_DELETE, Block.from_json, {"block_id": block_id}, query={}, body=None
        )


def _place(
    position: Maybe[Mapping[str, object]], after: Maybe[str], version: str
) -> Mapping[str, object]:
    """Return where blocks are appended, by the name that it has in this version."""
    if position is not UNSET and after is not UNSET:
        raise ConfigurationError("position and after say the same: give one of them")
    if after is not UNSET:
        block: dict[str, object] = {"id": notion_id(after)}
        position = {"type": "after_block", "after_block": block}
    if position is UNSET:
        return {}
    if version >= "2026-03-11":
        return {"position": position}
    match position:
        case {"type": "after_block", "after_block": {"id": str() as sibling}}:
            return {"after": notion_id(sibling)}
        case {"type": "end"}:  # where blocks go when nothing is said
            return {}
    raise ConfigurationError(
        f"version {version} of Notion's API appends after a block or at the end, and nowhere "
        "else: give after, or use notion_version='2026-03-11'"
    )


def _blocks(text: bytes) -> ObjectList[Block]:
    return whole(ObjectList.of(text, Block.from_json), text)
