"""H07: what is written is for its owner alone."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from notion_async.export import export_workspace
from tests.clients import answer, client_to
from tests.faults.facing import OBJECTS
from tests.faults.server import serving
from tests.faults.strikes import says
from tests.front import Asked, workspace_of
from tests.testing.emulated import uid


@pytest.fixture
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """Return the permissions of a folder and of all that is in it."""
    return {
        str(path.relative_to(folder.parent)): stat.S_IMODE(path.lstat().st_mode)
        for path in (folder, *folder.rglob("*"))
    }


@pytest.mark.usefixtures("no_umask")
async def test_h07_an_export_is_for_its_owner_alone(tmp_path: Path) -> None:
    seen: dict[str, int] = {}

    async def look(asked: Asked) -> None:
        if (tmp_path / "new").exists():
            seen.update(modes(tmp_path / "new"))  # while it is written

    async with workspace_of(*OBJECTS, intervene=look) as workspace:
        await export_workspace(workspace.client, tmp_path / "new" / "inner")
        await export_workspace(workspace.client, tmp_path / "new" / "inner")
    seen.update(modes(tmp_path / "new"))

    folders = {name for name in seen if (tmp_path / name).is_dir()}
    assert {name: oct(seen[name]) for name in folders if seen[name] != 0o700} == {}
    assert {oct(mode) for name, mode in seen.items() if name not in folders} <= {"0o600", "0o700"}
    assert any(name.endswith(".md") for name in seen)
    written = [path for path in (tmp_path / "new").rglob("*") if path.is_file()]
    assert {oct(stat.S_IMODE(path.stat().st_mode)) for path in written} == {"0o600"}


def modes_of_open_files(folder: Path) -> Iterator[int]:
    """Yield the permissions of the files that this process has open below a folder."""
    for each in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            if str(each.readlink()).startswith(str(folder)):
                yield stat.S_IMODE(each.stat().st_mode)


@pytest.mark.usefixtures("no_umask")
async def test_h07_a_stream_on_its_way_lies_in_a_file_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: set[int] = set()

    async def stream() -> AsyncIterator[bytes]:
        for _ in range(8):
            yield b"x" * 4_000_000
            seen.update(modes_of_open_files(tmp_path))

    me = says(answer({"object": "user", "id": uid("any")}))
    upload = says(answer({"object": "file_upload", "id": uid("any"), "status": "uploaded"}))
    async with serving(me, upload) as server, client_to(server) as notion:
        await notion.file_uploads.upload(stream(), filename="a.bin")

    assert seen == {0o600}
    assert modes(tmp_path).keys() == {tmp_path.name}
