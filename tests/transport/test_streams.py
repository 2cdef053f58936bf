"""Answers that are read while they come: opened once, closed in time, never repeated."""

from __future__ import annotations

import asyncio

import pytest

from notion_async import AsyncClient, endpoints
from notion_async.errors import (
    APIResponseError,
    ConnectionLostError,
    InvalidResponseError,
    RequestTimeoutError,
    UnexpectedRedirectError,
    WriteOutcomeUnknown,
)
from notion_async.transport.aiohttp import AiohttpTransport
from notion_async.transport.hooks import AttemptRecord, CallRecord
from notion_async.transport.message import Request, Response, Stream
from tests.clients import answer, client_to
from tests.faults.server import Answer, Exchange, FaultServer, on_connections, serving
from tests.faults.strikes import drips, hangs, never_reads, resets, says
from tests.faults.wire import chunked, http
from tests.transport.test_aiohttp import assert_clean
from tests.transport.tools import TOKEN

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
EVENTS = says(
    chunked(b"data: 1\n\n", b"data: 2\n\n", headers="Content-Type: text/event-stream\r\n")
)


def to(server: FaultServer) -> Request:
    return Request("POST", server.url, {"Authorization": f"Bearer {TOKEN}"}, b"{}")


async def opened(transport: AiohttpTransport, server: FaultServer, timeout: float = 5.0) -> Stream:
    found = await transport.open(to(server), timeout=timeout)
    assert not isinstance(found, Response)
    return found


async def test_a_stream_is_read_as_it_comes() -> None:
    async with serving(says(HEAD + b"3\r\nabc\r\n")) as server:
        transport = AiohttpTransport()
        stream = await opened(transport, server)

        assert stream.status == 200
        assert stream.headers["content-type"] == "text/event-stream"
        assert await anext(aiter(stream)) == b"abc"

        await stream.aclose()
        await stream.aclose()
        await transport.aclose()


async def test_a_stream_that_is_closed_early_leaves_no_connection() -> None:
    gone = asyncio.Event()

    async def endless(exchange: Exchange) -> None:
        await exchange.request()
        exchange.writer.write(HEAD)
        while not exchange.writer.is_closing():
            try:
                await exchange.say(b"1\r\nx\r\n")
            except ConnectionError:
                break
            await asyncio.sleep(0)
        gone.set()

    async with serving(endless) as server:
        transport = AiohttpTransport()
        stream = await opened(transport, server)
        await anext(aiter(stream))

        await stream.aclose()

        await asyncio.wait_for(gone.wait(), 5)
        await transport.aclose()


@pytest.mark.parametrize(
    ("ends", "error"),
    [(resets(HEAD + b"1\r\nx\r\n"), ConnectionLostError), (hangs(HEAD), RequestTimeoutError)],
)
async def test_a_stream_that_breaks_off_says_so(ends: Answer, error: type[Exception]) -> None:
    async with serving(ends) as server:
        transport = AiohttpTransport()
        stream = await opened(transport, server, timeout=0.2)

        with pytest.raises(error) as caught:
            async for _ in stream:
                pass

        assert_clean(caught.value)
        await transport.aclose()


async def test_what_is_no_success_comes_whole() -> None:
    async with serving(says(http(b'{"object":"error"}', status=400))) as server:
        transport = AiohttpTransport()

        found = await transport.open(to(server), timeout=5)

        assert isinstance(found, Response)
        assert (found.status, found.body) == (400, b'{"object":"error"}')
        await transport.aclose()


@pytest.mark.parametrize(
    ("ends", "error"),
    [
        (says(http(status=307, headers="Location: /x\r\n")), UnexpectedRedirectError),
        (resets(), ConnectionLostError),
        (hangs(), RequestTimeoutError),
        (drips(b"HTTP/1.1 200 OK\r\nX-Slow: "), RequestTimeoutError),
    ],
)
async def test_a_stream_that_does_not_open_says_why(ends: Answer, error: type[Exception]) -> None:
    async with serving(ends) as server:
        transport = AiohttpTransport()

        with pytest.raises(error) as caught:
            await transport.open(to(server), timeout=0.2)

        assert_clean(caught.value)
        await transport.aclose()


async def test_a_failure_whose_body_drips_is_known_by_its_head() -> None:
    async with serving(drips(b"HTTP/1.1 500 No\r\nContent-Length: 100000\r\n\r\n")) as server:
        transport = AiohttpTransport()

        answer = await transport.open(to(server), timeout=0.2)

        assert isinstance(answer, Response)
        assert (answer.status, answer.body) == (500, b"")
        await transport.aclose()


async def test_a_server_that_takes_nothing_does_not_hold_up_a_stream() -> None:
    async with FaultServer(nemesis=on_connections(never_reads), room=4096) as server:
        transport = AiohttpTransport()
        large = Request("POST", server.url, {}, bytes(8 << 20))

        with pytest.raises(RequestTimeoutError):
            await transport.open(large, timeout=0.2)

        await transport.aclose()


async def test_who_reads_a_stream_learns_that_the_client_is_closed() -> None:
    async with serving(hangs(HEAD)) as server:
        transport = AiohttpTransport()
        stream = await opened(transport, server, timeout=60.0)
        reading = asyncio.ensure_future(anext(aiter(stream)))
        await asyncio.sleep(0)

        await transport.aclose()

        with pytest.raises(ConnectionLostError):
            await asyncio.wait_for(reading, 5)


async def read(notion: AsyncClient) -> bytes:
    sender = notion._sender
    async with sender.stream(endpoints.SESSIONS_STREAM, {}, body={"message": "hi"}) as chunks:
        return b"".join([chunk async for chunk in chunks])


async def test_the_pipeline_opens_a_stream_after_a_refusal() -> None:
    records: list[AttemptRecord | CallRecord] = []
    busy = says(answer({"object": "error", "code": "rate_limited"}, 429, "Retry-After: 0\r\n"))
    async with serving(busy, EVENTS) as server, client_to(server, hooks=[records.append]) as it:
        body = await read(it)

    assert body == b"data: 1\n\ndata: 2\n\n"
    assert len(server.requests) == 2
    assert b"Accept: text/event-stream" in server.requests[1]
    assert [type(record).__name__ for record in records] == [
        "AttemptRecord",
        "AttemptRecord",
        "CallRecord",
    ]


async def test_the_deadline_is_for_the_beginning_not_for_the_pauses_after_it() -> None:
    async def late(exchange: Exchange) -> None:
        await exchange.request()
        await exchange.say(HEAD)
        await asyncio.sleep(0.4)
        await exchange.say(b"9\r\ndata: 1\n\n\r\n0\r\n\r\n")

    async with serving(late) as server, client_to(server, deadline=0.2) as notion:
        assert await read(notion) == b"data: 1\n\n"


async def test_a_pause_that_is_too_long_is_said_to_be_one() -> None:
    async with serving(hangs(HEAD)) as server, client_to(server, timeout=0.2) as notion:
        with pytest.raises(RequestTimeoutError, match=r"nothing came for 0\.2 s"):
            await read(notion)


async def test_a_stream_that_breaks_off_is_not_asked_for_again() -> None:
    async with serving(resets(HEAD + b"1\r\nx\r\n")) as server, client_to(server) as notion:
        with pytest.raises(ConnectionLostError):
            await read(notion)

    assert len(server.requests) == 1


async def test_an_answer_that_was_lost_before_it_began_leaves_the_outcome_unknown() -> None:
    async with serving(resets()) as server, client_to(server) as notion:
        with pytest.raises(WriteOutcomeUnknown):
            await read(notion)


@pytest.mark.parametrize(
    ("status", "error"), [(400, APIResponseError), (500, WriteOutcomeUnknown)]
)
async def test_an_error_instead_of_a_stream_is_the_usual_one(
    status: int, error: type[Exception]
) -> None:
    refuses = says(answer({"object": "error"}, status))
    async with serving(refuses) as server, client_to(server) as notion:
        with pytest.raises(error):
            await read(notion)


async def test_json_instead_of_a_stream_leaves_the_outcome_unknown() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Notion-Request-Id: req-1\r\n"
    unfinished = hangs(head + b"Content-Length: 99\r\n\r\n{")
    async with serving(unfinished) as server, client_to(server) as notion:
        with pytest.raises(WriteOutcomeUnknown) as caught:
            await read(notion)
        await asyncio.wait_for(server.idle(), 5)  # no connection is left

    error, cause = caught.value, caught.value.__cause__
    assert isinstance(cause, InvalidResponseError)
    assert "no stream of events" in str(cause)
    assert (error.status, error.attempts, cause.request_id) == (200, 1, "req-1")
    assert len(server.requests) == 1
