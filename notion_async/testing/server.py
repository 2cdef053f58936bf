"""The emulated API on a loopback socket: the only module here that knows aiohttp."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web
from aiohttp.web_request import BaseRequest

from notion_async.testing.api import Answer, Api
from notion_async.testing.faults import Fault

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
        if answer.fault is not None:
            return await self._struck(request, answer, answer.fault, headers)
        if answer.events is None:
            return web.Response(status=answer.status, body=answer.body, headers=headers)
        stream = web.StreamResponse(status=answer.status, headers=headers)
        await stream.prepare(request)
        for event in answer.events:
            await stream.write(event)
        return stream

    async def _struck(
        self, request: BaseRequest, answer: Answer, fault: Fault, headers: dict[str, str]
    ) -> web.StreamResponse:
        """Send an answer late, in part, or not at all."""
        if fault.delay:
            await self._api.clock.sleep(fault.delay)
        body = answer.body if answer.events is None else b"".join(answer.events)
        response = web.StreamResponse(status=answer.status or 500, headers=headers)
        response.content_length = len(body)
        transport = request.transport
        if fault.reset:
            if transport is not None:
                transport.abort()
            return response
        await response.prepare(request)
        await response.write(body if fault.cut is None else body[: fault.cut])
        if fault.cut is not None and transport is not None:
            transport.close()  # what was written is sent before
        return response
