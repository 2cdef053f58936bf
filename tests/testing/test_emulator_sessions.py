"""Conversations with scripted agents, held by our own client over a socket."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import (
    ConfigurationError,
    ConflictError,
    ConnectionLostError,
    ObjectNotFoundError,
    SessionStream,
    SessionStreamError,
    ValidationError,
    WriteOutcomeUnknown,
)
from notion_async.models import (
    AgentMessage,
    AgentThinking,
    AgentToolResult,
    AgentToolUse,
    EventProvisional,
    SessionSnapshot,
    SessionStatusEvent,
    StreamEnd,
    StreamEvent,
    UserMessage,
)
from notion_async.testing import SAVED_BUT_LATE, Fault
from notion_async.testing.agents import PERSONAL
from notion_async.testing.conversations import Conversation
from notion_async.testing.scripts import Pause, Step, checked

from .emulated import NOW, Object, emulated, uid
from .talking import CLERK, PLANNER, Place, agent, place, plain, problems

SEARCH = {"type": "agent.tool_use", "tool_name": "search"}
FOUND = {"type": "agent.tool_result", "tool_name": "search"}
ASKS = {
    "type": "session.status",
    "status": "requires_action",
    "required_actions": [{"action_id": "a1", "title": "Send the letter"}],
}
APPROVAL = {"action_id": "a1", "option_id": "approve"}
FAILS = {
    "type": "session.status",
    "status": "failed",
    "error": {"code": "overloaded", "message": "Too much to do.", "retryable": True},
}
BREAKS = {"type": "stream.error", "error": {"code": "broken", "retryable": True}}


async def read(stream: SessionStream) -> list[StreamEvent]:
    async with stream:
        return [event async for event in stream]


async def read_until_it_breaks(stream: SessionStream) -> tuple[list[StreamEvent], str]:
    received: list[StreamEvent] = []
    try:
        async with stream:
            async for event in stream:
                received.append(event)  # noqa: PERF401 - what came before the error counts, too
    except SessionStreamError as error:
        return received, error.code
    pytest.fail("the stream did not break")


def said(events: Sequence[object]) -> list[str]:
    return [event.text for event in events if isinstance(event, AgentMessage)]


def ask(here: Place, **turn: Any) -> SessionStream:
    return here.notion.sessions.stream(**{"message": "Hi", "agent_id": PLANNER, **turn})


# ---------------------------------------------------------------------------------- a stream


async def test_an_agent_without_a_script_repeats_what_is_said() -> None:
    async with place() as here:
        stream = here.notion.sessions.stream(message="How are you?")
        await read(stream)
        session = await here.notion.sessions.retrieve(stream.session_id or "")

    assert said(stream.committed) == ["You said: How are you?"]
    assert (session.agent_id, session.status) == (PERSONAL, "completed")


async def test_a_turn_is_streamed_from_its_beginning_to_its_end() -> None:
    async with place() as here:
        here.script([SEARCH, FOUND, "Three pages."])
        stream = ask(here)
        events = await read(stream)

    assert isinstance(events[0], SessionSnapshot)
    assert events[0].session.status == "in_progress"
    assert [type(event) for event in stream.committed] == [
        UserMessage,
        AgentToolUse,
        AgentToolResult,
        AgentMessage,
        SessionStatusEvent,
    ]
    assert [event.sequence for event in stream.committed] == [1, 2, 3, 4, 5]
    assert len({event.id for event in stream.committed}) == 5
    assert isinstance(events[-1], StreamEnd)
    assert (events[-1].status, events[-1].last_sequence) == ("completed", 5)


async def test_a_message_is_seen_while_it_is_written() -> None:
    async with place() as here:
        here.script(["One, two, three."])
        stream = ask(here)
        events = await read(stream)

    final = next(one for one in stream.committed if isinstance(one, AgentMessage))
    growing = [
        event.event
        for event in events
        if isinstance(event, EventProvisional) and isinstance(event.event, AgentMessage)
    ]
    texts = [one.text for one in growing]
    assert len(texts) == 3
    assert all(final.text.startswith(text) for text in texts)
    assert texts == sorted(set(texts), key=len)
    assert {one.id for one in growing} == {final.id}
    assert "sequence" not in plain(growing[0])


async def test_the_result_of_a_tool_belongs_to_its_use() -> None:
    async with place() as here:
        here.script(
            [
                {**SEARCH, "id": "first"},
                SEARCH,
                {**FOUND, "tool_use_id": "first"},
                {**FOUND, "is_error": True},
                {**FOUND, "tool_name": "other"},
                {**FOUND, "tool_use_id": "from elsewhere"},
            ]
        )
        stream = ask(here)
        await read(stream)

    first, second = (one for one in stream.committed if isinstance(one, AgentToolUse))
    results = [one for one in stream.committed if isinstance(one, AgentToolResult)]
    assert [one.tool_use_id for one in results[:2]] == [first.id, second.id]
    assert [one.is_error for one in results] == [False, True, False, False]
    assert results[2].tool_use_id not in (first.id, second.id)
    assert results[3].tool_use_id == "from elsewhere"


async def test_everything_that_is_streamed_has_the_published_type(shared: Path) -> None:
    done = {
        "type": "session.status",
        "status": "completed",
        "usage": {"total_tokens": 7},
        "artifacts": [{"type": "page", "url": "https://example.com", "title": "Plan"}],
    }
    async with place() as here:
        here.script([SEARCH, FOUND, {"type": "agent.thinking", "content": "Hm"}, "Yes.", done])
        events = await read(ask(here, metadata={"ticket": "7"}, prompt_context="Be brief."))

    assert len(events) > 8
    for event in events:
        assert problems(shared, "UpdateSessionStreamResponse", event) == []


async def test_what_an_agent_thinks_is_told_to_who_asks_for_it_alone() -> None:
    thought = {"type": "agent.thinking", "content": [{"type": "text", "text": "Hm."}]}
    async with place() as here:
        here.script([thought, "Yes."])
        stream = ask(here)
        await read(stream)
        events = await here.notion.sessions.query_events(stream.session_id or "").collect()

    assert not any(isinstance(event, AgentThinking) for event in stream.committed)
    assert [event.text for event in events if isinstance(event, AgentThinking)] == ["Hm."]


async def test_steps_may_be_events_of_our_own_classes() -> None:
    async with place() as here:
        stream = here.notion.sessions.stream(message="Hi")
        await read(stream)
        again = await here.notion.sessions.query_events(stream.session_id or "").collect()
        here.script([event for event in again if isinstance(event, AgentMessage)])
        repeated = ask(here)
        await read(repeated)

    assert said(repeated.committed) == ["You said: Hi"]
    assert repeated.session_id != stream.session_id
    assert {event.session_id for event in repeated.committed} == {repeated.session_id}


async def test_turns_are_played_one_after_the_other() -> None:
    async with place(agent("Planner"), agent("Clerk")) as here:
        here.script(["First."], ["Second."])
        here.script(["Mine."], agent_id=CLERK)
        first = ask(here)
        await read(first)
        second = here.notion.sessions.stream(
            message="And?", session_id=first.session_id or "", agent_id=PLANNER
        )
        await read(second)
        other = ask(here, agent_id=CLERK)
        await read(other)
        third = ask(here)
        await read(third)

    answers = [said(stream.committed) for stream in (first, second, other, third)]
    assert answers == [["First."], ["Second."], ["Mine."], ["You said: Hi"]]
    assert [event.sequence for event in second.committed] == [4, 5, 6]


async def test_a_failure_is_the_end_of_a_turn_and_not_of_the_session(shared: Path) -> None:
    async with place() as here:
        here.script(["Well.", FAILS])
        stream = ask(here)
        events = await read(stream)
        session = await here.notion.sessions.retrieve(stream.session_id or "")
        listed = await events_of(here, stream.session_id or "")
        await read(here.notion.sessions.stream(message="Again", session_id=session.id))
        then = await here.notion.sessions.retrieve(session.id)

    assert isinstance(events[-1], StreamEnd)
    assert (events[-1].status, session.status) == ("failed", "failed")
    assert session.error
    assert (session.error.code, session.error.retryable) == ("overloaded", True)
    assert (then.status, then.error or None) == ("completed", None)
    assert problems(shared, "RetrieveSessionResponse", session) == []
    assert problems(shared, "QuerySessionEventsResponse", listed) == []


# ---------------------------------------------------------------- what breaks, waits, goes on


@pytest.mark.parametrize(
    ("step", "code"), [(BREAKS, "broken"), ({"type": "stream.timeout"}, "stream.timeout")]
)
async def test_a_stream_that_breaks_is_resumed_where_it_broke(step: Step, code: str) -> None:
    async with place() as here:
        here.script(["One.", step, "Two.", step, "Three."])
        first = ask(here)
        _, broken = await read_until_it_breaks(first)
        second = first.resumed()
        events, _ = await read_until_it_breaks(second)
        third = second.resumed()
        await read(third)
        whole = here.notion.sessions.stream(
            session_id=first.session_id or "", continue_from=first.committed[0].id
        )
        await read(whole)

    assert broken == code
    assert isinstance(events[0], SessionSnapshot)
    assert [said(one.committed) for one in (first, second, third)] == [
        ["One."],
        ["Two."],
        ["Three."],
    ]
    assert said(whole.committed) == ["One.", "Two.", "Three."]


async def test_a_connection_that_is_lost_costs_nothing_of_a_turn() -> None:
    faults = iter([Fault(200, done=True, cut=900)])
    async with place(fault=lambda _: next(faults, None)) as here:
        here.script(["One.", "Two.", "Three."])
        stream = ask(here)
        with pytest.raises(ConnectionLostError):
            await read(stream)
        rest = stream.resumed()
        await read(rest)
        events = await here.notion.sessions.query_events(stream.session_id or "").collect()

    assert 0 < len(stream.committed) < 5
    received = [*stream.committed, *rest.committed]
    assert [event.id for event in received] == [event.id for event in events]


async def test_a_turn_whose_stream_never_came_is_found_by_asking() -> None:
    faults = iter([SAVED_BUT_LATE])
    async with place(fault=lambda _: next(faults, None)) as here:
        with pytest.raises(WriteOutcomeUnknown):
            await read(ask(here, message="Plan it"))
        [session] = await here.notion.sessions.query(query="Plan it").collect()

    assert session.status == "completed"


async def test_a_turn_takes_the_time_that_its_script_says() -> None:
    async with place() as here:
        here.script(["At once.", Pause(30), "Later.", Pause(30), "Last."])
        first = ask(here)
        _, code = await read_until_it_breaks(first)
        here.day.passes(seconds=29)
        early, _ = await read_until_it_breaks(first.resumed())
        here.day.passes(seconds=1)
        second = first.resumed()
        await read_until_it_breaks(second)
        here.day.passes(minutes=10)
        session = await here.notion.sessions.retrieve(first.session_id or "")
        events = await here.notion.sessions.query_events(session.id).collect()

    assert code == "stream.timeout"
    assert [type(event) for event in early] == [SessionSnapshot]
    assert said(second.committed) == ["Later."]
    assert session.status == "completed"
    moments = [event.created_at - NOW for event in events if isinstance(event, AgentMessage)]
    assert moments == [timedelta(seconds=seconds) for seconds in (0, 30, 60)]
    assert session.updated_at == NOW + timedelta(seconds=60)  # not when somebody looked


async def test_an_answer_without_a_stream_does_not_wait(shared: Path) -> None:
    async with place() as here:
        here.script(["Yes."])
        begun = await here.notion.sessions.update(message=" Plan it\nnow", agent_id=PLANNER)
        then = await here.notion.sessions.retrieve(begun.id)

    assert (begun.status, then.status) == ("in_progress", "completed")
    assert (begun.title, then.message_count, then.runs_completed) == ("Plan it", 2, 1)
    assert problems(shared, "UpdateSessionResponse", begun) == []
    assert problems(shared, "RetrieveSessionResponse", then) == []


async def test_who_talks_to_a_busy_agent_is_refused() -> None:
    async with place() as here:
        here.script([Pause(60), "Now."])
        session = await here.notion.sessions.update(message="Hi", agent_id=PLANNER)
        busy = await here.notion.sessions.retrieve(session.id)
        impatient = here.notion.with_options(retry=False)
        with pytest.raises(ConflictError, match="in progress"):
            await impatient.sessions.update(message="Hello?", session_id=session.id)
        here.day.passes(minutes=1)
        again = await here.notion.sessions.update(message="Hello?", session_id=session.id)

    assert (busy.status, again.status) == ("in_progress", "in_progress")


async def test_a_turn_that_goes_on_is_cancelled() -> None:
    async with place() as here:
        here.script(["Wait.", Pause(math.inf), "Never."])
        stream = ask(here)
        await read_until_it_breaks(stream)
        here.day.passes(days=400)
        cancelled = await here.notion.sessions.cancel(stream.session_id or "")
        rest = stream.resumed()
        events = await read(rest)
        again = await here.notion.sessions.cancel(cancelled.id)

    assert cancelled.status == again.status == "canceled"
    assert isinstance(events[-1], StreamEnd)
    assert events[-1].status == "canceled"
    assert said(rest.committed) == []
    assert again.updated_at == cancelled.updated_at


async def test_a_cancellation_meant_for_an_earlier_turn_does_not_stop_this_one() -> None:
    async with place() as here:
        here.script(["One."], [Pause(60), "Two."])
        first = ask(here)
        await read(first)
        session_id = first.session_id or ""
        await here.notion.sessions.update(message="And?", session_id=session_id)
        kept = await here.notion.sessions.cancel(session_id, event_id=first.committed[0].id)
        now = await here.notion.sessions.query_events(session_id).collect()
        cancelled = await here.notion.sessions.cancel(session_id, event_id=now[-1].id)

        with pytest.raises(ValidationError, match=r"body\.event_id"):
            await here.notion.sessions.cancel(session_id, event_id="another")

    assert (kept.status, cancelled.status) == ("in_progress", "canceled")


STEPS = st.one_of(
    st.sampled_from(["Yes.", "No, not at all."]),
    st.sampled_from([SEARCH, FOUND, BREAKS, {"type": "stream.timeout"}]),
    st.just({"type": "agent.thinking", "content": "Hm."}),
    st.integers(0, 60).map(Pause),
)


def conversation(turn: Sequence[Step]) -> Conversation:
    numbers = map(str, itertools.count(1))
    made = Conversation(
        id="s",
        agent={"id": "a", "model": {"mode": "auto"}, "agent_version": None},
        title="",
        created_by={"id": "u", "type": "bot"},
        moment=NOW,
        new_id=lambda: next(numbers),
    )
    made.begin({"content": []}, checked(turn), NOW)
    return made


@given(turn=st.lists(STEPS, max_size=8), spans=st.lists(st.integers(0, 90), max_size=8))
def test_however_often_a_stream_breaks_nothing_is_lost_and_nothing_comes_twice(
    turn: list[Step], spans: list[int]
) -> None:
    broken, whole = conversation(turn), conversation(turn)
    received: list[str] = []
    known, now = 0, NOW
    for span in itertools.chain(spans, itertools.repeat(90)):
        said = list(broken.stream(now, known))
        received += [one["event"]["id"] for one in said if one["type"] == "event.committed"]
        known, now = len(broken.events), now + timedelta(seconds=span)
        if said[-1]["type"] == "stream.end":
            break

    whole.settle(NOW + timedelta(days=1))
    kept = [event for event in broken.events if event["type"] != "agent.thinking"]
    assert received == [event["id"] for event in kept]
    assert broken.events == whole.events  # whoever looked, and when


# ---------------------------------------------------------------------------------- decisions


async def test_an_agent_waits_for_a_decision(shared: Path) -> None:
    async with place() as here:
        here.script(["May I?", ASKS, "Done."])
        asked = ask(here)
        events = await read(asked)
        session = await here.notion.sessions.retrieve(asked.session_id or "")
        decided = here.notion.sessions.stream(session_id=session.id, actions=[APPROVAL])
        answer = await read(decided)

    assert isinstance(events[-1], StreamEnd)
    assert events[-1].status == session.status == "requires_action"
    [action] = session.required_actions
    assert [option.id for option in action.options] == ["approve", "reject"]
    assert said(decided.committed) == ["Done."]
    assert isinstance(answer[-1], StreamEnd)
    assert answer[-1].status == "completed"
    assert problems(shared, "RetrieveSessionResponse", session) == []
    for event in events:
        assert problems(shared, "UpdateSessionStreamResponse", event) == []


async def test_all_decisions_are_waited_for() -> None:
    two = [{"action_id": "a1", "title": "One"}, {"title": "Two"}]
    async with place() as here:
        here.script([{**ASKS, "required_actions": two}, "Done."])
        session = await here.notion.sessions.update(message="Hi", agent_id=PLANNER)
        waiting = await here.notion.sessions.retrieve(session.id)
        half = await here.notion.sessions.update(session_id=session.id, actions=[APPROVAL])
        [left] = half.required_actions
        rejection = {"action_id": left.action_id, "option_id": "reject"}
        over = await here.notion.sessions.update(
            session_id=session.id, actions=[rejection], metadata={"by": "me"}
        )

    assert len(waiting.required_actions) == 2
    assert (half.status, left.title) == ("requires_action", "Two")
    assert (over.status, len(over.required_actions)) == ("in_progress", 0)


async def test_a_session_that_waits_for_a_decision_can_be_cancelled_but_not_talked_to() -> None:
    async with place() as here:
        here.script([ASKS])
        session = await here.notion.sessions.update(message="Hi", agent_id=PLANNER)
        with pytest.raises(ValidationError, match="waits for an action"):
            await here.notion.sessions.update(message="Well?", session_id=session.id)
        cancelled = await here.notion.sessions.cancel(session.id)

    assert (cancelled.status, len(cancelled.required_actions)) == ("canceled", 0)


async def test_a_session_that_is_terminated_is_over() -> None:
    async with place() as here:
        here.script([{"type": "session.status", "status": "terminated"}])
        session = await here.notion.sessions.update(message="Hi", agent_id=PLANNER)
        with pytest.raises(ValidationError, match="is terminated"):
            await here.notion.sessions.update(message="Well?", session_id=session.id)


# ------------------------------------------------------------------------------------ refusals


NOBODY = uid("nobody")
REFUSED: list[tuple[Object, str]] = [
    ({}, "body.message should be defined"),
    ({"message": 1}, "body.message should be a string"),
    ({"message": "Hi", "further": 1}, "body.further should be not present"),
    ({"message": "Hi", "actions": []}, "body.actions should be not present"),
    ({"message": "Hi", "agent_id": "nobody"}, "body.agent_id should be a valid uuid"),
    ({"message": "Hi", "session_id": "none"}, "body.session_id should be a valid uuid"),
    ({"message": "Hi", "metadata": {"a": 1}}, "body.metadata.a should be a string"),
    ({"message": "Hi", "prompt_context": 1}, "body.prompt_context should be a string"),
    ({"message": "Hi", "attachments": {}}, "body.attachments should be an array"),
    (
        {"message": "Hi", "attachments": [{"type": "file_upload"}]},
        "body.attachments[0].file_upload should be defined",
    ),
    (
        {"message": "Hi", "attachments": [{"type": "external"}]},
        'body.attachments[0].type should be `"file_upload"`',
    ),
    ({"actions": []}, "body.session_id should be defined"),
    ({"continue_from": "e"}, "body.continue_from should be not present"),
]


@pytest.mark.parametrize(("body", "words"), REFUSED)
async def test_a_turn_that_is_none_is_refused(body: Object, words: str) -> None:
    async with emulated() as notion:
        assert words in await notion.wrong("POST", "/v1/sessions", body)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ({"action_id": "a1", "option_id": "maybe"}, "option_id should be"),
        ({"option_id": "approve"}, "action_id should be defined"),
        ({"action_id": "a2", "option_id": "approve"}, "an action that is asked for"),
        ({**APPROVAL, "why": ""}, "why should be not present"),
    ],
)
async def test_a_decision_that_is_none_is_refused(action: Object, words: str) -> None:
    async with place() as here:
        here.script([ASKS])
        session = await here.notion.sessions.update(message="Hi", agent_id=PLANNER)

        with pytest.raises(ValidationError, match=words):
            await here.notion.sessions.update(session_id=session.id, actions=[action])


async def test_a_session_or_place_that_there_is_not_is_not_found() -> None:
    async with place() as here:
        session = await here.notion.sessions.update(message="Hi", agent_id=PLANNER)

        with pytest.raises(ObjectNotFoundError, match="Could not find session"):
            await here.notion.sessions.retrieve(NOBODY)
        with pytest.raises(ObjectNotFoundError, match="Could not find agent"):
            await here.notion.sessions.update(message="Hi", agent_id=NOBODY)
        with pytest.raises(ValidationError, match=r"path\.session_id"):
            await here.notion.sessions.retrieve("none")
        with pytest.raises(ValidationError, match=r"body\.continue_from should be the id"):
            await read(here.notion.sessions.stream(session_id=session.id, continue_from="e0"))
        with pytest.raises(ValidationError, match="the agent of the session"):
            await here.notion.sessions.update(
                message="Hi", session_id=session.id, agent_id="notion_ai"
            )


async def test_an_agent_that_is_stopped_does_not_answer() -> None:
    async with place() as here:
        session = await here.notion.sessions.update(message="Hi", agent_id=PLANNER)
        await here.notion.agents.update_status(PLANNER, status="disabled")

        with pytest.raises(ValidationError, match="The agent is disabled"):
            await here.notion.sessions.update(message="Hi", agent_id=PLANNER)
        with pytest.raises(ValidationError, match="The agent is disabled"):
            await here.notion.sessions.update(message="Hi", session_id=session.id)
        await here.notion.agents.delete(PLANNER)
        with pytest.raises(ObjectNotFoundError):
            await here.notion.sessions.update(message="Hi", agent_id=PLANNER)


# --------------------------------------------------------------------------------- attachments


def upload(name: str, status: str = "uploaded") -> Object:
    return {
        "object": "file_upload",
        "id": uid(name),
        "created_time": "2026-05-17T10:40:00.000Z",
        "last_edited_time": "2026-05-17T10:40:00.000Z",
        "expiry_time": None,
        "status": status,
        "filename": name,
        "content_type": "application/pdf",
        "content_length": 3,
        "in_trash": False,
    }


async def test_files_go_with_a_message(shared: Path) -> None:
    files = [
        {"file_upload": {"id": uid("a.pdf")}, "name": "Plan"},
        {"type": "file_upload", "file_upload": {"id": uid("b.pdf")}},
    ]
    async with place(objects=[upload("a.pdf"), upload("b.pdf")]) as here:
        stream = ask(here, attachments=files)
        events = await read(stream)
        answer = await events_of(here, stream.session_id or "")

    message = next(one for one in stream.committed if isinstance(one, UserMessage))
    assert [part.file_id for part in message.content if part.type == "file"] == [
        uid("a.pdf"),
        uid("b.pdf"),
    ]
    assert message.text == "Hi"
    [_, first, second] = answer["results"][0]["content"]
    assert (first["name"], second["name"]) == ("Plan", "b.pdf")
    assert first["content_type"] == "application/pdf"
    assert f"/files/{uid('a.pdf')}/a.pdf?" in first["url"]
    assert first["expiry_time"] == "2026-05-17T11:42:31.000Z"
    assert problems(shared, "QuerySessionEventsResponse", answer) == []
    for event in events:
        assert problems(shared, "UpdateSessionStreamResponse", event) == []


async def test_a_file_that_is_not_there_does_not_go_with_a_message() -> None:
    async with place(objects=[upload("a.pdf", "pending")]) as here:
        with pytest.raises(ObjectNotFoundError, match="Could not find file_upload"):
            await here.notion.sessions.update(
                message="Hi", attachments=[{"file_upload": {"id": uid("a.pdf")}}]
            )
        sessions = await here.notion.sessions.query().collect()

    assert sessions == []


# ------------------------------------------------------------------------------------- queries


async def events_of(here: Place, session_id: str, **body: Any) -> Any:
    return await here.notion.request("POST", f"/v1/sessions/{session_id}/events/query", body=body)


async def three_sessions(here: Place) -> list[str]:
    """Begin three sessions, an hour apart: one that is over, one that waits, one that goes on."""
    here.script(["Yes."], [ASKS], [Pause(math.inf)])
    found = []
    for message in ("Write a plan", "Send a letter", "Plan a journey"):
        session = await here.notion.sessions.update(message=message, agent_id=PLANNER)
        found.append(session.id)
        here.day.passes(hours=1)
    return found


SESSIONS: list[tuple[Object, list[int]]] = [
    ({"property": "agent_id", "string": {"equals": PLANNER}}, [0, 1, 2]),
    ({"property": "agent_id", "string": {"equals": "notion_ai"}}, []),
    ({"property": "status", "status": {"equals": "completed"}}, [0]),
    ({"property": "status", "status": {"in": ["in_progress", "requires_action"]}}, [1, 2]),
    ({"property": "status", "status": {}}, [0, 1, 2]),
    ({"property": "created_at", "timestamp": {"after": "2026-05-17T11:00:00Z"}}, [1, 2]),
    ({"property": "created_at", "timestamp": {"before": "2026-05-17T11:00:00Z"}}, [0]),
    (
        {"property": "updated_at", "timestamp": {"on_or_before": "2026-05-17T11:42:31.000Z"}},
        [0, 1],
    ),
    (
        {"property": "updated_at", "timestamp": {"on_or_after": "2026-05-17T11:42:31.000Z"}},
        [1, 2],
    ),
    (
        {
            "or": [
                {"property": "status", "status": {"equals": "completed"}},
                {"property": "created_at", "timestamp": {"after": "2026-05-17T12:00:00Z"}},
            ]
        },
        [0, 2],
    ),
]


@pytest.mark.parametrize(("condition", "expected"), SESSIONS)
async def test_sessions_are_found_by_what_they_are(condition: Object, expected: list[int]) -> None:
    async with place() as here:
        ids = await three_sessions(here)
        found = await here.notion.sessions.query(filter=condition).collect()

    assert [one.id for one in found] == [ids[index] for index in expected]


async def test_sessions_are_found_by_id_and_title_and_come_in_order(shared: Path) -> None:
    async with place(agent("Planner", model={"mode": "pinned", "id": "opus"})) as here:
        ids = await three_sessions(here)
        sessions = here.notion.sessions
        one = await sessions.query(
            filter={"property": "id", "string": {"equals": ids[1]}}
        ).collect()
        plans = await sessions.query(query="PLAN").collect()
        newest = await sessions.query(
            sorts=[{"property": "updated_at", "direction": "descending"}], page_size=2
        ).collect()
        answer: Any = await here.notion.request("POST", "/v1/sessions/query", body={})

    assert [each.id for each in one] == [ids[1]]
    assert [each.id for each in plans] == [ids[0], ids[2]]
    assert [each.id for each in newest] == ids[::-1]
    assert problems(shared, "QuerySessionsResponse", answer) == []
    assert answer["results"][0]["models"] == {"type": "pinned", "ids": ["opus"]}


EVENTS: list[tuple[Object, list[int]]] = [
    ({"property": "type", "event_type": {"equals": "agent.message"}}, [3]),
    ({"property": "type", "event_type": {"in": ["user.message", "session.status"]}}, [1, 5]),
    ({"property": "sequence", "number": {"greater_than": 2, "less_than": 4}}, [3]),
    ({"property": "sequence", "number": {"greater_than_or_equal_to": 4}}, [5]),
    ({"property": "sequence", "number": {"less_than_or_equal_to": 2}}, [1, 2]),
    ({"property": "created_at", "timestamp": {"equals": "2026-05-17T10:42:41.000Z"}}, [3, 5]),
    ({"property": "created_at", "timestamp": {"before": "2026-05-17T10:42:41.000Z"}}, [1, 2]),
    (
        {
            "and": [
                {"property": "sequence", "number": {"greater_than": 1}},
                {"or": [{"property": "type", "event_type": {"equals": "agent.tool_use"}}]},
            ]
        },
        [2],
    ),
]


async def held(here: Place) -> str:
    """Hold a session of five events; the fourth, that it goes on, is seen in streams alone."""
    going = {"type": "session.status", "status": "in_progress"}
    here.script([SEARCH, Pause(10), "Yes.", going])
    session = await here.notion.sessions.update(message="Hi", agent_id=PLANNER)
    here.day.passes(minutes=1)
    return session.id


@pytest.mark.parametrize(("condition", "expected"), EVENTS)
async def test_events_are_found_by_what_they_are(condition: Object, expected: list[int]) -> None:
    async with place() as here:
        session_id = await held(here)
        found = await here.notion.sessions.query_events(session_id, filter=condition).collect()

    assert [event.sequence for event in found] == expected


async def test_events_are_found_by_id_and_come_in_order(shared: Path) -> None:
    async with place() as here:
        session_id = await held(here)
        query = here.notion.sessions.query_events
        backwards = await query(
            session_id,
            sorts=[{"property": "sequence", "direction": "descending"}],
            page_size=1,
        ).collect()
        [one] = await query(
            session_id, filter={"property": "id", "string": {"equals": backwards[0].id}}
        ).collect()
        answer = await events_of(here, session_id)

    assert [event.sequence for event in backwards] == [5, 3, 2, 1]
    assert one.sequence == 5
    assert problems(shared, "QuerySessionEventsResponse", answer) == []


# ------------------------------------------------------------------------------------- scripts


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        ("Hello", "a list of steps"),
        ([{"type": "user.message"}], "does not do 'user.message'"),
        ([{"type": "agent.mesage"}], "does not do 'agent.mesage'"),
        ([{}], "does not do None"),
        ([{"type": "agent.message"}], "content of agent.message"),
        ([{"type": "agent.thinking", "content": [{"type": "file"}]}], "content of agent.thinking"),
        ([{"type": "agent.tool_use"}], "needs the tool_name"),
        ([{"type": "session.status", "status": "done"}], "a status is one of"),
        ([{"type": "session.status", "status": "requires_action"}], "required_actions"),
        ([{**ASKS, "status": "completed"}], "required_actions"),
        ([{**ASKS, "required_actions": [{}]}], "has a title"),
        ([FAILS, "More."], "nothing follows the status 'failed'"),
        ([{**FAILS, "error": "why"}], "an error has a code"),
        ([{"type": "stream.error"}], "an error has a code"),
    ],
)
def test_a_script_that_cannot_be_played_is_refused(turn: Any, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        checked(turn)


@pytest.mark.parametrize("seconds", [-1, math.nan])
def test_a_pause_is_a_time(seconds: float) -> None:
    with pytest.raises(ConfigurationError, match="a number of seconds"):
        Pause(seconds)
