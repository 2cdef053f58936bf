"""Reading everything in an object, and whether it is what its class declares."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, cast

import attrs
from msgspec import Raw

from notion_async.models import Model, ModelMap, ObjectList, Unsupported
from notion_async.testing.seeds.demo import demo
from notion_async.testing.seeds.world import EVENTS_ID, PROJECTS_ID, TASKS_ID
from notion_async.types import JSON, UNSET, JSONObject

ROWS = {EVENTS_ID, PROJECTS_ID, TASKS_ID}


@cache
def fixtures() -> tuple[JSONObject, ...]:
    """The demo workspace: everything but rows, and every fiftieth row."""
    found: list[JSONObject] = []
    for n, each in enumerate(demo()):
        parent = each.get("parent")
        is_row = isinstance(parent, Mapping) and parent.get("data_source_id") in ROWS
        if n % 50 == 0 or not (is_row and each["object"] == "page"):
            found.append(each)
    return tuple(found)


@cache
def one_of_each() -> tuple[JSONObject, ...]:
    """One fixture of each object, of each type, of each data source, with the most in it."""
    found: dict[tuple[object, ...], JSONObject] = {}
    for each in fixtures():
        parent = each.get("parent")
        source = parent.get("data_source_id") if isinstance(parent, Mapping) else None
        key = (each["object"], each.get("type"), source)
        if key not in found or len(str(each)) > len(str(found[key])):
            found[key] = each
    return tuple(found.values())


_HINTS: dict[str, dict[str, object]] = {}


def hints(cls: type[Model]) -> dict[str, object]:
    if cls.__name__ not in _HINTS:
        _HINTS[cls.__name__] = typing.get_type_hints(cls, include_extras=True)
    return _HINTS[cls.__name__]


def declared(cls: type[Model], name: str) -> object:
    """The type of a field as a reader sees it, once it is decoded."""
    hint: Any = hints(cls)[name]  # the attributes of Annotated are in no stub
    if typing.get_origin(hint) is typing.Annotated:
        return hint.__metadata__[0] if hint.__origin__ is Raw else hint.__origin__
    return hint


def names(cls: type[Model]) -> tuple[str, ...]:
    fields = attrs.fields_dict(cast("Any", cls)) if attrs.has(cls) else {}
    return (*fields, *(("content",) if hasattr(cls, "kinds") else ()))


def fits(value: object, hint: object) -> bool:
    """Whether a value is of the type that is declared for it."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, one) for one in arguments)
    if origin is ModelMap:
        return isinstance(value, ModelMap) and all(fits(v, arguments[0]) for v in value.values())
    if origin in (Sequence, list):
        return isinstance(value, (tuple, list)) and all(fits(v, arguments[0]) for v in value)
    if hint is float:
        return isinstance(value, (int, float))
    if isinstance(hint, type):
        return isinstance(value, hint)
    return True  # plain JSON


def everything(value: object, path: str = "$") -> Iterator[tuple[str, object, object]]:
    """Every value in an object, however deep, with its path and what is declared for it."""
    if isinstance(value, ObjectList):
        items: Iterator[tuple[str, object, object]] = (
            (f"{path}[{n}]", one, object) for n, one in enumerate(value)
        )
    elif isinstance(value, Model):
        items = _fields(value, path)
    elif isinstance(value, ModelMap):
        items = ((f"{path}[{name!r}]", one, object) for name, one in value.items())
    elif isinstance(value, tuple):
        items = ((f"{path}[{n}]", one, object) for n, one in enumerate(value))
    else:
        return
    for item in items:
        yield item
        yield from everything(item[1], item[0])


def _fields(value: Model, path: str) -> Iterator[tuple[str, object, object]]:
    for name in names(type(value)):
        try:
            found = getattr(value, name)
        except AttributeError:
            continue
        if found is UNSET:
            continue
        hint = object if name == "content" and hasattr(value, "kinds") else None
        yield f"{path}.{name}", found, hint or declared(type(value), name)


def surprises(value: object) -> list[str]:
    """What in an object is unknown, or of another type than is declared."""
    return [
        f"{path}: {found!r}"
        for path, found, hint in (("$", value, object), *everything(value))
        if (isinstance(found, Unsupported) and found.type != "unsupported")
        or not fits(found, hint)
    ]


def read_all(value: object) -> None:
    """Touch every attribute, computed ones too: only an absent one is an error."""
    for _, found, _ in everything(value):
        touch(found)
    touch(value)


def touch(value: object) -> None:
    if isinstance(value, (Model, ModelMap, Unsupported)):
        repr(value)
        for name in dir(type(value)):
            if not name.startswith("_"):
                getattr(value, name, None)


def same(one: JSON, other: JSON) -> bool:
    """Equal, and of the same types: 1 is not True."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other
