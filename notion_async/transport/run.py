"""One call on its way: its attempts, what it waits for before each, and how it ends.

Every attempt passes gate, breaker and limiter: retries cannot do what first attempts may not.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, Generic, NoReturn, TypeVar, cast

import attrs

from notion_async.endpoints import Replay
from notion_async.errors import (
    APIResponseError,
    CircuitOpenError,
    ConfigurationError,
    ConflictError,
    DeadlineExceededError,
    NotionError,
    ObjectNotFoundError,
    RateLimitedError,
    RequestBlockedError,
    RequestTimeoutError,
    ServiceOverloadError,
    ValidationError,
    WriteOutcomeUnknown,
)
from notion_async.transport.answers import failure_in
from notion_async.transport.call import Call
from notion_async.transport.gate import Gate
from notion_async.transport.hooks import AttemptRecord, CallRecord
from notion_async.transport.limiter import Permit, Priority
from notion_async.transport.message import Response, Stream
from notion_async.transport.retry import (
    HARMLESS,
    Decision,
    RetryPolicy,
    Verdict,
    is_ailing,
    is_ambiguous,
    is_refusal,
    took_too_long,
    was_sent,
)

if TYPE_CHECKING:
    from notion_async.transport.pipeline import Pipeline

T = TypeVar("T")
A = TypeVar("A", bound="Response | Stream")
W = TypeVar("W")
_E = TypeVar("_E", bound=NotionError)

REQUEST_ID: Final = "x-notion-request-id"
RAY_ID: Final = "cf-ray"
_HEADERS: Final = {"request_id": REQUEST_ID, "ray_id": RAY_ID}
# Retries switched off.  A refusal still pauses the others, and a write stays in doubt.
_ONE_ATTEMPT: Final = RetryPolicy(attempts=1)


@attrs.frozen
class _Recovered(Generic[T]):
    """What a call returns whose own answer was lost."""

    made: T


class Run(Generic[A, T]):
    """The state of one call on its way."""

    __slots__ = (
        "_attempts",
        "_begun_at",
        "_busy",
        "_call",
        "_clock",
        "_conflicts",
        "_end",
        "_exchange",
        "_failure",
        "_idle_since",
        "_in_doubt",
        "_last",
        "_lasted",
        "_pipeline",
        "_probes",
        "_read",
        "_recovered",
        "_retry",
        "_sent",
        "_spared",
        "_started",
        "_status",
        "_waited",
    )

    def __init__(
        self,
        pipeline: Pipeline,
        call: Call,
        exchange: Callable[..., Awaitable[A]],
        read: Callable[[A], T],
    ) -> None:
        self._pipeline = pipeline
        self._call = call
        self._exchange = exchange
        self._read = read
        self._clock = pipeline.clock
        self._retry = _ONE_ATTEMPT if pipeline.retry is None else pipeline.retry
        self._started = pipeline.clock.now()
        self._end = None if call.deadline is None else self._started + call.deadline
        self._begun_at = self._started
        self._idle_since = self._started  # since when nothing of it is under way
        self._attempts = self._conflicts = 0
        self._sent = False
        self._in_doubt = False  # whether an attempt that will be repeated may have been enough
        self._recovered = self._probes = False  # it probes where it is to find out how Notion is
        self._spared = 0  # attempts that do not count: they found out for everybody
        self._failure: NotionError | None = None  # the last one
        self._waited = self._lasted = self._busy = 0.0  # before and in the last attempt; in all
        self._last: Response | Stream | None = None
        self._status: int | None = None

    async def answer(self) -> T:
        """Try until there is an answer or an end."""
        # Awaited right here: each function in between costs every call that is under way.
        while True:
            permit = await self._turn() if self._has_to_wait() else None
            timeout = self._begun()
            sent = True  # unless it is known better: what was cancelled may have arrived
            outcome: A | NotionError
            try:
                outcome = await self._exchange(self._call.request, timeout=timeout)
            except NotionError as error:
                outcome, sent = error, was_sent(error)
            finally:
                self._ended(permit, sent)
            made = self._made_of(outcome)
            if not isinstance(made, NotionError):
                if self._pipeline.listened_to:
                    self._tell_attempt(None)
                return made
            recovered = await self._go_on_after(made)
            if recovered is not None:
                return recovered.made

    def _has_to_wait(self) -> bool:
        pipeline, end = self._pipeline, self._end
        return (
            pipeline.limiter is not None
            or pipeline.gate.closed_for > 0
            or pipeline.health.is_open
            or (end is not None and end <= self._idle_since)
        )

    async def _turn(self) -> Permit | None:
        """Wait for the gate, the breaker and the limiter."""
        gate, health, limiter = self._pipeline.gate, self._pipeline.health, self._pipeline.limiter
        while True:
            if gate.closed_for > 0 and not await self._paused(gate.wait(within=self._remaining())):
                self._stop_at(gate)
            if health.open_for > 0:
                await self._wait_for_recovery()
                continue
            remaining = self._remaining()
            if remaining is not None and remaining <= 0:
                self._stop_late()
            permit: Permit | None = None
            if limiter is not None:
                with contextlib.suppress(TimeoutError):  # raised below, with no context hanging on
                    permit = await self._paused(
                        limiter.acquire(self._call.priority, within=remaining)
                    )
                if permit is None:
                    self._stop_late()
            blocked = self._pipeline.governor.blocked_since(self._started)
            if blocked is None and gate.closed_for <= 0 and health.admits():
                self._probes = health.is_open
                return permit
            if permit is not None:
                permit.release(sent=False)  # things have changed while this one queued
            if blocked is not None:
                self._stop(blocked, "not_retryable")

    async def _wait_for_recovery(self) -> None:
        """Wait while nothing is sent to a Notion that fails.  Interactive calls do not."""
        left = self._pipeline.health.open_for
        remaining = self._remaining()
        if self._call.priority is Priority.INTERACTIVE or (
            remaining is not None and left >= remaining
        ):
            failure = self._failure or CircuitOpenError(
                f"Notion has been failing; the next request goes in {left:.0f} s at the earliest",
                retry_after=left,
            )
            self._stop(failure, "breaker")
        await self._paused(self._clock.sleep(left))

    async def _paused(self, waiting: Awaitable[W]) -> W:
        """Wait, unless the client is closed meanwhile."""
        try:
            with self._pipeline.pauses.begin():
                return await waiting
        except ConfigurationError as error:
            self._stop(error, "not_retryable")

    def _begun(self) -> float:
        """Note that an attempt begins, and return the seconds it may take."""
        started = self._begun_at = self._clock.now()
        self._waited = started - self._idle_since
        self._attempts += 1
        self._last = None
        timeout, end = self._call.timeout, self._end
        return timeout if end is None or timeout <= end - started else end - started

    def _ended(self, permit: Permit | None, sent: bool) -> None:
        if permit is not None:
            permit.release(sent=sent)
        self._sent = self._sent or sent
        if self._probes:
            self._pipeline.health.ended()
            self._spared += self._call.priority is not Priority.INTERACTIVE
            self._probes = False
        now = self._idle_since = self._clock.now()
        self._lasted = now - self._begun_at
        self._busy += self._lasted

    def _made_of(self, outcome: A | NotionError) -> T | NotionError:
        """Return what the caller gets, or what is wrong."""
        if isinstance(outcome, NotionError):
            self._status = getattr(outcome, "status", None)
            return outcome
        self._last = outcome
        self._status = outcome.status
        if isinstance(outcome, Response):
            failure = failure_in(outcome)
            if failure is not None:
                return failure
        try:
            made = self._read(outcome)
        except NotionError as error:
            return error
        self._pipeline.governor.heard = outcome.headers, self._idle_since
        if not self._pipeline.health.well:
            self._pipeline.health.succeeded()
        return made

    async def _go_on_after(self, failure: NotionError) -> _Recovered[T] | None:
        """Wait for the next attempt, or return what a lost answer must have made.

        Raises:
            NotionError: This is the end of it.
        """
        decision = self._decide(failure)
        if self._pipeline.listened_to:
            self._tell_attempt(failure, decision)
        if decision.verdict is Verdict.OUTCOME_UNKNOWN or self._is_done_already(failure):
            return await self._find_out(failure, decision.stop_reason)
        if decision.verdict is Verdict.GIVE_UP:
            self._stop(failure, decision.stop_reason)
        self._in_doubt = self._in_doubt or is_ambiguous(failure)
        if self._call.lighter is not None and took_too_long(failure):
            self._call.request = self._call.lighter() or self._call.request
        self._failure = failure
        if not is_refusal(failure):  # else the gate holds it back, with all the others
            await self._back_off(failure, decision.delay)
        return None

    async def _back_off(self, failure: NotionError, delay: float) -> None:
        """Wait before the next attempt, and see whether there should be one."""
        health = self._pipeline.health
        in_bulk = self._call.priority is not Priority.INTERACTIVE
        if in_bulk and not health.may_retry:
            delay = max(delay, self._retry.cap)  # it has time, and does not add to the storm
        await self._sleep(failure, delay)
        if not in_bulk and not health.may_retry:
            # Failures come in before successes: it may look different in a moment.
            await self._sleep(failure, self._retry.base)
            if not health.may_retry:
                self._stop(failure, "quota")

    async def _sleep(self, failure: NotionError, seconds: float) -> None:
        remaining = self._remaining()
        if remaining is not None and seconds >= remaining:
            self._stop(failure, "quota")
        await self._paused(self._clock.sleep(seconds))

    def _is_done_already(self, failure: NotionError) -> bool:
        """Tell whether an attempt before may be why there is nothing to delete any more."""
        return (
            self._in_doubt
            and self._call.endpoint.replay is Replay.DELETE
            and isinstance(failure, (ObjectNotFoundError, ValidationError))
        )

    async def _find_out(self, failure: NotionError, reason: str | None) -> _Recovered[T] | None:
        """Return what the answer must have made; None where the request may be sent again."""
        unknown = self._unknown(failure, reason)
        recover = self._call.recover
        if recover is None or self._pipeline.retry is None:
            raise unknown
        try:
            answer = await recover(unknown, remaining=self._remaining())
        except NotionError as error:
            raise self._stamp(error, reason)  # noqa: B904 - the cause is set where it is known
        if answer is not None:
            with contextlib.suppress(NotionError):  # else it is nothing that could be returned
                made = self._read(cast("A", answer))
                self._last, self._recovered = answer, True
                return _Recovered(made)
            raise self._stamp(unknown, reason)
        self._in_doubt = True  # it had not happened when it was looked for
        self._failure = failure
        if self._attempts - self._spared >= self._retry.attempts:
            raise self._stamp(unknown, "attempts")
        return None

    def _unknown(self, failure: NotionError, reason: str | None) -> WriteOutcomeUnknown:
        unknown = WriteOutcomeUnknown(
            f"{self._call.endpoint.name} may or may not have happened "
            f"({type(failure).__name__}); read before you repeat it",
            status=self._status,
            additional_data=getattr(failure, "additional_data", None),
        )
        unknown.__cause__ = self._stamp(failure, reason)
        return self._stamp(unknown, reason)

    def _decide(self, failure: NotionError) -> Decision:
        number = self._pipeline.random()
        self._conflicts += isinstance(failure, ConflictError)
        if is_refusal(failure):
            self._note_refusal(failure, number)
        elif is_ailing(failure):
            slowly = isinstance(failure, RequestTimeoutError)
            self._pipeline.health.failed(id(self), slowly=slowly)
        elif isinstance(failure, APIResponseError) and not self._pipeline.health.well:
            self._pipeline.health.succeeded()  # it says no, so it is there
        return self._retry.decide(
            failure,
            attempt=self._attempts - self._spared,
            conflicts=self._conflicts,
            replay=self._call.endpoint.replay,
            remaining=self._remaining(),
            random=number,
        )

    def _note_refusal(
        self, failure: RateLimitedError | ServiceOverloadError, number: float
    ) -> None:
        if isinstance(failure, RequestBlockedError):
            self._pipeline.governor.block(failure)
            return
        pause = self._retry.delay(failure, attempt=self._attempts, random=number)
        # A copy: what is raised drags its frames along, and with them the request.
        self._pipeline.governor.pause(pause, copy.copy(failure))
        if self._pipeline.limiter is not None:
            self._pipeline.limiter.refused(
                failure.reason if isinstance(failure, RateLimitedError) else failure.code
            )

    def _stop(self, failure: NotionError, reason: str | None) -> NoReturn:
        late = self._remaining()
        if isinstance(failure, RequestTimeoutError) and late is not None and late <= 0:
            # It was the deadline that cut the attempt short.
            failure, reason = self._too_late(), "deadline"
        if self._in_doubt and self._call.endpoint.replay not in HARMLESS:
            raise self._unknown(failure, reason)  # whatever came of the last attempt
        raise self._stamp(failure, reason)

    def _stop_at(self, gate: Gate) -> NoReturn:
        reason = gate.reason
        if reason is None:
            self._stop_late()
        error = copy.copy(reason)  # many calls may fail by the same answer
        error.retry_after = gate.closed_for
        self._stop(error, "retry_after_too_long")

    def _stop_late(self) -> NoReturn:
        self._stop(self._too_late(), "deadline")

    def _too_late(self) -> DeadlineExceededError:
        return DeadlineExceededError(
            f"{self._call.endpoint.name} was not done before its deadline", sent=self._sent
        )

    def _stamp(self, error: _E, stop_reason: str | None) -> _E:
        error.attempts = self._attempts
        error.elapsed = self._clock.now() - self._started
        error.stop_reason = stop_reason
        if error.request_id is None:
            error.request_id = self._named("request_id")
        if error.ray_id is None:
            error.ray_id = self._named("ray_id")
        return error

    def _remaining(self) -> float | None:
        return None if self._end is None else self._end - self._clock.now()

    def _tell_attempt(self, failure: NotionError | None, decision: Decision | None = None) -> None:
        retried = decision is not None and decision.verdict is Verdict.RETRY
        self._pipeline.hooks(
            AttemptRecord(
                endpoint=self._call.endpoint.name,
                method=self._call.request.method,
                attempt=self._attempts,
                status=self._status,
                waited=self._waited,
                duration=self._lasted,
                request_id=self._named("request_id", failure),
                bytes=self._bytes(),
                error=type(failure).__name__ if failure else None,
                retry_in=decision.delay if decision and retried else None,
                ray_id=self._named("ray_id", failure),
            )
        )

    def record(self, error: BaseException | None) -> CallRecord:
        """Sum it up."""
        duration = self._clock.now() - self._started
        return CallRecord(
            endpoint=self._call.endpoint.name,
            method=self._call.request.method,
            attempts=self._attempts,
            status=self._status,
            waited=max(0.0, duration - self._busy),
            duration=duration,
            request_id=self._named("request_id", error),
            bytes=self._bytes(),
            error=type(error).__name__ if error else None,
            stop_reason=error.stop_reason if isinstance(error, NotionError) else None,
            recovered=self._recovered,
            ray_id=self._named("ray_id", error),
        )

    def _bytes(self) -> int:
        return len(self._last.body) if isinstance(self._last, Response) else 0

    def _named(self, name: str, error: BaseException | None = None) -> str | None:
        """Return a name of the last answer; the transport notes it where it hands on none."""
        found: str | None = getattr(error, name, None)
        return self._last.headers.get(_HEADERS[name]) if self._last else found
