"""The folder of an export: new ones are made beside the old one, and take its place whole.

Everything is written below ``.notion-export`` in the folder and moved at the end, the manifest
last, so that what stands in the folder is always one export, the old one or the new one.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

import msgspec

from notion_async.errors import ExportError
from notion_async.export.manifest import FORMAT, Manifest

_STAGING: Final = ".notion-export"
_MANIFEST: Final = "manifest.json"


class ExportFolder:
    """Where an export goes.

    Args:
        path: The folder; made if there is none.

    Raises:
        ExportError: It cannot take an export.  Nothing has been written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path).absolute()
        self.staging = self.path / _STAGING
        self._check()

    def _check(self) -> None:
        if self.path.is_symlink() or (self.path.exists() and not self.path.is_dir()):
            raise ExportError(f"{self.path} is not a folder: name one that is new or empty")
        existing = self.path
        while not existing.exists():
            existing = existing.parent
        if not os.access(existing, os.W_OK | os.X_OK):
            raise ExportError(f"{existing} cannot be written to: choose another folder")
        if self.path.exists() and not self._is_free():
            raise ExportError(
                f"{self.path} holds something else than an export: name a folder that is new, "
                "empty, or an earlier export"
            )

    def _is_free(self) -> bool:
        names = {entry.name for entry in self.path.iterdir()}
        return not names - {_STAGING} or self._old_manifest() is not None

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

    def open(self) -> None:
        """Make the folder, and room for a new export in it."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.discard()
            self.staging.mkdir(mode=0o700)
        except OSError as error:
            raise ExportError(
                f"{self.path} cannot be written to ({error.strerror}): choose another folder"
            ) from None

    def discard(self) -> None:
        """Drop what has been prepared."""
        if self.staging.is_symlink():
            self.staging.unlink()
        elif self.staging.exists():
            shutil.rmtree(self.staging)

    def publish(self, manifest: Manifest) -> None:
        """Put the new export in the place of the old one."""
        text = msgspec.json.format(msgspec.json.encode(manifest.to_json()), indent=2)
        staged = self.staging / _MANIFEST
        with staged.open("wb") as file:
            file.write(text + b"\n")
            file.flush()
            os.fsync(file.fileno())
        for old in self.path.iterdir():
            if old.name == _STAGING:
                continue
            if old.is_dir() and not old.is_symlink():
                shutil.rmtree(old)
            else:
                old.unlink()
        for new in self.staging.iterdir():
            if new.name != _MANIFEST:
                new.rename(self.path / new.name)
        staged.rename(self.path / _MANIFEST)
        self.discard()
