"""Where the Markdown of a page goes: folders as in the workspace, with names any disk takes."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

from notion_async.export.index import Index, Node

_NAME_BYTES: Final = 60  # a path may be deep, and systems count its bytes
_DEEPEST: Final = 16  # folders within each other: a path has at most 4,096 bytes


def file_name(title: str, id: str) -> str:
    """Return a name that tells the title to people and is the page's own by its id.

    Only letters with their marks, digits, ``-`` and ``_`` remain, composed (NFC), at most 60
    bytes of them; so that no name is special anywhere, and none equals another where case is
    ignored.
    """
    name = ""
    for char in unicodedata.normalize("NFKC", title[:_NAME_BYTES]):
        # Marks belong to their letters: many scripts write vowels with them.
        is_mark = unicodedata.category(char).startswith("M")
        if char.isalnum() or char == "_" or (is_mark and name and name[-1] != "-"):
            name += char
        elif not name.endswith("-"):
            name += "-"
    cut = name.encode()[:_NAME_BYTES].decode(errors="ignore").strip("-")
    return f"{cut or 'untitled'}-{id.replace('-', '')}"


class Layout:
    """The folders of a workspace, by what the index knows.

    What lies deeper than any disk allows stands in the deepest folder.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        # Siblings share their folder; what is kept is bounded, and looked up again if need be.
        self._folder = lru_cache(maxsize=4096)(self._find_folder)

    def path(self, node: Node) -> PurePosixPath:
        """Return where the page goes, below the folder of all Markdown, without its suffix."""
        name = file_name(node.name, node.id)
        return PurePosixPath(name) if node.parent is None else self._folder(node.parent) / name

    def _find_folder(self, id: str) -> PurePosixPath:
        names: list[str] = []
        visited: set[str] = set()
        above = self._index.get(id)
        while above is not None and above.id not in visited:
            visited.add(above.id)
            if not self._is_the_only_source(above):
                names.append(file_name(above.name, above.id))
            above = None if above.parent is None else self._index.get(above.parent)
        # What lies in something that is not shared begins at the top.
        return PurePosixPath(*names[: -_DEEPEST - 1 : -1])

    def _is_the_only_source(self, node: Node) -> bool:
        # A database with one data source is one thing to people, and one folder.
        return (
            node.kind == "data_source"
            and node.parent is not None
            and self._index.get(node.parent) is not None
            and self._index.sources_of(node.parent) == 1
        )
