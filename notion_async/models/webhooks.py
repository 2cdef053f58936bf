"""What Notion sends to a webhook: events, and the token of a new subscription.

An event says what happened to which object and never shows the object's content: fetch that.
Events come late, more than once, in any order or not at all; `WebhookEvent.id` tells a repetition
and `WebhookEvent.timestamp` the order.

Notion's pages: https://developers.notion.com/reference/webhooks and
https://developers.notion.com/reference/webhooks-events-delivery
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias

import msgspec
from msgspec import Raw

from notion_async.models._model import (
    Lazy,
    Maybe,
    Model,
    Unsupported,
    model,
    raw_fields,
    to_json,
)
from notion_async.models.jobs import FileImportResult
from notion_async.types import UNSET, JSONObject


class WebhookEventType(enum.StrEnum):
    """The types of events Notion documents.  Others may come: `WebhookEvent.type` is a str."""

    PAGE_CREATED = "page.created"
    PAGE_CONTENT_UPDATED = "page.content_updated"
    PAGE_PROPERTIES_UPDATED = "page.properties_updated"
    PAGE_MOVED = "page.moved"
    PAGE_LOCKED = "page.locked"
    PAGE_UNLOCKED = "page.unlocked"
    PAGE_DELETED = "page.deleted"
    PAGE_UNDELETED = "page.undeleted"
    PAGE_TRANSCRIPT_DELETED = "page.transcription_block.transcript_deleted"
    DATABASE_CREATED = "database.created"
    DATABASE_CONTENT_UPDATED = "database.content_updated"
    """Only before version 2025-09-03, as `DATABASE_SCHEMA_UPDATED`; since then the data source's
    event comes instead."""
    DATABASE_SCHEMA_UPDATED = "database.schema_updated"
    DATABASE_MOVED = "database.moved"
    DATABASE_DELETED = "database.deleted"
    DATABASE_UNDELETED = "database.undeleted"
    DATA_SOURCE_CREATED = "data_source.created"
    DATA_SOURCE_CONTENT_UPDATED = "data_source.content_updated"
    DATA_SOURCE_SCHEMA_UPDATED = "data_source.schema_updated"
    DATA_SOURCE_MOVED = "data_source.moved"
    DATA_SOURCE_DELETED = "data_source.deleted"
    DATA_SOURCE_UNDELETED = "data_source.undeleted"
    VIEW_CREATED = "view.created"
    VIEW_UPDATED = "view.updated"
    VIEW_DELETED = "view.deleted"
    COMMENT_CREATED = "comment.created"
    COMMENT_UPDATED = "comment.updated"
    COMMENT_DELETED = "comment.deleted"
    FILE_UPLOAD_CREATED = "file_upload.created"
    FILE_UPLOAD_COMPLETED = "file_upload.completed"
    FILE_UPLOAD_EXPIRED = "file_upload.expired"
    FILE_UPLOAD_FAILED = "file_upload.upload_failed"


@model
class WebhookAuthor(Model):
    """Someone who acted, or through whom the event can be seen."""

    id: str
    type: str
    """``person``, ``bot`` or ``agent``."""


@model
class WebhookEntity(Model):
    """An object that an event is about, by its id and kind."""

    id: str
    type: str
    """As ``page``, ``block``, ``database``, ``data_source``, ``view``, ``comment`` or
    ``file_upload``.  Events of a linked database name its ``block``."""


@model
class WebhookParent(Model):
    """What the object of an event lies in."""

    id: str
    type: str
    """``page``, ``block``, ``database``, ``space``, ``team`` or ``agent``."""
    data_source_id: Maybe[str] = UNSET
    """The data source that a row belongs to; since version 2025-09-03."""


@model
class ObjectChanged(Model):
    """A page, database or data source was created, moved, locked, deleted …, or a view deleted.

    Which of these, `WebhookEvent.type` says.
    """

    parent: Lazy[WebhookParent]


@model
class ContentUpdated(Model):
    """The content of a page changed, or the rows of a database or data source."""

    parent: Lazy[WebhookParent]
    updated_blocks: Lazy[Sequence[WebhookEntity]]
    """Blocks of the page, or rows, that changed."""


@model
class PropertiesUpdated(Model):
    """Properties of a page changed."""

    parent: Lazy[WebhookParent]
    updated_properties: list[str]
    """Their ids."""


@model
class PropertyChange(Model):
    """What became of one property of a schema."""

    id: str
    name: str | None
    action: str
    """``created``, ``updated`` or ``deleted``."""


@model
class SchemaUpdated(Model):
    """The properties of a database or data source changed."""

    parent: Lazy[WebhookParent]
    updated_properties: Lazy[Maybe[Sequence[PropertyChange]]] = UNSET


@model
class TranscriptDeleted(Model):
    """The transcript of a meeting was deleted."""

    target: Lazy[WebhookEntity]
    """The block that held it."""
    transcript_id: str | None


@model
class ViewCreated(Model):
    """A view was created."""

    parent: Lazy[WebhookParent]
    view_type: str


@model
class ViewUpdated(Model):
    """A view was changed."""

    parent: Lazy[WebhookParent]
    updated_fields: list[str]
    """``name``, ``filter``, ``sorts`` and ``configuration``, as far as they changed."""


@model
class CommentChanged(Model):
    """A comment was created, updated or deleted."""

    parent: Lazy[WebhookParent]
    """The page or block that is commented on."""
    page_id: str
    """The page that this is, or lies in."""


@model
class UploadFailed(Model):
    """A file could not be fetched."""

    file_import_result: Lazy[FileImportResult]


WebhookData: TypeAlias = (
    ObjectChanged
    | ContentUpdated
    | PropertiesUpdated
    | SchemaUpdated
    | TranscriptDeleted
    | ViewCreated
    | ViewUpdated
    | CommentChanged
    | UploadFailed
    | Unsupported
)
"""What an event tells beyond its type and object."""

_Type = WebhookEventType

_DATA: Final[Mapping[str, Callable[[bytes | Raw], WebhookData]]] = {
    **dict.fromkeys(
        (
            _Type.PAGE_CREATED, _Type.PAGE_MOVED, _Type.PAGE_LOCKED, _Type.PAGE_UNLOCKED,
            _Type.PAGE_DELETED, _Type.PAGE_UNDELETED, _Type.DATABASE_CREATED,
            _Type.DATABASE_MOVED, _Type.DATABASE_DELETED, _Type.DATABASE_UNDELETED,
            _Type.DATA_SOURCE_CREATED, _Type.DATA_SOURCE_MOVED, _Type.DATA_SOURCE_DELETED,
            _Type.DATA_SOURCE_UNDELETED, _Type.VIEW_DELETED,
        ),
        ObjectChanged.from_json,
    ),
    _Type.PAGE_CONTENT_UPDATED: ContentUpdated.from_json,
    _Type.DATABASE_CONTENT_UPDATED: ContentUpdated.from_json,
    _Type.DATA_SOURCE_CONTENT_UPDATED: ContentUpdated.from_json,
    _Type.PAGE_PROPERTIES_UPDATED: PropertiesUpdated.from_json,
    _Type.DATABASE_SCHEMA_UPDATED: SchemaUpdated.from_json,
    _Type.DATA_SOURCE_SCHEMA_UPDATED: SchemaUpdated.from_json,
    _Type.PAGE_TRANSCRIPT_DELETED: TranscriptDeleted.from_json,
    _Type.VIEW_CREATED: ViewCreated.from_json,
    _Type.VIEW_UPDATED: ViewUpdated.from_json,
    _Type.COMMENT_CREATED: CommentChanged.from_json,
    _Type.COMMENT_UPDATED: CommentChanged.from_json,
    _Type.COMMENT_DELETED: CommentChanged.from_json,
    _Type.FILE_UPLOAD_FAILED: UploadFailed.from_json,
}  # fmt: skip

# Their objects say all there is.
_WITHOUT_DATA: Final = frozenset(
    {_Type.FILE_UPLOAD_CREATED, _Type.FILE_UPLOAD_COMPLETED, _Type.FILE_UPLOAD_EXPIRED}
)

_NULL: Final = Raw(b"null")


class _Holder(Model):
    # A slot that is no field: which class `data` has, the type says.
    __slots__ = ("_data",)

    _data: WebhookData | None


@model
class WebhookEvent(_Holder):
    """One event.

    >>> from notion_async.models.webhooks import ContentUpdated, WebhookEvent
    >>> event = WebhookEvent.from_json(
    ...     b'{"type": "page.content_updated", "entity": {"id": "p", "type": "page"},'
    ...     b' "data": {"updated_blocks": [{"id": "b", "type": "block"}]}}'
    ... )
    >>> match event.data:
    ...     case ContentUpdated(updated_blocks=blocks):
    ...         print(event.entity.id, [block.id for block in blocks])
    p ['b']
    """

    id: str
    """The same in all attempts to deliver the event."""
    type: str
    """A `WebhookEventType`, or one that came after this version."""
    timestamp: datetime
    """When it happened."""
    workspace_id: str
    workspace_name: str
    subscription_id: str
    integration_id: str
    authors: Lazy[Sequence[WebhookAuthor]]
    attempt_number: int
    """From 1 to 8; the last comes about a day after the event."""
    api_version: str
    entity: Lazy[WebhookEntity]
    accessible_by: Lazy[Maybe[Sequence[WebhookAuthor]]] = UNSET
    """Through whom it can be seen; only in events to public connections."""

    def __init__(
        self,
        type: str,
        data: WebhookData | None = None,
        *,
        id: str,
        timestamp: datetime,
        entity: WebhookEntity,
        workspace_id: str,
        workspace_name: str,
        subscription_id: str,
        integration_id: str,
        api_version: str,
        authors: Sequence[WebhookAuthor] = (),
        attempt_number: int = 1,
        accessible_by: Maybe[Sequence[WebhookAuthor]] = UNSET,
    ) -> None:
        self._fill(
            id=id,
            timestamp=timestamp,
            workspace_id=workspace_id,
            workspace_name=workspace_name,
            subscription_id=subscription_id,
            integration_id=integration_id,
            type=str(type),
            authors=authors,
            attempt_number=attempt_number,
            api_version=api_version,
            entity=entity,
            accessible_by=accessible_by,
            _data=data,
        )

    @property
    def data(self) -> WebhookData | None:
        """What the event tells, by its type; `Unsupported` where this version does not know it.

        None for the file uploads that were created, completed or expired: they tell no more.
        """
        try:
            return self._data
        except AttributeError:  # not decoded yet
            data = self._decode_data()
        self._fill(_data=data)
        return data

    def _decode_data(self) -> WebhookData | None:
        name = self.type if isinstance(self.type, str) else ""
        raw = raw_fields(self._source).get("data", _NULL)
        absent = bytes(raw) == bytes(_NULL)
        if absent and name in _WITHOUT_DATA:
            return None
        read = None if absent else _DATA.get(name)
        return Unsupported(name, msgspec.json.decode(raw)) if read is None else read(raw)

    def _to_json(self) -> JSONObject:
        data = self.data
        fields = super()._to_json()
        return fields if data is None else {**fields, "data": to_json(data)}


@model
class WebhookVerification(Model):
    """What comes first to the address of a new subscription: its token.

    Enter the token in Notion's settings to confirm the address, and keep it: it is the key of
    all signatures (`notion_async.verify_webhook_signature`) and never changes.  Anyone who knows
    the address can send such a request: take a token only while you wait for one.
    """

    verification_token: str
    """The token, a secret; not shown where the object is printed."""

    def __repr__(self) -> str:
        return "WebhookVerification(verification_token='…')"
