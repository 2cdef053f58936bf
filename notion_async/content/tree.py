"""Blocks with their place in a page."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from notion_async.models import Block


@attrs.frozen
class Placed:
    """A block and how deep it lies: 0 for those directly in the page."""

    block: Block
    depth: int


@attrs.define
class Node:
    """A block with the blocks in it."""

    block: Block
    children: list[Node] = attrs.Factory(list)


def nest(blocks: Iterable[Placed]) -> list[Node]:
    """Return the blocks of a page as a tree, from their document order."""
    roots: list[Node] = []
    path: list[Node] = []
    for placed in blocks:
        node = Node(placed.block)
        del path[placed.depth :]
        (path[-1].children if path else roots).append(node)
        path.append(node)
    return roots
