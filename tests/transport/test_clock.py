from __future__ import annotations

import asyncio
import time

from notion_async.testing.clock import ManualClock
from notion_async.transport.clock import Clock, SystemClock


async def test_the_systems_clock_is_monotonic_and_does_not_sleep_backwards() -> None:
    clock: Clock = SystemClock()
    before = time.monotonic()

    await clock.sleep(-1)
    await clock.sleep(0)

    assert before <= clock.now() <= time.monotonic()


async def test_sleepers_wake_at_their_times_in_order(clock: ManualClock) -> None:
    woken: list[tuple[str, float]] = []

    async def one(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((name, clock.now()))

    tasks = [asyncio.ensure_future(one(name, s)) for name, s in (("b", 2), ("a", 1), ("c", 2))]
    await clock.advance(5)

    assert woken == [("a", 1.0), ("b", 2.0), ("c", 2.0)]
    assert clock.now() == 5
    await asyncio.gather(*tasks)


async def test_time_stands_still_for_no_sleep(clock: ManualClock) -> None:
    await clock.sleep(0)

    assert clock.now() == 0


async def test_cancelled_sleepers_are_forgotten(clock: ManualClock) -> None:
    task = asyncio.ensure_future(clock.sleep(10))
    await asyncio.sleep(0)
    assert clock.next_wake == 10
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert clock.next_wake is None


async def test_running_ends_when_nobody_sleeps(clock: ManualClock) -> None:
    never: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    await clock.run(until=never)

    assert not never.done()
