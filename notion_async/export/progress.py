"""How far an export is, told as it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import attrs

from notion_async.client import AsyncClient
from notion_async.export.manifest import KINDS
from notion_async.transport.clock import Clock
from notion_async.transport.hooks import AttemptRecord, CallRecord

_INTERVAL: Final = 0.1  # seconds between two reports: more than a person can read


@attrs.frozen
class Progress:
    """A moment of an export."""

    counts: Mapping[str, int]
    requests: int
    answers_429: int
    elapsed: float
    queued: int
    """Pages and databases that are known and not done."""
    waiting: float
    """Seconds until the request budget lets the next request through; 0 when none waits."""

    @property
    def time_left(self) -> float | None:
        """Seconds, at a request for each that is known now; None before anything is done."""
        done = self.counts["pages"] + self.counts["rows"]
        return self.elapsed / self.requests * self.queued if done and self.requests else None


class Tally:
    """Counts objects and requests, and reports now and then."""

    def __init__(
        self, client: AsyncClient, clock: Clock, report: Callable[[Progress], None] | None
    ) -> None:
        self.counts: dict[str, int] = dict.fromkeys(KINDS, 0)
        self.requests = 0
        self.answers_429 = 0
        self.queued = 0
        self._client = client
        self._clock = clock
        self._report = report
        self._started = clock.now()
        self._reported = float("-inf")

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return self._clock.now() - self._started

    def add(self, kind: str) -> None:
        """Count an object that is written."""
        self.counts[kind] += 1

    def hook(self, record: AttemptRecord | CallRecord) -> None:
        """Count requests; a hook of the client."""
        if isinstance(record, AttemptRecord):
            self.requests += 1
            self.answers_429 += record.status == 429
            if self._report and self._clock.now() - self._reported >= _INTERVAL:
                self.tell()

    def tell(self) -> None:
        """Report now."""
        if self._report is None:
            return
        self._reported = self._clock.now()
        limiter = self._client.limiter
        waiting = limiter.next_free_in() if limiter is not None and limiter.waiting else 0.0
        self._report(
            Progress(
                counts=dict(self.counts),
                requests=self.requests,
                answers_429=self.answers_429,
                elapsed=self.elapsed,
                queued=self.queued,
                waiting=max(waiting, self._client.paused_for),
            )
        )
