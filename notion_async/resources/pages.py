"""Pages: their properties, their place, and their content as Markdown.

Notion's pages: https://developers.notion.com/reference/page and the pages beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, overload

import attrs

from notion_async import endpoints
from notion_async.endpoints import Replay
from notion_async.errors import ConfigurationError
from notion_async.models import (
    AsyncTask,
    BlockContent,
    ObjectList,
    Page,
    PageMarkdown,
    PropertyItem,
)
from notion_async.models.objects import structure_object
from notion_async.pagination import Pager
from notion_async.resources._looking import Looking
from notion_async.resources._resource import (
    BlockLike,
    CoverLike,
    IconLike,
    ParentLike,
    PropertyLike,
    Resource,
)
from notion_async.resources._sender import Sender, decoding, query_string
from notion_async.resources._unique import Unique
from notion_async.resources._writing import children as blocks_of
from notion_async.resources._writing import parent as parent_of
from notion_async.resources._writing import picture, property_values
from notion_async.types import UNSET, Maybe

# Of the four ways to change Markdown this one sets all of it: the second time changes nothing.
_REPLACE_MARKDOWN: Final = attrs.evolve(endpoints.PAGES_UPDATE_MARKDOWN, replay=Replay.SET)


class PageProperties(Resource):
    """The values of one property, whole."""

    __slots__ = ()

    def retrieve(
        self,
        page_id: str,
        property_id: str,
        *,
        start_cursor: str | None = None,
        page_size: Maybe[int] = UNSET,
    ) -> Pager[PropertyItem]:
        """Return the value of a property in items: all of them, not the first 25.

        Titles, texts, people, relations and rollups come as one item for each element; any other
        value is a single item.

        Args:
            page_id: The page.
            property_id: `PropertyValue.id`, as Notion returned it.
            start_cursor: Where to go on.
            page_size: How many items an answer holds, from 1 to 100.
        """
        return self._list(
            endpoints.PAGES_RETRIEVE_PROPERTY,
            PropertyItem.later,
            {"page_id": page_id, "property_id": property_id},
            start_cursor=start_cursor,
            page_size=page_size,
            split=ObjectList.of_items,
        )


class Pages(Resource):
    """Read, create and change pages."""

    __slots__ = ("properties",)

    def __init__(self, send: Sender) -> None:
        super().__init__(send)
        self.properties = PageProperties(send)

    async def retrieve(
        self, page_id: str, *, filter_properties: Maybe[Sequence[str]] = UNSET
    ) -> Page:
        """Return a page, without its content.

        Texts, people and relations show 25 elements at most; `properties.retrieve` has them all.

        Args:
            page_id: The page: its id, or its link.
            filter_properties: Return only the properties with these ids or names.

        Raises:
            ObjectNotFoundError: There is no such page, or it is not shared with the connection.
        """
        return await self._send(
            endpoints.PAGES_RETRIEVE,
            Page.from_json,
            {"page_id": page_id},
            query={"filter_properties": filter_properties},
            body=None,
        )

    @overload
    async def create(
        self,
        *,
        parent: Maybe[ParentLike] = UNSET,
        properties: Maybe[Mapping[str, PropertyLike]] = UNSET,
        children: Maybe[Sequence[BlockLike | BlockContent]] = UNSET,
        icon: Maybe[IconLike | None] = UNSET,
        cover: Maybe[CoverLike | None] = UNSET,
        markdown: Maybe[str] = UNSET,
        allow_async: Maybe[Literal[False]] = UNSET,
        template: Maybe[Mapping[str, object]] = UNSET,
        position: Maybe[Mapping[str, object]] = UNSET,
        filter_properties: Maybe[Sequence[str]] = UNSET,
        unique_property: str | None = None,
        assume_absent_after: float | None = None,
    ) -> Page: ...
    @overload
    async def create(
        self,
        *,
        parent: Maybe[ParentLike] = UNSET,
        properties: Maybe[Mapping[str, PropertyLike]] = UNSET,
        icon: Maybe[IconLike | None] = UNSET,
        cover: Maybe[CoverLike | None] = UNSET,
        markdown: str,
        allow_async: bool,
        position: Maybe[Mapping[str, object]] = UNSET,
        filter_properties: Maybe[Sequence[str]] = UNSET,
        unique_property: str | None = None,
        assume_absent_after: float | None = None,
    ) -> Page | AsyncTask: ...
    async def create(
        self,
        *,
        parent: Maybe[ParentLike] = UNSET,
        properties: Maybe[Mapping[str, PropertyLike]] = UNSET,
        children: Maybe[Sequence[BlockLike | BlockContent]] = UNSET,
        icon: Maybe[IconLike | None] = UNSET,
        cover: Maybe[CoverLike | None] = UNSET,
        markdown: Maybe[str] = UNSET,
        allow_async: Maybe[bool] = UNSET,
        template: Maybe[Mapping[str, object]] = UNSET,
        position: Maybe[Mapping[str, object]] = UNSET,
        filter_properties: Maybe[Sequence[str]] = UNSET,
        unique_property: str | None = None,
        assume_absent_after: float | None = None,
    ) -> Page | AsyncTask:
        """Create a page.  It is never created twice.

        Where the answer is lost and Notion names the page that it has created, that page is
        returned.  Rows can be found by a value of their own as well: name the property, and it
        is looked for the row before it is created, and again where the answer was lost.

        Args:
            parent: Where it goes.  Left out, it becomes a private page of the user (only for
                public connections and personal access tokens).
            properties: Values by name; for a page that is not a row only ``title``.
                `DataSource.property_values` makes them of plain values.
            children: Its content, at most 100 blocks, nested two deep.
            icon: An emoji or picture.
            cover: A picture above the title.
            markdown: Its content in Notion's enhanced Markdown, instead of `children`.
            allow_async: Whether Notion may take the Markdown and write it later: then the
                answer is an `AsyncTask`.
            template: A template of the data source, instead of a content: ``{"type":
                "default"}`` or ``{"type": "template_id", "template_id": …}``, with a
                ``timezone`` for its dates.  The page is empty until Notion has applied it.
                ``{"type": "none"}`` is no template.
            position: Where among the children of the parent: ``{"type": "page_start"}``,
                ``{"type": "page_end"}`` or ``{"type": "after_block", "after_block": {"id": …}}``.
            filter_properties: Return only the properties with these ids or names.
            unique_property: The property, by its name in `properties`, whose value no other row
                of the data source has: a number, or a title, rich_text, url, email or
                phone_number.  If there is such a row it is returned as it is, and nothing is
                created.  Rows in the trash do not count.
            assume_absent_after: Seconds for which the row is looked for where the answer was
                lost; if it has not been found by then it was not created, and is created again.
                None never assumes that: it is looked for 30 seconds, and stays unknown.

        Raises:
            ConfigurationError: More than one of children, markdown and template; `allow_async`
                without Markdown; no row, or no such value, for `unique_property`.
            NotUniqueError: Several rows have the value of `unique_property`.
            WriteOutcomeUnknown: The answer was lost, and Notion did not say what it has created:
                look before you create it again.
            ValidationError: Notion does not accept the page.
        """
        _check_content(children, markdown, template, allow_async)
        query = {"filter_properties": filter_properties}
        body = {
            "parent": parent_of(parent),
            "properties": property_values(properties),
            "children": blocks_of(children),
            "icon": picture(icon),
            "cover": picture(cover),
            "markdown": markdown,
            "allow_async": allow_async,
            "template": template,
            "position": position,
        }
        send = self._send
        unique = _unique(unique_property, assume_absent_after, body)
        if unique is not None:
            looking = Looking.within(send, send.deadline)
            row = await unique.row(looking, query=query_string(query))
            if row is not None:
                return decoding(_page_or_task)(row)
            send = attrs.evolve(send, deadline=looking.remaining)  # the rest of one call's time
        return await send(
            endpoints.PAGES_CREATE, _page_or_task, {}, query=query, body=body, unique=unique
        )

    async def update(
        self,
        page_id: str,
        *,
        properties: Maybe[Mapping[str, PropertyLike]] = UNSET,
        icon: Maybe[IconLike | None] = UNSET,
        cover: Maybe[CoverLike | None] = UNSET,
        is_locked: Maybe[bool] = UNSET,
        template: Maybe[Mapping[str, object]] = UNSET,
        erase_content: Maybe[bool] = UNSET,
        in_trash: Maybe[bool] = UNSET,
        is_archived: Maybe[bool] = UNSET,
        filter_properties: Maybe[Sequence[str]] = UNSET,
    ) -> Page:
        """Change a page.  What is left out stays as it is.

        Args:
            page_id: The page.
            properties: Values by name.  Those that were read can be given back; what only Notion
                computes is passed over.
            icon: An emoji or picture; None for none.
            cover: A picture above the title; None for none.
            is_locked: Whether people are kept from editing it.
            template: A template of the data source that Notion applies later, as for `create`.
            erase_content: Whether all that is in the page is deleted.
            in_trash: Whether it is in the trash; `trash` and `restore` set this alone.
            is_archived: Whether it is archived, which is not the trash (not on every plan).
            filter_properties: Return only the properties with these ids or names.

        Raises:
            ConfigurationError: A value was read with 25 elements, which may not be all.
            WriteOutcomeUnknown: The answer was lost, and the page does not tell: somebody else
                has edited it meanwhile, or an upload, a template, `erase_content` or a value
                with more than 25 elements was given.
            ObjectNotFoundError: There is no such page, or it is not shared with the connection.
            ValidationError: Notion does not accept the change.
        """
        return await self._send(
            endpoints.PAGES_UPDATE,
            Page.from_json,
            {"page_id": page_id},
            query={"filter_properties": filter_properties},
            body={
                "properties": property_values(properties),
                "icon": picture(icon),
                "cover": picture(cover),
                "is_locked": is_locked,
                "template": template,
                "erase_content": erase_content,
                "in_trash": in_trash,
                "is_archived": is_archived,
            },
        )

    async def trash(self, page_id: str) -> Page:
        """Move a page to the trash, with what lies in it.

        Notion empties its trash after 30 days by default; the API deletes nothing for good.
        """
        return await self.update(page_id, in_trash=True)

    async def restore(self, page_id: str) -> Page:
        """Take a page out of the trash."""
        return await self.update(page_id, in_trash=False)

    async def move(self, page_id: str, *, parent: ParentLike) -> Page:
        """Move a page into another page or data source.

        Args:
            page_id: The page.
            parent: Its new parent: ``Parent(page_id=…)`` or ``Parent(data_source_id=…)``.

        Raises:
            WriteOutcomeUnknown: The answer was lost, the page is not there, and somebody else has
                edited it meanwhile.
        """
        return await self._send(
            endpoints.PAGES_MOVE,
            Page.from_json,
            {"page_id": page_id},
            query={},
            body={"parent": parent_of(parent)},
        )

    async def retrieve_markdown(
        self, page_id: str, *, include_transcript: Maybe[bool] = UNSET
    ) -> PageMarkdown:
        """Return a page's content in Notion's enhanced Markdown.

        What the format does not know, and what is not shared, is missing; `truncated` and
        `unknown_block_ids` say so.

        Args:
            page_id: The page, or a block.
            include_transcript: Whether transcripts of meetings are part of it.
        """
        return await self._send(
            endpoints.PAGES_RETRIEVE_MARKDOWN,
            PageMarkdown.from_json,
            {"page_id": page_id},
            query={"include_transcript": include_transcript},
            body=None,
        )

    @overload
    async def update_markdown(
        self,
        page_id: str,
        *,
        update_content: Maybe[Mapping[str, object]] = UNSET,
        replace_content: Maybe[Mapping[str, object]] = UNSET,
        insert_content: Maybe[Mapping[str, object]] = UNSET,
        replace_content_range: Maybe[Mapping[str, object]] = UNSET,
        allow_async: Maybe[Literal[False]] = UNSET,
    ) -> PageMarkdown: ...
    @overload
    async def update_markdown(
        self,
        page_id: str,
        *,
        update_content: Maybe[Mapping[str, object]] = UNSET,
        replace_content: Maybe[Mapping[str, object]] = UNSET,
        insert_content: Maybe[Mapping[str, object]] = UNSET,
        replace_content_range: Maybe[Mapping[str, object]] = UNSET,
        allow_async: bool,
    ) -> PageMarkdown | AsyncTask: ...
    async def update_markdown(
        self,
        page_id: str,
        *,
        update_content: Maybe[Mapping[str, object]] = UNSET,
        replace_content: Maybe[Mapping[str, object]] = UNSET,
        insert_content: Maybe[Mapping[str, object]] = UNSET,
        replace_content_range: Maybe[Mapping[str, object]] = UNSET,
        allow_async: Maybe[bool] = UNSET,
    ) -> PageMarkdown | AsyncTask:
        """Change a page's content in Notion's enhanced Markdown, in one of four ways.

        A change that deletes pages or databases is refused unless it has
        ``"allow_deleting_content": True``.

        Args:
            page_id: The page.
            update_content: ``{"content_updates": [{"old_str": …, "new_str": …}]}``.  Each
                `old_str` is there once, unless the update has ``"replace_all_matches": True``.
            replace_content: ``{"new_str": …}`` for the whole page.
            insert_content: ``{"content": …}`` at the end, with ``"position": {"type": "start"}``
                at the start, or with ``"after": "start...end"`` after what these words enclose.
            replace_content_range: ``{"content": …, "content_range": "start...end"}``.
            allow_async: Whether Notion may take the change and make it later: then the answer
                is an `AsyncTask`.

        Raises:
            ConfigurationError: Not exactly one of the four.
            WriteOutcomeUnknown: The answer was lost: look before you change it again.
                `replace_content` looks itself, but for `allow_async`, and is unknown only where
                the page is otherwise and somebody else has edited it meanwhile.
            ValidationError: `old_str` is not there, or not once; the change would delete pages.
        """
        ways = {
            "update_content": update_content,
            "replace_content": replace_content,
            "insert_content": insert_content,
            "replace_content_range": replace_content_range,
        }
        given = [name for name, way in ways.items() if way is not UNSET]
        if len(given) != 1:
            raise ConfigurationError(f"give exactly one of {', '.join(ways)}")
        replaces = replace_content is not UNSET
        return await self._send(
            _REPLACE_MARKDOWN if replaces else endpoints.PAGES_UPDATE_MARKDOWN,
            _markdown_or_task,
            {"page_id": page_id},
            query={},
            body={"type": given[0], given[0]: ways[given[0]], "allow_async": allow_async},
        )


def _check_content(
    children: object, markdown: object, template: Maybe[Mapping[str, object]], allow_async: object
) -> None:
    applied = template is not UNSET and template.get("type") != "none"
    if (children is not UNSET) + (markdown is not UNSET) + applied > 1:
        raise ConfigurationError(
            "a new page takes its content from children, from markdown or from a template: "
            "give one of them"
        )
    if allow_async and markdown is UNSET:
        raise ConfigurationError("allow_async is for pages made from markdown alone")


def _unique(
    name: str | None, assume_absent_after: float | None, body: Mapping[str, object]
) -> Unique | None:
    if name is not None:
        return Unique.of(name, body["parent"], body["properties"], assume_absent_after)
    if assume_absent_after is not None:
        raise ConfigurationError(
            "assume_absent_after is for rows that can be found: give their unique_property"
        )
    return None


def _page_or_task(text: bytes) -> Page | AsyncTask:
    found = structure_object(text)
    return found if isinstance(found, (Page, AsyncTask)) else Page.from_json(text)


def _markdown_or_task(text: bytes) -> PageMarkdown | AsyncTask:
    found = structure_object(text)
    return found if isinstance(found, (PageMarkdown, AsyncTask)) else PageMarkdown.from_json(text)
