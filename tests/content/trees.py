"""Trees of blocks to write, and a strict reader of the requests that write them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from hypothesis import strategies as st

from notion_async.content.branches import Branch
from notion_async.content.split import Append, Step
from tests.testing.emulated import Object

Tree: TypeAlias = "tuple[str, str, list[Tree]]"
"""A block: its type, its name and what is in it."""

PROSE = ("paragraph", "toggle", "bulleted_list_item", "quote")
LEAVES = ("divider", "code")


def block(kind: str, name: str = "", *children: Object, **fields: Any) -> Object:
    """Return a block as it is written."""
    content: Object = {"rich_text": [{"type": "text", "text": {"content": name}}]}
    if kind == "table":
        content = {"table_width": 1}
    elif kind == "table_row":
        content = {"cells": [content["rich_text"]]}
    elif kind in ("column_list", "column", "tab", "divider"):
        content = {}
    elif kind == "code":
        content["language"] = "python"
    if children:
        content["children"] = list(children)
    return {"type": kind, kind: {**content, **fields}}


def table(rows: int) -> Object:
    return block("table", "", *(block("table_row", str(number)) for number in range(rows)))


def toggles(*widths: int) -> list[Object]:
    """Return toggles in toggles: so many, with so many in each, and so on."""
    number = 0

    def level(rest: tuple[int, ...]) -> list[Object]:
        nonlocal number
        found = []
        for _ in range(rest[0] if rest else 0):
            number += 1
            name = str(number)
            found.append(block("toggle", name, *level(rest[1:])))
        return found

    return level(widths)


@st.composite
def trees(draw: st.DrawFn, depth: int = 5) -> list[Object]:
    """Draw blocks of every sort, some with more children than an array may hold."""
    count = 0

    def some(least: int, level: int) -> list[Object]:
        few = st.integers(least, 3)
        many = st.sampled_from([99, 100, 101, 150, 201, 250])
        width = draw(few | few | few | many if level < 3 else few)
        if width > 10:  # most of them are alike: drawing each would take long
            return [*(one("leaf", level) for _ in range(width - 2)), *some(2, level)][:width]
        return [one(draw(st.sampled_from(KINDS)), level) for _ in range(width)]

    def one(kind: str, level: int) -> Object:
        nonlocal count
        count += 1
        name = str(count)
        deeper = level < depth
        if kind == "table":
            return table(draw(st.sampled_from([1, 2, 100, 101, 190])))
        if kind == "column_list" and deeper:
            return block(kind, name, *(column(level + 1) for _ in range(draw(st.integers(2, 3)))))
        if kind == "tab" and deeper:
            return block(kind, name, *(one("paragraph", level + 1) for _ in range(2)))
        if kind in PROSE:
            return block(kind, name, *(some(0, level + 1) if deeper else ()))
        return block("code" if kind != "divider" else kind, name)

    def column(level: int) -> Object:
        inner = some(1, level + 1)
        if inner[0]["type"] == "column_list":  # no column begins with columns
            inner.insert(0, block("divider"))
        return block("column", "", *inner)

    KINDS = (*PROSE, *LEAVES, "table", "column_list", "tab")  # noqa: N806 - as elsewhere
    return some(1, 0)


def shape(written: Object) -> Tree:
    """Return what makes a block this one, with what is in it."""
    kind = written["type"]
    content = dict(written[kind])
    children = content.pop("children", [])
    return kind, json.dumps(content, sort_keys=True), [shape(child) for child in children]


class Reader:
    """Does what the requests say, as strictly as Notion, and keeps what comes of it."""

    def __init__(self) -> None:
        self.root: list[Tree] = []
        self.appends = 0
        self.finds = 0
        self._known: dict[Branch, Tree] = {}

    def create(self, blocks: Sequence[Object]) -> None:
        """Take the content that a page is created with."""
        check_request(blocks)
        self.root = [shape(one) for one in blocks]

    def read(self, steps: Sequence[Step]) -> list[Tree]:
        for step in steps:
            if isinstance(step, Append):
                self._append(step)
            else:
                self.finds += 1
                # The first ones, as they are listed.
                found = self._known[step.under][2][: len(step.blocks)]
                assert [one[0] for one in found] == [branch.kind for branch in step.blocks]
                self._known.update(zip(step.blocks, found, strict=True))
        return self.root

    def _append(self, step: Append) -> None:
        self.appends += 1
        blocks = [piece.json() for piece in step.pieces]
        check_request(blocks)
        made = [shape(one) for one in blocks]
        into = self.root if step.under is None else self._known[step.under][2]
        into += made
        for piece, one in zip(step.pieces, made, strict=True):
            self._known[piece.branch] = one


def check_request(blocks: Sequence[Any]) -> None:
    """Fail where Notion would refuse the blocks of one request."""
    count = 0
    todo = [(blocks, 0)]
    while todo:
        siblings, depth = todo.pop()
        count += len(siblings)
        assert len(siblings) <= 100
        for one in siblings:
            kind = one["type"]
            children = one[kind].get("children", [])
            assert depth <= 2
            assert kind != "column_list" or depth == 0
            if kind in ("column_list", "column", "table"):
                assert children, f"an empty {kind}"
            if children:
                # Columns are the frame of what is in them, and no level.
                todo.append((children, depth if kind == "column_list" else depth + 1))
    assert count <= 1000
    assert len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")).encode()) <= 500_000


def names(tree: Sequence[Tree]) -> Iterator[str]:
    """Yield the contents in document order."""
    for _, name, children in tree:
        yield name
        yield from names(children)
