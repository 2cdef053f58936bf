from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async.endpoints import Replay
from notion_async.errors import (
    APIResponseError,
    BlockLimitError,
    ConfigurationError,
    ConflictError,
    ConnectError,
    ConnectionLostError,
    EdgeBlockedError,
    InvalidResponseError,
    NotionError,
    ObjectNotFoundError,
    RateLimitedError,
    RequestBlockedError,
    RequestTimeoutError,
    ResponseTooLargeError,
    ServerError,
    ServiceOverloadError,
    UnauthorizedError,
    UnexpectedRedirectError,
    ValidationError,
)
from notion_async.transport.retry import Decision, RetryPolicy, Verdict

POLICY = RetryPolicy()
RETRY, GIVE_UP, UNKNOWN = Verdict.RETRY, Verdict.GIVE_UP, Verdict.OUTCOME_UNKNOWN
HARMLESS = (Replay.READ, Replay.DELETE, Replay.BENIGN_CREATE)
RISKY = (Replay.SET, Replay.CREATE, Replay.UPLOAD, Replay.TOKEN)


def decide(
    failure: NotionError,
    replay: Replay = Replay.READ,
    *,
    attempt: int = 1,
    remaining: float | None = None,
    number: float = 0.5,
    policy: RetryPolicy = POLICY,
) -> Decision:
    return policy.decide(
        failure, attempt=attempt, replay=replay, remaining=remaining, random=number
    )


def limited(retry_after: float | None = None) -> RateLimitedError:
    return RateLimitedError("slow down", status=429, retry_after=retry_after)


@pytest.mark.parametrize("replay", Replay)
@pytest.mark.parametrize(
    "failure",
    [
        limited(),
        ServiceOverloadError("busy", status=529),
        ConnectError("refused"),
        ConnectionLostError("reset", sent=False),
        RequestTimeoutError("slow", sent=False),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_what_did_nothing_is_repeated_for_every_class(
    failure: NotionError, replay: Replay
) -> None:
    assert decide(failure, replay).verdict is RETRY


@pytest.mark.parametrize("replay", Replay)
@pytest.mark.parametrize(
    "failure",
    [ServerError("broken", status=status) for status in (500, 502, 503, 504, 520, 526, 599)]
    + [
        ConnectionLostError("reset", sent=True),
        RequestTimeoutError("slow", sent=True),
        InvalidResponseError("html", status=200),
    ],
    ids=lambda failure: f"{type(failure).__name__} {getattr(failure, 'status', '')}",
)
def test_what_may_have_been_done_is_repeated_only_where_that_is_harmless(
    failure: NotionError, replay: Replay
) -> None:
    expected = RETRY if replay in HARMLESS else UNKNOWN

    assert decide(failure, replay).verdict is expected


@pytest.mark.parametrize("replay", Replay)
@pytest.mark.parametrize(
    "failure",
    [
        RequestBlockedError("blocked", status=429),
        ConnectError("bad certificate", permanent=True),
        ValidationError("wrong", status=400),
        UnauthorizedError("who", status=401),
        BlockLimitError("full", status=403),
        EdgeBlockedError("firewall", status=403),
        ObjectNotFoundError("gone", status=404),
        ConflictError("full", status=409, code="row_limit_exceeded"),
        APIResponseError("teapot", status=418),
        UnexpectedRedirectError("away", status=302),
        ResponseTooLargeError("huge", status=500),
        ConfigurationError("closed"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_what_would_fail_again_is_not_repeated(failure: NotionError, replay: Replay) -> None:
    assert decide(failure, replay) == Decision(GIVE_UP, stop_reason="not_retryable")


def test_an_answer_that_is_too_large_leaves_a_write_in_doubt() -> None:
    failure = ResponseTooLargeError("huge", status=200)

    assert decide(failure, Replay.READ).verdict is GIVE_UP
    assert decide(failure, Replay.CREATE).verdict is UNKNOWN


@pytest.mark.parametrize("replay", Replay)
def test_a_conflict_is_repeated_three_times_but_for_tokens(replay: Replay) -> None:
    failure = ConflictError("again", status=409, code="conflict_error")
    verdicts = [decide(failure, replay, attempt=attempt).verdict for attempt in (1, 2, 3, 4)]

    if replay is Replay.TOKEN:
        assert verdicts == [GIVE_UP] * 4
    else:
        assert verdicts == [RETRY, RETRY, RETRY, GIVE_UP]
    assert 0.2 <= POLICY.delay(failure, attempt=1, random=random.random()) <= 2.0  # noqa: S311 - no secret


def test_the_last_attempt_is_the_last() -> None:
    assert decide(limited(), attempt=5).verdict is RETRY
    assert decide(limited(), attempt=6) == Decision(GIVE_UP, stop_reason="attempts")


def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    too_long = decide(limited(300), remaining=120)
    late = decide(ServerError("broken", status=500), remaining=0.1, number=1.0)

    assert too_long == Decision(GIVE_UP, stop_reason="retry_after_too_long")
    assert late == Decision(GIVE_UP, stop_reason="deadline")


def test_retry_after_is_never_capped() -> None:
    assert decide(limited(3600), number=0.0).delay == 3600
    assert decide(limited(3600), number=1.0).delay == 3600.25


def test_the_back_off_doubles_up_to_its_cap() -> None:
    failure = ServerError("broken", status=500)
    delays = [POLICY.delay(failure, attempt=attempt, random=1.0) for attempt in range(1, 9)]

    assert delays == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert POLICY.delay(failure, attempt=100_000, random=1.0) == 30


def test_jitter_spreads_those_who_reached_the_cap() -> None:
    failure = ServerError("broken", status=500)
    rng = random.Random(1)  # noqa: S311 - no secret - a simulation
    buckets = [0] * 10
    for _ in range(10_000):
        delay = POLICY.delay(failure, attempt=20, random=rng.random())
        buckets[int(delay // 3)] += 1

    assert all(800 <= count <= 1200 for count in buckets)


@given(
    retry_after=st.none() | st.floats(0, 1e6),
    attempt=st.integers(1, 200),
    number=st.floats(0, 1),
    remaining=st.none() | st.floats(-10, 1e6),
    replay=st.sampled_from(Replay),
)
def test_no_retry_is_ever_early_or_late(
    retry_after: float | None,
    attempt: int,
    number: float,
    remaining: float | None,
    replay: Replay,
) -> None:
    failure = limited(retry_after)
    decision = decide(failure, replay, attempt=attempt, remaining=remaining, number=number)

    if decision.verdict is RETRY:
        assert decision.delay >= (retry_after or 0)
        assert remaining is None or decision.delay < remaining
        assert decision.stop_reason is None
    else:
        assert decision.stop_reason in ("attempts", "deadline", "retry_after_too_long")


@pytest.mark.parametrize(
    "arguments",
    [
        {"attempts": 0},
        {"conflict_attempts": -1},
        {"base": -1.0},
        {"cap": float("nan")},
        {"spread": -1.0},
        {"conflict_delay": (2.0, 1.0)},
    ],
)
def test_nonsense_is_refused(arguments: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError):
        RetryPolicy(**arguments)  # type: ignore[arg-type]  # that is the point
