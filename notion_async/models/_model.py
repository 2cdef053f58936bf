"""What every Notion object here has in common: it is a view over the bytes Notion sent.

An answer is split into its objects, and each object decodes its own scalars at once, in C.
What is nested stays JSON text (``msgspec.Raw``) until it is touched; then it is decoded and
remembered.  Because each object keeps its text, what this version does not know (fields,
types, values of lists Notion calls closed) is never lost, and reading it is never an error.

Objects made by hand have no text; they are written from their fields.
"""

from __future__ import annotations

import inspect
import json
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Protocol,
    Self,
    TypeVar,
    cast,
    dataclass_transform,
)

import attrs
import msgspec
from msgspec import Raw
from msgspec.structs import astuple

from notion_async.models._fields import (
    Lazy,
    Maybe,
    ReadOnly,
    default_of,
    fields_of,
    hints_of,
    lazy_type,
    read_only_of,
)
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
M = TypeVar("M", bound="Model")
M_co = TypeVar("M_co", bound="Model", covariant=True)

_new_object = object.__new__
_NULL = Raw(b"null")
_raw_list = msgspec.json.Decoder(list[Raw] | None).decode
raw_fields = msgspec.json.Decoder(dict[str, Raw]).decode
"""Split an object into its fields, each as it came."""


def _plain(text: bytes | Raw) -> JSON:
    try:
        return cast("JSON", msgspec.json.decode(text))
    except msgspec.ValidationError:  # a number beyond those of C; Python's decoder is slower
        return cast("JSON", json.loads(bytes(text), parse_int=float))


class Model:
    """The base of every Notion object."""

    __slots__ = ("_source", "_unread")

    # The text this object was decoded from; not set on an object made by hand.
    _source: bytes | Raw
    # Whether that is still to be done; likewise.
    _unread: bool

    __hash__: ClassVar[None]  # type: ignore[assignment]  # equal by content, which nests lists

    @classmethod
    def from_json(cls, source: bytes | Raw) -> Self:
        """Decode one object.  Fields of an unexpected shape do not hinder the others."""
        return maker(cls)(source)

    @classmethod
    def later(cls, source: bytes | Raw) -> Self:
        """Return an object that is decoded when it is first touched.

        Args:
            source: JSON for certain, as a part of an answer that was split.
        """
        new = _new_object(cls)
        new._source = source
        new._unread = True
        return new

    @classmethod
    def _new_maker(cls) -> Maker[Self]:
        """Return what makes an object of a text, or decodes one that was left for later."""
        # Reading an attribute of a class that has `__getattr__` is slow, and this happens for
        # every object: hence a function with what it needs at hand, not methods.
        wire = msgspec.defstruct(f"_{cls.__name__}", wire_fields(cls), gc=False)
        decode = msgspec.json.Decoder(wire).decode
        fill, new_object = setter(cls), _new_object

        def make(source: bytes | Raw, new: Self | None = None) -> Self:
            if new is None:
                new = new_object(cls)
                new._source = source
                new._unread = False
            try:
                fill(new, *astuple(decode(source)))
            except msgspec.ValidationError:
                new._fill_leniently(source)
            return new

        return make

    def _fill_leniently(self, source: bytes | Raw) -> None:
        # A partial object (a capability is missing), or a shape of the future: take what fits.
        try:
            found = raw_fields(source)
        except msgspec.ValidationError:
            return
        hints = hints_of(type(self))
        for name in fields_of(type(self)):
            raw = found.get(name)
            if raw is None:
                default = default_of(type(self), name)
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
        hidden = read_only_of(type(self))
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
        return _line(self)

    def _repr_html_(self) -> str | None:
        # What notebooks show; loaded then, as in `_line`.
        from notion_async.models._display import object_table  # noqa: PLC0415

        return object_table(self)

    def __reduce__(self) -> tuple[object, ...]:
        return _from_pickle, (type(self), to_bytes(self))

    if not TYPE_CHECKING:  # a type checker shall report a name that no class declares

        def __getattr__(self, name: str) -> object:
            if name[0] != "_" and _read_now(self):
                return getattr(self, name)
            if name.startswith("_") or not hasattr(type(self), name):
                raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
            raise AttributeError(
                f"this {type(self).__name__} has no {name!r}: Notion did not send it (a "
                "partial object, as when the connection lacks a capability), or the object "
                "was made by hand"
            )


class Maker(Protocol[M_co]):
    """Makes an object of a text, or fills the one that is given."""

    # Any: of the same class as what is returned, which a parameter of a covariant cannot say.
    def __call__(self, source: bytes | Raw, new: Any = None, /) -> M_co:
        """Return it."""
        ...


_MAKERS: dict[type[Model], Maker[Any]] = {}


def maker(cls: type[M]) -> Maker[M]:
    """Return what makes the objects of a class; made on first use, once for a class.

    They are decoded into a struct of msgspec, whose fields then fill the object: decoding into
    an attrs class, msgspec looks at each field again, and would touch those that are to stay
    undecoded.
    """
    made = _MAKERS.get(cls)
    if made is None:
        made = _MAKERS[cls] = cls._new_maker()
    return made


def setter(cls: type[Model]) -> Callable[..., None]:
    """Return what puts the values of all fields into an object, in their order."""
    names = fields_of(cls)
    if len(names) == 1:  # straight to the slot
        slot = cls.__dict__.get(names[0])
        if isinstance(slot, property):
            return cast("Callable[..., None]", slot.fset)
        if slot is not None:
            return cast("Callable[..., None]", slot.__set__)
    # attrs makes its own __init__ under another name where the class has one for people.
    return cast("Callable[..., None]", getattr(cls, "__attrs_init__", cls.__init__))


def wire_fields(cls: type[Model]) -> list[tuple[str, type] | tuple[str, type, object]]:
    """Return the fields of a class as msgspec reads them."""
    hints = hints_of(cls)
    fields: list[tuple[str, type] | tuple[str, type, object]] = []
    for name in fields_of(cls):
        hint = cast("type", hints[name])  # or a special form, which msgspec takes for one
        if typing.get_args(hint)[:1] == (Raw,) and typing.get_origin(lazy_type(hint)) is ModelMap:
            hint = dict[str, Raw]  # split along with the rest, not in a pass of its own
        default = default_of(cls, name)
        fields.append((name, hint) if default is attrs.NOTHING else (name, hint, default))
    return fields


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
            _decode_on_touch(made, name, is_map="Lazy[ModelMap[" in str(annotation))
    return made


_unread_slot: Callable[[Model], bool] = Model.__dict__["_unread"].__get__


def _read_now(value: Model) -> bool:
    """Decode what was left for later; tell whether there was something."""
    try:
        unread = _unread_slot(value)
    except AttributeError:
        return False
    if unread:
        maker(type(value))(value._source, value)
        value._unread = False  # last: another thread that comes in between decodes it, too
    return unread


class LazyField(property):
    """A field that is decoded when it is read."""

    read: Callable[[object], object]
    """Returns what is in the field now, undecoded or not."""


def undecoded(cls: type[object], name: str) -> Callable[[object], object]:
    """Return what tells what is in a lazy field now: its text, until it has been touched."""
    field: LazyField = cls.__dict__[name]
    return field.read


def _decode_on_touch(cls: type[object], name: str, *, is_map: bool) -> None:
    slot = cls.__dict__[name]
    read: Callable[[Model], object] = slot.__get__
    write: Callable[[object, object], None] = slot.__set__
    reader: Callable[[Raw], object] | None = None
    of: type[Model] | None = None

    def touch(self: Model) -> object:
        nonlocal reader
        try:
            raw = read(self)
        except AttributeError:
            _read_now(self)  # or the error stands: it did not come
            raw = read(self)
        if not isinstance(raw, Raw):
            return raw
        if reader is None:
            reader = _reader(lazy_type(hints_of(type(self))[name]))
        try:
            value = reader(raw)
        except msgspec.ValidationError:
            value = _plain(raw)
        write(self, value)
        return value

    def touch_map(self: Model) -> object:
        nonlocal of
        _read_now(self)
        found = read(self)
        if type(found) is not dict:
            return touch(self)
        kind = of
        if kind is None:
            kind = of = cast(
                "type[Model]", typing.get_args(lazy_type(hints_of(type(self))[name]))[0]
            )
        # The texts by name: such a field is split along with the others.
        made = ModelMap(found, kind)
        write(self, made)
        return made

    # Both halves in C where they can be: decoding fills the slot through `write`.
    setattr(cls, name, LazyField(touch_map if is_map else touch, write))
    cls.__dict__[name].read = read


def _reader(wanted: object) -> Callable[[Raw], object]:
    origin = typing.get_origin(wanted)
    if origin is typing.Union or origin is types.UnionType:
        arguments = [a for a in typing.get_args(wanted) if a not in (types.NoneType, Unset)]
        inner = _reader(arguments[0]) if len(arguments) == 1 else _plain
        return lambda raw: None if raw == _NULL else inner(raw)
    if origin is Sequence:
        item = _reader(typing.get_args(wanted)[0])
        # Null reads as nothing: who walks a list need not ask whether there is one.
        return lambda raw: tuple([item(one) for one in _raw_list(raw) or ()])
    if origin is ModelMap:
        of: type[Model] = typing.get_args(wanted)[0]
        return lambda raw: ModelMap[Model](dict(raw_fields(raw)), of)
    if isinstance(wanted, type) and issubclass(wanted, Model):
        own = wanted.__dict__.get("from_json")  # a class may choose another one by the text
        return maker(wanted) if own is None else wanted.from_json
    return _plain


class ModelMap(Mapping[str, M]):
    """Objects by name, each decoded when it is first touched."""

    __slots__ = ("_items", "_of", "_read")

    def __init__(self, items: dict[str, M | Raw], of: type[M]) -> None:
        self._items = items
        self._of = of
        self._read: Maker[M] = _MAKERS.get(of) or maker(of)

    def __getitem__(self, name: str) -> M:
        item = self._items[name]
        if not isinstance(item, Raw):
            return item
        made = self._items[name] = self._read(item)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return _line(self)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Mapping):
            return to_json(self) == to_json(cast("Mapping[str, object]", other))
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]  # a mapping is equal by content

    def __reduce__(self) -> tuple[object, ...]:
        return ModelMap, (self._items, self._of)


@attrs.frozen(repr=False)
class Unsupported:
    """Something this version does not know, or that Notion's API does not show.

    It is kept as it came and written back unchanged.
    """

    type: str
    data: JSON

    def _to_json(self) -> JSON:
        return self.data

    def __repr__(self) -> str:
        return _line(self)


def to_json(value: object) -> JSON:
    """Return the JSON of `value`: what Notion sent, or what its fields say."""
    if isinstance(value, Model):
        source = getattr(value, "_source", None)
        return value._to_json() if source is None else _plain(source)
    if isinstance(value, ModelMap):
        return {
            name: _plain(item) if isinstance(item, Raw) else to_json(item)
            for name, item in value._items.items()
        }
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


def _values(value: Model) -> Iterator[tuple[str, object]]:
    """The fields that are set, decoded."""
    for name in fields_of(type(value)):
        try:
            yield name, getattr(value, name)
        except AttributeError:
            continue


def _line(value: Model | ModelMap[M] | Unsupported) -> str:
    # Loaded when something is shown, and not before: it knows all models.
    from notion_async.models._display import line  # noqa: PLC0415

    return line(value)
