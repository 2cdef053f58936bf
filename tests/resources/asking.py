"""Asking through the methods, with nobody there: what would be sent, and what is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from notion_async import AsyncClient, ConfigurationError
from notion_async.types import JSON
from tests.clients import TOKEN, listing
from tests.mocked import Shape, mocked
from tests.testing.emulated import uid

HOME, OTHER = uid("home"), uid("other")
HI: dict[str, JSON] = {"type": "text", "text": {"content": "hi"}}
HOSTED: dict[str, JSON] = {
    "type": "file",
    "file": {"url": "https://files.example/a.png", "expiry_time": "2026-03-01T09:00:00.000Z"},
}
Call = Callable[[AsyncClient], Awaitable[object]]


async def asked(call: Call, version: str = "2026-03-11") -> Shape:
    """Return the one request that a call becomes."""
    with mocked(listing()) as requests:
        async with AsyncClient(TOKEN, notion_version=version) as notion:
            await call(notion)
    [request] = requests
    return request


async def refused(call: Call, words: str, version: str = "2026-03-11") -> None:
    """Expect an error with these words, and that nothing was sent."""
    with mocked({}) as requests, pytest.raises(ConfigurationError, match=words):
        await call(AsyncClient(TOKEN, notion_version=version))

    assert requests == []
