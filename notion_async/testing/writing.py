"""Blocks as they are written, made into blocks as they are stored.

Limits: https://developers.notion.com/reference/request-limits
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from notion_async.testing.block_kinds import KINDS, NEED_CHILDREN, ONLY_CHILDREN
from notion_async.testing.checks import (
    Decoded,
    RefusalError,
    a_uuid,
    an_array,
    an_object,
    failed,
    invalid,
    known_fields,
    one_of,
)
from notion_async.testing.records import PREVIOUS, Record
from notion_async.testing.store import Store
from notion_async.types import JSON, UNSET

MOST_IN_AN_ARRAY: Final = 100
MOST_IN_A_REQUEST: Final = 1000
DEEPEST: Final = 3
"""A block, its children and theirs: two levels of nesting."""


@attrs.frozen
class Draft:
    """A block that was asked for and can be made."""

    type: str
    content: Decoded
    children: Sequence[Draft]

    @property
    def size(self) -> int:
        """How many blocks it is, with those below."""
        return 1 + sum(child.size for child in self.children)


def drafts(store: Store, value: object, where: str) -> list[Draft]:
    """Read the ``children`` of a request.

    Raises:
        RefusalError: They are not blocks that can be written, or too many.
    """
    found = _drafts(store, value, where, 1)
    total = sum(draft.size for draft in found)
    if total > MOST_IN_A_REQUEST:
        raise failed(f"{where}.length", f"≤ `{MOST_IN_A_REQUEST}`", total)
    return found


def insert(
    store: Store, parent: str, children: Sequence[Draft], *, at: int | None = None
) -> list[Record]:
    """Store blocks below `parent` and return those of the first level."""
    parent_type = "page_id" if store.get("page", parent) else "block_id"
    reference: dict[str, JSON] = {"type": parent_type, parent_type: parent}
    identities = []
    for index, draft in enumerate(children):
        block = store.add(
            {
                "object": "block",
                "id": store.new_id(),
                "parent": reference,
                "created_time": store.minute(),
                "last_edited_time": store.minute(),
                "created_by": store.author(),
                "last_edited_by": store.author(),
                "has_children": bool(draft.children),
                "in_trash": False,
                "type": draft.type,
                draft.type: draft.content,
            },
            at=None if at is None else at + index,
        )
        identities.append(block.id)
        insert(store, block.id, draft.children)
    return [store.find("block", identity) for identity in identities]


def place(store: Store, parent: str, body: Decoded, version: str) -> int | None:
    """Return where new children go, None for the end: by ``after`` or ``position``.

    Raises:
        RefusalError: The block named there is not below `parent`, or `version` has no such field.
    """
    if version == PREVIOUS:
        known_fields(body, "body", ("children", "after"))
        return None if "after" not in body else _after(store, parent, body["after"], "body.after")
    known_fields(body, "body", ("children", "position"))
    if "position" not in body:
        return None
    position = an_object(body["position"], "body.position")
    kind = one_of(
        position.get("type", UNSET), "body.position.type", ("after_block", "start", "end")
    )
    known_fields(position, "body.position", ("type", kind))
    if kind == "after_block":
        where = "body.position.after_block"
        block = an_object(position.get("after_block", UNSET), where)
        return _after(store, parent, block.get("id", UNSET), f"{where}.id")
    return 0 if kind == "start" else None


def _after(store: Store, parent: str, value: object, where: str) -> int:
    identity = a_uuid(value, where)
    siblings = store.child_ids(parent)
    if identity not in siblings:
        # The words are ours: no exchange with Notion shows its own.
        raise invalid(f"{where}: block {identity} is not a child of {parent}.")
    return siblings.index(identity) + 1


def _drafts(store: Store, value: object, where: str, depth: int) -> list[Draft]:
    given = an_array(value, where, most=MOST_IN_AN_ARRAY)
    return [
        _draft(store, an_object(block, f"{where}[{index}]"), f"{where}[{index}]", depth)
        for index, block in enumerate(given)
    ]


def _draft(store: Store, block: Decoded, where: str, depth: int) -> Draft:
    kind = next((name for name in block if name in KINDS), None)
    if kind is None or block.get("type", kind) != kind:
        raise _unknown_type(where)
    known_fields(block, where, ("object", "type", kind))
    one_of(block.get("object", "block"), f"{where}.object", ("block",))
    path = f"{where}.{kind}"
    content = KINDS[kind].content(store, block[kind], path)
    children = _children(store, kind, block[kind], path, depth)
    return Draft(kind, content, children)


def _children(store: Store, kind: str, given: Decoded, where: str, depth: int) -> list[Draft]:
    if kind in NEED_CHILDREN and not given.get("children"):
        raise failed(f"{where}.children", "defined", given.get("children", UNSET))
    if "children" not in given:
        return []
    if depth >= DEEPEST and kind != "column":
        raise failed(f"{where}.children", "not present", given["children"])
    # A column is only the frame of what stands in it: it is not counted as a level.
    below = depth if kind == "column" else depth + 1
    children = _drafts(store, given["children"], f"{where}.children", below)
    only = ONLY_CHILDREN.get(kind)
    for index, child in enumerate(children):
        if only is not None and child.type != only:
            raise failed(f"{where}.children[{index}].{only}", "defined", UNSET)
        if kind == "table" and len(child.content["cells"]) != given["table_width"]:
            raise row_width()
    return children


def row_width() -> RefusalError:
    """Return the error of a row with more or fewer cells than its table has columns."""
    # The words are ours: no exchange with Notion shows its own.
    return invalid("Number of cells in table row must match the table width of the table.")


def _unknown_type(where: str) -> RefusalError:
    """Return the error that lists every type a block could have been."""
    fixes = "\n".join(
        f"{where}.{name} should be defined, instead was `undefined`." for name in KINDS
    )
    return invalid(f"body failed validation. Fix one:\n{fixes}")
