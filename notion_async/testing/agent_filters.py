"""Filters and sorts of agents, sessions and their events.

Notion: https://developers.notion.com/reference/notion-agent-apis/query-agents
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

import attrs

from notion_async.models.sessions import SESSION_EVENTS
from notion_async.testing.agents import Agents, id_of
from notion_async.testing.checks import (
    Decoded,
    a_boolean,
    a_number,
    a_string,
    an_array,
    an_object,
    dashed,
    failed,
    known_fields,
    one_of,
)
from notion_async.testing.dates import date_test
from notion_async.types import UNSET

Test: TypeAlias = Callable[[Any], bool]
Operator: TypeAlias = Callable[[object, str, datetime], Test]
"""Makes a test of an operand, which stands at a place in the request; and of the time."""

_DEPTH: Final = 2
"""How deep groups may be nested."""
DIRECTIONS: Final = ("ascending", "descending")

_SESSION_STATUSES: Final = (
    "queued", "in_progress", "requires_action", "completed", "failed", "canceled", "terminated",
)  # fmt: skip


@attrs.frozen
class Field:
    """What can be asked of a property.

    Attributes:
        condition: The field of the filter that holds the operators.
        value: Returns what they are applied to.
        operators: By name.
        optional: Whether a filter may do without any of them.
    """

    condition: str
    value: Callable[[Decoded], object]
    operators: Mapping[str, Operator]
    optional: bool = False


def matcher(fields: Mapping[str, Field], given: object, now: datetime) -> Test:
    """Return the test that a filter stands for; without a filter, one that all pass.

    Raises:
        RefusalError: It is no filter of these.
    """
    if given is None:
        return lambda _: True
    return _matcher(fields, given, "body.filter", now, _DEPTH)


def sort(
    items: Sequence[Decoded], sorts: object, properties: Mapping[str, Callable[[Decoded], Any]]
) -> list[Decoded]:
    """Return items in the order that was asked for; those without a value come last.

    Raises:
        RefusalError: They cannot be sorted so.
    """
    ordered = list(items)
    given = [] if sorts is None else an_array(sorts, "body.sorts")
    checked = [_sort(one, f"body.sorts[{index}]", properties) for index, one in enumerate(given)]
    for value, is_descending in reversed(checked):
        known = [item for item in ordered if value(item) is not None]
        known.sort(key=value, reverse=is_descending)
        ordered = [*known, *(item for item in ordered if value(item) is None)]
    return ordered


def _sort(
    given: object, where: str, properties: Mapping[str, Callable[[Decoded], Any]]
) -> tuple[Callable[[Decoded], Any], bool]:
    one = an_object(given, where)
    known_fields(one, where, ("property", "direction"))
    name = one_of(one.get("property", UNSET), f"{where}.property", tuple(properties))
    direction = one_of(one.get("direction", UNSET), f"{where}.direction", DIRECTIONS)
    return properties[name], direction == "descending"


def _matcher(
    fields: Mapping[str, Field], given: object, where: str, now: datetime, depth: int
) -> Test:
    condition = an_object(given, where)
    group = next((name for name in ("and", "or") if name in condition), None)
    if group is None:
        return _property(fields, condition, where, now)
    known_fields(condition, where, (group,))
    if depth == 0:
        raise failed(f"{where}.{group}", "not present", condition[group])
    parts = an_array(condition[group], f"{where}.{group}")
    tests = [
        _matcher(fields, part, f"{where}.{group}[{index}]", now, depth - 1)
        for index, part in enumerate(parts)
    ]
    every = all if group == "and" else any
    return lambda item: every(test(item) for test in tests)


def _property(fields: Mapping[str, Field], condition: Decoded, where: str, now: datetime) -> Test:
    name = one_of(condition.get("property", UNSET), f"{where}.property", tuple(fields))
    field = fields[name]
    known_fields(condition, where, ("property", field.condition))
    where = f"{where}.{field.condition}"
    asked = an_object(condition.get(field.condition, UNSET), where)
    known_fields(asked, where, tuple(field.operators))
    if not asked and not field.optional:
        raise failed(f"{where}.{next(iter(field.operators))}", "defined", UNSET)
    tests = [
        field.operators[operator](operand, f"{where}.{operator}", now)
        for operator, operand in asked.items()
    ]
    return lambda item: all(test(field.value(item)) for test in tests)


# ---------------------------------------------------------------------------------- operators


def _is_text(operand: object, where: str, _: datetime) -> Test:
    text = a_string(operand, where)
    return lambda value: value == text


def _is_id(operand: object, where: str, _: datetime) -> Test:
    identity = id_of(a_string(operand, where))
    return lambda value: value == identity


def _is_user(operand: object, where: str, _: datetime) -> Test:
    text = a_string(operand, where)
    identity = dashed(text) or text
    return lambda value: value == identity


def _is_among(choices: Sequence[str]) -> Operator:
    def make(operand: object, where: str, _: datetime) -> Test:
        given = an_array(operand, where)
        named = [one_of(one, f"{where}[{index}]", choices) for index, one in enumerate(given)]
        return lambda value: value in named

    return make


def _is_one(choices: Sequence[str]) -> Operator:
    def make(operand: object, where: str, _: datetime) -> Test:
        choice = one_of(operand, where, choices)
        return lambda value: value == choice

    return make


def _is_yes(operand: object, where: str, _: datetime) -> Test:
    wanted = a_boolean(operand, where)
    return lambda value: value is wanted


def _number(compare: Callable[[Any, Any], bool]) -> Operator:
    def make(operand: object, where: str, _: datetime) -> Test:
        number = a_number(operand, where)
        return lambda value: value is not None and compare(value, number)

    return make


def _has_server(operand: object, where: str, _: datetime) -> Test:
    text = a_string(operand, where).casefold()
    return lambda servers: any(text in server.casefold() for server in servers)


def _when(*operators: str) -> Mapping[str, Operator]:
    def of(name: str) -> Operator:
        return lambda operand, where, now: date_test(name, operand, where, now)

    return {name: of(name) for name in operators}


# --------------------------------------------------------------------------------- properties

_EQUALS_ID: Final = {"equals": _is_id}
_AROUND: Final = ("before", "after", "on_or_before", "on_or_after")


def _servers(agent: Decoded) -> list[str]:
    """Return the names and hosts of the servers that an agent may use."""
    found: list[str] = []
    for connection in agent["connections"]:
        if connection["type"] in ("mcp_server", "custom_mcp_server"):
            account = connection.get("account")
            host = account.get("server_host", "") if isinstance(account, dict) else ""
            found += [connection["name"], host]
    return found


def of_agents(agents: Agents) -> Mapping[str, Field]:
    """Return what can be asked of agents."""
    kinds = ("notion_ai", "custom_agent", "autofill_custom_agent")
    statuses = ("active", "disabled", "deleted")
    when = _when("after", "before")
    return {
        "id": Field("id", lambda agent: agent["id"], _EQUALS_ID),
        "agent_type": Field("string", lambda one: one["agent_type"], {"equals": _is_one(kinds)}),
        "created_by": Field(
            "people", lambda agent: (agent["created_by"] or {}).get("id"), {"contains": _is_user}
        ),
        "created_time": Field("date", lambda one: one.get("created_time"), when, optional=True),
        "favorited": Field(
            "checkbox", lambda agent: agent["id"] in agents.favorites, {"equals": _is_yes}
        ),
        "connections": Field("mcp_server", _servers, {"contains": _has_server}),
        "status": Field("status", lambda one: one["status"], {"in": _is_among(statuses)}),
        "model_mode": Field(
            "select", lambda one: one["model"]["mode"], {"equals": _is_one(("auto", "pinned"))}
        ),
        "agent_version": Field(
            "number",
            lambda agent: (agent["agent_version"] or {}).get("number"),
            {"equals": _number(lambda value, number: value == number)},
        ),
        "last_run_at": Field("date", lambda one: one["last_run_at"], when, optional=True),
    }


_STATUS: Final[Mapping[str, Operator]] = {
    "equals": _is_one(_SESSION_STATUSES),
    "in": _is_among(_SESSION_STATUSES),
}

OF_SESSIONS: Final[Mapping[str, Field]] = {
    "id": Field("string", lambda session: session["id"], _EQUALS_ID),
    "agent_id": Field("string", lambda session: session["agent_id"], _EQUALS_ID),
    "status": Field("status", lambda session: session["status"], _STATUS, optional=True),
    "created_at": Field(
        "timestamp", lambda session: session["created_at"], _when(*_AROUND), optional=True
    ),
    "updated_at": Field(
        "timestamp", lambda session: session["updated_at"], _when(*_AROUND), optional=True
    ),
}
"""What can be asked of sessions."""

_EVENT_TYPES: Final = tuple(SESSION_EVENTS)
_TYPE: Final[Mapping[str, Operator]] = {
    "equals": _is_one(_EVENT_TYPES),
    "in": _is_among(_EVENT_TYPES),
}
_SEQUENCE: Final[Mapping[str, Operator]] = {
    "greater_than": _number(lambda value, number: value > number),
    "greater_than_or_equal_to": _number(lambda value, number: value >= number),
    "less_than": _number(lambda value, number: value < number),
    "less_than_or_equal_to": _number(lambda value, number: value <= number),
}

OF_EVENTS: Final[Mapping[str, Field]] = {
    "id": Field("string", lambda event: event["id"], {"equals": _is_text}),
    "type": Field("event_type", lambda event: event["type"], _TYPE, optional=True),
    "sequence": Field("number", lambda event: event["sequence"], _SEQUENCE, optional=True),
    "created_at": Field(
        "timestamp", lambda event: event["created_at"], _when("equals", *_AROUND), optional=True
    ),
}
"""What can be asked of what happened in a session."""
