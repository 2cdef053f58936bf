"""Stopping a call wherever it waits: at its first await, at its second, and so on to the end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import types
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import Any, Final

from notion_async import AsyncClient
from tests.faults.server import FaultServer

# So many turns of the loop go by between reaching a place and being cancelled there.
TURNS: Final = (0, 1, 3)
_MOST: Final = 500


@types.coroutine
def _driven(
    call: Awaitable[object], reached: Callable[[int], None]
) -> Generator[Any, Any, object]:
    """Drive a call, and say each time that it waits.  Any: what a loop and a task exchange."""
    steps = call.__await__()
    number = 0
    try:
        waits = steps.send(None)
        while True:
            number += 1
            reached(number)
            failure: BaseException | None = None
            try:
                yield waits
            except BaseException as error:
                failure = error
            # Outside of the handler: else the error would be the context of whatever comes of it.
            waits = steps.send(None) if failure is None else steps.throw(failure)
    except StopIteration as end:
        return end.value


async def stopped_at(
    call: Awaitable[object], place: int, turns: int, *, beside: Awaitable[object]
) -> bool:
    """Cancel a call at the place where it waits; tell whether it got so far.

    What is raised, if not the cancellation, is raised.

    Args:
        call: What is cancelled.
        place: At which await, from 1.
        turns: So many turns of the loop later.
        beside: Another one, that begins right after it and goes on to its end.
    """
    there = asyncio.Event()

    def reached(number: int) -> None:
        if number == place:
            there.set()

    async def run() -> object:
        return await _driven(call, reached)

    task = asyncio.ensure_future(run())
    arrived = asyncio.ensure_future(there.wait())
    other = asyncio.ensure_future(beside)
    await asyncio.wait((task, arrived), return_when=asyncio.FIRST_COMPLETED)
    for _ in range(turns):
        await asyncio.sleep(0)
    arrived.cancel()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5):
        await other
    return there.is_set()


def places() -> range:
    """Return the places, from the first; who counts stops where the call was over."""
    return range(1, _MOST)


def sockets() -> int:
    """Return how many sockets this process has open."""
    found = 0
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - of links that point nowhere
        try:
            found += Path(f"/proc/self/fd/{name}").readlink().name.startswith("socket:")
        except OSError:
            continue
    return found


async def assert_nothing_is_left(
    notion: AsyncClient, server: FaultServer, tasks: set[asyncio.Task[Any]]
) -> None:
    """Look at what a cancelled call may have forgotten; the client is closed."""
    limiter = notion.limiter
    if limiter is not None:
        assert (limiter.in_flight, limiter.waiting) == (0, 0)
    await notion.aclose()
    async with asyncio.timeout(5):
        while server.open or _others(tasks):  # noqa: ASYNC110 - nothing says when
            await asyncio.sleep(0)


def _others(tasks: set[asyncio.Task[Any]]) -> set[str]:
    """Return the names of tasks that are neither of the test nor of its server."""
    left = asyncio.all_tasks() - tasks - {asyncio.current_task()}
    return {
        task.get_coro().__qualname__  # type: ignore[union-attr]  # of a coroutine, as here
        for task in left
        if not task.done()
    }
