"""P17, B12: a client and event loops: one after the other, two at once, and after the end."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable

import pytest

from notion_async import AsyncClient, ConfigurationError, NotionError, TransportError
from tests.cancel.stepping import (
    TURNS,
    assert_nothing_is_left,
    places,
    sockets,
    stopped_at,
)
from tests.clients import TOKEN, answer, client_to
from tests.faults.server import FaultServer, serving
from tests.faults.strikes import hangs, says
from tests.testing.emulated import uid

PAGE = answer({"object": "page", "id": uid("home")})


async def read(notion: AsyncClient) -> object:
    return await notion.pages.retrieve(uid("home"))


class InAThread:
    """A server in an event loop of its own, for clients that have several."""

    def __init__(self) -> None:
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self.server = FaultServer()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with serving(says(PAGE)) as self.server:
            self._ready.set()
            await self._stop.wait()

    def __enter__(self) -> FaultServer:
        self._thread.start()
        assert self._ready.wait(10)
        return self.server

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)


def in_threads(count: int, act: Callable[[int], None]) -> list[BaseException]:
    """Do something in so many threads at once, and return what was raised."""
    raised: list[BaseException] = []
    together = threading.Barrier(count)

    def run(number: int) -> None:
        together.wait(10)
        try:
            act(number)
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return raised


@pytest.mark.parametrize("limited", [True, False])
def test_one_client_serves_one_loop_after_the_other(limited: bool) -> None:
    before = sockets()
    with InAThread() as server:
        notion = client_to(server) if limited else client_to(server, limiter=None)
        for _ in range(5):
            asyncio.run(read(notion))
        asyncio.run(notion.aclose())
    gc.collect()

    assert len(server.arrived) == 5
    assert sockets() <= before


def test_a_loop_that_ended_in_the_midst_of_a_call_leaves_no_place_taken() -> None:
    async def leave(notion: AsyncClient) -> None:
        call = asyncio.ensure_future(read(notion))
        while not notion.limiter or not notion.limiter.in_flight:  # noqa: ASYNC110 - nothing says
            await asyncio.sleep(0)
        del call  # asyncio.run cancels what is left

    with InAThread() as server:
        notion = client_to(server)
        for _ in range(12):  # more than may be under way at once
            asyncio.run(leave(notion))
        asyncio.run(read(notion))
        asyncio.run(notion.aclose())
    gc.collect()

    assert notion.limiter is not None
    assert (notion.limiter.in_flight, notion.limiter.waiting) == (0, 0)


def test_one_client_in_two_running_loops_works_or_says_that_it_cannot() -> None:
    before = sockets()
    with InAThread() as server:
        notion = client_to(server)

        async def many() -> None:
            for _ in range(20):
                await read(notion)

        raised = in_threads(3, lambda _: asyncio.run(many()))

        asyncio.run(notion.aclose())
    gc.collect()

    assert all(isinstance(error, ConfigurationError) for error in raised)
    assert all("one client for each" in str(error) for error in raised)
    assert sockets() <= before


def test_a_client_for_each_thread_works() -> None:
    with InAThread() as server:

        async def many() -> None:
            async with client_to(server) as notion:
                await asyncio.gather(*(read(notion) for _ in range(20)))

        assert in_threads(3, lambda _: asyncio.run(many())) == []

    assert len(server.arrived) == 60


async def test_a_client_that_is_closed_says_so_and_may_be_closed_again() -> None:
    async with serving(says(PAGE)) as server:
        notion = client_to(server)
        await read(notion)
        for _ in range(3):
            await notion.aclose()

        with pytest.raises(ConfigurationError, match="the client is closed"):
            await read(notion)
        with pytest.raises(ConfigurationError, match="the client is closed"):
            await read(notion.with_options(timeout=1.0))

    assert len(server.arrived) == 1


async def test_a_client_that_was_never_used_may_be_closed() -> None:
    notion = AsyncClient(TOKEN)

    await asyncio.gather(notion.aclose(), notion.aclose())


@pytest.mark.parametrize("retry", [True, False])
async def test_calls_that_are_under_way_when_the_client_closes_end_in_an_error(
    retry: bool,
) -> None:
    async with serving(hangs()) as server:
        notion = client_to(server) if retry else client_to(server, retry=False)
        calls = [asyncio.ensure_future(read(notion)) for _ in range(20)]
        await server.arrivals(8)

        await notion.aclose()

        async with asyncio.timeout(5):
            outcomes = await asyncio.gather(*calls, return_exceptions=True)
    limiter = notion.limiter
    assert limiter is not None
    assert (limiter.in_flight, limiter.waiting) == (0, 0)
    assert all(isinstance(each, NotionError) for each in outcomes)
    assert all(isinstance(each, (ConfigurationError, TransportError)) for each in outcomes)


@pytest.mark.parametrize("turns", TURNS)
async def test_a_request_that_was_to_find_out_may_be_cancelled(turns: int) -> None:
    """The breaker lets one request through; if that is cancelled, another one is."""
    for place in places():
        async with serving(says(PAGE)) as server:
            tasks = asyncio.all_tasks()
            notion = client_to(server, retry=False)
            health = notion._pipeline.health
            health.well, health._pauses = False, 1  # open, and its pause is over

            got_there = await stopped_at(read(notion), place, turns, beside=asyncio.sleep(0))

            async with asyncio.timeout(5):
                await read(notion)
            assert not health.is_open
            await assert_nothing_is_left(notion, server, tasks)
        if not got_there:
            break


async def test_a_client_that_is_forgotten_leaves_no_connection() -> None:
    before = sockets()
    async with serving(says(PAGE)) as server:
        notion = client_to(server)
        await read(notion)
        del notion
        gc.collect()

        async with asyncio.timeout(5):
            while server.open:  # noqa: ASYNC110 - nothing says when
                await asyncio.sleep(0)
    async with asyncio.timeout(5):
        while sockets() > before:  # noqa: ASYNC110 - nothing says when
            await asyncio.sleep(0)
