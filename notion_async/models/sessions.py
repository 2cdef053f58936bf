"""Sessions: conversations with agents, what happens in them, and how it is streamed.

Provisional: Notion offers this as a public beta, and changes it.

Notion's page: https://developers.notion.com/reference/notion-agent-apis/update-session
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Self, TypeVar, cast

import msgspec
from msgspec import Raw

from notion_async.models._model import Lazy, Maybe, Model, model
from notion_async.models.agents import AgentVersion, Creator
from notion_async.types import JSON, UNSET

M = TypeVar("M", bound=Model)


class _Type(msgspec.Struct):
    type: str = ""


_type = msgspec.json.Decoder(_Type).decode


def _class_of(source: bytes | Raw, classes: Mapping[str, type[M]]) -> type[M] | None:
    """Return the class of an object whose fields stand beside its type, if it is known."""
    try:
        return classes.get(_type(source).type)
    except msgspec.ValidationError:
        return None


@model
class SessionFailure(Model):
    """What went wrong, in Notion's words."""

    code: str
    message: str
    retryable: bool
    """Whether it may work the next time."""


@model
class ActionOption(Model):
    """One way to answer: ``id`` is ``approve`` or ``reject``."""

    id: str
    label: str


@model
class RequiredAction(Model):
    """Something an agent may only do when somebody approves of it."""

    action_id: str
    title: str
    options: Lazy[Sequence[ActionOption]] = ()


@model
class SessionModels(Model):
    """Which language models were used: ``type`` is ``auto`` or ``pinned``."""

    type: str
    ids: Lazy[Sequence[str | None]] = ()


@model
class Session(Model):
    """A conversation with an agent."""

    id: str
    agent_id: str
    title: str
    status: str
    """``queued``, ``in_progress``, ``requires_action``, ``completed``, ``failed``, ``canceled``
    or ``terminated``."""
    created_at: datetime
    updated_at: datetime
    required_actions: Lazy[Sequence[RequiredAction]] = ()
    """What waits for an answer: ``sessions.update(session_id=…, actions=[…])``."""
    error: Lazy[Maybe[SessionFailure]] = UNSET
    created_by: Lazy[Maybe[Creator]] = UNSET
    agent_version: Lazy[Maybe[AgentVersion | None]] = UNSET
    models: Lazy[Maybe[SessionModels]] = UNSET
    trigger_type: Maybe[str] = UNSET
    type_labels: Lazy[Maybe[Sequence[str] | None]] = UNSET
    chat_user_emails: Lazy[Maybe[Sequence[str] | None]] = UNSET
    tool_types: Lazy[Maybe[Sequence[str] | None]] = UNSET
    tool_call_count: Maybe[int | None] = UNSET
    credits_used: Maybe[float | None] = UNSET
    runs_completed: Maybe[int | None] = UNSET
    message_count: Maybe[int | None] = UNSET
    object: str = "session"
    request_id: Maybe[str] = UNSET


# ------------------------------------------------------------------------- what happens in one


@model
class SessionContent(Model):
    """A part of a message: ``type`` is ``text`` or ``file``."""

    type: str
    text: Maybe[str] = UNSET
    file_id: Maybe[str] = UNSET
    """A file in a stream; where events are listed, it comes with the fields below instead."""
    name: Maybe[str] = UNSET
    content_type: Maybe[str] = UNSET
    url: Maybe[str] = UNSET
    expiry_time: Maybe[str] = UNSET


@model
class SessionUsage(Model):
    """What a turn cost."""

    total_tokens: int
    input_tokens: Maybe[int] = UNSET
    output_tokens: Maybe[int] = UNSET


@model
class SessionArtifact(Model):
    """Something an agent made: ``type`` is ``page`` or ``html_artifact``."""

    type: str
    url: str
    title: Maybe[str] = UNSET
    page_url: Maybe[str] = UNSET


@model
class SessionEvent(Model):
    """One thing that happened in a session.

    Each type has a class below this one; a type that this version does not know is a
    `SessionEvent` itself, whole in what `unstructure` returns.

    >>> from notion_async import structure
    >>> from notion_async.models import AgentToolUse, SessionEvent
    >>> match structure(
    ...     {"id": "e1", "session_id": "s1", "type": "agent.tool_use", "tool_name": "search"},
    ...     SessionEvent,
    ... ):
    ...     case AgentToolUse(tool_name=name):
    ...         print(name)
    search
    """

    id: str
    session_id: str
    created_at: datetime
    type: str
    sequence: Maybe[int] = UNSET
    """Its place in the session; absent while it is provisional."""
    object: str = "session_event"

    @classmethod
    def from_json(cls, source: bytes | Raw) -> Self:
        """Decode an event, to the class of its type."""
        known = _class_of(source, SESSION_EVENTS) if cls is SessionEvent else None
        return (
            super().from_json(source) if known is None else cast("Self", known.from_json(source))
        )


@model
class _Message(SessionEvent):
    content: Lazy[Sequence[SessionContent]] = ()
    created_by: Lazy[Maybe[Creator | None]] = UNSET
    metadata: Lazy[Maybe[JSON]] = UNSET

    @property
    def text(self) -> str:
        """What it says, without the files."""
        return _text(self.content)


def _text(parts: object) -> str:
    if not isinstance(parts, (list, tuple)):  # another shape than Notion documents
        return ""
    return "".join([part.text for part in parts if isinstance(getattr(part, "text", None), str)])


@model
class UserMessage(_Message):
    """Somebody asked."""


@model
class AgentMessage(_Message):
    """The agent answered."""


@model
class AgentThinking(_Message):
    """The agent thought."""


@model
class AgentToolUse(SessionEvent):
    """The agent uses a tool."""

    tool_name: str = ""


@model
class AgentToolResult(SessionEvent):
    """A tool has returned."""

    tool_use_id: str = ""
    tool_name: str = ""
    is_error: bool = False


@model
class SessionStatusEvent(SessionEvent):
    """The status of the session changed."""

    status: str = ""
    required_actions: Lazy[Sequence[RequiredAction]] = ()
    error: Lazy[Maybe[SessionFailure]] = UNSET
    usage: Lazy[Maybe[SessionUsage]] = UNSET
    artifacts: Lazy[Sequence[SessionArtifact]] = ()


SESSION_EVENTS: Final[Mapping[str, type[SessionEvent]]] = {
    "user.message": UserMessage,
    "agent.message": AgentMessage,
    "agent.thinking": AgentThinking,
    "agent.tool_use": AgentToolUse,
    "agent.tool_result": AgentToolResult,
    "session.status": SessionStatusEvent,
}
"""The classes of events by Notion's names."""


# --------------------------------------------------------------------------- how it is streamed


@model
class StreamEvent(Model):
    """What comes over a stream.

    Each type has a class below this one; a type that this version does not know is a
    `StreamEvent` itself, whole in what `unstructure` returns.
    """

    type: str

    @classmethod
    def from_json(cls, source: bytes | Raw) -> Self:
        """Decode an event, to the class of its type."""
        known = _class_of(source, STREAM_EVENTS) if cls is StreamEvent else None
        return (
            super().from_json(source) if known is None else cast("Self", known.from_json(source))
        )


@model
class SessionSnapshot(StreamEvent):
    """The session as it is now."""

    session: Lazy[Session]


@model
class EventProvisional(StreamEvent):
    """Something is happening.  It is not final: what is comes as `EventCommitted`."""

    event: Lazy[SessionEvent]


@model
class EventCommitted(StreamEvent):
    """Something has happened."""

    event: Lazy[SessionEvent]


@model
class StreamTimeout(StreamEvent):
    """The stream was open for too long and ends; the session goes on."""

    session_id: str
    message: str


@model
class StreamEnd(StreamEvent):
    """The turn is over, and the stream with it."""

    session_id: str
    status: str
    """Of the session, as `Session.status`."""
    last_sequence: int


@model
class StreamError(StreamEvent):
    """The stream failed."""

    error: Lazy[SessionFailure]
    session_id: Maybe[str] = UNSET


STREAM_EVENTS: Final[Mapping[str, type[StreamEvent]]] = {
    "session.snapshot": SessionSnapshot,
    "event.provisional": EventProvisional,
    "event.committed": EventCommitted,
    "stream.timeout": StreamTimeout,
    "stream.end": StreamEnd,
    "stream.error": StreamError,
}
"""The classes of what comes over a stream, by Notion's names."""
