"""A pause that everybody keeps who shares it."""

from __future__ import annotations

import asyncio
import threading

from notion_async.errors import APIResponseError
from notion_async.transport.clock import Clock, SystemClock
from notion_async.transport.loops import call_in


class Gate:
    """Open, or closed until a moment which only ever moves further away.

    It may be shared by several event loops, each in its thread.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock: Clock = SystemClock() if clock is None else clock
        self._until = 0.0
        self._reason: APIResponseError | None = None
        self._lock = threading.Lock()
        self._rooms: dict[asyncio.AbstractEventLoop, _Room] = {}

    @property
    def closed_for(self) -> float:
        """Seconds until it opens; zero where it is open."""
        return max(0.0, self._until - self._clock.now()) if self._until else 0.0

    @property
    def reason(self) -> APIResponseError | None:
        """The answer that closed it, or None where it is open."""
        return self._reason if self.closed_for > 0 else None

    @property
    def waiting(self) -> int:
        """How many callers wait."""
        return sum(len(room.waiters) for room in tuple(self._rooms.values()))

    def close_for(self, seconds: float, reason: APIResponseError | None = None) -> None:
        """Close it for so many seconds from now; a longer pause than that stays."""
        until = self._clock.now() + seconds
        with self._lock:
            if seconds <= 0 or until <= self._until:
                return
            self._until = until
            self._reason = reason
            rooms = tuple(self._rooms.values())
        for room in rooms:
            room.wake_from_anywhere()  # so that whoever cannot wait that long learns it now

    async def wait(self, *, within: float | None = None) -> bool:
        """Wait until it is open.

        Args:
            within: Seconds the caller has.

        Returns:
            False as soon as it is known that it does not open within that time.
        """
        end = None if within is None else self._clock.now() + within
        while (left := self.closed_for) > 0:
            if end is not None and self._clock.now() + left > end:
                return False
            await self._room().next_change(left)
        return True

    def _room(self) -> _Room:
        loop = asyncio.get_running_loop()
        with self._lock:
            room = self._rooms.get(loop)
            if room is None:
                for old in [loop for loop in self._rooms if loop.is_closed()]:
                    del self._rooms[old]
                room = self._rooms[loop] = _Room(loop, self._clock)
            return room


class _Room:
    """Those who wait in one event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: Clock) -> None:
        self.waiters: dict[asyncio.Future[None], None] = {}
        self._loop = loop
        self._clock = clock
        self._timer: asyncio.Task[None] | None = None

    async def next_change(self, left: float) -> None:
        """Wait until the gate opens, after `left` seconds, or is known to stay closed."""
        if self._timer is None or self._timer.done():
            self._timer = self._loop.create_task(self._open_after(left))
        future: asyncio.Future[None] = self._loop.create_future()
        self.waiters[future] = None
        try:
            await future
        finally:
            self.waiters.pop(future, None)
            if not self.waiters and self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def wake_from_anywhere(self) -> None:
        """Wake everybody, from whichever thread."""
        call_in(self._loop, self._wake)

    async def _open_after(self, left: float) -> None:
        await self._clock.sleep(left)
        self._timer = None
        self._wake()

    def _wake(self) -> None:
        waiters, self.waiters = self.waiters, {}
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for future in waiters:
            if not future.done():
                future.set_result(None)
