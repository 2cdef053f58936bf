"""When too much fails, retries stop; when nothing succeeds, so does everything else."""

from __future__ import annotations

import asyncio

import pytest

from notion_async.errors import (
    CircuitOpenError,
    ConnectError,
    ConnectionLostError,
    NotionError,
    ObjectNotFoundError,
    RequestTimeoutError,
    ServerError,
)
from notion_async.testing.clock import ManualClock
from notion_async.transport.governor import Governor
from notion_async.transport.health import Health
from notion_async.transport.limiter import Priority
from notion_async.transport.message import Request, Response

from .tools import CREATE, Script, call, ok, outcome, pipeline, refused, settle

LOST = ConnectionLostError("lost", sent=True)


def fail(health: Health, times: int, *, calls: int = 3, slowly: bool = False) -> None:
    for number in range(times):
        health.failed(number % calls, slowly=slowly)


async def test_retries_end_when_half_the_quota_is_used_up(clock: ManualClock) -> None:
    health = Health(clock)
    fail(health, 49)
    assert health.may_retry

    fail(health, 1)
    assert not health.may_retry

    for _ in range(2):
        health.succeeded()
    assert health.may_retry


async def test_what_takes_all_its_time_costs_twice(clock: ManualClock) -> None:
    health = Health(clock)

    fail(health, 25, slowly=True)

    assert not health.may_retry


async def test_the_quota_never_leaves_its_bounds(clock: ManualClock) -> None:
    health = Health(clock)
    fail(health, 10_000)
    for _ in range(51):
        health.succeeded()
    assert health.may_retry

    for _ in range(10_000):
        health.succeeded()
    assert health.well
    fail(health, 50)

    assert not health.may_retry


@pytest.mark.parametrize(
    ("failures", "calls", "seconds"), [(9, 3, 5.0), (50, 2, 5.0), (50, 3, 0.9)]
)
async def test_the_breaker_needs_many_failures_of_several_calls_over_a_while(
    clock: ManualClock, failures: int, calls: int, seconds: float
) -> None:
    health = Health(clock)

    fail(health, failures - 1, calls=calls)
    await clock.advance(seconds)
    fail(health, 1, calls=calls)

    assert not health.is_open
    assert health.admits()


async def test_a_success_in_between_closes_it_before_it_opens(clock: ManualClock) -> None:
    health = Health(clock)
    fail(health, 9)
    await clock.advance(5)

    health.succeeded()
    fail(health, 9)

    assert not health.is_open


async def open_breaker(clock: ManualClock, health: Health) -> None:
    fail(health, 9)
    await clock.advance(1)
    fail(health, 1)
    assert health.is_open


async def test_an_open_breaker_lets_one_through_after_each_pause(clock: ManualClock) -> None:
    health = Health(clock)
    await open_breaker(clock, health)
    pauses = []

    for _ in range(6):
        pauses.append(health.open_for)
        assert not health.admits()
        await clock.advance(health.open_for)
        assert health.admits()
        assert not health.admits()  # one at a time
        health.ended()
        health.failed("probe", slowly=False)

    assert pauses == [5, 10, 20, 30, 30, 30]


async def test_a_success_closes_it(clock: ManualClock) -> None:
    health = Health(clock)
    await open_breaker(clock, health)
    await clock.advance(5)
    assert health.admits()
    health.ended()

    health.succeeded()

    assert not health.is_open
    assert health.admits()
    assert health.admits()


async def test_a_probe_that_was_given_up_is_made_by_the_next(clock: ManualClock) -> None:
    health = Health(clock)
    await open_breaker(clock, health)
    await clock.advance(5)
    assert health.admits()

    health.ended()

    assert health.admits()


async def test_those_that_were_under_way_do_not_prolong_the_pause(clock: ManualClock) -> None:
    health = Health(clock)
    await open_breaker(clock, health)

    fail(health, 8)

    assert health.open_for == 5


async def down(request: Request, timeout: float) -> Response:
    raise ConnectError("refused")


async def test_in_an_outage_there_is_hardly_a_request_more_than_calls(clock: ManualClock) -> None:
    script = Script(clock, down, latency=0.05)
    calls = pipeline(script, random=0.5)

    tasks = [asyncio.ensure_future(calls.send(call())) for _ in range(1_000)]
    done = asyncio.gather(*tasks, return_exceptions=True)
    await clock.run(until=done)

    answers = await done
    assert len(script.sent_at) <= 1_100
    assert all(isinstance(answer, (ConnectError, CircuitOpenError)) for answer in answers)
    reasons = {answer.stop_reason for answer in answers if isinstance(answer, NotionError)}
    assert reasons <= {"quota", "breaker"}


async def test_calls_fail_fast_while_the_breaker_is_open(clock: ManualClock) -> None:
    governor = Governor(clock)
    await open_breaker(clock, governor.health)
    script = Script(clock, ok())
    calls = pipeline(script, governor=governor)

    error = await outcome(clock, calls, call())
    assert isinstance(error, CircuitOpenError)
    assert (error.retry_after, error.attempts, error.stop_reason) == (5, 0, "breaker")
    assert script.sent_at == []

    await clock.advance(5)
    answer = await outcome(clock, calls, call())

    assert isinstance(answer, Response)
    assert not governor.health.is_open


async def test_bulk_work_waits_for_the_end_of_an_outage(clock: ManualClock) -> None:
    governor = Governor(clock)
    back_at = 600.0

    async def notion(request: Request, timeout: float) -> Response:
        if clock.now() < back_at:
            raise LOST
        return ok()

    script = Script(clock, notion, latency=0.05)
    calls = pipeline(script, governor=governor, random=0.5)

    tasks = [
        asyncio.ensure_future(calls.send(call(deadline=None, priority=Priority.BULK)))
        for _ in range(50)
    ]
    done = asyncio.gather(*tasks, return_exceptions=True)
    await clock.run(until=done)

    answers = await done
    assert all(isinstance(answer, Response) for answer in answers)
    assert back_at <= clock.now() < back_at + 60
    assert (
        sum(at < back_at for at in script.sent_at) < 150
    )  # 50 calls, their retries in the first second, and 20 to see


async def test_bulk_work_that_has_no_time_to_wait_says_so(clock: ManualClock) -> None:
    governor = Governor(clock)
    await open_breaker(clock, governor.health)
    calls = pipeline(Script(clock, ok()), governor=governor)

    error = await outcome(clock, calls, call(deadline=4, priority=Priority.BULK))

    assert isinstance(error, CircuitOpenError)


async def test_a_retry_that_meets_an_open_breaker_ends_with_what_went_wrong(
    clock: ManualClock,
) -> None:
    governor = Governor(clock)
    script = Script(clock, LOST)
    calls = pipeline(script, governor=governor)

    task = asyncio.ensure_future(calls.send(call()))
    await settle()
    fail(governor.health, 20)
    await clock.advance(2)
    fail(governor.health, 1)
    await clock.run(until=task)

    with pytest.raises(ConnectionLostError) as raised:
        await task
    assert raised.value.stop_reason == "breaker"


async def test_retries_that_find_the_quota_used_up_end_with_what_went_wrong(
    clock: ManualClock,
) -> None:
    governor = Governor(clock)
    fail(governor.health, 60)
    governor.health.succeeded()  # the breaker is out of this
    calls = pipeline(Script(clock, LOST), governor=governor)

    error = await outcome(clock, calls, call())

    assert isinstance(error, ConnectionLostError)
    assert (error.stop_reason, error.attempts) == ("quota", 1)


async def test_bulk_work_goes_on_slowly_when_the_quota_is_used_up(clock: ManualClock) -> None:
    governor = Governor(clock)
    fail(governor.health, 60)
    governor.health.succeeded()
    calls = pipeline(Script(clock, LOST, LOST, ok()), governor=governor)

    answer = await outcome(clock, calls, call(priority=Priority.BULK))

    assert isinstance(answer, Response)
    assert clock.now() == 60


async def test_an_error_that_notion_means_shows_that_it_is_well(clock: ManualClock) -> None:
    governor = Governor(clock)
    fail(governor.health, 9)
    calls = pipeline(Script(clock, refused(404, "object_not_found")), governor=governor)

    error = await outcome(clock, calls, call())

    assert isinstance(error, ObjectNotFoundError)
    await clock.advance(1)
    fail(governor.health, 9)
    assert not governor.health.is_open


async def test_a_call_that_is_cancelled_as_it_finds_out_leaves_it_to_the_next(
    clock: ManualClock,
) -> None:
    governor = Governor(clock)
    await open_breaker(clock, governor.health)
    await clock.advance(5)
    script = Script(clock, ok(), latency=10)
    calls = pipeline(script, governor=governor)
    probe = asyncio.ensure_future(calls.send(call()))
    await settle()
    error = await outcome(clock, calls, call())
    assert isinstance(error, CircuitOpenError)  # while it is being found out

    probe.cancel()
    await settle()

    assert isinstance(await outcome(clock, calls, call()), Response)


@pytest.mark.parametrize(
    "failure",
    [LOST, ConnectError("refused"), RequestTimeoutError("late", sent=True)],
)
async def test_every_way_to_fail_counts(clock: ManualClock, failure: NotionError) -> None:
    governor = Governor(clock)
    calls = pipeline(Script(clock, failure), governor=governor, retry=None)

    await outcome(clock, calls, call())

    assert not governor.health.well


async def test_a_server_that_fails_over_a_write_counts_as_well(clock: ManualClock) -> None:
    governor = Governor(clock)
    calls = pipeline(Script(clock, refused(500, "internal_server_error")), governor=governor)

    error = await outcome(clock, calls, call(CREATE))

    assert isinstance(error.__cause__, ServerError) if isinstance(error, NotionError) else False
    assert not governor.health.well
