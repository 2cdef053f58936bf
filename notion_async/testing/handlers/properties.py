"""Single properties of a page, whole where the page shows them cut.

Notion: https://developers.notion.com/reference/retrieve-a-page-property
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from notion_async.testing.call import PAGING, Call
from notion_async.testing.checks import Decoded
from notion_async.testing.paging import listing
from notion_async.testing.projection import property_name
from notion_async.testing.records import LISTED_TYPES


def retrieve(call: Call) -> bytes:
    """Answer with a value, or with a list of its elements where the type is one of lists."""
    call.allow(query=PAGING)
    page = call.store.find("page", call.ids["page_id"])
    values = page.properties()
    name = property_name(values, call.ids["property_id"])
    value = msgspec.json.decode(values[name])
    kind, content = value["type"], value.get(value["type"])
    if kind in LISTED_TYPES:
        items = [_item(value["id"], kind, element) for element in content or ()]
        return _list(call, items, {"id": value["id"], "type": kind, kind: {}})
    if kind == "rollup":
        return _rollup(call, value["id"], content)
    return msgspec.json.encode(_item(value["id"], kind, content))


def _rollup(call: Call, identity: str, rollup: Decoded) -> bytes:
    """Answer with what was rolled up, and with the aggregate beside the results."""
    elements = rollup.get("array", []) if rollup.get("type") == "array" else []
    items = [_item(identity, element["type"], element[element["type"]]) for element in elements]
    aggregate = {**rollup, "array": []} if elements else rollup
    return _list(call, items, {"id": identity, "type": "rollup", "rollup": aggregate})


def _list(call: Call, items: Sequence[Decoded], about: Decoded) -> bytes:
    positions = range(len(items))
    # Elements have no ids of their own: they are known by their place.
    page, cursor = call.page_of(positions, key=str)
    next_url = None
    if cursor is not None:
        path = f"/v1/pages/{call.ids['page_id']}/properties/{call.ids['property_id']}"
        next_url = f"{call.base_url}{path}?start_cursor={quote(cursor)}"
    return listing(
        (msgspec.json.encode(items[index]) for index in page),
        cursor,
        "property_item",
        about=msgspec.json.encode({**about, "next_url": next_url}),
    )


def _item(identity: str, kind: str, content: Any) -> Decoded:
    return {"object": "property_item", "type": kind, "id": identity, kind: content}
