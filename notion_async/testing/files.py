"""Files in objects: attached by the id of an upload, and read by a link that is good for an hour.

A stored object holds no link but a place for one.  Whenever an answer goes out, the places in it
are filled with links that were signed there and then.

Notion: https://developers.notion.com/reference/file-object
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import timedelta
from typing import Final
from urllib.parse import quote, unquote

from notion_async.testing.checks import (
    Decoded,
    RefusalError,
    a_string,
    a_uuid,
    an_array,
    an_object,
    invalid,
    known_fields,
    one_of,
)
from notion_async.testing.file_types import category
from notion_async.testing.records import timestamp
from notion_async.testing.store import Store
from notion_async.testing.uploads import Uploads, settled
from notion_async.types import UNSET

ROOT: Final = "/files/"
"""What the path of every link begins with."""

VALID: Final = timedelta(hours=1)
"""How long a link is good for."""

MOST_ATTACHMENTS: Final = 3
"""How many files a comment may have."""

_MARK: Final = "emulator-file:"
_PLACES: Final = re.compile(_MARK.encode() + rb'([0-9a-f-]{36}/[\w%.~-]*)(","expiry_time":")?')
_LINK: Final = re.compile(r"https?://[^/]+/files/([0-9a-f-]{36})/([^/?]*)\?.*")
_KEY: Final = b"notion_async.testing"  # guards nothing but this emulator


def uploaded(store: Store, identity: object, where: str, accepts: str = "") -> Decoded:
    """Return the file that was uploaded, as objects keep it.

    Args:
        store: Where it is attached, once all else in the request has proved right, too.
        identity: The id of the upload.
        where: Where that was given.
        accepts: The category that it has to be of; empty for any.

    Raises:
        RefusalError: There is no such upload, it is not there yet or no more, or does not suit.
    """
    data = _uploaded(store, identity, where)
    kind = category(data["content_type"] or "")
    if accepts and kind != accepts:
        # The words are ours: no exchange with Notion shows its own.
        raise invalid(
            f"{where}: a file of type {data['content_type']} cannot be used here, only one of "
            f"category {accepts}."
        )
    return {"type": "file", "file": _place(data["id"], data["filename"] or "file")}


def attachments(store: Store, value: object, where: str) -> list[Decoded]:
    """Return what is attached to a comment, as it keeps it."""
    found = []
    for index, given in enumerate(an_array(value, where, most=MOST_ATTACHMENTS)):
        path = f"{where}[{index}]"
        attachment = an_object(given, path)
        known_fields(attachment, path, ("type", "file_upload_id"))
        one_of(attachment.get("type", "file_upload"), f"{path}.type", ("file_upload",))
        path += ".file_upload_id"
        data = _uploaded(store, attachment.get("file_upload_id", UNSET), path)
        found.append(
            {
                "category": category(data["content_type"] or ""),
                "file": _place(data["id"], data["filename"] or "file"),
            }
        )
    return found


def given_back(store: Store, value: object, where: str) -> Decoded:
    """Return a file that Notion holds, which was read and is written again."""
    given = an_object(value, where)
    known_fields(given, where, ("url", "expiry_time"))
    url = a_string(given.get("url", UNSET), f"{where}.url")
    ours = _LINK.fullmatch(url)
    if ours is not None and store.part(Uploads).knows(ours[1]):
        return {"type": "file", "file": _place(ours[1], unquote(ours[2]))}
    expiry_time = given.get("expiry_time", timestamp(store.wall() + VALID))
    return {
        "type": "file",
        "file": {"url": url, "expiry_time": a_string(expiry_time, f"{where}.expiry_time")},
    }


def name_of(file: Decoded) -> str | None:
    """Return the name that an uploaded file has; None where `file` is no such."""
    url = file.get("file", {}).get("url", "")
    return unquote(url.rpartition("/")[2]) if url.startswith(_MARK) else None


def _uploaded(store: Store, identity: object, where: str) -> Decoded:
    found = store.get("file_upload", a_uuid(identity, where))
    data: Decoded = {} if found is None else settled(store, found).decoded()
    if found is None or data["status"] != "uploaded":
        raise _not_there(store, str(identity))
    store.part(Uploads).used.add(found.id)
    return data


def _place(identity: str, name: str) -> Decoded:
    return {"url": f"{_MARK}{identity}/{quote(name, safe='')}", "expiry_time": ""}


def signed(store: Store, base_url: str, body: bytes) -> bytes:
    """Return an answer with links in it, where there are places for them."""
    if _MARK.encode() not in body:
        return body
    moment = (store.wall() + VALID).replace(microsecond=0)
    expires = str(int(moment.timestamp()))

    def fill(place: re.Match[bytes]) -> bytes:
        path = ROOT + place[1].decode()
        link = f"{base_url}{path}?expires={expires}&signature={signature(path, expires)}"
        return (link + (f'","expiry_time":"{timestamp(moment)}' if place[2] else "")).encode()

    return _PLACES.sub(fill, body)


def signature(path: str, expires: str) -> str:
    """Return what proves that a link to this path, until this second, was given out."""
    # Clients may write the same path in several ways.
    text = f"{unquote(path)}\n{expires}".encode()
    return hmac.new(_KEY, text, hashlib.sha256).hexdigest()


def _not_there(store: Store, identity: str) -> RefusalError:
    # (3P) As others have seen it; the status goes with the code.
    return RefusalError(
        404,
        "object_not_found",
        f"Could not find file_upload with ID: {identity}. Confirm the status of the file upload "
        "is `uploaded` and that your integration has capabilities to update or insert content.",
        additional_data={"integration_id": store.bot.id},
    )
