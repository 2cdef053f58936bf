"""Views of databases, and the queries that run them.

Notion's page: https://developers.notion.com/reference/view
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, TypeAlias

import msgspec

from notion_async.models._model import Lazy, Maybe, Model, ReadOnly, Unsupported, model
from notion_async.models._tagged import Content, Kinds, Tagged, by_kind
from notion_async.models.parents import Parent, Reference
from notion_async.models.results import RequestStatus
from notion_async.models.users import User
from notion_async.types import JSON, UNSET, JSONObject


@model
class ViewProperty(Model):
    """How a view shows one property.  Those that its list leaves out are hidden."""

    property_id: str
    visible: Maybe[bool] = UNSET
    width: Maybe[int | float] = UNSET
    """In pixels, from 1."""
    wrap: Maybe[bool] = UNSET
    status_show_as: Maybe[str] = UNSET
    """``select`` or ``checkbox``."""
    card_property_width_mode: Maybe[str] = UNSET
    """``full_line`` or ``inline``."""
    date_format: Maybe[str] = UNSET
    time_format: Maybe[str] = UNSET
    property_name: ReadOnly[Maybe[str]] = UNSET


@model
class GroupBy(Model):
    """By which property a view forms groups.  `type` is the type of that property."""

    type: str
    property_id: str
    group_by: Lazy[Maybe[JSON]] = UNSET
    """How fine: a word, as ``month`` or ``option``; for a formula, an object."""
    sort: Lazy[Maybe[JSON]] = UNSET
    hide_empty_groups: Maybe[bool] = UNSET
    start_day_of_week: Maybe[int] = UNSET
    """0 for Sunday, 1 for Monday."""
    range_start: Maybe[int | float] = UNSET
    range_end: Maybe[int | float] = UNSET
    range_size: Maybe[int | float] = UNSET
    property_name: ReadOnly[Maybe[str]] = UNSET


@model
class ViewCover(Model):
    """What stands on top of a card: ``page_cover``, ``page_content`` or a ``property``."""

    type: str
    property_id: Maybe[str] = UNSET


@model
class TableView(Content):
    """Rows and columns."""

    kind: ClassVar[str] = "table"
    properties: Lazy[Maybe[Sequence[ViewProperty] | None]] = UNSET
    group_by: Lazy[Maybe[GroupBy | None]] = UNSET
    subtasks: Lazy[Maybe[JSON]] = UNSET
    wrap_cells: Maybe[bool] = UNSET
    frozen_column_index: Maybe[int] = UNSET
    show_vertical_lines: Maybe[bool] = UNSET


@model
class BoardView(Content):
    """Cards in columns."""

    kind: ClassVar[str] = "board"
    group_by: Lazy[GroupBy]
    sub_group_by: Lazy[Maybe[GroupBy | None]] = UNSET
    properties: Lazy[Maybe[Sequence[ViewProperty] | None]] = UNSET
    cover: Lazy[Maybe[ViewCover | None]] = UNSET
    cover_size: Maybe[str | None] = UNSET
    cover_aspect: Maybe[str | None] = UNSET
    card_layout: Maybe[str | None] = UNSET


@model
class ListView(Content):
    """One row below the other."""

    kind: ClassVar[str] = "list"
    properties: Lazy[Maybe[Sequence[ViewProperty] | None]] = UNSET


@model
class CalendarView(Content):
    """Cards on their days."""

    kind: ClassVar[str] = "calendar"
    date_property_id: str
    properties: Lazy[Maybe[Sequence[ViewProperty] | None]] = UNSET
    view_range: Maybe[str | None] = UNSET
    """``week`` or ``month``."""
    show_weekends: Maybe[bool | None] = UNSET
    date_property_name: ReadOnly[Maybe[str]] = UNSET


@model
class TimelineView(Content):
    """Bars on an axis of time."""

    kind: ClassVar[str] = "timeline"
    date_property_id: str
    end_date_property_id: Maybe[str | None] = UNSET
    properties: Lazy[Maybe[Sequence[ViewProperty] | None]] = UNSET
    show_table: Maybe[bool | None] = UNSET
    table_properties: Lazy[Maybe[Sequence[ViewProperty] | None]] = UNSET
    preference: Lazy[Maybe[JSON]] = UNSET
    arrows_by: Lazy[Maybe[JSON]] = UNSET
    color_by: Maybe[bool | None] = UNSET
    date_property_name: ReadOnly[Maybe[str]] = UNSET
    end_date_property_name: ReadOnly[Maybe[str]] = UNSET


@model
class GalleryView(Content):
    """Cards in a grid."""

    kind: ClassVar[str] = "gallery"
    properties: Lazy[Maybe[Sequence[ViewProperty] | None]] = UNSET
    cover: Lazy[Maybe[ViewCover | None]] = UNSET
    cover_size: Maybe[str | None] = UNSET
    cover_aspect: Maybe[str | None] = UNSET
    card_layout: Maybe[str | None] = UNSET


@model
class MapView(Content):
    """Cards at their places."""

    kind: ClassVar[str] = "map"
    map_by: Maybe[str | None] = UNSET
    """The id of the property that holds the place."""
    height: Maybe[str | None] = UNSET
    properties: Lazy[Maybe[Sequence[ViewProperty] | None]] = UNSET
    map_by_property_name: ReadOnly[Maybe[str]] = UNSET


@model
class FormView(Content):
    """A form that makes rows."""

    kind: ClassVar[str] = "form"
    is_form_closed: Maybe[bool | None] = UNSET
    anonymous_submissions: Maybe[bool | None] = UNSET
    submission_permissions: Maybe[str | None] = UNSET


@model
class ChartAggregation(Model):
    """What a chart counts or computes: `aggregator` as ``count`` or ``sum``."""

    aggregator: str
    property_id: Maybe[str] = UNSET


@model
class ChartView(Content):
    """A chart: `chart_type` is ``column``, ``bar``, ``line``, ``donut`` or ``number``."""

    kind: ClassVar[str] = "chart"
    chart_type: str
    x_axis: Lazy[Maybe[GroupBy | None]] = UNSET
    y_axis: Lazy[Maybe[ChartAggregation | None]] = UNSET
    x_axis_property_id: Maybe[str | None] = UNSET
    y_axis_property_id: Maybe[str | None] = UNSET
    value: Lazy[Maybe[ChartAggregation | None]] = UNSET
    sort: Maybe[str | None] = UNSET
    color_theme: Maybe[str | None] = UNSET
    height: Maybe[str | None] = UNSET
    hide_empty_groups: Maybe[bool | None] = UNSET
    legend_position: Maybe[str | None] = UNSET
    show_data_labels: Maybe[bool | None] = UNSET
    axis_labels: Maybe[str | None] = UNSET
    grid_lines: Maybe[str | None] = UNSET
    cumulative: Maybe[bool | None] = UNSET
    smooth_line: Maybe[bool | None] = UNSET
    hide_line_fill_area: Maybe[bool | None] = UNSET
    group_style: Maybe[str | None] = UNSET
    y_axis_min: Maybe[int | float | None] = UNSET
    y_axis_max: Maybe[int | float | None] = UNSET
    donut_labels: Maybe[str | None] = UNSET
    hide_title: Maybe[bool | None] = UNSET
    stack_by: Lazy[Maybe[GroupBy | None]] = UNSET
    reference_lines: Lazy[Maybe[JSON]] = UNSET
    caption: Maybe[str | None] = UNSET
    color_by_value: Maybe[bool | None] = UNSET


@model
class DashboardWidget(Model):
    """One view on a dashboard."""

    id: str
    view_id: str
    width: Maybe[int | float] = UNSET
    row_index: Maybe[int] = UNSET


@model
class DashboardRow(Model):
    """Views side by side."""

    id: str
    widgets: Lazy[Sequence[DashboardWidget]]
    height: Maybe[int | float] = UNSET


@model
class DashboardView(Content):
    """Other views, in rows.  Notion shows the rows and does not let them be written."""

    kind: ClassVar[str] = "dashboard"
    rows: ReadOnly[Lazy[Sequence[DashboardRow]]] = ()


ViewContent: TypeAlias = (
    TableView
    | BoardView
    | ListView
    | CalendarView
    | TimelineView
    | GalleryView
    | MapView
    | FormView
    | ChartView
    | DashboardView
    | Unsupported
)


@model
class ViewConfiguration(Tagged[ViewContent]):
    """How a view shows its rows.  A field that is written as None goes back to its default."""

    kinds: ClassVar[Kinds] = by_kind(
        TableView, BoardView, ListView, CalendarView, TimelineView, GalleryView, MapView,
        FormView, ChartView, DashboardView,
    )  # fmt: skip
    keyed: ClassVar[bool] = True

    def __init__(self, content: ViewContent) -> None:
        self._set_content(content)

    def _decode_content(self) -> Content | Unsupported:
        content = super()._decode_content()
        if isinstance(content, Unsupported):
            # Nothing stands under the name of the type: the fields lie beside it.
            return Unsupported(content.type, msgspec.json.decode(self._source))
        return content

    def _tagged(self, fields: JSONObject, convert: Callable[[object], JSON]) -> JSONObject:
        content = self.content
        if isinstance(content, Unsupported) and isinstance(content.data, Mapping):
            return {**content.data}
        return super()._tagged(fields, convert)


@model
class View(Model):
    """One way to look at a data source.  Lists name views by `id` alone."""

    id: str
    type: Maybe[str] = UNSET
    name: Maybe[str] = UNSET
    data_source_id: Maybe[str | None] = UNSET
    parent: Lazy[Maybe[Parent]] = UNSET
    created_time: Maybe[datetime] = UNSET
    last_edited_time: Maybe[datetime] = UNSET
    created_by: Lazy[Maybe[User | None]] = UNSET
    last_edited_by: Lazy[Maybe[User | None]] = UNSET
    url: Maybe[str] = UNSET
    dashboard_view_id: Maybe[str] = UNSET
    """The dashboard that a widget's view lies in."""
    filter: Lazy[Maybe[JSON]] = UNSET
    sorts: Lazy[Maybe[JSON]] = UNSET
    quick_filters: Lazy[Maybe[JSON]] = UNSET
    configuration: Lazy[Maybe[ViewConfiguration | None]] = UNSET
    object: str = "view"
    request_id: Maybe[str] = UNSET


@model
class ViewQuery(Model):
    """The frozen result of running a view; it is kept for 15 minutes."""

    id: str
    view_id: Maybe[str] = UNSET
    expires_at: Maybe[datetime] = UNSET
    total_count: Maybe[int] = UNSET
    """How many rows there are; at most 10,000, where Notion cuts the result."""
    results: Lazy[Maybe[Sequence[Reference]]] = UNSET
    """The first of them."""
    next_cursor: Maybe[str | None] = UNSET
    has_more: Maybe[bool] = UNSET
    request_status: Lazy[Maybe[RequestStatus]] = UNSET
    deleted: Maybe[bool] = UNSET
    object: str = "view_query"
    request_id: Maybe[str] = UNSET
