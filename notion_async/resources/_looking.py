"""Reading in the midst of a write: what a recovery asks Notion, within the time of its call."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import urlencode

import attrs
import msgspec

from notion_async import endpoints
from notion_async.converters import check_text, whole_characters
from notion_async.endpoints import Endpoint
from notion_async.errors import DeadlineExceededError, InvalidResponseError
from notion_async.transport.answers import http_date
from notion_async.transport.message import Response

if TYPE_CHECKING:
    from notion_async.resources._sender import Fields, Sender

T = TypeVar("T")

PER_ANSWER = 100
"""How many objects Notion lists in one answer."""


class Listing(msgspec.Struct):
    """A list object, its items as they came."""

    results: list[msgspec.Raw]
    has_more: bool = False
    next_cursor: str | None = None


@attrs.frozen
class Found(Generic[T]):
    """An answer, and what it says."""

    response: Response
    data: T


@attrs.frozen
class Looking:
    """Reads that share what is left of a call's time."""

    send: Sender
    end: float | None
    """By the sender's clock; None for no end."""

    @classmethod
    def within(cls, send: Sender, remaining: float | None) -> Looking:
        """Return what looks for so many seconds; None for no end."""
        return cls(send, None if remaining is None else send.clock.now() + remaining)

    @property
    def remaining(self) -> float | None:
        """Seconds that are left; None where there is no end."""
        return None if self.end is None else self.end - self.send.clock.now()

    async def wait(self, seconds: float) -> None:
        """Wait.

        Raises:
            DeadlineExceededError: There is not so much time left.
        """
        remaining = self.remaining
        if remaining is not None and remaining <= seconds:
            raise DeadlineExceededError("there is no time left to look", sent=True)
        await self.send.clock.sleep(seconds)

    async def retrieve(
        self, endpoint: Endpoint, ids: Mapping[str, str], *, query: str = ""
    ) -> Found[dict[str, object]]:
        """Return an object; `query` is sent as it is."""
        return await self._read(endpoint, endpoint.filled(ids) + query, None, _object)

    async def pages(
        self, endpoint: Endpoint, ids: Mapping[str, str], *, body: Fields | None = None
    ) -> AsyncGenerator[Found[Listing]]:
        """Yield a listing, answer after answer.

        Args:
            endpoint: What is asked.
            ids: What fills the path.
            body: What is asked for, where it is a query.
        """
        path, cursor, marked = endpoint.filled(ids), None, None
        answers = 0
        while True:
            page = {"page_size": PER_ANSWER} | ({"start_cursor": cursor} if cursor else {})
            found = await self._read(
                endpoint,
                path if body is not None else f"{path}?{urlencode(page)}",
                None if body is None else {**body, **page},
                _listing,
            )
            yield found
            if not found.data.has_more:
                return
            if found.data.next_cursor in (None, cursor, marked):
                raise InvalidResponseError("this listing cannot go on", status=200)
            cursor = found.data.next_cursor
            answers += 1
            if answers & (answers - 1) == 0:  # as in `Pager.pages`: finds a circle of any length
                marked = cursor

    async def bot_id(self) -> str:
        """Return what Notion calls this connection: asked once."""
        memory = self.send.memory
        if memory.bot_id is None:
            me = await self.retrieve(endpoints.USERS_ME, {})
            identity = me.data.get("id")
            if not isinstance(identity, str):
                raise InvalidResponseError("this user has no id", status=me.response.status)
            memory.bot_id = identity
        return memory.bot_id

    async def _read(
        self,
        endpoint: Endpoint,
        target: str,
        body: Fields | None,
        decoder: msgspec.json.Decoder[T],
    ) -> Found[T]:
        def read(response: Response) -> Found[T]:
            text = whole_characters(response.body)
            try:
                check_text(text)
                return Found(response, decoder.decode(text))
            except (ValueError, RecursionError) as error:
                raise InvalidResponseError(
                    f"the body is not the JSON it should be: {error}", status=response.status
                ) from None

        return await self.send.look(endpoint, target, read, body=body, deadline=self.remaining)


_object: msgspec.json.Decoder[dict[str, object]] = msgspec.json.Decoder(dict[str, object])
_listing = msgspec.json.Decoder(Listing)


def minute_before(answer: Response, seconds: float) -> datetime:
    """Return the minute in which Notion was so many seconds before an answer, by its own clock."""
    now = http_date(answer.headers.get("date", "")) or datetime.now(UTC)
    return (now - timedelta(seconds=seconds)).replace(second=0, microsecond=0)


def moment(value: object) -> datetime | None:
    """Return a time that an object names; None where it names none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
