"""A small workspace on loopback, and a client of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from notion_async import AsyncClient
from notion_async.testing import Emulator
from tests.clients import client_of
from tests.testing.emulated import (
    block,
    comment,
    data_source,
    database,
    page,
    person,
    row,
    under,
)


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    """Serve a page with blocks and a comment, a database with rows, and two people."""
    emulator = Emulator(budget=None)
    emulator.load(
        [
            page("home"),
            *(block(f"line {n}", under("page_id", "home")) for n in range(5)),
            comment("remark", under("page_id", "home")),
            comment("answer", under("page_id", "home")),
            database("tracker", sources=("tasks",)),
            data_source("tasks", "tracker"),
            *(row(f"task {n}", "tasks") for n in range(7)),
            person("ada"),
            person("grace"),
        ]
    )
    async with emulator:
        yield emulator


@pytest.fixture
async def notion(emulator: Emulator) -> AsyncIterator[AsyncClient]:
    async with client_of(emulator) as notion:
        yield notion
