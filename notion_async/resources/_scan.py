"""Reading past the 10,000 results at which Notion cuts a query.

Rows are read in the order they were created.  Where a query is cut, the next one begins at the
minute of the last row: creation times have no seconds, so rows of that minute come again and are
passed over by their ids.

Notion's page: https://developers.notion.com/reference/query-a-data-source
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from notion_async.errors import IncompleteResult
from notion_async.models import DataSource, Page
from notion_async.pagination import Pager
from notion_async.types import JSON, UNSET, Maybe

_OLDEST_FIRST: Final[list[dict[str, JSON]]] = [
    {"timestamp": "created_time", "direction": "ascending"}
]


async def scan_rows(
    query: Callable[..., Pager[Page | DataSource]],
    data_source_id: str,
    *,
    filter: Maybe[Mapping[str, JSON]],
    filter_properties: Maybe[Sequence[str]],
) -> AsyncIterator[Page | DataSource]:
    """Yield every row that matches, oldest first and each once."""
    since: datetime | None = None
    seen: set[str] = set()  # the ids of rows created in the minute `since`
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
                if row.created_time != minute:
                    minute, ids = row.created_time, set()
                if row.id in ids:
                    continue
                ids.add(row.id)
                yield row
        except IncompleteResult:
            if minute == since:
                raise  # one minute alone is more than a query returns
            since, seen = minute, ids
        else:
            return


def _since(since: datetime | None, filter: Maybe[Mapping[str, JSON]]) -> Maybe[Mapping[str, JSON]]:
    if since is None:
        return filter
    window: dict[str, JSON] = {
        "timestamp": "created_time",
        "created_time": {"on_or_after": since.isoformat()},
    }
    if filter is UNSET:
        return window
    both = filter.get("and")
    if isinstance(both, Sequence) and not isinstance(both, str):
        return {"and": [*both, window]}
    return {"and": [filter, window]}
