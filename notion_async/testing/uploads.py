"""Uploads on their way: what has come of each, and what time makes of them.

Notion: https://developers.notion.com/reference/file-upload
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import attrs

from notion_async.testing.records import Record, timestamp
from notion_async.testing.store import Store
from notion_async.types import JSON

LIFE: Final = timedelta(hours=1)
"""How long an upload waits to be attached."""

IMPORT: Final = timedelta(milliseconds=500)
"""How long it takes to fetch what is behind a link."""


@attrs.define
class Upload:
    """What belongs to an upload, beside the object that tells of it.

    Attributes:
        ends: When it expires; never, where it was attached, or was not begun here.
        parts: What was sent, by number.
        content: The whole file.
        link: What it is imported from.
        imported: When that is done.
    """

    ends: datetime | None = None
    parts: dict[int, bytes] = attrs.field(factory=dict, repr=False)
    content: bytes | None = attrs.field(default=None, repr=False)
    link: str = ""
    imported: datetime | None = None


class Uploads:
    """The uploads of a workspace.

    Attributes:
        used: The ids of those that a request wants to attach.
    """

    def __init__(self) -> None:
        self._uploads: dict[str, Upload] = {}
        self.used: set[str] = set()

    def of(self, identity: str) -> Upload:
        """Return what belongs to the upload of this id."""
        return self._uploads.setdefault(identity, Upload())

    def knows(self, identity: str) -> bool:
        """Tell whether there is an upload of this id, or a file made of it."""
        return identity in self._uploads

    def attach(self, store: Store) -> None:
        """Keep for good what has been used."""
        for identity in sorted(self.used):
            self.of(identity).ends = None
            record = store.find("file_upload", identity)
            if record.decoded().get("expiry_time") is not None:
                store.change(record, expiry_time=None)
        self.used.clear()


def settled(store: Store, record: Record) -> Record:
    """Return an upload as it is now: imports come to an end, and what is not attached expires."""
    upload = store.part(Uploads).of(record.id)
    now = store.wall()
    if upload.imported is not None and now >= upload.imported:
        record = _imported(store, record, upload, upload.imported)
        upload.imported = None
    open_still = record.decoded()["status"] in ("pending", "uploaded")
    if open_still and upload.ends is not None and now >= upload.ends:
        upload.content = None
        upload.parts.clear()
        record = store.change(record, status="expired")
    return record


def _imported(store: Store, record: Record, upload: Upload, moment: datetime) -> Record:
    """End an import.

    Nothing is fetched: the bytes are made up, and hosts below `.invalid` cannot be reached.
    """
    imported_time = timestamp(moment).replace("Z", "+00:00")
    if (urlsplit(upload.link).hostname or "").endswith(".invalid"):
        # What Notion says in such a case is not recorded.
        error: dict[str, JSON] = {
            "type": "download_error",
            "code": "download_failed",
            "message": "The file could not be downloaded from the external URL.",
            "parameter": "external_url",
            "status_code": None,
        }
        failure: dict[str, JSON] = {
            "type": "error",
            "error": error,
            "imported_time": imported_time,
        }
        return store.change(record, status="failed", file_import_result=failure)
    upload.content = f"Made up by the emulator, for {upload.link}\n".encode()
    result: dict[str, JSON] = {"type": "success", "success": {}, "imported_time": imported_time}
    return store.change(
        record,
        status="uploaded",
        content_length=len(upload.content),
        file_import_result=result,
    )
