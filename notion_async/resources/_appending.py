"""Blocks whose append was not answered: which of those in the parent they are.

Notion names them in some of its errors; then they are read.  Else the children of the parent are
looked through for new ones of the same content, which neither another append made nor the request
that made the parent.  That is not proof: another process of the same connection that appends the
very same blocks to the same parent in the same minute cannot be told from this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Final

import attrs
import msgspec

from notion_async import endpoints
from notion_async.resources._looking import Looking, minute_before, moment
from notion_async.resources._matching import runs_of
from notion_async.transport.memory import LOOKED_BACK, Appending
from notion_async.transport.message import Response

_MOST_ANSWERS: Final = 20
"""How many answers of a listing are read: 2,000 blocks."""
# Seconds between the two looks: what is saved late is there the second time.
_SECOND_LOOK: Final = 2.0
_AT_ONCE: Final = 2
"""So many blocks are read one by one; more are looked for in the listing."""

_Block = dict[str, object]  # decoded JSON


@attrs.frozen
class Appended:
    """Blocks that were sent, and nobody knows whether they arrived."""

    appending: Appending
    sent: Sequence[_Block]

    async def named(self, ids: Sequence[str], looking: Looking) -> Response | None:
        """Return the answer that has the blocks with these ids, in their order.

        None where they are not all that were sent.
        """
        if len(ids) != len(self.sent):
            return None
        found: dict[str, msgspec.Raw] = {}
        answer: Response | None = None
        if len(ids) > _AT_ONCE:
            answer = await self._collect(ids, found, looking)
        for identity in ids:
            if identity not in found:
                one = await looking.retrieve(endpoints.BLOCKS_RETRIEVE, {"block_id": identity})
                answer, found[identity] = one.response, msgspec.Raw(one.response.body)
        assert answer is not None  # noqa: S101 - there is at least one block
        return _answered([found[identity] for identity in ids], answer)

    async def found(self, looking: Looking, elapsed: float) -> Response | None:
        """Return the answer with the blocks that must be those that were sent.

        None where that cannot be told.

        Args:
            looking: What looks.
            elapsed: Seconds since the call began.
        """
        for pause in (0.0, _SECOND_LOOK):
            await looking.wait(pause)
            elapsed += pause
            listed = await self._listed(looking)
            if listed is None:
                return None
            texts, answer = listed
            since = minute_before(answer, elapsed)
            blocks: list[_Block] = [msgspec.json.decode(text, type=_Block) for text in texts]
            places = await self._places(blocks, since, looking)
            if len(places) == 1:
                came = await self._came_later(blocks, since, looking)
                if came and looking.send.memory.is_alone(self.appending):
                    return _answered(texts[places[0] : places[0] + len(self.sent)], answer)
            if places:
                return None
        return None

    async def _collect(
        self, ids: Sequence[str], found: dict[str, msgspec.Raw], looking: Looking
    ) -> Response | None:
        """Look for blocks in the listing, as long as that takes fewer requests than each alone."""
        wanted, answers, last = set(ids), 0, None
        pages = looking.pages(endpoints.BLOCKS_LIST_CHILDREN, {"block_id": self.appending.parent})
        async with aclosing(pages):
            async for page in pages:
                last = page.response
                for text in page.data.results:
                    identity = msgspec.json.decode(text, type=_Named).id
                    if identity in wanted:
                        found[identity] = text
                answers += 1
                if len(found) == len(wanted) or answers >= len(wanted) - len(found):
                    break
        return last

    async def _listed(self, looking: Looking) -> tuple[list[msgspec.Raw], Response] | None:
        """Return all children of the parent; None where there are too many."""
        texts: list[msgspec.Raw] = []
        answers = 0
        pages = looking.pages(endpoints.BLOCKS_LIST_CHILDREN, {"block_id": self.appending.parent})
        async with aclosing(pages):
            async for page in pages:
                texts += page.data.results
                answers += 1
                if not page.data.has_more:
                    return texts, page.response
                if answers == _MOST_ANSWERS:
                    break
        return None

    async def _places(
        self, blocks: Sequence[_Block], since: datetime, looking: Looking
    ) -> list[int]:
        """Return where in the listing new blocks of this connection are as those sent."""
        places = runs_of(blocks, self.sent)
        if not places:
            return []
        bot = await looking.bot_id()
        known = looking.send.memory.appended(self.appending.parent)
        return [
            place
            for place in places
            if all(
                _is_new(block, since, bot) and block.get("id") not in known
                for block in blocks[place : place + len(self.sent)]
            )
        ]

    async def _came_later(
        self, blocks: Sequence[_Block], since: datetime, looking: Looking
    ) -> bool:
        """Tell whether more blocks are there than the parent was made with, if it is new."""
        memory, parent, bot = looking.send.memory, self.appending.parent, await looking.bot_id()
        found = await looking.retrieve(endpoints.BLOCKS_RETRIEVE, {"block_id": parent})
        if not _is_new(found.data, since - timedelta(seconds=LOOKED_BACK), bot):
            return True  # what came with it is older than the call
        made, known = memory.made_with(parent), memory.appended(parent)
        if made is None:
            return False
        ours = [block for block in blocks if _is_by(block, bot) and block.get("id") not in known]
        return len(ours) >= made + len(self.sent)


class _Named(msgspec.Struct):
    id: str


class _Answer(msgspec.Struct):
    results: list[_Named]


class _Content(msgspec.Struct):
    """Which blocks a request makes, as far as it says it."""

    children: list[msgspec.Raw] = []
    markdown: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    template: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def ids_in(answer: bytes) -> tuple[str, ...] | None:
    """Return the ids of the objects in a list; None where they cannot be told."""
    try:
        return tuple(one.id for one in msgspec.json.decode(answer, type=_Answer).results)
    except msgspec.DecodeError:
        return None


def id_in(answer: bytes) -> str | None:
    """Return the id of an object; None where it cannot be told."""
    try:
        return msgspec.json.decode(answer, type=_Named).id
    except msgspec.DecodeError:
        return None


def blocks_of(body: bytes) -> int | None:
    """Return how many blocks a page is created with; None where the request does not tell."""
    try:
        content = msgspec.json.decode(body, type=_Content)
    except msgspec.DecodeError:
        return None
    if content.markdown is msgspec.UNSET is content.template:
        return len(content.children)
    return None


def blocks_within(body: bytes, ids: Sequence[str]) -> dict[str, int | None]:
    """Return how many blocks came with each of those appended; those with none are left out."""
    if body.count(b'"children"') == 1:  # as is most often the case
        return {}
    try:
        sent = msgspec.json.decode(body, type=_Appended).children
    except msgspec.DecodeError:
        sent = []
    if len(sent) != len(ids):
        return dict.fromkeys(ids)
    counts = [_children_of(block) for block in sent]
    return {identity: count for identity, count in zip(ids, counts, strict=True) if count != 0}


class _Appended(msgspec.Struct):
    children: list[_Block]


def _children_of(block: _Block) -> int:
    contents = [content for content in block.values() if isinstance(content, dict)]
    below = [content.get("children") for content in [block, *contents]]
    return sum(len(children) for children in below if isinstance(children, list))


def _is_by(block: _Block, bot: str) -> bool:
    author = block.get("created_by")
    return isinstance(author, dict) and author.get("id") == bot


def _is_new(block: _Block, since: datetime, bot: str) -> bool:
    created = moment(block.get("created_time"))
    return _is_by(block, bot) and created is not None and created >= since


def _answered(blocks: Sequence[msgspec.Raw], last: Response) -> Response:
    """Return the answer to an append, made of these blocks."""
    return Response(
        200,
        last.headers,
        b'{"object":"list","results":[%s],"next_cursor":null,"has_more":false,'
        b'"type":"block","block":{}}' % b",".join(map(bytes, blocks)),
    )
