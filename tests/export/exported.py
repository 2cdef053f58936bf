"""Reading an export back."""

from __future__ import annotations

import json
from pathlib import Path

from tests.testing.emulated import Object

KINDS = ("pages", "databases", "data_sources", "blocks", "comments", "users")


def lines(folder: Path, name: str) -> list[Object]:
    """Return the objects of one kind."""
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]


def ids(folder: Path, name: str) -> list[str]:
    return [one["id"] for one in lines(folder, name)]


def manifest(folder: Path) -> Object:
    found: Object = json.loads((folder / "manifest.json").read_bytes())
    return found


def markdown(folder: Path) -> dict[str, str]:
    """Return the Markdown files by the path below their folder."""
    root = folder / "markdown"
    return {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for path in root.rglob("*.md")
    }


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
