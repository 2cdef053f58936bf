"""What people give where Notion wants a text, a number, a day or an id: checked, and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, Literal, TypeAlias, get_args

import attrs

from notion_async.errors import InvalidIDError
from notion_async.ids import notion_id
from notion_async.models.moments import iso_text, moment
from notion_async.types import JSON, UNSET, Maybe

RelativeDay: TypeAlias = Literal[
    "today",
    "tomorrow",
    "yesterday",
    "one_week_ago",
    "one_week_from_now",
    "one_month_ago",
    "one_month_from_now",
]
"""Days that Notion counts from the day of the query."""

VerificationState: TypeAlias = Literal["verified", "expired", "none"]


@attrs.frozen
class Given:
    """One sort of things people give."""

    wanted: str
    """What it is, for an error."""
    read: Callable[[object], Maybe[JSON]]
    """Returns the JSON of what was given, or `UNSET` where it is something else."""


def _text(value: object) -> Maybe[JSON]:
    return value if isinstance(value, str) else UNSET


def _number(value: object) -> Maybe[JSON]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return UNSET
    try:
        # JSON at Notion's is that of JavaScript: it would silently round what has more digits.
        exact = float(value) == value and abs(value) != float("inf")
    except OverflowError:
        exact = False
    return value if exact else UNSET


def _yes_or_no(value: object) -> Maybe[JSON]:
    return value if isinstance(value, bool) else UNSET


def _names(value: object) -> Maybe[JSON]:
    if isinstance(value, str):
        return value
    if not isinstance(value, Sequence):
        return UNSET
    names = [name for name in value if isinstance(name, str)]
    return names if names and len(names) == len(value) else UNSET


def _when(value: object) -> Maybe[JSON]:
    if isinstance(value, date):  # a datetime is one
        return iso_text(value)
    if not isinstance(value, str):
        return UNSET
    return value if value in get_args(RelativeDay) or moment(value) is not None else UNSET


def _id(value: object) -> Maybe[JSON]:
    try:
        return notion_id(value) if isinstance(value, str) else UNSET
    except InvalidIDError:
        return UNSET


def _person(value: object) -> Maybe[JSON]:
    return "me" if value == "me" else _id(value)


def _state(value: object) -> Maybe[JSON]:
    return value if isinstance(value, str) and value in get_args(VerificationState) else UNSET


TEXT: Final = Given("a text", _text)
NUMBER: Final = Given("a finite number with no more digits than a float holds", _number)
YES_OR_NO: Final = Given("True or False", _yes_or_no)
NAMES: Final = Given("the name of an option or a list of names", _names)
WHEN: Final = Given(
    f"a date, a datetime, an ISO 8601 text or one of {', '.join(get_args(RelativeDay))}", _when
)
PAGE: Final = Given("the id or the link of a page", _id)
PERSON: Final = Given('the id of a user or "me"', _person)
STATE: Final = Given(f"one of {', '.join(get_args(VerificationState))}", _state)
