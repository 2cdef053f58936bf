"""The recorded exchanges, in the sequences in which they were sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import attrs

from notion_async import endpoints

Object = dict[str, Any]

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|\+00:00)")
# Keys of the moment when an exchange took place; others tell of what is to come, or was imported.
_NOW = ("created_time", "last_edited_time")


@attrs.frozen
class Exchange:
    """A request that was sent to Notion, and what came back.

    Attributes:
        sequence: What was recorded in one go: the state of one exchange is that of the next.
        number: Its place in the sequence.
        request: The JSON that was sent, None where there was no body.
    """

    sequence: str
    number: int
    method: str
    path: str
    query: Sequence[tuple[str, str]]
    version: str
    request: Any
    status: int
    answer: Object

    @property
    def endpoint(self) -> str:
        """The endpoint's name, or the path where there is none."""
        found = endpoints.match(self.method, self.path)
        return self.path if found is None else found.name

    @property
    def reads(self) -> bool:
        """Whether it left everything as it was."""
        found = endpoints.match(self.method, self.path)
        return found is None or found.replay is endpoints.Replay.READ

    @property
    def form(self) -> str | None:
        """The text of a form that was sent, as it was."""
        return self.request.get("__text__") if isinstance(self.request, dict) else None

    @property
    def time(self) -> str | None:
        """When it took place, as far as the answer tells."""
        times = (
            value
            for _, name, value in fields(self.answer)
            if name in _NOW and isinstance(value, str)
        )
        return max(times, default=None)


def sequences(shared: Path) -> dict[str, list[Exchange]]:
    """Return what was recorded, by the names of the sequences."""
    found: dict[str, list[Exchange]] = {}
    with (shared / "recordings" / "exchanges.jsonl").open(encoding="utf-8") as lines:
        for recorded in map(json.loads, lines):
            path, _, query = recorded["path"].partition("?")
            exchange = Exchange(
                sequence=recorded["test"],
                number=recorded["seq"],
                method=recorded["method"],
                path=path,
                query=parse_qsl(query, keep_blank_values=True),
                version=recorded["version"],
                request=recorded["request"],
                status=recorded["status"],
                answer=recorded["response"],
            )
            found.setdefault(exchange.sequence, []).append(exchange)
    for sequence in found.values():
        sequence.sort(key=lambda exchange: exchange.number)
    return found


def fields(value: object, path: str = "") -> Iterator[tuple[str, str, object]]:
    """Yield path, name and value of every field, those in fields included."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            where = f"{path}.{name}" if path else name
            yield where, name, each
            yield from fields(each, where)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from fields(each, f"{path}[{index}]")


def objects(value: object) -> Iterator[Object]:
    """Yield every whole object of Notion in an answer, those in lists included."""
    if isinstance(value, dict):
        if isinstance(value.get("id"), str) and "object" in value and len(value) > 2:
            yield value
        for each in value.values():
            yield from objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from objects(each)
