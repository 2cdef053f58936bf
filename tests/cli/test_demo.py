"""The demo, once, as the README has it run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.export.exported import ids, manifest
from tests.processes import run


@pytest.mark.timeout(180)
def test_the_demo_is_exported_within_its_budget_and_nothing_is_missing(tmp_path: Path) -> None:
    out = tmp_path / "demo-export"

    done = run("-m", "notion_async", "demo", "--out", str(out))

    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    told = json.loads(line)
    assert told == manifest(out)
    assert told["complete"] is True
    assert told["answers_429"] == 0
    assert told["gaps"] == []
    assert told["counts"]["rows"] > 10_000
    assert len(ids(out, "pages")) == told["counts"]["pages"] + told["counts"]["rows"]
    assert done.stderr.count("\n") == 1
