"""Beyond the catalogue: answers nobody promised, and what may not come of them.

Whatever comes, a call ends soon, with the right object or an error of this library; a write is
not sent twice once it arrived; and the next call is not answered with what was left over.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Mapping

import pytest

from notion_async import (
    APIResponseError,
    InvalidResponseError,
    NotionError,
    RateLimitedError,
    RequestTimeoutError,
    ServiceOverloadError,
    UnexpectedRedirectError,
    ValidationError,
    WriteOutcomeUnknown,
)
from notion_async.models import Page
from notion_async.testing.clock import ManualClock
from tests.clients import virtual_client
from tests.faults.facing import (
    BLOCK,
    HOME,
    LARGE,
    Faced,
    create,
    facing,
    outcome,
    read,
    until,
)
from tests.faults.haste import LONG, passing_time, settled
from tests.faults.oddities import (
    ANOTHER_KIND,
    BODIES,
    CODINGS,
    FRAMES,
    HEADS,
    ODD,
    SURPLUS,
    with_status,
    with_status_line,
)
from tests.faults.server import Answer, Exchange, always, first
from tests.faults.strikes import (
    answers,
    answers_and_closes,
    commits,
    hangs,
    replies,
    says,
    says_early,
)
from tests.faults.wire import error, framed, http
from tests.testing.emulated import page
from tests.transport.tools import Script, ok, refused


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


async def assert_nothing_is_left(it: Faced) -> None:
    """The next calls get their own answers."""
    for _ in range(2):
        found = await outcome(it.notion.blocks.retrieve(BLOCK))
        assert getattr(found, "type", None) == "paragraph", repr(found)
    found = await outcome(read(it.notion))
    assert isinstance(found, Page), repr(found)
    assert (found.id, found.title) == (HOME, "home")


async def concluded(it: Faced, call: Awaitable[object]) -> object:
    """Return what a call comes to: at once, or else with its timeout, and no later."""
    with passing_time() as let_pass:
        task = asyncio.ensure_future(outcome(call))
        await until(lambda: it.server.commits or task.done())
        await settled()
        if not task.done():
            let_pass(LONG)
            await settled()
        assert task.done()
        return await task


@pytest.mark.parametrize("end", ["kept", "closed"])
@pytest.mark.parametrize("name", ODD)
async def test_an_odd_answer_to_a_read_is_the_page_or_an_error(name: str, end: str) -> None:
    odd = answers(ODD[name]) if end == "kept" else answers_and_closes(ODD[name])
    async with facing(first(odd), timeout=LONG, deadline=None) as it:
        found = await concluded(it, read(it.notion.with_options(retry=False)))
        await assert_nothing_is_left(it)

    assert isinstance(found, (NotionError, Page))
    if isinstance(found, Page) and name not in CHANGED:
        assert (found.id, found.title) == (HOME, "home")


CHANGED = ("half a character", "an exponent without end", "a control character")
"""Bodies that are another page, in Notion's words."""


@pytest.mark.parametrize("end", ["kept", "closed"])
@pytest.mark.parametrize("name", ODD)
async def test_an_odd_answer_to_a_create_is_the_page_or_unknown_and_it_is_sent_once(
    name: str, end: str
) -> None:
    odd = answers(ODD[name]) if end == "kept" else answers_and_closes(ODD[name])
    async with facing(first(odd), timeout=LONG, deadline=None) as it:
        found = await concluded(it, create(it.notion))
        pages = it.emulator.truth().pages
        await assert_nothing_is_left(it)

    assert it.sent_writes == len(it.writes) == 1
    if isinstance(found, Page):
        assert found.id in pages
    else:
        unclear = (WriteOutcomeUnknown, APIResponseError, UnexpectedRedirectError)
        assert isinstance(found, unclear), repr(found)


# --------------------------------------------------------------------------- what is left over


def and_then_says(data: bytes, *, later: bool) -> Answer:
    """Answer properly, and then say that, at once or when the answer was read."""

    async def answer(exchange: Exchange) -> None:
        await exchange.say(framed(await exchange.commit()))
        if later:
            for _ in range(5):  # turns of the loop: the answer needs two
                await asyncio.sleep(0)
        await exchange.say(data)

    return answer


@pytest.mark.parametrize("name", SURPLUS)
@pytest.mark.parametrize("later", [True, False])
async def test_what_comes_unasked_is_no_answer_to_the_next_request(name: str, later: bool) -> None:
    async with facing(first(and_then_says(SURPLUS[name], later=later))) as it:
        await read(it.notion)
        await settled()  # so that it arrives, on a connection that is idle by now
        await assert_nothing_is_left(it)
        created = await outcome(create(it.notion))

    assert isinstance(created, Page)
    assert created.id != BLOCK
    assert it.sent_writes == len(it.writes) == 1


@pytest.mark.parametrize("name", SURPLUS)
async def test_what_comes_unasked_is_no_answer_to_a_create(name: str) -> None:
    async with facing(first(and_then_says(SURPLUS[name], later=True))) as it:
        await read(it.notion)
        await settled()
        found = await outcome(create(it.notion))
        pages = it.emulator.truth().pages

    assert it.sent_writes <= 1
    if isinstance(found, Page):
        assert found.id in pages
    else:
        assert isinstance(found, WriteOutcomeUnknown), repr(found)


# --------------------------------------------------------------------------- before it was asked


@pytest.mark.parametrize("close", [True, False])
@pytest.mark.parametrize(
    ("status", "kind"), [(400, ValidationError), (413, APIResponseError), (401, APIResponseError)]
)
async def test_an_answer_before_the_body_was_read_counts(
    status: int, kind: type[Exception], close: bool
) -> None:
    early = says_early(
        framed(error(status, "validation_error" if status == 400 else "")), close=close
    )
    async with facing(first(early)) as it:
        found = await outcome(it.notion.blocks.children.append(HOME, children=LARGE))
        await assert_nothing_is_left(it)

    assert isinstance(found, (kind, WriteOutcomeUnknown))
    assert it.writes == []


async def test_a_success_before_the_body_was_read_is_no_reason_to_send_again() -> None:
    early = says_early(http(b'{"object":"list","results":[]}'), close=True)
    async with facing(first(early)) as it:
        await outcome(it.notion.blocks.children.append(HOME, children=LARGE))

    assert sum(one.method == "PATCH" for one in (*it.server.arrived, *it.server.partial)) == 1


# --------------------------------------------------------------------------- how long to wait

NO_NUMBERS = [
    *("-1", "1e400", "NaN", "inf", "", " ", "abc", "0x10", "1_0", "\u0661", "1, 2", "9" * 400),
    *("Mon, 01 Jan 2001 00:00:00 GMT", "Mon, 99 Foo 2001 00:00:00 GMT", "Mon, 01 Jan 2001"),
    "Fri, 31 Dec 9999 23:59:59 -2359",
]


@pytest.mark.parametrize("status", [429, 529])
@pytest.mark.parametrize("where", ["header", "body"])
@pytest.mark.parametrize("text", NO_NUMBERS)
async def test_a_pause_that_is_no_number_is_a_back_off(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock, text: str, where: str, status: int
) -> None:
    code = "rate_limited" if status == 429 else "service_overload"
    headers = {"retry-after": text} if where == "header" else {}
    additional = {"retry_after": text} if where == "body" else None
    busy = refused(status, code, headers=headers, additional_data=additional)
    script = Script(clock, busy, ok(json.dumps(page("home")).encode()))
    notion = virtual_client(monkeypatch, clock, script)

    task = asyncio.ensure_future(outcome(read(notion)))
    await clock.run(until=task)
    found = await task

    if isinstance(found, (RateLimitedError, ServiceOverloadError)):
        assert text.startswith("Fri, 31 Dec 9999")  # a date, and too far away
        assert found.stop_reason == "retry_after_too_long"
    else:
        assert isinstance(found, Page), repr(found)
        assert script.sent_at[1] <= 31


@pytest.mark.parametrize("text", ["1.5", "1", "01", " 1 "])
async def test_a_pause_that_is_a_number_is_kept(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock, text: str
) -> None:
    busy = refused(429, "rate_limited", headers={"retry-after": text})
    script = Script(clock, busy, ok(json.dumps(page("home")).encode()))
    notion = virtual_client(monkeypatch, clock, script)

    task = asyncio.ensure_future(outcome(read(notion)))
    await clock.run(until=task)

    assert isinstance(await task, Page)
    assert float(text) <= script.sent_at[1] <= float(text) + 0.75


@pytest.mark.parametrize("seconds", ["86400", "99999999999"])
async def test_a_pause_without_end_fails_at_once_where_there_is_a_deadline(seconds: str) -> None:
    nemesis = first(replies(error(429, "rate_limited", retry_after=seconds)))
    async with facing(nemesis, deadline=300.0, hurried=True) as it:
        failures = [await outcome(read(it.notion)), await outcome(create(it.notion))]

    assert it.pauses == []
    assert all(isinstance(failure, RateLimitedError) for failure in failures)
    assert it.asked == 1


# --------------------------------------------------------------------------- what it must be

SURE_OF: Mapping[str, tuple[Answer, type[object]]] = {
    "201": (answers(with_status(201)), Page),
    "202": (answers(with_status(202)), Page),
    "299": (answers(with_status(299)), Page),
    "HTTP/1.0": (answers_and_closes(with_status_line(b"HTTP/1.0 200 OK")), Page),
    "100 first": (answers(HEADS["100 first"]), Page),
    "103 first": (answers(HEADS["103 with headers"]), Page),
    "trailers": (answers(FRAMES["trailers"]), Page),
    "chunks with extensions": (answers(FRAMES["chunks with extensions"]), Page),
    "blanks around it": (answers(BODIES["blanks around it"]), Page),
    "identity": (answers(CODINGS["identity"]), Page),
    "GZIP": (answers(CODINGS["GZIP"]), Page),
    "a surplus answer": (answers(FRAMES["surplus: another answer"]), Page),
    "204": (says(b"HTTP/1.1 204 X\r\n\r\n"), InvalidResponseError),
    "304": (says(b"HTTP/1.1 304 X\r\n\r\n"), UnexpectedRedirectError),
    "an error with a 200": (answers(BODIES["an error with a 200"]), InvalidResponseError),
    "null": (answers(BODIES["null"]), InvalidResponseError),
    "depth": (answers(BODIES["depth"]), InvalidResponseError),
    "length twice, different": (answers(FRAMES["length twice, different"]), NotionError),
    "length below zero": (answers(FRAMES["length below zero"]), NotionError),
    "gzip cut": (answers(CODINGS["gzip cut, in a whole frame"]), NotionError),
    "gzip with a wrong sum": (answers(CODINGS["gzip with a wrong sum"]), NotionError),
    "br that is none": (answers(CODINGS["br that is none"]), NotionError),
}


@pytest.mark.parametrize("name", SURE_OF)
async def test_an_odd_answer_is_what_it_is(name: str) -> None:
    answer, expected = SURE_OF[name]
    async with facing(always(answer), timeout=LONG, deadline=None, retry=False) as it:
        found = await concluded(it, read(it.notion))

    assert isinstance(found, expected), repr(found)


@pytest.mark.parametrize("name", ANOTHER_KIND)
async def test_json_that_is_no_page_is_not_returned_as_one(name: str) -> None:
    async with facing(always(answers(ANOTHER_KIND[name])), retry=False) as it:
        found = await outcome(read(it.notion))
        created = await outcome(create(it.notion))

    assert isinstance(found, InvalidResponseError), repr(found)
    assert isinstance(created, WriteOutcomeUnknown), repr(created)


# --------------------------------------------------------------------------- while it is under way


async def test_a_late_commit_after_a_timeout_is_not_joined_by_another() -> None:
    async with facing(first(commits("after", hangs())), hurried=True) as it:
        found = await outcome(create(it.notion))
        early = len(it.writes)
        await until(lambda: it.writes)

    assert early == 0
    assert isinstance(found, WriteOutcomeUnknown)
    assert isinstance(found.__cause__, RequestTimeoutError)
    assert it.sent_writes == len(it.writes) == 1


async def test_an_answer_whose_headers_come_a_byte_at_a_time_is_read() -> None:
    async def byte_by_byte(exchange: Exchange) -> None:
        for byte in framed(await exchange.commit()):
            await exchange.say(bytes([byte]))
            await asyncio.sleep(0)

    async with facing(first(byte_by_byte)) as it:
        found = await outcome(create(it.notion))

    assert isinstance(found, Page)
    assert len(it.writes) == 1


async def test_many_calls_whose_answers_are_all_odd_end_and_leave_nothing() -> None:
    shapes = iter([*ODD.values()] * 2)

    async def odd(exchange: Exchange) -> None:
        shape = next(shapes, framed)
        await exchange.say(shape(await exchange.commit()))
        exchange.close()

    async with facing(always(odd), timeout=30.0, limiter=None) as it:
        async with asyncio.timeout(30):
            found = await asyncio.gather(*(outcome(create(it.notion)) for _ in range(200)))
        pages = it.emulator.truth().pages

    successes = [one.id for one in found if isinstance(one, Page)]
    assert len(set(successes)) == len(successes)
    assert set(successes) <= pages
    assert len(it.writes) == it.sent_writes <= 200
