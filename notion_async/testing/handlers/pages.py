"""Pages: read, create, trash and restore.

Notion: https://developers.notion.com/reference/page
"""

from __future__ import annotations

import re
from typing import Final

from notion_async.testing import parts
from notion_async.testing.call import Call
from notion_async.testing.checks import (
    Decoded,
    a_boolean,
    a_uuid,
    an_object,
    failed,
    invalid,
    known_fields,
)
from notion_async.testing.projection import page_json
from notion_async.testing.records import title_of
from notion_async.testing.rich_text import PAGE_URL
from notion_async.testing.schema import TITLE_ONLY, Schema, schema_of
from notion_async.testing.store import Store
from notion_async.testing.values import page_values
from notion_async.testing.writing import drafts, insert
from notion_async.types import UNSET

_FILTER: Final = ("filter_properties", "filter_properties[]")
_PARENTS: Final = ("page_id", "data_source_id", "database_id")


def retrieve(call: Call) -> bytes:
    """Answer with a page, long values cut."""
    call.allow(query=_FILTER)
    page = call.store.find("page", call.ids["page_id"])
    return page_json(call, page, call.filter_properties())


def update(call: Call) -> bytes:
    """Move a page to the trash or back."""
    # (3P) At 2026-03-11 the old name is refused.
    flags = ("in_trash", "archived") if call.previous else ("in_trash",)
    elsewhere = (
        "properties", "icon", "cover", "is_locked", "template", "erase_content", "is_archived",
    )  # fmt: skip
    call.allow(query=_FILTER, body=flags, elsewhere=elsewhere)
    page = call.store.find("page", call.ids["page_id"])
    for name in flags:
        if name in call.body:
            call.store.set_trashed(page.id, a_boolean(call.body[name], f"body.{name}"))
    return page_json(call, call.store.find("page", page.id), call.filter_properties())


def create(call: Call) -> bytes:
    """Create a page below another one, or a row of a data source."""
    call.allow(
        query=_FILTER,
        body=("parent", "properties", "icon", "cover", "children", "content"),
        elsewhere=("markdown", "allow_async", "template", "position"),
    )
    store, body = call.store, call.body
    parent, schema = _parent(store, body.get("parent", UNSET))
    if "properties" not in body:
        raise failed("body.properties", "defined", UNSET)
    name = "children" if "children" in body else "content"
    children = drafts(store, body.get(name, []), f"body.{name}")
    icon = parts.icon(body.get("icon"), "body.icon")
    cover = parts.cover(body.get("cover"), "body.cover")
    properties = page_values(store, schema, body["properties"], "body.properties")
    _keep_options(store, parent, schema)
    page = store.add(_page(store, parent, properties, icon, cover))
    insert(store, page.id, children)
    if "page_id" in parent:
        store.touch(parent["page_id"])
        store.refresh_has_children(parent["page_id"])
    return page_json(call, page, call.filter_properties())


def _page(
    store: Store,
    parent: Decoded,
    properties: Decoded,
    icon: Decoded | None,
    cover: Decoded | None,
) -> Decoded:
    identity = store.new_id()
    page: Decoded = {
        "object": "page",
        "id": identity,
        "created_time": store.minute(),
        "last_edited_time": store.minute(),
        "created_by": store.author(),
        "last_edited_by": store.author(),
        "cover": cover,
        "icon": icon,
        "parent": parent,
        "in_trash": False,
        "is_archived": False,
        "is_locked": False,
        "properties": properties,
        "public_url": None,
    }
    slug = re.sub(r"[^A-Za-z0-9]+", "-", title_of(page)).strip("-")
    page["url"] = PAGE_URL + (f"{slug}-" if slug else "") + identity.replace("-", "")
    return page


def _parent(store: Store, value: object) -> tuple[Decoded, Schema]:
    """Return the parent as a page shows it, and the properties that pages there have."""
    given = an_object(value, "body.parent")
    if "workspace" in given:
        raise invalid(
            "Internal integrations aren't owned by a single user, so creating workspace-level "
            "private pages is not supported."
        )
    known_fields(given, "body.parent", ("type", *_PARENTS))
    kind = next((name for name in _PARENTS if name in given), _PARENTS[0])
    identity = a_uuid(given.get(kind, UNSET), f"body.parent.{kind}")
    record = store.find(kind.removesuffix("_id"), identity)
    if not store.alive(record.id):
        raise archived(record.kind)
    if kind == "page_id":
        return {"type": kind, kind: identity}, Schema(TITLE_ONLY)
    source = identity if kind == "data_source_id" else _only_source(record.decoded())
    container = store.find("data_source", source).parent if kind != "database_id" else identity
    parent = {"type": "data_source_id", "data_source_id": source, "database_id": container}
    return parent, schema_of(store, source)


def _only_source(database: Decoded) -> str:
    sources = database.get("data_sources", [])
    if len(sources) != 1:
        # The words are ours; that it is a validation_error is Notion's.
        raise invalid("Databases with multiple data sources need body.parent.data_source_id.")
    identity: str = sources[0]["id"]
    return identity


def _keep_options(store: Store, parent: Decoded, schema: Schema) -> None:
    """Store the schema again where a value brought an option that was not in it."""
    source = store.get("data_source", parent.get("data_source_id", ""))
    if source is None:
        return
    definitions = {name: dict(one.definition) for name, one in schema.properties.items()}
    if source.decoded()["properties"] != definitions:
        store.change(source, properties=definitions)


def archived(kind: str) -> Exception:
    """Return the error of a change to something in the trash."""
    return invalid(
        f"Can't edit {kind} that is archived. You must unarchive the {kind} before editing."
    )
