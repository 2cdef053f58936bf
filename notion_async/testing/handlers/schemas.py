"""Data sources: making and changing them, and which properties their rows have.

Notion: https://developers.notion.com/reference/update-a-data-source
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from notion_async.testing import parts
from notion_async.testing.call import Call
from notion_async.testing.checks import (
    Decoded,
    a_boolean,
    a_uuid,
    an_object,
    invalid,
    known_fields,
)
from notion_async.testing.columns import keep
from notion_async.testing.definitions import changed, made
from notion_async.testing.handlers.pages import archived, trash_flag
from notion_async.testing.records import Record
from notion_async.testing.relations import pair
from notion_async.testing.rich_text import rich_text
from notion_async.testing.rollups import refresh_all
from notion_async.testing.schema import Property, Schema, schema_of, unknown
from notion_async.testing.store import Store
from notion_async.testing.tabs import precise
from notion_async.types import UNSET

Reader: TypeAlias = Callable[[Store, object, str], object]
"""Checks a field as it was written, and returns it as it is read."""


def create(call: Call) -> bytes:
    """Put one more data source into a database."""
    call.allow(body=("parent", "properties", "title", "icon"))
    store, body = call.store, call.body
    database = _container(store, body.get("parent", UNSET))
    definitions = new_properties(store, body.get("properties", UNSET), "body.properties")
    title = rich_text(store, body.get("title", []), "body.title")
    icon = parts.icon(store, body.get("icon"), "body.icon")
    source = add_source(store, database, definitions, title, icon)
    return source.shown(call.version)


def update(call: Call) -> bytes:
    """Change the properties of a data source, its name or place; or move it to the trash."""
    store = call.store
    source = store.find("data_source", call.ids["data_source_id"])
    before = schema_of(store, source.id)
    changes = _planned(call, before)
    database = _container(store, call.body["parent"]) if "parent" in call.body else None
    source = updated(call, "data_source", DATA_SOURCE, more=("properties", "parent"))
    if changes is not None:
        keep(store, source.id, *changes)
        _settle(store, source.id, _definitions(before))
    if database is not None:
        _move(store, source, database)
    source = store.find("data_source", source.id)
    if "title" in call.body:
        _list(store, source.parent, source)
    return source.shown(call.version)


def add_source(
    store: Store,
    database: Record,
    definitions: Decoded,
    title: list[Decoded],
    icon: Decoded | None,
) -> Record:
    """Keep a new data source in a database."""
    about = database.decoded()
    source = store.add(
        {
            "object": "data_source",
            "id": store.new_id(),
            "cover": None,
            "icon": icon,
            "created_time": store.minute(),
            "created_by": store.author(),
            **store.stamp(),
            "title": title,
            "description": [],
            "is_inline": about["is_inline"],
            "properties": definitions,
            "parent": {"type": "database_id", "database_id": database.id},
            "database_parent": about["parent"],
            "url": about["url"],
            "public_url": None,
            "in_trash": False,
        }
    )
    _list(store, database.id, source)
    _settle(store, source.id, {})
    return store.find("data_source", source.id)


def new_properties(store: Store, value: object, where: str) -> Decoded:
    """Return the properties of a new data source, by name.

    Raises:
        RefusalError: They cannot be made so, or there is no title among them.
    """
    definitions, _ = _assembled(store, Schema({}), an_object(value, where), where)
    if not any(one["type"] == "title" for one in definitions.values()):
        # (3P) The words are from memory of the live API.
        raise invalid("Title is not provided")
    return definitions


def updated(
    call: Call, kind: str, readers: Mapping[str, Reader], *, more: tuple[str, ...]
) -> Record:
    """Set the fields of the body that are read here, and return the new object.

    Args:
        call: The request.
        kind: What is changed.
        readers: The fields that are set to what these return.
        more: Fields that the caller sees to.
    """
    # (3P) At 2026-03-11 the old name is refused.
    flags = ("in_trash", "archived") if call.previous else ("in_trash",)
    call.allow(body=(*readers, *more, *flags))
    store, record = call.store, call.store.find(kind, call.target)
    trashed = trash_flag(call, flags)
    content = [name for name in call.body if name not in flags]
    if content and (record.trashed if trashed is None else trashed):
        raise archived(kind)
    fields: Decoded = {
        name: readers[name](store, call.body[name], f"body.{name}")
        for name in content
        if name in readers
    }
    if trashed is not None:
        store.set_trashed(record.id, trashed)
    record = store.find(kind, record.id)
    # A database does not say who, and says when to the millisecond.
    stamp = {"last_edited_time": precise(store)} if kind == "database" else store.stamp()
    return store.load({**record.decoded(), **fields, **(stamp if content else {})})


def show_place(store: Store, source: Record, database: Record) -> None:
    """Let a data source say where it is: in which database, and where that is."""
    about = database.decoded()
    store.change(
        source,
        parent={"type": "database_id", "database_id": database.id},
        database_parent=about["parent"],
        url=about["url"],
    )


def _container(store: Store, value: object) -> Record:
    """Return the database that a data source is to be in."""
    given = an_object(value, "body.parent")
    known_fields(given, "body.parent", ("type", "database_id"))
    identity = a_uuid(given.get("database_id", UNSET), "body.parent.database_id")
    database = store.find("database", identity)
    if not store.alive(identity):
        raise archived("database")
    return database


def _move(store: Store, source: Record, database: Record) -> None:
    """Move a data source with its rows into another database."""
    if source.parent == database.id:
        return
    old = store.get("database", source.parent)
    if old is not None:
        left = [one for one in old.decoded()["data_sources"] if one["id"] != source.id]
        store.change(old, data_sources=left)
    show_place(store, source, database)
    _list(store, database.id, source)
    parent = {"type": "data_source_id", "data_source_id": source.id, "database_id": database.id}
    for row in store.rows(source.id):
        store.change(row, parent=parent)


def _list(store: Store, identity: str, source: Record) -> None:
    """Let a database name a data source as that is called now."""
    database = store.get("database", identity)
    if database is None:
        return
    entry = {"id": source.id, "name": source.title}
    listed: list[Any] = database.decoded().get("data_sources", [])
    if any(one["id"] == source.id for one in listed):
        listed = [entry if one["id"] == source.id else one for one in listed]
    else:
        listed = [*listed, entry]
    store.change(database, data_sources=listed)


def _settle(store: Store, source: str, before: Mapping[str, Any]) -> None:
    """Let everything that depends on the properties of a data source follow."""
    pair(store, source, before)
    refresh_all(store, source)


def _definitions(schema: Schema) -> Decoded:
    return {name: dict(one.definition) for name, one in schema.properties.items()}


def _planned(call: Call, schema: Schema) -> tuple[Decoded, dict[str, str]] | None:
    """Return the new schema, and the old names of those properties that stay.

    Raises:
        RefusalError: A property is not there, or cannot be made so.
    """
    if "properties" not in call.body:
        return None
    given = an_object(call.body["properties"], "body.properties")
    return _assembled(call.store, schema, given, "body.properties")


def _assembled(
    store: Store, schema: Schema, given: Decoded, where: str
) -> tuple[Decoded, dict[str, str]]:
    written: dict[str, Decoded | None] = {}
    known = schema
    # Rollups come last: the relation they go by may be as new as they are.
    for reference in sorted(given, key=lambda one: "rollup" in (given[one] or ())):
        path, value, old = f"{where}.{reference}", given[reference], schema.get(reference)
        if value is None:
            _check_deletion(old, reference)
            written[reference] = None
            continue
        if "rollup" in an_object(value, path):
            known = Schema(_whole(schema, written)[0])
        if old is None:
            written[reference] = made(store, reference, value, path, known)
        else:
            written[reference] = changed(store, dict(old.definition), value, path, known)
    return _whole(schema, {reference: written[reference] for reference in given})


def _whole(
    schema: Schema, written: Mapping[str, Decoded | None]
) -> tuple[Decoded, dict[str, str]]:
    """Return the properties there are after these changes, and what they were called before."""
    changes = {
        old.name: definition
        for reference, definition in written.items()
        if (old := schema.get(reference)) is not None
    }
    new: Decoded = {}
    names: dict[str, str] = {}
    for name, one in schema.properties.items():
        definition = changes.get(name, dict(one.definition))
        if definition is not None:
            _enter(new, definition)
            names[definition["name"]] = name
    for reference, definition in written.items():
        if definition is not None and schema.get(reference) is None:
            _enter(new, definition)
    return new, names


def _enter(schema: Decoded, definition: Decoded) -> None:
    name = definition["name"]
    if name in schema:
        # The words are ours: no exchange with Notion shows its own.
        raise invalid(f"There is a property {name} already.")
    if definition["type"] == "title" and any(one["type"] == "title" for one in schema.values()):
        # The words are ours, as above.
        raise invalid("There is a title property already.")
    schema[name] = definition


def _check_deletion(one: Property | None, reference: str) -> None:
    """Refuse to delete a property that is not there, or one that has to be."""
    if one is None:
        raise unknown(reference)
    if one.type == "title":
        # The words are ours, as above.
        raise invalid("The title property cannot be deleted.")


def _boolean(_: Store, value: object, where: str) -> bool:
    return a_boolean(value, where)


def _icon(store: Store, value: object, where: str) -> object:
    return parts.icon(store, value, where)


def _cover(store: Store, value: object, where: str) -> object:
    return parts.cover(store, value, where)


DATA_SOURCE: Final[Mapping[str, Reader]] = {"title": rich_text, "icon": _icon}
DATABASE: Final[Mapping[str, Reader]] = {
    **DATA_SOURCE,
    "description": rich_text,
    "cover": _cover,
    "is_inline": _boolean,
    "is_locked": _boolean,
}
