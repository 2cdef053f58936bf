"""P17, B10: a call that is cancelled, wherever it waits, leaves nothing behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import attrs
import pytest

from notion_async import (
    AsyncClient,
    RetryPolicy,
    TokenBucket,
    WriteOutcomeUnknown,
    endpoints,
)
from notion_async.resources import _upload, file_uploads
from notion_async.transport.call import Call
from notion_async.transport.message import Request, Response
from tests.cancel.stepping import TURNS, assert_nothing_is_left, places, sockets, stopped_at
from tests.clients import answer, client_to, listing
from tests.faults.server import Answer, Exchange, serving
from tests.faults.strikes import resets, says
from tests.faults.wire import chunked, http
from tests.testing.emulated import uid

PAGE = {"object": "page", "id": uid("home"), "properties": {}}
FILE = {"object": "file_upload", "id": uid("file"), "status": "uploaded", "content_type": None}
SOON = RetryPolicy(base=0.01, cap=0.02, spread=0.0, conflict_delay=(0.01, 0.01))

Act = Callable[[AsyncClient], Awaitable[object]]


async def read(notion: AsyncClient) -> object:
    return await notion.pages.retrieve(uid("home"))


async def read_twice(notion: AsyncClient) -> object:
    await read(notion)
    return await read(notion)


async def walk(notion: AsyncClient) -> object:
    return [user.id async for user in notion.users.list()]


async def upload(notion: AsyncClient) -> object:
    return await notion.file_uploads.upload(b"x" * 15, filename="a.txt")


async def upload_in_parts(notion: AsyncClient) -> object:
    return await notion.file_uploads.upload(b"x" * 45, filename="a.txt", concurrency=2)


async def create(notion: AsyncClient) -> object:
    return await notion.pages.create(parent={"page_id": uid("home")})


async def recovered(notion: AsyncClient) -> object:
    """A write whose answer is lost, and that is found by another call."""

    async def recover(unknown: WriteOutcomeUnknown, *, remaining: float | None) -> Response | None:
        await notion.with_options(deadline=remaining).request("GET", "/v1/users")
        return Response(200, {}, b"{}")

    send = notion._sender
    request = Request("POST", f"{send.base_url}/v1/pages", {"Authorization": "Bearer x"}, b"{}")
    return await send.pipeline.send(Call(endpoints.PAGES_CREATE, request, recover=recover))


@attrs.frozen
class Scene:
    """What is cancelled, and what it waits for."""

    act: Act
    answers: Sequence[Answer]
    limiter: Callable[[], TokenBucket] = lambda: TokenBucket(1000)


def budget_of_one() -> TokenBucket:
    return TokenBucket(1, per=0.01, margin=0.0)


def one_at_a_time() -> TokenBucket:
    return TokenBucket(1000, max_in_flight=1)


def users(count: int, cursor: str | None = None) -> bytes:
    found = ({"object": "user", "id": uid(f"user {n}")} for n in range(count))
    return answer(listing(*found, cursor=cursor))


async def slowly(exchange: Exchange) -> None:
    """The head, and then the body in pieces."""
    await exchange.request()
    whole = answer(PAGE)
    for start in range(0, len(whole), 40):
        await exchange.say(whole[start : start + 40])
        await asyncio.sleep(0.001)


PAUSE = http(b"{}", status=429, headers="Retry-After: 0.03\r\n")
BROKEN = http(b"{}", status=500)
SCENES: Final = {
    "a plain call": Scene(read, [says(answer(PAGE))]),
    "a kept connection": Scene(read_twice, [says(answer(PAGE))]),
    "a body that comes slowly": Scene(read, [slowly]),
    "a body in chunks": Scene(read, [says(chunked(b'{"object":', b'"page","id":"x"}'))]),
    "a queue for the budget": Scene(read_twice, [says(answer(PAGE))], budget_of_one),
    "a queue for a place": Scene(read_twice, [says(answer(PAGE))], one_at_a_time),
    "a pause": Scene(read, [says(PAUSE), says(answer(PAGE))]),
    "two pauses": Scene(read, [says(PAUSE), says(PAUSE), says(answer(PAGE))]),
    "back-off": Scene(read, [says(BROKEN), says(BROKEN), says(answer(PAGE))]),
    "a connection that breaks": Scene(read, [resets(), says(answer(PAGE))]),
    "a listing": Scene(walk, [says(users(2, "c")), says(users(2))]),
    "an upload": Scene(upload, [says(answer(FILE))]),
    "an upload in parts": Scene(upload_in_parts, [says(answer(FILE))]),
    "a write that is found again": Scene(
        recovered, [says(BROKEN), says(b"{}"), says(answer(PAGE))]
    ),
}


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    # In both: the second has it from the first, as it was when it was imported.
    for module in (_upload, file_uploads):
        monkeypatch.setattr(module, "LARGEST_PART", 20)
    monkeypatch.setattr(_upload, "_PART", 10)


@pytest.mark.parametrize("turns", TURNS)
@pytest.mark.parametrize("name", SCENES)
async def test_a_call_that_is_cancelled_leaves_nothing_and_stops_nobody(
    name: str, turns: int
) -> None:
    scene = SCENES[name]
    before, place = sockets(), 0
    for place in places():
        async with serving(*scene.answers) as server:
            tasks = asyncio.all_tasks()
            notion = client_to(server, limiter=scene.limiter(), retry=SOON, deadline=20.0)

            got_there = await stopped_at(scene.act(notion), place, turns, beside=scene.act(notion))

            await assert_nothing_is_left(notion, server, tasks)
        if not got_there:
            break

    assert place > 2
    async with asyncio.timeout(5):
        while sockets() > before:  # noqa: ASYNC110 - those of the server close a turn later
            await asyncio.sleep(0)
