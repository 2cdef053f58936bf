from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from notion_async.content.tree import Node, Placed, nest
from notion_async.models import Block
from tests.testing.emulated import block, under

Shape: TypeAlias = "list[Shape]"

_shapes: st.SearchStrategy[Shape] = st.recursive(
    st.just([]), lambda inner: st.lists(inner, max_size=4), max_leaves=20
)


def _block(name: str) -> Block:
    return Block.from_json(json.dumps(block(name, under("page_id", "page"))).encode())


def _placed(shape: Shape, depth: int = 0) -> Iterator[Placed]:
    for inner in shape:
        yield Placed(_block("any"), depth)
        yield from _placed(inner, depth + 1)


def _shape(nodes: list[Node]) -> Shape:
    return [_shape(node.children) for node in nodes]


@given(_shapes)
def test_a_tree_comes_back_from_its_document_order(shape: Shape) -> None:
    assert _shape(nest(_placed(shape))) == shape


def test_nothing_makes_no_tree() -> None:
    assert nest([]) == []


def test_blocks_keep_their_order_and_their_identity() -> None:
    first, inner, last = _block("first"), _block("inner"), _block("last")

    roots = nest([Placed(first, 0), Placed(inner, 1), Placed(last, 0)])

    assert [node.block for node in roots] == [first, last]
    assert [node.block for node in roots[0].children] == [inner]


def test_a_tree_may_be_deeper_than_the_interpreter_recurses() -> None:
    one = _block("any")

    (node,) = nest(Placed(one, depth) for depth in range(3_000))

    depth = 1
    while node.children:
        (node,) = node.children
        depth += 1
    assert depth == 3_000
