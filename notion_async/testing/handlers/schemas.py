"""Changing databases and data sources: what they are called, and which properties rows have.

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
    a_string,
    an_array,
    an_object,
    invalid,
    known_fields,
    not_offered,
)
from notion_async.testing.handlers.pages import archived, touch_parent, trash_flag
from notion_async.testing.records import Record
from notion_async.testing.rich_text import rich_text
from notion_async.testing.schema import Property, Schema, unknown
from notion_async.testing.store import Store
from notion_async.testing.values import empty_value
from notion_async.types import UNSET

_Reader: TypeAlias = Callable[[Store, object, str], object]

_SIMPLE: Final = (
    "rich_text", "url", "people", "files", "email", "phone_number", "date", "checkbox",
    "created_by", "created_time", "last_edited_by", "last_edited_time", "place",
)  # fmt: skip
_WITH_OPTIONS: Final = ("select", "multi_select")
_MADE: Final = (*_SIMPLE, *_WITH_OPTIONS, "number")
_ELSEWHERE: Final = ("formula", "relation", "rollup", "status", "unique_id")
_MOST_OPTIONS: Final = 100


def update_database(call: Call) -> bytes:
    """Change what a database is called and looks like; move it to the trash or back."""
    database = _updated(call, "database", _DATABASE, elsewhere=("parent",))
    twin = call.store.get("block", database.id)
    if twin is not None and "title" in call.body:
        call.store.change(twin, child_database={"title": database.title})
    touch_parent(call.store, database)
    return database.shown(call.version)


def update_data_source(call: Call) -> bytes:
    """Change the properties of a data source, what it is called, or whether it is in the trash."""
    store = call.store
    source = store.find("data_source", call.ids["data_source_id"])
    changes = _properties(call, source)
    source = _updated(call, "data_source", _DATA_SOURCE, elsewhere=("parent",))
    if changes is not None:
        definitions, names = changes
        source = store.change(source, properties=definitions)
        _rewrite_rows(store, source, names)
    database = store.get("database", source.parent)
    if database is not None and "title" in call.body:
        sources = [
            {**one, "name": source.title} if one["id"] == source.id else one
            for one in database.decoded().get("data_sources", [])
        ]
        store.change(database, data_sources=sources)
    return source.shown(call.version)


def _updated(
    call: Call, kind: str, readers: Mapping[str, _Reader], *, elsewhere: tuple[str, ...]
) -> Record:
    """Set the fields of the body that are read here, and return the new object."""
    # (3P) At 2026-03-11 the old name is refused.
    flags = ("in_trash", "archived") if call.previous else ("in_trash",)
    more = ("properties",) if kind == "data_source" else ()
    call.allow(body=(*readers, *more, *flags), elsewhere=elsewhere)
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
    stamp = store.stamp()
    if kind == "database":  # it does not say who
        del stamp["last_edited_by"]
    return store.load({**record.decoded(), **fields, **(stamp if content else {})})


def _properties(call: Call, source: Record) -> tuple[Decoded, dict[str, str]] | None:
    """Return the new schema, and the old names of those properties that stay.

    Raises:
        RefusalError: A property is not there, or cannot be made so.
    """
    if "properties" not in call.body:
        return None
    schema = Schema(source.decoded().get("properties", {}))
    changes: dict[str, Decoded | None] = {}
    made: list[Decoded] = []
    for reference, value in an_object(call.body["properties"], "body.properties").items():
        where = f"body.properties.{reference}"
        old = schema.get(reference)
        if old is None and value is None:
            raise unknown(reference)
        if old is None:
            made.append(_made(call.store, reference, an_object(value, where), where))
        elif value is None:
            _check_deletion(old)
            changes[old.name] = None
        else:
            given = an_object(value, where)
            changes[old.name] = _changed(call.store, dict(old.definition), given, where)
    new: Decoded = {}
    names: dict[str, str] = {}
    for name, one in schema.properties.items():
        definition = changes.get(name, dict(one.definition))
        if definition is not None:
            _enter(new, definition)
            names[definition["name"]] = name
    for definition in made:
        _enter(new, definition)
    return new, names


def _enter(schema: Decoded, definition: Decoded) -> None:
    name = definition["name"]
    if name in schema:
        # The words are ours: no exchange with Notion shows its own.
        raise invalid(f"There is a property {name} already.")
    schema[name] = definition


def _check_deletion(one: Property) -> None:
    if one.type == "title":
        # The words are ours, as above.
        raise invalid("The title property cannot be deleted.")


def _made(store: Store, name: str, given: Decoded, where: str) -> Decoded:
    kind = next((one for one in (*_MADE, *_ELSEWHERE) if one in given), None)
    if kind is None:
        raise unknown(name)
    if kind in _ELSEWHERE:
        raise not_offered(f"{where}.{kind}")
    known_fields(given, where, ("type", "name", "description", kind))
    return {
        "id": store.new_id()[:8],
        "name": name,
        "description": given.get("description"),
        "type": kind,
        kind: _config(store, kind, given[kind], {}, f"{where}.{kind}"),
    }


def _changed(store: Store, old: Decoded, given: Decoded, where: str) -> Decoded:
    kind = old["type"]
    others = [one for one in (*_MADE, *_ELSEWHERE) if one != kind]
    known_fields(given, where, ("id", "type", "name", "description", kind), elsewhere=others)
    changed = dict(old)
    if "name" in given:
        changed["name"] = a_string(given["name"], f"{where}.name")
    if "description" in given:
        changed["description"] = given["description"]
    if kind in given and kind in _MADE:
        changed[kind] = _config(store, kind, given[kind], old[kind], f"{where}.{kind}")
    return changed


def _config(store: Store, kind: str, value: object, old: Decoded, where: str) -> Decoded:
    given = an_object(value, where)
    if kind == "number":
        known_fields(given, where, ("format",))
        return {"format": a_string(given.get("format", old.get("format", "number")), where)}
    if kind in _WITH_OPTIONS:
        known_fields(given, where, ("options",))
        if "options" not in given:
            return old or {"options": []}
        options = an_array(given["options"], f"{where}.options", most=_MOST_OPTIONS)
        # (3P) Options that are not named again are gone.
        return {"options": [_option(store, one, old, f"{where}.options") for one in options]}
    known_fields(given, where, ())
    return {}


def _option(store: Store, value: object, old: Decoded, where: str) -> Decoded:
    given = an_object(value, where)
    known_fields(given, where, ("id", "name", "color", "description"))
    for option in old.get("options", []):
        if given.get("id", option["id"]) == option["id"] and (
            given.get("name") == option["name"] or "id" in given
        ):
            return {**option, **given}
    name = a_string(given.get("name", UNSET), f"{where}.name", most=100)
    color = given.get("color", "default")
    description = given.get("description")
    return {"id": store.new_id(), "name": name, "color": color, "description": description}


def _rewrite_rows(store: Store, source: Record, names: Mapping[str, str]) -> None:
    """Let each row have the properties of the schema, with the values it had under `names`."""
    schema = Schema(source.decoded()["properties"])
    for row in store.rows(source.id):
        data = row.decoded()
        values: dict[str, Any] = data["properties"]
        data["properties"] = {
            one.name: values.get(names.get(one.name, "")) or empty_value(store, one)
            for one in schema.properties.values()
        }
        store.load(data)


def _boolean(_: Store, value: object, where: str) -> bool:
    return a_boolean(value, where)


def _icon(_: Store, value: object, where: str) -> object:
    return parts.icon(value, where)


def _cover(_: Store, value: object, where: str) -> object:
    return parts.cover(value, where)


_DATA_SOURCE: Final[Mapping[str, _Reader]] = {"title": rich_text, "icon": _icon}
_DATABASE: Final[Mapping[str, _Reader]] = {
    **_DATA_SOURCE,
    "description": rich_text,
    "cover": _cover,
    "is_inline": _boolean,
    "is_locked": _boolean,
}
