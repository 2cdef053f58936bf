"""Rows that are passed on take no memory, however many there are.

Each client runs in a process of its own, gets warm on 1,000 rows, and then reads all of them; told
is how much the most that was ever in memory grew by that.  `scan` meets queries that are cut at
10,000 rows, as Notion's are; the others meet a query that goes on.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.reliability.rows_server import SOURCE
from benchmarks.reliability.scenario import Line, Lines, ours_for, peer_is_there, with_peer
from tests.processes import ROOT, environment

CLAIM: Final = "Rows that are passed on take no memory."
ABOUT: Final = "1,000,000 rows, each forgotten at once"
ROWS: Final = 1_000_000
QUICK: Final = 11_000
_WARM: Final = 1_000
_WITHIN: Final = 240.0


def measure(*, quick: bool) -> Lines:
    """Let each client read all rows."""
    rows = QUICK if quick else ROWS
    ours = {"scan, ahead": "`async with scan`"} if quick else {
        "scan": "`scan`", "scan, ahead": "`async with scan`", "query": "`query`"
    }  # fmt: skip
    with _served(rows) as base_url:
        peer = _run("peer", base_url, rows) if peer_is_there() else None
        lines: list[Line] = []
        for name, says in ours.items():
            found = _run(name, base_url, rows)
            if found["rows"] != rows:
                raise AssertionError(f"{name} gave {found['rows']} of {rows} rows")
            lines.append(
                Line(
                    f"MiB over what 1,000 rows take: {rows:,} rows by {says}",
                    found["MiB"],
                    peer["MiB"] if peer else None,
                    at_most=64,
                    note=f"{found['seconds']:.0f} s"
                    + (f"; notion-client {peer['seconds']:.0f} s" if peer else ""),
                )
            )
    return lines


@contextmanager
def _served(count: int) -> Iterator[str]:
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "benchmarks.reliability.rows_server", str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        cwd=ROOT,
        text=True,
    ) as process:
        try:
            port = process.stdout.readline().strip() if process.stdout else ""
            yield f"http://127.0.0.1:{port}"
        finally:
            process.communicate()


def _run(name: str, base_url: str, rows: int) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "benchmarks.reliability.memory", name, base_url, str(rows)],
        capture_output=True,
        check=False,
        env=environment(),
        cwd=ROOT,
        text=True,
        timeout=_WITHIN,
    )
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-2_000:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


# ------------------------------------------------------------- in a process of its own


async def _read(name: str, base_url: str, most: int) -> int:
    """Read so many rows and return how many came."""
    count = 0
    if name == "peer":
        from notion_client.helpers import async_iterate_paginated_api  # noqa: PLC0415

        async with with_peer(base_url) as peer:
            rows: Any = async_iterate_paginated_api(
                peer.data_sources.query, data_source_id=SOURCE, page_size=100
            )
            async for each in rows:
                count += bool(each["id"])
                if count == most:
                    break
            await rows.aclose()
        return count
    address = base_url if name == "query" else f"{base_url}/cut"
    async with ours_for(address, deadline=None) as notion:
        if name == "scan, ahead":
            async with notion.data_sources.scan(SOURCE) as ahead:
                async for row in ahead:
                    count += bool(row.id)
                    if count == most:
                        break
            return count
        some: Any = notion.data_sources.scan(SOURCE)
        if name == "query":
            some = notion.data_sources.query(SOURCE, page_size=100)
        async for row in some:
            count += bool(row.id)
            if count == most:
                break
    return count


def _peak() -> float:
    """Return the most memory that was ever used, in MiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system does not tell how much memory a process takes")


async def _measured(name: str, base_url: str, rows: int) -> dict[str, float]:
    await _read(name, base_url, _WARM)
    before, started = _peak(), time.perf_counter()
    count = await _read(name, base_url, rows)
    return {"MiB": _peak() - before, "rows": count, "seconds": time.perf_counter() - started}


if __name__ == "__main__":
    told = asyncio.run(_measured(sys.argv[1], sys.argv[2], int(sys.argv[3])))
    sys.stdout.write(json.dumps(told))
