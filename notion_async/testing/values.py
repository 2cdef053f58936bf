"""Property values as they are written, made into values as a page shows them.

Notion: https://developers.notion.com/reference/page-property-values
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from notion_async.testing import parts
from notion_async.testing.checks import (
    Decoded,
    a_boolean,
    a_number,
    a_string,
    a_uuid,
    an_array,
    an_object,
    invalid,
    known_fields,
    one_of,
)
from notion_async.testing.rich_text import LONGEST_URL, rich_text
from notion_async.testing.schema import Property, Schema
from notion_async.testing.store import Store
from notion_async.types import UNSET

Writer: TypeAlias = Callable[[Store, Property, Any, str], object]
"""Checks a value as it was written, and returns it as it is read."""

LONGEST_ADDRESS: Final = 200
MOST: Final = 100


def page_values(store: Store, schema: Schema, given: object, where: str) -> Decoded:
    """Return all properties of a new page: those given, and the others empty.

    Raises:
        RefusalError: A property is not in the schema, or its value does not suit it.
    """
    written = written_values(store, schema, given, where)
    return {
        one.name: written.get(one.name) or empty_value(store, one)
        for one in schema.properties.values()
    }


def written_values(store: Store, schema: Schema, given: object, where: str) -> Decoded:
    """Return the properties that were given, as a page shows them.

    Raises:
        RefusalError: A property is not in the schema, or its value does not suit it.
    """
    written: Decoded = {}
    for reference, value in an_object(given, where).items():
        one = schema.get(reference)
        if one is None:
            raise invalid(f"{reference} is not a property that exists.")
        content = _written(store, one, value, f"{where}.{reference}")
        written[one.name] = {"id": one.id, "type": one.type, **content}
    return written


def empty_value(store: Store, one: Property) -> Decoded:
    """Return a property that nobody has written, computed where Notion computes it."""
    return {"id": one.id, "type": one.type, **_empty(store, one)}


def is_written(kind: str) -> bool:
    """Tell whether properties of this type are written, and not computed."""
    return kind in _WRITERS


def edited_values(store: Store, values: Decoded) -> Decoded:
    """Return those properties of a page that say when, and by whom, it was edited: now."""
    now: Decoded = {"last_edited_time": store.minute(), "last_edited_by": store.author()}
    return {
        name: {**value, value["type"]: now[value["type"]]}
        for name, value in values.items()
        if value.get("type") in now
    }


def _written(store: Store, one: Property, given: object, where: str) -> Decoded:
    # Notion takes the bare array of a title or text, too.
    value = {one.type: given} if isinstance(given, list) else an_object(given, where)
    if one.type not in value:
        raise invalid(f"{one.name} is expected to be {one.type}.")
    known_fields(value, where, ("id", "type", "name", "has_more", one.type))
    write = _WRITERS.get(one.type)
    if write is None:
        # The words are ours: no exchange with Notion shows its own.
        raise invalid(f"{one.name} is a {one.type} property, whose value cannot be written.")
    content = write(store, one, value[one.type], f"{where}.{one.type}")
    return (
        {one.type: content, "has_more": False} if one.type == "relation" else {one.type: content}
    )


def _empty(store: Store, one: Property) -> Decoded:
    if one.type in ("created_time", "last_edited_time"):
        return {one.type: store.minute()}
    if one.type in ("created_by", "last_edited_by"):
        return {one.type: store.author()}
    if one.type == "unique_id":
        return {one.type: _next_number(store, one)}
    if one.type == "relation":
        return {"relation": [], "has_more": False}
    if one.type == "rollup":
        function = one.definition.get("rollup", {}).get("function", "show_original")
        # What Notion itself answers where it cannot compute: here, until it is computed.
        return {"rollup": {"type": "unsupported", "unsupported": {}, "function": function}}
    if one.type == "formula":
        return {"formula": {"type": "unsupported", "unsupported": {}}}
    unverified = {"state": "unverified", "date": None, "verified_by": None}
    empty = {"checkbox": False, "button": {}, "verification": unverified}
    lists = ("title", "rich_text", "multi_select", "people", "files")
    return {one.type: [] if one.type in lists else empty.get(one.type)}


def _next_number(store: Store, one: Property) -> Decoded:
    number = store.part(Numbers).next(store, one)
    return {"prefix": one.definition.get("unique_id", {}).get("prefix"), "number": number}


class Numbers:
    """The last unique id of each property: no number is given twice, whatever becomes of it."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], int] = {}
        self._seen: dict[tuple[str, str], int] = {}

    def next(self, store: Store, one: Property) -> int:
        """Return the next number, above those that rows were loaded with."""
        key = (one.source, one.id)
        rows = store.rows(one.source)
        found = [self._last.get(key, 0)]
        for row in rows[self._seen.get(key, 0) :]:
            value = one.of(row) if one.name in row.properties() else None
            found.append((value or {}).get("number") or 0)
        self._seen[key] = len(rows)
        self._last[key] = max(found) + 1
        return self._last[key]


def _rich_text(store: Store, _: Property, value: Any, where: str) -> list[Decoded]:
    return rich_text(store, value, where)


def _number(_: Store, __: Property, value: Any, where: str) -> object:
    return None if value is None else a_number(value, where)


def _checkbox(_: Store, __: Property, value: Any, where: str) -> bool:
    return a_boolean(value, where)


def _url(_: Store, __: Property, value: Any, where: str) -> object:
    return None if value is None else a_string(value, where, most=LONGEST_URL)


def _address(_: Store, __: Property, value: Any, where: str) -> object:
    return None if value is None else a_string(value, where, most=LONGEST_ADDRESS)


def _option(store: Store, one: Property, value: Any, where: str) -> Decoded | None:
    if value is None:
        return None
    given = an_object(value, where)
    known_fields(given, where, ("id", "name", "color"))
    for option in one.options():
        if option["id"] == given.get("id") or option["name"] == given.get("name"):
            return {"id": option["id"], "name": option["name"], "color": option["color"]}
    name = a_string(given.get("name", UNSET), f"{where}.name", most=100)
    if one.type == "status":
        raise invalid(f'Status option "{name}" does not exist.')
    return _new_option(one, {"id": store.new_id(), "name": name, "color": "default"})


def _new_option(one: Property, option: Decoded) -> Decoded:
    """Enter an option that was not there; the caller stores the schema."""
    one.options().append({**option, "description": None})
    return option


def _options(store: Store, one: Property, value: Any, where: str) -> list[Decoded | None]:
    given = an_array(value, where, most=MOST)
    return [_option(store, one, option, f"{where}[{i}]") for i, option in enumerate(given)]


def _date(_: Store, __: Property, value: Any, where: str) -> Decoded | None:
    if value is None:
        return None
    given = an_object(value, where)
    known_fields(given, where, ("start", "end", "time_zone"))
    return {
        "start": a_string(given.get("start", UNSET), f"{where}.start"),
        "end": given.get("end"),
        "time_zone": given.get("time_zone"),
    }


def _people(store: Store, _: Property, value: Any, where: str) -> list[Decoded]:
    people = []
    for index, given in enumerate(an_array(value, where, most=MOST)):
        path = f"{where}[{index}]"
        identity = a_uuid(an_object(given, path).get("id", UNSET), f"{path}.id")
        user = store.get("user", identity)
        people.append({"object": "user", "id": identity} if user is None else user.decoded())
    return people


def _relation(_: Store, __: Property, value: Any, where: str) -> list[Decoded]:
    return [
        {"id": a_uuid(an_object(given, where).get("id", UNSET), f"{where}[{index}].id")}
        for index, given in enumerate(an_array(value, where, most=MOST))
    ]


def _verification(store: Store, one: Property, value: Any, where: str) -> Decoded:
    given = an_object(value, where)
    state = one_of(given.get("state", UNSET), f"{where}.state", ("verified", "unverified"))
    known_fields(given, where, ("state", "date") if state == "verified" else ("state",))
    if state == "unverified":
        return {"state": state, "date": None, "verified_by": None}
    date = _date(store, one, given.get("date"), f"{where}.date")
    # Without a date, a page is verified from now on, and for good.
    now = {"start": store.minute(), "end": None, "time_zone": None}
    return {"state": state, "date": date or now, "verified_by": store.author()}


def _files(store: Store, _: Property, value: Any, where: str) -> list[Decoded]:
    given = an_array(value, where, most=MOST)
    return [parts.named_file(store, file, f"{where}[{i}]") for i, file in enumerate(given)]


_WRITERS: Final[dict[str, Writer]] = {
    "title": _rich_text,
    "rich_text": _rich_text,
    "number": _number,
    "checkbox": _checkbox,
    "url": _url,
    "email": _address,
    "phone_number": _address,
    "select": _option,
    "status": _option,
    "multi_select": _options,
    "date": _date,
    "people": _people,
    "relation": _relation,
    "files": _files,
    "verification": _verification,
}
