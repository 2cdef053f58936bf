"""The emulated API on a loopback socket: the only module here that knows aiohttp."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web
from aiohttp.web_request import BaseRequest

from notion_async.testing.api import Answer, Api

HOST = "127.0.0.1"


class Server:
    """Serves an `Api`.

    Args:
        api: What answers.
        answered: Called with verb and answer for each request.
    """

    def __init__(self, api: Api, answered: Callable[[str, Answer], None]) -> None:
        self._api = api
        self._answered = answered
        # A low-level server: routing is done by the table of endpoints, not by aiohttp.
        self._runner = web.ServerRunner(
            web.Server(self._handle, access_log=None), shutdown_timeout=1.0
        )

    async def start(self, port: int) -> int:
        """Listen on `port`, or on a free one for 0; return which."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, port)
        await site.start()
        bound: int = self._runner.addresses[0][1]
        return bound

    async def stop(self) -> None:
        """Close the socket and every connection."""
        await self._runner.cleanup()

    async def _handle(self, request: BaseRequest) -> web.StreamResponse:
        url = request.rel_url
        answer = self._api.answer(
            request.method,
            url.raw_path,
            list(url.query.items()),
            request.headers,
            await request.content.read(),
        )
        self._answered(request.method, answer)
        headers = {"Date": self._api.date, **answer.headers}
        return web.Response(status=answer.status, body=answer.body, headers=headers)
