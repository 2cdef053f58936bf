"""Time, injected, so that waiting can be tested without waiting."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """What the library asks of time."""

    def now(self) -> float:
        """Seconds, monotonic, from an arbitrary point."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; at once for zero and below."""
        ...


class SystemClock:
    """The machine's monotonic clock.  One is as good as the other."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SystemClock)

    def __hash__(self) -> int:
        return hash(SystemClock)

    def now(self) -> float:
        """Seconds, monotonic, from an arbitrary point."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait; at once for zero and below."""
        await asyncio.sleep(max(0.0, seconds))
