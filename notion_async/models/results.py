"""Whether what a query found is whole.

Notion's page: https://developers.notion.com/reference/query-a-data-source
"""

from __future__ import annotations

from notion_async.models._model import Model, model


@model
class RequestStatus(Model):
    """Whether a result is whole.  Notion cuts a query at 10,000 results."""

    type: str = ""
    """``complete`` or ``incomplete``."""
    incomplete_reason: str = ""
