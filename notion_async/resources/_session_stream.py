"""A turn of a session while it goes on: its events one by one, and from where to resume."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Final, Self

import attrs
import msgspec

from notion_async import endpoints
from notion_async.converters import check_text, whole_characters
from notion_async.endpoints import Replay
from notion_async.errors import (
    ConfigurationError,
    ConnectionLostError,
    InvalidResponseError,
    SessionStreamError,
)
from notion_async.models.sessions import (
    EventCommitted,
    EventProvisional,
    SessionEvent,
    SessionSnapshot,
    StreamEnd,
    StreamError,
    StreamEvent,
    StreamTimeout,
)
from notion_async.resources._sender import Sender
from notion_async.transport.sse import EventDecoder, ServerSentEvent

# To resume only reads: that request may be repeated as any other that reads.
_RESUME: Final = attrs.evolve(endpoints.SESSIONS_STREAM, replay=Replay.READ)

_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


class SessionStream:
    """The events of a turn, while it goes on.

    It holds a connection, which closes when the block is left, at any point::

        async with notion.sessions.stream(message="What is new?", agent_id=agent_id) as events:
            async for event in events:
                match event:
                    case EventCommitted(event=AgentMessage(text=text)):
                        print(text)
                    case StreamEnd(status=status):
                        print(f"({status})")

    The loop ends where Notion says that the turn is over; anything else is an error, so that a
    part is never taken for the whole.  The turn goes on at Notion meanwhile, and the rest of it
    is there to be had::

        events = notion.sessions.stream(message="What is new?", agent_id=agent_id)
        while True:
            try:
                async with events:
                    async for event in events:
                        ...
                break
            except SessionStreamError as error:
                if not error.retryable:
                    raise
                events = events.resumed()
            except (ConnectionLostError, RequestTimeoutError):
                events = events.resumed()

    An event may come again after that: events have ids, and a place (``sequence``).

    Raises (while it is opened):
        APIResponseError: Notion refuses the turn.
        WriteOutcomeUnknown: The answer was lost, or is no stream of events; `Sessions.query` tells
            whether the turn began.

    Raises (while it is read):
        SessionStreamError: Notion ended the stream too early.
        ConnectionLostError: The connection broke.
        RequestTimeoutError: Nothing came for longer than the client's ``timeout``.
        ProtocolError: What came is no stream of events.
    """

    def __init__(
        self,
        send: Sender,
        turn: Mapping[str, object],
        *,
        session_id: str | None = None,
        continue_from: str | None = None,
    ) -> None:
        self.session_id = session_id
        """The session, as soon as it is known."""
        self.continue_from = continue_from
        """Where to resume: the event that was delivered last and is final."""
        self._send = send
        self._turn = turn
        self._endpoint = endpoints.SESSIONS_STREAM if continue_from is None else _RESUME
        self._connection = AsyncExitStack()
        self._decoder = EventDecoder()
        self._chunks: AsyncIterator[bytes] | None = None
        self._arrived: Iterator[ServerSentEvent] = iter(())
        self._committed: list[SessionEvent] = []
        self._opened = self._ended = False

    @property
    def committed(self) -> tuple[SessionEvent, ...]:
        """The final events that have been delivered so far."""
        return tuple(self._committed)

    def resumed(self) -> SessionStream:
        """Return the rest of the turn, as another stream to be opened.

        ``notion.sessions.stream(session_id=…, continue_from=…)`` does the same elsewhere, for
        who has kept `session_id` and `continue_from`.

        Raises:
            ConfigurationError: Nothing final has been delivered: there is no place to go on from.
        """
        if self.session_id is None or self.continue_from is None:
            raise ConfigurationError(
                "there is no place to resume from: nothing final has come yet; what happened is "
                "told by sessions.query_events(), and the session is found by sessions.query()"
            )
        turn = {"session_id": self.session_id, "continue_from": self.continue_from}
        return SessionStream(self._send, turn, **turn)

    async def __aenter__(self) -> Self:
        if self._opened:
            raise ConfigurationError(
                "a stream is opened once: what follows comes with resumed(), a new turn with "
                "sessions.stream()"
            )
        self._opened = True
        self._chunks = await self._connection.enter_async_context(
            self._send.stream(self._endpoint, {}, body=self._turn)
        )
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._chunks = None
        await self._connection.__aexit__(exc_type, exc, traceback)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> StreamEvent:
        if self._ended:
            raise StopAsyncIteration
        if self._chunks is None:
            raise ConfigurationError(
                "a stream is read inside its block: async with notion.sessions.stream(…) as events"
            )
        try:
            return self._delivered(await self._next(self._chunks))
        except Exception:
            self._ended = True
            raise

    async def _next(self, chunks: AsyncIterator[bytes]) -> ServerSentEvent:
        while True:
            for event in self._arrived:
                if event.data:
                    return event
            try:
                self._arrived = self._decoder.feed(await anext(chunks))
            except StopAsyncIteration:
                break
        raise ConnectionLostError(
            "the stream broke off before the turn was over", sent=True, status=200
        )

    def _delivered(self, sent: ServerSentEvent) -> StreamEvent:
        event = _read(sent.data)
        match event:
            case SessionSnapshot():
                self._note_session(event, "session", "id")
            case EventProvisional():
                self._note_session(event, "event", "session_id")
            case EventCommitted():
                self._note_session(event, "event", "session_id")
                self._commit(getattr(event, "event", None))
            case StreamEnd():
                self._ended = True
            case StreamTimeout():
                raise self._failure(event.type, _part(event, "message"), retryable=True)
            case StreamError():
                self._note_session(event, "session_id")
                raise self._failure(
                    _part(event, "error", "code"),
                    _part(event, "error", "message"),
                    retryable=_part(event, "error", "retryable") is True,
                )
            case _:
                pass
        self._continue_after(sent.last_event_id)
        return event

    # Nothing in an event is relied upon to be there: a beta changes.

    def _note_session(self, event: StreamEvent, *path: str) -> None:
        found = _part(event, *path)
        if isinstance(found, str):
            self.session_id = found

    def _commit(self, event: object) -> None:
        if isinstance(event, SessionEvent):
            self._committed.append(event)
            self._continue_after(_part(event, "id"))

    def _continue_after(self, place: object) -> None:
        if isinstance(place, str) and place:
            self.continue_from = place

    def _failure(self, code: object, message: object, *, retryable: bool) -> SessionStreamError:
        return SessionStreamError(
            str(message or "the stream ended before the turn was over"),
            code=str(code or ""),
            retryable=retryable,
            session_id=self.session_id,
            continue_from=self.continue_from,
        )

    def __repr__(self) -> str:
        state = "ended" if self._ended else "closed" if self._chunks is None else "open"
        return f"<SessionStream of {self.session_id or 'a new session'}, {state}>"


def _part(holder: object, *path: str) -> object:
    for name in path:
        holder = getattr(holder, name, None)
    return holder


def _read(data: bytes) -> StreamEvent:
    try:
        check_text(data)  # all of it now: objects decode when touched
        text = whole_characters(data)
        _fields(text)
        return StreamEvent.from_json(text)
    except (ValueError, RecursionError) as error:  # not UTF-8; nested too deep
        raise InvalidResponseError(
            f"an event is not the JSON it should be: {error}", status=200
        ) from None
