"""What methods send of the objects they are given: what was read, without what is not written.

Mappings are sent as they are given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias, cast

from notion_async.converters import request_json
from notion_async.errors import ConfigurationError
from notion_async.models import (
    Audio,
    Block,
    BlockContent,
    File,
    FileObject,
    FileUpload,
    Icon,
    Image,
    Parent,
    Pdf,
    PropertySchema,
    PropertySchemaContent,
    PropertyValue,
    RichText,
    Unsupported,
    Video,
    text,
)
from notion_async.models._tagged import Content
from notion_async.resources._resource import (
    BlockLike,
    CoverLike,
    IconLike,
    ParentLike,
    PropertyLike,
    writable,
)
from notion_async.types import JSON, UNSET, JSONObject, Maybe

RichTextLike: TypeAlias = str | Sequence[RichText | Mapping[str, object]]
"""Rich text; a plain `str` is one run without looks, and an empty one no run."""
SchemaLike: TypeAlias = PropertySchema | PropertySchemaContent | Mapping[str, object]
AttachmentLike: TypeAlias = FileUpload | Mapping[str, object]

SHOWN: Final = 25
"""How many elements of a long value Notion shows in a page."""

# What Notion takes when a schema is made, but not when it is changed.
_ONLY_MADE: Final = ("button", "location", "verification", "last_visited_time")
_ELSEWHERE: Final = {"child_page": "pages.update", "child_database": "databases.update"}
_FIXED: Final = (
    "column_list", "link_preview", "meeting_notes", "transcription", "unsupported", *_ELSEWHERE,
)  # fmt: skip


def rich_text(given: Maybe[RichTextLike]) -> object:
    """Return rich text to be written."""
    if isinstance(given, str):
        return [text(given)] if given else []
    return given


def parent(given: Maybe[ParentLike]) -> object:
    """Return a parent to be written, with its type: some endpoints ask for it.

    Raises:
        ConfigurationError: It names nothing, or something that this version does not know.
    """
    if not isinstance(given, Parent):
        return given
    fields = _fields(given)
    if not fields:
        raise ConfigurationError("this parent has no id: give Parent(page_id=…) or another one")
    return {"type": next(iter(fields)), **fields}


def picture(given: Maybe[IconLike | CoverLike | None]) -> object:
    """Return an icon or a cover to be written.

    Raises:
        ConfigurationError: Notion holds the file itself, and does not accept it here.
    """
    if isinstance(given, (Icon, FileObject)) and given.file:
        raise ConfigurationError(
            "Notion does not accept a file that it holds itself as an icon or cover: fetch it "
            "from its url, upload it, and give the upload, or leave it out to change nothing"
        )
    return given


def children(given: Maybe[Sequence[BlockLike | BlockContent]]) -> object:
    """Return the blocks of a new page.

    Raises:
        ConfigurationError: There are too many.
    """
    if given is UNSET:
        return UNSET
    if len(given) > 100:
        raise ConfigurationError(
            f"a page is created with 100 blocks at most, not {len(given)}: append the others "
            "with blocks.children.append"
        )
    return writable(given)


def attachments(given: Maybe[Sequence[AttachmentLike]]) -> object:
    """Return the files of a comment.

    Raises:
        ConfigurationError: There are too many.
    """
    if given is UNSET:
        return UNSET
    if len(given) > 3:
        raise ConfigurationError(f"a comment takes 3 attachments at most, not {len(given)}")
    return [
        {"file_upload_id": each.id} if isinstance(each, FileUpload) else each for each in given
    ]


def property_values(given: Maybe[Mapping[str, PropertyLike]]) -> object:
    """Return the values of a page's properties; of those that were read, only what is written.

    Raises:
        ConfigurationError: A value was read and is not whole, or only Notion computes it.
    """
    if given is UNSET:
        return UNSET
    return {name: _value(name, value) for name, value in given.items()}


def _value(name: str, given: PropertyLike) -> object:
    content = given.content if isinstance(given, PropertyValue) else given
    if isinstance(content, Unsupported):
        return PropertyValue(content)
    if not isinstance(content, Content):
        return given
    fields = _fields(given)
    if not _was_read(content):
        if content.kind not in fields:
            raise ConfigurationError(f"property {name!r}: only Notion sets a {content.kind}")
        return fields
    _check_whole(name, content, fields)
    if content.kind == "verification":
        return _verification(fields)
    return fields if content.kind in fields else UNSET


def _check_whole(name: str, content: Content, fields: JSONObject) -> None:
    found = fields.get(content.kind)
    elements = found if isinstance(found, list) else []
    cut: object = False
    if content.kind == "relation":
        cut = getattr(content, "has_more", False)
    elif content.kind in ("title", "rich_text", "people"):
        # Notion does not say whether these are cut, nor quite what it counts.
        mentions = [one for one in elements if isinstance(one, Mapping) and "mention" in one]
        cut = len(elements) == SHOWN or len(mentions) >= SHOWN
    if cut:
        raise ConfigurationError(
            f"property {name!r} was read with {len(elements)} elements, and Notion cuts long "
            f"values at {SHOWN} in a page: written back, the others would be lost.  Read it whole "
            "with pages.properties.retrieve and write a value made of that"
        )


def _verification(fields: JSONObject) -> Maybe[JSONObject]:
    match fields.get("verification"):
        case {"state": "verified", "date": Mapping()}:
            return fields
        case {"state": "verified" | "unverified" as state}:
            return {"type": "verification", "verification": {"state": state}}
    return UNSET  # none, or one that has expired: Notion accepts neither


def new_schema(given: Mapping[str, SchemaLike]) -> object:
    """Return the schema of a new data source: ids of another one say nothing there."""
    return {name: _new_property(schema) for name, schema in given.items()}


def _new_property(given: SchemaLike) -> object:
    return given if isinstance(given, Mapping) else _by_name(_schema(given))


def _by_name(value: JSON) -> JSON:
    # What was read refers to options and columns by name and by id.
    if isinstance(value, Mapping):
        return {
            name: _by_name(item)
            for name, item in value.items()
            if not (name.endswith("id") and value.get(name.removesuffix("id") + "name"))
        }
    return [_by_name(item) for item in value] if isinstance(value, list) else value


def initial_data_source(given: Maybe[Mapping[str, object]]) -> object:
    """Return the data source that comes with a new database."""
    properties = UNSET if given is UNSET else given.get("properties")
    if given is UNSET or not isinstance(properties, Mapping):
        return given
    return {**given, "properties": new_schema(cast("Mapping[str, SchemaLike]", properties))}


def changed_schema(given: Maybe[Mapping[str, SchemaLike | None]]) -> object:
    """Return changes of a schema.  What was read and cannot be changed is left out."""
    if given is UNSET:
        return UNSET
    changes: dict[str, object] = {}
    for name, schema in given.items():
        if schema is None or isinstance(schema, Mapping):
            changes[name] = schema
            continue
        fields = _schema(schema)
        if fields["type"] in _ONLY_MADE and _was_read(schema):
            continue
        if isinstance(rollup := fields.get("rollup"), Mapping):
            both = [name for name in rollup if rollup.get(name.removesuffix("name") + "id")]
            fields["rollup"] = _without(rollup, *[name for name in both if name.endswith("name")])
        changes[name] = fields
    return changes


def _schema(given: PropertySchema | PropertySchemaContent) -> JSONObject:
    return _fields(given if isinstance(given, PropertySchema) else PropertySchema(given))


def block_change(given: BlockLike | BlockContent) -> dict[str, object]:
    """Return what is sent to change a block: of an object, the fields that can be changed.

    Raises:
        ConfigurationError: Blocks of that type have none.
    """
    if isinstance(given, Mapping):
        return dict(given)
    block = given if isinstance(given, Block) else Block(given)
    kind, content = block.type, block.content
    if kind in _FIXED:
        instead = f": use {_ELSEWHERE[kind]}" if kind in _ELSEWHERE else ", but for in_trash"
        raise ConfigurationError(f"a block of type {kind} cannot be changed{instead}")
    if isinstance(content, Unsupported):
        return {kind: content}
    fields = _without(_fields(content), "children", "table_width")
    if isinstance(content, (Image, Video, Audio, Pdf, File)):
        fields = _without(fields, "type", "file")  # what Notion holds stays as it is
    icon = fields.get("icon")
    if isinstance(icon, Mapping) and "file" in icon:
        del fields["icon"]
    return {kind: fields}


def _fields(value: object) -> JSONObject:
    # The JSON of an object, made for this call alone.
    return cast("JSONObject", request_json(value))


def _was_read(value: object) -> bool:
    return getattr(value, "_source", None) is not None


def _without(fields: Mapping[str, object], *names: str) -> JSONObject:
    return cast("JSONObject", {name: fields[name] for name in fields if name not in names})
