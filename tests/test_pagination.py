"""The pager: every item, once, or an error that says what is missing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import weakref
from collections.abc import Awaitable, Callable

import pytest

from notion_async import IncompleteResult, InvalidCursorError, ObjectList, Pager, PaginationError
from notion_async.models import User
from notion_async.testing import Emulator
from tests.clients import answer, client_of, client_to, listing, sent
from tests.faults.server import serving
from tests.faults.strikes import says
from tests.testing.emulated import person
from tests.transport.tools import settle

INCOMPLETE = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}


def user(name: object) -> dict[str, object]:
    return {"object": "user", "id": str(name)}


class Book:
    """Answers by cursor: what a server would say, and a log of what it was asked."""

    def __init__(self, *answers: dict[str, object]) -> None:
        self.answers = list(answers)
        self.asked: list[str | None] = []

    async def fetch(self, cursor: str | None) -> ObjectList[User]:
        self.asked.append(cursor)
        said = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return ObjectList.of(json.dumps(said).encode(), User.from_json)

    def pager(self, start_cursor: str | None = None) -> Pager[User]:
        return Pager(self.fetch, start_cursor)


class Kept:
    """Something that can be seen to be gone."""


def numbered(count: int) -> Callable[[str | None], dict[str, object]]:
    """Return answers of one item each, so many of them; the cursor is the number."""

    def at(cursor: str | None) -> dict[str, object]:
        number = int(cursor or 0)
        following = None if number == count - 1 else str(number + 1)
        return listing(user(number), cursor=following)

    return at


THREE = (
    listing(user("a"), user("b"), cursor="1"),
    listing(user("c"), cursor="2"),
    listing(user("d")),
)


async def ids(pager: Pager[User]) -> list[str]:
    return [item.id async for item in pager]


async def read(pager: Pager[User], found: list[str]) -> None:
    """Add the ids of items to `found`, as far as they come."""
    async for item in pager:
        found += [item.id]


# --- ways to read ---


async def test_awaited_it_is_one_answer() -> None:
    book = Book(*THREE)

    first = await book.pager()

    assert [item.id for item in first] == ["a", "b"]
    assert (first.has_more, first.next_cursor) == (True, "1")
    assert book.asked == [None]


async def test_iterated_it_is_every_item() -> None:
    book = Book(*THREE)

    assert await ids(book.pager()) == ["a", "b", "c", "d"]
    assert book.asked == [None, "1", "2"]


async def test_by_answers_each_has_the_cursor_to_resume_from() -> None:
    book = Book(*THREE)

    answers = [answer async for answer in book.pager().pages()]

    assert [answer.next_cursor for answer in answers] == ["1", "2", None]


async def test_collected_it_is_a_list() -> None:
    assert [item.id for item in await Book(*THREE).pager().collect()] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("limit", "found", "asked"),
    [(0, 0, 0), (-1, 0, 0), (1, 1, 1), (2, 2, 1), (3, 3, 2), (4, 4, 3), (9, 4, 3)],
)
async def test_a_limit_asks_for_no_more_than_it_needs(limit: int, found: int, asked: int) -> None:
    book = Book(*THREE)

    items = await book.pager().collect(limit=limit)

    assert len(items) == found
    assert len(book.asked) == asked


async def test_the_first_item_takes_one_request() -> None:
    book = Book(*THREE)

    first = await book.pager().first()

    assert first is not None
    assert first.id == "a"
    assert book.asked == [None]


async def test_of_nothing_there_is_no_first() -> None:
    assert await Book(listing()).pager().first() is None
    assert await Book(listing()).pager().collect() == []


async def test_it_starts_from_a_cursor_and_remembers_it() -> None:
    book = Book(THREE[1], THREE[2])
    pager = book.pager("1")

    assert await ids(pager) == ["c", "d"]
    assert pager.start_cursor == "1"
    assert book.asked == ["1", "2"]


async def test_awaited_it_starts_from_its_cursor_too() -> None:
    book = Book(THREE[2])

    await book.pager("2")

    assert book.asked == ["2"]


async def test_nothing_is_sent_before_it_is_read_and_reading_twice_asks_twice() -> None:
    book = Book(listing(user("a")))
    pager = book.pager()
    before = list(book.asked)

    await ids(pager)
    await ids(pager)

    assert before == []
    assert book.asked == [None, None]


async def test_listings_are_read_side_by_side() -> None:
    first, second = await asyncio.gather(Book(*THREE).pager(), Book(*THREE).pager())

    assert len(first) == len(second) == 2


# --- what servers do ---


async def test_an_empty_answer_that_has_more_goes_on() -> None:
    book = Book(listing(cursor="1"), listing(cursor="2"), listing(user("a")))

    assert await ids(book.pager()) == ["a"]


async def test_the_first_item_may_come_in_a_later_answer() -> None:
    first = await Book(listing(cursor="1"), listing(user("a"))).pager().first()

    assert first is not None


async def test_more_without_a_cursor_is_asked_once_more_and_then_an_error() -> None:
    """C01."""
    lost = {**listing(user("b")), "has_more": True}
    book = Book(listing(user("a"), cursor="1"), lost)
    found: list[str] = []

    with pytest.raises(PaginationError, match="not where it goes on"):
        await read(book.pager(), found)

    assert found == ["a"]
    assert book.asked == [None, "1", "1"]


async def test_more_without_a_cursor_may_be_a_passing_mishap() -> None:
    """C01."""
    lost = {**listing(user("a")), "has_more": True}
    book = Book(lost, listing(user("a"), cursor="1"), listing(user("b")))

    assert await ids(book.pager()) == ["a", "b"]


async def test_a_cursor_that_does_not_move_is_an_error() -> None:
    """C02."""
    book = Book(listing(user("a"), cursor="1"), listing(user("b"), cursor="1"))

    with pytest.raises(PaginationError, match="does not move on"):
        await book.pager().collect()

    assert book.asked == [None, "1"]


async def test_a_cursor_that_does_not_move_from_the_start_is_an_error() -> None:
    """C02."""
    book = Book(listing(user("a"), cursor="1"))

    with pytest.raises(PaginationError, match="does not move on"):
        await book.pager("1").collect()

    assert book.asked == ["1"]


@pytest.mark.parametrize("length", [2, 3, 7])
async def test_cursors_that_go_in_a_circle_are_an_error(length: int) -> None:
    """C02."""
    asked: list[str | None] = []

    async def fetch(cursor: str | None) -> ObjectList[User]:
        asked.append(cursor)
        said = listing(cursor=str((int(cursor or 0) + 1) % length))
        return ObjectList.of(json.dumps(said).encode())

    with pytest.raises(PaginationError, match="does not move on"):
        await Pager(fetch).collect()

    assert len(asked) <= 4 * length


async def test_a_cursor_left_over_after_the_end_is_passed_over() -> None:
    """C04."""
    book = Book({**listing(user("a"), cursor="1"), "has_more": False})

    assert await ids(book.pager()) == ["a"]
    assert book.asked == [None]


async def test_an_item_that_comes_twice_is_delivered_twice() -> None:
    """C05: a listing is what Notion sends; `scan` yields each row once."""
    book = Book(listing(user("a"), user("b"), cursor="1"), listing(user("b"), user("c")))

    assert await ids(book.pager()) == ["a", "b", "b", "c"]


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_a_result_that_is_cut_is_delivered_and_then_said_to_be(place: int) -> None:
    """C07."""
    answers = [dict(answer) for answer in THREE]
    answers[place]["request_status"] = INCOMPLETE
    found: list[str] = []

    with pytest.raises(IncompleteResult) as caught:
        await read(Book(*answers).pager(), found)

    assert found == ["a", "b", "c", "d"]
    assert caught.value.yielded == 4
    assert caught.value.reason == "query_result_limit_reached"


async def test_a_result_that_is_cut_is_never_collected_as_if_it_were_whole() -> None:
    """C07."""
    book = Book(listing(user("a"), request_status={"type": "incomplete"}))

    with pytest.raises(IncompleteResult, match="no reason given"):
        await book.pager().collect()
    assert len(await book.pager().collect(limit=1)) == 1


async def test_a_result_that_is_said_to_be_complete_is() -> None:
    book = Book(listing(user("a"), request_status={"type": "complete"}))

    assert await ids(book.pager()) == ["a"]


async def test_an_error_on_the_way_ends_the_listing_and_can_be_resumed() -> None:
    book = Book(*THREE)
    failures = [InvalidCursorError("gone", status=400)]

    async def fetch(cursor: str | None) -> ObjectList[User]:
        if cursor == "2" and failures:
            raise failures.pop()
        return await book.fetch(cursor)

    found: list[str] = []
    cursor: str | None = None
    with contextlib.suppress(InvalidCursorError):
        async for part in Pager(fetch).pages():
            found += [item.id for item in part]
            cursor = part.next_cursor

    assert found == ["a", "b", "c"]
    assert await ids(Pager(fetch, cursor)) == ["d"]


# --- what it costs ---


async def test_many_answers_are_read_without_climbing_the_stack() -> None:
    at = numbered(200)
    depths: list[int] = []

    async def fetch(cursor: str | None) -> ObjectList[User]:
        frame, depth = sys._getframe(), 0
        while (back := frame.f_back) is not None:
            frame, depth = back, depth + 1
        depths.append(depth)
        return ObjectList.of(json.dumps(at(cursor)).encode(), User.from_json)

    items = await Pager(fetch).collect()

    assert [item.id for item in items] == [str(number) for number in range(200)]
    assert len(depths) == 200
    assert len(set(depths)) == 1


async def test_answers_are_let_go_of_as_the_next_ones_come() -> None:
    at = numbered(200)
    tokens: list[weakref.ref[Kept]] = []
    most = 0

    class Watched(ObjectList[User]):
        __slots__ = ("token",)

        token: Kept

    async def fetch(cursor: str | None) -> ObjectList[User]:
        new = Watched.of(json.dumps(at(cursor)).encode(), User.from_json)
        assert isinstance(new, Watched)
        new._fill(token=Kept())
        tokens.append(weakref.ref(new.token))
        return new

    async for _ in Pager(fetch):
        most = max(most, sum(token() is not None for token in tokens))

    assert len(tokens) == 200
    assert most <= 2


async def leave_early(pager: Pager[User]) -> None:
    async for _ in pager:
        break


async def fail_inside(pager: Pager[User]) -> None:
    with contextlib.suppress(ZeroDivisionError):
        async for _ in pager:
            raise ZeroDivisionError


async def take_the_first(pager: Pager[User]) -> None:
    await pager.first()


async def take_a_few(pager: Pager[User]) -> None:
    await pager.collect(limit=3)


@pytest.mark.parametrize("read", [leave_early, fail_inside, take_the_first, take_a_few])
async def test_leaving_early_leaves_nothing_behind(
    read: Callable[[Pager[User]], Awaitable[None]],
) -> None:
    """C14."""
    emulator = Emulator()
    emulator.load([person(f"person {n}") for n in range(20)])
    async with emulator, client_of(emulator) as notion:
        await notion.users.me()  # now a connection is open
        before = asyncio.all_tasks()

        await read(notion.users.list(page_size=2))
        await settle()

        assert asyncio.all_tasks() <= before
        assert notion.limiter is not None
        assert (notion.limiter.in_flight, notion.limiter.waiting) == (0, 0)
        assert emulator.requests <= 3
        await notion.users.me()  # and it still is, for others


@pytest.mark.parametrize("take", [take_the_first, take_a_few])
async def test_what_was_begun_is_ended_and_not_left_to_the_garbage_collector(
    take: Callable[[Pager[User]], Awaitable[None]],
) -> None:
    """Else the event loop makes a task for it."""
    hooks = sys.get_asyncgen_hooks()
    left: list[object] = []
    sys.set_asyncgen_hooks(finalizer=left.append)
    try:
        await take(Book(*THREE).pager())
    finally:
        sys.set_asyncgen_hooks(*hooks)

    assert left == []


async def test_leaving_early_leaves_no_connection_busy() -> None:
    """C14."""
    more = answer(listing(user("a"), user("b"), cursor="1"))
    async with serving(says(more)) as server, client_to(server) as notion:
        for _ in range(10):
            await leave_early(notion.users.list())

    assert server.connections == 1
    assert len(server.requests) == 10


async def test_over_sockets_every_item_comes_once_in_order() -> None:
    emulator = Emulator()
    emulator.load([person(f"person {n}") for n in range(25)])
    async with emulator, client_of(emulator) as notion:
        found = await ids(notion.users.list(page_size=10))
        last = [part.next_cursor async for part in notion.users.list(page_size=10).pages()][1]
        rest = await ids(notion.users.list(start_cursor=last, page_size=10))

    assert len(found) == len(set(found)) == 26
    assert rest == found[20:]


async def test_the_cursor_goes_where_the_endpoint_wants_it() -> None:
    answers = (answer(listing(user("a"), cursor="c&=1")), answer(listing()))
    async with serving(*map(says, answers * 2)) as server, client_to(server) as notion:
        await notion.users.list(page_size=1).collect()
        await notion.search("x", page_size=1).collect()

    asked = [sent(request) for request in server.requests]
    assert [request.query for request in asked] == [
        [("page_size", "1")],
        [("page_size", "1"), ("start_cursor", "c&=1")],
        [],
        [],
    ]
    assert [request.body for request in asked] == [
        None,
        None,
        {"query": "x", "page_size": 1},
        {"query": "x", "page_size": 1, "start_cursor": "c&=1"},
    ]
