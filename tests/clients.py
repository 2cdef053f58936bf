"""Clients to test with, and what they send."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any
from urllib.parse import parse_qsl

import attrs
import pytest

from notion_async import AsyncClient, client
from notion_async.testing import Emulator
from notion_async.testing.clock import ManualClock
from notion_async.transport.message import Transport
from tests.faults.server import FaultServer
from tests.faults.wire import http

TOKEN = "ntn_canary_0123456789abcdef"


def client_of(emulator: Emulator, **options: Any) -> AsyncClient:
    return AsyncClient(emulator.token, base_url=emulator.base_url, **options)


def client_to(server: FaultServer, **options: Any) -> AsyncClient:
    return AsyncClient(TOKEN, base_url=f"http://127.0.0.1:{server.port}", **options)


def virtual_client(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock, transport: Transport, **options: Any
) -> AsyncClient:
    """Return a client whose time and network are those of the test."""
    with monkeypatch.context() as patch:
        patch.setattr(client, "SystemClock", lambda: clock)
        patch.setattr(client, "AiohttpTransport", lambda _session, **_options: transport)
        return AsyncClient(TOKEN, **options)


def method_of(notion: AsyncClient, name: str) -> Callable[..., Any]:
    """Return a method by its name in the table of endpoints, as ``pages.properties.retrieve``."""
    method: Callable[..., Any] = attrgetter(name)(notion)
    return method


def answer(data: object, status: int = 200, headers: str = "") -> bytes:
    """Return the bytes of an answer with that JSON."""
    return http(json.dumps(data).encode(), status=status, headers=headers)


def listing(*items: object, cursor: str | None = None, **fields: object) -> dict[str, object]:
    """Return a list object."""
    more = {"next_cursor": cursor, "has_more": cursor is not None}
    return {"object": "list", "results": list(items), **more, "type": "user", "user": {}, **fields}


@attrs.frozen
class Sent:
    """One request, as it came over the wire."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: Any
    """The JSON; None where there is no body."""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True)


def sent(request: bytes) -> Sent:
    """Take a request apart."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, target, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    return Sent(method, target, headers, json.loads(body) if body else None)
