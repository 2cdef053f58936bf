"""Rows in general, and the rows of "Events": lean, and many in the same minute."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final

import attrs

from notion_async.testing.seeds import schemas
from notion_async.testing.seeds.decor import cover, icon
from notion_async.testing.seeds.schemas import KINDS, Column, chosen
from notion_async.testing.seeds.text import plain
from notion_async.testing.seeds.titles import label
from notion_async.testing.seeds.world import (
    EVENTS_DATABASE_ID,
    EVENTS_ID,
    one,
    page_url,
    partial_user,
    stamp,
    uid,
)
from notion_async.types import JSON, JSONObject

EVENT_COUNT: Final = 12_000
_BURSTS = (1, 2, 40, 7, 180, 1, 25, 3, 250, 12)  # events in one minute, then a pause
_PAUSE = 700  # minutes


@attrs.frozen(eq=False)
class Table:
    """A data source that rows belong to."""

    database: str
    data_source: str
    columns: Mapping[str, Column]
    ids: Mapping[str, str]

    @classmethod
    def of(cls, database: str, data_source: str, columns: Mapping[str, Column]) -> Table:
        """Return the table, with the id of every column at hand."""
        return cls(database, data_source, columns, schemas.ids(columns))

    def title(self) -> str:
        """Return the name of the column that holds the titles."""
        return next(name for name, column in self.columns.items() if column.type == "title")


def edited(n: int, created: int) -> int:
    """Return the minute in which the `n`-th row was last edited."""
    return created + n * 17 % 3000


def row(
    table: Table,
    n: int,
    identity: str,
    created: int,
    cells: Mapping[str, Callable[[int], JSON]],
    *,
    in_trash: bool = False,
    decorated: bool = False,
) -> JSONObject:
    """Return the `n`-th row of `table`, with what `cells` says for each column."""
    values = {name: cells[name](n) for name in table.columns}
    return {
        "object": "page",
        "id": identity,
        "created_time": stamp(created),
        "last_edited_time": stamp(edited(n, created)),
        "created_by": partial_user(n),
        "last_edited_by": partial_user(n * 3),
        "cover": cover(n) if decorated else None,
        "icon": icon(n) if decorated else None,
        "parent": {
            "type": "data_source_id",
            "data_source_id": table.data_source,
            "database_id": table.database,
        },
        "in_trash": in_trash,
        "is_archived": False,
        "is_locked": False,
        "properties": {
            name: _value(table.ids[name], column.type, values[name])
            for name, column in table.columns.items()
        },
        "url": page_url(shown(values[table.title()]), identity),
        "public_url": None,
    }


def _value(identity: str, kind: str, value: JSON) -> JSONObject:
    held: JSONObject = {"id": identity, "type": kind, kind: value}
    if kind == "relation":
        held["has_more"] = False
    return held


def shown(title: JSON) -> str:
    """Return the characters of rich text."""
    runs = title if isinstance(title, list) else []
    return "".join(str(run["plain_text"]) for run in runs if isinstance(run, dict))


def event_minutes() -> Iterator[int]:
    """Yield the minute in which each event was made, without end."""
    minute = 0
    while True:
        for size in _BURSTS:
            for _ in range(size):
                yield minute
            minute += _PAUSE


def events() -> Iterator[JSONObject]:
    """Yield the rows of "Events", the one in the trash last."""
    table = Table.of(EVENTS_DATABASE_ID, EVENTS_ID, schemas.events())
    minutes = list(islice(event_minutes(), EVENT_COUNT + 1))
    cells: Mapping[str, Callable[[int], JSON]] = {
        "Name": lambda n: plain(label(n)),
        "Height": lambda n: None if n % 10 == 9 else n % 900,
        "Kind": lambda n: chosen(one(KINDS, n)) if n % 7 else None,
        "At": lambda n: stamp(minutes[n]),
    }
    for n, minute in enumerate(minutes):
        yield row(table, n, uid(f"event/{n}"), minute, cells, in_trash=n == EVENT_COUNT)
