"""The scan: what `data_sources.scan` returns."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from types import TracebackType
from typing import Generic, TypeVar

import anyio
import attrs

from notion_async.errors import ConfigurationError, IncompleteResult
from notion_async.resources._scan.ahead import Ahead
from notion_async.resources._scan.lines import Line
from notion_async.resources._scan.order import keys
from notion_async.resources._scan.reader import Batch, Reader
from notion_async.resources._scan.source import Ask, NotionTime, Source, StuckError
from notion_async.transport.clock import Clock
from notion_async.types import Maybe

T_co = TypeVar("T_co", covariant=True)


@attrs.frozen
class Scanned:
    """What is to be scanned.

    Attributes:
        ask: Asks for rows.
        filter: Which of them.
        sorts: In which order; none for that of their creation.
        filter_properties: Which of their properties.
        clock: Where waiting takes place.
        told: Returns what time it is at Notion's by its last answer, or None.
    """

    ask: Ask
    filter: Maybe[Mapping[str, object]]
    sorts: Sequence[Mapping[str, object]]
    filter_properties: Maybe[Sequence[str]]
    clock: Clock
    told: Callable[[], datetime | None]

    def reader(self) -> Reader:
        """Return what begins to read them."""
        time = NotionTime(self.clock, self.told)
        source = Source(self.ask, self.filter, self.filter_properties, time)
        return Reader(source, keys(self.sorts))


class Scan(Generic[T_co]):
    """All rows of a data source, fetched while they are read; nothing is sent before.

    ``async for row in scan`` reads one answer after the other, and holds no connection, lock or
    task between two rows: leaving the loop early needs no clean-up.

    ``async with scan as rows`` reads several windows of time at once, a little ahead of
    ``async for row in rows``.  The order is the same.  Leaving the block ends what is under way.
    Several tasks may take from `rows`; an error is raised in each of them.

    Iterating twice asks twice.  Every row that is there all the while comes once, whatever is
    edited, created or put into the trash meanwhile.

    Raises (while it is read):
        IncompleteResult: Notion has cut a query, and there is no way on.  Every row it gave has
            been delivered.
        PaginationError: The cursor is missing or does not move.
        InvalidCursorError: Notion did not accept its own cursors, time and again.
    """

    __slots__ = ("_ahead", "_read", "_scanned")

    def __init__(self, scanned: Scanned, read: Callable[[bytes], T_co]) -> None:
        self._scanned = scanned
        self._read = read
        self._ahead: Ahead | None = None

    async def __aiter__(self) -> AsyncIterator[T_co]:
        yielded = 0
        try:
            async with aclosing(_in_turn(self._scanned.reader())) as batches:
                async for batch in batches:
                    for line in batch:
                        yielded += 1
                        yield self._read(line.text)
        except StuckError as stuck:
            raise _incomplete(stuck, yielded) from None

    async def __aenter__(self) -> AsyncIterator[T_co]:
        if self._ahead is not None:
            raise ConfigurationError("this scan is being read already: ask for another one")
        self._ahead = Ahead(self._scanned.reader())
        await self._ahead.__aenter__()
        return _Rows(self._ahead, self._read)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            await ahead.aclose()


class _Rows(AsyncIterator[T_co]):
    """The rows of a scan that is read ahead."""

    def __init__(self, ahead: Ahead, read: Callable[[bytes], T_co]) -> None:
        self._ahead = ahead
        self._read = read
        self._lines: deque[Line] = deque()
        self._yielded = 0
        self._turn = anyio.Lock()  # several tasks may share the rows

    async def __anext__(self) -> T_co:
        try:
            while not self._lines:
                async with self._turn:
                    if not self._lines:  # else another task has fetched some meanwhile
                        batch = await self._ahead.batch()
                        if batch is None:
                            raise StopAsyncIteration
                        self._lines.extend(batch)
        except StuckError as stuck:
            raise _incomplete(stuck, self._yielded) from None
        self._yielded += 1
        return self._read(self._lines.popleft().text)


async def _in_turn(reader: Reader) -> AsyncGenerator[Batch]:
    for rows in (reader.rows(), reader.moved()):
        async with aclosing(rows) as batches:
            async for batch in batches:
                yield batch


def _incomplete(stuck: StuckError, yielded: int) -> IncompleteResult:
    return IncompleteResult(
        f"Notion cut this scan after {yielded} rows ({stuck.reason}): {stuck}",
        yielded=yielded,
        reason=stuck.reason,
    )
