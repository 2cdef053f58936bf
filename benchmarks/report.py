"""Put the last results into README.md, and draw them: ``python -m benchmarks.report``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from math import log10
from typing import Any, Final

from benchmarks.harness import HERE, RESULTS, claims_table, figures_table

SCRIPTS: Final = ("paging", "small_requests", "decoding", "memory", "import_time", "limiter")

_START: Final = "<!-- results: written by `python -m benchmarks.report` -->"
_END: Final = "<!-- end of results -->"

Result = Mapping[str, Any]


def main() -> None:
    """Write both."""
    results = {
        name: json.loads(path.read_text())
        for name in SCRIPTS
        if (path := RESULTS / f"{name}.json").exists()
    }
    (HERE / "results.svg").write_text(drawing(results))
    readme = HERE / "README.md"
    before, _, rest = readme.read_text().partition(_START)
    after = rest.partition(_END)[2]
    readme.write_text(f"{before}{_START}\n\n{section(results)}\n{_END}{after}")


def section(results: Mapping[str, Result]) -> str:
    """Return the results as Markdown."""
    last = list(results.values())[-1]
    machine = last["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    parts = [
        f"Measured {last['measured'][:10]} on {machine['processor']}, {machine['cores']} cores, "
        f"{machine['system']}, Python {machine['python']}; {versions}.\n",
        claims_table(list(results.values())),
    ]
    for name, result in results.items():
        said = ", ".join(f"{key}: {value:,}" for key, value in result["parameters"].items())
        parts.append(f"### {name}\n\n{said}\n\n{figures_table(result)}")
    return "\n".join(parts)


_OURS: Final = "#1f6feb"
_PEER: Final = "#8c959f"
_COLORS: Final = {
    "ours": _OURS,
    "notion-client": "#cf222e",
    "aiohttp + orjson": "#57606a",
    "JavaScript client": "#bf8700",
}
_OWN: Final = ("ours", "notion_async", "AsyncClient", "models")
_WIDTH: Final = 860
_LEFT: Final = 250


def drawing(results: Mapping[str, Result]) -> str:
    """Return the results as a picture."""
    parts: list[str] = []
    top = 16
    panels = (
        ("paging", "Paging through 20,000 rows: µs of CPU per row", "µs of CPU per row"),
        ("memory", "20,000 rows kept: KB of resident memory per row", "KB added per row"),
        ("import_time", "Start-up of a whole process: ms of CPU", "ms of CPU"),
    )
    for name, title, measure in panels:
        if name in results:
            drawn, height = _bars(results[name], title, measure, top)
            parts.append(drawn)
            top += height
        if name == "paging" and "small_requests" in results:
            drawn, height = _lines(results["small_requests"], top)
            parts.append(drawn)
            top += height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{top}" '
        f'viewBox="0 0 {_WIDTH} {top}" font-family="Helvetica, Arial, DejaVu Sans, sans-serif" '
        f'font-size="13" fill="#24292f">\n<rect width="100%" height="100%" fill="#ffffff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _bars(result: Result, title: str, measure: str, top: int) -> tuple[str, int]:
    cells = {
        name: measures[measure]
        for name, measures in result["figures"].items()
        # What is kept has a panel of its own.
        if not (result["benchmark"] == "paging" and name.endswith(", kept"))
    }
    widest = max(cell["high"] for cell in cells.values())
    scale = (_WIDTH - _LEFT - 90) / widest
    lines = [_text(16, top + 14, title, bold=True)]
    for place, (name, cell) in enumerate(cells.items()):
        y = top + 28 + place * 22
        own = any(word in name for word in _OWN)
        end = _LEFT + cell["median"] * scale
        low, high = (_LEFT + cell[side] * scale for side in ("low", "high"))
        lines += [
            _text(_LEFT - 8, y + 12, name, anchor="end"),
            f'<rect x="{_LEFT}" y="{y}" width="{end - _LEFT:.1f}" height="16" rx="2" '
            f'fill="{_OURS if own else _PEER}"/>',
            f'<path d="M{low:.1f} {y + 8}H{high:.1f}" stroke="#24292f" stroke-width="1.5"/>',
            _text(max(end, high) + 6, y + 12, f"{cell['median']:.3g}"),
        ]
    return "\n".join(lines), 28 + 22 * len(cells) + 24


def _lines(result: Result, top: int) -> tuple[str, int]:
    levels = sorted({int(name.rpartition(", ")[2]) for name in result["figures"]})
    height, right = 230, _WIDTH - 170
    lowest, highest = 100.0, 20_000.0

    def at(value: float) -> float:
        share = (log10(value) - log10(lowest)) / (log10(highest) - log10(lowest))
        return top + 34 + height * (1 - share)

    def across(place: int) -> float:
        return 80 + (right - 80) * place / max(1, len(levels) - 1)

    title = "Small requests per second of CPU, by requests in flight (logarithmic)"
    lines = [_text(16, top + 14, title, bold=True)]
    lines += [
        f'<path d="M80 {at(value):.1f}H{right}" stroke="#d0d7de" stroke-width="1"/>'
        + _text(72, at(value) + 4, f"{value:,}", anchor="end")
        for value in (100, 300, 1_000, 3_000, 10_000)
    ]
    for place, level in enumerate(levels):
        lines.append(_text(across(place), top + 34 + height + 20, f"{level}", anchor="middle"))
    lines.append(_text(right + 18, top + 34 + height + 20, "in flight"))
    labels: list[tuple[float, str, str]] = []
    for name, color in _COLORS.items():
        series = [result["figures"].get(f"{name}, {level}") for level in levels]
        if None in series:
            continue
        rates = [cell["requests per second of CPU"]["median"] for cell in series]
        points = " ".join(f"{across(n):.1f},{at(rate):.1f}" for n, rate in enumerate(rates))
        width = 3 if name == "ours" else 2
        lines.append(
            f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="{width}"/>'
        )
        labels.append((at(rates[-1]), f"{name}: {rates[-1]:,.0f}", color))
    lines += _apart(labels, right + 10)
    return "\n".join(lines), height + 90


def _apart(labels: Sequence[tuple[float, str, str]], x: float) -> list[str]:
    """Return labels at the ends of lines, none over another."""
    lines: list[str] = []
    lowest = 0.0
    for y, text, color in sorted(labels):
        lowest = max(y + 4, lowest)
        lines.append(_text(x, lowest, text, color=color))
        lowest += 16
    return lines


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    bold: bool = False,
    color: str = "#24292f",
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}"{weight}>'
        f"{escape(text)}</text>"
    )


if __name__ == "__main__":
    main()
