"""Search, by title.

Notion's pages: https://developers.notion.com/reference/post-search and
https://developers.notion.com/reference/search-optimizations-and-limitations
"""

from __future__ import annotations

from collections.abc import Mapping

from notion_async import endpoints
from notion_async.models import DataSource, Page
from notion_async.pagination import Pager
from notion_async.resources._resource import Resource, page_or_data_source
from notion_async.types import UNSET, Maybe


class Search(Resource):
    """Find pages and data sources."""

    __slots__ = ()

    def __call__(
        self,
        query: Maybe[str] = UNSET,
        *,
        filter: Maybe[Mapping[str, object]] = UNSET,
        sort: Maybe[Mapping[str, object]] = UNSET,
        start_cursor: str | None = None,
        page_size: Maybe[int] = UNSET,
    ) -> Pager[Page | DataSource]:
        """Return pages and data sources by their titles.

        Notion's index follows changes late and is not promised to be complete.

        Args:
            query: A part of the title; left out, everything that is shared.
            filter: ``{"property": "object", "value": "page"}`` or ``"data_source"``; with
                ``"in_trash": True``, which may stand alone, what is in the trash.
            sort: ``{"timestamp": "last_edited_time", "direction": "descending"}`` or
                ``{"property": "relevance"}``.
            start_cursor: Where to go on.
            page_size: How many results an answer holds, from 1 to 100.
        """
        return self._list(
            endpoints.SEARCH,
            page_or_data_source,
            {},
            start_cursor=start_cursor,
            page_size=page_size,
            body={"query": query, "filter": filter, "sort": sort},
        )
