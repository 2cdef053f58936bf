"""One thing to be done, in as many requests as it takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import attrs

from notion_async.endpoints import Endpoint
from notion_async.errors import WriteOutcomeUnknown
from notion_async.transport.limiter import Priority
from notion_async.transport.message import Request, Response


@attrs.define
class Call:
    """One thing to be done, in as many requests as it takes."""

    endpoint: Endpoint
    request: Request
    timeout: float = 70.0
    """Seconds for one attempt, reading the body included."""
    deadline: float | None = 300.0
    """Seconds for all of it, waiting included; None for no end."""
    priority: Priority = Priority.INTERACTIVE
    lighter: Callable[[], Request | None] | None = None
    """Makes a request that asks for less, for when an answer took too long; None: it cannot."""
    recover: Recover | None = None
    """Finds out what became of a write whose answer was lost; None: nobody can."""


class Recover(Protocol):
    """Finds out what became of a write whose answer was lost."""

    async def __call__(
        self, unknown: WriteOutcomeUnknown, *, remaining: float | None
    ) -> Response | None:
        """Return what the call would have been answered with; None: not done, send it again.

        Args:
            unknown: What is known; its cause is what went wrong.
            remaining: Seconds until the call's deadline; None where it has none.

        Raises:
            NotionError: It cannot be found out: `unknown`, or what is known better.
        """
        ...
