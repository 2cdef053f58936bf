"""Data sources: their schema, and their rows.

Notion: https://developers.notion.com/reference/query-a-data-source
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from notion_async.testing.call import PAGING, Call
from notion_async.testing.checks import a_boolean, one_of
from notion_async.testing.filters import Compiler
from notion_async.testing.paging import INCOMPLETE, LONGEST, listing
from notion_async.testing.projection import page_json
from notion_async.testing.records import Record
from notion_async.testing.schema import schema_of
from notion_async.testing.sorting import sorted_rows


def retrieve(call: Call) -> bytes:
    """Answer with a data source."""
    call.allow()
    return call.store.find("data_source", call.ids["data_source_id"]).shown(call.version)


def query(call: Call) -> bytes:
    """Answer with rows, filtered and sorted; without a sort, in the order they came in."""
    flags = ("in_trash", "archived") if call.previous else ("in_trash",)
    call.allow(
        query=("filter_properties", "filter_properties[]"),
        body=("filter", "sorts", "result_type", *flags, *PAGING),
        elsewhere=("is_archived",),
    )
    store, identity = call.store, call.ids["data_source_id"]
    if not store.rows(identity):
        store.find("data_source", identity)
    asked = {name: value for name, value in call.body.items() if name not in PAGING}
    scope = msgspec.json.encode(asked, order="deterministic").decode()
    found = call.results.get(
        f"query {identity} {scope}", store.generation, lambda: _rows(call, identity)
    )
    rows, cursor = call.page_of(found[:LONGEST], key=lambda row: row.id, scope=scope)
    wanted = call.filter_properties()
    return listing(
        (page_json(call, row, wanted) for row in rows),
        cursor,
        "page_or_data_source",
        extra=INCOMPLETE if len(found) > LONGEST else b"",
    )


def _rows(call: Call, identity: str) -> Sequence[Record]:
    store, body = call.store, call.body
    schema = schema_of(store, identity)
    kind = one_of(body.get("result_type", "page"), "body.result_type", ("page", "data_source"))
    in_trash = any(a_boolean(body.get(n, False), f"body.{n}") for n in ("in_trash", "archived"))
    # Wikis hold data sources beside pages; the emulator has no wikis.
    alive = kind == "page" and store.alive(identity)
    rows: Sequence[Record] = [
        row for row in store.rows(identity) if alive and row.trashed is in_trash
    ]
    if body.get("filter") is not None:
        test = Compiler(schema, store.wall()).compile(body["filter"])
        rows = [row for row in rows if test(row)]
    return sorted_rows(rows, body.get("sorts", []), schema)
