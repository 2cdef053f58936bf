"""What is found, whatever leads to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from notion_async.errors import ConfigurationError, ExportError, InvalidIDError
from notion_async.export import Manifest, Progress, export_workspace
from notion_async.export.jsonl import JsonlSink
from notion_async.models import Page
from tests.export.exported import contents, ids, lines, markdown
from tests.front import Asked, Intervene, Reply, Workspace, workspace_of
from tests.testing.emulated import (
    Object,
    block,
    comment,
    data_source,
    database,
    page,
    person,
    row,
    uid,
    under,
    words,
)


async def export(notion: Workspace, out: Path, **options: Any) -> Manifest:
    return await export_workspace(notion.client, out, **options)


def small() -> list[Object]:
    """Two pages; the first holds a page and a database of two sources with a row each."""
    home = under("page_id", "home")
    return [
        page("home"),
        block("hello", home),
        page("inner", home),
        block("in inner", under("page_id", "inner")),
        database("base", home, ("one", "two")),
        data_source("one", "base"),
        data_source("two", "base"),
        row("first", "one", container="base"),
        row("second", "two", container="base"),
        block("in first", under("page_id", "first")),
        page("away"),
        person("ada"),
    ]


def said_by_search(*names: str) -> Intervene:
    """Let search know of these objects alone."""

    async def intervene(asked: Asked) -> Reply | None:
        if not asked.is_for("POST", "/v1/search"):
            return None
        found = [one for one in small() if one["id"] in {uid(name) for name in names}]
        return 200, {"object": "list", "results": found, "has_more": False, "next_cursor": None}

    return intervene


async def test_everything_is_there_once(tmp_path: Path) -> None:
    async with workspace_of(*small()) as notion:
        manifest = await export(notion, tmp_path / "out")
        truth = notion.emulator.truth()

    assert manifest.complete
    assert manifest.counts == truth.counts
    assert sorted(ids(tmp_path / "out", "pages")) == sorted(
        uid(name) for name in ("home", "inner", "away", "first", "second")
    )
    assert sorted(ids(tmp_path / "out", "blocks")) == sorted(truth.blocks)


@pytest.mark.parametrize("known", [("home",), ("home", "inner", "one"), ("first", "home")])
async def test_what_search_does_not_know_is_found_by_walking(
    tmp_path: Path, known: tuple[str, ...]
) -> None:
    async with workspace_of(*small(), intervene=said_by_search(*known)) as notion:
        manifest = await export(notion, tmp_path / "out")

    assert manifest.complete
    assert sorted(ids(tmp_path / "out", "pages")) == sorted(
        uid(name) for name in ("home", "inner", "first", "second")
    )
    assert ids(tmp_path / "out", "databases") == [uid("base")]
    assert sorted(ids(tmp_path / "out", "data_sources")) == sorted([uid("one"), uid("two")])


async def test_a_data_source_leads_to_its_database_and_to_its_siblings(tmp_path: Path) -> None:
    async with workspace_of(*small(), intervene=said_by_search("one")) as notion:
        manifest = await export(notion, tmp_path / "out")

    assert manifest.complete
    assert ids(tmp_path / "out", "databases") == [uid("base")]
    assert sorted(ids(tmp_path / "out", "data_sources")) == sorted([uid("one"), uid("two")])


async def test_rows_shared_without_their_data_source_are_there(tmp_path: Path) -> None:
    alone = row("alone", "hidden")

    async with workspace_of(alone, block("in it", under("page_id", "alone"))) as notion:
        manifest = await export(notion, tmp_path / "out")

    assert manifest.counts["rows"] == 1
    assert ids(tmp_path / "out", "pages") == [uid("alone")]
    assert ids(tmp_path / "out", "blocks") == [uid("in it")]
    assert [(gap.kind, gap.id) for gap in manifest.gaps] == [("data_source", uid("hidden"))]


async def test_objects_are_written_as_they_were_sent(tmp_path: Path) -> None:
    given = page("home", new_field={"deep": [1, None, "ü\n"]})

    async with workspace_of(given) as notion:
        await export(notion, tmp_path / "out")

    assert lines(tmp_path / "out", "pages") == [given]


@pytest.mark.parametrize("extra", [{}, {"request_id": "of the answer"}])
def test_an_object_sent_in_many_lines_is_written_in_one(
    tmp_path: Path, extra: dict[str, str]
) -> None:
    sink = JsonlSink(tmp_path)

    sink.page(Page.from_json(json.dumps({**page("home"), **extra}, indent=2).encode()))
    sink.close()

    assert lines(tmp_path, "pages") == [page("home")]


async def test_what_is_in_the_trash_is_left_out(tmp_path: Path) -> None:
    objects = [page("kept"), page("gone", in_trash=True)]
    objects += [page("below", under("page_id", "gone"))]

    async with workspace_of(*objects) as notion:
        manifest = await export(notion, tmp_path / "out")

    assert manifest.complete
    assert ids(tmp_path / "out", "pages") == [uid("kept")]


async def test_a_page_that_goes_to_the_trash_on_the_way_is_no_gap(tmp_path: Path) -> None:
    async def trash(asked: Asked) -> Reply | None:
        if asked.is_for("GET", f"/v1/pages/{uid('inner')}"):
            return 200, page("inner", under("page_id", "home"), in_trash=True)
        return await said_by_search("home")(asked)

    async with workspace_of(*small(), intervene=trash) as notion:
        manifest = await export(notion, tmp_path / "out")

    assert manifest.complete
    assert uid("inner") not in ids(tmp_path / "out", "pages")


async def test_a_data_source_among_the_rows_of_a_wiki_is_written(tmp_path: Path) -> None:
    async def answer(asked: Asked) -> Reply | None:
        if asked.is_for("POST", f"/v1/data_sources/{uid('one')}/query"):
            found = [data_source("two", "base"), row("first", "one", container="base")]
            paging = {"has_more": False, "next_cursor": None}
            return 200, {"object": "list", "results": found, **paging}
        return None

    async with workspace_of(*small(), intervene=answer) as notion:
        manifest = await export(notion, tmp_path / "out")

    assert manifest.complete
    assert sorted(ids(tmp_path / "out", "data_sources")) == sorted([uid("one"), uid("two")])


# Roots


@pytest.mark.parametrize(
    ("root", "pages", "sources"),
    [
        ("home", {"home", "inner", "first", "second"}, {"one", "two"}),
        ("inner", {"inner"}, set()),
        ("base", {"first", "second"}, {"one", "two"}),
        ("one", {"first"}, {"one"}),
        ("first", {"first"}, set()),
    ],
)
async def test_a_root_is_exported_with_what_is_below_it_and_nothing_else(
    tmp_path: Path, root: str, pages: set[str], sources: set[str]
) -> None:
    async with workspace_of(*small()) as notion:
        manifest = await export(notion, tmp_path / "out", roots=[uid(root)])

    assert manifest.complete
    assert set(ids(tmp_path / "out", "pages")) == {uid(name) for name in pages}
    assert set(ids(tmp_path / "out", "data_sources")) == {uid(name) for name in sources}
    assert len(ids(tmp_path / "out", "databases")) == (root in ("home", "base"))
    assert manifest.counts["users"] == 2


async def test_roots_may_be_links_and_may_overlap(tmp_path: Path) -> None:
    link = f"https://www.notion.so/team/Home-{uid('home').replace('-', '')}?pvs=4"

    async with workspace_of(*small()) as notion:
        manifest = await export(notion, tmp_path / "out", roots=[link, uid("inner"), uid("home")])

    assert manifest.complete
    found = ids(tmp_path / "out", "pages")
    assert len(found) == len(set(found)) == 4


async def test_an_unknown_root_is_told_before_the_folder_is_touched(tmp_path: Path) -> None:
    async with workspace_of(*small()) as notion:
        with pytest.raises(ExportError, match="add the connection to it in Notion"):
            await export(notion, tmp_path / "out", roots=[uid("home"), uid("nowhere")])

    assert not (tmp_path / "out").exists()


async def test_a_root_that_is_no_id_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    async with workspace_of(*small()) as notion:
        with pytest.raises(InvalidIDError):
            await export(notion, tmp_path / "out", roots=["../etc/passwd"])

        assert notion.asked == []
    assert not (tmp_path / "out").exists()


# Comments


def commented() -> list[Object]:
    return [
        *small(),
        comment("on page", under("page_id", "home")),
        comment("on inner", under("page_id", "inner")),
        comment("on row", under("page_id", "first")),
        comment("on block", under("block_id", "hello")),
    ]


@pytest.mark.parametrize(
    ("whose", "names"),
    [
        ("none", set()),
        ("pages", {"on page", "on inner"}),
        ("rows", {"on page", "on inner", "on row"}),
        ("blocks", {"on page", "on inner", "on row", "on block"}),
    ],
)
async def test_comments_are_those_asked_for_each_once(
    tmp_path: Path, whose: str, names: set[str]
) -> None:
    async with workspace_of(*commented()) as notion:
        manifest = await export(notion, tmp_path / "out", comments=whose)

    assert manifest.complete
    assert manifest.comments == whose
    assert sorted(ids(tmp_path / "out", "comments")) == sorted(uid(name) for name in names)


# Formats


async def test_jsonl_alone_asks_for_no_markdown(tmp_path: Path) -> None:
    async with workspace_of(*small()) as notion:
        manifest = await export(notion, tmp_path / "out", formats=["jsonl"])

        assert notion.count("GET", "/markdown") == 0
    assert manifest.formats == ["jsonl"]
    assert not (tmp_path / "out" / "markdown").exists()
    assert len(ids(tmp_path / "out", "pages")) == 5


async def test_markdown_alone_writes_no_jsonl(tmp_path: Path) -> None:
    async with workspace_of(*small()) as notion:
        manifest = await export(notion, tmp_path / "out", formats=("markdown",))

    assert manifest.counts["pages"] == 3
    assert list((tmp_path / "out").glob("*.jsonl")) == []
    assert len(markdown(tmp_path / "out")) == 5


@pytest.mark.parametrize(
    "options",
    [{"formats": ["csv"]}, {"formats": ["jsonl", "pdf"]}, {"formats": []}, {"comments": "all"}],
)
async def test_a_choice_that_there_is_not_sends_and_writes_nothing(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    async with workspace_of(*small()) as notion:
        with pytest.raises(ConfigurationError, match="there is no"):
            await export(notion, tmp_path / "out", **options)

        assert notion.asked == []
    assert contents(tmp_path) == {}


async def test_markdown_lies_in_folders_as_in_the_workspace(tmp_path: Path) -> None:
    async with workspace_of(*small()) as notion:
        await export(notion, tmp_path / "out", formats=["markdown"])

    def named(name: str) -> str:
        return f"{name}-{uid(name).replace('-', '')}"

    found = markdown(tmp_path / "out")
    assert set(found) == {
        f"{named('home')}.md",
        f"{named('away')}.md",
        f"{named('home')}/{named('inner')}.md",
        f"{named('home')}/{named('base')}/{named('one')}/{named('first')}.md",
        f"{named('home')}/{named('base')}/{named('two')}/{named('second')}.md",
    }
    assert all(text.startswith("---\n") for text in found.values())
    assert found[f"{named('home')}/{named('inner')}.md"].endswith("\nin inner\n")


async def test_the_only_source_of_a_database_has_no_folder_of_its_own(tmp_path: Path) -> None:
    objects = [
        database("base", sources=("one",)),
        data_source("one", "base"),
        row("r", "one", container="base"),
    ]

    async with workspace_of(*objects) as notion:
        await export(notion, tmp_path / "out", formats=["markdown"])

    (path,) = markdown(tmp_path / "out")
    assert path.count("/") == 1
    assert path.startswith("base-")


async def test_a_page_in_a_block_lies_in_the_folder_of_the_page_that_shows_it(
    tmp_path: Path,
) -> None:
    objects = [
        page("home"),
        block("toggle", under("page_id", "home"), "toggle", has_children=True),
        page("inner", under("block_id", "toggle")),
    ]

    async with workspace_of(*objects) as notion:
        await export(notion, tmp_path / "out", formats=["markdown"])

    assert sorted(path.count("/") for path in markdown(tmp_path / "out")) == [0, 1]


async def test_pages_in_pages_without_end_are_all_there(tmp_path: Path) -> None:
    title = "a rather long title that makes names as long as they may get " * 2
    objects = []
    for level in range(60):
        parent = under("page_id", f"{level - 1}") if level else None
        named = {"title": {"id": "title", "type": "title", "title": words(title)}}
        objects.append(page(f"{level}", parent, properties=named))

    async with workspace_of(*objects) as notion:
        manifest = await export(notion, tmp_path / "out")

    assert manifest.complete
    assert len(markdown(tmp_path / "out")) == 60


async def test_what_notion_does_not_write_as_markdown_is_written_here(tmp_path: Path) -> None:
    bookmark = {"url": "https://example.com", "caption": []}
    objects = [page("home")]
    objects += [block("mark", under("page_id", "home"), "bookmark", content=bookmark)]

    async with workspace_of(*objects) as notion:
        await export(notion, tmp_path / "out")

        assert notion.count("GET", "/markdown") == 0
    (text,) = markdown(tmp_path / "out").values()
    assert "https://example.com" in text


async def test_long_properties_are_completed(tmp_path: Path) -> None:
    people = [{"object": "user", "id": uid(f"user {number}")} for number in range(30)]
    related = [{"id": uid(f"row {number}")} for number in range(130)]
    title = [run for number in range(27) for run in words(f"{number} ")]
    long: Object = {
        "Name": {"id": "title", "type": "title", "title": title},
        "People": {"id": "p%3D", "type": "people", "people": people},
        "Related": {"id": "rel", "type": "relation", "relation": related, "has_more": False},
        "Short": {"id": "sh", "type": "rich_text", "rich_text": words("short")},
    }
    exact = {"Related": {"id": "rel", "type": "relation", "relation": related[:25]}}

    async with workspace_of(
        database("base", sources=("one",)),
        data_source("one", "base"),
        row("long", "one", long, container="base"),
        row("exact", "one", exact, container="base"),
    ) as notion:
        manifest = await export(notion, tmp_path / "out")

    assert manifest.complete
    found = {
        (one["page_id"], one["property_name"], one["property_id"]): one["results"]
        for one in lines(tmp_path / "out", "property_items")
    }
    assert {key[1:]: len(results) for key, results in found.items()} == {
        ("Name", "title"): 27,
        ("People", "p%3D"): 30,
        ("Related", "rel"): 130,
    }
    assert [item["relation"]["id"] for item in found[uid("long"), "Related", "rel"]] == [
        one["id"] for one in related
    ]


# Telling how far it is


async def test_progress_is_told_and_ends_with_what_the_manifest_says(tmp_path: Path) -> None:
    told: list[Progress] = []

    async with workspace_of(*small()) as notion:
        manifest = await export(notion, tmp_path / "out", on_progress=told.append)

        assert len(notion.asked) == manifest.requests
    assert told[-1].counts == manifest.counts
    assert told[-1].requests == manifest.requests
    assert told[-1].queued == 0
    assert told[-1].time_left == 0
    assert told[-1].waiting == 0
    assert [one.elapsed for one in told] == sorted(one.elapsed for one in told)


async def test_nothing_is_foretold_before_anything_is_done() -> None:
    progress = Progress(
        counts={"pages": 0, "rows": 0},
        requests=1,
        answers_429=0,
        elapsed=1.0,
        queued=5,
        waiting=0.0,
    )

    assert progress.time_left is None
