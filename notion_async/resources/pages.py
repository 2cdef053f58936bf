"""Pages: their properties, their content as Markdown, and new ones.

Notion's pages: https://developers.notion.com/reference/page and the pages beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from notion_async import endpoints
from notion_async.errors import ConfigurationError
from notion_async.models import BlockContent, ObjectList, Page, PageMarkdown, PropertyItem
from notion_async.pagination import Pager
from notion_async.resources._resource import (
    BlockLike,
    CoverLike,
    IconLike,
    ParentLike,
    PropertyLike,
    Resource,
    Sender,
    writable,
)
from notion_async.types import UNSET, Maybe


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
            PropertyItem.from_json,
            {"page_id": page_id, "property_id": property_id},
            start_cursor=start_cursor,
            page_size=page_size,
            split=ObjectList.of_items,
        )


class Pages(Resource):
    """Read and create pages."""

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

    async def create(
        self,
        *,
        parent: Maybe[ParentLike] = UNSET,
        properties: Maybe[Mapping[str, PropertyLike]] = UNSET,
        children: Maybe[Sequence[BlockLike | BlockContent]] = UNSET,
        icon: Maybe[IconLike | None] = UNSET,
        cover: Maybe[CoverLike | None] = UNSET,
        markdown: Maybe[str] = UNSET,
        template: Maybe[Mapping[str, object]] = UNSET,
        position: Maybe[Mapping[str, object]] = UNSET,
        filter_properties: Maybe[Sequence[str]] = UNSET,
    ) -> Page:
        """Create a page.  It is never created twice.

        Args:
            parent: Where it goes.  Left out, it becomes a private page of the user (only for
                public connections and personal access tokens).
            properties: Values by name; for a page that is not a row only ``title``.
            children: Its content, at most 100 blocks, nested two deep.
            icon: An emoji or picture.
            cover: A picture above the title.
            markdown: Its content in Notion's enhanced Markdown, instead of `children`.
            template: A template of the data source, instead of a content.  It is applied later.
            position: Where among the children of the parent.
            filter_properties: Return only the properties with these ids or names.

        Raises:
            ConfigurationError: More than one of children, markdown and template.
            WriteOutcomeUnknown: The answer was lost: look before you create it again.
            ValidationError: Notion does not accept the page.
        """
        if sum(given is not UNSET for given in (children, markdown, template)) > 1:
            raise ConfigurationError(
                "a new page takes its content from children, from markdown or from a template: "
                "give one of them"
            )
        return await self._send(
            endpoints.PAGES_CREATE,
            Page.from_json,
            {},
            query={"filter_properties": filter_properties},
            body={
                "parent": parent,
                "properties": properties,
                "children": UNSET if children is UNSET else writable(children),
                "icon": icon,
                "cover": cover,
                "markdown": markdown,
                "template": template,
                "position": position,
            },
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
