"""P9: nothing grows while calls fail, however many."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import attrs
import pytest

from notion_async import AsyncClient, NotionError, RetryPolicy, TokenBucket
from tests.clients import answer, client_to
from tests.faults.server import Answer, Arrived, Fault, FaultServer, free_port
from tests.faults.strikes import drips, hangs, resets, says
from tests.faults.wire import chunked, http
from tests.testing.emulated import uid

# Errors that are kept for the search would be counted here.
pytestmark = pytest.mark.unwatched

CALLS: Final = 800
AT_ONCE: Final = 50
WARM_UP: Final = 200
# What they may leave behind: less than half an object each, and a twentieth of a request.
OBJECTS: Final = 300
BYTES: Final = 100_000

ONCE: Final = RetryPolicy(attempts=1, base=0.0, cap=0.0, spread=0.0)

Make = Callable[[AsyncClient], Awaitable[object]]


async def read(notion: AsyncClient) -> object:
    return await notion.pages.retrieve(uid("home"))


async def walk(notion: AsyncClient) -> object:
    return [user async for user in notion.users.list()]


async def create(notion: AsyncClient) -> object:
    return await notion.pages.create(parent={"page_id": uid("home")})


async def cancelled(notion: AsyncClient) -> object:
    call = asyncio.ensure_future(read(notion))
    await asyncio.sleep(0.002)
    call.cancel()
    return await asyncio.gather(call, return_exceptions=True)


async def refused_before_it_is_sent(notion: AsyncClient) -> object:
    return await notion.pages.retrieve("no id")


@attrs.frozen
class Failing:
    """Calls, and what befalls every second of them: if it were all, nothing would be sent."""

    answer: Answer
    make: Make = read
    timeout: float = 5.0


ERROR = http(
    b'{"object":"error","status":500,"code":"internal_server_error","message":"no"}', status=500
)
FAILURES: Final = {
    "status 500": Failing(says(ERROR)),
    "status 500 on a write": Failing(says(ERROR), create),
    "status 429": Failing(says(http(b"{}", status=429, headers="Retry-After: 0\r\n"))),
    "status 404": Failing(says(http(b"{}", status=404))),
    "garbage": Failing(says(http(b"<html>" * 1000))),
    "half a text": Failing(says(http(b'{"object":"page\xff'))),
    "a list of nothing": Failing(says(http(b'{"object":"list"}')), walk),
    "an answer in chunks that is too large": Failing(says(chunked(b"[" * 300_000))),
    "a broken connection": Failing(resets()),
    "no HTTP": Failing(says(b"\x00\x01\x02\r\n\r\n")),
    "no answer in time": Failing(hangs(), timeout=0.02),
    "half an answer in time": Failing(drips(http(b"{}", length=9_999)), timeout=0.02),
    "cancelled": Failing(hangs(), cancelled),
    "refused before it is sent": Failing(hangs(), refused_before_it_is_sent),
}


@contextlib.asynccontextmanager
async def every_second(failing: Answer) -> AsyncIterator[FaultServer]:
    """Serve this as every second answer."""
    page = answer({"object": "page", "id": uid("home"), "results": []})
    turns = itertools.cycle((Fault("failing", failing), Fault("proper", says(page))))

    def nemesis(request: Arrived | None) -> Fault | None:
        return next(turns) if request is not None else None

    async with FaultServer(nemesis=nemesis) as server:
        yield server


async def fail(notion: AsyncClient, make: Make, count: int) -> int:
    """Make so many calls, some at a time, and return how many of them failed."""
    failed = 0

    async def one() -> None:
        nonlocal failed
        try:
            await make(notion)
        except NotionError:
            failed += 1

    for _ in range(count // AT_ONCE):
        await asyncio.gather(*(one() for _ in range(AT_ONCE)))
    return failed


async def settled(server: FaultServer | None) -> tuple[int, int]:
    """Return how many objects there are, and how many bytes are in use."""
    if server is not None:
        server.log.clear()
        server.arrived.clear()
    before, now = -1, 0
    while before != now:  # connections that were closed go, some turns later
        await asyncio.sleep(0.02)
        gc.collect()
        before, now = now, len(gc.get_objects())
    return now, tracemalloc.get_traced_memory()[0]


async def grown(
    notion: AsyncClient, make: Make, server: FaultServer | None = None
) -> tuple[int, int, int]:
    """Return by how many objects and bytes calls let the process grow, and how many failed.

    What leaks, leaks again: of several rounds the one with the least growth counts.
    """
    rounds: list[tuple[int, int, int]] = []
    tracemalloc.start()
    try:
        await fail(notion, make, WARM_UP)
        objects, size = await settled(server)
        while len(rounds) < 3 and not any(one < OBJECTS and two < BYTES for one, two, _ in rounds):
            failed = await fail(notion, make, CALLS)
            objects_after, size_after = await settled(server)
            rounds.append((objects_after - objects, size_after - size, failed))
            objects, size = objects_after, size_after
    finally:
        tracemalloc.stop()
    return min(rounds)


def brief() -> TokenBucket:
    """A budget that is never short, and forgets soon."""
    return TokenBucket(100_000, per=0.01, margin=0.0, max_in_flight=AT_ONCE)


@pytest.mark.parametrize("name", FAILURES)
async def test_many_calls_that_fail_leave_nothing_behind(name: str) -> None:
    failing = FAILURES[name]
    async with (
        every_second(failing.answer) as server,
        client_to(
            server,
            retry=ONCE,
            limiter=brief(),
            timeout=failing.timeout,
            max_response_bytes=200_000,
        ) as notion,
    ):
        objects, size, failed = await grown(notion, failing.make, server)

    assert failed >= CALLS * 0.4 or failing.make is cancelled
    assert objects < OBJECTS
    assert size < BYTES


async def test_many_calls_that_nobody_answers_leave_nothing_behind() -> None:
    address = f"http://127.0.0.1:{free_port()}"
    async with AsyncClient("ntn_test", base_url=address, retry=False, limiter=brief()) as notion:
        objects, size, failed = await grown(notion, read)

    assert failed == CALLS
    assert objects < OBJECTS
    assert size < BYTES
