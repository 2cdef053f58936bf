"""What the clients did, as they saw it: the one side of a history."""

from __future__ import annotations

import enum

import attrs

from notion_async.endpoints import Endpoint, Replay
from notion_async.errors import (
    CircuitOpenError,
    ConfigurationError,
    DeadlineExceededError,
    NotionError,
    ProtocolError,
    ServerError,
    TransportError,
    WriteOutcomeUnknown,
)


class Outcome(enum.Enum):
    """What a client was told about an operation."""

    RUNNING = "running"
    """Nothing yet.  None may be left so."""
    SUCCESS = "success"
    UNKNOWN = "unknown"
    """It may or may not have happened, now or later."""
    REFUSED = "refused"
    """Notion did not do it."""
    NOT_SENT = "not sent"
    FOREIGN = "foreign"
    """An exception that is not ours."""


@attrs.define
class Operation:
    """One call of a client, and what came of it.

    Moments are counted in commits: at `started`, so many writes had been carried out, and at
    `ended` so many.  What has a number from `started` to `ended` happened while it ran; what has
    a higher one came late, when its answer had been given up.
    """

    number: int
    task: int
    endpoint: Endpoint
    target: str = ""
    """The id in the path; empty for what has none."""
    tag: str = ""
    """What is in its content and in nothing else; empty where it has no content."""
    field: str = ""
    """What of the target it sets; empty where it sets nothing."""
    value: object = None
    """To what."""
    parent: str = ""
    """Where it makes something, or what it lists."""
    count: int = 1
    """How many objects it makes."""
    started: int = 0
    ended: int = 0
    outcome: Outcome = Outcome.RUNNING
    error: BaseException | None = None
    found: list[tuple[str, str]] = attrs.field(factory=list)
    """Ids and texts of what it returned."""
    request_id: str | None = None
    recovered: bool = False
    """Whether the answer was lost, and the client found out otherwise."""

    @property
    def creates(self) -> bool:
        return self.endpoint.replay is Replay.CREATE

    @property
    def reads(self) -> bool:
        return self.endpoint.replay is Replay.READ

    def __str__(self) -> str:
        what = f"{self.field}={self.value!r}" if self.field else self.tag
        place = self.target or self.parent
        error = "" if self.error is None else f" {type(self.error).__name__}: {self.error}"
        cause = getattr(self.error, "__cause__", None)
        because = "" if cause is None else f" <- {type(cause).__name__}: {cause}"
        adopted = " (recovered)" if self.recovered else ""
        return (
            f"{self.number:4} task {self.task} [{self.started}, {self.ended}) "
            f"{self.endpoint.name} {place[:8]} {what}: {self.outcome.value}{adopted}"
            f"{error}{because} {[one[0][:8] for one in self.found] or ''}"
        ).rstrip()


def outcome_of(error: BaseException, replay: Replay) -> Outcome:
    """Return what an error says about the write."""
    match error:
        case WriteOutcomeUnknown():
            return Outcome.UNKNOWN
        case ConfigurationError() | CircuitOpenError() | TransportError(sent=False):
            return Outcome.NOT_SENT
        case DeadlineExceededError(sent=False):
            return Outcome.NOT_SENT
        case DeadlineExceededError() | TransportError() | ServerError():
            return _in_doubt(replay)
        case ProtocolError(status=status) if 200 <= status < 300:
            return _in_doubt(replay)
        case NotionError():
            return Outcome.REFUSED
        case _:
            return Outcome.FOREIGN


def _in_doubt(replay: Replay) -> Outcome:
    # Where it matters whether a write happened, it is WriteOutcomeUnknown that says "unknown":
    # any other error says that it did not.
    return Outcome.UNKNOWN if replay in (Replay.DELETE, Replay.READ) else Outcome.REFUSED
