"""The network, by aiohttp.  No type and no exception of aiohttp gets out of here."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Coroutine, Mapping
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp
import attrs
from multidict import CIMultiDict
from yarl import URL

from notion_async.errors import (
    ConfigurationError,
    ConnectError,
    ConnectionLostError,
    NotionError,
    RequestTimeoutError,
    ResponseTooLargeError,
    UnexpectedRedirectError,
)
from notion_async.transport.message import Request, Response, Stream
from notion_async.transport.timeouts import Timeouts

# aiohttp rounds longer timeouts up to whole seconds, unless this is out of reach.
_NEVER_ROUND = 1e9
# Seconds an idle connection is used again for what must not arrive twice: the server may close
# one just as the request is written, and whether that was read nobody knows.
_FRESH = 5.0
# So much of a large body is handed over at once: aiohttp wants the loop to run in between.
_PIECE = 256 * 1024


class AiohttpTransport:
    """Sends through one pool of connections, which is opened on first use.

    The pool belongs to the event loop it was opened in: it closes when that loop shuts down,
    and another one is opened where the next loop comes, as with a second `asyncio.run`.

    Args:
        session: Use this session, as it is, and leave it open.  Whether a request was sent is
            then known only where no connection came about; and aiohttp by itself repeats a GET
            or DELETE once whose kept connection turns out to be closed.
        max_response_bytes: The largest answer that is read, unpacked.
        connect_timeout: Seconds to connect, name look-up and TLS included.
        keepalive: Seconds an idle connection is kept: opening one costs more than a request.
        trust_env: Use the proxies, the netrc file and the certificate authorities that the
            environment names.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession | None = None,
        *,
        max_response_bytes: int = 32 * 1024 * 1024,
        connect_timeout: float = 10.0,
        keepalive: float = 60.0,
        trust_env: bool = False,
    ) -> None:
        if max_response_bytes < 1 or not connect_timeout > 0 or not keepalive > 0:
            raise ConfigurationError("sizes and timeouts have to be above zero")
        self._injected = session
        self._max_bytes = max_response_bytes
        # What comes after connecting is timed by `Timeouts`.
        self._limits = aiohttp.ClientTimeout(
            total=None, connect=connect_timeout, ceil_threshold=_NEVER_ROUND
        )
        self._keepalive = keepalive
        self._trust_env = trust_env
        self._trusts_as_aiohttp = trust_env or session is not None
        self._pool: _Pool | None = None
        self._being_read: set[aiohttp.ClientResponse] = set()
        self._timeouts: Timeouts | None = None
        self._closed = False
        self._kept_headers: tuple[Mapping[str, str], CIMultiDict[str]] | None = None

    async def send(self, request: Request, *, timeout: float) -> Response:
        """Send once and return the whole answer.

        Raises:
            TransportError: No whole answer came.
            ProtocolError: What came cannot be Notion's: a redirect, or too large.
            ConfigurationError: The transport is closed, or that request cannot be sent.
        """
        session = self._open_session(request) or await self._session(request)
        progress = _Progress(sent=self._injected is not None)
        try:
            with self._timeouts_here().within(timeout):
                response = await self._begun(session, request, progress)
                with progress.reading(response, self._being_read):
                    body = await self._reading(response)
            return Response(response.status, response.headers, body)
        except NotionError as error:
            if progress.refusal is not None:
                return progress.refusal
            progress.name(error)
            raise
        except Exception as error:  # whatever comes from below ends here
            if progress.refusal is not None:
                return progress.refusal
            failure = _translated(error, progress, timeout)
        # Outside of the handler: an exception of aiohttp holds the request's headers, and with
        # them the token, so it must not hang on as the context of ours.
        raise failure

    async def open(self, request: Request, *, timeout: float) -> Response | Stream:
        """Send once and return the answer as it begins; one that is no success, whole.

        Raises:
            TransportError: No answer came.
            ProtocolError: What came cannot be Notion's: a redirect, or too large.
            ConfigurationError: The transport is closed, or that request cannot be sent.
        """
        session = await self._session(request)
        progress = _Progress(sent=self._injected is not None)
        try:
            timeouts = self._timeouts_here()
            with timeouts.within(timeout):
                response = await self._begun(session, request, progress)
                if 200 <= response.status < 300:
                    progress.begun(response)
                    return _OpenAnswer(response, progress, timeouts, timeout, self._being_read)
                with progress.reading(response, self._being_read):
                    body = await self._reading(response)
            return Response(response.status, response.headers, body)
        except NotionError as error:
            if progress.refusal is not None:
                return progress.refusal
            progress.name(error)
            raise
        except Exception as error:  # whatever comes from below ends here
            if progress.refusal is not None:
                return progress.refusal
            failure = _translated(error, progress, timeout)
        raise failure

    async def aclose(self) -> None:
        """Close what is open, but no session that was handed in.  Closing twice is fine."""
        self._closed = True
        pool, self._pool = self._pool, None
        if self._timeouts is not None:
            self._timeouts.close()
        if pool is not None:
            # By itself aiohttp leaves who reads a body waiting.
            for response in tuple(self._being_read):
                response.content.set_exception(aiohttp.ClientConnectionError("closed"))
            await pool.aclose()

    def _timeouts_here(self) -> Timeouts:
        loop = asyncio.get_running_loop()
        timeouts = self._timeouts
        if timeouts is None or timeouts.loop is not loop:
            timeouts = self._timeouts = Timeouts(loop)
        return timeouts

    def _begun(
        self,
        session: aiohttp.ClientSession,
        request: Request,
        progress: _Progress,
    ) -> Awaitable[aiohttp.ClientResponse]:
        """Return what sends when it is awaited, until the headers of the answer are there."""
        _under_way.set(progress)
        body = request.body
        headers = self._headers_of(request)
        if isinstance(body, bytes) and len(body) > _PIECE:
            headers["Content-Length"] = str(len(body))
            body = (body,)
        return session.request(
            request.method,
            URL(request.url, encoded=True),
            data=_pieces(body) if isinstance(body, tuple) else body,
            headers=headers,
            timeout=self._limits,
            ssl=self._trusts_as_aiohttp or request.url.startswith("http:") or _trusted(),
            allow_redirects=False,
            raise_for_status=False,
            auto_decompress=True,
        )

    def _headers_of(self, request: Request) -> CIMultiDict[str]:
        kept = self._kept_headers
        if kept is not None and kept[0] is request.headers:
            return kept[1]
        headers = CIMultiDict(request.headers)
        headers["Accept-Encoding"] = "gzip"
        if isinstance(request.body, tuple):
            headers["Content-Length"] = str(sum(map(len, request.body)))
        elif request.body is None:  # those of one client are mostly the same
            self._kept_headers = request.headers, headers
        return headers

    def _reading(self, response: aiohttp.ClientResponse) -> Awaitable[bytes]:
        """Return what reads the body when it is awaited, and no more than is allowed."""
        if 300 <= response.status < 400:
            raise UnexpectedRedirectError(
                f"a redirect came (status {response.status}); none is followed",
                status=response.status,
            )
        length = response.content_length
        if length is not None and length > self._max_bytes:
            raise self._too_large(response)
        if length is None or "Content-Encoding" in response.headers:
            return self._read_within_bounds(response)
        return response.read()

    async def _read_within_bounds(self, response: aiohttp.ClientResponse) -> bytes:
        parts: list[bytes] = []
        size = 0
        # aiohttp stops unpacking while half a megabyte waits to be read, so no more than that
        # comes on top of what is counted here.
        while part := await response.content.readany():
            size += len(part)
            if size > self._max_bytes:
                raise self._too_large(response)
            parts.append(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _too_large(self, response: aiohttp.ClientResponse) -> ResponseTooLargeError:
        return ResponseTooLargeError(
            f"the answer is larger than {self._max_bytes} bytes", status=response.status
        )

    def _open_session(self, request: Request) -> aiohttp.ClientSession | None:
        """Return the session, if it is open and there is nothing to be looked after."""
        pool = self._pool
        if pool is None or pool.session.closed or pool.loop is not asyncio.get_running_loop():
            return None
        return pool.fresh if request.once else pool.session

    async def _session(self, request: Request) -> aiohttp.ClientSession:
        if self._closed:
            raise ConfigurationError("the client is closed: make a new one")
        if self._injected is not None:
            if self._injected.closed:
                raise ConfigurationError("the session that was handed in is closed")
            return self._injected
        loop = asyncio.get_running_loop()
        pool = self._pool
        if pool is None or pool.loop is not loop or pool.session.closed:
            if pool is not None and pool.loop is not loop:
                await pool.abandon()
            fresh = self._open(min(_FRESH, self._keepalive))
            pool = self._pool = _Pool(self._open(self._keepalive), fresh, loop)
            await pool.watch()
        return pool.fresh if request.once else pool.session

    def _open(self, keepalive: float) -> aiohttp.ClientSession:
        session = aiohttp.ClientSession(
            # How many requests are under way is the limiter's business.
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=keepalive),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=self._trust_env,
            request_class=_Request,
        )
        # By itself aiohttp repeats a GET or DELETE when a kept connection turns out to be closed.
        # That request would be paid for by nobody: repeating is up to the pipeline. There is no
        # public switch; a middleware could catch it, and costs a twentieth of a small request.
        session._retry_connection = False
        return session


@lru_cache(maxsize=1)  # reading the certificates takes as long as two hundred requests
def _trusted() -> ssl.SSLContext | bool:
    """Return whom to trust: whom this machine does, whatever the environment says."""
    if not {"SSL_CERT_FILE", "SSL_CERT_DIR"} & os.environ.keys():
        return True
    paths = ssl.get_default_verify_paths()
    file = paths.openssl_cafile if Path(paths.openssl_cafile).is_file() else None
    folder = paths.openssl_capath if Path(paths.openssl_capath).is_dir() else None
    if file is None and folder is None:
        return True  # nobody else says it
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(file, folder)
    return context


class _OpenAnswer:
    """A body that is read while it comes."""

    def __init__(
        self,
        response: aiohttp.ClientResponse,
        progress: _Progress,
        timeouts: Timeouts,
        pause: float,
        others: set[aiohttp.ClientResponse],
    ) -> None:
        self.status = response.status
        self.headers = response.headers
        self.pause = pause
        self._response = response
        self._progress = progress
        self._timeouts = timeouts
        self._others = others
        others.add(response)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            with self._timeouts.within(self.pause):
                part = await self._response.content.readany()
        except TimeoutError:
            failure: NotionError = RequestTimeoutError(
                f"nothing came for {self.pause:g} s", sent=True, status=self.status
            )
            self._progress.name(failure)
        except Exception as error:  # as above: nothing foreign gets out
            failure = _translated(error, self._progress, self.pause)
        else:
            if part:
                return part
            raise StopAsyncIteration
        await self.aclose()
        raise failure

    async def aclose(self) -> None:
        """Close the connection, so that nothing more is sent to it."""
        self._others.discard(self._response)
        self._response.close()


async def _pieces(body: tuple[bytes, ...]) -> AsyncIterator[bytes]:
    for part in body:
        whole = memoryview(part)
        for start in range(0, len(part), _PIECE):
            yield whole[start : start + _PIECE]  # type: ignore[misc]  # aiohttp writes any buffer


@attrs.define
class _Progress:
    """How far a request got.  Of an injected session that is known only when it fails."""

    sent: bool
    _answer: aiohttp.ClientResponse | None = attrs.field(default=None, init=False)
    _others: set[aiohttp.ClientResponse] = attrs.field(init=False)

    def reading(self, answer: aiohttp.ClientResponse, others: set[aiohttp.ClientResponse]) -> Self:
        """Return a block in which a body is read, among others; to be entered at once."""
        self.begun(answer)
        others.add(answer)
        self._others = others
        return self

    def __enter__(self) -> None:
        return

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        answer = self._answer
        if answer is not None:
            self._others.discard(answer)
            if kind is None:
                self._answer = None  # its memory is of use to the next one
            else:
                answer.close()  # half an answer: the connection is of no more use

    def begun(self, answer: aiohttp.ClientResponse) -> None:
        """Note that an answer has begun."""
        self.sent, self._answer = True, answer

    @property
    def status(self) -> int | None:
        """That of an answer that has begun, and is not whole."""
        return None if self._answer is None else self._answer.status

    @property
    def refusal(self) -> Response | None:
        """An answer that is no success, where its body is lost: its head says what matters."""
        if self._answer is None or self._answer.status < 400:
            return None
        return Response(self._answer.status, self._answer.headers, b"")

    def name(self, error: NotionError) -> None:
        """Note in an error which answer it is about."""
        if self._answer is not None:
            error.request_id = self._answer.headers.get("x-notion-request-id")
            error.ray_id = self._answer.headers.get("cf-ray")


# The request that this task is about to send.  A middleware or a trace could carry it, too, and
# costs a tenth of a small request.
_under_way: ContextVar[_Progress] = ContextVar("_under_way")


class _Request(aiohttp.ClientRequest):
    """Tells when it has a connection and is about to be written."""

    def send(  # pyright: ignore[reportIncompatibleMethodOverride]  # a coroutine, not wrapped again
        self, conn: aiohttp.connector.Connection
    ) -> Coroutine[object, None, aiohttp.ClientResponse]:
        if conn.protocol is not None and conn.protocol.should_close:
            # Something has come that nobody asked for: it would be read as the answer.
            conn.close()
            raise aiohttp.ServerDisconnectedError
        _under_way.get().sent = True
        return super().send(conn)


class _Pool:
    """Two sessions and the event loop they belong to: one of them keeps connections briefly."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        fresh: aiohttp.ClientSession,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.session = session
        self.fresh = fresh
        self.loop = loop
        self._watcher = _close_at_the_end(session, fresh)

    async def watch(self) -> None:
        """Have the sessions closed when the loop shuts down, or nobody holds them any more."""
        await anext(self._watcher)

    async def aclose(self) -> None:
        """Close the sessions, from whichever loop."""
        if self.loop is asyncio.get_running_loop():
            await self._watcher.aclose()
        else:
            await self.abandon()

    async def abandon(self) -> None:
        """Let go of sessions whose loop is not the running one."""
        if self.loop.is_running():
            raise ConfigurationError(
                "one client cannot serve two running event loops: make one client for each"
            )
        for session in (self.session, self.fresh):
            connector = session.connector
            if connector is not None:
                # The private twin of close(), which would wait in the other loop.
                connector._close()
                session.detach()
        # Ended here, where nothing is left to wait for; dropped, it would be handed to the other
        # loop, which may never run again.
        with contextlib.suppress(StopIteration):
            self._watcher.aclose().send(None)


async def _close_at_the_end(*sessions: aiohttp.ClientSession) -> AsyncGenerator[None]:
    # An event loop closes the async generators that are still open when it shuts down, as
    # asyncio.run does: the one public way to be called in time.  It may cancel what closes the
    # first; a stack goes on with the other.
    async with contextlib.AsyncExitStack() as stack:
        for session in sessions:
            stack.push_async_callback(session.close)
        yield


def _translated(error: Exception, progress: _Progress, timeout: float) -> NotionError:
    failure = _in_our_words(error, timeout, sent=progress.sent, status=progress.status)
    progress.name(failure)
    return failure


def _in_our_words(
    error: Exception, timeout: float, *, sent: bool, status: int | None
) -> NotionError:
    """Say in our words what happened, without a word of the request."""
    match error:
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ServerFingerprintMismatch():
            return ConnectError("the server's certificate is not valid", permanent=True)
        case aiohttp.ClientConnectorError():
            reason = error.os_error.strerror or type(error.os_error).__name__
            return ConnectError(f"cannot connect to {error.host}: {reason}")
        case aiohttp.ConnectionTimeoutError():
            return ConnectError("connecting took too long")
        case TimeoutError():
            return RequestTimeoutError(
                f"no whole answer within {timeout:g} s", sent=sent, status=status
            )
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return ConfigurationError("that request cannot be sent: its URL is wrong")
        case ValueError() if status is None:
            return ConfigurationError("that request cannot be sent: its URL or a header is wrong")
        case _:
            what = "the answer was whole" if sent else "the request was sent"
            return ConnectionLostError(
                f"the connection broke before {what} ({type(error).__name__})",
                sent=sent,
                status=status,
            )
