"""What objects look like: in one line, and as tables in notebooks."""

from __future__ import annotations

import json
import sys
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notion_async import structure, text
from notion_async.models import (
    Block,
    Callout,
    Code,
    Comment,
    Database,
    DataSource,
    FileObject,
    HostedFile,
    Image,
    Model,
    ModelMap,
    ObjectList,
    Page,
    Paragraph,
    Place,
    PropertyItem,
    PropertyValue,
    TableRow,
    Unsupported,
    User,
)
from notion_async.models._display import counted
from notion_async.models._model import model
from notion_async.models._words import attribute, in_words, text_of
from notion_async.models.rows import Row, column, row_class
from notion_async.types import JSON, UNSET, JSONObject
from tests.models.tools import everything, fixtures
from tests.testing.emulated import block, comment, page, person, row, uid, under, words

SIGNED = "https://files.example.invalid/a.pdf?X-Amz-Signature=0123456789abcdef&x=1"
TAGS = {"table", "caption", "thead", "tbody", "tr", "th", "td"}


class Reader(HTMLParser):
    """Reads a table back: its tags, and the texts of its rows."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[object] = []
        self.rows: list[list[str]] = []
        self.caption = ""
        self._tag = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        self._tag = tag
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self._tag == "caption":
            self.caption += data
        else:
            self.rows[-1][-1] += data


def listing(*items: JSON, kind: str = "", **fields: JSON) -> ObjectList[Any]:
    return ObjectList.of(json.dumps({"results": items, "type": kind, **fields}).encode())


def shown(value: Model | ObjectList[Any]) -> Reader:
    source = value._repr_html_()
    assert source is not None
    return Reader(source)


# One line


def test_what_matters_is_shown() -> None:
    name = uid("x")

    assert repr(structure(page("x"), Page)) == f"Page(id='{name}', title='x', …)"
    assert repr(structure(block("x", under("page_id", "y")), Block)) == (
        f"Block(id='{name}', type='paragraph', text='x')"
    )
    assert repr(structure(person("x"), User)) == f"User(id='{name}', name='X', type='person', …)"
    assert repr(structure(comment("x", under("page_id", "y")), Comment)) == (
        f"Comment(id='{name}', text='x', …)"
    )
    assert repr(structure({"id": "d", "title": words("Plan")}, Database)) == (
        "Database(id='d', name='Plan', …)"
    )
    assert repr(structure({"id": "d", "title": words("Plan")}, DataSource)) == (
        "DataSource(id='d', name='Plan', …)"
    )


def test_objects_made_by_hand_are_shown_as_they_were_made() -> None:
    assert repr(text("hi")) == "RichText(plain_text='hi', type='text')"
    assert repr(text("hi", link="https://a.example/b")) == (
        "RichText(plain_text='hi', type='text', href='https://a.example/b')"
    )
    assert repr(User("u")) == "User(id='u')"
    assert repr(Paragraph()) == "Paragraph()"
    assert repr(Block(Paragraph(rich_text=[text("hi")]))) == "Block(type='paragraph', text='hi')"
    assert repr(Code(rich_text=[text("x = 1")], language="python")) == (
        "Code(rich_text=[RichText(plain_text='x = 1', type='text')], language='python')"
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"type": "number", "number": 5}, "type='number', value=5"),
        ({"type": "number", "number": None}, "type='number', value=None"),
        ({"type": "select", "select": {"name": "Done"}}, "type='select', value='Done'"),
        ({"type": "checkbox", "checkbox": True}, "type='checkbox', value=True"),
        ({"type": "title", "title": words("Sew")}, "type='title', value='Sew'"),
        (
            {"type": "created_time", "created_time": "2026-03-01T09:00:00.000Z"},
            "type='created_time', value=2026-03-01T09:00+00:00",
        ),
        (
            {"type": "date", "date": {"start": "2026-03-01", "end": None}},
            "type='date', value=DateSpan(start=datetime.date(2026, 3, 1), end=None)",
        ),
        ({"type": "people", "people": []}, "type='people', value=[]"),
        ({"type": "new", "new": {"a": 1}}, "type='new', value={'a': 1}"),
    ],
)
def test_a_property_shows_its_type_and_its_value(data: JSONObject, expected: str) -> None:
    assert repr(structure(data, PropertyValue)) == f"PropertyValue({expected})"


def test_an_item_of_a_property_shows_what_is_in_it() -> None:
    item = structure({"type": "number", "number": 5, "id": "n"}, PropertyItem)

    assert repr(item) == "PropertyItem(id='n', type='number', number=5)"


def test_what_is_not_known_shows_its_data() -> None:
    assert repr(Unsupported("new", {"a": [1, {"b": "c"}]})) == (
        "Unsupported(type='new', data={'a': [1, {…}]})"
    )
    assert repr(Unsupported("new", None)) == "Unsupported(type='new', data=None)"


def test_a_map_shows_its_names() -> None:
    found = structure({"properties": {f"column {n}": None for n in range(50)}}, Page).properties

    assert isinstance(found, ModelMap)
    assert repr(found).startswith("{'column 0': …, 'column 1': …, ")
    assert repr(found).endswith(", …}")
    assert len(repr(found)) <= 200


@pytest.mark.parametrize(
    ("count", "kind", "expected"),
    [
        (0, "", "0 objects"),
        (1, "block", "1 block"),
        (3, "page_or_data_source", "3 pages"),
        (2, "property_item", "2 property items"),
        (2, "entity", "2 entities"),
    ],
)
def test_lists_are_counted_in_words(count: int, kind: str, expected: str) -> None:
    assert counted(count, kind) == expected


def test_a_list_shows_how_much_it_holds() -> None:
    found = listing({}, {}, {}, kind="page_or_data_source", has_more=True, next_cursor="c")

    assert repr(found) == "<ObjectList of 3 pages, more to come>"
    assert repr(listing({}, kind="user")) == "<ObjectList of 1 user>"


def test_long_texts_are_cut() -> None:
    found = repr(structure(page("x" * 1000), Page))

    assert f"title='{'x' * 59}…'" in found
    assert len(found) <= 200


def test_a_line_ends_where_there_is_no_more_room() -> None:
    runs = [text("a word"), *[text("another")] * 50]

    assert repr(Callout(rich_text=runs)).endswith(", …])")
    assert len(repr(Callout(rich_text=runs))) <= 200


def test_what_lies_deep_is_not_shown() -> None:
    deep: JSON = "end"
    for _ in range(500):
        deep = {"a": [deep]}

    assert repr(Unsupported("x", deep)) == "Unsupported(type='x', data={'a': [{…}]})"


def test_links_are_shown_without_what_opens_them() -> None:
    image = Image(type="file", file=HostedFile(SIGNED))
    bookmark: JSONObject = {"type": "bookmark", "bookmark": {"url": SIGNED}}
    page_of: JSONObject = {"object": "page", "properties": {"A": {"type": "url", "url": SIGNED}}}

    for found in (
        repr(image),
        repr(HostedFile(SIGNED)),
        repr(FileObject(file=HostedFile(SIGNED))),
        repr(structure(bookmark, Block)),
        repr(text(f"see {SIGNED} and https://ada:hidden@example.com/#access_token=hidden")),
        repr(Unsupported("x", {"url": SIGNED})),
        repr(Block(Image(type="file", file=HostedFile(SIGNED)))),
        shown(structure(page_of, Page)).rows,
    ):
        assert "Signature" not in str(found)
        assert "hidden" not in str(found)
    assert repr(HostedFile(SIGNED)) == "HostedFile(url='https://files.example.invalid/a.pdf?…')"


def test_tokens_are_not_shown() -> None:
    data: JSONObject = {"access_token": "abc", "note": "use ntn_0123456789 here", "token": None}

    found = repr(Unsupported("x", data))

    shown_data = "{'access_token': '…', 'note': 'use ntn_… here', 'token': None}"
    assert found == f"Unsupported(type='x', data={shown_data})"


def test_tokens_are_in_no_table() -> None:
    data: JSONObject = {"object": "new", "access_token": "abc", "inner": {"client_secret": "abc"}}

    assert "abc" not in str(listing(data)._repr_html_())
    assert "abc" not in listing_of(Opening("abc"))
    assert "abc" not in str(Opening("abc")._repr_html_())


@model
class Opening(Model):
    """An object with a token in it."""

    token: str
    object: str = "opening"


def test_numbers_that_python_does_not_write_are_no_error() -> None:
    huge = Unsupported("x", 10 ** (sys.get_int_max_str_digits() + 1))

    assert repr(huge) == "Unsupported(type='x', data=<int>)"
    assert "int" in Reader(listing_of(huge)).rows[1][1]


def listing_of(*items: object) -> str:
    from notion_async.models._display import list_table

    return list_table(items, len(items), "")


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
JSONS = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)
MODELS = [Page, Block, Database, DataSource, Comment, User, PropertyValue, FileObject, Callout]


@settings(max_examples=300)
@given(
    st.sampled_from(MODELS),
    st.dictionaries(
        st.sampled_from(
            ["id", "object", "type", "title", "name", "properties", "rich_text", "paragraph",
             "url", "file", "people", "date", "content", "icon", "number", "new"]
        )
        | st.text(max_size=5),
        JSONS,
        max_size=6,
    ),
)  # fmt: skip
def test_whatever_an_object_holds_it_is_shown_in_a_short_line(
    cls: type[Model], data: dict[str, Any]
) -> None:
    made = structure(data, cls)
    made._repr_html_()

    assert repr(made).startswith(f"{cls.__name__}(")
    assert repr(made).endswith(")")
    assert len(repr(made)) <= 200
    assert repr(structure(data, cls)) == repr(made)


def test_everything_in_the_demo_workspace_is_shown_in_a_short_line() -> None:
    for each in fixtures()[::5]:
        made = structure(each)
        for one in (made, *(found for _, found, _ in everything(made))):
            if isinstance(one, Model):
                assert len(repr(one)) <= 200


# Tables


def test_pages_are_a_table_of_their_properties() -> None:
    number: JSONObject = {"N": {"id": "n", "type": "number", "number": 5}}
    table = shown(
        listing(
            {**page("x"), "properties": {**number, **page("x")["properties"]}},
            page("y"),
            kind="page_or_data_source",
        )
    )

    assert table.rows == [["title", "N"], ["x", "5"], ["y", ""]]
    assert table.caption == "2 pages"


def test_other_objects_are_a_table_of_what_matters() -> None:
    users = shown(listing(person("ada"), kind="user"))
    blocks = shown(listing(block("hi", under("page_id", "p")), kind="block"))

    assert users.rows == [["id", "name", "type"], [uid("ada"), "Ada", "person"]]
    assert blocks.rows == [["id", "type", "text"], [uid("hi"), "paragraph", "hi"]]


def test_rows_of_a_class_are_pages_in_a_table() -> None:
    @row_class
    class Task(Row):
        task: str = column("Name", "title", "title", default=UNSET)

    source = json.dumps({"results": [row("sew", "tasks")]}).encode()

    assert shown(ObjectList.of(source, Task.from_json)).rows == [["Name"], ["sew"]]


def test_a_page_is_a_table_of_its_properties() -> None:
    table = shown(structure(page("x"), Page))

    assert table.caption == "Page"
    assert table.rows == [["", "value"], ["id", uid("x")], ["title", "x"], ["title", "x"]]


def test_what_is_only_part_of_an_object_has_no_table() -> None:
    assert text("hi")._repr_html_() is None


def test_a_table_is_not_larger_than_a_person_reads() -> None:
    properties = {f"column {n}": {"type": "number", "number": n} for n in range(25)}
    long = {"column 0": {"type": "title", "title": words("x" * 1000)}}
    pages = [{**page(f"{n}"), "properties": {**properties, **long}} for n in range(60)]

    table = shown(listing(*pages, has_more=True, kind="page_or_data_source"))

    assert table.caption == "60 pages, more to come, 50 of them here, 5 more columns"
    assert len(table.rows) == 51
    assert {len(one) for one in table.rows} == {20}
    assert table.rows[1][0] == "x" * 99 + "…"


def test_one_column_too_many_is_one() -> None:
    properties: JSONObject = {f"{n}": {"type": "number", "number": n} for n in range(21)}

    assert shown(listing({**page("x"), "properties": properties})).caption.endswith(
        ", 1 more column"
    )


@settings(max_examples=200)
@given(st.text(min_size=1, max_size=20), st.text(max_size=30), st.text(max_size=30))
def test_content_is_never_taken_for_html(name: str, content: str, other: str) -> None:
    source = row("x", "tasks", {name: {"type": "rich_text", "rich_text": words(content)}})
    tables = [
        listing(source, {**page("y"), "properties": {name: {"type": other, other: content}}}),
        listing({**person("ada"), "name": content}, kind=name),
        structure(source, Page),
        structure({"object": content, "id": other}, User),
    ]

    for table in tables:
        html = table._repr_html_()
        assert html is not None
        read = Reader(html)
        assert read.tags <= TAGS
        assert read.attributes == []
        assert html.count("<") == html.count(">")


def test_markup_in_every_place_is_escaped() -> None:
    bad = "<script>alert('x')</script>&\""
    properties: JSONObject = {bad: {"type": "rich_text", "rich_text": words(bad)}}

    html = listing({**page("x"), "properties": properties}, kind=bad)._repr_html_()

    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 3
    assert Reader(html).rows == [[bad], [bad]]


def test_a_property_that_is_none_is_an_empty_cell() -> None:
    table = shown(listing({**page("x"), "properties": {"A": 5, "B": None, "C": {"type": "url"}}}))

    assert table.rows[0] == ["A", "B", "C"]


# In words


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("a", "a"),
        (True, "yes"),
        (False, "no"),
        (1.5, "1.5"),
        (["a", 1, None], "a, 1, "),
        ({"a": 1}, "{'a': 1}"),
        (User("u"), "u"),
        (FileObject(name="plan.pdf"), "plan.pdf"),
        (FileObject(), ""),
        (Place(1.5, 2.5), "1.5, 2.5"),
        (Place(1.5, 2.5, address="Pier 1"), "Pier 1"),
        (text("hi"), "hi"),
        (Paragraph(), "{'rich_text': [], 'color': 'default'}"),
    ],
)
def test_plain_values_in_words(value: object, expected: str) -> None:
    assert in_words(value) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-01", None, "2026-03-01"),
        ("2026-03-01", "2026-03-04", "2026-03-01 to 2026-03-04"),
        ("2026-03-01T09:30:00.000+01:00", None, "2026-03-01 09:30+01:00"),
    ],
)
def test_dates_in_words(start: str, end: str | None, expected: str) -> None:
    value = structure({"type": "date", "date": {"start": start, "end": end}}, PropertyValue)

    assert in_words(value.value) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (TableRow(cells=[[text("a")], [text("b"), text("c")]]), "a | bc"),
        (Image(type="file", file=HostedFile(SIGNED), caption=[text("a boat")]), "a boat"),
        (Image(type="file", file=HostedFile(SIGNED)), ""),
        (Paragraph(), ""),
    ],
)
def test_blocks_say_what_is_in_them(content: Any, expected: str) -> None:
    assert text_of(Block(content)) == expected


def test_odd_blocks_say_nothing() -> None:
    assert text_of(structure({"type": "table_row", "table_row": {"cells": 5}}, Block)) == ""
    assert text_of(structure({"object": "block"}, Block)) == ""
    assert text_of(5) == ""


def test_an_attribute_that_cannot_be_read_is_as_one_that_is_absent() -> None:
    class Odd:
        @property
        def number(self) -> int:
            raise RecursionError

    assert attribute(Odd(), "number", 5) == attribute(Odd(), "other", 5) == 5
