"""Our own client at an emulator, and JSON beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from notion_async import AsyncClient
from notion_async.testing.store import Store

from .emulated import Object, Raw, emulated


def store_of(raw: Raw) -> Store:
    return raw.emulator._store


@asynccontextmanager
async def connected(*objects: Object, **options: Any) -> AsyncIterator[tuple[AsyncClient, Raw]]:
    async with (
        emulated(*objects, **options) as raw,
        AsyncClient(raw.emulator.token, base_url=raw.emulator.base_url) as notion,
    ):
        yield notion, raw
