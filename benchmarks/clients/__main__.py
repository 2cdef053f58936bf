"""Measure one client at one task, in this process: ``python -m benchmarks.clients '{…}'``.

The task is JSON, and so is what is written: seconds of CPU (user and system, all threads),
seconds that passed, and bytes of resident memory that were added.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs

from benchmarks import payload
from benchmarks.clients import Client


@attrs.frozen
class Task:
    """What a client is to do."""

    client: str
    """The module."""
    base_url: str
    work: str
    """``rows`` or ``pages``."""
    read: str = "untouched"
    """What of each row: a name of the module's ``READS``, or ``jsonl``."""
    keep: bool = False
    """Whether all rows are kept."""
    connect: str = "connect"
    requests: int = 0
    in_flight: int = 1


@attrs.frozen
class Used:
    """What it took."""

    cpu: float
    wall: float
    memory: int


class Meter:
    """Measures from where it is made to where it is read."""

    def __init__(self) -> None:
        self._memory = resident()
        self._wall = time.perf_counter()
        self._cpu = time.process_time()

    def read(self) -> Used:
        """Return what it took so far."""
        cpu, wall = time.process_time() - self._cpu, time.perf_counter() - self._wall
        return Used(cpu, wall, resident() - self._memory)


def resident() -> int:
    """Return the bytes of this process that are in memory; 0 where that is not known."""
    try:
        pages = Path("/proc/self/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


async def measure(task: Task) -> Used:
    """Do it, after getting warm."""
    module = import_module(f"benchmarks.clients.{task.client}")
    client: Client[Any] = await getattr(module, task.connect)(task.base_url)
    try:
        if task.work == "pages":
            return await pages(client, task)
        if task.read == "jsonl":
            with tempfile.TemporaryFile() as out:
                return await rows(client, lambda row: module.write(row, out))
        read = module.READS[task.read]
        if not task.keep:
            return await rows(client, read)
        kept: list[object] = []
        if task.read == "untouched":
            return await rows(client, kept.append)

        def read_and_keep(row: object) -> None:
            read(row)
            kept.append(row)

        return await rows(client, read_and_keep)
    finally:
        await client.aclose()


async def rows(client: Client[Any], use: Callable[[Any], object]) -> Used:
    """Page through all rows."""
    await client.each_row(payload.FEW_ROWS, use)
    meter = Meter()
    await client.each_row(payload.ROWS, use)
    return meter.read()


async def pages(client: Client[Any], task: Task) -> Used:
    """Read a page many times, with so many requests under way."""

    async def work(turns: Iterator[int]) -> None:
        for _ in turns:
            await client.retrieve(payload.PAGE)

    async def together(requests: int) -> None:
        turns = iter(range(requests))
        await asyncio.gather(*(work(turns) for _ in range(task.in_flight)))

    await together(2 * task.in_flight)
    meter = Meter()
    await together(task.requests)
    return meter.read()


if __name__ == "__main__":
    used = asyncio.run(measure(Task(**json.loads(sys.argv[1]))))
    sys.stdout.write(json.dumps(attrs.asdict(used)))
