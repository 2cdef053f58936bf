"""Sorts of a query: the first one counts most, and rows that are equal keep their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from notion_async.testing.checks import (
    Decoded,
    a_string,
    an_array,
    an_object,
    known_fields,
    one_of,
)
from notion_async.testing.filters import TIMESTAMPS
from notion_async.testing.records import Record, plain_text
from notion_async.testing.schema import Property, Schema
from notion_async.types import UNSET

_DIRECTIONS: Final = ("ascending", "descending")


def sorted_rows(rows: Sequence[Record], given: object, schema: Schema) -> Sequence[Record]:
    """Return the rows in the order of the ``sorts`` of a query.

    Rows without a value come last in either direction; Notion's documentation leaves it open.

    Raises:
        RefusalError: One of them is no sort, or none for these properties.
    """
    orders = [
        _order(an_object(sort, f"body.sorts[{index}]"), f"body.sorts[{index}]", schema)
        for index, sort in enumerate(an_array(given, "body.sorts", most=100))
    ]
    found = list(rows)
    for key, descending in reversed(orders):
        keyed = [(key(row), row) for row in found]
        valued = [pair for pair in keyed if pair[0] is not None]
        valued.sort(key=lambda pair: pair[0], reverse=descending)
        found = [row for _, row in valued] + [row for value, row in keyed if value is None]
    return found


def _order(sort: Decoded, where: str, schema: Schema) -> tuple[Callable[[Record], Any], bool]:
    known_fields(sort, where, ("timestamp", "property", "direction"))
    direction = one_of(sort.get("direction", UNSET), f"{where}.direction", _DIRECTIONS)
    descending = direction == "descending"
    if "timestamp" in sort:
        name = one_of(sort["timestamp"], f"{where}.timestamp", TIMESTAMPS)
        return (_created if name == "created_time" else _edited), descending
    reference = a_string(sort.get("property", UNSET), f"{where}.property")
    return _by_property(schema.find(reference)), descending


def _created(row: Record) -> str:
    return row.created


def _edited(row: Record) -> str:
    return row.edited


def _by_property(one: Property) -> Callable[[Record], Any]:
    ranks = {option["name"]: rank for rank, option in enumerate(one.options())}

    def key(row: Record) -> Any:
        return _comparable(one.of(row), ranks)

    return key


def _comparable(value: Any, ranks: dict[str, int]) -> tuple[int, Any] | None:
    """Return what a value sorts by, numbers before text; None where it is empty.

    Options come in the order of the schema, lists by their text or their first element.
    """
    if isinstance(value, list):
        return _comparable(plain_text(value) or next(iter(value), None), ranks)
    if isinstance(value, dict):
        if value.get("name") in ranks:
            return 0, ranks[value["name"]]
        for field in ("start", "number", "name", "id", str(value.get("type"))):
            if value.get(field) is not None:
                return _comparable(value[field], ranks)
        return None
    if isinstance(value, str):
        return (1, value.casefold()) if value else None
    return None if value is None else (0, value)
