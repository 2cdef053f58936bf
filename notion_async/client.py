"""The client: the one place where transport, tokens, limits, retries and resources meet."""

from __future__ import annotations

import ipaddress
import math
import os
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Final, Literal, Self, TypeAlias, TypeVar
from urllib.parse import unquote, urlsplit

import attrs
import msgspec

from notion_async import endpoints
from notion_async.auth import Secret, find_token
from notion_async.endpoints import Endpoint, Replay
from notion_async.errors import ConfigurationError
from notion_async.ids import notion_id
from notion_async.transport import governor
from notion_async.transport.aiohttp import AiohttpTransport
from notion_async.transport.clock import Clock, SystemClock
from notion_async.transport.hooks import Hook
from notion_async.transport.limiter import Limiter, Priority
from notion_async.transport.message import Transport
from notion_async.transport.pauses import Pauses
from notion_async.transport.pipeline import Pipeline
from notion_async.transport.retry import RetryPolicy
from notion_async.types import JSON, UNSET, JSONObject, Maybe

# Resources are imported when they are first touched: their objects take as long to set up as
# all the rest, and few programs use them all.
if TYPE_CHECKING:
    import aiohttp

    from notion_async.resources._sender import Sender
    from notion_async.resources.agents import Agents
    from notion_async.resources.async_tasks import AsyncTasks
    from notion_async.resources.blocks import Blocks
    from notion_async.resources.comments import Comments
    from notion_async.resources.custom_emojis import CustomEmojis
    from notion_async.resources.data_sources import DataSources
    from notion_async.resources.databases import Databases
    from notion_async.resources.file_uploads import FileUploads
    from notion_async.resources.oauth import OAuth
    from notion_async.resources.pages import Pages
    from notion_async.resources.search import Search
    from notion_async.resources.sessions import Sessions
    from notion_async.resources.users import Users
    from notion_async.resources.views import Views

T = TypeVar("T")

_json_object: Callable[[bytes], JSONObject] = msgspec.json.Decoder(dict).decode

DEFAULT_BASE_URL: Final = "https://api.notion.com"
VERSIONS: Final = ("2026-03-11", "2025-09-03")
"""The versions of Notion's API that this library speaks."""

LimiterOption: TypeAlias = Limiter | Literal["auto"] | None
RetryOption: TypeAlias = RetryPolicy | Literal[False]


@attrs.frozen
class _Options:
    """What a copy of a client may have otherwise."""

    notion_version: str
    timeout: float
    deadline: float | None
    retry: RetryOption
    priority: Priority
    hooks: tuple[Hook, ...]

    def __attrs_post_init__(self) -> None:
        if self.notion_version not in VERSIONS:
            raise ConfigurationError(
                f"notion_version {self.notion_version!r} is not one this library speaks: "
                f"use one of {', '.join(VERSIONS)}"
            )
        if self.timeout is None or not 0 < self.timeout < math.inf:
            raise ConfigurationError(f"timeout is a number of seconds above 0, not {self.timeout}")
        if self.deadline is not None and not self.deadline > 0:
            raise ConfigurationError(
                f"deadline is a number of seconds above 0 or None, not {self.deadline}"
            )


class AsyncClient:
    """Talks to Notion.

    ::

        async with AsyncClient(auth="ntn_…") as notion:
            page = await notion.pages.retrieve("https://app.notion.com/p/…")

    Args:
        auth: The token of your connection; by default from ``NOTION_TOKEN``,
            ``NOTION_API_TOKEN`` or ``NOTION_API_KEY``.  Without one only `oauth` can be used.
        base_url: Where the API is; by default from ``NOTION_BASE_URL``, else Notion's.
        notion_version: The version of the API, one of `VERSIONS`.
        timeout: Seconds for one attempt, reading the answer included.  Notion may take 60.
        deadline: Seconds for a call, with all waiting and retries; None for no end.
        retry: When to try again; False for never.
        limiter: What keeps the requests within Notion's budget; None for nothing.  All clients of
            this process with the same token share one, which begins at 180 per minute and finds
            out whether Notion grants up to 600.
        session: An aiohttp session to use.  It is not closed with the client.
        hooks: Told about each attempt and each call, as it ends.
        workspace_id: The workspace that the token belongs to, as `oauth.token` names it: where
            Notion asks all of a workspace to wait, its other clients in this process wait, too.
            `users.me` finds it out as well.
        max_response_bytes: The largest answer that is read, unpacked.
        trust_env: Use the proxies, the netrc file and the certificate authorities that the
            environment names.
        clock: What waiting goes by, as `notion_async.testing.ManualClock` in tests.  The time
            that one attempt may take is always real.

    Raises:
        ConfigurationError: What was given cannot work.  Nothing has been sent.
    """

    def __init__(
        self,
        auth: str | None = None,
        *,
        base_url: str | None = None,
        notion_version: str = VERSIONS[0],
        timeout: float = 70.0,
        deadline: float | None = 300.0,
        retry: RetryOption = RetryPolicy(),  # noqa: B008 - frozen
        limiter: LimiterOption = "auto",
        session: aiohttp.ClientSession | None = None,
        hooks: Sequence[Hook] = (),
        workspace_id: str | None = None,
        max_response_bytes: int = 32 * 1024 * 1024,
        trust_env: bool = False,
        clock: Clock | None = None,
    ) -> None:
        # Let go of at once: a crash report shows the variables of each frame.
        given = [auth]
        del auth
        self._token: Secret | None = find_token(given.pop(), os.environ)
        self._base_url = _checked_url(
            base_url or os.environ.get("NOTION_BASE_URL") or DEFAULT_BASE_URL
        )
        self._clock: Clock = clock or SystemClock()
        self._transport: Transport = AiohttpTransport(
            session, max_response_bytes=max_response_bytes, trust_env=trust_env
        )
        self._pauses = Pauses()
        self._governor = governor.connection(self._token, self._base_url, self._clock)
        if workspace_id is not None:
            governor.joined(self._governor, self._base_url, notion_id(workspace_id))
        self._limiter = self._governor.limiter if limiter == "auto" else limiter
        self._set(
            _Options(notion_version, timeout, deadline, retry, Priority.INTERACTIVE, tuple(hooks))
        )

    def _set(self, options: _Options) -> None:
        self._options = options
        self._pipeline = Pipeline(
            self._transport,
            limiter=self._limiter,
            governor=self._governor,
            retry=None if options.retry is False else options.retry,
            clock=self._clock,
            hooks=options.hooks,
            pauses=self._pauses,
        )

    @cached_property
    def _sender(self) -> Sender:
        from notion_async.resources._sender import Sender

        options = self._options
        return Sender(
            self._pipeline,
            token=self._token,
            base_url=self._base_url,
            version=options.notion_version,
            timeout=options.timeout,
            deadline=options.deadline,
            priority=options.priority,
        )

    @cached_property
    def agents(self) -> Agents:
        """Notion's agents (public beta)."""
        from notion_async.resources.agents import Agents

        return Agents(self._sender)

    @cached_property
    def async_tasks(self) -> AsyncTasks:
        """Work that Notion does in its own time."""
        from notion_async.resources.async_tasks import AsyncTasks

        return AsyncTasks(self._sender)

    @cached_property
    def blocks(self) -> Blocks:
        """Blocks and what lies in them."""
        from notion_async.resources.blocks import Blocks

        return Blocks(self._sender)

    @cached_property
    def comments(self) -> Comments:
        """Comments on pages and blocks."""
        from notion_async.resources.comments import Comments

        return Comments(self._sender)

    @cached_property
    def custom_emojis(self) -> CustomEmojis:
        """The workspace's own emojis."""
        from notion_async.resources.custom_emojis import CustomEmojis

        return CustomEmojis(self._sender)

    @cached_property
    def data_sources(self) -> DataSources:
        """Data sources: their schemas and their rows."""
        from notion_async.resources.data_sources import DataSources

        return DataSources(self._sender)

    @cached_property
    def databases(self) -> Databases:
        """Databases: what holds the data sources."""
        from notion_async.resources.databases import Databases

        return Databases(self._sender)

    @cached_property
    def file_uploads(self) -> FileUploads:
        """Files on their way into Notion."""
        from notion_async.resources.file_uploads import FileUploads

        return FileUploads(self._sender)

    @cached_property
    def oauth(self) -> OAuth:
        """Tokens of public connections."""
        from notion_async.resources.oauth import OAuth

        return OAuth(self._sender)

    @cached_property
    def pages(self) -> Pages:
        """Pages: their properties, and their content as Markdown."""
        from notion_async.resources.pages import Pages

        return Pages(self._sender)

    @cached_property
    def search(self) -> Search:
        """Search, by title."""
        from notion_async.resources.search import Search

        return Search(self._sender)

    @cached_property
    def sessions(self) -> Sessions:
        """Conversations with agents (public beta)."""
        from notion_async.resources.sessions import Sessions

        return Sessions(self._sender)

    @cached_property
    def users(self) -> Users:
        """People and bots."""
        from notion_async.resources.users import Users

        return Users(self._sender)

    @cached_property
    def views(self) -> Views:
        """Views of data sources, and what they show."""
        from notion_async.resources.views import Views

        return Views(self._sender)

    def with_options(
        self,
        *,
        notion_version: Maybe[str] = UNSET,
        timeout: Maybe[float] = UNSET,
        deadline: Maybe[float | None] = UNSET,
        retry: Maybe[RetryOption] = UNSET,
        limiter: Maybe[LimiterOption] = UNSET,
        priority: Maybe[Priority] = UNSET,
        hooks: Maybe[Sequence[Hook]] = UNSET,
    ) -> Self:
        """Return a copy that shares connections, limiter and pauses with this client.

        Args:
            notion_version: As for the client, like those that follow.
            timeout: Seconds for one attempt.
            deadline: Seconds for a call.
            retry: When to try again.
            limiter: A limiter of its own, none, or ``"auto"`` for the one of the connection.
            priority: Which calls go first when the budget is short.
            hooks: Other listeners.
        """
        new = copy(self)
        for name in _MADE_ON_TOUCH:
            new.__dict__.pop(name, None)
        if limiter is not UNSET:
            new._limiter = self._governor.limiter if limiter == "auto" else limiter
        old = self._options
        new._set(
            _Options(
                _or(notion_version, old.notion_version),
                _or(timeout, old.timeout),
                _or(deadline, old.deadline),
                _or(retry, old.retry),
                _or(priority, old.priority),
                old.hooks if hooks is UNSET else tuple(hooks),
            )
        )
        return new

    @property
    def limiter(self) -> Limiter | None:
        """What paces the requests; it tells who waits and for how long."""
        return self._limiter

    @property
    def notion_version(self) -> str:
        """The version of the API that is spoken."""
        return self._options.notion_version

    @property
    def hooks(self) -> tuple[Hook, ...]:
        """Who is told about attempts and calls."""
        return self._options.hooks

    @property
    def paused_for(self) -> float:
        """Seconds for which Notion has asked to be left alone."""
        return self._governor.gate.closed_for

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, JSON] | None = None,
        body: Mapping[str, JSON] | None = None,
    ) -> JSONObject:
        """Send any request to Notion's API and return the JSON of its answer.

        It is limited and retried like every other; a request that may write and that this
        version does not know is never sent twice.

        Args:
            method: The HTTP method.
            path: From ``/v1/`` on, without a query.
            query: What follows the path.
            body: The JSON body.

        Raises:
            ConfigurationError: The path is none of Notion's API.
        """
        climbs = any(part in (".", "..") for part in unquote(path).split("/"))
        if not path.startswith("/v1/") or climbs or any(mark in path for mark in "?#\\"):
            raise ConfigurationError(
                f"{path!r} is no path of Notion's API: it begins with /v1/, and what follows ? "
                "goes into query"
            )
        method = method.upper()
        endpoint = endpoints.match(method, path) or Endpoint(
            "request", method, path, Replay.READ if method == "GET" else Replay.CREATE, "object"
        )
        return await self._sender.send(endpoint, _json_object, path, query=query or {}, body=body)

    async def aclose(self) -> None:
        """Close the connections, for all copies.  Closing twice is fine."""
        try:
            await self._transport.aclose()
        finally:
            self._pauses.end()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<AsyncClient of {self._base_url}, version {self._options.notion_version}>"


_MADE_ON_TOUCH: Final = tuple(
    name for name, value in vars(AsyncClient).items() if isinstance(value, cached_property)
)


def _or(given: Maybe[T], kept: T) -> T:
    return kept if given is UNSET else given


def _checked_url(base_url: str) -> str:
    if "@" in base_url:  # not shown: what precedes it may be a password
        raise ConfigurationError("base_url holds a user name or '@': give it without")
    wrong = ConfigurationError(
        f"base_url {base_url!r} is no address: give it as {DEFAULT_BASE_URL}"
    )
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("https", "http") or not host or port == 0:
        raise wrong
    if any(mark in base_url for mark in "?#\\") or not base_url.isprintable() or " " in base_url:
        raise wrong
    if parts.scheme == "http" and not _is_loopback(host):
        raise ConfigurationError(
            f"base_url {base_url!r} would send your token in the clear: use https (http is for "
            "this machine alone, as http://127.0.0.1)"
        )
    return base_url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"  # the exact name: 127.0.0.1.example.com is anybody's
