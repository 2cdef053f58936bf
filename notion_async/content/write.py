"""Writing any number of blocks, however deep and long, in requests that Notion accepts.

Notion's page: https://developers.notion.com/reference/patch-block-children
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import msgspec

from notion_async.client import AsyncClient
from notion_async.content.branches import Branch, grow
from notion_async.content.split import Append, Find, Step, append_steps, page_steps
from notion_async.converters import request_json
from notion_async.errors import NotionError
from notion_async.models import Block, BlockContent, Page
from notion_async.resources._resource import (
    BlockLike,
    CoverLike,
    IconLike,
    ParentLike,
    PropertyLike,
)
from notion_async.types import UNSET, Maybe


async def append_children(
    notion: AsyncClient,
    block_id: str,
    children: Sequence[BlockLike | BlockContent],
    *,
    position: Maybe[Mapping[str, object]] = UNSET,
) -> list[Block]:
    """Append blocks, of any number and depth, and return those of the first level.

    Their order is kept at every depth, also where they are inserted between others.  Texts longer
    than Notion takes are split into several runs that look the same.  There is one request for
    100 blocks, and one more for each block with more than two levels below it; they are sent one
    after the other.

    Where one fails, what was sent before it stays.  A note on the error says how far it came
    (`BaseException.__notes__`).

    Args:
        notion: What sends them.
        block_id: The block or page they go into.
        children: Blocks, contents (as `Paragraph`) or mappings, at every depth.  None is none.
        position: Where among the children of `block_id`, as for ``blocks.children.append``; at
            the end if left out.

    Raises:
        ConfigurationError: Something can be written in no request, however it is split: the
            message says where it is.  Nothing was sent.
        WriteOutcomeUnknown: An answer was lost: look before you go on.
        ValidationError: Notion does not accept the blocks.
    """
    branches = grow(children)
    writing = _Writing(notion, block_id, _weight(branches), position)
    await writing.run(append_steps(branches))
    return writing.first_level


async def create_page(
    notion: AsyncClient,
    *,
    children: Sequence[BlockLike | BlockContent],
    parent: Maybe[ParentLike] = UNSET,
    properties: Maybe[Mapping[str, PropertyLike]] = UNSET,
    icon: Maybe[IconLike | None] = UNSET,
    cover: Maybe[CoverLike | None] = UNSET,
    position: Maybe[Mapping[str, object]] = UNSET,
    filter_properties: Maybe[Sequence[str]] = UNSET,
) -> Page:
    """Create a page with content of any length and depth.

    It is created with what fits, and the rest is appended, as `append_children` does it: where
    that fails, the page stays, and a note on the error names it.

    Args:
        notion: What sends it.
        children: Its content: blocks, contents (as `Paragraph`) or mappings, at every depth.
        parent: Where it goes, as for ``pages.create``, like those that follow.
        properties: Values by name.
        icon: An emoji or picture.
        cover: A picture above the title.
        position: Where among the children of the parent.
        filter_properties: Return only the properties with these ids or names.

    Raises:
        ConfigurationError: Some of the content can be written in no request.  Nothing was sent.
        WriteOutcomeUnknown: An answer was lost: look before you go on.
        ValidationError: Notion does not accept the page or its content.
    """
    branches = grow(children)
    around = {"parent": parent, "properties": properties, "icon": icon, "cover": cover}
    taken = len(msgspec.json.encode(request_json(around)))
    pieces, steps = page_steps(branches, taken=taken)
    page = await notion.pages.create(
        children=[piece.json() for piece in pieces] if pieces else UNSET,
        parent=parent,
        properties=properties,
        icon=icon,
        cover=cover,
        position=position,
        filter_properties=filter_properties,
    )
    writing = _Writing(notion, page.id, _weight(branches))
    writing.written = sum([piece.weight for piece in pieces])
    try:
        await writing.run(steps)
    except BaseException as error:
        error.add_note(f"The page had been created: {page.id}")
        raise
    return page


def _weight(branches: Sequence[Branch]) -> int:
    return sum([branch.weight for branch in branches])


@attrs.define
class _Writing:
    """Blocks on their way into one block or page."""

    notion: AsyncClient
    block_id: str
    total: int
    """How many blocks there are to write."""
    position: Maybe[Mapping[str, object]] = UNSET
    written: int = 0
    first_level: list[Block] = attrs.Factory(list)
    ids: dict[Branch, str] = attrs.Factory(dict)

    async def run(self, steps: Sequence[Step]) -> None:
        """Send the requests, one after the other."""
        for step in steps:
            try:
                if isinstance(step, Append):
                    await self._append(step)
                else:
                    await self._find(step)
            except BaseException as error:  # a cancelled one is told as well how far it came
                error.add_note(self._note(step))
                raise

    async def _append(self, step: Append) -> None:
        first = step.under is None and not self.first_level
        # Then after the last one, not at the end: they may stand between others.
        follows = step.under is None and self.first_level
        answer = await self.notion.blocks.children.append(
            self.block_id if step.under is None else self.ids[step.under],
            children=[piece.json() for piece in step.pieces],
            position=self.position if first else UNSET,
            after=self.first_level[-1].id if follows else UNSET,
        )
        blocks = list(answer)
        self.written += sum([piece.weight for piece in step.pieces])
        if step.under is None:
            self.first_level += blocks
        self._keep_ids(blocks, [piece.branch for piece in step.pieces])

    async def _find(self, step: Find) -> None:
        listing = self.notion.blocks.children.list(self.ids[step.under])
        found = await listing.collect(limit=len(step.blocks))
        if [block.type for block in found] != [branch.kind for branch in step.blocks]:
            raise NotionError(
                f"the blocks in {step.under.where} ({self.ids[step.under]}) are not those that "
                "were written there: something else has changed them meanwhile"
            )
        self._keep_ids(found, step.blocks)

    def _keep_ids(self, blocks: Sequence[Block], branches: Sequence[Branch]) -> None:
        if len(blocks) != len(branches):
            raise NotionError(
                f"Notion answered with {len(blocks)} blocks where {len(branches)} were written: "
                "which is which cannot be told"
            )
        self.ids.update(zip(branches, [block.id for block in blocks], strict=True))

    def _note(self, step: Step) -> str:
        done = f"{self.written} of {self.total} blocks had been written"
        if self.first_level:
            first, last = self.first_level[0].id, self.first_level[-1].id
            done += f", those of the first level being {first} to {last}"
        if isinstance(step, Find):
            return f"{done}; this request was to find the ids of those in {step.under.where}"
        first, last = step.pieces[0].branch.where, step.pieces[-1].branch.where
        wanted = first if first == last else f"{first} to {last}"
        return f"{done}; this request was to write {wanted}"
