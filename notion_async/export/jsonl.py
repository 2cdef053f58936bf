"""JSON Lines: one file for each kind of object, each object as Notion sent it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from notion_async.converters import json_text, unstructure
from notion_async.export.folder import open_private
from notion_async.export.index import Index
from notion_async.export.sink import Sink
from notion_async.models import (
    Block,
    Comment,
    Database,
    DataSource,
    Model,
    Page,
    PropertyItem,
    User,
)

_FILES: Final = ("users", "pages", "databases", "data_sources", "blocks", "comments")


class JsonlSink(Sink):
    """Writes ``pages.jsonl``, ``blocks.jsonl``, …; rows are pages, as they are for Notion.

    ``property_items.jsonl`` holds the elements of properties that are too long for a page
    object, where there are any.

    Args:
        folder: Where the files go.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._files: dict[str, BinaryIO] = {}
        for name in _FILES:  # there even if nothing is written to them
            self._file(name)

    def user(self, user: User) -> None:
        """Write a user."""
        self._write("users", user)

    def page(self, page: Page) -> None:
        """Write a page or row."""
        self._write("pages", page)

    def database(self, database: Database) -> None:
        """Write a database."""
        self._write("databases", database)

    def data_source(self, data_source: DataSource) -> None:
        """Write a data source."""
        self._write("data_sources", data_source)

    def block(self, block: Block) -> None:
        """Write a block."""
        self._write("blocks", block)

    def comment(self, comment: Comment) -> None:
        """Write a comment."""
        self._write("comments", comment)

    def items(self, page: Page, name: str, id: str, items: Sequence[PropertyItem]) -> None:
        """Write the elements of a long property."""
        line = {
            "page_id": page.id,
            "property_id": id,
            "property_name": name,
            "results": [unstructure(item) for item in items],
        }
        self._line("property_items", msgspec.json.encode(line))

    def finish(self, index: Index) -> None:  # noqa: ARG002 - others need it
        """See to it that the files are on the disk before a manifest says so."""
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())

    def close(self) -> None:
        """Close the files: all of them, even if one fails."""
        with ExitStack() as closing:
            for file in self._files.values():
                closing.callback(file.close)

    def _write(self, name: str, item: Model) -> None:
        text = json_text(item)
        if b'"request_id"' in text:
            # It is of the answer, not of the object.
            fields = msgspec.json.decode(text)
            fields.pop("request_id", None)
            text = msgspec.json.encode(fields)
        elif b"\n" in text:
            text = msgspec.json.format(text, indent=-1)
        self._line(name, text)

    def _line(self, name: str, text: bytes) -> None:
        file = self._file(name)
        file.write(text)
        file.write(b"\n")

    def _file(self, name: str) -> BinaryIO:
        file = self._files.get(name)
        if file is None:
            file = self._files[name] = open_private(self._folder / f"{name}.jsonl")
        return file
