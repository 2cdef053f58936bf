"""Work that Notion does in its own time: file uploads and asynchronous tasks.

Notion's pages: https://developers.notion.com/reference/file-upload and
https://developers.notion.com/reference/retrieve-async-task
"""

from __future__ import annotations

from datetime import datetime

from notion_async.models._model import Lazy, Maybe, Model, model
from notion_async.types import JSON, UNSET


@model
class Uploader(Model):
    """Who uploads: a person, a bot or an agent."""

    id: str
    type: Maybe[str] = UNSET


@model
class PartCount(Model):
    """How many parts a file is sent in."""

    total: int
    sent: int


@model
class FileImportFailure(Model):
    """Why Notion could not import a file."""

    type: Maybe[str] = UNSET
    """``validation_error``, ``download_error``, ``upload_error`` or ``internal_system_error``."""
    code: Maybe[str] = UNSET
    message: Maybe[str] = UNSET
    parameter: Maybe[str | None] = UNSET
    status_code: Maybe[int | None] = UNSET
    """What the other server answered, where it was asked."""


@model
class FileImportResult(Model):
    """How the import of a file from elsewhere ended: ``success`` or ``error``."""

    type: str
    imported_time: Maybe[datetime] = UNSET
    success: Lazy[Maybe[JSON]] = UNSET
    error: Lazy[Maybe[FileImportFailure]] = UNSET


@model
class FileUpload(Model):
    """A file on its way into Notion.  It expires an hour after it was begun."""

    id: str
    status: str
    """``pending``, ``uploaded``, ``expired`` or ``failed``."""
    created_time: datetime
    last_edited_time: datetime
    created_by: Lazy[Maybe[Uploader]] = UNSET
    expiry_time: Maybe[datetime | None] = UNSET
    filename: Maybe[str | None] = UNSET
    content_type: Maybe[str | None] = UNSET
    content_length: Maybe[int | None] = UNSET
    upload_url: Maybe[str] = UNSET
    complete_url: Maybe[str] = UNSET
    number_of_parts: Lazy[Maybe[PartCount]] = UNSET
    file_import_result: Lazy[Maybe[FileImportResult]] = UNSET
    """How the import of an external file ended; absent until then."""
    in_trash: Maybe[bool] = UNSET
    object: str = "file_upload"
    request_id: Maybe[str] = UNSET


@model
class AsyncTaskOperation(Model):
    """What a task does."""

    surface: str
    name: str


@model
class AsyncTaskFailure(Model):
    """Why a task failed: the error that the call would have been answered with."""

    code: Maybe[str] = UNSET
    message: Maybe[str] = UNSET
    status: Maybe[int] = UNSET
    additional_data: Lazy[Maybe[JSON]] = UNSET
    object: str = "error"


@model
class AsyncTask(Model):
    """Work that Notion has accepted, and does in its own time.  It may still be refused."""

    id: str
    status: str
    """``queued``, ``running``, ``retrying``, ``succeeded`` or ``failed``."""
    created_time: datetime
    status_url: Maybe[str] = UNSET
    poll_after_seconds: Maybe[float] = UNSET
    """How long to wait before asking again."""
    operation: Lazy[Maybe[AsyncTaskOperation]] = UNSET
    result: Lazy[Maybe[JSON]] = UNSET
    """What came of it: the object the call would have been answered with."""
    error: Lazy[Maybe[AsyncTaskFailure]] = UNSET
    object: str = "async_task"
    request_id: Maybe[str] = UNSET
