"""The order of a scan, and where in it to go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias

import attrs

from notion_async.resources._scan.lines import MINUTE, Line, minute

Condition: TypeAlias = Mapping[str, object]
"""One condition of a filter, as it is sent."""
Place: TypeAlias = datetime | float | str
"""The value by which a row has its place in the order."""

_TIMES: Final = ("created_time", "last_edited_time")
_NUMBERS: Final = ("number", "unique_id")
_LASTING: Final = ("created_time", "unique_id")
_ALWAYS_THERE: Final = (*_TIMES, "unique_id")


def created(operator: str, moment: datetime) -> Condition:
    """Return a condition on when a row was created."""
    return {"timestamp": "created_time", "created_time": {operator: moment.isoformat()}}


def edited(operator: str, moment: datetime) -> Condition:
    """Return a condition on when a row was edited last."""
    return {"timestamp": "last_edited_time", "last_edited_time": {operator: moment.isoformat()}}


@attrs.define
class Key:
    """What rows are sorted by.

    Attributes:
        sort: As it is sent.
        name: The timestamp, or the name or id of the property.
        of: ``timestamp`` or ``property``.
        descending: Which way.
        kind: The type of the property, learnt from the first row; None until then.
    """

    sort: Mapping[str, object]
    name: str
    of: str
    descending: bool
    kind: str | None

    @classmethod
    def read(cls, sort: Mapping[str, object]) -> Key:
        """Read a sort as Notion takes it; one that it does not take is left for it to refuse."""
        of = "timestamp" if "timestamp" in sort else "property"
        name = str(sort.get(of))
        kind = name if of == "timestamp" else None
        return cls(sort, name, of, sort.get("direction") == "descending", kind)

    def learn(self, line: Line) -> None:
        """Learn from a row of what type the property is."""
        if self.kind is None and (found := line.value(self.name)) is not None:
            self.kind = found.kind

    @property
    def can_go_on(self) -> bool:
        """Whether a query can begin in the middle."""
        return self.kind in (*_TIMES, *_NUMBERS, "date")

    @property
    def lasts(self) -> bool:
        """Whether rows keep their places, whatever is done to them."""
        return self.kind in _LASTING

    @property
    def may_be_empty(self) -> bool:
        """Whether there may be rows without a value."""
        return self.kind not in _ALWAYS_THERE

    def place(self, line: Line) -> Place | None:
        """Return where a row stands; None where it has no value, or none that is known here."""
        if self.of == "timestamp":
            return line.created if self.name == "created_time" else line.edited
        found = line.value(self.name)
        content = None if found is None else found.content
        match self.kind:
            case "unique_id" | "date" if isinstance(content, Mapping):
                content = content.get("number" if self.kind == "unique_id" else "start")
            case "created_time" | "last_edited_time":
                return minute(content)
        return content if isinstance(content, (int, float, str)) else None

    def at(self, place: Place) -> list[Condition]:
        """Let through the rows of this place."""
        if isinstance(place, datetime):
            # All of the minute: what Notion compares with may have seconds.
            return [self._is("on_or_after", place), self._is("before", place + MINUTE)]
        if self.kind == "date":
            # What is neither before nor after: a day may not equal a moment of that day.
            return [self._is("on_or_after", place), self._is("on_or_before", place)]
        return [self._is("equals", place)]

    def from_on(self, place: Place) -> list[Condition]:
        """Let through the rows from this place on."""
        if isinstance(place, datetime):
            down = self._is("before", place + MINUTE) if self.descending else None
            return [down or self._is("on_or_after", place)]
        words = ("on_or_before", "on_or_after")
        if self.kind in _NUMBERS:
            words = ("less_than_or_equal_to", "greater_than_or_equal_to")
        return [self._is(words[not self.descending], place)]

    def beyond(self, place: Place) -> list[Condition]:
        """Let through the rows after this place."""
        if isinstance(place, datetime):
            down = self._is("before", place) if self.descending else None
            return [down or self._is("on_or_after", place + MINUTE)]
        words = ("less_than", "greater_than") if self.kind in _NUMBERS else ("before", "after")
        return [self._is(words[not self.descending], place)]

    def empty(self) -> list[Condition]:
        """Let through the rows without a value."""
        return [self._is("is_empty", True)]

    def filled(self) -> list[Condition]:
        """Let through the rows that have one."""
        return [self._is("is_not_empty", True)]

    def _is(self, operator: str, operand: Place | bool) -> Condition:
        sent = operand.isoformat() if isinstance(operand, datetime) else operand
        return {self.of: self.name, str(self.kind): {operator: sent}}


OLDEST_FIRST: Final = {"timestamp": "created_time", "direction": "ascending"}


def keys(sorts: Sequence[Mapping[str, object]]) -> list[Key]:
    """Return the keys of an order; the time of creation comes last, so that it has no ties."""
    found = [Key.read(sort) for sort in sorts]
    if not any(key.kind == "created_time" for key in found):
        found.append(Key.read(OLDEST_FIRST))
    return found
