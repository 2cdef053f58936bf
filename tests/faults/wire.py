"""Answers in bytes, right and wrong."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

import attrs

Packing: TypeAlias = Literal["gzip", "deflate"]


class Headers(Mapping[str, str]):
    """Headers by name, in any case; of several with one name, the last."""

    def __init__(self, pairs: Mapping[str, str] | list[tuple[str, str]]) -> None:
        items = pairs.items() if isinstance(pairs, Mapping) else pairs
        self.pairs = list(items)
        self._values = {name.lower(): value for name, value in self.pairs}

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values


@attrs.frozen
class Reply:
    """What a handler answers."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = attrs.field(factory=dict)


def reply(data: object, status: int = 200, **headers: str) -> Reply:
    """Return an answer with that JSON; ``retry_after="1"`` becomes a header ``retry-after``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, json.dumps(data).encode(), {"Content-Type": "application/json", **named})


def error(status: int, code: str, message: str = "no", **headers: str) -> Reply:
    """Return an error as Notion words it."""
    body = {"object": "error", "status": status, "code": code, "message": message}
    return reply(body, status, **headers)


def failing(status: int, code: str = "", **additional: object) -> Reply:
    """Return an error with additional data."""
    body = {"object": "error", "status": status, "code": code, "message": "no"}
    return reply({**body, "additional_data": additional} if additional else body, status)


def head(
    status: int | str = 200,
    headers: Mapping[str, object] | None = None,
    *,
    version: str = "HTTP/1.1",
) -> bytes:
    """Return a status line and headers, the empty line included."""
    lines = [f"{version} {status} X", *(f"{name}: {it}" for name, it in (headers or {}).items())]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1")


def framed(answer: Reply) -> bytes:
    """Return the bytes of an answer whose length is said."""
    length = {"Content-Length": len(answer.body)}
    return head(answer.status, {**answer.headers, **length}) + answer.body


def in_chunks(answer: Reply, size: int = 7) -> bytes:
    """Return the bytes of an answer that comes in chunks."""
    coding = {"Transfer-Encoding": "chunked"}
    return head(answer.status, {**answer.headers, **coding}) + chunks(answer.body, size)


def chunks(body: bytes, size: int) -> bytes:
    parts = (body[start : start + size] for start in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def until_closed(answer: Reply) -> bytes:
    """Return the bytes of an answer that ends where the connection does."""
    return head(answer.status, {**answer.headers, "Connection": "close"}) + answer.body


def packed(answer: Reply, *codings: Packing, said: str | None = None) -> Reply:
    """Return the answer in these encodings, one around the other.

    Args:
        answer: What is packed.
        codings: The inmost first.
        said: What the header says; by default the truth.
    """
    body = answer.body
    for coding in codings:
        body = gzip.compress(body, mtime=0) if coding == "gzip" else zlib.compress(body)
    named = ", ".join(codings) if said is None else said
    return Reply(answer.status, body, {**answer.headers, "Content-Encoding": named})


def http(
    body: bytes = b"{}", *, status: int = 200, headers: str = "", length: int | None = None
) -> bytes:
    """Return an answer; `headers` are lines with their ends, `length` may lie."""
    size = len(body) if length is None else length
    lines = f"HTTP/1.1 {status} X\r\nContent-Length: {size}\r\n{headers}\r\n"
    return lines.encode() + body


def chunked(*parts: bytes, headers: str = "") -> bytes:
    """Return a success in these chunks."""
    lines = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{headers}\r\n".encode()
    return lines + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def bomb(size: int, coding: Packing = "gzip") -> bytes:
    """Return an answer of zeros, which is small until it is unpacked."""
    return framed(packed(Reply(body=bytes(size)), coding))


ENDLESS = head(200, {"Content-Length": 10**6}) + b"{"
"""The beginning of a body that is never whole."""
ENDLESS_CHUNKS = head(200, {"Transfer-Encoding": "chunked"}) + b"fffff\r\n{"
