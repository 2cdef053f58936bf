"""Pages: read, create, change, move, trash and restore.

Notion: https://developers.notion.com/reference/page
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from notion_async.testing import parts
from notion_async.testing.call import Call, Reply
from notion_async.testing.checks import (
    Decoded,
    a_boolean,
    a_string,
    a_uuid,
    an_object,
    failed,
    invalid,
    known_fields,
    one_of,
)
from notion_async.testing.handlers.async_tasks import accepted
from notion_async.testing.markdown_content import drafts_from
from notion_async.testing.projection import page_json
from notion_async.testing.records import Record, title_of
from notion_async.testing.relations import follow
from notion_async.testing.rich_text import PAGE_URL
from notion_async.testing.schema import TITLE_ONLY, Schema, schema_of
from notion_async.testing.store import Store
from notion_async.testing.templates import APPLIED, Wanted, apply_later, wanted
from notion_async.testing.values import (
    edited_values,
    empty_value,
    page_values,
    written_values,
)
from notion_async.testing.writing import Draft, drafts, insert
from notion_async.types import UNSET

_LOOKS: Final = ("icon", "cover")
_CONTENTS: Final = ("children", "content")
_OF_NEW: Final = (
    "parent", "properties", *_LOOKS, *_CONTENTS, "markdown", "allow_async", "template", "position",
)  # fmt: skip
_CHANGED: Final = ("properties", *_LOOKS, "is_locked", "is_archived")
_WORKSPACE: Final[Decoded] = {"type": "workspace", "workspace": True}
_FILTER: Final = ("filter_properties", "filter_properties[]")
_PARENTS: Final = ("page_id", "data_source_id", "database_id")
_NEW_PARENTS: Final = ("page_id", "data_source_id")


def retrieve(call: Call) -> bytes:
    """Answer with a page, long values cut."""
    call.allow(query=_FILTER)
    page = call.store.find("page", call.ids["page_id"])
    return page_json(call, page, call.filter_properties())


def update(call: Call) -> bytes:
    """Change properties, looks or content of a page; move it to the trash or back."""
    # (3P) At 2026-03-11 the old name is refused.
    flags = ("in_trash", "archived") if call.previous else ("in_trash",)
    call.allow(
        query=_FILTER,
        body=(*_CHANGED, "template", "erase_content", *flags),
    )
    store, page = call.store, call.store.find("page", call.ids["page_id"])
    trashed = trash_flag(call, flags)
    content = {name: value for name, value in call.body.items() if name not in flags}
    if content and not _stays_alive(store, page, trashed):
        raise archived("page")
    fields = _changes(store, page, content)
    source = page.parent if page.parent_type == "data_source_id" else None
    template = None
    if "template" in content:
        template = wanted(store, content["template"], source, kinds=APPLIED)
    erases = a_boolean(content.get("erase_content", False), "body.erase_content")
    if trashed is not None:
        store.set_trashed(page.id, trashed)
        touch_parent(store, page)
    if fields:
        _rewrite(store, store.find("page", page.id), fields)
    if trashed is not None or "properties" in fields:
        _follow(store, page)
    if erases and template is None:
        _erase(store, page.id)
    answer = page_json(call, store.find("page", page.id), call.filter_properties())
    if template is not None:
        apply_later(store, page.id, template, replaces=erases)
    return answer


def move(call: Call) -> bytes:
    """Put a page below another page, or among the rows of a data source."""
    call.allow(body=("parent",))
    store, page = call.store, call.store.find("page", call.ids["page_id"])
    if not store.alive(page.id):
        raise archived("page")
    parent, schema = _parent(store, call.body.get("parent", UNSET), _NEW_PARENTS)
    no_loop(store, page, parent)
    before = page
    properties = _moved_values(store, page.decoded()["properties"], schema)
    follow(store, page, schema_of(store, page.parent), page.decoded()["properties"], {})
    _rewrite(store, page, {"parent": parent, "properties": properties})
    follow(store, page, schema, {}, properties)
    twin = store.get("block", page.id)
    if twin is not None:
        store.change(twin, parent=parent)
    page = store.find("page", page.id)
    for place in (before, page):
        touch_parent(store, place)
    return page_json(call, page, ())


def trash_flag(call: Call, flags: Sequence[str]) -> bool | None:
    """Return whether an object is to be in the trash, None where the body does not say."""
    given = [name for name in flags if name in call.body]
    return a_boolean(call.body[given[-1]], f"body.{given[-1]}") if given else None


def touch_parent(store: Store, record: Record) -> None:
    """Note that what lies in the parent of a page or block has changed."""
    if record.parent_type in ("page_id", "block_id"):
        store.touch(record.parent)
        store.refresh_has_children(record.parent)


def _stays_alive(store: Store, page: Record, trashed: bool | None) -> bool:
    in_trash = page.trashed if trashed is None else trashed
    return not in_trash and store.alive(page.parent)


def _changes(store: Store, page: Record, body: Decoded) -> Decoded:
    """Return the new fields of a page, all of them right."""
    fields: Decoded = {}
    if "properties" in body:
        parent = page.decoded()["parent"]
        schema = Schema(TITLE_ONLY)
        if page.parent_type == "data_source_id":
            schema = schema_of(store, page.parent)
        written = written_values(store, schema, body["properties"], "body.properties")
        fields["properties"] = {**page.decoded()["properties"], **written}
        _keep_options(store, parent, schema)
    if "icon" in body:
        fields["icon"] = parts.icon(store, body["icon"], "body.icon")
    if "cover" in body:
        fields["cover"] = parts.cover(store, body["cover"], "body.cover")
    for name in ("is_locked", "is_archived"):
        if name in body:
            fields[name] = a_boolean(body[name], f"body.{name}")
    return fields


def _follow(store: Store, before: Record) -> None:
    """Let relations and rollups elsewhere follow a page that has changed."""
    if before.parent_type == "data_source_id":
        page, schema = store.find("page", before.id), schema_of(store, before.parent)
        values = page.decoded()["properties"]
        follow(store, page, schema, before.decoded()["properties"], values)


def _erase(store: Store, page: str) -> None:
    for block in store.children(page):
        store.set_trashed(block.id, True)
    store.touch(page)


def _rewrite(store: Store, page: Record, fields: Decoded) -> None:
    """Change a page, and with it whatever shows its title or when it was edited."""
    whole: Decoded = {**page.decoded(), **fields}
    whole["properties"] = {**whole["properties"], **edited_values(store, whole["properties"])}
    title = title_of(whole)
    if title != page.title:
        whole["url"] = _url(page.id, title)
    store.load({**whole, **store.stamp()})
    twin = store.get("block", page.id)
    if twin is not None and title != page.title:
        store.change(twin, child_page={"title": title}, **store.stamp())


def _moved_values(store: Store, values: Decoded, schema: Schema) -> Decoded:
    """Return the properties of a page in its new place: those of the same name and type stay."""
    # That the title stays is certain; what Notion does with the others is not recorded.
    title = next(value for value in values.values() if value["type"] == "title")
    moved: Decoded = {}
    for one in schema.properties.values():
        old = title if one.type == "title" else values.get(one.name)
        if old is None or old["type"] != one.type:
            moved[one.name] = empty_value(store, one)
        else:
            moved[one.name] = {**old, "id": one.id}
    return moved


def create(call: Call) -> bytes | Reply:
    """Create a page below another one, or a row of a data source; or a task that does."""
    call.allow(query=_FILTER, body=_OF_NEW)
    if a_boolean(call.body.get("allow_async", False), "body.allow_async"):
        if "markdown" not in call.body:
            raise failed("body.markdown", "defined", UNSET)
        return accepted(call, lambda: msgspec.json.decode(_created(call)))
    return _created(call)


def _created(call: Call) -> bytes:
    store, body = call.store, call.body
    parent, schema = _parent(store, body.get("parent", UNSET))
    template = _template(store, body, parent)
    at = _position(store, parent, body["position"]) if "position" in body else None
    if "markdown" in body:
        body, children = _from_markdown(store, body, schema)
    else:
        if "properties" not in body and template is None:
            raise failed("body.properties", "defined", UNSET)
        name = "children" if "children" in body else "content"
        children = drafts(store, body.get(name, []), f"body.{name}")
    icon = parts.icon(store, body.get("icon"), "body.icon")
    cover = parts.cover(store, body.get("cover"), "body.cover")
    properties = page_values(store, schema, body.get("properties", {}), "body.properties")
    _keep_options(store, parent, schema)
    page = store.add(_page(store, parent, properties, icon, cover), at=at)
    follow(store, page, schema, {}, properties)
    insert(store, page.id, children)
    if "page_id" in parent:
        store.touch(parent["page_id"])
        store.refresh_has_children(parent["page_id"])
    answer = page_json(call, store.find("page", page.id), call.filter_properties())
    if template is not None:
        apply_later(store, page.id, template)
    return answer


def _from_markdown(store: Store, body: Decoded, schema: Schema) -> tuple[Decoded, Sequence[Draft]]:
    """Return the request with the title that is in its Markdown, and the blocks."""
    for name in (*_CONTENTS, "template"):
        if name in body:
            raise failed(f"body.{name}", "not present", body[name])
    markdown = a_string(body["markdown"], "body.markdown")
    given = an_object(body.get("properties", {}), "body.properties")
    named = next(one for one in schema.properties.values() if one.type == "title")
    titled = not {named.name, named.id}.isdisjoint(given)
    title, children = drafts_from(store, markdown, titled=titled)
    if title:
        given = {**given, named.name: {"title": list(title)}}
    return {**body, "properties": given}, children


def _template(store: Store, body: Decoded, parent: Decoded) -> Wanted | None:
    """Return the template that a new page is to have."""
    if "template" not in body:
        return None
    found = wanted(store, body["template"], parent.get("data_source_id"))
    for name in _CONTENTS:
        if found is not None and name in body:
            raise failed(f"body.{name}", "not present", body[name])
    return found


def _position(store: Store, parent: Decoded, value: object) -> int | None:
    """Return where a new page is among the blocks of its parent, None for the end."""
    where = "body.position"
    given = an_object(value, where)
    kinds = ("after_block", "page_start", "page_end")
    kind = one_of(given.get("type", UNSET), f"{where}.type", kinds)
    known_fields(given, where, ("type", *(("after_block",) if kind == "after_block" else ())))
    if "page_id" not in parent:
        # The words are ours: no exchange with Notion shows its own.
        raise invalid("body.position is for pages whose parent is a page.")
    if kind != "after_block":
        return 0 if kind == "page_start" else None
    block = an_object(given.get("after_block", UNSET), f"{where}.after_block")
    identity = a_uuid(block.get("id", UNSET), f"{where}.after_block.id")
    siblings = store.child_ids(parent["page_id"])
    if identity not in siblings:
        # The words are ours, as above.
        raise invalid(f"{where}: block {identity} is not a child of {parent['page_id']}.")
    return siblings.index(identity) + 1


def _page(
    store: Store,
    parent: Decoded,
    properties: Decoded,
    icon: Decoded | None,
    cover: Decoded | None,
) -> Decoded:
    identity = store.new_id()
    return {
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
        "url": _url(identity, title_of({"object": "page", "properties": properties})),
        "public_url": None,
    }


def _url(identity: str, title: str) -> str:
    slug = re.sub(r"[^A-Za-z0-9]+", "-", title).strip("-")
    return PAGE_URL + (f"{slug}-" if slug else "") + identity.replace("-", "")


def _parent(
    store: Store, value: object, kinds: Sequence[str] = _PARENTS
) -> tuple[Decoded, Schema]:
    """Return the parent as a page shows it, and the properties that pages there have."""
    if _is_personal(store) and value is UNSET:
        value = _WORKSPACE
    given = an_object(value, "body.parent")
    if "workspace" in given:
        return _workspace(store, given), Schema(TITLE_ONLY)
    known_fields(given, "body.parent", ("type", *kinds))
    kind = next((name for name in kinds if name in given), kinds[0])
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


def place_of(store: Store, value: object) -> Decoded:
    """Return the parent of a database as it shows it.

    Raises:
        RefusalError: A database cannot be there.
    """
    given = an_object(value, "body.parent")
    if "workspace" in given:
        return _workspace(store, given)
    return _parent(store, given, ("page_id",))[0]


def no_loop(store: Store, record: Record, parent: Decoded) -> None:
    """Refuse a parent that lies in what is moved there."""
    if record.id in store.path(str(parent[parent["type"]])):
        # The words are ours: no exchange with Notion shows its own.
        raise invalid(f"A {record.kind} cannot be moved into itself.")


def _workspace(store: Store, given: Decoded) -> Decoded:
    """Return the top of the workspace as a parent, where the bot acts for a person."""
    known_fields(given, "body.parent", ("type", "workspace"))
    if not _is_personal(store):
        raise invalid(
            "Internal integrations aren't owned by a single user, so creating workspace-level "
            "private pages is not supported."
        )
    if given["workspace"] is not True:
        raise failed("body.parent.workspace", "`true`", given["workspace"])
    return dict(_WORKSPACE)


def _is_personal(store: Store) -> bool:
    return bool(store.bot.decoded()["bot"].get("owner", {}).get("type") == "user")


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
