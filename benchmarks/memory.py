"""What 20,000 rows take that are kept: resident memory that paging through them adds.

Each variant runs in a fresh process, gets warm and then keeps every row.  Reading before keeping
shows what decoded properties add.
"""

from __future__ import annotations

import sys
from typing import Final

from benchmarks.harness import (
    Claim,
    Measures,
    options,
    publish,
    run_client,
    serving,
    take_turns,
    why_missing,
)

ADDED: Final = "KB added per row"
CPU: Final = "µs of CPU per row"

VARIANTS: Final = {
    "ours, kept": ("ours", "untouched"),
    "ours, three properties read": ("ours", "three"),
    "ours, all values read": ("ours", "values"),
    "notion-client": ("peer", "untouched"),
    "aiohttp + orjson": ("raw", "untouched"),
    "JavaScript client": ("official", "untouched"),
}


def _claims(names: list[str]) -> list[Claim]:
    return [
        Claim(
            name=f"memory_{what}_{client}",
            says=f"memory: ours, {what} ÷ {theirs}",
            measure=ADDED,
            variant=f"ours, {what}",
            beside=theirs,
            at_most=bar,
        )
        for what, theirs, client, bar in (
            ("kept", "aiohttp + orjson", "raw", 0.40),
            ("kept", "notion-client", "peer", None),
            ("three properties read", "aiohttp + orjson", "raw", None),
            ("all values read", "aiohttp + orjson", "raw", None),
        )
        if theirs in names
    ]


def main(argv: list[str]) -> None:
    """Measure and tell."""
    given = options(argv, rounds=3)
    rows = 400 if given.quick else 20_000
    names = [name for name in VARIANTS if not given.quick or "JavaScript" not in name]
    missing = {name: why for name in names if (why := why_missing(VARIANTS[name][0]))}
    with serving(rows) as base_url:

        def measure(name: str) -> Measures:
            client, read = VARIANTS[name]
            task = {"base_url": base_url, "work": "rows", "read": read, "keep": True}
            used = run_client(client, task)
            return {ADDED: used["memory"] / rows / 1e3, CPU: used["cpu"] / rows * 1e6}

        found = take_turns(names, measure, given.rounds, missing)
    publish("memory", found, _claims(names), given, {"rows": rows})


if __name__ == "__main__":
    main(sys.argv[1:])
