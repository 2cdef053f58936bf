"""P20: what a call says of its attempts is what the server saw, whatever befell them."""

from __future__ import annotations

import logging
from random import Random
from typing import Any, Final

import pytest

from notion_async import (
    AttemptRecord,
    CallRecord,
    NotionError,
    RetryPolicy,
    WriteOutcomeUnknown,
    log_hook,
)
from tests.faults.facing import CALLS, facing, outcome
from tests.faults.nemesis import ALL, QUICK, SLOW, Seeded
from tests.faults.server import always
from tests.faults.strikes import says
from tests.faults.wire import http

REASONS: Final = {
    "not_retryable",
    "attempts",
    "deadline",
    "retry_after_too_long",
    "quota",
    "breaker",
}
# After these the server closes, and what the client writes meanwhile comes nowhere.
CLOSING: Final = ("JSON too deep", "gzip in gzip", "half the JSON", "not UTF-8")
AT_ONCE: Final = RetryPolicy(base=0.0, cap=0.0, conflict_delay=(0.0, 0.0), spread=0.0)


@pytest.mark.parametrize("seed", range(12))
async def test_every_attempt_is_a_request_and_every_request_an_attempt(seed: int) -> None:
    """Each run makes 45 calls, of which 1 in 3 requests is struck."""
    records: list[AttemptRecord | CallRecord] = []
    random = Random(seed)  # noqa: S311 - the same in every run
    options: dict[str, Any] = {"hooks": [records.append], "retry": AT_ONCE, "limiter": None}
    async with facing(Seeded(random, 0.33, QUICK), **options) as it:
        for _ in range(5):
            for call in CALLS.values():
                records.clear()
                before = it.server.begun

                found = await outcome(call(it.notion))

                wire = it.server.begun - before
                attempts = [each for each in records if isinstance(each, AttemptRecord)]
                calls = [each for each in records if isinstance(each, CallRecord)]
                # A write that is looked for afterwards is looked for by calls of their own.
                assert sum(each.attempts for each in calls) == len(attempts)
                # What was written to a connection that the server had closed came nowhere.
                lost = sum(each.error == "ConnectionLostError" for each in attempts)
                assert len(attempts) - lost <= wire <= len(attempts)
                [own] = calls[-1:]
                if isinstance(found, NotionError):
                    assert own.error == type(found).__name__
                    assert (found.attempts, found.stop_reason) == (own.attempts, own.stop_reason)
                    assert found.stop_reason in REASONS
                    assert 0 < found.elapsed <= own.duration
                else:
                    assert (own.error, own.stop_reason) == (None, None)


@pytest.mark.parametrize("fault", sorted({*ALL} - {*SLOW}))
async def test_every_failure_says_how_often_it_was_tried_and_why_no_more(fault: str) -> None:
    struck = always(ALL[fault](Random(1)))  # noqa: S311 - the same in every run
    policy = RetryPolicy(attempts=3, base=0.0, cap=0.0, conflict_delay=(0.0, 0.0), spread=0.0)
    async with facing(struck, retry=policy, limiter=None, hurried=True) as it:
        for name, call in CALLS.items():
            before = it.server.begun

            found = await outcome(call(it.notion))

            if not isinstance(found, NotionError):
                continue  # a delay, or an answer in an odd shape
            assert found.stop_reason in REASONS, name
            if fault not in CLOSING:
                assert found.attempts <= it.server.begun - before, name
            assert found.elapsed >= 0
            for behind in filter(None, (found.__cause__,)):
                assert isinstance(behind, NotionError)
                assert behind.attempts == found.attempts
            if isinstance(found, WriteOutcomeUnknown):
                assert found.__cause__ is not None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429, 500, 502, 503, 529, 200, 302])
async def test_every_answer_that_fails_keeps_what_names_it(status: int) -> None:
    headers = "x-notion-request-id: req-7\r\ncf-ray: ray-7\r\nRetry-After: 0\r\n"
    records: list[AttemptRecord | CallRecord] = []
    data = http(b"<html>", status=status, headers=headers)
    async with facing(
        always(says(data)), retry=False, limiter=None, hooks=[records.append], deadline=2.0
    ) as it:
        for call in (CALLS["read"], CALLS["create"]):
            found = await outcome(call(it.notion))

            assert isinstance(found, NotionError)
            assert (found.request_id, found.ray_id) == ("req-7", "ray-7")
    assert {each.request_id for each in records} == {"req-7"}


async def test_a_record_in_the_log_names_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "notion_async")
    data = http(b"{}", status=500, headers="x-notion-request-id: req-7\r\n")
    async with facing(always(says(data)), retry=False, limiter=None, hooks=[log_hook]) as it:
        await outcome(it.notion.users.me())

    lines = [record.getMessage() for record in caplog.records if record.name == "notion_async"]
    assert [line.split()[0] for line in lines] == ["attempt", "call"]
    assert all("request_id=req-7" in line and "status=500" in line for line in lines)
    assert "stop_reason=" in lines[-1]
