"""Filters and sorts of meeting notes, which have a language of their own.

Notion: https://developers.notion.com/reference/query-meeting-notes
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from notion_async.testing.checks import (
    Decoded,
    a_number,
    a_string,
    an_array,
    an_object,
    dashed,
    failed,
    known_fields,
    one_of,
)
from notion_async.testing.dates import date_test, moments
from notion_async.testing.records import plain_text, timestamp
from notion_async.types import UNSET

Test: TypeAlias = Callable[[Any], bool]
_Maker: TypeAlias = Callable[[str, object, str, datetime], Test]

_DEEPEST: Final = 3
"""How many groups may stand one in another."""
_MOST: Final = 100

_GROUPS: Final = ("and", "or")
_EXISTENCE: Final[Mapping[str, bool]] = {"is_empty": False, "is_not_empty": True}

_TEXTS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "string_is": lambda value, text: value == text,
    "string_is_not": lambda value, text: value != text,
    "string_contains": lambda value, text: text in value,
    "string_does_not_contain": lambda value, text: text not in value,
    "string_starts_with": lambda value, text: value.startswith(text),
    "string_ends_with": lambda value, text: value.endswith(text),
}
_DATES: Final[Mapping[str, str]] = {
    "date_is": "equals",
    "date_is_before": "before",
    "date_is_after": "after",
    "date_is_on_or_before": "on_or_before",
    "date_is_on_or_after": "on_or_after",
}
_SPANS: Final = ("date_is_within", "date_is_relative_to")
_PEOPLE: Final[Mapping[str, bool]] = {"person_contains": True, "person_does_not_contain": False}

_DAYS: Final = (
    "today", "tomorrow", "yesterday", "one_week_ago", "one_week_from_now", "one_month_ago",
    "one_month_from_now",
)  # fmt: skip
# (3P) As Notion's own interface names them, from memory; published is only that there are words.
_WORDS: Final[Mapping[str, str]] = {
    "this_week": "this_week",
    **{f"the_{way}_{unit}": f"{way}_{unit}" for way in ("past", "next") for unit in
       ("week", "month", "year")},
}  # fmt: skip
_UNITS: Final = ("day", "week", "month", "year")


def matcher(given: object, now: datetime) -> Test:
    """Return the test that a filter stands for; without a filter, one that all pass.

    Raises:
        RefusalError: It is no filter of meeting notes.
    """
    if given is None:
        return lambda _: True
    return _group(an_object(given, "body.filter"), "body.filter", now, 1)


def sort(notes: Sequence[Decoded], sorts: object) -> list[Decoded]:
    """Return blocks in the order that was asked for; those without a value come last.

    Raises:
        RefusalError: They cannot be sorted so.
    """
    given = [] if sorts is None else an_array(sorts, "body.sort", most=_MOST)
    checked: list[tuple[Callable[[Decoded], Any], bool]] = []
    for index, one in enumerate(given):
        where = f"body.sort[{index}]"
        known_fields(an_object(one, where), where, ("property", "direction"))
        name = one_of(one.get("property", UNSET), f"{where}.property", tuple(_VALUES))
        directions = ("ascending", "descending")
        direction = one_of(one.get("direction", UNSET), f"{where}.direction", directions)
        checked.append((_VALUES[name], direction == "descending"))
    ordered = list(notes)
    for value, is_descending in reversed(checked):
        known = [block for block in ordered if value(block)]
        known.sort(key=value, reverse=is_descending)
        ordered = [*known, *(block for block in ordered if not value(block))]
    return ordered


def _group(given: Decoded, where: str, now: datetime, depth: int) -> Test:
    known_fields(given, where, ("operator", "filters"))
    operator = one_of(given.get("operator", UNSET), f"{where}.operator", _GROUPS)
    parts = an_array(given.get("filters", []), f"{where}.filters", most=_MOST)
    tests: list[Test] = []
    for index, part in enumerate(parts):
        path = f"{where}.filters[{index}]"
        inner = an_object(part, path)
        if "property" in inner:
            tests.append(_property(inner, path, now))
        elif depth == _DEEPEST:
            raise failed(f"{path}.property", "defined", UNSET)
        else:
            tests.append(_group(inner, path, now, depth + 1))
    if operator == "and" or not tests:
        return lambda block: all(test(block) for test in tests)
    return lambda block: any(test(block) for test in tests)


def _property(given: Decoded, where: str, now: datetime) -> Test:
    known_fields(given, where, ("property", "filter"))
    name = one_of(given["property"], f"{where}.property", tuple(_VALUES))
    value = _VALUES[name]
    where = f"{where}.filter"
    condition = an_object(given.get("filter", UNSET), where)
    known_fields(condition, where, ("operator", "value"))
    operators, make = _FAMILIES[name]
    choices = (*operators, *_EXISTENCE)
    operator = one_of(condition.get("operator", UNSET), f"{where}.operator", choices)
    if operator in _EXISTENCE:
        expected = _EXISTENCE[operator]
        return lambda block: bool(value(block)) is expected
    test = make(operator, condition.get("value", UNSET), f"{where}.value", now)
    return lambda block: test(value(block))


# ------------------------------------------------------------------------------------ operands


def _text(operator: str, operand: object, where: str, _: datetime) -> Test:
    given = an_object(operand, where)
    known_fields(given, where, ("type", "value"))
    one_of(given.get("type", UNSET), f"{where}.type", ("exact",))
    wanted = a_string(given.get("value", UNSET), f"{where}.value").casefold()
    compare = _TEXTS[operator]
    return lambda title: compare(title.casefold(), wanted)


def _people(operator: str, operand: object, where: str, _: datetime) -> Test:
    wanted: set[str] = set()
    for index, one in enumerate(an_array(operand, where)):
        path = f"{where}[{index}]"
        person = an_object(one, path)
        known_fields(person, path, ("type", "value"))
        one_of(person.get("type", UNSET), f"{path}.type", ("exact",))
        path = f"{path}.value"
        reference = an_object(person.get("value", UNSET), path)
        known_fields(reference, path, ("table", "id"))
        one_of(reference.get("table", UNSET), f"{path}.table", ("notion_user",))
        text = a_string(reference.get("id", UNSET), f"{path}.id")
        wanted.add(dashed(text) or text)
    expected = _PEOPLE[operator]
    return lambda people: (not wanted.isdisjoint(people)) is expected


def _date(operator: str, operand: object, where: str, now: datetime) -> Test:
    given = an_object(operand, where)
    kind = one_of(given.get("type", UNSET), f"{where}.type", ("relative", "exact"))
    if operator in _SPANS:
        return _span(kind, given, where, now)
    known_fields(given, where, ("type", "value"))
    value, where = given.get("value", UNSET), f"{where}.value"
    if kind == "relative":
        value = one_of(value, where, _DAYS)
    elif not isinstance(value, str):
        value = _moment(value, where)
    return date_test(_DATES[operator], value, where, now)


def _moment(value: object, where: str) -> str:
    """Return a day, or a time of day, as text."""
    given = an_object(value, where)
    known_fields(given, where, ("type", "start_date", "start_time", "time_zone"))
    kind = one_of(given.get("type", UNSET), f"{where}.type", ("date", "datetime"))
    day = _day(given.get("start_date", UNSET), f"{where}.start_date")
    if kind == "date":
        return day.isoformat()
    zone = a_string(given.get("time_zone", "UTC"), f"{where}.time_zone")
    hour = a_string(given.get("start_time", "00:00"), f"{where}.start_time")
    try:
        place = UTC if zone == "UTC" else ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise failed(f"{where}.time_zone", "a valid time zone", zone) from None
    try:
        at = time.fromisoformat(hour)
    except ValueError:
        raise failed(f"{where}.start_time", "a valid time", hour) from None
    return timestamp(datetime.combine(day, at, place))


def _span(kind: str, given: Decoded, where: str, now: datetime) -> Test:
    known_fields(given, where, ("type", "value", "direction", "unit", "count"))
    value, where_value = given.get("value", UNSET), f"{where}.value"
    if kind == "exact":
        return _between(*_range(value, where_value))
    if "unit" in given or "direction" in given:
        return _between(*_counted(given, where, now.date()))
    word = one_of(value, where_value, tuple(_WORDS))
    return date_test(_WORDS[word], {}, where_value, now)


def _range(value: object, where: str) -> tuple[date, date]:
    given = an_object(value, where)
    known_fields(given, where, ("type", "start_date", "end_date"))
    one_of(given.get("type", UNSET), f"{where}.type", ("daterange",))
    first = _day(given.get("start_date", UNSET), f"{where}.start_date")
    return first, _day(given.get("end_date", first.isoformat()), f"{where}.end_date")


def _counted(given: Decoded, where: str, today: date) -> tuple[date, date]:
    """Return so many days, weeks, months or years from today, or until today."""
    a_string(given.get("value", UNSET), f"{where}.value")
    unit = one_of(given.get("unit", UNSET), f"{where}.unit", _UNITS)
    way = one_of(given.get("direction", UNSET), f"{where}.direction", ("past", "future"))
    count = int(a_number(given.get("count", 1), f"{where}.count"))
    try:
        other = _shifted(today, unit, -count if way == "past" else count)
    except (OverflowError, ValueError):  # a year that no calendar has
        raise failed(f"{where}.count", "a smaller number", count) from None
    return min(today, other), max(today, other)


def _shifted(day: date, unit: str, count: int) -> date:
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _between(first: date, last: date) -> Test:
    low, high = moments(first.isoformat())[0], moments(last.isoformat())[1]
    return lambda value: bool(value) and low <= value <= high


def _day(value: object, where: str) -> date:
    text = a_string(value, where)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise failed(where, "a valid ISO 8601 date string", value) from None


# ---------------------------------------------------------------------------------- properties


def _attendees(block: Decoded) -> list[str]:
    event = block["meeting_notes"].get("calendar_event") or {}
    return list(event.get("attendees", ()))


_VALUES: Final[Mapping[str, Callable[[Decoded], Any]]] = {
    "title": lambda block: plain_text(block["meeting_notes"].get("title")),
    "attendees": _attendees,
    "created_time": lambda block: block["created_time"],
    "created_by": lambda block: [block["created_by"]["id"]],
    "last_edited_time": lambda block: block["last_edited_time"],
    "last_edited_by": lambda block: [block["last_edited_by"]["id"]],
}
_OF_TEXTS: Final[tuple[Sequence[str], _Maker]] = (tuple(_TEXTS), _text)
_OF_DATES: Final[tuple[Sequence[str], _Maker]] = ((*_DATES, *_SPANS), _date)
_OF_PEOPLE: Final[tuple[Sequence[str], _Maker]] = (tuple(_PEOPLE), _people)
_FAMILIES: Final[Mapping[str, tuple[Sequence[str], _Maker]]] = {
    "title": _OF_TEXTS,
    "attendees": _OF_PEOPLE,
    "created_time": _OF_DATES,
    "created_by": _OF_PEOPLE,
    "last_edited_time": _OF_DATES,
    "last_edited_by": _OF_PEOPLE,
}
"""Which operators a property has, and what makes a test of them."""
