"""Random operations of several tasks that share a client.

Each task changes and deletes only what it has made itself, so that it is known which value must
win.  Everybody makes things everywhere, and reads everything.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from random import Random
from typing import Final, TypeAlias

import attrs

from notion_async import AsyncClient, endpoints
from notion_async.endpoints import Endpoint
from notion_async.models import Block, Comment, Page, Paragraph, Parent, text
from notion_async.models.rich_text import plain_text
from notion_async.testing import Commit
from notion_async.transport.hooks import AttemptRecord, CallRecord
from notion_async.types import UNSET, Maybe
from tests.history.checker import COMMENTS_ON, PARENT, TEXT, TRASHED
from tests.history.operations import Operation, Outcome, outcome_of

Thing: TypeAlias = Page | Block | Comment
Choice: TypeAlias = Callable[["Workload", int, Random], Awaitable[None]]
_APPEND: Final = endpoints.BLOCKS_APPEND_CHILDREN
_PLACES: Final = 100
"""In so many pages, those that came last, something is made."""

_PATIENCE: Final = 0.01
"""So many seconds at most waits who does not wait for the end."""


@attrs.frozen
class Known:
    """Something that a task has made."""

    kind: str
    id: str
    owner: int
    parent: str


def text_of(thing: Thing) -> str:
    """Return what it says, without its looks; nothing of what came without its content."""
    if isinstance(thing, Page):
        return thing.title
    holder = getattr(thing, "content", None) if isinstance(thing, Block) else thing
    return plain_text(getattr(holder, "rich_text", ()))


class Workload:
    """What the tasks of one history do.

    Args:
        notion: The client they share.
        seed: What they do follows from it, as far as it does not follow from what they find.
        commits: What was carried out so far; it grows.
        pages: Pages in which things are made, and between which pages move.
        rows: A data source in which rows are made.
        cancelled: How many of the operations are cancelled before their end.
    """

    def __init__(
        self,
        notion: AsyncClient,
        seed: int,
        commits: Sequence[Commit],
        *,
        pages: Sequence[str],
        rows: str,
        cancelled: float,
    ) -> None:
        self.notion = notion.with_options(hooks=[self._hear])
        self.operations: list[Operation] = []
        self._seed = seed
        self._commits = commits
        self._pages = pages
        self._rows = rows
        self._cancelled = cancelled
        self._known: list[Known] = []
        self._places = list(pages)
        self._blocks: dict[str, list[str]] = defaultdict(list)
        self._now: ContextVar[Operation] = ContextVar("operation")

    async def run(self, tasks: int, each: int, odds: Mapping[Choice, int]) -> None:
        """Do so many operations in each of so many tasks, chosen by these odds."""
        async with asyncio.TaskGroup() as group:
            for task in range(tasks):
                group.create_task(self._task(task, each, odds))

    async def _task(self, task: int, count: int, odds: Mapping[Choice, int]) -> None:
        dice = Random(f"{self._seed} task {task}")  # noqa: S311 - to be repeatable
        choices, weights = list(odds), list(odds.values())
        for _ in range(count):
            await dice.choices(choices, weights)[0](self, task, dice)

    def _hear(self, record: AttemptRecord | CallRecord) -> None:
        operation = self._now.get(None)
        if (
            operation is not None
            and isinstance(record, CallRecord)
            and record.endpoint == operation.endpoint.name
        ):
            operation.recovered = record.recovered

    # ---------------------------------------------------------- one operation

    def _begun(self, task: int, endpoint: Endpoint, *, tagged: bool, **about: object) -> Operation:
        number = len(self.operations)
        tag = f"tag-{self._seed}-{number}" if tagged else ""
        operation = Operation(number, task, endpoint, tag=tag, started=len(self._commits))
        for name, value in about.items():
            setattr(operation, name, value)
        self.operations.append(operation)
        self._now.set(operation)
        return operation

    async def _done(
        self, operation: Operation, call: Awaitable[Thing | Iterable[Thing]]
    ) -> Sequence[Thing]:
        """Wait for the end of an operation, or for a moment, and note how it ended."""
        dice = Random(f"{self._seed} end {operation.number}")  # noqa: S311 - to be repeatable
        patience = dice.random() * _PATIENCE if dice.random() < self._cancelled else None
        limit = asyncio.timeout(patience)
        try:
            async with limit:
                answer = await call
        except Exception as error:  # whatever it is: the checker says whether it may be
            operation.error = error
            operation.outcome = outcome_of(error, operation.endpoint.replay)
            if limit.expired():
                operation.outcome = Outcome.UNKNOWN
            return ()
        finally:
            operation.ended = len(self._commits)
        things = [answer] if isinstance(answer, (Page, Block, Comment)) else list(answer)
        operation.found = [(thing.id, text_of(thing)) for thing in things]
        request_id = getattr(answer, "request_id", None)
        operation.request_id = request_id if isinstance(request_id, str) else None
        operation.outcome = Outcome.SUCCESS
        return things

    def _learn(self, kind: str, operation: Operation, things: Sequence[Thing]) -> None:
        for thing in things:
            self._known.append(Known(kind, thing.id, operation.task, operation.parent))
            if kind in ("page", "row"):
                self._places.append(thing.id)
            elif kind == "block":
                self._blocks[operation.parent].append(thing.id)

    def _own(self, task: int, dice: Random, *kinds: str) -> Known | None:
        own = [one for one in self._known if one.owner == task and one.kind in kinds]
        return dice.choice(own) if own else None

    def _place(self, dice: Random) -> str:
        return dice.choice(self._places[-_PLACES:])

    # ---------------------------------------------------------- making

    async def create_page(self, task: int, dice: Random) -> None:
        parent = dice.choice(self._pages)
        operation = self._begun(task, endpoints.PAGES_CREATE, tagged=True, parent=parent)
        call = self.notion.pages.create(
            parent=Parent(page_id=parent), properties={"title": [text(operation.tag)]}
        )
        self._learn("page", operation, await self._done(operation, call))

    async def create_row(self, task: int, _: Random) -> None:
        operation = self._begun(task, endpoints.PAGES_CREATE, tagged=True, parent=self._rows)
        call = self.notion.pages.create(
            parent=Parent(data_source_id=self._rows),
            properties={"Name": [text(operation.tag)]},
        )
        self._learn("row", operation, await self._done(operation, call))

    async def create_named(self, task: int, _: Random) -> None:
        """Create a row that is looked for by its name where the answer was lost."""
        operation = self._begun(task, endpoints.PAGES_CREATE, tagged=True, parent=self._rows)
        call = self.notion.pages.create(
            parent=Parent(data_source_id=self._rows),
            properties={"Name": {"title": [{"text": {"content": operation.tag}}]}},
            unique_property="Name",
        )
        self._learn("row", operation, await self._done(operation, call))

    async def append(self, task: int, dice: Random) -> None:
        parent, count = self._place(dice), dice.randint(1, 3)
        position: Maybe[dict[str, object]] = UNSET
        if dice.random() < 0.2:
            position = {"type": "start"}
        siblings = self._blocks[parent]
        if siblings and dice.random() < 0.3:
            position = {"type": "after_block", "after_block": {"id": dice.choice(siblings)}}
        await self._append(task, "", parent, count, position)

    async def append_the_same(self, task: int, dice: Random) -> None:
        """Append what was appended before, or is just now, as one does who was told "unknown"."""
        before = [one for one in self.operations if one.endpoint is _APPEND]
        doubtful = [one for one in before if one.outcome is Outcome.UNKNOWN]
        if not before:
            await self.append(task, dice)
            return
        one = dice.choice(doubtful or before)
        await self._append(task, one.tag, one.parent, one.count, UNSET)

    async def _append(
        self, task: int, tag: str, parent: str, count: int, position: Maybe[dict[str, object]]
    ) -> None:
        operation = self._begun(
            task, _APPEND, tagged=True, target=parent, parent=parent, count=count
        )
        operation.tag = tag or operation.tag
        call = self.notion.blocks.children.append(
            parent,
            children=[Paragraph([text(f"{operation.tag} {each}")]) for each in range(count)],
            position=position,
        )
        self._learn("block", operation, await self._done(operation, call))

    async def comment(self, task: int, dice: Random) -> None:
        page = self._place(dice)
        operation = self._begun(
            task, endpoints.COMMENTS_CREATE, tagged=True, parent=COMMENTS_ON + page
        )
        call = self.notion.comments.create(
            parent=Parent(page_id=page), rich_text=[text(operation.tag)]
        )
        self._learn("comment", operation, await self._done(operation, call))

    # ---------------------------------------------------------- changing

    async def rename(self, task: int, dice: Random) -> None:
        own = self._own(task, dice, "page", "row")
        if own is None:
            await self.append(task, dice)
            return
        operation = self._begun(
            task, endpoints.PAGES_UPDATE, tagged=True, target=own.id, field=TEXT
        )
        operation.value = operation.tag
        name = "Name" if own.kind == "row" else "title"
        call = self.notion.pages.update(own.id, properties={name: [text(operation.tag)]})
        await self._done(operation, call)

    async def rewrite(self, task: int, dice: Random) -> None:
        own = self._own(task, dice, "block")
        if own is None:
            await self.append(task, dice)
            return
        operation = self._begun(
            task, endpoints.BLOCKS_UPDATE, tagged=True, target=own.id, field=TEXT
        )
        operation.value = operation.tag
        content = {"paragraph": {"rich_text": [text(operation.tag)]}}
        await self._done(operation, self.notion.blocks.update(own.id, content))

    async def correct(self, task: int, dice: Random) -> None:
        own = self._own(task, dice, "comment")
        if own is None:
            await self.append(task, dice)
            return
        operation = self._begun(
            task, endpoints.COMMENTS_UPDATE, tagged=True, target=own.id, field=TEXT
        )
        operation.value = operation.tag
        call = self.notion.comments.update(own.id, rich_text=[text(operation.tag)])
        await self._done(operation, call)

    async def trash(self, task: int, dice: Random) -> None:
        own = self._own(task, dice, "page", "row", "block")
        if own is None:
            await self.append(task, dice)
            return
        value = dice.random() < 0.5
        if own.kind == "block" and value:
            endpoint = endpoints.BLOCKS_DELETE
            call: Awaitable[Thing] = self.notion.blocks.delete(own.id)
        elif own.kind == "block":
            endpoint = endpoints.BLOCKS_UPDATE
            call = self.notion.blocks.update(own.id, in_trash=False)
        else:
            endpoint = endpoints.PAGES_UPDATE
            pages = self.notion.pages
            call = pages.trash(own.id) if value else pages.restore(own.id)
        operation = self._begun(
            task, endpoint, tagged=False, target=own.id, field=TRASHED, value=value
        )
        await self._done(operation, call)

    async def move(self, task: int, dice: Random) -> None:
        own = self._own(task, dice, "page")
        if own is None:
            await self.append(task, dice)
            return
        parent = dice.choice(self._pages)
        operation = self._begun(
            task, endpoints.PAGES_MOVE, tagged=False, target=own.id, field=PARENT, value=parent
        )
        await self._done(operation, self.notion.pages.move(own.id, parent=Parent(page_id=parent)))

    async def delete_comment(self, task: int, dice: Random) -> None:
        own = self._own(task, dice, "comment")
        if own is None:
            await self.append(task, dice)
            return
        operation = self._begun(
            task,
            endpoints.COMMENTS_DELETE,
            tagged=False,
            target=own.id,
            field=TRASHED,
            value=True,
        )
        await self._done(operation, self.notion.comments.delete(own.id))

    # ---------------------------------------------------------- reading

    async def read(self, task: int, dice: Random) -> None:
        if not self._known:
            await self.append(task, dice)
            return
        one = dice.choice(self._known)
        if one.kind == "comment":
            endpoint = endpoints.COMMENTS_RETRIEVE
            call: Awaitable[Thing] = self.notion.comments.retrieve(one.id)
        elif one.kind == "block":
            endpoint, call = endpoints.BLOCKS_RETRIEVE, self.notion.blocks.retrieve(one.id)
        else:
            endpoint, call = endpoints.PAGES_RETRIEVE, self.notion.pages.retrieve(one.id)
        operation = self._begun(task, endpoint, tagged=False, target=one.id)
        await self._done(operation, call)

    async def list_children(self, task: int, dice: Random) -> None:
        parent = self._place(dice)
        operation = self._begun(task, endpoints.BLOCKS_LIST_CHILDREN, tagged=False, parent=parent)
        await self._done(operation, _all(self.notion.blocks.children.list(parent, page_size=3)))

    async def list_comments(self, task: int, dice: Random) -> None:
        page = self._place(dice)
        operation = self._begun(
            task, endpoints.COMMENTS_LIST, tagged=False, parent=COMMENTS_ON + page
        )
        await self._done(operation, _all(self.notion.comments.list(page, page_size=3)))

    async def query(self, task: int, _: Random) -> None:
        operation = self._begun(
            task, endpoints.DATA_SOURCES_QUERY, tagged=False, parent=self._rows
        )
        await self._done(operation, _all(self.notion.data_sources.query(self._rows, page_size=3)))


async def _all(pager: AsyncIterable[object]) -> list[Thing]:
    return [one async for one in pager if isinstance(one, (Page, Block, Comment))]


MAKING: Final[Mapping[Choice, int]] = {
    Workload.create_page: 3,
    Workload.create_row: 3,
    Workload.append: 5,
    Workload.comment: 3,
}
"""What must not happen twice."""

NAMING: Final[Mapping[Choice, int]] = {Workload.create_named: 1}

EVERYTHING: Final[Mapping[Choice, int]] = {
    **MAKING,
    Workload.append_the_same: 2,
    Workload.rename: 3,
    Workload.rewrite: 3,
    Workload.correct: 2,
    Workload.trash: 4,
    Workload.move: 1,
    Workload.delete_comment: 1,
    Workload.read: 3,
    Workload.list_children: 2,
    Workload.list_comments: 1,
    Workload.query: 1,
}
