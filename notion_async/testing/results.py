"""Long results kept from one page to the next, so that a query is not computed for each."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

from notion_async.testing.records import Record

_KEPT = 16


class Results:
    """The last few results, each good for as long as nothing changes in the store."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[int, Sequence[Record]]] = OrderedDict()

    def get(
        self, key: str, generation: int, compute: Callable[[], Sequence[Record]]
    ) -> Sequence[Record]:
        """Return what `compute` returned for this key and generation, or does now."""
        kept = self._kept.get(key)
        if kept is not None and kept[0] == generation:
            self._kept.move_to_end(key)
            return kept[1]
        found = compute()
        self._kept[key] = (generation, found)
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return found
