"""Running Python in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]


def environment(**variables: str) -> dict[str, str]:
    """Return what a process sees: neither a token nor the width of this terminal."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("NOTION_") and name not in ("COLUMNS", "FORCE_COLOR", "NO_COLOR")
    }
    return {**kept, "PYTHONPATH": str(ROOT), **variables}


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python to its end."""
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment(**variables),
        timeout=120,
    )


def start(
    *arguments: str, stdout: int | IO[bytes] = subprocess.PIPE, **variables: str
) -> subprocess.Popen[bytes]:
    """Start Python and let it run."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=environment(**variables),
    )
