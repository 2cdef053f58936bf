"""What every Notion object here has in common: it is a view over the bytes Notion sent.

An answer is split into its objects, and each object decodes its own scalars at once, in C.
What is nested stays JSON text (``msgspec.Raw``) until it is touched; then it is decoded and
remembered.  Because each object keeps its text, what this version does not know (fields,
types, values of lists Notion calls closed) is never lost, and reading it is never an error.

Objects made by hand have no text; they are written from their fields.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Self,
    TypeAlias,
    TypeVar,
    cast,
    dataclass_transform,
)

import attrs
import msgspec
from msgspec import Raw
from msgspec.structs import astuple

from notion_async.types import JSON, UNSET, JSONObject, Unset

__all__ = [
    "Lazy",
    "Maybe",
    "Model",
    "ModelMap",
    "ReadOnly",
    "Unsupported",
    "model",
    "raw_fields",
    "to_bytes",
    "to_json",
    "to_request",
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


_raw_list = msgspec.json.Decoder(list[Raw]).decode
raw_fields = msgspec.json.Decoder(dict[str, Raw]).decode
"""Split an object into its fields, each as it came."""
_plain: Callable[[bytes | Raw], JSON] = msgspec.json.decode


class Model:
    """The base of every Notion object."""

    __slots__ = ("_source",)

    # The text this object was decoded from; not set on an object made by hand.
    _source: bytes | Raw

    __hash__: ClassVar[None]  # type: ignore[assignment]  # equal by content, which nests lists

    @classmethod
    def from_json(cls, source: bytes | Raw) -> Self:
        """Decode one object.  Fields of an unexpected shape do not hinder the others."""
        codec = _CODECS.get(cls)
        if codec is None:
            codec = _CODECS[cls] = _codec(cls)
        decode, fill = codec
        new = cls.__new__(cls)
        try:
            fill(new, *astuple(decode(source)))
        except msgspec.ValidationError:
            new._fill_leniently(source)
        new._source = source
        return new

    def _fill_leniently(self, source: bytes | Raw) -> None:
        # A partial object (a capability is missing), or a shape of the future: take what fits.
        try:
            found = raw_fields(source)
        except msgspec.ValidationError:
            return
        hints = _hints(type(self))
        for name in _fields(type(self)):
            raw = found.get(name)
            if raw is None:
                default = _default(type(self), name)
                if default is not attrs.NOTHING:
                    setattr(self, name, default)
                continue
            try:
                setattr(self, name, msgspec.json.decode(raw, type=hints[name]))
            except msgspec.ValidationError:
                setattr(self, name, _plain(raw))

    def _fill(self, **fields: object) -> None:
        """Set fields of an object that is just being made: later it is frozen."""
        for name, value in fields.items():
            setattr(self, name, value)

    def _to_json(self) -> JSONObject:
        """The JSON of an object made by hand, from its fields."""
        return {name: to_json(value) for name, value in _values(self) if value is not UNSET}

    def _to_request(self) -> JSONObject:
        """The JSON that Notion accepts when this is written: without what only it sets."""
        hidden = _read_only(type(self))
        return {
            name: to_request(value)
            for name, value in _values(self)
            if value is not UNSET and name not in hidden
        }

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return to_json(self) == to_json(other)

    def __repr__(self) -> str:
        shown = [f"{name}={value!r}" for name, value in _decoded(self) if value is not UNSET]
        return f"{type(self).__name__}({', '.join(shown)})"

    def __reduce__(self) -> tuple[object, ...]:
        return _from_pickle, (type(self), to_bytes(self))

    if not TYPE_CHECKING:  # a type checker shall report a name that no class declares

        def __getattr__(self, name: str) -> object:
            if name.startswith("_") or not hasattr(type(self), name):
                raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
            raise AttributeError(
                f"this {type(self).__name__} has no {name!r}: Notion did not send it (a "
                "partial object, as when the connection lacks a capability), or the object "
                "was made by hand"
            )


_Codec: TypeAlias = "tuple[Callable[[bytes | Raw], msgspec.Struct], Callable[..., None]]"
_CODECS: dict[type[Model], _Codec] = {}


def _codec(cls: type[Model]) -> _Codec:
    """Return what decodes the fields of a class, and what puts them into an object.

    They are decoded into a struct of msgspec: decoding into an attrs class, msgspec looks at
    each field again, and would touch those that are to stay undecoded.  Made on first use, once
    for a class.
    """
    hints = _hints(cls)
    fields = [
        (name, hints[name])
        if (default := _default(cls, name)) is attrs.NOTHING
        else (name, hints[name], default)
        for name in _fields(cls)
    ]
    wire = msgspec.defstruct(f"_{cls.__name__}", fields, gc=False)
    # attrs makes its own __init__ under another name where the class has one for people.
    fill = getattr(cls, "__attrs_init__", cls.__init__)
    return msgspec.json.Decoder(wire).decode, fill


def _from_pickle(cls: type[Model], source: bytes) -> Model:
    return cls.from_json(source)


@dataclass_transform(frozen_default=True, field_specifiers=(attrs.field,))
def model(cls: type[T]) -> type[T]:
    """Make an attrs class of a model.

    Frozen for type checkers; at run time that would double the cost of making one.
    """
    made = attrs.define(slots=True, eq=False, repr=False, weakref_slot=False)(cls)
    for name, annotation in inspect.get_annotations(made).items():
        if str(annotation).startswith(("Lazy[", "ReadOnly[Lazy[")):
            _decode_on_touch(made, name)
    return made


def _decode_on_touch(cls: type[object], name: str) -> None:
    slot = cls.__dict__[name]
    read: Callable[[Model], object] = slot.__get__
    write: Callable[[object, object], None] = slot.__set__
    reader: Callable[[Raw], object] | None = None

    def touch(self: Model) -> object:
        nonlocal reader
        raw = read(self)
        if not isinstance(raw, Raw):
            return raw
        if reader is None:
            reader = _reader(_lazy_type(_hints(type(self))[name]))
        try:
            value = reader(raw)
        except msgspec.ValidationError:
            value = _plain(raw)
        write(self, value)
        return value

    # Both halves in C where they can be: decoding fills the slot through `write`.
    setattr(cls, name, property(touch, write))


def _reader(wanted: object) -> Callable[[Raw], object]:
    origin = typing.get_origin(wanted)
    if origin is typing.Union or origin is types.UnionType:
        arguments = [a for a in typing.get_args(wanted) if a not in (types.NoneType, Unset)]
        inner = _reader(arguments[0]) if len(arguments) == 1 else _plain
        return lambda raw: None if bytes(raw) == b"null" else inner(raw)
    if origin is Sequence:
        item = _reader(typing.get_args(wanted)[0])
        # Null reads as nothing: who walks a list need not ask whether there is one.
        return lambda raw: (
            () if bytes(raw) == b"null" else tuple([item(one) for one in _raw_list(raw)])
        )
    if origin is ModelMap:
        return ModelMap.of(typing.get_args(wanted)[0])
    if isinstance(wanted, type) and issubclass(wanted, Model):
        return wanted.from_json
    return _plain


class ModelMap(Mapping[str, T]):
    """Objects by name, each decoded when it is first touched."""

    __slots__ = ("_items", "_read", "_source")

    def __init__(self, source: bytes | Raw, read: Callable[[Raw], T]) -> None:
        self._source = source
        self._items: dict[str, T | Raw] = dict(raw_fields(source))
        self._read = read

    @classmethod
    def of(cls, wanted: object) -> Callable[[Raw], ModelMap[T]]:
        """Return what makes such a map from its text."""
        read = cast("Callable[[Raw], T]", _reader(wanted))
        return lambda raw: cls(raw, read)

    def __getitem__(self, name: str) -> T:
        item = self._items[name]
        if isinstance(item, Raw):
            item = self._items[name] = self._read(item)
        return item

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"{{{', '.join(f'{name!r}: …' for name in self._items)}}}"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Mapping):
            return to_json(self) == to_json(cast("Mapping[str, object]", other))
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]  # a mapping is equal by content


@attrs.frozen
class Unsupported:
    """Something this version does not know, or that Notion's API does not show.

    It is kept as it came and written back unchanged.
    """

    type: str
    data: JSON

    def _to_json(self) -> JSON:
        return self.data


def to_json(value: object) -> JSON:
    """Return the JSON of `value`: what Notion sent, or what its fields say."""
    if isinstance(value, Model):
        source = getattr(value, "_source", None)
        return value._to_json() if source is None else _plain(source)
    if isinstance(value, ModelMap):
        return _plain(value._source)
    return _nested(value, to_json)


def to_request(value: object) -> JSON:
    """Return `value` as Notion accepts it: without what only the server sets."""
    if isinstance(value, Model):
        return value._to_request()
    return _nested(value, to_request)


def _nested(value: object, convert: Callable[[object], JSON]) -> JSON:
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Unsupported):
        return value._to_json()
    if isinstance(value, Mapping):
        return {str(k): convert(v) for k, v in value.items() if v is not UNSET}
    if isinstance(value, (list, tuple)):
        return [convert(item) for item in value]
    if isinstance(value, datetime):
        return _timestamp(value)
    raise TypeError(f"{type(value).__name__} is no JSON and no Notion object")


def to_bytes(value: object) -> bytes:
    """Return the JSON text of `value`; for what Notion sent that is a copy, not an encoding."""
    source = getattr(value, "_source", None) if isinstance(value, Model) else None
    return msgspec.json.encode(to_json(value)) if source is None else bytes(source)


def _timestamp(value: datetime) -> str:
    if value.tzinfo is None:
        return value.isoformat()
    text = value.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


_HINTS: dict[type[object], dict[str, object]] = {}


def _hints(cls: type[object]) -> dict[str, object]:
    # Read when first needed: evaluating annotations is slow, and most classes are never met.
    hints = _HINTS.get(cls)
    if hints is None:
        hints = _HINTS[cls] = typing.get_type_hints(cls, include_extras=True)
    return hints


def _lazy_type(hint: object) -> object:
    # ReadOnly[Lazy[X]] and Lazy[X] both come out as Annotated[Raw, X, …].
    return typing.cast("Any", hint).__metadata__[0]


def _read_only(cls: type[object]) -> frozenset[str]:
    found = _READ_ONLY_FIELDS.get(cls)
    if found is None:
        found = _READ_ONLY_FIELDS[cls] = frozenset(
            name
            for name, hint in _hints(cls).items()
            if _READ_ONLY in getattr(hint, "__metadata__", ())
        )
    return found


_READ_ONLY_FIELDS: dict[type[object], frozenset[str]] = {}


def _fields(cls: type[object]) -> tuple[str, ...]:
    return tuple(f.name for f in cast("Any", cls).__attrs_attrs__)


def _default(cls: type[object], name: str) -> object:
    return getattr(attrs.fields_dict(cast("Any", cls))[name], "default", attrs.NOTHING)


def _values(value: Model) -> Iterator[tuple[str, object]]:
    """The fields that are set, decoded."""
    for name in _fields(type(value)):
        try:
            yield name, getattr(value, name)
        except AttributeError:
            continue


def _decoded(value: Model) -> Iterator[tuple[str, object]]:
    """The fields that are set and need no decoding to be shown."""
    lazy = {n for n, h in _hints(type(value)).items() if typing.get_args(h)[:1] == (Raw,)}
    for name, field in _values(value):
        if name not in lazy and not name.startswith("_"):
            yield name, field
