"""A clock that stands still until it is told to go on."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from typing import TypeVar

_T = TypeVar("_T")


class ManualClock:
    """Virtual time: `advance` moves it, and wakes sleepers in the order of their times.

    Sleepers see the exact time they asked for, however far one `advance` goes.
    """

    def __init__(self, start: float = 0.0) -> None:
        self._now = start
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> float:
        """Virtual seconds."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock was advanced by so much."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), future))
        await future

    @property
    def next_wake(self) -> float | None:
        """When the next sleeper wakes, or None where nobody sleeps."""
        self._drop_cancelled()
        return self._sleepers[0][0] if self._sleepers else None

    async def advance(self, seconds: float) -> None:
        """Let `seconds` pass: everybody whose time comes wakes and runs, in order."""
        end = self._now + seconds
        await self._settle()
        while (wake := self.next_wake) is not None and wake <= end:
            self._now = max(self._now, wake)
            _, _, future = heapq.heappop(self._sleepers)
            future.set_result(None)
            await self._settle()
        self._now = end
        await self._settle()

    async def run(self, *, until: asyncio.Future[_T]) -> None:
        """Advance from sleeper to sleeper until `until` is done, or nobody sleeps any more."""
        await self._settle()
        while not until.done() and (wake := self.next_wake) is not None:
            await self.advance(max(0.0, wake - self._now))

    def _drop_cancelled(self) -> None:
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)

    @staticmethod
    async def _settle() -> None:
        # Woken tasks run, wake others and fall asleep again: a few turns of the loop let all
        # of that happen before time moves on.
        for _ in range(12):
            await asyncio.sleep(0)
