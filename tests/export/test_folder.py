"""The folder: what it may be, and that it is always one export."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from notion_async.errors import ExportError
from notion_async.export import Manifest, export_workspace
from notion_async.export.folder import ExportFolder
from tests.export.exported import contents, ids
from tests.front import Asked, Reply, workspace_of
from tests.testing.emulated import block, page, uid, under


async def export(out: Path, *names: str) -> Manifest:
    objects = [page(name) for name in names]
    objects += [block(f"in {name}", under("page_id", name)) for name in names]
    async with workspace_of(*objects) as notion:
        return await export_workspace(notion.client, out)


async def refused(out: Path) -> str:
    """Return why a folder is not taken; nothing is sent and nothing is changed."""
    before = contents(out.parent)
    async with workspace_of(page("a")) as notion:
        with pytest.raises(ExportError) as raised:
            await export_workspace(notion.client, out)

        assert notion.asked == []
    assert contents(out.parent) == before
    return str(raised.value)


def manifest_of(name: str) -> Manifest:
    return Manifest(
        counts={},
        requests=0,
        answers_429=0,
        seconds=0.0,
        gaps=(),
        formats=("jsonl",),
        comments="none",
        workspace=name,
        notion_version="2026-03-11",
        started="2026-05-17T10:42:31+00:00",
    )


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


# What it may be


async def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("mine")

    assert "name a folder that is new, empty, or an earlier export" in await refused(out)


@pytest.mark.parametrize("text", ["{}", "[1]", "nonsense", '{"format": "another"}'])
async def test_a_manifest_of_something_else_does_not_make_an_export(
    tmp_path: Path, text: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "manifest.json").write_text(text)

    assert "something else" in await refused(out)


async def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")

    assert "is not a folder" in await refused(tmp_path / "out")


async def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "else")

    assert "is not a folder" in await refused(tmp_path / "out")


async def test_a_link_to_nowhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to(tmp_path / "nowhere")

    assert "is not a folder" in await refused(tmp_path / "out")


async def test_nothing_can_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "file").chmod(0o777)

    assert "choose another folder" in await refused(tmp_path / "file" / "out")


async def test_a_name_that_the_disk_does_not_take_is_told(tmp_path: Path) -> None:
    assert "choose another folder" in await refused(tmp_path / ("x" * 300))


async def test_a_folder_that_cannot_be_written_to_is_told() -> None:
    async with workspace_of(page("a")) as notion:
        with pytest.raises(ExportError, match=r"cannot be written to.*choose another folder"):
            await export_workspace(notion.client, "/proc/out")


async def test_a_folder_that_may_not_be_looked_into_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()

    def deny(self: Path) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", deny)

    with pytest.raises(ExportError, match="Permission denied"):
        ExportFolder(tmp_path / "out")


async def test_folders_above_are_made(tmp_path: Path) -> None:
    await export(tmp_path / "a" / "b" / "out", "one")

    assert ids(tmp_path / "a" / "b" / "out", "pages") == [uid("one")]


async def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    await export(tmp_path / "out", "one")

    assert ids(tmp_path / "out", "pages") == [uid("one")]


# That it is one export


async def test_an_earlier_export_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    await export(out, "old")
    (out / "property_items.jsonl").write_text("a leftover\n")
    (out / "markdown" / "deep").mkdir()
    (out / "link").symlink_to(tmp_path)

    await export(out, "new")

    assert ids(out, "pages") == [uid("new")]
    assert {path.name for path in out.iterdir()} == {
        *(f"{kind}.jsonl" for kind in ("pages", "blocks", "users", "comments")),
        *("databases.jsonl", "data_sources.jsonl", "markdown", "manifest.json"),
    }
    assert [path.name.partition("-")[0] for path in (out / "markdown").iterdir()] == ["new"]
    assert "out/manifest.json" in contents(tmp_path)


async def test_until_the_end_the_old_export_stands(tmp_path: Path) -> None:
    out = tmp_path / "out"
    await export(out, "old")
    before = contents(out)
    during: list[dict[str, bytes]] = []

    async def look(asked: Asked) -> Reply | None:
        during.append({name: text for name, text in contents(out).items() if name[0] != "."})
        return None

    async with workspace_of(page("new"), intervene=look) as notion:
        await export_workspace(notion.client, out)

    assert all(found == before for found in during)
    assert len(during) > 3


async def test_what_a_crash_left_is_swept(tmp_path: Path) -> None:
    staging = tmp_path / "out" / ".notion-export"
    (staging / "markdown").mkdir(parents=True)
    (staging / "pages.jsonl").write_text("half a li")

    await export(tmp_path / "out", "one")

    assert not staging.exists()
    assert ids(tmp_path / "out", "pages") == [uid("one")]


@pytest.mark.parametrize("kind", ["link", "file"])
async def test_what_stands_in_the_place_of_the_staging_folder_is_not_followed(
    tmp_path: Path, kind: str
) -> None:
    staging = tmp_path / "out" / ".notion-export"
    staging.parent.mkdir()
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "left").mkdir()
    if kind == "link":
        staging.symlink_to(precious)
    else:
        staging.write_text("")

    await export(tmp_path / "out", "one")

    assert (precious / "left").is_dir()
    assert not staging.exists()


class PowerError(BaseException):
    """Nothing is done after this."""


def _prepare(folder: ExportFolder, name: str) -> None:
    (folder.staging / f"only {name}.jsonl").write_text(name)
    (folder.staging / "pages.jsonl").write_text(name)
    (folder.staging / "markdown").mkdir()
    (folder.staging / "markdown" / f"{name}.md").write_text(name)


def _publish(out: Path, name: str) -> dict[str, bytes]:
    with ExportFolder(out) as folder:
        _prepare(folder, name)
        folder.publish(manifest_of(name))
    return contents(out)


@pytest.mark.parametrize("stop", range(11))
def test_a_crash_while_the_new_one_takes_its_place_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    """Whichever renaming is the last before the power goes: the next export finds one whole."""
    old, new = _publish(tmp_path / "out", "old"), _publish(tmp_path / "other", "new")
    rename, done = Path.rename, 0

    def counted(self: Path, target: Path) -> Path:
        nonlocal done
        if done == stop:
            raise PowerError
        done += 1
        return rename(self, target)

    with ExportFolder(tmp_path / "out") as folder:
        _prepare(folder, "new")
        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", counted)
            with contextlib.suppress(PowerError):
                folder.publish(manifest_of("new"))
        shutil.copytree(tmp_path / "out", tmp_path / "crashed")

    assert done == min(stop, 9)  # four of each, and one between them
    standing = {
        name: text
        for name, text in contents(tmp_path / "crashed").items()
        if not name.startswith(".notion-export")
    }
    if "manifest.json" in standing:
        assert standing in (old, new)
    next_one = ExportFolder(tmp_path / "crashed")
    with next_one:
        assert next_one.holds_complete
    assert contents(tmp_path / "crashed") == (new if done == 9 else old)


async def test_two_exports_at_once_do_not_share_a_folder(tmp_path: Path) -> None:
    async def second(asked: Asked) -> Reply | None:
        if asked.is_for("POST", "/v1/search"):
            with pytest.raises(ExportError, match="another export is being written"):
                await export(tmp_path / "out", "second")
        return None

    async with workspace_of(page("first"), intervene=second) as notion:
        manifest = await export_workspace(notion.client, tmp_path / "out")

    assert manifest.complete
    assert ids(tmp_path / "out", "pages") == [uid("first")]


async def test_without_locks_an_export_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)

    await export(tmp_path / "out", "one")

    assert ids(tmp_path / "out", "pages") == [uid("one")]


async def test_what_is_left_of_the_old_one_is_no_reason_to_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await export(tmp_path / "out", "old")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", _rmtree_that_fails(shutil.rmtree))
        await export(tmp_path / "out", "new")

    assert ids(tmp_path / "out", "pages") == [uid("new")]


def _rmtree_that_fails(rmtree: Callable[..., None]) -> Callable[..., None]:
    def failing(path: Path, ignore_errors: bool = False) -> None:
        if ignore_errors:
            return  # as if nothing could be removed
        rmtree(path)

    return failing


# Who may read it


@pytest.mark.usefixtures("open_umask")
async def test_files_and_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    files: dict[str, int] = {}
    folders: dict[str, int] = {}

    def look() -> None:
        for path in (out, *out.rglob("*")):
            found = folders if path.is_dir() else files
            found[str(path.relative_to(tmp_path))] = stat.S_IMODE(path.stat().st_mode)

    async def answer(asked: Asked) -> Reply | None:
        if out.exists():
            look()
        return None

    objects = [page("a"), page("b", under("page_id", "a"))]
    async with workspace_of(*objects, intervene=answer) as notion:
        await export_workspace(notion.client, out)
    look()

    assert "out/.notion-export/index.db" in files
    assert {name for name, mode in files.items() if mode != 0o600} == set()
    assert {name for name, mode in folders.items() if mode != 0o700} == set()
