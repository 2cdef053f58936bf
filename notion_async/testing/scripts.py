"""What an agent says and does, written down before anybody asks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

import attrs
import msgspec

from notion_async.converters import unstructure
from notion_async.errors import ConfigurationError
from notion_async.models.sessions import SESSION_EVENTS, SessionEvent, StreamEvent
from notion_async.testing.checks import Decoded

_WAYS_OUT: Final = ("stream.timeout", "stream.error")
_FINAL: Final = ("completed", "failed", "canceled", "terminated")
_STATUSES: Final = ("queued", "in_progress", "requires_action", *_FINAL)
_NOT_SAID: Final = ("user.message",)
"""Events that others make: an agent does not."""

_TYPES: Final = tuple(name for name in SESSION_EVENTS if name not in _NOT_SAID)


def _check_seconds(_: object, __: object, value: float) -> None:
    if not value >= 0:
        raise ConfigurationError(f"a pause is a number of seconds, not {value}")


@attrs.frozen
class Pause:
    """Time that passes, by the emulator's time of day, before the agent goes on.

    A stream that comes to it ends as Notion's do that were open for too long: what follows comes
    once the time has passed, to who resumes.

    Args:
        seconds: How long; ``math.inf`` until the turn is cancelled.
    """

    seconds: float = attrs.field(validator=_check_seconds)


Step: TypeAlias = str | Pause | SessionEvent | StreamEvent | Mapping[str, object]
"""A part of a turn: an event, as an object or as Notion sends it, a text for a message that says
so, or a pause.

Of an event only `type` and what belongs to its type is needed: ids, times, places and the session
are filled in.  A ``session.status`` of ``requires_action`` waits for a decision before the turn
goes on; another final one ends it.  Without one, a turn ends as ``completed``.
``stream.timeout`` and ``stream.error`` end a stream, and the turn goes on.
"""

Turn: TypeAlias = Sequence[Step]
"""What an agent does when it is spoken to."""

Played: TypeAlias = Pause | Decoded
"""A step that was checked."""


def checked(turn: Turn) -> tuple[Played, ...]:
    """Return a turn as it is played.

    Raises:
        ConfigurationError: A step is not one that an agent takes.
    """
    if isinstance(turn, str):
        raise ConfigurationError("a turn is a list of steps: write ['Hello'], not 'Hello'")
    steps = tuple(_checked(step) for step in turn)
    for step in steps[:-1]:
        if isinstance(step, dict) and is_over(step):
            raise ConfigurationError(f"nothing follows the status {step['status']!r} in a turn")
    return steps


def is_over(event: Decoded) -> bool:
    """Tell whether a turn ends with this event."""
    return event["type"] == "session.status" and event["status"] in _FINAL


def echo(message: str) -> tuple[Played, ...]:
    """Return the turn of an agent that has no script."""
    return checked([f"You said: {message}"])


def text(words: str) -> list[Decoded]:
    """Return the content of a message."""
    return [{"type": "text", "text": words}]


def _checked(step: Step) -> Played:
    if isinstance(step, Pause):
        return step
    if isinstance(step, str):
        return {"type": "agent.message", "content": text(step)}
    event = _plain(unstructure(step) if isinstance(step, (SessionEvent, StreamEvent)) else step)
    kind = event.get("type")
    if kind not in (*_TYPES, *_WAYS_OUT):
        raise ConfigurationError(
            f"an agent does not do {kind!r}: the types are {', '.join((*_TYPES, *_WAYS_OUT))}"
        )
    return _FILLED[str(kind)](event)


def _plain(step: Mapping[str, object]) -> Decoded:
    # A copy of its own, whatever happens to the one that was given.
    return cast(Decoded, msgspec.json.decode(msgspec.json.encode(dict(step))))


def _message(event: Decoded) -> Decoded:
    content = event.get("content")
    if isinstance(content, str):
        return {**event, "content": text(content)}
    if not isinstance(content, list) or not all(_is_text(part) for part in content):
        raise ConfigurationError(
            f'the content of {event["type"]} is a text, or a list of {{"type": "text", "text": …}}'
        )
    return event


def _is_text(part: object) -> bool:
    return isinstance(part, dict) and isinstance(part.get("text"), str)


def _tool(event: Decoded) -> Decoded:
    if not isinstance(event.get("tool_name"), str):
        raise ConfigurationError(f"{event['type']} needs the tool_name")
    return {"is_error": False, **event} if event["type"] == "agent.tool_result" else event


def _status(event: Decoded) -> Decoded:
    if event.get("status") not in _STATUSES:
        raise ConfigurationError(f"a status is one of {', '.join(_STATUSES)}")
    is_waiting = event["status"] == "requires_action"
    actions = event.get("required_actions")
    if is_waiting is not bool(actions):
        raise ConfigurationError(
            "required_actions, at least one, go with the status requires_action and no other"
        )
    if actions:
        event = {**event, "required_actions": [_action(action) for action in actions]}
    if "error" in event:
        event = {**event, "error": _failure(event["error"])}
    return event


def _action(action: Mapping[str, Any]) -> Decoded:
    options = [{"id": "approve", "label": "Approve"}, {"id": "reject", "label": "Reject"}]
    if "title" not in action:
        raise ConfigurationError("an action that is asked for has a title")
    return {"options": options, **action}


def _way_out(event: Decoded) -> Decoded:
    if event["type"] == "stream.timeout":
        return {"type": "stream.timeout", "message": event.get("message") or TIMED_OUT}
    return {"type": "stream.error", "error": _failure(event.get("error"))}


def _failure(error: object) -> Decoded:
    if not isinstance(error, dict) or not isinstance(error.get("code"), str):
        raise ConfigurationError("an error has a code, and best a message and retryable")
    return {"message": "", "retryable": False, **error}


TIMED_OUT: Final = "The stream was open for too long. The session goes on."
"""The words are ours."""

_FILLED: Final = {
    "agent.message": _message,
    "agent.thinking": _message,
    "agent.tool_use": _tool,
    "agent.tool_result": _tool,
    "session.status": _status,
    "stream.timeout": _way_out,
    "stream.error": _way_out,
}
