"""A client in a process of its own making: no sockets, and every answer is given by the test."""

from __future__ import annotations

import itertools
import json
from collections.abc import Awaitable, Callable
from typing import Final

import pytest

from notion_async import AsyncClient, NotionError, client, unstructure
from notion_async.converters import whole_characters
from notion_async.models import Model, Unsupported
from notion_async.transport.message import Request, Response
from notion_async.types import JSON
from tests.models.tools import read_all
from tests.testing.emulated import uid

_ID: Final = uid("any")
_numbers = itertools.count()

Ask = Callable[[AsyncClient], Awaitable[object]]
LISTINGS: Final[tuple[Ask, ...]] = (
    lambda notion: notion.data_sources.query(_ID),
    lambda notion: notion.blocks.children.list(_ID),
    lambda notion: notion.search(query="x"),
    lambda notion: notion.comments.list(block_id=_ID),
    lambda notion: notion.users.list(),
)
OBJECTS: Final[tuple[Ask, ...]] = (
    lambda notion: notion.pages.retrieve(_ID),
    lambda notion: notion.blocks.retrieve(_ID),
    lambda notion: notion.pages.create(parent={"page_id": _ID}),
    lambda notion: notion.data_sources.retrieve(_ID),
    lambda notion: notion.file_uploads.retrieve(_ID),
)
METHODS: Final[tuple[Ask, ...]] = (
    *LISTINGS,
    *OBJECTS,
    lambda notion: notion.users.me(),
    lambda notion: notion.pages.properties.retrieve(_ID, "title"),
    lambda notion: notion.request("GET", "/v1/anything"),
)


class Hurried:
    """A clock by which every pause is over when it is asked again."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        self._now += 1_000.0
        return self._now

    async def sleep(self, seconds: float) -> None:  # noqa: ARG002 - as a clock has it
        """Fail: nothing waits here."""
        raise AssertionError("nothing is tried again here")


class Told:
    """A transport that answers what it is told to."""

    def __init__(self) -> None:
        self.answer = Response(200, {}, b"{}")
        self.sent = 0
        self.request: Request | None = None

    async def send(self, request: Request, *, timeout: float) -> Response:  # noqa: ARG002 - as below
        self.sent += 1
        self.request = request
        return self.answer

    async def open(self, request: Request, *, timeout: float) -> Response:  # noqa: ARG002 - as a transport has it
        return self.answer

    async def aclose(self) -> None:
        return None


def told_client(patch: pytest.MonkeyPatch) -> tuple[AsyncClient, Told]:
    """Return a client, and what decides about its answers."""
    told = Told()
    with patch.context() as patched:
        patched.setattr(client, "AiohttpTransport", lambda *_, **__: told)
        patched.setattr(client, "SystemClock", Hurried)
        notion = AsyncClient(
            f"ntn_test_fuzz_{next(_numbers)}", limiter=None, retry=False, deadline=None
        )
    return notion, told


async def outcome(notion: AsyncClient, ask: Ask) -> object:
    """Return what a call comes to; whatever else is raised fails the test."""
    try:
        return await ask(notion)
    except NotionError as error:
        str(error)
        repr(error)
        return error


def check(found: object, text: bytes) -> None:
    """Touch all of what was returned, and compare it with what came."""
    if isinstance(found, NotionError):
        return
    read_all(found)
    kept: JSON = unstructure(found) if isinstance(found, (Model, Unsupported)) else found  # type: ignore[assignment]  # request() returns JSON
    assert differences(kept, json.loads(whole_characters(text))) == []


def differences(one: JSON, other: JSON) -> list[str]:
    """Return where two values differ, types and order included; however deep they are."""
    found: list[str] = []
    waiting: list[tuple[str, JSON, JSON]] = [("$", one, other)]
    while waiting:
        path, a, b = waiting.pop()
        if isinstance(a, dict) and isinstance(b, dict) and list(a) == list(b):
            waiting += [(f"{path[:200]}.{name}", a[name], b[name]) for name in a]
        elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
            waiting += [(f"{path[:200]}[]", x, y) for x, y in zip(a, b, strict=True)]
        elif type(a) is not type(b) or isinstance(a, (dict, list)) or a != b:
            found.append(f"{path}: {str(a)[:60]} {type(a)}, {str(b)[:60]} {type(b)}")
    return found
