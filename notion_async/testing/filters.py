"""Filters of a query, compiled to one test per row.

Notion: https://developers.notion.com/reference/filter-data-source-entries
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Final, TypeAlias

import attrs

from notion_async.testing.checks import (
    Decoded,
    a_string,
    an_array,
    an_object,
    failed,
    invalid,
    known_fields,
    one_of,
    single_field,
)
from notion_async.testing.operators import operator_test, option_names
from notion_async.testing.records import Record
from notion_async.testing.results import Values
from notion_async.testing.schema import Property, Schema
from notion_async.testing.store import Store
from notion_async.types import UNSET

RowTest: TypeAlias = Callable[[Record], bool]

TIMESTAMPS: Final = ("created_time", "last_edited_time")
_DEEPEST: Final = 2
_WITH_OPTIONS: Final = ("select", "multi_select", "status")


@attrs.frozen
class Compiler:
    """What filters refer to.

    Attributes:
        schema: The properties of the data source.
        now: What ``today`` is counted from.
        values: What rows hold.
        me: The id of the user that ``me`` stands for; None: nobody.
        known_options: Whether options must be there to be filtered by.
    """

    schema: Schema
    now: datetime
    values: Values = attrs.field(factory=Values)
    me: str | None = None
    known_options: bool = False

    def compile(self, given: object, where: str = "body.filter", depth: int = 0) -> RowTest:
        """Return the test that a filter stands for.

        Raises:
            RefusalError: It is no filter, or none for these properties.
        """
        filter_ = an_object(given, where)
        for word, combine in (("and", all), ("or", any)):
            if word in filter_:
                return self._compound(filter_, word, combine, where, depth)
        if "timestamp" in filter_:
            return self._timestamp(filter_, where)
        return self._property(filter_, where)

    def _compound(
        self,
        filter_: Decoded,
        word: str,
        combine: Callable[[Iterable[bool]], bool],
        where: str,
        depth: int,
    ) -> RowTest:
        known_fields(filter_, where, (word,))
        if depth == _DEEPEST:
            raise failed(f"{where}.{word}", "not present", filter_[word])
        parts = an_array(filter_[word], f"{where}.{word}", most=100)
        tests = [
            self.compile(part, f"{where}.{word}[{index}]", depth + 1)
            for index, part in enumerate(parts)
        ]
        return lambda row: combine(test(row) for test in tests)

    def _timestamp(self, filter_: Decoded, where: str) -> RowTest:
        name = one_of(filter_["timestamp"], f"{where}.timestamp", TIMESTAMPS)
        known_fields(filter_, where, ("timestamp", "type", name))
        operator, operand = single_field(filter_.get(name, UNSET), f"{where}.{name}")
        test = operator_test("timestamp", operator, operand, f"{where}.{name}", self.now)
        if name == "created_time":
            return lambda row: test(row.created)
        return lambda row: test(row.edited)

    def _property(self, filter_: Decoded, where: str) -> RowTest:
        reference = a_string(filter_.get("property", UNSET), f"{where}.property")
        one = self.schema.find(reference)
        kinds = [name for name in filter_ if name not in ("property", "type")]
        if len(kinds) != 1:
            raise failed(f"{where}.{one.type}", "defined", UNSET)
        if kinds[0] != one.type:
            raise invalid(f"database property {one.type} does not match filter {kinds[0]}")
        where = f"{where}.{one.type}"
        operator, operand = single_field(filter_[one.type], where)
        groups = _groups(one)
        test = operator_test(
            one.type, operator, operand, where, self.now, groups=groups, me=self.me
        )
        if self.known_options and one.type in _WITH_OPTIONS and operand is not True:
            _check_options(one, groups, option_names(operand, f"{where}.{operator}"))
        values = self.values
        return lambda row: test(values.of(one, row))


def authorizing_user(store: Store) -> str | None:
    """Return the id of the user that ``me`` stands for, None for a token of the workspace."""
    owner = (store.bot.decoded().get("bot") or {}).get("owner") or {}
    user = owner.get("user") or {}
    identity: str | None = user.get("id")
    return identity


def _check_options(one: Property, groups: Collection[str], names: Iterable[str]) -> None:
    known = {option["name"] for option in one.options()}
    for name in names:
        if name not in known and name not in groups:
            # That it is a validation_error is Notion's; the words are ours.
            raise invalid(f'Property "{one.name}" has no option "{name}".')


def _groups(one: Property) -> dict[str, frozenset[str]]:
    """Return the options of each group of a status: a group's name stands for them all."""
    definition = one.definition.get(one.type)
    if one.type != "status" or not isinstance(definition, dict):
        return {}
    names = {option["id"]: option["name"] for option in one.options()}
    return {
        group["name"]: frozenset(names[i] for i in group.get("option_ids", ()) if i in names)
        for group in definition.get("groups", ())
    }
