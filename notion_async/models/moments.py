"""Days and times as Python has them, and as Notion writes them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from notion_async.models.dates import DateRange
from notion_async.types import UNSET

_WRITTEN: Final = re.compile(
    r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)


@attrs.frozen
class DateSpan:
    """What a date property holds: a day or a moment, and where it is a span, its end.

    A day is a `date`, a moment a `datetime`.  A moment to which Notion gives a time zone is in
    that zone (`zoneinfo.ZoneInfo`).  Notion takes a moment without an offset as UTC.
    """

    start: date | datetime
    end: date | datetime | None = None


def iso_text(value: date | datetime) -> str:
    """Return a day or a moment as Notion takes it."""
    if isinstance(value, datetime):
        offset = value.utcoffset()
        if offset is not None and offset % timedelta(minutes=1):
            value = value.astimezone(UTC)  # offsets of old times have seconds: Notion's have none
    return value.isoformat()


def moment(text: object) -> date | datetime | None:
    """Return the day or moment that Notion means by `text`; None where it is neither."""
    if not isinstance(text, str) or not _WRITTEN.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def span(found: DateRange) -> DateSpan | None:
    """Return a date of Notion's as days or moments; None where it is in no form Notion writes."""
    # Attributes may be absent: a date of an unexpected shape is read as far as it goes.
    start, end = getattr(found, "start", None), getattr(found, "end", None)
    try:
        zone = _zone(getattr(found, "time_zone", None))
        first, last = _in_zone(moment(start), zone), _in_zone(moment(end), zone)
    except (ValueError, KeyError, OSError, OverflowError):  # a zone that is not known here
        return None
    if first is None or (last is None and end):
        return None
    return DateSpan(first, last)


def date_range(given: DateSpan) -> DateRange:
    """Return days or moments as a date of Notion's, in their time zone if they have one."""
    both = [given.start] if given.end is None else [given.start, given.end]
    zones = {_zone_name(one) for one in both}
    zone = zones.pop() if len(zones) == 1 else None
    if zone is None:
        texts = [iso_text(one) for one in both]
    else:
        texts = [one.replace(tzinfo=None).isoformat() for one in both if isinstance(one, datetime)]
    end = texts[1] if len(texts) > 1 else UNSET
    return DateRange(texts[0], end, UNSET if zone is None else zone)


def _zone(name: object) -> ZoneInfo | None:
    return ZoneInfo(name) if isinstance(name, str) and name else None


def _in_zone(value: date | datetime | None, zone: ZoneInfo | None) -> date | datetime | None:
    if zone is None or not isinstance(value, datetime):
        return value
    return value.replace(tzinfo=zone) if value.tzinfo is None else value.astimezone(zone)


def _zone_name(value: date | datetime) -> str | None:
    """Return the name under which Notion knows the zone of a moment, if that says which it is."""
    if not isinstance(value, datetime) or not isinstance(value.tzinfo, ZoneInfo):
        return None
    # The hour that a clock shows twice in autumn is told apart by its offset alone.
    first = value.replace(fold=0)
    return value.tzinfo.key if first.utcoffset() == value.utcoffset() else None
