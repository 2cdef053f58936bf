from __future__ import annotations

import asyncio

import pytest

from notion_async.errors import RateLimitedError
from notion_async.testing.clock import ManualClock
from notion_async.transport.gate import Gate

from .tools import settle

REASON = RateLimitedError("slow down", status=429)


async def test_an_open_gate_holds_nobody(clock: ManualClock) -> None:
    gate = Gate(clock)

    assert await gate.wait()
    assert (gate.closed_for, gate.reason, gate.waiting) == (0.0, None, 0)


async def test_everybody_passes_in_order_when_it_opens(clock: ManualClock) -> None:
    gate = Gate(clock)
    gate.close_for(30, REASON)
    passed: list[tuple[int, float]] = []

    async def one(number: int) -> None:
        assert await gate.wait()
        passed.append((number, clock.now()))

    tasks = asyncio.gather(*(one(number) for number in range(5)))
    await settle()
    assert gate.waiting == 5
    assert gate.reason is REASON
    await clock.run(until=tasks)

    assert passed == [(number, 30.0) for number in range(5)]
    assert gate.reason is None


async def test_a_pause_is_never_shortened(clock: ManualClock) -> None:
    gate = Gate(clock)
    gate.close_for(30, REASON)
    gate.close_for(10)
    gate.close_for(-1)

    assert gate.closed_for == 30
    assert gate.reason is REASON


async def test_a_pause_can_grow_while_somebody_waits(clock: ManualClock) -> None:
    gate = Gate(clock)
    gate.close_for(10, REASON)
    waiter = asyncio.ensure_future(gate.wait())
    await clock.advance(5)
    gate.close_for(30, REASON)

    await clock.advance(29)
    assert not waiter.done()
    await clock.advance(1)

    assert waiter.done()


async def test_whoever_cannot_wait_that_long_learns_it_at_once(clock: ManualClock) -> None:
    gate = Gate(clock)
    gate.close_for(10, REASON)
    assert not await gate.wait(within=9)
    hopeful = asyncio.ensure_future(gate.wait(within=20))
    patient = asyncio.ensure_future(gate.wait())
    await clock.advance(5)

    gate.close_for(300, REASON)
    await settle()

    assert hopeful.done()
    assert not hopeful.result()
    assert not patient.done()
    await clock.advance(300)
    assert patient.done()


async def test_cancelled_waiters_leave_no_trace(clock: ManualClock) -> None:
    gate = Gate(clock)
    gate.close_for(10, REASON)
    waiters = [asyncio.ensure_future(gate.wait()) for _ in range(100)]
    await settle()

    for waiter in waiters[1:]:
        waiter.cancel()
    await settle()
    assert gate.waiting == 1
    waiters[0].cancel()
    await settle()

    assert gate.waiting == 0
    assert clock.next_wake is None
    assert len(asyncio.all_tasks()) == 1


async def test_a_waiter_that_is_cancelled_as_it_opens_stays_cancelled(clock: ManualClock) -> None:
    gate = Gate(clock)
    gate.close_for(10, REASON)
    waiter = asyncio.ensure_future(gate.wait())
    await settle()
    waiter.cancel()
    gate.close_for(20, REASON)  # wakes whoever is not cancelled
    await settle()

    assert waiter.cancelled()


@pytest.mark.parametrize("tidy", [True, False])
def test_it_works_in_a_second_loop(tidy: bool) -> None:
    clock = ManualClock()
    gate = Gate(clock)

    async def give_up() -> None:
        gate.close_for(10, REASON)
        task = asyncio.ensure_future(gate.wait())
        await settle()
        task.cancel()

    async def wait() -> None:
        waiter = asyncio.ensure_future(gate.wait())
        await clock.run(until=waiter)
        assert waiter.done()

    if tidy:
        asyncio.run(give_up())
    else:
        loop = asyncio.new_event_loop()
        loop.run_until_complete(give_up())
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
    asyncio.run(wait())
    assert clock.now() == 10


def test_real_time_is_the_default() -> None:
    assert Gate().closed_for == 0.0
