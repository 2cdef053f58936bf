"""Start-up: what a whole process takes that imports us, beside one that imports aiohttp.

Measured from outside, in CPU (user and system) and in time that passed; ``python -c pass`` is
part of both.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from benchmarks.harness import (
    Claim,
    Measures,
    environment,
    options,
    publish,
    take_turns,
    why_missing,
)

CPU: Final = "ms of CPU"
PASSED: Final = "ms passed"

STATEMENTS: Final = {
    "nothing": "pass",
    "import aiohttp": "import aiohttp",
    "import notion_async": "import notion_async",
    "AsyncClient imported": "from notion_async import AsyncClient",
    "AsyncClient made": "from notion_async import AsyncClient; AsyncClient('ntn_test_x').pages",
    "models imported": "from notion_async.models import Page, Block",
    "notion-client imported": "from notion_client import AsyncClient",
}


def main(argv: list[str]) -> None:
    """Measure and tell."""
    given = options(argv, rounds=21)
    why = why_missing("peer")
    missing = {"notion-client imported": why} if why else {}
    environ = environment()

    def measure(name: str) -> Measures:
        return _run(STATEMENTS[name], environ)

    for name, statement in STATEMENTS.items():
        if name not in missing:
            _run(statement, environ)  # writes what is compiled, and reads it from the disk
    found = take_turns(list(STATEMENTS), measure, given.rounds, missing)
    claims = [
        Claim(
            name=name.replace(" ", "_"),
            says=f"{measure}: {name} ÷ import aiohttp",
            measure=measure,
            variant=name,
            beside="import aiohttp",
            at_most=bar,
        )
        for name, measure, bar in (
            ("import notion_async", CPU, 1.15),
            ("AsyncClient imported", CPU, 1.15),
            ("AsyncClient made", CPU, None),
            ("notion-client imported", CPU, None),
        )
    ]
    publish("import_time", found, claims, given, {})


def _run(statement: str, environ: dict[str, str]) -> Measures:
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and statements
        [sys.executable, "-c", statement], env=environ, cwd=Path(__file__).parents[1]
    )
    _, status, used = os.wait4(process.pid, 0)
    passed = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{statement!r} failed")
    return {CPU: (used.ru_utime + used.ru_stime) * 1e3, PASSED: passed * 1e3}


if __name__ == "__main__":
    main(sys.argv[1:])
