"""Property values as plain Python values: texts, numbers, days, and lists of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

import msgspec
from msgspec import Raw

from notion_async.models._model import Unsupported, to_json, undecoded
from notion_async.models.dates import DateRange
from notion_async.models.files import FileObject
from notion_async.models.moments import DateSpan, span
from notion_async.models.properties import (
    QUICK,
    ButtonValue,
    CheckboxValue,
    CreatedByValue,
    CreatedTimeValue,
    DateValue,
    EmailValue,
    FilesValue,
    FormulaResult,
    FormulaValue,
    LastEditedByValue,
    LastEditedTimeValue,
    MultiSelectValue,
    NumberValue,
    PeopleValue,
    PhoneNumberValue,
    Place,
    PlaceValue,
    PlainReader,
    PropertyContent,
    RelationValue,
    RichTextValue,
    RollupResult,
    RollupValue,
    SelectOption,
    SelectValue,
    StatusValue,
    TitleValue,
    UniqueId,
    UniqueIdValue,
    UrlValue,
    Verification,
    VerificationValue,
)
from notion_async.models.rich_text import title_text
from notion_async.models.users import User
from notion_async.types import JSON, UNSET

_Single: TypeAlias = bool | int | float | str | datetime | DateSpan | User | FileObject | Place

PlainValue: TypeAlias = "_Single | Sequence[PlainValue] | Mapping[str, JSON] | None"
"""What `PropertyValue.value` is.  Mappings are the JSON of what this version cannot read."""


def plain(content: PropertyContent) -> PlainValue:
    """Return the value of a property as Python has it, by the rules of `PropertyValue.value`."""
    # A value that lacks its field, or holds there what no such value does, matches nothing.
    match content:
        case TitleValue(title=[*runs]) | RichTextValue(rich_text=[*runs]):
            return title_text(runs)
        case SelectValue(select=option) | StatusValue(status=option):
            return _option(option)
        case MultiSelectValue(multi_select=[*options]):
            return [_option(option) for option in options]
        case DateValue(date=date):
            return _span(date)
        case PeopleValue(people=[*people]):
            return [_user(person) for person in people]
        case CreatedByValue(created_by=user) | LastEditedByValue(last_edited_by=user):
            return _user(user)
        case FilesValue(files=[*files]):
            return [_file(file) for file in files]
        case RelationValue(relation=[*pages]):
            return [_string(page, "id") for page in pages]
        case FormulaValue(formula=result):
            return _formula(result)
        case RollupValue(rollup=result):
            return _rollup(result)
        case _:
            return _single(content)


def _single(content: PropertyContent) -> PlainValue:
    match content:
        case UniqueIdValue(unique_id=identity):
            return _unique_id(identity)
        case VerificationValue(verification=verification):
            return _state(verification)
        case PlaceValue(place=place):
            return place if hasattr(place, "lat") and hasattr(place, "lon") else to_json(place)
        case ButtonValue():
            return None
        case Unsupported(data=data):
            return data
        case _:
            field = getattr(content, content.kind, UNSET)
            return to_json(content if field is UNSET else field)


def _string(found: object, name: str) -> JSON:
    """Return an attribute that is to be a text; of what has none, the JSON."""
    text = getattr(found, name, None)
    return text if isinstance(text, str) else to_json(found)


def _option(option: SelectOption | None) -> JSON:
    named = isinstance(getattr(option, "name", None), str)
    return _string(option, "name" if named else "id")


def _span(date: DateRange | None) -> PlainValue:
    found = span(date) if isinstance(date, DateRange) else None
    return to_json(date) if found is None else found


def _user(user: User) -> PlainValue:
    return user if hasattr(user, "id") else to_json(user)


def _file(file: FileObject) -> PlainValue:
    return file if hasattr(file, "type") else to_json(file)


def _formula(result: FormulaResult) -> PlainValue:
    match result:
        case FormulaResult(type="string", string=(str() | None) as text):
            return text
        case FormulaResult(type="number", number=(int() | float() | None) as number):
            return number
        case FormulaResult(type="boolean", boolean=(bool() | None) as checked):
            return checked
        case FormulaResult(type="date", date=(DateRange() | None) as date):
            return _span(date)
        case _:
            return to_json(result)


def _rollup(result: RollupResult) -> PlainValue:
    match result:
        case RollupResult(type="number", number=(int() | float() | None) as number):
            return number
        case RollupResult(type="date", date=(DateRange() | None) as date):
            return _span(date)
        case RollupResult(type="array", array=[*items]):
            return [item.value for item in items]
        case _:
            return to_json(result)


def _unique_id(identity: UniqueId) -> JSON:
    match identity:
        case UniqueId(number=None):
            return None
        case UniqueId(number=int() as number, prefix=prefix):
            return f"{prefix}-{number}" if isinstance(prefix, str) and prefix else str(number)
        case _:
            return to_json(identity)


def _state(verification: Verification | None) -> JSON:
    return _string(verification, "state")


class _Run(msgspec.Struct):
    plain_text: str


class _Named(msgspec.Struct):
    name: str


def _text(cls: type[TitleValue | RichTextValue], name: str) -> PlainReader:
    """Return what reads a text without making its runs, as long as nobody has."""
    held = undecoded(cls, name)

    def read(content: PropertyContent) -> PlainValue:
        raw = held(content)
        if isinstance(raw, Raw):
            try:
                runs = _runs(raw)
            except msgspec.ValidationError:  # of another shape than Notion documents
                return plain(content)
            return (
                runs[0].plain_text if len(runs) == 1 else "".join([one.plain_text for one in runs])
            )
        return plain(content)

    return read


def _name(cls: type[SelectValue | StatusValue], name: str) -> PlainReader:
    """Return what reads the name of an option without making the option."""
    held = undecoded(cls, name)

    def read(content: PropertyContent) -> PlainValue:
        raw = held(content)
        if isinstance(raw, Raw):
            try:
                option = _named(raw)
            except msgspec.ValidationError:
                return plain(content)
            return None if option is None else option.name
        return plain(content)

    return read


def _held(cls: type[PropertyContent], name: str) -> PlainReader:
    """Return what reads a field that is decoded at once."""
    held: Callable[[object], PlainValue] = cls.__dict__[name].__get__

    def read(content: PropertyContent) -> PlainValue:
        try:
            return held(content)
        except AttributeError:  # it did not come
            return plain(content)

    return read


_runs = msgspec.json.Decoder(list[_Run]).decode
_named = msgspec.json.Decoder(_Named | None).decode

# The types that are read most, without making the objects that nobody asked for.
QUICK.update(
    {
        TitleValue: _text(TitleValue, "title"),
        RichTextValue: _text(RichTextValue, "rich_text"),
        SelectValue: _name(SelectValue, "select"),
        StatusValue: _name(StatusValue, "status"),
        NumberValue: _held(NumberValue, "number"),
        CheckboxValue: _held(CheckboxValue, "checkbox"),
        UrlValue: _held(UrlValue, "url"),
        EmailValue: _held(EmailValue, "email"),
        PhoneNumberValue: _held(PhoneNumberValue, "phone_number"),
        CreatedTimeValue: _held(CreatedTimeValue, "created_time"),
        LastEditedTimeValue: _held(LastEditedTimeValue, "last_edited_time"),
    }
)
