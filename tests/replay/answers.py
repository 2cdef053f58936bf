"""Every answer that an emulator gives in a test, held to what Notion publishes of its endpoint.

Where live answers were seen to differ from the published shapes, the shapes here follow what was
seen: observed.json tells of that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from notion_async.testing.api import Answer, Api
from notion_async.testing.records import PREVIOUS
from tests.replay.deviations import UNPUBLISHED
from tests.replay.shapes import Shapes
from tests.resources.bodies import rows

# The one answer that Notion sends without the id of its request.
_WITHOUT_REQUEST_ID: Final = ("data_sources.list_templates",)
# One path answers with an object or with a stream: the table of endpoints knows it by either name.
_STREAMED: Final = "UpdateSessionStreamResponse"
_UNTYPED_PROPERTIES: Final = ("button", "place", "verification")

Answering = Callable[..., Answer]


@cache
def shapes(shared: Path, version: str) -> Shapes:
    """Return the shapes of answers in one version."""
    return Shapes(observed(shared), archived=version == PREVIOUS)


@cache
def observed(shared: Path) -> Mapping[str, Any]:
    """Return Notion's definitions, with what was seen and is not in them."""
    text = (shared / "notion-api" / "notion.schema.json").read_text("utf-8")
    definitions: dict[str, Any] = deepcopy(json.loads(text)["definitions"])
    for schema in _objects(definitions):
        fields = schema["properties"]
        kind = fields.get("type", {}).get("const")
        if kind == "person" and "properties" in fields.get("person", {}):
            fields["person"]["properties"]["email_verified"] = {"type": "boolean"}
        if kind == "relation" and fields.get("relation", {}).get("type") == "array":
            fields["has_more"] = {"type": "boolean"}
    for schema in _objects(definitions["ViewFilterResponse"]):
        # They name the property or the timestamp, and leave out the condition.
        if set(schema["properties"]) in ({"property"}, {"timestamp"}):
            schema["additionalProperties"] = {}
    properties = definitions["DatabasePropertyConfigResponse"]["anyOf"]
    plain = next(one for one in properties if one["properties"]["type"]["const"] == "checkbox")
    properties += [
        json.loads(json.dumps(plain).replace('"checkbox"', f'"{name}"'))
        for name in _UNTYPED_PROPERTIES
    ]
    return definitions


def _objects(schema: object) -> Iterator[dict[str, Any]]:
    """Yield every shape of an object with fields."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
            yield schema
        for each in schema.values():
            yield from _objects(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _objects(each)


def wrong(shared: Path, version: str, answer: Answer) -> str | None:
    """Return how an answer is not what its endpoint answers; None where it is, or no JSON."""
    row = rows(shared).get(answer.endpoint)
    kind = answer.headers.get("Content-Type", "")
    made_up = answer.fault is not None and answer.fault.body is not None
    if row is None or made_up or not 200 <= answer.status < 300 or not _is_json(kind):
        return None
    body = json.loads(answer.body)
    bare = answer.endpoint in _WITHOUT_REQUEST_ID
    if isinstance(body.pop("request_id", None), str) is bare:
        return f"request_id: {'is' if bare else 'is not'} there"
    name = "GetAsyncTaskResponse" if answer.status == 202 else row["response_type"]
    return shapes(shared, version).wrong(name, body)


def _is_json(kind: str) -> bool:
    return kind.startswith("application/json")


def _is_known(endpoint: str, fault: str) -> bool:
    return any(endpoint == name and words in fault for name, words in UNPUBLISHED)


@attrs.define
class Watch:
    """What is wrong with answers, as they are given.

    Attributes:
        found: One line for each answer, and each event of a stream, that is not as published.
        looked_at: How many answers were looked at.
    """

    shared: Path
    found: list[str] = attrs.Factory(list)
    looked_at: int = 0

    def look(self, version: str, request: str, answer: Answer) -> Answer:
        """Look at an answer, and return it; events are looked at when they are sent."""
        self.looked_at += 1
        self._note(answer, request, wrong(self.shared, version, answer))
        if answer.events is None:
            return answer
        return attrs.evolve(answer, events=self._watched(answer, version, request))

    def _watched(self, answer: Answer, version: str, request: str) -> Iterator[bytes]:
        for piece in answer.events or ():
            for line in piece.splitlines():
                if line.startswith(b"data:"):
                    event = json.loads(line.removeprefix(b"data:"))
                    fault = shapes(self.shared, version).wrong(_STREAMED, event)
                    self._note(answer, request, fault)
            yield piece

    def _note(self, answer: Answer, request: str, fault: str | None) -> None:
        if fault is not None and not _is_known(answer.endpoint, fault):
            self.found.append(f"{answer.endpoint} ({request}): {fault}")


@contextmanager
def held_to_shapes(shared: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Look at what every emulator answers."""
    watch = Watch(shared)
    answering: Answering = Api.answer

    def answer(self: Api, method: str, path: str, *request: Any) -> Answer:
        given = answering(self, method, path, *request)
        headers: Mapping[str, str] = request[1]
        return watch.look(headers.get("Notion-Version", ""), f"{method} {path}", given)

    with monkeypatch.context() as patch:
        patch.setattr(Api, "answer", answer)
        yield watch
