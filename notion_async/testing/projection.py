"""Pages with some of their properties only."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from notion_async.testing.call import Call
from notion_async.testing.records import Record
from notion_async.testing.schema import Schema


class _Value(msgspec.Struct):
    id: str
    type: str


def page_json(call: Call, page: Record, wanted: Sequence[str]) -> bytes:
    """Return a page with the properties of these names or ids; with all of them where none is.

    Raises:
        RefusalError: The page has no such property.
    """
    body = page.shown(call.version)
    if not wanted:
        return body
    data = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    values = msgspec.json.decode(data["properties"], type=dict[str, msgspec.Raw])
    kept = {property_name(values, reference) for reference in wanted}
    chosen = {name: value for name, value in values.items() if name in kept}
    return msgspec.json.encode({**data, "properties": chosen})


def property_name(values: dict[str, msgspec.Raw], reference: str) -> str:
    """Return the name of the property of this name or id.

    Raises:
        RefusalError: There is none.
    """
    definitions = {
        name: {"id": value.id, "type": value.type}
        for name, raw in values.items()
        for value in (msgspec.json.decode(raw, type=_Value),)
    }
    return Schema(definitions).find(reference).name
