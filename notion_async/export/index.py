"""What an export knows of the workspace: on disk, so that memory does not grow with it.

Each page, row, database and data source has a line: what it lies in, its name, and whether it is
done.  The same table is the queue of what is still to do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs

from notion_async.export.folder import open_private

# What is done first: databases and data sources bring more to do.
_ORDER: Final = ("database", "data_source", "page", "row")

_SCHEMA: Final = """
CREATE TABLE nodes (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    parent TEXT,
    name TEXT NOT NULL,
    state INTEGER NOT NULL,
    written INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX waiting ON nodes (kind, id) WHERE state = 0;
"""
_WAITING, _TAKEN, _HEARD_OF = 0, 1, 2


@attrs.frozen
class Node:
    """One line of the index."""

    id: str
    kind: str
    parent: str | None
    """The id of the page, database or data source it lies in; None at the top."""
    name: str


class Index:
    """The lines of one export."""

    def __init__(self, path: Path) -> None:
        self._path = path
        open_private(path).close()
        self._db = sqlite3.connect(path, isolation_level=None)
        # Made anew by each run: it need not survive a crash.
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """How many are still to do."""
        return self._waiting

    def add(
        self, id: str, kind: str, *, parent: str | None, name: str, queue: bool = True
    ) -> None:
        """Note an object.

        What is known of it already stays; a parent or name that was missing is filled in.

        Args:
            id: The object.
            kind: ``page``, ``row``, ``database`` or ``data_source``.
            parent: What it lies in.
            name: Its title.
            queue: Whether it is to be done; if not, it is only heard of.
        """
        new = self._db.execute(
            "INSERT OR IGNORE INTO nodes VALUES (?, ?, ?, ?, ?, 0)",
            (id, kind, parent, name, _WAITING if queue else _HEARD_OF),
        ).rowcount
        if new:
            self._waiting += queue
            return
        self._db.execute(
            "UPDATE nodes SET parent = coalesce(parent, ?), "
            "name = CASE name WHEN '' THEN ? ELSE name END WHERE id = ?",
            (parent, name, id),
        )
        if queue:
            self._waiting += self._db.execute(
                "UPDATE nodes SET state = ? WHERE id = ? AND state = ?", (_WAITING, id, _HEARD_OF)
            ).rowcount

    def queue_rest(self) -> int:
        """Queue what was only heard of; return how many."""
        queued = self._db.execute(
            "UPDATE nodes SET state = ? WHERE state = ?", (_WAITING, _HEARD_OF)
        ).rowcount
        self._waiting += queued
        return queued

    def mark_written(self, id: str) -> bool:
        """Note that an object is written; tell whether it was not before."""
        return bool(
            self._db.execute(
                "UPDATE nodes SET written = 1 WHERE id = ? AND written = 0", (id,)
            ).rowcount
        )

    def is_written(self, id: str) -> bool:
        """Tell whether an object is written."""
        found = self._db.execute("SELECT written FROM nodes WHERE id = ?", (id,)).fetchone()
        return bool(found and found[0])

    def take(self) -> Node | None:
        """Return one that waits, and mark it; None where none does."""
        for kind in _ORDER:
            row = self._db.execute(
                "SELECT id, kind, parent, name FROM nodes WHERE state = 0 AND kind = ? LIMIT 1",
                (kind,),
            ).fetchone()
            if row is not None:
                self._db.execute("UPDATE nodes SET state = ? WHERE id = ?", (_TAKEN, row[0]))
                self._waiting -= 1
                return Node(*row)
        return None

    def get(self, id: str) -> Node | None:
        """Return the line of an object."""
        row = self._db.execute(
            "SELECT id, kind, parent, name FROM nodes WHERE id = ?", (id,)
        ).fetchone()
        return None if row is None else Node(*row)

    def sources_of(self, database_id: str) -> int:
        """Return how many data sources of a database are known."""
        found: tuple[int] = self._db.execute(
            "SELECT count(*) FROM nodes WHERE kind = 'data_source' AND parent = ?", (database_id,)
        ).fetchone()
        return found[0]

    def documents(self) -> Iterator[Node]:
        """Yield every page and row that was written."""
        found = self._db.execute(
            "SELECT id, kind, parent, name FROM nodes WHERE written AND kind IN ('page', 'row')"
        )
        for row in found:
            yield Node(*row)

    def delete(self) -> None:
        """Close the file and remove it."""
        self._db.close()
        self._path.unlink(missing_ok=True)
