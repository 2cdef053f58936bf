"""Whether an answer has the shape that Notion publishes for it, and no field beside.

`jsonschema` takes seconds for a list of pages, and says of a union only that nothing in it fits.
Here each definition becomes a function once, and the variant of a union is found by its constants.
It knows the keywords that Notion's definitions use; a test holds it to `jsonschema`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

Schema: TypeAlias = Mapping[str, Any]
Check: TypeAlias = Callable[[object, str], str | None]
"""Returns what is wrong with a value at a path, None where nothing is."""

_KEYWORDS: Final = frozenset(
    ("$ref", "anyOf", "const", "enum", "type", "properties", "required", "items",
     "additionalProperties", "not", "format", "deprecated")
)  # fmt: skip
_NOTHING: Final[Schema] = {"not": {}}
# Since 2026-03-11 these have `in_trash` alone.
_WITHOUT_ARCHIVED: Final = ("page", "block", "database", "data_source")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: Final[Mapping[str, Callable[[object], bool]]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


class Shapes:
    """Definitions that refer to each other, made into checks when they are first asked for.

    Args:
        definitions: By name.
        archived: Whether pages, blocks, databases and data sources must have that field.
    """

    def __init__(self, definitions: Schema, *, archived: bool) -> None:
        self._definitions = definitions
        self._archived = archived
        self._checks: dict[str, Check] = {}

    def wrong(self, name: str, value: object) -> str | None:
        """Return how a value is not what a definition says; None where it is."""
        return self._named(name)(value, "")

    def _named(self, name: str) -> Check:
        if name not in self._checks:

            def check(value: object, path: str) -> str | None:
                return self._checks[name](value, path)

            # Definitions may hold themselves: what is inside finds this one until it is made.
            self._checks[name] = check
            self._checks[name] = self._check(self._definitions[name])
        return self._checks[name]

    def _check(self, schema: Schema) -> Check:
        unknown = {name for name in schema if not name.startswith("x-")} - _KEYWORDS
        assert not unknown, f"the definitions use {sorted(unknown)}, which nothing here checks"
        if "$ref" in schema:
            return self._named(_target(schema))
        if "anyOf" in schema:
            return self._union(schema["anyOf"])
        if "const" in schema:
            return _one_of([schema["const"]])
        if "enum" in schema:
            return _one_of(schema["enum"])
        if "type" not in schema:
            return _anything
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        inside = {"object": self._object, "array": self._array}
        checks = {kind: inside[kind](schema) for kind in kinds if kind in inside}
        return _typed(kinds, checks)

    def _array(self, schema: Schema) -> Check:
        each = self._check(schema.get("items", {}))

        def check(value: Any, path: str) -> str | None:
            for index, one in enumerate(value):
                wrong = each(one, f"{path}[{index}]")
                if wrong is not None:
                    return wrong
            return None

        return check

    def _object(self, schema: Schema) -> Check:
        known = {name: self._check(each) for name, each in schema.get("properties", {}).items()}
        required = [name for name in schema.get("required", ()) if self._requires(schema, name)]
        closed = {} if schema.get("x-opaque") or not known else _NOTHING
        more = schema.get("additionalProperties", closed)
        others = None if more == _NOTHING else self._check(more)

        def check(value: Any, path: str) -> str | None:
            for name in required:
                if name not in value:
                    return f"{path}: {name} is not there"
            for name, one in value.items():
                where = f"{path}.{name}" if path else name
                each = known.get(name, others)
                if each is None:
                    return f"{where}: is not published, and is {_short(one)}"
                wrong = each(one, where)
                if wrong is not None:
                    return wrong
            return None

        return check

    def _requires(self, schema: Schema, name: str) -> bool:
        kind = schema["properties"].get("object", {}).get("const")
        return name != "archived" or self._archived or kind not in _WITHOUT_ARCHIVED

    def _union(self, variants: Sequence[Schema]) -> Check:
        flat = [each for variant in variants for each in self._flat(variant)]
        checks = [(self._fields(each), self._check(each)) for each in flat]

        def check(value: object, path: str) -> str | None:
            failures: list[tuple[int, int, str]] = []
            for fields, one in checks:
                if not _agrees(value, fields):
                    continue
                wrong = one(value, path)
                if wrong is None:
                    return None
                failures.append((_in_common(value, fields), _depth(wrong), wrong))
            # What has most of the same fields was meant, or what came furthest.
            nothing = (0, 0, f"{path}: fits nothing that is published, and is {_short(value)}")
            return max(failures, default=nothing)[2]

        return check

    def _flat(self, schema: Schema) -> Sequence[Schema]:
        resolved = self._resolved(schema)
        if "anyOf" not in resolved:
            return [schema]
        return [each for variant in resolved["anyOf"] for each in self._flat(variant)]

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self._definitions[_target(schema)]
        return schema

    def _fields(self, schema: Schema) -> Mapping[str, Schema]:
        found: Mapping[str, Schema] = self._resolved(schema).get("properties", {})
        return found


def _target(schema: Schema) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _anything(_value: object, _path: str) -> None:
    return None


def _agrees(value: object, fields: Mapping[str, Schema]) -> bool:
    """Tell whether an object has no other value where there is a constant."""
    if not isinstance(value, dict):
        return True
    return all(
        "const" not in each or value.get(name, each["const"]) == each["const"]
        for name, each in fields.items()
    )


def _in_common(value: object, fields: Mapping[str, Schema]) -> int:
    return len(fields.keys() & value.keys()) if isinstance(value, dict) else 0


def _one_of(allowed: Sequence[object]) -> Check:
    def check(value: object, path: str) -> str | None:
        if any(value == one and type(value) is type(one) for one in allowed):
            return None
        return f"{path}: should be {' or '.join(map(repr, allowed))}, and is {_short(value)}"

    return check


def _typed(kinds: Sequence[str], checks: Mapping[str, Check]) -> Check:
    tests = [(_TYPES[kind], checks.get(kind)) for kind in kinds]

    def check(value: object, path: str) -> str | None:
        for test, inside in tests:
            if test(value):
                return None if inside is None else inside(value, path)
        return f"{path}: should be of type {' or '.join(kinds)}, and is {_short(value)}"

    return check


def _depth(failure: str) -> int:
    path = failure.partition(": ")[0]
    return path.count(".") + path.count("[")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:97]}…"
