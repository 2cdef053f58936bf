"""Notion's universal shape ``{"type": X, X: {…}}``: an envelope and its content.

The content has a small class for each type, so that ``match`` tells them apart; a type this
version does not know is `Unsupported`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, reduce
from operator import or_
from typing import Any, ClassVar, Generic, Protocol, Self, TypeAlias, TypeVar, cast

import msgspec
from msgspec import Raw
from msgspec.structs import astuple

from notion_async.models._model import (
    Maker,
    Model,
    ReadOnly,
    Unsupported,
    model,
    raw_fields,
    setter,
    to_json,
    to_request,
    wire_fields,
)
from notion_async.types import JSON, JSONObject

C = TypeVar("C", bound="Content")
C_co = TypeVar("C_co", bound="Content | Unsupported", covariant=True)
T = TypeVar("T", bound="Tagged[Content | Unsupported]")


class Content(Model):
    """What stands under the key that the type names."""

    __slots__ = ()

    kind: ClassVar[str]
    """Notion's name of the type."""


Kinds: TypeAlias = Mapping[str, type[Content]]
"""Content classes by Notion's names."""


class _Payload(Protocol):
    payload: Raw | None


@cache  # bounded: only kinds that have a class come here
def _payload_decoder(key: str) -> msgspec.json.Decoder[_Payload]:
    # Decoding reads the whole text only to skip it, but for the one key: in C.
    wire = msgspec.defstruct("Payload", [("payload", Raw, None)], rename={"payload": key})
    return cast("msgspec.json.Decoder[_Payload]", msgspec.json.Decoder(wire))


class _Holder(Model):
    # A slot that is no field: JSON cannot fill it.
    __slots__ = ("_content",)

    _content: Content | Unsupported


# Straight to the slot: an empty one is the rule here, not an error to be explained.
content_slot: Callable[[_Holder], Any] = _Holder.__dict__["_content"].__get__


@model
class Tagged(_Holder, Generic[C_co]):
    """An envelope whose content is an object of its own.

    Subclasses name their kinds, and to type checkers the union of them.
    """

    kinds: ClassVar[Kinds]
    keyed: ClassVar[bool] = False
    """Whether the content is the text under the key (False), or the key itself as well (True):
    for property values, which may be plain numbers."""

    type: ReadOnly[str]
    """The kind, as Notion names it."""

    @classmethod
    def _new_maker(cls) -> Maker[Self]:
        return _union_maker(cls, super()._new_maker()) if cls.keyed else super()._new_maker()

    @property
    def content(self) -> C_co:
        """What stands under the type, or `Unsupported` where this version does not know it."""
        content: C_co
        try:
            content = content_slot(self)
        except AttributeError:  # not decoded yet
            content = cast("C_co", self._decode_content())
            self._fill(_content=content)
        return content

    def _decode_content(self) -> Content | Unsupported:
        source, name = self._source, self.type
        kind = self.kinds.get(name) if isinstance(name, str) else None
        if kind is None:
            return _unsupported(source, name)
        if self.keyed:
            return kind.from_json(source)
        found = _payload_decoder(name).decode(source).payload
        if found is None or bytes(found) == b"null":
            return Unsupported(name, None)
        return kind.from_json(found)

    def _set_content(self, content: Content | Unsupported) -> None:
        kind = content.type if isinstance(content, Unsupported) else content.kind
        self._fill(type=kind, _content=content)

    def _to_json(self) -> JSONObject:
        return self._tagged(super()._to_json(), to_json)

    def _to_request(self) -> JSONObject:
        return self._tagged(super()._to_request(), to_request)

    def _tagged(self, fields: JSONObject, convert: Callable[[object], JSON]) -> JSONObject:
        content = self.content
        written = convert(content)
        fields["type"] = self.type
        if self.keyed and isinstance(content, Content) and isinstance(written, Mapping):
            fields.update(written)
        else:
            fields[self.type] = written
        return fields


def _union_maker(cls: type[T], otherwise: Maker[T]) -> Maker[T]:
    """Return what decodes an envelope and its content at once.

    They are decoded by a union of all kinds, told apart in C: one pass over the text where
    envelope and content would take one each.

    Args:
        cls: The class of the envelope.
        otherwise: Makes what is no known kind, or has an odd shape.
    """
    envelope = wire_fields(cls)[1:]  # all but the type, which is the tag: an id, or nothing
    has_id = bool(envelope)
    contents: dict[type[msgspec.Struct], tuple[type[Content], str, Callable[..., None]]] = {}
    for kind in cls.kinds.values():
        wire = msgspec.defstruct(
            f"_{kind.__name__}", [*envelope, *wire_fields(kind)], tag_field="type", tag=kind.kind,
            kw_only=True, gc=False,
        )  # fmt: skip
        contents[wire] = (kind, kind.kind, setter(kind))
    decode = msgspec.json.Decoder(reduce(or_, contents)).decode
    new_object = object.__new__

    def make(source: bytes | Raw, new: T | None = None) -> T:
        try:
            wire = decode(source)
        except msgspec.ValidationError:
            return otherwise(source, new)
        kind, name, fill = contents[type(wire)]
        content = new_object(kind)
        content._source = source
        if new is None:
            new = new_object(cls)
            new._source = source
        envelope: Any = new  # frozen for type checkers, and the id is of the subclasses
        envelope.type = name
        values = astuple(wire)
        if not has_id:
            fill(content, *values)
        elif len(values) == 2:  # most kinds have one field
            envelope.id, value = values
            fill(content, value)
        else:
            envelope.id = values[0]
            fill(content, *values[1:])
        envelope._content = content
        return new

    return make


def _unsupported(source: bytes | Raw, name: object) -> Unsupported:
    if not isinstance(name, str):  # a type that is none: the whole object is kept
        return Unsupported("", msgspec.json.decode(source))
    found = raw_fields(source).get(name)
    return Unsupported(name, None if found is None else msgspec.json.decode(found))


def by_kind(*classes: type[C], **renamed: type[C]) -> dict[str, type[C]]:
    """Return these contents by their types, and under other names where Notion has renamed one."""
    return {cls.kind: cls for cls in classes} | renamed
