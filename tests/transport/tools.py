"""What several tests of the transport layer need."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping

from notion_async import endpoints
from notion_async.endpoints import Endpoint
from notion_async.errors import NotionError
from notion_async.testing.clock import ManualClock
from notion_async.transport.call import Call
from notion_async.transport.governor import Governor
from notion_async.transport.hooks import Hook
from notion_async.transport.limiter import Limiter, Priority
from notion_async.transport.message import Request, Response
from notion_async.transport.pipeline import Pipeline
from notion_async.transport.retry import RetryPolicy

TOKEN = "ntn_canary_0123456789abcdef"
READ = endpoints.PAGES_RETRIEVE
CREATE = endpoints.PAGES_CREATE


def request(method: str = "GET", url: str = "https://api.notion.com/v1/x") -> Request:
    return Request(method, url, {"Authorization": f"Bearer {TOKEN}"})


def ok(body: bytes = b'{"object":"page"}', status: int = 200) -> Response:
    return Response(status, {"x-notion-request-id": "req-1"}, body)


def refused(
    status: int,
    code: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    additional_data: Mapping[str, object] | None = None,
) -> Response:
    body: dict[str, object] = {"object": "error", "status": status, "code": code, "message": "no"}
    if additional_data is not None:
        body["additional_data"] = dict(additional_data)
    return Response(status, dict(headers or {}), json.dumps(body).encode())


def too_many(retry_after: int | None = None, reason: str | None = None) -> Response:
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    additional = None if reason is None else {"rate_limit_reason": reason}
    return refused(429, "rate_limited", headers=headers, additional_data=additional)


Answer = Response | NotionError | Callable[[Request, float], Awaitable[Response]]


class Script:
    """A transport that gives prepared answers, the last one for ever, and keeps a log."""

    def __init__(self, clock: ManualClock, *answers: Answer, latency: float = 0.0) -> None:
        self.clock = clock
        self.answers = list(answers)
        self.latency = latency
        self.sent_at: list[float] = []
        self.timeouts: list[float] = []
        self.in_flight = 0

    async def send(self, request: Request, *, timeout: float) -> Response:
        self.sent_at.append(self.clock.now())
        self.timeouts.append(timeout)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.in_flight += 1
        try:
            if self.latency:
                await self.clock.sleep(self.latency)
            if isinstance(answer, NotionError):
                raise answer
            if isinstance(answer, Response):
                return answer
            return await answer(request, timeout)
        finally:
            self.in_flight -= 1

    async def open(self, request: Request, *, timeout: float) -> Response:
        raise NotImplementedError("streams are tested over sockets")

    async def aclose(self) -> None:
        return None


def pipeline(
    script: Script,
    *,
    limiter: Limiter | None = None,
    governor: Governor | None = None,
    retry: RetryPolicy | None = RetryPolicy(),  # noqa: B008 - frozen
    hooks: Iterable[Hook] = (),
    random: float = 1.0,
) -> Pipeline:
    return Pipeline(
        script,
        limiter=limiter,
        governor=governor or Governor(script.clock),
        retry=retry,
        clock=script.clock,
        hooks=hooks,
        random=lambda: random,
    )


def call(
    endpoint: Endpoint = READ,
    *,
    timeout: float = 70.0,
    deadline: float | None = 300.0,
    priority: Priority = Priority.INTERACTIVE,
) -> Call:
    return Call(
        endpoint,
        request(endpoint.method),
        timeout=timeout,
        deadline=deadline,
        priority=priority,
    )


async def settle() -> None:
    """Let everything that is ready run."""
    for _ in range(20):
        await asyncio.sleep(0)


def _whole(response: Response) -> Response:
    return response


async def outcome(
    clock: ManualClock,
    pipeline: Pipeline,
    call: Call,
    read: Callable[[Response], Response] = _whole,
) -> Response | NotionError:
    """Run a call in virtual time, and return what came of it."""
    task = asyncio.ensure_future(pipeline.send(call, read))
    await clock.run(until=task)
    try:
        return await task
    except NotionError as error:
        return error
