"""Conditions that divide rows, chosen from the rows that have been seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from math import ceil
from statistics import median_low
from typing import Final, TypeAlias

import attrs

from notion_async.resources._scan.lines import Line, Value, floored
from notion_async.resources._scan.order import Condition

Test: TypeAlias = Callable[[Line], bool]
Parts: TypeAlias = Sequence[tuple[tuple[Condition, ...], Test]]
Number: TypeAlias = float | datetime

_TEXTS: Final = ("title", "rich_text", "url", "email", "phone_number")
_CONTAINING: Final = (*_TEXTS, "multi_select", "created_by")
_EQUAL: Final = ("select", "status", "checkbox")
_ALWAYS_THERE: Final = ("checkbox", "created_by", "unique_id", "last_edited_time")
_LASTING: Final = ("created_by", "unique_id")
_LONGEST_LOOKED_AT: Final = 200


@attrs.frozen
class Split:
    """A way to divide rows into parts that have no row in common.

    Attributes:
        name: The property that it is about; it has a value in all parts but one at most.
        parts: The conditions of each, and which of the rows seen fulfil them: a guess.
        share: Which share of the rows seen is in the smaller half.
        may_change: Whether a row may go from one part to another.
    """

    name: str
    parts: Parts
    share: float
    may_change: bool


@attrs.frozen
class Range:
    """What there is in a column of numbers or times.

    Attributes:
        name: The property; or the timestamp.
        kind: Its type.
        values: What the rows seen have there.
    """

    name: str
    kind: str
    values: Sequence[Number]

    @property
    def sort(self) -> Condition:
        """The order in which the greatest come first."""
        of = "timestamp" if self.kind == "last_edited_time" else "property"
        return {of: self.name, "direction": "descending"}


def best_split(samples: Sequence[Line], filled: frozenset[str]) -> Split | None:
    """Return what divides these rows best, by texts, options and who created them.

    Args:
        samples: Rows.
        filled: Properties that have a value in all of them.
    """
    found = [
        split
        for (name, kind), values in _columns(samples).items()
        for split in _splits(name, kind, values, filled)
    ]
    return max(found, key=lambda split: (split.share, not split.may_change), default=None)


def texts(samples: Sequence[Line]) -> list[str]:
    """Return the names of the properties that are texts, the title first."""
    found = [(kind != "title", name) for name, kind in _columns(samples) if kind in _TEXTS]
    return [name for _, name in sorted(found)]


def ranges(samples: Sequence[Line]) -> list[Range]:
    """Return the properties by which rows can be divided at a number or a time."""
    found = [
        Range(name, kind, [one for value in values if (one := _number(value)) is not None])
        for (name, kind), values in _columns(samples).items()
        if kind in ("unique_id", "number", "date")
    ]
    edited = [line.edited for line in samples if line.edited is not None]
    found.append(Range("last_edited_time", "last_edited_time", edited))
    found.sort(key=lambda one: one.kind != "unique_id")
    return [one for one in found if one.values]


def split_between(one: Range, greatest: Sequence[Line], filled: frozenset[str]) -> Split | None:
    """Return the split in the middle between rows as they come and the greatest ones.

    Args:
        one: What the former have.
        greatest: The latter.
        filled: Properties that have a value in all rows.
    """
    (high,) = [other.values for other in ranges(greatest) if _same(other, one)] or [()]
    if not high:
        return None
    at = _middle(median_low(one.values), median_low(high))
    if at is None:
        at = _between(one.values, high)
    if at is None:
        return None
    sent = at.isoformat() if isinstance(at, datetime) else at
    words = ("less_than", "greater_than_or_equal_to")
    if isinstance(at, datetime):
        words = ("before", "on_or_after")
    below, above = (_is(one.name, one.kind, word, sent) for word in words)
    parts: list[tuple[tuple[Condition, ...], Test]] = [
        ((below,), lambda line: _lies(line, one, at, below=True)),
        ((above,), lambda line: _lies(line, one, at, below=False)),
    ]
    if one.kind not in _ALWAYS_THERE and one.name not in filled:
        empty = _is(one.name, one.kind, "is_empty", True)
        parts.append(((empty,), lambda line: _number_in(line, one) is None))
    return Split(one.name, parts, 0.5, one.kind not in _LASTING)


def _columns(samples: Sequence[Line]) -> dict[tuple[str, str], list[Value]]:
    columns: dict[tuple[str, str], list[Value]] = {}
    for line in samples:
        for value in line.values():
            columns.setdefault((value.name, value.kind), []).append(value)
    return columns


def _splits(
    name: str, kind: str, values: Sequence[Value], filled: frozenset[str]
) -> Iterator[Split]:
    may_be_empty = kind not in _ALWAYS_THERE and name not in filled
    empties = sum(_is_empty(value) for value in values)
    if kind not in (*_CONTAINING, *_EQUAL, "number", "date"):
        return
    if may_be_empty and 0 < empties < len(values):
        yield _by_emptiness(name, kind, _smaller(empties, len(values)))
    counts = Counter(word for value in values for word in _words(value))
    full = len(values) - empties if may_be_empty else len(values)
    best = max(counts, key=lambda word: _smaller(counts[word], full), default=None)
    if best is not None and 0 < counts[best] < full:
        share = min(counts[best], full - counts[best]) / len(values)
        yield _by_word(name, kind, best, share, may_be_empty=may_be_empty)


def _smaller(count: int, total: int) -> float:
    return min(count, total - count) / max(1, total)


def _by_emptiness(name: str, kind: str, share: float) -> Split:
    def test(line: Line) -> bool:
        value = line.value(name)
        return value is None or _is_empty(value)

    parts: Parts = [
        ((_is(name, kind, "is_empty", True),), test),
        ((_is(name, kind, "is_not_empty", True),), lambda line: not test(line)),
    ]
    return Split(name, parts, share, may_change=True)


def _by_word(name: str, kind: str, word: str, share: float, *, may_be_empty: bool) -> Split:
    operators = (
        ("contains", "does_not_contain") if kind in _CONTAINING else ("equals", "does_not_equal")
    )
    operand: object = True if kind == "checkbox" else word
    having, lacking = (_is(name, kind, operator, operand) for operator in operators)

    def test(line: Line) -> bool:
        value = line.value(name)
        return value is not None and word in _words(value)

    def lacks(line: Line) -> bool:
        value = line.value(name)
        return value is not None and not _is_empty(value) and word not in _words(value)

    parts: Parts
    if not may_be_empty:
        parts = [((having,), test), ((lacking,), lambda line: not test(line))]
        return Split(name, parts, share, kind not in _LASTING)
    # Whether what does not contain a text includes what has none is not published: so it is
    # asked for apart.
    filled = _is(name, kind, "is_not_empty", True)
    alone = _by_emptiness(name, kind, share).parts[0]
    parts = [alone, ((filled, having), test), ((filled, lacking), lacks)]
    return Split(name, parts, share, may_change=True)


def _words(value: Value) -> Iterable[str]:
    """Return what a condition on this value may name, so that it fulfils it."""
    content = value.content
    match value.kind:
        case "checkbox":
            return ("true",) if content is True else ()
        case "select" | "status" | "created_by":
            field = "id" if value.kind == "created_by" else "name"
            found = content.get(field) if isinstance(content, Mapping) else None
            return (found,) if isinstance(found, str) else ()
        case "multi_select":
            names = (one.get("name") for one in content or () if isinstance(one, Mapping))
            return {name for name in names if isinstance(name, str)}
        case kind if kind in _TEXTS:
            return _pieces(_text(content))
        case _:
            return ()


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    runs = content if isinstance(content, Sequence) else ()
    return "".join(str(run.get("plain_text", "")) for run in runs if isinstance(run, Mapping))


def _pieces(text: str) -> set[str]:
    """Return the single characters of a text, and the pairs: capitals count as small letters."""
    plain = text[:_LONGEST_LOOKED_AT].casefold()
    pieces = {*plain, *(plain[i : i + 2] for i in range(len(plain) - 1))}
    return {one for one in pieces if one.isprintable() and one.strip() == one}


def _is_empty(value: Value) -> bool:
    content = value.content
    if value.kind in _TEXTS:
        return not _text(content)
    return content in (None, "", [], {})


def _number(value: Value) -> Number | None:
    content = value.content
    if isinstance(content, Mapping):
        content = content.get("number", content.get("start"))
    if isinstance(content, str) and value.kind == "date":
        try:
            moment = datetime.fromisoformat(content)
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if isinstance(content, bool) or not isinstance(content, (int, float)):
        return None
    return None if value.kind == "date" else content


def _number_in(line: Line, one: Range) -> Number | None:
    if one.kind == "last_edited_time":
        return line.edited
    value = line.value(one.name)
    return None if value is None else _number(value)


def _lies(line: Line, one: Range, at: Number, *, below: bool) -> bool:
    number = _number_in(line, one)
    return number is not None and (number < at) is below  # type: ignore[operator]  # of one type


def _same(one: Range, other: Range) -> bool:
    return (one.name, one.kind) == (other.name, other.kind)


def _middle(low: Number, high: Number) -> Number | None:
    """Return what lies above `low` and not above `high`, None where nothing does."""
    if isinstance(low, datetime) and isinstance(high, datetime):
        if low >= high:
            return None
        at = floored(low + (high - low) / 2).astimezone(UTC)
        return at if at > low else high
    if isinstance(low, datetime) or isinstance(high, datetime) or low >= high:
        return None
    middle = (low + high) / 2
    return ceil(middle) if isinstance(low, int) and isinstance(high, int) else middle


def _between(*values: Sequence[Number]) -> Number | None:
    """Return one of these values that others lie below, near the middle."""
    known = sorted({one for some in values for one in some})
    return known[len(known) // 2] if len(known) > 1 else None


def _is(name: str, kind: str, operator: str, operand: object) -> Condition:
    of = "timestamp" if kind == "last_edited_time" else "property"
    return {of: name, kind: {operator: operand}}
