"""The pager: what every listing method returns.

``await`` it for one list object, ``async for`` it for every item, answer after answer.

Notion's page: https://developers.notion.com/reference/intro#pagination
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator
from contextlib import aclosing
from typing import Generic, TypeVar

from notion_async.errors import IncompleteResult, PaginationError
from notion_async.models import ObjectList

T_co = TypeVar("T_co", covariant=True)


class Pager(Generic[T_co]):
    """A listing that is fetched while it is read; nothing is sent before.

    Iterating twice asks twice.  Items are delivered as Notion sends them: one that moves while
    the listing is read may come twice, or not at all.

    No connection, lock or task is held between two items, so that leaving a loop early needs no
    clean-up.

    Raises (while it is read):
        PaginationError: The cursor is missing or does not move.
        IncompleteResult: Notion has cut the result.  Every item it gave has been delivered.
    """

    __slots__ = ("_fetch", "start_cursor")

    def __init__(
        self,
        fetch: Callable[[str | None], Awaitable[ObjectList[T_co]]],
        start_cursor: str | None = None,
    ) -> None:
        self._fetch = fetch
        self.start_cursor = start_cursor
        """Where the listing starts: an `ObjectList.next_cursor` of an earlier run, or None."""

    def __await__(self) -> Generator[object, None, ObjectList[T_co]]:
        return self._fetch(self.start_cursor).__await__()

    async def __aiter__(self) -> AsyncIterator[T_co]:
        async with aclosing(self.pages()) as answers:
            async for answer in answers:
                for item in answer:
                    yield item

    async def pages(self) -> AsyncGenerator[ObjectList[T_co]]:
        """Yield the list objects one by one, each with the cursor from which to resume."""
        cursor = marked = self.start_cursor
        answers = yielded = 0
        cut: str | None = None
        while True:
            answer = await self._fetch(cursor)
            if answer.has_more and answer.next_cursor is None:
                answer = await self._fetch(cursor)  # seen to come and go: ask once more
            if answer.has_more and answer.next_cursor is None:
                raise PaginationError("Notion says there is more, but not where it goes on")
            status = answer.request_status
            if status is not None and status.type == "incomplete":
                cut = status.incomplete_reason or "no reason given"
            yielded += len(answer)
            yield answer
            if not answer.has_more:
                break
            if answer.next_cursor in (cursor, marked):
                raise PaginationError("the cursor does not move on: Notion repeats its answers")
            cursor = answer.next_cursor
            answers += 1
            if answers & (answers - 1) == 0:  # 1, 2, 4, 8 …: finds a circle of any length
                marked = cursor
        if cut is not None:
            raise IncompleteResult(
                f"Notion cut this result after {yielded} items ({cut}): ask for less with a "
                "filter, in several listings",
                yielded=yielded,
                reason=cut,
            )

    async def collect(self, *, limit: int | None = None) -> list[T_co]:
        """Return all items in a list, or the first `limit`."""
        items: list[T_co] = []
        if limit is not None and limit <= 0:
            return items
        async with aclosing(self.pages()) as answers:
            async for answer in answers:
                for item in answer:
                    items.append(item)
                    if len(items) == limit:
                        return items
        return items

    async def first(self) -> T_co | None:
        """Return the first item, or None where there is none."""
        async with aclosing(self.pages()) as answers:
            async for answer in answers:
                for item in answer:
                    return item
        return None
