"""Search by title.

Notion: https://developers.notion.com/reference/post-search
"""

from __future__ import annotations

from typing import Final

import msgspec

from notion_async.testing.call import PAGING, Call
from notion_async.testing.checks import (
    a_boolean,
    a_string,
    an_object,
    known_fields,
    one_of,
)
from notion_async.testing.paging import listing
from notion_async.testing.records import Record
from notion_async.testing.search_index import SearchIndex
from notion_async.testing.store import Store
from notion_async.types import UNSET

_KINDS: Final = ("page", "data_source")


def search(call: Call) -> bytes:
    """Answer with pages, rows and data sources that have the query in their title."""
    call.allow(body=("query", "filter", "sort", *PAGING))
    text = a_string(call.body.get("query", ""), "body.query").casefold()
    kinds, in_trash = _filter(call.body.get("filter"))
    ascending = _ascending(call.body.get("sort"))

    def compute() -> list[Record]:
        known: dict[str, bool] = {}
        found = [
            record
            for kind in kinds
            for record in call.store.tables[kind].values()
            if text in _title(call.store, record)
            and call.store.alive(record.id, known) is not in_trash
        ]
        found.sort(key=lambda record: record.edited, reverse=not ascending)
        return found

    asked = {name: value for name, value in call.body.items() if name not in PAGING}
    scope = msgspec.json.encode(asked, order="deterministic").decode()
    records = call.results.get(f"search {scope}", call.store.generation, compute)
    index, now = call.store.part(SearchIndex), call.store.wall()
    if index.lag:
        records = [record for record in records if not index.lacks(record, now)]
    page, cursor = call.page_of(records, key=lambda record: record.id, scope=scope)
    results = (record.shown(call.version) for record in page)
    return listing(results, cursor, "page_or_data_source")


def _filter(value: object) -> tuple[tuple[str, ...], bool]:
    """Return the kinds of object that are searched, and whether in the trash."""
    if value is None:
        return _KINDS, False
    given = an_object(value, "body.filter")
    known_fields(given, "body.filter", ("property", "value", "in_trash"))
    in_trash = a_boolean(given.get("in_trash", False), "body.filter.in_trash")
    if "property" not in given and "value" not in given and "in_trash" in given:
        return _KINDS, in_trash
    one_of(given.get("property", UNSET), "body.filter.property", ("object",))
    return (one_of(given.get("value", UNSET), "body.filter.value", _KINDS),), in_trash


def _ascending(value: object) -> bool:
    """Tell whether what was edited first comes first; without a sort, the newest does."""
    if value is None:
        return False
    given = an_object(value, "body.sort")
    known_fields(given, "body.sort", ("timestamp", "direction", "property"))
    if "property" in given:
        one_of(given["property"], "body.sort.property", ("relevance",))
        return False
    one_of(given.get("timestamp", UNSET), "body.sort.timestamp", ("last_edited_time",))
    directions = ("ascending", "descending")
    return one_of(given.get("direction", UNSET), "body.sort.direction", directions) == "ascending"


def _title(store: Store, record: Record) -> str:
    """Return what is searched: a data source is found by the title of its database, too."""
    database = store.get("database", record.parent) if record.kind == "data_source" else None
    return f"{record.title}\n{database.title if database else ''}".casefold()
