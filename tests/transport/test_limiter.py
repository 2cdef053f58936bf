from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from notion_async.errors import ConfigurationError
from notion_async.testing.clock import ManualClock
from notion_async.transport.limiter import Permit, Priority, TokenBucket

from .tools import settle

_T = TypeVar("_T")

HOLD = 60.05


async def test_the_whole_budget_goes_in_one_burst(clock: ManualClock) -> None:
    bucket = TokenBucket(180, max_in_flight=180, clock=clock)

    for _ in range(180):
        await bucket.acquire()

    assert clock.now() == 0
    assert (bucket.in_flight, bucket.available, bucket.waiting) == (180, 0, 0)


async def test_a_token_comes_back_a_window_after_its_request_ended(clock: ManualClock) -> None:
    bucket = TokenBucket(1, clock=clock)
    permit = await bucket.acquire()
    await clock.advance(10)  # a slow request
    permit.release()

    waiter = asyncio.ensure_future(bucket.acquire())
    await clock.advance(HOLD - 0.01)
    assert not waiter.done()
    await clock.advance(0.01)

    assert waiter.done()


async def test_what_was_not_sent_costs_nothing(clock: ManualClock) -> None:
    bucket = TokenBucket(1, clock=clock)
    (await bucket.acquire()).release(sent=False)

    (await bucket.acquire()).release(sent=False)

    assert bucket.available == 1


async def test_what_was_not_sent_is_handed_on_at_once(clock: ManualClock) -> None:
    bucket = TokenBucket(1, clock=clock)
    permit = await bucket.acquire()
    waiter = asyncio.ensure_future(bucket.acquire())
    await settle()

    permit.release(sent=False)
    await settle()

    assert waiter.done()
    assert clock.now() == 0


async def test_releasing_twice_does_nothing(clock: ManualClock) -> None:
    bucket = TokenBucket(2, clock=clock)
    permit = await bucket.acquire()

    permit.release()
    permit.release()

    assert bucket.available == 1


async def test_no_more_are_in_flight_than_allowed(clock: ManualClock) -> None:
    bucket = TokenBucket(100, max_in_flight=3, clock=clock)
    most = 0

    async def one() -> None:
        nonlocal most
        permit = await bucket.acquire()
        most = max(most, bucket.in_flight)
        await clock.sleep(1)
        permit.release()

    done = asyncio.gather(*(one() for _ in range(20)))
    await clock.run(until=done)

    assert most == 3
    assert clock.now() == 7


async def test_a_thousand_waiters_are_served_in_order(clock: ManualClock) -> None:
    bucket = TokenBucket(50, max_in_flight=4, clock=clock)
    served: list[int] = []

    async def one(number: int) -> None:
        permit = await bucket.acquire()
        served.append(number)
        await clock.sleep(0.1)
        permit.release()

    done = asyncio.gather(*(one(number) for number in range(1000)))
    await clock.run(until=done)

    assert served == list(range(1000))
    assert (bucket.waiting, bucket.in_flight) == (0, 0)


@pytest.mark.parametrize("seed", range(2))
async def test_a_fixed_window_of_any_phase_refuses_nobody_and_is_used_up(
    clock: ManualClock, seed: int
) -> None:
    """The arrivals do not depend on the phase while nothing is refused: one run tells for all."""
    rng = random.Random(seed)  # noqa: S311 - a simulation
    bucket = TokenBucket(clock=clock)
    arrivals: list[float] = []

    async def one() -> None:
        permit = await bucket.acquire()
        there, back = rng.uniform(0.01, 0.4), rng.uniform(0.01, 0.8)
        await clock.sleep(there)
        arrivals.append(clock.now())
        await clock.sleep(back)
        permit.release()

    done = asyncio.gather(*(one() for _ in range(3000)))
    await clock.run(until=done)

    for phase in range(20):
        windows: dict[int, int] = {}
        for arrival in arrivals:
            window = int((arrival + phase * 3.0) // 60)
            windows[window] = windows.get(window, 0) + 1
        assert max(windows.values()) <= 180
    # No window at all, wherever it begins, holds more.
    assert all(b - a > 60 for a, b in zip(arrivals, arrivals[180:], strict=False))
    ideal = (3000 / 180 - 1) * 60  # the first 180 at once
    assert clock.now() <= ideal / 0.95


async def test_interactive_callers_go_before_bulk(clock: ManualClock) -> None:
    bucket = TokenBucket(1, clock=clock)
    first = await bucket.acquire(Priority.BULK)
    served: list[str] = []

    async def one(name: str, priority: Priority) -> None:
        permit = await bucket.acquire(priority)
        served.append(name)
        permit.release()

    tasks = [asyncio.ensure_future(one(f"bulk {n}", Priority.BULK)) for n in range(3)]
    await settle()
    tasks += [asyncio.ensure_future(one(f"user {n}", Priority.INTERACTIVE)) for n in range(3)]
    await settle()
    first.release()
    await clock.run(until=asyncio.gather(*tasks))

    assert served == ["user 0", "user 1", "user 2", "bulk 0", "bulk 1", "bulk 2"]


async def test_bulk_never_starves_an_interactive_caller(clock: ManualClock) -> None:
    bucket = TokenBucket(10, max_in_flight=2, clock=clock)

    async def bulk() -> None:
        while True:
            permit = await bucket.acquire(Priority.BULK)
            await clock.sleep(0.5)
            permit.release()

    tasks = [asyncio.ensure_future(bulk()) for _ in range(50)]
    await clock.advance(30)  # the budget is gone

    started = clock.now()
    user = asyncio.ensure_future(bucket.acquire())
    await clock.run(until=user)

    assert clock.now() - started <= HOLD - 29 + 1  # the very next token
    await cancel(tasks)


async def test_a_hundred_cancelled_waiters_leave_no_trace(clock: ManualClock) -> None:
    bucket = TokenBucket(1, clock=clock)
    first = await bucket.acquire()
    cancelled = [asyncio.ensure_future(bucket.acquire(within=500)) for _ in range(100)]
    await settle()
    last = asyncio.ensure_future(bucket.acquire())
    await settle()
    assert bucket.waiting == 101

    await cancel(cancelled)
    first.release()
    await clock.advance(HOLD)

    assert last.done()  # nobody before it was paid for
    assert bucket.waiting == 0
    (await last).release(sent=False)
    assert bucket.available == 1
    await clock.advance(500)
    assert clock.next_wake is None
    assert len(asyncio.all_tasks()) == 1


async def test_a_permit_that_meets_a_cancellation_is_handed_on(clock: ManualClock) -> None:
    bucket = TokenBucket(2, max_in_flight=1, clock=clock)
    first = await bucket.acquire()
    unlucky = asyncio.ensure_future(bucket.acquire())
    lucky = asyncio.ensure_future(bucket.acquire())
    await settle()

    first.release(sent=False)  # the future of the next in line has its permit now
    unlucky.cancel()  # in the same turn of the loop
    await settle()

    assert unlucky.cancelled()
    assert lucky.done()
    assert bucket.available == 1


async def test_time_up_that_meets_a_cancellation_costs_nothing(clock: ManualClock) -> None:
    bucket = TokenBucket(1, clock=clock)
    first = await bucket.acquire()
    unlucky = asyncio.ensure_future(bucket.acquire(within=1))
    await settle()
    clock._now = 2.0  # time is up, and somebody else notices first
    other = asyncio.ensure_future(bucket.acquire())
    await asyncio.sleep(0)
    unlucky.cancel()
    await settle()

    assert unlucky.cancelled()
    assert bucket.waiting == 1
    first.release(sent=False)
    await settle()
    assert other.done()


async def test_no_slot_within_the_time_is_a_timeout(clock: ManualClock) -> None:
    bucket = TokenBucket(1, clock=clock)
    first = await bucket.acquire()
    late = asyncio.ensure_future(bucket.acquire(within=5))
    later = asyncio.ensure_future(bucket.acquire(within=7))
    patient = asyncio.ensure_future(bucket.acquire())
    await settle()
    first.release()

    await clock.advance(5)
    with pytest.raises(TimeoutError, match="within 5 s"):
        await late
    await clock.advance(2)
    with pytest.raises(TimeoutError, match="within 7 s"):
        await later
    await clock.advance(HOLD - 7)

    assert patient.done()


async def test_a_shorter_time_moves_the_timer_forward(clock: ManualClock) -> None:
    bucket = TokenBucket(1, clock=clock)
    await bucket.acquire()
    long = asyncio.ensure_future(bucket.acquire(within=50))
    await settle()
    short = asyncio.ensure_future(bucket.acquire(within=1))

    await clock.advance(1)

    assert short.done()
    assert short.exception() is not None
    await cancel([long])


async def test_those_who_were_served_are_not_remembered_until_their_time_is_up(
    clock: ManualClock,
) -> None:
    bucket = TokenBucket(1000, max_in_flight=1, clock=clock)
    held = await bucket.acquire()
    [queue] = bucket._queues.values()
    bulk = asyncio.ensure_future(bucket.acquire(Priority.BULK, within=1e8))

    async def one() -> None:
        (await bucket.acquire(within=1e9)).release()
        assert len(queue._expiries) <= 2 * bucket.waiting + 64

    tasks = asyncio.gather(*(one() for _ in range(200)))
    await settle()
    held.release()
    await tasks

    assert bulk.done()
    assert queue._expiries == []


async def test_it_says_when_a_new_caller_will_be_served(clock: ManualClock) -> None:
    bucket = TokenBucket(2, clock=clock)
    assert bucket.next_free_in() == 0
    permits = [await bucket.acquire() for _ in range(2)]
    assert bucket.next_free_in() == pytest.approx(HOLD)  # at the earliest
    permits[0].release()
    await clock.advance(10)
    permits[1].release()
    assert bucket.next_free_in() == pytest.approx(HOLD - 10)

    waiters = [asyncio.ensure_future(bucket.acquire()) for _ in range(2)]
    await settle()

    assert bucket.next_free_in() == pytest.approx(HOLD - 10 + HOLD)
    await cancel(waiters)


async def test_waiting_goes_on_when_somebody_cancels_every_task_there_is(
    clock: ManualClock,
) -> None:
    bucket = TokenBucket(1, clock=clock)
    (await bucket.acquire()).release()
    first = asyncio.ensure_future(bucket.acquire())
    await settle()
    for task in asyncio.all_tasks() - {asyncio.current_task(), first}:
        task.cancel()
    await settle()

    second = asyncio.ensure_future(bucket.acquire())
    await clock.run(until=first)
    (await first).release(sent=False)
    await clock.run(until=second)

    assert second.done()


async def test_the_budget_can_be_raised_while_somebody_waits(clock: ManualClock) -> None:
    bucket = TokenBucket(1, clock=clock)
    await bucket.acquire()
    waiter = asyncio.ensure_future(bucket.acquire())
    await settle()

    bucket.budget = 2
    await settle()

    assert waiter.done()
    assert bucket.budget == 2


async def test_the_budget_can_be_lowered(clock: ManualClock) -> None:
    bucket = TokenBucket(3, clock=clock)
    for permit in [await bucket.acquire() for _ in range(3)]:
        permit.release()
    bucket.budget = 2

    assert bucket.available == 0
    await clock.advance(HOLD)
    assert bucket.available == 2


@pytest.mark.parametrize(
    "arguments", [{"budget": 0}, {"per": 0.0}, {"max_in_flight": 0}, {"margin": -1.0}]
)
def test_nonsense_is_refused(arguments: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError):
        TokenBucket(**arguments)  # type: ignore[arg-type]  # that is the point


def test_a_budget_of_nothing_is_refused() -> None:
    bucket = TokenBucket()

    with pytest.raises(ConfigurationError):
        bucket.budget = 0


def test_it_moves_on_to_another_loop() -> None:
    bucket = TokenBucket(3)
    left: list[Permit] = []

    async def leave_a_mess() -> None:
        left.append(await bucket.acquire())
        (await bucket.acquire()).release(sent=False)

    loop = asyncio.new_event_loop()
    loop.run_until_complete(leave_a_mess())
    loop.close()
    assert bucket.in_flight == 1

    async def begin_again() -> None:
        (await bucket.acquire()).release(sent=False)
        left[0].release()  # of a world that is gone

    asyncio.run(begin_again())

    assert (bucket.in_flight, bucket.waiting) == (0, 0)
    assert bucket.available == 2  # what was under way may have been counted


def test_it_waits_in_the_next_loop_as_well() -> None:
    clock = ManualClock()
    bucket = TokenBucket(1, clock=clock)

    async def wait() -> None:
        waiter = asyncio.ensure_future(bucket.acquire())
        await clock.run(until=waiter)
        (await waiter).release()

    asyncio.run(wait())
    asyncio.run(wait())
    assert clock.now() == pytest.approx(HOLD)


def test_event_loops_of_several_threads_share_it() -> None:
    bucket = TokenBucket(6, per=0.2, max_in_flight=2)
    most = 0
    served: list[int] = []

    async def take(thread: int) -> None:
        nonlocal most
        permit = await bucket.acquire()
        most = max(most, bucket.in_flight)
        await asyncio.sleep(0.001)
        permit.release()
        served.append(thread)

    async def many(thread: int) -> None:
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            for _ in range(15):
                group.create_task(take(thread))

    started = time.monotonic()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda thread: asyncio.run(many(thread)), range(3)))

    assert sorted(served) == sorted([0, 1, 2] * 15)
    assert most <= 2
    assert time.monotonic() - started >= 7 * 0.2  # 45 by 6 in each window
    assert (bucket.in_flight, bucket.waiting) == (0, 0)


def test_a_loop_that_stands_still_does_not_hold_up_the_others() -> None:
    bucket = TokenBucket(10, max_in_flight=1)
    stopped = asyncio.new_event_loop()
    held = stopped.run_until_complete(bucket.acquire())
    waiter = stopped.create_task(bucket.acquire())
    stopped.run_until_complete(asyncio.sleep(0))
    assert (bucket.in_flight, bucket.waiting) == (1, 1)

    async def go_on() -> None:
        async with asyncio.timeout(5):
            for _ in range(3):
                (await bucket.acquire()).release(sent=False)

    asyncio.run(go_on())
    held.release()  # written off already
    permit = stopped.run_until_complete(waiter)
    permit.release(sent=False)
    stopped.close()

    assert (bucket.in_flight, bucket.waiting) == (0, 0)
    assert bucket.available == 9  # what was held may have been counted


async def test_bulk_work_leaves_a_little_to_who_waits_before_a_screen(clock: ManualClock) -> None:
    bucket = TokenBucket(180, max_in_flight=1000, clock=clock)
    bulk = [asyncio.ensure_future(bucket.acquire(Priority.BULK)) for _ in range(180)]
    await settle()
    assert bucket.waiting == 2

    for _ in range(2):
        (await bucket.acquire()).release()
    await clock.run(until=asyncio.gather(*bulk[:178]))

    for task in bulk[:178]:
        (await task).release()
    await clock.run(until=asyncio.gather(*bulk))
    assert clock.now() == pytest.approx(HOLD)


async def test_an_overrun_workspace_is_asked_less_at_once_for_a_while(clock: ManualClock) -> None:
    bucket = TokenBucket(1000, max_in_flight=8, clock=clock)
    permits = [await bucket.acquire() for _ in range(8)]
    for _ in permits:  # those that were under way are refused together
        bucket.refused("public_api_space_request_rate_limit")
    for permit in permits:
        permit.release()

    held = [await bucket.acquire() for _ in range(4)]
    waiters = [asyncio.ensure_future(bucket.acquire()) for _ in range(4)]
    await settle()
    assert (bucket.in_flight, bucket.waiting) == (4, 4)
    await clock.advance(HOLD)
    held[0].release()
    await settle()

    assert bucket.in_flight == 5
    await clock.advance(3 * HOLD)
    held[1].release()
    await settle()
    assert (bucket.in_flight, bucket.waiting) == (6, 0)
    for task in waiters:
        (await task).release()


async def test_a_free_token_costs_next_to_nothing() -> None:
    bucket = TokenBucket(10_000_000)
    best = 1.0
    for _ in range(5):
        started = time.perf_counter()
        for _ in range(1000):
            (await bucket.acquire()).release(sent=False)
        best = min(best, (time.perf_counter() - started) / 1000)

    assert best < 50e-6  # about 1 µs; the rest is for slow machines and coverage


async def cancel(tasks: Sequence[asyncio.Task[_T]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await settle()
