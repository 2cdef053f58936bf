"""The catalogue, B10 and B12: calls that are cancelled, and clients that are closed."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable

import pytest

from notion_async import (
    AsyncClient,
    ConfigurationError,
    TransportError,
    WriteOutcomeUnknown,
)
from notion_async.models import Page
from notion_async.transport.limiter import TokenBucket
from notion_async.transport.retry import RetryPolicy
from tests.faults.facing import (
    CALLS,
    HOME,
    LARGE,
    create,
    facing,
    outcome,
    read,
    until,
)
from tests.faults.haste import settled
from tests.faults.server import (
    Exchange,
    always,
    first,
    on_connections,
)
from tests.faults.strikes import (
    drips,
    hangs,
    never_reads,
    replies,
)
from tests.faults.wire import ENDLESS, ENDLESS_CHUNKS, error, framed


async def cancelled(call: asyncio.Future[object]) -> None:
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


WAITS = {
    "the answer": hangs(),
    "the headers": hangs(b"HTTP/1.1 200 OK\r\nContent-"),
    "the body": hangs(ENDLESS),
    "a chunk": hangs(ENDLESS_CHUNKS),
    "a drip": drips(ENDLESS),
}


@pytest.mark.parametrize("wait", WAITS)
@pytest.mark.parametrize("call", [read, create])
async def test_b10_who_is_cancelled_while_reading_leaves_nothing_behind(
    call: Callable[[AsyncClient], Awaitable[object]], wait: str
) -> None:
    bucket = TokenBucket(max_in_flight=1)
    async with facing(first(WAITS[wait]), limiter=bucket) as it:
        task = asyncio.ensure_future(call(it.notion))
        await it.server.stalled.wait()
        await settled()  # so that what is said arrives
        waiting = asyncio.ensure_future(read(it.notion))
        await cancelled(task)

        assert isinstance(await asyncio.wait_for(waiting, 20), Page)
        assert (bucket.in_flight, bucket.waiting) == (0, 0)
        await it.notion.aclose()
        await until(lambda: not it.server.open)
    assert it.asked == 2


async def test_b10_who_is_cancelled_while_sending_leaves_nothing_behind() -> None:
    bucket = TokenBucket(max_in_flight=1)
    async with facing(on_connections(never_reads), room=4096, limiter=bucket) as it:
        sending = it.notion.blocks.children.append(HOME, children=LARGE)
        task = asyncio.ensure_future(outcome(sending))
        await it.server.stalled.wait()
        await settled()  # so that the socket takes in what it takes in
        waiting = asyncio.ensure_future(read(it.notion))
        await cancelled(task)

        assert isinstance(await asyncio.wait_for(waiting, 20), Page)
        assert (bucket.in_flight, bucket.waiting) == (0, 0)
    assert it.writes == []


async def test_b10_who_is_cancelled_before_the_next_attempt_sends_none() -> None:
    bucket = TokenBucket(max_in_flight=1)
    failed = asyncio.Event()
    slowly = RetryPolicy(base=60.0)
    async with facing(
        first(replies(error(502, "bad_gateway"))),
        limiter=bucket,
        retry=slowly,
        hooks=[lambda _: failed.set()],
    ) as it:
        task = asyncio.ensure_future(read(it.notion))
        await failed.wait()
        assert (bucket.in_flight, bucket.waiting) == (0, 0)
        await cancelled(task)

        assert isinstance(await asyncio.wait_for(read(it.notion), 20), Page)
    assert it.asked == 2


async def test_b10_who_is_cancelled_in_the_queue_makes_room() -> None:
    bucket = TokenBucket(max_in_flight=1)
    released = asyncio.Event()

    async def when_released(exchange: Exchange) -> None:
        reply = await exchange.commit()
        await released.wait()
        await exchange.say(framed(reply))

    async with facing(first(when_released), limiter=bucket) as it:
        ahead = asyncio.ensure_future(read(it.notion))
        await it.server.arrivals(1)
        task = asyncio.ensure_future(create(it.notion))
        behind = asyncio.ensure_future(read(it.notion))
        await until(lambda: bucket.waiting == 2)
        await cancelled(task)
        assert bucket.waiting == 1
        released.set()

        assert isinstance(await ahead, Page)
        assert isinstance(await asyncio.wait_for(behind, 20), Page)
        assert (bucket.in_flight, bucket.waiting) == (0, 0)
    assert it.writes == []


async def test_b10_who_is_cancelled_at_the_gate_makes_room() -> None:
    bucket = TokenBucket(max_in_flight=1)
    paused = asyncio.Event()
    asks = replies(error(429, "rate_limited", retry_after="1"))
    async with facing(first(asks), limiter=bucket, hooks=[lambda _: paused.set()]) as it:
        refused = asyncio.ensure_future(read(it.notion))
        await paused.wait()
        task = asyncio.ensure_future(create(it.notion))
        other = asyncio.ensure_future(read(it.notion))
        await settled()
        await cancelled(task)
        await cancelled(refused)

        assert isinstance(await asyncio.wait_for(other, 20), Page)
        assert (bucket.in_flight, bucket.waiting) == (0, 0)
    assert it.writes == []
    assert it.asked == 2


# ------------------------------------------------------------------------------ closed


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("used", [True, False])
async def test_b12_a_client_that_was_closed_says_so(name: str, used: bool) -> None:
    async with facing() as it:
        if used:
            await read(it.notion)
        await it.notion.aclose()
        await it.notion.aclose()
        before = it.asked
        failure = await outcome(CALLS[name](it.notion))

    assert isinstance(failure, ConfigurationError)
    assert it.asked == before
    gc.collect()


@pytest.mark.parametrize("wait", [*WAITS, "the next attempt", "its turn", "the end of a pause"])
@pytest.mark.parametrize("call", [read, create])
async def test_b12_closing_ends_what_is_under_way(
    call: Callable[[AsyncClient], Awaitable[object]], wait: str
) -> None:
    again = RetryPolicy(base=0.2, cap=0.2)
    refusal = replies(error(529, "service_overload", retry_after="1"))
    answer = {"the next attempt": replies(error(409, "conflict_error")), "its turn": hangs()}
    nemesis = always(WAITS.get(wait) or answer.get(wait, refusal))
    async with facing(nemesis, limiter=TokenBucket(max_in_flight=1), retry=again) as it:
        tasks = [asyncio.ensure_future(outcome(call(it.notion)))]
        await it.server.arrivals(1)
        if wait == "its turn":
            tasks.append(asyncio.ensure_future(outcome(call(it.notion))))
        await settled()
        arrived = it.asked
        await it.notion.aclose()
        async with asyncio.timeout(20):
            failures = await asyncio.gather(*tasks)

    allowed = (TransportError, ConfigurationError, WriteOutcomeUnknown)
    assert all(isinstance(failure, allowed) for failure in failures), failures
    assert it.asked == arrived
    gc.collect()
