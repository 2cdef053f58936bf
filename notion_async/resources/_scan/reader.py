"""Rows in order, however often Notion cuts the queries for them.

A query that is cut is followed by one that begins where it ended: at the value that its last row
has for the first key of the order.  The rows that share this value come again, and are passed
over by their ids.  Where they are more than a query returns, they are read for themselves, in the
order of the next key; and where no key is left, they are divided (`Division`).

Notion's page: https://developers.notion.com/reference/query-a-data-source
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Final, TypeAlias

import attrs

from notion_async.errors import IncompleteResult, InvalidCursorError
from notion_async.resources._scan.division import Division
from notion_async.resources._scan.ids import Ids
from notion_async.resources._scan.lines import Line
from notion_async.resources._scan.order import Condition, Key, Place, created, edited
from notion_async.resources._scan.source import Source, StuckError, is_cut

Batch: TypeAlias = list[Line]
Sort: TypeAlias = Mapping[str, object]

MOST_RESTARTS: Final = 3
"""How often a query is begun anew at one place because its cursor was not accepted."""

# So many rows of one value in a query that is cut: time to ask whether they alone fill one.
_SUSPICIOUS: Final = 500
_SAMPLES: Final = 300

_NO_WAY_ON: Final = (
    "past a cut, rows can be read on only in the order of created_time, last_edited_time, a "
    "number, a date or a unique id: sort by one of these first, or not at all"
)


class _End(enum.Enum):
    """Why a query was left."""

    DONE = "it had no more rows"
    CUT = "Notion cut it"
    CROWDED = "it would not get past the rows of one value"
    REJECTED = "its cursor was not accepted"


@attrs.define
class _Stretch:
    """What one query has given."""

    key: Key
    end: _End = _End.DONE
    reason: str = ""
    error: InvalidCursorError | None = None
    last: Line | None = None
    place: Place | None = None
    """Where the last row stands; None where it has no value."""
    tied: deque[Line] = attrs.Factory(lambda: deque(maxlen=_SAMPLES))
    """The last of the rows that stand there."""
    tied_ids: set[str] = attrs.Factory(set)
    has_values: bool = False
    has_empties: bool = False
    asked_about: Place | None = None
    """The place whose rows are known not to fill a query."""

    def take(self, line: Line) -> None:
        """Note that this row came."""
        place = self.key.place(line) if self.key.can_go_on else None
        if place is not None:
            self.has_values = True
        elif self.key.may_be_empty:
            self.has_empties = True
        else:
            place = self.place  # a row that is shown in part
        if place != self.place:
            self.place = place
            self.tied.clear()
            self.tied_ids.clear()
        self.last = line
        self.tied.append(line)
        self.tied_ids.add(line.id)

    @property
    def is_suspicious(self) -> bool:
        """Whether the rows of one place may fill a query."""
        return (
            self.place is not None
            and self.place != self.asked_about
            and len(self.tied_ids) >= _SUSPICIOUS
        )


@attrs.define
class Window:
    """A span of the times of creation, read for itself.

    Attributes:
        start: Its first minute; None from the first row on.
        closed: Where its queries end; None with the last row.
        end: Where it ends: as its queries do, or before.
    """

    start: datetime | None = None
    closed: datetime | None = None
    end: datetime | None = None


@attrs.define
class _Way:
    """How far the rows of some keys have been read."""

    bounds: list[Condition] = attrs.Factory(list)
    """Where the next query begins."""
    from_on: Place | None = None
    """The place at which it does."""
    has_values: bool = False
    has_empties: bool = False
    restarts: int = 0
    """How often in a row a query for that place was begun anew."""
    is_done: bool = False


@attrs.define
class _Group:
    """Rows that are to be read for themselves."""

    conditions: list[Condition]
    after: Line | None
    samples: Sequence[Line]


@attrs.define
class Reader:
    """Reads rows in order, each once.

    Attributes:
        source: Where from.
        keys: The order.
        seen: The rows that were yielded, as far as they may come again.
        is_shared: Whether others note there what they yielded.
        window: Where to stop, in an order by the time of creation.
        more: Whether there is an answer after the last one.
    """

    source: Source
    keys: Sequence[Key]
    seen: Ids = attrs.Factory(Ids)
    is_shared: bool = False
    window: Window = attrs.Factory(Window)
    more: bool = True

    @property
    def is_lasting(self) -> bool:
        """Whether rows keep their places, whatever is done to them."""
        return all(key.lasts for key in self.keys)

    async def rows(self) -> AsyncGenerator[Batch]:
        """Yield all rows, some at a time.

        Raises:
            StuckError: There is no way on.
        """
        conditions: list[Condition] = []
        if self.window.start is not None:
            conditions.append(created("on_or_after", self.window.start))
        if self.window.closed is not None:
            conditions.append(created("before", self.window.closed))
        async with aclosing(self._in_order(conditions, self.keys)) as batches:
            async for batch in batches:
                yield batch

    async def moved(self) -> AsyncGenerator[Batch]:
        """Yield the rows that are missing because they changed their places meanwhile.

        All that was edited since the beginning is asked for once more.
        """
        begun = self.source.begun
        if self.is_lasting or self.source.answers <= 1 or begun is None:
            return
        division = Division(self.source, self.seen)
        rows = division.rows([edited("on_or_after", begun)])
        async with aclosing(rows) as batches:
            async for batch in batches:
                yield batch

    async def _in_order(
        self, conditions: Sequence[Condition], keys: Sequence[Key], after: Line | None = None
    ) -> AsyncGenerator[Batch]:
        """Yield the rows that fulfil the conditions, in the order of these keys.

        Args:
            conditions: What the rows have in common.
            keys: By what they are ordered.
            after: One of them: those before it have been yielded.
        """
        key, sorts, way = keys[0], [key.sort for key in keys], _Way()
        place = None if after is None or not key.can_go_on else key.place(after)
        if place is not None:
            way.bounds, way.from_on = key.from_on(place), place
        while not way.is_done:
            stretch = _Stretch(key)
            reading = self._stretch([*conditions, *way.bounds], stretch, sorts)
            async with aclosing(reading) as batches:
                async for batch in batches:
                    yield batch
            group = self._next(way, stretch, conditions)
            if group is not None:
                async with aclosing(self._group(group, keys[1:])) as batches:
                    async for batch in batches:
                        yield batch
                self._forget_all_but(())

    async def _group(self, group: _Group, keys: Sequence[Key]) -> AsyncGenerator[Batch]:
        rows = (
            self._in_order(group.conditions, keys, group.after)
            if keys
            else Division(self.source, self.seen).rows(group.conditions, group.samples)
        )
        async with aclosing(rows) as batches:
            async for batch in batches:
                yield batch

    async def _stretch(
        self, conditions: Sequence[Condition], stretch: _Stretch, sorts: Sequence[Sort]
    ) -> AsyncGenerator[Batch]:
        """Yield what one query gives, and note in `stretch` how it ended."""
        try:
            async with aclosing(self.source.pages(conditions, sorts)) as answers:
                async for answer in answers:
                    self.more = answer.has_more
                    batch = [line for line in answer.results if self._takes(line, stretch)]
                    if batch:
                        yield batch
                    if self._is_past(stretch):
                        return
                    place = stretch.place
                    if place is not None and is_cut(answer) and stretch.is_suspicious:
                        stretch.asked_about = place
                        alone = [*conditions, *stretch.key.at(place)]
                        if is_cut(await self.source.first(alone, sorts)):
                            stretch.end = _End.CROWDED
                            return
        except IncompleteResult as cut:
            stretch.end, stretch.reason = _End.CUT, cut.reason
        except InvalidCursorError as error:
            stretch.end, stretch.error = _End.REJECTED, error

    def _takes(self, line: Line, stretch: _Stretch) -> bool:
        """Take note of a row; return whether it is to be yielded."""
        for key in self.keys:
            key.learn(line)
        stretch.take(line)
        return not self._is_past(stretch) and self.seen.add(line.id)

    def _is_past(self, stretch: _Stretch) -> bool:
        """Tell whether the window ended before the last row."""
        end, last = self.window.end, None if stretch.last is None else stretch.last.created
        return end is not None and last is not None and last >= end

    def _next(
        self, way: _Way, stretch: _Stretch, conditions: Sequence[Condition]
    ) -> _Group | None:
        """Decide how to go on after a query; return what is to be read for itself before that.

        Raises:
            StuckError: There is no way on.
            InvalidCursorError: Cursors are not accepted time and again.
        """
        key, last, place = stretch.key, stretch.last, stretch.place
        way.has_values = way.has_values or stretch.has_values
        way.has_empties = way.has_empties or stretch.has_empties
        if stretch.end is _End.DONE:
            way.is_done = True
            # A condition on values leaves out the rows that have none.  Where in the order these
            # come is not published: the emulator has them last, either way.
            left_out = way.bounds and key.may_be_empty and not way.has_empties
            return _Group([*conditions, *key.empty()], None, ()) if left_out else None
        if stretch.end is _End.REJECTED:
            got_on = place is not None and place != way.from_on
            way.restarts = 1 if got_on else way.restarts + 1
        if stretch.error is not None and way.restarts > MOST_RESTARTS:
            raise stretch.error
        if last is None or (place is None and not (key.can_go_on and key.may_be_empty)):
            if stretch.end is _End.REJECTED:
                return None  # from where it began; what came is passed over
            raise StuckError(_NO_WAY_ON, stretch.reason)
        self._forget_all_but(stretch.tied_ids)
        if place is None:
            # All rows without a value, and then those with one, if they are still to come.
            way.is_done = way.has_values
            way.bounds, way.from_on = key.filled(), None
            return _Group([*conditions, *key.empty()], last, [*stretch.tied])
        is_crowded = stretch.end is _End.CUT and place == way.from_on
        if is_crowded or stretch.end is _End.CROWDED:
            way.bounds, way.from_on = key.beyond(place), None
            # A day is one place with its moments, and these are still to come: from the first.
            after = None if key.kind == "date" else last
            return _Group([*conditions, *key.at(place)], after, [*stretch.tied])
        way.bounds, way.from_on = key.from_on(place), place
        return None

    def _forget_all_but(self, ids: Iterable[str]) -> None:
        if self.is_lasting and not self.is_shared:
            self.seen.keep(ids)
