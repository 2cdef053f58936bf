"""The export of the whole demo workspace, against what the emulator knows to be there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import attrs
import pytest

from notion_async import AsyncClient
from notion_async.export import Manifest, export_workspace
from notion_async.export.paths import file_name
from notion_async.testing import Emulator, Truth
from tests.export.exported import contents, ids, lines, manifest, markdown

pytestmark = pytest.mark.timeout(180)


@attrs.frozen
class Demo:
    out: Path
    manifest: Manifest
    truth: Truth
    refused: int


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    out = tmp_path_factory.mktemp("demo") / "out"

    async def export() -> Demo:
        async with (
            Emulator(seed="demo", budget=None) as emulator,
            AsyncClient(emulator.token, base_url=emulator.base_url, limiter=None) as client,
        ):
            found = await export_workspace(client, out)
            return Demo(out, found, emulator.truth(), emulator.answers_429)

    return asyncio.run(export())


def test_the_export_is_complete(demo: Demo) -> None:
    assert demo.manifest.complete
    assert demo.manifest.gaps == ()
    assert demo.manifest.answers_429 == demo.refused == 0
    assert demo.manifest.counts == demo.truth.counts
    assert manifest(demo.out) == demo.manifest.to_json()
    # Every object is there, and none twice.
    rows = {id for found in demo.truth.rows.values() for id in found}
    for name, expected in (
        ("pages", demo.truth.pages | rows),
        ("databases", demo.truth.databases),
        ("data_sources", demo.truth.data_sources),
        ("blocks", demo.truth.blocks),
        ("comments", demo.truth.comments),
        ("users", demo.truth.users),
    ):
        found = ids(demo.out, name)
        assert len(found) == len(set(found)), name
        assert set(found) == expected, name
    # Every page has its file, which begins with its properties.
    files = markdown(demo.out)
    assert {Path(path).name[-35:-3] for path in files} == {
        id.replace("-", "") for id in demo.truth.pages | rows
    }
    assert len(files) == len(demo.truth.pages | rows)
    assert all(text.startswith("---\n") for text in files.values())
    # Nothing lies beside it.
    beside = {path.partition("/")[0] for path in contents(demo.out)}
    assert beside == {
        *(f"{kind}.jsonl" for kind in ("pages", "blocks", "users", "comments", "databases")),
        *("data_sources.jsonl", "property_items.jsonl", "manifest.json", "markdown"),
    }
    # What the pages show cut is whole in a file of its own.
    cut = {
        (page["id"], value["id"])
        for page in lines(demo.out, "pages")
        for value in page["properties"].values()
        if value["type"] == "relation" and value["has_more"]
    }
    items = lines(demo.out, "property_items")
    completed = {(one["page_id"], one["property_id"]): len(one["results"]) for one in items}
    assert cut
    assert cut <= completed.keys()
    assert all(count > 25 for count in completed.values())
    # Files lie where their pages lie in the workspace.
    by_id = {page["id"]: page for page in lines(demo.out, "pages")}
    by_end = {id.replace("-", ""): page for id, page in by_id.items()}
    for path in files:
        page = by_end[Path(path).name[-35:-3]]
        if page["parent"]["type"] == "page_id":
            parent = by_id[page["parent"]["page_id"]]
            title = "".join(
                run["plain_text"]
                for value in parent["properties"].values()
                if value["type"] == "title"
                for run in value["title"]
            )
            assert Path(path).parent.name == file_name(title, parent["id"])
