"""Sessions: what was said and done in one, and what is still to come of its turn.

A turn is played when somebody looks: every step happens at the time at which it is due, however
late it is asked for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from notion_async.testing.checks import Decoded
from notion_async.testing.records import timestamp
from notion_async.testing.scripts import TIMED_OUT, Pause, Played, text

GOING: Final = ("queued", "in_progress")
_DELTAS: Final = 3
"""How often at most a message is shown while it is written."""

_STREAMED: Final = {
    "user.message": ("content", "metadata"),
    "agent.message": ("content",),
    "agent.tool_use": ("tool_name",),
    "agent.tool_result": ("tool_use_id", "tool_name", "is_error"),
    "session.status": ("status", "required_actions", "error", "usage", "artifacts"),
}
_LISTED: Final = {
    **_STREAMED,
    "user.message": ("content", "created_by", "metadata"),
    "agent.message": ("content", "created_by", "metadata"),
    "agent.thinking": ("content",),
    "session.status": ("status", "required_actions", "error"),
}
_END: Final[Decoded] = {"type": "session.status", "status": "completed"}
"""How a turn ends that says nothing of it."""
_BASE: Final = ("object", "id", "session_id", "sequence", "created_at", "type")


@attrs.define(eq=False)
class Conversation:
    """A session.

    Attributes:
        moment: When something happened last.
        steps: What the agent is still going to do in this turn.
        began: How many events there were before this turn.
    """

    id: str
    agent: Decoded
    title: str
    created_by: Decoded
    moment: datetime
    new_id: Callable[[], str] = attrs.field(repr=False)
    status: str = "queued"
    created_at: str = attrs.field(
        init=False, default=attrs.Factory(lambda self: timestamp(self.moment), takes_self=True)
    )
    events: list[Decoded] = attrs.field(factory=list, repr=False)
    steps: deque[Played] = attrs.field(factory=deque, repr=False)
    required_actions: list[Decoded] = attrs.field(factory=list)
    error: Decoded | None = None
    began: int = 0
    _named: dict[str, str] = attrs.field(factory=dict, repr=False)

    @property
    def is_going(self) -> bool:
        """Whether a turn is being played."""
        return self.status in GOING

    # What happens

    def begin(self, message: Decoded, steps: Sequence[Played], now: datetime) -> None:
        """Begin a turn with what somebody said."""
        self.moment = now
        self.began = len(self.events)
        self.error = None
        self._note({**message, "type": "user.message", "created_by": self.created_by})
        self.steps = deque(steps)
        self.status = "in_progress"

    def decide(self, now: datetime) -> None:
        """Go on with a turn that has waited for a decision."""
        self.moment = now
        self.required_actions = []
        self.status = "in_progress"

    def cancel(self, now: datetime) -> None:
        """End a turn that goes on or waits."""
        self.moment = now
        self.steps.clear()
        self._become({"type": "session.status", "status": "canceled"})

    def settle(self, now: datetime) -> None:
        """Play what is due, with nobody listening."""
        for _ in self.play(now):
            pass

    def play(self, now: datetime) -> Iterator[Decoded]:
        """Play what is due, and yield what a stream would say of it."""
        while self.is_going:
            step = (
                self.steps[0] if self.steps else {"type": "session.status", "status": "completed"}
            )
            if isinstance(step, Pause):
                if step.seconds > (now - self.moment).total_seconds():
                    return
                self.moment += timedelta(seconds=step.seconds)
            if self.steps:
                self.steps.popleft()
            if not isinstance(step, Pause):
                yield from self._take(step)

    def stream(self, now: datetime, after: int) -> Iterator[Decoded]:
        """Yield what a stream says that begins behind so many events."""
        yield {"type": "session.snapshot", "session": self.brief()}
        for event in self.events[after:]:
            yield from _committed(event)
        for said in self.play(now):
            yield said
            if said["type"] not in ("event.provisional", "event.committed"):
                return
        if self.is_going:
            yield {"type": "stream.timeout", "session_id": self.id, "message": TIMED_OUT}
            return
        yield {
            "type": "stream.end",
            "session_id": self.id,
            "status": self.status,
            "last_sequence": self.events[-1]["sequence"],
        }

    def _take(self, step: Decoded) -> Iterator[Decoded]:
        kind = step["type"]
        if kind.startswith("stream."):
            yield {**step, "session_id": self.id}
        elif kind == "session.status":
            yield from _committed(self._become(step))
        else:
            event = self._event(step)
            for state in _unfinished(event):
                yield {"type": "event.provisional", "event": state}
            yield from _committed(self._keep(event))

    def _become(self, step: Decoded) -> Decoded:
        self.status = step["status"]
        self.error = step.get("error")
        self.required_actions = [
            {"action_id": self.new_id(), **action} for action in step.get("required_actions", ())
        ]
        actions = {"required_actions": self.required_actions} if self.required_actions else {}
        return self._note({**step, **actions})

    def _note(self, step: Decoded) -> Decoded:
        return self._keep(self._event(step))

    def _event(self, step: Decoded) -> Decoded:
        """Return an event in full, but for its place."""
        identity = self.new_id()
        if isinstance(name := step.get("id"), str):
            self._named[name] = identity
        event = {
            **step,
            "object": "session_event",
            "id": identity,
            "session_id": self.id,
            "created_at": timestamp(self.moment),
        }
        if step["type"] == "agent.tool_result":
            event["tool_use_id"] = self._use_of(step)
        return event

    def _keep(self, event: Decoded) -> Decoded:
        kept = {**event, "sequence": len(self.events) + 1}
        self.events.append(kept)
        return kept

    def _use_of(self, result: Decoded) -> str:
        """Return the id of the use that a tool's result belongs to: of the last, if unnamed."""
        name = result.get("tool_use_id")
        if isinstance(name, str) and name:
            return self._named.get(name, name)
        for event in reversed(self.events):
            if event["type"] == "agent.tool_use" and event["tool_name"] == result["tool_name"]:
                return str(event["id"])
        return self.new_id()

    # How it is shown

    def brief(self) -> Decoded:
        """Return the session as it is answered to who says something."""
        data: Decoded = {
            "object": "session",
            "id": self.id,
            "agent_id": self.agent["id"],
            "title": self.title,
            "status": self.status,
            "created_at": self.created_at,
            "updated_at": timestamp(self.moment),
        }
        if self.required_actions:
            data["required_actions"] = self.required_actions
        if self.error is not None:
            data["error"] = self.error
        return data

    def full(self) -> Decoded:
        """Return the session as it is retrieved."""
        model = self.agent["model"]
        is_auto = model["mode"] == "auto"
        kinds = [event["type"] for event in self.events]
        return {
            **self.brief(),
            "created_by": self.created_by,
            "agent_version": self.agent["agent_version"],
            "models": {"type": "auto"} if is_auto else {"type": "pinned", "ids": [model["id"]]},
            "tool_call_count": kinds.count("agent.tool_use"),
            "message_count": kinds.count("user.message") + kinds.count("agent.message"),
            "runs_completed": len(self.completed()),
        }

    def completed(self) -> list[str]:
        """Return when each of its turns was completed."""
        return [
            event["created_at"]
            for event in self.events
            if event["type"] == "session.status" and event["status"] == "completed"
        ]

    def listed(self) -> list[Decoded]:
        """Return the events as they are queried."""
        return [
            _part(_with_files(event, _whole_file), _LISTED[event["type"]])
            for event in self.events
            if event.get("status") not in GOING
        ]


def _committed(event: Decoded) -> Iterator[Decoded]:
    """Yield an event as it is streamed: what an agent thinks is not."""
    names = _STREAMED.get(event["type"])
    if names is not None:
        shown = _part(_with_files(event, _file_id), names)
        yield {"type": "event.committed", "event": shown}


def _part(event: Decoded, names: Sequence[str]) -> Decoded:
    """Return what an event shows; messages that have no author or metadata say so."""
    shown = {name: event[name] for name in (*_BASE, *names) if name in event}
    return {"created_by": None, "metadata": None, **shown} if "created_by" in names else shown


def _with_files(event: Decoded, shown: Callable[[Decoded], Decoded]) -> Decoded:
    if event["type"] != "user.message":
        return event
    parts = [shown(part) if part["type"] == "file" else part for part in event["content"]]
    return {**event, "content": parts}


def _file_id(part: Decoded) -> Decoded:
    return {"type": "file", "file_id": part["file_id"]}


def _whole_file(part: Decoded) -> Decoded:
    return {name: value for name, value in part.items() if name != "file_id"}


def _unfinished(event: Decoded) -> Iterator[Decoded]:
    """Yield an event as it is seen before it is final, under the id that it will have."""
    if event["type"] == "agent.tool_use":
        yield _part(event, _STREAMED["agent.tool_use"])
    if event["type"] != "agent.message":
        return
    words = "".join(part["text"] for part in event["content"])
    step = max(1, -(-len(words) // (_DELTAS + 1)))
    for end in range(step, len(words), step):
        written = {**event, "content": text(words[:end])}
        yield _part(written, _STREAMED["agent.message"])
