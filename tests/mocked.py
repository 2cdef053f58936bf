"""Requests as aiohttp gets them, without a socket: for their shapes alone."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import attrs
from aiohttp import ClientResponse
from aioresponses import CallbackResult, aioresponses
from yarl import URL

from notion_async import endpoints

_EVERYTHING = re.compile("")
_OBJECTS = frozenset(
    {"page", "block", "database", "data_source", "comment", "user", "view", "file_upload"}
)
_METHODS = ("GET", "POST", "PATCH", "DELETE")


class Answer(ClientResponse):
    """aiohttp 3.14 asks for a stream writer, which aioresponses does not pass."""

    def __init__(self, method: str, url: URL, **options: Any) -> None:
        # All of the writer that aiohttp looks at; Any, because it is no writer.
        writer: Any = SimpleNamespace(output_size=0)
        super().__init__(method, url, stream_writer=writer, **options)


@attrs.frozen
class Shape:
    """One request."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: Any
    """The JSON; None where there is no body."""


@contextlib.contextmanager
def mocked(answer: object) -> Iterator[list[Shape]]:
    """Answer every request with that JSON, and return what was asked.

    What asks for one object gets that of its endpoint instead of a list.
    """
    asked: list[Shape] = []

    def note(method: str, url: URL, headers: Mapping[str, str], data: bytes | None) -> None:
        body = None if data is None else json.loads(data)
        asked.append(
            Shape(method, str(url.with_query(None)), list(url.query.items()), headers, body)
        )

    def answering(method: str) -> Any:
        def callback(url: URL, **options: Any) -> CallbackResult:
            note(method, url, options["headers"], options["data"])
            body = json.dumps(_fitting(method, url.raw_path, answer))
            return CallbackResult(method=method, body=body, response_class=Answer)

        return callback

    with aioresponses() as network:
        for method in _METHODS:
            network.add(_EVERYTHING, method, callback=answering(method), repeat=True)
        yield asked


def _fitting(method: str, path: str, answer: object) -> object:
    endpoint = endpoints.match(method, path)
    is_list = isinstance(answer, dict) and answer.get("object") == "list"
    if endpoint is None or not is_list or endpoint.returns not in _OBJECTS:
        return answer
    return {"object": endpoint.returns, "id": "0f0f0f0f-0000-4000-8000-000000000001"}
