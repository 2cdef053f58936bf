"""The folder of an export: new ones are made beside the old one, and take its place whole.

Everything is written below ``.notion-export`` in the folder and moved at the end, the manifest
last, so that where a manifest stands, it is that of the files beside it.  What a crash leaves
behind is put right by the next export.
"""

from __future__ import annotations

import io
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

from notion_async.errors import ExportError
from notion_async.export.manifest import FORMAT, Manifest

_STAGING: Final = ".notion-export"
_MANIFEST: Final = "manifest.json"
# Within the staging folder: where the old export goes before the new one takes its place.  The
# name tells whose the files are that still lie in the folder: the old one's, or the new one's.
_LEAVING, _LEFT = "leaving", "left"


def open_private(path: Path, *, append: bool = False) -> io.BufferedWriter:
    """Open a file to write bytes to; what is made is for its owner alone."""
    flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if append else os.O_TRUNC)
    file = os.open(path, flags | getattr(os, "O_BINARY", 0), 0o600)
    return open(file, "wb")  # noqa: PTH123 - a descriptor


def make_private(path: Path) -> None:
    """Make a folder for its owner alone, and those above it."""
    if not path.is_dir():
        make_private(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


class ExportFolder:
    """Where an export goes; a ``with`` block has it to itself.

    Args:
        path: The folder; made if there is none.

    Raises:
        ExportError: It cannot take an export.  Nothing has been written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path).absolute()
        self.staging = self.path / _STAGING
        self._lock: int | None = None
        with self._usable():
            self._check()

    def _check(self) -> None:
        if self.path.is_symlink() or (self.path.exists() and not self.path.is_dir()):
            raise ExportError(f"{self.path} is not a folder: name one that is new or empty")
        existing = self.path
        while not existing.exists():
            existing = existing.parent
        if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
            raise ExportError(f"{existing} cannot be written to: choose another folder")
        if self.path.exists() and not self._is_free():
            raise ExportError(
                f"{self.path} holds something else than an export: name a folder that is new, "
                "empty, or an earlier export"
            )

    def _is_free(self) -> bool:
        names = {entry.name for entry in self.path.iterdir()}
        return (
            not names - {_STAGING} or self._old_manifest() is not None or self._was_interrupted()
        )

    def _was_interrupted(self) -> bool:
        # A crash while an export took the place of another: all that is here is of the two.
        return not self.staging.is_symlink() and any(
            (self.staging / name).is_dir() for name in (_LEAVING, _LEFT)
        )

    def _old_manifest(self) -> dict[str, object] | None:
        try:
            found = msgspec.json.decode((self.path / _MANIFEST).read_bytes())
        except (OSError, msgspec.DecodeError):
            return None
        return found if isinstance(found, dict) and found.get("format") == FORMAT else None

    @property
    def holds_complete(self) -> bool:
        """Whether a complete export stands here already."""
        old = self._old_manifest()
        return old is not None and old.get("complete") is True

    def __enter__(self) -> Self:
        """Make the folder, and room for a new export in it."""
        with self._usable():
            make_private(self.path)
            self._take()
            self._discard()
            self.staging.mkdir(mode=0o700)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Drop what has been prepared and was not published."""
        try:
            self._discard()
        finally:
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None

    def _take(self) -> None:
        """Keep other exports out; the lock ends with the process at the latest."""
        try:
            import fcntl  # noqa: PLC0415 - not on Windows, which has no such lock
        except ModuleNotFoundError:
            return
        lock = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise ExportError(
                f"another export is being written to {self.path}: wait for it, or name another "
                "folder"
            ) from None
        self._lock = lock

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ExportError(
                f"{self.path} cannot be written to ({error.strerror}): choose another folder"
            ) from None

    def _discard(self) -> None:
        if self.staging.is_symlink() or self.staging.is_file():
            self.staging.unlink()
        if not self.staging.exists():
            return
        leaving, left = self.staging / _LEAVING, self.staging / _LEFT
        if left.is_dir() and not (self.path / _MANIFEST).exists():
            # The new export did not get to its manifest: the old one comes back.
            for entry in self._entries():
                _remove(entry)
            left.rename(leaving)
        if leaving.is_dir():
            _move(leaving, self.path)
        shutil.rmtree(self.staging)

    def publish(self, manifest: Manifest) -> None:
        """Put the new export in the place of the old one."""
        text = msgspec.json.format(msgspec.json.encode(manifest.to_json()), indent=2)
        with open_private(self.staging / _MANIFEST) as file:
            file.write(text + b"\n")
            file.flush()
            os.fsync(file.fileno())
        leaving, left = self.staging / _LEAVING, self.staging / _LEFT
        leaving.mkdir(mode=0o700)
        for entry in sorted(self._entries(), key=lambda entry: entry.name != _MANIFEST):
            entry.rename(leaving / entry.name)
        leaving.rename(left)
        _move(self.staging, self.path, but=_LEFT)
        # The new export stands: what is left of the old one is no reason to fail.
        shutil.rmtree(self.staging, ignore_errors=True)

    def _entries(self) -> list[Path]:
        return [entry for entry in self.path.iterdir() if entry.name != _STAGING]


def _move(source: Path, target: Path, *, but: str = "") -> None:
    names = [entry.name for entry in source.iterdir() if entry.name != but]
    for name in sorted(names, key=lambda name: name == _MANIFEST):
        (source / name).rename(target / name)


def _remove(path: Path) -> None:
    if stat.S_ISDIR(path.lstat().st_mode):
        shutil.rmtree(path)
    else:
        path.unlink()
