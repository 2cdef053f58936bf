"""Requests about sessions, and the events of a turn over a real connection."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from notion_async import (
    AsyncClient,
    ConfigurationError,
    ConnectionLostError,
    InvalidResponseError,
    NotionError,
    RequestTimeoutError,
    RestrictedResourceError,
    SessionStreamError,
    WriteOutcomeUnknown,
    unstructure,
)
from notion_async.models import FileObject, UploadedFile
from notion_async.models.sessions import (
    AgentMessage,
    EventCommitted,
    EventProvisional,
    Session,
    SessionEvent,
    SessionSnapshot,
    StreamEnd,
    StreamEvent,
    UserMessage,
)
from notion_async.resources._session_stream import SessionStream
from tests.clients import TOKEN, answer, client_to, listing, sent
from tests.faults.server import Answer, Exchange, FaultServer, serving
from tests.faults.strikes import resets, says
from tests.faults.wire import http
from tests.mocked import Shape, mocked

API = "https://api.notion.com/v1/sessions"
SESSION = "2a1c7c06-781b-4987-9986-5c8dd3028014"
AGENT = "1f0c7c06-781b-4987-9986-5c8dd3028013"
APPROVAL = {"action_id": "a1", "option_id": "approve"}
FILTER = {"property": "status", "status": {"equals": "completed"}}
Call = Callable[[AsyncClient], Awaitable[object]]

# ------------------------------------------------------------------------------------- requests

TURNS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a first message": (
        {"message": "Hi", "agent_id": "notion_ai"},
        {"message": "Hi", "agent_id": "notion_ai"},
    ),
    "a message with all that goes with it": (
        {
            "message": "Hi",
            "agent_id": AGENT,
            "session_id": SESSION,
            "attachments": [
                {"file_upload": {"id": "f1"}, "name": "a.pdf"},
                FileObject(type="file_upload", file_upload=UploadedFile("f2")),
            ],
            "metadata": {"ticket": "7"},
            "prompt_context": "Be brief.",
        },
        {
            "message": "Hi",
            "agent_id": AGENT,
            "session_id": SESSION,
            "attachments": [
                {"file_upload": {"id": "f1"}, "name": "a.pdf"},
                {"type": "file_upload", "file_upload": {"id": "f2"}},
            ],
            "metadata": {"ticket": "7"},
            "prompt_context": "Be brief.",
        },
    ),
    "a decision": (
        {"session_id": SESSION, "actions": [APPROVAL], "metadata": {"by": "me"}},
        {"session_id": SESSION, "actions": [APPROVAL], "metadata": {"by": "me"}},
    ),
    "going on": (
        {"session_id": SESSION, "continue_from": "e3"},
        {"session_id": SESSION, "continue_from": "e3"},
    ),
}
REQUESTS: dict[str, tuple[Call, str, str, Any]] = {
    "retrieve": (lambda notion: notion.sessions.retrieve(SESSION), "GET", f"/{SESSION}", None),
    "query for everything": (lambda notion: notion.sessions.query(), "POST", "/query", {}),
    "query": (
        lambda notion: notion.sessions.query(
            query="plan",
            filter=FILTER,
            sorts=[{"property": "updated_at", "direction": "descending"}],
            start_cursor="c",
            page_size=10,
        ),
        "POST",
        "/query",
        {
            "query": "plan",
            "filter": FILTER,
            "sorts": [{"property": "updated_at", "direction": "descending"}],
            "start_cursor": "c",
            "page_size": 10,
        },
    ),
    "query of events": (
        lambda notion: notion.sessions.query_events(
            session_id=SESSION,
            filter={"property": "sequence", "number": {"greater_than": 3}},
            sorts=[{"property": "sequence", "direction": "ascending"}],
            start_cursor="c",
            page_size=10,
        ),
        "POST",
        f"/{SESSION}/events/query",
        {
            "filter": {"property": "sequence", "number": {"greater_than": 3}},
            "sorts": [{"property": "sequence", "direction": "ascending"}],
            "start_cursor": "c",
            "page_size": 10,
        },
    ),
    "cancel": (
        lambda notion: notion.sessions.cancel(SESSION),
        "POST",
        f"/{SESSION}/cancel",
        {},
    ),
    "cancel one turn": (
        lambda notion: notion.sessions.cancel(SESSION, event_id="e1"),
        "POST",
        f"/{SESSION}/cancel",
        {"event_id": "e1"},
    ),
}


async def asked(call: Call) -> Shape:
    with mocked(listing()) as requests:
        async with AsyncClient(TOKEN) as notion:
            await call(notion)
    [request] = requests
    return request


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_request_has_exactly_what_was_given(name: str) -> None:
    call, method, path, body = REQUESTS[name]

    request = await asked(call)

    assert (request.method, request.path, request.query) == (method, API + path, [])
    assert request.body == body
    assert request.headers["Accept"] == "application/json"


@pytest.mark.parametrize("name", TURNS)
async def test_a_turn_is_what_was_given(name: str) -> None:
    given, body = TURNS[name]

    request = await asked(lambda notion: notion.sessions.update(**given))

    assert (request.method, request.path, request.body) == ("POST", API, body)
    assert request.headers["Accept"] == "application/json"


@pytest.mark.parametrize("name", TURNS)
async def test_a_turn_that_is_streamed_is_asked_for_as_events(name: str) -> None:
    given, body = TURNS[name]
    async with serving(streams(END)) as server, client_to(server) as notion:
        received = await read(notion.sessions.stream(**given))

    request = sent(server.requests[0])
    assert (request.method, request.target, request.body) == ("POST", "/v1/sessions", body)
    assert request.headers["Accept"] == "text/event-stream"
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert [type(event) for event in received] == [StreamEnd]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "give one of them"),
        ({"session_id": SESSION}, "give one of them"),
        ({"message": "Hi", "session_id": SESSION, "actions": [APPROVAL]}, "give one of them"),
        ({"message": "Hi", "session_id": SESSION, "continue_from": "e1"}, "give one of them"),
        ({"actions": [APPROVAL]}, "actions is for a session that there is"),
        ({"continue_from": "e1"}, "continue_from is for a session that there is"),
    ],
)
async def test_what_is_no_turn_is_refused_before_it_is_sent(
    given: dict[str, Any], words: str
) -> None:
    notion = AsyncClient(TOKEN)

    with mocked({}) as requests:
        with pytest.raises(ConfigurationError, match=words):
            await notion.sessions.update(**given)
        with pytest.raises(ConfigurationError, match=words):
            notion.sessions.stream(**given)

    assert requests == []


@pytest.mark.parametrize("session_id", ["", "../users", "a/b"])
async def test_nothing_but_an_id_reaches_the_path(session_id: str) -> None:
    with mocked({}) as requests:
        with pytest.raises(ConfigurationError, match="session_id"):
            await AsyncClient(TOKEN).sessions.retrieve(session_id)
        with pytest.raises(ConfigurationError, match="session_id"):
            AsyncClient(TOKEN).sessions.query_events(session_id)

    assert requests == []


async def test_answers_come_as_objects() -> None:
    events = listing(message("e1", "Hi"), {**message("e2"), "type": "agent.dreams"})
    answers = (session(), session(), session(), listing(session()), events)
    async with (
        serving(*(says(answer(each)) for each in answers)) as server,
        client_to(server) as notion,
    ):
        made = await notion.sessions.update(message="Hi")
        found = await notion.sessions.retrieve(SESSION)
        cancelled = await notion.sessions.cancel(SESSION)
        all_of_them = await notion.sessions.query().collect()
        known, unknown = await notion.sessions.query_events(SESSION).collect()

    assert [type(each) for each in (made, found, cancelled, *all_of_them)] == [Session] * 4
    assert made.created_at.year == 2026
    assert isinstance(known, AgentMessage)
    assert known.text == "Hi"
    assert type(unknown) is SessionEvent
    assert unknown.type == "agent.dreams"


async def test_a_message_is_not_said_twice() -> None:
    async with serving(resets(), says(answer(session()))) as server, client_to(server) as notion:
        with pytest.raises(WriteOutcomeUnknown):
            await notion.sessions.update(message="Hi")

    assert len(server.requests) == 1


# ----------------------------------------------------------------------------------- the stream


def session(status: str = "in_progress") -> dict[str, object]:
    moment = "2026-05-01T10:00:00.000Z"
    return {
        "object": "session",
        "id": SESSION,
        "agent_id": AGENT,
        "title": "Plans",
        "status": status,
        "created_at": moment,
        "updated_at": moment,
    }


def message(name: str, words: str = "", kind: str = "agent.message") -> dict[str, object]:
    return {
        "object": "session_event",
        "id": name,
        "session_id": SESSION,
        "created_at": "2026-05-01T10:00:00.000Z",
        "type": kind,
        "content": [{"type": "text", "text": words}],
    }


def committed(name: str, words: str = "", kind: str = "agent.message") -> dict[str, object]:
    return {"type": "event.committed", "event": message(name, words, kind)}


SNAPSHOT: dict[str, object] = {"type": "session.snapshot", "session": session()}
PROVISIONAL: dict[str, object] = {"type": "event.provisional", "event": message("e2", "He")}
END: dict[str, object] = {
    "type": "stream.end",
    "session_id": SESSION,
    "status": "completed",
    "last_sequence": 2,
}
TIMEOUT: dict[str, object] = {
    "type": "stream.timeout",
    "session_id": SESSION,
    "message": "The stream was open for too long.",
}
TURN = (
    SNAPSHOT,
    committed("e1", "Hi", "user.message"),
    PROVISIONAL,
    committed("e2", "Hello"),
    END,
)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"


def failure(**error: object) -> dict[str, object]:
    return {"type": "stream.error", "error": error}


def written(*events: object) -> bytes:
    """The events as they stand in a stream; bytes as they are."""
    return b"".join(
        event
        if isinstance(event, bytes)
        else b"data: " + json.dumps(event, ensure_ascii=False).encode() + b"\n\n"
        for event in events
    )


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def streams(*events: object, size: int = 1 << 20, then: Answer | None = None) -> Answer:
    """Send these events, in pieces, and then hold the connection or do what is told."""
    data = written(*events)

    async def stream(exchange: Exchange) -> None:
        await exchange.request()
        exchange.writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        for start in range(0, len(data), size):
            await exchange.say(chunk(data[start : start + size]))
            await asyncio.sleep(0)
        await (then or _hold)(exchange)

    return stream


async def _hold(_: Exchange) -> None:
    await asyncio.Event().wait()


async def finishes(exchange: Exchange) -> None:
    """End the answer as HTTP does."""
    await exchange.say(b"0\r\n\r\n")


class Drip:
    """Sends comments until nobody listens any more."""

    def __init__(self) -> None:
        self.unheard = asyncio.Event()

    async def __call__(self, exchange: Exchange) -> None:
        try:
            while True:
                await exchange.say(chunk(b": still there\n"))
                await asyncio.sleep(0.005)
        except ConnectionError:
            self.unheard.set()
            raise


async def read(events: SessionStream) -> list[StreamEvent]:
    async with events:
        return [event async for event in events]


def turn(notion: AsyncClient) -> SessionStream:
    return notion.sessions.stream(message="Hi", agent_id=AGENT)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100, 1 << 20])
async def test_a_turn_is_delivered_event_by_event(size: int) -> None:
    async with serving(streams(*TURN, size=size)) as server, client_to(server) as notion:
        events = turn(notion)
        received = await read(events)

    assert [unstructure(event) for event in received] == list(TURN)
    assert [type(event) for event in received] == [
        SessionSnapshot,
        EventCommitted,
        EventProvisional,
        EventCommitted,
        StreamEnd,
    ]
    assert [type(event) for event in events.committed] == [UserMessage, AgentMessage]
    assert (events.session_id, events.continue_from) == (SESSION, "e2")


async def test_an_event_is_delivered_when_it_comes_not_when_the_stream_ends() -> None:
    async with (
        serving(streams(SNAPSHOT)) as server,
        client_to(server) as notion,
        turn(notion) as events,
    ):
        first = await anext(events)

    assert isinstance(first, SessionSnapshot)
    assert first.session.title == "Plans"


async def test_what_is_waited_for_can_be_given_up_and_waited_for_again() -> None:
    go_on = asyncio.Event()

    async def later(exchange: Exchange) -> None:
        await go_on.wait()
        exchange.writer.write(chunk(written(END)))

    async with (
        serving(streams(SNAPSHOT, then=later)) as server,
        client_to(server) as notion,
        turn(notion) as events,
    ):
        await anext(events)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(events), 0.05)
        go_on.set()
        rest = [event async for event in events]

    assert [event.type for event in rest] == ["stream.end"]


async def test_what_this_version_does_not_know_is_delivered_whole() -> None:
    strange: dict[str, object] = {"type": "session.dreams", "of": ["sheep"]}
    inside: dict[str, object] = committed("e9", kind="agent.dreams")
    hollow: dict[str, object] = {"type": "event.committed"}
    async with (
        serving(streams(strange, inside, {}, hollow, END)) as server,
        client_to(server) as notion,
    ):
        first, second, third, fourth, _ = await read(events := turn(notion))

    assert type(first) is StreamEvent
    assert (first.type, unstructure(first)) == ("session.dreams", strange)
    assert isinstance(second, EventCommitted)
    assert type(second.event) is SessionEvent
    assert unstructure(second) == inside
    assert unstructure(third) == {}
    assert unstructure(fourth) == hollow
    assert [event.id for event in events.committed] == ["e9"]


async def test_comments_and_events_without_data_are_passed_over() -> None:
    noise = b": hello\n\nevent: ping\n\nevent: ping\ndata:\n\nretry: 10\n\n"
    async with serving(streams(noise, noise, END)) as server, client_to(server) as notion:
        received = await read(turn(notion))

    assert [event.type for event in received] == ["stream.end"]


async def test_half_a_character_does_not_end_a_stream() -> None:
    half = b'data: {"type":"event.committed","event":{"id":"e1","title":"\\ud83c"}}\n\n'
    async with serving(streams(half, END)) as server, client_to(server) as notion:
        first, _ = await read(turn(notion))

    assert unstructure(first)["event"] == {"id": "e1", "title": "\ufffd"}


async def test_an_id_of_the_stream_is_where_to_go_on() -> None:
    with_ids = b"".join(
        b"id: %d\n%s" % (n, written(event)) for n, event in enumerate((SNAPSHOT, *TURN), 7)
    )
    async with (
        serving(streams(with_ids)) as server,
        client_to(server) as notion,
        turn(notion) as events,
    ):
        await anext(events)
        after_one = events.continue_from
        async for _ in events:
            pass

    assert after_one == "7"  # though the others have arrived with it
    assert events.continue_from == "12"


# -------------------------------------------------------------------------------------- its end


async def test_leaving_early_closes_the_connection() -> None:
    drip = Drip()
    async with serving(streams(*TURN[:-1], then=drip)) as server, client_to(server) as notion:
        async with turn(notion) as events:
            async for event in events:
                if isinstance(event, EventCommitted):
                    break
        await drip.unheard.wait()

    assert (events.continue_from, len(events.committed)) == ("e1", 1)
    assert len(server.requests) == 1


async def test_an_error_of_the_caller_closes_the_connection() -> None:
    drip = Drip()

    async def stumble(events: SessionStream) -> None:
        async with events:
            async for _ in events:
                raise ZeroDivisionError

    async with serving(streams(SNAPSHOT, then=drip)) as server, client_to(server) as notion:
        with pytest.raises(ZeroDivisionError):
            await stumble(turn(notion))
        await drip.unheard.wait()


async def test_cancelling_closes_the_connection() -> None:
    drip = Drip()
    began = asyncio.Event()

    async def listen(events: SessionStream) -> None:
        async with events:
            async for _ in events:
                began.set()

    async with serving(streams(SNAPSHOT, then=drip)) as server, client_to(server) as notion:
        task = asyncio.create_task(listen(turn(notion)))
        await began.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await drip.unheard.wait()


async def test_the_connection_closes_at_the_end_of_the_turn_too() -> None:
    drip = Drip()
    async with serving(streams(*TURN, then=drip)) as server, client_to(server) as notion:
        await read(turn(notion))
        await drip.unheard.wait()


@pytest.mark.parametrize(
    "end", [resets(), finishes, resets(b"5\r\nda")], ids=["reset", "ended", "cut"]
)
async def test_a_stream_that_breaks_off_is_no_whole_turn(end: Answer) -> None:
    async with (
        serving(streams(*TURN[:-1], b"data: {", then=end)) as server,
        client_to(server) as notion,
    ):
        events = turn(notion)
        with pytest.raises(ConnectionLostError) as caught:
            await read(events)

    assert [event.id for event in events.committed] == ["e1", "e2"]
    assert (events.session_id, events.continue_from) == (SESSION, "e2")
    assert (caught.value.sent, caught.value.status) == (True, 200)
    assert len(server.requests) == 1  # what was opened is not opened again


async def test_a_server_that_falls_silent_is_not_waited_for_without_end() -> None:
    async with (
        serving(streams(committed("e1"))) as server,
        client_to(server, timeout=0.2) as notion,
    ):
        events = turn(notion)
        with pytest.raises(RequestTimeoutError):
            await read(events)

    assert events.continue_from == "e1"


async def test_an_error_in_the_stream_is_raised() -> None:
    error = failure(code="internal_server_error", message="It broke.", retryable=True)
    async with (
        serving(streams(committed("e1", "Hi"), error)) as server,
        client_to(server) as notion,
    ):
        events = turn(notion)
        with pytest.raises(SessionStreamError, match=r"^It broke\.$") as caught:
            await read(events)
        again = [event async for event in events]

    assert (caught.value.code, caught.value.retryable) == ("internal_server_error", True)
    assert (caught.value.session_id, caught.value.continue_from) == (SESSION, "e1")
    assert [event.id for event in events.committed] == ["e1"]
    assert again == []


async def test_a_stream_that_was_open_for_too_long_is_to_be_resumed() -> None:
    async with (
        serving(streams(committed("e1", "Hi"), TIMEOUT)) as server,
        client_to(server) as notion,
    ):
        with pytest.raises(SessionStreamError, match="open for too long") as caught:
            await read(turn(notion))

    assert (caught.value.code, caught.value.retryable) == ("stream.timeout", True)
    assert caught.value.continue_from == "e1"


@pytest.mark.parametrize(
    "event",
    [
        {"type": "stream.error"},
        {"type": "stream.error", "error": None},
        {"type": "stream.error", "error": {"code": None, "message": None, "retryable": "yes"}},
        {"type": "stream.error", "error": "no", "session_id": 5},
    ],
)
async def test_an_error_that_says_nothing_is_an_error(event: dict[str, object]) -> None:
    async with serving(streams(event)) as server, client_to(server) as notion:
        with pytest.raises(SessionStreamError, match="before the turn was over") as caught:
            await read(turn(notion))

    error = caught.value
    assert (error.code, error.retryable, error.session_id) == ("", False, None)


def test_an_error_of_a_stream_is_pickled_and_copied() -> None:
    error = SessionStreamError(
        "It broke.", code="c", retryable=True, session_id=SESSION, continue_from="e1"
    )

    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301 - our own
        assert type(again) is SessionStreamError
        assert (str(again), vars(again)) == (str(error), vars(error))
    assert isinstance(error, NotionError)


@pytest.mark.parametrize(
    "data",
    [
        b"data: {\n\n",
        b"data: [1]\n\n",
        b'data: {"type":"\xff"}\n\n',
        b'data: {"type":5,}\n\n',
        b'data: {"a":' + b"[" * 100_000 + b"\n\n",
    ],
    ids=["no JSON", "no object", "no text", "half JSON", "nested too deep"],
)
async def test_an_event_that_is_none_ends_the_stream(data: bytes) -> None:
    async with (
        serving(streams(committed("e1"), data, END)) as server,
        client_to(server) as notion,
        turn(notion) as events,
    ):
        await anext(events)
        with pytest.raises(InvalidResponseError, match="not the JSON it should be"):
            await anext(events)
        rest = [event async for event in events]

    assert rest == []
    assert events.continue_from == "e1"


# ---------------------------------------------------------------------------------- its opening


async def test_an_error_before_the_stream_is_notions_answer() -> None:
    body = {"object": "error", "status": 403, "code": "restricted_resource", "message": "No."}
    async with serving(says(answer(body, 403))) as server, client_to(server) as notion:
        events = turn(notion)
        with pytest.raises(RestrictedResourceError, match="No"):
            await read(events)

    assert len(server.requests) == 1
    assert repr(events) == "<SessionStream of a new session, closed>"


async def test_a_turn_that_was_refused_for_now_is_asked_for_again() -> None:
    busy = http(b"{}", status=429, headers="Retry-After: 0\r\n")
    async with serving(says(busy), streams(*TURN)) as server, client_to(server) as notion:
        received = await read(turn(notion))

    assert len(received) == len(TURN)
    assert len(server.requests) == 2


async def test_a_turn_whose_answer_is_lost_is_not_begun_again() -> None:
    async with serving(resets(), streams(*TURN)) as server, client_to(server) as notion:
        with pytest.raises(WriteOutcomeUnknown):
            await read(turn(notion))

    assert len(server.requests) == 1


async def test_going_on_only_reads_and_is_tried_again() -> None:
    async with serving(resets(), streams(*TURN)) as server, client_to(server) as notion:
        received = await read(
            notion.sessions.stream(session_id=SESSION, continue_from="e1"),
        )

    assert len(received) == len(TURN)
    assert len(server.requests) == 2


async def test_an_answer_that_is_no_stream_leaves_it_unknown_whether_the_turn_began() -> None:
    async with serving(says(answer(session()))) as server, client_to(server) as notion:
        with pytest.raises(WriteOutcomeUnknown) as caught:
            await read(turn(notion))

    assert isinstance(caught.value.__cause__, InvalidResponseError)
    assert "no stream of events" in str(caught.value.__cause__)


async def test_to_go_on_is_tried_again_where_the_answer_is_no_stream() -> None:
    page = says(answer(session()))
    async with serving(page, streams(*TURN)) as server, client_to(server) as notion:
        received = await read(
            notion.sessions.stream(session_id=SESSION, continue_from="e1"),
        )

    assert len(received) == len(TURN)


async def test_nothing_is_sent_before_the_block_is_entered() -> None:
    async with serving(streams(*TURN)) as server, client_to(server) as notion:
        events = turn(notion)
        with pytest.raises(ConfigurationError, match="inside its block"):
            await anext(events)

        assert server.requests == []
        assert len(await read(events)) == len(TURN)


async def test_a_stream_is_opened_once() -> None:
    async with serving(streams(*TURN)) as server, client_to(server) as notion:
        events = turn(notion)
        await read(events)
        with pytest.raises(ConfigurationError, match="opened once"):
            await read(events)

    assert len(server.requests) == 1


async def test_a_stream_that_was_left_is_not_read_on() -> None:
    async with serving(streams(*TURN)) as server, client_to(server) as notion:
        async with turn(notion) as events:
            await anext(events)
        with pytest.raises(ConfigurationError, match="inside its block"):
            await anext(events)


async def test_a_stream_says_how_it_stands() -> None:
    async with serving(streams(*TURN)) as server, client_to(server) as notion:
        events = turn(notion)
        before = repr(events)
        async with events:
            await anext(events)
            during = repr(events)
            async for _ in events:
                pass

    assert before == "<SessionStream of a new session, closed>"
    assert during == f"<SessionStream of {SESSION}, open>"
    assert repr(events) == f"<SessionStream of {SESSION}, ended>"


async def resumed(notion: AsyncClient) -> list[SessionEvent]:
    """Read a turn to its end, as the documentation of `SessionStream` says."""
    found: list[SessionEvent] = []
    events = turn(notion)
    while True:
        try:
            async with events:
                async for event in events:
                    match event:
                        case EventCommitted(event=happened):
                            found.append(happened)
            break
        except SessionStreamError as error:
            if not error.retryable:
                raise
            events = events.resumed()
        except (ConnectionLostError, RequestTimeoutError):
            events = events.resumed()
    return found


async def test_a_turn_is_read_to_its_end_over_broken_connections() -> None:
    server: FaultServer
    async with (
        serving(
            streams(SNAPSHOT, committed("e1"), then=resets()),
            streams(SNAPSHOT, committed("e2"), TIMEOUT),
            streams(SNAPSHOT, then=finishes),
            streams(committed("e3"), END),
        ) as server,
        client_to(server) as notion,
    ):
        found = await resumed(notion)

    assert [event.id for event in found] == ["e1", "e2", "e3"]
    assert [sent(each).body for each in server.requests] == [
        {"message": "Hi", "agent_id": AGENT},
        {"session_id": SESSION, "continue_from": "e1"},
        {"session_id": SESSION, "continue_from": "e2"},
        {"session_id": SESSION, "continue_from": "e2"},
    ]


async def test_a_turn_of_which_nothing_is_final_is_not_resumed() -> None:
    async with (
        serving(streams(SNAPSHOT, PROVISIONAL, then=resets())) as server,
        client_to(server) as notion,
    ):
        with pytest.raises(ConfigurationError, match="no place to resume from") as caught:
            await resumed(notion)

    assert isinstance(caught.value.__context__, ConnectionLostError)
    assert len(server.requests) == 1


async def test_an_error_that_is_not_to_be_retried_ends_it() -> None:
    refused = failure(code="restricted_resource", message="No.", retryable=False)
    async with (
        serving(streams(committed("e1"), refused)) as server,
        client_to(server) as notion,
    ):
        with pytest.raises(SessionStreamError, match="No"):
            await resumed(notion)

    assert len(server.requests) == 1
