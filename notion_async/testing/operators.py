"""The operators of property filters, by the type of the property."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

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

_TEXTS: Final = ("title", "rich_text", "url", "email", "phone_number")
_DATES: Final = ("date", "created_time", "last_edited_time", "timestamp")
_REFERENCES: Final = ("people", "relation", "created_by", "last_edited_by")
_NEGATED: Final = {
    "does_not_equal": "equals",
    "does_not_contain": "contains",
    "is_not_empty": "is_empty",
}


def operator_test(
    kind: str,
    operator: str,
    operand: object,
    where: str,
    now: datetime,
    *,
    groups: Mapping[str, frozenset[str]] | None = None,
) -> Test:
    """Return the test that ``{operator: operand}`` stands for, for values of type `kind`.

    Args:
        kind: The type of the property.
        operator: As ``equals``.
        operand: What it compares with.
        where: The path of the filter in the request.
        now: What ``today`` is counted from.
        groups: Names that stand for several options of a status.

    Raises:
        RefusalError: There is no such operator for `kind`, or `operand` does not suit it.
    """
    path = f"{where}.{operator}"
    if kind == "formula":
        return _formula(operator, operand, path, now)
    if kind == "rollup":
        return _rollup(operator, operand, path, now)
    positive = _NEGATED.get(operator, operator)
    if positive == "is_empty":
        if operand is not True:
            raise failed(path, "`true`", operand)
        test: Test | None = _is_empty
    elif kind in _DATES:
        test = date_test(operator, operand, path, now)
        return _or_refuse(_of_date(test), path, operand)
    else:
        test = _positive(kind, positive, operand, path, groups or {})
    found = _or_refuse(test, path, operand)
    return found if positive == operator else lambda value: not found(value)


def _positive(
    kind: str, operator: str, operand: object, path: str, groups: Mapping[str, frozenset[str]]
) -> Test | None:
    if kind in _TEXTS:
        return _text(operator, operand, path)
    if kind in ("number", "unique_id"):
        return _number(operator, operand, path)
    if kind == "checkbox" and operator == "equals":
        wanted = a_boolean(operand, path)
        return lambda value: bool(value) is wanted
    if kind in ("select", "status") and operator == "equals":
        names = _names(operand, path, groups)
        return lambda value: bool(value) and value["name"] in names
    if kind == "multi_select" and operator == "contains":
        names = _names(operand, path, groups)
        return lambda value: any(option["name"] in names for option in value or ())
    if kind in _REFERENCES and operator == "contains":
        return _contains(kind, operand, path)
    if kind == "verification" and operator in ("status", "equals"):
        state = one_of(operand, path, ("verified", "expired", "none"))
        return lambda value: _verification(value) == state
    return None


def _text(operator: str, operand: object, path: str) -> Test | None:
    # That capitals do not matter is how the app filters; the API's documentation says nothing.
    comparisons: dict[str, Callable[[str, str], bool]] = {
        "equals": str.__eq__,
        "contains": str.__contains__,
        "starts_with": str.startswith,
        "ends_with": str.endswith,
    }
    compare = comparisons.get(operator)
    if compare is None:
        return None
    wanted = a_string(operand, path).casefold()
    return lambda value: compare(_as_text(value).casefold(), wanted)


def _number(operator: str, operand: object, path: str) -> Test | None:
    comparisons: dict[str, Callable[[float, float], bool]] = {
        "equals": lambda value, wanted: value == wanted,
        "greater_than": lambda value, wanted: value > wanted,
        "less_than": lambda value, wanted: value < wanted,
        "greater_than_or_equal_to": lambda value, wanted: value >= wanted,
        "less_than_or_equal_to": lambda value, wanted: value <= wanted,
    }
    compare = comparisons.get(operator)
    if compare is None:
        return None
    wanted = a_number(operand, path)

    def test(value: Any) -> bool:
        number = value.get("number") if isinstance(value, dict) else value
        return number is not None and compare(number, wanted)

    return test


def _contains(kind: str, operand: object, path: str) -> Test:
    # "me" is the user who authorized; a token of the workspace itself has none, so it matches
    # nothing.
    if kind != "relation" and operand == "me":
        return lambda _: False
    wanted = a_uuid(operand, path)

    def test(value: Any) -> bool:
        found = value if isinstance(value, list) else [value or {}]
        return any(reference.get("id") == wanted for reference in found)

    return test


def _names(operand: object, path: str, groups: Mapping[str, frozenset[str]]) -> frozenset[str]:
    given = operand if isinstance(operand, list) else [operand]
    names = [a_string(name, path) for name in given]
    return frozenset(names).union(*(groups.get(name, frozenset()) for name in names))


def _formula(operator: str, operand: object, path: str, now: datetime) -> Test:
    """Filter on what a formula came to: ``{"string": {"equals": …}}``."""
    one_of(operator, path, ("string", "checkbox", "number", "date"))
    kind, result = {
        "string": ("url", "string"),
        "checkbox": ("checkbox", "boolean"),
    }.get(operator, (operator, operator))
    test = _nested(kind, operand, path, now)
    return lambda value: bool(value) and value.get("type") == result and test(value[result])


def _rollup(operator: str, operand: object, path: str, now: datetime) -> Test:
    """Filter on an aggregate, or on any, every or none of what was rolled up."""
    one_of(operator, path, ("any", "every", "none", "number", "date"))
    if operator in ("number", "date"):
        test = _nested(operator, operand, path, now)
        return lambda value: bool(value) and value["type"] == operator and test(value[operator])
    kind, inner = single_field(operand, path)
    test = _nested(kind, inner, f"{path}.{kind}", now)

    def over(value: Any) -> bool:
        items = (value or {}).get("array", ())
        hits = [test(item.get(item.get("type"))) for item in items]
        if operator == "every":
            return all(hits)
        return any(hits) is (operator == "any")

    return over


def _nested(kind: str, operand: object, path: str, now: datetime) -> Test:
    operator, wanted = single_field(operand, path)
    return operator_test(kind, operator, wanted, path, now)


def _of_date(test: Test | None) -> Test | None:
    """Let a test of moments take a date as a property holds it."""
    if test is None:
        return None
    return lambda value: test(value.get("start") if isinstance(value, dict) else value)


def _or_refuse(test: Test | None, path: str, operand: object) -> Test:
    if test is None:
        raise failed(path, "not present", operand)
    return test


def _verification(value: Any) -> str:
    state = (value or {}).get("state")
    return state if state in ("verified", "expired") else "none"


def _is_empty(value: Any) -> bool:
    return value in (None, "", [], {})


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else plain_text(value)
