"""What pages and other objects hold, as values of columns: strings, numbers, days and times.

Objects are read from their JSON for this alone, without becoming objects of `notion_async.models`
in between: a table has many cells.
"""

from __future__ import annotations

import contextlib
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final, TypeAlias, TypeVar, cast

import attrs
import msgspec
from msgspec import Raw, Struct

from notion_async.models._model import raw_fields
from notion_async.models._words import in_words
from notion_async.models.dates import DateRange
from notion_async.models.moments import span

Source: TypeAlias = bytes | Raw
S = TypeVar("S", bound=Struct)


class Typed(Struct, gc=False):
    type: str = ""


class OutlinedValue(Struct, gc=False):
    type: str = ""
    formula: Typed | None = None
    rollup: Typed | None = None


class Outline(Struct, gc=False):
    object: str = ""
    properties: dict[str, OutlinedValue] = {}


class Run(Struct, gc=False):
    plain_text: str = ""


class Named(Struct, gc=False):
    id: str | None = None
    name: str | None = None


class Link(Struct, gc=False):
    url: str | None = None


class File(Struct, gc=False):
    name: str | None = None
    external: Link | None = None


class Date(Struct, gc=False):
    start: str | None = None
    end: str | None = None
    time_zone: str | None = None


class UniqueId(Struct, gc=False):
    number: int | None = None
    prefix: str | None = None


class State(Struct, gc=False):
    state: str | None = None


class Place(Struct, gc=False):
    lat: float | None = None
    lon: float | None = None
    name: str | None = None
    address: str | None = None


class Result(Struct, gc=False):
    type: str = ""
    string: str | None = None
    number: float | None = None
    boolean: bool | None = None
    date: Date | None = None
    array: list[Value] | None = None


class Value(Struct, gc=False):
    type: str = ""
    title: list[Run] | None = None
    rich_text: list[Run] | None = None
    number: float | None = None
    checkbox: bool | None = None
    url: str | None = None
    email: str | None = None
    phone_number: str | None = None
    select: Named | None = None
    status: Named | None = None
    multi_select: list[Named] | None = None
    date: Date | None = None
    people: list[Named] | None = None
    relation: list[Named] | None = None
    files: list[File] | None = None
    created_time: datetime | None = None
    last_edited_time: datetime | None = None
    created_by: Named | None = None
    last_edited_by: Named | None = None
    unique_id: UniqueId | None = None
    verification: State | None = None
    place: Place | None = None
    formula: Result | None = None
    rollup: Result | None = None


class Page(Struct, gc=False):
    id: str | None = None
    url: str | None = None
    created_time: datetime | None = None
    last_edited_time: datetime | None = None
    in_trash: bool | None = None
    properties: dict[str, Value] = {}


class Envelope(Struct, gc=False):
    id: str | None = None
    object: str | None = None
    type: str | None = None
    name: str | None = None
    created_time: datetime | None = None
    last_edited_time: datetime | None = None


@cache
def _decoder(cls: type[S]) -> msgspec.json.Decoder[S]:
    return msgspec.json.Decoder(cls)


def read(source: Source, cls: type[S]) -> S:
    """Decode an object.  A field of an unexpected shape is as one that is absent."""
    try:
        found: S = _decoder(cls).decode(source)
    except msgspec.ValidationError:
        return _read_what_fits(source, cls)
    return found


def _read_what_fits(source: Source, cls: type[S]) -> S:
    new = cls()
    for field in msgspec.structs.fields(cls):
        raw = fields_of(source).get(field.name)
        if raw is not None:
            with contextlib.suppress(msgspec.ValidationError):
                setattr(new, field.name, _fitting(raw, field.type))
    return new


def _fitting(raw: Raw, wanted: Any) -> object:
    if typing.get_origin(wanted) is dict:  # each property by itself
        cls = typing.get_args(wanted)[1]
        return {name: read(value, cls) for name, value in fields_of(raw).items()}
    return msgspec.json.decode(raw, type=wanted)


def fields_of(source: Source) -> Mapping[str, Raw]:
    """Return the fields of an object, each as it came; none of what is no object."""
    try:
        return raw_fields(source)
    except msgspec.ValidationError:
        return {}


# ----------------------------------------------------------------------------- kinds of properties


@attrs.frozen
class Kind:
    """How a property becomes columns: their types by what is added to its name, and values."""

    columns: Mapping[str, str]
    read: Callable[[Value], object]
    """One value; a tuple where there are several columns."""


def _result(read: Callable[[Result], object]) -> Callable[[Value], object]:
    def read_result(value: Value) -> object:
        found = value.formula or value.rollup
        return None if found is None else read(found)

    return read_result


def _text(runs: Iterable[Run] | None) -> str | None:
    return None if runs is None else "".join([run.plain_text for run in runs])


def _name(found: Named | None) -> str | None:
    return None if found is None else found.name or found.id


def _id(found: Named | None) -> str | None:
    return None if found is None else found.id


def _each(found: Iterable[Named] | None, read: Callable[[Named], str | None]) -> object:
    return None if found is None else [read(one) for one in found]


def _files(files: Iterable[File] | None) -> object:
    return None if files is None else [file.name for file in files]


def _shown_id(found: UniqueId | None) -> str | None:
    if found is None or found.number is None:
        return None
    return f"{found.prefix}-{found.number}" if found.prefix else str(found.number)


def _dates(found: Date | None) -> object:
    both = None if found is None else span(cast("DateRange", found))  # it has the same fields
    return both and (*_day_and_time(both.start), *_day_and_time(both.end))


def _day_and_time(found: date | datetime | None) -> tuple[date | None, datetime | None]:
    if not isinstance(found, datetime):
        return found, None
    # Notion takes a moment without an offset as UTC.
    return found.date(), found if found.tzinfo else found.replace(tzinfo=UTC)


def _state(found: State | None) -> str | None:
    return None if found is None else found.state


def _place(found: Place | None) -> object:
    return found and (found.name or found.address, found.lat, found.lon)


_PLACE: Final = {"": "string", "_lat": "double", "_lon": "double"}
_DATES: Final = {"": "day", "_time": "time", "_end": "day", "_end_time": "time"}


def _words(found: Iterable[Value] | None) -> object:
    return None if found is None else [as_text(one) for one in found]


def as_text(value: Value) -> str | None:
    """Return a value of any kind as a person would write it."""
    kind = KINDS.get(kind_of(value))
    found = None if kind is None else kind.read(value)
    first = found[0] if isinstance(found, tuple) else found
    return None if first is None else in_words(first)


KINDS: Final[Mapping[str, Kind]] = {
    "title": Kind({"": "string"}, lambda value: _text(value.title)),
    "rich_text": Kind({"": "string"}, lambda value: _text(value.rich_text)),
    "number": Kind({"": "double"}, lambda value: value.number),
    "checkbox": Kind({"": "bool"}, lambda value: value.checkbox),
    "url": Kind({"": "string"}, lambda value: value.url),
    "email": Kind({"": "string"}, lambda value: value.email),
    "phone_number": Kind({"": "string"}, lambda value: value.phone_number),
    "select": Kind({"": "string"}, lambda value: _name(value.select)),
    "status": Kind({"": "string"}, lambda value: _name(value.status)),
    "multi_select": Kind({"": "strings"}, lambda value: _each(value.multi_select, _name)),
    "date": Kind(_DATES, lambda value: _dates(value.date)),
    "people": Kind({"": "strings"}, lambda value: _each(value.people, _id)),
    "relation": Kind({"": "strings"}, lambda value: _each(value.relation, _id)),
    "files": Kind({"": "strings"}, lambda value: _files(value.files)),
    "created_time": Kind({"": "time"}, lambda value: value.created_time),
    "last_edited_time": Kind({"": "time"}, lambda value: value.last_edited_time),
    "created_by": Kind({"": "string"}, lambda value: _id(value.created_by)),
    "last_edited_by": Kind({"": "string"}, lambda value: _id(value.last_edited_by)),
    "unique_id": Kind({"": "string"}, lambda value: _shown_id(value.unique_id)),
    "verification": Kind({"": "string"}, lambda value: _state(value.verification)),
    "place": Kind(_PLACE, lambda value: _place(value.place)),
    "button": Kind({}, lambda _: None),
    "result string": Kind({"": "string"}, _result(lambda found: found.string)),
    "result number": Kind({"": "double"}, _result(lambda found: found.number)),
    "result boolean": Kind({"": "bool"}, _result(lambda found: found.boolean)),
    "result date": Kind(_DATES, _result(lambda found: _dates(found.date))),
    "result array": Kind({"": "strings"}, _result(lambda found: _words(found.array))),
}
AS_TEXT: Final = Kind({"": "string"}, as_text)
AS_JSON: Final = Kind({"": "string"}, lambda _: None)
"""Of a type that is not known here: the JSON, which is not in a `Value`."""

_COMPUTED: Final = ("formula", "rollup")


def kind_of(value: Value | OutlinedValue) -> str:
    """Return of which kind a value is; an empty text where that cannot be told."""
    if value.type not in _COMPUTED:
        return value.type
    result = value.formula or value.rollup
    kind = f"result {'' if result is None else result.type}"
    return kind if kind in KINDS else ""


def kind_of_schema(type: str) -> str:
    """Return of which kind the values of such a property are, as far as the schema tells."""
    return "" if type in _COMPUTED else type


def kind_of_all(seen: Iterable[str]) -> Kind:
    """Return the kind of a property of which values of these kinds were seen."""
    known = {kind for kind in seen if kind}
    if known - {*KINDS}:
        return AS_JSON
    return KINDS[known.pop()] if len(known) == 1 else AS_TEXT
