"""What the resources share: how a method becomes a request and its answer an object."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias, TypeVar

import msgspec

from notion_async.endpoints import Endpoint
from notion_async.errors import ConfigurationError
from notion_async.models import (
    Block,
    BlockContent,
    DataSource,
    FileObject,
    Icon,
    Model,
    ObjectList,
    Page,
    Parent,
    PropertyContent,
    PropertyValue,
    Unsupported,
)
from notion_async.models.objects import structure_object
from notion_async.pagination import Pager
from notion_async.resources._sender import Fields, Sender
from notion_async.types import UNSET, Maybe

T = TypeVar("T")

# What is written: the objects that are read, or mappings copied from Notion's documentation.
ParentLike: TypeAlias = Parent | Mapping[str, object]
IconLike: TypeAlias = Icon | Mapping[str, object]
CoverLike: TypeAlias = FileObject | Mapping[str, object]
BlockLike: TypeAlias = Block | Mapping[str, object]
PropertyLike: TypeAlias = PropertyValue | PropertyContent | Mapping[str, object] | Sequence[object]


class _Listing(msgspec.Struct):
    results: list[msgspec.Raw]


_LIGHTER: Final = (50, 25, 10)
_GOOD: Final = 10


class PageSize:
    """How many items to ask for at a time: fewer for a while, where an answer took too long.

    Args:
        asked: What the caller asked for.
    """

    __slots__ = ("_asked", "_good", "_lighter")

    def __init__(self, asked: Maybe[int] = UNSET) -> None:
        check_page_size(asked)
        self._asked = asked
        self._lighter: int | None = None
        self._good = 0

    @property
    def now(self) -> Maybe[int]:
        """The size to ask for."""
        return self._asked if self._lighter is None else self._lighter

    def below(self, size: Maybe[int]) -> int | None:
        """Return a size to try after `size` was too much; None where there is none."""
        most = 100 if size is UNSET else size
        if self._lighter is None or self._lighter >= most:  # else another call has lowered it
            found = next((one for one in _LIGHTER if one < most), None)
            if found is None:
                return None
            self._lighter = found
        self._good = 0
        return self._lighter

    def answered(self) -> None:
        """Note a good answer: after ten of them, all is asked for again."""
        if self._lighter is not None:
            self._good += 1
            if self._good >= _GOOD:
                self._lighter = None


_OF_A_PAGE: Final = b'{"object":"page",'
_listing = msgspec.json.Decoder(_Listing).decode


class Resource:
    """The base of the resources."""

    __slots__ = ("_send",)

    def __init__(self, send: Sender) -> None:
        self._send = send

    def _list(
        self,
        endpoint: Endpoint,
        read: Callable[[bytes], T] | None,
        ids: Mapping[str, str],
        *,
        start_cursor: str | None,
        page_size: Maybe[int] | PageSize,
        query: Fields | None = None,
        body: Fields | None = None,
        split: Callable[[bytes, Callable[[bytes], T] | None], ObjectList[T]] = ObjectList.of,
    ) -> Pager[T]:
        """Return the pager of a listing; GET carries the cursor in its query, POST in its body."""
        size = page_size if isinstance(page_size, PageSize) else PageSize(page_size)
        fixed = {**(query or {})}
        as_query = endpoint.method == "GET"

        def fields(cursor: str | None, items: Maybe[int]) -> tuple[Fields, Fields | None]:
            page: dict[str, object] = {"page_size": items}
            if cursor is not None:
                page["start_cursor"] = cursor
            return ({**fixed, **page}, None) if as_query else (fixed, {**(body or {}), **page})

        async def fetch(cursor: str | None) -> ObjectList[T]:
            items = size.now

            def lighter() -> tuple[Fields, Fields | None] | None:
                nonlocal items
                smaller = size.below(items)
                if smaller is None:
                    return None
                items = smaller
                return fields(cursor, items)

            asked, sent = fields(cursor, items)
            answer = await self._send(
                endpoint,
                lambda text: whole(split(text, read), text),
                ids,
                query=asked,
                body=sent,
                lighter=lighter,
            )
            size.answered()
            return answer

        endpoint.fill(**ids)  # a wrong id is refused here, not at the first item
        return Pager(fetch, start_cursor)


def check_page_size(page_size: Maybe[int]) -> None:
    """Refuse a page size that Notion does not take.

    Raises:
        ConfigurationError: It is not from 1 to 100.
    """
    if page_size is not UNSET and not 1 <= page_size <= 100:
        raise ConfigurationError(f"page_size is from 1 to 100, not {page_size}")


def whole(answer: ObjectList[T], text: bytes) -> ObjectList[T]:
    """Return the list that `text` holds.

    Raises:
        msgspec.ValidationError: It holds none: not to be taken for a list of nothing.
    """
    if not answer and answer.type != "template":  # templates stand under a name of their own
        _listing(text)
    return answer


def page_or_data_source(text: bytes) -> Page | DataSource:
    """Return what lists of both hold."""
    if text.startswith(_OF_A_PAGE):  # as Notion writes it: nearly all there is
        return Page.later(text)
    found = structure_object(text)
    return found if isinstance(found, (Page, DataSource)) else Page.from_json(text)


def writable(blocks: Sequence[BlockLike | BlockContent]) -> Sequence[object]:
    """Return blocks to be written: a content without its envelope is accepted too."""
    return [
        Block(block)
        if isinstance(block, (Model, Unsupported)) and not isinstance(block, Block)
        else block
        for block in blocks
    ]
