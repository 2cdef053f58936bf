"""Data sources: their schemas and their rows.

Notion's pages: https://developers.notion.com/reference/data-source and the pages beside it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TypeAlias

from notion_async import endpoints
from notion_async.ids import notion_id
from notion_async.models import DataSource, Page
from notion_async.pagination import Pager
from notion_async.resources._resource import Resource, page_or_data_source
from notion_async.resources._scan import scan_rows
from notion_async.types import UNSET, Maybe

Row: TypeAlias = Page | DataSource
"""A row.  Only wikis hold data sources among their pages."""


class DataSources(Resource):
    """Read data sources and their rows."""

    __slots__ = ()

    async def retrieve(self, data_source_id: str) -> DataSource:
        """Return a data source with its schema.

        Raises:
            ObjectNotFoundError: There is no such data source, or it is not shared with the
                connection.  The id of its database is another one.
        """
        return await self._send(
            endpoints.DATA_SOURCES_RETRIEVE,
            DataSource.from_json,
            {"data_source_id": data_source_id},
            query={},
            body=None,
        )

    def query(
        self,
        data_source_id: str,
        *,
        filter: Maybe[Mapping[str, object]] = UNSET,
        sorts: Maybe[Sequence[Mapping[str, object]]] = UNSET,
        filter_properties: Maybe[Sequence[str]] = UNSET,
        result_type: Maybe[str] = UNSET,
        start_cursor: str | None = None,
        page_size: Maybe[int] = UNSET,
    ) -> Pager[Row]:
        """Return the rows that match, in order.

        Notion cuts a query at 10,000 rows: then iterating ends with `IncompleteResult`, after
        the rows it gave.  `scan` reads them all.

        Args:
            data_source_id: The data source.
            filter: Which rows, as Notion's documentation writes it.
            sorts: In which order; without it the order is undefined.
            filter_properties: Return only the properties with these ids or names.
            result_type: ``page`` or ``data_source``, for wikis.
            start_cursor: Where to go on.
            page_size: How many rows an answer holds, from 1 to 100.
        """
        return self._list(
            endpoints.DATA_SOURCES_QUERY,
            page_or_data_source,
            {"data_source_id": data_source_id},
            start_cursor=start_cursor,
            page_size=page_size,
            query={"filter_properties": filter_properties},
            body={"filter": filter, "sorts": sorts, "result_type": result_type},
        )

    def scan(
        self,
        data_source_id: str,
        *,
        filter: Maybe[Mapping[str, object]] = UNSET,
        filter_properties: Maybe[Sequence[str]] = UNSET,
    ) -> AsyncIterator[Row]:
        """Yield every row, however many there are, oldest first and each once.

        Where a query is cut at 10,000 rows, the next one starts at the minute in which the last
        row was created.

        Args:
            data_source_id: The data source.
            filter: Which rows.
            filter_properties: Return only the properties with these ids or names.

        Raises:
            IncompleteResult: More than 10,000 rows were created in one minute.
        """
        return scan_rows(
            self.query,
            notion_id(data_source_id),  # a wrong id is refused here, not at the first row
            filter=filter,
            filter_properties=filter_properties,
        )
