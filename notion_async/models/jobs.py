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
    file_import_result: Lazy[Maybe[JSON]] = UNSET
    in_trash: Maybe[bool] = UNSET
    object: str = "file_upload"
    request_id: Maybe[str] = UNSET


@model
class AsyncTaskOperation(Model):
    """What a task does."""

    surface: str
    name: str


@model
class AsyncTask(Model):
    """Work that Notion has accepted and not finished yet."""

    id: str
    status: str
    """``queued``, ``running``, ``retrying``, ``succeeded`` or ``failed``."""
    created_time: datetime
    status_url: Maybe[str] = UNSET
    poll_after_seconds: Maybe[float] = UNSET
    operation: Lazy[Maybe[AsyncTaskOperation]] = UNSET
    result: Lazy[Maybe[JSON]] = UNSET
    error: Lazy[Maybe[JSON]] = UNSET
    object: str = "async_task"
    request_id: Maybe[str] = UNSET
