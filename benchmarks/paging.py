"""Paging through 20,000 rows: CPU of the client's process, in µs per row.

Each variant runs in a fresh process, gets warm with three answers and then reads all rows, 100
of 12 properties in an answer.  Compared is like with like: who reads three properties with who
reads the same three, who writes JSON Lines with who writes JSON Lines.  Decoding every property
stands beside peers that read none: theirs are decoded by then.
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

CPU: Final = "µs of CPU per row"
ADDED: Final = "KB added per row"

# Name: the client's module, what it reads of each row, whether rows are kept.
VARIANTS: Final = {
    "ours, untouched": ("ours", "untouched", False),
    "ours, to JSON Lines": ("ours", "jsonl", False),
    "ours, three properties": ("ours", "three", False),
    "ours, three objects": ("ours", "three objects", False),
    "ours, all to classes": ("ours", "classes", False),
    "ours, all values": ("ours", "values", False),
    "notion-client, untouched": ("peer", "untouched", False),
    "notion-client, to JSON Lines": ("peer", "jsonl", False),
    "notion-client, three properties": ("peer", "three", False),
    "aiohttp + orjson, untouched": ("raw", "untouched", False),
    "aiohttp + orjson, to JSON Lines": ("raw", "jsonl", False),
    "aiohttp + orjson, three properties": ("raw", "three", False),
    "aiohttp, bytes": ("bare", "untouched", False),
    "JavaScript client, untouched": ("official", "untouched", False),
    "JavaScript client, three properties": ("official", "three", False),
    "ours, kept": ("ours", "untouched", True),
    "notion-client, kept": ("peer", "untouched", True),
    "aiohttp + orjson, kept": ("raw", "untouched", True),
    "JavaScript client, kept": ("official", "untouched", True),
}
# What the claims do not need is left out of a quick run.
_QUICK: Final = [name for name in VARIANTS if "JavaScript" not in name and "bytes" not in name]


def _claims() -> list[Claim]:
    def claim(
        name: str,
        ours: str,
        theirs: str,
        bar: float | None,
        measure: str = CPU,
    ) -> Claim:
        what = "memory" if measure == ADDED else "CPU"
        return Claim(
            name=name,
            says=f"{what}: {ours} ÷ {theirs}",
            measure=measure,
            variant=ours,
            beside=theirs,
            at_most=bar,
        )

    peer, raw = "notion-client, ", "aiohttp + orjson, "
    three, lines = "three properties", "to JSON Lines"
    return [
        claim("three_peer", f"ours, {three}", peer + three, 0.50),
        claim("three_raw", f"ours, {three}", raw + three, 0.95),
        claim("three_objects_peer", "ours, three objects", peer + three, None),
        claim("three_objects_raw", "ours, three objects", raw + three, None),
        claim("untouched_peer", "ours, untouched", peer + "untouched", 0.30),
        claim("untouched_raw", "ours, untouched", raw + "untouched", 0.55),
        claim("jsonl_peer", f"ours, {lines}", peer + lines, 0.30),
        claim("jsonl_raw", f"ours, {lines}", raw + lines, 0.55),
        # The harder reading: we write, they only parse.
        claim("jsonl_peer_parsing", f"ours, {lines}", peer + "untouched", 0.30),
        claim("jsonl_raw_parsing", f"ours, {lines}", raw + "untouched", 0.55),
        claim("classes_peer", "ours, all to classes", peer + "untouched", 0.90),
        claim("values_peer", "ours, all values", peer + "untouched", 0.90),
        claim("kept_raw", "ours, kept", raw + "kept", 0.35),
        claim("kept_memory_raw", "ours, kept", raw + "kept", 0.40, ADDED),
    ]


def main(argv: list[str]) -> None:
    """Measure and tell."""
    given = options(argv)
    rows = 400 if given.quick else 20_000
    names = _QUICK if given.quick else list(VARIANTS)
    missing = {name: why for name in names if (why := why_missing(VARIANTS[name][0]))}
    with serving(rows) as base_url:

        def measure(name: str) -> Measures:
            client, read, keep = VARIANTS[name]
            task = {"base_url": base_url, "work": "rows", "read": read, "keep": keep}
            used = run_client(client, task)
            found = {
                CPU: used["cpu"] / rows * 1e6,
                "µs passed per row": used["wall"] / rows * 1e6,
            }
            return found | {ADDED: used["memory"] / rows / 1e3} if keep else found

        found = take_turns(names, measure, given.rounds, missing)
    publish("paging", found, _claims(), given, {"rows": rows})


if __name__ == "__main__":
    main(sys.argv[1:])
