"""A server on plain sockets that can misbehave at every byte, and counts what really arrived.

Three things make an answer:

*   a **handler** answers properly: `Arrived` in, `Reply` out.  Asking it is the commit: what the
    handler does, it does then.  `answering` makes one of the emulator's API.
*   an **answer** (`Answer`) is a coroutine function that gets an `Exchange` and does to the
    connection whatever it likes: read the request or not, ask the handler before or after it
    strikes or never, write bytes, close, reset, wait.  Those at hand are in `strikes`.
*   a **nemesis** (`Nemesis`) chooses: it is called once for each connection, with None, and once
    for each request, with its head, and returns a `Fault` (an answer with a name) or None, to let
    things pass.  `nemesis.Seeded` is one that throws dice.

A script of answers, the last one for ever::

    async with serving(resets(), says(http(b"{}"))) as server: ...

An emulator behind a server which fails every fifth request, in whatever way::

    emulator = Emulator(budget=None)
    async with FaultServer(answering(emulator), Seeded(Random(7), 0.2)) as server:
        async with AsyncClient(emulator.token, base_url=server.base_url) as client: ...
        server.log      # one `Struck` for each request: its fault, and whether it was committed

What the server counts: `connections`; `begun`, the requests whose head came whole; `arrived`,
those that were taken in whole (the answer read the body to its end); `partial`, those that were
not; `commits`, how often the handler was asked.  A request that is reset before it was read is
begun and partial, never arrived.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self, TypeAlias
from urllib.parse import parse_qsl, unquote

import attrs

from notion_async.testing import Emulator
from notion_async.testing.api import Api
from tests.faults.wire import Headers, Reply, framed

_HEAD_LIMIT = 1 << 20


@attrs.define
class Arrived:
    """A request; its body is there once it arrived whole."""

    number: int
    """Which one it is of this server, from 0."""
    connection: int
    """Which connection it came by, from 1."""
    method: str
    target: str
    headers: Headers
    raw: bytes = attrs.field(repr=False)
    """As it came, so far."""
    at: float
    """When its head had come, in the time of the event loop."""
    body: bytes = b""
    whole: bool = False

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True)

    @property
    def json(self) -> Any:  # whatever was sent
        return json.loads(self.body) if self.body else None

    def is_for(self, method: str, path: str) -> bool:
        return self.method == method and unquote(self.path) == path


Handler: TypeAlias = Callable[[Arrived], Reply]
Answer: TypeAlias = Callable[["Exchange"], Awaitable[None]]


@attrs.frozen
class Fault:
    """An answer with a name."""

    name: str
    answer: Answer = attrs.field(repr=False)


Nemesis: TypeAlias = Callable[[Arrived | None], Fault | None]
"""Chooses what befalls a request, of which only the head is known; or a connection: None."""


@attrs.define
class Struck:
    """What befell a request, or a connection of which none had come."""

    request: Arrived | None
    fault: str | None
    """None where it was answered properly."""
    committed: bool = False
    """Whether the handler was asked."""


class Exchange:
    """One request and its connection, in the hands of an answer."""

    def __init__(
        self,
        server: FaultServer,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        arrived: Arrived | None,
        struck: Struck,
    ) -> None:
        self.server = server
        self.reader = reader
        self.writer = writer
        self._arrived = arrived
        self._struck = struck
        self._reply: Reply | None = None

    @property
    def head(self) -> Arrived:
        """The request as far as it is known; there is none where a connection was struck."""
        assert self._arrived is not None, "this answer is for a request, not for a connection"
        return self._arrived

    async def request(self) -> Arrived:
        """Take in the rest of the request, and count it as arrived."""
        request = self.head
        if not request.whole:
            coding = request.headers.get("transfer-encoding", "")
            left = int(request.headers.get("content-length", "0")) - len(request.body)
            body = await (self._chunks() if coding else self.reader.readexactly(left))
            request.body += body
            request.raw += body
            request.whole = True
            self.server.arrived.append(request)
            self.server.asked.set()
        return request

    async def read(self, count: int) -> None:
        """Take in so much of the request's body, or all of it where that is less."""
        request = self.head
        size = int(request.headers.get("content-length", "0"))
        part = await self.reader.readexactly(min(count, size))
        request.body += part
        request.raw += part

    async def _chunks(self) -> bytes:
        body = b""
        while size := int(await self.reader.readuntil(b"\r\n"), 16):
            body += await self.reader.readexactly(size)
            await self.reader.readexactly(2)
        await self.reader.readuntil(b"\r\n")
        return body

    async def commit(self) -> Reply:
        """Have the handler do what was asked, once, and return its answer."""
        if self._reply is None:
            request = await self.request()
            self._struck.committed = True
            self.server.commits += 1
            self._reply = self.server.handler(request)
        return self._reply

    async def say(self, data: bytes) -> None:
        """Write, and wait until it is on its way."""
        self.writer.write(data)
        await self.writer.drain()

    def close(self) -> None:
        """End the connection as one does (FIN)."""
        self.writer.close()

    async def reset(self) -> None:
        """End the connection as one does not (RST)."""
        await asyncio.sleep(0.01)  # let arrive what was written: a reset discards it
        self.reset_at_once()

    def reset_at_once(self) -> None:
        sock = self.writer.get_extra_info("socket")
        with contextlib.suppress(OSError):  # closed from the other side
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def hang(self) -> None:
        """Say nothing any more, until the other side gives up."""
        self.server.stalled.set()
        while await self.reader.read(1 << 16):
            pass
        self.writer.close()

    def never_read(self) -> None:
        """Take nothing from the connection: what is sent fills up on its way."""
        self.server.stalled.set()
        self.writer.transport.pause_reading()  # type: ignore[attr-defined]  # both directions


class FaultServer:
    """Answers by a handler, unless the nemesis has something else in mind.

    Args:
        handler: Answers properly.
        nemesis: Chooses what befalls a connection or a request; None: nothing does.
        tls: Speak TLS.
        room: Bytes that a connection takes in while nobody reads; by default many.
    """

    def __init__(
        self,
        handler: Handler = lambda _: Reply(),
        nemesis: Nemesis | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        room: int | None = None,
    ) -> None:
        self.handler = handler
        self.nemesis: Nemesis = nemesis or (lambda _: None)
        self.connections = 0
        self.begun = 0
        self.commits = 0
        self.arrived: list[Arrived] = []
        self.log: list[Struck] = []
        self.errors: list[Exception] = []
        self.asked = asyncio.Event()
        self.stalled = asyncio.Event()
        """Set whenever an answer stalls, so that only a timeout ends it."""
        self.port = 0
        self._tls = tls
        self._room = room
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None

    @property
    def base_url(self) -> str:
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.base_url}/v1/x"

    @property
    def requests(self) -> list[bytes]:
        """The requests that arrived, as they came."""
        return [request.raw for request in self.arrived]

    @property
    def partial(self) -> list[Arrived]:
        """The requests that were never taken in whole."""
        begun = [struck.request for struck in self.log]
        return [request for request in begun if request is not None and not request.whole]

    @property
    def open(self) -> int:
        """How many connections are open."""
        return len(self._tasks)

    def count(self, method: str, path: str) -> int:
        """Return how many such requests arrived."""
        return sum(request.is_for(method, path) for request in self.arrived)

    async def arrivals(self, count: int) -> None:
        """Wait until so many requests have arrived."""
        while len(self.arrived) < count:
            self.asked.clear()
            await self.asked.wait()

    async def idle(self) -> None:
        """Wait until every connection has ended, and with it what is done late."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def start(self) -> None:
        """Listen; where it was before, if it did."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if self._room is not None:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._room)
        listening.bind(("127.0.0.1", self.port))
        self._listener = await asyncio.start_server(
            self._serve, sock=listening, ssl=self._tls, limit=_HEAD_LIMIT
        )
        self.port = listening.getsockname()[1]

    async def refuse(self) -> None:
        """Stop listening, and drop every connection; `start` begins again."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if listener is not None:
            await listener.wait_closed()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.refuse()
        if self.errors and error is None:
            raise self.errors[0]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            await self._converse(reader, writer, self.connections)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            return
        except Exception as error:  # a mistake of a test or of its handler: raised at the end
            self.errors.append(error)
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int
    ) -> None:
        fault = self.nemesis(None)
        if fault is not None:
            struck = Struck(None, fault.name)
            self.log.append(struck)
            await fault.answer(Exchange(self, reader, writer, None, struck))
        while not writer.is_closing():
            arrived = _head(await reader.readuntil(b"\r\n\r\n"), self.begun, connection)
            self.begun += 1
            fault = self.nemesis(arrived)
            struck = Struck(arrived, None if fault is None else fault.name)
            self.log.append(struck)
            exchange = Exchange(self, reader, writer, arrived, struck)
            await (_properly(exchange) if fault is None else fault.answer(exchange))
            if not arrived.whole:
                return  # what is left of it would be taken for the next one


async def _properly(exchange: Exchange) -> None:
    await exchange.say(framed(await exchange.commit()))


def _head(raw: bytes, number: int, connection: int) -> Arrived:
    first, *lines = raw.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    pairs = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    now = asyncio.get_running_loop().time()
    return Arrived(number, connection, method, target, Headers(pairs), raw, now)


def answering(api: Api | Emulator) -> Handler:
    """Return a handler that answers as the emulator does, which need not be started."""
    core = api._api if isinstance(api, Emulator) else api

    def handle(request: Arrived) -> Reply:
        answer = core.answer(
            request.method, request.path, request.query, request.headers, request.body
        )
        return Reply(answer.status, answer.body, answer.headers)

    return handle


def scripted(answers: Sequence[Answer | Fault]) -> Nemesis:
    """Return a nemesis that gives these answers, the last one for ever."""
    left = [one if isinstance(one, Fault) else Fault("scripted", one) for one in answers]

    def choose(request: Arrived | None) -> Fault | None:
        if request is None:
            return None
        return left.pop(0) if len(left) > 1 else left[0]

    return choose


def first(*answers: Answer | None) -> Nemesis:
    """Return a nemesis that gives these answers to the first requests; None lets one pass."""
    left = list(answers)

    def choose(request: Arrived | None) -> Fault | None:
        answer = left.pop(0) if request is not None and left else None
        return None if answer is None else Fault("scripted", answer)

    return choose


def always(answer: Answer) -> Nemesis:
    """Return a nemesis that gives this answer to every request."""
    return scripted([answer])


def on_connections(*answers: Answer | None) -> Nemesis:
    """Return a nemesis that does these to the first connections; None lets one pass."""
    left = list(answers)

    def choose(request: Arrived | None) -> Fault | None:
        answer = left.pop(0) if request is None and left else None
        return None if answer is None else Fault("scripted", answer)

    return choose


@contextlib.asynccontextmanager
async def serving(
    *answers: Answer | Fault, tls: ssl.SSLContext | None = None
) -> AsyncIterator[FaultServer]:
    """Serve these answers, one for each request, the last one for ever."""
    async with FaultServer(nemesis=scripted(answers), tls=tls) as server:
        yield server


def free_port() -> int:
    """Return a port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def full_backlog() -> Iterator[int]:
    """Yield a port where connecting takes for ever: nobody accepts, and the queue is full."""
    waiting: list[socket.socket] = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        try:
            for _ in range(4):
                one = socket.socket()
                one.setblocking(False)
                waiting.append(one)
                with contextlib.suppress(BlockingIOError):
                    one.connect(address)
            yield address[1]
        finally:
            for one in waiting:
                one.close()
