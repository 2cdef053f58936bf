"""Data sources: their schema, and their rows.

Notion: https://developers.notion.com/reference/query-a-data-source
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from notion_async.testing.call import PAGING, Call
from notion_async.testing.checks import a_boolean, one_of
from notion_async.testing.filters import Compiler, RowTest, authorizing_user
from notion_async.testing.paging import INCOMPLETE, LONGEST, cursor_at, listing, place_in
from notion_async.testing.projection import page_json
from notion_async.testing.records import Record
from notion_async.testing.results import Item, Result
from notion_async.testing.schema import schema_of
from notion_async.testing.sorting import Order


def retrieve(call: Call) -> bytes:
    """Answer with a data source."""
    call.allow()
    return call.store.find("data_source", call.ids["data_source_id"]).shown(call.version)


def query(call: Call) -> bytes:
    """Answer with rows, filtered and sorted; without a sort, in the order they came in."""
    flags = ("in_trash", "archived") if call.previous else ("in_trash",)
    call.allow(
        query=("filter_properties", "filter_properties[]"),
        body=("filter", "sorts", "result_type", "is_archived", *flags, *PAGING),
    )
    store, identity = call.store, call.ids["data_source_id"]
    if not store.rows(identity):
        store.find("data_source", identity)
    asked = {name: value for name, value in call.body.items() if name not in PAGING}
    scope = msgspec.json.encode(asked, order="deterministic").decode()
    today = store.wall().date()
    schema = store.get("data_source", identity) or store.rows(identity)[0]
    order = Order(call.body.get("sorts", []), schema_of(store, identity), call.results.values)
    result = call.results.query(
        f"query {identity} {today} {scope}", schema, lambda: _result(call, identity, order, schema)
    )
    # Wikis hold data sources beside pages; the emulator has no wikis.
    is_there = asked.get("result_type", "page") == "page" and store.alive(identity)
    result.refresh(store.generation, lambda: store.rows(identity))
    found = result.items if is_there else []
    rows, cursor = _page(call, found, order, scope)
    wanted = call.filter_properties()
    return listing(
        (page_json(call, row, wanted) for row in rows),
        cursor,
        "page_or_data_source",
        extra=INCOMPLETE if len(found) > LONGEST else b"",
    )


def _page(
    call: Call, found: Sequence[Item], order: Order, scope: str
) -> tuple[Sequence[Record], str | None]:
    """Return a page of rows, and the cursor of what follows.

    A cursor knows where in the order the last row stood.  What became of that row, or of others,
    does not matter; what Notion does is not published.
    """
    cursor, size = call.paging()
    scope = call.scope(scope)
    start = 0
    if cursor is not None:
        places, index = place_in(cursor, scope)
        key = order.key([None if place is None else (place[0], place[1]) for place in places])
        start = bisect_right(found, (key, index), key=lambda item: item[:2])
    most = min(len(found), LONGEST)
    rows = [row for _, _, row in found[start : min(start + size, most)]]
    if not rows or start + size >= most:
        return rows, None
    last = found[start + size - 1]
    return rows, cursor_at([order.places(last[2]), last[1]], scope)


def _result(call: Call, identity: str, order: Order, basis: object) -> Result:
    store, body = call.store, call.body
    one_of(body.get("result_type", "page"), "body.result_type", ("page", "data_source"))
    in_trash = any(a_boolean(body.get(n, False), f"body.{n}") for n in ("in_trash", "archived"))
    is_archived = a_boolean(body.get("is_archived", False), "body.is_archived")
    test: RowTest | None = None
    if body.get("filter") is not None:
        schema = schema_of(store, identity)
        compiler = Compiler(schema, store.wall(), call.results.values, authorizing_user(store))
        test = compiler.compile(body["filter"])

    def found(row: Record) -> bool:
        if row.trashed is not in_trash or is_put_away(row) is not is_archived:
            return False
        return test is None or test(row)

    return Result(found, order.of, basis)


def is_put_away(row: Record) -> bool:
    """Tell whether a page is archived, which is not the same as in the trash."""
    return b'"is_archived":true' in row.body
