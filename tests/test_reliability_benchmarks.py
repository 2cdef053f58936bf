"""The promises hold in small: each scenario runs, and ours keeps what is asked of it."""

from __future__ import annotations

import inspect
import json
import math
from importlib import import_module
from pathlib import Path

import pytest

from tests.canary import UNWATCHED
from tests.processes import ROOT

if not (ROOT / "benchmarks").is_dir():
    pytest.skip("the benchmarks are not part of this copy", allow_module_level=True)
pytest.importorskip("notion_client", reason="it is in the dev extra")

from benchmarks.reliability import report
from benchmarks.reliability.__main__ import SCENARIOS, keep, main
from benchmarks.reliability.scenario import Line

# The canary would keep all of these errors, and notion-client shows what it likes.
pytestmark = getattr(pytest.mark, UNWATCHED)


@pytest.mark.parametrize("name", SCENARIOS)
async def test_each_scenario_runs_and_ours_keeps_its_promise(name: str) -> None:
    found = import_module(f"benchmarks.reliability.{name}").measure(quick=True)
    lines = await found if inspect.isawaitable(found) else found

    assert [f"{line}" for line in lines if line.met is False] == []
    assert any(line.met for line in lines)
    assert any(line.peer is not None for line in lines)
    assert all(math.isfinite(line.ours) for line in lines)


def kept(name: str, *lines: Line) -> dict[str, object]:
    return {
        name: {
            "claim": "It holds.",
            "about": "Some calls",
            "measured": "2026-05-17T10:42+00:00",
            "quick": False,
            "seconds": 1.0,
            "lines": [report.as_json(line, with_peer=True) for line in lines],
        }
    }


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "reliability.md"
    path.write_text(f"before\n\n{report.START}\nold figures\n{report.END}\n\nafter\n")
    monkeypatch.setattr(report, "DOCUMENT", path)
    monkeypatch.setattr(report, "KEPT", tmp_path / "results" / "reliability.json")
    return path


def test_figures_are_kept_and_written_between_the_marks(document: Path) -> None:
    keep(kept("reads", Line("% succeed", 99.98, 79.22, at_least=99.9)))
    keep(kept("answers", Line("foreign errors", 1, 11_861, at_most=0, note="one")))

    text = document.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old figures" not in text
    assert "| % succeed | ≥ 99.9 | 99.98 ✓ | 79.2 |  |" in text
    assert "| foreign errors | 0 | 1 ✗ | 11,861 | one |" in text
    assert list(json.loads(report.KEPT.read_text())["scenarios"]) == ["answers", "reads"]


def test_an_unknown_scenario_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["sleep"])

    assert "there is no scenario 'sleep': answers, reads" in capsys.readouterr().err


def test_the_document_says_how_each_figure_is_repeated() -> None:
    text = report.DOCUMENT.read_text()

    assert report.START in text
    assert report.END in text
    for name, result in report.kept()["scenarios"].items():
        assert not result["quick"]
        assert f"`python -m benchmarks.reliability {name}`" in text
