"""Views: what is sent, what comes back, and running them to the end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import typing
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import attrs
import pytest

from notion_async import (
    AsyncClient,
    ConfigurationError,
    IncompleteResult,
    InvalidIDError,
    InvalidResponseError,
    ObjectNotFoundError,
    PaginationError,
    structure,
    unstructure,
)
from notion_async.converters import request_json
from notion_async.models import Reference, Unsupported, View
from notion_async.models._tagged import Content
from notion_async.models.views import (
    BoardView,
    CalendarView,
    ChartView,
    DashboardView,
    GroupBy,
    TableView,
    TimelineView,
    ViewConfiguration,
    ViewCover,
    ViewProperty,
)
from tests.clients import TOKEN, answer, client_to, listing, sent
from tests.faults.server import FaultServer, serving
from tests.faults.strikes import hangs, says
from tests.mocked import Shape, mocked
from tests.models.tools import hints
from tests.testing.emulated import uid

VIEW, DATABASE, SOURCE, QUERY = uid("view"), uid("database"), uid("source"), uid("query")
API = "https://api.notion.com/v1"
LINK = f"https://app.notion.com/p/{DATABASE.replace('-', '')}?v={VIEW.replace('-', '')}"
SORT = {"property": "Name", "direction": "ascending"}
Call = Callable[[AsyncClient], Awaitable[object]]


async def asked(call: Call) -> Shape:
    """Return the one request that a call becomes."""
    with mocked(listing()) as requests:
        async with AsyncClient(TOKEN) as notion:
            await call(notion)
    [request] = requests
    return request


# ------------------------------------------------------------------------------------ requests

SHAPES: dict[str, tuple[Call, str, str, list[tuple[str, str]], Any]] = {
    "retrieve": (lambda n: n.views.retrieve(VIEW), "GET", f"/views/{VIEW}", [], None),
    "retrieve by a link": (lambda n: n.views.retrieve(LINK), "GET", f"/views/{VIEW}", [], None),
    "delete": (lambda n: n.views.delete(VIEW), "DELETE", f"/views/{VIEW}", [], None),
    "list of a database": (
        lambda n: n.views.list(database_id=DATABASE.replace("-", ""), page_size=3),
        "GET",
        "/views",
        [("database_id", DATABASE), ("page_size", "3")],
        None,
    ),
    "list of a data source": (
        lambda n: n.views.list(data_source_id=SOURCE, start_cursor="c"),
        "GET",
        "/views",
        [("data_source_id", SOURCE), ("start_cursor", "c")],
        None,
    ),
    "create in a database": (
        lambda n: n.views.create(
            SOURCE,
            name="All",
            type="table",
            database_id=DATABASE,
            filter={"property": "Done", "checkbox": {"equals": True}},
            sorts=[SORT],
            quick_filters={"Done": {"checkbox": {"equals": True}}},
            configuration={"type": "table", "wrap_cells": True},
            position={"type": "start"},
        ),
        "POST",
        "/views",
        [],
        {
            "data_source_id": SOURCE,
            "name": "All",
            "type": "table",
            "database_id": DATABASE,
            "filter": {"property": "Done", "checkbox": {"equals": True}},
            "sorts": [SORT],
            "quick_filters": {"Done": {"checkbox": {"equals": True}}},
            "configuration": {"type": "table", "wrap_cells": True},
            "position": {"type": "start"},
        },
    ),
    "create on a dashboard": (
        lambda n: n.views.create(
            data_source_id=SOURCE,
            name="All",
            type="board",
            view_id=LINK,
            configuration=BoardView(GroupBy("select", "p", sort={"type": "manual"})),
            placement={"type": "new_row"},
        ),
        "POST",
        "/views",
        [],
        {
            "data_source_id": SOURCE,
            "name": "All",
            "type": "board",
            "view_id": VIEW,
            "configuration": {
                "type": "board",
                "group_by": {"type": "select", "property_id": "p", "sort": {"type": "manual"}},
            },
            "placement": {"type": "new_row"},
        },
    ),
    "create on a page": (
        lambda n: n.views.create(
            SOURCE,
            name="All",
            type="list",
            create_database={"parent": {"type": "page_id", "page_id": VIEW}},
        ),
        "POST",
        "/views",
        [],
        {
            "data_source_id": SOURCE,
            "name": "All",
            "type": "list",
            "create_database": {"parent": {"type": "page_id", "page_id": VIEW}},
        },
    ),
    "update nothing": (lambda n: n.views.update(VIEW), "PATCH", f"/views/{VIEW}", [], {}),
    "update to nothing": (
        lambda n: n.views.update(VIEW, filter=None, sorts=None, quick_filters=None),
        "PATCH",
        f"/views/{VIEW}",
        [],
        {"filter": None, "sorts": None, "quick_filters": None},
    ),
    "update": (
        lambda n: n.views.update(
            VIEW,
            name="Mine",
            filter={"property": "Done", "checkbox": {"equals": True}},
            sorts=[SORT],
            quick_filters={"Done": None},
            configuration=TableView(
                properties=[ViewProperty("title", width=200, visible=True)], group_by=None
            ),
        ),
        "PATCH",
        f"/views/{VIEW}",
        [],
        {
            "name": "Mine",
            "filter": {"property": "Done", "checkbox": {"equals": True}},
            "sorts": [SORT],
            "quick_filters": {"Done": None},
            "configuration": {
                "type": "table",
                "properties": [{"property_id": "title", "width": 200, "visible": True}],
                "group_by": None,
            },
        },
    ),
    "queries.create": (
        lambda n: n.views.queries.create(VIEW, page_size=5),
        "POST",
        f"/views/{VIEW}/queries",
        [],
        {"page_size": 5},
    ),
    "queries.create plainly": (
        lambda n: n.views.queries.create(VIEW),
        "POST",
        f"/views/{VIEW}/queries",
        [],
        {},
    ),
    "queries.results": (
        lambda n: n.views.queries.results(VIEW, QUERY, start_cursor="c", page_size=2),
        "GET",
        f"/views/{VIEW}/queries/{QUERY}",
        [("page_size", "2"), ("start_cursor", "c")],
        None,
    ),
    "queries.delete": (
        lambda n: n.views.queries.delete(VIEW, QUERY),
        "DELETE",
        f"/views/{VIEW}/queries/{QUERY}",
        [],
        None,
    ),
}


@pytest.mark.parametrize("name", SHAPES)
async def test_a_request_has_exactly_what_was_given(name: str) -> None:
    call, method, path, query, body = SHAPES[name]

    request = await asked(call)

    assert (request.method, request.path) == (method, API + path)
    assert sorted(request.query) == query
    assert request.body == body


REFUSED: dict[str, tuple[Call, str]] = {
    "no place": (lambda n: n.views.create(SOURCE, name="x", type="table"), "database_id, view_id"),
    "two places": (
        lambda n: n.views.create(
            SOURCE, name="x", type="table", database_id=DATABASE, view_id=VIEW
        ),
        "database_id, view_id",
    ),
    "another type": (
        lambda n: n.views.create(
            SOURCE, name="x", type="board", database_id=DATABASE, configuration=TableView()
        ),
        "configuration of a table",
    ),
    "list of nothing": (lambda n: n.views.list(), "database_id and data_source_id"),
    "list of both": (
        lambda n: n.views.list(database_id=DATABASE, data_source_id=SOURCE),
        "database_id and data_source_id",
    ),
    "too few rows": (lambda n: n.views.queries.create(VIEW, page_size=0), "page_size"),
    "too many rows": (
        lambda n: anext(n.views.queries.run(VIEW, page_size=101)),
        "page_size is from 1 to 100",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cannot_work_is_refused_before_it_is_sent(name: str) -> None:
    call, message = REFUSED[name]

    with mocked({}) as requests, pytest.raises(ConfigurationError, match=message):
        await call(AsyncClient(TOKEN))

    assert requests == []


@pytest.mark.parametrize("view_id", ["", "x", "https://example.com/?v=" + VIEW, LINK + "x"])
async def test_what_names_no_view_is_refused(view_id: str) -> None:
    with pytest.raises(InvalidIDError):
        AsyncClient(TOKEN).views.queries.run(view_id)


async def test_without_a_view_in_it_a_link_ends_with_the_view() -> None:
    link = f"https://app.notion.com/p/{VIEW.replace('-', '')}?pvs=4"

    request = await asked(lambda notion: notion.views.retrieve(link))

    assert request.path == f"{API}/views/{VIEW}"


# ------------------------------------------------------------------------------- configurations

BOARD = {
    "type": "board",
    "group_by": {
        "type": "status",
        "property_id": "s%3A",
        "property_name": "Status",
        "group_by": "option",
        "sort": {"type": "manual"},
        "hide_empty_groups": False,
    },
    "properties": [
        {"property_id": "title", "property_name": "Name", "visible": True, "width": 276.5}
    ],
    "cover": {"type": "page_content_first"},
    "cover_size": "medium",
}
CONFIGURATIONS: dict[str, Any] = {
    "table": {"type": "table"},
    "board": BOARD,
    "calendar": {"type": "calendar", "date_property_id": "d", "date_property_name": "Due"},
    "timeline": {
        "type": "timeline",
        "date_property_id": "d",
        "end_date_property_name": "End",
        "preference": {"zoom_level": "5_years"},
        "arrows_by": {"property_id": None},
    },
    "chart": {"type": "chart", "chart_type": "bar", "y_axis_min": None, "y_axis_max": 1.5},
    "form": {"type": "form", "is_form_closed": True},
    "dashboard": {
        "type": "dashboard",
        "rows": [{"id": "r", "widgets": [{"id": "w", "view_id": VIEW, "width": 2}]}],
    },
    "gantt": {"type": "gantt", "bars": [1, 2]},
    "table of the future": {"type": "table", "sparkles": True},
    "a number": {"type": 7},
    "a board of another shape": {"type": "board", "group_by": "status"},
}


def view(configuration: object) -> View:
    return structure(
        json.dumps({"object": "view", "id": VIEW, "configuration": configuration}), View
    )


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_configuration_comes_out_as_it_went_in(name: str) -> None:
    found = view(CONFIGURATIONS[name])

    assert found.configuration
    assert found.configuration.content
    assert unstructure(found)["configuration"] == CONFIGURATIONS[name]


def test_a_board_tells_what_it_shows() -> None:
    configuration = view(BOARD).configuration
    assert configuration

    match configuration.content:
        case BoardView(group_by=group, properties=properties, cover=ViewCover(type=cover)):
            assert properties
            [shown] = properties
        case _:
            pytest.fail("it is a board")

    assert (group.type, group.property_name, group.group_by) == ("status", "Status", "option")
    assert (shown.property_name, shown.width) == ("Name", 276.5)
    assert cover == "page_content_first"


def test_a_dashboard_names_its_views() -> None:
    configuration = view(CONFIGURATIONS["dashboard"]).configuration
    assert configuration
    assert isinstance(configuration.content, DashboardView)

    assert [widget.view_id for row in configuration.content.rows for widget in row.widgets] == [
        VIEW
    ]


def test_a_view_without_a_configuration_has_none() -> None:
    assert view(None).configuration is None


def test_what_was_read_can_be_written_without_what_only_notion_sets() -> None:
    written = request_json(view(BOARD).configuration)

    assert written == {
        "type": "board",
        "group_by": {
            "type": "status",
            "property_id": "s%3A",
            "group_by": "option",
            "sort": {"type": "manual"},
            "hide_empty_groups": False,
        },
        "properties": [{"property_id": "title", "visible": True, "width": 276.5}],
        "cover": {"type": "page_content_first"},
        "cover_size": "medium",
    }
    assert request_json(view(CONFIGURATIONS["dashboard"]).configuration) == {"type": "dashboard"}


def test_a_configuration_of_the_future_is_kept_and_written_back() -> None:
    configuration = view(CONFIGURATIONS["gantt"]).configuration
    assert configuration

    assert configuration.content == Unsupported("gantt", {"type": "gantt", "bars": [1, 2]})
    assert request_json(configuration) == {"type": "gantt", "bars": [1, 2]}
    assert request_json(ViewConfiguration(configuration.content)) == request_json(configuration)


def test_what_is_made_by_hand_is_the_same_as_what_is_read() -> None:
    made = ViewConfiguration(
        ChartView("bar", x_axis=GroupBy("date", "d", group_by="month"), y_axis_min=None)
    )

    read = structure(
        {
            "type": "chart",
            "chart_type": "bar",
            "x_axis": {"type": "date", "property_id": "d", "group_by": "month"},
            "y_axis_min": None,
        },
        ViewConfiguration,
    )

    assert made == read


@pytest.mark.parametrize("kind", sorted(ViewConfiguration.kinds))
def test_what_notion_takes_of_a_configuration_can_be_written(shared: Path, kind: str) -> None:
    definitions = json.loads((shared / "notion-api" / "notion.schema.json").read_text())
    name = f"{kind.capitalize()}ViewConfigRequest"
    published = definitions["definitions"].get(name, {"properties": {"type": {}}})

    writable = {"type", *_written_fields(ViewConfiguration.kinds[kind])}

    assert writable == set(published["properties"])


def _written_fields(cls: type[Content]) -> set[str]:
    read_only = "only Notion sets it: left out of what is written"
    found: dict[str, Any] = hints(cls)
    fields = {field.name for field in attrs.fields(typing.cast("Any", cls))}
    return {name for name in fields if read_only not in getattr(found[name], "__metadata__", ())}


def test_calendars_and_timelines_need_their_date() -> None:
    assert request_json(ViewConfiguration(CalendarView("d", show_weekends=None))) == {
        "type": "calendar",
        "date_property_id": "d",
        "show_weekends": None,
    }
    assert request_json(ViewConfiguration(TimelineView("d"))) == {
        "type": "timeline",
        "date_property_id": "d",
    }


# -------------------------------------------------------------------------------------- running

ROWS = [{"object": "page", "id": uid(f"row {n}")} for n in range(5)]
CUT = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}
DELETED = answer({"object": "view_query", "id": QUERY, "deleted": True})
GONE = answer({"object": "error", "status": 404, "code": "object_not_found", "message": "no"}, 404)


def query(*rows: object, cursor: str | None = None, **fields: object) -> bytes:
    return answer(
        {
            "object": "view_query",
            "id": QUERY,
            "view_id": VIEW,
            "expires_at": "2026-07-04T09:26:06.511+00:00",
            "total_count": len(ROWS),
            "results": rows,
            "next_cursor": cursor,
            "has_more": cursor is not None,
            **fields,
        }
    )


def results(*rows: object, cursor: str | None = None, **fields: object) -> bytes:
    return answer(listing(*rows, cursor=cursor, type="page", **fields))


def steps(server: FaultServer) -> list[str]:
    """What was asked: the method, what follows the view's address, and the cursor."""
    found = []
    for request in map(sent, server.requests):
        rest = request.path.removeprefix(f"/v1/views/{VIEW}")
        cursor = dict(request.query).get("start_cursor", "")
        found.append(" ".join(filter(None, (request.method, rest, cursor))))
    return found


async def test_a_view_is_run_to_its_end_and_the_result_deleted() -> None:
    answers = (
        query(*ROWS[:2], cursor="a"),
        results(*ROWS[2:4], cursor="b"),
        results(*ROWS[4:]),
        DELETED,
    )
    async with serving(*map(says, answers)) as server, client_to(server) as notion:
        found = [row async for row in notion.views.queries.run(VIEW, page_size=2)]

    assert all(type(row) is Reference for row in found)
    assert [row.id for row in found] == [row["id"] for row in ROWS]
    assert steps(server) == [
        "POST /queries",
        f"GET /queries/{QUERY} a",
        f"GET /queries/{QUERY} b",
        f"DELETE /queries/{QUERY}",
    ]
    assert sent(server.requests[0]).body == {"page_size": 2}
    assert ("page_size", "2") in sent(server.requests[1]).query


async def test_leaving_early_deletes_the_result() -> None:
    async with (
        serving(says(query(*ROWS[:2], cursor="a")), says(DELETED)) as server,
        client_to(server) as notion,
        aclosing(notion.views.queries.run(VIEW)) as rows,
    ):
        async for _ in rows:
            break
        assert steps(server) == ["POST /queries"]
        await rows.aclose()

    assert steps(server) == ["POST /queries", f"DELETE /queries/{QUERY}"]


async def test_being_cancelled_deletes_the_result() -> None:
    async with (
        serving(says(query(*ROWS[:2], cursor="a")), hangs(), says(DELETED)) as server,
        client_to(server) as notion,
    ):
        reading = asyncio.ensure_future(_all(notion))
        while len(server.requests) < 2:
            server.asked.clear()
            await server.asked.wait()
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading

    assert reading.cancelled()
    assert steps(server)[-1] == f"DELETE /queries/{QUERY}"


async def _all(notion: AsyncClient) -> list[Reference]:
    return [row async for row in notion.views.queries.run(VIEW)]


async def _into(found: list[str], notion: AsyncClient) -> None:
    """Keep what comes, also where it ends with an error."""
    async for row in notion.views.queries.run(VIEW):
        found.append(row.id)  # noqa: PERF401 - a comprehension would lose them


async def test_when_the_fifteen_minutes_are_over_it_says_so() -> None:
    found: list[str] = []
    answers = (query(*ROWS[:2], cursor="a"), results(ROWS[2], cursor="b"), GONE)
    async with serving(*map(says, answers)) as server, client_to(server) as notion:
        with pytest.raises(PaginationError, match=r"gone after 3 rows.* 15 minutes") as caught:
            await _into(found, notion)

    assert found == [row["id"] for row in ROWS[:3]]
    assert isinstance(caught.value.__cause__, ObjectNotFoundError)
    assert steps(server)[-1] == f"DELETE /queries/{QUERY}"  # and that it is gone is no matter


async def test_a_view_that_is_not_there_is_not_found() -> None:
    async with serving(says(GONE)) as server, client_to(server) as notion:
        with pytest.raises(ObjectNotFoundError):
            await _all(notion)

    assert steps(server) == ["POST /queries"]


@pytest.mark.parametrize("whole", [True, False], ids=["in one answer", "in two"])
async def test_a_result_that_notion_cut_is_delivered_and_then_said_to_be_cut(whole: bool) -> None:
    answers = (
        [query(*ROWS, request_status=CUT)]
        if whole
        else [
            query(*ROWS[:3], cursor="a", request_status=CUT),
            results(*ROWS[3:], request_status=CUT),
        ]
    )
    found: list[str] = []
    async with serving(*map(says, [*answers, DELETED])) as server, client_to(server) as notion:
        with pytest.raises(IncompleteResult) as caught:
            await _into(found, notion)

    assert found == [row["id"] for row in ROWS]
    assert (caught.value.yielded, caught.value.reason) == (5, "query_result_limit_reached")
    assert steps(server)[-1] == f"DELETE /queries/{QUERY}"


async def test_a_cursor_that_is_missing_leaves_no_result_behind() -> None:
    """The question is asked once more; then there are two results to delete."""
    lost = query(*ROWS[:2], has_more=True)
    again = query(*ROWS[:2], cursor="a", id=uid("second"))
    async with (
        serving(*map(says, (lost, again, results(*ROWS[2:]), DELETED))) as server,
        client_to(server) as notion,
    ):
        found = await _all(notion)

    assert [row.id for row in found] == [row["id"] for row in ROWS]
    assert sorted(steps(server)[3:]) == sorted(
        [f"DELETE /queries/{QUERY}", f"DELETE /queries/{uid('second')}"]
    )
    assert steps(server)[2] == f"GET /queries/{uid('second')} a"


async def test_an_answer_that_is_no_result_is_not_taken_for_an_empty_one() -> None:
    async with (
        serving(says(answer({"object": "view_query", "id": QUERY}))) as server,
        client_to(server, retry=False) as notion,
    ):
        with pytest.raises(InvalidResponseError, match="results"):
            await _all(notion)
