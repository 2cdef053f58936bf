"""Plain values of properties, and properties from plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import ConfigurationError, models, structure, text, unstructure
from notion_async.converters import request_json
from notion_async.models import (
    CheckboxValue,
    DataSource,
    DateRange,
    ExternalFile,
    FileObject,
    FileUpload,
    NumberValue,
    Page,
    Place,
    PropertyValue,
    Reference,
    SelectOption,
    Unsupported,
    User,
    Verification,
)
from notion_async.models.moments import DateSpan
from notion_async.models.new_values import _KINDS, _READ_ONLY
from notion_async.models.values import PlainValue
from notion_async.testing import Emulator
from notion_async.types import JSON
from tests.clients import client_of
from tests.models.test_filters import problems
from tests.models.tools import fixtures
from tests.testing.emulated import data_source, database, person, row, uid, words

BERLIN = ZoneInfo("Europe/Berlin")
ADA: JSON = {"object": "user", "id": uid("ada"), "name": "Ada"}
FILE: JSON = {"name": "a.txt", "type": "external", "external": {"url": "https://e.com/a.txt"}}
ODD_OPTION: JSON = {"color": "red"}


def read(kind: str, value: JSON, **more: JSON) -> PropertyValue:
    return structure({"id": "x", "type": kind, kind: value, **more}, PropertyValue)


def at(*numbers: int, zone: timezone | ZoneInfo = UTC) -> datetime:
    year, month, day, hour, minute = numbers
    return datetime(year, month, day, hour, minute, tzinfo=zone)


NOON = "2026-03-01T12:00:00.000Z"

READ: list[tuple[str, JSON, PlainValue]] = [
    ("title", words("Hello"), "Hello"),
    ("title", [], ""),
    ("rich_text", [*words("a"), *words("b")], "ab"),
    ("number", 3, 3),
    ("number", 2.5, 2.5),
    ("number", None, None),
    ("select", {"id": "o", "name": "Done", "color": "red"}, "Done"),
    ("select", {"id": "o"}, "o"),
    ("select", None, None),
    ("status", {"id": "o", "name": "Done", "color": "red"}, "Done"),
    ("multi_select", [{"name": "a"}, {"name": "b"}], ["a", "b"]),
    ("multi_select", [], []),
    ("date", None, None),
    ("date", {"start": "2026-03-01"}, DateSpan(date(2026, 3, 1))),
    (
        "date",
        {"start": "2026-03-01", "end": "2026-03-04", "time_zone": None},
        DateSpan(date(2026, 3, 1), date(2026, 3, 4)),
    ),
    (
        "date",
        {"start": "2026-03-01T09:00:00.000+01:00", "end": None},
        DateSpan(at(2026, 3, 1, 9, 0, zone=timezone(timedelta(hours=1)))),
    ),
    (
        "date",
        {"start": "2026-03-01T09:00:00.000", "time_zone": "Europe/Berlin"},
        DateSpan(at(2026, 3, 1, 9, 0, zone=BERLIN)),
    ),
    (
        "date",
        {"start": NOON, "end": "2026-03-01T13:00:00.000Z", "time_zone": "Europe/Berlin"},
        DateSpan(at(2026, 3, 1, 13, 0, zone=BERLIN), at(2026, 3, 1, 14, 0, zone=BERLIN)),
    ),
    ("people", [ADA], [User.from_json(json.dumps(ADA).encode())]),
    ("files", [FILE], [FileObject.from_json(json.dumps(FILE).encode())]),
    ("checkbox", True, True),
    ("url", "https://e.com", "https://e.com"),
    ("url", None, None),
    ("email", "a@e.com", "a@e.com"),
    ("phone_number", "1", "1"),
    ("relation", [{"id": uid("a")}, {"id": uid("b")}], [uid("a"), uid("b")]),
    ("formula", {"type": "string", "string": "x"}, "x"),
    ("formula", {"type": "string", "string": None}, None),
    ("formula", {"type": "number", "number": 3}, 3),
    ("formula", {"type": "boolean", "boolean": False}, False),
    ("formula", {"type": "date", "date": {"start": "2026-03-01"}}, DateSpan(date(2026, 3, 1))),
    ("formula", {"type": "date", "date": None}, None),
    ("rollup", {"type": "number", "number": 3, "function": "sum"}, 3),
    (
        "rollup",
        {"type": "date", "date": {"start": "2026-03-01"}, "function": "x"},
        DateSpan(date(2026, 3, 1)),
    ),
    (
        "rollup",
        {
            "type": "array",
            "array": [{"type": "number", "number": 1}, {"type": "title", "title": words("a")}],
            "function": "show_original",
        },
        [1, "a"],
    ),
    ("created_time", NOON, at(2026, 3, 1, 12, 0)),
    ("last_edited_time", NOON, at(2026, 3, 1, 12, 0)),
    ("created_by", ADA, User.from_json(json.dumps(ADA).encode())),
    ("last_edited_by", ADA, User.from_json(json.dumps(ADA).encode())),
    ("unique_id", {"prefix": "TASK", "number": 12}, "TASK-12"),
    ("unique_id", {"prefix": None, "number": 12}, "12"),
    ("unique_id", {"prefix": "TASK", "number": None}, None),
    ("verification", {"state": "verified", "date": None, "verified_by": None}, "verified"),
    ("verification", None, None),
    ("place", {"lat": 1.5, "lon": 2}, Place(1.5, 2)),
    ("place", None, None),
    ("button", {}, None),
    # What cannot be read as what it should be, is what came.
    ("title", "plain", "plain"),
    ("number", "3", "3"),
    ("select", ODD_OPTION, ODD_OPTION),
    ("multi_select", "a", "a"),
    ("multi_select", [ODD_OPTION, 3], [ODD_OPTION, 3]),
    ("date", {"start": "next week"}, {"start": "next week"}),
    ("date", {"start": "2026-02-30"}, {"start": "2026-02-30"}),
    ("date", {"end": "2026-03-01"}, {"end": "2026-03-01"}),
    ("date", {"start": "2026-03-01", "end": 3}, {"start": "2026-03-01", "end": 3}),
    ("date", {"start": NOON, "time_zone": "No/Where"}, {"start": NOON, "time_zone": "No/Where"}),
    ("people", [3, {}], [3, {}]),
    ("files", ["x"], ["x"]),
    ("relation", [{"to": 3}], [{"to": 3}]),
    (
        "formula",
        {"type": "unsupported", "unsupported": {}},
        {"type": "unsupported", "unsupported": {}},
    ),
    ("formula", {"type": "string"}, {"type": "string"}),
    ("rollup", {"type": "incomplete", "incomplete": {}}, {"type": "incomplete", "incomplete": {}}),
    ("created_time", "lately", "lately"),
    ("created_by", None, None),
    ("unique_id", {"number": "x"}, {"number": "x"}),
    ("verification", {"state": 3}, {"state": 3}),
    ("place", {"lat": 1}, {"lat": 1}),
    ("hologram", {"new": 1}, {"new": 1}),
]


@pytest.mark.parametrize(("kind", "value", "plain"), READ, ids=[str(one[:2]) for one in READ])
def test_a_value_is_read_as_python_has_it(kind: str, value: JSON, plain: PlainValue) -> None:
    found = read(kind, value).value

    assert found == plain
    assert type(found) is type(plain)


def test_each_type_of_value_was_read() -> None:
    assert {kind for kind, _, _ in READ} == {*PropertyValue.kinds, "hologram"}


def test_a_moment_keeps_its_time_zone() -> None:
    span = read("date", {"start": NOON, "time_zone": "Europe/Berlin"}).value

    assert isinstance(span, DateSpan)
    assert isinstance(span.start, datetime)
    assert span.start.tzinfo is BERLIN
    assert span.start.hour == 13


@pytest.mark.parametrize("odd", [5, [], {}, {"type": 3, "x": 1}, {"id": "x", "type": "number"}])
def test_of_what_is_no_value_the_json_is_given(odd: JSON) -> None:
    made = PropertyValue.from_json(json.dumps(odd).encode())

    assert made.value == odd


FIELDS = ("id", "name", "type", "start", "end", "time_zone", "string", "array", "plain_text",
          "prefix", "state", "lat", "lon", "boolean")  # fmt: skip
anything: st.SearchStrategy[JSON] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text()
    | st.sampled_from(["2026-01-01", "0001-01-01T00:00:00+14:00", "Europe/Berlin", "array"]),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from([*PropertyValue.kinds, *FIELDS]),
            below,
            max_size=4,
        )
    ),
    max_leaves=6,
)


@given(st.sampled_from([*PropertyValue.kinds]), anything)
def test_reading_odd_data_is_never_an_error(kind: str, value: JSON) -> None:
    made = read(kind, value)

    _ = made.value

    assert unstructure(made) == {"id": "x", "type": kind, kind: value}


def test_every_value_of_the_demo_workspace_is_plain() -> None:
    seen = set()
    for each in fixtures():
        made = structure(each)
        for value in made.properties.values() if isinstance(made, Page) else ():
            seen.add(value.type)
            if isinstance(value.value, Mapping):
                assert value.type in ("formula", "rollup")

    assert len(seen) > 15


# ------------------------------------------------------------------------------------- writing

OPTIONS: JSON = [{"id": name, "name": name, "color": "default"} for name in ("Open", "Done")]


def columns() -> dict[str, JSON]:
    found: dict[str, JSON] = {}
    for kind in (*PropertyValue.kinds, "location", "hologram"):
        content: JSON = {"options": OPTIONS} if kind.endswith(("select", "status")) else {}
        found[kind.title()] = {
            "id": f"%3A{kind}",
            "name": kind.title(),
            "type": kind,
            kind: content,
        }
    return found


def source() -> DataSource:
    return structure(data_source("tasks", "tracker", columns()), DataSource)


def made(kind: str, value: object) -> PropertyValue:
    (found,) = source().property_values({kind.title(): value}).values()
    assert isinstance(found, PropertyValue)
    return found


def run(content: str) -> JSON:
    return {"type": "text", "text": {"content": content}}


LINKED: JSON = {
    "name": "a b.pdf",
    "type": "external",
    "external": {"url": "https://e.com/a%20b.pdf?x=1"},
}
UPLOAD = structure(
    {
        "object": "file_upload",
        "id": uid("upload"),
        "status": "uploaded",
        "created_time": NOON,
        "last_edited_time": NOON,
    },
    FileUpload,
)

WRITTEN: list[tuple[str, object, JSON]] = [
    ("title", "Hello", [run("Hello")]),
    ("title", "", []),
    ("title", text("Hello"), [run("Hello")]),
    ("rich_text", "x" * 2000 + "y", [run("x" * 2000), run("y")]),
    ("rich_text", "x" * 1999 + "😀y", [run("x" * 1999), run("😀y")]),
    ("rich_text", "😀" * 1500, [run("😀" * 1000), run("😀" * 500)]),
    ("rich_text", [text("a"), text("b")], [run("a"), run("b")]),
    ("number", 3, 3),
    ("number", 2.5, 2.5),
    ("checkbox", True, True),
    ("url", "https://e.com", "https://e.com"),
    ("email", "a@e.com", "a@e.com"),
    ("phone_number", "1", "1"),
    ("select", "New", {"name": "New"}),
    ("select", SelectOption(id="o"), {"id": "o"}),
    ("status", "Done", {"name": "Done"}),
    ("status", SelectOption(name="Later"), {"name": "Later"}),
    ("multi_select", ["a", SelectOption(name="b")], [{"name": "a"}, {"name": "b"}]),
    ("multi_select", ("a",), [{"name": "a"}]),
    ("multi_select", {"a"}, [{"name": "a"}]),
    ("date", date(2026, 12, 1), {"start": "2026-12-01"}),
    ("date", at(2026, 12, 1, 9, 0), {"start": "2026-12-01T09:00:00+00:00"}),
    ("date", datetime(2026, 12, 1, 9), {"start": "2026-12-01T09:00:00"}),  # noqa: DTZ001 - without an offset
    (
        "date",
        DateSpan(date(2026, 12, 1), date(2026, 12, 3)),
        {"start": "2026-12-01", "end": "2026-12-03"},
    ),
    (
        "date",
        DateSpan(at(2026, 12, 1, 9, 0, zone=BERLIN), at(2026, 12, 1, 10, 0, zone=BERLIN)),
        {
            "start": "2026-12-01T09:00:00",
            "end": "2026-12-01T10:00:00",
            "time_zone": "Europe/Berlin",
        },
    ),
    (
        "date",
        DateSpan(at(2026, 12, 1, 9, 0, zone=BERLIN), at(2026, 12, 1, 10, 0)),
        {"start": "2026-12-01T09:00:00+01:00", "end": "2026-12-01T10:00:00+00:00"},
    ),
    # The second half past two of that night is told apart by its offset.
    (
        "date",
        at(2026, 10, 25, 2, 30, zone=BERLIN).replace(fold=1),
        {"start": "2026-10-25T02:30:00+01:00"},
    ),
    ("date", "2026-12-01", {"start": "2026-12-01"}),
    (
        "date",
        DateRange("2026-12-01", time_zone="Asia/Tokyo"),
        {"start": "2026-12-01", "time_zone": "Asia/Tokyo"},
    ),
    ("people", [uid("ada").replace("-", "")], [{"id": uid("ada"), "object": "user"}]),
    ("people", [User(uid("ada"))], [{"id": uid("ada"), "object": "user"}]),
    (
        "relation",
        [uid("a"), f"https://www.notion.so/Page-{uid('b').replace('-', '')}", Reference(uid("c"))],
        [{"id": uid("a")}, {"id": uid("b")}, {"id": uid("c")}],
    ),
    ("relation", [structure(row("a", "tasks"), Page)], [{"id": uid("a")}]),
    ("files", ["https://e.com/a%20b.pdf?x=1"], [LINKED]),
    (
        "files",
        ["https://e.com"],
        [{"name": "e.com", "type": "external", "external": {"url": "https://e.com"}}],
    ),
    ("files", [FileObject.from_json(json.dumps(FILE).encode())], [FILE]),
    ("files", [UPLOAD], [{"type": "file_upload", "file_upload": {"id": uid("upload")}}]),
    ("place", Place(1.5, 2), {"lat": 1.5, "lon": 2}),
    ("verification", "verified", {"state": "verified"}),
    ("verification", Verification("unverified"), {"state": "unverified"}),
]


@pytest.mark.parametrize(
    ("kind", "plain", "sent"), WRITTEN, ids=[str(one[:2])[:60] for one in WRITTEN]
)
def test_a_plain_value_is_written_by_the_type_of_its_property(
    kind: str, plain: object, sent: JSON
) -> None:
    assert request_json(made(kind, plain)) == {"type": kind, kind: sent}


def test_none_clears_a_value() -> None:
    lists = ("title", "rich_text", "multi_select", "people", "relation", "files")
    cleared: dict[str, JSON] = {kind: [] for kind in lists}
    cleared |= {"checkbox": False, "verification": {"state": "unverified"}}

    for kind in _KINDS:
        assert request_json(made(kind, None)) == {"type": kind, kind: cleared.get(kind)}


def test_values_that_are_made_pass_untouched() -> None:
    given: tuple[object, ...] = (
        NumberValue(3),
        PropertyValue(CheckboxValue(True)),
        {"rich_text": []},
        Unsupported("hologram", 3),
        read("formula", {"type": "string", "string": "x"}).content,
    )

    for value in given:
        for name in ("Number", "Formula", "Hologram"):
            assert source().property_values({name: value})[name] is value


def test_a_property_is_found_by_its_id_too() -> None:
    written = source().property_values({"%3Anumber": 3, "Checkbox": True})

    assert request_json(written) == {
        "%3Anumber": {"type": "number", "number": 3},
        "Checkbox": {"type": "checkbox", "checkbox": True},
    }


def test_a_status_takes_any_name_where_the_options_are_not_known() -> None:
    schema = data_source(
        "tasks", "tracker", {"State": {"id": "s", "type": "status", "status": {}}}
    )

    written = structure(schema, DataSource).property_values({"State": "Later"})

    assert request_json(written) == {"State": {"type": "status", "status": {"name": "Later"}}}


def test_a_schema_of_another_shape_takes_mappings_alone() -> None:
    odd = structure(data_source("tasks", "tracker", {"Odd": 3, "Type": {"type": 3}}), DataSource)

    for name in ("Odd", "Type"):
        with pytest.raises(ConfigurationError, match="takes a mapping alone"):
            odd.property_values({name: 3})
    assert odd.property_values({"Odd": {"number": 3}}) == {"Odd": {"number": 3}}


IDS = [uid(str(n)) for n in range(101)]

REFUSED: list[tuple[str, object, str]] = [
    ("title", 3, "property 'Title' (title) takes a text, or a list of RichText, not the int 3"),
    ("title", ["a"], "not the str 'a'"),
    ("title", "\ud83d", "takes whole characters"),
    ("rich_text", "x" * 200_001, "takes 100 runs of 2000 characters, and this is 101 of them"),
    ("rich_text", [text("x")] * 101, "and this is 101 of them"),
    ("number", "3", "property 'Number' (number) takes a finite number"),
    ("number", True, "not the bool True"),
    ("number", float("nan"), "not the float nan"),
    ("number", float("-inf"), "not the float -inf"),
    ("number", 2**53 + 1, "not the int 9007199254740993"),
    ("checkbox", 1, "takes True or False, not the int 1"),
    ("url", 3, "takes a text, not the int 3"),
    ("url", "x" * 2001, "takes at most 2000 characters"),
    ("email", "😀" * 101, "takes at most 200 characters"),
    ("select", "", "takes the name of an option, not the str ''"),
    ("select", ["a"], "not the list ['a']"),
    (
        "status",
        "Later",
        "property 'Status' (status) takes one of 'Open', 'Done', not the str 'Later'",
    ),
    ("status", 3, "takes the name of an option, not the int 3"),
    ("multi_select", "a", "takes a list of names of options, not the str 'a'"),
    ("multi_select", ["a", 3], "not the int 3"),
    ("multi_select", [None], "not the NoneType None"),
    (
        "multi_select",
        IDS,
        "property 'Multi_Select' (multi_select) takes 100 in one request, not 101",
    ),
    ("date", "tomorrow", "takes a date, a datetime, a DateSpan or an ISO 8601 text"),
    ("date", 3, "not the int 3"),
    ("people", ["Ada"], "takes a list of users or their ids, not the str 'Ada'"),
    ("people", IDS, "takes 100 in one request, not 101"),
    ("relation", uid("a"), "takes a list of pages, their ids or links, not the str"),
    ("relation", [User(uid("a"))], "not the User"),
    ("relation", IDS, "takes 100 in one request, not 101"),
    ("files", ["a.txt"], "takes a list of links (https://…), FileObjects or finished uploads"),
    ("files", ["https://[e"], "not the str 'https://[e'"),
    ("files", ["https://e.com/" + "x" * 2000], "takes a list of links"),
    ("files", [structure({**unstructure(UPLOAD), "status": "pending"}, FileUpload)], "FileUpload"),
    ("place", "Berlin", "takes a Place, not the str 'Berlin'"),
    ("verification", "expired", "takes 'verified' or 'unverified', not the str 'expired'"),
    ("verification", True, "not the bool True"),
    ("location", "Berlin", "takes a mapping alone"),
    ("hologram", 3, "property 'Hologram' (hologram) takes a mapping alone"),
    *((kind, 3, "is set by Notion alone: leave it out") for kind in _READ_ONLY),
    *((kind, None, "is set by Notion alone: leave it out") for kind in _READ_ONLY),
]


@pytest.mark.parametrize(
    ("kind", "plain", "message"), REFUSED, ids=[f"{one[0]}: {one[2]}" for one in REFUSED]
)
def test_a_wrong_value_is_refused_by_name_type_and_value(
    kind: str, plain: object, message: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        made(kind, plain)

    assert message in str(caught.value)
    assert len(str(caught.value)) < 300


def test_an_unknown_property_is_refused_with_the_names_that_are_close() -> None:
    with pytest.raises(ConfigurationError, match=r"'Statsu' .*: did you mean 'Status'\?"):
        source().property_values({"Statsu": "Done"})
    with pytest.raises(ConfigurationError, match="it has 'Title', 'Rich_Text', 'Number'"):
        source().property_values({"zzz": NumberValue(3)})


def test_every_type_that_notion_lets_write_is_written(shared: Path) -> None:
    published = json.loads((shared / "notion-api" / "enums.json").read_text())["property_types"]

    assert set(_KINDS) == set(published["value_write_create_page"])
    assert set(_READ_ONLY) == set(published["read_only_values"])


# ---------------------------------------------------------------------------------- both ways

YEARS = datetime(2, 1, 1), datetime(9998, 1, 1)  # noqa: DTZ001 - bounds of hypothesis have no zone
moments = st.datetimes(*YEARS) | st.datetimes(*YEARS, timezones=st.timezones())
spans = st.builds(DateSpan, st.dates(), st.none() | st.dates()) | st.builds(
    DateSpan, moments, st.none() | moments
)
names = st.text(min_size=1)
numbers = st.floats(allow_nan=False, allow_infinity=False)
users = st.builds(User, st.uuids().map(str))
external = st.builds(ExternalFile, st.just("https://e.com/") | st.text())

PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "title": st.text(),
    "rich_text": st.text() | st.text().map(lambda part: part * 700),
    "number": st.none() | numbers | st.integers(-(2**53), 2**53),
    "checkbox": st.booleans(),
    "url": st.none() | st.text(),
    "email": st.none() | st.text(max_size=100),
    "phone_number": st.none() | st.text(max_size=100),
    "select": st.none() | names,
    "status": st.sampled_from([None, "Open", "Done"]),
    "multi_select": st.lists(names),
    "date": st.none() | spans,
    "people": st.lists(users),
    "relation": st.lists(st.uuids().map(str)),
    "files": st.lists(
        st.builds(FileObject, st.just("external"), st.text(), external=external), max_size=3
    ),
    "place": st.none() | st.builds(Place, numbers, numbers),
    "verification": st.sampled_from(["verified", "unverified"]),
}


def comparable(value: object) -> object:
    """Python never calls moments of different zones equal in the hour that comes twice."""
    if isinstance(value, DateSpan):
        return DateSpan(*(_utc(one) for one in (value.start, value.end)))  # type: ignore[arg-type]  # as they came
    return value


def _utc(value: date | datetime | None) -> date | datetime | None:
    aware = isinstance(value, datetime) and value.tzinfo is not None
    return value.astimezone(UTC) if isinstance(value, datetime) and aware else value


@given(st.fixed_dictionaries({}, optional={kind.title(): plain for kind, plain in PLAIN.items()}))
def test_a_plain_value_that_is_written_is_read_again(row: dict[str, PlainValue]) -> None:
    written = source().property_values(row)

    for name, value in written.items():
        assert isinstance(value, PropertyValue)
        assert comparable(value.value) == comparable(row[name])
        # And as it would come back.
        again = structure(unstructure(value), PropertyValue)
        assert comparable(again.value) == comparable(row[name])
        assert source().property_values({name: again.value}) == {name: value}
    assert problems("CreatePageBodyParameters", request_json({"properties": written})) == []


pieces = st.text(st.sampled_from("a😀é"), min_size=1, max_size=9)


@given(pieces, pieces, st.integers(1, 1500))
def test_a_text_is_split_into_whole_characters_of_at_most_2000_units(
    first: str, piece: str, times: int
) -> None:
    long = first + piece * times

    content = made("rich_text", long).content

    assert isinstance(content, models.RichTextValue)
    runs = [one.plain_text for one in content.rich_text]
    units = [len(one.encode("utf-16-le")) // 2 for one in runs]
    assert "".join(runs) == long
    assert all(1999 <= one <= 2000 for one in units[:-1])
    assert 0 < units[-1] <= 2000


async def test_a_row_goes_and_comes_back_over_a_socket() -> None:
    skipped = ("place", "verification")  # the emulator does not write them
    kinds = [kind for kind in _KINDS if kind not in skipped]
    schema = {kind.title(): columns()[kind.title()] for kind in kinds}
    emulator = Emulator(budget=None)
    emulator.load(
        [
            database("tracker", sources=("tasks",)),
            data_source("tasks", "tracker", schema),
            person("ada"),
        ]
    )
    plain: dict[str, PlainValue] = {
        "Title": "Hello",
        "Rich_Text": "😀" * 1500,
        "Number": 2.5,
        "Checkbox": True,
        "Url": "https://e.com",
        "Select": "New",
        "Status": "Done",
        "Multi_Select": ["a", "b"],
        "Date": DateSpan(at(2026, 12, 1, 9, 0, zone=BERLIN), at(2026, 12, 1, 10, 0, zone=BERLIN)),
        "Relation": [uid("other")],
        "Email": "a@e.com",
        "Phone_Number": None,
    }

    async with emulator, client_of(emulator) as notion:
        tasks = await notion.data_sources.retrieve(uid("tasks"))
        values = tasks.property_values(
            {**plain, "People": [uid("ada")], "Files": ["https://e.com/a.txt"]}
        )
        page = await notion.pages.create(parent={"data_source_id": tasks.id}, properties=values)

    found = {name: page.properties[name].value for name in plain}
    assert found == plain
    people, files = page.properties["People"].value, page.properties["Files"].value
    assert isinstance(people, list)
    assert isinstance(files, list)
    assert [unstructure(user)["name"] for user in people if isinstance(user, User)] == ["Ada"]
    assert [file.url for file in files if isinstance(file, FileObject)] == ["https://e.com/a.txt"]
