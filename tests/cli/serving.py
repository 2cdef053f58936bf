"""An emulator beside the test, for commands that run to their end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from anyio.from_thread import start_blocking_portal

from notion_async.testing import Emulator
from tests.testing.emulated import NOW, Object, page, row, uid, under

ADA: Object = {
    "object": "user",
    "id": uid("bot"),
    "name": "Exporter",
    "avatar_url": None,
    "type": "bot",
    "bot": {"owner": {"type": "workspace", "workspace": True}, "workspace_name": "Acme"},
}


@contextmanager
def emulated(*objects: Object) -> Iterator[Emulator]:
    emulator = Emulator(budget=None, wall=lambda: NOW)
    emulator.load([ADA, *objects])
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(emulator):
        yield emulator


def whole() -> list[Object]:
    return [page("home"), page("inner", under("page_id", "home"))]


def with_a_gap() -> list[Object]:
    return [page("home"), row("alone", "a source that is not shared")]


def variables(emulator: Emulator) -> dict[str, str]:
    return {"NOTION_TOKEN": emulator.token, "NOTION_BASE_URL": emulator.base_url}
