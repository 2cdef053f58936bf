"""Databases: the containers of data sources.

Notion: https://developers.notion.com/reference/database
"""

from __future__ import annotations

from typing import Final

from notion_async.testing import tabs
from notion_async.testing.call import Call
from notion_async.testing.checks import Decoded, an_object, known_fields
from notion_async.testing.handlers.pages import no_loop, place_of, touch_parent
from notion_async.testing.handlers.schemas import (
    DATABASE,
    add_source,
    new_properties,
    show_place,
    updated,
)
from notion_async.testing.records import Record
from notion_async.testing.rich_text import PAGE_URL
from notion_async.testing.store import Store
from notion_async.types import UNSET

_WRITTEN: Final = ("title", "description", "is_inline", "icon", "cover")
_NAME: Final[Decoded] = {"Name": {"title": {}}}
_SOURCE: Final = "body.initial_data_source"


def retrieve(call: Call) -> bytes:
    """Answer with a database."""
    call.allow()
    return call.store.find("database", call.ids["database_id"]).shown(call.version)


def create(call: Call) -> bytes:
    """Create a database with one data source, and a table that shows it."""
    call.allow(body=("parent", "initial_data_source", *_WRITTEN))
    store, body = call.store, call.body
    parent = place_of(store, body.get("parent", UNSET))
    source = an_object(body.get("initial_data_source", {}), _SOURCE)
    known_fields(source, _SOURCE, ("properties",))
    definitions = new_properties(store, source.get("properties", _NAME), f"{_SOURCE}.properties")
    given = [name for name in _WRITTEN if name in body]
    fields: Decoded = {name: DATABASE[name](store, body[name], f"body.{name}") for name in given}
    database = store.add({**_blank(store, parent), **fields})
    add_source(store, database, definitions, database.decoded()["title"], None)
    database = store.find("database", database.id)
    tabs.default_view(store, database.id, database.decoded()["data_sources"][0]["id"])
    touch_parent(store, database)
    return database.shown(call.version)


def update(call: Call) -> bytes:
    """Change what a database is called and looks like, or its place; or move it to the trash."""
    store = call.store
    database = store.find("database", call.ids["database_id"])
    parent = place_of(store, call.body["parent"]) if "parent" in call.body else None
    if parent is not None:
        no_loop(store, database, parent)
    before, database = database, updated(call, "database", DATABASE, more=("parent",))
    if parent is not None:
        database = _moved(store, database, parent)
        touch_parent(store, before)
    twin = store.get("block", database.id)
    if twin is not None and "title" in call.body:
        store.change(twin, child_database={"title": database.title})
    touch_parent(store, database)
    return database.shown(call.version)


def _blank(store: Store, parent: Decoded) -> Decoded:
    identity, now = store.new_id(), tabs.precise(store)
    return {
        "object": "database",
        "id": identity,
        "title": [],
        "description": [],
        "parent": parent,
        "is_inline": False,
        "in_trash": False,
        "is_locked": False,
        "created_time": now,
        "last_edited_time": now,
        "data_sources": [],
        "icon": None,
        "cover": None,
        "url": PAGE_URL + identity.replace("-", ""),
        "public_url": None,
    }


def _moved(store: Store, database: Record, parent: Decoded) -> Record:
    database = store.change(database, parent=parent)
    twin = store.get("block", database.id)
    if twin is not None:
        store.change(twin, parent=parent)
    for one in database.decoded().get("data_sources", []):
        source = store.get("data_source", one["id"])
        if source is not None:
            show_place(store, source, database)
    return database
