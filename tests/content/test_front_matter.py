from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import converters
from notion_async.content.front_matter import front_matter, plain_value
from notion_async.models import (
    NumberValue,
    Page,
    PropertyValue,
    RichTextValue,
    SelectOption,
    SelectValue,
)
from notion_async.models import text as run

UID = "11111111-2222-4333-8444-555555555555"


def rich(words: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": {"content": words}, "plain_text": words}]


def page(properties: dict[str, Any], **more: Any) -> Page:
    given = {
        "object": "page",
        "id": UID,
        "created_time": "2026-03-01T09:00:00.000Z",
        "last_edited_time": "2026-03-02T09:00:00.000Z",
        "url": "https://app.notion.com/p/x",
        "icon": {"type": "emoji", "emoji": "💡"},
        "properties": properties,
        **more,
    }
    return converters.structure(given, Page)


def read(front: str) -> list[tuple[str, Any]]:
    """The keys and values, as the simplest of YAML readers finds them."""
    lines = front.splitlines()
    assert lines[0] == lines[-1] == "---"
    decoder = json.JSONDecoder()
    found = []
    for line in lines[1:-1]:
        if line.startswith('"'):
            key, end = decoder.raw_decode(line)
            assert line[end : end + 2] == ": "
            found.append((key, json.loads(line[end + 2 :])))
        else:
            key, _, value = line.partition(": ")
            found.append((key, json.loads(value)))
    return found


def test_a_page() -> None:
    title = {"id": "title", "type": "title", "title": rich('A "page"')}

    assert front_matter(page({"Name": title})) == "\n".join([
        "---",
        f'id: "{UID}"',
        'title: "A \\"page\\""',
        'url: "https://app.notion.com/p/x"',
        'created_time: "2026-03-01T09:00:00.000Z"',
        'last_edited_time: "2026-03-02T09:00:00.000Z"',
        'icon: "💡"',
        '"Name": "A \\"page\\""',
        "---",
        "",
    ])  # fmt: skip


def test_a_partial_page_has_what_it_has() -> None:
    partial = converters.structure({"object": "page", "id": UID}, Page)
    assert front_matter(partial) == f'---\nid: "{UID}"\n---\n'


def test_a_property_does_not_replace_what_the_page_says() -> None:
    number = {"id": "a", "type": "number", "number": 1}
    found = dict(read(front_matter(page({"id": number, "id (property)": number}))))

    assert found["id"] == UID
    assert found["id (property)"] == found["id (property) (property)"] == 1


def test_the_title_is_not_said_twice() -> None:
    title = {"id": "title", "type": "title", "title": rich("T")}
    assert front_matter(page({"title": title})).count('"T"') == 1


USER = {"object": "user", "id": UID, "name": "Ada"}


VALUES: list[tuple[str, Any, Any]] = [
    ("title", rich("a"), "a"),
    ("rich_text", [*rich("a"), *rich("\nb")], "a\nb"),
    ("number", 1.5, 1.5),
    ("number", None, None),
    ("select", {"id": "x", "name": "One", "color": "red"}, "One"),
    ("select", None, None),
    ("multi_select", [{"name": "One"}, {"id": "two"}], ["One", "two"]),
    ("status", {"name": "Done"}, "Done"),
    ("date", {"start": "2026-03-01"}, "2026-03-01"),
    ("date", {"start": "2026-03-01", "end": "2026-03-05"}, "2026-03-01/2026-03-05"),
    (
        "date",
        {"start": "2026-03-01T09:00:00.000", "end": None, "time_zone": "Europe/London"},
        "2026-03-01T09:00:00.000[Europe/London]",
    ),
    ("date", None, None),
    ("people", [USER, {"object": "user", "id": "u"}], ["Ada", "u"]),
    (
        "files",
        [
            {"type": "external", "name": "n", "external": {"url": "https://a.b"}},
            {"type": "file", "name": "n.txt", "file": {"url": "https://s3"}},
            {"type": "file", "file": {"url": "https://s3"}},
            {"type": "file_upload", "file_upload": {"id": UID}},
        ],
        ["https://a.b", "n.txt", "https://s3", ""],
    ),
    ("checkbox", True, True),
    ("url", "https://a.b", "https://a.b"),
    ("email", "a@b.c", "a@b.c"),
    ("phone_number", None, None),
    ("relation", [{"id": UID}], [UID]),
    ("formula", {"type": "string", "string": "a"}, "a"),
    ("formula", {"type": "boolean", "boolean": False}, False),
    ("formula", {"type": "number", "number": 0}, 0),
    ("formula", {"type": "number"}, None),
    ("formula", {"type": "date", "date": {"start": "2026-03-01"}}, "2026-03-01"),
    ("formula", {"type": "date", "date": None}, None),
    ("formula", {"type": "novel", "novel": 1}, {"type": "novel", "novel": 1}),
    ("rollup", {"type": "number", "number": 3, "function": "sum"}, 3),
    ("rollup", {"type": "date", "date": {"start": "2026-03-01"}}, "2026-03-01"),
    ("rollup", {"type": "array", "array": [{"type": "number", "number": 2}]}, [2]),
    ("rollup", {"type": "incomplete"}, {"type": "incomplete"}),
    ("created_time", "2026-03-01T09:00:00.000Z", "2026-03-01T09:00:00.000Z"),
    ("last_edited_time", "2026-03-01T09:00:00.000Z", "2026-03-01T09:00:00.000Z"),
    ("created_by", USER, "Ada"),
    ("last_edited_by", {"object": "user", "id": "u"}, "u"),
    ("unique_id", {"number": 7, "prefix": "T"}, "T-7"),
    ("unique_id", {"number": 7, "prefix": None}, 7),
    ("unique_id", {"number": None, "prefix": "T"}, None),
    ("verification", {"state": "verified"}, "verified"),
    ("verification", None, None),
    ("place", {"lat": 1.0, "lon": 2.5, "name": "Here"}, "Here"),
    ("place", {"lat": 1.0, "lon": 2.5}, "1.0, 2.5"),
    ("place", None, None),
    ("button", {}, None),
    ("novel", {"a": [1]}, {"a": [1]}),
]


@pytest.mark.parametrize(("kind", "value", "expected"), VALUES)
def test_values(kind: str, value: Any, expected: Any) -> None:
    given = page({"P": {"id": "x", "type": kind, kind: value}})
    assert dict(read(front_matter(given)))["P"] == expected


def test_every_type_of_property_has_a_readable_value() -> None:
    tried = {kind for kind, _, _ in VALUES}
    assert set(PropertyValue.kinds) <= tried


def test_a_relation_that_was_cut_says_so() -> None:
    given = {"id": "x", "type": "relation", "relation": [{"id": UID}], "has_more": True}
    assert dict(read(front_matter(page({"R": given}))))["R"] == [UID, "…"]


def test_a_value_without_its_field_is_written_as_it_came() -> None:
    given = {"id": "x", "type": "number"}
    assert dict(read(front_matter(page({"N": given}))))["N"] == given


def test_values_made_by_hand() -> None:
    assert plain_value(SelectValue(SelectOption(name="One"))) == "One"
    assert plain_value(RichTextValue([run("a")])) == "a"


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_json_number_is_null(number: float) -> None:
    made = page({})
    value = PropertyValue(NumberValue(number))
    object.__setattr__(made, "properties", {"N": value, "L": value})

    assert dict(read(front_matter(made)))["N"] is None


@given(st.dictionaries(st.text(), st.text(), max_size=4))
def test_no_name_and_no_value_can_break_out(properties: dict[str, str]) -> None:
    given = {
        name: {"id": str(number), "type": "rich_text", "rich_text": rich(value)}
        for number, (name, value) in enumerate(properties.items())
    }
    found = read(front_matter(page(given)))

    assert [value for _, value in found[5:]] == list(properties.values())
    assert len({key for key, _ in found}) == len(found)


@given(st.text())
def test_a_title_stays_on_its_line(title: str) -> None:
    given = page({"Name": {"id": "title", "type": "title", "title": rich(title)}})
    assert dict(read(front_matter(given)))["Name"] == title
