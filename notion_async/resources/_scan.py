"""Reading past the 10,000 results at which Notion cuts a query.

Rows are read in the order they were created.  Where a query is cut, the next one begins at the
minute of the last row: creation times have no seconds, so rows of that minute come again and are
passed over by their ids.

Notion's page: https://developers.notion.com/reference/query-a-data-source
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from notion_async.errors import IncompleteResult
from notion_async.models import DataSource, Page
from notion_async.pagination import Pager
from notion_async.types import UNSET, Maybe

_OLDEST_FIRST: Final[list[dict[str, object]]] = [
    {"timestamp": "created_time", "direction": "ascending"}
]


async def scan_rows(
    query: Callable[..., Pager[Page | DataSource]],
    data_source_id: str,
    *,
    filter: Maybe[Mapping[str, object]],
    filter_properties: Maybe[Sequence[str]],
) -> AsyncIterator[Page | DataSource]:
    """Yield every row that matches, oldest first and each once."""
    since: datetime | None = None
    seen: set[str] = set()  # the ids of rows created in the minute `since`
    yielded = 0
    while True:
        minute, ids = since, set(seen)
        rows = query(
            data_source_id,
            filter=_since(since, filter),
            sorts=_OLDEST_FIRST,
            filter_properties=filter_properties,
            page_size=100,
        )
        try:
            async for row in rows:
                created = getattr(row, "created_time", minute)  # absent in a partial page
                if created != minute:
                    minute, ids = created, set()
                if row.id in ids:
                    continue
                ids.add(row.id)
                yielded += 1
                yield row
        except IncompleteResult as cut:
            if minute == since:
                raise IncompleteResult(
                    f"Notion cut this scan after {yielded} rows ({cut.reason}): more were created "
                    "in one minute than a query returns; tell them apart with a filter",
                    yielded=yielded,
                    reason=cut.reason,
                ) from None
            since, seen = minute, ids
        else:
            return


def _since(
    since: datetime | None, filter: Maybe[Mapping[str, object]]
) -> Maybe[Mapping[str, object]]:
    if since is None:
        return filter
    window: dict[str, object] = {
        "timestamp": "created_time",
        "created_time": {"on_or_after": since.isoformat()},
    }
    return window if filter is UNSET else _both(filter, window)


def _both(filter: object, window: object) -> Mapping[str, object]:
    # Notion takes compounds two deep, and no deeper for having a window in them.
    match filter:
        case {"and": [*parts]}:
            return {"and": [*parts, window]}
        case {"or": [*parts]}:
            return {"or": [_both(part, window) for part in _alternatives(parts)]}
    return {"and": [filter, window]}


def _alternatives(parts: Sequence[object]) -> Iterator[object]:
    for part in parts:
        match part:
            case {"or": [*inner]}:
                yield from _alternatives(inner)
            case _:
                yield part
