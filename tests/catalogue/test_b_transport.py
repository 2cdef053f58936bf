"""The catalogue, part B: what the network and the event loop do.  Each test has its number."""

from __future__ import annotations

import asyncio
import functools
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from notion_async import (
    AsyncClient,
    ConnectError,
    ConnectionLostError,
    NotionError,
    RequestTimeoutError,
    WriteOutcomeUnknown,
)
from notion_async import client as client_module
from notion_async.errors import DeadlineExceededError
from notion_async.models import Page
from notion_async.testing.clock import ManualClock
from notion_async.transport.aiohttp import AiohttpTransport
from notion_async.transport.hooks import AttemptRecord, CallRecord
from notion_async.transport.retry import RetryPolicy
from tests.faults.facing import (
    AT_ONCE,
    CALLS,
    CREATES,
    HOME,
    LARGE,
    READS,
    assert_unknown,
    create,
    facing,
    outcome,
    read,
    until,
)
from tests.faults.haste import LONG, passing_time, settled
from tests.faults.server import (
    Answer,
    Exchange,
    FaultServer,
    always,
    first,
    free_port,
    full_backlog,
    on_connections,
)
from tests.faults.strikes import (
    answers_and_closes,
    answers_and_hangs,
    commits,
    drips,
    greets,
    hangs,
    never_reads,
    resets,
    says_and_closes,
    unread_close,
    unread_reset,
)
from tests.faults.wire import ENDLESS, ENDLESS_CHUNKS, Reply, framed, head, in_chunks
from tests.transport.test_aiohttp import self_signed

Record = AttemptRecord | CallRecord


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


# ------------------------------------------------------------------------------ never connected


@pytest.mark.parametrize("name", CALLS)
async def test_b01_what_was_refused_is_sent_when_somebody_listens_again(name: str) -> None:
    failed = asyncio.Event()

    def note(record: Record) -> None:
        if isinstance(record, AttemptRecord) and record.error == "ConnectError":
            failed.set()

    patient = RetryPolicy(base=0.05, cap=0.05, spread=0.0)
    async with facing(retry=patient, hooks=[note]) as it:
        await it.server.refuse()
        call = asyncio.ensure_future(outcome(CALLS[name](it.notion)))
        await failed.wait()
        await it.server.start()
        found = await call

    assert not isinstance(found, NotionError)
    assert it.asked == 1
    assert len(it.writes) == (name not in READS)


@pytest.mark.parametrize("name", CALLS)
async def test_b01_where_nobody_listens_nothing_was_sent(name: str) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    async with AsyncClient("ntn_test_canary", base_url=address, retry=AT_ONCE) as notion:
        failure = await outcome(CALLS[name](notion))

    assert isinstance(failure, ConnectError)
    assert not failure.sent
    assert (failure.attempts, failure.stop_reason) == (6, "attempts")


@pytest.mark.parametrize("name", CALLS)
async def test_b01_a_name_that_is_not_found_is_looked_up_again(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    look_up, failures = loop.getaddrinfo, iter([socket.gaierror(-3, "try again")] * 2)

    async def failing(*args: object, **options: object) -> object:
        for failure in failures:
            raise failure
        return await look_up(*args, **options)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(loop, "getaddrinfo", failing)
    async with facing() as it:
        address = it.server.base_url.replace("127.0.0.1", "localhost")
        async with it.client(base_url=address, retry=AT_ONCE) as notion:
            found = await outcome(CALLS[name](notion))

    assert not isinstance(found, NotionError)
    assert it.asked == 1


async def test_b01_a_name_that_nobody_has_is_an_error_to_connect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def failing(*_: object, **__: object) -> object:
        raise socket.gaierror(-2, "name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", failing)
    address = "https://notion.invalid"
    async with AsyncClient("ntn_test_canary", base_url=address, retry=AT_ONCE) as notion:
        failure = await outcome(create(notion))

    assert isinstance(failure, ConnectError)
    assert failure.attempts == 6


@pytest.mark.parametrize("name", CALLS)
async def test_b01_connecting_may_take_too_long(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = functools.partial(AiohttpTransport, connect_timeout=0.05)
    monkeypatch.setattr(client_module, "AiohttpTransport", quick)
    twice = RetryPolicy(attempts=2, base=0.0)
    with full_backlog() as port:
        address = f"http://127.0.0.1:{port}"
        async with AsyncClient("ntn_test_canary", base_url=address, retry=twice) as notion:
            failure = await outcome(CALLS[name](notion))

    assert isinstance(failure, ConnectError)
    assert not failure.sent
    assert failure.attempts == 2


@pytest.mark.parametrize("name", CALLS)
async def test_b02_a_bad_certificate_is_not_tried_again(name: str, tmp_path: Path) -> None:
    async with (
        FaultServer(tls=self_signed(tmp_path)) as server,
        AsyncClient("ntn_test_canary", base_url=server.base_url, retry=AT_ONCE) as notion,
    ):
        failure = await outcome(CALLS[name](notion))

    assert isinstance(failure, ConnectError)
    assert failure.permanent
    assert (failure.attempts, failure.sent) == (1, False)
    assert server.begun == 0


@pytest.mark.parametrize(
    "breaks",
    [unread_reset, unread_close, greets(b"HTTP/1.1 400 X\r\n\r\n"), greets(bytes(100))],
    ids=["reset", "closed", "no TLS", "garbage"],
)
@pytest.mark.parametrize("call", [read, create])
async def test_b02_a_handshake_that_breaks_is_tried_again(
    call: Callable[[AsyncClient], Awaitable[object]], breaks: Answer
) -> None:
    async with FaultServer(nemesis=on_connections(*[breaks] * 6)) as server:
        address = server.base_url.replace("http:", "https:")
        async with AsyncClient("ntn_test_canary", base_url=address, retry=AT_ONCE) as notion:
            failure = await outcome(call(notion))

    assert isinstance(failure, ConnectError)
    assert not failure.permanent
    assert (failure.attempts, server.connections, failure.sent) == (6, 6, False)


# ------------------------------------------------------------------------------ lost on the way

ENDS = {
    "reset": resets(),
    "closed": says_and_closes(b""),
    "reset unread": unread_reset,
    "closed unread": unread_close,
}


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "new"])
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("name", READS)
async def test_b03_a_read_whose_connection_ends_is_sent_again(
    name: str, end: str, kept: bool
) -> None:
    nemesis = first(*([None] if kept else []), ENDS[end], ENDS[end])
    async with facing(nemesis) as it:
        if kept:
            await read(it.notion)
        before = it.asked
        found = await outcome(READS[name](it.notion))

    assert not isinstance(found, NotionError)
    assert it.asked - before == 3


async def test_b03_a_connection_that_ends_when_it_is_accepted_is_no_harm() -> None:
    async with facing(on_connections(unread_reset, unread_close)) as it:
        found = await outcome(read(it.notion))

    assert isinstance(found, Page)
    assert it.asked == 1


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "new"])
@pytest.mark.parametrize("first_of_all", ["before", "after", "never"])
@pytest.mark.parametrize("end", ["reset", "closed"])
@pytest.mark.parametrize("name", CREATES)
async def test_b04_a_create_whose_connection_ends_is_unknown_and_not_sent_again(
    name: str, end: str, first_of_all: str, kept: bool
) -> None:
    lost = commits(first_of_all, ENDS[end])  # type: ignore[arg-type]  # one of the three
    nemesis = first(*([None] if kept else []), lost)
    async with facing(nemesis, hurried=True) as it:
        if kept:
            await read(it.notion)
        found = await outcome(CREATES[name](it.notion))
        if first_of_all == "after":
            await until(lambda: it.writes)

    unknown = assert_unknown(found, it)
    assert unknown is None or isinstance(unknown.__cause__, ConnectionLostError)
    assert len(it.writes) == (first_of_all != "never")


@pytest.mark.parametrize("end", ["reset unread", "closed unread"])
async def test_b04_nor_is_one_that_may_have_been_read(end: str) -> None:
    async with facing(first(ENDS[end])) as it:
        found = await outcome(create(it.notion))

    assert isinstance(found, WriteOutcomeUnknown)
    assert it.asked == 1
    assert it.writes == []


def _short(reply: Reply) -> bytes:
    return framed(reply)[:-10]


def _no_last_chunk(reply: Reply) -> bytes:
    return in_chunks(reply)[:-5]


def _within_a_chunk(reply: Reply) -> bytes:
    return in_chunks(reply)[:-9]


BODIES = {
    "length": answers_and_closes(_short),
    "length, reset": answers_and_closes(_short, reset=True),
    "no last chunk": answers_and_closes(_no_last_chunk),
    "chunk": answers_and_closes(_within_a_chunk),
    "chunk, reset": answers_and_closes(_within_a_chunk, reset=True),
}


@pytest.mark.parametrize("cut", BODIES)
@pytest.mark.parametrize("name", READS)
async def test_b06_a_read_whose_answer_is_cut_is_sent_again(name: str, cut: str) -> None:
    async with facing(first(BODIES[cut])) as it:
        found = await outcome(READS[name](it.notion))

    assert not isinstance(found, NotionError)
    assert it.asked == 2


@pytest.mark.parametrize("cut", BODIES)
@pytest.mark.parametrize("name", CREATES)
async def test_b06_a_create_whose_answer_is_cut_is_unknown_but_was_a_success(
    name: str, cut: str
) -> None:
    async with facing(first(BODIES[cut])) as it:
        found = await outcome(CREATES[name](it.notion))

    unknown = assert_unknown(found, it)
    assert unknown is None or unknown.status == 200
    assert len(it.writes) == 1


# ------------------------------------------------------------------------------ too slow

STALLS = {
    "no answer": hangs(),
    "within the status line": hangs(b"HTTP/1.1 2"),
    "within the headers": hangs(b"HTTP/1.1 200 OK\r\nContent-"),
    "before the body": hangs(head(200, {"Content-Length": 2})),
    "within the body": hangs(ENDLESS),
    "within a chunk": hangs(ENDLESS_CHUNKS),
    "before the last chunk": answers_and_hangs(_no_last_chunk),
    "only interim answers": hangs(b"HTTP/1.1 102 Processing\r\n\r\n"),
}
DRIPS = {
    "headers": drips(b"HTTP/1.1 200 OK\r\nX-A: "),
    "body": drips(ENDLESS),
    "chunk": drips(ENDLESS_CHUNKS),
}
SLOW: Mapping[str, Answer] = {
    **STALLS,
    **{f"dripping {where}": answer for where, answer in DRIPS.items()},
}


@pytest.mark.parametrize("slow", SLOW)
async def test_b07_b08_an_answer_without_end_ends_with_the_timeout(slow: str) -> None:
    async with facing(first(None, SLOW[slow]), timeout=LONG, deadline=None) as it:
        await read(it.notion)
        with passing_time() as let_pass:
            call = asyncio.ensure_future(outcome(read(it.notion.with_options(retry=False))))
            await it.server.stalled.wait()
            await settled()
            let_pass(LONG / 2)
            await settled()
            assert not call.done()  # no sooner

            let_pass(LONG / 2)
            await settled()
            assert call.done()  # and no later
            failure = await call
            again = await outcome(read(it.notion))

    assert isinstance(failure, RequestTimeoutError)
    assert failure.elapsed >= LONG
    assert isinstance(again, Page)
    assert it.server.connections == 2  # the one that stalled is not used again


async def test_b07_a_server_that_takes_nothing_ends_with_the_timeout() -> None:
    nemesis = on_connections(never_reads)
    async with facing(nemesis, room=4096, retry=False, hurried=True) as it:
        failure = await outcome(it.notion.blocks.children.append(HOME, children=LARGE))

    assert isinstance(failure, WriteOutcomeUnknown)
    assert isinstance(failure.__cause__, RequestTimeoutError)
    assert it.writes == []


@pytest.mark.parametrize("slow", SLOW)
async def test_b07_b08_a_read_is_sent_again(slow: str) -> None:
    nemesis = first(SLOW[slow])
    async with facing(nemesis, hurried=True) as it:
        found = await outcome(read(it.notion))

    assert isinstance(found, Page)
    assert it.asked == 2


@pytest.mark.parametrize("slow", SLOW)
async def test_b07_b08_a_create_is_not(slow: str) -> None:
    nemesis = first(commits("after", SLOW[slow]))
    async with facing(nemesis, hurried=True) as it:
        found = await outcome(create(it.notion))

    assert isinstance(found, WriteOutcomeUnknown)
    assert isinstance(found.__cause__, RequestTimeoutError)
    assert it.sent_writes == 1


@pytest.mark.parametrize("slow", SLOW)
async def test_b07_b08_the_deadline_ends_it_as_well(slow: str) -> None:
    deadline = 2.5 * LONG
    async with facing(always(SLOW[slow]), timeout=LONG, deadline=deadline, limiter=None) as it:
        with passing_time() as let_pass:
            call = asyncio.ensure_future(outcome(read(it.notion)))
            for seconds in (LONG, LONG, 0.5 * LONG):
                await it.server.stalled.wait()
                it.server.stalled.clear()
                await settled()
                assert not call.done()
                let_pass(seconds)
            await settled()
            assert call.done()
            failure = await call

    assert isinstance(failure, (DeadlineExceededError, RequestTimeoutError))
    assert failure.stop_reason == "deadline"
    assert failure.elapsed >= deadline
    assert it.asked == 3


# ------------------------------------------------------------------------------ kept too long


@pytest.mark.parametrize("end", ["reset unread", "closed unread"])
@pytest.mark.parametrize("name", CREATES)
async def test_b09_a_kept_connection_that_ends_as_a_create_is_written_leads_to_no_second_one(
    name: str, end: str
) -> None:
    async with facing(first(None, ENDS[end]), hurried=True) as it:
        await read(it.notion)
        found = await outcome(CREATES[name](it.notion))

    assert isinstance(found, WriteOutcomeUnknown)
    assert sum(one.method != "GET" for one in it.server.partial) == 1
    assert it.sent_writes == len(it.writes) == 0


async def test_b09_a_connection_that_was_closed_while_idle_is_not_written_to() -> None:
    async def answers_then_leaves(exchange: Exchange) -> None:
        await exchange.say(framed(await exchange.commit()))
        exchange.close()

    async with facing(first(answers_then_leaves)) as it:
        await read(it.notion)
        await it.server.idle()
        await settled()  # so that its end arrives
        found = await outcome(create(it.notion))

    assert isinstance(found, Page)
    assert len(it.writes) == 1


@pytest.mark.parametrize("name", CREATES)
async def test_b09_a_connection_that_was_idle_for_long_is_not_used_for_a_create(
    name: str,
) -> None:
    async with facing() as it:
        await read(it.notion)
        with passing_time() as let_pass:
            let_pass(20)
            found = await outcome(CREATES[name](it.notion))

    assert not isinstance(found, NotionError)
    assert [request.connection for request in it.server.arrived] == [1, 2]
    assert len(it.writes) == 1
