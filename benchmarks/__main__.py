"""Run every script, keep its results and write the report: ``python -m benchmarks``."""

from __future__ import annotations

import sys
from importlib import import_module

from benchmarks import report
from benchmarks.harness import RESULTS

if __name__ == "__main__":
    RESULTS.mkdir(exist_ok=True)
    for name in report.SCRIPTS:
        script = import_module(f"benchmarks.{name}")
        script.main([*sys.argv[1:], "--json", str(RESULTS / f"{name}.json")])
    report.main()
