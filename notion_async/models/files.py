"""Files, and the pictures pages wear: icons and covers.

Notion's pages: https://developers.notion.com/reference/file-object and
https://developers.notion.com/reference/emoji-and-icon
"""

from __future__ import annotations

from datetime import datetime

from notion_async.models._model import Lazy, Maybe, Model, ReadOnly, model
from notion_async.models._tagged import Content
from notion_async.types import UNSET, JSONObject


@model
class HostedFile(Model):
    """A file that Notion holds.  Its link is signed and expires an hour after it was given out."""

    url: str
    expiry_time: Maybe[datetime | None] = UNSET


@model
class ExternalFile(Model):
    """A file that somebody else holds."""

    url: str


@model
class UploadedFile(Model):
    """A finished upload, to be attached."""

    id: str


@model
class FileObject(Model):
    """A file: ``type`` is ``file``, ``external`` or (when written) ``file_upload``."""

    type: Maybe[str] = UNSET
    name: Maybe[str] = UNSET
    file: Lazy[Maybe[HostedFile]] = UNSET
    external: Lazy[Maybe[ExternalFile]] = UNSET
    file_upload: Lazy[Maybe[UploadedFile]] = UNSET

    @property
    def url(self) -> str | None:
        """Where it can be fetched now; None for an upload that is only being attached."""
        if self.file:
            return self.file.url
        return self.external.url if self.external else None


@model
class CustomEmoji(Model):
    """An emoji that the workspace made."""

    id: str
    name: ReadOnly[Maybe[str]] = UNSET
    url: ReadOnly[Maybe[str]] = UNSET


@model
class NativeIcon(Model):
    """One of the icons that Notion draws."""

    name: str
    color: Maybe[str] = UNSET


@model
class Icon(Model):
    """An emoji or a picture beside a title.  `type` names the field that is set."""

    type: Maybe[str] = UNSET
    emoji: Maybe[str] = UNSET
    external: Lazy[Maybe[ExternalFile]] = UNSET
    file: Lazy[Maybe[HostedFile]] = UNSET
    file_upload: Lazy[Maybe[UploadedFile]] = UNSET
    custom_emoji: Lazy[Maybe[CustomEmoji]] = UNSET
    icon: Lazy[Maybe[NativeIcon]] = UNSET


class WithIcon(Content):
    """A content that may wear an icon."""

    __slots__ = ()

    def _to_request(self) -> JSONObject:
        fields = super()._to_request()
        if hasattr(self, "_source") and fields.get("icon") is None:
            fields.pop("icon", None)  # Notion sends null where there is none, and accepts no null
        return fields
