"""Time that passes at once, for calls that a timeout ends, or that pause.

A short timeout would end them as well; but where the machine is busy it is over before anything
was sent.  So it is long here, and once the answer has stalled, the clocks are put forward.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Final

import pytest

from notion_async.transport.clock import SystemClock
from tests.faults.server import FaultServer

LONG: Final = 1_000.0
"""Seconds of a timeout that is over only where time is let pass."""
_TURNS: Final = 50


async def settled() -> None:
    """Let what was written arrive, and whoever waits for it go on."""
    for _ in range(_TURNS):  # both sides and the socket between them belong to this loop
        await asyncio.sleep(0)


@contextlib.contextmanager
def passing_time() -> Iterator[Callable[[float], None]]:
    """Yield what lets so many seconds pass at once, on every clock of this process."""
    monotonic, passed = time.monotonic, 0.0

    def now() -> float:
        return monotonic() + passed

    def let_pass(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "monotonic", now)  # that of the loop, and of the client
        patch.setattr("aiohttp.connector.monotonic", now)
        yield let_pass


@contextlib.asynccontextmanager
async def hurried(server: FaultServer, seconds: float = LONG) -> AsyncIterator[list[float]]:
    """Wait for nothing: let time pass where an answer stalls, and where a client pauses.

    For one call at a time: who waits beside it would find its own time passed as well.

    Args:
        server: Whose answers stall.
        seconds: So many pass then.

    Yields:
        For how long clients have paused, each time that they did.
    """
    pauses: list[float] = []

    async def pause(_: SystemClock, seconds: float) -> None:
        pauses.append(seconds)
        let_pass(max(0.0, seconds))
        await asyncio.sleep(0)

    async def watch() -> None:
        while True:
            await server.stalled.wait()
            server.stalled.clear()
            await settled()
            let_pass(seconds)

    with passing_time() as let_pass, pytest.MonkeyPatch.context() as patch:
        patch.setattr(SystemClock, "sleep", pause)
        watching = asyncio.ensure_future(watch())
        try:
            yield pauses
        finally:
            watching.cancel()
