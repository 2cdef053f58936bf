"""An emulator behind a front that can refuse requests, hold them back or send them elsewhere."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import aiohttp
import attrs
from aiohttp import web
from aiohttp.web_request import BaseRequest

from notion_async import AsyncClient
from notion_async.testing import Emulator
from notion_async.transport.retry import RetryPolicy
from tests.testing.emulated import NOW, Object, uid

AT_ONCE = RetryPolicy(attempts=2, base=0.0, conflict_delay=(0.0, 0.0), spread=0.0)


@attrs.define
class Asked:
    """A request on its way; `path`, with its query, may be changed."""

    method: str
    path: str
    body: bytes

    @property
    def json(self) -> Object:
        found: Object = json.loads(self.body or b"{}")
        return found

    def is_for(self, method: str, path: str) -> bool:
        """Tell whether this is the request; the path is compared without its query."""
        return self.method == method and self.path.partition("?")[0] == path

    def lists(self, name: str) -> bool:
        """Tell whether it asks for the blocks in this page or block."""
        return self.is_for("GET", f"/v1/blocks/{uid(name)}/children")


Reply: TypeAlias = tuple[int, Object]
Intervene: TypeAlias = Callable[[Asked], Awaitable[Reply | None]]


def refusal(status: int, code: str, message: str = "no") -> Reply:
    body = {"object": "error", "status": status, "code": code, "message": message}
    return status, {**body, "request_id": "r"}


NOT_FOUND = refusal(404, "object_not_found")
RESTRICTED = refusal(403, "restricted_resource")
UNSUPPORTED = refusal(400, "validation_error", "Block type ai_block is not supported via the API.")
BROKEN = refusal(500, "internal_server_error")
REFUSED = refusal(401, "unauthorized", "API token is invalid.")


@attrs.define
class Workspace:
    """An emulated workspace, a client of it, and what was asked so far."""

    emulator: Emulator
    client: AsyncClient
    base_url: str
    asked: list[Asked]

    def count(self, method: str, ending: str) -> int:
        """Return how many requests there were for paths that end so."""
        return sum(
            one.method == method and one.path.partition("?")[0].endswith(ending)
            for one in self.asked
        )


@asynccontextmanager
async def workspace_of(
    *objects: Object, intervene: Intervene | None = None, **options: Any
) -> AsyncIterator[Workspace]:
    emulator = Emulator(budget=None, wall=lambda: NOW)
    emulator.load(objects)
    asked: list[Asked] = []
    async with emulator, aiohttp.ClientSession() as session:

        async def handle(request: BaseRequest) -> web.StreamResponse:
            one = Asked(request.method, str(request.rel_url), await request.read())
            asked.append(one)
            reply = await intervene(one) if intervene else None
            if reply is not None:
                return web.json_response(reply[1], status=reply[0])
            async with session.request(
                one.method,
                emulator.base_url + one.path,
                data=one.body,
                headers={
                    name: request.headers[name]
                    for name in ("Authorization", "Notion-Version", "Content-Type")
                    if name in request.headers
                },
            ) as answer:
                return web.Response(
                    status=answer.status,
                    body=await answer.read(),
                    content_type=answer.content_type,
                )

        runner = web.ServerRunner(web.Server(handle, access_log=None), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        options = {"limiter": None, "retry": AT_ONCE, **options}
        try:
            async with AsyncClient(emulator.token, base_url=base_url, **options) as client:
                yield Workspace(emulator, client, base_url, asked)
        finally:
            await runner.cleanup()
