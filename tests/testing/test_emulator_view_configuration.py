"""How views show their rows: every type, what is checked, and what is read back."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from notion_async.models import BoardView, GroupBy, ViewConfiguration
from notion_async.testing.view_configuration import TYPES

from .emulated import Object, uid
from .views import COLUMNS, DATABASE, SOURCE, Office, fits_closely, loaded_view, office, sent

MANUAL: Object = {"type": "manual"}


@pytest.fixture
async def at() -> AsyncIterator[Office]:
    async with office() as found:
        yield found


async def made(at: Office, **configuration: Any) -> Object:
    view = await at.notion.views.create(
        SOURCE,
        name="New",
        type=configuration["type"],
        database_id=DATABASE,
        configuration=configuration,
    )
    return sent(view)


def group(kind: str, reference: str, **more: Any) -> Object:
    return {"type": kind, "property_id": reference, **more}


BY_KIND = group("select", "kd", sort=MANUAL)
GROUPS = [
    BY_KIND,
    group("multi_select", "tg", sort={"type": "ascending"}, hide_empty_groups=True),
    group("status", "st", group_by="option", sort={"type": "descending"}),
    group("person", "wh", sort=MANUAL),
    group("relation", "%3Ar", sort=MANUAL),
    group("date", "du", group_by="month", sort=MANUAL, start_day_of_week=1),
    group("created_time", "md", group_by="relative", sort=MANUAL, start_day_of_week=0),
    group("text", "tx", group_by="exact", sort=MANUAL),
    group("title", "title", group_by="alphabet_prefix", sort=MANUAL),
    group("email", "ml", group_by="exact", sort=MANUAL),
    group("number", "sz", sort=MANUAL, range_start=0, range_end=10, range_size=2.5),
    group("checkbox", "dn", sort=MANUAL),
    group("formula", "fo", group_by={"type": "date", "group_by": "day", "sort": MANUAL}),
    group("formula", "fo", group_by={"type": "text", "group_by": "exact", "sort": MANUAL}),
    group("formula", "fo", group_by={"type": "number", "sort": MANUAL, "range_size": 1}),
    group("formula", "fo", group_by={"type": "checkbox", "sort": MANUAL}, hide_empty_groups=False),
]
COLUMN: Object = {
    "property_id": "du",
    "visible": True,
    "width": 1,
    "wrap": False,
    "status_show_as": "checkbox",
    "card_property_width_mode": "inline",
    "date_format": "relative",
    "time_format": "24_hour",
}
CARDS: Object = {
    "cover": {"type": "property", "property_id": "tx"},
    "cover_size": "large",
    "cover_aspect": "cover",
    "card_layout": "compact",
}
LINE: Object = {"value": 1, "label": "Goal", "color": "red", "dash_style": "dash"}
WHOLE: list[Object] = [
    {
        "type": "table",
        "group_by": BY_KIND,
        "subtasks": {
            "property_id": "%3Ar", "display_mode": "flattened", "filter_scope": "parents",
            "toggle_column_id": "title",
        },
        "wrap_cells": True,
        "frozen_column_index": 1,
        "show_vertical_lines": False,
    },
    {"type": "board", "group_by": BY_KIND, "sub_group_by": GROUPS[2], **CARDS},
    {"type": "calendar", "date_property_id": "du", "view_range": "week", "show_weekends": False},
    {
        "type": "timeline",
        "date_property_id": "du",
        "end_date_property_id": "md",
        "show_table": True,
        "preference": {"zoom_level": "bi_week", "center_timestamp": 1778499130855.789},
        "arrows_by": {"property_id": "%3Ar"},
        "color_by": True,
    },
    {"type": "gallery", **CARDS, "cover": {"type": "page_cover"}},
    {"type": "list"},
    {"type": "map", "height": "extra_large", "map_by": "pl"},
    {
        "type": "form",
        "is_form_closed": True,
        "anonymous_submissions": False,
        "submission_permissions": "reader",
    },
    {
        "type": "chart",
        "chart_type": "column",
        "x_axis": BY_KIND,
        "y_axis": {"aggregator": "sum", "property_id": "sz"},
        "x_axis_property_id": "kd",
        "y_axis_property_id": "sz",
        "value": {"aggregator": "count"},
        "sort": "y_descending",
        "color_theme": "teal",
        "height": "small",
        "hide_empty_groups": True,
        "legend_position": "side",
        "show_data_labels": True,
        "axis_labels": "both",
        "grid_lines": "horizontal",
        "cumulative": False,
        "smooth_line": True,
        "hide_line_fill_area": True,
        "group_style": "percent",
        "y_axis_min": 0,
        "y_axis_max": 9.5,
        "donut_labels": "name_and_value",
        "hide_title": True,
        "stack_by": GROUPS[1],
        "caption": "Sizes",
        "color_by_value": True,
    },
]  # fmt: skip
LEAST: list[Object] = [
    {"type": "board", "group_by": BY_KIND},
    {"type": "calendar", "date_property_id": "md"},
    {"type": "timeline", "date_property_id": "fo"},
    {"type": "chart", "chart_type": "number"},
    *({"type": kind} for kind in ("table", "list", "gallery", "form", "map")),
]


def without_names(value: Any) -> Any:
    """Return a configuration as it is written, without the names that are only read."""
    if isinstance(value, list):
        return [without_names(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: without_names(item)
        for name, item in value.items()
        if not name.endswith("property_name")
    }


@pytest.mark.parametrize("configuration", [*WHOLE, *LEAST], ids=lambda one: one["type"])
async def test_what_is_written_is_read(at: Office, shared: Path, configuration: Object) -> None:
    view = await made(at, **configuration)

    assert without_names(view["configuration"]) == configuration
    assert sent(await at.notion.views.retrieve(view["id"])) == view
    fits_closely(shared, view)


@pytest.mark.parametrize("by", GROUPS, ids=lambda one: f"{one['type']} {one['property_id']}")
async def test_groups_are_formed_by_every_type(at: Office, shared: Path, by: Object) -> None:
    view = await made(at, type="board", group_by=by)

    read = dict(view["configuration"]["group_by"])
    names = {one["id"]: name for name, one in COLUMNS.items()}
    assert read.pop("property_name") == names[by["property_id"]]
    assert read == by
    fits_closely(shared, view)


@pytest.mark.parametrize(
    "kind", ["table", "board", "calendar", "timeline", "gallery", "list", "map"]
)
async def test_a_list_of_properties_hides_the_rest(at: Office, shared: Path, kind: str) -> None:
    needed = next(one for one in LEAST if one["type"] == kind)

    view = await made(at, **needed, properties=[COLUMN, {"property_id": "Name"}])

    due, name, *others = view["configuration"]["properties"]
    assert due == {**COLUMN, "property_name": "Due"}
    assert name == {"property_id": "title", "property_name": "Name"}
    assert {column["property_name"] for column in others} == set(COLUMNS) - {"Due", "Name"}
    assert {column["visible"] for column in others} == {False}
    fits_closely(shared, view)


async def test_the_dates_and_places_of_a_view_are_named(at: Office, shared: Path) -> None:
    timeline = await made(
        at, type="timeline", date_property_id="Due", end_date_property_id="Made",
        table_properties=[{"property_id": "tx"}],
    )  # fmt: skip
    place = await made(at, type="map", map_by="Where")

    configuration = timeline["configuration"]
    assert configuration["date_property_id"] == "du"
    assert configuration["date_property_name"] == "Due"
    assert configuration["end_date_property_name"] == "Made"
    assert configuration["table_properties"][0]["property_name"] == "Text"
    assert place["configuration"] == {
        "type": "map", "map_by": "pl", "map_by_property_name": "Where",
    }  # fmt: skip
    fits_closely(shared, timeline)


async def test_names_that_a_view_was_loaded_with_are_brought_up_to_date() -> None:
    calendar: Object = {
        "type": "calendar",
        "date_property_id": "du",
        "date_property_name": "Once",
        "properties": [{"property_id": "tx", "property_name": "Once"}],
    }
    view = loaded_view("Old", type="calendar", configuration=calendar)
    async with office(view) as at:
        read = sent(await at.notion.views.retrieve(uid("Old")))["configuration"]

    assert read["date_property_name"] == "Due"
    assert read["properties"] == [{"property_id": "tx", "property_name": "Text"}]


async def test_lines_of_reference_have_ids(at: Office, shared: Path) -> None:
    view = await made(
        at, type="chart", chart_type="bar", reference_lines=[LINE, {**LINE, "id": "mine"}]
    )

    first, second = view["configuration"]["reference_lines"]
    assert first == {**LINE, "id": first["id"]}
    assert second["id"] == "mine"
    fits_closely(shared, view)


# ------------------------------------------------------------------------------------- changing


async def test_a_field_that_is_null_goes_and_the_others_stay(at: Office, shared: Path) -> None:
    view = await made(at, **WHOLE[1])

    changed = sent(
        await at.notion.views.update(
            view["id"],
            configuration=ViewConfiguration(
                BoardView(GroupBy("select", "kd", sort=MANUAL), sub_group_by=None, cover=None)
            ),
        )
    )

    assert without_names(changed["configuration"]) == {
        "type": "board",
        "group_by": BY_KIND,
        "cover_size": "large",
        "cover_aspect": "cover",
        "card_layout": "compact",
    }
    fits_closely(shared, changed)


@pytest.mark.parametrize("whole", WHOLE, ids=lambda one: one["type"])
async def test_whatever_may_be_null_can_be_cleared(at: Office, whole: Object) -> None:
    view = await made(at, **whole)
    [least] = [one for one in LEAST if one["type"] == whole["type"]]
    kept = {**least, **{name: whole[name] for name in ALWAYS if name in whole}}
    nulls = {name: None for name in whole if name not in kept}

    changed = await at.raw.patch(f"/v1/views/{view['id']}", {"configuration": {**least, **nulls}})

    assert without_names(changed["configuration"]) == kept


ALWAYS = ("wrap_cells", "frozen_column_index", "show_vertical_lines")
"""Fields of tables that are not null."""


@pytest.mark.parametrize("name", ALWAYS)
async def test_some_fields_of_tables_are_never_null(at: Office, name: str) -> None:
    message = await at.wrong(configuration={"type": "table", name: None})

    assert f"body.configuration.{name} should be" in message


# ------------------------------------------------------------------------------------- checking


def test_the_types_are_those_that_notion_has(shared: Path) -> None:
    enums = json.loads((shared / "notion-api" / "enums.json").read_text())

    assert set(TYPES) == set(enums["views"]["types"])


async def test_a_configuration_is_of_the_type_of_its_view(at: Office) -> None:
    view = await made(at, type="table")
    path, board = f"/v1/views/{view['id']}", {"type": "board", "group_by": BY_KIND}

    for message in (
        await at.wrong(configuration=board),
        await at.raw.wrong("PATCH", path, {"configuration": board}),
    ):
        assert 'body.configuration.type should be `"table"`, instead was `"board"`' in message
    assert "configuration.type should be defined" in await at.wrong(configuration={})
    assert "configuration should be an object" in await at.wrong(configuration=None)


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("board", "group_by"),
        ("calendar", "date_property_id"),
        ("timeline", "date_property_id"),
        ("chart", "chart_type"),
    ],
)
async def test_some_types_need_to_be_configured(at: Office, kind: str, field: str) -> None:
    message = f"body.configuration.{field} should be defined, instead was `undefined`"

    assert message in await at.wrong(type=kind)
    assert message in await at.wrong(type=kind, configuration={"type": kind})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"rows": []}, "body.configuration.rows should be not present"),
        ({"wrap_cells": 1}, "wrap_cells should be a boolean"),
        ({"frozen_column_index": "1"}, "frozen_column_index should be a number"),
        ({"properties": {}}, "properties should be an array"),
        ({"properties": [{}]}, "properties[0].property_id should be defined"),
        ({"properties": [{"property_id": "zz"}]}, "Could not find property with name or id: zz"),
        ({"properties": [{"property_id": "tx", "width": 0}]}, "properties[0].width should be ≥"),
        ({"properties": [{"property_id": "tx", "color": 0}]}, "[0].color should be not present"),
        ({"group_by": {}}, "group_by.type should be defined"),
        ({"group_by": group("select", "kd")}, "group_by.sort should be defined"),
        ({"group_by": group("select", "tx", sort=MANUAL)}, "property of type select, instead was"),
        ({"group_by": group("select", "kd", sort={})}, "group_by.sort.type should be defined"),
        ({"group_by": group("status", "st", sort=MANUAL)}, "group_by.group_by should be defined"),
        (
            {"group_by": group("select", "kd", sort=MANUAL, group_by="option")},
            "group_by.group_by should be not present",
        ),
        (
            {"group_by": group("date", "du", group_by="day", sort=MANUAL, start_day_of_week=2)},
            "start_day_of_week should be `0` or `1`",
        ),
        (
            {"group_by": group("date", "du", group_by="day", sort=MANUAL, start_day_of_week=True)},
            "start_day_of_week should be `0` or `1`",
        ),
        ({"group_by": group("formula", "fo")}, "group_by.group_by should be defined"),
        ({"group_by": group("formula", "fo", sort=MANUAL)}, "sort should be not present"),
        (
            {"group_by": group("formula", "fo", group_by={"type": "date", "sort": MANUAL})},
            "group_by.group_by.group_by should be defined",
        ),
        ({"subtasks": {"property_id": "tx"}}, "should be a property of type relation"),
    ],
)
async def test_configurations_are_checked(at: Office, fields: Object, message: str) -> None:
    assert message in await at.wrong(configuration={"type": "table", **fields})


async def test_charts_and_maps_are_checked(at: Office) -> None:
    chart = {"type": "chart", "chart_type": "bar"}
    for fields, message in (
        ({"chart_type": "pie"}, "chart_type should be"),
        ({"y_axis": {"property_id": "sz"}}, "y_axis.aggregator should be defined"),
        ({"reference_lines": [{}]}, "reference_lines[0].value should be defined"),
        ({"caption": 1}, "caption should be a string"),
    ):
        assert message in await at.wrong(type="chart", configuration={**chart, **fields})
    place = {"type": "map", "map_by": "tx"}
    assert "property of type place" in await at.wrong(type="map", configuration=place)
    text = {"type": "calendar", "date_property_id": "tx"}
    assert "should be a property of type date or" in await at.wrong(
        type="calendar", configuration=text
    )
