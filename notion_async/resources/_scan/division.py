"""Rows that nothing in their order tells apart, more of them than a query returns.

They are divided by conditions, each with its complement, until no query is cut: by what their
texts contain, by options, by numbers and dates.  Which condition divides best is told by the rows
that have been seen.  A row that is edited meanwhile may go from a part that was not read yet to
one that was: at the end, what was edited since the beginning is read once more.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Final

import attrs

from notion_async.errors import IncompleteResult, InvalidCursorError
from notion_async.resources._scan.ids import Ids
from notion_async.resources._scan.lines import MINUTE, Line, floored
from notion_async.resources._scan.order import OLDEST_FIRST, Condition, edited
from notion_async.resources._scan.source import Source, StuckError, is_cut
from notion_async.resources._scan.splits import (
    Range,
    Split,
    best_split,
    ranges,
    split_between,
    texts,
)
from notion_async.types import UNSET

_NOTHING_SPLITS: Final = (
    "more rows than a query returns were created in one minute, or have the same place in the "
    "order, and nothing tells them apart; tell them apart with a filter"
)

_ROUNDS: Final = 5
_DEEPEST: Final = 60
_MOST_RESTARTS: Final = 3
# Conditions that divide worse than this are taken only where there is no better way.
_FAIR: Final = 0.15
_SAMPLES: Final = 400
# Where more of the rows than this were edited a moment ago, it is cheaper to let it pass.
_MANY: Final = 0.1


@attrs.frozen
class _Part:
    """Rows that have some conditions in common.

    Attributes:
        conditions: These.
        filled: The properties of which it is known that they have a value.
        samples: Some rows, of these or of those it was split from.
        is_cut: Whether it is known that it is too many.
    """

    conditions: tuple[Condition, ...]
    filled: frozenset[str] = frozenset()
    samples: tuple[Line, ...] = ()
    is_cut: bool = False


class Division:
    """Reads rows in no order, each once.

    Args:
        source: Where from.
        seen: The rows that were yielded.
    """

    def __init__(self, source: Source, seen: Ids) -> None:
        self._source = source
        self._seen = seen
        self._since: datetime | None = None
        self._fresh: list[Line] = []

    async def rows(
        self, conditions: Sequence[Condition], samples: Sequence[Line] | None = None
    ) -> AsyncGenerator[list[Line]]:
        """Yield the rows that fulfil the conditions.

        Args:
            conditions: What they have in common.
            samples: Some of them, where it is known that they are more than a query returns.

        Raises:
            StuckError: Nothing tells them apart.
        """
        part = _Part((*conditions,), samples=(*(samples or ()),), is_cut=samples is not None)
        for _ in range(_ROUNDS):
            self._since = None
            async with aclosing(self._parts(part)) as batches:
                async for batch in batches:
                    yield batch
            if self._since is None:
                return  # divided by what does not change, or not at all
            part = _Part((*conditions, edited("on_or_after", self._since)))
        raise StuckError(
            "more rows than a query returns are edited while they are read; read them again later",
            "rows are edited too fast",
        )

    async def _parts(self, whole: _Part) -> AsyncGenerator[list[Line]]:
        parts = [whole]
        while parts:
            part = parts.pop()
            if not part.is_cut:
                self._fresh = []
                async with aclosing(self._part(part)) as batches:
                    async for batch in batches:
                        yield batch
                if not self._fresh:
                    continue
                part = attrs.evolve(part, samples=(*self._fresh, *part.samples)[:_SAMPLES])
            parts += reversed(await self._split(part))

    async def _part(self, part: _Part) -> AsyncGenerator[list[Line]]:
        """Yield the rows of a part; if it is too many, put some of them into `_fresh`."""
        restarts, is_first = 0, True
        while True:
            last: list[Line] = []
            pages = self._source.pages(part.conditions, [OLDEST_FIRST])
            try:
                async with aclosing(pages) as answers:
                    async for answer in answers:
                        last = [*answer.results] or last
                        if is_first and is_cut(answer):
                            self._fresh = last
                            return
                        is_first = False
                        batch = [line for line in answer.results if self._seen.add(line.id)]
                        if batch:
                            yield batch
            except IncompleteResult:
                self._fresh = last
            except InvalidCursorError:
                restarts += 1
                if restarts > _MOST_RESTARTS:
                    raise
                continue
            return

    async def _split(self, part: _Part) -> list[_Part]:
        if len(part.conditions) > _DEEPEST:
            raise StuckError(_NOTHING_SPLITS, "query_result_limit_reached")
        samples = [*part.samples]
        if self._source.filter_properties is not UNSET or not samples:
            samples = await self._look(part, OLDEST_FIRST)
        split = await self._choice(part, samples)
        if split is None:
            raise StuckError(_NOTHING_SPLITS, "query_result_limit_reached")
        if split.may_change and self._since is None:
            self._since = await self._beginning(samples)
        filled = part.filled | {split.name}
        return [
            _Part((*part.conditions, *conditions), filled, (*filter(test, samples),))
            for conditions, test in split.parts
        ]

    async def _choice(self, part: _Part, samples: list[Line]) -> Split | None:
        """Return what divides best."""
        ranged = ranges(samples)
        for one in ranged:
            if one.kind == "unique_id" and (split := await self._between(part, one)):
                return split
        best = best_split(samples, part.filled)
        if best is not None and best.share >= _FAIR:
            return best
        for one in ranged:
            if one.kind != "unique_id" and (split := await self._between(part, one)):
                return split
        if best is not None:
            return best
        # Those seen are all alike: look at the first and the last in alphabetical order.
        for name in texts(samples):
            for direction in ("descending", "ascending"):
                sort = {"property": name, "direction": direction}
                samples += await self._look(part, sort)
                if (best := best_split(samples, part.filled)) is not None:
                    return best
        return None

    async def _between(self, part: _Part, one: Range) -> Split | None:
        # Those seen are the least, it may be: those at the other end are needed as well.
        return split_between(one, await self._look(part, one.sort), part.filled)

    async def _look(self, part: _Part, sort: Condition) -> list[Line]:
        """Return some rows of a part, with all properties."""
        return [*(await self._source.first(part.conditions, [sort], whole=True)).results]

    async def _beginning(self, samples: Sequence[Line]) -> datetime:
        """Return since when a change may have moved a row to another part."""
        time = self._source.time
        since = floored(time.least())
        recent = sum(line.edited is not None and line.edited >= since for line in samples)
        if recent > _MANY * len(samples):
            # In a minute, these are not among the rows that are read once more at the end.
            since += MINUTE
            await time.wait_until(since)
        return since
