"""How the fields of objects are declared, and what follows from that."""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

import attrs
from msgspec import Raw

__all__ = [
    "Lazy",
    "Maybe",
    "ReadOnly",
    "default_of",
    "fields_of",
    "hints_of",
    "lazy_type",
    "read_only_of",
]

T = TypeVar("T")

_READ_ONLY = "only Notion sets it: left out of what is written"

ReadOnly = Annotated[T, _READ_ONLY]
"""A field that only Notion sets."""

if TYPE_CHECKING:
    from notion_async.types import Maybe

    Lazy = Annotated[T, "decoded on first touch"]
    """A field whose JSON text is decoded when it is first touched."""
else:
    # What msgspec sees when it reads the annotations: text it leaves alone, and the bare type
    # of a field that may be absent.

    class Lazy:
        def __class_getitem__(cls, item: object) -> object:
            return Annotated[Raw, item]

    class Maybe:
        def __class_getitem__(cls, item: object) -> object:
            return item


_HINTS: dict[type[object], dict[str, object]] = {}


def hints_of(cls: type[object]) -> dict[str, object]:
    """Return what the fields of a class are annotated with."""
    # Read when first needed: evaluating annotations is slow, and most classes are never met.
    hints = _HINTS.get(cls)
    if hints is None:
        hints = _HINTS[cls] = typing.get_type_hints(cls, include_extras=True)
    return hints


def lazy_type(hint: object) -> object:
    """Return what a field becomes when it is touched; its annotation is ``Lazy``."""
    # ReadOnly[Lazy[X]] and Lazy[X] both come out as Annotated[Raw, X, …].
    return cast("Any", hint).__metadata__[0]


_READ_ONLY_FIELDS: dict[type[object], frozenset[str]] = {}


def read_only_of(cls: type[object]) -> frozenset[str]:
    """Return the fields that only Notion sets."""
    found = _READ_ONLY_FIELDS.get(cls)
    if found is None:
        found = _READ_ONLY_FIELDS[cls] = frozenset(
            name
            for name, hint in hints_of(cls).items()
            if _READ_ONLY in getattr(hint, "__metadata__", ())
        )
    return found


def fields_of(cls: type[object]) -> tuple[str, ...]:
    """Return the names of the fields."""
    return tuple(f.name for f in cast("Any", cls).__attrs_attrs__)


def default_of(cls: type[object], name: str) -> object:
    """Return what a field is where it did not come; `attrs.NOTHING` where it has to."""
    return getattr(attrs.fields_dict(cast("Any", cls))[name], "default", attrs.NOTHING)
