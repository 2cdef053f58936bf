"""The benchmarks run, and say in numbers what they claim: which numbers is not tested."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from tests.processes import ROOT, run

CLAIMS = {
    "paging": ("three_peer", "three_raw", "untouched_peer", "untouched_raw", "jsonl_peer",
               "jsonl_raw", "classes_peer", "values_peer", "kept_raw", "kept_memory_raw"),
    "small_requests": ("peer_16", "peer_64", "raw_16", "raw_64"),
    "decoding": ("rows_untouched", "rows_three_properties", "blocks_contents"),
    "memory": ("memory_kept_raw",),
    "import_time": ("import_notion_async", "AsyncClient_imported"),
    "limiter": ("uncontended", "disorder", "off"),
}  # fmt: skip

pytestmark = pytest.mark.skipif(
    not (ROOT / "benchmarks").is_dir(), reason="the benchmarks are not part of this copy"
)


@pytest.mark.parametrize("script", CLAIMS)
def test_each_script_runs_and_says_its_ratios(script: str, tmp_path: Path) -> None:
    out = tmp_path / "found.json"

    done = run("-m", f"benchmarks.{script}", "--quick", "--json", str(out))

    assert done.returncode == 0, done.stderr
    found = json.loads(out.read_text())
    assert set(CLAIMS[script]) <= set(found["claims"])
    for claim in found["claims"].values():
        assert claim["says"] in done.stdout
        if "missing" not in claim:  # else it says which peer is not there
            assert math.isfinite(claim["ratio"])
    own = [name for name in found["figures"] if name.startswith(("ours", "rows: ours", "import"))]
    assert own


def test_a_peer_that_is_not_there_is_named_and_left_out(tmp_path: Path) -> None:
    hide = (
        "import sys; sys.modules['orjson'] = None; "
        "from benchmarks import decoding; decoding.main(sys.argv[1:])"
    )
    out = tmp_path / "found.json"

    done = run("-c", hide, "--quick", "--json", str(out))

    assert done.returncode == 0, done.stderr
    found = json.loads(out.read_text())
    assert found["missing"]["rows: orjson.loads"] == "not measured: orjson is not installed"
    assert "ratio" not in found["claims"]["rows_untouched"]
    assert found["claims"]["rows_untouched"]["missing"] in done.stdout


def test_the_report_holds_the_results_that_are_kept() -> None:
    readme = (ROOT / "benchmarks" / "README.md").read_text()

    for script in CLAIMS:
        kept = json.loads((ROOT / "benchmarks" / "results" / f"{script}.json").read_text())
        assert not kept["quick"]
        for claim in kept["claims"].values():
            assert f"| {claim['says']} | {claim['bar']} |" in readme
