"""Views that are run: their rows as they were then, kept for a quarter of an hour.

Notion: https://developers.notion.com/reference/create-view-query
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import attrs
import msgspec

from notion_async.testing.call import PAGING, Call
from notion_async.testing.checks import invalid
from notion_async.testing.filters import Compiler, RowTest, authorizing_user
from notion_async.testing.handlers.views import find_view
from notion_async.testing.paging import INCOMPLETE, LONGEST, listing, page_of
from notion_async.testing.records import Record
from notion_async.testing.schema import schema_of
from notion_async.testing.sorting import Order
from notion_async.testing.view_conditions import named_filter, named_sorts

KEPT: Final = timedelta(minutes=15)
"""How long a result is there."""


@attrs.frozen
class Found:
    """What a view showed.

    Attributes:
        view: The id of the view.
        rows: The ids of the rows, at most 10,000.
        cut: Whether there were more.
        until: When it expires.
    """

    view: str
    rows: Sequence[str]
    cut: bool
    until: datetime


class ViewQueries:
    """The results that are kept, by their ids."""

    def __init__(self) -> None:
        self.found: dict[str, Found] = {}

    def forget(self, now: datetime) -> None:
        """Drop what has expired."""
        self.found = {key: found for key, found in self.found.items() if found.until > now}


def create(call: Call) -> bytes:
    """Run a view, keep what it shows, and answer with the first rows."""
    call.allow(body=("page_size",))
    call.paging()
    store, view = call.store, find_view(call)
    rows = [row.id for row in _rows(call, view)]
    now = store.wall()
    found = Found(view.id, rows[:LONGEST], len(rows) > LONGEST, now + KEPT)
    queries = store.part(ViewQueries)
    queries.forget(now)
    identity = store.new_id()
    queries.found[identity] = found
    page, cursor = _page(call, identity, found)
    answer = {
        "object": "view_query",
        "id": identity,
        "view_id": view.id,
        "expires_at": found.until.astimezone(UTC).isoformat(timespec="milliseconds"),
        "total_count": len(found.rows),
        "results": [{"object": "page", "id": row} for row in page],
        "next_cursor": cursor,
        "has_more": cursor is not None,
    }
    extra = INCOMPLETE if found.cut else b""
    return msgspec.json.encode(answer)[:-1] + extra + b"}"


def results(call: Call) -> bytes:
    """Answer with rows that a view showed when it was run."""
    call.allow(query=PAGING)
    view, identity = find_view(call), call.ids["query_id"]
    queries = call.store.part(ViewQueries)
    queries.forget(call.store.wall())
    found = queries.found.get(identity)
    if found is None or found.view != view.id:
        # That it is object_not_found is Notion's; what it calls a query is not recorded.
        raise call.store.missing("view query", identity)
    page, cursor = _page(call, identity, found)
    references = (msgspec.json.encode({"object": "page", "id": row}) for row in page)
    return listing(references, cursor, "page", extra=INCOMPLETE if found.cut else b"")


def delete(call: Call) -> bytes:
    """Forget what a view showed.  What is gone already may be deleted again."""
    call.allow()
    identity = call.ids["query_id"]
    queries = call.store.part(ViewQueries)
    found = queries.found.get(identity)
    if found is not None and found.view == call.ids["view_id"]:
        del queries.found[identity]
    return msgspec.json.encode({"object": "view_query", "id": identity, "deleted": True})


def _page(call: Call, identity: str, found: Found) -> tuple[Sequence[str], str | None]:
    """Return a page of rows, and the cursor of the next, which both endpoints understand."""
    cursor, size = call.paging()
    scope = f"view query {identity} {call.results.expired}"
    return page_of(found.rows, key=str, scope=scope, cursor=cursor, size=size)


def _rows(call: Call, view: Record) -> list[Record]:
    """Return the rows that a view shows now, by its filter and sorts.

    Quick filters are left to those who look at the view: Notion's reference names only the others.
    """
    if view.type == "dashboard":
        # The words are ours: there is no data source to be asked.
        raise invalid("A dashboard cannot be queried: query the views on it.")
    store, data, values = call.store, view.decoded(), call.results.values
    source = str(data.get("data_source_id"))
    if not store.alive(source):
        return []
    schema = schema_of(store, source)
    filter_ = named_filter(data.get("filter"), schema)
    shows: RowTest | None = None
    if filter_ is not None:
        compiler = Compiler(schema, store.wall(), values, authorizing_user(store))
        shows = compiler.compile(filter_, "filter")
    order = Order(named_sorts(data.get("sorts"), schema) or [], schema, values)
    rows = (row for row in store.rows(source) if not row.trashed)
    return sorted((row for row in rows if shows is None or shows(row)), key=order.of)
