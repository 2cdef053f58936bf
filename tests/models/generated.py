"""Examples that fit a published shape, with fields in them that nobody knows yet.

As much of JSON Schema as Notion's definitions use.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from notion_async.types import JSON, JSONObject

Schema = Mapping[str, Any]

# Half characters are no JSON that is accepted; integers up to what JavaScript tells apart.
_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
_NUMBER = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
_ANY: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | _NUMBER | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)
# Drawn texts are at times names from our own modules, and a field of a class is not unknown.
_UNKNOWN = _TEXT.map(lambda text: f"unknown_{text}")
_PLAIN: Mapping[str, st.SearchStrategy[JSON]] = {
    "string": _TEXT,
    "number": _NUMBER,
    "boolean": st.booleans(),
    "null": st.none(),
}

# What the shapes call a text or a number, and Notion's documentation knows better.
_TIMES = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - hypothesis adds the zone
    lambda moment: moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
)
_IDS = st.uuids(version=4).map(str)
_PAGE_SIZES = st.integers(1, 100)
_WHEN = (
    "created_time", "last_edited_time", "last_run_time", "last_run_at", "expiry_time",
    "imported_time", "created_at", "updated_at", "deleted_at", "published_at", "timestamp",
    "expires_at",
)  # fmt: skip


def examples(
    schema: Schema, definitions: Schema, *, unknown: bool = True
) -> st.SearchStrategy[JSON]:
    """Return a strategy for what a shape allows.

    Args:
        schema: The shape.
        definitions: Those it refers to.
        unknown: Whether there are fields that the shape does not name.
    """
    return Examples(definitions, unknown=unknown).of(schema)


class Examples:
    """Strategies for shapes that refer to each other, and to themselves."""

    def __init__(self, definitions: Schema, *, unknown: bool = True) -> None:
        self._definitions = definitions
        self._unknown = unknown
        self._known: dict[str, st.SearchStrategy[JSON]] = {}

    def named(self, name: str) -> st.SearchStrategy[JSON]:
        """Return the strategy of a definition."""
        if name not in self._known:
            # Made when it is drawn from: one of them holds itself.
            self._known[name] = st.deferred(lambda: self.of(self._definitions[name]))
        return self._known[name]

    def of(self, schema: Schema, field: str = "") -> st.SearchStrategy[JSON]:
        """Return the strategy of a shape that stands in this field."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            target = self._definitions[name]
            # A name for a text, or for nothing but another name: the field says what it holds.
            if {"$ref", "type"} & set(target) and target.get("type") != "object":
                return self.of(target, field)
            return self.named(name)
        if "anyOf" in schema:
            return st.one_of([self.of(one, field) for one in schema["anyOf"]])
        if "const" in schema:
            return st.just(schema["const"])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        if "type" not in schema:  # where anything may stand
            return _ANY
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return st.one_of([self._of_type(one, schema, field) for one in types])

    def _of_type(self, name: str, schema: Schema, field: str) -> st.SearchStrategy[JSON]:
        if name == "object":
            return self._objects(schema)
        if name == "array":
            return st.lists(self.of(schema["items"], field), max_size=3)
        if name == "string" and field in _WHEN:
            return _TIMES
        if name == "string" and (field == "id" or field.endswith("_id")):
            return _IDS
        return _PAGE_SIZES if field == "page_size" else _PLAIN[name]

    def _objects(self, schema: Schema) -> st.SearchStrategy[JSONObject]:
        known = {name: self.of(each, name) for name, each in schema.get("properties", {}).items()}
        needed = {name: each for name, each in known.items() if name in schema.get("required", ())}
        others = {name: each for name, each in known.items() if name not in needed}
        fields = st.fixed_dictionaries(needed, optional=others)
        more = {} if schema.get("x-opaque") else schema.get("additionalProperties")
        if more == {"not": {}} or (more is None and not self._unknown):
            return fields
        names = _TEXT.filter(lambda name: name not in known) if more else _UNKNOWN
        unknown = st.dictionaries(names, self.of(more or {}), max_size=2)
        return st.builds(lambda new, old: {**new, **old}, unknown, fields)
