"""The operators of property filters, by the type of the property."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import attrs

from notion_async.testing.checks import (
    a_boolean,
    a_number,
    a_string,
    a_uuid,
    failed,
    one_of,
    single_field,
)
from notion_async.testing.dates import Test, date_test
from notion_async.testing.records import plain_text

_EXISTENCE: Final = ("is_empty", "is_not_empty")
_TEXT: Final = (
    "equals", "does_not_equal", "contains", "does_not_contain", "starts_with", "ends_with",
    *_EXISTENCE,
)  # fmt: skip
_NUMBER: Final = (
    "equals", "does_not_equal", "greater_than", "less_than", "greater_than_or_equal_to",
    "less_than_or_equal_to", *_EXISTENCE,
)  # fmt: skip
_CHECKBOX: Final = ("equals", "does_not_equal")
_CHOICE: Final = (*_CHECKBOX, *_EXISTENCE)
_MEMBERS: Final = ("contains", "does_not_contain", *_EXISTENCE)
_DATE: Final = (
    "equals", "before", "after", "on_or_before", "on_or_after", "this_week", "past_week",
    "past_month", "past_year", "next_week", "next_month", "next_year", *_EXISTENCE,
)  # fmt: skip

TEXTS: Final = ("title", "rich_text", "url", "email", "phone_number")
"""Types of property that hold text."""
DATES: Final = ("date", "created_time", "last_edited_time")
"""Types of property that hold a date."""
PEOPLE: Final = ("people", "created_by", "last_edited_by")
"""Types of property that hold users."""

OPERATORS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(TEXTS, _TEXT),
    **dict.fromkeys(("number", "unique_id"), _NUMBER),
    "checkbox": _CHECKBOX,
    **dict.fromkeys(("select", "status"), _CHOICE),
    "multi_select": _MEMBERS,
    **dict.fromkeys((*DATES, "timestamp"), _DATE),
    **dict.fromkeys((*PEOPLE, "relation"), _MEMBERS),
    "files": _EXISTENCE,
    "formula": ("string", "checkbox", "number", "date"),
    "rollup": ("any", "none", "every", "date", "number"),
    "verification": ("status", "does_not_equal"),
}
"""By the type of the property, and ``timestamp`` for the times of a page.

By what is missing here (``button``, ``place``), Notion does not filter.
"""

_ELEMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "rich_text": TEXTS,
    "number": ("number", "unique_id"),
    "date": DATES,
    "people": PEOPLE,
    **{kind: (kind,) for kind in ("checkbox", "select", "multi_select", "relation", "files",
                                  "status")},
}  # fmt: skip
"""What a filter of a rollup applies to, by its type, among the values that were rolled up.

That it takes further types than its own is assumed: there is no filter of their own for them.
"""

_FORMULA_ELEMENTS: Final = {"string": "rich_text", "boolean": "checkbox"}
_NEGATED: Final = {
    "does_not_equal": "equals",
    "does_not_contain": "contains",
    "is_not_empty": "is_empty",
}


@attrs.frozen
class _Asked:
    """What a test is made from beside the operator.

    Attributes:
        path: Where the operand stands in the request.
        now: What ``today`` is counted from.
        groups: Names that stand for several options of a status.
        me: The id of the user that ``me`` stands for.
    """

    path: str
    now: datetime
    groups: Mapping[str, frozenset[str]]
    me: str | None


def operator_test(
    kind: str,
    operator: str,
    operand: object,
    where: str,
    now: datetime,
    *,
    groups: Mapping[str, frozenset[str]] | None = None,
    me: str | None = None,
) -> Test:
    """Return the test that ``{operator: operand}`` stands for, for values of type `kind`.

    Args:
        kind: The type of the property.
        operator: As ``equals``.
        operand: What it compares with.
        where: The path of the filter in the request.
        now: What ``today`` is counted from.
        groups: Names that stand for several options of a status.
        me: The id of the user that ``me`` stands for; None: nobody.

    Raises:
        RefusalError: There is no such operator for `kind`, or `operand` does not suit it.
    """
    path = f"{where}.{operator}"
    if operator not in OPERATORS.get(kind, ()):
        raise failed(path, "not present", operand)
    asked = _Asked(path, now, groups or {}, me)
    if kind == "formula":
        return _formula(operator, operand, asked)
    if kind == "rollup":
        return _rollup(operator, operand, asked)
    positive = _NEGATED.get(operator, operator)
    test = _positive(kind, positive, operand, asked)
    return test if positive == operator else lambda value: not test(value)


def _positive(kind: str, operator: str, operand: object, asked: _Asked) -> Test:
    if operator == "is_empty":
        if operand is not True:
            raise failed(asked.path, "`true`", operand)
        return _is_empty
    if kind in TEXTS:
        return _text(operator, operand, asked.path)
    if kind in ("number", "unique_id"):
        return _number(operator, operand, asked.path)
    if kind in ("select", "status", "multi_select"):
        return _choice(operand, asked)
    if kind == "checkbox":
        wanted = a_boolean(operand, asked.path)
        return lambda value: bool(value) is wanted
    if kind == "verification":
        state = one_of(operand, asked.path, ("verified", "expired", "none"))
        return lambda value: _verification(value) == state
    if kind in (*PEOPLE, "relation"):
        return _contains(kind, operand, asked)
    return _date(operator, operand, asked)


def _text(operator: str, operand: object, path: str) -> Test:
    # That capitals do not matter is how the app filters; the API's documentation says nothing.
    comparisons: dict[str, Callable[[str, str], bool]] = {
        "equals": str.__eq__,
        "contains": str.__contains__,
        "starts_with": str.startswith,
        "ends_with": str.endswith,
    }
    compare = comparisons[operator]
    wanted = a_string(operand, path).casefold()
    return lambda value: compare(_as_text(value).casefold(), wanted)


def _number(operator: str, operand: object, path: str) -> Test:
    comparisons: dict[str, Callable[[float, float], bool]] = {
        "equals": lambda value, wanted: value == wanted,
        "greater_than": lambda value, wanted: value > wanted,
        "less_than": lambda value, wanted: value < wanted,
        "greater_than_or_equal_to": lambda value, wanted: value >= wanted,
        "less_than_or_equal_to": lambda value, wanted: value <= wanted,
    }
    compare = comparisons[operator]
    wanted = a_number(operand, path)

    def test(value: Any) -> bool:
        number = value.get("number") if isinstance(value, dict) else value
        return number is not None and compare(number, wanted)

    return test


def _choice(operand: object, asked: _Asked) -> Test:
    names = frozenset(option_names(operand, asked.path))
    wanted = names.union(*(asked.groups.get(name, frozenset()) for name in names))

    def test(value: Any) -> bool:
        options = value if isinstance(value, list) else [value or {}]
        return any(option.get("name") in wanted for option in options)

    return test


def option_names(operand: object, where: str) -> list[str]:
    """Return the names of options that a filter compares with: one, or several."""
    given = operand if isinstance(operand, list) else [operand]
    return [a_string(name, where) for name in given]


def _contains(kind: str, operand: object, asked: _Asked) -> Test:
    if kind in PEOPLE and operand == "me":
        # The user who authorized; a token of the workspace itself has none, and it is nobody.
        if asked.me is None:
            return lambda _: False
        operand = asked.me
    wanted = a_uuid(operand, asked.path)

    def test(value: Any) -> bool:
        found = value if isinstance(value, list) else [value or {}]
        return any(reference.get("id") == wanted for reference in found)

    return test


def _date(operator: str, operand: object, asked: _Asked) -> Test:
    """Return a test that takes a date as a property holds it, or a moment."""
    test = date_test(operator, operand, asked.path, asked.now)
    return lambda value: test(value.get("start") if isinstance(value, dict) else value)


def _formula(operator: str, operand: object, asked: _Asked) -> Test:
    """Filter on what a formula came to: ``{"string": {"equals": …}}``."""
    kind, result = {
        "string": ("rich_text", "string"),
        "checkbox": ("checkbox", "boolean"),
    }.get(operator, (operator, operator))
    test = _nested(kind, operand, asked)
    return lambda value: bool(value) and value.get("type") == result and test(value[result])


def _rollup(operator: str, operand: object, asked: _Asked) -> Test:
    """Filter on an aggregate, or on any, every or none of what was rolled up."""
    if operator in ("number", "date"):
        aggregate = _nested(operator, operand, asked)

        def of_aggregate(value: Any) -> bool:
            return bool(value) and value["type"] == operator and aggregate(value[operator])

        return of_aggregate
    kind, inner = single_field(operand, asked.path)
    if kind not in _ELEMENTS:
        raise failed(f"{asked.path}.{kind}", "not present", inner)
    test = _nested(kind, inner, attrs.evolve(asked, path=f"{asked.path}.{kind}"))

    def hit(item: Any) -> bool:
        found, value = _element(item)
        return found in _ELEMENTS[kind] and test(value)

    def over(value: Any) -> bool:
        hits = [hit(item) for item in (value or {}).get("array", ())]
        if operator == "every":
            return all(hits)
        return any(hits) is (operator == "any")

    return over


def _element(item: Any) -> tuple[str, Any]:
    """Return the type and value of one thing that was rolled up."""
    kind = str(item.get("type"))
    value = item.get(kind)
    if kind == "formula" and value:
        result = str(value["type"])
        return _FORMULA_ELEMENTS.get(result, result), value.get(result)
    return kind, value


def _nested(kind: str, operand: object, asked: _Asked) -> Test:
    operator, wanted = single_field(operand, asked.path)
    return operator_test(kind, operator, wanted, asked.path, asked.now, me=asked.me)


def _verification(value: Any) -> str:
    state = (value or {}).get("state")
    return state if state in ("verified", "expired") else "none"


def _is_empty(value: Any) -> bool:
    return value in (None, "", [], {})


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else plain_text(value)
