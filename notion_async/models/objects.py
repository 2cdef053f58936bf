"""Which class an object has, and lists of objects.

Notion's page: https://developers.notion.com/reference/intro#pagination
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Generic, TypeAlias, TypeVar, cast, overload

import msgspec
from msgspec import Raw

from notion_async.models._model import Model, Unsupported
from notion_async.models.agents import Agent, AgentInsights
from notion_async.models.blocks import Block
from notion_async.models.comments import Comment
from notion_async.models.databases import Database, DataSource, DataSourceTemplate
from notion_async.models.files import CustomEmoji
from notion_async.models.jobs import AsyncTask, FileUpload
from notion_async.models.pages import Page, PageMarkdown
from notion_async.models.properties import PropertyItem
from notion_async.models.results import RequestStatus
from notion_async.models.rich_text import RichText
from notion_async.models.sessions import Session, SessionEvent
from notion_async.models.users import User
from notion_async.models.views import View, ViewQuery

T_co = TypeVar("T_co", covariant=True)

_BY_OBJECT: Final[dict[str, type[Model]]] = {
    "page": Page,
    "block": Block,
    "database": Database,
    "data_source": DataSource,
    "user": User,
    "comment": Comment,
    "property_item": PropertyItem,
    "page_markdown": PageMarkdown,
    "file_upload": FileUpload,
    "async_task": AsyncTask,
    "view": View,
    "view_query": ViewQuery,
    "agent": Agent,
    "agent_insights": AgentInsights,
    "session": Session,
    "session_event": SessionEvent,
}


_NULL: Final = Raw(b"null")
_EMPTY: Final = Raw(b"{}")  # what every list has under the name of its type


class _Tag(msgspec.Struct):
    object: str = ""


class _Type(msgspec.Struct):
    type: str = ""


class _Envelope(msgspec.Struct):
    results: list[Raw] | None = None
    templates: list[Raw] | None = None  # the one listing that names its items otherwise
    next_cursor: str | None = None
    has_more: bool = False
    type: str = ""
    request_status: Raw = _NULL
    request_id: str | None = None
    property_item: Raw = _NULL


_tag = msgspec.json.Decoder(_Tag).decode
_type = msgspec.json.Decoder(_Type).decode
_envelope = msgspec.json.Decoder(_Envelope).decode


def _item_in(source: Raw) -> PropertyItem | None:
    return None if source in (_NULL, _EMPTY) else PropertyItem.from_json(source)


class ObjectList(Model, Generic[T_co]):
    """One answer of a listing: some objects, and the cursor to the next.

    Objects are decoded one by one as they are touched; iterating twice decodes twice, `results`
    decodes all and keeps them.
    """

    __slots__ = (
        "_items",
        "_read",
        "_results",
        "has_more",
        "next_cursor",
        "property_item",
        "request_id",
        "request_status",
        "type",
    )

    type: str
    next_cursor: str | None
    has_more: bool
    request_status: RequestStatus | None
    request_id: str | None
    property_item: PropertyItem | None
    """Of the values of a property: its id, and what a rollup came to."""
    _items: list[Raw]
    _read: Callable[[bytes | Raw], T_co]
    _results: tuple[T_co, ...]

    @classmethod
    def of(
        cls,
        source: bytes | Raw,
        read: Callable[[bytes | Raw], T_co] | None = None,
    ) -> ObjectList[T_co]:
        """Split an answer into its objects.

        Args:
            source: The text of the answer.
            read: What decodes one of its objects.

        Raises:
            msgspec.ValidationError: That is no list.
        """
        new = cls.__new__(cls)
        found = _envelope(source)
        kind = "template" if found.templates is not None else found.type
        status = found.request_status
        new._fill(
            _source=source,
            _items=found.results or found.templates or [],
            _read=read or _ITEM_READERS.get(kind, structure_object),
            type=kind,
            next_cursor=found.next_cursor,
            has_more=found.has_more,
            request_status=None if status == _NULL else RequestStatus.from_json(status),
            request_id=found.request_id,
            property_item=_item_in(found.property_item),
        )
        return new

    @classmethod
    def of_items(
        cls,
        source: bytes | Raw,
        read: Callable[[bytes | Raw], T_co] | None = None,
    ) -> ObjectList[T_co]:
        """Split the answer of the property endpoint, which may be a single item and no list."""
        if _tag(source).object == "list":
            return cls.of(source, read)
        new = cls.__new__(cls)
        new._fill(
            _source=source,
            _items=[Raw(bytes(source))],
            _read=read or structure_object,
            type="property_item",
            next_cursor=None,
            has_more=False,
            request_status=None,
            request_id=None,
            property_item=PropertyItem.from_json(source),
        )
        return new

    @classmethod
    def from_json(cls, source: bytes | Raw) -> ObjectList[T_co]:
        """Split an answer into its objects, whatever they are."""
        return cls.of(source)

    @property
    def results(self) -> tuple[T_co, ...]:
        """The objects."""
        try:
            return self._results
        except AttributeError:
            self._fill(_results=tuple(self))
            return self._results

    def __iter__(self) -> Iterator[T_co]:
        # Each object gets a copy of its own text: one that is kept does not keep the whole
        # answer alive.
        return (self._read(bytes(item)) for item in self._items)

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T_co, ...]: ...
    def __getitem__(self, index: int | slice) -> T_co | tuple[T_co, ...]:
        return self.results[index]

    def __reduce__(self) -> tuple[object, ...]:
        make = ObjectList.of_items if self.type == "property_item" else ObjectList.of
        return make, (bytes(self._source), self._read)

    def __repr__(self) -> str:
        return f"<ObjectList of {self._about()}>"

    def _repr_html_(self) -> str:
        """Return a table of the first objects, for notebooks."""
        # Loaded when something is shown, as in `Model.__repr__`.
        from notion_async.models._display import list_table  # noqa: PLC0415

        return list_table(self, len(self), self._about())

    def _about(self) -> str:
        from notion_async.models._display import counted  # noqa: PLC0415

        more = ", more to come" if self.has_more else ""
        return counted(len(self), self.type) + more

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the objects as a table of Arrow, for polars, pandas, duckdb and pyarrow.

        `notion_async.models.arrow` says what its columns are.

        Raises:
            MissingExtraError: pyarrow is not installed.
        """
        # Loaded on use: it is for the few who make tables.
        from notion_async.models.arrow import ArrowStream  # noqa: PLC0415

        return ArrowStream(self._items, kind=self.type).__arrow_c_stream__(requested_schema)


AnyObject: TypeAlias = (
    Page
    | Block
    | Database
    | DataSource
    | User
    | Comment
    | PropertyItem
    | PageMarkdown
    | FileUpload
    | AsyncTask
    | View
    | ViewQuery
    | RichText
    | DataSourceTemplate
    | CustomEmoji
    | Agent
    | AgentInsights
    | Session
    | SessionEvent
    | Unsupported
)
"""Whatever Notion answers, but lists."""


def structure_object(source: bytes | Raw) -> AnyObject:
    """Decode one object, by what it says it is."""
    try:
        name = _tag(source).object
        cls = _BY_OBJECT.get(name)
        if not name:
            name = _type(source).type
            cls = RichText if name in RichText.kinds else None
    except msgspec.ValidationError:
        name, cls = "", None
    if cls is None:
        return Unsupported(name, msgspec.json.decode(source))
    return cast("AnyObject", cls.from_json(source))


def structure_answer(source: bytes | Raw) -> AnyObject | ObjectList[AnyObject]:
    """Decode one answer: an object, or a list of them."""
    try:
        name = _tag(source).object
        if name == "list" or (not name and _envelope(source).templates is not None):
            return ObjectList.of(source)
    except msgspec.ValidationError:
        pass
    return structure_object(source)


# Items that do not say what they are.
_ITEM_READERS: Final[dict[str, Callable[[bytes | Raw], AnyObject]]] = {
    "template": DataSourceTemplate.from_json,
    "custom_emoji": CustomEmoji.from_json,
}
