"""Exchanges that were recorded with Notion, replayed through the methods.

Every endpoint in the recordings has a method of its name.  It is called with the ids of the path
and with what was sent as keywords; `ADAPTED` holds the exceptions.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import attrs
import pytest

from notion_async import (
    APIResponseError,
    AsyncClient,
    ObjectNotFoundError,
    UnauthorizedError,
    ValidationError,
    endpoints,
    unstructure,
)
from tests.clients import Sent, answer, client_to, method_of, sent
from tests.faults.server import serving
from tests.faults.strikes import says

Arguments = dict[str, Any]

RECORDED = (
    "async_tasks.retrieve",
    "blocks.children.append",
    "blocks.children.list",
    "blocks.delete",
    "blocks.retrieve",
    "blocks.update",
    "comments.create",
    "comments.delete",
    "comments.list",
    "comments.retrieve",
    "comments.update",
    "custom_emojis.list",
    "data_sources.create",
    "data_sources.list_templates",
    "data_sources.query",
    "data_sources.retrieve",
    "data_sources.update",
    "databases.create",
    "databases.retrieve",
    "databases.update",
    "file_uploads.create",
    "file_uploads.list",
    "file_uploads.retrieve",
    "file_uploads.send",
    "pages.create",
    "pages.move",
    "pages.properties.retrieve",
    "pages.retrieve",
    "pages.retrieve_markdown",
    "pages.update",
    "pages.update_markdown",
    "search",
    "users.list",
    "users.me",
    "users.retrieve",
    "views.create",
    "views.delete",
    "views.list",
    "views.queries.create",
    "views.queries.delete",
    "views.queries.results",
    "views.retrieve",
    "views.update",
)
ERRORS: dict[int, type[APIResponseError]] = {
    400: ValidationError,
    401: UnauthorizedError,
    404: ObjectNotFoundError,
}


@attrs.frozen
class Exchange:
    """One request that was sent to Notion, and its answer."""

    name: str
    """The endpoint's; empty where the table has none."""
    ids: tuple[str, ...]
    arguments: Arguments
    recorded: Arguments

    @property
    def body(self) -> Any:
        """What was sent; the trash by the name that both versions know."""
        body = self.recorded["request"]
        if isinstance(body, dict) and "__text__" in body:
            return form(body["__text__"])
        if isinstance(body, dict) and "archived" in body:
            return {("in_trash" if name == "archived" else name): body[name] for name in body}
        return body


def form(text: str) -> Arguments:
    """Take a form of one file apart."""
    boundary, head, kind, _, *content, end, _ = text.split("\r\n")
    assert end == boundary + "--"
    _, name, filename = (part.partition("=")[2].strip('"') for part in head.split(";"))
    assert name == "file"
    return {
        "filename": filename,
        "content_type": kind.removeprefix("Content-Type: "),
        "file": "\r\n".join(content).encode(),
    }


def as_recorded(request: bytes) -> Sent:
    """Take a request apart, as the recordings have it."""
    head, _, body = request.partition(b"\r\n\r\n")
    if b"multipart/form-data" not in head:
        return sent(request)
    return attrs.evolve(sent(head + b"\r\n\r\n"), body=form(body.decode()))


def exchanges(folder: Path) -> list[Exchange]:
    """Read the recordings."""
    found: list[Exchange] = []
    with (folder / "recordings" / "exchanges.jsonl").open() as lines:
        for recorded in map(json.loads, lines):
            path, _, query = recorded["path"].partition("?")
            endpoint = endpoints.match(recorded["method"], path)
            pattern = endpoint.path.split("/") if endpoint else []
            ids = tuple(
                segment
                for name, segment in zip(pattern, path.split("/"), strict=False)
                if name.startswith("{")
            )
            exchange = Exchange(endpoint.name if endpoint else "", ids, {}, recorded)
            arguments = {**dict(parse_qsl(query)), **(exchange.body or {})}
            if "page_size" in arguments:
                arguments["page_size"] = int(arguments["page_size"])
            found.append(attrs.evolve(exchange, arguments=arguments))
    return found


async def call(notion: AsyncClient, exchange: Exchange) -> Any:
    """Ask for what was asked in the recording."""
    method = method_of(notion, exchange.name)
    adapt = ADAPTED.get(exchange.name)
    arguments = adapt(exchange.arguments) if adapt else exchange.arguments
    return await method(*exchange.ids, **arguments)


def _content(arguments: Arguments) -> Arguments:
    """A block's content is one argument, whatever its type."""
    trash = {name: arguments[name] for name in arguments if name == "in_trash"}
    content = {name: arguments[name] for name in arguments if name != "in_trash"}
    return {**trash, **({"content": content} if content else {})}


def _without_type(arguments: Arguments) -> Arguments:
    """The method says itself which way the content is changed."""
    return {name: arguments[name] for name in arguments if name != "type"}


ADAPTED: dict[str, Callable[[Arguments], Arguments]] = {
    "blocks.update": _content,
    "pages.update_markdown": _without_type,
}


def test_every_endpoint_in_the_recordings_is_replayed(shared: Path) -> None:
    found = {exchange.name for exchange in exchanges(shared)} - {""}

    assert sorted(found) == sorted(RECORDED)


@pytest.mark.parametrize("name", RECORDED)
async def test_a_method_sends_what_was_recorded_and_returns_what_came(
    shared: Path, name: str
) -> None:
    replayed = [
        exchange
        for exchange in exchanges(shared)
        if exchange.name == name and exchange.recorded["status"] < 300
    ]
    assert replayed

    for exchange in replayed:
        recorded = exchange.recorded

        async with (
            serving(says(answer(recorded["response"], recorded["status"]))) as server,
            client_to(server, notion_version=recorded["version"]) as notion,
        ):
            result = await call(notion, exchange)

        [request] = map(as_recorded, server.requests)
        path, _, query = recorded["path"].partition("?")
        assert (request.method, request.path) == (recorded["method"], path)
        assert sorted(request.query) == sorted(parse_qsl(query))
        assert request.body == exchange.body
        assert request.headers["Notion-Version"] == recorded["version"]
        assert unstructure(result) == recorded["response"]


async def test_recorded_errors_become_their_classes(shared: Path) -> None:
    seen: set[int] = set()
    for exchange in exchanges(shared):
        recorded = exchange.recorded
        status = recorded["status"]
        if status < 300:
            continue
        seen.add(status)

        async with (
            serving(says(answer(recorded["response"], status))) as server,
            client_to(server, notion_version=recorded["version"]) as notion,
        ):
            asked = (
                call(notion, exchange)
                if exchange.name
                else notion.request(recorded["method"], recorded["path"])
            )
            with pytest.raises(APIResponseError) as caught:
                await asked

        error = caught.value
        assert type(error) is ERRORS[status]
        assert error.code == recorded["response"]["code"]
        assert error.request_id == recorded["response"]["request_id"]
        assert len(server.requests) == error.attempts == 1
    assert seen == set(ERRORS)
