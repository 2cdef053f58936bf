"""Conditions on properties and timestamps, from which filters are made.

    prop("Status").status.equals("Done") & prop("Due").date.before("2026-12-01")
    timestamp.created_time.on_or_after(date(2026, 1, 1))

Each type of property has its class, with the operators that Notion offers for it and nothing
else.  The type is that of the property in the schema: Notion refuses another.

Notion's page: https://developers.notion.com/reference/filter-data-source-entries
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final, Generic, Literal, Self, TypeAlias, TypeVar, overload

import attrs

from notion_async.errors import ConfigurationError
from notion_async.models import _given as given
from notion_async.models._given import Given, RelativeDay, VerificationState
from notion_async.models.filters import Direction, Filter, Sort
from notion_async.types import JSON, UNSET

When: TypeAlias = date | datetime | RelativeDay | str
"""A day or a moment, or how ISO 8601 writes it; a moment without an offset is UTC."""

Names: TypeAlias = str | Sequence[str]
"""The name of an option, or several of which any counts."""


@attrs.frozen
class _Subject:
    """What a condition is about."""

    key: Literal["property", "timestamp"]
    name: str
    path: tuple[str, ...] = ()
    """The types on the way to the operator, as ``("formula", "number")``."""

    def __str__(self) -> str:
        root = f"prop({self.name!r})" if self.key == "property" else "timestamp"
        return ".".join([root, *self.path])

    def below(self, step: str) -> _Subject:
        return attrs.evolve(self, path=(*self.path, step))

    def filter(self, operator: str, operand: JSON) -> Filter:
        condition: JSON = {operator: operand}
        for step in reversed(self.path[1:]):
            condition = {step: condition}
        return Filter({self.key: self.name, self.path[0]: condition})

    def sort(self, direction: Direction) -> Sort:
        return Sort(self.key, self.name, direction)


class _About:
    __slots__ = ("_subject",)

    def __init__(self, subject: _Subject) -> None:
        self._subject = subject

    def _test(self, operator: str, operand: Given, value: object) -> Filter:
        found = operand.read(value)
        if found is UNSET:
            raise ConfigurationError(
                f"{self._subject}.{operator} takes {operand.wanted}, not {reprlib.repr(value)}"
            )
        return self._subject.filter(operator, found)


# ---------------------------------------------------------------------------------- operators


class ExistenceConditions(_About):
    """Whether there is a value.  All there is to ask of files."""

    __slots__ = ()

    def is_empty(self) -> Filter:
        """There is none."""
        return self._subject.filter("is_empty", True)

    def is_not_empty(self) -> Filter:
        """There is one."""
        return self._subject.filter("is_not_empty", True)


class TextConditions(ExistenceConditions):
    """Of titles, texts, links, e-mail addresses and telephone numbers."""

    __slots__ = ()

    def equals(self, text: str) -> Filter:
        """It is this text."""
        return self._test("equals", given.TEXT, text)

    def does_not_equal(self, text: str) -> Filter:
        """It is not this text."""
        return self._test("does_not_equal", given.TEXT, text)

    def contains(self, text: str) -> Filter:
        """This text is in it."""
        return self._test("contains", given.TEXT, text)

    def does_not_contain(self, text: str) -> Filter:
        """This text is not in it."""
        return self._test("does_not_contain", given.TEXT, text)

    def starts_with(self, text: str) -> Filter:
        """It begins with this text."""
        return self._test("starts_with", given.TEXT, text)

    def ends_with(self, text: str) -> Filter:
        """It ends with this text."""
        return self._test("ends_with", given.TEXT, text)


class NumberConditions(ExistenceConditions):
    """Of numbers, and of the number in a unique id."""

    __slots__ = ()

    def equals(self, number: float) -> Filter:
        """It is this number."""
        return self._test("equals", given.NUMBER, number)

    def does_not_equal(self, number: float) -> Filter:
        """It is not this number."""
        return self._test("does_not_equal", given.NUMBER, number)

    def greater_than(self, number: float) -> Filter:
        """It is above this number."""
        return self._test("greater_than", given.NUMBER, number)

    def less_than(self, number: float) -> Filter:
        """It is below this number."""
        return self._test("less_than", given.NUMBER, number)

    def greater_than_or_equal_to(self, number: float) -> Filter:
        """It is this number or above it."""
        return self._test("greater_than_or_equal_to", given.NUMBER, number)

    def less_than_or_equal_to(self, number: float) -> Filter:
        """It is this number or below it."""
        return self._test("less_than_or_equal_to", given.NUMBER, number)


class CheckboxConditions(_About):
    """Of checkboxes."""

    __slots__ = ()

    def equals(self, checked: bool) -> Filter:
        """It is checked, or is not."""
        return self._test("equals", given.YES_OR_NO, checked)

    def does_not_equal(self, checked: bool) -> Filter:
        """It is the other."""
        return self._test("does_not_equal", given.YES_OR_NO, checked)


class OptionConditions(ExistenceConditions):
    """Of a select or status.  For a status, the name of a group stands for its options."""

    __slots__ = ()

    def equals(self, names: Names) -> Filter:
        """It is this option, or one of these."""
        return self._test("equals", given.NAMES, names)

    def does_not_equal(self, names: Names) -> Filter:
        """It is not this option, nor one of these."""
        return self._test("does_not_equal", given.NAMES, names)


class OptionsConditions(ExistenceConditions):
    """Of a multi-select."""

    __slots__ = ()

    def contains(self, names: Names) -> Filter:
        """This option is among them, or one of these."""
        return self._test("contains", given.NAMES, names)

    def does_not_contain(self, names: Names) -> Filter:
        """This option is not among them, nor one of these."""
        return self._test("does_not_contain", given.NAMES, names)


class DateConditions(ExistenceConditions):
    """Of dates and times.  A moment is compared to the millisecond, UTC without an offset."""

    __slots__ = ()

    def equals(self, when: When) -> Filter:
        """It is on this day, or at this moment."""
        return self._test("equals", given.WHEN, when)

    def before(self, when: When) -> Filter:
        """It is before this day or moment."""
        return self._test("before", given.WHEN, when)

    def after(self, when: When) -> Filter:
        """It is after this day or moment."""
        return self._test("after", given.WHEN, when)

    def on_or_before(self, when: When) -> Filter:
        """It is this day or moment, or before."""
        return self._test("on_or_before", given.WHEN, when)

    def on_or_after(self, when: When) -> Filter:
        """It is this day or moment, or after."""
        return self._test("on_or_after", given.WHEN, when)

    def this_week(self) -> Filter:
        """It is in the week of the query."""
        return self._subject.filter("this_week", {})

    def past_week(self) -> Filter:
        """It is within the past week."""
        return self._subject.filter("past_week", {})

    def past_month(self) -> Filter:
        """It is within the past month."""
        return self._subject.filter("past_month", {})

    def past_year(self) -> Filter:
        """It is within the past year."""
        return self._subject.filter("past_year", {})

    def next_week(self) -> Filter:
        """It is within the next week."""
        return self._subject.filter("next_week", {})

    def next_month(self) -> Filter:
        """It is within the next month."""
        return self._subject.filter("next_month", {})

    def next_year(self) -> Filter:
        """It is within the next year."""
        return self._subject.filter("next_year", {})


class PeopleConditions(ExistenceConditions):
    """Of people.

    ``me`` is who authorized the connection.  For an internal connection that is nobody:
    ``contains("me")`` matches nothing.
    """

    __slots__ = ()

    def contains(self, user_id: str) -> Filter:
        """This user is among them."""
        return self._test("contains", given.PERSON, user_id)

    def does_not_contain(self, user_id: str) -> Filter:
        """This user is not among them."""
        return self._test("does_not_contain", given.PERSON, user_id)


class RelationConditions(ExistenceConditions):
    """Of related pages."""

    __slots__ = ()

    def contains(self, page_id: str) -> Filter:
        """This page is among them."""
        return self._test("contains", given.PAGE, page_id)

    def does_not_contain(self, page_id: str) -> Filter:
        """This page is not among them."""
        return self._test("does_not_contain", given.PAGE, page_id)


class VerificationConditions(_About):
    """Of the verification of a page in a wiki."""

    __slots__ = ()

    def status(self, state: VerificationState) -> Filter:
        """It is in this state."""
        return self._test("status", given.STATE, state)

    def does_not_equal(self, state: VerificationState) -> Filter:
        """It is in another state."""
        return self._test("does_not_equal", given.STATE, state)


# -------------------------------------------------------------------------- types of property

C = TypeVar("C")


class _Kind(Generic[C]):
    """An attribute that leads to the conditions of a type, by Notion's name for it."""

    def __init__(self, conditions: Callable[[_Subject], C]) -> None:
        self._conditions = conditions

    def __set_name__(self, owner: type[_About], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type[_About]) -> Self: ...
    @overload
    def __get__(self, instance: _About, owner: type[_About]) -> C: ...
    def __get__(self, instance: _About | None, owner: type[_About]) -> Self | C:
        if instance is None:
            return self
        return self._conditions(instance._subject.below(self._name))


class FormulaConditions(_About):
    """Of a formula, by what it comes to."""

    __slots__ = ()

    string = _Kind(TextConditions)
    checkbox = _Kind(CheckboxConditions)
    number = _Kind(NumberConditions)
    date = _Kind(DateConditions)


class RolledUpConditions(_About):
    """Of the values that a rollup gathers, by their type."""

    __slots__ = ()

    rich_text = _Kind(TextConditions)
    number = _Kind(NumberConditions)
    checkbox = _Kind(CheckboxConditions)
    select = _Kind(OptionConditions)
    multi_select = _Kind(OptionsConditions)
    relation = _Kind(RelationConditions)
    date = _Kind(DateConditions)
    people = _Kind(PeopleConditions)
    files = _Kind(ExistenceConditions)
    status = _Kind(OptionConditions)


class RollupConditions(_About):
    """Of a rollup: of any, every or none of its values, or of the date or number it comes to."""

    __slots__ = ()

    any = _Kind(RolledUpConditions)
    every = _Kind(RolledUpConditions)
    none = _Kind(RolledUpConditions)
    date = _Kind(DateConditions)
    number = _Kind(NumberConditions)


class PropertyConditions(_About):
    """Conditions on a property, by its type, and sorting by it."""

    __slots__ = ()

    title = _Kind(TextConditions)
    rich_text = _Kind(TextConditions)
    number = _Kind(NumberConditions)
    checkbox = _Kind(CheckboxConditions)
    select = _Kind(OptionConditions)
    multi_select = _Kind(OptionsConditions)
    status = _Kind(OptionConditions)
    date = _Kind(DateConditions)
    people = _Kind(PeopleConditions)
    files = _Kind(ExistenceConditions)
    url = _Kind(TextConditions)
    email = _Kind(TextConditions)
    phone_number = _Kind(TextConditions)
    relation = _Kind(RelationConditions)
    created_by = _Kind(PeopleConditions)
    created_time = _Kind(DateConditions)
    last_edited_by = _Kind(PeopleConditions)
    last_edited_time = _Kind(DateConditions)
    formula = _Kind(FormulaConditions)
    unique_id = _Kind(NumberConditions)
    rollup = _Kind(RollupConditions)
    verification = _Kind(VerificationConditions)

    def ascending(self) -> Sort:
        """The least first."""
        return self._subject.sort("ascending")

    def descending(self) -> Sort:
        """The greatest first."""
        return self._subject.sort("descending")


class TimestampConditions(DateConditions):
    """Conditions on when a row was made or changed, and sorting by it."""

    __slots__ = ()

    def ascending(self) -> Sort:
        """The oldest first."""
        return self._subject.sort("ascending")

    def descending(self) -> Sort:
        """The newest first."""
        return self._subject.sort("descending")


@attrs.frozen
class Timestamps:
    """What Notion notes of every row, whether or not a property shows it; to the minute."""

    created_time: TimestampConditions
    last_edited_time: TimestampConditions


timestamp: Final = Timestamps(
    TimestampConditions(_Subject("timestamp", "created_time", ("created_time",))),
    TimestampConditions(_Subject("timestamp", "last_edited_time", ("last_edited_time",))),
)
"""When rows were made and last changed."""


def prop(name: str) -> PropertyConditions:
    """Return a property, by its name or id, to make conditions on it.

    Say its type and the operator: ``prop("Due").date.before("today")``.

    Raises:
        ConfigurationError: There is no name; later, a value that the operator does not take.
    """
    if not isinstance(name, str) or not name:
        raise ConfigurationError(f"a property has a name or an id, not {reprlib.repr(name)}")
    return PropertyConditions(_Subject("property", name))
