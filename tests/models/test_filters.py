"""Filters and sorts made by `prop` and `timestamp`: what they send, and what they mean."""

from __future__ import annotations

import copy
import inspect
import itertools
import json
import pickle
import pydoc
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notion_async import ConfigurationError
from notion_async.converters import request_json
from notion_async.models import Page
from notion_async.models._given import RelativeDay, VerificationState
from notion_async.models.conditions import PropertyConditions, prop, timestamp
from notion_async.models.filters import Filter, Sort
from notion_async.testing import Emulator
from notion_async.types import JSON
from tests.clients import client_of
from tests.testing.emulated import data_source, database, row, uid, words

Schema = dict[str, Any]
SHARED = Path(__file__).parents[2].parent / "shared" / "notion-api" / "notion.schema.json"

ID = "0123456789abcdef0123456789abcdef"
DASHED = "01234567-89ab-cdef-0123-456789abcdef"

CONDITIONS: list[tuple[Filter, JSON]] = [
    (prop("Name").title.equals("x"), {"property": "Name", "title": {"equals": "x"}}),
    (
        prop("Text").rich_text.does_not_contain(""),
        {"property": "Text", "rich_text": {"does_not_contain": ""}},
    ),
    (prop("a%3Ab").url.is_empty(), {"property": "a%3Ab", "url": {"is_empty": True}}),
    (prop("Size").number.greater_than(2), {"property": "Size", "number": {"greater_than": 2}}),
    (
        prop("Nr").unique_id.less_than_or_equal_to(2.5),
        {"property": "Nr", "unique_id": {"less_than_or_equal_to": 2.5}},
    ),
    (prop("Ok").checkbox.equals(False), {"property": "Ok", "checkbox": {"equals": False}}),
    (prop("S").status.equals("Done"), {"property": "S", "status": {"equals": "Done"}}),
    (
        prop("S").select.does_not_equal(("a", "b")),
        {"property": "S", "select": {"does_not_equal": ["a", "b"]}},
    ),
    (
        prop("T").multi_select.contains(["a"]),
        {"property": "T", "multi_select": {"contains": ["a"]}},
    ),
    (prop("D").date.before("2026-12-01"), {"property": "D", "date": {"before": "2026-12-01"}}),
    (prop("D").date.after("today"), {"property": "D", "date": {"after": "today"}}),
    (
        prop("D").date.equals(date(2026, 12, 1)),
        {"property": "D", "date": {"equals": "2026-12-01"}},
    ),
    (prop("D").date.past_week(), {"property": "D", "date": {"past_week": {}}}),
    (
        prop("D").date.on_or_before(datetime(2026, 12, 1, 9, 30)),  # noqa: DTZ001 - without an offset
        {"property": "D", "date": {"on_or_before": "2026-12-01T09:30:00"}},
    ),
    (
        prop("D").date.on_or_after(datetime(2026, 12, 1, tzinfo=timezone(timedelta(hours=2)))),
        {"property": "D", "date": {"on_or_after": "2026-12-01T00:00:00+02:00"}},
    ),
    (
        prop("D").date.after("2026-12-01T09:30:00.000Z"),
        {"property": "D", "date": {"after": "2026-12-01T09:30:00.000Z"}},
    ),
    (prop("P").people.contains("me"), {"property": "P", "people": {"contains": "me"}}),
    (
        prop("P").created_by.does_not_contain(ID),
        {"property": "P", "created_by": {"does_not_contain": DASHED}},
    ),
    (
        prop("R").relation.contains(f"https://www.notion.so/Page-{ID}"),
        {"property": "R", "relation": {"contains": DASHED}},
    ),
    (prop("F").files.is_not_empty(), {"property": "F", "files": {"is_not_empty": True}}),
    (
        prop("F").formula.checkbox.does_not_equal(True),
        {"property": "F", "formula": {"checkbox": {"does_not_equal": True}}},
    ),
    (
        prop("R").rollup.any.rich_text.contains("x"),
        {"property": "R", "rollup": {"any": {"rich_text": {"contains": "x"}}}},
    ),
    (
        prop("R").rollup.number.equals(3),
        {"property": "R", "rollup": {"number": {"equals": 3}}},
    ),
    (
        prop("V").verification.status("expired"),
        {"property": "V", "verification": {"status": "expired"}},
    ),
    (
        timestamp.created_time.on_or_after("2026-01-01"),
        {"timestamp": "created_time", "created_time": {"on_or_after": "2026-01-01"}},
    ),
    (
        timestamp.last_edited_time.this_week(),
        {"timestamp": "last_edited_time", "last_edited_time": {"this_week": {}}},
    ),
]


@pytest.mark.parametrize(("made", "sent"), CONDITIONS, ids=[str(made) for made, _ in CONDITIONS])
def test_a_condition_is_sent_as_notion_writes_it(made: Filter, sent: JSON) -> None:
    assert request_json(made) == sent
    assert made == sent


SORTS: list[tuple[Sort, JSON]] = [
    (prop("Due").ascending(), {"property": "Due", "direction": "ascending"}),
    (prop("Due").descending(), {"property": "Due", "direction": "descending"}),
    (
        timestamp.created_time.ascending(),
        {"timestamp": "created_time", "direction": "ascending"},
    ),
    (
        timestamp.last_edited_time.descending(),
        {"timestamp": "last_edited_time", "direction": "descending"},
    ),
]


@pytest.mark.parametrize(("made", "sent"), SORTS, ids=[str(sent) for _, sent in SORTS])
def test_a_sort_is_sent_as_notion_writes_it(made: Sort, sent: JSON) -> None:
    assert request_json([made]) == [sent]


# ------------------------------------------------------------------------------------ mistakes

MISTAKES: list[tuple[Callable[[], object], str]] = [
    (lambda: prop("").title, "a property has a name or an id, not ''"),
    (lambda: prop(3), "a property has a name or an id, not 3"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # to be refused
    (lambda: prop("T").title.equals(3), "prop('T').title.equals takes a text, not 3"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # to be refused
    (lambda: prop("N").number.equals(True), "number.equals takes a finite number"),
    (lambda: prop("N").number.equals(float("nan")), "not nan"),
    (lambda: prop("N").number.less_than(float("inf")), "not inf"),
    (lambda: prop("N").number.less_than(2**53 + 1), "not 9007199254740993"),
    (lambda: prop("N").number.less_than(10**400), "takes a finite number"),
    (lambda: prop("C").checkbox.equals(1), "checkbox.equals takes True or False, not 1"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # to be refused
    (
        lambda: prop("S").select.equals([]),
        "takes the name of an option or a list of names, not []",
    ),
    (lambda: prop("S").select.equals(["a", 3]), "not ['a', 3]"),  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]  # to be refused
    (lambda: prop("S").select.equals({"a"}), "not {'a'}"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # to be refused
    (
        lambda: prop("D").date.before("soon"),
        "takes a date, a datetime, an ISO 8601 text or one of",
    ),
    (lambda: prop("D").date.before("2026-02-30"), "not '2026-02-30'"),
    (lambda: prop("D").date.before("20261201"), "not '20261201'"),
    (lambda: prop("D").date.before(3), "not 3"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # to be refused
    (lambda: prop("P").people.contains("Ada"), "takes the id of a user or \"me\", not 'Ada'"),
    (lambda: prop("P").people.contains(3), "not 3"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # to be refused
    (lambda: prop("R").relation.contains("me"), "takes the id or the link of a page, not 'me'"),
    (
        lambda: prop("V").verification.status("unverified"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # to be refused
        "takes one of verified, expired, none, not 'unverified'",
    ),
    (
        lambda: timestamp.created_time.before("x"),
        "timestamp.created_time.before takes a date",
    ),
    (lambda: prop("R").rollup.every.date.equals(""), "prop('R').rollup.every.date.equals takes"),
    (lambda: Filter({}), "a filter is a mapping, and not empty"),
    (lambda: Filter([]), "a filter is a mapping, and not empty"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # to be refused
    (lambda: Filter({"property": object()}), "a filter is made of JSON"),
]


@pytest.mark.parametrize(("mistake", "message"), MISTAKES, ids=[text for _, text in MISTAKES])
def test_a_wrong_value_is_refused_by_the_name_of_its_operator(
    mistake: Callable[[], object], message: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        mistake()

    assert message in str(caught.value)


# ----------------------------------------------------------------------------------- combining

A, B, C = (prop(name).checkbox.equals(True) for name in "abc")


def test_filters_combine_flat() -> None:
    a, b, c = dict(A), dict(B), dict(C)

    assert dict(A & B & C) == {"and": [a, b, c]}
    assert dict(A & (B & C)) == {"and": [a, b, c]}
    assert dict(A | B | C) == {"or": [a, b, c]}
    assert dict(A & (B | C) & A) == {"and": [a, {"or": [b, c]}, a]}


def test_a_third_level_is_refused_with_a_way_out() -> None:
    with pytest.raises(ConfigurationError, match=r"nested 2 deep, and this is 3: write"):
        _ = A & (B | (C & A))

    assert list((A & B) | (A & C & A)) == ["or"]


def test_a_filter_of_notions_documentation_can_be_combined() -> None:
    stored = {"and": [{"and": [dict(A)]}, {"or": [dict(B), {"or": [dict(C), dict(A)]}]}]}

    made = Filter(stored) & B

    assert made == {"and": [dict(A), {"or": [dict(B), dict(C), dict(A)]}, dict(B)]}
    assert Filter({"or": [dict(A)]}) == A
    with pytest.raises(ConfigurationError, match="this is 3"):
        Filter({"or": [{"and": [{"or": [dict(A), dict(B)]}, dict(C)]}, dict(C)]})


def test_the_words_and_or_and_not_are_refused() -> None:
    one: Any = A  # pyright would refuse it
    mistakes: list[Callable[[], object]] = [lambda: one and B, lambda: one or B, lambda: not one]

    for mistake in mistakes:
        with pytest.raises(ConfigurationError, match="combine filters with & and"):
            mistake()


def test_a_filter_is_combined_with_filters_alone() -> None:
    with pytest.raises(TypeError):
        _ = A & {"property": "b"}  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]  # to be refused
    with pytest.raises(TypeError):
        _ = A | prop("b")  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]  # to be refused


def test_a_filter_does_not_change() -> None:
    made = A & B

    parts = made["and"]
    assert isinstance(parts, list)
    parts.clear()

    assert made == {"and": [dict(A), dict(B)]}
    with pytest.raises(TypeError):
        made["and"] = []  # type: ignore[index]  # pyright: ignore[reportIndexIssue]  # to be refused


def test_a_filter_is_a_mapping_like_another() -> None:
    made = A | B

    match made:
        case {"or": [first, *_]}:
            assert first == A
        case _:
            pytest.fail("it is no mapping")
    assert list(made) == ["or"]
    assert len(made) == 1
    assert json.loads(json.dumps(dict(made))) == made
    assert repr(A) == "Filter({'property': 'a', 'checkbox': {'equals': True}})"
    assert A != B


def test_filters_and_sorts_are_copied_and_pickled() -> None:
    for made in (A & B, prop("a").ascending()):
        again = pickle.loads(pickle.dumps(made))  # noqa: S301 - our own

        assert again == made
        assert type(again) is type(made)
        assert copy.deepcopy(made) == made


Tree = str | tuple[str, "Tree", "Tree"]
trees: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from("abcd"),
    lambda below: st.tuples(st.sampled_from(["and", "or"]), below, below),
    max_leaves=8,
)


def built(tree: Any) -> Filter:
    if isinstance(tree, str):
        return prop(tree).checkbox.equals(True)
    word, left, right = tree
    return built(left) & built(right) if word == "and" else built(left) | built(right)


def levels(tree: Any) -> int:
    """How often ``and`` and ``or`` take turns on the way down."""
    if isinstance(tree, str):
        return 0
    below: list[int] = [levels(one) - (one[0] == tree[0]) for one in tree[1:]]
    return 1 + max(below)


def meant(tree: Any, row: Mapping[str, bool]) -> bool:
    if isinstance(tree, str):
        return row[tree]
    combine = all if tree[0] == "and" else any
    return combine([meant(one, row) for one in tree[1:]])


def said(filter: Any, row: Mapping[str, bool]) -> bool:
    for word, combine in (("and", all), ("or", any)):
        if word in filter:
            return combine([said(one, row) for one in filter[word]])
    return row[filter["property"]]


def deep(filter: Any) -> int:
    parts = filter.get("and", filter.get("or"))
    return 0 if parts is None else 1 + max(map(deep, parts))


@given(trees)
@example(("and", ("and", "a", "b"), ("or", "c", ("or", "a", "d"))))
@example(("or", "a", ("and", "b", ("or", "c", "d"))))
def test_combining_keeps_the_meaning_in_two_levels(tree: Any) -> None:
    if levels(tree) > 2:
        with pytest.raises(ConfigurationError, match="nested 2 deep"):
            built(tree)
        return

    sent: Any = request_json(built(tree))  # JSON of any shape, taken apart below

    assert deep(sent) == levels(tree)
    for values in itertools.product([True, False], repeat=4):
        row = dict(zip("abcd", values, strict=True))
        assert said(sent, row) is meant(tree, row)


# ---------------------------------------------------------------- against Notion's publication


def published() -> Schema:
    if not SHARED.exists():
        pytest.skip("Notion's types are not here")
    found: Schema = json.loads(SHARED.read_text())["definitions"]
    return found


def resolved(definitions: Schema, schema: Schema) -> Schema:
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    return schema


def variants(definitions: Schema, schema: Schema) -> list[Schema]:
    """The objects that a union allows, those of its unions among them."""
    schema = resolved(definitions, schema)
    if "anyOf" not in schema:
        return [schema]
    return [one for part in schema["anyOf"] for one in variants(definitions, part)]


def published_operators(definitions: Schema, schema: Schema, path: str) -> Iterator[str]:
    for variant in variants(definitions, schema):
        assert len(variant["properties"]) == 1
        for name, below in variant["properties"].items():
            inner = variants(definitions, below)
            if all("properties" in one for one in inner):
                yield from published_operators(definitions, below, f"{path}.{name}")
            else:
                yield f"{path}.{name}"


def operators(about: object, path: str) -> Iterator[tuple[str, Callable[..., Filter]]]:
    for name in dir(about):
        if name.startswith("_") or name in ("ascending", "descending"):
            continue
        found = getattr(about, name)
        if inspect.ismethod(found):
            yield f"{path}.{name}", found
        else:
            yield from operators(found, f"{path}.{name}")


OFFERED: list[tuple[str, Callable[..., Filter]]] = [
    *operators(prop("x"), "property"),
    *operators(timestamp.created_time, "timestamp.created_time"),
    *operators(timestamp.last_edited_time, "timestamp.last_edited_time"),
]


def test_every_operator_of_notion_is_offered_and_no_other() -> None:
    definitions = published()
    expected: set[str] = set()
    for variant in definitions["PropertyFilter"]["anyOf"]:
        kind = variant["properties"]["type"]["const"]
        condition = variant["properties"][kind]
        expected |= {*published_operators(definitions, condition, f"property.{kind}")}
    for variant in variants(definitions, definitions["TimestampFilter"]):
        kind = variant["properties"]["type"]["const"]
        condition = variant["properties"][kind]
        expected |= {*published_operators(definitions, condition, f"timestamp.{kind}")}

    assert {path for path, _ in OFFERED} == expected
    assert len(expected) > 250


def test_every_relative_day_and_state_of_notion_is_known() -> None:
    definitions = published()
    state = definitions["VerificationPropertyStatusFilter"]["properties"]["status"]

    assert list(get_args(RelativeDay)) == definitions["RelativeDateValue"]["enum"]
    assert list(get_args(VerificationState)) == state["enum"]


WITHIN = datetime(2, 1, 1), datetime(9998, 1, 1)  # noqa: DTZ001 - bounds of hypothesis have no zone
ONE_OF_EACH: dict[str, object] = {
    "str": ID,
    "float": 3,
    "bool": True,
    "Names": "a",
    "When": "today",
    "VerificationState": "none",
}


@pytest.mark.parametrize(("path", "operator"), OFFERED, ids=[path for path, _ in OFFERED])
def test_every_operator_is_sent_under_its_name(path: str, operator: Callable[..., Filter]) -> None:
    arguments = [
        ONE_OF_EACH[str(parameter.annotation)]
        for parameter in inspect.signature(operator).parameters.values()
    ]

    sent: Any = request_json(operator(*arguments))  # JSON of any shape, taken apart below

    key, *steps = path.split(".")
    assert sent.pop(key) == (steps[0] if key == "timestamp" else "x")
    for step in steps:
        assert list(sent) == [step]
        sent = sent[step]
    given = [DASHED if one == ID else one for one in arguments]
    assert sent in ([*given, ID] if arguments else [True, {}])


def test_the_types_of_property_are_in_the_help() -> None:
    shown = pydoc.plain(pydoc.render_doc(PropertyConditions))

    assert "multi_select" in shown


OPERANDS: dict[str, st.SearchStrategy[object]] = {
    "str": st.text(),
    "float": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53),
    "bool": st.booleans(),
    "Names": st.text() | st.lists(st.text(), min_size=1),
    "When": st.dates()
    | st.datetimes(*WITHIN)
    | st.datetimes(*WITHIN, timezones=st.timezones())
    | st.sampled_from(get_args(RelativeDay)),
    "VerificationState": st.sampled_from(get_args(VerificationState)),
}


@st.composite
def conditions(draw: st.DrawFn) -> tuple[str, Filter]:
    path, operator = draw(st.sampled_from(OFFERED))
    arguments = []
    for parameter in inspect.signature(operator).parameters.values():
        ids = parameter.name in ("user_id", "page_id")
        operand = st.uuids().map(str) if ids else OPERANDS[str(parameter.annotation)]
        arguments.append(draw(operand))
    return path, operator(*arguments)


validators: dict[str, Any] = {}


def problems(definition: str, value: object) -> list[str]:
    """What a value lacks of a published type."""
    if definition not in validators:
        jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
        schema = {"$ref": f"#/definitions/{definition}", "definitions": published()}
        validators[definition] = jsonschema.Draft7Validator(schema)
    return [error.message for error in validators[definition].iter_errors(value)]


@given(conditions())
def test_every_condition_is_what_notion_publishes(made: tuple[str, Filter]) -> None:
    path, condition = made

    sent = request_json(condition)

    assert isinstance(sent, dict)
    assert json.loads(json.dumps(sent)) == sent
    assert problems("QueryDataSourceBodyParameters", {"filter": sent}) == []
    key, kind, *_, operator = path.split(".")
    assert set(sent) == {key, kind}  # and nothing else: the published types are open
    found = sent[kind]
    while isinstance(found, dict) and operator not in found:
        (found,) = found.values()
    assert isinstance(found, dict)
    assert list(found) == [operator]


@given(trees.filter(lambda tree: levels(tree) <= 2), st.lists(st.sampled_from(SORTS)))
def test_every_compound_is_what_notion_publishes(tree: Any, sorts: list[Any]) -> None:
    body = {"filter": built(tree), "sorts": [made for made, _ in sorts]}

    assert problems("QueryDataSourceBodyParameters", request_json(body)) == []


def test_what_notion_does_not_publish_is_seen() -> None:
    for wrong in (
        {"property": "x", "checkbox": {"contains": "a"}},
        {"and": [{"or": [{"and": [dict(A)]}]}]},
    ):
        assert problems("QueryDataSourceBodyParameters", {"filter": wrong}) != []


# ------------------------------------------------------------------------------ over a socket


async def test_filters_and_sorts_are_understood_over_a_socket() -> None:
    emulator = Emulator(budget=None)
    columns = {
        "Name": {"id": "title", "name": "Name", "type": "title", "title": {}},
        "Size": {"id": "sz", "name": "Size", "type": "number", "number": {"format": "number"}},
        "Due": {"id": "du", "name": "Due", "type": "date", "date": {}},
    }
    rows = [(1, "2026-05-01"), (2, "2026-06-01"), (3, "2026-07-01"), (4, None)]
    emulator.load(
        [
            database("tracker", sources=("tasks",)),
            data_source("tasks", "tracker", columns),
            *(
                row(
                    f"task {size}",
                    "tasks",
                    {
                        "Name": {"id": "title", "type": "title", "title": words(f"task {size}")},
                        "Size": {"id": "sz", "type": "number", "number": size},
                        "Due": {"id": "du", "type": "date", "date": due and {"start": due}},
                    },
                )
                for size, due in rows
            ),
        ]
    )
    due = prop("Due").date
    wanted = prop("Size").number.greater_than(1) & (
        due.before(datetime(2026, 6, 2, tzinfo=UTC)) | due.is_empty()
    )

    async with emulator, client_of(emulator) as notion:
        query = notion.data_sources.query(
            uid("tasks"), filter=wanted, sorts=[prop("Size").descending()]
        )
        found = [one.title async for one in query if isinstance(one, Page)]
        scanned = [one.id async for one in notion.data_sources.scan(uid("tasks"), filter=wanted)]

    assert found == ["task 4", "task 2"]
    assert len(scanned) == 2
