"""A Notion to test against: stateful, on loopback, with Notion's limits."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import attrs

from notion_async.testing.api import Answer, Api
from notion_async.testing.commits import Commit
from notion_async.testing.faults import FaultChoice
from notion_async.testing.limits import Budget
from notion_async.testing.store import Store, wall_clock
from notion_async.testing.truth import Truth, truth_of
from notion_async.transport import governor
from notion_async.transport.clock import Clock, SystemClock
from notion_async.types import JSON

if TYPE_CHECKING:
    from notion_async.testing.server import Server

_KEPT: Final = 10_000


@attrs.frozen
class Entry:
    """One request that was answered.

    Attributes:
        time: When, by the emulator's clock.
        method: The verb.
        endpoint: The endpoint's name, as ``pages.retrieve``; the path where there is none.
        status: What it was answered with.
    """

    time: float
    method: str
    endpoint: str
    status: int


class Emulator:
    """Notion on ``http://127.0.0.1``, for as long as the ``async with`` block lasts.

    Args:
        seed: The name of a workspace to begin with: ``"demo"``, or None for an empty one.
        token: The only token that is accepted.
        budget: Requests per window; None for no limit.
        per: Seconds that a window lasts.
        clock: What the budget is counted by.
        port: Where to listen; 0 takes a free port.
        phase: Seconds from now to the beginning of a window.
        wall: The time of day that new and changed objects carry.
        fault: Decides for each request whether its answer goes wrong; None: none does.

    Attributes:
        base_url: Where it listens; empty while it does not.
        token: The token to send.
        log: The last requests, oldest first.
        requests: How many requests were answered.
        answers_429: How many of them were over the budget.
    """

    def __init__(
        self,
        *,
        seed: str | None = None,
        token: str = "ntn_test_emulator",  # noqa: S107 - opens nothing but this emulator
        budget: int | None = 180,
        per: float = 60.0,
        clock: Clock | None = None,
        port: int = 0,
        phase: float = 0.0,
        wall: Callable[[], datetime] = wall_clock,
        fault: FaultChoice | None = None,
    ) -> None:
        self.token = token
        self.log: deque[Entry] = deque(maxlen=_KEPT)
        self.requests = 0
        self.answers_429 = 0
        self._clock = clock or SystemClock()
        self._port = port
        self._store = Store(wall=wall)
        self._api = Api(self._store, token, Budget(budget, per, self._clock, phase=phase), fault)
        self._server: Server | None = None
        if seed is not None:
            self.load(_seed(seed))

    @property
    def base_url(self) -> str:
        """Where it listens; empty while it does not."""
        return self._api.base_url

    @property
    def commits(self) -> Sequence[Commit]:
        """Every write that was carried out, in order, whether its answer arrived or not."""
        return self._api.commits

    def load(self, objects: Iterable[Mapping[str, JSON]]) -> None:
        """Take in objects as Notion sends them, whatever their order.

        Each comes back as it was loaded, but for `request_id`; `archived`, which the current
        version no longer has, stays with objects that were loaded with it.

        Siblings are listed in the order of loading.  An object of the same kind and id replaces
        the earlier one.  Parents that are not loaded are no error.

        Raises:
            ValueError: One is not a page, block, database, data_source, comment or user.
        """
        for source in objects:
            self._store.load(source)

    def expire_cursors(self) -> None:
        """Let no cursor that was given out be accepted any more, as when time has passed."""
        self._api.results.expired += 1

    def truth(self) -> Truth:
        """Return the ids of all that there is to find."""
        return truth_of(self._store)

    async def start(self) -> None:
        """Listen.  ``async with`` does that.

        Raises:
            OSError: The port is taken.
        """
        if self._server is not None:
            raise RuntimeError("the emulator has been started already")
        from notion_async.testing.server import Server  # noqa: PLC0415 - aiohttp.web, on use

        server = Server(self._api, self._note)
        try:
            port = await server.start(self._port)
        except OSError:
            await server.stop()
            raise
        self._server = server
        self._api.base_url = f"http://127.0.0.1:{port}"
        governor.forget(self._api.base_url)  # of another server that listened there before

    async def stop(self) -> None:
        """Close the socket.  The state stays, and can be served again."""
        server, self._server = self._server, None
        self._api.base_url = ""
        if server is not None:
            await server.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    def _note(self, method: str, answer: Answer) -> None:
        self.requests += 1
        self.answers_429 += answer.status == 429
        self.log.append(Entry(self._clock.now(), method, answer.endpoint, answer.status))


def _seed(name: str) -> Iterable[Mapping[str, JSON]]:
    if name != "demo":
        raise ValueError(f"there is no seed {name!r}: use 'demo', or None for an empty workspace")
    from notion_async.testing.seeds.demo import demo  # noqa: PLC0415 - large, on use

    return demo()
