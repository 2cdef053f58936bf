"""Several windows of time at once, delivered one after the other.

The first window is open at its end, until its first answer tells how close together the rows
were created.  Then it is closed after about 2,000 rows, and others follow, each as wide as the
rows that came last suggest.  A window that proves too wide is divided while it is read: that
costs no request, for it just ends earlier.
"""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import anyio
import attrs
from anyio.abc import TaskGroup
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from notion_async.errors import ConfigurationError, NotionError
from notion_async.resources._scan.ids import Ids
from notion_async.resources._scan.lines import MINUTE
from notion_async.resources._scan.reader import Batch, Reader, Window

_Item: TypeAlias = Batch | Exception

_WINDOWS: Final = 4
"""How many are read at once: the one that is delivered, and those ahead of it."""
_ROWS: Final = 2_000
_BATCHES: Final = 24
"""How many answers are kept of each."""
_WIDEST: Final = timedelta(days=3650)
_WIDER: Final = 8
"""How much wider a window may be than the one before."""


@attrs.define(eq=False)
class _Reading:
    """A window that is read, or is to be."""

    rows: Callable[[], AsyncGenerator[Batch]]
    reader: Reader
    send: MemoryObjectSendStream[_Item] = attrs.field(init=False)
    receive: MemoryObjectReceiveStream[_Item] = attrs.field(init=False)
    has_begun: bool = False
    is_done: bool = False
    reached: datetime | None = None
    """When the last row that came was created."""
    count: int = 0

    def __attrs_post_init__(self) -> None:
        self.send, self.receive = anyio.create_memory_object_stream[_Item](_BATCHES)

    @property
    def window(self) -> Window:
        return self.reader.window


class Ahead:
    """Reads ahead of who takes the rows.

    Args:
        reader: Reads all of them.  Only the order of creation has windows.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        first = reader.keys[0]
        self._has_windows = (
            first.of == "timestamp" and first.name == "created_time" and not first.descending
        )
        self._group: TaskGroup | None = None
        self._readings: list[_Reading] = []
        self._rest: datetime | None = None
        """Where the windows end that are planned; None where they are all."""
        self._last: datetime | None = None
        """When the newest row was created."""
        self._pace = MINUTE
        """How wide a window is to be."""
        self._moved_came = False
        self._failure: Exception | None = None

    async def __aenter__(self) -> None:
        self._group = anyio.create_task_group()
        await self._group.__aenter__()
        self._plan(Window())
        self._begin()

    async def aclose(self) -> None:
        """End all that is under way."""
        group, self._group = self._group, None
        if group is None:
            return
        group.cancel_scope.cancel()
        try:
            # It is not told about an error in the block: it would wrap it into a group of them.
            await group.__aexit__(None, None, None)
        finally:
            for one in self._readings:
                one.send.close()
                one.receive.close()

    async def batch(self) -> Batch | None:
        """Return the next rows; None at the end.

        Raises:
            ConfigurationError: The block has been left.
            NotionError: What went wrong in reading them.
            StuckError: There is no way on.
        """
        while self._readings:
            if self._group is None:
                raise ConfigurationError(
                    "these rows are read inside their block: async with "
                    "notion.data_sources.scan(…) as rows"
                )
            if self._failure is not None:
                raise self._failure  # again: what follows is not the rest
            reading = self._readings[0]
            try:
                item = await reading.receive.receive()
            except anyio.EndOfStream:
                reading.receive.close()
                self._readings.pop(0)
                if not self._readings and self._rest is None and not self._moved_came:
                    self._moved_came = True
                    self._readings.append(_Reading(self._reader.moved, self._reader))
                self._begin()
                continue
            if not isinstance(item, Exception):
                return item
            self._failure = item
        return None

    def _plan(self, window: Window, *, at: int | None = None) -> None:
        whole = self._reader
        reader = whole
        if self._has_windows:
            # Rows that may change their places may do so from one window to another.
            shared = not whole.is_lasting
            seen = whole.seen if shared else Ids()
            reader = Reader(whole.source, whole.keys, seen, is_shared=shared, window=window)
        place = len(self._readings) if at is None else at
        self._readings.insert(place, _Reading(reader.rows, reader))

    def _begin(self) -> None:
        """Have as many windows read as may be."""
        while self._rest is not None and len(self._readings) < _WINDOWS:
            start, end = self._rest, self._rest + self._pace
            is_last = self._last is None or end > self._last
            self._plan(Window(start, None if is_last else end, None if is_last else end))
            self._rest = None if is_last else end
        begun = sum(one.has_begun for one in self._readings)
        for index, one in enumerate(self._readings):
            if not one.has_begun and (index == 0 or begun < _WINDOWS):
                one.has_begun = True
                begun += 1
                self._start(self._fill, one)

    def _start(
        self, work: Callable[[_Reading], Coroutine[None, None, None]], on: _Reading
    ) -> None:
        if self._group is not None:
            self._group.start_soon(work, on)

    async def _fill(self, reading: _Reading) -> None:
        with reading.send:
            try:
                async with aclosing(reading.rows()) as batches:
                    async for batch in batches:
                        self._learn(reading, batch)
                        await reading.send.send(batch)
            except Exception as error:  # raised where the rows are taken
                await reading.send.send(error)
            reading.is_done = True
        self._widen(reading)

    def _learn(self, reading: _Reading, batch: Batch) -> None:
        """Learn from the first rows of a window how wide windows are to be, this one as well."""
        is_first, first, last = reading.count == 0, batch[0].created, batch[-1].created
        reading.count += len(batch)
        reading.reached = last or reading.reached
        reader = reading.reader
        if not is_first or not reader.more or first is None or last is None:
            return
        minutes = max(0.0, (last - first) / MINUTE) + 1  # whatever order they came in
        self._pace = min(MINUTE * math.ceil(minutes * _ROWS / len(batch)), _WIDEST)
        window = reader.window
        if window.end is None and self._last is None:
            if self._has_windows:
                self._start(self._close, reading)
            return
        end = window.end or self._last
        if end is not None and end - first > 2 * self._pace:
            self._divide(reading, first + self._pace)

    async def _close(self, reading: _Reading) -> None:
        """Let the first window end somewhere, and others begin there."""
        newest = {"timestamp": "created_time", "direction": "descending"}
        try:
            found = await self._reader.source.first([], [newest])
        except NotionError:
            return  # the only window reads it all
        times = [line.created for line in found.results if line.created is not None]
        if not times or reading.is_done or reading.reached is None:
            return
        self._last = max(times)
        cut = reading.reached + self._pace
        if self._last - cut > self._pace:
            self._divide(reading, cut)

    def _divide(self, reading: _Reading, cut: datetime) -> None:
        window = reading.window
        if window.end is None:
            self._rest = cut
        else:
            after = Window(cut, window.end, window.end)
            self._plan(after, at=self._readings.index(reading) + 1)
        window.end = cut
        self._begin()

    def _widen(self, reading: _Reading) -> None:
        """Make the next windows wider, where this one has given few rows."""
        window = reading.window
        if window.start is not None and window.end is not None and reading.count < _ROWS / 2:
            width = window.end - window.start
            wider = width * min(_WIDER, _ROWS / (reading.count + 1))
            self._pace = min(max(self._pace, wider), _WIDEST)
