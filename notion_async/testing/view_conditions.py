"""The filter, sorts and quick filters of views.

They are kept by the ids of properties, and shown by the names that these have by then.  What
refers to a property that is gone, or is of another type by now, is left out.
"""

from __future__ import annotations

from typing import Final

from notion_async.testing.checks import Decoded, an_array, an_object, known_fields
from notion_async.testing.filters import Compiler
from notion_async.testing.results import Values
from notion_async.testing.schema import Schema
from notion_async.testing.sorting import Order

_COMPOUND: Final = ("and", "or")


def written_filter(value: object, compiler: Compiler) -> Decoded | None:
    """Return a filter as it is kept; null is no filter.

    Raises:
        RefusalError: It is no filter, or none for these properties.
    """
    if value is None:
        return None
    compiler.compile(value)
    return _keyed(an_object(value, "body.filter"), compiler.schema)


def written_sorts(value: object, schema: Schema, *, timestamps: bool) -> list[Decoded] | None:
    """Return sorts as they are kept; null, and an empty list, are no sorts.

    Args:
        value: What was sent.
        schema: The properties of the data source.
        timestamps: Whether the times of a page may be sorted by, too.

    Raises:
        RefusalError: One is no sort, or none for these properties.
    """
    if value is None:
        return None
    sorts = an_array(value, "body.sorts", most=100)
    if not timestamps:
        for index, sort in enumerate(sorts):
            where = f"body.sorts[{index}]"
            known_fields(an_object(sort, where), where, ("property", "direction"))
    Order(sorts, schema, Values())
    return [_keyed(sort, schema) for sort in sorts] or None


def written_quick_filters(
    value: object, old: Decoded | None, compiler: Compiler
) -> Decoded | None:
    """Return quick filters as they are kept, after `value` was merged into them.

    A condition that is null goes, and null alone removes all.

    Raises:
        RefusalError: One is no condition for its property.
    """
    if value is None:
        return None
    schema = compiler.schema
    named = ((schema.get(reference), condition) for reference, condition in (old or {}).items())
    merged = {one.id: condition for one, condition in named if one is not None}
    for reference, condition in an_object(value, "body.quick_filters").items():
        where = f"body.quick_filters.{reference}"
        one = schema.find(reference)
        if condition is None:
            merged.pop(one.id, None)
            continue
        given = an_object(condition, where)
        known_fields(given, where, ("type", one.type))
        compiler.compile({**given, "property": reference}, where)
        merged[one.id] = given
    return merged or None


def named_filter(stored: Decoded | None, schema: Schema) -> Decoded | None:
    """Return a filter by the names of its properties; None where nothing of it is left."""
    if stored is None or "timestamp" in stored:
        return stored
    for word in _COMPOUND:
        if word in stored:
            parts = [named_filter(part, schema) for part in stored[word]]
            left = [part for part in parts if part is not None]
            return {word: left} if left or not parts else None
    one = schema.get(stored.get("property", ""))
    if one is None or one.type not in stored:
        return None
    return {**stored, "property": one.name}


def named_sorts(stored: list[Decoded] | None, schema: Schema) -> list[Decoded] | None:
    """Return sorts by the names of their properties; None where nothing of them is left."""
    left: list[Decoded] = []
    for sort in stored or ():
        one = schema.get(sort.get("property", ""))
        if one is not None:
            left.append({**sort, "property": one.name})
        elif "timestamp" in sort:
            left.append(sort)
    return left or None


def named_quick_filters(stored: Decoded | None, schema: Schema) -> Decoded | None:
    """Return quick filters by the names of their properties; None where nothing is left."""
    left: Decoded = {}
    for reference, condition in (stored or {}).items():
        one = schema.get(reference)
        if one is not None and one.type in condition:
            left[one.name] = condition
    return left or None


def _keyed(given: Decoded, schema: Schema) -> Decoded:
    """Return a filter or sort that was checked, by the ids of its properties."""
    for word in _COMPOUND:
        if word in given:
            return {word: [_keyed(part, schema) for part in given[word]]}
    if "timestamp" in given:
        return given
    return {**given, "property": schema.find(given["property"]).id}
