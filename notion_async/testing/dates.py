"""Filters on dates and times.

Every moment is a string in one form, so that comparing moments is comparing strings.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeAlias

from notion_async.testing.checks import a_string, an_object, failed, known_fields
from notion_async.testing.records import timestamp

Test: TypeAlias = Callable[[Any], bool]

_SPANS: Final = ("this_week", *(f"{way}_{unit}" for way in ("past", "next") for unit in
                                ("week", "month", "year")))  # fmt: skip


def date_test(operator: str, operand: object, where: str, now: datetime) -> Test:
    """Return the test that a date filter stands for: ``this_week``, ``before`` and their like.

    The test takes what a page holds: a day, a time, or nothing.
    """
    if operator in _SPANS:
        known_fields(an_object(operand, where), where, ())
        first, last = _span(operator, now.date())
        return lambda value: bool(value) and first <= moments(value)[0] <= last
    low, high = _operand(operand, where, now)
    compare = _COMPARISONS[operator]
    return lambda value: bool(value) and compare(moments(value)[0], low, high)


def moments(text: str) -> tuple[str, str]:
    """Return the first and last moment of a day, or a time twice."""
    if len(text) == 10:
        return f"{text}T00:00:00.000Z", f"{text}T23:59:59.999Z"
    if len(text) == 24 and text.endswith("Z"):
        return text, text
    moment = datetime.fromisoformat(text)
    written = timestamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return written, written


# The value, and the first and last moment of what it is compared with.  Of a range, Notion's
# documentation leaves open which end counts: here the start does.
_COMPARISONS: Final[dict[str, Callable[[str, str, str], bool]]] = {
    "equals": lambda value, low, high: low <= value <= high,
    "before": lambda value, low, _: value < low,
    "after": lambda value, _, high: value > high,
    "on_or_before": lambda value, _, high: value <= high,
    "on_or_after": lambda value, low, _: value >= low,
}


def _operand(operand: object, where: str, now: datetime) -> tuple[str, str]:
    text = a_string(operand, where)
    relative = _relative(text, now.date())
    if relative is not None:
        return moments(relative.isoformat())
    try:
        date.fromisoformat(text[:10])
        return moments(text)
    except ValueError:
        raise failed(where, "a valid ISO 8601 date string", operand) from None


def _relative(word: str, today: date) -> date | None:
    days = {
        "today": 0, "tomorrow": 1, "yesterday": -1, "one_week_ago": -7, "one_week_from_now": 7,
    }  # fmt: skip
    if word in days:
        return today + timedelta(days=days[word])
    months = {"one_month_ago": -1, "one_month_from_now": 1}
    return _months(today, months[word]) if word in months else None


def _span(word: str, today: date) -> tuple[str, str]:
    if word == "this_week":
        monday = today - timedelta(days=today.weekday())
        return _between(monday, monday + timedelta(days=6))
    way, _, unit = word.partition("_")
    sign = -1 if way == "past" else 1
    other = {
        "week": today + sign * timedelta(days=7),
        "month": _months(today, sign),
        "year": _months(today, 12 * sign),
    }[unit]
    return _between(min(today, other), max(today, other))


def _between(first: date, last: date) -> tuple[str, str]:
    return moments(first.isoformat())[0], moments(last.isoformat())[1]


def _months(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
