"""Which requests write a tree of blocks: as few as Notion's limits allow, in order.  No I/O.

A request takes 100 blocks in one array, two levels below those of the first, 1,000 in all and
500 KB.  It answers with the ids of its first level only.  So what cannot be sent whole is sent
bare, as part of a first level, and its children follow under the id that came back: this needs
exactly one request for each block that is too tall, and never asks for an id.

Some blocks are not accepted without children: tables, tabs and columns.  They go with as much as
fits.  Only where a block in a column or tab is too tall itself its id has to be asked for.

The limits: https://developers.notion.com/reference/request-limits
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

import attrs

from notion_async.content.branches import (
    DEEPEST,
    MOST_BLOCKS,
    MOST_BYTES,
    MOST_CHILDREN,
    Branch,
)
from notion_async.errors import ConfigurationError
from notion_async.types import JSON, JSONObject

_WITH_CHILDREN: Final = ("column", "tab", "table")
"""Types that are sent with a child at least; so are column lists, with all their columns."""


@attrs.define(eq=False)
class Piece:
    """A block as one request sends it: with some of its children, or all."""

    branch: Branch
    children: list[Piece] = attrs.Factory(list)
    rest: Sequence[Branch] = ()
    """The children that follow in later requests."""

    @property
    def is_open(self) -> bool:
        """Whether something below it is not sent with it."""
        return bool(self.rest) or any(child.is_open for child in self.children)

    @property
    def weight(self) -> int:
        """How many blocks it is."""
        return 1 + sum([child.weight for child in self.children])

    @property
    def size(self) -> int:
        """How many bytes."""
        return self.branch.own_size + sum([child.size for child in self.children])

    def json(self) -> JSONObject:
        """Return it as it is sent."""
        block, kind = self.branch.block, self.branch.kind
        content = block.get(kind)
        if not self.children or not isinstance(content, dict):
            return block
        children: list[JSON] = [child.json() for child in self.children]
        return {**block, kind: {**content, "children": children}}


@attrs.frozen
class Append:
    """A request that appends blocks."""

    under: Branch | None
    """The block they go into; None for the one that the whole goes into."""
    pieces: Sequence[Piece]


@attrs.frozen
class Find:
    """A listing that asks for the ids of the first blocks in a block."""

    under: Branch
    blocks: Sequence[Branch]


Step: TypeAlias = Append | Find


@attrs.define
class _Room:
    """What one request can still take."""

    blocks: int = MOST_BLOCKS
    size: int = MOST_BYTES

    def take(self, weight: int, size: int) -> bool:
        """Take in so many blocks and bytes, if there is room for them."""
        if weight > self.blocks or size > self.size:
            return False
        self.blocks -= weight
        self.size -= size
        return True


def append_steps(branches: Sequence[Branch]) -> list[Step]:
    """Return the requests that write these blocks into one that exists.

    The first level comes first, then what is below it, level by level.

    Raises:
        ConfigurationError: Some blocks have to be sent in one request, and are too many for it.
    """
    steps: list[Step] = []
    queue: deque[tuple[Branch | None, Sequence[Piece], Sequence[Branch]]] = deque()
    queue.append((None, (), branches))
    while queue:
        under, sent, rest = queue.popleft()
        unfinished = [piece for piece in sent if piece.is_open]
        if under is not None and unfinished:
            last = sent.index(unfinished[-1])
            steps.append(Find(under, [piece.branch for piece in sent[: last + 1]]))
        for pieces in _requests(rest):
            steps.append(Append(under, pieces))
            unfinished += [piece for piece in pieces if piece.is_open]
        queue.extend((piece.branch, piece.children, piece.rest) for piece in unfinished)
    return steps


def page_steps(branches: Sequence[Branch], *, taken: int) -> tuple[list[Piece], list[Step]]:
    """Return what a new page is created with, and the requests that append the rest.

    Creating a page tells no ids of its blocks: it takes those that need no more, up to the first
    that does.

    Args:
        branches: The content of the page.
        taken: Bytes that the rest of the request needs.
    """
    room = _Room(size=MOST_BYTES - taken)
    pieces: list[Piece] = []
    for branch in branches[:MOST_CHILDREN]:
        if not branch.fits(0) or not room.take(branch.weight, branch.size):
            break
        pieces.append(_whole(branch))
    return pieces, append_steps(branches[len(pieces) :])


def _requests(branches: Sequence[Branch]) -> Iterator[list[Piece]]:
    """Yield the first levels of the requests that write these blocks into one block."""
    pieces: list[Piece] = []
    room = _Room()
    for branch in branches:
        piece = _piece(branch)
        weight, size = piece.weight, piece.size
        if len(pieces) == MOST_CHILDREN or not room.take(weight, size):
            yield pieces
            pieces, room = [], _Room()
            room.take(weight, size)
        pieces.append(piece)
    if pieces:
        yield pieces


def _piece(branch: Branch) -> Piece:
    """Return a block as part of the first level of a request."""
    if branch.fits(0):
        return _whole(branch)
    if branch.kind == "column_list":
        piece = _columns(branch)
    elif branch.kind in ("column", "tab"):
        piece = _least(branch, 0)
        _extend(piece, 0, _Room(MOST_BLOCKS - piece.weight, MOST_BYTES - piece.size))
    else:
        count = _ahead(branch)
        if branch.kind == "table":
            count = max(count, 1)
        first = [_whole(child) for child in branch.children[:count]]
        piece = Piece(branch, first, branch.children[count:])
    if not _Room().take(piece.weight, piece.size):
        raise ConfigurationError(
            f"{branch.where}, a {branch.kind}, has to be sent with {piece.weight - 1} of the "
            f"blocks in it, {piece.size} bytes: too much for one request of at most "
            f"{MOST_BLOCKS} blocks and 500 KB.  Make it smaller; nothing was sent"
        )
    return piece


def _whole(branch: Branch) -> Piece:
    return Piece(branch, [_whole(child) for child in branch.children])


def _ahead(branch: Branch) -> int:
    """Return how many children to send along: so many that the rest is one request less.

    0 where so many cannot go along.  Sending more would save nothing, and leave less room for
    the blocks beside this one.
    """
    children = branch.children
    room = _Room(MOST_BLOCKS - 1, MOST_BYTES - branch.own_size)
    most = 0
    for child in children[:MOST_CHILDREN]:
        if not child.fits(1) or not room.take(child.weight, child.size):
            break
        most += 1
    # From the end, so that the requests that follow are full and the first one is not.
    count, blocks, size = 0, 0, 0
    for child in reversed(children):
        whole = child.fits(0)
        weight, bytes_ = (child.weight, child.size) if whole else (1, child.own_size)
        blocks, size = blocks + weight, size + bytes_
        count += 1
        if count > MOST_CHILDREN or blocks > MOST_BLOCKS or size > MOST_BYTES:
            count, blocks, size = 1, weight, bytes_
    return count if count <= most else 0


def _columns(branch: Branch) -> Piece:
    """Return columns, each with a block at least: Notion takes them no other way."""
    piece = Piece(
        branch,
        [_least(column, 0) for column in branch.children[:MOST_CHILDREN]],
        branch.children[MOST_CHILDREN:],
    )
    room = _Room(MOST_BLOCKS - piece.weight, MOST_BYTES - piece.size)
    for column in piece.children:
        _extend(column, 0, room)
    return piece


def _least(branch: Branch, depth: int) -> Piece:
    """Return the least of a block that Notion accepts, so many levels deep."""
    if branch.kind == "column_list":
        raise ConfigurationError(
            f"{branch.where} is a column_list at the beginning of a column, where Notion takes "
            "none in the same request: put another block before it; nothing was sent"
        )
    if branch.kind not in _WITH_CHILDREN or depth >= DEEPEST:
        return Piece(branch, [], branch.children)
    first = branch.children[0]
    child = _whole(first) if first.fits(depth + 1) else _least(first, depth + 1)
    return Piece(branch, [child], branch.children[1:])


def _extend(piece: Piece, depth: int, room: _Room) -> None:
    """Add children to a piece while they fit, if that saves a request."""
    asked = any(child.is_open for child in piece.children)  # for the ids of its children
    rest = list(piece.rest)
    while rest and len(piece.children) < MOST_CHILDREN:
        child = rest[0]
        if child.fits(depth + 1):
            more = _whole(child)
        elif asked and child.kind != "column_list":
            more = _least(child, depth + 1)
        else:
            break
        if not room.take(more.weight, more.size):
            break
        piece.children.append(more)
        del rest[0]
    piece.rest = rest
