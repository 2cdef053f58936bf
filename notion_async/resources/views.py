"""Views of data sources, and what they show.

Notion's pages: https://developers.notion.com/reference/view and the pages beside it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

import anyio

from notion_async import endpoints
from notion_async.errors import (
    ConfigurationError,
    NotionError,
    ObjectNotFoundError,
    PaginationError,
)
from notion_async.ids import notion_id
from notion_async.models import ObjectList, Reference, Unsupported, View, ViewQuery
from notion_async.models._tagged import Content
from notion_async.models.views import ViewConfiguration, ViewContent
from notion_async.pagination import Pager
from notion_async.resources._resource import PageSize, Resource, check_page_size, whole
from notion_async.resources._sender import Fields, Sender
from notion_async.types import UNSET, Maybe

ConfigurationLike: TypeAlias = ViewConfiguration | ViewContent | Mapping[str, object]

# Seconds to spend on deleting a query that nobody reads any more: it expires by itself.
_LONGEST_FAREWELL: Final = 10.0


class ViewQueries(Resource):
    """Run views, and read what they show."""

    __slots__ = ()

    async def create(self, view_id: str, *, page_size: Maybe[int] = UNSET) -> ViewQuery:
        """Run a view, and return the first of its rows.

        Notion keeps the result, frozen, for 15 minutes; `results` reads it on from
        `ViewQuery.next_cursor`.  `run` does all of it.

        Args:
            view_id: The view: its id, or its link.
            page_size: How many rows the answer holds, from 1 to 100.

        Raises:
            ObjectNotFoundError: There is no such view, or it is not shared with the connection.
        """
        check_page_size(page_size)
        return await self._send(
            endpoints.VIEWS_CREATE_QUERY,
            ViewQuery.from_json,
            {"view_id": _view_id(view_id)},
            query={},
            body={"page_size": page_size},
        )

    def results(
        self,
        view_id: str,
        query_id: str,
        *,
        start_cursor: str | None = None,
        page_size: Maybe[int] = UNSET,
    ) -> Pager[Reference]:
        """Return the rows that a query found, by their ids.

        Args:
            view_id: The view.
            query_id: `ViewQuery.id`.
            start_cursor: Where to go on; without it, from the first row.
            page_size: How many rows an answer holds, from 1 to 100.

        Raises (while it is read):
            ObjectNotFoundError: The 15 minutes are over, or the query was deleted.
            IncompleteResult: Notion cut the result at 10,000 rows.
        """
        return self._results(_view_id(view_id), query_id, start_cursor, page_size)

    def _results(
        self,
        view_id: str,
        query_id: str,
        start_cursor: str | None,
        page_size: Maybe[int] | PageSize,
    ) -> Pager[Reference]:
        return self._list(
            endpoints.VIEWS_QUERY_RESULTS,
            Reference.later,
            {"view_id": view_id, "query_id": query_id},
            start_cursor=start_cursor,
            page_size=page_size,
        )

    async def delete(self, view_id: str, query_id: str) -> ViewQuery:
        """Delete a result before its time.  Deleting it twice is fine."""
        return await self._send(
            endpoints.VIEWS_DELETE_QUERY,
            ViewQuery.from_json,
            {"view_id": _view_id(view_id), "query_id": query_id},
            query={},
            body=None,
        )

    def run(self, view_id: str, *, page_size: int = 100) -> AsyncGenerator[Reference]:
        """Run a view and yield all of its rows, by their ids, in the order of the view.

        The result is deleted at the end.  Where a loop is left before, it is deleted when the
        generator is closed: `contextlib.aclosing` does that at once.

        Args:
            view_id: The view: its id, or its link.
            page_size: How many rows to ask for at a time, from 1 to 100.

        Raises (while it is read):
            PaginationError: The result was gone before its end: Notion keeps it for 15 minutes.
            IncompleteResult: Notion cut the result at 10,000 rows.  All that it gave have been
                yielded; `data_sources.scan` reads more.
            ObjectNotFoundError: There is no such view, or it is not shared with the connection.
        """
        return self._run(_view_id(view_id), PageSize(page_size))

    async def _run(self, view_id: str, size: PageSize) -> AsyncGenerator[Reference]:
        made: list[str] = []
        yielded = 0

        async def fetch(cursor: str | None) -> ObjectList[Reference]:
            if cursor is None:
                query_id, first = await self._begin(view_id, size)
                made.append(query_id)
                return first
            try:
                return await self._results(view_id, made[-1], cursor, size)
            except ObjectNotFoundError as gone:
                raise PaginationError(
                    f"the result of view {view_id} is gone after {yielded} rows: Notion keeps it "
                    "for 15 minutes; run the view again, and read it faster"
                ) from gone

        try:
            async with aclosing(Pager(fetch).pages()) as answers:
                async for answer in answers:
                    for row in answer:
                        yielded += 1
                        yield row
        finally:
            with anyio.move_on_after(_LONGEST_FAREWELL, shield=True):
                await self._discard(view_id, made)

    async def _begin(self, view_id: str, size: PageSize) -> tuple[str, ObjectList[Reference]]:
        """Create a query; return its id, and its first answer as a list."""
        items = size.now

        def lighter() -> tuple[Fields, Fields] | None:
            nonlocal items
            smaller = size.below(items)
            if smaller is None:
                return None
            items = smaller
            return {}, {"page_size": items}

        begun = await self._send(
            endpoints.VIEWS_CREATE_QUERY,
            lambda text: (
                ViewQuery.from_json(text).id,
                whole(ObjectList.of(text, Reference.from_json), text),
            ),
            {"view_id": view_id},
            query={},
            body={"page_size": items},
            lighter=lighter,
        )
        size.answered()
        return begun

    async def _discard(self, view_id: str, query_ids: Sequence[str]) -> None:
        try:
            for query_id in query_ids:
                await self.delete(view_id, query_id)
        except NotionError:
            pass  # it expires by itself


class Views(Resource):
    """Read, create and change views, and run them by `queries`."""

    __slots__ = ("queries",)

    def __init__(self, send: Sender) -> None:
        super().__init__(send)
        self.queries = ViewQueries(send)

    async def retrieve(self, view_id: str) -> View:
        """Return a view, with how it shows its rows.

        Args:
            view_id: The view: its id, or its link.

        Raises:
            ObjectNotFoundError: There is no such view, or it is not shared with the connection.
        """
        return await self._send(
            endpoints.VIEWS_RETRIEVE,
            View.from_json,
            {"view_id": _view_id(view_id)},
            query={},
            body=None,
        )

    async def create(
        self,
        data_source_id: str,
        *,
        name: str,
        type: str,
        database_id: Maybe[str] = UNSET,
        view_id: Maybe[str] = UNSET,
        create_database: Maybe[Mapping[str, object]] = UNSET,
        filter: Maybe[Mapping[str, object]] = UNSET,
        sorts: Maybe[Sequence[Mapping[str, object]]] = UNSET,
        quick_filters: Maybe[Mapping[str, object]] = UNSET,
        configuration: Maybe[ConfigurationLike] = UNSET,
        position: Maybe[Mapping[str, object]] = UNSET,
        placement: Maybe[Mapping[str, object]] = UNSET,
    ) -> View:
        """Create a view of a data source: in a database, on a dashboard or on a page.

        Args:
            data_source_id: What it shows.
            name: Its name.
            type: ``table``, ``board``, ``list``, ``calendar``, ``timeline``, ``gallery``,
                ``form``, ``chart``, ``map`` or ``dashboard``.
            database_id: The database that it becomes a tab of.
            view_id: The dashboard that it becomes a widget of.
            create_database: The page on which a linked database is made for it.
            filter: Which rows.
            sorts: In which order.
            quick_filters: Conditions by property, shown above the rows.
            configuration: How it shows the rows; of the same type.  Boards need it for
                `BoardView.group_by`, calendars and timelines for the date, charts for their type.
            position: Where among the tabs of the database.
            placement: Where on the dashboard.

        Raises:
            ConfigurationError: Not exactly one place for it, or a configuration of another type.
            WriteOutcomeUnknown: The answer was lost, and Notion did not say what it has created:
                look before you create it again.
            ValidationError: Notion does not accept the view.
        """
        if sum(place is not UNSET for place in (database_id, view_id, create_database)) != 1:
            raise ConfigurationError(
                "a view lies in a database, on a dashboard or on a page: give one of database_id, "
                "view_id and create_database"
            )
        written = _written(configuration)
        if isinstance(written, ViewConfiguration) and written.type != type:
            raise ConfigurationError(
                f"a view of type {type!r} cannot have the configuration of a {written.type}: "
                "give both the same type"
            )
        return await self._send(
            endpoints.VIEWS_CREATE,
            View.from_json,
            {},
            query={},
            body={
                "data_source_id": notion_id(data_source_id),
                "name": name,
                "type": type,
                "database_id": database_id if database_id is UNSET else notion_id(database_id),
                "view_id": view_id if view_id is UNSET else _view_id(view_id),
                "create_database": create_database,
                "filter": filter,
                "sorts": sorts,
                "quick_filters": quick_filters,
                "configuration": written,
                "position": position,
                "placement": placement,
            },
        )

    async def update(
        self,
        view_id: str,
        *,
        name: Maybe[str] = UNSET,
        filter: Maybe[Mapping[str, object] | None] = UNSET,
        sorts: Maybe[Sequence[Mapping[str, object]] | None] = UNSET,
        quick_filters: Maybe[Mapping[str, object] | None] = UNSET,
        configuration: Maybe[ConfigurationLike] = UNSET,
    ) -> View:
        """Change a view.  What is not given stays.

        Args:
            view_id: The view: its id, or its link.
            name: Its name.
            filter: Which rows; None for all.
            sorts: In which order, by properties alone; None for none.
            quick_filters: Conditions by property, merged with those there are; a condition that
                is None goes, and None removes all.
            configuration: How it shows the rows, with the type of the view.  A field that is
                None goes back to its default; a list of properties hides those that it lacks.

        Raises:
            ObjectNotFoundError: There is no such view, or it is not shared with the connection.
            WriteOutcomeUnknown: The answer was lost, the view is not as it was to be, and
                somebody else has edited it meanwhile.
            ValidationError: Notion does not accept the change.
        """
        return await self._send(
            endpoints.VIEWS_UPDATE,
            View.from_json,
            {"view_id": _view_id(view_id)},
            query={},
            body={
                "name": name,
                "filter": filter,
                "sorts": sorts,
                "quick_filters": quick_filters,
                "configuration": _written(configuration),
            },
        )

    async def delete(self, view_id: str) -> View:
        """Delete a view for good, and return what is left of it: its id, parent and type.

        Raises:
            ObjectNotFoundError: There is no such view, or it is not shared with the connection.
            ValidationError: It is the last view of its database.
        """
        return await self._send(
            endpoints.VIEWS_DELETE,
            View.from_json,
            {"view_id": _view_id(view_id)},
            query={},
            body=None,
        )

    def list(
        self,
        *,
        database_id: Maybe[str] = UNSET,
        data_source_id: Maybe[str] = UNSET,
        start_cursor: str | None = None,
        page_size: Maybe[int] = UNSET,
    ) -> Pager[View]:
        """Return the views of a database or of a data source, by their ids alone.

        Args:
            database_id: The database; or else
            data_source_id: the data source, wherever it is shown.
            start_cursor: Where to go on.
            page_size: How many views an answer holds, from 1 to 100.

        Raises:
            ConfigurationError: Neither of the two, or both.
        """
        if (database_id is UNSET) is (data_source_id is UNSET):
            raise ConfigurationError(
                "views are those of a database or of a data source: give one of database_id and "
                "data_source_id"
            )
        given = {"database_id": database_id, "data_source_id": data_source_id}
        return self._list(
            endpoints.VIEWS_LIST,
            View.later,
            {},
            start_cursor=start_cursor,
            page_size=page_size,
            query={name: notion_id(id) for name, id in given.items() if id is not UNSET},
        )


def _view_id(value: str) -> str:
    """Return the id of a view; a link to one names it by ``?v=``, and its database before."""
    found = notion_id(value)  # a link of Notion's, or an error
    for named in parse_qs(urlsplit(value).query).get("v", ()):
        return notion_id(named)
    return found


def _written(configuration: Maybe[ConfigurationLike]) -> object:
    if isinstance(configuration, (Content, Unsupported)):
        return ViewConfiguration(configuration)
    return configuration
