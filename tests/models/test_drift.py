"""The models against Notion's published lists and shapes.  A new name there fails a test here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from notion_async import UNSET, endpoints, models
from notion_async.error_codes import APIErrorCode
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
    ViewConfiguration,
    ViewQuery,
    WebhookEventType,
)
from notion_async.models.sessions import SESSION_EVENTS, STREAM_EVENTS
from tests.models.published import (
    Walker,
    answered,
    asked,
    definitions_in,
    load,
    methods,
    name_of,
    returned,
    unoffered,
)
from tests.resources.bodies import rows

__all__ = ["Walker"]  # for the other tests of models

Schema = dict[str, Any]


@pytest.fixture
def enums(shared: Path) -> Schema:
    return load(shared / "notion-api" / "enums.json")


@pytest.fixture
def definitions(shared: Path) -> Schema:
    return definitions_in(shared)


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


# --------------------------------------------------------------------------- every definition

METHODS = pytest.mark.parametrize("name", [row.name for row in endpoints.ALL])

# Fields of answers that no class has.
UNREAD: Mapping[str, str] = {
    "pages.properties.retrieve.property_item.next_url": "the pager goes there by the cursor",
}
# Definitions that are neither read nor written as they are.
NEITHER: Mapping[str, str] = {
    "BinaryFileContents": "bytes in a form, no JSON",
}
# Objects of endpoints that Notion's own client does not offer either.
OTHER_OBJECTS = {"chat.invocation", "group", "thread", "thread_message"}
# Whatever is listed.
WITHIN = {"list"}


@METHODS
def test_whatever_a_method_is_answered_can_be_read(
    shared: Path, definitions: Schema, name: str
) -> None:
    response = rows(shared)[name]["response_type"]
    walker = Walker(definitions)

    walker.compare({"$ref": f"#/definitions/{response}"}, returned(methods()[name]), name)

    assert set(walker.missing) == {path for path in UNREAD if path.startswith(f"{name}.")}
    assert walker.objects > 0 or not definitions[response].get("properties")


def test_whatever_is_written_has_a_field_in_the_class_that_is_taken_for_it(shared: Path) -> None:
    walker = asked(shared)

    assert walker.missing == []
    assert walker.misread == {"file_uploads.send.part_number: string"}  # a number, sent as text
    assert walker.objects > 200


def test_every_definition_is_read_or_written_somewhere(shared: Path, definitions: Schema) -> None:
    known = {*answered(shared).pairs, *asked(shared).pairs}

    assert set(definitions) - known - unoffered(shared) == set(NEITHER)
    assert set(answered(shared).missing) == set(UNREAD)


def test_whatever_may_stand_in_a_field_is_of_the_type_it_is_declared_to_have(
    shared: Path,
) -> None:
    assert answered(shared).misread == set()


def test_every_object_has_a_class_that_says_its_name(enums: Schema) -> None:
    classes = [getattr(models, name) for name in models.__all__]
    named = {name_of(cls) for cls in classes} - {None, UNSET}  # of a reference any

    assert named | WITHIN <= set(enums["object_names"])
    assert set(enums["object_names"]) - named == OTHER_OBJECTS | WITHIN


def test_every_type_of_view_has_a_class(enums: Schema) -> None:
    views = enums["views"]

    assert set(ViewConfiguration.kinds) == set(views["types"])
    assert set(views["config_types_response"]) <= set(views["types"])


def test_every_type_of_event_is_known(enums: Schema) -> None:
    sessions = enums["sessions"]

    assert {str(kind) for kind in WebhookEventType} == set(enums["webhook_events"])
    assert set(STREAM_EVENTS) == set(sessions["stream_event_types"])
    assert set(SESSION_EVENTS) >= set(sessions["event_types_query"])
