"""The models against Notion's published lists and shapes.  A new name there fails a test here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest

from notion_async import models
from notion_async.errors import APIErrorCode
from notion_async.models import (
    AsyncTask,
    Block,
    Comment,
    CustomEmoji,
    Database,
    DataSource,
    FileObject,
    FileUpload,
    FormulaResult,
    Icon,
    Mention,
    Model,
    ModelMap,
    Page,
    PageMarkdown,
    Parent,
    PropertyItem,
    PropertySchema,
    PropertyValue,
    RichText,
    RollupResult,
    TemplateMention,
    User,
    View,
    ViewQuery,
)
from notion_async.models._tagged import Tagged
from tests.models.tools import declared, hints

Schema = dict[str, Any]


@cache
def _load(path: Path) -> Schema:
    found: Schema = json.loads(path.read_text())
    return found


@pytest.fixture
def enums(shared: Path) -> Schema:
    return _load(shared / "notion-api" / "enums.json")


@pytest.fixture
def definitions(shared: Path) -> Schema:
    found: Schema = _load(shared / "notion-api" / "notion.schema.json")["definitions"]
    return found


def lacking(cls: type, names: Iterable[str]) -> set[str]:
    """What of these a class has no attribute for."""
    return {name for name in names if not hasattr(cls, name)}


def test_every_type_of_block_has_a_class(enums: Schema) -> None:
    assert set(Block.kinds) == set(enums["block_types"]["response"]) - {"unsupported"}


def test_every_type_of_value_has_a_class(enums: Schema) -> None:
    types = enums["property_types"]

    assert set(PropertyValue.kinds) == set(types["value_response"])
    assert set(PropertyItem.kinds) == set(types["property_item"])
    assert {
        kind for kind, cls in PropertyItem.kinds.items() if cls is not PropertyValue.kinds[kind]
    } == set(types["property_item_list"]) - {"rollup"}


def test_every_type_of_schema_has_a_class(enums: Schema) -> None:
    types = enums["property_types"]

    assert set(PropertySchema.kinds) == {
        *types["schema_create"],
        *types["schema_update"],
        *types["schema_response_typed"],
        *types["schema_response_observed_untyped"],
    }


def test_every_kind_of_relation_and_result_has_a_field(enums: Schema) -> None:
    nothing = {"unsupported", "incomplete"}  # an empty object stands there

    assert not lacking(models.RelationSchema, enums["property_types"]["relation_kinds"])
    assert lacking(FormulaResult, enums["formula_result_types"]) <= nothing
    assert lacking(RollupResult, enums["rollup_result_types"]["page_value"]) <= nothing
    assert lacking(RollupResult, enums["rollup_result_types"]["property_item"]) <= nothing


def test_every_type_of_rich_text_and_mention_is_known(enums: Schema) -> None:
    for side in ("request", "response"):
        assert set(RichText.kinds) == set(enums["rich_text_types"][side])
        assert not lacking(Mention, enums["mention_types"][side])
    assert not lacking(TemplateMention, enums["mention_types"]["template_mention"])
    assert not lacking(models.Annotations, enums["annotations"])


def test_every_type_of_parent_has_a_field(enums: Schema) -> None:
    lists: dict[str, list[str]] = enums["parent_types"]
    for name, types in lists.items():
        if not name.startswith("webhook"):
            assert not lacking(Parent, types), name


def test_every_type_of_file_icon_and_link_has_a_field(enums: Schema) -> None:
    for types in (*enums["file_types"].values(), *enums["cover_types"].values()):
        assert not lacking(FileObject, types)
        assert not lacking(models.Image, types)
    for side in ("request", "response"):
        assert not lacking(Icon, enums["icon_types"][side])
    assert not lacking(models.LinkToPage, enums["blocks"]["link_to_page_types"])
    assert not lacking(User, enums["user_types"])


def test_every_error_code_is_named(enums: Schema) -> None:
    codes = enums["error_codes"]
    published = {*codes["api"], *codes["typed_on_async_task_only"]}.union(
        *codes["by_http_status"].values()
    )

    assert published <= set(APIErrorCode)


# ------------------------------------------------------------------------------ whole shapes

# `archived` is `in_trash` here; the others are empty objects that only repeat the type.
WITHOUT_FIELD = {"archived", "unsupported", "incomplete"}

SHAPES: list[tuple[str, object]] = [
    ("PageObjectResponse", Page),
    ("PartialPageObjectResponse", Page),
    ("BlockObjectResponse", Block),
    ("PartialBlockObjectResponse", Block),
    ("DatabaseObjectResponse", Database),
    ("PartialDatabaseObjectResponse", Database),
    ("DataSourceObjectResponse", DataSource),
    ("PartialDataSourceObjectResponse", DataSource),
    ("DatabasePropertyConfigResponse", PropertySchema),
    ("PagePropertyValueWithIdResponse", PropertyValue),
    ("PropertyItemObjectResponse", PropertyItem),
    ("RichTextItemResponse", RichText),
    ("CommentObjectResponse", Comment),
    ("PartialCommentObjectResponse", Comment),
    ("UserObjectResponse", User),
    ("PartialUserObjectResponse", User),
    ("GetSelfResponse", User),
    ("FileUploadObjectResponse", FileUpload),
    ("GetAsyncTaskResponse", AsyncTask),
    ("PageMarkdownResponse", PageMarkdown),
    ("DataSourceViewObjectResponse", View),
    ("PartialDataSourceViewObjectResponse", View),
    ("ViewQueryResponse", ViewQuery),
    ("DeletedViewQueryResponse", ViewQuery),
    ("CustomEmojiResponse", CustomEmoji),
    ("PageIconResponse", Icon),
    ("PageCoverResponse", FileObject),
    ("ParentForBlockBasedObjectResponse", Parent),
    ("ParentOfDataSourceResponse", Parent),
    ("ParentOfDatabaseResponse", Parent),
    ("CommentParentResponse", Parent),
]


@pytest.mark.parametrize(("name", "cls"), SHAPES, ids=[name for name, _ in SHAPES])
def test_whatever_notion_publishes_can_be_read(
    definitions: Schema, name: str, cls: object
) -> None:
    walker = Walker(definitions)

    walker.compare(definitions[name], cls, name)

    assert walker.missing == []
    assert walker.objects > 0


class Walker:
    """Goes through a published shape and a class side by side."""

    def __init__(self, definitions: Schema) -> None:
        self.definitions = definitions
        self.missing: list[str] = []
        self.objects = 0
        self._seen: set[tuple[int, str]] = set()

    def compare(self, schema: Schema, hint: object, path: str) -> None:
        while "$ref" in schema:
            schema = self.definitions[schema["$ref"].rpartition("/")[2]]
        if (id(schema), str(hint)) in self._seen:
            return
        self._seen.add((id(schema), str(hint)))
        for variant in schema.get("anyOf", ()):
            self.compare(variant, hint, path)
        origin, arguments = get_origin(hint), get_args(hint)
        if origin in (Union, UnionType):
            for argument in arguments:
                self.compare(schema, argument, path)
        elif origin in (Sequence, list) and "items" in schema:
            self.compare(schema["items"], arguments[0], f"{path}[]")
        elif origin is ModelMap and "additionalProperties" in schema:
            self.compare(schema["additionalProperties"], arguments[0], f"{path}.*")
        elif isinstance(hint, type) and issubclass(hint, Model):
            self._object(schema.get("properties", {}), hint, path)

    def _object(self, properties: Mapping[str, Schema], cls: type[Model], path: str) -> None:
        self.objects += bool(properties)
        kind = str(properties.get("type", {}).get("const"))
        content = cls.kinds.get(kind) if issubclass(cls, Tagged) else None
        for name, schema in properties.items():
            where = f"{path}.{name}"
            if issubclass(cls, Tagged) and content and not cls.keyed and name == kind:
                self.compare(schema, content, where)
            elif issubclass(cls, Tagged) and content and cls.keyed and name in hints(content):
                self.compare(schema, declared(content, name), where)
            elif name in hints(cls):
                self.compare(schema, declared(cls, name), where)
            elif name not in WITHOUT_FIELD:
                self.missing.append(where)
