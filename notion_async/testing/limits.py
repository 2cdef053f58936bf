"""The request budget: so many requests in a fixed window of time.

Notion: https://developers.notion.com/reference/request-limits
"""

from __future__ import annotations

import copy
import math
from typing import Self

from notion_async.testing.checks import RefusalError
from notion_async.transport.clock import Clock


class Budget:
    """Admits `limit` requests in each window of `per` seconds, in one burst if it comes so.

    Args:
        limit: None admits everything.
        per: Seconds that a window lasts.
        clock: What windows are measured by.
        phase: Seconds from now to the beginning of a window.  A client cannot know it.
    """

    def __init__(self, limit: int | None, per: float, clock: Clock, *, phase: float = 0.0) -> None:
        self.limit = limit
        self.per = per
        self._clock = clock
        self._origin = clock.now() + phase
        self._window = 0
        self._used = 0

    def another(self) -> Self:
        """Return one of the same size, with windows that begin when these do, nothing spent."""
        made = copy.copy(self)
        made._used = 0
        return made

    def take(self) -> None:
        """Count one request.

        Raises:
            RefusalError: The budget of this window is spent.  Refused requests cost nothing.
        """
        if self.limit is None:
            return
        passed = self._clock.now() - self._origin
        window = math.floor(passed / self.per)
        if window != self._window:
            self._window, self._used = window, 0
        if self._used < self.limit:
            self._used += 1
            return
        raise _refusal(max(1, math.ceil((window + 1) * self.per - passed)))


def _refusal(seconds: int) -> RefusalError:
    return RefusalError(
        429,
        "rate_limited",
        "You have been rate limited. Please try again in a few minutes.",
        additional_data={
            "rate_limit_reason": "public_api_request_rate_limit",
            "retry_after": str(seconds),
        },
        retry_after=seconds,
    )
