"""Blocks that are ended from outside: by time, or because the client is closed."""

from __future__ import annotations

import asyncio
from types import TracebackType

from notion_async.errors import ConfigurationError
from notion_async.transport.loops import call_in


class Block:
    """A `with` block in which a task can be interrupted, as by `asyncio.timeout`.  Enter once."""

    __slots__ = ("_cancelling", "_interrupted", "_task")

    def __init__(self) -> None:
        self._interrupted = False

    def interrupt(self) -> None:
        """End it: its task is cancelled, and finds out below that it was not by others."""
        self._interrupted = True
        self._task.cancel()

    def enter(self) -> None:
        """Note which task it is.

        Raises:
            ConfigurationError: There is none.
        """
        task = asyncio.current_task()
        if task is None:
            raise ConfigurationError("a request has to be sent by a task of the event loop")
        self._task: asyncio.Task[object] = task
        self._cancelling = task.cancelling()  # by others, before

    def was_interrupted(self, kind: type[BaseException] | None) -> bool:
        """Tell, as it ends with an exception of this kind, whether that is why."""
        if not self._interrupted:
            return False
        by_others = self._task.uncancel() > self._cancelling
        return kind is asyncio.CancelledError and not by_others


class Pauses:
    """Who waits before an attempt.  Closing the client ends all of it, in whichever loop."""

    def __init__(self) -> None:
        self._under_way: set[_Pause] = set()

    def begin(self) -> _Pause:
        """Return a block that raises `ConfigurationError` once the client is closed."""
        return _Pause(self._under_way)

    def end(self) -> None:
        """The client is closed."""
        for pause in tuple(self._under_way):
            pause.end()


class _Pause(Block):
    __slots__ = ("_all", "_loop")

    def __init__(self, under_way: set[_Pause]) -> None:
        super().__init__()
        self._all = under_way

    def end(self) -> None:
        """Interrupt it, from whichever loop."""
        call_in(self._loop, self._end_here)

    def _end_here(self) -> None:
        if self in self._all:  # else it has ended while this was on its way
            self.interrupt()

    def __enter__(self) -> None:
        self.enter()
        self._loop = asyncio.get_running_loop()
        self._all.add(self)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._all.discard(self)
        if self.was_interrupted(kind):
            raise ConfigurationError("the client is closed: make a new one")
