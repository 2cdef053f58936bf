"""Blocks that are to be written, as a tree that is measured: what each costs of a request.

Blocks as objects, contents and mappings become one thing here, level by level: a tree may be
deeper than Python's stack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

import attrs
import msgspec

from notion_async.content.lengths import within_limits
from notion_async.converters import request_json
from notion_async.errors import ConfigurationError
from notion_async.models import Block, BlockContent, Paragraph, Unsupported
from notion_async.types import UNSET, JSONObject

MOST_BLOCKS: Final = 1000
"""Blocks that one request may hold, at all depths."""
MOST_BYTES: Final = 499_000
"""Bytes that the blocks of one request may take: 500 KB, less what stands around them."""
MOST_CHILDREN: Final = 100
"""Blocks that one array may hold."""
DEEPEST: Final = 2
"""How deep blocks may lie in those of the first level."""

_AROUND: Final = len(',"children":[],')
_ONLY: Final = {"column_list": "column", "table": "table_row", "tab": "paragraph"}
_NEVER_EMPTY: Final = ("column_list", "column", "table")
_CONTENTS: Final = (*Block.kinds.values(), Unsupported)


@attrs.define(eq=False)
class Branch:
    """A block with those below it, and what they come to together."""

    parent: Branch | None
    index: int
    kind: str
    block: JSONObject
    """As it is sent, but for its children."""
    children: list[Branch] = attrs.Factory(list)
    own_size: int = 0
    size: int = 0
    """Bytes."""
    weight: int = 1
    """Blocks."""
    height: int = 0
    """Levels that are below it, as Notion counts them."""
    fitting: bool = True
    """Whether no array in it is too long."""

    @property
    def where(self) -> str:
        """Its place in what was given: ``children[3].children[0]``."""
        return place(self.parent, self.index)

    def fits(self, depth: int) -> bool:
        """Tell whether all of it can lie `depth` levels deep in a request."""
        return (
            self.fitting
            and depth + self.height <= DEEPEST
            and self.weight <= MOST_BLOCKS
            and self.size <= MOST_BYTES
        )

    def measure(self) -> None:
        """Fill in what it comes to; the branches below it have been measured."""
        children = self.children
        self.own_size = _size(self.block, self.where)
        self.size = self.own_size + sum([child.size for child in children])
        self.weight = 1 + sum([child.weight for child in children])
        if children:
            self.height = 1 + max([child.height for child in children])
            self.fitting = len(children) <= MOST_CHILDREN and all(
                child.fitting for child in children
            )
        if self.kind == "column_list":
            # Columns are only frames, and do not count as a level.  But a request takes them on
            # its first level alone.
            self.height = max(DEEPEST, self.height - 1)


def place(parent: Branch | None, index: int) -> str:
    """Return where the child of that index is, as errors name it."""
    names = [f"children[{index}]"]
    while parent is not None:
        names.append(f"children[{parent.index}]")
        parent = parent.parent
    return ".".join(reversed(names))


def grow(children: Sequence[object]) -> list[Branch]:
    """Return the tree of these blocks, with their texts within Notion's limits.

    Raises:
        ConfigurationError: One is no block, or cannot be written however it is split.
    """
    roots: list[Branch] = []
    found: list[Branch] = []
    todo: list[tuple[Branch | None, Sequence[object], list[Branch]]] = [(None, children, roots)]
    while todo:
        parent, given, into = todo.pop()
        for index, child in enumerate(given):
            branch, below = _branch(child, parent, index)
            into.append(branch)
            found.append(branch)
            if below:
                todo.append((branch, below, branch.children))
    for branch in reversed(found):  # what is below comes after what it is in
        branch.measure()
    return roots


def _branch(child: object, parent: Branch | None, index: int) -> tuple[Branch, Sequence[object]]:
    where = place(parent, index)
    block, below = _apart(child, where)
    kind = _kind(block)
    content = block.get(kind)
    if isinstance(content, dict):
        block = {**block, kind: within_limits(content, f"{where}.{kind}")}
    if kind in _NEVER_EMPTY and not below:
        raise ConfigurationError(
            f"{where} is a {kind} without children, which Notion does not accept: give it at "
            "least one; nothing was sent"
        )
    only = _ONLY.get(parent.kind) if parent is not None else None
    if parent is not None and only is not None and kind != only:
        raise ConfigurationError(
            f"{where} is a {kind or 'block without a type'}, but a {parent.kind} holds nothing "
            f"but blocks of type {only}; nothing was sent"
        )
    return Branch(parent, index, kind, block), below


def _apart(child: object, where: str) -> tuple[JSONObject, Sequence[object]]:
    """Return a block as it is sent, without the blocks in it, and these."""
    if isinstance(child, Mapping):
        kind = _kind(child)
        content = child.get(kind)
        if isinstance(content, Mapping):
            return _mapping(child, kind, content)
        if isinstance(content, _CONTENTS):
            child = content
    if isinstance(child, _CONTENTS):
        child = Block(cast("BlockContent", child))
    if isinstance(child, Block):
        children = getattr(child.content, "children", UNSET)
        if isinstance(children, (list, tuple)) and children:
            return _bare(cast("Paragraph", child.content)), children
        child = request_json(child)
        return _apart(child, where)  # what this version does not know may hold blocks, too
    if isinstance(child, Mapping):
        return _json(child), ()
    raise ConfigurationError(
        f"{where} is of type {type(child).__name__}: give a Block, its content (as Paragraph) "
        "or a mapping; nothing was sent"
    )


def _mapping(
    block: Mapping[str, object], kind: str, content: Mapping[str, object]
) -> tuple[JSONObject, Sequence[object]]:
    children = content.get("children")
    if not isinstance(children, (list, tuple)) or not children:
        return _json(block), ()
    bare = {name: value for name, value in content.items() if name != "children"}
    return _json({**block, kind: bare}), children


def _bare(content: Paragraph) -> JSONObject:
    make = cast("Callable[..., Paragraph]", attrs.evolve)
    bare = _json(make(content, children=UNSET))
    if getattr(content, "_source", None) is not None and bare.get("icon") is None:
        bare.pop("icon", None)  # Notion sends null where there is none, and accepts no null
    return {"type": content.kind, content.kind: bare}


def _json(value: object) -> JSONObject:
    return cast("JSONObject", request_json(value))


def _kind(block: Mapping[str, object]) -> str:
    """Return the type of a block; a mapping may leave it to the name of its content."""
    kind = block.get("type")
    if isinstance(kind, str):
        return kind
    held = (Mapping, *_CONTENTS)
    return next((name for name, value in block.items() if isinstance(value, held)), "")


def _size(block: JSONObject, where: str) -> int:
    try:
        size = len(msgspec.json.encode(block)) + _AROUND
    except UnicodeEncodeError:
        raise ConfigurationError(
            f"{where} holds half a character (a lone surrogate), which no JSON can hold: take it "
            "out; nothing was sent"
        ) from None
    if size > MOST_BYTES:
        raise ConfigurationError(
            f"{where} alone has {size} bytes, and Notion takes 500 KB in a request: spread it "
            "over several blocks; nothing was sent"
        )
    return size
