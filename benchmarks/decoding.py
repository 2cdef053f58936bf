"""Decoding alone: rows and blocks, as a multiple of what orjson.loads takes.

In one process, each variant in turn: an answer of 100 rows or 100 blocks is decoded some times.
What Python's garbage collector does meanwhile is part of it, as it is in life.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Final

import msgspec

from benchmarks import payload
from benchmarks.clients import ours, untouched
from benchmarks.harness import Claim, Measures, options, publish, take_turns, why_missing
from notion_async.models import Block, ObjectList, RichText, plain_text
from notion_async.resources._resource import page_or_data_source

CPU: Final = "µs of CPU per item"
_ITEMS: Final = 100

Decode = Callable[[bytes], object]


def _rows(read: Callable[[ours.Row], object]) -> Decode:
    def decode(text: bytes) -> None:
        for row in ObjectList.of(text, page_or_data_source):
            read(row)

    return decode


def _blocks(read: Callable[[Block], object]) -> Decode:
    def decode(text: bytes) -> None:
        for block in ObjectList.of(text, Block.from_json):
            read(block)

    return decode


def _content(block: Block) -> None:
    _ = block.content


def _text(block: Block) -> str:
    runs: tuple[RichText, ...] = getattr(block.content, "rich_text", ())
    return plain_text(runs)


def _variants() -> dict[str, tuple[str, Decode]]:
    """Return by name what is decoded, and by what."""
    found: dict[str, tuple[str, Decode]] = {}
    for kind in ("rows", "blocks"):
        if why_missing("raw") is None:
            found[f"{kind}: orjson.loads"] = kind, import_module("orjson").loads
        found[f"{kind}: json.loads"] = kind, json.loads
        found[f"{kind}: msgspec.json.decode"] = kind, msgspec.json.decode
        found[f"{kind}: ours, list split"] = kind, lambda text: len(ObjectList.of(text))
    found["rows: ours, untouched"] = "rows", _rows(untouched)
    found["rows: ours, three properties"] = "rows", _rows(ours.three)
    found["rows: ours, all to classes"] = "rows", _rows(ours.classes)
    found["rows: ours, all values"] = "rows", _rows(ours.values)
    found["blocks: ours, untouched"] = "blocks", _blocks(untouched)
    found["blocks: ours, contents"] = "blocks", _blocks(_content)
    found["blocks: ours, texts"] = "blocks", _blocks(_text)
    return found


def main(argv: list[str]) -> None:
    """Measure and tell."""
    given = options(argv, rounds=9)
    times = 2 if given.quick else 60
    texts = {"rows": payload.rows_answer(_ITEMS), "blocks": payload.blocks_answer(_ITEMS)}
    variants = _variants()
    missing = {
        f"{kind}: orjson.loads": why for kind in texts if (why := why_missing("raw")) is not None
    }

    def measure(name: str) -> Measures:
        kind, decode = variants[name]
        text = texts[kind]
        decode(text)
        started = time.process_time()
        for _ in range(times):
            decode(text)
        return {CPU: (time.process_time() - started) / (times * _ITEMS) * 1e6}

    found = take_turns(list(variants), measure, given.rounds, missing)
    claims = [
        Claim(
            name=name.replace(": ours, ", "_").replace(" ", "_"),
            says=f"{name} ÷ orjson.loads",
            measure=CPU,
            variant=name,
            beside=f"{kind}: orjson.loads",
        )
        for name, (kind, _) in variants.items()
        if "ours" in name
    ]
    publish("decoding", found, claims, given, {"items": _ITEMS, "times": times})


if __name__ == "__main__":
    main(sys.argv[1:])
