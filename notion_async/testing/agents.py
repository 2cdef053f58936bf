"""The agents of the workspace, what they shall say, and their conversations.

Notion: https://developers.notion.com/reference/notion-agent-apis/retrieve-agent
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

import msgspec

from notion_async.errors import ConfigurationError
from notion_async.testing.checks import Decoded, RefusalError, dashed
from notion_async.testing.conversations import Conversation
from notion_async.testing.scripts import Played, Turn, checked, echo
from notion_async.testing.store import Store
from notion_async.types import JSON

PERSONAL: Final = "33333333-3333-3333-3333-333333333333"
"""The personal agent, which is always there."""
_NAMED: Final = "notion_ai"

# What an agent has that was loaded without it.
_USUAL: Final[Decoded] = {
    "object": "agent",
    "agent_type": "custom_agent",
    "name": "Agent",
    "description": None,
    "instructions_page_id": None,
    "icon": None,
    "model": {"mode": "auto"},
    "connections": [],
    "status": "active",
    "pause_reason": None,
    "created_by": None,
    "version": None,
    "agent_version": None,
    "has_unpublished_changes": False,
    "last_run_time": None,
    "last_run_at": None,
    "credit_limit": None,
    "triggers": [],
    "instructions": None,
}


class Agents:
    """What the store keeps of agents.

    Attributes:
        known: The agents, by id.
        favorites: The ids of those that somebody has marked so.
        conversations: The sessions, by id, the first one first.
    """

    def __init__(self) -> None:
        personal = {**_USUAL, "id": PERSONAL, "agent_type": _NAMED, "name": "Notion AI"}
        self.known: dict[str, Decoded] = {PERSONAL: personal}
        self.favorites: set[str] = set()
        self.conversations: dict[str, Conversation] = {}
        self._scripts: dict[str, deque[tuple[Played, ...]]] = {}

    def load(self, source: Mapping[str, JSON], now: str) -> None:
        """Keep an agent, in place of one of the same id; what is not given is as usual.

        Raises:
            ValueError: It is no agent.
        """
        given_id = source.get("id")
        identity = dashed(given_id) if isinstance(given_id, str) else None
        if source.get("object") != "agent" or identity is None:
            raise ValueError(f"not an agent: object={source.get('object')!r}, id={given_id!r}")
        times = {"created_time": now, "last_edited_time": now}
        data = msgspec.json.decode(msgspec.json.encode(dict(source)))
        data.pop("request_id", None)
        self.known[identity] = {**_USUAL, **times, **data, "id": identity}

    def script(self, agent_id: str, turns: Iterable[Turn]) -> None:
        """Let an agent do this, turn by turn, the next times it is spoken to.

        Afterwards it repeats what is said to it, as it does without a script.

        Raises:
            ConfigurationError: There is no such agent, or a step is not one that it takes.
        """
        identity = id_of(agent_id)
        if identity not in self.known:
            raise ConfigurationError(f"there is no agent {agent_id!r}: load it first")
        steps = [checked(turn) for turn in turns]
        self._scripts.setdefault(identity, deque()).extend(steps)

    def turn(self, agent: Decoded, message: str) -> tuple[Played, ...]:
        """Return what an agent does now."""
        script = self._scripts.get(agent["id"])
        return script.popleft() if script else echo(message)

    def used(self, identity: str, now: datetime, start: str, end: str) -> tuple[int, float]:
        """Return how many turns an agent has completed in a time, and the credits it has used.

        What Notion takes for a turn depends on the work: here each costs one credit.
        """
        runs = 0
        for conversation in self.conversations.values():
            if conversation.agent["id"] == identity:
                conversation.settle(now)
                runs += sum(start <= moment <= end for moment in conversation.completed())
        return runs, float(runs)

    def find(self, store: Store, identity: str) -> Decoded:
        """Return an agent, deleted or not.

        Raises:
            RefusalError: There is none.
        """
        found = self.known.get(identity)
        if found is None:
            raise store.missing("agent", identity)
        return found

    def find_living(self, store: Store, identity: str) -> Decoded:
        """Return an agent that is not deleted.

        Raises:
            RefusalError: There is none.
        """
        found = self.find(store, identity)
        if found["status"] == "deleted":
            raise store.missing("agent", identity)
        return found

    def find_managed(self, store: Store, identity: str) -> Decoded:
        """Return an agent that can be changed.

        Raises:
            RefusalError: There is none, or it is the personal one.
        """
        if identity == PERSONAL:
            # The words are ours: no exchange with Notion shows its own.
            message = "The personal agent cannot be managed."
            raise RefusalError(400, "validation_error", message)
        return self.find_living(store, identity)


def load_agents(store: Store, objects: Iterable[Mapping[str, JSON]]) -> None:
    """Take in agents as Notion sends them; what is not given of one is as usual.

    Raises:
        ValueError: One is no agent.
    """
    agents = store.part(Agents)
    for source in objects:
        agents.load(source, store.minute())


def id_of(text: str) -> str:
    """Return the id of an agent: the personal one has a name, too."""
    return PERSONAL if text == _NAMED else dashed(text) or text
