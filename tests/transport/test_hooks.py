from __future__ import annotations

import logging

import pytest

from notion_async.transport.hooks import AttemptRecord, CallRecord, Hooks, log_hook

ATTEMPT = AttemptRecord(
    endpoint="pages.retrieve",
    method="GET",
    attempt=1,
    status=None,
    waited=0.25,
    duration=1.5,
    request_id=None,
    bytes=0,
    error="ConnectError",
    retry_in=0.5,
)
CALL = CallRecord(
    endpoint="pages.retrieve",
    method="GET",
    attempts=2,
    status=200,
    waited=0.75,
    duration=2.0,
    request_id="req-1",
    bytes=17,
    error=None,
    stop_reason=None,
)


def test_every_hook_is_told_whatever_the_others_do(caplog: pytest.LogCaptureFixture) -> None:
    told: list[AttemptRecord | CallRecord] = []

    def broken(record: AttemptRecord | CallRecord) -> None:
        raise ValueError("ntn_secret")

    hooks = Hooks([broken, told.append])
    hooks(ATTEMPT)
    hooks(CALL)

    assert told == [ATTEMPT, CALL]
    assert [record.message for record in caplog.records] == [
        "a hook raised ValueError; this is said once"
    ]
    assert bool(hooks)
    assert not Hooks()


def test_the_log_has_one_line_for_each_record(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "notion_async")

    log_hook(ATTEMPT)
    log_hook(CALL)

    assert [record.message for record in caplog.records] == [
        "attempt endpoint=pages.retrieve method=GET attempt=1 waited=0.250 duration=1.500 "
        "bytes=0 error=ConnectError retry_in=0.500",
        "call endpoint=pages.retrieve method=GET attempts=2 status=200 waited=0.750 "
        "duration=2.000 request_id=req-1 bytes=17",
    ]


def test_nothing_is_written_above_debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "notion_async")

    log_hook(CALL)

    assert caplog.records == []
