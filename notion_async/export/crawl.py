"""Finding and reading everything a token can see.

Search names what it knows; walking finds the rest: pages and databases in the content of pages,
data sources in databases, rows in data sources.  The index is the queue; a few workers take from
it until nothing is left.  What cannot be read becomes a gap, and the others go on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final, TypeAlias

import anyio
from anyio.abc import TaskGroup
from anyio.lowlevel import checkpoint

from notion_async.client import AsyncClient
from notion_async.content.tree import Placed
from notion_async.content.walk import OTHER_DOCUMENTS, Walk
from notion_async.errors import (
    APIResponseError,
    ExportError,
    NotionError,
    ObjectNotFoundError,
    PaginationError,
    ProtocolError,
    RequestBlockedError,
    RestrictedResourceError,
    UnauthorizedError,
    ValidationError,
)
from notion_async.export.index import Index, Node
from notion_async.export.manifest import Gap
from notion_async.export.progress import Tally
from notion_async.export.sink import Sink
from notion_async.ids import is_notion_id
from notion_async.models import (
    Block,
    ChildDatabase,
    ChildPage,
    Database,
    DataSource,
    Page,
    Parent,
    PeopleValue,
    PropertyContent,
    RelationValue,
    RichTextValue,
    TitleValue,
)

Root: TypeAlias = Page | Database | DataSource

COMMENTS: Final = ("none", "pages", "rows", "blocks")
"""Whose comments are read, each with those before it.  A request for each page, row or block."""

_WORKERS: Final = 12  # more than requests in flight: some write while others wait
_HOPELESS: Final = 20  # failures in a row after which going on only wastes time
_LONG: Final = frozenset({"relation", "title", "rich_text", "people"})
_SHOWN: Final = 25  # elements of a property that a page object shows
# What concerns the whole export; other answers and listings concern one object alone.
_FATAL: Final = (UnauthorizedError, RequestBlockedError)
_PASSING: Final = (APIResponseError, PaginationError, ProtocolError)


async def find_root(client: AsyncClient, id: str) -> Root:
    """Return the page, database or data source with this id.

    Raises:
        ExportError: None of them is shared with the connection.
    """
    for retrieve in (
        client.pages.retrieve,
        client.databases.retrieve,
        client.data_sources.retrieve,
    ):
        try:
            return await retrieve(id)
        except (ObjectNotFoundError, ValidationError):
            continue
    raise ExportError(
        f"no page, database or data source with the id {id} is shared with this connection: "
        "add the connection to it in Notion"
    )


class Crawl:
    """One pass over what a token can see.

    Args:
        client: What asks Notion.
        index: What is known, and what is still to do.
        sinks: Where the objects go.
        tally: Counts them.
        comments: Whose comments are read, one of `COMMENTS`.
    """

    def __init__(
        self,
        client: AsyncClient,
        index: Index,
        sinks: Sequence[Sink],
        tally: Tally,
        *,
        comments: str,
    ) -> None:
        self._client = client
        self._index = index
        self._sinks = sinks
        self._tally = tally
        self._comments = COMMENTS.index(comments)
        self._holds_content = any(sink.wants_content for sink in sinks)
        self._busy = 0
        self._news = anyio.Event()
        self._row_turn = anyio.Lock()
        self._failures = 0
        self._fatal: Exception | None = None
        self._everything = True
        self.gaps: list[Gap] = []

    async def run(self, roots: Sequence[Root]) -> None:
        """Read everything below the roots, or without any everything there is.

        Raises:
            NotionError: Going on makes no sense: the token is refused, or nothing answers.
            OSError: What was read cannot be written.
        """
        self._everything = not roots
        for root in roots:
            await self._given(root)
        async with anyio.create_task_group() as group:
            group.start_soon(self._guarded, self._users, group.cancel_scope)
            if self._everything:
                group.start_soon(self._guarded, self._search, group.cancel_scope)
            self._start_workers(group)
        self._raise_fatal()
        # Rows that search knows and no data source listed: shared without their data source.
        if self._index.queue_rest():
            async with anyio.create_task_group() as group:
                self._start_workers(group)
            self._raise_fatal()

    # What there is

    async def _users(self) -> None:
        try:
            async for user in self._client.users.list(page_size=100):
                for sink in self._sinks:
                    sink.user(user)
                self._tally.add("users")
        except _FATAL:
            raise
        except _PASSING as error:
            self._gap("users", None, error)

    async def _search(self) -> None:
        begun = False
        try:
            async for found in self._client.search(page_size=100):
                begun = True
                await self._found(found)
                await checkpoint()
        except _FATAL:
            raise
        except _PASSING as error:
            if not begun:
                raise
            # Walking still finds most of the rest.
            self._gap("search", None, error)

    async def _given(self, root: Root) -> None:
        """Note where to begin; what it lies in was not asked for."""
        if isinstance(root, Page) and root.parent.type == "data_source_id":
            await self._write_page(root, "row")
        else:
            await self._found(root)

    async def _found(self, found: Root) -> None:
        """Note an object that is here already, and what it lies in."""
        if isinstance(found, Database):
            self._write_database(found)
        elif isinstance(found, DataSource):
            self._write_data_source(found)
        elif not self._is_whole(found):
            pass
        elif found.parent.type == "data_source_id":
            self._heard_of_row(found)
        else:
            await self._write_page(found, "page")
        self._tell()

    def _heard_of_row(self, row: Page) -> None:
        # It comes with the query of its data source: what is in both is written once.
        source = row.parent.id
        self._index.add(row.id, "row", parent=source, name=row.title, queue=False)
        if source is not None:
            self._index.add(source, "data_source", parent=row.parent.database_id or None, name="")

    # The queue

    def _start_workers(self, group: TaskGroup) -> None:
        for _ in range(_WORKERS):
            group.start_soon(self._work, group.cancel_scope)

    async def _work(self, scope: anyio.CancelScope) -> None:
        """Take from the queue until it is empty and nobody may add to it any more."""
        while True:
            node = self._index.take()
            if node is not None:
                await self._guarded(partial(self._do, node), scope, node)
            elif self._busy:
                await self._news.wait()
            else:
                return

    async def _guarded(
        self,
        work: Callable[[], Awaitable[None]],
        scope: anyio.CancelScope,
        node: Node | None = None,
    ) -> None:
        """Do a piece of work; what fails becomes a gap, or the end of everything."""
        self._busy += 1
        try:
            await work()
            self._failures = 0
        except _FATAL as error:
            self._stop(error, scope)
        except NotionError as error:
            if node is None:
                self._stop(error, scope)
                return
            self._gap(node.kind, node.id, error)
            if not isinstance(error, (ObjectNotFoundError, RestrictedResourceError)):
                self._failures += 1
            if self._failures >= _HOPELESS:
                self._stop(error, scope)
        except Exception as error:
            self._stop(error, scope)  # not out of the task: that would wrap it in a group
        finally:
            self._busy -= 1
            self._tell()

    def _stop(self, error: Exception, scope: anyio.CancelScope) -> None:
        self._fatal = self._fatal or error
        scope.cancel()

    def _raise_fatal(self) -> None:
        if self._fatal is not None:
            raise self._fatal

    def _tell(self) -> None:
        """Wake workers that found nothing to do."""
        self._tally.queued = self._index.waiting + self._busy
        news, self._news = self._news, anyio.Event()
        news.set()

    async def _do(self, node: Node) -> None:
        match node.kind:
            case "database":
                if not self._index.is_written(node.id):
                    self._write_database(await self._client.databases.retrieve(node.id))
            case "data_source":
                if not self._index.is_written(node.id):
                    self._write_data_source(await self._client.data_sources.retrieve(node.id))
                await self._rows(node.id)
            case _:
                await self._document(node)

    # One object

    def _write_database(self, database: Database) -> None:
        self._index.add(
            database.id, "database", parent=_above(database.parent), name=database.name
        )
        if self._index.mark_written(database.id):
            for sink in self._sinks:
                sink.database(database)
            self._tally.add("databases")
            for source in database.data_sources:
                self._index.add(source.id, "data_source", parent=database.id, name=source.name)

    def _write_data_source(self, source: DataSource) -> None:
        database = source.parent.database_id or None
        self._index.add(source.id, "data_source", parent=database, name=source.name)
        if self._index.mark_written(source.id):
            for sink in self._sinks:
                sink.data_source(source)
            self._tally.add("data_sources")
            if database is not None and self._everything:
                self._index.add(
                    database, "database", parent=_above(source.database_parent), name=""
                )

    def _is_whole(self, page: Page) -> bool:
        """Tell whether Notion shows more of a page than that it is there; note it if not."""
        if is_notion_id(page.id) and hasattr(page, "parent") and hasattr(page, "properties"):
            return True
        reason = "only a part is shown: let the connection read content, in its settings"
        self.gaps.append(Gap("page", page.id, reason))
        return False

    async def _write_page(self, page: Page, kind: str) -> None:
        self._index.add(page.id, kind, parent=_above(page.parent), name=page.title)
        if self._index.mark_written(page.id):
            for sink in self._sinks:
                sink.page(page)
            self._tally.add(f"{kind}s")
            await self._complete(page)

    async def _complete(self, page: Page) -> None:
        """Fetch what a page object cuts off: it shows 25 elements of a property."""
        for name, value in page.properties.items():
            if value.type not in _LONG or not value.id or not _may_be_cut(value.content):
                continue
            try:
                items = await self._client.pages.properties.retrieve(
                    page.id, value.id, page_size=100
                ).collect()
            except _FATAL:
                raise
            except _PASSING as error:
                self._gap("property", page.id, error)
                continue
            if len(items) > _SHOWN:
                for sink in self._sinks:
                    sink.items(page, name, value.id, items)

    async def _rows(self, data_source_id: str) -> None:
        try:
            async for row in self._client.data_sources.scan(data_source_id):
                # An answer holds 100 rows: one at a time, so that the requests of others go on.
                async with self._row_turn:
                    if isinstance(row, DataSource):
                        self._write_data_source(row)
                    elif self._is_whole(row):
                        await self._write_page(row, "row")
                    self._tell()
                    await checkpoint()
        except _FATAL:
            raise
        except _PASSING as error:
            self._gap("rows", data_source_id, error)

    async def _document(self, node: Node) -> None:
        """Read a page or row: its content and its comments."""
        if not self._index.is_written(node.id):
            page = await self._client.pages.retrieve(node.id)
            if not self._is_whole(page) or page.in_trash:
                return
            await self._write_page(page, node.kind)
        held: list[Placed] = []
        async with Walk(self._client, node.id) as blocks:
            async for placed in blocks:
                self._write_block(placed.block, node.id)
                # A child page has its own turn, and there are no comments on databases.
                is_content = placed.block.type not in OTHER_DOCUMENTS
                if is_content and self._comments >= COMMENTS.index("blocks"):
                    await self._comments_of(placed.block.id)
                if self._holds_content:
                    held.append(placed)
            for closed in blocks.unreadable:
                self._gap("blocks", closed.block_id, closed.error)
        for sink in self._sinks:
            await sink.content(node.id, held)
        if self._comments >= COMMENTS.index("pages" if node.kind == "page" else "rows"):
            await self._comments_of(node.id)

    def _write_block(self, block: Block, page_id: str) -> None:
        for sink in self._sinks:
            sink.block(block)
        self._tally.add("blocks")
        match block.content:
            case ChildPage(title=title):
                self._index.add(block.id, "page", parent=page_id, name=title)
                self._tell()
            case ChildDatabase(title=title):
                self._index.add(block.id, "database", parent=page_id, name=title)
                self._tell()

    async def _comments_of(self, id: str) -> None:
        try:
            async for comment in self._client.comments.list(id, page_size=100):
                for sink in self._sinks:
                    sink.comment(comment)
                self._tally.add("comments")
        except RestrictedResourceError as error:
            # The connection may not read comments: it would not read the next ones either.
            if self._comments:
                self._comments = COMMENTS.index("none")
                self._gap("comments", None, error)
        except _FATAL:
            raise
        except _PASSING as error:
            self._gap("comments", id, error)

    def _gap(self, kind: str, id: str | None, error: NotionError) -> None:
        self.gaps.append(Gap(kind, id, str(error)))


def is_of_disk(error: BaseException) -> bool:
    """Tell whether it says that a file could not be written."""
    # A request's timeout is an OSError as well.
    return isinstance(error, (OSError, sqlite3.Error)) and not isinstance(error, NotionError)


def _above(parent: Parent) -> str | None:
    # What lies in a block gets its page when that page is walked.
    return None if parent.type == "block_id" else parent.id


def _may_be_cut(content: PropertyContent) -> bool:
    match content:
        case RelationValue(relation=shown, has_more=more):
            return bool(more) or len(shown) >= _SHOWN
        case TitleValue(title=runs) | RichTextValue(rich_text=runs):
            return len(runs) >= _SHOWN
        case PeopleValue(people=people):
            return len(people) >= _SHOWN
    return False
