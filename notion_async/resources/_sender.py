"""How a resource's ids and fields become a request, and its answer an object."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Final, TypeAlias, TypeVar
from urllib.parse import urlencode

import attrs
import msgspec

from notion_async.auth import Credentials, Secret, bearer
from notion_async.converters import check_text, request_json, whole_characters
from notion_async.endpoints import Endpoint
from notion_async.errors import ConfigurationError, InvalidResponseError
from notion_async.transport.clock import Clock
from notion_async.transport.limiter import Priority
from notion_async.transport.message import Request, Response
from notion_async.transport.multipart import Multipart
from notion_async.transport.pipeline import Call, Pipeline
from notion_async.types import UNSET
from notion_async.version import __version__

T = TypeVar("T")

Fields: TypeAlias = Mapping[str, object]

_EVENTS: Final = "text/event-stream"


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

    def __call__(
        self,
        endpoint: Endpoint,
        read: Callable[[bytes], T],
        ids: Mapping[str, str],
        *,
        query: Fields,
        body: Fields | Multipart | None,
        basic: Credentials | None = None,
    ) -> Awaitable[T]:
        """Send a request and return what `read` makes of the answer.

        Args:
            endpoint: The row of the table.
            read: Makes the object from the text of the answer.
            ids: What fills the path.
            query: What follows the path; `UNSET` and None are left out.
            body: The fields of the body, where `UNSET` is left out and None is null; or a form.
            basic: Sent instead of the token.
        """
        target = endpoint.filled(ids) + _query(query)
        return self.pipeline.send(self._call(endpoint, target, body, basic), _decoding(read))

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
        call = self._call(endpoint, path + _query(query), body, None)
        return self.pipeline.send(call, _decoding(read))

    @asynccontextmanager
    async def stream(
        self, endpoint: Endpoint, ids: Mapping[str, str], *, body: Fields | None
    ) -> AsyncGenerator[AsyncIterator[bytes]]:
        """Send a request and yield the events it is answered with, as they come, in bytes.

        Leaving the block closes the connection.

        Raises:
            InvalidResponseError: The answer is a success, but no stream of events.
        """
        call = self._call(endpoint, endpoint.fill(**ids), body, None, accept=_EVENTS)
        async with aclosing(await self.pipeline.open(call)) as answer:
            if not answer.headers.get("content-type", "").startswith(_EVENTS):
                raise InvalidResponseError(
                    "the answer is no stream of events", status=answer.status
                )
            yield aiter(answer)

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
            content_type, body = fields.encode()
            headers = _Headers(headers, **{"Content-Type": content_type})
        elif fields is not None:
            body = _json(fields)
            headers = _Headers(headers, **{"Content-Type": "application/json"})
        if accept is not None:
            headers = _Headers(headers, Accept=accept)
        request = Request(endpoint.method, self.base_url + target, headers, body)
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


def _decoding(read: Callable[[bytes], T]) -> Callable[[Response], T]:
    def decode(response: Response) -> T:
        # Called inside the retry loop: an answer that is cut is asked for again.
        try:
            text = response.body
            if not text.isascii():
                check_text(text)  # all of it now: objects decode when touched
            return read(whole_characters(text) if b"\\" in text else text)
        except (ValueError, RecursionError) as error:  # not UTF-8; nested too deep
            raise InvalidResponseError(
                f"the body is not the JSON it should be: {error}", status=response.status
            ) from None

    return decode


def _query(query: Fields) -> str:
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
    return "?" + urlencode(pairs) if pairs else ""


def _json(body: Fields) -> bytes:
    fields = {name: request_json(value) for name, value in body.items() if value is not UNSET}
    try:
        return msgspec.json.encode(fields)
    except UnicodeEncodeError:  # not shown: it holds all of the text
        raise ConfigurationError(
            "cannot be sent to Notion: a text holds half a character (a surrogate without its "
            "other half), as from an emoji that was cut"
        ) from None
