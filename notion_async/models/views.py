"""Views of databases, and the queries that run them.

Notion's page: https://developers.notion.com/reference/view
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notion_async.models._model import Lazy, Maybe, Model, model
from notion_async.models.parents import Parent, Reference
from notion_async.models.results import RequestStatus
from notion_async.models.users import User
from notion_async.types import JSON, UNSET


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
    configuration: Lazy[Maybe[JSON]] = UNSET
    object: str = "view"
    request_id: Maybe[str] = UNSET


@model
class ViewQuery(Model):
    """The frozen result of running a view; it is kept for 15 minutes."""

    id: str
    view_id: Maybe[str] = UNSET
    expires_at: Maybe[datetime] = UNSET
    total_count: Maybe[int] = UNSET
    results: Lazy[Maybe[Sequence[Reference]]] = UNSET
    next_cursor: Maybe[str | None] = UNSET
    has_more: Maybe[bool] = UNSET
    request_status: Lazy[Maybe[RequestStatus]] = UNSET
    deleted: Maybe[bool] = UNSET
    object: str = "view_query"
    request_id: Maybe[str] = UNSET
