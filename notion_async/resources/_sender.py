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
_USER_AGENT: Final = f"notion-async/{__version__}"


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
        path = endpoint.fill(**ids)
        return self.send(endpoint, read, path, query=query, body=body, basic=basic)

    async def send(
        self,
        endpoint: Endpoint,
        read: Callable[[bytes], T],
        path: str,
        *,
        query: Fields,
        body: Fields | Multipart | None,
        basic: Credentials | None = None,
    ) -> T:
        """Send a request to a path that is filled already; otherwise as when called."""
        answer: list[T] = []

        def check(response: Response) -> None:
            # Decoded here, inside the retry loop: an answer that is cut is asked for again.
            try:
                check_text(response.body)  # all of it now: objects decode when touched
                answer[:] = [read(whole_characters(response.body))]
            except (ValueError, RecursionError) as error:  # not UTF-8; nested too deep
                raise InvalidResponseError(
                    f"the body is not the JSON it should be: {error}", status=response.status
                ) from None

        await self.pipeline.send(
            self._call(endpoint, path + _query(query), body, basic, check=check)
        )
        return answer[0]

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
        accept: str = "application/json",
        check: Callable[[Response], None] | None = None,
    ) -> Call:
        headers = {
            "Authorization": bearer(self.token) if basic is None else basic.header(),
            "Notion-Version": self.version,
            "Accept": accept,
            "User-Agent": _USER_AGENT,
        }
        body: bytes | tuple[bytes, ...] | None = None
        if isinstance(fields, Multipart):
            headers["Content-Type"], body = fields.encode()
        elif fields is not None:
            headers["Content-Type"], body = "application/json", _json(fields)
        return Call(
            endpoint=endpoint,
            request=Request(endpoint.method, self.base_url + target, headers, body),
            timeout=self.timeout,
            deadline=self.deadline,
            priority=self.priority,
            check=check,
        )


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
