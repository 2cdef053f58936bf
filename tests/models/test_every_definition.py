"""Whatever fits a published definition is read without an exception and comes back as it was."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import cast

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from notion_async import Pager, unstructure
from notion_async.models import Model, ObjectList, Unsupported
from notion_async.types import JSON
from tests.conftest import SHARED
from tests.models.generated import Examples
from tests.models.published import answered, asked, definitions_in, name_of, whole_models
from tests.models.tools import everything, fits, names, read_all, same

# The same examples in every run; those of a large shape are few, and its parts have their own.
EXAMPLES = settings(
    max_examples=6,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
NAMES = sorted(definitions_in(SHARED)) if SHARED.is_dir() else []


@cache
def made() -> Examples:
    return Examples(definitions_in(SHARED))


@cache
def validator(name: str) -> Callable[[object], None]:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    definitions = definitions_in(SHARED)
    found = jsonschema.Draft7Validator(
        {"$ref": f"#/definitions/{name}", "definitions": definitions}
    )
    return cast("Callable[[object], None]", found.validate)


def readings(name: str) -> list[object]:
    """Return everything that a definition is read as."""
    both = (answered(SHARED).pairs, asked(SHARED).pairs)
    found = {str(hint): hint for pairs in both for hint in pairs.get(name, ())}
    return list(found.values())


def read(example: JSON, hint: object) -> object:
    """Read JSON as a field of this type is read, or as the answer of such a method."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    text = json.dumps(example).encode()
    if origin in (typing.Union, types.UnionType):
        models = whole_models(arguments)
        if isinstance(example, Mapping) and len(models) > 1:
            models = [cls for cls in models if name_of(cls) == example.get("object")]
        if isinstance(example, Mapping) and models:
            [hint] = models
    if origin in (Pager, ObjectList):
        item = arguments[0]
        return ObjectList.of_items(text, lambda one: read(msgspec.json.decode(one), item))
    if origin is Sequence and isinstance(example, list):
        return tuple(read(one, arguments[0]) for one in example)
    if isinstance(hint, type) and issubclass(hint, Model):
        return hint.from_json(text)
    if hint is datetime:
        return msgspec.json.decode(text, type=datetime)
    return example


def lacks(value: Model) -> bool:
    """Tell whether a field is absent, as in a partial object."""
    return any(not hasattr(value, name) for name in names(type(value)))


def touched(value: object) -> None:
    """Touch every attribute, and computed ones too: what is whole lacks none of them."""
    read_all(value)
    for _, found, _ in (("", value, object), *everything(value)):
        if isinstance(found, Model) and not lacks(found):
            for name in dir(type(found)):
                if not name.startswith("_"):
                    getattr(found, name)


def misfits(value: object) -> list[str]:
    """Return what is unknown to us, or of another type than is declared."""
    return [
        f"{path}: {found!r} is no {hint}"
        for path, found, hint in everything(value)
        if (isinstance(found, Unsupported) and found.type != "unsupported")
        or not (fits(found, hint) or is_number(found, hint))
    ]


def is_number(value: object, hint: object) -> bool:
    # JSON Schema says "number" where Notion counts.
    if isinstance(value, tuple):
        return all(isinstance(one, (int, float)) for one in value) and fits((0,), hint)
    return isinstance(value, float) and fits(0, hint)


@pytest.mark.parametrize("name", NAMES)
def test_whatever_fits_a_definition_is_read_whole_and_comes_back(name: str) -> None:
    hints = readings(name)

    @EXAMPLES
    @given(made().named(name))
    def check(example: JSON) -> None:
        validator(name)(example)
        for hint in hints:
            found = read(example, hint)
            touched(found)

            assert misfits(found) == []
            assert same(as_json(found), example)

    check()


def as_json(value: object) -> JSON:
    if isinstance(value, (list, tuple)):
        return [as_json(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, (Model, Unsupported)):
        return unstructure(value)
    return cast("JSON", value)
