"""A changed schema, and the rows that follow it."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any, Final

from notion_async.testing.checks import Decoded
from notion_async.testing.records import Record, plain_text
from notion_async.testing.rich_text import rich_text
from notion_async.testing.schema import Property, schema_of
from notion_async.testing.store import Store
from notion_async.testing.values import empty_value

_ADDRESSES: Final = ("url", "email", "phone_number")
_OWN: Final = ("created_time", "created_by", "last_edited_time", "last_edited_by")


def keep(store: Store, source: str, definitions: Decoded, names: Mapping[str, str]) -> None:
    """Keep the schema of a data source, and let each of its rows have those properties.

    Args:
        store: Where they are.
        source: The data source.
        definitions: Its properties by name.
        names: What the properties that were there before were called, by the name they have.
    """
    store.change(store.find("data_source", source), properties=definitions)
    schema = schema_of(store, source)
    for row in store.rows(source):
        values: Decoded = row.decoded()["properties"]
        now = {
            one.name: _value(store, row, one, values.get(names.get(one.name, "")))
            for one in schema.properties.values()
        }
        if now != values or list(now) != list(values):
            store.change(row, properties=now)


def _value(store: Store, row: Record, one: Property, old: Decoded | None) -> Decoded:
    if old is not None and old["type"] == one.type:
        return _kept(one, old)
    if one.type in _OWN:
        return {"id": one.id, "type": one.type, one.type: row.decoded()[one.type]}
    content = None if old is None else _converted(store, one, old)
    if content is None:
        return empty_value(store, one)
    return {"id": one.id, "type": one.type, one.type: content}


def _kept(one: Property, value: Decoded) -> Decoded:
    """Return a value as the property shows it now: options are called otherwise, or gone."""
    content = value.get(one.type)
    if one.type == "unique_id" and content:
        return {**value, one.type: {**content, "prefix": one.definition[one.type].get("prefix")}}
    if one.type in ("select", "status", "multi_select"):
        options = {option["id"]: option for option in one.options()}
        return {**value, one.type: _chosen(content, options)}
    return value


def _chosen(content: Any, options: Mapping[str, Decoded]) -> Any:
    if isinstance(content, list):
        return [found for one in content if (found := _chosen(one, options)) is not None]
    option = options.get(content["id"]) if content else None
    return None if option is None else {name: option[name] for name in ("id", "name", "color")}


def _converted(store: Store, one: Property, old: Decoded) -> Any:
    """Return the content that a value has in a property of another type, None for nothing.

    What Notion makes of values is not published: here text, numbers and choices stay where they
    can, and everything else is lost.
    """
    content = old.get(old["type"])
    if one.type == "multi_select" and old["type"] == "select":
        return [content] if content else []
    if one.type == "select" and old["type"] == "multi_select":
        return content[0] if content else None
    text = _text(old)
    if one.type == "rich_text" and text:
        return rich_text(store, [{"text": {"content": text[:2000]}}], one.name)
    if one.type in _ADDRESSES:
        return text or None
    if one.type == "number":
        return _number(text)
    return None


def _text(value: Decoded) -> str:
    kind, content = value["type"], value.get(value["type"])
    if kind == "rich_text":
        return plain_text(content)
    if kind in ("select", "status"):
        return str(content["name"]) if content else ""
    if kind == "multi_select":
        return ", ".join(str(option["name"]) for option in content or ())
    if kind in ("number", *_ADDRESSES):
        return "" if content is None else str(content)
    return ""


def _number(text: str) -> int | float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    if not isfinite(number):
        return None
    return int(number) if number == int(number) else number
