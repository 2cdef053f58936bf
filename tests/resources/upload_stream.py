"""Upload a stream of so many MiB and print by how many bytes the process grew, as a program."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from notion_async import AsyncClient

MIB = 1024 * 1024
PART = 10 * MIB


def pieces(count: int) -> Iterator[bytes]:
    """Yield MiBs, no two of them equal."""
    for number in range(count):
        yield number.to_bytes(8, "big") * (MIB // 8)


def digests(count: int) -> list[str]:
    """Return what the parts of `count` MiB hash to."""
    found = []
    hashed = hashlib.sha256()
    for number, piece in enumerate(pieces(count), 1):
        hashed.update(piece)
        if number % (PART // MIB) == 0 or number == count:
            found.append(hashed.hexdigest())
            hashed = hashlib.sha256()
    return found


async def stream(count: int) -> AsyncIterator[bytes]:
    for piece in pieces(count):
        yield piece


def memory(field: str) -> int:
    """Return what the kernel says of this process, in bytes."""
    status = Path("/proc/self/status").read_text()
    [kibibytes] = [line.split()[1] for line in status.splitlines() if line.startswith(field)]
    return int(kibibytes) * 1024


async def main(url: str, count: int, size: int | None) -> None:
    async with AsyncClient("ntn_test_upload", base_url=url) as notion:
        await notion.file_uploads.upload(b"warm", filename="warm.txt")
        before = memory("VmRSS")
        upload = await notion.file_uploads.upload(stream(count), filename="large.bin", size=size)
    print(json.dumps({"status": upload.status, "added": memory("VmHWM") - before}))  # noqa: T201


if __name__ == "__main__":
    asyncio.run(
        main(sys.argv[1], int(sys.argv[2]), int(sys.argv[2]) * MIB if sys.argv[3:] else None)
    )
