"""Objects as tables of Arrow, and what takes them.

Most of it needs pyarrow, the extra ``parquet``.
"""

from __future__ import annotations

import importlib
import json
import sys
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notion_async import MissingExtraError, structure
from notion_async.models import Block, DataSource, ObjectList, Page, Paragraph, User
from notion_async.models.arrow import ArrowStream, to_arrow
from notion_async.models.rows import Row, column, row_class
from notion_async.testing.seeds.demo import demo
from notion_async.testing.seeds.schemas import described, projects
from notion_async.testing.seeds.world import PROJECTS_ID
from notion_async.types import JSON, UNSET, JSONObject
from tests.models.test_display import JSONS
from tests.testing.emulated import block, data_source, page, person, row, uid, under, words

CREATED = datetime(2026, 5, 1, 8, tzinfo=UTC)
ENVELOPE = ["id", "url", "created_time", "last_edited_time", "in_trash"]


@pytest.fixture(scope="module")
def pa() -> Any:
    return pytest.importorskip("pyarrow", reason="pyarrow is not installed: the extra parquet")


def of(value: JSON, kind: str = "rich_text", name: str = "A") -> Page:
    """Return a page with one property."""
    properties: JSONObject = {name: {"id": "a", "type": kind, kind: value}}
    return structure({**page("x"), "properties": properties}, Page)


def table_of(pa: Any, *items: Any, **options: Any) -> Any:
    return pa.table(to_arrow(items, **options))


def column_of(pa: Any, *pages: Page) -> tuple[str, list[object]]:
    """Return type and values of the one property's column."""
    table = table_of(pa, *pages)
    assert table.column_names == [*ENVELOPE, "A"]
    return str(table.schema.field("A").type), table["A"].to_pylist()


# Pages


def test_a_page_is_a_row_of_what_every_page_has(pa: Any) -> None:
    table = table_of(pa, structure({**page("x"), "properties": {}}, Page))

    assert table.to_pylist() == [
        {
            "id": uid("x"),
            "url": f"https://app.notion.com/p/{uid('x')}",
            "created_time": CREATED,
            "last_edited_time": CREATED,
            "in_trash": False,
        }
    ]
    assert [str(field.type) for field in table.schema] == [
        "string", "string", "timestamp[ms, tz=UTC]", "timestamp[ms, tz=UTC]", "bool",
    ]  # fmt: skip


ADA: JSON = {"object": "user", "id": "ada", "name": "Ada"}


@pytest.mark.parametrize(
    ("kind", "value", "type_", "expected"),
    [
        ("title", words("Sew"), "string", "Sew"),
        ("rich_text", words("a") + words("b"), "string", "ab"),
        ("rich_text", [], "string", ""),
        ("number", 5, "double", 5.0),
        ("number", None, "double", None),
        ("number", 2**70, "double", 2.0**70),
        ("checkbox", True, "bool", True),
        ("url", "https://a.example", "string", "https://a.example"),
        ("email", None, "string", None),
        ("phone_number", "+46 1", "string", "+46 1"),
        ("select", {"id": "s", "name": "Done"}, "string", "Done"),
        ("select", None, "string", None),
        ("status", {"id": "s", "name": "Done"}, "string", "Done"),
        ("multi_select", [{"name": "a"}, {"name": "b"}], "list<item: string>", ["a", "b"]),
        ("people", [ADA], "list<item: string>", ["ada"]),
        ("relation", [{"id": "p"}], "list<item: string>", ["p"]),
        ("relation", [], "list<item: string>", []),
        (
            "files",
            [{"name": "a.pdf", "type": "external", "external": {"url": "https://b"}}],
            "list<item: string>",
            ["a.pdf"],
        ),
        ("created_time", "2026-05-01T08:00:00.000Z", "timestamp[ms, tz=UTC]", CREATED),
        ("last_edited_time", "2026-05-01T08:00:00.000Z", "timestamp[ms, tz=UTC]", CREATED),
        ("created_by", ADA, "string", "ada"),
        ("last_edited_by", None, "string", None),
        ("unique_id", {"number": 3, "prefix": "KITE"}, "string", "KITE-3"),
        ("unique_id", {"number": 3, "prefix": None}, "string", "3"),
        ("unique_id", {"number": None}, "string", None),
        ("verification", {"state": "verified"}, "string", "verified"),
        ("verification", None, "string", None),
        ("formula", {"type": "string", "string": "x"}, "string", "x"),
        ("formula", {"type": "number", "number": 1.5}, "double", 1.5),
        ("formula", {"type": "boolean", "boolean": False}, "bool", False),
        ("formula", {"type": "unsupported"}, "string", None),
        ("formula", None, "string", None),
        ("rollup", {"type": "number", "number": 2, "function": "sum"}, "double", 2.0),
        (
            "rollup",
            {
                "type": "array",
                "array": [
                    {"type": "number", "number": 2},
                    {"type": "title", "title": words("Sew")},
                    {"type": "date", "date": {"start": "2026-03-01"}},
                    {"type": "checkbox", "checkbox": True},
                    {"type": "people", "people": [ADA]},
                    {"type": "date", "date": None},
                    {"type": "new", "new": 1},
                ],
            },
            "list<item: string>",
            ["2.0", "Sew", "2026-03-01", "yes", "ada", None, None],
        ),
        ("rollup", {"type": "array", "array": None}, "list<item: string>", None),
        ("rollup", {"type": "incomplete", "incomplete": {}}, "string", None),
        (
            "horoscope",
            {"sign": "♌"},
            "string",
            '{"id":"a","type":"horoscope","horoscope":{"sign":"♌"}}',
        ),
    ],
)
def test_a_property_is_a_column_of_its_type(
    pa: Any, kind: str, value: JSON, type_: str, expected: object
) -> None:
    assert column_of(pa, of(value, kind)) == (type_, [expected])


@pytest.mark.parametrize("kind", ["date", "formula", "rollup"])
@pytest.mark.parametrize(
    ("days", "zone", "expected"),
    [
        (("2026-03-01", None), None, (date(2026, 3, 1), None, None, None)),
        (("2026-03-01", "2026-03-04"), None, (date(2026, 3, 1), None, date(2026, 3, 4), None)),
        (
            ("2026-03-01T23:30:00.000-05:00", None),
            None,
            (date(2026, 3, 1), datetime(2026, 3, 2, 4, 30, tzinfo=UTC), None, None),
        ),
        (
            ("2026-07-01T00:30:00.000", None),
            "Europe/Stockholm",
            (date(2026, 7, 1), datetime(2026, 6, 30, 22, 30, tzinfo=UTC), None, None),
        ),
        (
            ("2026-03-01T09:00:00", "2026-03-01T10:00:00"),
            None,
            (
                date(2026, 3, 1), datetime(2026, 3, 1, 9, tzinfo=UTC),
                date(2026, 3, 1), datetime(2026, 3, 1, 10, tzinfo=UTC),
            ),
        ),
        (("some day", None), None, (None, None, None, None)),
    ],
)  # fmt: skip
def test_a_date_is_a_day_and_a_moment_and_those_of_its_end(
    pa: Any,
    kind: str,
    days: tuple[str, str | None],
    zone: str | None,
    expected: tuple[object, ...],
) -> None:
    value: JSON = {"start": days[0], "end": days[1], "time_zone": zone}
    found = of(value if kind == "date" else {"type": "date", "date": value}, kind)

    table = table_of(pa, found, structure(page("without"), Page))

    names = ["A", "A_time", "A_end", "A_end_time"]
    assert tuple(table[name][0].as_py() for name in names) == expected
    assert [table[name][1].as_py() for name in names] == [None] * 4
    assert [str(table.schema.field(name).type) for name in names] == [
        "date32[day]", "timestamp[ms, tz=UTC]", "date32[day]", "timestamp[ms, tz=UTC]",
    ]  # fmt: skip


def test_a_place_is_its_name_and_where_it_is(pa: Any) -> None:
    table = table_of(
        pa,
        of({"lat": 1.5, "lon": 2.5, "name": "Pier", "address": "Quay 1"}, "place"),
        of({"lat": 1.5, "lon": 2.5, "address": "Quay 1"}, "place"),
        of(None, "place"),
    )

    assert table["A"].to_pylist() == ["Pier", "Quay 1", None]
    assert table["A_lat"].to_pylist() == [1.5, 1.5, None]
    assert table["A_lon"].to_pylist() == [2.5, 2.5, None]


def test_a_button_is_no_column(pa: Any) -> None:
    assert table_of(pa, of({}, "button")).column_names == ENVELOPE


def test_a_page_that_lacks_a_property_has_a_null(pa: Any) -> None:
    other = structure({**page("y"), "properties": {}}, Page)

    assert column_of(pa, of(5, "number"), other) == ("double", [5.0, None])


def test_pages_that_disagree_on_a_type_give_strings(pa: Any) -> None:
    pages = [
        of(5, "number"),
        of(words("five")),
        of({"start": "2026-03-01"}, "date"),
        of({}, "button"),
    ]

    assert column_of(pa, *pages) == ("string", ["5.0", "five", "2026-03-01", None])


def test_pages_of_a_type_that_is_not_known_give_json(pa: Any) -> None:
    kind, values = column_of(
        pa, of(5, "number"), of(1, "new"), structure({"object": "page"}, Page)
    )

    assert kind == "string"
    assert values == [
        '{"id":"a","type":"number","number":5}',
        '{"id":"a","type":"new","new":1}',
        None,
    ]


def test_results_of_formulas_that_say_nothing_do_not_decide_the_type(pa: Any) -> None:
    nothing = of({"type": "unsupported"}, "formula")
    number = of({"type": "number", "number": 3}, "formula")

    assert column_of(pa, nothing, number) == ("double", [None, 3.0])


def test_names_that_differ_in_case_alone_are_numbered(pa: Any) -> None:
    properties: JSONObject = {
        name: {"type": "number", "number": n} for n, name in enumerate(("URL", "a", "A", "Id"))
    }
    table = table_of(pa, structure({**page("x"), "properties": properties}, Page))

    assert table.column_names == [*ENVELOPE, "URL_2", "a", "A_2", "Id_2"]
    assert [table[name][0].as_py() for name in ("URL_2", "a", "A_2", "Id_2")] == [0, 1, 2, 3]


def test_what_has_an_odd_shape_is_a_null_and_hinders_nothing_else(pa: Any) -> None:
    odd: JSONObject = {
        **page("x"),
        "created_time": "yesterday",
        "properties": {
            "A": {"type": "number", "number": "five"},
            "B": 5,
            "C": {"type": "url", "url": "https://c"},
        },
    }
    table = table_of(
        pa,
        of(7, "number"),
        structure(odd, Page),
        structure({"object": "page", "properties": 5}, Page),
    )

    assert table["id"].to_pylist() == [uid("x"), uid("x"), None]
    assert table["created_time"].to_pylist() == [CREATED, None, None]
    assert table["A"].to_pylist() == [7.0, None, None]
    assert table["B"].to_pylist() == [None, None, None]
    assert table["C"].to_pylist() == [None, "https://c", None]


def test_a_schema_names_the_columns_that_no_page_has(pa: Any) -> None:
    schema = structure(data_source("Projects", "d", described(projects())), DataSource)

    empty = table_of(pa, schema=schema)
    filled = table_of(pa, of(5, "number", name="Other"), schema=schema)

    assert empty.num_rows == 0
    assert str(empty.schema.field("Budget").type) == "double"
    assert str(empty.schema.field("Label").type) == "string"  # a formula: not known yet
    assert "Schedule_end_time" in empty.column_names
    assert "Approve" not in empty.column_names
    assert filled.column_names == [*empty.column_names, "Other"]


def test_rows_of_a_class_are_pages(pa: Any) -> None:
    @row_class
    class Task(Row):
        task: str = column("Name", "title", "title", default=UNSET)

    found = Task.of(structure(row("sew", "tasks"), Page))

    assert table_of(pa, found)["Name"].to_pylist() == ["sew"]


def test_many_pages_come_in_batches_and_as_often_as_they_are_read(pa: Any) -> None:
    stream = to_arrow([of(n, "number") for n in range(2_500)])

    once, again = pa.table(stream), pa.table(stream)

    assert once["A"].to_pylist() == [float(n) for n in range(2_500)]
    assert [len(batch) for batch in once.to_batches()] == [1000, 1000, 500]
    assert again.equals(once)


def test_every_row_of_the_demo_is_what_its_properties_say(pa: Any) -> None:
    pages = [
        structure(each, Page)
        for each in demo()
        if each["object"] == "page" and (each["parent"] or {}).get("data_source_id") == PROJECTS_ID  # type: ignore[union-attr]  # a mapping
    ][:300]

    found = table_of(pa, *pages).to_pylist()

    for name in AS_THEY_ARE:
        assert [row[name] for row in found] == [one.properties[name].value for one in pages], name


AS_THEY_ARE = (
    "Project", "Summary", "Budget", "Priority", "Tags", "State", "Shown?", "Builds on", "Made",
    "Number", "Checked", "With tax", "Costly", "Website", "Names of tasks",
)  # fmt: skip


# Other objects


def test_other_objects_are_rows_of_what_they_have_in_common(pa: Any) -> None:
    table = table_of(
        pa,
        structure(block("hi", under("page_id", "p")), Block),
        structure(person("ada"), User),
        Block(Paragraph()),
    )

    assert table["id"].to_pylist() == [uid("hi"), uid("ada"), None]
    assert table["object"].to_pylist() == ["block", "user", None]
    assert table["type"].to_pylist() == ["paragraph", "person", "paragraph"]
    assert table["text"].to_pylist() == ["hi", "Ada", ""]
    assert table["created_time"].to_pylist() == [CREATED, None, None]
    assert json.loads(table["json"][1].as_py()) == person("ada")


def test_pages_among_others_are_objects_like_them(pa: Any) -> None:
    table = table_of(pa, structure(page("x"), Page), structure(data_source("s", "d"), DataSource))

    assert table["object"].to_pylist() == ["page", "data_source"]
    assert table["text"].to_pylist() == ["x", "s"]


def test_what_does_not_say_what_it_is_has_its_name(pa: Any) -> None:
    found = ObjectList.of(b'{"templates":[{"id":"t","name":"Weekly","is_default":true}]}')  # type: ignore[var-annotated]  # whatever it holds

    assert pa.table(found).to_pylist()[0]["text"] == "Weekly"


# Lists


def listing(*items: JSON, kind: str) -> ObjectList[Any]:
    return ObjectList.of(json.dumps({"results": items, "type": kind}).encode())


def test_a_list_is_a_table_by_itself(pa: Any) -> None:
    found = listing(page("x"), page("y"), kind="page_or_data_source")

    assert pa.table(found)["title"].to_pylist() == ["x", "y"]


def test_an_empty_list_has_the_columns_of_what_it_would_hold(pa: Any) -> None:
    assert pa.table(listing(kind="page_or_data_source")).column_names == ENVELOPE
    assert "json" in pa.table(listing(kind="block")).column_names
    assert pa.table(to_arrow([])).column_names == ENVELOPE


def test_a_schema_that_is_asked_for_is_given(pa: Any) -> None:
    found = listing(person("ada"), kind="user")
    wanted = pa.table(found).schema.set(0, pa.field("id", pa.large_string()))

    table = pa.table(found, schema=wanted)

    assert table.schema.equals(wanted)


KINDS = ("title", "number", "date", "people", "formula", "rollup", "place", "new")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["A", "B", "id"]),
            st.sampled_from(KINDS).flatmap(
                lambda kind: st.fixed_dictionaries({"type": st.just(kind), kind: JSONS})
            )
            | JSONS,
        ),
        max_size=3,
    )
)  # fmt: skip
def test_whatever_pages_hold_they_are_a_table(pa: Any, found: list[dict[str, Any]]) -> None:
    pages = [structure({**page("x"), "properties": each}, Page) for each in found]

    table = table_of(pa, *pages)

    assert table.num_rows == len(pages)
    assert len({name.casefold() for name in table.column_names}) == table.num_columns
    table.validate(full=True)


# What takes them


@pytest.mark.parametrize("name", ["polars", "pandas"])
def test_data_frames_take_them(pa: Any, name: str) -> None:
    # Any: none of the three has to be installed where types are checked.
    library: Any = pytest.importorskip(name, reason=f"{name} is not installed")
    make = library.DataFrame.from_arrow if name == "pandas" else library.DataFrame

    frame = make(to_arrow([of(5, "number"), of(7, "number")]))

    assert list(frame["A"]) == [5.0, 7.0]


def test_duckdb_takes_them(pa: Any) -> None:
    # Any, as above.
    duckdb: Any = pytest.importorskip("duckdb", reason="duckdb is not installed")
    rows = to_arrow([of({"start": "2026-03-01"}, "date"), of({"start": "2026-03-02"}, "date")])
    assert rows is not None

    found = duckdb.sql("""select count(*) from rows where "A" > '2026-03-01'""")

    assert found.fetchall() == [(1,)]


def test_without_pyarrow_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    for found in (ArrowStream([]), listing(kind="user")):
        with pytest.raises(MissingExtraError, match=r"pip install 'notion-async\[parquet\]'"):
            found.__arrow_c_stream__()
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("pyarrow")
