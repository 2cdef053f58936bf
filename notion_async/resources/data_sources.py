"""Data sources: their schemas and their rows.

Notion's pages: https://developers.notion.com/reference/data-source and the pages beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypeVar, overload

from notion_async import endpoints
from notion_async.ids import notion_id
from notion_async.models import DataSource, DataSourceTemplate, Page, rows
from notion_async.pagination import Pager
from notion_async.resources._resource import (
    IconLike,
    PageSize,
    ParentLike,
    Resource,
    page_or_data_source,
)
from notion_async.resources._scan import Line, Scan, Scanned, lines
from notion_async.resources._writing import (
    RichTextLike,
    SchemaLike,
    changed_schema,
    new_schema,
    picture,
    rich_text,
)
from notion_async.resources._writing import parent as parent_of
from notion_async.types import UNSET, Maybe

Row: TypeAlias = Page | DataSource
"""A row.  Only wikis hold data sources among their pages."""

R = TypeVar("R", bound=rows.Row)


class DataSources(Resource):
    """Read, create and change data sources; read their rows."""

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

    async def create(
        self,
        *,
        parent: ParentLike,
        properties: Mapping[str, SchemaLike],
        title: Maybe[RichTextLike] = UNSET,
        icon: Maybe[IconLike | None] = UNSET,
    ) -> DataSource:
        """Create a data source in a database that is there.  It is never created twice.

        Args:
            parent: ``Parent(database_id=…)``.
            properties: Its columns by name, one of them a title.  Those of another data source
                can be given.
            title: Its title.
            icon: An emoji or picture.

        Raises:
            WriteOutcomeUnknown: The answer was lost: look before you create it again.
            ValidationError: Notion does not accept the data source.
        """
        return await self._send(
            endpoints.DATA_SOURCES_CREATE,
            DataSource.from_json,
            {},
            query={},
            body={
                "parent": parent_of(parent),
                "properties": new_schema(properties),
                "title": rich_text(title),
                "icon": picture(icon),
            },
        )

    async def update(
        self,
        data_source_id: str,
        *,
        title: Maybe[RichTextLike] = UNSET,
        icon: Maybe[IconLike | None] = UNSET,
        properties: Maybe[Mapping[str, SchemaLike | None]] = UNSET,
        in_trash: Maybe[bool] = UNSET,
        parent: Maybe[ParentLike] = UNSET,
    ) -> DataSource:
        """Change a data source.  What is left out stays as it is.

        Args:
            data_source_id: The data source.
            title: Its title.
            icon: An emoji or picture; None for none.
            properties: Changes of its columns, by name or id: a schema sets what it says, None
                deletes the column with all its values, ``{"name": …}`` renames it.  Name all
                options of a select: those left out are reported to be deleted.
            in_trash: Whether it is in the trash.
            parent: The database to which it is moved: ``Parent(database_id=…)``.

        Raises:
            ObjectNotFoundError: There is no such data source, or it is not shared with the
                connection.
            ValidationError: Notion does not accept the change.
        """
        return await self._send(
            endpoints.DATA_SOURCES_UPDATE,
            DataSource.from_json,
            {"data_source_id": data_source_id},
            query={},
            body={
                "title": rich_text(title),
                "icon": picture(icon),
                "properties": changed_schema(properties),
                "in_trash": in_trash,
                "parent": parent_of(parent),
            },
        )

    @overload
    def query(
        self,
        data_source_id: str,
        *,
        filter: Maybe[Mapping[str, object]] = UNSET,
        sorts: Maybe[Sequence[Mapping[str, object]]] = UNSET,
        filter_properties: Maybe[Sequence[str]] = UNSET,
        result_type: Maybe[str] = UNSET,
        is_archived: Maybe[bool] = UNSET,
        in_trash: Maybe[bool] = UNSET,
        start_cursor: str | None = None,
        page_size: Maybe[int] = UNSET,
        row: None = None,
    ) -> Pager[Row]: ...
    @overload
    def query(
        self,
        data_source_id: str,
        *,
        filter: Maybe[Mapping[str, object]] = UNSET,
        sorts: Maybe[Sequence[Mapping[str, object]]] = UNSET,
        filter_properties: Maybe[Sequence[str]] = UNSET,
        result_type: Maybe[str] = UNSET,
        is_archived: Maybe[bool] = UNSET,
        in_trash: Maybe[bool] = UNSET,
        start_cursor: str | None = None,
        page_size: Maybe[int] = UNSET,
        row: type[R],
    ) -> Pager[R]: ...
    def query(
        self,
        data_source_id: str,
        *,
        filter: Maybe[Mapping[str, object]] = UNSET,
        sorts: Maybe[Sequence[Mapping[str, object]]] = UNSET,
        filter_properties: Maybe[Sequence[str]] = UNSET,
        result_type: Maybe[str] = UNSET,
        is_archived: Maybe[bool] = UNSET,
        in_trash: Maybe[bool] = UNSET,
        start_cursor: str | None = None,
        page_size: Maybe[int] = UNSET,
        row: type[R] | None = None,
    ) -> Pager[Row | R]:
        """Return the rows that match, in order.

        Notion cuts a query at 10,000 rows: then iterating ends with `IncompleteResult`, after
        the rows it gave.  `scan` reads them all.

        Args:
            data_source_id: The data source.
            filter: Which rows: ``prop("Status").status.equals("Done")``, or a mapping as Notion's
                documentation writes it.
            sorts: In which order, as ``[prop("Due").descending()]``; without it the order is
                undefined.
            filter_properties: Return only the properties with these ids or names.
            result_type: ``page`` or ``data_source``, for wikis.
            is_archived: Whether to look among the archived rows instead of the others.
            in_trash: Whether to look in the trash.  Notion's own client sends it, but Notion's
                documentation says that queries do not support it: see what comes before you
                rely on it.
            start_cursor: Where to go on.
            page_size: How many rows an answer holds, from 1 to 100.
            row: What the rows are to be: a class that ``notion-async codegen`` wrote.  In a wiki,
                ask for `result_type` ``page`` as well.
        """
        return self._list(
            endpoints.DATA_SOURCES_QUERY,
            page_or_data_source if row is None else row.later,
            {"data_source_id": data_source_id},
            start_cursor=start_cursor,
            page_size=page_size,
            query={"filter_properties": filter_properties},
            body={
                "filter": filter,
                "sorts": sorts,
                "result_type": result_type,
                "is_archived": is_archived,
                "in_trash": in_trash,
            },
        )

    @overload
    def scan(
        self,
        data_source_id: str,
        *,
        filter: Maybe[Mapping[str, object]] = UNSET,
        sorts: Maybe[Sequence[Mapping[str, object]]] = UNSET,
        filter_properties: Maybe[Sequence[str]] = UNSET,
        row: None = None,
    ) -> Scan[Row]: ...
    @overload
    def scan(
        self,
        data_source_id: str,
        *,
        filter: Maybe[Mapping[str, object]] = UNSET,
        sorts: Maybe[Sequence[Mapping[str, object]]] = UNSET,
        filter_properties: Maybe[Sequence[str]] = UNSET,
        row: type[R],
    ) -> Scan[R]: ...
    def scan(
        self,
        data_source_id: str,
        *,
        filter: Maybe[Mapping[str, object]] = UNSET,
        sorts: Maybe[Sequence[Mapping[str, object]]] = UNSET,
        filter_properties: Maybe[Sequence[str]] = UNSET,
        row: type[R] | None = None,
    ) -> Scan[Row] | Scan[R]:
        """Return every row, however many there are, each once; by default the oldest first.

        ``async for row in notion.data_sources.scan(…)`` reads one answer after the other.
        ``async with notion.data_sources.scan(…) as rows`` reads several spans of time at once,
        and gives the rows in the same order.

        Where a query is cut at 10,000 rows, the next one starts where its last row was.  More
        rows than that with one time of creation are told apart by their properties.

        Args:
            data_source_id: The data source.
            filter: Which rows, as for `query`.
            sorts: In which order, as for `query`.  More than 10,000 rows can be read in the order
                of a time of creation or edit, a number, a date or a unique id, and then of
                whatever follows it.  Rows whose place may change by an edit, and has changed
                meanwhile, may come last.
            filter_properties: Return only the properties with these ids or names, and those that
                are sorted by.
            row: What the rows are to be: a class that ``notion-async codegen`` wrote.
        """
        ids = {"data_source_id": notion_id(data_source_id)}  # a wrong one is refused here
        shown = filter_properties
        if shown is not UNSET and sorts is not UNSET:
            names = [str(sort["property"]) for sort in sorts if "property" in sort]
            shown = [*shown, *(name for name in names if name not in shown)]
        size = PageSize(100)

        def ask(
            *,
            filter: Maybe[Mapping[str, object]],
            sorts: Sequence[Mapping[str, object]],
            filter_properties: Maybe[Sequence[str]],
        ) -> Pager[Line]:
            return self._list(
                endpoints.DATA_SOURCES_QUERY,
                Line.of,
                ids,
                start_cursor=None,
                page_size=size,
                query={"filter_properties": filter_properties},
                body={"filter": filter, "sorts": sorts},
                split=lines,
            )

        told = self._send.pipeline.governor.notion_time
        order = () if sorts is UNSET else sorts
        source = Scanned(ask, filter, order, shown, self._send.clock, told)
        return Scan(source, page_or_data_source) if row is None else Scan(source, row.later)

    def list_templates(
        self,
        data_source_id: str,
        *,
        name: Maybe[str] = UNSET,
        start_cursor: str | None = None,
        page_size: Maybe[int] = UNSET,
    ) -> Pager[DataSourceTemplate]:
        """Return the templates for new rows; ``pages.create`` and ``pages.update`` apply them.

        Args:
            data_source_id: The data source.
            name: Only those of this name.
            start_cursor: Where to go on.
            page_size: How many templates an answer holds, from 1 to 100.
        """
        return self._list(
            endpoints.DATA_SOURCES_LIST_TEMPLATES,
            DataSourceTemplate.later,
            {"data_source_id": data_source_id},
            start_cursor=start_cursor,
            page_size=page_size,
            query={"name": name},
        )
