"""What Notion publishes, side by side with the classes that read it."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, Union

from notion_async import AsyncClient, Pager, SessionStream
from notion_async.models import (
    FileObject,
    FileUpload,
    Model,
    ModelMap,
    ObjectList,
    PropertySchema,
    PropertyValue,
    Reference,
    RelationSchema,
    RichText,
    RollupResult,
    SessionEvent,
    StreamEvent,
    User,
    WebhookEvent,
)
from notion_async.models._tagged import Tagged
from notion_async.models.sessions import SESSION_EVENTS, STREAM_EVENTS
from notion_async.types import JSON, Unset
from tests.clients import method_of
from tests.models.tools import declared, hints
from tests.resources.bodies import rows

Schema = dict[str, Any]

# `archived` is `in_trash` here; the others are empty objects that only repeat the type.
WITHOUT_FIELD = {"archived", "unsupported", "incomplete"}

# What no other definition refers to, by the end of its name: parts of unions that are written out.
ALONE: Mapping[str, type[Model]] = {
    "DatabasePropertyConfigResponse": PropertySchema,
    "DatabasePropertyConfigResponseCommon": PropertySchema,
    "PropertyConfigurationRequest": PropertySchema,
    "PropertyConfigurationRequestCommon": PropertySchema,
    "DatabasePropertyRelationConfigResponse": RelationSchema,
    "DatabasePropertyRelationConfigResponseCommon": RelationSchema,
    "RichTextItemResponse": RichText,
    "RichTextItemResponseCommon": RichText,
    "RichTextItemRequest": RichText,
    "RichTextItemRequestCommon": RichText,
    "PartialRollupValueResponse": RollupResult,
    "PartialRollupValueResponseCommon": RollupResult,
    "PartialRollupPropertyResponse": PropertyValue,
    "InternalOrExternalFileWithNameResponse": FileObject,
    "InternalOrExternalFileWithNameResponseCommon": FileObject,
    "UserObjectResponse": User,
    "UserObjectResponseCommon": User,
    "IdObjectResponse": Reference,
    "SessionStreamEventBase": SessionEvent,
}

BY_TYPE: Mapping[type[Model], Mapping[str, type[Model]]] = {
    SessionEvent: SESSION_EVENTS,
    StreamEvent: STREAM_EVENTS,
}


@cache
def load(path: Path) -> Schema:
    found: Schema = json.loads(path.read_text("utf-8"))
    return found


def definitions_in(shared: Path) -> Schema:
    found: Schema = load(shared / "notion-api" / "notion.schema.json")["definitions"]
    return found


class Walker:
    """Goes through a published shape and a class side by side."""

    def __init__(self, definitions: Schema) -> None:
        self.definitions = definitions
        self.missing: list[str] = []
        self.misread: set[str] = set()
        """Where something may stand that the declared type does not allow."""
        self.objects = 0
        self.pairs: dict[str, list[object]] = {}
        """What each definition is read as."""
        self._seen: set[tuple[int, str]] = set()

    def compare(self, schema: Schema, hint: object, path: str) -> None:
        allowed = json_types(hint)
        self.misread |= {f"{path}: {one}" for one in self._types(schema) if one not in allowed}
        self._descend(schema, hint, path)

    def _types(self, schema: Schema) -> Iterator[str]:
        """Yield what a shape is, by the names of JSON Schema."""
        while "$ref" in schema:
            schema = self.definitions[schema["$ref"].rpartition("/")[2]]
        for variant in schema.get("anyOf", ()):
            yield from self._types(variant)
        kinds = schema.get("type", ())
        yield from [kinds] if isinstance(kinds, str) else kinds

    def _descend(self, schema: Schema, hint: object, path: str) -> None:
        while "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            self.pair(name, hint)
            schema = self.definitions[name]
        if (id(schema), str(hint)) in self._seen:
            return
        self._seen.add((id(schema), str(hint)))
        if "anyOf" in schema:
            for variant in schema["anyOf"]:
                self._descend(variant, hint, path)
            return
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin in (Union, types.UnionType):
            for argument in self.choose(schema, arguments):
                self._descend(schema, argument, path)
        elif origin in (Pager, ObjectList) and "properties" in schema:
            self._listing(schema, arguments[0], path)
        elif origin in (Sequence, list) and "items" in schema:
            self.compare(schema["items"], arguments[0], f"{path}[]")
        elif origin is ModelMap and "additionalProperties" in schema:
            self.compare(schema["additionalProperties"], arguments[0], f"{path}.*")
        elif isinstance(hint, type) and issubclass(hint, Model):
            self._object(schema.get("properties", {}), hint, path)
        elif hint == JSON or origin is Mapping:
            for name in referred(schema):
                self._descend({"$ref": f"#/definitions/{name}"}, hint, path)

    def choose(self, shape: Schema, classes: Sequence[object]) -> Iterator[object]:
        """Yield those of the classes that read objects of this name; all where it has none."""
        name = shape.get("properties", {}).get("object", {}).get("const")
        for cls in classes:
            if not isinstance(cls, TypeVar) and (name is None or name_of(cls) in (name, None)):
                yield cls

    def pair(self, name: str, hint: object) -> None:
        found = self.pairs.setdefault(name, [])
        if str(hint) not in map(str, found):
            found.append(hint)

    def _listing(self, schema: Schema, item: object, path: str) -> None:
        properties = schema["properties"]
        if not {"results", "templates"} & set(properties):
            self.compare(schema, item, path)  # an item that stands for a list of one
            return
        for name, each in properties.items():
            if name in ("results", "templates"):
                self.compare(each["items"], item, f"{path}.{name}[]")
            elif name in hints(ObjectList):
                self.compare(each, declared(ObjectList, name), f"{path}.{name}")
            elif name != "object" and not is_empty(each):
                self.missing.append(f"{path}.{name}")

    def _object(self, properties: Mapping[str, Schema], cls: type[Model], path: str) -> None:
        self.objects += bool(properties)
        kind = kind_of(properties)
        cls = BY_TYPE.get(cls, {}).get(kind, cls)
        content = cls.kinds.get(kind) if issubclass(cls, Tagged) else None
        for name, schema in properties.items():
            where = f"{path}.{name}"
            if issubclass(cls, Tagged) and content and not cls.keyed and name == kind:
                self.compare(schema, content, where)
            elif issubclass(cls, Tagged) and content and cls.keyed and name in hints(content):
                self.compare(schema, declared(content, name), where)
            elif cls is WebhookEvent and name == "data":
                self.compare(schema, data_of(kind), where)
            elif name in hints(cls):
                self.compare(schema, declared(cls, name), where)
            elif name not in WITHOUT_FIELD:
                self.missing.append(where)


# What is read as such a type without being an error, by the names of JSON Schema.
PLAIN: Mapping[object, frozenset[str]] = {
    str: frozenset({"string"}),
    datetime: frozenset({"string"}),
    bool: frozenset({"boolean"}),
    int: frozenset({"number"}),
    float: frozenset({"number"}),
    types.NoneType: frozenset({"null"}),
    Sequence: frozenset({"array", "null"}),  # null reads as nothing
    list: frozenset({"array"}),
    ModelMap: frozenset({"object"}),
    Pager: frozenset({"object"}),
    ObjectList: frozenset({"object"}),
}
ANYTHING = frozenset({"string", "boolean", "number", "null", "array", "object"})


def json_types(hint: object) -> frozenset[str]:
    """Return what JSON a declared type allows."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return frozenset().union(*map(json_types, arguments))
    if is_model(hint):
        return frozenset({"object"})
    if hint is Unset or isinstance(hint, TypeVar):
        return frozenset()
    return PLAIN.get(origin or hint, ANYTHING)


def is_empty(schema: Schema) -> bool:
    """Tell whether an object only repeats by its name what the type says."""
    return schema.get("$ref") == "#/definitions/EmptyObject" or (
        schema.get("additionalProperties") == {"not": {}}
    )


def referred(schema: object) -> Iterator[str]:
    """Yield the definitions that a shape refers to."""
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        for each in schema.values():
            yield from referred(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from referred(each)


def kind_of(properties: Mapping[str, Schema]) -> str:
    """Return the type that a shape is for."""
    return str(properties.get("type", {}).get("const"))


def data_of(kind: str) -> object:
    """Return the class of what an event of this type tells."""
    return type(WebhookEvent.from_json(json.dumps({"type": kind, "data": {}}).encode()).data)


def is_model(cls: object) -> bool:
    return isinstance(cls, type) and issubclass(cls, Model)


def whole_models(classes: Sequence[object]) -> Sequence[type[Model]]:
    """Return the models among some classes, without what stands for another one of them."""
    models: list[type[Model]] = [
        cls for cls in classes if isinstance(cls, type) and issubclass(cls, Model)
    ]
    # A content may be given without its envelope; an upload for the reference to it.
    tagged = [cls for cls in models if issubclass(cls, Tagged)]
    return tagged or [cls for cls in models if cls is not FileUpload]


def name_of(cls: object) -> object:
    """Return the name that objects of a class have in JSON."""
    if isinstance(cls, type) and issubclass(cls, Model) and "object" in hints(cls):
        default = {field.name: field.default for field in getattr(cls, "__attrs_attrs__", ())}
        return default.get("object", getattr(cls, "object", None))
    return None


# ------------------------------------------------------------------------------- the endpoints


def methods() -> dict[str, Callable[..., object]]:
    """Return the methods of the client that are endpoints' own, by their names."""
    from notion_async import endpoints

    return {row.name: method_of(AsyncClient("ntn_x"), row.name) for row in endpoints.ALL}


def taken(method: Callable[..., object]) -> dict[str, object]:
    """Return the types of what a method takes."""
    called = method if hasattr(method, "__func__") else type(method).__call__
    found = typing.get_type_hints(called)
    return {name: hint for name, hint in found.items() if name != "return"}


def returned(method: Callable[..., object]) -> object:
    """Return the type of what a method returns, or streams."""
    called = method if hasattr(method, "__func__") else type(method).__call__
    hint: object = typing.get_type_hints(called)["return"]
    return StreamEvent if hint is SessionStream else hint


@cache
def answered(shared: Path) -> Walker:
    """Walk through everything that Notion answers or sends to us."""
    walker = Walker(definitions_in(shared))
    for name, method in methods().items():
        response = rows(shared)[name]["response_type"]
        walker.compare({"$ref": f"#/definitions/{response}"}, returned(method), name)
    for name in walker.definitions:
        if name.endswith("WebhookPayload"):
            walker.compare({"$ref": f"#/definitions/{name}"}, WebhookEvent, name)
    for name, hint in alone(walker):
        walker.compare({"$ref": f"#/definitions/{name}"}, hint, name)
    return walker


def alone(walker: Walker) -> Iterator[tuple[str, type[Model]]]:
    for name in walker.definitions:
        for end, hint in ALONE.items():
            if name.endswith(end):
                yield name, hint


def unoffered(shared: Path) -> set[str]:
    """Return the definitions of the endpoints that Notion's own client does not offer either."""
    found: set[str] = set()
    for row in load(shared / "notion-api" / "endpoints.json")["endpoints"]:
        if row["client_method"] is None:
            found |= {row["request_type"], row["response_type"], *row["schemas"].values()}
    return found


class Asking(Walker):
    """Goes through what is sent, and the classes that methods take for it."""

    def choose(self, shape: Schema, classes: Sequence[object]) -> Iterator[object]:  # noqa: ARG002 - as above
        yield from whole_models(classes)
        yield from (cls for cls in classes if not is_model(cls))

    def ask(self, schema: Schema, name: str, takes: Mapping[str, object]) -> None:
        while "$ref" in schema:
            target = schema["$ref"].rpartition("/")[2]
            self.pair(target, Mapping[str, object])
            schema = self.definitions[target]
        for variant in schema.get("anyOf", ()):
            self.ask(variant, name, takes)
        for field, each in schema.get("properties", {}).items():
            self.compare(each, takes.get(field, Mapping[str, object]), f"{name}.{field}")


@cache
def asked(shared: Path) -> Asking:
    """Walk through everything that we send."""
    walker = Asking(definitions_in(shared))
    for name, method in methods().items():
        row = rows(shared)[name]
        for part in {row["request_type"], *row["schemas"].values()} - {None}:
            walker.ask({"$ref": f"#/definitions/{part}"}, name, taken(method))
    return walker
