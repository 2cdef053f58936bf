"""Objects as tables of Apache Arrow, for polars, pandas, duckdb and pyarrow.

A list is such a table by itself: ``polars.DataFrame(await notion.data_sources.query(…))``.  Of
objects that were collected, `to_arrow` makes one.  It takes pyarrow: the extra ``parquet``.

Pages have the columns ``id``, ``url``, ``created_time``, ``last_edited_time``, ``in_trash``, and
one or more for each property, under its name:

* ``title``, ``rich_text``, ``url``, ``email``, ``phone_number``, ``select``, ``status``,
  ``unique_id``, ``verification``: a string.
* ``number``: a double; ``checkbox``: a bool; ``multi_select``: a list of strings.
* ``people``, ``relation``: a list of ids; ``created_by``, ``last_edited_by``: an id.
* ``files``: a list of names, as links would expire.
* ``created_time``, ``last_edited_time``: a timestamp in UTC.
* ``date``: the day on which it starts, as it is written in Notion; ``…_time``, the moment, in
  UTC, where it has a time of day; ``…_end`` and ``…_end_time``, the same of its end.  So a day is
  never a midnight that another time zone takes for the evening before.
* ``place``: its name or address; ``…_lat`` and ``…_lon``, doubles.
* ``formula``, ``rollup``: as what they came to; a rollup of several values is a list of strings.

A page that lacks a property has a null there, as has what cannot be read.  A property of which
pages of several data sources disagree is a string.  What is of a type that this version does not
know is JSON.  Names that differ in nothing but case are numbered, for SQL knows no case.

Other objects have the columns ``id``, ``object``, ``type``, ``text``, ``created_time``,
``last_edited_time``, and ``json``, which is all there is.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any, Final, cast

import attrs
from msgspec import Raw

from notion_async.errors import MissingExtraError
from notion_async.models._cells import (
    AS_JSON,
    Envelope,
    Kind,
    Outline,
    Page,
    Source,
    Value,
    fields_of,
    kind_of,
    kind_of_all,
    kind_of_schema,
    read,
)
from notion_async.models._model import Model, to_bytes
from notion_async.models._words import text_of
from notion_async.models.databases import DataSource
from notion_async.models.objects import structure_object
from notion_async.models.rows import Row

_ENVELOPE: Final = {
    "id": "string",
    "url": "string",
    "created_time": "time",
    "last_edited_time": "time",
    "in_trash": "bool",
}
_BATCH: Final = 1_000  # objects that are decoded at a time


def to_arrow(items: Iterable[Model | Row], *, schema: DataSource | None = None) -> ArrowStream:
    """Return objects as a table that whatever speaks Arrow can read, as often as it likes.

    ::

        rows = await notion.data_sources.query(data_source_id).collect()
        frame = polars.DataFrame(to_arrow(rows))

    Args:
        items: Pages or rows, or any other objects.  Where all of them are pages, properties
            become columns.
        schema: Their data source: all its properties become columns, those too that no page has.

    Raises (when it is read):
        MissingExtraError: pyarrow is not installed.
    """
    objects = (item.page if isinstance(item, Row) else item for item in items)
    return ArrowStream([to_bytes(one) for one in objects], schema)


class ArrowStream:
    """A table that is made while it is read."""

    __slots__ = ("_kind", "_schema", "_sources")

    def __init__(
        self, sources: Sequence[Source], schema: DataSource | None = None, kind: str = "page"
    ) -> None:
        self._sources = sources
        self._schema = schema
        self._kind = kind  # what they would be, if there are none

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the stream of Arrow's C interface.

        Raises:
            MissingExtraError: pyarrow is not installed.
        """
        pa = _pyarrow()
        table = self._table()
        types = _types(pa)
        schema = pa.schema([(column.name, types[column.type]) for column in table.columns])

        def batch(start: int) -> object:
            values = table.values(self._sources[start : start + _BATCH])
            arrays = [
                pa.array(column, field.type) for column, field in zip(values, schema, strict=True)
            ]
            return pa.record_batch(arrays, schema=schema)

        batches = (batch(start) for start in range(0, len(self._sources), _BATCH))
        reader = pa.RecordBatchReader.from_batches(schema, batches)
        return cast("object", reader.__arrow_c_stream__(requested_schema))

    def _table(self) -> _Pages | _Objects:
        seen: dict[str, set[str]] = {}
        if self._schema is not None:
            for name, schema in self._schema.properties.items():
                seen[name] = {kind_of_schema(getattr(schema, "type", ""))}
        pages = self._kind.startswith("page") or bool(self._sources)
        for source in self._sources:
            outline = read(source, Outline)
            pages = pages and outline.object == "page"
            for name, found in outline.properties.items():
                seen.setdefault(name, set()).add(kind_of(found))
        return _Pages(seen) if pages else _Objects()


def _pyarrow() -> Any:
    try:
        return importlib.import_module("pyarrow")
    except ModuleNotFoundError:
        raise MissingExtraError("parquet", "a table of Arrow") from None


def _types(pa: Any) -> Mapping[str, object]:
    return {
        "string": pa.string(),
        "strings": pa.list_(pa.string()),
        "double": pa.float64(),
        "bool": pa.bool_(),
        "day": pa.date32(),
        "time": pa.timestamp("ms", tz="UTC"),
    }


@attrs.frozen
class _Column:
    """A column: its name, and its type by a name of ours."""

    name: str
    type: str


class _Pages:
    """A row for each page: what every page has, and its properties."""

    def __init__(self, seen: Mapping[str, Iterable[str]]) -> None:
        self._kinds = {name: kind_of_all(kinds) for name, kinds in seen.items()}
        self.columns = [_Column(name, type) for name, type in _ENVELOPE.items()]
        taken = {*_ENVELOPE}
        for name, kind in self._kinds.items():
            for suffix, type in kind.columns.items():
                self.columns.append(_Column(_free(name + suffix, taken), type))

    def values(self, sources: Sequence[Source]) -> list[list[object]]:
        """Return the values of some pages, column by column."""
        pages = [read(source, Page) for source in sources]
        found: list[list[object]] = [[getattr(page, name) for page in pages] for name in _ENVELOPE]
        for name, kind in self._kinds.items():
            if kind is AS_JSON:
                found.append([_json(source, name) for source in sources])
            else:
                found += _cells([page.properties.get(name) for page in pages], kind)
        return found


def _cells(values: Sequence[Value | None], kind: Kind) -> list[list[object]]:
    found = [None if value is None else kind.read(value) for value in values]
    if len(kind.columns) == 1:
        return [found]
    nothing = (None,) * len(kind.columns)
    rows = [one if isinstance(one, tuple) else nothing for one in found]
    return [list(column) for column in zip(*rows, strict=True)]


def _json(source: Source, name: str) -> str | None:
    properties = fields_of(source).get("properties", Raw(b"{}"))
    value = fields_of(properties).get(name)
    return None if value is None else bytes(value).decode()


def _free(name: str, taken: set[str]) -> str:
    """Return a name that is not taken yet, in whatever case, and take it."""
    candidates = (name if n == 1 else f"{name}_{n}" for n in count(1))
    found = next(one for one in candidates if one.casefold() not in taken)
    taken.add(found.casefold())
    return found


class _Objects:
    """A row for each object, whatever it is."""

    columns: Final = [
        *(_Column(name, "string") for name in ("id", "object", "type", "text")),
        *(_Column(name, "time") for name in ("created_time", "last_edited_time")),
        _Column("json", "string"),
    ]

    def values(self, sources: Sequence[Source]) -> list[list[object]]:
        """Return the values of some objects, column by column."""
        rows = [_object(source) for source in sources]
        return [list(column) for column in zip(*rows, strict=True)]


def _object(source: Source) -> tuple[object, ...]:
    found = read(source, Envelope)
    text = text_of(structure_object(source)) or found.name or ""
    times = (found.created_time, found.last_edited_time)
    return (found.id, found.object, found.type, text, *times, bytes(source).decode())
