"""An emulator with agents, a client to it, and a time of day that the test moves."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from notion_async import AsyncClient, unstructure
from notion_async.models import Model
from notion_async.testing import Emulator
from notion_async.testing.agents import Agents, load_agents
from notion_async.testing.scripts import Turn
from notion_async.testing.store import Store

from .emulated import NOW, Object, uid

PLANNER = uid("Planner")
CLERK = uid("Clerk")


def agent(name: str, **fields: Any) -> Object:
    return {"object": "agent", "id": uid(name), "name": name, **fields}


@attrs.define
class Day:
    """A time of day that stands still until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


@attrs.define
class Place:
    emulator: Emulator
    notion: AsyncClient
    day: Day

    @property
    def store(self) -> Store:
        return self.emulator._store

    @property
    def agents(self) -> Agents:
        return self.store.part(Agents)

    def script(self, *turns: Turn, agent_id: str = PLANNER) -> None:
        self.agents.script(agent_id, turns)


@asynccontextmanager
async def place(
    *agents: Object, objects: Sequence[Object] = (), **options: Any
) -> AsyncIterator[Place]:
    """Serve agents, the planner if none are given; `objects` are what else there is."""
    day = Day()
    emulator = Emulator(budget=None, wall=day, **options)
    emulator.load(objects)
    load_agents(emulator._store, agents or [agent("Planner")])
    async with (
        emulator,
        AsyncClient(emulator.token, base_url=emulator.base_url) as notion,
    ):
        yield Place(emulator, notion, day)


def plain(model: Model) -> Any:
    """Return an object as it was sent."""
    return unstructure(model)


def problems(shared: Path, name: str, answer: Model | Mapping[str, object]) -> list[str]:
    """Return what is wrong with an answer by Notion's published types."""
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    text = (shared / "notion-api" / "notion.schema.json").read_text("utf-8")
    definitions = json.loads(text)["definitions"]
    validator = jsonschema.Draft7Validator(
        {"$ref": f"#/definitions/{name}", "definitions": definitions}
    )
    data = unstructure(answer) if isinstance(answer, Model) else answer
    return [error.message for error in validator.iter_errors(data)]
