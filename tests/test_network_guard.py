"""The guard around all tests: whoever tries to leave this machine fails."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable

import aiohttp
import pytest

from notion_async import AsyncClient
from notion_async.testing import Emulator

FORBIDDEN = "tried to reach"


async def whatever_fails(call: Awaitable[object]) -> None:
    """Swallow every error, as careless code would."""
    with contextlib.suppress(Exception):
        await call


@pytest.mark.parametrize("address", [("10.0.0.1", 80), ("example.com", 443), ("::2", 80, 0, 0)])
def test_a_connection_to_another_machine_fails_the_test(address: tuple[object, ...]) -> None:
    family = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
    with (
        contextlib.closing(socket.socket(family)) as sock,
        pytest.raises(pytest.fail.Exception, match=FORBIDDEN),
    ):
        sock.connect(address)


@pytest.mark.parametrize("host", ["example.com", "10.0.0.1", "127.evil.example", b"example.com"])
def test_looking_up_another_machine_fails_the_test(host: str | bytes) -> None:
    with pytest.raises(pytest.fail.Exception, match=FORBIDDEN):
        socket.getaddrinfo(host, 443)


@pytest.mark.parametrize("host", ["10.0.0.1", "example.com"])
async def test_a_connection_of_the_event_loop_fails_the_test(host: str) -> None:
    with pytest.raises(pytest.fail.Exception, match=FORBIDDEN):
        await asyncio.open_connection(host, 443)


@pytest.mark.parametrize("address", ["https://10.0.0.1", "https://example.com"])
async def test_a_client_that_leaves_this_machine_fails_the_test(address: str) -> None:
    async with AsyncClient("ntn_x", base_url=address) as notion:
        with pytest.raises(pytest.fail.Exception, match=FORBIDDEN):
            await whatever_fails(notion.users.me())


async def test_a_session_that_leaves_this_machine_fails_the_test() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(pytest.fail.Exception, match=FORBIDDEN):
            await whatever_fails(session.get("http://10.0.0.1/"))


async def test_loopback_is_open() -> None:
    async with (
        Emulator() as emulator,
        aiohttp.ClientSession() as session,
        session.get(emulator.base_url) as response,
    ):
        assert response.status == 401
