"""What calls go through: the one place where all share what keeps them in order."""

from __future__ import annotations

import random as _random
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar, overload

from notion_async.errors import NotionError
from notion_async.transport.call import Call
from notion_async.transport.clock import Clock
from notion_async.transport.governor import Governor
from notion_async.transport.hooks import Hook, Hooks
from notion_async.transport.limiter import Limiter
from notion_async.transport.message import Request, Response, Stream, Transport
from notion_async.transport.pauses import Pauses
from notion_async.transport.retry import RetryPolicy
from notion_async.transport.run import RAY_ID, REQUEST_ID, A, Run

T = TypeVar("T")


class Pipeline:
    """Sends calls through what they share: one governor, one limiter, one transport.

    Args:
        transport: Sends one request.
        limiter: None switches it off.
        governor: Keeps everybody waiting where an answer asks for it, or Notion is not well.
        retry: None switches retries off: the first failure is raised.
        clock: Where time comes from.
        hooks: Told about every attempt and every call.
        random: Returns a number from 0 to 1.
        pauses: Who waits before an attempt, to be ended when the client is closed.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        limiter: Limiter | None,
        governor: Governor,
        retry: RetryPolicy | None,
        clock: Clock,
        hooks: Iterable[Hook] = (),
        random: Callable[[], float] = _random.random,
        pauses: Pauses | None = None,
    ) -> None:
        self.transport = transport
        self.limiter = limiter
        self.governor = governor
        self.gate = governor.gate
        self.health = governor.health
        self.retry = retry
        self.clock = clock
        self.hooks = Hooks(hooks)
        self.listened_to = bool(self.hooks)
        self.random = random
        self.pauses = pauses or Pauses()

    @overload
    def send(self, call: Call) -> Awaitable[Response]: ...
    @overload
    def send(self, call: Call, read: Callable[[Response], T]) -> Awaitable[T]: ...
    def send(
        self, call: Call, read: Callable[[Response], T | Response] | None = None
    ) -> Awaitable[T | Response]:
        """Return the answer to `call`, which is a success, or what `read` makes of it.

        Args:
            call: What is to be done.
            read: Raises `InvalidResponseError` where an answer cannot be decoded: then what only
                reads is tried again.

        Raises:
            NotionError: With `attempts`, `elapsed` and `stop_reason`.
        """
        return self._run(Run(self, call, self.transport.send, read or _as_it_is))

    async def open(self, call: Call, check: Callable[[Stream], None]) -> Stream:
        """Return the answer to `call`, a success, as soon as it begins.

        It is repeated until then and no more: what breaks off later is not asked for again.

        Args:
            call: What is to be done.  Its timeout is for the beginning, and then for each pause.
            check: Raises `InvalidResponseError` where the answer is none that was asked for.

        Raises:
            NotionError: With `attempts`, `elapsed` and `stop_reason`.
        """

        async def begin(request: Request, *, timeout: float) -> Response | Stream:
            answer = await self.transport.open(request, timeout=timeout)
            if isinstance(answer, Response):
                return answer
            answer.pause = call.timeout  # whatever was left for its beginning
            try:
                check(answer)
            except NotionError as error:
                error.request_id = answer.headers.get(REQUEST_ID)
                error.ray_id = answer.headers.get(RAY_ID)
                await answer.aclose()
                raise
            return answer

        answer = await self._run(Run(self, call, begin, _as_it_is))
        assert not isinstance(answer, Response)  # noqa: S101 - only failures come whole
        return answer

    def _run(self, run: Run[A, T]) -> Awaitable[T]:
        return self._told(run) if self.listened_to else run.answer()

    async def _told(self, run: Run[A, T]) -> T:
        try:
            answer = await run.answer()
        except BaseException as error:  # a cancelled call is told about as well
            self.hooks(run.record(error))
            raise
        self.hooks(run.record(None))
        return answer


def _as_it_is(answer: A) -> A:
    return answer
