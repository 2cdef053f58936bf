"""What becomes of a write whose answer was lost, and of an answer that took too long."""

from __future__ import annotations

import asyncio

import attrs
import pytest

from notion_async import endpoints
from notion_async.errors import (
    ConnectError,
    ConnectionLostError,
    NotionError,
    ObjectNotFoundError,
    RateLimitedError,
    RequestTimeoutError,
    WriteOutcomeUnknown,
)
from notion_async.testing.clock import ManualClock
from notion_async.transport.call import Call, Recover
from notion_async.transport.hooks import AttemptRecord, CallRecord
from notion_async.transport.message import Request, Response
from notion_async.transport.retry import RetryPolicy

from .tools import CREATE, READ, Script, call, ok, outcome, pipeline, refused, too_many

LOST = ConnectionLostError("lost", sent=True)
DELETE = endpoints.BLOCKS_DELETE
SET = endpoints.PAGES_UPDATE


def recovering(
    *found: Response | NotionError | None, endpoint: endpoints.Endpoint = CREATE
) -> tuple[Call, list[WriteOutcomeUnknown]]:
    """Return a call whose lost answers are looked for with these results, and what was asked."""
    asked: list[WriteOutcomeUnknown] = []
    results = list(found)

    async def recover(unknown: WriteOutcomeUnknown, *, remaining: float | None) -> Response | None:
        asked.append(unknown)
        result = results.pop(0)
        if isinstance(result, NotionError):
            raise result
        return result

    check: Recover = recover
    return attrs.evolve(call(endpoint), recover=check), asked


async def test_what_was_found_is_the_answer(clock: ManualClock) -> None:
    script = Script(clock, LOST)
    doubtful, asked = recovering(ok(b'{"object":"page","id":"found"}'))
    records: list[AttemptRecord | CallRecord] = []

    answer = await outcome(clock, pipeline(script, hooks=[records.append]), doubtful)

    assert isinstance(answer, Response)
    assert b"found" in answer.body
    assert len(script.sent_at) == 1
    assert asked[0].__cause__ is LOST
    [summary] = [record for record in records if isinstance(record, CallRecord)]
    assert (summary.recovered, summary.error, summary.attempts) == (True, None, 1)


async def test_what_had_not_happened_is_sent_again(clock: ManualClock) -> None:
    script = Script(clock, LOST, ok())
    doubtful, asked = recovering(None)

    answer = await outcome(clock, pipeline(script), doubtful)

    assert isinstance(answer, Response)
    assert (len(script.sent_at), len(asked)) == (2, 1)


async def test_that_too_has_an_end(clock: ManualClock) -> None:
    script = Script(clock, LOST)
    doubtful, asked = recovering(*[None] * 10)

    error = await outcome(clock, pipeline(script, retry=RetryPolicy(attempts=3)), doubtful)

    assert isinstance(error, WriteOutcomeUnknown)
    assert (error.stop_reason, error.attempts, len(asked)) == ("attempts", 3, 3)


async def test_what_cannot_be_found_out_stays_in_doubt(clock: ManualClock) -> None:
    better = WriteOutcomeUnknown("looked, and saw nothing")
    doubtful, _ = recovering(better)

    error = await outcome(clock, pipeline(Script(clock, LOST)), doubtful)

    assert error is better
    assert (better.attempts, better.stop_reason) == (1, "not_retryable")


async def test_without_retries_nobody_looks(clock: ManualClock) -> None:
    doubtful, asked = recovering(ok())

    error = await outcome(clock, pipeline(Script(clock, LOST), retry=None), doubtful)

    assert isinstance(error, WriteOutcomeUnknown)
    assert asked == []


@pytest.mark.parametrize("status", [404, 400])
async def test_what_is_gone_after_a_lost_answer_was_deleted(
    clock: ManualClock, status: int
) -> None:
    script = Script(clock, LOST, refused(status))
    doubtful, _ = recovering(ok(b'{"object":"block","id":"gone"}'), endpoint=DELETE)

    answer = await outcome(clock, pipeline(script), doubtful)

    assert isinstance(answer, Response)
    assert b"gone" in answer.body


async def test_what_is_gone_before_anything_was_sent_is_not_found(clock: ManualClock) -> None:
    script = Script(clock, ConnectError("refused"), refused(404, "object_not_found"))
    doubtful, asked = recovering(ok(), endpoint=DELETE)

    error = await outcome(clock, pipeline(script), doubtful)

    assert isinstance(error, ObjectNotFoundError)
    assert asked == []


@pytest.mark.parametrize(
    "second",
    [ConnectError("refused"), too_many(1000), refused(401, "unauthorized")],
    ids=["not sent", "refused", "an error"],
)
@pytest.mark.parametrize("endpoint", [DELETE, SET], ids=str)
async def test_a_write_that_was_in_doubt_stays_so_whatever_comes_of_the_next_attempt(
    clock: ManualClock, endpoint: endpoints.Endpoint, second: Response | NotionError
) -> None:
    script = Script(clock, LOST, second)
    doubtful, _ = recovering(None, endpoint=endpoint)

    error = await outcome(clock, pipeline(script), doubtful)

    assert isinstance(error, WriteOutcomeUnknown)
    assert isinstance(error.__cause__, NotionError)


async def test_a_pause_that_outlasts_the_deadline_leaves_a_lost_write_in_doubt(
    clock: ManualClock,
) -> None:
    calls = pipeline(Script(clock, LOST, ok()))
    task = asyncio.ensure_future(calls.send(call(DELETE)))
    await clock.advance(0)
    calls.governor.pause(1000, RateLimitedError("slow", status=429))
    await clock.run(until=task)

    with pytest.raises(WriteOutcomeUnknown):
        await task


@pytest.mark.parametrize(
    ("slow", "smaller"),
    [
        (refused(504, "gateway_timeout"), True),
        (refused(503, "service_unavailable"), True),
        (RequestTimeoutError("late", sent=True), True),
        (refused(502, "bad_gateway"), False),
        (LOST, False),
    ],
)
async def test_less_is_asked_for_when_an_answer_takes_too_long(
    clock: ManualClock, slow: Response | NotionError, smaller: bool
) -> None:
    urls: list[str] = []

    async def answer(request: Request, timeout: float) -> Response:
        urls.append(request.url)
        return ok()

    big = call(READ)
    less = attrs.evolve(big.request, url=big.request.url + "?page_size=50")
    script = Script(clock, slow, answer)

    await outcome(clock, pipeline(script), attrs.evolve(big, lighter=lambda: less))

    assert urls == [less.url if smaller else big.request.url]


async def test_what_cannot_be_less_is_asked_for_again(clock: ManualClock) -> None:
    script = Script(clock, refused(504, "gateway_timeout"), ok())

    answer = await outcome(clock, pipeline(script), attrs.evolve(call(), lighter=lambda: None))

    assert isinstance(answer, Response)
