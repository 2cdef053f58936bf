"""Rows as a scan passes them on: their text, and the little that it has to know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import unquote

import attrs
import msgspec
from msgspec import Raw

from notion_async.errors import InvalidResponseError
from notion_async.models import ObjectList

T = TypeVar("T")

MINUTE: Final = timedelta(minutes=1)


class _Envelope(msgspec.Struct):
    id: str
    created_time: object = None
    last_edited_time: object = None


class _Properties(msgspec.Struct):
    properties: dict[str, Raw] = {}


class _Property(msgspec.Struct):
    id: object = None
    type: object = None


_envelope = msgspec.json.Decoder(_Envelope).decode
_properties = msgspec.json.Decoder(_Properties).decode
_property = msgspec.json.Decoder(_Property).decode


@attrs.frozen
class Value:
    """What a row has for a property."""

    name: str
    kind: str
    content: Any = attrs.field()


@attrs.frozen(eq=False)
class Line:
    """A row.

    Attributes:
        text: As it came.
        id: Its id.
        created: The minute in which it was created; None in a row that is shown in part.
        edited: The minute in which it was edited last; None likewise.
    """

    text: bytes
    id: str
    created: datetime | None
    edited: datetime | None

    @classmethod
    def of(cls, text: bytes | Raw) -> Line:
        """Look into the text of a row."""
        found = _envelope(text)
        return cls(
            bytes(text), found.id, minute(found.created_time), minute(found.last_edited_time)
        )

    def values(self) -> Iterator[Value]:
        """Yield what is in the columns."""
        for name, raw in self._columns().items():
            value = _value(name, raw)
            if value is not None:
                yield value

    def value(self, reference: str) -> Value | None:
        """Return what is in the column of this name or id; None where it is not shown."""
        columns = self._columns()
        if reference in columns:
            return _value(reference, columns[reference])
        for name, raw in columns.items():
            id = _read(_property, raw).id
            if isinstance(id, str) and unquote(id) == unquote(reference):
                return _value(name, raw)
        return None

    def _columns(self) -> dict[str, Raw]:
        return _read(_properties, self.text).properties


def _value(name: str, raw: Raw) -> Value | None:
    kind = _read(_property, raw).type
    return Value(name, kind, msgspec.json.decode(raw).get(kind)) if isinstance(kind, str) else None


def _read(decode: Callable[[bytes | Raw], T], text: bytes | Raw) -> T:
    """Return a part of a row.

    Raises:
        InvalidResponseError: It is not what it should be: then nothing tells the row's place.
    """
    try:
        return decode(text)
    except msgspec.ValidationError as error:
        wrong = str(error)
    raise InvalidResponseError(
        f"the columns of a row are not as they should be: {wrong}", status=200
    )


def lines(text: bytes, read: Callable[[bytes | Raw], Line] | None) -> ObjectList[Line]:
    """Split an answer into its rows, all of them now: what is no row is noticed in time."""
    found = ObjectList.of(text, read)
    len(found.results)
    return found


def minute(text: object) -> datetime | None:
    """Return the minute of a time: Notion's have no seconds, and are not relied upon to."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return None if moment is None else floored(moment)


def floored(moment: datetime) -> datetime:
    """Return the minute in which a moment lies."""
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known.replace(second=0, microsecond=0)
