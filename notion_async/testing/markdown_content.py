"""Content of a page from Markdown: blocks that stay as they are keep their ids.

What Notion keeps when it takes a changed text is not documented.  Assumed: the blocks whose
Markdown has not changed, found as one finds the unchanged lines of two versions of a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

import attrs
import msgspec

from notion_async.content import blocks_from_markdown, rich_text_from_markdown, write_markdown
from notion_async.content.tree import Node
from notion_async.content.walk import OTHER_DOCUMENTS
from notion_async.converters import request_json
from notion_async.errors import ConfigurationError, MissingExtraError
from notion_async.models import Block
from notion_async.testing.block_kinds import KINDS
from notion_async.testing.checks import Decoded, a_string, dashed, invalid, not_offered
from notion_async.testing.records import Record
from notion_async.testing.rich_text import rich_text
from notion_async.testing.store import Store
from notion_async.testing.writing import Draft, insert
from notion_async.types import JSONObject

_KEPT: Final = ("child_page", "child_database", "unsupported")
_ID: Final = re.compile(r"[0-9a-f]{32}(?![0-9a-f])")


@attrs.frozen
class _Wanted:
    """A block of the new content: one to be made, or the id of one that is there."""

    key: str
    draft: Draft | None = None
    kept: str = ""


def tree_of(store: Store, parent: str) -> list[Node]:
    """Return the blocks of a page or block, without those of the pages in it."""
    roots: list[Node] = []
    waiting = [(parent, roots)]
    entered = {parent}  # what was loaded may hold itself
    while waiting:
        above, siblings = waiting.pop()
        for record in store.children(above):
            node = _node(record.decoded())
            siblings.append(node)
            if record.type not in OTHER_DOCUMENTS and record.id not in entered:
                entered.add(record.id)
                waiting.append((record.id, node.children))
    return roots


def drafts_from(
    store: Store, markdown: str, *, titled: bool
) -> tuple[Sequence[Decoded], list[Draft]]:
    """Return the title that new content brings, and its blocks.

    Args:
        store: Where they will be.
        markdown: The content.
        titled: Whether there is a title already; else the first block is it, if it is a heading
            of the first level.

    Raises:
        RefusalError: They cannot be made.
    """
    blocks = _read(markdown)
    title: Sequence[Decoded] = ()
    if not titled and blocks and blocks[0]["type"] == "heading_1":
        title = _content(blocks[0])["rich_text"]
        blocks = blocks[1:]
    return title, [_draft(store, block) for block in blocks]


def inline_text(store: Store, value: object, where: str) -> list[Decoded]:
    """Return a paragraph of Markdown as rich text.

    Raises:
        RefusalError: It is no text, or there is something in it that cannot be written.
    """
    markdown = a_string(value, where)
    try:
        runs = request_json(rich_text_from_markdown(markdown))
    except MissingExtraError as error:
        raise not_offered(f"Markdown without its extra ({error})") from None
    return rich_text(store, runs, where)


def rewrite(store: Store, page: str, markdown: str, *, deleting: bool) -> None:
    """Give a page the content that a text stands for.

    Raises:
        RefusalError: It cannot be made, or pages would be deleted that may not be.
    """
    wanted = [_wanted(store, page, block) for block in _read(markdown)]
    there = [(record, _key(record, node)) for record, node in _siblings(store, page)]
    final: list[_Wanted | str] = []
    keys = [key for _, key in there]
    for what, i, j, k, m in SequenceMatcher(
        None, keys, [one.key for one in wanted], autojunk=False
    ).get_opcodes():
        final += [record.id for record, _ in there[i:j]] if what == "equal" else wanted[k:m]
    staying = {one if isinstance(one, str) else one.kept for one in final}
    leaving = [record for record, _ in there if record.id not in staying]
    if not deleting:
        _check_deleted(store, leaving)
    for record in leaving:
        store.set_trashed(record.id, True)
    order = [_placed(store, page, one) for one in final]
    listed = store.child_ids(page)
    listed[:] = [*order, *(one for one in listed if one not in set(order))]
    store.touch(page)


def _siblings(store: Store, page: str) -> Iterator[tuple[Record, Node]]:
    return zip(store.children(page), tree_of(store, page), strict=True)


def _placed(store: Store, page: str, one: _Wanted | str) -> str:
    """Return the id of a block of the new content, which is made if need be."""
    if isinstance(one, str):
        return one
    if one.draft is None:
        return one.kept
    return insert(store, page, [one.draft])[0].id


def _key(record: Record, node: Node) -> str:
    if record.type in _KEPT or _is_unwritten(node):
        return record.id
    return write_markdown([node], as_notion=True)


def _is_unwritten(node: Node) -> bool:
    return write_markdown([Node(node.block)], as_notion=True).startswith("<unknown ")


def _wanted(store: Store, page: str, block: JSONObject) -> _Wanted:
    if block["type"] in _KEPT:
        identity = _named(store, page, _content(block))
        return _Wanted(identity, kept=identity)
    draft = _draft(store, block)
    return _Wanted(write_markdown([_node_of(draft)], as_notion=True), draft)


def _named(store: Store, page: str, content: Decoded) -> str:
    """Return the id of the child that a tag names."""
    found = _ID.findall(str(content.get("url", "")))
    identity = dashed(found[-1]) if found else None
    if identity is None or identity not in store.child_ids(page):
        # The words are ours: no exchange with Notion shows its own.
        raise invalid("A page, database or block that Markdown names is not in this page.")
    return identity


def _read(markdown: str) -> list[JSONObject]:
    try:
        return blocks_from_markdown(markdown)
    except MissingExtraError as error:
        raise not_offered(f"Markdown without its extra ({error})") from None
    except ConfigurationError as error:
        raise invalid(f"The Markdown cannot be made into blocks: {error}") from None


def _draft(store: Store, block: JSONObject) -> Draft:
    kind = str(block["type"])
    if kind not in KINDS:
        raise invalid("A page, database or block that Markdown names is not in this page.")
    given = _content(block)
    children = [_draft(store, child) for child in given.get("children", [])]
    return Draft(kind, KINDS[kind].content(store, given, f"markdown.{kind}"), children)


def _content(block: JSONObject) -> Decoded:
    content: Any = block[str(block["type"])]
    found: Decoded = content
    return found


def _node_of(draft: Draft) -> Node:
    node = _node({"object": "block", "type": draft.type, draft.type: draft.content})
    node.children.extend(_node_of(child) for child in draft.children)
    return node


def _node(block: Decoded) -> Node:
    return Node(Block.from_json(msgspec.json.encode(block)))


def _check_deleted(store: Store, leaving: Sequence[Record]) -> None:
    waiting = [*leaving]
    while waiting:
        record = waiting.pop()
        if record.type in ("child_page", "child_database"):
            raise invalid(
                f"This would delete {record.type.removeprefix('child_')} {record.id}. Set "
                "allow_deleting_content to true if that is meant."
            )
        waiting += store.children(record.id)
