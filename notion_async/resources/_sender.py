"""How a resource's ids and fields become a request, and its answer an object."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Final, TypeAlias, TypeVar
from urllib.parse import quote, urlencode

import attrs
import msgspec

from notion_async import endpoints
from notion_async.auth import Credentials, Secret, bearer
from notion_async.converters import check_text, request_json, whole_characters
from notion_async.endpoints import Endpoint, Replay
from notion_async.errors import (
    APIResponseError,
    ConfigurationError,
    InvalidResponseError,
    NotionError,
    TransportError,
)
from notion_async.ids import is_notion_id, notion_id
from notion_async.resources._appending import blocks_of, blocks_within, id_in, ids_in
from notion_async.resources._recovery import Recovery
from notion_async.resources._unique import Unique
from notion_async.transport.call import Call
from notion_async.transport.clock import Clock
from notion_async.transport.limiter import Priority
from notion_async.transport.memory import EVERYWHERE, Memory
from notion_async.transport.message import Request, Response, Stream
from notion_async.transport.multipart import Multipart
from notion_async.transport.pipeline import Pipeline
from notion_async.types import UNSET
from notion_async.version import __version__

T = TypeVar("T")

Fields: TypeAlias = Mapping[str, object]

_EVENTS: Final = "text/event-stream"
_READ: Final = Replay.READ
_BEGINNINGS: Final = {
    name: b'{"object":"%s","id":"' % name.encode()
    for name in (
        "page", "block", "database", "data_source", "comment", "user", "view", "file_upload",
    )
}  # fmt: skip
"""How Notion writes what is known by its `object` and an id; nothing else is taken for it."""
_ONCE: Final = frozenset({Replay.CREATE, Replay.TOKEN})


@attrs.frozen
class Sender:
    """What a resource sends by.  One for a client and its options."""

    pipeline: Pipeline
    token: Secret | None
    base_url: str
    version: str
    """The version of the API that is spoken: some fields go by another name in the older one."""
    timeout: float
    deadline: float | None
    priority: Priority
    _plain: _Headers | None = attrs.field(default=None, init=False, repr=False)
    """The headers of most requests, made with the first."""

    @property
    def clock(self) -> Clock:
        """Where waiting takes place."""
        return self.pipeline.clock

    @property
    def memory(self) -> Memory:
        """What is remembered of the connection's writes."""
        return self.pipeline.governor.memory

    def __call__(
        self,
        endpoint: Endpoint,
        read: Callable[[bytes], T],
        ids: Mapping[str, str],
        *,
        query: Fields,
        body: Fields | Multipart | None,
        basic: Credentials | None = None,
        unique: Unique | None = None,
        lighter: Callable[[], tuple[Fields, Fields | None] | None] | None = None,
    ) -> Awaitable[T]:
        """Send a request and return what `read` makes of the answer.

        Args:
            endpoint: The row of the table.
            read: Makes the object from the text of the answer.
            ids: What fills the path.
            query: What follows the path; `UNSET` and None are left out.
            body: The fields of the body, where `UNSET` is left out and None is null; or a form.
            basic: Sent instead of the token.
            unique: What tells a row that is created.
            lighter: Returns query and body of a request for less, for when an answer took too
                long; None where there is none.
        """
        target = endpoint.filled(ids) + query_string(query)
        call = self._call(endpoint, target, body, basic)
        if lighter is not None:

            def less() -> Request | None:
                fields = lighter()
                if fields is None:
                    return None
                smaller = endpoint.filled(ids) + query_string(fields[0])
                return self._call(endpoint, smaller, fields[1], basic).request

            call.lighter = less
        if endpoint.replay is not _READ:
            return self._write(call, target, decoding(read, endpoint.returns), unique)
        return self.pipeline.send(call, decoding(read, endpoint.returns))

    def send(
        self,
        endpoint: Endpoint,
        read: Callable[[bytes], T],
        path: str,
        *,
        query: Fields,
        body: Fields | None,
    ) -> Awaitable[T]:
        """Send a request to a path that is filled already; otherwise as when called."""
        target = _quoted(path) + query_string(query)
        call = self._call(endpoint, target, body, None)
        if endpoint.replay is not _READ:
            return self._write(call, target, decoding(read), None)
        return self.pipeline.send(call, decoding(read))

    def look(
        self,
        endpoint: Endpoint,
        target: str,
        read: Callable[[Response], T],
        *,
        body: Fields | None,
        deadline: float | None,
    ) -> Awaitable[T]:
        """Send a request that only reads, in the midst of another call.

        Args:
            endpoint: The row of the table.
            target: The path that is filled, and the query.
            read: Makes something of the answer, or raises `InvalidResponseError`.
            body: The fields of the body.
            deadline: Seconds until it has to be answered; None for no end.
        """
        call = self._call(endpoint, target, body, None)
        call.deadline = deadline
        return self.pipeline.send(call, read)

    @asynccontextmanager
    async def stream(
        self, endpoint: Endpoint, ids: Mapping[str, str], *, body: Fields | None
    ) -> AsyncGenerator[AsyncIterator[bytes]]:
        """Send a request and yield the events it is answered with, as they come, in bytes.

        Leaving the block closes the connection.
        """
        call = self._call(endpoint, endpoint.fill(**ids), body, None, accept=_EVENTS)
        async with aclosing(await self.pipeline.open(call, _check_events)) as answer:
            yield aiter(answer)

    def _write(
        self, call: Call, target: str, read: Callable[[Response], T], unique: Unique | None
    ) -> Awaitable[T]:
        """Send a request that changes something, and find out what became of it if need be."""
        endpoint = call.endpoint
        if endpoint is endpoints.BLOCKS_APPEND_CHILDREN:
            return self._append(call, target, read)
        if Recovery.knows(endpoint):
            now = self.clock.now()
            call.recover = Recovery(self, endpoint, call.request, target, now, unique=unique)
        if endpoint is endpoints.PAGES_CREATE:
            return self.pipeline.send(call, self._noting_page(call.request.body, read))
        if _makes_blocks(endpoint, call.request.body):
            return self._make_blocks(call, read)
        return self.pipeline.send(call, read)

    def _noting_page(self, body: object, read: Callable[[Response], T]) -> Callable[[Response], T]:
        """Return what remembers, when it reads a new page, how many blocks it was made with."""

        def read_and_note(response: Response) -> T:
            made = read(response)
            page = id_in(response.body)
            if page is not None:
                self.memory.created(page, blocks_of(body) if isinstance(body, bytes) else None)
            return made

        return read_and_note

    async def _make_blocks(self, call: Call, read: Callable[[Response], T]) -> T:
        """Send what makes blocks that nobody names, in whatever is in a page."""
        making = self.memory.begin(EVERYWHERE, now=self.clock.now())
        ids: tuple[str, ...] | None = None
        try:
            return await self.pipeline.send(call, read)
        except NotionError as error:
            if _nothing_was_done(error):
                ids = ()
            raise
        finally:
            self.memory.end(making, ids, now=self.clock.now())

    async def _append(self, call: Call, target: str, read: Callable[[Response], T]) -> T:
        """Append blocks, and remember which: to know them from those of others."""
        parent = target.split("/")[3]
        parent = notion_id(parent) if is_notion_id(parent) else parent
        appending = self.memory.begin(parent, now=self.clock.now())
        call.recover = Recovery(
            self, call.endpoint, call.request, target, appending.begun, appending
        )
        ids: tuple[str, ...] | None = None
        within: Mapping[str, int | None] = {}

        def read_and_note(response: Response) -> T:
            nonlocal ids, within
            made = read(response)
            ids = ids_in(response.body)
            if ids is not None and isinstance(call.request.body, bytes):
                within = blocks_within(call.request.body, ids)
            return made

        try:
            return await self.pipeline.send(call, read_and_note)
        except NotionError as error:
            if _nothing_was_done(error):
                ids = ()
            raise
        finally:
            self.memory.end(appending, ids, now=self.clock.now(), within=within)

    def _call(
        self,
        endpoint: Endpoint,
        target: str,
        fields: Fields | Multipart | None,
        basic: Credentials | None,
        *,
        accept: str | None = None,
    ) -> Call:
        headers = self._plain if basic is None else self._authorized(basic.header())
        if headers is None:
            headers = self._authorized(bearer(self.token))
            object.__setattr__(self, "_plain", headers)
        body: bytes | tuple[bytes, ...] | None = None
        if isinstance(fields, Multipart):
            content_type, body = _form(fields)
            headers = _Headers(headers, **{"Content-Type": content_type})
        elif fields is not None:
            body = _json(fields)
            headers = _Headers(headers, **{"Content-Type": "application/json"})
        if accept is not None:
            headers = _Headers(headers, Accept=accept)
        once = endpoint.replay in _ONCE
        request = Request(endpoint.method, self.base_url + target, headers, body, once)
        return Call(endpoint, request, self.timeout, self.deadline, self.priority)

    def _authorized(self, authorization: str) -> _Headers:
        return _Headers(
            {
                "Authorization": authorization,
                "Notion-Version": self.version,
                "Accept": "application/json",
                "User-Agent": f"notion-async/{__version__}",
            }
        )


class _Headers(dict[str, str]):
    """Headers that do not show themselves: a token is among them."""

    def __repr__(self) -> str:
        return "{…}"


def _check_events(answer: Stream) -> None:
    if not answer.headers.get("content-type", "").startswith(_EVENTS):
        raise InvalidResponseError("the answer is no stream of events", status=answer.status)


def _makes_blocks(endpoint: Endpoint, body: object) -> bool:
    """Tell whether a change of a page may make blocks in it: by Markdown, or by a template."""
    if endpoint.name == endpoints.PAGES_UPDATE_MARKDOWN.name:
        return True
    template = isinstance(body, bytes) and b'"template"' in body
    return template and endpoint is endpoints.PAGES_UPDATE


def _nothing_was_done(error: NotionError) -> bool:
    """Tell whether a request that ended so has made no block."""
    if isinstance(error, TransportError):
        return not error.sent
    return isinstance(error, (APIResponseError, ConfigurationError))


def decoding(read: Callable[[bytes], T], returns: str = "") -> Callable[[Response], T]:
    """Return what makes of an answer what `read` makes of its text.

    Args:
        read: Makes the object.
        returns: What the endpoint answers with, as its row says.
    """
    beginning = _BEGINNINGS.get(returns)

    def decode(response: Response) -> T:
        # Called inside the retry loop: an answer that is cut is asked for again.
        text = response.body
        try:
            if not text.isascii():
                check_text(text)  # all of it now: objects decode when touched
            if beginning is None or text.startswith(beginning) or _is(text, returns):
                return read(whole_characters(text) if b"\\" in text else text)
            wrong = f"it is no {returns}"
        except (ValueError, RecursionError) as error:  # not UTF-8; nested too deep
            wrong = str(error)
        # Outside of the handler, and without the text: the answer may hold a token.
        del text
        raise InvalidResponseError(
            f"the body is not the JSON it should be: {wrong}", status=response.status
        )

    return decode


class _Named(msgspec.Struct):
    object: str
    id: str


_named = msgspec.json.Decoder(_Named)


def _is(text: bytes, expected: str) -> bool:
    """Tell whether this is such an object, or the task that is to make one.

    Raises:
        ValueError: It has no name or no id.
    """
    return _named.decode(text).object in (expected, "async_task")


def query_string(query: Fields) -> str:
    """Return what follows a path, its mark included; `UNSET` and None are left out."""
    if not query:
        return ""
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        if value is UNSET or value is None:
            continue
        if isinstance(value, (list, tuple)):
            many = name if name.endswith("[]") else f"{name}[]"
            pairs.extend((many, str(item)) for item in value)
        elif isinstance(value, bool):
            pairs.append((name, "true" if value else "false"))
        else:
            pairs.append((name, str(value)))
    try:
        return "?" + urlencode(pairs) if pairs else ""
    except UnicodeEncodeError:
        raise _half_a_character() from None


def _quoted(path: str) -> str:
    # What is quoted already stays as it is.
    try:
        return quote(path, safe="/%:@!$&'()*+,;=~")
    except UnicodeEncodeError:
        raise _half_a_character() from None


def _form(form: Multipart) -> tuple[str, tuple[bytes, ...]]:
    try:
        return form.encode()
    except UnicodeEncodeError:  # of its file's name, as from a file system of another encoding
        raise _half_a_character() from None


def _json(body: Fields) -> bytes:
    try:
        fields = {name: request_json(value) for name, value in body.items() if value is not UNSET}
        return msgspec.json.encode(fields)
    except UnicodeEncodeError:
        raise _half_a_character() from None
    except RecursionError:
        raise ConfigurationError(
            "cannot be sent to Notion: it is nested too deep, or holds itself"
        ) from None


def _half_a_character() -> ConfigurationError:
    # The error of encoding is not shown: it holds all of the text.
    return ConfigurationError(
        "cannot be sent to Notion: a text holds half a character (a surrogate without its "
        "other half), as from an emoji that was cut"
    )
