"""A workspace with a table of every kind of column, and what its views are tested with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import attrs

from notion_async import AsyncClient, unstructure
from notion_async.models import Model
from tests.clients import client_of
from tests.resources.bodies import fits

from .emulated import (
    NOW,
    Object,
    Raw,
    block,
    data_source,
    database,
    emulated,
    page,
    row,
    uid,
    under,
    words,
)
from .test_emulator_query import column, option, options

DATABASE = uid("Tasks")
SOURCE = uid("Table")
ADA = uid("ada")

_COLUMNS = {
    "Name": column("title", "title"),
    "Text": column("tx", "rich_text"),
    "Mail": column("ml", "email"),
    "Size": column("sz", "number", format="number"),
    "Done": column("dn", "checkbox"),
    "Kind": column("kd", "select", options=options("small", "large")),
    "State": column(
        "st",
        "status",
        options=options("new", "open", "closed"),
        groups=[{"id": "g", "name": "Active", "color": "blue", "option_ids": ["o-new", "o-open"]}],
    ),
    "Tags": column("tg", "multi_select", options=options("red", "blue")),
    "Due": column("du", "date"),
    "Who": column("wh", "people"),
    "Links": column(
        "%3Ar",
        "relation",
        type="single_property",
        single_property={},
        database_id=uid("Tasks"),
        data_source_id=uid("Table"),
    ),
    "Made": column("md", "created_time"),
    "Sum": column("fo", "formula", expression="1"),
    "Where": column("pl", "place"),
}
COLUMNS = {name: {**one, "name": name} for name, one in _COLUMNS.items()}


def cell(name: str, value: object) -> Object:
    one = COLUMNS[name]
    return {name: {"id": one["id"], "type": one["type"], one["type"]: value}}


def task(name: str, size: int, kind: str, **more: Any) -> Object:
    cells = {**cell("Size", size), **cell("Kind", option(kind)), **cell("Text", words(name))}
    return row(name, "Table", {**cells, **more})


TASKS = [
    task("a", 3, "small", **cell("Who", [{"object": "user", "id": ADA}])),
    task("b", 2, "large"),
    task("c", 1, "small"),
]


def loaded_view(name: str, **fields: Any) -> Object:
    """Return a view as Notion sends it."""
    return {
        "object": "view",
        "id": uid(name),
        "parent": under("database_id", "Tasks"),
        "data_source_id": SOURCE,
        "name": name,
        "type": "table",
        "created_time": "2026-05-01T08:00:57.778+00:00",
        "last_edited_time": "2026-05-01T08:00:57.778+00:00",
        "created_by": {"object": "user", "id": ADA},
        "last_edited_by": {"object": "user", "id": ADA},
        "url": f"https://app.notion.com/p/{DATABASE}?v={uid(name)}",
        "filter": None,
        "sorts": None,
        "quick_filters": None,
        "configuration": {"type": "table"},
        **fields,
    }


@attrs.define
class Watch:
    """A time of day that a test sets."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


@attrs.frozen
class Office:
    """An emulated workspace, and two ways to ask it."""

    notion: AsyncClient
    raw: Raw
    watch: Watch

    async def wrong(self, **fields: Any) -> str:
        """Return why a view cannot be created so."""
        body = {"data_source_id": SOURCE, "name": "New", "type": "table", **fields}
        if not body.keys() & {"database_id", "view_id", "create_database"}:
            body["database_id"] = DATABASE
        return await self.raw.wrong("POST", "/v1/views", body)


@asynccontextmanager
async def office(*objects: Object) -> AsyncIterator[Office]:
    watch = Watch()
    home = [page("Home"), block("text", under("page_id", "Home")), block("more", page_of("Home"))]
    table = [
        database("Tasks", page_of("Home"), ("Table",)),
        data_source("Table", "Tasks", COLUMNS),
        *TASKS,
    ]
    async with (
        emulated(*home, *table, *objects, wall=watch) as raw,
        client_of(raw.emulator) as notion,
    ):
        yield Office(notion, raw, watch)


def page_of(name: str) -> Object:
    return under("page_id", name)


def sent(answer: Model) -> Object:
    """Return what the emulator sent, without the id of the request."""
    return {name: value for name, value in unstructure(answer).items() if name != "request_id"}


def fits_closely(shared: Path, view: Mapping[str, Any]) -> None:
    """Fail unless a view has the published shape, and nothing more."""
    # Of filters, the types name only what they begin with.
    fits(shared, "DataSourceViewObjectResponse", {**view, "filter": None})
