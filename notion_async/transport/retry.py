"""When to try again.  A pure decision: no clock, no sleeping, no I/O."""

from __future__ import annotations

import enum
from typing import TypeGuard

import attrs

from notion_async.endpoints import Replay
from notion_async.errors import (
    APIResponseError,
    ConfigurationError,
    ConflictError,
    ConnectError,
    InvalidResponseError,
    NotionError,
    ProtocolError,
    RateLimitedError,
    RequestBlockedError,
    RequestTimeoutError,
    ResponseTooLargeError,
    ServerError,
    ServiceOverloadError,
    TransportError,
)

HARMLESS = frozenset({Replay.READ, Replay.BENIGN_CREATE})
"""What may have happened, or not, and nobody minds."""
_HARMLESS_TWICE = HARMLESS | {Replay.DELETE}


class Verdict(enum.Enum):
    """What is to be done about a failure."""

    RETRY = "retry"
    GIVE_UP = "give up"
    OUTCOME_UNKNOWN = "outcome unknown"


@attrs.frozen
class Decision:
    """What is to be done about a failure, and when or why."""

    verdict: Verdict
    delay: float = 0.0
    """Seconds to wait first.  Only for `Verdict.RETRY`."""
    stop_reason: str | None = None
    """Why it ends here: see `NotionError.stop_reason`.  None for `Verdict.RETRY`."""


@attrs.frozen
class RetryPolicy:
    """How often, and how far apart.

    Whether a request may be repeated at all is not a matter of taste and has no setting: it
    follows from the endpoint's replay class and from what is known about the failed attempt.
    """

    attempts: int = 6
    """Requests per call at most, the first included."""
    base: float = 0.5
    """The first back-off lies between zero and so many seconds; each next one doubles."""
    cap: float = 30.0
    """Where the doubling ends.  ``Retry-After`` may ask for more and gets it."""
    conflict_attempts: int = 3
    """How often a conflict (409) is retried."""
    conflict_delay: tuple[float, float] = (0.2, 2.0)
    """Between which bounds, in seconds, the wait after a conflict lies."""
    spread: float = 0.25
    """Seconds over which those are spread who were asked to come back at the same time."""

    def __attrs_post_init__(self) -> None:
        low, high = self.conflict_delay
        if self.attempts < 1 or self.conflict_attempts < 0:
            raise ConfigurationError("a call has at least one attempt")
        if not (self.base >= 0 and self.cap >= 0 and self.spread >= 0 and 0 <= low <= high):
            raise ConfigurationError("delays cannot be below zero")

    def decide(
        self,
        failure: NotionError,
        *,
        attempt: int,
        conflicts: int | None = None,
        replay: Replay,
        remaining: float | None,
        random: float,
    ) -> Decision:
        """Decide what follows a failed attempt.

        Args:
            failure: What went wrong.
            attempt: How many requests the call has sent, this one included.
            conflicts: How many of them met a conflict; by default all.
            replay: What sending it twice would do.
            remaining: Seconds until the call's deadline; None where it has none.
            random: A number from 0 to 1.
        """
        if not is_refusal(failure) and replay not in _HARMLESS_TWICE and is_ambiguous(failure):
            return Decision(Verdict.OUTCOME_UNKNOWN, stop_reason="not_retryable")
        if not self._retryable(failure, replay):
            return Decision(Verdict.GIVE_UP, stop_reason="not_retryable")
        conflict = isinstance(failure, ConflictError)
        met = attempt if conflicts is None else conflicts
        if attempt >= self.attempts or (conflict and met > self.conflict_attempts):
            return Decision(Verdict.GIVE_UP, stop_reason="attempts")
        delay = self.delay(failure, attempt=attempt, random=random)
        if remaining is not None and delay >= remaining:
            asked = isinstance(failure, APIResponseError) and failure.retry_after is not None
            reason = "retry_after_too_long" if asked else "deadline"
            return Decision(Verdict.GIVE_UP, stop_reason=reason)
        return Decision(Verdict.RETRY, delay=delay)

    def delay(self, failure: NotionError, *, attempt: int, random: float) -> float:
        """Seconds to wait after a failed attempt, never less than Notion asks for."""
        if isinstance(failure, ConflictError):
            low, high = self.conflict_delay
            back_off = low + random * (high - low)
        else:
            # Jitter outside the cap: those who reached it are still spread.  The exponent is
            # bounded because a float is.
            back_off = random * min(self.cap, self.base * 2.0 ** min(attempt - 1, 64))
        if isinstance(failure, APIResponseError) and failure.retry_after is not None:
            return max(failure.retry_after + random * self.spread, back_off)
        return back_off

    @staticmethod
    def _retryable(failure: NotionError, replay: Replay) -> bool:
        match failure:
            case RequestBlockedError():
                return False  # waiting does not help
            case RateLimitedError() | ServiceOverloadError():
                return True  # refused before anything was done
            case ConflictError(code="row_limit_exceeded"):
                return False  # nobody else has to finish first
            case ConflictError():
                return replay is not Replay.TOKEN
            case ConnectError(permanent=True):
                return False
            case TransportError(sent=False):
                return True
            case TransportError() | ServerError():
                return replay in _HARMLESS_TWICE
            case InvalidResponseError():
                return replay in _HARMLESS_TWICE
            case _:
                return False


def is_refusal(failure: NotionError) -> TypeGuard[RateLimitedError | ServiceOverloadError]:
    """Tell whether Notion said "not now" and did nothing: true for 429 and 529."""
    return isinstance(failure, (RateLimitedError, ServiceOverloadError))


def is_ambiguous(failure: NotionError) -> bool:
    """Tell whether the request may have been carried out in spite of the failure."""
    match failure:
        case TransportError(sent=sent):
            return sent
        case ServerError():
            return True
        case InvalidResponseError() | ResponseTooLargeError():
            return _is_success(failure)
        case _:
            return False


def is_ailing(failure: NotionError) -> bool:
    """Tell whether it shows that Notion, or the way there, is not well."""
    match failure:
        case ConnectError(permanent=True):
            return False
        case TransportError() | ServerError() | InvalidResponseError():
            return True
        case _:
            return False


def was_sent(failure: NotionError) -> bool:
    """Tell whether any part of the request may have left this machine."""
    if isinstance(failure, TransportError):
        return failure.sent
    return not isinstance(failure, ConfigurationError)


def took_too_long(failure: NotionError) -> bool:
    """Tell whether asking for less may help."""
    if isinstance(failure, ServerError):
        return failure.status in (503, 504)
    return isinstance(failure, RequestTimeoutError)


def _is_success(failure: ProtocolError) -> bool:
    return 200 <= failure.status < 300
