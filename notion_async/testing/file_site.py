"""Where the links of files lead: the bytes, for as long as a link is good, as S3 serves them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.message import Message
from hmac import compare_digest
from typing import Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element, SubElement, tostring

from notion_async.testing.api import Answer, Site, Visit
from notion_async.testing.files import ROOT, VALID, signature
from notion_async.testing.records import timestamp
from notion_async.testing.store import Store
from notion_async.testing.uploads import Uploads

_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_ANY_TYPE: Final = "application/octet-stream"


def file_site(store: Store) -> Site:
    """Return what answers requests for files."""

    def answer(visit: Visit) -> Answer:
        query = dict(visit.query)
        expires, given = query.get("expires", ""), query.get("signature", "")
        if not expires or not given:
            return _refused(visit, 403, "AccessDenied", "Access Denied")
        # A link is good for reading alone: with S3, too, it does not allow as much as HEAD.
        if visit.method != "GET" or not compare_digest(
            given.encode(), signature(visit.path, expires).encode()
        ):
            message = "The signature of the request does not match the one it came with."
            return _refused(visit, 403, "SignatureDoesNotMatch", message)
        end = datetime.fromtimestamp(int(expires), UTC)
        if store.wall() >= end:
            times = {
                "X-Amz-Expires": str(int(VALID.total_seconds())),
                "Expires": timestamp(end),
                "ServerTime": timestamp(store.wall()),
            }
            return _refused(visit, 403, "AccessDenied", "Request has expired", **times)
        return _served(store, visit)

    return answer


def _served(store: Store, visit: Visit) -> Answer:
    identity = visit.path.removeprefix(ROOT).partition("/")[0]
    record = store.get("file_upload", identity)
    content = store.part(Uploads).of(identity).content
    if record is None or content is None:
        message = "The specified key does not exist."
        return _refused(visit, 404, "NoSuchKey", message, Key=unquote(visit.path))
    data = record.decoded()
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Type": data["content_type"] or _ANY_TYPE,
        "Content-Disposition": _disposition(data["filename"] or "file"),
    }
    wanted = _RANGE.fullmatch(visit.headers.get("Range", ""))
    if wanted is None or not any(wanted.groups()):
        return Answer(200, content, headers, visit.path)
    start, end = _bounds(wanted[1], wanted[2], len(content))
    if start >= end:
        message = "The requested range is not satisfiable"
        return _refused(visit, 416, "InvalidRange", message, ActualObjectSize=str(len(content)))
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(content)}"
    return Answer(206, content[start:end], headers, visit.path)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """Return from where to where a range goes; the last byte in it is before the end."""
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size


def _disposition(filename: str) -> str:
    message = Message()
    plain = filename.isascii() and filename.isprintable()
    name = filename if plain else ("utf-8", "", filename)
    message.add_header("Content-Disposition", "inline", filename=name)
    return str(message["Content-Disposition"])


def _refused(visit: Visit, status: int, code: str, message: str, **further: str) -> Answer:
    error = Element("Error")
    for name, text in {"Code": code, "Message": message, **further}.items():
        SubElement(error, name).text = text
    body: bytes = tostring(error, encoding="utf-8", xml_declaration=True)
    return Answer(status, body, {"Content-Type": "application/xml"}, visit.path)
