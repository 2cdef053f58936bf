"""Results of queries, kept from one page to the next and brought up to date where rows change.

A result of thousands of rows is not computed for each page of it, nor where a few rows were
edited in between.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias, TypeVar

from notion_async.testing.records import Record
from notion_async.testing.schema import Property

T = TypeVar("T")

Key: TypeAlias = tuple[Any, ...]
Item: TypeAlias = tuple[Key, int, Record]
"""What a row sorts by, its place among all rows, and the row."""

_KEPT: Final = 16
_MOST_VALUES: Final = 500_000


class Result:
    """The rows that one query finds, in its order.

    Args:
        test: Which rows it finds.
        key: What they sort by.
        basis: What both were made from: of another one, the result is another one.
    """

    def __init__(
        self, test: Callable[[Record], bool], key: Callable[[Record], Key], basis: object
    ) -> None:
        self._test = test
        self._key = key
        self.basis = basis
        self.items: list[Item] = []
        self._rows: Sequence[Record] = ()
        self._found: dict[str, Item] = {}
        self._generation = -1

    def refresh(self, generation: int, rows: Callable[[], Sequence[Record]]) -> None:
        """Bring the result up to date.

        Args:
            generation: What `rows` is as old as.
            rows: All the rows there are, in their order.
        """
        if generation == self._generation:
            return
        current = rows()
        before, self._rows, self._generation = self._rows, current, generation
        changed = [
            (index, row)
            for index, (row, old) in enumerate(zip(current, before, strict=False))
            if row is not old
        ]
        moved = any(before[index].id != row.id for index, row in changed)
        if moved or len(current) < len(before) or len(changed) + len(current) - len(before) > 500:
            self._found = {row.id: item for item in self._items(current) for row in item[2:]}
            self.items = sorted(self._found.values(), key=_place)
            return
        for index, row in [*changed, *enumerate(current[len(before) :], len(before))]:
            self._replace(index, row)

    def _items(self, rows: Sequence[Record]) -> list[Item]:
        return [(self._key(row), i, row) for i, row in enumerate(rows) if self._test(row)]

    def _replace(self, index: int, row: Record) -> None:
        old = self._found.pop(row.id, None)
        if old is not None:
            del self.items[bisect_left(self.items, _place(old), key=_place)]
        if self._test(row):
            item = self._found[row.id] = (self._key(row), index, row)
            insort(self.items, item, key=_place)


def _place(item: Item) -> tuple[Key, int]:
    return item[:2]


class Values:
    """The values of properties, decoded once."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[Record, Any]] = {}

    def of(self, one: Property, row: Record) -> Any:
        """Return the value of this property of a row, None where there is none."""
        key = (one.name, row.id)
        kept = self._kept.get(key)
        if kept is not None and kept[0] is row:
            return kept[1]
        if len(self._kept) >= _MOST_VALUES:
            self._kept.clear()
        value = one.of(row)
        self._kept[key] = (row, value)
        return value


class Results:
    """The last few results.

    Attributes:
        values: What their rows hold.
        expired: How often all cursors have expired.
    """

    def __init__(self) -> None:
        self.values = Values()
        self.expired = 0
        self._lists: OrderedDict[str, tuple[int, Sequence[Record]]] = OrderedDict()
        self._results: OrderedDict[str, Result] = OrderedDict()

    def get(
        self, key: str, generation: int, compute: Callable[[], Sequence[Record]]
    ) -> Sequence[Record]:
        """Return what `compute` returned for this key and generation, or does now."""
        kept = self._lists.get(key)
        if kept is None or kept[0] != generation:
            kept = generation, compute()
        _keep(self._lists, key, kept)
        return kept[1]

    def query(self, key: str, basis: object, make: Callable[[], Result]) -> Result:
        """Return what `make` returned for this key and basis, or does now."""
        kept = self._results.get(key)
        if kept is None or kept.basis is not basis:
            kept = make()
        _keep(self._results, key, kept)
        return kept


def _keep(kept: OrderedDict[str, T], key: str, value: T) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > _KEPT:
        kept.popitem(last=False)
