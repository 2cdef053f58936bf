"""Partial objects, computed attributes, lists, and what is said when a field is absent."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from notion_async import models, plain_text, structure, text, unstructure
from notion_async.models import (
    AnyObject,
    Block,
    Comment,
    CustomEmoji,
    Database,
    DataSource,
    DataSourceTemplate,
    Equation,
    ExternalFile,
    FileObject,
    HostedFile,
    Image,
    Mention,
    Model,
    ModelMap,
    ObjectList,
    Page,
    Paragraph,
    Parent,
    PropertyItem,
    RequestStatus,
    RichText,
    Unsupported,
    UploadedFile,
    User,
)
from notion_async.types import JSON, JSONObject

ALL_MODULES = ["notion_async.models"] + [
    f"notion_async.models.{found.name}" for found in pkgutil.iter_modules(models.__path__)
]


@pytest.mark.parametrize("name", ALL_MODULES)
def test_the_examples_in_the_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_examples_are_found() -> None:
    assert sum(doctest.testmod(importlib.import_module(name)).attempted for name in ALL_MODULES)


@pytest.mark.parametrize("cls", [Page, Block, Database, DataSource, Comment])
def test_a_partial_object_is_read(cls: type[Model]) -> None:
    data: JSONObject = {"object": cls.object, "id": "x"} if cls is Block else {"id": "x"}
    made = structure(data, cls)

    assert unstructure(made) == data
    assert f"{cls.__name__}(" in repr(made)
    assert "id='x'" in repr(made)
    assert not hasattr(made, "created_time")


def test_a_missing_field_is_explained() -> None:
    page = structure({"object": "page", "id": "x"}, Page)

    with pytest.raises(
        AttributeError, match=r"this Page has no 'properties': Notion did not send"
    ):
        _ = page.properties
    with pytest.raises(AttributeError, match=r"this Page has no 'url'"):
        _ = page.url
    assert page.object == "page"


def test_the_content_of_a_partial_block_is_explained() -> None:
    block = structure({"object": "block", "id": "x"}, Block)

    with pytest.raises(AttributeError, match=r"this Block has no 'content': Notion did not send"):
        _ = block.content


def test_a_name_that_is_no_field_is_refused() -> None:
    block = Block(Paragraph())

    with pytest.raises(AttributeError, match=r"^Block has no attribute 'colour'$"):
        _ = block.colour  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # that is the point
    assert not hasattr(block, "id")
    assert not hasattr(block, "_anything")


def test_no_model_has_a_dictionary_of_its_own() -> None:
    for name in models.__all__:
        cls = getattr(models, name)
        if isinstance(cls, type) and issubclass(cls, Model):
            assert not hasattr(cls, "__dictoffset__") or cls.__dictoffset__ == 0, name


@pytest.mark.parametrize("made", [text("hi"), Block(Paragraph()), User("u")])
def test_models_cannot_be_hashed(made: Model) -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(made)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"type": "page_id", "page_id": "p"}, "p"),
        ({"type": "block_id", "block_id": "b"}, "b"),
        ({"type": "database_id", "database_id": "d"}, "d"),
        ({"type": "agent_id", "agent_id": "a"}, "a"),
        ({"type": "data_source_id", "data_source_id": "s", "database_id": "d"}, "s"),
        ({"data_source_id": "s"}, "s"),
        ({"type": "workspace", "workspace": True}, None),
    ],
)
def test_a_parent_knows_its_id(data: JSONObject, expected: str | None) -> None:
    assert structure(data, Parent).id == expected


def test_files_know_where_they_are() -> None:
    hosted, external = HostedFile("https://a"), ExternalFile("https://b")
    for cls in (FileObject, Image):
        assert cls(file=hosted).url == "https://a"
        assert cls(external=external).url == "https://b"
        assert cls(file_upload=UploadedFile("f")).url is None


def test_a_title_is_its_text() -> None:
    runs: JSON = [unstructure(text("A ")), unstructure(text("title"))]
    page: JSONObject = {"properties": {"Name": {"type": "title", "title": runs}}}

    assert structure(page, Page).title == "A title"
    assert structure({"properties": {}}, Page).title == ""
    assert structure({"title": runs}, Database).name == "A title"
    assert structure({"title": runs}, DataSource).name == "A title"
    assert structure({"title": None}, DataSource).name == ""


def test_text_made_by_hand_shows_itself() -> None:
    assert plain_text([text("a"), RichText(Equation("x")), RichText(Mention())]) == "ax"
    assert text("a", link="https://b").href == "https://b"
    assert text("a").href is None


def test_maps_are_mappings() -> None:
    page = structure({"properties": {"a": {"type": "url", "url": None}, "b": None}}, Page)
    properties = page.properties

    assert isinstance(properties, ModelMap)
    assert list(properties) == ["a", "b"]
    assert len(properties) == 2
    assert repr(properties) == "{'a': …, 'b': …}"
    assert properties == {"a": {"type": "url", "url": None}, "b": None}
    assert properties != 5
    assert properties["a"] is properties["a"]
    with pytest.raises(KeyError):
        _ = properties["c"]


LIST = (
    b'{"object":"list","type":"block","has_more":true,"next_cursor":"c","request_id":"r",'
    b'"request_status":{"type":"incomplete","incomplete_reason":"query_result_limit_reached"},'
    b'"results":[{"object":"block","id":"1"},{"object":"page","id":"2"},{"object":"new","id":"3"}]}'
)


def test_a_list_says_what_it_holds() -> None:
    found = structure(LIST)

    assert isinstance(found, ObjectList)
    assert [type(one) for one in found] == [Block, Page, Unsupported]
    assert (found.type, found.has_more, found.next_cursor) == ("block", True, "c")
    assert found.request_id == "r"
    assert found.request_status == RequestStatus("incomplete", "query_result_limit_reached")
    assert repr(found) == "<ObjectList of 3 blocks, more to come>"
    assert len(found) == 3
    assert found.results is found.results
    assert found[0] is found.results[0]
    assert found[1:] == found.results[1:]


def test_lists_of_what_does_not_say_its_name_are_typed() -> None:
    templates = structure(
        {"templates": [{"id": "t", "name": "T", "is_default": True}], "has_more": False}
    )
    emojis = structure({"object": "list", "type": "custom_emoji", "results": [{"id": "e"}]})

    assert isinstance(templates, ObjectList)
    assert isinstance(emojis, ObjectList)
    assert isinstance(templates[0], DataSourceTemplate)
    assert isinstance(emojis[0], CustomEmoji)
    assert templates.type == "template"
    assert repr(structure({"object": "list", "results": []})) == "<ObjectList of 0 objects>"


def test_the_property_endpoint_answers_a_list_or_an_item() -> None:
    several: ObjectList[AnyObject] = ObjectList.of_items(LIST)
    text = b'{"object":"property_item","type":"url","url":null}'
    single: ObjectList[PropertyItem] = ObjectList.of_items(text, PropertyItem.from_json)

    assert len(several) == 3
    assert [one.type for one in single] == ["url"]
    assert not single.has_more
    assert single.next_cursor is None


def test_a_list_of_an_odd_shape_is_kept() -> None:
    for results in (5, {"a": 1}, "x"):
        data: JSONObject = {"object": "list", "results": results}
        assert structure(data) == Unsupported("list", data)


def test_text_without_an_object_is_recognised() -> None:
    assert structure(unstructure(text("hi"))) == text("hi")
    assert structure({"type": "new"}) == Unsupported("new", {"type": "new"})
