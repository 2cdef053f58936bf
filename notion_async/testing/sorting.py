"""Sorts of a query: the first one counts most, and rows that are equal keep their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from notion_async.testing.checks import (
    Decoded,
    a_string,
    an_array,
    an_object,
    known_fields,
    one_of,
)
from notion_async.testing.dates import moments
from notion_async.testing.filters import TIMESTAMPS
from notion_async.testing.records import Record, plain_text
from notion_async.testing.results import Values
from notion_async.testing.schema import Property, Schema
from notion_async.types import UNSET

Place: TypeAlias = tuple[int, Any] | None
"""What a row sorts by; None where it has no value."""

_DIRECTIONS: Final = ("ascending", "descending")


class Order:
    """What rows sort by.

    Rows without a value come last in either direction; Notion's documentation leaves it open.

    Args:
        given: The ``sorts`` of a query.
        schema: The properties of the data source.
        values: What rows hold.

    Raises:
        RefusalError: One of them is no sort, or none for these properties.
    """

    def __init__(self, given: object, schema: Schema, values: Values) -> None:
        self._orders = [
            _order(an_object(sort, f"body.sorts[{index}]"), f"body.sorts[{index}]", schema, values)
            for index, sort in enumerate(an_array(given, "body.sorts", most=100))
        ]

    def places(self, row: Record) -> list[Place]:
        """Return what a row sorts by, as it can be written down."""
        return [place(row) for place, _ in self._orders]

    def key(self, places: Sequence[Place]) -> tuple[object, ...]:
        """Return places as what rows that are sorted come in the order of."""
        return tuple(
            (1,) if place is None else (0, _Down(place) if descending else place)
            for place, (_, descending) in zip(places, self._orders, strict=True)
        )

    def of(self, row: Record) -> tuple[object, ...]:
        """Return the key of a row."""
        return self.key(self.places(row))


class _Down:
    """A place where the greater comes first."""

    __slots__ = ("_place",)

    def __init__(self, place: tuple[int, Any]) -> None:
        self._place = place

    def __lt__(self, other: _Down) -> bool:
        return other._place < self._place

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Down) and self._place == other._place

    __hash__ = None  # type: ignore[assignment]  # compared, and nothing else


def _order(
    sort: Decoded, where: str, schema: Schema, values: Values
) -> tuple[Callable[[Record], Place], bool]:
    known_fields(sort, where, ("timestamp", "property", "direction"))
    direction = one_of(sort.get("direction", UNSET), f"{where}.direction", _DIRECTIONS)
    descending = direction == "descending"
    if "timestamp" in sort:
        name = one_of(sort["timestamp"], f"{where}.timestamp", TIMESTAMPS)
        return (_created if name == "created_time" else _edited), descending
    reference = a_string(sort.get("property", UNSET), f"{where}.property")
    return _by_property(schema.find(reference), values), descending


def _created(row: Record) -> Place:
    return 1, row.created


def _edited(row: Record) -> Place:
    return 1, row.edited


def _by_property(one: Property, values: Values) -> Callable[[Record], Place]:
    ranks = {option["name"]: rank for rank, option in enumerate(one.options())}
    return lambda row: _comparable(values.of(one, row), ranks)


def _comparable(value: Any, ranks: dict[str, int]) -> Place:
    """Return what a value sorts by, numbers before text; None where it is empty.

    Options come in the order of the schema, lists by their text or their first element, dates by
    the moment at which they begin.
    """
    if isinstance(value, list):
        return _comparable(plain_text(value) or next(iter(value), None), ranks)
    if isinstance(value, dict):
        if value.get("name") in ranks:
            return 0, ranks[value["name"]]
        if value.get("start") is not None:
            return 1, moments(value["start"])[0]
        for field in ("number", "name", "id", str(value.get("type"))):
            if value.get(field) is not None:
                return _comparable(value[field], ranks)
        return None
    if isinstance(value, str):
        return (1, value.casefold()) if value else None
    return None if value is None else (0, value)
