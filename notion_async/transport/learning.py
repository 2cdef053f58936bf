"""Finding out how large a budget is: Notion does not say, it grants 180 or 600 by the plan.

Pure bookkeeping: no waiting, no I/O.

Notion's page: https://developers.notion.com/reference/request-limits
"""

from __future__ import annotations

from typing import Final

_STEP: Final = 1.5
# Windows in which the budget was not enough, before more is tried.
_SHORT_FOR: Final = 3
# Windows without a further try after one that failed; doubles with each that fails.
_FIRST_REST: Final = 60
_LONGEST_REST: Final = 1440


class Learner:
    """Tries requests beyond what is known to be granted, one at a time.

    It tries once the known budget has not been enough for three windows in a row.  What one
    window has accepted is what the next one may use.  The first refusal ends the try, and
    for an hour at least there is no other: it costs one request.

    Args:
        floor: What is granted for certain.
        most: What is not exceeded.
        window: Seconds.
    """

    def __init__(self, floor: int, most: int, window: float) -> None:
        self.known = floor
        """How many requests a window may hold, as far as is known."""
        self._floor = floor
        self._most = most
        self._window = window
        self._rest = _FIRST_REST * window
        self._quiet_until = 0.0
        self._short_since: float | None = None
        self._last_short = 0.0
        self._trying = False
        self._tried_since: float | None = None
        self._reached = 0

    def short(self, now: float) -> None:
        """Note that somebody waits for want of budget."""
        if self._short_since is None or now - self._last_short > self._window:
            self._short_since = now
        self._last_short = now

    def may_try(self, spent: int, now: float) -> bool:
        """Tell whether one more may be sent, beyond what is known.

        Args:
            spent: How many requests this window holds already.
            now: When it is.
        """
        if self.known >= self._most or self._trying or now < self._quiet_until:
            return False
        if self._short_since is None or now - self._short_since < _SHORT_FOR * self._window:
            return False
        return spent < min(self._most, max(self.known + 1, int(self.known * _STEP)))

    def trying(self, now: float) -> None:
        """Note that such a request begins."""
        self._trying = True
        if self._tried_since is None:
            self._tried_since = now

    def tried(self, spent: int, now: float, *, sent: bool) -> None:
        """Note that it ended, as one of so many in this window."""
        self._trying = False
        if not sent or self._tried_since is None:
            return
        self._reached = max(self._reached, spent)
        if now - self._tried_since >= self._window:
            self.known = max(self.known, self._reached)
            self._tried_since, self._reached = None, 0

    def refused(self, now: float) -> None:
        """Note that the budget was exceeded."""
        if self._tried_since is None:
            self.known = self._floor  # what had been learnt was wrong, or others use it, too
        self._tried_since, self._reached = None, 0
        if now >= self._quiet_until:  # else one of those that were under way together
            self._quiet_until = now + self._rest
            self._rest = min(2 * self._rest, _LONGEST_REST * self._window)
