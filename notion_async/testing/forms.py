"""Forms with files in them: multipart/form-data (RFC 7578), as clients of all kinds send it."""

from __future__ import annotations

from collections.abc import Mapping
from email import message_from_string
from email.message import Message
from email.utils import collapse_rfc2231_value

import attrs

from notion_async.testing.checks import invalid


@attrs.frozen
class Field:
    """One field of a form.

    Attributes:
        content: Its bytes.
        filename: The name of the file that it holds; None where it says none.
        content_type: The type of that; None where it says none.
    """

    content: bytes = attrs.field(repr=False)
    filename: str | None
    content_type: str | None


def form_of(headers: Mapping[str, str], body: bytes) -> dict[str, Field]:
    """Return the fields of a form by name.

    Raises:
        RefusalError: It is none, or does not end.
    """
    content_type = headers.get("Content-Type", "")
    # In this encoding each byte is one character: whatever a file holds, it stays as it is.
    text = f"Content-Type: {content_type}\r\n\r\n" + body.decode("latin-1")
    message = message_from_string(text)
    if message.get_content_type() != "multipart/form-data" or message.defects:
        # The words are ours: no exchange with Notion shows its own.
        raise invalid("The body should be a form, as multipart/form-data.")
    found = {}
    for part in message.walk():
        name, content = _parameter(part, "name"), part.get_payload()
        if name is not None and isinstance(content, str):
            found[name] = Field(
                content.encode("latin-1"),
                filename=_parameter(part, "filename") or None,
                content_type=part.get_content_type() if "Content-Type" in part else None,
            )
    return found


def _parameter(part: Message, name: str) -> str | None:
    value = part.get_param(name, header="content-disposition")
    if isinstance(value, tuple):
        return collapse_rfc2231_value(value)
    try:
        return value and value.encode("latin-1").decode()
    except UnicodeError:
        return value
