"""Dates, as people write them in Notion."""

from __future__ import annotations

from notion_async.models._model import Maybe, Model, model
from notion_async.types import UNSET


@model
class DateRange(Model):
    """A date or a span.  ``2026-03-01`` is a day, ``2026-03-01T09:00:00.000+01:00`` a moment."""

    start: str
    end: Maybe[str | None] = UNSET
    time_zone: Maybe[str | None] = UNSET
    """An IANA name; then `start` and `end` carry no offset of their own."""
