"""Rollups: what the pages of a relation have in one property, taken together.

They are computed when something changes, and kept in the rows like any other value: so filters
and sorts find them there.  Rollups that were loaded stay as they are until then.

Notion: https://www.notion.com/help/relations-and-rollups
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any, Final, TypeAlias

import msgspec

from notion_async.testing.checks import Decoded
from notion_async.testing.records import Record
from notion_async.testing.schema import Property, Schema, schema_of
from notion_async.testing.store import Store

_Cells: TypeAlias = Sequence[Any]
"""What each related page has in the property: the content of the value."""

_UNSUPPORTED: Final = ("count_per_group", "percent_per_group")


def computed(store: Store, row: Record) -> Decoded:
    """Return the rollups of a row that can be computed, by name."""
    schema = schema_of(store, row.parent)
    values = row.properties()
    found: Decoded = {}
    for one in schema.properties.values():
        sides = _sides(store, schema, one) if one.type == "rollup" else None
        if sides is None or sides[0].name not in values:
            continue
        relation, rolled = sides
        function = one.definition["rollup"]["function"]
        content = _rolled_up(function, rolled, _cells(store, relation, rolled, row))
        found[one.name] = {"id": one.id, "type": "rollup", "rollup": content}
    return found


def refresh(store: Store, identity: str) -> None:
    """Compute the rollups of a page again, and those of the rows that are related to it."""
    page = store.get("page", identity)
    if page is None or page.parent_type != "data_source_id":
        return
    _compute(store, page)
    for row in list(_related(store, page)):
        _compute(store, row)


def refresh_all(store: Store, source: str) -> None:
    """Compute the rollups in a data source again, and those over its rows."""
    rolling: dict[str, object] = {source: None, **_relations_to(store, source)}
    for identity in rolling:
        for row in store.rows(identity):
            _compute(store, row)


def _compute(store: Store, row: Record) -> None:
    values, new = row.decoded()["properties"], computed(store, row)
    if any(values.get(name) != value for name, value in new.items()):
        store.change(row, properties={**values, **new})


def _related(store: Store, page: Record) -> Iterator[Record]:
    """Yield the rows whose rollups take in this page."""
    for source, relations in _relations_to(store, page.parent).items():
        for row in store.rows(source):
            if any(page.id in _ids(one, row) for one in relations.values()):
                yield row


def _relations_to(store: Store, target: str) -> dict[str, dict[str, Property]]:
    """Return the relations to a data source that rollups go by: by data source, and by name."""
    found: dict[str, dict[str, Property]] = {}
    for source in list(store.tables["data_source"]):
        schema = schema_of(store, source)
        rollups = [one for one in schema.properties.values() if one.type == "rollup"]
        for relation, _ in filter(None, (_sides(store, schema, one) for one in rollups)):
            if relation.definition["relation"]["data_source_id"] == target:
                found.setdefault(source, {})[relation.name] = relation
    return found


def _sides(store: Store, schema: Schema, one: Property) -> tuple[Property, Property] | None:
    """Return the relation, and the property of the related pages; None where one is missing."""
    definition = one.definition["rollup"]
    relation = schema.get(definition.get("relation_property_id", ""))
    if relation is None or relation.type != "relation":
        return None
    target = store.get("data_source", relation.definition["relation"]["data_source_id"])
    if target is None:
        return None
    rolled = schema_of(store, target.id).get(definition.get("rollup_property_id", ""))
    return None if rolled is None else (relation, rolled)


def _ids(relation: Property, row: Record) -> list[str]:
    return [one["id"] for one in relation.of(row) or ()]


def _cells(store: Store, relation: Property, rolled: Property, row: Record) -> list[Any]:
    pages = (store.get("page", identity) for identity in _ids(relation, row))
    return [rolled.of(page) for page in pages if page is not None and not page.trashed]


def _rolled_up(function: str, rolled: Property, cells: _Cells) -> Decoded:
    about = {"function": function}
    if function in _UNSUPPORTED:
        return {"type": "unsupported", "unsupported": {}, **about}
    if function in ("show_original", "show_unique"):
        unique = {msgspec.json.encode(cell): cell for cell in cells}
        shown = cells if function == "show_original" else list(unique.values())
        array = [{"type": rolled.type, rolled.type: cell} for cell in shown]
        return {"type": "array", "array": array, **about}
    if function in _DATES:
        starts, ends = _dates(rolled, cells)
        return {"type": "date", "date": _DATES[function](starts, ends), **about}
    return {"type": "number", "number": _NUMBERS[function](cells), **about}


def _plain(cell: Any) -> Any:
    """Return the content of a formula in place of the formula."""
    return cell.get(cell["type"]) if isinstance(cell, Mapping) and "type" in cell else cell


def _is_empty(cell: Any) -> bool:
    return _plain(cell) in (None, "", [], {}, False)


def _elements(cells: _Cells) -> list[Any]:
    """Return what is in the cells: of those that hold lists, each element."""
    found: list[Any] = []
    for cell in cells:
        if not _is_empty(cell):
            found += cell if isinstance(cell, list) else [cell]
    return found


def _numbers(cells: _Cells) -> list[float]:
    plain = (_plain(cell) for cell in cells)
    return [one for one in plain if isinstance(one, int | float) and not isinstance(one, bool)]


def _share(part: int, cells: _Cells) -> float:
    # Assumed: percentages are told as the share of one.
    return part / len(cells) if cells else 0


def _checked(cells: _Cells) -> int:
    return sum(_plain(cell) is True for cell in cells)


def _empty(cells: _Cells) -> int:
    return sum(_is_empty(cell) for cell in cells)


def _of_numbers(function: Callable[[list[float]], float]) -> Callable[[_Cells], float | None]:
    def compute(cells: _Cells) -> float | None:
        numbers = _numbers(cells)
        return function(numbers) if numbers else None

    return compute


_NUMBERS: Final[Mapping[str, Callable[[_Cells], float | None]]] = {
    "count": len,
    "count_values": lambda cells: len(_elements(cells)),
    "unique": lambda cells: len({msgspec.json.encode(one) for one in _elements(cells)}),
    "empty": _empty,
    "not_empty": lambda cells: len(cells) - _empty(cells),
    "percent_empty": lambda cells: _share(_empty(cells), cells),
    "percent_not_empty": lambda cells: _share(len(cells) - _empty(cells), cells),
    "checked": _checked,
    "unchecked": lambda cells: len(cells) - _checked(cells),
    "percent_checked": lambda cells: _share(_checked(cells), cells),
    "percent_unchecked": lambda cells: _share(len(cells) - _checked(cells), cells),
    "sum": lambda cells: sum(_numbers(cells)),
    "average": _of_numbers(lambda numbers: sum(numbers) / len(numbers)),
    "median": _of_numbers(median),
    "min": _of_numbers(min),
    "max": _of_numbers(max),
    "range": _of_numbers(lambda numbers: max(numbers) - min(numbers)),
}


def _dates(rolled: Property, cells: _Cells) -> tuple[list[str], list[str]]:
    """Return where the dates begin and end, each in order."""
    if rolled.type in ("created_time", "last_edited_time"):
        cells = [{"start": cell, "end": None} for cell in cells]
    dates = [date for cell in cells if (date := _date(cell)) is not None]
    starts = [date["start"] for date in dates]
    ends = [date.get("end") or date["start"] for date in dates]
    return sorted(starts), sorted(ends)


def _date(cell: Any) -> Decoded | None:
    plain = _plain(cell)
    return plain if isinstance(plain, dict) and isinstance(plain.get("start"), str) else None


def _span(start: str, end: str | None = None) -> Decoded:
    return {"start": start, "end": end, "time_zone": None}


_DATES: Final[Mapping[str, Callable[[list[str], list[str]], Decoded | None]]] = {
    "earliest_date": lambda starts, _: _span(starts[0]) if starts else None,
    "latest_date": lambda _, ends: _span(ends[-1]) if ends else None,
    "date_range": lambda starts, ends: _span(starts[0], ends[-1]) if starts else None,
}

FUNCTIONS: Final = (*_NUMBERS, *_DATES, "show_original", "show_unique", *_UNSUPPORTED)
"""How there is to roll up."""
