"""What happened, told to whoever listens.  Never a token, a body or the values of a query."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

import attrs

logger: Final = logging.getLogger("notion_async")


@attrs.frozen
class AttemptRecord:
    """One request on the wire."""

    endpoint: str
    method: str
    attempt: int
    """Counted from 1 within the call."""
    status: int | None
    """None where no answer came."""
    waited: float
    """Seconds since the call began or the attempt before ended: pauses, budget, back-off."""
    duration: float
    """Seconds from sending to the whole answer."""
    request_id: str | None
    bytes: int
    """The size of the answer's body, unpacked."""
    error: str | None
    """The name of the error's class."""
    retry_in: float | None
    """Seconds until the next attempt at the earliest; None where there is none."""
    ray_id: str | None = None
    """What names the answer in front of Notion's API."""


@attrs.frozen
class CallRecord:
    """One call, with all its attempts."""

    endpoint: str
    method: str
    attempts: int
    status: int | None
    """The last one seen."""
    waited: float
    """Seconds of `duration` in which nothing was under way."""
    duration: float
    request_id: str | None
    bytes: int
    """The size of the last answer's body, unpacked."""
    error: str | None
    """The name of the class of what the call raised, cancellation included."""
    stop_reason: str | None
    recovered: bool = False
    """Whether an answer was lost, and what became of the write was found out otherwise."""
    ray_id: str | None = None


Hook: TypeAlias = Callable[[AttemptRecord | CallRecord], None]
"""Called in the event loop, so it must not block."""


class Hooks:
    """Some hooks.  One that raises costs a line in the log, once, and no call."""

    def __init__(self, hooks: Iterable[Hook] = ()) -> None:
        self._hooks = tuple(hooks)
        self._reported: set[int] = set()

    def __bool__(self) -> bool:
        return bool(self._hooks)

    def __call__(self, record: AttemptRecord | CallRecord) -> None:
        """Tell every hook."""
        for place, hook in enumerate(self._hooks):
            try:
                hook(record)
            except Exception as error:  # a listener may fail in any way
                self._report(place, error)

    def _report(self, place: int, error: Exception) -> None:
        if place not in self._reported:
            self._reported.add(place)
            # The class alone: what the message holds is not known here.
            logger.error("a hook raised %s; this is said once", type(error).__name__)


def log_hook(record: AttemptRecord | CallRecord) -> None:
    """Write the record to the logger ``notion_async``, at DEBUG."""
    if not logger.isEnabledFor(logging.DEBUG):
        return
    kind = "attempt" if isinstance(record, AttemptRecord) else "call"
    fields = attrs.asdict(record, filter=lambda _, value: value is not None and value is not False)
    logger.debug("%s %s", kind, " ".join(f"{name}={_shown(fields[name])}" for name in fields))


def _shown(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
