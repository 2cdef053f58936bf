"""What a scan asks, and what the answers tell about Notion's clock."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

import attrs

from notion_async.models import ObjectList
from notion_async.pagination import Pager
from notion_async.resources._scan.lines import Line, floored
from notion_async.resources._scan.order import Condition
from notion_async.transport.clock import Clock
from notion_async.types import UNSET, Maybe

_SKEW: Final = timedelta(minutes=11)
"""How wrong the clock of this machine may be."""
_MARGIN: Final = timedelta(seconds=10)
"""How far the clocks of Notion's servers may be apart."""


class StuckError(Exception):
    """There is no way on: what `IncompleteResult` says to the caller."""

    def __init__(self, remedy: str, reason: str) -> None:
        super().__init__(remedy)
        self.reason = reason


class Ask(Protocol):
    """Asks a data source for rows."""

    def __call__(
        self,
        *,
        filter: Maybe[Mapping[str, object]],
        sorts: Sequence[Mapping[str, object]],
        filter_properties: Maybe[Sequence[str]],
    ) -> Pager[Line]: ...


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _untold() -> None:
    return None


class NotionTime:
    """What Notion's clock shows at least.

    Answers tell when they were made.  Where they do not: a row that was edited at noon shows that
    it was noon at Notion's when it was sent, and time goes on there as it does here.

    Args:
        clock: Where waiting takes place.
        told: Returns what time it is at Notion's by its last answer, or None.
        now: Returns what time it is on this machine, for where nothing else is known.
    """

    def __init__(
        self,
        clock: Clock,
        told: Callable[[], datetime | None] = _untold,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.clock = clock
        self._told = told
        self._begun = clock.now()
        self._least = now() - _SKEW
        self._seen: datetime | None = None
        self._since = self._begun

    def saw(self, edited: datetime) -> None:
        """Note that a row says this."""
        if edited > self.least():
            self._seen, self._since = edited, self.clock.now()

    def least(self) -> datetime:
        """Return a time which it is at Notion's now, or was before."""
        now, told = self.clock.now(), self._told()
        if told is None:
            least = self._least + timedelta(seconds=now - self._begun)
        else:
            least = told - _MARGIN
        if self._seen is None:
            return least
        return max(least, self._seen + timedelta(seconds=now - self._since))

    async def wait_until(self, moment: datetime) -> None:
        """Wait until it is later than that at Notion's, for certain."""
        await self.clock.sleep(max(0.0, (moment - self.least()).total_seconds()))


@attrs.define
class Source:
    """The rows that are scanned.

    Attributes:
        ask: Asks for them.
        filter: Which of them.
        filter_properties: Which of their properties.
        time: What time it is at Notion's.
        answers: How many answers have come.
        begun: What time it was at least when the first of them came.
    """

    ask: Ask
    filter: Maybe[Mapping[str, object]]
    filter_properties: Maybe[Sequence[str]]
    time: NotionTime
    answers: int = 0
    begun: datetime | None = None

    async def pages(
        self,
        conditions: Sequence[Condition],
        sorts: Sequence[Mapping[str, object]],
        *,
        whole: bool = False,
    ) -> AsyncGenerator[ObjectList[Line]]:
        """Yield the answers to a query.

        Args:
            conditions: Which rows, of those that the filter lets through.
            sorts: In which order.
            whole: Whether all properties are to be shown.

        Raises:
            IncompleteResult: The query was cut.
            InvalidCursorError: Its cursor is not accepted any more.
        """
        shown = UNSET if whole else self.filter_properties
        pager = self.ask(
            filter=all_of(self.filter, conditions), sorts=sorts, filter_properties=shown
        )
        async with aclosing(pager.pages()) as answers:
            async for answer in answers:
                times = [line.edited for line in answer.results if line.edited is not None]
                if times:
                    self.time.saw(max(times))
                self.answers += 1
                if self.begun is None:
                    self.begun = floored(self.time.least())
                yield answer

    async def first(
        self,
        conditions: Sequence[Condition],
        sorts: Sequence[Mapping[str, object]],
        *,
        whole: bool = False,
    ) -> ObjectList[Line]:
        """Return the first answer to a query."""
        async with aclosing(self.pages(conditions, sorts, whole=whole)) as answers:
            return await anext(answers)


def is_cut(answer: ObjectList[Line]) -> bool:
    """Tell whether the query that this answers is cut, at its end if not here."""
    status = answer.request_status
    return status is not None and status.type == "incomplete"


def all_of(
    filter: Maybe[Mapping[str, object]], conditions: Sequence[Condition]
) -> Maybe[Mapping[str, object]]:
    """Return a filter with further conditions.

    Notion takes compounds two deep, and no deeper for having these in them.
    """
    if not conditions:
        return filter
    if filter is UNSET:
        return conditions[0] if len(conditions) == 1 else {"and": [*conditions]}
    return _with(filter, conditions)


def _with(filter: object, conditions: Sequence[Condition]) -> Mapping[str, object]:
    match filter:
        case {"and": [*parts]}:
            return {"and": [*parts, *conditions]}
        case {"or": [*parts]}:
            return {"or": [_with(part, conditions) for part in _alternatives(parts)]}
    return {"and": [filter, *conditions]}


def _alternatives(parts: Sequence[object]) -> Iterator[object]:
    for part in parts:
        match part:
            case {"or": [*inner]}:
                yield from _alternatives(inner)
            case _:
                yield part
