"""Beyond the catalogue: two things that go wrong at once, and what proxies do.

Those that are marked as failing show mistakes of the library that are known.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final

import pytest

from notion_async import (
    AsyncClient,
    ConfigurationError,
    NotionError,
    TransportError,
    UnexpectedRedirectError,
    WriteOutcomeUnknown,
)
from notion_async.models import Page
from tests.faults.facing import (
    CALLS,
    CREATES,
    HOME,
    READS,
    append,
    assert_unknown,
    create,
    delete,
    facing,
    outcome,
    read,
    until,
)
from tests.faults.haste import settled
from tests.faults.server import Answer, Exchange, Nemesis, always, first, serving
from tests.faults.strikes import (
    answers,
    done,
    hangs,
    replies,
    resets,
    says,
    says_and_closes,
)
from tests.faults.wire import Reply, bomb, error, failing, framed, http

MIB: Final = 1 << 20
Make = Callable[[AsyncClient], Awaitable[object]]

# --------------------------------------------------------------------------- connections


async def half_closes(exchange: Exchange) -> None:
    """Take the request, answer nothing, and say that nothing will come; but go on to listen."""
    await exchange.request()
    exchange.writer.write_eof()
    await exchange.reader.read(1)
    exchange.close()


@pytest.mark.parametrize("name", READS)
async def test_a_read_to_which_nothing_will_come_is_sent_again(name: str) -> None:
    async with facing(first(half_closes)) as it:
        found = await outcome(READS[name](it.notion))

    assert not isinstance(found, NotionError)
    assert it.asked == 2


@pytest.mark.parametrize("name", CREATES)
async def test_a_create_to_which_nothing_will_come_is_unknown(name: str) -> None:
    async with facing(first(done(half_closes)), hurried=True) as it:
        found = await outcome(CREATES[name](it.notion))

    assert_unknown(found, it)
    assert len(it.writes) == 1


async def answers_and_half_closes(exchange: Exchange) -> None:
    await exchange.say(framed(await exchange.commit()))
    exchange.writer.write_eof()
    await exchange.hang()


async def answers_and_times_out(exchange: Exchange) -> None:
    """Answer, and then complain that nothing more came, as proxies do."""
    await exchange.say(framed(await exchange.commit()))
    await settled()
    late = b"HTTP/1.1 408 Request Time-out\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    await exchange.say(late)
    exchange.close()


def answers_with(**headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return answers(lambda reply: framed(Reply(reply.status, reply.body, named)))


SPENT: Final = {
    "half closed": answers_and_half_closes,
    "408 when idle": answers_and_times_out,
    "said to be closed": answers_with(Connection="close"),
}


@pytest.mark.parametrize("end", SPENT)
@pytest.mark.parametrize("name", CALLS)
async def test_a_connection_that_is_spent_is_not_used_again(name: str, end: str) -> None:
    async with facing(first(SPENT[end])) as it:
        await read(it.notion)
        await settled()
        await settled()
        found = await outcome(CALLS[name](it.notion))

    assert not isinstance(found, NotionError)
    assert [request.connection for request in it.server.arrived] == [1, 2]
    assert len(it.writes) == (name not in READS)


# --------------------------------------------------------------------------- refusals

DATE: Final = {
    "here": timedelta(),
    "an hour ahead": timedelta(hours=1),
    "an hour behind": timedelta(hours=-1),
}


@pytest.mark.parametrize("clock", DATE)
async def test_a_date_to_wait_for_is_one_of_the_servers_clock(clock: str) -> None:
    async def answer(exchange: Exchange) -> None:
        now = datetime.now(UTC) + DATE[clock]
        headers = {
            "Date": format_datetime(now, usegmt=True),
            "Retry-After": format_datetime(now + timedelta(seconds=120), usegmt=True),
        }
        await replies(Reply(429, error(429, "rate_limited").body, headers))(exchange)

    async with facing(first(answer), hurried=True) as it:
        found = await outcome(read(it.notion))

    assert isinstance(found, Page)
    assert len(it.pauses) == 1
    assert it.pauses[0] == pytest.approx(120, abs=20)


@pytest.mark.parametrize("order", [("5", "60"), ("60", "5")])
async def test_of_two_refusals_the_one_that_asks_for_more_holds(order: tuple[str, str]) -> None:
    both_came = asyncio.Event()

    async def busy(exchange: Exchange) -> None:
        request = await exchange.request()
        if request.number == 1:
            both_came.set()
        await both_came.wait()
        if request.number == 1:
            await settled()  # so that the other one is read first
        await exchange.say(framed(error(429, "rate_limited", retry_after=order[request.number])))

    told: list[object] = []
    async with facing(always(busy), hooks=[told.append]) as it:
        calls = [asyncio.ensure_future(outcome(read(it.notion))) for _ in range(2)]
        await until(lambda: len(told) == 2)
        await settled()

        assert it.notion.paused_for > 30
        assert it.asked == 2
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)


BUSY: Final = error(429, "rate_limited").body


def busy(status: int, body: bytes, **headers: str) -> bytes:
    """Return a refusal for a minute, that many bytes of which come."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return http(body, status=status, headers=f"Retry-After: 60\r\n{lines}", length=len(BUSY))


BROKEN: Final[dict[str, Callable[[int], Answer]]] = {
    "cut": lambda status: says_and_closes(busy(status, BUSY[:20])),
    "reset": lambda status: resets(busy(status, BUSY[:20])),
    "said to be gzip": lambda status: says(busy(status, BUSY, Content_Encoding="gzip")),
}
IN_HALVES: Final[dict[str, Callable[[int], Answer]]] = {
    **BROKEN,
    "stalled": lambda status: hangs(busy(status, BUSY[:20])),
}
WHOLE: Final[dict[str, Callable[[int], Answer]]] = {
    "HTML": lambda status: replies(Reply(status, b"<html>", {"Retry-After": "60"})),
    "empty": lambda status: replies(Reply(status, b"", {"Retry-After": "60"})),
    "a page": lambda status: answers(
        lambda reply: framed(Reply(status, reply.body, {"Retry-After": "60"}))
    ),
}


ODD_REFUSALS: Final = {**WHOLE, **BROKEN}


@pytest.mark.parametrize("status", [429, 529])
@pytest.mark.parametrize("body", ODD_REFUSALS)
async def test_a_pause_is_kept_whatever_else_is_said_or_lost(body: str, status: int) -> None:
    async with facing(first(ODD_REFUSALS[body](status)), hurried=True) as it:
        found = await outcome(read(it.notion))

    assert isinstance(found, Page)
    refused, after = it.server.arrived
    assert after.at - refused.at >= 60


@pytest.mark.parametrize("status", [429, 529])
@pytest.mark.parametrize("body", IN_HALVES)
async def test_a_create_that_was_refused_in_half_an_answer_is_done_once_or_unknown(
    body: str, status: int
) -> None:
    async with facing(first(IN_HALVES[body](status)), hurried=True) as it:
        found = await outcome(create(it.notion))

    assert isinstance(found, (Page, WriteOutcomeUnknown))
    assert len(it.writes) == isinstance(found, Page)


@pytest.mark.parametrize("refusal", [error(409, "conflict_error"), error(429, "rate_limited")])
@pytest.mark.parametrize("name", CREATES)
async def test_a_create_that_is_refused_and_then_lost_is_unknown(
    name: str, refusal: Reply
) -> None:
    async with facing(first(replies(refusal), done(resets())), hurried=True) as it:
        found = await outcome(CREATES[name](it.notion))

    if isinstance(found, NotionError):
        assert isinstance(found, WriteOutcomeUnknown)
        assert found.attempts == 2
    assert it.sent_writes == 2
    assert len(it.writes) == 1


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_failure_may_say_how_long_to_wait(status: int) -> None:
    nemesis = first(replies(error(status, "internal_server_error", retry_after="60")))
    async with facing(nemesis, hurried=True) as it:
        found = await outcome(read(it.notion))

    assert isinstance(found, Page)
    failed, after = it.server.arrived
    assert after.at - failed.at >= 60


# --------------------------------------------------------------------------- successes, perhaps


@pytest.mark.parametrize("status", [500, 503, 504])
@pytest.mark.parametrize("make", [create, append, delete])
async def test_a_failure_that_is_too_large_leaves_a_write_in_doubt(
    make: Make, status: int
) -> None:
    large = bomb(2 * MIB).replace(b"200", str(status).encode(), 1)
    nemesis = first(done(says(large)))
    async with facing(nemesis, max_response_bytes=MIB, hurried=True) as it:
        found = await outcome(make(it.notion))

    assert not isinstance(found, NotionError) or isinstance(found, WriteOutcomeUnknown)
    assert len(it.writes) == 1


ODD_IDS: Final[tuple[object, ...]] = (
    5,
    None,
    "",
    "x",
    "../users/me",
    "%2e%2e/users",
    "é",
    [],
    {"a": 1},
    "x" * 9999,
)


@pytest.mark.parametrize("odd", ODD_IDS, ids=lambda odd: str(odd)[:20])
async def test_an_id_that_is_none_is_not_asked_for(odd: object) -> None:
    failure = failing(503, "service_unavailable", committed_resource_id=odd, retry_guidance=["x"])
    async with facing(first(done(replies(failure))), hurried=True) as it:
        found = await outcome(create(it.notion))

    assert isinstance(found, WriteOutcomeUnknown)
    assert it.asked == 1
    assert len(it.writes) == 1


@pytest.mark.parametrize("odd", ODD_IDS, ids=lambda odd: str(odd)[:20])
@pytest.mark.parametrize("listed", [True, False])
async def test_nor_is_one_of_a_block(odd: object, listed: bool) -> None:
    failure = failing(
        503,
        "service_unavailable",
        committed_resource_id=HOME,
        committed_child_ids=[odd] if listed else odd,
        retry_guidance=["x"],
    )
    async with facing(first(done(replies(failure))), hurried=True) as it:
        found = await outcome(append(it.notion))

    assert_unknown(found, it)
    paths = {request.target.partition("?")[0] for request in it.server.arrived}
    assert paths <= {f"/v1/blocks/{HOME}", f"/v1/blocks/{HOME}/children", "/v1/users/me"}


@pytest.mark.parametrize("lost", [resets(), replies(error(404, "object_not_found")), hangs()])
async def test_what_was_saved_and_cannot_be_read_is_unknown_with_its_id(lost: Answer) -> None:
    saved: list[str] = []

    async def answer(exchange: Exchange) -> None:
        saved.append(json.loads((await exchange.commit()).body)["id"])
        failure = failing(503, "service_unavailable", committed_resource_id=saved[0])
        await exchange.say(framed(failure))

    async with facing(first(answer, *[lost] * 6), hurried=True) as it:
        found = await outcome(create(it.notion))

    assert isinstance(found, WriteOutcomeUnknown)
    assert found.committed_id == saved[0]
    assert it.sent_writes == 1


# --------------------------------------------------------------------------- to somewhere else


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", [read, create])
async def test_a_redirect_with_a_page_is_no_page(call: Make, status: int) -> None:
    elsewhere = answers(lambda reply: framed(Reply(status, reply.body, {"Location": "/x"})))
    async with facing(first(elsewhere)) as it:
        found = await outcome(call(it.notion))

    assert isinstance(found, UnexpectedRedirectError)
    assert it.asked == 1


async def test_the_body_of_a_redirect_is_not_waited_for() -> None:
    endless = hangs(b"HTTP/1.1 302 X\r\nLocation: /x\r\nContent-Length: 9999999\r\n\r\n")
    async with facing(first(endless)) as it:
        async with asyncio.timeout(30):  # an attempt may take 70
            found = await outcome(read(it.notion))
        again = await outcome(read(it.notion))

    assert isinstance(found, UnexpectedRedirectError)
    assert isinstance(again, Page)
    assert it.server.connections == 2


async def test_a_success_that_names_another_place_is_only_a_success() -> None:
    async with serving(says(http())) as target:
        named = answers_with(Location=target.url, Refresh=f"0; url={target.url}")
        async with facing(always(named)) as it:
            found = [await outcome(read(it.notion)), await outcome(create(it.notion))]

    assert all(isinstance(each, Page) for each in found)
    assert (target.connections, it.asked) == (0, 2)


async def test_a_cookie_is_not_sent_back() -> None:
    async with facing(always(answers_with(Set_Cookie="a=b; Path=/"))) as it:
        for call in CALLS.values():
            await call(it.notion)

    assert not any("cookie" in request.headers for request in it.server.arrived)


# --------------------------------------------------------------------------- closed meanwhile


PAUSES: Final[dict[str, Nemesis]] = {
    "a pause": always(replies(error(429, "rate_limited", retry_after="60"))),
    "a pause after a failure": always(replies(error(503, "unavailable", retry_after="60"))),
}


@pytest.mark.parametrize("pause", PAUSES)
async def test_closing_does_not_wait_for_the_end_of_a_pause(pause: str) -> None:
    async with facing(PAUSES[pause]) as it:
        call = asyncio.ensure_future(outcome(read(it.notion)))
        await it.server.arrivals(1)
        await settled()
        await it.notion.aclose()
        await settled()
        ended = call.done()
        call.cancel()

    assert ended
    assert isinstance(await call, (TransportError, ConfigurationError))
