"""Making a client, copying it, closing it."""

from __future__ import annotations

import asyncio
import contextlib
import math
import pickle
from typing import Any

import aiohttp
import pytest

from notion_async import (
    AsyncClient,
    AttemptRecord,
    CallRecord,
    ConfigurationError,
    Priority,
    RateLimitedError,
    RetryPolicy,
    TokenBucket,
)
from notion_async.auth import TOKEN_VARIABLES
from notion_async.client import DEFAULT_BASE_URL, VERSIONS
from notion_async.testing import Emulator
from notion_async.testing.clock import ManualClock
from tests.clients import TOKEN, answer, client_of, client_to, listing, sent, virtual_client
from tests.faults.server import serving
from tests.faults.strikes import says
from tests.mocked import mocked
from tests.transport.tools import Script, ok, refused, settle, too_many

ME = ok(b'{"object":"user","id":"u","type":"bot"}')


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


# --- what cannot work is refused, and nothing is sent ---


@pytest.mark.parametrize(
    "base_url",
    [
        "http://api.notion.com",
        "http://127.evil.example",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://localhost.",
        "http://notlocalhost",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://127.1",
        "http://[::2]",
        "http://[::1.evil.example]",
    ],
)
def test_a_token_is_not_sent_in_the_clear_to_another_machine(base_url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"in the clear|is no address"):
        AsyncClient(TOKEN, base_url=base_url)


@pytest.mark.parametrize(
    "base_url",
    [
        "api.notion.com",
        "ftp://api.notion.com",
        "https://",
        "https:///v1",
        "https://[::1",
        "https://api.notion.com:port",
        "https://api.notion.com:99999",
        "https://api.notion.com:0",
        "https://api.notion.com?x=1",
        "https://api.notion.com?",
        "https://api.notion.com#there",
        "https://api.notion.com\\@evil.example",
        "https://api.notion.com\n",
        " https://api.notion.com",
        "https://api notion.com",
    ],
)
def test_an_address_that_is_none_is_refused(base_url: str) -> None:
    with pytest.raises(ConfigurationError, match="base_url"):
        AsyncClient(TOKEN, base_url=base_url)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigurationError) as caught:
        AsyncClient(TOKEN, base_url="https://ada:hunter2@api.notion.com")

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "base_url",
    [
        "https://api.notion.com",
        "https://proxy.example/notion/",
        "HTTPS://API.NOTION.COM",
        "http://127.0.0.1:8080",
        "http://127.9.9.9",
        "http://localhost:8080",
        "http://LocalHost",
        "http://[::1]:8080",
    ],
)
def test_https_and_this_machine_are_accepted(base_url: str) -> None:
    assert base_url.rstrip("/") in repr(AsyncClient(TOKEN, base_url=base_url))


@pytest.mark.parametrize("version", ["", "2022-06-28", "latest"])
def test_a_version_that_is_not_spoken_is_refused(version: str) -> None:
    with pytest.raises(ConfigurationError, match="use one of 2026-03-11, 2025-09-03"):
        AsyncClient(TOKEN, notion_version=version)
    with pytest.raises(ConfigurationError, match="use one of 2026-03-11, 2025-09-03"):
        AsyncClient(TOKEN).with_options(notion_version=version)


@pytest.mark.parametrize("seconds", [0, -1, math.nan])
@pytest.mark.parametrize("name", ["timeout", "deadline"])
def test_time_that_is_over_before_it_begins_is_refused(name: str, seconds: float) -> None:
    options: dict[str, Any] = {name: seconds}

    with pytest.raises(ConfigurationError, match=f"{name} is a number of seconds above 0"):
        AsyncClient(TOKEN, **options)
    with pytest.raises(ConfigurationError, match=f"{name} is a number of seconds above 0"):
        AsyncClient(TOKEN).with_options(**options)


@pytest.mark.parametrize("timeout", [None, math.inf])
def test_an_attempt_has_an_end(timeout: Any) -> None:
    with pytest.raises(ConfigurationError, match="timeout"):
        AsyncClient(TOKEN, timeout=timeout)


def test_a_call_may_have_none() -> None:
    AsyncClient(TOKEN, deadline=None).with_options(deadline=math.inf)


@pytest.mark.parametrize("token", ["", "ntn_ñ", "ntn_\r\nX: y", "two words"])
def test_with_a_token_that_is_none_there_is_no_client(token: str) -> None:
    with pytest.raises(ConfigurationError, match="token") as caught:
        AsyncClient(token)

    assert not token or token not in str(caught.value)


async def test_without_a_token_nothing_is_sent() -> None:
    async with AsyncClient(base_url="http://127.0.0.1:9") as notion:
        with pytest.raises(ConfigurationError, match="set NOTION_TOKEN"):
            await notion.users.me()


@pytest.mark.parametrize(
    ("name", "value"), [("auth", 1), ("options", {}), ("token", "x"), ("max_retries", 3)]
)
def test_an_unknown_option_is_a_type_error(name: str, value: object) -> None:
    options: Any = {name: value}  # wrong on purpose

    with pytest.raises(TypeError):
        AsyncClient(TOKEN, **options)
    with pytest.raises(TypeError):
        AsyncClient(TOKEN).with_options(**options)


# --- what the environment says ---


@pytest.mark.parametrize("name", TOKEN_VARIABLES)
async def test_the_token_may_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, TOKEN)

    with mocked({"object": "user", "id": "u"}) as requests:
        await AsyncClient().users.me()

    assert requests[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert requests[0].path == f"{DEFAULT_BASE_URL}/v1/users/me"


async def test_the_address_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Emulator() as emulator:
        monkeypatch.setenv("NOTION_BASE_URL", emulator.base_url + "/")
        async with AsyncClient(emulator.token) as notion:
            await notion.users.me()

        assert emulator.requests == 1


def test_an_address_of_the_environment_is_checked_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTION_BASE_URL", "http://127.evil.example")

    with pytest.raises(ConfigurationError, match="in the clear"):
        AsyncClient(TOKEN)


# --- secrets ---


def test_a_client_does_not_show_its_token() -> None:
    notion = AsyncClient(TOKEN, hooks=[print])

    shown = f"{notion!r} {notion} {notion.__dict__}"

    assert repr(notion) == "<AsyncClient of https://api.notion.com, version 2026-03-11>"
    assert TOKEN not in shown


def test_a_client_is_not_written_down() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(AsyncClient(TOKEN))


# --- copies ---


def test_a_copy_shares_what_belongs_to_the_connection() -> None:
    hooks = (print,)
    notion = AsyncClient(TOKEN, hooks=hooks)

    copy = notion.with_options()

    assert copy is not notion
    assert copy._transport is notion._transport
    assert copy._governor is notion._governor
    assert copy.limiter is notion.limiter
    assert copy._options == notion._options
    assert copy.hooks == notion.hooks == hooks
    assert copy.pages is not notion.pages


def test_a_copy_differs_in_what_it_was_told() -> None:
    notion = AsyncClient(TOKEN)

    copy = notion.with_options(
        notion_version=VERSIONS[1],
        timeout=1,
        deadline=None,
        retry=RetryPolicy(attempts=2),
        priority=Priority.BULK,
        hooks=[print],
    )

    assert copy.notion_version == "2025-09-03"
    assert copy.hooks == (print,)
    assert copy._options.timeout == 1
    assert copy._options.deadline is None
    assert copy._options.priority is Priority.BULK
    assert copy._options.retry == RetryPolicy(attempts=2)
    assert notion.notion_version == "2026-03-11"
    assert notion._options.deadline == 300
    assert notion.hooks == ()


def test_a_copy_of_a_copy_keeps_what_it_was_told() -> None:
    notion = AsyncClient(TOKEN).with_options(deadline=5, retry=False).with_options(timeout=1)

    assert (notion._options.deadline, notion._options.retry) == (5, False)


def test_a_subclass_is_copied_as_such() -> None:
    class Mine(AsyncClient):
        pass

    assert type(Mine(TOKEN).with_options(deadline=1)) is Mine


def test_a_limiter_is_the_one_given_its_own_or_none() -> None:
    bucket = TokenBucket(10)
    notion = AsyncClient(TOKEN, limiter=bucket)

    assert notion.limiter is bucket
    assert notion.with_options(limiter=None).limiter is None
    assert isinstance(notion.with_options(limiter="auto").limiter, TokenBucket)
    assert notion.with_options(limiter="auto").limiter is not bucket
    assert AsyncClient(TOKEN, limiter=None).limiter is None
    assert isinstance(AsyncClient(TOKEN).limiter, TokenBucket)


async def test_a_pause_that_one_copy_was_asked_for_is_kept_by_all(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    script = Script(clock, too_many(10), ME)
    notion = virtual_client(monkeypatch, clock, script)
    copy = notion.with_options(deadline=20)

    first = asyncio.ensure_future(copy.users.me())
    await settle()
    pauses = (notion.paused_for, copy.paused_for)
    second = asyncio.ensure_future(notion.users.me())
    await clock.run(until=asyncio.gather(first, second))

    assert pauses[0] == pauses[1] >= 10
    assert script.sent_at[0] == 0
    assert len(script.sent_at) == 3
    assert min(script.sent_at[1:]) >= 10
    assert notion.paused_for == 0


async def test_a_call_that_cannot_wait_out_the_pause_fails_at_once(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    script = Script(clock, too_many(10), ME)
    notion = virtual_client(monkeypatch, clock, script).with_options(deadline=5)

    with pytest.raises(RateLimitedError) as caught:
        await notion.users.me()

    assert caught.value.stop_reason == "retry_after_too_long"
    assert clock.now() == 0


async def test_the_timeout_of_a_copy_reaches_the_wire(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    script = Script(clock, ME)
    notion = virtual_client(monkeypatch, clock, script)

    await notion.users.me()
    await notion.with_options(timeout=3).users.me()
    await notion.with_options(deadline=2).users.me()

    assert script.timeouts == [70, 3, 2]


async def test_without_retries_the_first_failure_is_raised(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    script = Script(clock, too_many(1), ME)
    notion = virtual_client(monkeypatch, clock, script, retry=False)

    with pytest.raises(RateLimitedError) as caught:
        await notion.users.me()

    assert caught.value.attempts == len(script.sent_at) == 1


async def test_without_a_limiter_everything_is_sent_at_once(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    script = Script(clock, ME, latency=1)
    notion = virtual_client(monkeypatch, clock, script, limiter=None)

    task = asyncio.gather(*(notion.users.me() for _ in range(500)))
    await clock.run(until=task)

    assert script.sent_at == [0.0] * 500


async def test_clients_may_share_a_limiter(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    bucket = TokenBucket(2, 10, margin=0, clock=clock)
    script = Script(clock, ME)
    one = virtual_client(monkeypatch, clock, script, limiter=bucket)
    other = virtual_client(monkeypatch, clock, script, limiter=bucket)

    task = asyncio.gather(*(client.users.me() for client in (one, other, one, other)))
    await clock.run(until=task)

    assert script.sent_at == [0, 0, 10, 10]


async def test_a_copy_speaks_its_own_version() -> None:
    with mocked({"object": "user", "id": "u"}) as requests:
        notion = AsyncClient(TOKEN)
        await notion.with_options(notion_version="2025-09-03").users.me()
        await notion.users.me()

    versions = [request.headers["Notion-Version"] for request in requests]
    assert versions == ["2025-09-03", "2026-03-11"]


# --- hooks ---


async def test_hooks_are_told_of_each_attempt_and_each_call(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    records: list[AttemptRecord | CallRecord] = []
    script = Script(clock, refused(502), ME, latency=1)
    notion = virtual_client(monkeypatch, clock, script, hooks=[records.append])

    task = asyncio.ensure_future(notion.users.me())
    await clock.run(until=task)

    first, second, whole = records
    assert isinstance(first, AttemptRecord)
    assert isinstance(second, AttemptRecord)
    assert isinstance(whole, CallRecord)
    assert (first.endpoint, first.status, first.error) == ("users.me", 502, "ServerError")
    assert (second.attempt, second.status, second.error) == (2, 200, None)
    assert (whole.attempts, whole.status, whole.request_id) == (2, 200, "req-1")


async def test_the_hooks_of_a_copy_are_its_own(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    told: list[str] = []
    notion = virtual_client(
        monkeypatch, clock, Script(clock, ME), hooks=[lambda _: told.append("old")]
    )

    await notion.with_options(hooks=[lambda _: told.append("new")]).users.me()
    await notion.with_options(hooks=()).users.me()

    assert told == ["new", "new"]


# --- opening and closing ---


async def test_nothing_is_opened_before_the_first_call() -> None:
    async with Emulator() as emulator, client_of(emulator):
        pass

    assert emulator.requests == 0


async def test_a_closed_client_says_so_and_closing_twice_is_fine() -> None:
    async with Emulator() as emulator:
        async with client_of(emulator) as notion:
            await notion.users.me()
        await notion.aclose()

        with pytest.raises(ConfigurationError, match="closed"):
            await notion.users.me()
        with pytest.raises(ConfigurationError, match="closed"):
            await notion.with_options(deadline=1).users.me()

    assert emulator.requests == 1
    assert notion.limiter is not None
    assert notion.limiter.in_flight == 0


async def test_closing_a_copy_closes_all() -> None:
    async with Emulator() as emulator:
        notion = client_of(emulator)
        async with notion.with_options(deadline=5) as copy:
            await copy.users.me()

        with pytest.raises(ConfigurationError, match="closed"):
            await notion.users.me()


async def test_a_client_is_closed_when_its_block_fails() -> None:
    async with Emulator() as emulator:
        notion = client_of(emulator)
        with contextlib.suppress(ZeroDivisionError):
            async with notion:
                await notion.users.me()
                raise ZeroDivisionError

        with pytest.raises(ConfigurationError, match="closed"):
            await notion.users.me()


async def test_a_session_handed_in_is_used_and_left_open() -> None:
    async with (
        serving(says(answer(listing()))) as server,
        aiohttp.ClientSession(headers={"X-Mine": "yes"}) as session,
    ):
        async with client_to(server, session=session) as notion:
            await notion.users.list()

        assert sent(server.requests[0]).headers["X-Mine"] == "yes"
        assert not session.closed


def test_one_client_serves_one_event_loop_after_another() -> None:
    async def serve_and_ask(notion: AsyncClient, port: int) -> int:
        async with Emulator(port=port, token=TOKEN) as emulator:
            assert emulator.base_url == notion._base_url
            await asyncio.gather(*(notion.users.me() for _ in range(20)))
        return emulator.requests

    async def free() -> int:
        async with Emulator() as emulator:
            return int(emulator.base_url.rpartition(":")[2])

    port = asyncio.run(free())
    notion = AsyncClient(TOKEN, base_url=f"http://127.0.0.1:{port}")

    assert asyncio.run(serve_and_ask(notion, port)) == 20
    assert asyncio.run(serve_and_ask(notion, port)) == 20
    asyncio.run(notion.aclose())
