"""Notion's universal shape ``{"type": X, X: {…}}``: an envelope and its content.

The content has a small class for each type, so that ``match`` tells them apart; a type this
version does not know is `Unsupported`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import ClassVar, Protocol, TypeAlias, TypeVar, cast

import msgspec
from msgspec import Raw

from notion_async.models._model import (
    Model,
    ReadOnly,
    Unsupported,
    model,
    raw_fields,
    to_json,
    to_request,
)
from notion_async.types import JSON, JSONObject

C = TypeVar("C", bound="Content")


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
_content_slot: Callable[[_Holder], Content | Unsupported] = _Holder.__dict__["_content"].__get__


@model
class Tagged(_Holder):
    """An envelope whose content is an object of its own.

    Subclasses name their kinds; each declares a ``content`` property of its own type, so that
    type checkers know the union.
    """

    kinds: ClassVar[Kinds]
    keyed: ClassVar[bool] = False
    """Whether the content is the text under the key (False), or the key itself as well (True):
    for property values, which may be plain numbers."""

    type: ReadOnly[str]
    """The kind, as Notion names it."""

    def _read_content(self) -> Content | Unsupported:
        try:
            return _content_slot(self)
        except AttributeError:  # not decoded yet
            content = self._decode_content()
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
        content = self._read_content()
        written = convert(content)
        fields["type"] = self.type
        if self.keyed and isinstance(content, Content) and isinstance(written, Mapping):
            fields.update(written)
        else:
            fields[self.type] = written
        return fields


def _unsupported(source: bytes | Raw, name: object) -> Unsupported:
    if not isinstance(name, str):  # a type that is none: the whole object is kept
        return Unsupported("", msgspec.json.decode(source))
    found = raw_fields(source).get(name)
    return Unsupported(name, None if found is None else msgspec.json.decode(found))


def by_kind(*classes: type[C], **renamed: type[C]) -> dict[str, type[C]]:
    """Return these contents by their types, and under other names where Notion has renamed one."""
    return {cls.kind: cls for cls in classes} | renamed
