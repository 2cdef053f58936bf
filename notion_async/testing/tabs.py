"""The views of a database, in the order of their tabs, and the widgets on a dashboard among them.

Notion: https://developers.notion.com/guides/data-apis/working-with-views
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

from notion_async.testing.checks import Decoded, a_number, failed
from notion_async.testing.records import Record
from notion_async.testing.rich_text import PAGE_URL
from notion_async.testing.store import Store
from notion_async.types import JSON


class TabOrder:
    """In which order databases show their views, where one was not put last."""

    def __init__(self) -> None:
        self.of: dict[str, list[str]] = {}


def precise(store: Store) -> str:
    """Return the time as views and databases carry it, to the millisecond."""
    return store.wall().astimezone(UTC).isoformat(timespec="milliseconds")


def new_view(
    store: Store, database: str, source: str | None, kind: str, **fields: JSON
) -> Decoded:
    """Return a view as it is kept; without further fields, of all there is in the data source.

    Args:
        store: Where ids and times come from.
        database: The database that it lies in.
        source: The data source that it shows; a dashboard has none.
        kind: Its type.
        fields: Its name, and what else it has.
    """
    identity, now = store.new_id(), precise(store)
    return {
        "object": "view",
        "id": identity,
        "parent": {"type": "database_id", "database_id": database},
        "data_source_id": source,
        "name": "",
        "type": kind,
        "created_time": now,
        "created_by": store.author(),
        "last_edited_time": now,
        "last_edited_by": store.author(),
        "url": f"{PAGE_URL}{database.replace('-', '')}?v={identity.replace('-', '')}",
        "filter": None,
        "sorts": None,
        "quick_filters": None,
        "configuration": {"type": kind},
        **fields,
    }


def default_view(store: Store, database: str, source: str) -> Record:
    """Keep the view that every new database has."""
    return store.add(new_view(store, database, source, "table", name="Default view"))


def tabs(store: Store, database: str) -> list[Record]:
    """Return the views of a database in the order of their tabs, without the widgets on them.

    A database has one at least.  Where it was loaded without its views, the one that Notion makes
    with each database stands for them.
    """
    found = [
        view
        for view in store.tables["view"].values()
        if view.parent == database and dashboard_of(view) is None
    ]
    order = store.part(TabOrder).of.get(database, [])
    places = {identity: place for place, identity in enumerate(order)}
    found.sort(key=lambda view: places.get(view.id, len(places)))
    record = store.get("database", database)
    sources = [] if record is None else record.decoded().get("data_sources", [])
    if not found and sources:
        found = [default_view(store, database, sources[0]["id"])]
    return found


def place(store: Store, view: Record, before: Record | None) -> None:
    """Move a view of a database before another one; None: after all."""
    order = [other.id for other in tabs(store, view.parent) if other is not view]
    order.insert(len(order) if before is None else order.index(before.id), view.id)
    store.part(TabOrder).of[view.parent] = order


def dashboard_of(view: Record) -> str | None:
    """Return the id of the dashboard that a view is a widget of, if it is one."""
    found: str | None = view.decoded().get("dashboard_view_id")
    return found


def widget_row(rows: list[Any], placement: Decoded) -> int:
    """Return the number of the row that a new widget comes into; a new one is made in `rows`.

    Raises:
        RefusalError: There is no such row.
    """
    where = "body.placement.row_index"
    is_new = placement["type"] == "new_row"
    highest = len(rows) if is_new else len(rows) - 1
    index = placement.get("row_index", highest)
    if a_number(index, where) != int(index) or not 0 <= index <= highest:
        # The words are ours, after Notion's pattern.
        raise failed(where, f"≤ `{highest}`" if is_new else "an existing row", index)
    if is_new:
        rows.insert(int(index), {"widgets": []})
    return int(index)


def put_widget(store: Store, dashboard: Record, view: str, placement: Decoded) -> None:
    """Put a view on a dashboard.

    Raises:
        RefusalError: There is no such row.
    """
    rows = _rows(dashboard)
    row = rows[widget_row(rows, placement)]
    row.setdefault("id", store.new_id())
    row["widgets"].append({"id": store.new_id(), "view_id": view})
    _keep_rows(store, dashboard, rows)


def drop_widget(store: Store, dashboard: Record, view: str) -> None:
    """Take a view off a dashboard, and with it a row that becomes empty."""
    rows = _rows(dashboard)
    for row in rows:
        row["widgets"] = [widget for widget in row["widgets"] if widget["view_id"] != view]
    _keep_rows(store, dashboard, [row for row in rows if row["widgets"]])


def widgets(dashboard: Record) -> list[str]:
    """Return the ids of the views on a dashboard."""
    return [widget["view_id"] for row in _rows(dashboard) for widget in row["widgets"]]


def _rows(dashboard: Record) -> list[Any]:
    found: list[Any] = (dashboard.decoded().get("configuration") or {}).get("rows", [])
    return found


def _keep_rows(store: Store, dashboard: Record, rows: list[Any]) -> None:
    for index, row in enumerate(rows):
        row["widgets"] = [{**widget, "row_index": index} for widget in row["widgets"]]
    now: Decoded = {"last_edited_time": precise(store), "last_edited_by": store.author()}
    store.change(dashboard, configuration={"type": "dashboard", "rows": rows}, **now)
