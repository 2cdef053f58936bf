"""What it takes to read very many rows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.processes import environment

MIB = 1 << 20

SCAN = """
import asyncio, pathlib, sys
from notion_async import AsyncClient

SOURCE = "00000000-0000-4000-8000-000000000001"

def peak():
    status = pathlib.Path("/proc/self/status").read_text()
    (kib,) = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(kib) * 1024

async def count(notion, way, most):
    found = last = 0
    scan = notion.data_sources.scan(SOURCE)
    if way == "ahead":
        async with scan as rows:
            async for row in rows:
                found += 1
                last += int(row.id[:8], 16) == found  # each is the one after the one before it
                if found == most:
                    break
    else:
        async for row in scan:
            found += 1
            last += int(row.id[:8], 16) == found
            if found == most:
                break
    return found, last

async def main(base_url, way):
    async with AsyncClient("ntn_test_soak", base_url=base_url, limiter=None) as notion:
        await count(notion, way, 1_000)
        before = peak()
        found, in_order = await count(notion, way, 0)
        print(before, peak(), found, in_order)

asyncio.run(main(*sys.argv[1:]))
"""


@contextmanager
def served(count: int) -> Iterator[str]:
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "tests.resources.serve_many", str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.communicate()


def scan(count: int, way: str, timeout: float) -> tuple[int, int, int]:
    """Scan so many rows in a process of its own.

    Returns the bytes of memory that it took more than for the first rows, how many rows came,
    and how many of them where they belong.
    """
    with served(count) as base_url:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", SCAN, base_url, way],
            capture_output=True,
            text=True,
            check=False,
            env=environment(),
            timeout=timeout,
        )
    assert done.returncode == 0, done.stderr
    before, after, found, in_order = map(int, done.stdout.split())
    return after - before, found, in_order


@pytest.mark.parametrize("way", ["in turn", "ahead"])
def test_memory_does_not_grow_with_the_rows(way: str) -> None:
    taken, found, in_order = scan(40_000, way, timeout=50)

    assert found == in_order == 40_000
    assert taken < 32 * MIB, f"{taken / MIB:.0f} MiB more"


@pytest.mark.soak
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("way", ["in turn", "ahead"])
def test_a_million_rows_take_no_more_than_64_mib(way: str) -> None:
    taken, found, in_order = scan(1_000_000, way, timeout=1_100)

    assert found == in_order == 1_000_000
    assert taken <= 64 * MIB, f"{taken / MIB:.0f} MiB more"
