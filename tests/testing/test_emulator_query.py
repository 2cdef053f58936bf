"""Filters and sorts of a data source, and the end at 10,000 rows."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from notion_async.testing.operators import OPERATORS

from .emulated import Object, Raw, data_source, database, emulated, row, uid, words

QUERY = f"/v1/data_sources/{uid('Table')}/query"
ME = uid("ada")


def column(identity: str, kind: str, **more: Any) -> Object:
    return {"id": identity, "name": identity, "description": None, "type": kind, kind: more}


def option(name: str) -> Object:
    return {"id": f"o-{name}", "name": name, "color": "default"}


def options(*names: str) -> list[Object]:
    return [{**option(name), "description": None} for name in names]


SCHEMA = {
    "Name": column("title", "title"),
    "Text": column("tx", "rich_text"),
    "Link": column("ln", "url"),
    "Size": column("sz", "number", format="number"),
    "Done": column("dn", "checkbox"),
    "Kind": column("kd", "select", options=options("small", "large")),
    "State": column(
        "st",
        "status",
        options=options("new", "open", "closed"),
        groups=[
            {
                "id": "g",
                "name": "Active",
                "color": "blue",
                "option_ids": ["o-new", "o-open", "o-gone"],
            }
        ],
    ),
    "Tags": column("tg", "multi_select", options=options("red", "blue")),
    "Due": column("du", "date"),
    "Who": column("wh", "people"),
    "Links": column(
        "%3Ar",
        "relation",
        type="single_property",
        single_property={},
        database_id=uid("Tasks"),
        data_source_id=uid("Table"),
    ),
    "Number": column("no", "unique_id", prefix=None),
    "Files": column("fl", "files"),
    "Author": column("au", "created_by"),
    "Made": column("md", "created_time"),
    "Formula": column("fo", "formula", expression='"yes"'),
    "Roll": column(
        "ro",
        "rollup",
        function="show_original",
        relation_property_name="Links",
        relation_property_id="%3Ar",
        rollup_property_name="Size",
        rollup_property_id="sz",
    ),
    "Check": column("vf", "verification"),
    "Place": column("pl", "place"),
}


def cells(**values: Any) -> Object:
    found = {}
    for name, value in values.items():
        one = SCHEMA[name]
        found[name] = {"id": one["id"], "type": one["type"], one["type"]: value}
    return found


A = cells(
    Text=words("Hello World"),
    Link="https://example.com/a",
    Size=0,
    Done=True,
    Kind=option("large"),
    State=option("open"),
    Tags=[option("red"), option("blue")],
    Due={"start": "2026-05-17", "end": None, "time_zone": None},
    Who=[{"object": "user", "id": ME}],
    Links=[{"id": uid("target")}],
    Number={"prefix": "T", "number": 2},
    Files=[{"name": "a.txt", "type": "external", "external": {"url": "https://example.com"}}],
    Author={"object": "user", "id": ME},
    Made="2026-05-01T08:00:00.000Z",
    Formula={"type": "string", "string": "yes"},
    Roll={
        "type": "array",
        "array": [{"type": "number", "number": 5}],
        "function": "show_original",
    },
    Check={"state": "verified", "verified_by": None, "date": None},
)
B = cells(
    Text=words("goodbye"),
    Link=None,
    Size=5.5,
    Done=False,
    Kind=option("small"),
    State=option("closed"),
    Tags=[option("blue")],
    Due={"start": "2026-05-10T12:00:00.000+02:00", "end": None, "time_zone": None},
    Who=[{"object": "user", "id": uid("bob")}],
    Links=[],
    Number={"prefix": "T", "number": 1},
    Files=[],
    Author={"object": "user", "id": uid("bob")},
    Made="2026-05-02T08:00:00.000Z",
    Formula={"type": "number", "number": 3},
    Roll={"type": "number", "number": 9, "function": "sum"},
    Check={"state": "unverified", "verified_by": None, "date": None},
)
C = cells(Text=[], Size=None, Kind=None, State=None, Tags=[], Due=None, Who=[])


@pytest.fixture
async def notion() -> AsyncIterator[Raw]:
    async with emulated(
        database("Tasks", sources=("Table",)),
        data_source("Table", "Tasks", SCHEMA),
        row("a", "Table", A, created="2026-05-01T08:00:00.000Z"),
        row("b", "Table", B, created="2026-05-02T08:00:00.000Z"),
        row("c", "Table", C, created="2026-05-03T08:00:00.000Z"),
        row("trashed", "Table", A, in_trash=True),
    ) as raw:
        yield raw


async def names(notion: Raw, **body: Any) -> str:
    found = await notion.ids("POST", QUERY, {"page_size": 2, **body})
    known = {uid(name): name for name in ("a", "b", "c", "trashed")}
    return "".join(known[identity] for identity in found)


async def test_without_filter_and_sort_rows_come_as_they_were_loaded(notion: Raw) -> None:
    answer = await notion.post(QUERY)

    assert [one["id"] for one in answer["results"]] == [uid("a"), uid("b"), uid("c")]
    assert answer["type"] == "page_or_data_source"
    assert answer["page_or_data_source"] == {}
    assert "request_status" not in answer


FILTERS: list[tuple[str, Object, str]] = [
    ("Name", {"title": {"equals": "A"}}, "a"),
    ("title", {"title": {"is_not_empty": True}}, "abc"),
    ("Text", {"rich_text": {"contains": "world"}}, "a"),
    ("Text", {"rich_text": {"does_not_contain": "world"}}, "bc"),
    ("tx", {"rich_text": {"starts_with": "good"}, "type": "rich_text"}, "b"),
    ("Text", {"rich_text": {"ends_with": "bye"}}, "b"),
    ("Text", {"rich_text": {"is_empty": True}}, "c"),
    ("Link", {"url": {"does_not_equal": "https://example.com/a"}}, "bc"),
    ("Size", {"number": {"equals": 0}}, "a"),
    ("Size", {"number": {"does_not_equal": 0}}, "bc"),
    ("Size", {"number": {"greater_than": 0}}, "b"),
    ("Size", {"number": {"less_than": 1}}, "a"),
    ("Size", {"number": {"greater_than_or_equal_to": 0}}, "ab"),
    ("Size", {"number": {"less_than_or_equal_to": 5.5}}, "ab"),
    ("Size", {"number": {"is_empty": True}}, "c"),
    ("Done", {"checkbox": {"equals": True}}, "a"),
    ("Done", {"checkbox": {"does_not_equal": True}}, "bc"),
    ("Kind", {"select": {"equals": "large"}}, "a"),
    ("Kind", {"select": {"equals": ["large", "small"]}}, "ab"),
    ("Kind", {"select": {"is_not_empty": True}}, "ab"),
    ("State", {"status": {"equals": "Active"}}, "a"),
    ("State", {"status": {"does_not_equal": "closed"}}, "ac"),
    ("Tags", {"multi_select": {"contains": "blue"}}, "ab"),
    ("Tags", {"multi_select": {"does_not_contain": ["red"]}}, "bc"),
    ("Due", {"date": {"equals": "2026-05-17"}}, "a"),
    ("Due", {"date": {"equals": "today"}}, "a"),
    ("Due", {"date": {"before": "2026-05-10T10:00:01Z"}}, "b"),
    ("Due", {"date": {"on_or_before": "one_week_ago"}}, "b"),
    ("Due", {"date": {"after": "2026-05-10T10:00:00"}}, "a"),
    ("Due", {"date": {"on_or_after": "one_month_ago"}}, "ab"),
    ("Due", {"date": {"this_week": {}}}, "a"),
    ("Due", {"date": {"past_week": {}}}, "ab"),
    ("Due", {"date": {"next_month": {}}}, "a"),
    ("Due", {"date": {"past_year": {}}}, "ab"),
    ("Due", {"date": {"is_empty": True}}, "c"),
    ("Who", {"people": {"contains": ME}}, "a"),
    ("Who", {"people": {"contains": "me"}}, ""),
    ("Who", {"people": {"does_not_contain": "me"}}, "abc"),
    ("%3Ar", {"relation": {"contains": uid("target").replace("-", "")}}, "a"),
    (":r", {"relation": {"is_empty": True}}, "bc"),
    ("Number", {"unique_id": {"greater_than": 1}}, "a"),
    ("Files", {"files": {"is_not_empty": True}}, "a"),
    ("Author", {"created_by": {"contains": ME}}, "a"),
    ("Made", {"created_time": {"after": "2026-05-01"}}, "b"),
    ("Formula", {"formula": {"string": {"contains": "y"}}}, "a"),
    ("Formula", {"formula": {"number": {"greater_than": 2}}}, "b"),
    ("Roll", {"rollup": {"any": {"number": {"equals": 5}}}}, "a"),
    ("Roll", {"rollup": {"every": {"number": {"equals": 5}}}}, "abc"),
    ("Roll", {"rollup": {"none": {"number": {"equals": 5}}}}, "bc"),
    ("Roll", {"rollup": {"number": {"greater_than": 8}}}, "b"),
    ("Check", {"verification": {"status": "verified"}}, "a"),
    ("Check", {"verification": {"does_not_equal": "verified"}}, "bc"),
    ("Check", {"verification": {"status": "none"}}, "bc"),
    ("Name", {"title": {"does_not_contain": "A"}}, "bc"),
    ("Link", {"url": {"is_not_empty": True}}, "a"),
    ("Size", {"number": {"is_not_empty": True}}, "ab"),
    ("Kind", {"select": {"does_not_equal": ["large", "huge"]}}, "bc"),
    ("Kind", {"select": {"equals": "huge"}}, ""),
    ("State", {"status": {"equals": ["Active", "closed"]}}, "ab"),
    ("State", {"status": {"does_not_equal": ["Active"]}}, "bc"),
    ("State", {"status": {"is_empty": True}}, "c"),
    ("Tags", {"multi_select": {"contains": ["red", "blue"]}}, "ab"),
    ("Tags", {"multi_select": {"is_empty": True}}, "c"),
    ("Due", {"date": {"equals": "one_week_ago"}}, "b"),
    ("Due", {"date": {"before": "tomorrow"}}, "ab"),
    ("Due", {"date": {"on_or_after": "yesterday"}}, "a"),
    ("Due", {"date": {"next_week": {}}}, "a"),
    ("Due", {"date": {"next_year": {}}}, "a"),
    ("Due", {"date": {"past_month": {}}}, "ab"),
    ("Due", {"date": {"is_not_empty": True}}, "ab"),
    ("Who", {"people": {"is_empty": True}}, "c"),
    ("Author", {"created_by": {"contains": "me"}}, ""),
    ("Author", {"created_by": {"is_empty": True}}, "c"),
    ("Made", {"created_time": {"past_month": {}}}, "ab"),
    ("Number", {"unique_id": {"is_empty": True}}, "c"),
    ("Roll", {"rollup": {"number": {"is_not_empty": True}}}, "b"),
    ("Formula", {"formula": {"checkbox": {"equals": True}}}, ""),
    ("Formula", {"formula": {"number": {"does_not_equal": 4}}}, "b"),
]


@pytest.mark.parametrize(("name", "filter_", "expected"), FILTERS)
async def test_filters_choose_rows(notion: Raw, name: str, filter_: Object, expected: str) -> None:
    assert await names(notion, filter={"property": name, **filter_}) == expected


@pytest.mark.parametrize(
    ("operator", "operand", "expected"),
    [
        ("equals", "2026-05-02", "b"),
        ("equals", "2026-05-02T08:00:00Z", "b"),
        ("before", "2026-05-02", "a"),
        ("after", "2026-05-02", "c"),
        ("on_or_before", "2026-05-02T08:00:00.000+00:00", "ab"),
        ("on_or_after", "2026-05-02T08:00:00.000Z", "bc"),
        ("on_or_after", "yesterday", ""),
        ("before", "tomorrow", "abc"),
        ("before", "one_week_from_now", "abc"),
        ("before", "one_month_from_now", "abc"),
        ("is_not_empty", True, "abc"),
    ],
)
@pytest.mark.parametrize("timestamp", ["created_time", "last_edited_time"])
async def test_timestamps_filter_to_the_minute(
    notion: Raw, timestamp: str, operator: str, operand: object, expected: str
) -> None:
    filter_ = {"timestamp": timestamp, timestamp: {operator: operand}}

    assert await names(notion, filter=filter_) == expected


async def test_filters_combine_two_levels_deep(notion: Raw) -> None:
    small = {"property": "Kind", "select": {"equals": "small"}}
    done = {"property": "Done", "checkbox": {"equals": True}}
    never = {"property": "Size", "number": {"equals": -1}}

    assert await names(notion, filter={"or": [small, done]}) == "ab"
    assert await names(notion, filter={"and": [{"or": [small, done]}, done]}) == "a"
    assert await names(notion, filter={"and": [done, never]}) == ""
    message = await notion.wrong("POST", QUERY, {"filter": {"and": [{"or": [{"and": [done]}]}]}})
    assert "body.filter.and[0].or[0].and should be not present" in message


@pytest.mark.parametrize(
    ("filter_", "message"),
    [
        ([], "body.filter should be an object"),
        ({}, "body.filter.property should be defined"),
        ({"property": "Nope", "number": {"equals": 1}}, "Could not find property"),
        ({"property": "Size"}, "body.filter.number should be defined"),
        ({"property": "Size", "title": {"equals": "x"}}, "number does not match filter title"),
        ({"property": "Size", "number": {}}, "body.filter.number should be an object with one"),
        ({"property": "Size", "number": {"equals": "x"}}, "should be a number"),
        ({"property": "Size", "number": {"contains": 1}}, "number.contains should be not present"),
        ({"property": "Text", "rich_text": {"before": "x"}}, "should be not present"),
        ({"property": "Text", "rich_text": {"is_empty": False}}, "should be `true`"),
        ({"property": "Done", "checkbox": {"contains": True}}, "should be not present"),
        ({"property": "Due", "date": {"before": "soon"}}, "a valid ISO 8601 date string"),
        ({"property": "Due", "date": {"contains": "soon"}}, "should be not present"),
        ({"property": "Due", "date": {"this_week": 1}}, "this_week should be an object"),
        (
            {"property": "Due", "date": {"this_week": {"n": 1}}},
            "this_week.n should be not present",
        ),
        ({"property": "Due", "date": {"equals": "one_day_ago"}}, "valid ISO 8601 date string"),
        ({"property": "Kind", "select": {"equals": ["small", 1]}}, "equals should be a string"),
        ({"property": "Links", "relation": {"contains": "me"}}, "should be a valid uuid"),
        ({"property": "Check", "verification": {"status": "lost"}}, "verification.status should"),
        (
            {"property": "Check", "verification": {"equals": "none"}},
            "equals should be not present",
        ),
        ({"property": "Formula", "formula": {"text": {}}}, "formula.text should be not present"),
        (
            {"property": "Formula", "formula": {"string": {"before": "x"}}},
            "formula.string.before should be not present",
        ),
        ({"property": "Roll", "rollup": {"some": {}}}, "rollup.some should be not present"),
        (
            {"property": "Roll", "rollup": {"any": {"url": {"equals": "x"}}}},
            "rollup.any.url should be not present",
        ),
        (
            {"property": "Roll", "rollup": {"any": {"number": {"contains": 1}}}},
            "rollup.any.number.contains should be not present",
        ),
        ({"property": "Place", "place": {"is_empty": True}}, "is_empty should be not present"),
        ({"property": "Who", "people": {"contains": "x"}}, "should be a valid uuid"),
        ({"property": "Formula", "formula": {"date": {}}}, "should be an object with one field"),
        ({"timestamp": "x"}, "body.filter.timestamp should be"),
        ({"timestamp": "created_time"}, "body.filter.created_time should be defined"),
        (
            {"timestamp": "created_time", "created_time": {"contains": "x"}},
            "created_time.contains should be not present",
        ),
        ({"and": {}}, "body.filter.and should be an array"),
        ({"and": [], "or": []}, "body.filter.or should be not present"),
    ],
)
async def test_filters_are_validated(notion: Raw, filter_: object, message: str) -> None:
    assert message in await notion.wrong("POST", QUERY, {"filter": filter_})


SORTS = [
    ("Name", "abc", "cba"),
    ("Text", "bac", "abc"),
    ("Size", "abc", "bac"),
    ("Done", "bac", "abc"),
    ("Kind", "bac", "abc"),
    ("Tags", "abc", "bac"),
    ("Due", "bac", "abc"),
    ("Number", "bac", "abc"),
    ("Links", "abc", "abc"),
    ("Made", "abc", "bac"),
    ("Formula", "bac", "abc"),
    ("State", "abc", "bac"),
    ("Roll", "abc", "bac"),
    ("Check", "abc", "abc"),  # no order of its own: rows stay as they are
]


@pytest.mark.parametrize(("name", "ascending", "descending"), SORTS)
async def test_sorts_go_both_ways_and_put_empty_values_last(
    notion: Raw, name: str, ascending: str, descending: str
) -> None:
    up = {"property": name, "direction": "ascending"}
    down = {"property": name, "direction": "descending"}

    assert await names(notion, sorts=[up]) == ascending
    assert await names(notion, sorts=[down]) == descending


async def test_the_first_sort_counts_most(notion: Raw) -> None:
    done = {"property": "Done", "direction": "ascending"}
    newest = {"timestamp": "created_time", "direction": "descending"}
    oldest = {"timestamp": "last_edited_time", "direction": "ascending"}

    assert await names(notion, sorts=[newest]) == "cba"
    assert await names(notion, sorts=[done, newest]) == "bac"
    assert await names(notion, sorts=[oldest, newest]) == "abc"


@pytest.mark.parametrize(
    ("sorts", "message"),
    [
        ({}, "body.sorts should be an array"),
        ([{"property": "Size"}], "body.sorts[0].direction should be defined"),
        ([{"direction": "ascending"}], "body.sorts[0].property should be defined"),
        ([{"property": "Nope", "direction": "ascending"}], "Could not find property"),
        ([{"timestamp": "x", "direction": "ascending"}], "body.sorts[0].timestamp should be"),
    ],
)
async def test_sorts_are_validated(notion: Raw, sorts: object, message: str) -> None:
    assert message in await notion.wrong("POST", QUERY, {"sorts": sorts})


async def test_dates_sort_by_the_moment_at_which_they_begin() -> None:
    starts = {
        "noon in Tokyo": "2026-05-10T12:00:00.000+09:00",
        "morning in London": "2026-05-10T09:00:00.000+01:00",
        "the day": "2026-05-10",
    }
    rows = [
        row(name, "Table", cells(Due={"start": start, "end": None, "time_zone": None}))
        for name, start in starts.items()
    ]
    async with emulated(data_source("Table", "Tasks", SCHEMA), *rows) as notion:
        up = {"property": "Due", "direction": "ascending"}
        found = await notion.ids("POST", QUERY, {"sorts": [up]})

    assert found == [uid("the day"), uid("noon in Tokyo"), uid("morning in London")]


ROLLED: list[tuple[Object, Object, bool]] = [
    ({"type": "title", "title": words("Hello")}, {"rich_text": {"contains": "hello"}}, True),
    ({"type": "url", "url": "https://x.y"}, {"rich_text": {"starts_with": "https"}}, True),
    ({"type": "number", "number": 5}, {"number": {"greater_than": 4}}, True),
    ({"type": "number", "number": 5}, {"rich_text": {"contains": "5"}}, False),
    ({"type": "rich_text", "rich_text": words("5")}, {"number": {"less_than": 9}}, False),
    ({"type": "unique_id", "unique_id": {"number": 5}}, {"number": {"equals": 5}}, True),
    ({"type": "checkbox", "checkbox": True}, {"checkbox": {"equals": True}}, True),
    ({"type": "select", "select": option("red")}, {"select": {"equals": ["red", "x"]}}, True),
    ({"type": "status", "status": option("open")}, {"status": {"does_not_equal": "open"}}, False),
    (
        {"type": "multi_select", "multi_select": [option("red")]},
        {"multi_select": {"contains": "red"}},
        True,
    ),
    ({"type": "relation", "relation": [{"id": ME}]}, {"relation": {"contains": ME}}, True),
    ({"type": "people", "people": [{"id": ME}]}, {"people": {"contains": ME}}, True),
    ({"type": "created_by", "created_by": {"id": ME}}, {"people": {"contains": ME}}, True),
    ({"type": "date", "date": {"start": "2026-05-17"}}, {"date": {"equals": "today"}}, True),
    (
        {"type": "last_edited_time", "last_edited_time": "2026-05-17T08:00:00.000Z"},
        {"date": {"this_week": {}}},
        True,
    ),
    ({"type": "files", "files": []}, {"files": {"is_empty": True}}, True),
    (
        {"type": "formula", "formula": {"type": "boolean", "boolean": True}},
        {"checkbox": {"equals": True}},
        True,
    ),
    (
        {"type": "formula", "formula": {"type": "number", "number": 2}},
        {"number": {"equals": 2}},
        True,
    ),
    ({"type": "formula", "formula": None}, {"number": {"equals": 2}}, False),
]


@pytest.mark.parametrize(("element", "condition", "hit"), ROLLED)
@pytest.mark.usefixtures("loads_oddities")
async def test_what_was_rolled_up_is_filtered_by_its_type(
    element: Object, condition: Object, hit: bool
) -> None:
    other = {"type": "unsupported", "unsupported": {}}
    values = {"one": [element], "mixed": [element, other], "nothing": []}
    rows = [
        row(name, "Table", cells(Roll={"type": "array", "array": array, "function": "x"}))
        for name, array in values.items()
    ]
    async with emulated(data_source("Table", "Tasks", SCHEMA), *rows) as notion:
        found = {
            word: await notion.ids(
                "POST", QUERY, {"filter": {"property": "Roll", "rollup": {word: condition}}}
            )
            for word in ("any", "every", "none")
        }

    everything = [uid("one"), uid("mixed"), uid("nothing")]
    assert found["any"] == (everything[:2] if hit else [])
    assert found["every"] == ([uid("one"), uid("nothing")] if hit else [uid("nothing")])
    assert found["none"] == (everything[2:] if hit else everything)


OPERANDS: dict[str, object] = {
    "true": True,
    "string": "small",
    "number": 1,
    "boolean": True,
    "string|array<string>": ["small"],
    "iso_date|relative_date": "today",
    "empty_object": {},
    "string|me": "me",
}


async def test_every_operator_that_notion_lists_filters(notion: Raw, shared: Path) -> None:
    """And no other does, so that what works here works there."""
    filters = json.loads((shared / "notion-api" / "enums.json").read_text())["filters"]

    for kind, about in filters["property"].items():
        operators = {
            name: operand_of(kind, given, filters["defs"])
            for name, given in about["operators"].items()
        }
        assert set(OPERATORS[kind]) == set(operators)
        name = next((name for name, one in SCHEMA.items() if one["type"] == kind), None)
        if name is not None:
            for operator, operand in operators.items():
                filter_ = {"property": name, kind: {operator: operand}}
                await notion.post(QUERY, {"filter": filter_})
    assert set(OPERATORS) == {*filters["property"], "timestamp"}
    assert set(OPERATORS["timestamp"]) == set(filters["defs"]["DatePropertyFilter"])


def operand_of(kind: str, given: Any, definitions: Object) -> object:
    """Return something that an operator takes."""
    if given is True:
        return True
    if isinstance(given, str):
        return ME if (kind, given) == ("relation", "string") else OPERANDS[given]
    if "enum" in given:
        return given["enum"][0]
    nested = given["nested"]
    if nested == "RollupSubfilterPropertyFilter":
        return {"number": {"equals": 1}}
    operator, operand = next(iter(definitions[nested].items()))
    return {operator: operand_of(kind, operand, definitions)}


async def test_rows_in_the_trash_are_found_when_asked_for(notion: Raw) -> None:
    assert await names(notion, in_trash=True) == "trashed"
    assert await names(notion, result_type="data_source") == ""
    answer = await notion.post(QUERY, {"archived": True}, version="2025-09-03")
    assert [one["id"] for one in answer["results"]] == [uid("trashed")]
    assert await names(notion, is_archived=True) == ""


async def test_a_source_that_does_not_exist_is_not_found(notion: Raw) -> None:
    status, _ = await notion.send("POST", f"/v1/data_sources/{uid('x')}/query", {})

    assert status == 404


async def test_a_cursor_belongs_to_its_filter(notion: Raw) -> None:
    cursor = (await notion.post(QUERY, {"page_size": 1}))["next_cursor"]
    filter_ = {"property": "Done", "checkbox": {"equals": True}}

    message = await notion.wrong("POST", QUERY, {"filter": filter_, "start_cursor": cursor})

    assert message.startswith("The start_cursor provided is invalid")


async def test_only_the_last_results_are_kept_and_changes_are_seen(notion: Raw) -> None:
    for number in range(20):
        filter_ = {"property": "Size", "number": {"equals": number}}
        await notion.post(QUERY, {"filter": filter_})
    assert await names(notion) == "abc"

    await notion.patch(f"/v1/pages/{uid('a')}", {"in_trash": True})

    assert await names(notion) == "bc"


async def test_a_query_ends_at_10000_rows_and_every_page_says_so() -> None:
    rows = [row(f"r{number}", "Table") for number in range(10_001)]
    async with emulated(data_source("Table", "Tasks"), *rows) as notion:
        first = await notion.post(QUERY)
        found = await notion.ids("POST", QUERY)
        fewer = await notion.post(
            QUERY, {"filter": {"property": "Name", "title": {"does_not_equal": "r7"}}}
        )

    assert len(found) == 10_000
    assert first["request_status"] == {
        "type": "incomplete",
        "incomplete_reason": "query_result_limit_reached",
    }
    assert "request_status" not in fewer
