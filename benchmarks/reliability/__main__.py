"""Measure the promises: ``python -m benchmarks.reliability [NAME …] [--quick] [--keep]``.

Without a name all scenarios run, each in a process of its own, and the figures are kept and put
into ``docs/reliability.md``.  With names only those run, and nothing is kept without ``--keep``.
The exit status is 1 where a bar is not met.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, Final

from benchmarks.harness import HERE, environment, machine
from benchmarks.reliability import report
from benchmarks.reliability.scenario import Lines, peer_is_there

_WITHIN: Final = 420.0
"""Seconds for one scenario; what takes longer is ended."""


SCENARIOS: Final = (
    "answers",
    "reads",
    "writes",
    "pause",
    "budget",
    "outage",
    "deadlines",
    "scans",
    "memory",
    "secrets",
)


def measured(name: str, *, quick: bool) -> dict[str, Any]:
    """Run a scenario in this process and return what is kept of it."""
    started = time.perf_counter()
    scenario = import_module(f"benchmarks.reliability.{name}")
    found = scenario.measure(quick=quick)
    lines: Lines = asyncio.run(found) if asyncio.iscoroutine(found) else found
    return {
        "claim": scenario.CLAIM,
        "about": scenario.ABOUT,
        "measured": datetime.now(UTC).isoformat(timespec="minutes"),
        "quick": quick,
        "seconds": round(time.perf_counter() - started, 1),
        "lines": [report.as_json(line, with_peer=peer_is_there()) for line in lines],
    }


def apart(name: str, *, quick: bool) -> dict[str, Any]:
    """Run a scenario in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.reliability", name, "--json"]
    done = subprocess.run(  # noqa: S603 - our own program
        [*command, *(["--quick"] if quick else [])],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        env=environment(),
        cwd=HERE.parent,
        timeout=_WITHIN,
    )
    if done.returncode not in (0, 1) or not done.stdout:
        raise SystemExit(f"{name} could not be measured")
    found: dict[str, Any] = json.loads(done.stdout)[name]
    return found


def keep(found: Mapping[str, Any]) -> None:
    """Put these results beside those that are kept, and all into the document."""
    results = report.kept()
    scenarios = {**results["scenarios"], **found}
    ordered = {name: scenarios[name] for name in SCENARIOS if name in scenarios}
    results = {**results, "machine": machine(), "scenarios": ordered}
    report.KEPT.parent.mkdir(exist_ok=True)
    report.KEPT.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    report.write()


def main(argv: list[str]) -> int:
    """Measure, tell and keep."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SCENARIOS))
    parser.add_argument("--quick", action="store_true", help="tiny sizes: only see that it runs")
    parser.add_argument("--keep", action="store_true", help="keep the figures of these as well")
    parser.add_argument("--json", action="store_true", help="write JSON instead of tables")
    given = parser.parse_args(argv)
    unknown = [name for name in given.names if name not in SCENARIOS]
    if unknown:
        parser.error(f"there is no scenario {unknown[0]!r}: {', '.join(SCENARIOS)}")
    alone = len(given.names) == 1
    found: dict[str, Any] = {}
    for name in given.names or SCENARIOS:
        run = measured if alone else apart
        found[name] = run(name, quick=given.quick)
        if not given.json:
            sys.stdout.write(f"{report.table(name, found[name])}\n")
            sys.stdout.flush()
    if given.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    if not given.quick and (given.keep or not given.names):
        keep(found)
    missed = any(line["met"] is False for each in found.values() for line in each["lines"])
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
