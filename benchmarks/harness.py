"""What the scripts share: rounds that take turns, ratios with their spread, JSON and tables.

A claim is a ratio of two variants that ran in the same round: what else the machine does then
weighs on both.  Told are the median of the rounds, the lowest and the highest.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Final, TypeAlias

import attrs

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE / "results"
NONE: Final = "—"
_ROOT: Final = HERE.parent
_MEASURED: Final = ("aiohttp", "msgspec", "attrs", "notion-client", "orjson", "aiolimiter")

Measures: TypeAlias = Mapping[str, float]
"""What one run of a variant came to, by the name of what was measured."""


@attrs.frozen
class Options:
    """How a script is run."""

    rounds: int
    quick: bool
    """Tiny sizes, to see that it runs: the figures mean nothing."""
    out: Path | None


@attrs.frozen
class Figure:
    """A number of every round, and what they come to."""

    rounds: Sequence[float]

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.rounds)

    @property
    def low(self) -> float:
        """The lowest."""
        return min(self.rounds)

    @property
    def high(self) -> float:
        """The highest."""
        return max(self.rounds)

    def as_json(self) -> dict[str, object]:
        """Return what is written."""
        return {
            "median": _short(self.median),
            "low": _short(self.low),
            "high": _short(self.high),
            "rounds": [_short(number) for number in self.rounds],
        }


@attrs.frozen
class Claim:
    """A bar for a ratio of two variants, or for a number of one."""

    name: str
    says: str
    measure: str
    variant: str
    beside: str | None = None
    """The variant it is divided by; None for a number that stands alone."""
    at_most: float | None = None
    at_least: float | None = None

    def bar(self) -> str:
        """Say what is asked for."""
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return NONE if self.at_least is None else f"≥ {self.at_least:g}"

    def met(self, value: float) -> bool | None:
        """Tell whether `value` is as claimed; None where nothing is asked for."""
        if self.at_most is not None:
            return value <= self.at_most
        return None if self.at_least is None else value >= self.at_least


@attrs.frozen
class Found:
    """What a script measured: for each variant each measure, round by round."""

    figures: Mapping[str, Mapping[str, Figure]]
    missing: Mapping[str, str]
    """Why a variant was not measured."""

    def ratio(self, claim: Claim) -> Figure | str:
        """Return what a claim comes to, or why that is not known."""
        for variant in (claim.variant, claim.beside):
            if variant is not None and variant in self.missing:
                return self.missing[variant]
        above = self.figures[claim.variant][claim.measure]
        if claim.beside is None:
            return above
        below = self.figures[claim.beside][claim.measure]
        return Figure(
            [a / b if b else 0.0 for a, b in zip(above.rounds, below.rounds, strict=True)]
        )


def options(argv: Sequence[str], *, rounds: int = 5) -> Options:
    """Read the options that every script has."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=rounds, help="how often each one runs")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: only see that it runs")
    parser.add_argument("--json", type=Path, default=None, help="write the figures there as well")
    given = parser.parse_args(argv)
    return Options(1 if given.quick else given.rounds, given.quick, given.json)


def take_turns(
    variants: Sequence[str],
    measure: Callable[[str], Measures],
    rounds: int,
    missing: Mapping[str, str] | None = None,
) -> Found:
    """Measure the variants one after another, and all of them again: A B C, A B C."""
    absent = {} if missing is None else missing
    seen: dict[str, list[Measures]] = {name: [] for name in variants if name not in absent}
    for turn in range(rounds):
        for name, runs in seen.items():
            runs.append(measure(name))
            _tell(f"round {turn + 1} of {rounds}: {name}")
    figures = {
        name: {what: Figure([run[what] for run in runs]) for what in runs[0]}
        for name, runs in seen.items()
    }
    return Found(figures, absent)


def publish(
    name: str,
    found: Found,
    claims: Sequence[Claim],
    given: Options,
    parameters: Mapping[str, object],
) -> None:
    """Write the tables and the JSON."""
    result = {
        "benchmark": name,
        "quick": given.quick,
        "measured": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": machine(),
        "parameters": {**parameters, "rounds": given.rounds},
        "claims": {claim.name: _claim_as_json(claim, found.ratio(claim)) for claim in claims},
        "figures": {
            variant: {what: figure.as_json() for what, figure in measures.items()}
            for variant, measures in found.figures.items()
        },
        "missing": dict(found.missing),
    }
    text = json.dumps(result, indent=1, ensure_ascii=False)
    if given.out is not None:
        given.out.write_text(text + "\n")
    sys.stdout.write(f"{tables(result)}\n{text}\n")


def _claim_as_json(claim: Claim, value: Figure | str) -> dict[str, object]:
    said: dict[str, object] = {"says": claim.says, "bar": claim.bar()}
    if isinstance(value, str):
        return {**said, "missing": value}
    return {
        **said,
        "ratio": _short(value.median),
        "low": _short(value.low),
        "high": _short(value.high),
        "met": claim.met(value.median),
    }


def tables(result: Mapping[str, object]) -> str:
    """Return the result of a script as Markdown."""
    return claims_table([result]) + "\n" + figures_table(result)


def claims_table(results: Sequence[Mapping[str, object]]) -> str:
    """Return the claims of some scripts as one table."""
    lines = ["| claim | bar | measured | low to high |", "|---|---|---|---|"]
    for result in results:
        for claim in _mappings(result["claims"]).values():
            if "missing" in claim:
                lines.append(f"| {claim['says']} | {claim['bar']} | {NONE} | {claim['missing']} |")
                continue
            mark = {True: " ✓", False: " ✗", None: ""}[_truth(claim["met"])]
            spread = f"{_shown(claim['low'])} to {_shown(claim['high'])}"
            lines.append(
                f"| {claim['says']} | {claim['bar']} | {_shown(claim['ratio'])}{mark} | {spread} |"
            )
    return "\n".join(lines) + "\n"


def figures_table(result: Mapping[str, object]) -> str:
    """Return the figures of a script as a table: medians, with low and high."""
    figures = {
        name: _mappings(measures) for name, measures in _mappings(result["figures"]).items()
    }
    columns = list(dict.fromkeys(what for measures in figures.values() for what in measures))
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for name, measures in figures.items():
        cells = [
            f"{_shown(cell['median'])} ({_shown(cell['low'])} to {_shown(cell['high'])})"
            if (cell := measures.get(what))
            else NONE
            for what in columns
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    for name, reason in _mapping(result["missing"]).items():
        lines.append(f"| {name} | {reason}{f' | {NONE}' * (len(columns) - 1)} |")
    return "\n".join(lines) + "\n"


def machine() -> dict[str, object]:
    """Say where and with what it was measured."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "versions": {name: found for name in _MEASURED if (found := _version(name))},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


@contextmanager
def serving(rows: int = 0) -> Iterator[str]:
    """Serve from a process and, where there are several, a core of its own; yield its URL.

    This process and those it starts keep to another core meanwhile.
    """
    before = _cores()
    if len(before) > 1:
        os.sched_setaffinity(0, before[:1])
    cpu = [str(before[-1])] if len(before) > 1 else []
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "benchmarks.server", str(rows), *cpu],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
        env=environment(),
    ) as process:
        try:
            port = process.stdout.readline().strip() if process.stdout else ""
            if not port:
                raise RuntimeError("the server did not start")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.communicate()
            if len(before) > 1:
                os.sched_setaffinity(0, before)


def _cores() -> list[int]:
    # Linux alone can keep a process to a core.
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def environment() -> dict[str, str]:
    """Return what a measured process sees: no token, no proxy, and this folder's parent."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NOTION_", "COVERAGE")) and not name.lower().endswith("_proxy")
    }
    return {**kept, "PYTHONPATH": str(_ROOT)}


def run_client(client: str, task: Mapping[str, object]) -> dict[str, float]:
    """Let a client do a task in a process of its own; return what it took."""
    command = [sys.executable, "-m", "benchmarks.clients", json.dumps({"client": client, **task})]
    if client == "official":
        node = shutil.which("node") or "node"
        command = [node, str(HERE / "clients" / "official.mjs"), json.dumps(task)]
    done = subprocess.run(  # noqa: S603 - our own programs
        command, capture_output=True, text=True, check=False, cwd=_ROOT, env=environment()
    )
    if done.returncode:
        raise RuntimeError(f"{client} failed at {task}: {done.stderr[-2_000:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def why_missing(client: str) -> str | None:
    """Say why a client cannot be measured; None where it can."""
    if client == "official":
        if shutil.which("node") is None:
            return "not measured: node is not there"
        if not (HERE / "node_modules" / "@notionhq" / "client").is_dir():
            return "not measured: run `npm install` in benchmarks/"
        return None
    needs = {"raw": "orjson", "peer": "notion_client", "aiolimiter": "aiolimiter"}.get(client)
    return None if needs is None or _there(needs) else f"not measured: {needs} is not installed"


def _there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ValueError:  # it is known not to be
        return False


def _tell(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"{text}\n")


def _short(number: float) -> float:
    return float(f"{number:.4g}")


def _shown(value: object) -> str:
    if not isinstance(value, (int, float)):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError("that is no result of a benchmark")
    return value


def _mappings(value: object) -> Mapping[str, Mapping[str, object]]:
    return {name: _mapping(item) for name, item in _mapping(value).items()}
