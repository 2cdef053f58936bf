"""Rows of a data source as objects of a class that knows its properties.

``notion-async codegen`` writes such classes (`notion_async.codegen`); nothing keeps anybody from
writing one by hand::

    @row_class
    class Task(Row):
        data_source_id: ClassVar[str] = "…"

        task: str = column("Task", "title", "title", default=UNSET)
        hours: float | None = column("Hours", "%3Ab~x", "number", default=UNSET)
        made: dt.datetime = column("Made", "mAd%40", "created_time", init=False)

A field is the property's `value`, and is read from the page when it is touched.  Properties are
found by their ids, so that renaming one in Notion breaks nothing, and by their names where no
property has the id, as in a copy of the data source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, Self, TypeVar, cast, dataclass_transform
from urllib.parse import unquote

import attrs
import msgspec
from msgspec import Raw

from notion_async.errors import ConfigurationError
from notion_async.models.new_values import WrittenValue, values_for
from notion_async.models.pages import Page
from notion_async.models.properties import PropertyValue
from notion_async.models.schemas import PropertySchema
from notion_async.types import UNSET, Unset

R = TypeVar("R", bound="Row")

_COLUMN: Final = "notion_async.column"

# Types that are read alike: turning one into the other in Notion changes nothing for a field.
_ALIKE: Final = (
    {"title", "rich_text"},
    {"select", "status"},
    {"url", "email", "phone_number"},
    {"created_time", "last_edited_time"},
    {"created_by", "last_edited_by"},
)


@attrs.frozen
class Column:
    """A property of a data source: its name, its id and its type."""

    name: str
    id: str
    type: str


def column(name: str, id: str, type: str, *, default: Unset = UNSET, init: bool = True) -> Any:
    """Declare a field of a row.

    It is typed by its annotation, as a field of attrs is; that is what the ``Any`` is for.

    Args:
        name: The property's name.
        id: Its id, as Notion returns it.
        type: Its type, as ``number``.
        default: Say ``UNSET`` here, that type checkers see that the field may be left out.
        init: False for what only Notion sets.
    """
    return attrs.field(default=default, init=init, metadata={_COLUMN: Column(name, id, type)})


class Row:
    """The base of row classes: a page that is read by the names of its class.

    A row comes from a page, or is made by hand to be written: ``Task(hours=3).properties()``.
    """

    __slots__ = ("_page",)

    data_source_id: ClassVar[str]
    """Where the rows are."""

    # What the row was read from; not set on a row made by hand.
    _page: Page

    __hash__: ClassVar[None]  # type: ignore[assignment]  # equal by content, as pages are

    @classmethod
    def of(cls, page: Page) -> Self:
        """Return a page as a row."""
        new = cls.__new__(cls)
        new._page = page
        return new

    @classmethod
    def from_json(cls, source: bytes | Raw) -> Self:
        """Decode a page and return it as a row."""
        return cls.of(Page.from_json(source))

    @classmethod
    def later(cls, source: bytes | Raw) -> Self:
        """Return a row whose page is decoded when it is first touched, as `Model.later`."""
        return cls.of(Page.later(source))

    @property
    def page(self) -> Page:
        """The page that the row is."""
        if not hasattr(self, "_page"):
            raise AttributeError(f"this {type(self).__name__} is no page yet: it was made by hand")
        return self._page

    @property
    def id(self) -> str:
        """The page's id."""
        return self.page.id

    @property
    def url(self) -> str:
        """The page's address."""
        return self.page.url

    def properties(self) -> dict[str, WrittenValue]:
        """Return the values of this row as ``pages.create`` and ``pages.update`` take them.

        They are named by the ids of their properties.  Of a row made by hand, they are those
        that were given; of one that was read, all but those that only Notion sets.

        Raises:
            ConfigurationError: A value is not of the kind that its property takes.
        """
        if not hasattr(self, "_page"):
            return _written(self)
        columns = _columns(type(self), init=True).values()
        found = ((one, _property(self.page, one)) for one in columns)
        return {one.id: value for one, value in found if value is not None}

    def _content(self) -> object:
        return self.page if hasattr(self, "_page") else _given(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Row) or type(other) is not type(self):
            return NotImplemented
        return self._content() == other._content()

    def __repr__(self) -> str:
        # Loaded when something is shown, and not before: it knows all models.
        from notion_async.models._display import line  # noqa: PLC0415

        return line(self)

    def __reduce__(self) -> tuple[object, ...]:
        if hasattr(self, "_page"):
            return type(self).of, (self.page,)
        return _made, (type(self), _given(self))


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(column,))
def row_class(cls: type[R]) -> type[R]:
    """Make an attrs class whose fields are read from a page when they are touched."""
    made = attrs.define(slots=True, kw_only=True, eq=False, repr=False, weakref_slot=False)(cls)
    for name, found in _columns(made).items():
        _read_on_touch(made, name, found)
    return made


def _columns(cls: type[Row], *, init: bool = False) -> dict[str, Column]:
    """Return the columns of a class by the names of its fields; with `init`, those written."""
    return {
        field.name: field.metadata[_COLUMN]
        for field in attrs.fields(cast("Any", cls))
        if _COLUMN in field.metadata and (field.init or not init)
    }


def _read_on_touch(cls: type[Row], name: str, found: Column) -> None:
    slot = cls.__dict__[name]
    read: Callable[[Row], object] = slot.__get__
    write: Callable[[object, object], None] = slot.__set__

    def touch(self: Row) -> object:
        try:
            value = read(self)
        except AttributeError:  # not read yet
            value = _value(self, name, found)
            write(self, value)
        if value is UNSET:
            raise AttributeError(f"this {cls.__name__} has no {name!r}: it was made without")
        return value

    setattr(cls, name, property(touch, write))


def _value(row: Row, name: str, wanted: Column) -> object:
    value = _property(row.page, wanted)
    if value is None:
        raise AttributeError(
            f"this {type(row).__name__} has no {name!r}: its page came without the property "
            f"{wanted.name!r}, by `filter_properties` or because the data source has changed "
            "(notion-async codegen --check tells)"
        )
    kind = getattr(value, "type", None)
    if kind != wanted.type and not any({kind, wanted.type} <= alike for alike in _ALIKE):
        raise ConfigurationError(
            f"the property {wanted.name!r} was of type {wanted.type} when {type(row).__name__} "
            f"was made, and is of type {kind} now: run notion-async codegen again"
        )
    return value.value


def _property(page: Page, wanted: Column) -> PropertyValue | None:
    properties = page.properties
    named = properties.get(wanted.name)
    if named is not None and _has_id(named, wanted.id):
        return named
    renamed = (one for one in properties.values() if _has_id(one, wanted.id))
    return next(renamed, named)


def _has_id(value: PropertyValue, wanted: str) -> bool:
    found = getattr(value, "id", None)
    return found == wanted or (isinstance(found, str) and unquote(found) == unquote(wanted))


def _given(row: Row) -> dict[str, object]:
    """Return what a row was made with by hand, by the names of its fields."""
    return {
        name: getattr(row, name) for name in _columns(type(row), init=True) if hasattr(row, name)
    }


def _written(row: Row) -> dict[str, WrittenValue]:
    columns = _columns(type(row))
    written: dict[str, WrittenValue] = {}
    for name, value in _given(row).items():
        one = columns[name]
        written[one.id] = values_for({one.name: _schema(one)}, {one.name: value})[one.name]
    return written


def _schema(found: Column) -> PropertySchema:
    # As little as Notion sends of a schema: its type alone decides how a value is written.
    fields: Mapping[str, object] = {"id": found.id, "name": found.name, "type": found.type}
    return PropertySchema.from_json(msgspec.json.encode({**fields, found.type: {}}))


def _made(cls: type[R], given: Mapping[str, object]) -> R:
    return cls(**given)
