"""File uploads: begun, sent in one part or several, completed; or imported from a link.

Where no source is named, the words of refusals are ours: no exchange with Notion shows its own.

Notion: https://developers.notion.com/reference/file-upload
"""

from __future__ import annotations

import ipaddress
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec

from notion_async.testing.call import PAGING, Call
from notion_async.testing.checks import (
    Decoded,
    a_number,
    a_string,
    failed,
    invalid,
    one_of,
)
from notion_async.testing.file_types import named
from notion_async.testing.forms import Field, form_of
from notion_async.testing.paging import listing
from notion_async.testing.records import Record, timestamp
from notion_async.testing.store import Store
from notion_async.testing.uploads import IMPORT, LIFE, Uploads, settled
from notion_async.types import JSON, UNSET

MEBIBYTE: Final = 1024 * 1024
LARGEST_PART: Final = 20 * MEBIBYTE
SMALLEST_PART: Final = 5 * MEBIBYTE
MOST_PARTS: Final = 1000

_MODES: Final = ("single_part", "multi_part", "external_url")
_STATUSES: Final = ("pending", "uploaded", "expired", "failed")
_ANY_TYPE: Final = "application/octet-stream"


def create(call: Call) -> bytes:
    """Begin an upload."""
    call.allow(body=("mode", "filename", "content_type", "number_of_parts", "external_url"))
    store, body = call.store, call.body
    mode = one_of(body.get("mode", _MODES[0]), "body.mode", _MODES)
    number_of_parts = _number_of_parts(body, mode)
    link = _link(body, mode)
    filename, content_type = named(_given_name(body, mode, link), _text(body, "content_type"))
    if link and content_type is None:
        # Notion asks the server.  Nothing is fetched here, so the name has to tell.
        raise invalid("The content type of the file at `external_url` is not known.")
    now = store.wall()
    begun = now.replace(second=0, microsecond=0)
    data: Decoded = {
        "object": "file_upload",
        "id": store.new_id(),
        "created_time": timestamp(begun),
        "created_by": {"id": store.bot.id, "type": "bot"},
        "last_edited_time": timestamp(begun),
        "expiry_time": timestamp(begun + LIFE),
        "in_trash": False,
        "status": "pending",
        "filename": filename,
        "content_type": content_type,
        "content_length": None,
        "archived": False,
    }
    if number_of_parts:
        data["number_of_parts"] = {"total": number_of_parts, "sent": 0}
    record = store.add(data)
    upload = store.part(Uploads).of(record.id)
    upload.ends = begun + LIFE
    if link:
        upload.link, upload.imported = link, now + IMPORT
    return _shown(call, record)


def send(call: Call) -> bytes:
    """Take a file, or a part of it."""
    call.allow()
    record = _pending(call)
    if call.store.part(Uploads).of(record.id).link:
        raise invalid(f"File upload {record.id} is imported from `external_url`: nothing is sent.")
    form = form_of(call.headers, call.raw)
    file = form.get("file")
    if file is None:
        raise failed("body.file", "defined", UNSET)
    if not 0 < len(file.content) <= LARGEST_PART:
        raise invalid(
            f"The file should have from 1 to {LARGEST_PART} bytes, instead had "
            f"{len(file.content)}: larger ones are sent in parts."
        )
    names = _names(record, file)
    if "number_of_parts" in record.decoded():
        return _shown(call, _part_sent(call.store, record, form, file, names))
    if "part_number" in form:
        raise failed("body.part_number", "not present", _number_text(form["part_number"]))
    _check_size(call.store, len(file.content))
    call.store.part(Uploads).of(record.id).content = file.content
    return _shown(call, _finished(call.store, record, len(file.content), names))


def complete(call: Call) -> bytes:
    """Put the parts of a file together."""
    call.allow()
    store, record = call.store, _pending(call)
    number_of_parts = record.decoded().get("number_of_parts")
    if number_of_parts is None:
        raise invalid(f"File upload {record.id} was not created with a mode of `multi_part`.")
    upload = store.part(Uploads).of(record.id)
    numbers = range(1, number_of_parts["total"] + 1)
    missing = [str(number) for number in numbers if number not in upload.parts]
    if missing:
        raise invalid(
            f"File upload {record.id} cannot be completed: parts {', '.join(missing)} have not "
            "been sent."
        )
    upload.content = b"".join(upload.parts[number] for number in numbers)
    upload.parts.clear()
    return _shown(call, _finished(store, record, len(upload.content), {}))


def retrieve(call: Call) -> bytes:
    """Answer with an upload as it is now."""
    call.allow()
    return _shown(call, _found(call))


def list_all(call: Call) -> bytes:
    """Answer with all uploads, the latest first."""
    call.allow(query=("status", *PAGING))
    status = call.query.get("status", [""])[-1]
    if "status" in call.query:
        one_of(status, "query.status", _STATUSES)
    table = call.store.tables["file_upload"]
    uploads = [settled(call.store, record) for record in reversed(list(table.values()))]
    uploads.sort(key=lambda upload: upload.created, reverse=True)
    chosen = [one for one in uploads if not status or one.decoded()["status"] == status]
    page, cursor = call.page_of(chosen, key=lambda upload: upload.id, scope=status)
    return listing((_shown(call, upload) for upload in page), cursor, "file_upload")


def _found(call: Call) -> Record:
    return settled(call.store, call.store.find("file_upload", call.ids["file_upload_id"]))


def _pending(call: Call) -> Record:
    """Return the upload, which must still be open."""
    record = _found(call)
    status = record.decoded()["status"]
    if status != "pending":
        raise invalid(f"File upload {record.id} should be `pending`, instead was `{status}`.")
    return record


def _shown(call: Call, record: Record) -> bytes:
    data = record.decoded()
    if data["status"] != "pending":
        data.pop("upload_url", None)
        data.pop("complete_url", None)
        return msgspec.json.encode(data)
    address = f"{call.base_url}/v1/file_uploads/{record.id}"
    data.setdefault("upload_url", f"{address}/send")
    if "number_of_parts" in data:
        data.setdefault("complete_url", f"{address}/complete")
    return msgspec.json.encode(data)


# What an upload begins with


def _text(body: Decoded, name: str) -> str | None:
    return a_string(body[name], f"body.{name}") if name in body else None


def _given_name(body: Decoded, mode: str, link: str) -> str | None:
    filename = _text(body, "filename")
    if filename is None and mode == "multi_part":
        raise failed("body.filename", "defined", UNSET)
    if filename is None and link:
        return PurePosixPath(unquote(urlsplit(link).path)).name or None
    return filename


def _number_of_parts(body: Decoded, mode: str) -> int:
    """Return in how many parts the file comes; 0 where it does not come in parts."""
    where = "body.number_of_parts"
    if mode != "multi_part":
        if "number_of_parts" in body:
            raise failed(where, "not present", body["number_of_parts"])
        return 0
    number = a_number(body.get("number_of_parts", UNSET), where)
    if number < 1 or number != int(number):
        raise failed(where, "≥ `1`", number)
    if number > MOST_PARTS:
        raise failed(where, f"≤ `{MOST_PARTS}`", number)
    return int(number)


def _link(body: Decoded, mode: str) -> str:
    """Return what the file is imported from; empty where it is not."""
    where = "body.external_url"
    if mode != "external_url":
        if "external_url" in body:
            raise failed(where, "not present", body["external_url"])
        return ""
    link = a_string(body.get("external_url", UNSET), where)
    try:
        address = urlsplit(link)
    except ValueError:
        raise failed(where, "a valid URL", link) from None
    if address.scheme != "https" or not _is_public(address.hostname or ""):
        raise invalid("Provided `external_url` should be an HTTPS URL that is open to all.")
    return link


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(".localhost")


# What is sent


def _names(record: Record, file: Field) -> dict[str, JSON]:
    """Return name and type of the file: as it was begun with, else as it is sent."""
    data = record.decoded()
    sent = None if file.content_type == _ANY_TYPE else file.content_type
    if data["content_type"] is not None and sent not in (None, data["content_type"]):
        raise invalid(
            f"The content type of the file should be {data['content_type']}, as of its file "
            f"upload, instead was {sent}."
        )
    filename, content_type = named(data["filename"] or file.filename, data["content_type"] or sent)
    if content_type is None:
        raise invalid("The content type of the file is not known: it has neither name nor type.")
    return {"filename": filename, "content_type": content_type}


def _part_sent(
    store: Store, record: Record, form: dict[str, Field], file: Field, names: dict[str, JSON]
) -> Record:
    """Keep a part, in place of an earlier one of the same number."""
    total = record.decoded()["number_of_parts"]["total"]
    text = _number_text(form["part_number"]) if "part_number" in form else UNSET
    number = int(text) if isinstance(text, str) and text.isdecimal() else 0
    if not 1 <= number <= total:
        raise failed("body.part_number", f"a number from 1 to {total}", text)
    if len(file.content) < SMALLEST_PART and number != total:
        raise invalid(
            f"Part {number} should have {SMALLEST_PART} bytes or more, instead had "
            f"{len(file.content)}: only the last part may be smaller."
        )
    parts = store.part(Uploads).of(record.id).parts
    others = sum(len(part) for key, part in parts.items() if key != number)
    _check_size(store, others + len(file.content))
    parts[number] = file.content
    sent: dict[str, JSON] = {"total": total, "sent": len(parts)}
    return store.change(record, number_of_parts=sent, last_edited_time=store.minute(), **names)


def _number_text(field: Field) -> str:
    return field.content.decode(errors="replace")


def _check_size(store: Store, size: int) -> None:
    limits = store.bot.decoded()["bot"].get("workspace_limits", {})
    limit = limits.get("max_file_upload_size_in_bytes")
    if limit is not None and size > limit:
        # (3P) In part: others look for these words.
        raise invalid(
            f"File size of {size} bytes exceeds the limit of {limit} bytes for this workspace."
        )


def _finished(store: Store, record: Record, size: int, names: dict[str, JSON]) -> Record:
    return store.change(
        record,
        status="uploaded",
        content_length=size,
        last_edited_time=store.minute(),
        **names,
    )
