"""An end to what takes too long, by one timer for all that is under way in an event loop."""

from __future__ import annotations

import asyncio
from types import TracebackType

from notion_async.transport.pauses import Block


class Timeouts:
    """When what is under way has to end.

    `asyncio.timeout` and aiohttp make a timer for every request.  That is a twentieth of a small
    one, and hardly any ever goes off.  Here one timer waits for the earliest end it was told of;
    then what is still under way says when it has to look again.

    Args:
        loop: Where all of it runs.
    """

    __slots__ = ("_closed", "_handle", "_under_way", "loop")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._under_way: set[_Timeout] = set()
        self._handle: asyncio.TimerHandle | None = None
        self._closed = False

    def within(self, seconds: float) -> _Timeout:
        """Return a block that raises `TimeoutError` after so many seconds.  It is entered once."""
        return _Timeout(self, seconds)

    def begin(self, timeout: _Timeout) -> None:
        """Have a block end in time."""
        self._under_way.add(timeout)
        if self._handle is None or timeout.end < self._handle.when():
            self._look_at(timeout.end)

    def ended(self, timeout: _Timeout) -> None:
        """Forget a block.  The timer stays: the next one most likely ends later."""
        self._under_way.discard(timeout)
        if self._closed:
            self.close()

    def close(self) -> None:
        """Stop the timer as soon as nothing is under way."""
        self._closed = True
        if not self._under_way and self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _look_at(self, when: float) -> None:
        if self._handle is not None:
            self._handle.cancel()
        self._handle = self.loop.call_at(when, self._look, when)

    def _look(self, now: float) -> None:
        self._handle = None
        for late in [timeout for timeout in self._under_way if timeout.end <= now]:
            self._under_way.discard(late)
            late.interrupt()
        if self._under_way:
            self._look_at(min(timeout.end for timeout in self._under_way))


class _Timeout(Block):
    """A block that may take so long; as `asyncio.timeout`, but for who watches it."""

    __slots__ = ("_all", "_seconds", "end")

    def __init__(self, timeouts: Timeouts, seconds: float) -> None:
        super().__init__()
        self._all = timeouts
        self._seconds = seconds

    def __enter__(self) -> None:
        self.enter()
        self.end = self._all.loop.time() + self._seconds
        self._all.begin(self)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._all.ended(self)
        if self.was_interrupted(kind):
            raise TimeoutError from error
