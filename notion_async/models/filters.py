"""Filters and sorts of a query, as they are sent.

They are made by `prop` and `timestamp` (`notion_async.models.conditions`).

Notion's pages: https://developers.notion.com/reference/filter-data-source-entries and
https://developers.notion.com/reference/sort-data-source-entries
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal, NoReturn, TypeAlias, cast

from notion_async.errors import ConfigurationError
from notion_async.models._model import to_request
from notion_async.types import JSON, JSONObject

_DEEPEST: Final = 2

Direction: TypeAlias = Literal["ascending", "descending"]


class _Sent(Mapping[str, JSON]):
    """A JSON object that does not change: who looks into it gets a copy."""

    __slots__ = ("_json",)

    _json: JSONObject

    def __getitem__(self, name: str) -> JSON:
        return to_request(self._json[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._json)

    def __len__(self) -> int:
        return len(self._json)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._json!r})"


class Filter(_Sent):
    """Which rows a query returns.

    ``a & b`` are the rows that both let through, ``a | b`` those that one of them does.  There
    is no ``~``: which rows Notion leaves out for being empty depends on the operator, so that
    hardly any has an exact opposite.

    A filter is a mapping: what Notion's documentation writes.  Compounds are flat where they
    can be: ``a & b & c`` is one ``and`` of three.

    >>> from notion_async.models.conditions import prop
    >>> dict(prop("Done").checkbox.equals(True) & prop("Due").date.before("today"))
    {'and': [{'property': 'Done', 'checkbox': {'equals': True}}, \
{'property': 'Due', 'date': {'before': 'today'}}]}
    """

    __slots__ = ()

    def __init__(self, filter: Mapping[str, object]) -> None:
        """Take a filter as Notion's documentation writes it, to combine it with others.

        Raises:
            ConfigurationError: That is none, or compounds are nested more than two deep.
        """
        try:
            given = to_request(filter)
        except TypeError as error:
            raise ConfigurationError(f"a filter is made of JSON: {error}") from None
        if not isinstance(given, Mapping) or not given:
            raise ConfigurationError("a filter is a mapping, and not empty")
        flat = cast("JSONObject", _flat(given))
        if _depth(flat) > _DEEPEST:
            raise ConfigurationError(
                f"Notion takes & and | nested {_DEEPEST} deep, and this is {_depth(flat)}: write "
                "a & (b | (c & d)) as (a & b) | (a & c & d)"
            )
        self._json = flat

    def __and__(self, other: Filter) -> Filter:
        return self._with("and", other)

    def __or__(self, other: Filter) -> Filter:
        return self._with("or", other)

    def _with(self, word: str, other: Filter) -> Filter:
        if not isinstance(other, Filter):
            return NotImplemented
        return Filter({word: [self._json, other._json]})

    def __bool__(self) -> NoReturn:
        # `a and b` would be b, without a word.
        raise ConfigurationError(
            "a filter is neither true nor false: combine filters with & and |, not with `and` "
            "and `or`, and ask with `is None` whether there is one"
        )


class Sort(_Sent):
    """What the rows of a query are sorted by, and which way.

    It is a mapping: what Notion's documentation writes.
    """

    __slots__ = ()

    def __init__(
        self, key: Literal["property", "timestamp"], name: str, direction: Direction
    ) -> None:
        self._json = {key: name, "direction": direction}


def _compound(filter: JSON) -> tuple[str, list[JSON]]:
    """Return ``and`` or ``or`` and what it combines; no word where it is one condition."""
    match filter:
        case {"and": [*parts], **more} if not more:
            return "and", parts
        case {"or": [*parts], **more} if not more:
            return "or", parts
        case _:
            return "", []


def _flat(filter: JSON) -> JSON:
    """Return the same filter without an ``and`` right in an ``and``, or an ``or`` in an ``or``."""
    word, parts = _compound(filter)
    if not word:
        return filter
    flat: list[JSON] = []
    for part in map(_flat, parts):
        inner, below = _compound(part)
        flat += below if inner == word else [part]
    return flat[0] if len(flat) == 1 else {word: flat}


def _depth(filter: JSON) -> int:
    word, parts = _compound(filter)
    return 1 + max(map(_depth, parts), default=0) if word else 0
