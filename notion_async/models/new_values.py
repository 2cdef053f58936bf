"""Property values made from plain Python values, by the schema of a data source.

Limits: https://developers.notion.com/reference/request-limits
"""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Callable, Iterable, Mapping, Set
from datetime import date
from typing import Any, Final, Generic, TypeAlias, TypeVar, cast
from urllib.parse import unquote, urlsplit

import attrs

from notion_async.errors import ConfigurationError
from notion_async.ids import is_notion_id, notion_id
from notion_async.models import _given as given
from notion_async.models._model import Unsupported
from notion_async.models.dates import DateRange
from notion_async.models.files import ExternalFile, FileObject, UploadedFile
from notion_async.models.jobs import FileUpload
from notion_async.models.moments import DateSpan, date_range, moment
from notion_async.models.pages import Page
from notion_async.models.parents import Reference
from notion_async.models.properties import (
    CheckboxValue,
    DateValue,
    EmailValue,
    FilesValue,
    MultiSelectValue,
    NumberValue,
    PeopleValue,
    PhoneNumberValue,
    Place,
    PlaceValue,
    PropertyContent,
    PropertyValue,
    RelationValue,
    RichTextValue,
    SelectOption,
    SelectValue,
    StatusValue,
    TitleValue,
    UrlValue,
    Verification,
    VerificationValue,
)
from notion_async.models.rich_text import LONGEST_TEXT, RichText, text, utf16_length
from notion_async.models.schemas import PropertySchema, StatusSchema
from notion_async.models.users import User
from notion_async.types import UNSET

GivenValues: TypeAlias = Mapping[str, object]
"""Plain values by the names of properties."""

WrittenValue: TypeAlias = PropertyValue | PropertyContent | Mapping[str, object]
"""A property value as ``pages.create`` takes it."""

T = TypeVar("T")

_LONGEST: Final = {"url": 2000, "email": 200, "phone_number": 200}
_MOST: Final = 100

_READ_ONLY: Final = (
    "created_by",
    "created_time",
    "last_edited_by",
    "last_edited_time",
    "formula",
    "rollup",
    "unique_id",
    "button",
)


def values_for(
    schema: Mapping[str, PropertySchema], values: Mapping[str, object]
) -> dict[str, WrittenValue]:
    """Return plain values as property values, by the rules of `DataSource.property_values`."""
    return {name: _value(schema, name, value) for name, value in values.items()}


@attrs.frozen
class _Target:
    """The property that is to have a value."""

    name: str
    schema: PropertySchema

    @property
    def kind(self) -> str:
        kind = getattr(self.schema, "type", "")  # absent where the schema is of another shape
        return kind if isinstance(kind, str) else ""

    def error(self, why: str) -> ConfigurationError:
        return ConfigurationError(f"property {self.name!r} ({self.kind}) {why}")

    def takes(self, wanted: str, value: object) -> ConfigurationError:
        found = f"{type(value).__name__} {reprlib.repr(value)}"
        return self.error(f"takes {wanted}, not the {found}")


@attrs.frozen
class _Kind(Generic[T]):
    """How a type is written: its class, what reads a plain value, and what clears it."""

    content: Callable[[T], PropertyContent]
    read: Callable[[_Target, object], T]
    empty: T

    def write(self, target: _Target, value: object) -> PropertyContent:
        return self.content(self.empty if value is None else self.read(target, value))


def _value(schema: Mapping[str, PropertySchema], name: str, value: object) -> WrittenValue:
    target = _Target(name, _find(schema, name))
    if isinstance(value, (PropertyValue, Mapping, Unsupported, *PropertyValue.kinds.values())):
        return cast("WrittenValue", value)
    if target.kind in _READ_ONLY:
        raise target.error("is set by Notion alone: leave it out")
    if target.kind not in _KINDS:
        raise target.error("takes a mapping alone, as Notion's documentation writes it")
    return PropertyValue(_KINDS[target.kind].write(target, value))


def _find(schema: Mapping[str, PropertySchema], name: str) -> PropertySchema:
    if name in schema:
        return schema[name]
    for one in schema.values():
        if getattr(one, "id", UNSET) == name:
            return one
    close = difflib.get_close_matches(str(name), schema)
    hint = f"did you mean {_listed(close)}?" if close else f"it has {_listed(schema) or 'none'}"
    raise ConfigurationError(f"there is no property {name!r} in the data source: {hint}")


def _listed(names: Iterable[object]) -> str:
    return ", ".join(map(repr, names))


# ------------------------------------------------------------------------------------- texts


def _runs(target: _Target, value: object) -> list[RichText]:
    if isinstance(value, str):
        runs = _split(target, value)
    elif isinstance(value, RichText):
        runs = [value]
    else:
        runs = _items(target, value, "a text, or a list of RichText", _run)
    if len(runs) > _MOST:
        raise target.error(
            f"takes {_MOST} runs of {LONGEST_TEXT} characters, and this is {len(runs)} of them"
        )
    return runs


def _run(value: object) -> RichText | None:
    return value if isinstance(value, RichText) else None


def _split(target: _Target, value: str) -> list[RichText]:
    """Return a text in runs that Notion takes.  It counts as JavaScript does: in UTF-16."""
    try:
        units = value.encode("utf-16-le")
    except UnicodeEncodeError:
        raise target.takes("whole characters", value) from None
    runs, start = [], 0
    while start < len(units):
        end = start + 2 * LONGEST_TEXT
        if 0xDC <= int.from_bytes(units[end + 1 : end + 2]) <= 0xDF:
            end -= 2  # what follows is the second half of a character
        runs.append(text(units[start:end].decode("utf-16-le")))
        start = end
    return runs


def _line(target: _Target, value: object) -> str:
    most = _LONGEST[target.kind]
    if not isinstance(value, str):
        raise target.takes("a text", value)
    if utf16_length(value) > most:
        raise target.takes(f"at most {most} characters", value)
    return value


# -------------------------------------------------------------------- numbers, days and options


def _number(target: _Target, value: object) -> int | float:
    if given.NUMBER.read(value) is UNSET:
        raise target.takes(given.NUMBER.wanted, value)
    return cast("int | float", value)


def _checked(target: _Target, value: object) -> bool:
    if not isinstance(value, bool):
        raise target.takes(given.YES_OR_NO.wanted, value)
    return value


def _date(target: _Target, value: object) -> DateRange:
    if isinstance(value, DateRange):
        return value
    if isinstance(value, date):  # a datetime is one
        return date_range(DateSpan(value))
    if isinstance(value, DateSpan):
        return date_range(value)
    if isinstance(value, str) and moment(value) is not None:
        return DateRange(value)
    raise target.takes("a date, a datetime, a DateSpan or an ISO 8601 text", value)


def _option(value: object) -> SelectOption | None:
    if isinstance(value, str) and value:
        return SelectOption(name=value)
    return value if isinstance(value, SelectOption) else None


def _options(target: _Target, value: object) -> list[SelectOption]:
    return _at_most(target, value, "a list of names of options", _option)


def _one_option(target: _Target, value: object) -> SelectOption:
    option = _option(value)
    if option is None:
        raise target.takes("the name of an option", value)
    return option


def _known_option(target: _Target, value: object) -> SelectOption:
    """Return an option of a status: a page brings no new ones, as it does for a select."""
    match target.schema.content:
        case StatusSchema(options=[*options]) if isinstance(value, str):
            names = [name for one in options if isinstance(name := getattr(one, "name", 0), str)]
            if value not in names:
                raise target.takes(f"one of {_listed(names)}", value)
    return _one_option(target, value)


def _verification(target: _Target, value: object) -> Verification:
    if isinstance(value, Verification):
        return value
    if not isinstance(value, str) or value not in ("verified", "unverified"):
        raise target.takes("'verified' or 'unverified'", value)
    return Verification(value)


def _place(target: _Target, value: object) -> Place:
    if not isinstance(value, Place):
        raise target.takes("a Place", value)
    return value


# -------------------------------------------------------------------------------------- lists


def _items(
    target: _Target, value: object, wanted: str, read: Callable[[object], T | None]
) -> list[T]:
    if not isinstance(value, (list, tuple, Set)):
        raise target.takes(wanted, value)
    items = []
    for one in value:
        item = read(one)
        if item is None:
            raise target.takes(wanted, one)
        items.append(item)
    return items


def _at_most(
    target: _Target, value: object, wanted: str, read: Callable[[object], T | None]
) -> list[T]:
    items = _items(target, value, wanted, read)
    if len(items) > _MOST:
        raise target.error(f"takes {_MOST} in one request, not {len(items)}")
    return items


def _people(target: _Target, value: object) -> list[User]:
    return _at_most(target, value, "a list of users or their ids", _person)


def _pages(target: _Target, value: object) -> list[Reference]:
    return _at_most(target, value, "a list of pages, their ids or links", _page)


def _files(target: _Target, value: object) -> list[FileObject]:
    wanted = "a list of links (https://…), FileObjects or finished uploads"
    return _items(target, value, wanted, _file)


def _person(value: object) -> User | None:
    if isinstance(value, str) and is_notion_id(value):
        return User(notion_id(value))
    return value if isinstance(value, User) else None


def _page(value: object) -> Reference | None:
    if isinstance(value, str) and is_notion_id(value):
        return Reference(notion_id(value))
    return Reference(value.id) if isinstance(value, (Page, Reference)) else None


def _file(value: object) -> FileObject | None:
    if isinstance(value, FileUpload) and value.status == "uploaded":
        return FileObject(type="file_upload", file_upload=UploadedFile(value.id))
    if isinstance(value, str) and (name := _file_name(value)):
        return FileObject(type="external", name=name, external=ExternalFile(value))
    return value if isinstance(value, FileObject) else None


def _file_name(url: str) -> str | None:
    """Return how Notion is to call what lies at `url`; None where that is no link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    if len(url) > _LONGEST["url"]:
        return None
    return unquote(parts.path.rstrip("/").rpartition("/")[2])[:100] or parts.netloc[:100]


_KINDS: Final[Mapping[str, _Kind[Any]]] = {  # each of another T
    "title": _Kind(TitleValue, _runs, ()),
    "rich_text": _Kind(RichTextValue, _runs, ()),
    "number": _Kind(NumberValue, _number, None),
    "checkbox": _Kind(CheckboxValue, _checked, False),
    "url": _Kind(UrlValue, _line, None),
    "email": _Kind(EmailValue, _line, None),
    "phone_number": _Kind(PhoneNumberValue, _line, None),
    "select": _Kind(SelectValue, _one_option, None),
    "status": _Kind(StatusValue, _known_option, None),
    "multi_select": _Kind(MultiSelectValue, _options, ()),
    "date": _Kind(DateValue, _date, None),
    "people": _Kind(PeopleValue, _people, ()),
    "relation": _Kind(RelationValue, _pages, ()),
    "files": _Kind(FilesValue, _files, ()),
    "place": _Kind(PlaceValue, _place, None),
    "verification": _Kind(VerificationValue, _verification, Verification("unverified")),
}
