"""What is sent to Notion: the fields of an object, without those that only Notion sets."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import ConfigurationError, models, structure, text, unstructure
from notion_async.converters import json_text, request_json
from notion_async.models import (
    Annotations,
    Block,
    BulletedListItem,
    Callout,
    CheckboxValue,
    Code,
    Column,
    ColumnList,
    CustomEmoji,
    DateRange,
    DateValue,
    Divider,
    Equation,
    ExternalFile,
    FileObject,
    FilesValue,
    Icon,
    Image,
    Mention,
    Model,
    MultiSelectValue,
    NativeIcon,
    NumberSchema,
    NumberValue,
    Paragraph,
    Parent,
    PeopleValue,
    PropertySchema,
    PropertyValue,
    Reference,
    RelationSchema,
    RelationValue,
    RichText,
    RichTextValue,
    SelectOption,
    SelectSchema,
    SelectValue,
    StatusSchema,
    Table,
    TableRow,
    TitleValue,
    ToDo,
    Unsupported,
    UploadedFile,
    User,
    Verification,
    VerificationValue,
)
from notion_async.types import JSON, UNSET
from tests.models.tools import fixtures

HI: JSON = {"type": "text", "text": {"content": "hi"}, "plain_text": "hi", "href": None}
HI_SENT: JSON = {"type": "text", "text": {"content": "hi"}}

WRITTEN: list[tuple[Model, JSON]] = [
    (text("hi"), HI_SENT),
    (
        text("hi", link="https://example.com"),
        {"type": "text", "text": {"content": "hi", "link": {"url": "https://example.com"}}},
    ),
    (
        RichText(Equation("x^2"), Annotations(bold=True)),
        {
            "type": "equation",
            "equation": {"expression": "x^2"},
            "annotations": {
                "bold": True,
                "italic": False,
                "strikethrough": False,
                "underline": False,
                "code": False,
                "color": "default",
            },
        },
    ),
    (
        RichText(Mention(user=User(id="u"))),
        {"type": "mention", "mention": {"user": {"id": "u", "object": "user"}}},
    ),
    (
        RichText(Mention(page=Reference("p"))),
        {"type": "mention", "mention": {"page": {"id": "p"}}},
    ),
    (Block(Divider()), {"type": "divider", "divider": {}}),
    (
        Block(Code([text("hi")], language="python")),
        {"type": "code", "code": {"rich_text": [HI_SENT], "language": "python"}},
    ),
    (
        Block(
            BulletedListItem(
                [text("hi")],
                children=[Block(ToDo([text("hi")], checked=True)), Block(Unsupported("new", {}))],
            )
        ),
        {
            "type": "bulleted_list_item",
            "bulleted_list_item": {
                "rich_text": [HI_SENT],
                "color": "default",
                "children": [
                    {
                        "type": "to_do",
                        "to_do": {"rich_text": [HI_SENT], "checked": True, "color": "default"},
                    },
                    {"type": "new", "new": {}},
                ],
            },
        },
    ),
    (
        Block(ColumnList([Block(Column(0.5, [Block(Divider())]))])),
        {
            "type": "column_list",
            "column_list": {
                "children": [
                    {
                        "type": "column",
                        "column": {
                            "width_ratio": 0.5,
                            "children": [{"type": "divider", "divider": {}}],
                        },
                    }
                ]
            },
        },
    ),
    (
        Block(Table(1, children=[Block(TableRow([[text("hi")]]))])),
        {
            "type": "table",
            "table": {
                "table_width": 1,
                "has_column_header": False,
                "has_row_header": False,
                "children": [{"type": "table_row", "table_row": {"cells": [[HI_SENT]]}}],
            },
        },
    ),
    (
        Block(Callout([], icon=Icon(emoji="🎉"))),
        {
            "type": "callout",
            "callout": {"rich_text": [], "color": "default", "icon": {"emoji": "🎉"}},
        },
    ),
    (
        Block(Image(file_upload=UploadedFile("f"), caption=[text("hi")])),
        {"type": "image", "image": {"file_upload": {"id": "f"}, "caption": [HI_SENT]}},
    ),
    (PropertyValue(TitleValue([text("hi")])), {"type": "title", "title": [HI_SENT]}),
    (PropertyValue(RichTextValue([])), {"type": "rich_text", "rich_text": []}),
    (PropertyValue(NumberValue(5)), {"type": "number", "number": 5}),
    (PropertyValue(NumberValue(None)), {"type": "number", "number": None}),
    (NumberValue(2.5), {"number": 2.5}),
    (PropertyValue(CheckboxValue(False)), {"type": "checkbox", "checkbox": False}),
    (
        PropertyValue(SelectValue(SelectOption(name="A"))),
        {"type": "select", "select": {"name": "A"}},
    ),
    (PropertyValue(SelectValue(None)), {"type": "select", "select": None}),
    (
        PropertyValue(MultiSelectValue([SelectOption(id="1"), SelectOption(name="B")])),
        {"type": "multi_select", "multi_select": [{"id": "1"}, {"name": "B"}]},
    ),
    (
        PropertyValue(DateValue(DateRange("2026-03-01", end=None))),
        {"type": "date", "date": {"start": "2026-03-01", "end": None}},
    ),
    (
        PropertyValue(PeopleValue([User("u")])),
        {"type": "people", "people": [{"id": "u", "object": "user"}]},
    ),
    (
        PropertyValue(RelationValue([Reference("p")], has_more=True)),
        {"type": "relation", "relation": [{"id": "p"}]},
    ),
    (
        PropertyValue(
            FilesValue([FileObject(name="f", external=ExternalFile("https://example.com/f"))])
        ),
        {
            "type": "files",
            "files": [{"name": "f", "external": {"url": "https://example.com/f"}}],
        },
    ),
    (
        PropertyValue(VerificationValue(Verification("verified", verified_by=User("u")))),
        {"type": "verification", "verification": {"state": "verified"}},
    ),
    (PropertyValue(Unsupported("new", {"a": 1})), {"type": "new", "new": {"a": 1}}),
    (Icon(emoji="🎉"), {"emoji": "🎉"}),
    (
        Icon(type="icon", icon=NativeIcon("star", "blue")),
        {"type": "icon", "icon": {"name": "star", "color": "blue"}},
    ),
    (Icon(custom_emoji=CustomEmoji("e", name="party")), {"custom_emoji": {"id": "e"}}),
    (Parent(page_id="p"), {"page_id": "p"}),
    (Parent(workspace=True), {"workspace": True}),
    (PropertySchema(NumberSchema("euro")), {"type": "number", "number": {"format": "euro"}}),
    (
        PropertySchema(SelectSchema([SelectOption(name="A", color="red")]), description=None),
        {
            "type": "select",
            "select": {"options": [{"name": "A", "color": "red"}]},
            "description": None,
        },
    ),
    (
        PropertySchema(RelationSchema("d", single_property={})),
        {"type": "relation", "relation": {"data_source_id": "d", "single_property": {}}},
    ),
]


@pytest.mark.parametrize(("made", "sent"), WRITTEN)
def test_objects_are_sent_as_notion_documents_them(made: Model, sent: JSON) -> None:
    assert request_json(made) == sent


@pytest.mark.parametrize("made", [made for made, _ in WRITTEN])
def test_what_is_made_by_hand_equals_what_is_read(made: Model) -> None:
    read = type(made).from_json(json_text(made))

    assert read == made
    assert made == read
    assert request_json(read) == request_json(made)
    assert unstructure(read) == unstructure(made)


def test_objects_are_equal_by_content_and_kind() -> None:
    assert text("a") == text("a")
    assert text("a") != text("b")
    assert Paragraph([text("a")]) != models.Quote([text("a")])
    assert text("a") != "a"


SET_BY_NOTION: list[JSON] = [
    {
        "object": "block",
        "id": "b",
        "parent": {"type": "page_id", "page_id": "p"},
        "created_time": "2026-03-01T09:00:00.000Z",
        "created_by": {"object": "user", "id": "u"},
        "has_children": True,
        "in_trash": False,
        "type": "paragraph",
        "paragraph": {"rich_text": [HI], "color": "red", "icon": None},
    },
    {
        "object": "block",
        "id": "b",
        "type": "numbered_list_item",
        "numbered_list_item": {"rich_text": [HI], "list_start_index": 3, "list_format": "roman"},
    },
]


def test_what_only_notion_sets_is_not_sent_back() -> None:
    assert [request_json(structure(each, Block)) for each in SET_BY_NOTION] == [  # type: ignore[arg-type]  # a dict
        {"type": "paragraph", "paragraph": {"rich_text": [HI_SENT], "color": "red"}},
        {
            "type": "numbered_list_item",
            "numbered_list_item": {"rich_text": [HI_SENT], "color": "default"},
        },
    ]


def test_no_icon_is_sent_only_where_somebody_asked_for_it() -> None:
    made = Callout([], icon=None)
    read = Callout.from_json(json_text(made))

    assert request_json(made) == {"rich_text": [], "color": "default", "icon": None}
    assert request_json(read) == {"rich_text": [], "color": "default"}


def test_a_user_that_was_read_is_sent_by_id() -> None:
    user = structure(
        {"object": "user", "id": "u", "type": "person", "name": "A", "person": {"email": "a@b"}},
        User,
    )

    assert request_json(user) == {"object": "user", "id": "u"}


def test_a_parent_that_was_read_is_sent_as_one_id() -> None:
    parent = structure(
        {"type": "data_source_id", "data_source_id": "s", "database_id": "d"}, Parent
    )

    assert request_json(parent) == {"data_source_id": "s"}


def test_a_schema_that_was_read_is_sent_without_names_ids_and_groups() -> None:
    schema = structure(
        {
            "id": "x",
            "name": "State",
            "description": "How far",
            "type": "status",
            "status": {"options": [{"name": "Done"}], "groups": [{"name": "Complete"}]},
        },
        PropertySchema,
    )

    assert isinstance(schema.content, StatusSchema)
    assert request_json(schema) == {
        "type": "status",
        "status": {"options": [{"name": "Done"}]},
        "description": "How far",
    }


def test_everything_in_the_demo_workspace_can_be_sent() -> None:
    """UNSET is no JSON: it would raise."""
    for each in fixtures():
        made = structure(each)
        request_json(made)
        if isinstance(made, Block):
            sent = request_json(made)
            assert isinstance(sent, dict)
            assert sorted(sent) == sorted({"type", made.type})


def test_unset_is_left_out_and_none_is_null() -> None:
    made = {"a": UNSET, "b": None, "c": SelectOption(name="A", description=None)}

    assert request_json(made) == {"b": None, "c": {"name": "A", "description": None}}


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(data=_PLAIN)
def test_plain_json_is_sent_unchanged(data: JSON) -> None:
    assert request_json(data) == data


def test_objects_are_sent_from_within_mappings_and_sequences() -> None:
    moment = datetime(2026, 3, 1, 9, tzinfo=UTC)

    assert request_json(
        {"properties": {"N": NumberValue(1)}, "children": (Block(Divider()),)}
    ) == {
        "properties": {"N": {"number": 1}},
        "children": [{"type": "divider", "divider": {}}],
    }
    assert request_json([moment, moment.replace(tzinfo=None)]) == [
        "2026-03-01T09:00:00.000Z",
        "2026-03-01T09:00:00",
    ]


def test_maps_that_were_read_are_sent() -> None:
    page = structure(
        {"object": "page", "properties": {"N": {"id": "n", "type": "number", "number": 1}}},
        models.Page,
    )

    assert request_json(page.properties) == {"N": {"type": "number", "number": 1}}


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (object(), "object"),
        ({"a": [b"x"]}, "bytes"),
        ({"a": {1, 2}}, "set"),
        (date(2026, 3, 1), "date"),
        ([UNSET], "Unset"),
        (Paragraph([object()]), "object"),  # type: ignore[list-item]  # that is the point
    ],
)
def test_what_is_no_json_is_refused_by_name(value: object, named: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"cannot be sent to Notion: {named} is no JSON"):
        request_json(value)
