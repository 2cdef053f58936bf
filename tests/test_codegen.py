"""Classes for rows, written from schemas: they are read, checked, queried with and found old."""

from __future__ import annotations

import ast
import importlib.util
import json
import keyword
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notion_async import AsyncClient, ConfigurationError, ObjectNotFoundError, structure
from notion_async.codegen import drift, find_data_source, row_class_source
from notion_async.models import DataSource, Parent, PropertySchema
from notion_async.models.rows import Row
from notion_async.testing import Emulator
from notion_async.testing.seeds.demo import demo
from notion_async.testing.seeds.schemas import described, events, projects, tasks
from notion_async.testing.seeds.world import EVENTS_ID, PROJECTS_ID, TASKS_ID, TRACKER_ID
from notion_async.types import JSONObject
from tests.clients import answer, client_of, client_to, listing
from tests.faults.server import serving
from tests.faults.strikes import says
from tests.processes import ROOT, environment
from tests.testing.emulated import data_source, database, row, uid, under

SCHEMAS = {
    PROJECTS_ID: ("Projects", described(projects())),
    TASKS_ID: ("Tasks", described(tasks())),
    EVENTS_ID: ("Events", described(events())),
}


def source_of(identity: str, **changes: Any) -> DataSource:
    title, properties = SCHEMAS[identity]
    data = data_source(title, "tracker", {**properties, **changes})
    kept = {name: value for name, value in data["properties"].items() if value is not None}
    return structure({**data, "id": identity, "properties": kept}, DataSource)


def made_of(*columns: tuple[str, str], title: str = "Tasks") -> DataSource:
    properties = {
        name: {"id": f"id{n}", "name": name, "type": kind, kind: {}}
        for n, (name, kind) in enumerate(columns)
    }
    return structure(data_source(title, "tracker", properties), DataSource)


def with_options(kind: str, *options: str) -> JSONObject:
    listed = {"options": [{"id": name, "name": name, "color": "red"} for name in options]}
    return {"id": "s", "name": "State", "type": kind, kind: listed}


def loaded(source: str, folder: Path, name: str) -> Any:
    """Write a module, and import it."""
    path = folder / f"{name}.py"
    path.write_text(source, "utf-8")
    spec = importlib.util.spec_from_file_location(f"generated_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lines(source: str) -> list[str]:
    """Return the fields of a module's class."""
    body = source.partition("(Row):")[2].partition("\n\n    data_source_id: ")[2]
    return [line.strip() for line in body.splitlines()[2:] if line]


# What is written


def test_a_class_is_written_that_people_can_read() -> None:
    assert row_class_source(source_of(EVENTS_ID), "Event") == (
        '''"""Rows of a data source, as ``notion-async codegen`` wrote them."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal, TypeAlias

from notion_async import UNSET
from notion_async.models.rows import Row, column, row_class

EventKind: TypeAlias = Literal["flight", "sale", "repair"]


@row_class
class Event(Row):
    """A row of the data source "Events"."""

    data_source_id: ClassVar[str] = "'''
        + EVENTS_ID
        + """"

    name: str = column("Name", "title", "title", default=UNSET)
    at: dt.datetime = column("At", "%5D%3C0Z", "created_time", init=False)
    height: float | None = column("Height", "0Z~Z", "number", default=UNSET)
    kind: EventKind | None = column("Kind", "%40%7D%3C0", "select", default=UNSET)
"""
    )


@pytest.mark.parametrize(
    ("kind", "declared"),
    [
        ("title", "str = … default=UNSET"),
        ("rich_text", "str = … default=UNSET"),
        ("number", "float | None = … default=UNSET"),
        ("checkbox", "bool = … default=UNSET"),
        ("url", "str | None = … default=UNSET"),
        ("email", "str | None = … default=UNSET"),
        ("phone_number", "str | None = … default=UNSET"),
        ("select", "str | None = … default=UNSET"),
        ("status", "str | None = … default=UNSET"),
        ("multi_select", "Sequence[str] = … default=UNSET"),
        ("date", "DateSpan | None = … default=UNSET"),
        ("people", "Sequence[User] = … default=UNSET"),
        ("files", "Sequence[FileObject] = … default=UNSET"),
        ("relation", "Sequence[str] = … default=UNSET"),
        ("place", "Place | None = … default=UNSET"),
        ("verification", "str | None = … default=UNSET"),
        ("created_time", "dt.datetime = … init=False"),
        ("last_edited_time", "dt.datetime = … init=False"),
        ("created_by", "User = … init=False"),
        ("last_edited_by", "User = … init=False"),
        ("unique_id", "str | None = … init=False"),
        ("formula", "PlainValue = … init=False"),
        ("rollup", "PlainValue = … init=False"),
        ("horoscope", "PlainValue = … init=False"),
    ],
)
def test_every_type_is_declared_as_it_is_read(kind: str, declared: str) -> None:
    before, after = declared.split("…")

    [line] = lines(row_class_source(made_of(("A", kind))))

    assert line == f'a: {before}column("A", "id0", "{kind}",{after})'


def test_every_type_is_one_that_can_be_declared() -> None:
    tried = set(PropertySchema.kinds) - {"location", "last_visited_time"}

    assert tried == {column.type for column in projects().values()}


def test_a_button_holds_nothing_and_is_no_field() -> None:
    assert lines(row_class_source(made_of(("Go", "button")))) == []


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("Due date", "due_date"),
        ("dueDate", "due_date"),
        ("Größe (m²)", "größe_m2"),
        ("再利用", "再利用"),
        ("2026 budget", "p_2026_budget"),
        ("🎉", "number"),
        ("🎉 Party!", "party"),
        ("", "number"),
        ("__init__", "init"),
        ("class", "class_"),
        ("None", "none"),
        ("ID", "id_"),
        ("URL", "url_"),
        ("page", "page_"),
        ("Properties", "properties_"),
        ("Float", "float_"),
        ("data source id", "data_source_id_"),
        ("type", "type"),
        ("Date", "date"),
    ],
)
def test_names_become_names_of_python(name: str, attribute: str) -> None:
    line, *_ = lines(row_class_source(made_of((name, "number"))))

    assert line.startswith(f"{attribute}: float | None = column(")


def test_names_that_become_the_same_are_numbered() -> None:
    source = row_class_source(
        made_of(("Due-date", "url"), ("due date", "url"), ("class", "url"), ("Class!", "url"))
    )

    assert [line.split(":")[0] for line in lines(source)] == [
        "class_", "due_date", "class_2", "due_date_2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Tasks", "TasksRow"),
        ("Company tracker 2.0", "CompanyTracker20Row"),
        ("2026", "Row2026Row"),
        ("🎉", "UntitledRow"),
        ('"""\\ new\nline', "NewLineRow"),
        ("再利用", "再利用Row"),
    ],
)
def test_a_class_is_named_after_its_data_source(title: str, name: str) -> None:
    source = row_class_source(made_of(("A", "title"), title=title))

    [found] = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    assert found.name == name


@pytest.mark.parametrize("name", ["2", "a b", "", "class", "Row", "ClassVar"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="a class cannot be called"):
        row_class_source(made_of(("A", "title")), name)


@pytest.mark.parametrize(
    "option", ["it's", 'say "hi"', 'it\'s "both"', "'a' and \"b\"", "a\\b", "a\nb", "\u200b", "…"]
)
def test_options_are_quoted_as_formatters_do(option: str) -> None:
    properties = {"State": with_options("select", option)}
    source = row_class_source(structure(data_source("T", "d", properties), DataSource))

    formatted = _ruff("format", source)

    assert formatted == source
    assert f"Literal[{option!r}]" in ast.unparse(ast.parse(source))


@pytest.mark.parametrize("identity", SCHEMAS)
def test_what_is_written_passes_the_checks_of_this_project(identity: str) -> None:
    source = row_class_source(source_of(identity))

    assert _ruff("format", source) == source
    assert (
        _ruff("check", source, "--config", str(ROOT / "pyproject.toml")) == "All checks passed!\n"
    )


def test_many_options_stand_one_below_the_other() -> None:
    names = [f"option {n}" for n in range(30)]
    properties = {"State": with_options("multi_select", *names)}
    source = row_class_source(structure(data_source("T", "d", properties), DataSource))

    assert 'TRowState: TypeAlias = Literal[\n    "option 0",\n' in source
    assert "state: Sequence[TRowState] = " in source
    assert _ruff("format", source) == source


def _ruff(command: str, source: str, *options: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own tool
        [sys.executable, "-m", "ruff", command, *(options or ["--isolated"]), "-"],
        input=source,
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        "id",
        "URL",
        "page",
        "class",
        "Row",
        "str",
        "dt",
        "Date",
        "UNSET",
        "self",
        "attr_dict",
        "match",
    ]
)
KINDS = st.sampled_from([*PropertySchema.kinds, "horoscope"])


@settings(max_examples=150)
@given(
    columns=st.dictionaries(TEXTS, st.tuples(KINDS, st.lists(TEXTS, max_size=4)), max_size=8),
    title=TEXTS,
)
def test_any_schema_gives_a_class_that_is_read_back(
    columns: Mapping[str, tuple[str, list[str]]], title: str
) -> None:
    properties = {
        name: {**with_options(kind, *options), "id": f"<{n}>", "name": name}
        for n, (name, (kind, options)) in enumerate(columns.items())
    }
    found = structure(data_source(title, "tracker", properties), DataSource)

    source = row_class_source(found)

    names: dict[str, Any] = {"__name__": "generated"}
    exec(compile(source, "generated.py", "exec"), names)  # noqa: S102 - that is what is tested
    [made] = [one for one in names.values() if _is_row_class(one)]
    fields = [field.name for field in made.__attrs_attrs__]
    assert len(fields) == sum(kind != "button" for kind, _ in columns.values())
    assert len({*fields}) == len(fields)
    assert not any(keyword.iskeyword(field) or hasattr(Row, field) for field in fields)
    assert drift(found, source) == []


def _is_row_class(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Row) and value is not Row


# What type checkers say


USE = """
async def use(notion: AsyncClient) -> None:
    assert_type(notion.data_sources.query("id", row=Project), Pager[Project])
    assert_type(notion.data_sources.scan("id", row=Project), Scan[Project])
    assert_type(notion.data_sources.query("id"), Pager[Page | DataSource])
    async for project in notion.data_sources.query(Project.data_source_id, row=Project):
        assert_type(project, Project)
        assert_type(project.budget, float | None)
        assert_type(project.state, ProjectState | None)
        assert_type(project.tags, Sequence[ProjectTags])
        assert_type(project.made, dt.datetime)
        assert_type(project.page, Page)
        project.budget = 5  # wrong: frozen
        project.colour  # wrong: no such field
    Project(state="Idea", budget=3).properties()
    Project(state="Gone")  # wrong: no such option
    Project(made=dt.datetime.now())  # wrong: only Notion sets it
"""


def test_type_checkers_accept_the_classes_and_see_what_is_wrong(tmp_path: Path) -> None:
    imports = (
        "from typing import assert_type\n"
        "from notion_async import AsyncClient, Pager, Scan\n"
        "from notion_async.models import DataSource, Page\n"
    )
    source = row_class_source(source_of(PROJECTS_ID), "Project")
    (tmp_path / "used.py").write_text(
        source.replace("\nimport datetime", imports + "import datetime") + USE, "utf-8"
    )
    for identity in SCHEMAS:
        (tmp_path / f"m{identity[:8]}.py").write_text(row_class_source(source_of(identity)))
    wrong = [
        n
        for n, line in enumerate((tmp_path / "used.py").read_text().splitlines(), 1)
        if "# wrong" in line
    ]

    for checker in (_mypy, _pyright):
        assert checker(tmp_path) == wrong


def _mypy(folder: Path) -> list[int]:
    """Return the lines that are wrong; all are in one module."""
    told = _checked(folder, "mypy", "--strict", "--no-error-summary", str(folder)).splitlines()
    assert all(line.startswith("used.py:") for line in told)
    return sorted({int(line.split(":")[1]) for line in told if ": error:" in line})


def _pyright(folder: Path) -> list[int]:
    told = _checked(folder, "pyright", "--pythonpath", sys.executable, "--outputjson", str(folder))
    found = json.loads(told)["generalDiagnostics"]
    assert {Path(one["file"]).name for one in found} == {"used.py"}
    return sorted({1 + one["range"]["start"]["line"] for one in found})


def _checked(folder: Path, *command: str) -> str:
    return subprocess.run(  # noqa: S603 - our own tools
        [sys.executable, "-m", *command],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
        cwd=folder,
    ).stdout


# With a Notion


@pytest.fixture(scope="module")
def demo_objects() -> list[JSONObject]:
    """The demo's databases and data sources, and some rows of each."""
    kept: list[JSONObject] = []
    rows: dict[object, int] = {}
    for each in demo():
        parent = each.get("parent")
        source = parent.get("data_source_id") if isinstance(parent, Mapping) else None
        if each["object"] in ("database", "data_source"):
            kept.append(each)
        elif source is not None and each["object"] == "page" and not each["in_trash"]:
            rows[source] = rows.get(source, 0) + 1
            if rows[source] <= 130:
                kept.append(each)
    return kept


@pytest.fixture
async def notion(demo_objects: list[JSONObject]) -> AsyncIterator[AsyncClient]:
    emulator = Emulator(budget=None)
    emulator.load(demo_objects)
    async with emulator, client_of(emulator) as client:
        yield client


@pytest.mark.parametrize("identity", SCHEMAS)
async def test_rows_of_a_written_class_hold_what_the_pages_hold(
    notion: AsyncClient, identity: str, tmp_path: Path
) -> None:
    source = row_class_source(await notion.data_sources.retrieve(identity), "Found")
    found = loaded(source, tmp_path, "found").Found
    made: type[Row] = found
    columns = {field.name: next(iter(field.metadata.values())) for field in attrs.fields(found)}

    rows = await notion.data_sources.query(identity, row=made).collect()

    assert len(rows) == (40 if identity == TASKS_ID else 130)
    assert {type(one) for one in rows} == {made}
    for one in rows:
        plain = {name: value.value for name, value in one.page.properties.items()}
        plain.pop("Approve", None)  # a button
        assert {columns[name].name: getattr(one, name) for name in columns} == plain


async def test_every_row_is_scanned_as_a_row_of_its_class(
    notion: AsyncClient, tmp_path: Path
) -> None:
    module = loaded(row_class_source(source_of(EVENTS_ID), "Event"), tmp_path, "event")

    events = [one async for one in notion.data_sources.scan(EVENTS_ID, row=module.Event)]

    assert len(events) == 130
    assert {type(one) for one in events} == {module.Event}
    assert {one.id for one in events} == {
        page.id async for page in notion.data_sources.scan(EVENTS_ID)
    }


async def test_data_sources_in_a_wiki_are_rows_of_the_class_too(tmp_path: Path) -> None:
    module = loaded(row_class_source(made_of(("A", "title"))), tmp_path, "wiki")
    inner = {**data_source("inner", "wiki"), "parent": under("data_source_id", "pages")}
    body = answer(listing(inner, row("note", "pages")))
    async with (
        serving(says(body), says(body)) as server,
        client_to(server, retry=False) as notion,
    ):
        scanned = [
            one async for one in notion.data_sources.scan(uid("pages"), row=module.TasksRow)
        ]
        queried = await notion.data_sources.query(uid("pages"), row=module.TasksRow).collect()

    assert (
        [one.id for one in scanned] == [one.id for one in queried] == [uid("inner"), uid("note")]
    )


async def test_what_a_row_says_is_written_and_read_again(
    notion: AsyncClient, tmp_path: Path
) -> None:
    source = row_class_source(await notion.data_sources.retrieve(EVENTS_ID), "Event")
    event_class = loaded(source, tmp_path, "event").Event
    new = event_class(name="Maiden flight", height=12.5, kind="flight")

    page = await notion.pages.create(
        parent=Parent(data_source_id=EVENTS_ID), properties=new.properties()
    )

    event = event_class.of(await notion.pages.retrieve(page.id))
    assert (event.name, event.height, event.kind) == ("Maiden flight", 12.5, "flight")


# Which data source


async def test_a_data_source_is_found_by_its_own_id_or_that_of_its_database() -> None:
    emulator = Emulator(budget=None)
    emulator.load([database("d", sources=("s",)), data_source("s", "d")])
    async with emulator, client_of(emulator) as notion:
        assert (await find_data_source(notion, uid("s"))).id == uid("s")
        assert (await find_data_source(notion, uid("d"))).id == uid("s")
        with pytest.raises(ObjectNotFoundError, match="data_source"):
            await find_data_source(notion, uid("nowhere"))


async def test_of_several_data_sources_one_is_to_be_named(notion: AsyncClient) -> None:
    with pytest.raises(ConfigurationError, match=rf"{TASKS_ID} \(Tasks\)"):
        await find_data_source(notion, TRACKER_ID)


# What has changed


def test_a_schema_that_has_not_changed_has_not_drifted() -> None:
    for identity in SCHEMAS:
        found = source_of(identity)
        written = row_class_source(found)

        assert drift(found, written) == []
        assert drift(found, ast.unparse(ast.parse(written))) == []  # however it is formatted


def changed(name: str, /, **changes: Any) -> JSONObject:
    column = SCHEMAS[TASKS_ID][1][name]
    assert isinstance(column, dict)
    return {**column, **changes}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"Hours": None}, ["'Hours' is gone"]),
        (
            {"New": {"id": "n", "name": "New", "type": "url", "url": {}}},
            ["'New' is new, of type url"],
        ),
        (
            {"Hours": None, "Effort": changed("Hours", name="Effort")},
            ["'Hours' is called 'Effort' now"],
        ),
        (
            {"Hours": changed("Hours", type="rich_text", rich_text={})},
            ["'Hours' is of type rich_text now, and was of type number"],
        ),
        ({"New": {"id": "n", "name": "New", "type": "button", "button": {}}}, []),
    ],
)
def test_what_has_changed_is_told_in_sentences(changes: JSONObject, told: list[str]) -> None:
    written = row_class_source(source_of(TASKS_ID))

    assert drift(source_of(TASKS_ID, **changes), written) == told


def test_options_that_came_and_went_are_told() -> None:
    def state(*options: str) -> DataSource:
        properties = {"State": with_options("status", *options)}
        return structure(data_source("T", "d", properties), DataSource)

    written = row_class_source(state("Idea", "Sewing"))

    assert drift(state("Sewing", "Idea"), written) == []
    assert drift(state("Idea", "Sold"), written) == [
        "'State' has a new option 'Sold'",
        "'State' has lost the option 'Sewing'",
    ]
    assert drift(state(), row_class_source(state("Idea"))) == [
        "'State' has lost the option 'Idea'"
    ]
    assert drift(state("Idea"), row_class_source(state())) == ["'State' has a new option 'Idea'"]


@pytest.mark.parametrize("source", ["", "x = 1\n", "class A:\n    y: int = 1\n"])
def test_a_module_without_the_class_is_no_module_to_compare(source: str) -> None:
    with pytest.raises(ConfigurationError, match="there is no class of the data source"):
        drift(source_of(TASKS_ID), source)
    with pytest.raises(ConfigurationError, match="there is no class of the data source"):
        drift(source_of(TASKS_ID), row_class_source(source_of(EVENTS_ID)))


@pytest.mark.parametrize("source", ["class", "\0"])
def test_what_is_no_module_is_told(source: str) -> None:
    with pytest.raises(ConfigurationError, match="no Python module"):
        drift(source_of(TASKS_ID), source)


def test_classes_of_several_data_sources_may_share_a_module() -> None:
    both = "\n".join(row_class_source(source_of(one)) for one in (TASKS_ID, EVENTS_ID))

    assert drift(source_of(TASKS_ID), both) == []
    assert drift(source_of(EVENTS_ID, Kind=None), both) == ["'Kind' is gone"]


def test_columns_of_an_odd_shape_are_passed_over() -> None:
    properties = {
        "A": {"id": "a", "type": "title", "title": {}},
        "B": 5,
        "C": {"id": 7, "type": "url"},
        "D": {"id": "d", "type": "select", "select": {"options": [{"id": "x"}, 5]}},
    }
    found = structure(data_source("T", "d", properties), DataSource)

    assert [line.split(":")[0] for line in lines(row_class_source(found))] == ["a", "d"]
