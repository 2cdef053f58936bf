"""A file as the body of a request: multipart/form-data (RFC 7578).

Written here because aiohttp's form holds the file in a writer of its own, which cannot be sent a
second time.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

import attrs

_QUOTED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


@attrs.frozen
class Multipart:
    """A form with some fields and one file."""

    fields: Mapping[str, str]
    """Texts by name."""
    name: str
    """The name of the field that holds the file."""
    filename: str
    content_type: str
    content: bytes = attrs.field(repr=False)

    def encode(self) -> tuple[str, tuple[bytes, ...]]:
        """Return the content type, and the body in pieces: the file itself is not copied."""
        boundary = secrets.token_hex(16)
        head = [
            f"--{boundary}\r\nContent-Disposition: form-data; name={_quoted(name)}\r\n\r\n"
            f"{value}\r\n"
            for name, value in self.fields.items()
        ]
        head.append(
            f"--{boundary}\r\nContent-Disposition: form-data; name={_quoted(self.name)}; "
            f"filename={_quoted(self.filename)}\r\nContent-Type: {_line(self.content_type)}"
            "\r\n\r\n"
        )
        tail = f"\r\n--{boundary}--\r\n"
        return (
            f"multipart/form-data; boundary={boundary}",
            ("".join(head).encode(), self.content, tail.encode()),
        )


def _quoted(text: str) -> str:
    return f'"{text.translate(_QUOTED)}"'


def _line(text: str) -> str:
    return text.translate(_QUOTED) if "\r" in text or "\n" in text else text
