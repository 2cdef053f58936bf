"""Clients of one token share budget and pauses, those of one workspace some pauses."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest

from notion_async import AsyncClient
from notion_async.errors import APIResponseError, RateLimitedError
from notion_async.testing import Emulator
from notion_async.testing.clock import ManualClock
from notion_async.transport import governor
from notion_async.transport.limiter import TokenBucket
from tests.clients import TOKEN, answer, client_of, client_to, virtual_client
from tests.faults.server import serving
from tests.faults.strikes import says

from .tools import Script, ok, settle, too_many

WORKSPACE = "0f0f0f0f-0000-4000-8000-000000000001"
ME = {
    "object": "user",
    "id": "00000000-0000-4000-8000-000000000001",
    "type": "bot",
    "bot": {"workspace_id": WORKSPACE, "workspace_name": "Ours"},
}


def client(token: str = TOKEN, url: str = "https://api.notion.com", **options: Any) -> AsyncClient:
    return AsyncClient(token, base_url=url, **options)


def test_clients_of_one_token_share_budget_pauses_and_health() -> None:
    first, second = client(), client()

    assert first.limiter is second.limiter
    assert first._governor is second._governor


def test_other_tokens_and_other_addresses_share_no_budget() -> None:
    first = client()

    assert client("ntn_test_other").limiter is not first.limiter
    assert client(url="https://notion.example").limiter is not first.limiter


def test_all_clients_of_one_host_know_how_it_is_doing() -> None:
    first, other, elsewhere = client(), client("ntn_test_other"), client(url="https://a.example")

    assert first._governor.health is other._governor.health
    assert first._governor.health is not elsewhere._governor.health


def test_a_client_without_a_token_shares_no_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    assert AsyncClient().limiter is not AsyncClient().limiter


def test_a_limiter_of_its_own_shares_the_pauses() -> None:
    own = TokenBucket(5)
    first, second = client(), client(limiter=own)

    assert second.limiter is own
    assert second._governor is first._governor
    assert second.with_options(limiter="auto").limiter is first.limiter


async def test_the_next_client_finds_what_the_last_one_has_spent() -> None:
    async with Emulator() as emulator:
        async with client_of(emulator) as notion:
            await asyncio.gather(*(notion.users.me() for _ in range(5)))
        del notion
        gc.collect()

        limiter = client_of(emulator).limiter

    assert isinstance(limiter, TokenBucket)
    assert limiter.available == 175


def test_a_connection_that_nobody_uses_is_forgotten() -> None:
    for number in range(200):
        client(f"ntn_test_{number}")
    gc.collect()

    assert len(governor._connections._kept) <= 64
    assert len(governor._connections._used) <= 64


def test_one_that_is_paused_is_not_forgotten() -> None:
    gate = client("ntn_test_paused")._governor.gate
    gate.close_for(1000, RateLimitedError("slow", status=429))
    del gate
    for number in range(200):
        client(f"ntn_test_{number}")
    gc.collect()

    assert client("ntn_test_paused").paused_for > 900


def test_another_server_at_the_same_address_is_met_anew() -> None:
    first = client()
    governor.forget("https://api.notion.com")

    assert client().limiter is not first.limiter


async def test_an_emulator_at_an_address_is_another_one_each_time() -> None:
    async with Emulator() as first:
        port = int(first.base_url.rpartition(":")[2])
        async with client_of(first) as notion:
            await notion.users.me()

    async with Emulator(port=port) as second:
        limiter = client_of(second).limiter

    assert isinstance(limiter, TokenBucket)
    assert limiter.available == 180


async def test_a_pause_of_one_client_is_kept_by_the_other(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    script = Script(clock, too_many(30), ok(b'{"object":"user","id":"x"}'))
    first = virtual_client(monkeypatch, clock, script)
    second = virtual_client(monkeypatch, clock, script)

    one = asyncio.ensure_future(first.users.me())
    await settle()
    other = asyncio.ensure_future(second.users.me())
    await clock.run(until=asyncio.gather(one, other))

    assert script.sent_at[0] == 0
    assert all(at >= 30 for at in script.sent_at[1:])


async def test_a_pause_of_the_workspace_is_kept_by_its_other_connections(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    script = Script(clock, too_many(300, "public_api_space_request_rate_limit"))
    first = virtual_client(monkeypatch, clock, script, workspace_id=WORKSPACE)
    with monkeypatch.context() as patch:
        patch.setattr("tests.clients.TOKEN", "ntn_test_second")
        second = virtual_client(monkeypatch, clock, script, workspace_id=WORKSPACE)
        patch.setattr("tests.clients.TOKEN", "ntn_test_stranger")
        stranger = virtual_client(monkeypatch, clock, script)

    with pytest.raises(RateLimitedError):
        await first.with_options(deadline=1).users.me()

    assert first.paused_for >= 300
    assert second.paused_for >= 300
    assert stranger.paused_for == 0


async def test_a_pause_of_the_connection_is_its_own(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    script = Script(clock, too_many(30, "public_api_request_rate_limit"))
    first = virtual_client(monkeypatch, clock, script, workspace_id=WORKSPACE)
    with monkeypatch.context() as patch:
        patch.setattr("tests.clients.TOKEN", "ntn_test_second")
        second = virtual_client(monkeypatch, clock, script, workspace_id=WORKSPACE)

    with pytest.raises(RateLimitedError):
        await first.with_options(deadline=1).users.me()

    assert first.paused_for >= 30
    assert second.paused_for == 0


async def test_the_workspace_is_learnt_from_who_the_bot_is() -> None:
    async with serving(says(answer(ME))) as server:
        async with client_to(server) as first:
            await first.users.me()
            reason: APIResponseError = RateLimitedError(
                "slow",
                status=429,
                additional_data={"rate_limit_reason": "public_api_space_request_rate_limit"},
            )
            first._governor.pause(100, reason)
            url = f"http://127.0.0.1:{server.port}"
            late = client("ntn_test_late", url)
            assert late.paused_for == 0

            knows = client("ntn_test_knows", url, workspace_id=WORKSPACE)

        assert knows.paused_for > 90


def test_the_last_second_that_there_is_tells_no_time_of_day(clock: ManualClock) -> None:
    it = governor.Governor(clock)
    it.heard = {"date": "Fri, 31 Dec 9999 23:59:59 GMT"}, clock.now() - 2.0

    assert it.notion_time() is None
