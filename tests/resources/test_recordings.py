"""Exchanges that were recorded with Notion, replayed through the methods."""

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
from tests.clients import answer, client_to, sent
from tests.transport.raw import says, serving

Arguments = dict[str, Any]


@attrs.frozen
class Exchange:
    """One request that was sent to Notion, and its answer."""

    name: str
    """The endpoint's; empty where the table has none."""
    ids: tuple[str, ...]
    arguments: Arguments
    recorded: Arguments


METHODS: dict[str, Callable[[AsyncClient], Callable[..., Any]]] = {
    "users.me": lambda notion: notion.users.me,
    "users.retrieve": lambda notion: notion.users.retrieve,
    "users.list": lambda notion: notion.users.list,
    "search": lambda notion: notion.search,
    "pages.retrieve": lambda notion: notion.pages.retrieve,
    "pages.create": lambda notion: notion.pages.create,
    "pages.retrieve_markdown": lambda notion: notion.pages.retrieve_markdown,
    "pages.properties.retrieve": lambda notion: notion.pages.properties.retrieve,
    "blocks.retrieve": lambda notion: notion.blocks.retrieve,
    "blocks.children.list": lambda notion: notion.blocks.children.list,
    "blocks.children.append": lambda notion: notion.blocks.children.append,
    "databases.retrieve": lambda notion: notion.databases.retrieve,
    "data_sources.retrieve": lambda notion: notion.data_sources.retrieve,
    "data_sources.query": lambda notion: notion.data_sources.query,
    "comments.list": lambda notion: notion.comments.list,
    "comments.retrieve": lambda notion: notion.comments.retrieve,
}
ERRORS: dict[int, type[APIResponseError]] = {
    400: ValidationError,
    401: UnauthorizedError,
    404: ObjectNotFoundError,
}


def exchanges(folder: Path) -> list[Exchange]:
    """Read those recordings which a method, or the escape hatch, can repeat."""
    found: list[Exchange] = []
    with (folder / "recordings" / "exchanges.jsonl").open() as lines:
        for recorded in map(json.loads, lines):
            path, _, query = recorded["path"].partition("?")
            endpoint = endpoints.match(recorded["method"], path)
            if endpoint is not None and endpoint.name not in METHODS:
                continue
            pattern = endpoint.path.split("/") if endpoint else []
            ids = tuple(
                segment
                for name, segment in zip(pattern, path.split("/"), strict=False)
                if name.startswith("{")
            )
            arguments = {**dict(parse_qsl(query)), **(recorded["request"] or {})}
            if "page_size" in arguments:
                arguments["page_size"] = int(arguments["page_size"])
            found.append(Exchange(endpoint.name if endpoint else "", ids, arguments, recorded))
    return found


async def test_methods_send_what_was_recorded_and_return_what_came(shared: Path) -> None:
    seen: set[str] = set()
    for exchange in exchanges(shared):
        recorded = exchange.recorded
        if not exchange.name or recorded["status"] != 200:
            continue
        seen.add(exchange.name)

        async with (
            serving(says(answer(recorded["response"]))) as server,
            client_to(server, notion_version=recorded["version"]) as notion,
        ):
            method = METHODS[exchange.name](notion)
            result = await method(*exchange.ids, **exchange.arguments)

        [request] = map(sent, server.requests)
        path, _, query = recorded["path"].partition("?")
        assert (request.method, request.path) == (recorded["method"], path)
        assert sorted(request.query) == sorted(parse_qsl(query))
        assert request.body == recorded["request"]
        assert request.headers["Notion-Version"] == recorded["version"]
        assert unstructure(result) == recorded["response"]
    assert seen == set(METHODS)


async def test_recorded_errors_become_their_classes(shared: Path) -> None:
    seen: set[int] = set()
    for exchange in exchanges(shared):
        recorded = exchange.recorded
        status = recorded["status"]
        if status == 200:
            continue
        seen.add(status)

        async with (
            serving(says(answer(recorded["response"], status))) as server,
            client_to(server, notion_version=recorded["version"]) as notion,
        ):
            call = (
                METHODS[exchange.name](notion)(*exchange.ids, **exchange.arguments)
                if exchange.name
                else notion.request(recorded["method"], recorded["path"])
            )
            with pytest.raises(APIResponseError) as caught:
                await call

        error = caught.value
        assert type(error) is ERRORS[status]
        assert error.code == recorded["response"]["code"]
        assert error.request_id == recorded["response"]["request_id"]
        assert len(server.requests) == error.attempts == 1
    assert seen == set(ERRORS)
