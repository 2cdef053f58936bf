"""What Notion itself has sent, exported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from notion_async import AsyncClient
from notion_async.export import export_workspace
from notion_async.testing import Emulator
from tests.export.exported import lines
from tests.testing.emulated import Object

FILES = {
    "page": "pages",
    "block": "blocks",
    "database": "databases",
    "data_source": "data_sources",
    "comment": "comments",
    "user": "users",
}


def objects_in(value: object) -> Iterator[Object]:
    """Yield whole objects, also those within lists; a mere reference has two fields."""
    if isinstance(value, dict):
        if value.get("object") in FILES and "id" in value and len(value) > 2:
            yield {name: field for name, field in value.items() if name != "request_id"}
        for field in value.values():
            yield from objects_in(field)
    elif isinstance(value, list):
        for item in value:
            yield from objects_in(item)


@pytest.fixture
def recorded(shared: Path) -> dict[tuple[str, str], Object]:
    """Every object by kind and id, as it was when it was last seen alive.

    The recordings are of tests, which put what they made into the trash at their end.
    """
    found: dict[tuple[str, str], Object] = {}
    for line in (shared / "recordings" / "exchanges.jsonl").read_text().splitlines():
        exchange = json.loads(line)
        if exchange["status"] // 100 == 2:
            for one in objects_in(exchange["response"]):
                if not one.get("in_trash"):
                    found[one["object"], one["id"]] = one
    return found


@pytest.mark.parametrize("version", ["2025-09-03", "2026-03-11"])
async def test_every_recorded_object_is_exported_exactly_as_notion_sent_it(
    recorded: dict[tuple[str, str], Object], tmp_path: Path, version: str
) -> None:
    emulator = Emulator(budget=None)
    emulator.load(recorded.values())
    async with (
        emulator,
        AsyncClient(
            emulator.token,
            base_url=emulator.base_url,
            limiter=None,
            notion_version=version,
        ) as client,
    ):
        manifest = await export_workspace(client, tmp_path / "out")

    assert len(recorded) > 110
    assert {kind for kind, _ in recorded} == set(FILES)
    for kind, name in FILES.items():
        written = lines(tmp_path / "out", name)
        found = {one["id"]: one for one in written}
        given = {id: one for (its_kind, id), one in recorded.items() if its_kind == kind}
        # Blocks that stand for pages and databases were recorded only after their end, and the
        # emulator makes them up.
        assert len(found) == len(written)
        assert {id: found.get(id) for id in given} == given
        assert {found[id]["type"] for id in found.keys() - given.keys()} <= {
            "child_page",
            "child_database",
        }
    # Databases name data sources that were never recorded.  All else is there.
    assert {gap.kind for gap in manifest.gaps} == {"data_source"}
    named = {
        source["id"]
        for (kind, _), one in recorded.items()
        if kind == "database"
        for source in one["data_sources"]
    }
    missing = {id for id in named if ("data_source", id) not in recorded}
    assert {gap.id for gap in manifest.gaps} == missing


async def test_what_is_in_the_trash_at_the_end_of_the_recordings_is_left_out(
    shared: Path, tmp_path: Path
) -> None:
    last: dict[tuple[str, str], Object] = {}
    for line in (shared / "recordings" / "exchanges.jsonl").read_text().splitlines():
        exchange = json.loads(line)
        if exchange["status"] // 100 == 2:
            last.update(
                ((one["object"], one["id"]), one) for one in objects_in(exchange["response"])
            )
    emulator = Emulator(budget=None)
    emulator.load(last.values())
    async with (
        emulator,
        AsyncClient(
            emulator.token,
            base_url=emulator.base_url,
            limiter=None,
            notion_version="2025-09-03",
        ) as client,
    ):
        manifest = await export_workspace(client, tmp_path / "out", comments="blocks")

    truth = emulator.truth()
    assert manifest.complete
    assert manifest.counts == truth.counts
    for kind, name in FILES.items():
        for one in lines(tmp_path / "out", name):
            assert one == last[kind, one["id"]]
