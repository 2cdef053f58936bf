"""A Notion whose answers get lost: the emulator behind a transport without a network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, TypeAlias, TypeVar
from urllib.parse import parse_qsl, urlsplit

import pytest

from notion_async import (
    AsyncClient,
    ConnectionLostError,
    WriteOutcomeUnknown,
)
from notion_async.testing import Emulator
from notion_async.testing.clock import ManualClock
from notion_async.transport.message import Request, Response
from tests.clients import TOKEN, virtual_client
from tests.testing.emulated import (
    NOW,
    Object,
    block,
    comment,
    data_source,
    database,
    page,
    uid,
    under,
)

Fault: TypeAlias = Response | str | Callable[[], None]
"""What goes wrong: it is lost `BEFORE` or `AFTER` it is done, or answered so instead."""

BEFORE, AFTER = "before", "after"


def refusal(status: int, code: str, message: str = "no", **additional: object) -> Response:
    body = {"object": "error", "status": status, "code": code, "message": message}
    if additional:
        body["additional_data"] = additional
    return Response(status, {"date": format_datetime(NOW)}, json.dumps(body).encode())


def shown(**fields: object) -> Response:
    return Response(200, {"date": format_datetime(NOW)}, json.dumps(fields).encode())


class Losing:
    """Hands requests to the emulator, and loses what it is told to."""

    def __init__(self, clock: ManualClock, *objects: Object) -> None:
        self.clock = clock
        self.emulator = Emulator(budget=None, token=TOKEN, wall=self.wall)
        self.emulator.load(objects)
        self.faults: list[tuple[str, Fault]] = []
        self.sent: list[tuple[str, str]] = []
        self.times: list[float] = []

    def wall(self) -> datetime:
        return NOW.astimezone(UTC) + timedelta(seconds=self.clock.now())

    def lose(self, method: str, *faults: Fault) -> None:
        """Let the next requests of this method go wrong, each in its way."""
        self.faults += [(method, fault) for fault in faults]

    def count(self, method: str) -> int:
        return sum(one == method for one, _ in self.sent)

    async def send(self, request: Request, *, timeout: float) -> Response:  # noqa: ARG002 - as a transport
        parts = urlsplit(request.url)
        self.sent.append((request.method, parts.path))
        self.times.append(self.clock.now())
        fault = next((one for one in self.faults if one[0] == request.method), None)
        if fault is not None:
            self.faults.remove(fault)
        wrong = fault and fault[1]
        if isinstance(wrong, Response):
            return wrong
        if wrong == BEFORE:
            raise ConnectionLostError("reset", sent=True)
        if callable(wrong):  # something happens, and then the connection is gone
            wrong()
            raise ConnectionLostError("reset", sent=True)
        assert request.body is None or isinstance(request.body, bytes)
        answer = self.emulator._api.answer(
            request.method,
            parts.path,
            parse_qsl(parts.query),
            request.headers,
            request.body or b"",
        )
        if wrong is not None:
            raise ConnectionLostError("reset", sent=True)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Response(
            answer.status, {**headers, "date": format_datetime(self.wall())}, answer.body
        )

    async def open(self, request: Request, *, timeout: float) -> Response:
        raise NotImplementedError("streams are tested over sockets")

    async def aclose(self) -> None:
        return None


def losing_client(
    monkeypatch: pytest.MonkeyPatch, *objects: Object, **options: Any
) -> tuple[Losing, AsyncClient]:
    clock = ManualClock()
    losing = Losing(clock, *objects)
    return losing, virtual_client(monkeypatch, clock, losing, **{"limiter": None, **options})


T = TypeVar("T")

TITLE: dict[str, Any] = {
    "id": "title",
    "name": "Name",
    "description": None,
    "type": "title",
    "title": {},
}
KEY: dict[str, Any] = {
    "id": "k%3Ay",
    "name": "Key",
    "description": None,
    "type": "rich_text",
    "rich_text": {},
}
TASKS = data_source("tasks", "tracker", {"Name": TITLE, "Key": KEY})
ROW: dict[str, Any] = {
    "parent": {"type": "data_source_id", "data_source_id": uid("tasks")},
    "properties": {
        "Name": {"title": [{"text": {"content": "one"}}]},
        "Key": {"rich_text": [{"text": {"content": "k-1"}}]},
    },
}
SOMEBODY = {"object": "user", "id": uid("ada")}
BROKEN = refusal(500, "internal_server_error")


async def done(losing: Losing, act: Awaitable[T]) -> T:
    task = asyncio.ensure_future(act)
    await losing.clock.run(until=task)
    return await task


async def left_unknown(losing: Losing, act: Awaitable[object]) -> WriteOutcomeUnknown:
    with pytest.raises(WriteOutcomeUnknown) as caught:
        await done(losing, act)
    return caught.value


def home(monkeypatch: pytest.MonkeyPatch, **options: Any) -> tuple[Losing, AsyncClient]:
    return losing_client(
        monkeypatch,
        page("home"),
        block("line", under("page_id", "home")),
        comment("remark", under("page_id", "home")),
        database("tracker", sources=("tasks",)),
        TASKS,
        **options,
    )
