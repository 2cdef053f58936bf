"""Properties of a data source as they are written, made into properties as it shows them.

Notion: https://developers.notion.com/reference/property-object
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from notion_async.testing.checks import (
    Decoded,
    a_string,
    a_uuid,
    an_array,
    an_object,
    failed,
    invalid,
    known_fields,
    not_offered,
    one_of,
)
from notion_async.testing.rollups import FUNCTIONS
from notion_async.testing.schema import Schema, unknown
from notion_async.testing.store import Store
from notion_async.types import UNSET

_SIMPLE: Final = (
    "title", "rich_text", "url", "people", "files", "email", "phone_number", "date", "checkbox",
    "created_by", "created_time", "last_edited_by", "last_edited_time", "place", "button",
    "verification",
)  # fmt: skip
_SELECTS: Final = ("select", "multi_select")
_WITH_OPTIONS: Final = (*_SELECTS, "status")
_MADE: Final = (*_SIMPLE, *_WITH_OPTIONS, "number", "unique_id", "relation", "rollup")
_ELSEWHERE: Final = ("formula", "location", "last_visited_time")
_MOST_OPTIONS: Final = 100
_LONGEST_NAME: Final = 100

_GROUPS: Final = (("To-do", "gray"), ("In progress", "blue"), ("Complete", "green"))
_STATUSES: Final = (
    ("Not started", "default", "To-do"),
    ("In progress", "blue", "In progress"),
    ("Done", "green", "Complete"),
)


def made(store: Store, name: str, value: object, where: str, schema: Schema) -> Decoded:
    """Return a new property.

    Args:
        store: Where what it refers to is looked up.
        name: What it is called.
        value: What it is to be.
        where: Where that stands in the request.
        schema: The properties that are there already.

    Raises:
        RefusalError: It cannot be made so.
    """
    given = an_object(value, where)
    kind = kind_of(given, where)
    if kind is None:
        raise unknown(name)
    known_fields(given, where, ("type", "name", "description", kind))
    one_of(given.get("type", kind), f"{where}.type", (kind,))
    new: Decoded = {
        "id": "title" if kind == "title" else store.new_id()[:8],
        "name": name,
        "description": given.get("description"),
        "type": kind,
    }
    return {**new, kind: _config(store, schema, new, given[kind], f"{where}.{kind}")}


def changed(store: Store, old: Decoded, given: Decoded, where: str, schema: Schema) -> Decoded:
    """Return a property that was there, as it is from now on.

    Raises:
        RefusalError: It cannot be made so.
    """
    before = old["type"]
    kind = before if before in given else kind_of(given, where) or before
    known_fields(given, where, ("id", "type", "name", "description", kind))
    if kind != before and "title" in (kind, before):
        # The words are ours: no exchange with Notion shows its own.
        raise invalid(f"{old['name']}: the type of a title property cannot be changed.")
    now: Decoded = {name: value for name, value in old.items() if name != before}
    # A choice of one becomes one of several with the same options, and the other way round.
    kept = old[before] if kind == before or {kind, before} == set(_SELECTS) else {}
    now["type"], now[kind] = kind, kept
    if "name" in given:
        now["name"] = a_string(given["name"], f"{where}.name", most=_LONGEST_NAME)
    if "description" in given:
        now["description"] = given["description"]
    if kind in _ELSEWHERE and given.get(kind, old[kind]) != old[kind]:
        raise not_offered(f"{where}.{kind}")
    if kind in given and kind in _MADE:
        now[kind] = _config(store, schema, now, given[kind], f"{where}.{kind}")
    return now


def kind_of(given: Mapping[str, object], where: str) -> str | None:
    """Return the type that a written property names by its content.

    Raises:
        RefusalError: The emulator does not make properties of this type.
    """
    known_fields(given, where, tuple(given), elsewhere=_ELSEWHERE)
    return next((one for one in _MADE if one in given), None)


def _config(store: Store, schema: Schema, new: Decoded, value: object, where: str) -> Decoded:
    """Return what a property of the type of `new` says; `new` has what it said before."""
    kind, given = new["type"], an_object(value, where)
    old: Decoded = new.get(kind, {})
    if kind == "number":
        known_fields(given, where, ("format",))
        return {"format": a_string(given.get("format", old.get("format", "number")), where)}
    if kind == "unique_id":
        known_fields(given, where, ("prefix",))
        prefix = given.get("prefix", old.get("prefix"))
        return {"prefix": None if prefix is None else a_string(prefix, f"{where}.prefix")}
    if kind == "relation":
        return _relation(store, given, old, where)
    if kind == "rollup":
        return _rollup(store, given, old, where, schema)
    if kind in _WITH_OPTIONS:
        return _choices(store, kind, given, old, where)
    known_fields(given, where, ())
    return {}


def _choices(store: Store, kind: str, given: Decoded, old: Decoded, where: str) -> Decoded:
    known_fields(given, where, ("options", "groups") if kind == "status" else ("options",))
    if "options" not in given:
        if kind == "status":
            return old or _statuses(store)
        return old or {"options": []}
    values = an_array(given["options"], f"{where}.options", most=_MOST_OPTIONS)
    paths = [f"{where}.options[{index}]" for index in range(len(values))]
    written = [an_object(value, path) for value, path in zip(values, paths, strict=True)]
    # (3P) Options that are not named again are gone.
    options = [
        _option(store, value, old, path, ("group",) if kind == "status" else ())
        for value, path in zip(written, paths, strict=True)
    ]
    if kind != "status":
        return {"options": options}
    return _grouped(store, options, [one.get("group") for one in written], old, f"{where}.options")


def _option(
    store: Store, given: Decoded, old: Decoded, where: str, more: Collection[str]
) -> Decoded:
    known_fields(given, where, ("id", "name", "color", "description", *more))
    told = {name: value for name, value in given.items() if name not in more}
    for option in old.get("options", []):
        if given.get("id", option["id"]) == option["id"] and (
            given.get("name") == option["name"] or "id" in given
        ):
            return {**option, **told}
    name = a_string(given.get("name", UNSET), f"{where}.name", most=_LONGEST_NAME)
    color = given.get("color", "default")
    description = given.get("description")
    return {"id": store.new_id(), "name": name, "color": color, "description": description}


def _statuses(store: Store) -> Decoded:
    """Return the statuses that Notion gives to a property that names none."""
    options = [
        {"id": store.new_id(), "name": name, "color": color, "description": None}
        for name, color, _ in _STATUSES
    ]
    return _grouped(store, options, [group for _, _, group in _STATUSES], {}, "")


def _grouped(
    store: Store, options: list[Decoded], wanted: list[Any], old: Decoded, where: str
) -> Decoded:
    """Put each status into the group it names, else where it was, else into the first one."""
    groups: list[Decoded] = [dict(group) for group in old.get("groups", [])] or [
        {"id": store.new_id(), "name": name, "color": color, "option_ids": []}
        for name, color in _GROUPS
    ]
    names = [group["name"] for group in groups]
    before = {identity: group["name"] for group in groups for identity in group["option_ids"]}
    members: dict[str, list[str]] = {name: [] for name in names}
    for index, (option, name) in enumerate(zip(options, wanted, strict=True)):
        if name is not None:
            one_of(name, f"{where}[{index}].group", names)
        members[name or before.get(option["id"], names[0])].append(option["id"])
    return {
        "options": options,
        "groups": [{**group, "option_ids": members[group["name"]]} for group in groups],
    }


def _relation(store: Store, given: Decoded, old: Decoded, where: str) -> Decoded:
    kinds = ("single_property", "dual_property")
    # What Notion itself adds may come back: people copy what they read.
    known_fields(given, where, ("type", "database_id", "data_source_id", *kinds))
    kind = next((one for one in kinds if one in given), None)
    if kind is None:
        raise failed(f"{where}.single_property", "defined", UNSET)
    one_of(given.get("type", kind), f"{where}.type", (kind,))
    identity = a_uuid(given.get("data_source_id", UNSET), f"{where}.data_source_id")
    target = store.find("data_source", identity)
    path = f"{where}.{kind}"
    content = an_object(given[kind], path)
    dual = ("synced_property_id", "synced_property_name")
    known_fields(content, path, dual if kind == "dual_property" else ())
    is_old = old.get("data_source_id") == identity and old.get("type") == kind
    before = old[kind] if is_old else {}
    if content.get(dual[0]) not in (None, before.get(dual[0])):
        raise not_offered(f"{path}.{dual[0]}")
    for name in content:
        a_string(content[name], f"{path}.{name}")
    return {
        "database_id": target.parent,
        "data_source_id": identity,
        "type": kind,
        kind: {**before, **content},
    }


def _rollup(store: Store, given: Decoded, old: Decoded, where: str, schema: Schema) -> Decoded:
    names = ("relation_property_name", "relation_property_id", "rollup_property_name",
             "rollup_property_id")  # fmt: skip
    known_fields(given, where, ("function", *names))
    function = given.get("function", old.get("function", UNSET))
    one_of(function, f"{where}.function", FUNCTIONS)
    relation = schema.find(_reference(given, old, "relation", where))
    if relation.type != "relation":
        # The words are ours: no exchange with Notion shows its own.
        raise invalid(f"{relation.name} is not a relation property.")
    target = store.find("data_source", relation.definition["relation"]["data_source_id"])
    rolled = Schema(target.decoded()["properties"]).find(_reference(given, old, "rollup", where))
    if rolled.type == "rollup":
        # The words are ours, as above.
        raise invalid(f"{rolled.name} is a rollup, which cannot be rolled up again.")
    return {
        "rollup_property_name": rolled.name,
        "relation_property_name": relation.name,
        "rollup_property_id": rolled.id,
        "relation_property_id": relation.id,
        "function": function,
    }


def _reference(given: Decoded, old: Decoded, part: str, where: str) -> str:
    by_id, by_name = f"{part}_property_id", f"{part}_property_name"
    name = by_id if by_id in given else by_name
    value = given.get(name, old.get(by_id, UNSET))
    return a_string(value, f"{where}.{name}")
