"""Two-way relations: each side shows what the other one says.

Notion: https://developers.notion.com/reference/property-object#relation
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from notion_async.testing.checks import Decoded
from notion_async.testing.columns import keep
from notion_async.testing.records import Record
from notion_async.testing.rollups import refresh
from notion_async.testing.schema import Property, Schema, schema_of
from notion_async.testing.store import Store


def pair(store: Store, source: str, before: Mapping[str, Any]) -> None:
    """Bring the other sides of relations in line with the changed schema of a data source.

    A new relation of two sides gets its other one, with what the rows have in the first.  Where
    one side is deleted, the other stays as a relation of one side.

    Args:
        store: Where all of them are.
        source: The data source.
        before: The properties it had.
    """
    now = {one.id: one for one in schema_of(store, source).properties.values()}
    for old in Schema(before).properties.values():
        twin = _twin_id(old)
        if twin and (old.id not in now or _twin_id(now[old.id]) != twin):
            _release(store, old.definition["relation"]["data_source_id"], twin)
    for one in now.values():
        if one.type == "relation" and "dual_property" in one.definition["relation"]:
            _match(store, source, one)
    _tell_names(store)


def follow(
    store: Store, page: Record, schema: Schema, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Let relations and rollups elsewhere follow the values of a page.

    Args:
        store: Where all of them are.
        page: The page whose values have changed.
        schema: Its properties.
        before: The values it had, by name.
        after: Those it has.
    """
    for touched in (page.id, *mirror(store, page.id, schema, before, after)):
        refresh(store, touched)


def mirror(
    store: Store, page: str, schema: Schema, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[str]:
    """Let the other side of relations follow; return the ids of the pages that have changed.

    Args:
        store: Where the pages are.
        page: The page whose values have changed.
        schema: Its properties.
        before: The values it had, by name.
        after: Those it has.
    """
    touched: list[str] = []
    for one in schema.properties.values():
        twin = _twin(store, one)
        if twin is None:
            continue
        old, new = _related(before.get(one.name)), _related(after.get(one.name))
        differing = [*(i for i in old if i not in new), *(i for i in new if i not in old)]
        touched += [
            other for other in differing if _relate(store, other, twin, page, related=other in new)
        ]
    return touched


def _relate(store: Store, page: str, one: Property, other: str, *, related: bool) -> bool:
    """Enter `other` in a relation of a page, or take it out; tell whether that changed it."""
    record = store.get("page", page)
    values: Decoded = {} if record is None else record.decoded()["properties"]
    if record is None or one.name not in values:
        return False
    found = _related(values[one.name])
    if (other in found) is related:
        return False
    left = [*found, other] if related else [identity for identity in found if identity != other]
    relation: Decoded = {"relation": [{"id": identity} for identity in left], "has_more": False}
    value = {"id": one.id, "type": "relation", **relation}
    store.change(record, properties={**values, one.name: value})
    return True


def _related(value: Any) -> list[str]:
    return [one["id"] for one in (value or {}).get("relation", ())]


def _twin_id(one: Property) -> str:
    dual = one.definition.get("relation", {}).get("dual_property") or {}
    return str(dual.get("synced_property_id", ""))


def _twin(store: Store, one: Property) -> Property | None:
    """Return the other side of a relation, where it has one and that was loaded."""
    identity = _twin_id(one)
    target = one.definition.get("relation", {}).get("data_source_id", "")
    if not identity or store.get("data_source", target) is None:
        return None
    return schema_of(store, target).get(identity)


def _release(store: Store, target: str, twin: str) -> None:
    """Let what was the other side of a relation be one without another side."""
    # Assumed: in Notion, people are asked whether it is to go, too.
    if store.get("data_source", target) is None:
        return
    schema = schema_of(store, target)
    one = schema.get(twin)
    if one is not None:
        relation = {**one.definition["relation"], "type": "single_property", "single_property": {}}
        del relation["dual_property"]
        _put(store, target, schema, one.name, {**one.definition, "relation": relation})


def _match(store: Store, source: str, one: Property) -> None:
    """Let a relation have its other side, under the name it is to have."""
    relation = one.definition["relation"]
    target = relation["data_source_id"]
    schema = schema_of(store, target)
    wanted = relation["dual_property"].get("synced_property_name")
    twin = _twin(store, one)
    if twin is not None:
        if wanted and wanted != twin.name and wanted not in schema.properties:
            _put(store, target, schema, twin.name, {**twin.definition, "name": wanted})
        return
    here = store.find("data_source", source)
    name = _free(wanted or f"Related to {here.title} ({one.name})", schema)
    dual = {"synced_property_id": one.id, "synced_property_name": one.name}
    definition: Decoded = {
        "id": store.new_id()[:8],
        "name": name,
        "description": None,
        "type": "relation",
        "relation": {
            "database_id": here.parent,
            "data_source_id": source,
            "type": "dual_property",
            "dual_property": dual,
        },
    }
    _put(store, target, schema, name, definition)
    mine = {"synced_property_id": definition["id"], "synced_property_name": name}
    told = {**one.definition, "relation": {**relation, "dual_property": mine}}
    _put(store, source, schema_of(store, source), one.name, told)
    schema = schema_of(store, source)
    for row in store.rows(source):
        mirror(store, row.id, schema, {}, row.decoded()["properties"])


def _free(name: str, schema: Schema) -> str:
    number, free = 1, name
    while free in schema.properties:
        free, number = f"{name} {number}", number + 1
    return free


def _put(store: Store, source: str, schema: Schema, name: str, definition: Decoded) -> None:
    """Put a property into a data source, in place of the one that is called `name`."""
    old = {one: dict(given.definition) for one, given in schema.properties.items()}
    old[name] = definition
    names = {str(given["name"]): one for one, given in old.items()}
    keep(store, source, {str(given["name"]): given for given in old.values()}, names)


def _tell_names(store: Store) -> None:
    """Let relations and rollups call other properties what those are called now."""
    for record in list(store.tables["data_source"].values()):
        definitions: Decoded = record.decoded().get("properties", {})
        schema = Schema(definitions)
        told = {name: _told(store, schema, one) for name, one in schema.properties.items()}
        if told != definitions:
            store.change(record, properties=told)


def _told(store: Store, schema: Schema, one: Property) -> Decoded:
    definition: Decoded = dict(one.definition)
    twin = _twin(store, one)
    if twin is not None:
        dual = {"synced_property_id": twin.id, "synced_property_name": twin.name}
        definition["relation"] = {**definition["relation"], "dual_property": dual}
    if one.type == "rollup":
        rollup: Decoded = dict(definition["rollup"])
        relation = schema.get(rollup.get("relation_property_id", ""))
        if relation is not None and relation.type == "relation":
            rollup["relation_property_name"] = relation.name
            target = relation.definition["relation"]["data_source_id"]
            rolled = schema_of(store, target).get(rollup.get("rollup_property_id", ""))
            if rolled is not None:
                rollup["rollup_property_name"] = rolled.name
        definition["rollup"] = rollup
    return definition
