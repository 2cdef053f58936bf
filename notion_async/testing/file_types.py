"""Which files Notion takes: by extension and MIME type, and what each can be shown as.

Notion: https://developers.notion.com/guides/data-apis/working-with-files-and-media
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from notion_async.testing.checks import invalid

LONGEST_NAME: Final = 900
"""Bytes that a file name may have, extension included."""

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"

# The first type is the one that an extension stands for.  Further ones are other names for it:
# that Notion takes all of those is assumed.
_TYPES: Final[dict[str, tuple[str, ...]]] = {
    "aac": ("audio/aac", "audio/x-aac"),
    "adts": ("audio/aac",),
    "mp3": ("audio/mpeg", "audio/mp3"),
    "mpga": ("audio/mpeg",),
    "mid": ("audio/midi", "audio/x-midi", "audio/sp-midi"),
    "midi": ("audio/midi", "audio/x-midi"),
    "m4a": ("audio/mp4", "audio/x-m4a", "audio/mp4a-latm"),
    "m4b": ("audio/mp4",),
    "ogg": ("audio/ogg",),
    "oga": ("audio/ogg",),
    "wav": ("audio/wav", "audio/x-wav", "audio/vnd.wave"),
    "wma": ("audio/x-ms-wma",),
    "pdf": ("application/pdf",),
    "txt": ("text/plain",),
    "html": ("text/html",),
    "json": ("application/json",),
    "doc": ("application/msword",),
    "dot": ("application/msword",),
    "docx": (f"{_OFFICE}.wordprocessingml.document",),
    "dotx": (f"{_OFFICE}.wordprocessingml.template",),
    "xls": ("application/vnd.ms-excel",),
    "xlt": ("application/vnd.ms-excel",),
    "xla": ("application/vnd.ms-excel",),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet",),
    "xltx": (f"{_OFFICE}.spreadsheetml.template",),
    "ppt": ("application/vnd.ms-powerpoint",),
    "pot": ("application/vnd.ms-powerpoint",),
    "pps": ("application/vnd.ms-powerpoint",),
    "ppa": ("application/vnd.ms-powerpoint",),
    "pptx": (f"{_OFFICE}.presentationml.presentation",),
    "potx": (f"{_OFFICE}.presentationml.template",),
    "gif": ("image/gif",),
    "heic": ("image/heic",),
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "png": ("image/png",),
    "svg": ("image/svg+xml",),
    "tif": ("image/tiff",),
    "tiff": ("image/tiff",),
    "webp": ("image/webp",),
    "ico": ("image/vnd.microsoft.icon", "image/x-icon"),
    "mp4": ("video/mp4", "application/mp4", "audio/mp4"),
    "amv": ("video/x-amv",),
    "asf": ("video/x-ms-asf", "application/vnd.ms-asf"),
    "wmv": ("video/x-ms-asf", "video/x-ms-wmv"),
    "avi": ("video/x-msvideo",),
    "f4v": ("video/x-f4v", "video/mp4"),
    "flv": ("video/x-flv",),
    "gifv": ("video/mp4",),
    "m4v": ("video/mp4", "video/x-m4v"),
    "webm": ("video/webm",),
    "mkv": ("video/webm", "video/x-matroska"),
    "mov": ("video/quicktime",),
    "qt": ("video/quicktime",),
    "mpeg": ("video/mpeg",),
}

_EXTENSIONS: Final[dict[str, str]] = {
    kind: extension for extension, kinds in reversed(_TYPES.items()) for kind in kinds
}
"""The extension of each type: the first one above that has it."""


def named(filename: str | None, content_type: str | None) -> tuple[str | None, str | None]:
    """Return name and type of a file, each filled in from the other.

    Raises:
        RefusalError: They do not suit each other, or Notion takes no such file.
    """
    if content_type is not None and content_type not in _EXTENSIONS:
        # (3P) The words are from memory of the live API, as those about the extension.
        raise invalid(f"The content type {content_type} is not supported for the File Upload API.")
    if filename is None:
        return None, content_type
    extension = PurePosixPath(filename).suffix.lower().removeprefix(".")
    if not extension and content_type is not None:
        filename += f".{_EXTENSIONS[content_type]}"
    # The other words are ours: no exchange with Notion shows its own.
    elif not extension:
        raise invalid("Provided `filename` must have an extension, or be given a `content_type`.")
    elif extension not in _TYPES:
        raise invalid(
            "Provided `filename` has an extension that is not supported for the File Upload API."
        )
    elif content_type is None:
        content_type = _TYPES[extension][0]
    elif content_type not in _TYPES[extension]:
        raise invalid(
            f"Provided `filename` has an extension that does not match its content type, "
            f"{content_type}."
        )
    if not 0 < len(filename.encode()) <= LONGEST_NAME:
        raise invalid(f"Provided `filename` should have from 1 to {LONGEST_NAME} bytes.")
    return filename, content_type


def category(content_type: str) -> str:
    """Return what a file is: audio, image, pdf, video, or productivity for all others."""
    if content_type in ("application/pdf", "application/mp4"):
        return "pdf" if content_type.endswith("pdf") else "video"
    kind = content_type.partition("/")[0]
    return kind if kind in ("audio", "image", "video") else "productivity"
