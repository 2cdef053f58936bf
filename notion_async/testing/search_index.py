"""An index for search that lags behind, as Notion's does.

Notion: https://developers.notion.com/reference/search-optimizations-and-limitations
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from notion_async.testing.records import Record, timestamp
from notion_async.testing.store import Store
from notion_async.types import JSON


class SearchIndex:
    """Which objects search does not find yet.

    Attributes:
        lag: How long after a change an object is not found.
        written: When objects were last stored, by id, since there is a lag.
        watches: Whether that is noted.
    """

    def __init__(self) -> None:
        self.lag = timedelta()
        self.written: dict[str, datetime] = {}
        self.watches = False

    def lacks(self, record: Record, now: datetime) -> bool:
        """Tell whether the index does not have an object as it is now."""
        written = self.written.get(record.id)
        if written is None or now - written >= self.lag:
            return False
        # It was loaded just now, but had been edited long before: then it is known already.
        return record.edited >= timestamp(written.replace(second=0, microsecond=0))


def lag_search(store: Store, seconds: float) -> None:
    """Let search miss what was created or changed within the last seconds of the wall clock.

    Args:
        store: What is searched.
        seconds: How many; 0 lets the index keep up.

    Raises:
        ValueError: It is less than nothing.
    """
    if seconds < 0:
        raise ValueError(f"the index of search cannot lag by {seconds} seconds: give 0 or more")
    index = store.part(SearchIndex)
    index.lag = timedelta(seconds=seconds)
    if not index.watches:
        index.watches = True
        _watch(store, index.written)


def _watch(store: Store, written: dict[str, datetime]) -> None:
    """Note when each object is stored: objects themselves carry no seconds."""
    load = store.load

    def noted(source: Mapping[str, JSON]) -> Record:
        record = load(source)
        written[record.id] = store.wall()
        return record

    store.load = noted  # type: ignore[method-assign]  # what every write comes through
