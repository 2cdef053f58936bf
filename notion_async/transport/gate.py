"""A pause that everybody keeps who shares it."""

from __future__ import annotations

import asyncio

from notion_async.errors import APIResponseError
from notion_async.transport.clock import Clock, SystemClock


class Gate:
    """Open, or closed until a moment which only ever moves further away."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock: Clock = SystemClock() if clock is None else clock
        self._until = 0.0
        self._reason: APIResponseError | None = None
        self._waiters: dict[asyncio.Future[None], None] = {}
        self._timer: asyncio.Task[None] | None = None

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
        return len(self._waiters)

    def close_for(self, seconds: float, reason: APIResponseError | None = None) -> None:
        """Close it for so many seconds from now; a longer pause than that stays."""
        until = self._clock.now() + seconds
        if seconds <= 0 or until <= self._until:
            return
        self._until = until
        self._reason = reason
        self._wake()  # so that whoever cannot wait that long learns it now

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
            await self._next_change(left)
        return True

    async def _next_change(self, left: float) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is None or self._timer.done() or self._timer.get_loop() is not loop:
            # None runs, or it was cut off with the loop it belonged to.
            self._waiters = {}
            self._timer = loop.create_task(self._open_after(left))
        waiters = self._waiters
        future: asyncio.Future[None] = loop.create_future()
        waiters[future] = None
        try:
            await future
        finally:
            waiters.pop(future, None)
            if not waiters and waiters is self._waiters and self._timer is not None:
                self._timer.cancel()
                self._timer = None

    async def _open_after(self, left: float) -> None:
        await self._clock.sleep(left)
        self._timer = None
        self._wake()

    def _wake(self) -> None:
        waiters, self._waiters = self._waiters, {}
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for future in waiters:
            if not future.done():
                future.set_result(None)
