"""The content of pages: walking their trees of blocks, writing them, their files, and Markdown."""

from notion_async.content.download import download
from notion_async.content.markdown import write_markdown
from notion_async.content.read_markdown import blocks_from_markdown
from notion_async.content.rich_text import rich_text_from_markdown, rich_text_to_markdown
from notion_async.content.walk import Walk
from notion_async.content.write import append_children, create_page

__all__ = [
    "Walk",
    "append_children",
    "blocks_from_markdown",
    "create_page",
    "download",
    "rich_text_from_markdown",
    "rich_text_to_markdown",
    "write_markdown",
]
