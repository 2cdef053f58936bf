"""Agents, sessions, streams and tokens against what Notion publishes of them."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notion_async import structure, unstructure
from notion_async.models import AsyncTask, Model
from notion_async.models.agents import (
    Agent,
    AgentCreditLimit,
    AgentIcon,
    AgentInsights,
    AgentStatus,
    DeletedAgent,
)
from notion_async.models.oauth import OAuthIntrospection, OAuthRevocation, OAuthToken
from notion_async.models.sessions import (
    SESSION_EVENTS,
    STREAM_EVENTS,
    AgentMessage,
    AgentToolUse,
    EventCommitted,
    Session,
    SessionContent,
    SessionEvent,
    StreamEvent,
    UserMessage,
)
from notion_async.types import JSON, JSONObject
from tests.conftest import SHARED
from tests.models.test_drift import Walker
from tests.models.tools import read_all, same, surprises, touch

Schema = dict[str, Any]

# What answers which endpoint; listings by what they list.
ANSWERS: dict[str, type[Model]] = {
    "GetAgentResponse": Agent,
    "QueryAgentsResponse": Agent,
    "AgentBatchResponse": AsyncTask,
    "DeleteAgentResponse": DeletedAgent,
    "GetInsightsResponse": AgentInsights,
    "UpdateAgentCreditLimitResponse": AgentCreditLimit,
    "UpdateAgentStatusResponse": AgentStatus,
    "UpdateSessionResponse": Session,
    "RetrieveSessionResponse": Session,
    "CancelSessionResponse": Session,
    "QuerySessionsResponse": Session,
    "QuerySessionEventsResponse": SessionEvent,
    "UpdateSessionStreamResponse": StreamEvent,
    "OauthTokenResponse": OAuthToken,
    "OauthIntrospectResponse": OAuthIntrospection,
    "OauthRevokeResponse": OAuthRevocation,
}
MODELS = sorted(
    {*ANSWERS.values(), *SESSION_EVENTS.values(), *STREAM_EVENTS.values()},
    key=lambda c: c.__name__,
)
MESSAGE: JSONObject = {
    "object": "session_event",
    "id": "e1",
    "session_id": "s1",
    "sequence": 3,
    "created_at": "2026-05-01T10:00:00.000Z",
    "type": "agent.message",
    "content": [
        {"type": "text", "text": "Here "},
        {"type": "file", "name": "a.pdf", "content_type": "application/pdf", "url": "https://x"},
        {"type": "text", "text": "it is."},
    ],
}
TOKEN: JSONObject = {
    "access_token": "ntn_test_access_0123456789",
    "token_type": "bearer",
    "refresh_token": "nrt_test_refresh_0123456789",
    "bot_id": "b1",
    "workspace_id": "w1",
    "workspace_name": "Home",
    "workspace_icon": None,
    "owner": {"type": "user", "user": {"object": "user", "id": "u1"}},
    "duplicated_template_id": None,
}


@cache
def published() -> Schema:
    if not SHARED.is_dir():
        pytest.skip("there is no folder of facts beside the project")
    text = (SHARED / "notion-api" / "notion.schema.json").read_text()
    found: Schema = json.loads(text)["definitions"]
    return found


def item_of(name: str) -> Schema:
    """The published shape of an answer, or of what a listing lists."""
    schema: Schema = published()[name]
    results = schema.get("properties", {}).get("results")
    return schema if results is None else results["items"]


class _ByType(Walker):
    """Takes the class of an event by its type."""

    def _object(self, properties: Mapping[str, Schema], cls: type[Model], path: str) -> None:
        kind = str(properties.get("type", {}).get("const"))
        known: Mapping[str, type[Model]] = {}
        if cls is SessionEvent:
            known = SESSION_EVENTS
        elif cls is StreamEvent:
            known = STREAM_EVENTS
        super()._object(properties, known.get(kind, cls), path)


@pytest.mark.parametrize("name", ANSWERS)
def test_whatever_notion_publishes_can_be_read(name: str) -> None:
    walker = _ByType(published())

    walker.compare(item_of(name), ANSWERS[name], name)

    assert walker.missing == []
    assert walker.objects > 0


def test_every_type_of_event_has_a_class(shared: Path) -> None:
    enums = json.loads((shared / "notion-api" / "enums.json").read_text())["sessions"]

    assert set(SESSION_EVENTS) == {
        *enums["event_types_query"],
        *enums["stream_committed_event_types"],
        *enums["stream_provisional_event_types"],
    }
    assert set(STREAM_EVENTS) == set(enums["stream_event_types"])


def test_every_kind_of_icon_has_a_field(shared: Path) -> None:
    enums = json.loads((shared / "notion-api" / "enums.json").read_text())

    assert not {
        name
        for name in (*enums["icon_types"]["response"], *enums["icon_types"]["agent_extra"])
        if not hasattr(AgentIcon, name)
    }


_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
_PLAIN: dict[str, st.SearchStrategy[JSON]] = {
    "string": _WORDS | st.just("2026-05-01T10:00:00.000Z"),
    "number": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "null": st.none(),
}


def examples(schema: Schema) -> st.SearchStrategy[JSON]:
    """Generate what a published shape allows."""
    if "$ref" in schema:
        return examples(published()[schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return st.one_of([examples(one) for one in schema["anyOf"]])
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema.get("type", ["string", "number", "null"])  # where anything may stand
    if kind == "array":
        return st.lists(examples(schema["items"]), max_size=3)
    if kind == "object":
        return _objects(schema)
    return st.one_of([_PLAIN[one] for one in ([kind] if isinstance(kind, str) else kind)])


def _objects(schema: Schema) -> st.SearchStrategy[JSON]:
    fields = {name: examples(one) for name, one in schema.get("properties", {}).items()}
    required = {name: fields.pop(name) for name in schema.get("required", ())}
    if "additionalProperties" in schema and not required:
        return st.dictionaries(_WORDS, examples(schema["additionalProperties"]), max_size=3)
    return st.fixed_dictionaries(required, optional=fields)


@cache
def _examples(name: str) -> st.SearchStrategy[JSON]:
    return examples(item_of(name))


@pytest.mark.parametrize("name", ANSWERS)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_example_of_what_is_published_is_read_and_comes_back(
    name: str, data: st.DataObject
) -> None:
    example = data.draw(_examples(name))

    made = ANSWERS[name].from_json(json.dumps(example).encode())

    read_all(made)
    assert same(unstructure(made), example)
    for again in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made)):  # noqa: S301 - our own
        assert type(again) is type(made)
        assert again == made


_JSON: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | st.integers() | _WORDS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            _WORDS | st.sampled_from(["type", "event", "content", "session", "error", "text"]),
            inner | st.sampled_from([*SESSION_EVENTS, *STREAM_EVENTS]),
            max_size=4,
        )
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("cls", [*MODELS, SessionEvent, StreamEvent], ids=lambda c: c.__name__)
@settings(max_examples=40, deadline=None)
@given(data=_JSON)
def test_any_json_is_read_and_comes_back(cls: type[Model], data: JSON) -> None:
    made = cls.from_json(json.dumps(data).encode())

    read_all(made)
    touch(made)
    assert same(unstructure(made), data)


# --------------------------------------------------------------------------------------- events


def test_an_event_has_the_class_of_its_type() -> None:
    event = structure(MESSAGE, SessionEvent)

    assert type(event) is AgentMessage
    assert (event.id, event.sequence, event.created_at.year) == ("e1", 3, 2026)
    assert surprises(event) == []


def test_a_message_says_its_text_without_the_files() -> None:
    event = structure(MESSAGE, AgentMessage)

    assert event.text == "Here it is."
    assert [part.type for part in event.content] == ["text", "file", "text"]
    assert event.content[1].name == "a.pdf"


@pytest.mark.parametrize("content", [None, 5, "x", {}, [None, 5, {"type": "text", "text": 7}]])
def test_a_message_of_another_shape_says_nothing(content: JSON) -> None:
    assert structure({**MESSAGE, "content": content}, AgentMessage).text == ""


def test_a_message_made_by_hand_says_its_text() -> None:
    made = structure(MESSAGE, AgentMessage)
    parts = [SessionContent(type="text", text="hi"), SessionContent(type="file", file_id="f")]

    by_hand = UserMessage(
        id="e", session_id="s", created_at=made.created_at, type="user.message", content=parts
    )

    assert by_hand.text == "hi"
    assert unstructure(by_hand)["content"] == [
        {"type": "text", "text": "hi"},
        {"type": "file", "file_id": "f"},
    ]


@pytest.mark.parametrize("kind", ["agent.dreams", "", 5, None, ["agent.message"]])
def test_an_event_of_a_type_nobody_knows_is_kept_whole(kind: JSON) -> None:
    data: JSONObject = {**MESSAGE, "type": kind, "dream": {"of": "sheep"}}

    event = structure(data, SessionEvent)
    stream = structure({"type": kind, "dream": 1}, StreamEvent)

    assert type(event) is SessionEvent
    assert event.id == "e1"
    assert unstructure(event) == data
    assert type(stream) is StreamEvent
    assert unstructure(stream) == {"type": kind, "dream": 1}


def test_events_are_matched_by_class_and_field() -> None:
    tool: JSONObject = {**MESSAGE, "type": "agent.tool_use", "tool_name": "search"}
    told = structure({"type": "event.committed", "event": tool}, StreamEvent)

    match told:
        case EventCommitted(event=AgentToolUse(tool_name=name)):
            assert name == "search"
        case _:
            pytest.fail("it has another class")


# --------------------------------------------------------------------------------------- tokens


def test_tokens_are_attributes_and_show_nowhere_else() -> None:
    token = structure(TOKEN, OAuthToken)

    assert token.access_token == "ntn_test_access_0123456789"
    assert token.refresh_token == "nrt_test_refresh_0123456789"
    for shown in (repr(token), str(token), f"{token}", repr([token]), repr({"t": token})):
        assert "0123456789" not in shown
        assert "bot_id='b1'" in shown
        assert "workspace_name='Home'" in shown


def test_what_is_stored_of_a_token_is_all_of_it() -> None:
    token = structure({**TOKEN, "expires_in": 3600}, OAuthToken)

    again = pickle.loads(pickle.dumps(token))  # noqa: S301 - our own

    assert unstructure(token) == {**TOKEN, "expires_in": 3600}
    assert again == token
    assert again.access_token == token.access_token


def test_a_token_without_a_refresh_token_says_so() -> None:
    token = structure({"access_token": "ntn_test_a", "bot_id": "b"}, OAuthToken)

    assert token.refresh_token is None
    assert repr(token) == "OAuthToken(bot_id='b')"


def test_the_owner_of_a_token_is_a_user_or_the_workspace() -> None:
    by_user = structure(TOKEN, OAuthToken).owner
    by_workspace = structure(
        {**TOKEN, "owner": {"type": "workspace", "workspace": True}}, OAuthToken
    ).owner

    assert by_user
    assert by_user.user
    assert by_user.user.id == "u1"
    assert by_workspace
    assert by_workspace.workspace is True
