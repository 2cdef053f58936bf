"""How views show their rows: what may be written of it, and what is read.

Notion: https://developers.notion.com/guides/data-apis/working-with-views
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, TypeAlias

import attrs

from notion_async.testing.checks import (
    Decoded,
    a_boolean,
    a_number,
    a_string,
    an_array,
    an_object,
    failed,
    invalid,
    known_fields,
    one_of,
)
from notion_async.testing.schema import Schema
from notion_async.types import UNSET

TYPES: Final = (
    "table", "board", "list", "calendar", "timeline", "gallery", "form", "chart", "map",
    "dashboard",
)  # fmt: skip
"""The types of views."""


@attrs.frozen
class _Context:
    """What configurations refer to."""

    schema: Schema
    new_id: Callable[[], str]


_Reader: TypeAlias = Callable[[_Context, object, str], object]


def _word(*choices: str) -> _Reader:
    return lambda _, value, where: one_of(value, where, choices)


def _flag(_: _Context, value: object, where: str) -> object:
    return a_boolean(value, where)


def _number(_: _Context, value: object, where: str) -> object:
    return a_number(value, where)


def _text(_: _Context, value: object, where: str) -> object:
    return a_string(value, where)


def _width(_: _Context, value: object, where: str) -> object:
    if a_number(value, where) < 1:
        raise failed(where, "≥ `1`", value)
    return value


def _day(_: _Context, value: object, where: str) -> object:
    if value not in (0, 1) or isinstance(value, bool):
        raise failed(where, "`0` or `1`", value)
    return value


def _property(*types: str) -> _Reader:
    """Return what reads a reference to a property, of one of these types where some are named."""

    def read(context: _Context, value: object, where: str) -> object:
        one = context.schema.find(a_string(value, where))
        if types and one.type not in types:
            # The words are ours, as no exchange with Notion shows its own.
            raise invalid(
                f"body failed validation: {where} should be a property of type "
                f'{" or ".join(types)}, instead was "{one.name}" of type {one.type}.'
            )
        return one.id

    return read


def _or_null(reader: _Reader) -> _Reader:
    return lambda context, value, where: None if value is None else reader(context, value, where)


def _object(fields: Mapping[str, _Reader], *, needed: Collection[str] = ()) -> _Reader:
    def read(context: _Context, value: object, where: str) -> object:
        given = an_object(value, where)
        known_fields(given, where, fields)
        return {
            name: reader(context, given.get(name, UNSET), f"{where}.{name}")
            for name, reader in fields.items()
            if name in given or name in needed
        }

    return read


def _list(reader: _Reader) -> _Reader:
    def read(context: _Context, value: object, where: str) -> object:
        items = an_array(value, where, most=100)
        return [reader(context, item, f"{where}[{index}]") for index, item in enumerate(items)]

    return read


# What a group is formed by: the type of the group, the type of its property, and its own fields.
_DIRECTION: Final = _object({"type": _word("manual", "ascending", "descending")}, needed=("type",))
_DATE_STEP: Final = _word("relative", "day", "week", "month", "year")
_TEXT_STEP: Final = _word("exact", "alphabet_prefix")
_RANGE: Final[Mapping[str, _Reader]] = {
    "range_start": _number, "range_end": _number, "range_size": _number,
}  # fmt: skip
_BY_DATE: Final[Mapping[str, _Reader]] = {"group_by": _DATE_STEP, "start_day_of_week": _day}
_BY_TEXT: Final[Mapping[str, _Reader]] = {"group_by": _TEXT_STEP}

_FORMULA_GROUPS: Final[Mapping[str, Mapping[str, _Reader]]] = {
    "date": _BY_DATE,
    "text": _BY_TEXT,
    "number": _RANGE,
    "checkbox": {},
}


def _formula_group(context: _Context, value: object, where: str) -> object:
    kind = one_of(an_object(value, where).get("type", UNSET), f"{where}.type", _FORMULA_GROUPS)
    fields = {"type": _text, **_FORMULA_GROUPS[kind], "sort": _DIRECTION}
    return _object(fields, needed=("type", "sort", *_steps(fields)))(context, value, where)


_GROUPS: Final[Mapping[str, tuple[str, Mapping[str, _Reader]]]] = {
    **{kind: (kind, {}) for kind in (
        "select", "multi_select", "created_by", "last_edited_by", "relation", "checkbox",
    )},
    "person": ("people", {}),
    "status": ("status", {"group_by": _word("group", "option")}),
    **{kind: (kind, _BY_DATE) for kind in ("date", "created_time", "last_edited_time")},
    **{kind: (kind, _BY_TEXT) for kind in ("title", "url", "email", "phone_number")},
    "text": ("rich_text", _BY_TEXT),
    "number": ("number", _RANGE),
    "formula": ("formula", {"group_by": _formula_group}),
}  # fmt: skip


def _group(context: _Context, value: object, where: str) -> object:
    """Read by what a view forms groups."""
    kind = one_of(an_object(value, where).get("type", UNSET), f"{where}.type", _GROUPS)
    property_type, own = _GROUPS[kind]
    fields = {"type": _text, "property_id": _property(property_type), **own}
    if kind != "formula":  # there, it is in `group_by`
        fields["sort"] = _DIRECTION
    fields["hide_empty_groups"] = _flag
    needed = {"type", "property_id", "sort", *_steps(fields)} & set(fields)
    return _object(fields, needed=needed)(context, value, where)


def _steps(fields: Collection[str]) -> tuple[str, ...]:
    return ("group_by",) if "group_by" in fields else ()


_COLUMN: Final = _object(
    {
        "property_id": _property(),
        "visible": _flag,
        "width": _width,
        "wrap": _flag,
        "status_show_as": _word("select", "checkbox"),
        "card_property_width_mode": _word("full_line", "inline"),
        "date_format": _word(
            "full", "short", "month_day_year", "day_month_year", "year_month_day", "relative"
        ),
        "time_format": _word("12_hour", "24_hour", "hidden"),
    },
    needed=("property_id",),
)


def _columns(context: _Context, value: object, where: str) -> object:
    """Read the properties that a view shows.  Those that the list lacks are hidden."""
    given: Any = _list(_COLUMN)(context, value, where)
    named = {column["property_id"] for column in given}
    others = [one.id for one in context.schema.properties.values() if one.id not in named]
    return given + [{"property_id": identity, "visible": False} for identity in others]


_COVER: Final = _object(
    {"type": _word("page_cover", "page_content", "property"), "property_id": _property()},
    needed=("type",),
)
_AGGREGATION: Final = _object(
    {
        "aggregator": _word(
            "count", "count_values", "sum", "average", "median", "min", "max", "range", "unique",
            "empty", "not_empty", "percent_empty", "percent_not_empty", "checked", "unchecked",
            "percent_checked", "percent_unchecked", "earliest_date", "latest_date", "date_range",
        ),
        "property_id": _property(),
    },
    needed=("aggregator",),
)  # fmt: skip
_SUBTASKS: Final = _object(
    {
        "property_id": _property("relation"),
        "display_mode": _word("show", "hidden", "flattened", "disabled"),
        "filter_scope": _word("parents", "parents_and_subitems", "subitems"),
        "toggle_column_id": _property(),
    }
)
_LINE: Final = _object(
    {
        "id": _text,
        "value": _number,
        "label": _text,
        "color": _word(
            "gray", "lightgray", "brown", "yellow", "orange", "green", "blue", "purple", "pink",
            "red",
        ),
        "dash_style": _word("solid", "dash"),
    },
    needed=("value", "label", "color", "dash_style"),
)  # fmt: skip


def _reference_line(context: _Context, value: object, where: str) -> object:
    line: Any = _LINE(context, value, where)
    return {"id": line.get("id") or context.new_id(), **line}


_A_DATE: Final = _property("date", "created_time", "last_edited_time", "formula", "rollup")
_SMALL_TO_LARGE: Final = ("small", "medium", "large")
_HEIGHT: Final = _word(*_SMALL_TO_LARGE, "extra_large")
_CARDS: Final[Mapping[str, _Reader]] = {
    "properties": _columns,
    "cover": _COVER,
    "cover_size": _word(*_SMALL_TO_LARGE),
    "cover_aspect": _word("contain", "cover"),
    "card_layout": _word("list", "compact"),
}
_CHART: Final[Mapping[str, _Reader]] = {
    "x_axis": _group,
    "y_axis": _AGGREGATION,
    "x_axis_property_id": _property(),
    "y_axis_property_id": _property(),
    "value": _AGGREGATION,
    "sort": _word("manual", "x_ascending", "x_descending", "y_ascending", "y_descending"),
    "color_theme": _word(
        "gray", "blue", "yellow", "green", "purple", "teal", "orange", "pink", "red", "auto",
        "colorful",
    ),
    "height": _HEIGHT,
    "hide_empty_groups": _flag,
    "legend_position": _word("off", "bottom", "side"),
    "show_data_labels": _flag,
    "axis_labels": _word("none", "x_axis", "y_axis", "both"),
    "grid_lines": _word("none", "horizontal", "vertical", "both"),
    "cumulative": _flag,
    "smooth_line": _flag,
    "hide_line_fill_area": _flag,
    "group_style": _word("normal", "percent", "side_by_side"),
    "y_axis_min": _number,
    "y_axis_max": _number,
    "donut_labels": _word("none", "value", "name", "name_and_value"),
    "hide_title": _flag,
    "stack_by": _group,
    "reference_lines": _list(_reference_line),
    "caption": _text,
    "color_by_value": _flag,
}  # fmt: skip
_TIMELINE: Final[Mapping[str, _Reader]] = {
    "end_date_property_id": _A_DATE,
    "properties": _columns,
    "show_table": _flag,
    "table_properties": _columns,
    "preference": _object(
        {
            "zoom_level": _word(
                "hours", "day", "week", "bi_week", "month", "quarter", "year", "5_years"
            ),
            "center_timestamp": _number,
        },
        needed=("zoom_level",),
    ),
    "arrows_by": _object({"property_id": _or_null(_property("relation"))}),
    "color_by": _flag,
}

_OPTIONAL: Final[Mapping[str, Mapping[str, _Reader]]] = {
    "table": {"properties": _columns, "group_by": _group, "subtasks": _SUBTASKS},
    "board": {"sub_group_by": _group, **_CARDS},
    "calendar": {
        "properties": _columns, "view_range": _word("week", "month"), "show_weekends": _flag,
    },
    "timeline": _TIMELINE,
    "gallery": _CARDS,
    "list": {"properties": _columns},
    "map": {"height": _HEIGHT, "map_by": _property("place"), "properties": _columns},
    "form": {
        "is_form_closed": _flag,
        "anonymous_submissions": _flag,
        "submission_permissions": _word(
            "none", "comment_only", "reader", "read_and_write", "editor"
        ),
    },
    "chart": _CHART,
}  # fmt: skip
"""What may be left out, and cleared by null."""

_NEVER_NULL: Final[Mapping[str, Mapping[str, _Reader]]] = {
    "table": {
        "wrap_cells": _flag, "frozen_column_index": _number, "show_vertical_lines": _flag,
    },
}  # fmt: skip

_NEEDED: Final[Mapping[str, Mapping[str, _Reader]]] = {
    "board": {"group_by": _group},
    "calendar": {"date_property_id": _A_DATE},
    "timeline": {"date_property_id": _A_DATE},
    "chart": {"chart_type": _word("column", "bar", "line", "donut", "number")},
}


def configuration(
    value: object, view_type: str, old: Decoded, schema: Schema, new_id: Callable[[], str]
) -> Decoded:
    """Return the configuration of a view after `value` was written over it.

    Args:
        value: What was sent; UNSET where there is nothing.
        view_type: The type of the view.
        old: What there is; of a new view, nothing.
        schema: The properties of its data source.
        new_id: Where ids come from.

    Raises:
        RefusalError: It is none of this type, or it lacks what views of this type need.
    """
    where = "body.configuration"
    if view_type == "dashboard":  # its rows come from its widgets
        if value is not UNSET:
            raise failed(where, "not present", value)
        return old or {"type": view_type, "rows": []}
    given = {"type": view_type} if value is UNSET else an_object(value, where)
    one_of(given.get("type", UNSET), f"{where}.type", (view_type,))
    needed, optional = _NEEDED.get(view_type, {}), _OPTIONAL[view_type]
    fields = {
        "type": _text,
        **needed,
        **{name: _or_null(reader) for name, reader in optional.items()},
        **_NEVER_NULL.get(view_type, {}),
    }
    context = _Context(schema, new_id)
    read: Any = _object(fields, needed=("type", *needed))(context, given, where)
    return {name: found for name, found in {**old, **read}.items() if found is not None}


_GROUP_FIELDS: Final = ("group_by", "sub_group_by", "x_axis", "stack_by")
_COLUMN_FIELDS: Final = ("properties", "table_properties")
_NAMED: Final = {
    "date_property_id": "date_property_name",
    "end_date_property_id": "end_date_property_name",
    "map_by": "map_by_property_name",
}


def named_configuration(stored: Decoded, schema: Schema) -> Decoded:
    """Return a configuration with the names that its properties have now."""
    found: Decoded = {}
    for name, value in stored.items():
        if name in _GROUP_FIELDS:
            found[name] = _with_name(value, schema)
        elif name in _COLUMN_FIELDS:
            found[name] = [
                _with_name(column, schema)
                for column in value
                if schema.get(column["property_id"]) is not None
            ]
        elif name not in _NAMED.values():
            found[name] = value
        one = schema.get(value) if name in _NAMED else None
        if one is not None:
            found[_NAMED[name]] = one.name
    return found


def _with_name(given: Decoded, schema: Schema) -> Decoded:
    one = schema.get(given["property_id"])
    rest = {name: value for name, value in given.items() if name != "property_name"}
    return rest if one is None else {**rest, "property_name": one.name}
