"""Walking a page's tree of blocks: in document order, with several requests under way.

Each list of children is one request.  While the caller looks at one block, the lists of the
blocks that come next are fetched ahead, a bounded number of them.  The tree is not held: what
was passed is forgotten, but for the ids, which stop a cycle.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from types import TracebackType
from typing import Final, Self

import attrs

from notion_async.client import AsyncClient
from notion_async.content.tree import Placed
from notion_async.errors import (
    APIResponseError,
    ObjectNotFoundError,
    RestrictedResourceError,
    ValidationError,
)
from notion_async.models import Block, ObjectList

# Pages and databases of their own: what they hold is not this page's content.
OTHER_DOCUMENTS: Final = frozenset({"child_page", "child_database"})

_CLOSED: Final = (ObjectNotFoundError, RestrictedResourceError, ValidationError)


@attrs.frozen
class Unreadable:
    """A block whose children Notion does not give out."""

    block_id: str
    type: str
    error: APIResponseError


class Walk:
    """The blocks below a page or block, as an ``async with`` block.

    ::

        async with Walk(notion, page_id) as blocks:
            async for placed in blocks:
                print("  " * placed.depth, placed.block.type)
        print(blocks.unreadable)

    Args:
        client: What asks Notion.
        root_id: A page or block.
        ahead: How many lists of children are fetched before they are needed.
        enter_documents: Whether the pages and databases that lie in it are entered, too.
    """

    def __init__(
        self,
        client: AsyncClient,
        root_id: str,
        *,
        ahead: int = 8,
        enter_documents: bool = False,
    ) -> None:
        self._client = client
        self._root_id = root_id
        self._ahead = ahead
        self._closed_types = frozenset() if enter_documents else OTHER_DOCUMENTS
        self._fetched: dict[str, asyncio.Task[_Listing]] = {}
        self._frames: list[_Frame] = []
        self._visited: set[str] = set()
        self._blocks = self._walk()
        self.unreadable: list[Unreadable] = []
        """What could not be entered; complete when the walk has ended."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._blocks.aclose()
        for task in self._fetched.values():
            task.cancel()
        await asyncio.gather(*self._fetched.values(), return_exceptions=True)
        self._fetched.clear()

    def __aiter__(self) -> AsyncIterator[Placed]:
        return self._blocks

    async def _walk(self) -> AsyncGenerator[Placed, None]:
        self._visited.add(self._root_id)
        self._descend(await _Listing.open(self._client, self._root_id), None)
        while self._frames:
            frame = self._frames[-1]
            if not frame.blocks:
                if await self._more(frame):
                    self._fetch_ahead()
                else:
                    self._frames.pop()
                continue
            block = frame.blocks.popleft()
            yield Placed(block, len(self._frames) - 1)
            if self._enters(block):
                listing = await self._listing(block)
                if listing is not None:
                    self._descend(listing, block)

    def _descend(self, listing: _Listing, block: Block | None) -> None:
        self._frames.append(_Frame(listing, block))
        self._fetch_ahead()

    async def _more(self, frame: _Frame) -> bool:
        try:
            return await frame.more()
        except _CLOSED as error:
            if frame.block is None:
                raise
            self._note(frame.block, error)
            return False

    def _enters(self, block: Block) -> bool:
        if not block.has_children or block.type in self._closed_types:
            return False
        if block.id in self._visited:
            return False
        self._visited.add(block.id)
        return True

    async def _listing(self, block: Block) -> _Listing | None:
        task = self._fetched.pop(block.id, None)
        try:
            return await (task or _Listing.open(self._client, block.id))
        except _CLOSED as error:
            self._note(block, error)
            return None

    def _note(self, block: Block, error: APIResponseError) -> None:
        self.unreadable.append(Unreadable(block.id, block.type, error))

    def _fetch_ahead(self) -> None:
        """Begin with the lists that will be wanted next: the innermost first."""
        for frame in reversed(self._frames):
            for block in frame.blocks:
                if len(self._fetched) >= self._ahead:
                    return
                if (
                    block.has_children
                    and block.type not in self._closed_types
                    and block.id not in self._visited
                    and block.id not in self._fetched
                ):
                    self._fetched[block.id] = asyncio.create_task(
                        _Listing.open(self._client, block.id)
                    )


class _Frame:
    """One level of the tree on the way down."""

    def __init__(self, listing: _Listing, block: Block | None) -> None:
        self._listing = listing
        self.block = block
        """Whose children these are; None for the root."""
        self.blocks: deque[Block] = deque(listing.first)

    async def more(self) -> bool:
        self.blocks.extend(await self._listing.rest())
        return bool(self.blocks)


class _Listing:
    """The children of one block: the first answer is here, the rest comes when asked for."""

    def __init__(
        self, answers: AsyncIterator[ObjectList[Block]], first: ObjectList[Block]
    ) -> None:
        self._answers = answers
        self.first: Sequence[Block] = first.results

    @classmethod
    async def open(cls, client: AsyncClient, block_id: str) -> _Listing:
        answers = client.blocks.children.list(block_id, page_size=100).pages()
        return cls(answers, await anext(answers))

    async def rest(self) -> Sequence[Block]:
        async for answer in self._answers:
            if len(answer):  # an empty answer is not the end
                return answer.results
        return ()
