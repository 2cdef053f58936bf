"""Serve a data source with many rows until the input ends: for tests, in a process of its own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator

from notion_async.testing import Emulator
from tests.testing.emulated import Object, data_source, database, row


def objects(count: int) -> Iterator[Object]:
    yield database("base", sources=("rows",))
    yield data_source("rows", "base")
    for number in range(count):
        minute = f"2026-{number // 40_000 + 1:02}-{number // 1_440 % 28 + 1:02}"
        time = f"{minute}T{number // 60 % 24:02}:{number % 60:02}:00.000Z"
        yield row(f"{number}", "rows", container="base", created=time)


async def main(count: int) -> None:
    emulator = Emulator(budget=None)
    emulator.load(objects(count))
    async with emulator:
        sys.stdout.write(f"{emulator.base_url}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
