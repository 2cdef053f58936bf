"""A client and an emulated workspace, with something between them that may go wrong."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final, TypeAlias

import attrs

from notion_async import AsyncClient, NotionError, WriteOutcomeUnknown
from notion_async.models import ObjectList
from notion_async.testing import Emulator
from notion_async.transport.retry import RetryPolicy
from tests.faults import haste
from tests.faults.server import Arrived, FaultServer, Nemesis, answering
from tests.faults.wire import Reply
from tests.testing.emulated import block, data_source, database, page, row, uid, under

HOME, BLOCK, SOURCE = uid("home"), uid("a block"), uid("tasks")
OBJECTS: Final = (
    page("home"),
    block("a block", under("page_id", "home")),
    database("a database", sources=("tasks",)),
    data_source("tasks", "a database"),
    row("a row", "tasks"),
)
TITLE: Final = {"title": {"title": [{"text": {"content": "new"}}]}}
PARAGRAPH: Final = {"paragraph": {"rich_text": [{"text": {"content": "new"}}]}}
_TEXT: Final = [{"text": {"content": "x" * 2000}}]
LARGE: Final = [{"paragraph": {"rich_text": _TEXT}}] * 100
"""Blocks: as much as Notion takes, and more than a small socket does when nobody reads."""

Call: TypeAlias = Callable[[AsyncClient], Awaitable[object]]


async def read(notion: AsyncClient) -> object:
    return await notion.pages.retrieve(HOME)


async def query(notion: AsyncClient) -> object:
    return await notion.data_sources.query(SOURCE)


async def search(notion: AsyncClient) -> object:
    return await notion.search()


async def children(notion: AsyncClient) -> object:
    return await notion.blocks.children.list(HOME)


async def create(notion: AsyncClient) -> object:
    return await notion.pages.create(parent={"page_id": HOME}, properties=TITLE)


async def append(notion: AsyncClient) -> object:
    return await notion.blocks.children.append(HOME, children=[PARAGRAPH])


async def comment(notion: AsyncClient) -> object:
    text = [{"text": {"content": "new"}}]
    return await notion.comments.create(parent={"page_id": HOME}, rich_text=text)


async def update(notion: AsyncClient) -> object:
    return await notion.pages.update(HOME, properties=TITLE)


async def delete(notion: AsyncClient) -> object:
    return await notion.blocks.delete(BLOCK)


READS: Final[Mapping[str, Call]] = {
    "read": read,
    "query": query,
    "search": search,
    "children": children,
}
CREATES: Final[Mapping[str, Call]] = {"create": create, "append": append, "comment": comment}
CALLS: Final[Mapping[str, Call]] = {**READS, **CREATES, "update": update, "delete": delete}

AT_ONCE: Final = RetryPolicy(base=0.0, cap=0.0, conflict_delay=(0.0, 0.0), spread=0.0)
_tokens = itertools.count()


@attrs.define
class Faced:
    """A workspace behind a fault server, and a client of it."""

    emulator: Emulator
    server: FaultServer
    notion: AsyncClient
    writes: list[Arrived]
    """Those that were carried out, in order."""
    pauses: list[float]
    """For how long a client has paused, each time; where it was hurried."""

    @property
    def sent_writes(self) -> int:
        """How many requests to write arrived."""
        return sum(map(_writes, self.server.arrived))

    def client(self, token: str | None = None, **options: Any) -> AsyncClient:
        """Return another client of the same server, by default with the same token."""
        options = {"base_url": self.server.base_url, **options}
        return AsyncClient(token or self.emulator.token, **options)

    @property
    def asked(self) -> int:
        """How many requests came, whole or not."""
        return self.server.begun


def _writes(request: Arrived) -> bool:
    return request.method != "GET" and not request.path.endswith(("/query", "/search"))


@asynccontextmanager
async def facing(
    nemesis: Nemesis | None = None,
    *,
    room: int | None = None,
    hurried: bool = False,
    **options: Any,
) -> AsyncIterator[Faced]:
    """Serve a small workspace, through a nemesis.

    Args:
        nemesis: What goes wrong.
        room: As for `FaultServer`.
        hurried: Pause for nothing, and let `haste.LONG` pass whenever an answer stalls: so long
            is the timeout then.
        options: Of the client.
    """
    emulator = Emulator(budget=None, token=f"ntn_test_emulator{next(_tokens)}")
    emulator.load(OBJECTS)
    proper = answering(emulator)
    writes: list[Arrived] = []

    def handle(request: Arrived) -> Reply:
        reply = proper(request)
        if reply.status == 200 and _writes(request):
            writes.append(request)
        return reply

    async with FaultServer(handle, nemesis, room=room) as server, AsyncExitStack() as stack:
        pauses: list[float] = []
        if hurried:
            pauses = await stack.enter_async_context(haste.hurried(server))
            options = {"timeout": haste.LONG, "deadline": None, **options}
        options = {"retry": AT_ONCE, "base_url": server.base_url, **options}
        async with AsyncClient(emulator.token, **options) as notion:
            yield Faced(emulator, server, notion, writes, pauses)


async def outcome(call: Awaitable[object]) -> object:
    """Return what came of it: the answer, or the error of this library.

    Whatever else is raised is raised: no call may end in a foreign error.
    """
    try:
        return await call
    except NotionError as error:
        return error


def assert_unknown(found: object, it: Faced) -> WriteOutcomeUnknown | None:
    """A write whose answer was lost was sent once; and is unknown, or was found to be done."""
    assert it.sent_writes <= 1
    if isinstance(found, WriteOutcomeUnknown):
        return found
    assert not isinstance(found, NotionError), repr(found)
    assert len(it.writes) == 1
    assert isinstance(found, ObjectList)  # blocks: those can be recognized
    return None


async def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait for something that sets no event, as at the other end of a socket."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - as it says
            await asyncio.sleep(0.001)
