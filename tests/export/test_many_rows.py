"""Data sources with more rows than a query returns, and than belong into memory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.export.exported import ids, manifest
from tests.processes import environment, run
from tests.testing.emulated import uid

EXPORT = """
import asyncio, json, pathlib, sys
from notion_async import AsyncClient
from notion_async.export import export_workspace

async def main(base_url, out):
    async with AsyncClient("ntn_test_emulator", base_url=base_url, limiter=None) as notion:
        await export_workspace(notion, out)

asyncio.run(main(*sys.argv[1:]))
status = pathlib.Path("/proc/self/status").read_text()
(peak,) = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
print(peak)
"""


@contextmanager
def served(count: int) -> Iterator[str]:
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "tests.export.serve_rows", str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.communicate()


def peak_memory(count: int, out: Path) -> int:
    """Export so many rows in a process of its own; return the most KiB it took."""
    with served(count) as base_url:
        done = run("-c", EXPORT, base_url, str(out))
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.timeout(150)
def test_twelve_thousand_rows_are_all_there_and_take_no_more_memory_than_a_hundred(
    tmp_path: Path,
) -> None:
    few = peak_memory(100, tmp_path / "few")
    many = peak_memory(12_000, tmp_path / "many")

    assert manifest(tmp_path / "many")["complete"] is True
    assert manifest(tmp_path / "many")["counts"]["rows"] == 12_000
    found = ids(tmp_path / "many", "pages")
    assert len(found) == 12_000
    assert set(found) == {uid(f"{number}") for number in range(12_000)}
    assert many - few < 64 * 1024, f"{(many - few) / 1024:.0f} MiB more"
