"""Pages, and their content as Markdown.

Notion's page: https://developers.notion.com/reference/page
"""

from __future__ import annotations

from datetime import datetime

from notion_async.models._model import Lazy, Maybe, Model, ModelMap, model
from notion_async.models.files import FileObject, Icon
from notion_async.models.parents import Parent
from notion_async.models.properties import PropertyValue, TitleValue
from notion_async.models.rich_text import title_text
from notion_async.models.users import User
from notion_async.types import UNSET


@model
class Page(Model):
    """A page: its properties, not its content."""

    id: str
    created_time: datetime
    """To the minute, as is `last_edited_time`."""
    last_edited_time: datetime
    in_trash: bool
    url: str
    parent: Lazy[Parent]
    properties: Lazy[ModelMap[PropertyValue]]
    icon: Lazy[Icon | None]
    cover: Lazy[FileObject | None]
    created_by: Lazy[User]
    last_edited_by: Lazy[User]
    object: str = "page"
    public_url: Maybe[str | None] = UNSET
    is_archived: Maybe[bool] = UNSET
    is_locked: Maybe[bool] = UNSET
    request_id: Maybe[str] = UNSET

    @property
    def title(self) -> str:
        """The title without its looks; empty where there is none."""
        for value in self.properties.values():
            kind = getattr(value, "type", None)  # absent where the value is no object
            if kind == "title" and isinstance(value.content, TitleValue):
                return title_text(value.content.title)
        return ""


@model
class PageMarkdown(Model):
    """A page's content in Notion's enhanced Markdown."""

    id: str
    markdown: str
    truncated: bool
    """Whether parts are missing: the page is too large, or something is not shared."""
    unknown_block_ids: list[str]
    object: str = "page_markdown"
    request_id: Maybe[str] = UNSET
