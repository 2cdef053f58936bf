"""Answers that are nearly Notion's: what a bad line, a bad proxy or a bad day makes of them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from random import Random
from typing import Any, TypeAlias

from tests.conftest import SHARED
from tests.models.tools import one_of_each

# Any: JSON that is cut up and put together at random.
Tree: TypeAlias = Any

ODD: tuple[Tree, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    2**63,
    10**40,
    float("inf"),  # written as no JSON is, like the next
    float("nan"),
    "",
    "x",
    "error",
    "list",
    "2026-13-45T99:99:99.000Z",
    "\ud800",
    "\x00",
    "\u2028",
    [],
    [None],
    [[]],
    {},
    {"": None},
    {"type": "unknown_to_this_version", "object": "unknown", "id": 5},
)
_LARGEST = 10_000
DEPTHS = (50, 400, 900, 1_100, 100_000)


@cache
def objects() -> Mapping[str, Sequence[Tree]]:
    """Objects by their sort: one of each as the emulator answers, and what was recorded."""
    found: dict[str, list[Tree]] = {}
    for each in (*one_of_each(), *_recorded()):
        found.setdefault(str(each.get("object")), []).append(each)
    return found


def _recorded() -> Iterator[Tree]:
    if SHARED.is_dir():
        with (SHARED / "recordings" / "exchanges.jsonl").open() as lines:
            for line in lines:
                response = json.loads(line)["response"]
                if isinstance(response, dict) and len(line) < _LARGEST:
                    yield response


def _any(random: Random) -> Tree:
    found = objects()
    return random.choice(found[random.choice(sorted(found))])


def listing(random: Random) -> Tree:
    """Return a list object of some of them."""
    return {
        "object": "list",
        "results": [_any(random) for _ in range(random.randint(0, 3))],
        "next_cursor": random.choice((None, "c", 5)),
        "has_more": random.choice((True, False, None)),
        "type": random.choice(("block", "page_or_data_source", "property_item", "template", 1)),
        "property_item": {"id": "x", "type": "rollup", "next_url": None, "rollup": {}},
    }


def nearly(random: Random, tree: Tree = None) -> bytes:
    """Return the bytes of an answer that is nearly one of Notion's, or nearly that one."""
    if tree is None:
        tree = listing(random) if random.random() < 0.3 else _any(random)
    if random.random() < 0.7:
        tree = copy.deepcopy(tree)
        for _ in range(random.choice((1, 1, 1, 2, 5))):
            if _places(tree):
                random.choice(OF_TREES)(tree, random)
    # Pairs of surrogates and other escapes, or the characters themselves: where they can be.
    text = json.dumps(tree)
    data = text.encode()
    if random.random() < 0.3 and "\\ud" not in text:
        data = json.dumps(tree, ensure_ascii=False, indent=1).encode()
    if random.random() < 0.3:
        data = random.choice(OF_BYTES)(data, random)
    return data


def _places(tree: Tree) -> list[tuple[Tree, Any]]:
    """Return every place in a tree, as what holds it and the key or index."""
    found: list[tuple[Tree, Any]] = []
    waiting = [tree]
    while waiting:
        each = waiting.pop()
        if isinstance(each, (dict, list)):
            pairs = each.items() if isinstance(each, dict) else enumerate(each)
            found += [(each, key) for key, _ in pairs]
            waiting += each.values() if isinstance(each, dict) else each
    return found


def _replace(tree: Tree, random: Random) -> None:
    holder, key = random.choice(_places(tree))
    holder[key] = copy.deepcopy(random.choice(ODD))


def _drop(tree: Tree, random: Random) -> None:
    holder, key = random.choice(_places(tree))
    del holder[key]


def _graft(tree: Tree, random: Random) -> None:
    holder, key = random.choice(_places(tree))
    other, name = random.choice(_places(tree))
    holder[key] = copy.deepcopy(other[name])


def _add(tree: Tree, random: Random) -> None:
    holder, _ = random.choice(_places(tree))
    odd = copy.deepcopy(random.choice(ODD))
    if isinstance(holder, dict):
        holder[random.choice(("new", "type", "object", "id", "\ud83d"))] = odd
    else:
        holder.append(odd)


def _rename(tree: Tree, random: Random) -> None:
    holder, key = random.choice(_places(tree))
    if isinstance(holder, dict):
        holder[f"{key}_of_the_future"] = holder.pop(key)


OF_TREES: Sequence[Callable[[Tree, Random], None]] = (
    _replace,
    _replace,
    _drop,
    _graft,
    _add,
    _rename,
)


def _flip(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + random.randbytes(1) + data[at + 1 :]


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def _lose(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data))
    return data[:start] + data[start + random.randint(1, 40) :]


def _repeat(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data))
    end = start + random.randint(1, 60)
    return data[:end] + data[start:]


def _surrogate(data: bytes, random: Random) -> bytes:
    halves = (rb"\ud83d", rb"\udc00", rb"\uD83D\uD83D", rb"\\ud83d", b"\xed\xa0\x80")
    return data.replace(b'": "', b'": "' + random.choice(halves), random.randint(1, 3))


def _twice(data: bytes, random: Random) -> bytes:
    """A name that stands twice in one object."""
    name = random.choice((b"object", b"type", b"id", b"results", b"properties", b"parent"))
    value = json.dumps(random.choice(ODD[:9])).encode()
    at = data.find(b"{") + 1 if random.random() < 0.5 else data.rfind(b"{") + 1
    return data[:at] + b'"' + name + b'": ' + value + b"," + data[at:]


def _deep(data: bytes, random: Random) -> bytes:
    depth = random.choice(DEPTHS)
    opened, closed = random.choice(((b"[", b"]"), (b'{"a":', b"}")))
    inside = opened * depth + b"1" + closed * depth
    return data.replace(b'": "', b'": ' + inside + b', "' + b'b": "', 1)


def _number(data: bytes, random: Random) -> bytes:
    number = random.choice((b"-0", b"9" * 4_000, b"1.0", b"1e300", b"01", b"-", b"0x1", b"NaN"))
    return data.replace(b": true", b": " + number, 1).replace(b": null", b": " + number, 1)


def _around(data: bytes, random: Random) -> bytes:
    before, after = random.choice(
        (
            (b"\xef\xbb\xbf", b""),
            (b" \r\n", b"\n"),
            (b"", b"}"),
            (b"", data),
            (b"\x00", b""),
        )
    )
    return before + data + after


OF_BYTES: Sequence[Callable[[bytes, Random], bytes]] = (
    _flip,
    _cut,
    _lose,
    _repeat,
    _surrogate,
    _twice,
    _deep,
    _number,
    _around,
)
