from __future__ import annotations

import asyncio
import errno
import gc
import gzip
import os
import pickle
import shutil
import ssl
import subprocess
import traceback
import tracemalloc
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from notion_async.errors import (
    ConfigurationError,
    ConnectError,
    ConnectionLostError,
    NotionError,
    RequestTimeoutError,
    ResponseTooLargeError,
    TransportError,
    UnexpectedRedirectError,
)
from notion_async.transport import aiohttp as module
from notion_async.transport.aiohttp import AiohttpTransport
from notion_async.transport.message import Request, Response
from tests.faults.server import Answer, free_port, serving
from tests.faults.strikes import drips, hangs, resets, says, says_and_closes
from tests.faults.wire import bomb, chunked, http

from .tools import TOKEN

MIB = 1 << 20


def to(url: str, method: str = "GET", body: bytes | None = None) -> Request:
    return Request(method, url, {"Authorization": f"Bearer {TOKEN}"}, body)


async def send(
    transport: AiohttpTransport, request: Request, *, timeout: float = 5.0
) -> Response | NotionError:
    """Send, and close; what came of it is looked through for secrets."""
    try:
        return await transport.send(request, timeout=timeout)
    except NotionError as error:
        assert_clean(error)
        return error
    finally:
        await transport.aclose()


def assert_clean(error: BaseException) -> None:
    """No token, and nothing of aiohttp's, in anything that hangs on to an error."""
    assert error.__cause__ is None
    assert error.__context__ is None
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    text = "".join(shown.format()) + repr(error) + str(error)
    assert TOKEN not in text + repr(vars(error))
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


async def test_bytes_go_out_and_bytes_come_back() -> None:
    async with serving(says(http(b'{"a":1}', headers="X-Notion-Request-Id: r\r\n"))) as server:
        response = await send(AiohttpTransport(), to(server.url, "POST", b'{"q":1}'))

    assert isinstance(response, Response)
    assert (response.status, response.body) == (200, b'{"a":1}')
    assert response.headers["x-notion-request-id"] == "r"
    sent = server.requests[0]
    assert sent.startswith(b"POST /v1/x HTTP/1.1\r\n")
    assert sent.endswith(b'\r\n\r\n{"q":1}')
    assert b"\r\nAccept-Encoding: gzip\r\n" in sent
    assert f"\r\nAuthorization: Bearer {TOKEN}\r\n".encode() in sent


async def test_a_path_goes_out_as_it_is_written() -> None:
    async with serving(says(http())) as server:
        url = server.url.replace("/v1/x", "/v1/pages/%2e%2e/a%3Ab?x=%5B1%5D")
        await send(AiohttpTransport(), to(url))

    assert server.requests[0].startswith(b"GET /v1/pages/%2e%2e/a%3Ab?x=%5B1%5D HTTP/1.1")


async def test_an_error_is_an_answer_like_any_other() -> None:
    async with serving(says(http(b"<html>", status=502))) as server:
        response = await send(AiohttpTransport(), to(server.url))

    assert isinstance(response, Response)
    assert (response.status, response.body) == (502, b"<html>")


@pytest.mark.parametrize(
    "data",
    [
        http(b'{"a":1}'),
        chunked(b'{"a"', b":1}"),
        chunked(b'{"a":1}'),
        http(gzip.compress(b'{"a":1}', mtime=0), headers="Content-Encoding: gzip\r\n"),
        chunked(gzip.compress(b'{"a":1}', mtime=0), headers="Content-Encoding: gzip\r\n"),
    ],
)
async def test_every_way_to_frame_a_body_is_read(data: bytes) -> None:
    async with serving(says(data)) as server:
        transport = AiohttpTransport()
        first = await transport.send(to(server.url), timeout=5)
        second = await transport.send(to(server.url), timeout=5)
        await transport.aclose()

    assert first.body == second.body == b'{"a":1}'
    assert server.connections == 1  # it was kept


async def test_an_answer_without_a_body_is_empty() -> None:
    async with serving(says(b"HTTP/1.1 204 No Content\r\n\r\n")) as server:
        response = await send(AiohttpTransport(), to(server.url))

    assert isinstance(response, Response)
    assert (response.status, response.body) == (204, b"")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(status: int) -> None:
    async with serving(says(http())) as other:
        redirect = http(status=status, headers=f"Location: {other.url}\r\n")
        async with serving(says(redirect)) as server:
            error = await send(AiohttpTransport(), to(server.url, "POST", b"{}"))

    assert isinstance(error, UnexpectedRedirectError)
    assert error.status == status
    assert other.requests == []


async def test_cookies_are_not_kept() -> None:
    async with serving(says(http(headers="Set-Cookie: a=b\r\n"))) as server:
        transport = AiohttpTransport()
        for _ in range(2):
            await transport.send(to(server.url), timeout=5)
        await transport.aclose()

    assert b"cookie" not in server.requests[1].lower()


async def test_proxies_and_netrc_of_the_environment_are_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login me password secret")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    async with serving(says(http())) as server:
        mine = await send(AiohttpTransport(), to(server.url))
        proxied = await send(
            AiohttpTransport(trust_env=True), Request("GET", "http://notion.invalid/v1/x", {})
        )

    assert isinstance(mine, Response)
    assert TOKEN.encode() in server.requests[0]
    assert isinstance(proxied, ConnectError)  # it was on its way to the proxy


@pytest.mark.parametrize("packed", [bomb(64 * MIB), http(bytes(3 * MIB)), chunked(bytes(3 * MIB))])
async def test_an_answer_larger_than_the_cap_is_not_read(packed: bytes) -> None:
    transport = AiohttpTransport(max_response_bytes=2 * MIB)
    async with serving(says(packed)) as server:
        tracemalloc.start()
        try:
            with pytest.raises(ResponseTooLargeError) as caught:
                await transport.send(to(server.url), timeout=5)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        await transport.aclose()

    assert_clean(caught.value)
    assert caught.value.status == 200
    assert peak < 12 * MIB  # what the server holds back included


async def test_an_answer_as_large_as_the_cap_is_read() -> None:
    async with serving(says(bomb(2 * MIB)), says(http(bytes(2 * MIB)))) as server:
        for _ in range(2):
            response = await send(AiohttpTransport(max_response_bytes=2 * MIB), to(server.url))

            assert isinstance(response, Response)
            assert len(response.body) == 2 * MIB


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (resets(), None),
        (says_and_closes(b""), None),
        (says_and_closes(b"rubbish\r\n\r\n"), None),
        (says_and_closes(b"HTTP/1.1 200"), None),
        (says_and_closes(http(b'{"a":', length=100)), 200),
        (resets(http(b'{"a":', length=100)), 200),
        (says_and_closes(chunked(b'{"a":1}')[:-7]), 200),
        (says_and_closes(http(b"rubbish", headers="Content-Encoding: gzip\r\n")), 200),
        (says_and_closes(http(zlib.compress(b"{}"), headers="Content-Encoding: br\r\n")), 200),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_connection_that_breaks_after_the_request_is_lost(
    answer: Answer, status: int | None, method: str
) -> None:
    async with serving(answer) as server:
        error = await send(AiohttpTransport(), to(server.url, method))

    assert isinstance(error, ConnectionLostError)
    assert error.sent
    assert error.status in (status, None)
    assert len(server.requests) == 1


async def test_a_kept_connection_that_was_closed_is_not_tried_twice_in_secret() -> None:
    async with serving(says(http()), resets(), says(http())) as server:
        transport = AiohttpTransport()
        await transport.send(to(server.url), timeout=5)
        error = await send(transport, to(server.url))

    assert isinstance(error, ConnectionLostError)
    assert len(server.requests) == 2


@pytest.mark.parametrize(("once", "connections"), [(False, 1), (True, 2)])
async def test_what_must_not_arrive_twice_is_not_sent_on_a_connection_that_has_idled(
    monkeypatch: pytest.MonkeyPatch, once: bool, connections: int
) -> None:
    monkeypatch.setattr(module, "_FRESH", 1e-9)
    async with serving(says(http())) as server:
        transport = AiohttpTransport()
        for _ in range(2):
            request = Request("POST", server.url, {}, b"{}", once=once)
            await transport.send(request, timeout=5)
        await transport.aclose()

    assert server.connections == connections


async def test_nobody_listening_means_nothing_was_sent() -> None:
    error = await send(AiohttpTransport(), to(f"http://127.0.0.1:{free_port()}/v1/x"))

    assert isinstance(error, ConnectError)
    assert not error.sent
    assert not error.permanent
    assert "127.0.0.1" in str(error)


async def test_an_unknown_host_means_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> list[object]:
        raise OSError(errno.EIO, "no such name")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", fail)
    error = await send(AiohttpTransport(), to("http://notion.invalid/v1/x"))

    assert isinstance(error, ConnectError)
    assert not error.permanent


async def test_a_full_backlog_means_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", never)
    url = to("http://127.0.0.1:9/v1/x")
    connecting = await send(AiohttpTransport(connect_timeout=0.05), url)
    all_in_all = await send(AiohttpTransport(), url, timeout=0.05)

    assert isinstance(connecting, ConnectError)
    assert "too long" in str(connecting)
    assert isinstance(all_in_all, RequestTimeoutError)
    assert not all_in_all.sent


async def test_a_handshake_that_fails_is_tried_again_and_a_bad_certificate_is_not(
    tmp_path: Path,
) -> None:
    async with serving(says(b"")) as server:  # speaks no TLS

        async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 400 no\r\n\r\n")
            writer.close()

        plain = await asyncio.start_server(garbage, "127.0.0.1", 0)
        port = plain.sockets[0].getsockname()[1]
        error = await send(AiohttpTransport(), to(f"https://127.0.0.1:{port}/v1/x"))
        plain.close()
        await plain.wait_closed()
    assert isinstance(error, ConnectError)
    assert not error.permanent
    assert server.requests == []

    async with serving(says(http()), tls=self_signed(tmp_path)) as server:
        error = await send(AiohttpTransport(), to(server.url))
    assert isinstance(error, ConnectError)
    assert error.permanent
    assert server.requests == []


def self_signed(folder: Path) -> ssl.SSLContext:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl makes the certificate")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(  # noqa: S603 - a fixed command
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-subj", "/CN=localhost", "-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (hangs(), None),
        (hangs(b"HTTP/1.1 200 OK\r\n"), None),
        (hangs(http(b'{"a":', length=100)), 200),
        (drips(http(b'{"a":', length=10_000)), 200),
        (drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n"), 200),
    ],
)
async def test_the_timeout_covers_the_whole_answer(answer: Answer, status: int | None) -> None:
    loop = asyncio.get_running_loop()
    async with serving(answer) as server:
        transport = AiohttpTransport()
        started = loop.time()
        error = await send(transport, to(server.url), timeout=0.1)
        took = loop.time() - started

    assert isinstance(error, RequestTimeoutError)
    assert isinstance(error, TimeoutError)
    assert (error.sent, error.status) == (True, status)
    assert "0.1 s" in str(error)
    assert took < 0.35


async def test_a_long_timeout_is_not_rounded_up() -> None:
    """aiohttp moves timeouts above five seconds to the next whole second."""
    loop = asyncio.get_running_loop()
    seen: list[float] = []
    call_at = loop.call_at

    def watching(when: float, *rest: object, **more: object) -> asyncio.TimerHandle:
        seen.append(when - loop.time())
        return call_at(when, *rest, **more)  # type: ignore[arg-type]  # handed through

    async with serving(says(http())) as server:
        loop.call_at = watching  # type: ignore[method-assign]  # for this test alone
        await send(AiohttpTransport(), to(server.url), timeout=70.25)

    assert any(abs(delay - 70.25) < 0.05 for delay in seen)


async def test_no_time_is_a_timeout_not_no_timeout() -> None:
    async with serving(hangs()) as server:
        error = await send(AiohttpTransport(), to(server.url), timeout=0)

    assert isinstance(error, RequestTimeoutError)


async def test_a_connection_that_timed_out_is_not_used_again() -> None:
    async with serving(hangs(http(b"x", length=5)), says(http())) as server:
        transport = AiohttpTransport()
        with pytest.raises(RequestTimeoutError):
            await transport.send(to(server.url), timeout=0.05)
        response = await send(transport, to(server.url))

    assert isinstance(response, Response)
    assert server.connections == 2


async def test_a_cancelled_request_closes_its_connection() -> None:
    async with serving(hangs(), says(http())) as server:
        transport = AiohttpTransport()
        task = asyncio.ensure_future(transport.send(to(server.url), timeout=5))
        await server.asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        response = await send(transport, to(server.url))

    assert isinstance(response, Response)
    assert server.connections == 2


async def test_closing_twice_is_fine_and_sending_afterwards_is_not() -> None:
    async with serving(says(http())) as server:
        transport = AiohttpTransport()
        await transport.send(to(server.url), timeout=5)
        await transport.aclose()
        error = await send(transport, to(server.url))

    assert isinstance(error, ConfigurationError)
    assert len(server.requests) == 1


async def test_closing_ends_what_is_under_way() -> None:
    async with serving(hangs()) as server:
        transport = AiohttpTransport()
        task = asyncio.ensure_future(send(transport, to(server.url)))
        await server.asked.wait()
        await transport.aclose()
        error = await asyncio.wait_for(task, 2)

    assert isinstance(error, TransportError)
    assert error.sent


@pytest.mark.parametrize(
    "request_",
    [
        to("http://"),
        to("ftp://127.0.0.1/x"),
        to("http://127.0.0.1:99999/"),
        Request("GET", "http://127.0.0.1/", {"X": "a\r\nb: c"}),
    ],
    ids=lambda request: request.url,
)
async def test_what_cannot_be_sent_is_said_without_repeating_it(request_: Request) -> None:
    async with serving(says(http())) as server:
        url = request_.url.replace("127.0.0.1/", f"127.0.0.1:{server.port}/")
        bad = Request("GET", url, request_.headers)
        error = await send(AiohttpTransport(), bad)

    assert isinstance(error, ConfigurationError)
    assert server.requests == []


async def test_a_session_that_is_handed_in_is_left_open() -> None:
    async with serving(says(http()), resets()) as server, aiohttp.ClientSession() as session:
        answered = await send(AiohttpTransport(session), to(server.url))
        lost = await send(AiohttpTransport(session), to(server.url, "POST"))
        refused = await send(AiohttpTransport(session), to(f"http://127.0.0.1:{free_port()}/"))

        assert not session.closed
    assert isinstance(answered, Response)
    assert isinstance(lost, ConnectionLostError)
    assert isinstance(refused, ConnectError)
    closed = await send(AiohttpTransport(session), to(server.url))
    assert isinstance(closed, ConfigurationError)


async def test_a_session_that_is_handed_in_keeps_its_middlewares() -> None:
    seen: list[str] = []

    async def note(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        seen.append(request.method)
        return await handler(request)

    session = aiohttp.ClientSession(middlewares=(note,))
    async with serving(says(http())) as server, session:
        response = await send(AiohttpTransport(session), to(server.url))

    assert isinstance(response, Response)
    assert seen == ["GET"]


def test_a_second_loop_gets_a_pool_of_its_own() -> None:
    transport = AiohttpTransport()

    async def once() -> int:
        async with serving(says(http())) as server:
            return (await transport.send(to(server.url), timeout=5)).status

    assert [asyncio.run(once()) for _ in range(3)] == [200, 200, 200]
    asyncio.run(transport.aclose())


@pytest.mark.parametrize("end", ["send", "aclose"])
def test_a_loop_that_was_left_alone_or_closed_at_once_is_let_go_of(end: str) -> None:
    transport = AiohttpTransport()

    async def once() -> int:
        async with serving(says(http())) as server:
            status = (await transport.send(to(server.url), timeout=5)).status
        await asyncio.sleep(0.01)  # the connection goes with the server
        return status

    first, second = asyncio.new_event_loop(), asyncio.new_event_loop()
    assert first.run_until_complete(once()) == 200
    if end == "send":
        assert second.run_until_complete(once()) == 200  # the first is there, but does not run
        first.close()
        assert first.is_closed()
        second.run_until_complete(transport.aclose())
    else:
        first.close()
        second.run_until_complete(transport.aclose())
    second.run_until_complete(second.shutdown_asyncgens())
    second.close()
    gc.collect()


async def test_two_running_loops_cannot_share_a_pool() -> None:
    async with serving(says(http())) as server:
        transport = AiohttpTransport()
        await transport.send(to(server.url), timeout=5)

        def elsewhere() -> None:
            asyncio.run(_send_away(transport, server.url))

        with pytest.raises(ConfigurationError, match="two running event loops"):
            await asyncio.to_thread(elsewhere)
        await transport.aclose()


async def _send_away(transport: AiohttpTransport, url: str) -> None:
    await transport.send(to(url), timeout=5)


async def test_a_forgotten_transport_warns_of_nothing() -> None:
    async with serving(says(http())) as server:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            transport = AiohttpTransport()
            await transport.send(to(server.url), timeout=5)
            del transport
            gc.collect()
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    "arguments", [{"max_response_bytes": 0}, {"connect_timeout": 0.0}, {"keepalive": -1.0}]
)
def test_nonsense_is_refused(arguments: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError):
        AiohttpTransport(**arguments)  # type: ignore[arg-type]  # that is the point


class ServerGarbageError(ValueError):
    """Something aiohttp cannot read, after the status."""


KEY = ConnectionKey("api.notion.com", 443, True, True, None, None, None)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (lambda: aiohttp.ClientConnectorCertificateError(KEY, ssl.CertificateError(1, "x")), 1),
        (lambda: aiohttp.ServerFingerprintMismatch(b"a", b"b", "h", 1), 1),
        (lambda: aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "x")), 0),
        (lambda: aiohttp.ClientConnectorDNSError(KEY, OSError()), 0),
        (lambda: aiohttp.ClientProxyConnectionError(KEY, OSError(111, "refused")), 0),
        (lambda: aiohttp.ConnectionTimeoutError("x"), 0),
    ],
)
def test_every_failure_to_connect_is_a_connect_error(
    error: Callable[[], Exception], expected: int
) -> None:
    failure = module._in_our_words(error(), 1.0, sent=True, status=None)

    assert isinstance(failure, ConnectError)
    assert (failure.sent, failure.permanent) == (False, bool(expected))


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientOSError(errno.ECONNRESET, "reset"),
        aiohttp.ClientPayloadError("cut"),
        aiohttp.ClientConnectionError("closed"),
        ConnectionResetError(),
        ssl.SSLError(1, "bad record"),
        RuntimeError("Connection closed."),
        AssertionError(),
        ServerGarbageError(),
        OSError(errno.EMFILE, os.strerror(errno.EMFILE)),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("sent", [True, False])
def test_everything_else_is_a_lost_connection(error: Exception, sent: bool) -> None:
    status = 200 if isinstance(error, ServerGarbageError) else None
    failure = module._in_our_words(error, 1.0, sent=sent, status=status)

    assert isinstance(failure, ConnectionLostError)
    assert failure.sent is sent
    assert ("answer" if sent else "request") in str(failure)


@pytest.mark.parametrize("error", [aiohttp.SocketTimeoutError(), TimeoutError()])
def test_both_kinds_of_timeout_are_one(error: Exception) -> None:
    failure = module._in_our_words(error, 1.0, sent=True, status=200)

    assert isinstance(failure, RequestTimeoutError)
    assert (failure.sent, failure.status) == (True, 200)
