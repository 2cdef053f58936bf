"""Whether Notion is well: when retries make things worse, and when it is left alone.

Pure bookkeeping: no waiting, no I/O.  Everybody who talks to the same host shares it.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from notion_async.transport.clock import Clock

_FULL: Final = 100.0
# Below it nobody retries: so long as more succeeds than fails, that is not reached.
_ENOUGH: Final = _FULL / 2
_FAILURES: Final = 10
_CALLS: Final = 3
# Failures come faster than answers: of many requests sent together, those that fail are first.
_AT_LEAST: Final = 1.0
_PAUSES: Final = (5.0, 10.0, 20.0, 30.0)


class Health:
    """A quota that failures use up and successes fill, and a breaker.

    The breaker opens when ten requests of three calls have failed and none has succeeded, for a
    second at least.  Then nothing is sent for 5, 10, 20, 30 … seconds, after each of which one
    request is let through, to see.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.well = True
        """Whether nothing has to be noted of a success: the quota is full, the breaker closed."""
        self._quota = _FULL
        self._failures = 0
        self._failing_since = 0.0
        self._calls: set[Hashable] = set()
        self._pauses = 0  # since the last success
        self._until = 0.0
        self._probing = False

    @property
    def may_retry(self) -> bool:
        """Whether enough succeeds for retries to do good."""
        return self._quota > _ENOUGH

    @property
    def is_open(self) -> bool:
        """Whether the breaker is open: nothing is sent but what finds out."""
        return self._pauses > 0

    @property
    def open_for(self) -> float:
        """Seconds until it is worth asking again; zero where a request may go."""
        if not self._pauses:
            return 0.0
        left = self._until - self._clock.now()
        if self._probing:
            return max(left, 1.0)  # until its end is known
        return max(left, 0.0)

    def admits(self) -> bool:
        """Let a request through, or not.  The one that is to find out is let through once."""
        if self.open_for > 0:
            return False
        self._probing = self._pauses > 0
        return True

    def ended(self) -> None:
        """Note that the request which was to find out is over, whatever came of it."""
        self._probing = False

    def succeeded(self) -> None:
        """Note an answer that shows Notion at work."""
        self._quota = min(_FULL, self._quota + 1.0)
        self._failures = self._pauses = 0
        self._calls.clear()
        self.well = self._quota >= _FULL

    def failed(self, call: Hashable, *, slowly: bool) -> None:
        """Note a request that got no answer, or one that Notion failed over.

        Args:
            call: What it belongs to.
            slowly: Whether it took all its time: that costs twice as much.
        """
        now = self._clock.now()
        self.well = False
        self._quota = max(0.0, self._quota - (2.0 if slowly else 1.0))
        if not self._failures:
            self._failing_since = now
        self._failures += 1
        if len(self._calls) < _CALLS:
            self._calls.add(call)
        if now < self._until:
            return  # it was under way already
        long_enough = now - self._failing_since >= _AT_LEAST
        if self._pauses or (
            self._failures >= _FAILURES and len(self._calls) >= _CALLS and long_enough
        ):
            self._until = now + _PAUSES[min(self._pauses, len(_PAUSES) - 1)]
            self._pauses += 1
