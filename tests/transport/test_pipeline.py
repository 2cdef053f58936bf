from __future__ import annotations

import asyncio
import pickle

import pytest

from notion_async import endpoints
from notion_async.endpoints import Endpoint, Replay
from notion_async.errors import (
    ConfigurationError,
    ConflictError,
    ConnectError,
    ConnectionLostError,
    DeadlineExceededError,
    InvalidResponseError,
    NotionError,
    RateLimitedError,
    RequestBlockedError,
    RequestTimeoutError,
    ServerError,
    ServiceOverloadError,
    UnexpectedRedirectError,
    ValidationError,
    WriteOutcomeUnknown,
)
from notion_async.testing.clock import ManualClock
from notion_async.transport.governor import Governor
from notion_async.transport.hooks import AttemptRecord, CallRecord
from notion_async.transport.limiter import Permit, Priority, TokenBucket
from notion_async.transport.message import Request, Response
from notion_async.transport.retry import RetryPolicy

from .tools import (
    CREATE,
    READ,
    TOKEN,
    Script,
    call,
    ok,
    outcome,
    pipeline,
    refused,
    settle,
    too_many,
)

ONE_OF_EACH = {endpoint.replay: endpoint for endpoint in reversed(endpoints.ALL)}
HTML = ok(b"<html>Just a moment...</html>")


async def test_a_success_is_returned_at_once(clock: ManualClock) -> None:
    script = Script(clock, ok())

    response = await pipeline(script).send(call())

    assert response == ok()
    assert clock.now() == 0
    assert script.timeouts == [70.0]


@pytest.mark.parametrize("replay", Replay)
async def test_a_rate_limit_is_waited_for_whatever_the_endpoint(
    clock: ManualClock, replay: Replay
) -> None:
    script = Script(clock, too_many(7), refused(529, "service_overload"), ok())

    result = await outcome(clock, pipeline(script), call(ONE_OF_EACH[replay]))

    assert result == ok()
    assert script.sent_at == [0.0, 7.25, 8.25]


async def test_a_read_survives_everything_that_passes(clock: ManualClock) -> None:
    script = Script(
        clock,
        refused(502),
        ConnectionLostError("reset", sent=True),
        HTML,
        RequestTimeoutError("slow", sent=True),
        refused(409, "conflict_error"),
        ok(),
    )
    policy = RetryPolicy(conflict_attempts=5)

    result = await outcome(clock, pipeline(script, retry=policy), call())

    assert result == ok()
    assert len(script.sent_at) == 6


@pytest.mark.parametrize(
    ("answer", "cause", "status"),
    [
        (refused(500, "internal_server_error"), ServerError, 500),
        (refused(503, additional_data={"committed_resource_id": "id"}), ServerError, 503),
        (HTML, InvalidResponseError, 200),
        (ok(b""), InvalidResponseError, 200),
        (ConnectionLostError("reset", sent=True, status=200), ConnectionLostError, 200),
        (RequestTimeoutError("slow", sent=True), RequestTimeoutError, None),
    ],
)
async def test_a_write_in_doubt_is_sent_once_and_said_to_be_in_doubt(
    clock: ManualClock,
    answer: Response | NotionError,
    cause: type[NotionError],
    status: int | None,
) -> None:
    script = Script(clock, answer)

    error = await outcome(clock, pipeline(script), call(CREATE))

    assert isinstance(error, WriteOutcomeUnknown)
    assert isinstance(error.__cause__, cause)
    assert error.status == status
    assert (error.attempts, error.stop_reason) == (1, "not_retryable")
    assert len(script.sent_at) == 1
    assert "pages.create may or may not have happened" in str(error)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (str(copy), copy.status, copy.attempts) == (str(error), status, 1)


async def test_a_write_in_doubt_hands_on_what_notion_said(clock: ManualClock) -> None:
    script = Script(clock, refused(503, additional_data={"committed_resource_id": "id"}))

    error = await outcome(clock, pipeline(script), call(CREATE))

    assert isinstance(error, WriteOutcomeUnknown)
    assert error.additional_data == {"committed_resource_id": "id"}


async def test_a_write_that_never_left_is_sent_again(clock: ManualClock) -> None:
    script = Script(clock, ConnectError("refused"), ok())

    assert await outcome(clock, pipeline(script), call(CREATE)) == ok()


async def test_the_last_error_tells_the_whole_story(clock: ManualClock) -> None:
    script = Script(clock, refused(502), latency=1.0)

    error = await outcome(clock, pipeline(script), call())

    assert isinstance(error, ServerError)
    assert (error.attempts, error.stop_reason) == (6, "attempts")
    assert error.elapsed == clock.now() == 6 * 1.0 + (0.5 + 1 + 2 + 4 + 8)


@pytest.mark.parametrize(
    ("answer", "cls"),
    [
        (refused(400, "validation_error"), ValidationError),
        (refused(409, "row_limit_exceeded"), ConflictError),
        (too_many(30, "public_api_request_blocked"), RequestBlockedError),
        (Response(302, {"location": "https://example.org"}, b""), UnexpectedRedirectError),
        (ConfigurationError("closed"), ConfigurationError),
    ],
)
async def test_what_would_fail_again_is_raised_at_once(
    clock: ManualClock, answer: Response | NotionError, cls: type[NotionError]
) -> None:
    script = Script(clock, answer)
    governor = Governor(clock)
    gate = governor.gate

    error = await outcome(clock, pipeline(script, governor=governor), call())

    assert type(error) is cls
    assert isinstance(error, NotionError)  # for the type checkers
    assert (error.attempts, error.stop_reason) == (1, "not_retryable")
    assert gate.closed_for == 0


async def test_an_answer_that_cannot_be_decoded_is_fetched_again(clock: ManualClock) -> None:
    script = Script(clock, ok(b'{"cut'), ok())

    def read(response: Response) -> Response:
        if not response.body.endswith(b"}"):
            raise InvalidResponseError("cut", status=response.status)
        return response

    assert await outcome(clock, pipeline(script), call(), read) == ok()
    script = Script(clock, ok(b'{"cut'))
    error = await outcome(clock, pipeline(script), call(CREATE), read)
    assert isinstance(error, WriteOutcomeUnknown)


@pytest.mark.parametrize("body", [b"{}", b' \r\n\t{"a":1}'])
async def test_json_is_told_by_its_first_character(clock: ManualClock, body: bytes) -> None:
    assert (await pipeline(Script(clock, ok(body))).send(call())).body == body


async def test_only_what_was_in_flight_lands_while_the_gate_is_closed(clock: ManualClock) -> None:
    """50 tasks, and one answer that asks for a pause of 300 seconds."""
    script = Script(clock, *[too_many(300)] * 8, ok(), latency=0.3)
    limiter = TokenBucket(max_in_flight=8, clock=clock)
    shared = pipeline(script, limiter=limiter)

    calls = [asyncio.ensure_future(shared.send(call(deadline=None))) for _ in range(50)]
    await clock.advance(299)
    assert len(script.sent_at) == 8
    everything = asyncio.gather(*calls)
    await clock.run(until=everything)

    assert [response.status for response in await everything] == [200] * 50
    assert len(script.sent_at) == 58
    assert min(script.sent_at[8:]) >= 300.3
    assert (limiter.in_flight, limiter.waiting) == (0, 0)


async def test_a_pause_longer_than_the_deadline_fails_at_once_for_everybody(
    clock: ManualClock,
) -> None:
    script = Script(clock, too_many(300, "public_api_space_request_rate_limit"))
    shared = pipeline(script)

    first = await outcome(clock, shared, call(deadline=120))
    later = await outcome(clock, shared, call(deadline=120))

    assert clock.now() == 0
    assert len(script.sent_at) == 1
    for error, attempts in ((first, 1), (later, 0)):
        assert isinstance(error, RateLimitedError)
        assert error.retry_after == pytest.approx(300, abs=0.26)
        assert error.reason == "public_api_space_request_rate_limit"
        assert (error.attempts, error.stop_reason) == (attempts, "retry_after_too_long")
    assert first is not later


async def test_those_who_wait_at_the_gate_learn_at_once_that_it_stays_closed(
    clock: ManualClock,
) -> None:
    governor = Governor(clock)
    gate = governor.gate
    gate.close_for(10)
    waiting = asyncio.ensure_future(
        pipeline(Script(clock, ok()), governor=governor).send(call(deadline=20))
    )
    await clock.advance(5)

    gate.close_for(300, ServiceOverloadError("busy", status=529))
    await settle()

    with pytest.raises(ServiceOverloadError):
        waiting.result()
    assert clock.now() == 5


async def test_a_gate_closed_for_no_known_reason_is_a_missed_deadline(clock: ManualClock) -> None:
    governor = Governor(clock)
    gate = governor.gate
    gate.close_for(300)

    error = await outcome(
        clock, pipeline(Script(clock, ok()), governor=governor), call(deadline=20)
    )

    assert isinstance(error, DeadlineExceededError)
    assert not error.sent


async def test_an_attempt_gets_no_more_time_than_is_left(clock: ManualClock) -> None:
    async def hang(request: Request, timeout: float) -> Response:
        await clock.sleep(timeout)
        raise RequestTimeoutError("slow", sent=True)

    script = Script(clock, hang)
    read = await outcome(clock, pipeline(script), call(timeout=3, deadline=5, endpoint=READ))
    assert clock.now() == 5
    write = await outcome(clock, pipeline(script), call(timeout=30, deadline=5, endpoint=CREATE))

    assert script.timeouts == [3, 1.5, 5]
    assert isinstance(read, DeadlineExceededError)
    assert (read.sent, read.attempts, read.elapsed) == (True, 2, 5.0)
    assert read.stop_reason == "deadline"
    assert isinstance(write, WriteOutcomeUnknown)


async def test_a_deadline_that_has_passed_sends_nothing(clock: ManualClock) -> None:
    script = Script(clock, ok())

    error = await outcome(clock, pipeline(script), call(deadline=0))

    assert isinstance(error, DeadlineExceededError)
    assert (error.attempts, error.sent, script.sent_at) == (0, False, [])


async def test_the_deadline_covers_the_queue(clock: ManualClock) -> None:
    limiter = TokenBucket(1, clock=clock)
    script = Script(clock, ok())
    shared = pipeline(script, limiter=limiter)
    await outcome(clock, shared, call())

    error = await outcome(clock, shared, call(deadline=5))

    assert isinstance(error, DeadlineExceededError)
    assert (clock.now(), len(script.sent_at), limiter.waiting) == (5, 1, 0)
    assert error.__context__ is None


async def test_priorities_reach_the_limiter(clock: ManualClock) -> None:
    limiter = TokenBucket(1, clock=clock)
    script = Script(clock, ok())
    shared = pipeline(script, limiter=limiter)
    done: list[str] = []

    async def one(name: str, priority: Priority) -> None:
        await shared.send(call(priority=priority))
        done.append(name)

    tasks = asyncio.gather(
        one("first", Priority.BULK), one("bulk", Priority.BULK), one("user", Priority.INTERACTIVE)
    )
    await clock.run(until=tasks)

    assert done == ["first", "user", "bulk"]


async def test_conflicts_are_counted_apart_from_what_else_goes_wrong(clock: ManualClock) -> None:
    conflict = refused(409, "conflict_error")
    script = Script(clock, *[ConnectionLostError("lost", sent=True)] * 3, conflict, conflict, ok())

    assert await outcome(clock, pipeline(script), call()) == ok()


async def test_what_was_not_sent_does_not_cost_budget(clock: ManualClock) -> None:
    limiter = TokenBucket(1, clock=clock)
    script = Script(clock, ConnectError("refused"), ok())

    await outcome(clock, pipeline(script, limiter=limiter), call())

    assert clock.now() == 0.5  # the back-off alone


async def test_without_retries_the_first_failure_is_raised(clock: ManualClock) -> None:
    governor = Governor(clock)
    gate = governor.gate
    limited = await outcome(
        clock, pipeline(Script(clock, too_many(7)), governor=governor, retry=None), call()
    )
    doubtful = await outcome(
        clock, pipeline(Script(clock, refused(500)), retry=None), call(CREATE)
    )

    assert isinstance(limited, RateLimitedError)
    assert (limited.attempts, limited.stop_reason) == (1, "attempts")
    assert clock.now() == 0
    assert gate.closed_for == 7.25  # for those who share it
    assert isinstance(doubtful, WriteOutcomeUnknown)


@pytest.mark.parametrize("where", ["gate", "limiter", "sending", "back-off"])
async def test_a_cancelled_call_leaves_nothing_behind(clock: ManualClock, where: str) -> None:
    limiter = TokenBucket(1, clock=clock)
    governor = Governor(clock)
    gate = governor.gate
    script = Script(clock, refused(502), latency=1.0)
    told: list[AttemptRecord | CallRecord] = []
    shared = pipeline(script, limiter=limiter, governor=governor, hooks=[told.append])
    held: Permit | None = None
    if where == "gate":
        gate.close_for(10)
    if where == "limiter":
        held = await limiter.acquire()
    task = asyncio.ensure_future(shared.send(call()))
    await clock.advance(1.1 if where == "back-off" else 0.5)

    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await settle()

    assert task.cancelled()
    assert (limiter.waiting, gate.waiting, script.in_flight) == (0, 0, 0)
    assert limiter.in_flight == (held is not None)
    assert len(asyncio.all_tasks()) == 1
    assert isinstance(told[-1], CallRecord)
    assert told[-1].error == "CancelledError"
    assert told[-1].attempts == (where in ("sending", "back-off"))


async def test_hooks_hear_of_every_attempt_and_every_call(clock: ManualClock) -> None:
    told: list[AttemptRecord | CallRecord] = []
    script = Script(clock, refused(502), ok(), latency=1.0)

    await outcome(clock, pipeline(script, hooks=[told.append]), call())

    assert told == [
        AttemptRecord("pages.retrieve", "GET", 1, 502, 0.0, 1.0, None, 63, "ServerError", 0.5),
        AttemptRecord("pages.retrieve", "GET", 2, 200, 0.5, 1.0, "req-1", 17, None, None),
        CallRecord("pages.retrieve", "GET", 2, 200, 0.5, 2.5, "req-1", 17, None, None),
    ]
    assert TOKEN not in repr(told)


async def test_hooks_hear_why_a_call_ended(clock: ManualClock) -> None:
    told: list[AttemptRecord | CallRecord] = []
    script = Script(clock, ConnectError("refused", permanent=True))

    await outcome(clock, pipeline(script, hooks=[told.append]), call())

    attempt, summary = told
    assert isinstance(attempt, AttemptRecord)
    assert (attempt.error, attempt.status, attempt.retry_in) == ("ConnectError", None, None)
    assert isinstance(summary, CallRecord)
    assert (summary.error, summary.stop_reason) == ("ConnectError", "not_retryable")


async def test_many_calls_share_one_window(clock: ManualClock) -> None:
    """A server that counts, and tells: nobody is refused, and nobody is sent twice."""
    counted: dict[int, int] = {}

    async def serve(request: Request, timeout: float) -> Response:
        window = int((clock.now() + 17) // 60)
        counted[window] = counted.get(window, 0) + 1
        return ok() if counted[window] <= 180 else too_many(60)

    script = Script(clock, serve, latency=0.2)
    shared = pipeline(script, limiter=TokenBucket(clock=clock))
    everything = asyncio.gather(*(shared.send(call(deadline=None)) for _ in range(1000)))
    await clock.run(until=everything)

    assert len(script.sent_at) == 1000
    assert max(counted.values()) <= 180


def test_a_call_does_not_show_its_token() -> None:
    assert TOKEN not in repr(call(Endpoint("x", "GET", "/v1/x", Replay.READ, "x")))
