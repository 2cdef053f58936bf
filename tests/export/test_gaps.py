"""What cannot be read is named, and the rest is there all the same."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Any

import pytest

from notion_async.errors import (
    ExportError,
    NotionError,
    RequestTimeoutError,
    ServerError,
    UnauthorizedError,
)
from notion_async.export import Manifest, export_workspace
from notion_async.export.crawl import Crawl
from tests.export.exported import contents, ids, manifest, markdown
from tests.front import (
    BROKEN,
    NOT_FOUND,
    REFUSED,
    RESTRICTED,
    UNSUPPORTED,
    Asked,
    Intervene,
    Reply,
    workspace_of,
)
from tests.processes import run
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
)

NAMES = ("a", "b", "c", "d")


def pages(*names: str) -> list[Object]:
    """Pages with a paragraph and a comment each."""
    objects = []
    for name in names or NAMES:
        objects.append(page(name))
        objects.append(block(f"in {name}", under("page_id", name)))
        objects.append(comment(f"on {name}", under("page_id", name)))
    return objects


def replying(reply: Reply, method: str, path: str) -> Intervene:
    async def intervene(asked: Asked) -> Reply | None:
        return reply if asked.is_for(method, path) else None

    return intervene


def everything_after(count: int, reply: Reply, begin: str = "/v1/blocks/") -> Intervene:
    """Answer so whatever begins with this, from a certain number of requests on."""
    seen = 0

    async def intervene(asked: Asked) -> Reply | None:
        nonlocal seen
        seen += asked.path.startswith(begin)
        return reply if seen > count and asked.path.startswith(begin) else None

    return intervene


async def export(
    out: Path, *objects: Object, intervene: Intervene | None = None, **options: Any
) -> Manifest:
    async with workspace_of(*objects, intervene=intervene) as notion:
        return await export_workspace(notion.client, out, **options)


def gaps(found: Manifest) -> list[tuple[str, str | None]]:
    return [(gap.kind, gap.id) for gap in found.gaps]


# Gaps


async def test_comments_that_may_not_be_read_are_one_gap(tmp_path: Path) -> None:
    many = [page(f"{number}") for number in range(100)]
    async with workspace_of(
        *many, intervene=replying(RESTRICTED, "GET", "/v1/comments")
    ) as notion:
        found = await export_workspace(notion.client, tmp_path / "out")

        # Those that were under way when the first answer came are all there is.
        assert notion.count("GET", "/v1/comments") <= 12
    assert gaps(found) == [("comments", None)]
    assert found.counts["pages"] == 100
    assert not found.complete


@pytest.mark.parametrize("reply", [NOT_FOUND, UNSUPPORTED, BROKEN])
async def test_comments_of_one_block_that_fail_leave_its_page_whole(
    tmp_path: Path, reply: Reply
) -> None:
    async def intervene(asked: Asked) -> Reply | None:
        return reply if f"block_id={uid('in a')}" in asked.path else None

    found = await export(
        tmp_path / "out",
        *pages(),
        block("last", under("page_id", "a")),
        intervene=intervene,
        comments="blocks",
    )

    assert gaps(found) == [("comments", uid("in a"))]
    assert found.counts["comments"] == 4
    assert uid("last") in ids(tmp_path / "out", "blocks")
    assert any("last" in text for text in markdown(tmp_path / "out").values())


async def test_a_page_that_vanishes_before_it_is_fetched_is_a_gap(tmp_path: Path) -> None:
    async def vanish(asked: Asked) -> Reply | None:
        if asked.is_for("POST", "/v1/search"):
            listing = {"object": "list", "has_more": False, "next_cursor": None}
            return 200, {**listing, "results": [page("a")]}
        return NOT_FOUND if asked.is_for("GET", f"/v1/pages/{uid('inner')}") else None

    objects = [*pages("a"), page("inner", under("page_id", "a"))]
    found = await export(tmp_path / "out", *objects, intervene=vanish)

    assert gaps(found) == [("page", uid("inner"))]
    assert ids(tmp_path / "out", "pages") == [uid("a")]
    assert len(markdown(tmp_path / "out")) == 1  # no empty file stands for it


async def test_a_page_whose_content_vanishes_is_a_gap_and_keeps_its_properties(
    tmp_path: Path,
) -> None:
    intervene = replying(NOT_FOUND, "GET", f"/v1/blocks/{uid('b')}/children")

    found = await export(tmp_path / "out", *pages(), intervene=intervene)

    assert gaps(found) == [("page", uid("b"))]
    assert len(ids(tmp_path / "out", "pages")) == 4
    assert sorted(ids(tmp_path / "out", "blocks")) == sorted(
        uid(f"in {name}") for name in NAMES if name != "b"
    )
    assert all(text.startswith("---\n") for text in markdown(tmp_path / "out").values())


@pytest.mark.parametrize("reply", [NOT_FOUND, RESTRICTED, UNSUPPORTED])
async def test_a_block_that_cannot_be_entered_is_a_gap_and_its_page_goes_on(
    tmp_path: Path, reply: Reply
) -> None:
    objects = [
        *pages("a"),
        block("closed", under("page_id", "a"), "toggle", has_children=True),
        block("last", under("page_id", "a")),
    ]
    intervene = replying(reply, "GET", f"/v1/blocks/{uid('closed')}/children")

    found = await export(tmp_path / "out", *objects, intervene=intervene)

    assert gaps(found) == [("blocks", uid("closed"))]
    assert ids(tmp_path / "out", "blocks") == [uid(name) for name in ("in a", "closed", "last")]


async def test_a_page_on_which_notion_fails_is_a_gap_and_the_others_are_there(
    tmp_path: Path,
) -> None:
    intervene = replying(BROKEN, "GET", f"/v1/blocks/{uid('b')}/children")

    found = await export(tmp_path / "out", *pages(), intervene=intervene)

    assert not found.complete
    assert gaps(found) == [("page", uid("b"))]
    assert "internal_server_error" in found.gaps[0].reason
    assert manifest(tmp_path / "out")["complete"] is False
    assert manifest(tmp_path / "out")["gaps"][0]["id"] == uid("b")
    assert found.counts == {**found.counts, "pages": 4, "blocks": 3, "comments": 3}


async def test_rows_that_cannot_be_listed_are_a_gap(tmp_path: Path) -> None:
    small = [
        database("base", sources=("one", "two")),
        *(data_source(name, "base") for name in ("one", "two")),
        row("first", "one", container="base"),
        row("second", "two", container="base"),
    ]
    intervene = replying(UNSUPPORTED, "POST", f"/v1/data_sources/{uid('one')}/query")

    found = await export(tmp_path / "out", *small, intervene=intervene)

    assert gaps(found) == [("rows", uid("one"))]
    assert uid("second") in ids(tmp_path / "out", "pages")
    assert uid("first") in ids(tmp_path / "out", "pages")  # search knows it


async def test_a_long_property_that_cannot_be_completed_is_a_gap(tmp_path: Path) -> None:
    related = [{"id": uid(f"{number}")} for number in range(30)]
    long = row("long", "one", {"R": {"id": "rel", "type": "relation", "relation": related}})
    intervene = replying(BROKEN, "GET", f"/v1/pages/{uid('long')}/properties/rel")

    found = await export(tmp_path / "out", long, intervene=intervene)

    assert ("property", uid("long")) in gaps(found)
    assert ids(tmp_path / "out", "pages") == [uid("long")]


@pytest.mark.parametrize("reply", [RESTRICTED, BROKEN])
async def test_users_that_cannot_be_listed_are_a_gap(tmp_path: Path, reply: Reply) -> None:
    found = await export(tmp_path / "out", *pages(), intervene=replying(reply, "GET", "/v1/users"))

    assert gaps(found) == [("users", None)]
    assert found.counts["pages"] == 4


async def test_a_search_that_breaks_off_is_a_gap_and_walking_goes_on(tmp_path: Path) -> None:
    async def break_off(asked: Asked) -> Reply | None:
        if not asked.is_for("POST", "/v1/search"):
            return None
        if "start_cursor" in asked.json:
            return UNSUPPORTED
        listing = {"object": "list", "has_more": True, "next_cursor": "next"}
        return 200, {**listing, "results": [page("a")]}

    objects = [*pages("a"), page("inner", under("page_id", "a")), page("unknown")]
    found = await export(tmp_path / "out", *objects, intervene=break_off)

    assert gaps(found) == [("search", None)]
    assert sorted(ids(tmp_path / "out", "pages")) == sorted([uid("a"), uid("inner")])


@pytest.mark.parametrize("reply", [UNSUPPORTED, BROKEN, NOT_FOUND])
async def test_markdown_that_notion_does_not_give_is_written_here(
    tmp_path: Path, reply: Reply
) -> None:
    async def intervene(asked: Asked) -> Reply | None:
        return reply if asked.path.endswith("/markdown") else None

    found = await export(tmp_path / "out", *pages("a"), intervene=intervene)

    assert found.complete
    (text,) = markdown(tmp_path / "out").values()
    assert text.endswith("\nin a\n")


@pytest.mark.parametrize("cut", [{"truncated": True}, {"unknown_block_ids": [uid("in a")]}])
async def test_markdown_that_notion_cuts_is_written_here(
    tmp_path: Path, cut: dict[str, Any]
) -> None:
    async def intervene(asked: Asked) -> Reply | None:
        if not asked.path.endswith("/markdown"):
            return None
        whole = {"object": "page_markdown", "id": uid("a"), "markdown": "cut"}
        return 200, {**whole, "truncated": False, "unknown_block_ids": [], **cut}

    found = await export(tmp_path / "out", *pages("a"), intervene=intervene)

    assert found.complete
    (text,) = markdown(tmp_path / "out").values()
    assert text.endswith("\nin a\n")


# The end of everything


async def test_a_refused_token_is_told_before_the_folder_is_touched(tmp_path: Path) -> None:
    with pytest.raises(UnauthorizedError):
        await export(tmp_path / "out", intervene=replying(REFUSED, "GET", "/v1/users/me"))

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "where",
    [
        "/v1/blocks/",
        "/v1/comments",
        "/v1/search",
        "/v1/users?",
        f"/v1/pages/{uid('a')}/markdown",
        f"/v1/pages/{uid('long')}/properties",
        f"/v1/data_sources/{uid('one')}/query",
    ],
)
async def test_a_token_that_is_refused_on_the_way_ends_it(tmp_path: Path, where: str) -> None:
    objects = [*pages(), page("inner", under("page_id", "a"))]
    related = [{"id": uid(f"{number}")} for number in range(30)]
    objects += [row("long", "one", {"R": {"id": "rel", "type": "relation", "relation": related}})]
    objects += [database("base", sources=("one",)), data_source("one", "base")]

    with pytest.raises(UnauthorizedError):
        await export(tmp_path / "out", *objects, intervene=everything_after(0, REFUSED, where))

    found = manifest(tmp_path / "out")
    assert found["complete"] is False
    assert found["interrupted"] is True
    assert found["gaps"][-1]["kind"] == "workspace"
    assert "unauthorized" in found["gaps"][-1]["reason"]
    assert not (tmp_path / "out" / ".notion-export").exists()


async def test_what_was_read_before_the_end_is_kept(tmp_path: Path) -> None:
    with pytest.raises(UnauthorizedError):
        await export(
            tmp_path / "out", *pages(), intervene=everything_after(2, REFUSED, "/v1/comments")
        )

    assert len(ids(tmp_path / "out", "pages")) == 4
    assert len(ids(tmp_path / "out", "comments")) <= 2
    assert manifest(tmp_path / "out")["counts"]["comments"] == len(
        ids(tmp_path / "out", "comments")
    )


async def test_a_complete_export_is_not_replaced_by_a_part_of_one(tmp_path: Path) -> None:
    await export(tmp_path / "out", *pages())
    before = contents(tmp_path / "out")

    with pytest.raises(UnauthorizedError):
        await export(tmp_path / "out", *pages("z"), intervene=everything_after(0, REFUSED))

    assert contents(tmp_path / "out") == before


async def test_a_part_of_an_export_is_replaced_by_another_part(tmp_path: Path) -> None:
    for name in ("y", "z"):
        with pytest.raises(UnauthorizedError):
            await export(tmp_path / "out", *pages(name), intervene=everything_after(0, REFUSED))

    assert ids(tmp_path / "out", "pages") == [uid("z")]


async def test_twenty_failures_in_a_row_end_it(tmp_path: Path) -> None:
    many = [page(f"{number}") for number in range(200)]

    with pytest.raises(ServerError):
        await export(tmp_path / "out", *many, intervene=everything_after(0, BROKEN))

    found = manifest(tmp_path / "out")
    assert found["interrupted"] is True
    assert 20 <= len(found["gaps"]) < 20 + 12 + 2


async def test_failures_between_successes_do_not_end_it(tmp_path: Path) -> None:
    many = [page(f"{number}") for number in range(90)]
    broken = {uid(f"{number}") for number in range(0, 90, 2)}

    async def intervene(asked: Asked) -> Reply | None:
        return BROKEN if any(f"/blocks/{id}/" in asked.path for id in broken) else None

    found = await export(tmp_path / "out", *many, intervene=intervene)

    assert len(found.gaps) == 45
    assert not found.interrupted


async def test_a_search_that_never_begins_ends_it(tmp_path: Path) -> None:
    with pytest.raises(ServerError):
        await export(tmp_path / "out", intervene=replying(BROKEN, "POST", "/v1/search"))

    assert manifest(tmp_path / "out")["interrupted"] is True


async def test_a_timeout_is_not_taken_for_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def time_out(*_: object) -> None:
        raise RequestTimeoutError("too slow", sent=True)

    monkeypatch.setattr(Crawl, "_search", time_out)

    with pytest.raises(RequestTimeoutError):
        await export(tmp_path / "out", *pages())

    assert manifest(tmp_path / "out")["interrupted"] is True


async def test_a_defect_is_one_exception_and_leaves_a_partial_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("notion_async.export.jsonl.JsonlSink.block", fail)

    with pytest.raises(ZeroDivisionError):
        await export(tmp_path / "out", *pages())

    assert manifest(tmp_path / "out")["interrupted"] is True


@pytest.mark.parametrize("stood", [True, False])
async def test_a_cancelled_export_keeps_the_old_one_or_what_it_has(
    tmp_path: Path, stood: bool
) -> None:
    if stood:
        await export(tmp_path / "out", *pages())
    before = contents(tmp_path)
    arrived = asyncio.Event()

    async def hold(asked: Asked) -> Reply | None:
        if asked.path.startswith("/v1/comments"):
            arrived.set()
            await asyncio.Event().wait()
        return None

    tasks = asyncio.all_tasks()
    async with workspace_of(*pages(), person("ada"), intervene=hold) as notion:
        task = asyncio.create_task(export_workspace(notion.client, tmp_path / "out"))
        await arrived.wait()
        during = asyncio.all_tasks() - tasks
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        ours = {one for one in during if "Crawl." in one.get_name()}
        assert ours
        assert all(one.done() for one in ours)

    if stood:
        assert contents(tmp_path) == before
    else:
        found = manifest(tmp_path / "out")
        assert (found["complete"], found["interrupted"]) == (False, True)
        assert len(ids(tmp_path / "out", "pages")) == 4
    assert not (tmp_path / "out" / ".notion-export").exists()


# The disk


class FullError(OSError):
    def __init__(self) -> None:
        super().__init__(28, "No space left on device")


def fill_up(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise FullError

    monkeypatch.setattr(where, fail)


@pytest.mark.parametrize(
    "where",
    [
        "notion_async.export.jsonl.JsonlSink._line",
        "notion_async.export.jsonl.JsonlSink.finish",
        "notion_async.export.markdown.MarkdownSink.__init__",
        "notion_async.export.markdown.MarkdownSink.page",
        "notion_async.export.markdown.MarkdownSink.finish",
        "notion_async.export.index.Index.__init__",
        "notion_async.export.index.Index.mark_written",
        "notion_async.export.folder.msgspec.json.format",
        "notion_async.export.folder._move",
    ],
)
@pytest.mark.parametrize("stood", [True, False])
async def test_a_full_disk_leaves_the_old_export_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, stood: bool
) -> None:
    if stood:
        await export(tmp_path / "out", *pages())
    before = contents(tmp_path)
    with monkeypatch.context() as patch:
        if where.endswith("_move"):
            _fail_in_the_middle(patch)
        else:
            fill_up(patch, where)

        with pytest.raises(ExportError, match=r"No space left.* make room and start again"):
            await export(tmp_path / "out", *pages("z"))

    assert contents(tmp_path) == before
    gc.collect()  # an open file would be told of here


def _fail_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk be full after a part of the new export has been moved."""
    rename, moved = Path.rename, 0

    def failing(self: Path, target: Path) -> Path:
        nonlocal moved
        if self.parent.name == ".notion-export" and self.suffix == ".jsonl":
            moved += 1
            if moved == 3:
                raise FullError
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)


def test_a_file_that_may_not_grow_ends_it(tmp_path: Path) -> None:
    """The real thing: the system refuses to write on, in a process of its own."""
    script = """
import asyncio, pathlib, resource, signal, sys
from notion_async.errors import ExportError
from tests.export.test_gaps import export, pages

async def main(out):
    await export(out, *pages())
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, resource.RLIM_INFINITY))
    try:
        await export(out, *pages(*map(str, range(200))))
    except ExportError as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before

asyncio.run(main(pathlib.Path(sys.argv[1])))
"""
    done = run("-W", "error", "-c", script, str(tmp_path / "out"))

    assert done.returncode == 0, done.stderr
    assert "File too large" in done.stdout
    assert done.stderr == ""


def test_every_end_is_an_error_of_the_library() -> None:
    assert issubclass(ExportError, NotionError)


async def test_a_page_of_which_only_a_part_is_shown_is_a_gap(tmp_path: Path) -> None:
    partial = {"object": "page", "id": uid("hidden")}
    foreign = {**page("b"), "id": "../../elsewhere"}
    answer = {"object": "list", "results": [partial, foreign, page("a")], "has_more": False}

    found = await export(
        tmp_path / "out",
        page("a"),
        intervene=replying((200, answer), "POST", "/v1/search"),
    )

    assert gaps(found) == [("page", uid("hidden")), ("page", "../../elsewhere")]
    assert ids(tmp_path / "out", "pages") == [uid("a")]
    assert set(contents(tmp_path)) == {f"out/{name}" for name in contents(tmp_path / "out")}


async def test_content_of_a_shape_nobody_knows_leaves_the_others_whole(tmp_path: Path) -> None:
    odd = block("odd", under("page_id", "a"), content={"rich_text": [7], "color": 8})
    title = {"id": "title", "type": "title", "title": [{"type": "text", "plain_text": {}}]}
    found = await export(
        tmp_path / "out",
        page("a"),
        page("b", properties={"title": title}),
        block("odd", under("page_id", "a")),
        intervene=replying(
            (200, {"object": "list", "results": [odd], "has_more": False}),
            "GET",
            f"/v1/blocks/{uid('a')}/children",
        ),
    )

    assert gaps(found) == [("markdown", uid("a"))]
    assert ids(tmp_path / "out", "blocks") == [uid("odd")]
    assert found.counts["pages"] == 2
    assert len(markdown(tmp_path / "out")) == 2
