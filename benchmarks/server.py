"""A server on loopback that is fast: every answer is made before the first request comes.

It runs in a process of its own, until its input ends:
``python -m benchmarks.server ROWS [CPU]`` writes its port.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from benchmarks import payload

_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_CURSOR: Final = re.compile(rb'"start_cursor": *"([^"]+)"')
_WARM_ANSWERS: Final = 3
# What Notion's edge sends along: reading headers is part of what a request costs.
_HEAD: Final = (
    "HTTP/1.1 200 OK\r\n"
    "Date: Sun, 01 Mar 2026 09:00:00 GMT\r\n"
    "Content-Type: application/json; charset=utf-8\r\n"
    "Content-Length: {length}\r\n"
    "Connection: keep-alive\r\n"
    "Server: cloudflare\r\n"
    "CF-Ray: 91a2b3c4d5e6f708-FRA\r\n"
    "CF-Cache-Status: DYNAMIC\r\n"
    'ETag: W/"400-abcdefghijklmnopqrstuvwxyz0"\r\n'
    "Strict-Transport-Security: max-age=5184000; includeSubDomains\r\n"
    "Vary: Accept-Encoding\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Notion-Request-Id: 6c1f9a1e-0000-4000-8000-5d7a2b0e9f11\r\n"
    "\r\n"
)
_UNKNOWN: Final = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}"

Listings = Mapping[bytes, Mapping[bytes, bytes]]
"""The answers of a listing by its path, each by its cursor."""


def whole(body: bytes) -> bytes:
    """Return an answer with its head."""
    return _HEAD.format(length=len(body)).encode() + body


def listing(answers: Sequence[bytes]) -> dict[bytes, bytes]:
    """Return the answers of a listing by their cursors; the first one has none."""
    return {
        payload.uid(place).encode() if place else b"": whole(body)
        for place, body in enumerate(answers)
    }


class Answering(asyncio.Protocol):
    """One connection.

    Args:
        page: The answer to every GET.
        listings: The answers to every POST.
    """

    def __init__(self, page: bytes, listings: Listings) -> None:
        self._page = page
        self._listings = listings
        self._rest = b""
        self._write: Callable[[bytes], None] = _nowhere

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to write."""
        if isinstance(transport, asyncio.Transport):
            self._write = transport.write
            connection = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        data = self._rest + data
        while (head_end := data.find(b"\r\n\r\n")) >= 0:
            end = head_end + 4
            if data.startswith(b"GET "):
                self._write(self._page)
            else:
                found = _LENGTH.search(data, 0, head_end)
                body_start, end = end, end + (int(found[1]) if found else 0)
                if len(data) < end:
                    break
                self._write(self._of_listing(data, body_start, end))
            data = data[end:]
        self._rest = data

    def _of_listing(self, data: bytes, start: int, end: int) -> bytes:
        path = data[: data.find(b" ", 5)].removeprefix(b"POST ")
        cursor = _CURSOR.search(data, start, end)
        answers = self._listings.get(path, {})
        return answers.get(cursor[1] if cursor else b"", _UNKNOWN)


def _nowhere(_data: bytes) -> None:
    """Write to a connection that is not made yet."""


def path_of(data_source_id: str) -> bytes:
    """Return the path of a query."""
    return f"/v1/data_sources/{data_source_id}/query".encode()


async def serve(rows: int) -> None:
    """Serve until the input ends."""
    page = whole(payload.small_page())
    few = payload.answers(_WARM_ANSWERS * payload.ROWS_PER_ANSWER)
    listings = {path_of(payload.FEW_ROWS): listing(few)}
    if rows:
        listings[path_of(payload.ROWS)] = listing(payload.answers(rows))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Answering(page, listings), "127.0.0.1", 0, backlog=1024
    )
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        os.sched_setaffinity(0, {int(sys.argv[2])})
    asyncio.run(serve(int(sys.argv[1])))
