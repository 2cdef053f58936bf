"""A Notion to test against: stateful, on loopback, with Notion's limits."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import attrs
from anyio.from_thread import start_blocking_portal

from notion_async.testing.agents import Agents, load_agents
from notion_async.testing.api import Answer, Api
from notion_async.testing.authorizations import PublicConnection
from notion_async.testing.capabilities import ALL, Capabilities
from notion_async.testing.commits import Commit
from notion_async.testing.connections import Connection
from notion_async.testing.consent import consent_page
from notion_async.testing.fault_rules import FaultRules
from notion_async.testing.faults import Fault, FaultChoice, FaultRequest
from notion_async.testing.file_site import file_site
from notion_async.testing.files import ROOT
from notion_async.testing.limits import Budget
from notion_async.testing.portal import AUTHORIZE
from notion_async.testing.scripts import Turn
from notion_async.testing.search_index import lag_search
from notion_async.testing.store import Store, wall_clock
from notion_async.testing.templates import add_template
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
        connection: The name of who sent it; empty where the token was no good.
    """

    time: float
    method: str
    endpoint: str
    status: int
    connection: str = ""


class Emulator:
    """Notion on ``http://127.0.0.1``, for as long as the ``async with`` block lasts.

    In a plain ``with`` block it listens from a thread of its own, for programs and tests that are
    not asynchronous, or whose event loop is busy.

    Args:
        seed: The name of a workspace to begin with: ``"demo"``, or None for an empty one.
        token: The one that is accepted from the beginning.  It may do everything; the methods
            that make connections give out others.
        budget: Requests per window; None for no limit.
        per: Seconds that a window lasts.
        clock: What the budget is counted by.
        port: Where to listen; 0 takes a free port.
        phase: Seconds from now to the beginning of a window.
        wall: The time of day that new and changed objects carry.
        fault: Decides for each request whether its answer goes wrong; None: `faults` alone do.
        search_lag: Seconds for which search does not find what was created or changed.

    Attributes:
        base_url: Where it listens; empty while it does not.
        token: The token to send.
        log: The last requests, oldest first.
        requests: How many requests were answered.
        answers_429: How many of them were over the budget.
        budget: Requests per window; None for no limit.
        faults: Rules for what goes wrong; none to begin with.
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
        search_lag: float = 0.0,
    ) -> None:
        self.token = token
        self.log: deque[Entry] = deque(maxlen=_KEPT)
        self.requests = 0
        self.answers_429 = 0
        self.budget = budget
        self.faults = FaultRules()
        self._clock = clock or SystemClock()
        self._port = port
        self._store = Store(wall=wall)
        self._fault = fault
        counted = Budget(budget, per, self._clock, phase=phase)
        self._api = Api(self._store, token, counted, self._choose, clock=self._clock)
        self._api.sites[AUTHORIZE] = consent_page(self._api.portal)
        self._api.sites[ROOT] = file_site(self._store)
        self._server: Server | None = None
        self._thread = contextlib.ExitStack()
        if search_lag:
            lag_search(self._store, search_lag)
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
            ValueError: One is of no kind that is kept so: page, block, database, data_source,
                comment, user, view, file_upload, custom_emoji, agent.
        """
        with self._api.guard:
            for source in objects:
                if source.get("object") == "agent":
                    load_agents(self._store, [source])
                else:
                    self._store.load(source)

    def add_template(self, data_source_id: str, page_id: str, *, default: bool = False) -> None:
        """Make a page a template of a data source.

        Args:
            data_source_id: The data source, which was loaded or created.
            page_id: The page, likewise: what it holds, new rows begin with.
            default: Whether it is the one that is taken where none is named.
        """
        with self._api.guard:
            add_template(self._store, data_source_id, page_id, default=default)

    def script(self, agent_id: str, turns: Iterable[Turn]) -> None:
        """Say what an agent does, turn by turn, when it is talked to; then it echoes again.

        Args:
            agent_id: The agent, which was loaded; or ``notion_ai``.
            turns: Of each turn the steps: texts that it says, events as Notion sends them, and
                `Pause`.
        """
        with self._api.guard:
            self._store.part(Agents).script(agent_id, turns)

    def internal_connection(
        self,
        name: str,
        *,
        capabilities: Capabilities = ALL,
        pages: Iterable[str] | None = None,
        token: str | None = None,
    ) -> Connection:
        """Make a connection that belongs to the workspace, with a bot and a budget of its own.

        Args:
            name: What it is called, as are its bot and its entries in the log.
            capabilities: What it may do; left out, everything.
            pages: Ids or links of pages and databases that are shared with it, and with them all
                that is below.  None shares everything; `Connection.share` adds more later.
            token: Its token; left out, one is made up.

        Raises:
            ConfigurationError: The token is in use, or there is no id in one of `pages`.
        """
        with self._api.guard:
            return self._api.portal.internal(
                name, capabilities=capabilities, pages=pages, token=token
            )

    def personal_access_token(
        self,
        name: str,
        *,
        user: str | None = None,
        pages: Iterable[str] | None = None,
        expires: datetime | None = None,
        token: str | None = None,
    ) -> Connection:
        """Make a token that acts for one person.

        Args:
            name: What it is called.
            user: The id of that person; left out, the first one there is, or one made up.
            pages: What that person sees; None for everything.
            expires: From when on it is refused, by the emulator's time of day.
            token: The token; left out, one is made up.

        Raises:
            ConfigurationError: The token is in use, or there is no such person.
        """
        with self._api.guard:
            return self._api.portal.personal(
                name, user=user, pages=pages, expires=expires, token=token
            )

    def public_connection(
        self,
        name: str,
        *,
        redirect_uris: Sequence[str],
        capabilities: Capabilities = ALL,
        client_id: str | None = None,
        client_secret: str | None = None,
    ) -> PublicConnection:
        """Make a connection that users authorize, each for themselves.

        A browser does so at its `authorization_url`; without one, `PublicConnection.grant` gives
        out a code, and `PublicConnection.authorize` the tokens at once.

        Args:
            name: What the page and its bots are called.
            redirect_uris: Where users may be sent back to.
            capabilities: What it may do; left out, everything.
            client_id: Left out, one is made up.
            client_secret: Left out, one is made up.

        Raises:
            ConfigurationError: There is no redirect URI, or the client id is in use.
        """
        return self._api.portal.make_public(
            name,
            redirect_uris=redirect_uris,
            capabilities=capabilities,
            client_id=client_id,
            client_secret=client_secret,
        )

    def expire_cursors(self) -> None:
        """Let no cursor that was given out be accepted any more, as when time has passed."""
        with self._api.guard:
            self._api.expire_cursors()

    def truth(self) -> Truth:
        """Return the ids of all that there is to find."""
        with self._api.guard:
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

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as thread:
            portal = thread.enter_context(start_blocking_portal(name="notion-emulator"))
            portal.call(self.start)
            thread.callback(portal.call, self.stop)
            self._thread = thread.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.close()

    def _choose(self, request: FaultRequest) -> Fault | None:
        fault = self.faults(request)
        if fault is None and self._fault is not None:
            fault = self._fault(request)
        return fault

    def _note(self, method: str, answer: Answer) -> None:
        self.requests += 1
        self.answers_429 += answer.status == 429
        self.log.append(
            Entry(self._clock.now(), method, answer.endpoint, answer.status, answer.connection)
        )


def _seed(name: str) -> Iterable[Mapping[str, JSON]]:
    if name != "demo":
        raise ValueError(f"there is no seed {name!r}: use 'demo', or None for an empty workspace")
    from notion_async.testing.seeds.demo import demo  # noqa: PLC0415 - large, on use

    return demo()
