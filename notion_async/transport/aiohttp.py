"""The network, by aiohttp.  No type and no exception of aiohttp gets out of here."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator

import aiohttp
import attrs
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
from notion_async.transport.message import Request, Response

# aiohttp rounds longer timeouts up to whole seconds, unless this is out of reach.
_NEVER_ROUND = 1e9


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
        trust_env: Use the proxies and the netrc file the environment names.
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
        self._connect_timeout = connect_timeout
        self._keepalive = keepalive
        self._trust_env = trust_env
        self._pool: _Pool | None = None
        self._closed = False

    async def send(self, request: Request, *, timeout: float) -> Response:
        """Send once and return the whole answer.

        Raises:
            TransportError: No whole answer came.
            ProtocolError: What came cannot be Notion's: a redirect, or too large.
            ConfigurationError: The transport is closed, or that request cannot be sent.
        """
        session = await self._session()
        # Of an injected session nothing is known until its connection fails.
        progress = _Progress(sent=self._injected is not None)
        try:
            return await self._exchange(session, request, timeout, progress)
        except NotionError:
            raise
        except Exception as error:  # whatever comes from below ends here
            failure = _translated(error, progress, timeout)
        # Outside of the handler: an exception of aiohttp holds the request's headers, and with
        # them the token, so it must not hang on as the context of ours.
        raise failure

    async def aclose(self) -> None:
        """Close what is open, but no session that was handed in.  Closing twice is fine."""
        self._closed = True
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.aclose()

    async def _exchange(
        self, session: aiohttp.ClientSession, request: Request, timeout: float, progress: _Progress
    ) -> Response:
        response = await session.request(
            request.method,
            URL(request.url, encoded=True),
            data=request.body,
            headers={**request.headers, "Accept-Encoding": "gzip"},
            timeout=aiohttp.ClientTimeout(
                total=max(timeout, 1e-9),  # aiohttp takes zero for "no timeout"
                connect=self._connect_timeout,
                ceil_threshold=_NEVER_ROUND,
            ),
            allow_redirects=False,
            raise_for_status=False,
            auto_decompress=True,
            trace_request_ctx=progress,
        )
        progress.sent, progress.status = True, response.status
        try:
            if 300 <= response.status < 400:
                raise UnexpectedRedirectError(
                    f"a redirect came (status {response.status}); none is followed",
                    status=response.status,
                )
            body = await self._read(response)
        except BaseException:
            response.close()  # half an answer: the connection is of no more use
            raise
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Response(response.status, headers, body)

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        length = response.content_length
        if length is not None and length > self._max_bytes:
            raise self._too_large(response)
        if length is not None and "Content-Encoding" not in response.headers:
            return await response.read()
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

    async def _session(self) -> aiohttp.ClientSession:
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
            pool = self._pool = _Pool(self._open(), loop)
            await pool.watch()
        return pool.session

    def _open(self) -> aiohttp.ClientSession:
        tracing = aiohttp.TraceConfig()
        tracing.on_request_headers_sent.append(_note_sent)
        return aiohttp.ClientSession(
            # How many requests are under way is the limiter's business.
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=self._keepalive),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=self._trust_env,
            trace_configs=[tracing],
            middlewares=(_send_once,),
        )


@attrs.define
class _Progress:
    """How far a request got."""

    sent: bool
    status: int | None = None


class _Pool:
    """A session and the event loop it belongs to."""

    def __init__(self, session: aiohttp.ClientSession, loop: asyncio.AbstractEventLoop) -> None:
        self.session = session
        self.loop = loop
        self._watcher = _close_at_the_end(session)

    async def watch(self) -> None:
        """Have the session closed when the loop shuts down, or nobody holds it any more."""
        await anext(self._watcher)

    async def aclose(self) -> None:
        """Close the session, from whichever loop."""
        if self.loop is asyncio.get_running_loop():
            await self._watcher.aclose()
        else:
            await self.abandon()

    async def abandon(self) -> None:
        """Let go of a session whose loop is not the running one."""
        if self.loop.is_running():
            raise ConfigurationError(
                "one client cannot serve two running event loops: make one client for each"
            )
        connector = self.session.connector
        if connector is not None:
            # The private twin of close(), which would wait in the other loop.
            connector._close()
            self.session.detach()
        # Ended here, where nothing is left to wait for; dropped, it would be handed to the other
        # loop, which may never run again.
        with contextlib.suppress(StopIteration):
            self._watcher.aclose().send(None)


async def _close_at_the_end(session: aiohttp.ClientSession) -> AsyncGenerator[None]:
    # An event loop closes the async generators that are still open when it shuts down, as
    # asyncio.run does: the one public way to be called in time.
    try:
        yield
    finally:
        await session.close()


async def _note_sent(
    session: aiohttp.ClientSession,  # noqa: ARG001 - aiohttp passes it
    context: object,
    params: aiohttp.TraceRequestHeadersSentParams,  # noqa: ARG001 - aiohttp passes it
) -> None:
    progress = getattr(context, "trace_request_ctx", None)
    if isinstance(progress, _Progress):
        progress.sent = True


class _BrokenError(aiohttp.ClientError):
    """A connection broke; not of those classes after which aiohttp tries again."""


async def _send_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    # aiohttp repeats a GET or DELETE by itself when a kept connection turns out to be closed.
    # That request would be paid for by nobody: repeating is up to the pipeline.
    try:
        return await handler(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _BrokenError(type(error).__name__) from None


def _translated(error: Exception, progress: _Progress, timeout: float) -> NotionError:
    """Say in our words what happened, without a word of the request."""
    sent, status = progress.sent, progress.status
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
