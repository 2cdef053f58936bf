"""Views: list, read, create, change and delete.

Notion: https://developers.notion.com/reference/view
"""

from __future__ import annotations

from typing import Final

import msgspec

from notion_async.testing.call import PAGING, Call, exactly_one
from notion_async.testing.checks import (
    Decoded,
    a_string,
    a_uuid,
    an_object,
    failed,
    invalid,
    known_fields,
    one_of,
)
from notion_async.testing.filters import Compiler, authorizing_user
from notion_async.testing.handlers.pages import archived
from notion_async.testing.paging import listing
from notion_async.testing.records import Record
from notion_async.testing.rich_text import PAGE_URL
from notion_async.testing.schema import Schema, schema_of
from notion_async.testing.store import Store
from notion_async.testing.tabs import (
    dashboard_of,
    drop_widget,
    new_view,
    place,
    precise,
    put_widget,
    tabs,
    widget_row,
    widgets,
)
from notion_async.testing.view_conditions import (
    named_filter,
    named_quick_filters,
    named_sorts,
    written_filter,
    written_quick_filters,
    written_sorts,
)
from notion_async.testing.view_configuration import TYPES, configuration, named_configuration
from notion_async.types import UNSET

_PLACES: Final = ("database_id", "view_id", "create_database")
_CONDITIONS: Final = ("filter", "sorts", "quick_filters")
_WRITTEN: Final = ("name", *_CONDITIONS, "configuration")


def list_some(call: Call) -> bytes:
    """Answer with the views of a database, in their order, or with all of a data source."""
    call.allow(query=("database_id", "data_source_id", *PAGING))
    given = {
        name: a_uuid(call.query[name][-1], f"query.{name}")
        for name in ("database_id", "data_source_id")
        if name in call.query
    }
    if not given:
        # That one is needed is Notion's; the words follow its pattern.
        raise failed("query.database_id", "defined", UNSET)
    views = _views(call.store, given.get("database_id"), given.get("data_source_id"))
    page, cursor = call.page_of(views, key=lambda view: view.id, scope=str(given))
    references = (msgspec.json.encode({"object": "view", "id": view.id}) for view in page)
    return listing(references, cursor, "view")


def _views(store: Store, database: str | None, source: str | None) -> list[Record]:
    """Return the views of a database, without widgets; or all of a data source, with them.

    Whether Notion lists widgets is not published.
    """
    if database is not None:
        store.find("database", database)
        found = tabs(store, database)
    else:
        tabs(store, store.find("data_source", str(source)).parent)
        found = list(store.tables["view"].values())
    if source is None:
        return found
    return [view for view in found if view.decoded().get("data_source_id") == source]


def retrieve(call: Call) -> bytes:
    """Answer with a view."""
    call.allow()
    return _shown(call.store, find_view(call))


def find_view(call: Call) -> Record:
    """Return the view that the path names.

    Raises:
        RefusalError: There is none, or it is of a type that the API does not show.
    """
    view = call.store.find("view", call.ids["view_id"])
    if view.type not in TYPES:
        # (3P) As of a feed.
        raise invalid(f"Unsupported view type: {view.type}")
    return view


def create(call: Call) -> bytes:
    """Create a view: as a tab of a database, as a widget, or in a linked database on a page."""
    call.allow(body=("data_source_id", "type", *_WRITTEN, *_PLACES, "position", "placement"))
    store, body = call.store, call.body
    source = _alive(store, "data_source", body.get("data_source_id", UNSET), "body.data_source_id")
    kind = one_of(body.get("type", UNSET), "body.type", TYPES)
    a_string(body.get("name", UNSET), "body.name")
    where = exactly_one(body, _PLACES)
    for field, needed in (("position", "database_id"), ("placement", "view_id")):
        if field in body and where != needed:
            raise failed(f"body.{field}", "not present", body[field])
    written = _written(call, kind, {}, schema_of(store, source.id))
    shows = None if kind == "dashboard" else source.id
    if where == "view_id":
        view = _widget(call, kind, shows, written)
    elif where == "create_database":
        database = _linked_database(store, body[where], source)
        view = store.add(new_view(store, database.id, shows, kind, **written))
    else:
        database = _alive(store, "database", body[where], f"body.{where}")
        others = tabs(store, database.id)
        before = _following(body.get("position", {"type": "end"}), others)
        view = store.add(new_view(store, database.id, shows, kind, **written))
        place(store, view, before)
    return _shown(store, view)


def update(call: Call) -> bytes:
    """Change what a view is called, which rows it shows, in which order, and how."""
    call.allow(body=_WRITTEN)
    store, view = call.store, find_view(call)
    _check_database(store, view)
    old = view.decoded()
    fields = _written(call, view.type, old, schema_of(store, str(old.get("data_source_id"))))
    if fields:
        fields["last_edited_time"], fields["last_edited_by"] = precise(store), store.author()
    return _shown(store, store.change(view, **fields))


def delete(call: Call) -> bytes:
    """Delete a view, for good, and with a dashboard all that is on it."""
    call.allow()
    store, view = call.store, call.store.find("view", call.ids["view_id"])
    _check_database(store, view)
    dashboard = dashboard_of(view)
    if dashboard is None and len(tabs(store, view.parent)) == 1:
        # That it is a validation_error is Notion's; the words are ours.
        raise invalid("A database keeps its last view: delete the database instead.")
    holder = None if dashboard is None else store.get("view", dashboard)
    if holder is not None:
        drop_widget(store, holder, view.id)
    for identity in widgets(view):
        widget = store.get("view", identity)
        if widget is not None:
            store.remove(widget)
    store.remove(view)
    whole = view.decoded()
    return msgspec.json.encode({name: whole[name] for name in ("object", "id", "parent", "type")})


def _written(call: Call, kind: str, old: Decoded, schema: Schema) -> Decoded:
    """Return the fields of a view that the body changes; of a new view, with its configuration."""
    store, body = call.store, call.body
    fields: Decoded = {}
    if "name" in body:
        fields["name"] = a_string(body["name"], "body.name")
    for name in _CONDITIONS:
        if name in body and kind == "dashboard":
            # It has no data source.  The words are ours, after Notion's pattern.
            raise failed(f"body.{name}", "not present", body[name])
    me = authorizing_user(store)
    compiler = Compiler(schema, store.wall(), me=me, known_options=True)
    if "filter" in body:
        fields["filter"] = written_filter(body["filter"], compiler)
    if "sorts" in body:
        fields["sorts"] = written_sorts(body["sorts"], schema, timestamps=not old)
    if "quick_filters" in body:
        before = old.get("quick_filters")
        fields["quick_filters"] = written_quick_filters(body["quick_filters"], before, compiler)
    if "configuration" in body or not old:
        given = body.get("configuration", UNSET)
        before = old.get("configuration") or {}
        fields["configuration"] = configuration(given, kind, before, schema, store.new_id)
    return fields


def _shown(store: Store, view: Record) -> bytes:
    """Return the JSON of a view, with the names that properties have now."""
    data = view.decoded()
    schema = schema_of(store, str(data.get("data_source_id")))
    if schema.properties:  # else the data source was not loaded: as it is
        data["filter"] = named_filter(data.get("filter"), schema)
        data["sorts"] = named_sorts(data.get("sorts"), schema)
        data["quick_filters"] = named_quick_filters(data.get("quick_filters"), schema)
        data["configuration"] = named_configuration(data.get("configuration") or {}, schema)
    return msgspec.json.encode(data)


def _alive(store: Store, kind: str, value: object, where: str) -> Record:
    record = store.find(kind, a_uuid(value, where))
    if not store.alive(record.id):
        raise archived(kind)
    return record


def _check_database(store: Store, view: Record) -> None:
    if not store.alive(view.parent):
        raise archived("database")


def _following(value: object, others: list[Record]) -> Record | None:
    """Return the view that a new one comes before; None where it comes last."""
    where = "body.position"
    given = an_object(value, where)
    kind = one_of(given.get("type", UNSET), f"{where}.type", ("start", "end", "after_view"))
    if kind != "after_view":
        known_fields(given, where, ("type",))
        return others[0] if kind == "start" and others else None
    known_fields(given, where, ("type", "view_id"))
    identity = a_uuid(given.get("view_id", UNSET), f"{where}.view_id")
    order = [view.id for view in others]
    if identity not in order:
        # The words are ours, after Notion's pattern.
        raise failed(f"{where}.view_id", "a view of the same database", identity)
    following = others[order.index(identity) + 1 :]
    return following[0] if following else None


def _widget(call: Call, kind: str, source: str | None, written: Decoded) -> Record:
    """Create a view on a dashboard."""
    store, body = call.store, call.body
    dashboard = store.find("view", a_uuid(body["view_id"], "body.view_id"))
    _check_database(store, dashboard)
    if dashboard.type != "dashboard" or kind == "dashboard":
        # The words are ours.
        raise invalid("Widgets are views on a dashboard, and no dashboards themselves.")
    placement = _placement(body.get("placement", {"type": "new_row"}))
    widget_row(list((dashboard.decoded().get("configuration") or {}).get("rows", [])), placement)
    written["dashboard_view_id"] = dashboard.id
    view = store.add(new_view(store, dashboard.parent, source, kind, **written))
    put_widget(store, dashboard, view.id, placement)
    return view


def _placement(value: object) -> Decoded:
    where = "body.placement"
    given = an_object(value, where)
    known_fields(given, where, ("type", "row_index"))
    kind = one_of(given.get("type", UNSET), f"{where}.type", ("new_row", "existing_row"))
    if kind == "existing_row" and "row_index" not in given:
        raise failed(f"{where}.row_index", "defined", UNSET)
    return given


def _linked_database(store: Store, value: object, source: Record) -> Record:
    """Create a database on a page that shows a data source which lies elsewhere."""
    where = "body.create_database"
    given = an_object(value, where)
    known_fields(given, where, ("parent", "position"))
    parent = an_object(given.get("parent", UNSET), f"{where}.parent")
    known_fields(parent, f"{where}.parent", ("type", "page_id"))
    page = _alive(store, "page", parent.get("page_id", UNSET), f"{where}.parent.page_id")
    at = None
    if "position" in given:
        at = _after_block(store, page, given["position"], f"{where}.position")
    identity, now = store.new_id(), precise(store)
    database = store.add(
        {
            "object": "database",
            "id": identity,
            "title": [],
            "description": [],
            "parent": {"type": "page_id", "page_id": page.id},
            "is_inline": True,
            "in_trash": False,
            "is_locked": False,
            "created_time": now,
            "last_edited_time": now,
            "data_sources": [{"id": source.id, "name": source.title}],
            "icon": None,
            "cover": None,
            "url": PAGE_URL + identity.replace("-", ""),
            "public_url": None,
        },
        at=at,
    )
    store.touch(page.id)
    store.refresh_has_children(page.id)
    return database


def _after_block(store: Store, page: Record, value: object, where: str) -> int:
    """Return the place among the blocks of a page that comes after one of them."""
    given = an_object(value, where)
    known_fields(given, where, ("type", "block_id"))
    one_of(given.get("type", UNSET), f"{where}.type", ("after_block",))
    identity = a_uuid(given.get("block_id", UNSET), f"{where}.block_id")
    siblings = store.child_ids(page.id)
    if identity not in siblings:
        # The words are ours, after Notion's pattern.
        raise failed(f"{where}.block_id", "a block of the page", identity)
    return siblings.index(identity) + 1
