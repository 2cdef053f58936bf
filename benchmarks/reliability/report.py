"""Put the last results into ``docs/reliability.md``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from benchmarks.harness import HERE, NONE, RESULTS
from benchmarks.reliability.scenario import NOT_THERE, OURS, PEER, Line

KEPT: Final = RESULTS / "reliability.json"
DOCUMENT: Final = HERE.parent / "docs" / "reliability.md"
START: Final = "<!-- figures: written by `python -m benchmarks.reliability` -->"
END: Final = "<!-- end of figures -->"

# Any: JSON as it was kept.
Kept = Mapping[str, Any]


def as_json(line: Line, *, with_peer: bool) -> dict[str, object]:
    """Return what is kept of a line."""
    theirs = _short(line.peer) if with_peer or line.peer is not None else NOT_THERE
    return {
        "says": line.says,
        "bar": line.bar,
        "ours": _short(line.ours),
        "peer": theirs,
        "met": line.met,
        "note": line.note,
    }


def _short(number: float | str | None) -> float | str | None:
    return float(f"{number:.4g}") if isinstance(number, float) else number


def kept() -> dict[str, Any]:
    """Return the last results; empty where there are none."""
    if not KEPT.exists():
        return {"benchmark": "reliability", "scenarios": {}}
    found: dict[str, Any] = json.loads(KEPT.read_text())
    return found


def table(name: str, result: Kept) -> str:
    """Return the figures of a scenario as Markdown."""
    lines = [
        f"**{result['claim']}** {result['about']}. `python -m benchmarks.reliability {name}`\n",
        f"| | bar | {OURS} | {PEER} | |",
        "|---|---|---|---|---|",
    ]
    for line in result["lines"]:
        mark = {True: " ✓", False: " ✗", None: ""}[line["met"]]
        lines.append(
            f"| {line['says']} | {line['bar']} | {shown(line['ours'])}{mark} | "
            f"{shown(line['peer'])} | {line['note']} |"
        )
    return "\n".join(lines) + "\n"


def shown(value: object) -> str:
    """Return a figure as one reads it."""
    if value is None:
        return NONE
    if not isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, int) or abs(value) >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.4g}" if value > 99 else f"{value:.3g}"


def section(results: Kept) -> str:
    """Return all figures as Markdown."""
    scenarios = results["scenarios"]
    if not scenarios:
        return "Not measured yet.\n"
    machine = results["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    days = sorted({result["measured"][:10] for result in scenarios.values()})
    measured = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    head = (
        f"Measured {measured} on {machine['processor']}, {machine['cores']} cores, "
        f"{machine['system']}, Python {machine['python']}; {versions}.\n"
    )
    return "\n".join([head, *(table(name, result) for name, result in scenarios.items())])


def write() -> None:
    """Write them between the marks."""
    before, _, rest = DOCUMENT.read_text().partition(START)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{START}\n\n{section(kept())}\n{END}{after}")
