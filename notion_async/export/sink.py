"""What an export writes to: one subclass per format, each takes what it needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from notion_async.content.tree import Placed
from notion_async.export.index import Index
from notion_async.export.manifest import Gap
from notion_async.models import Block, Comment, Database, DataSource, Page, PropertyItem, User


class Sink:
    """Takes every object once and, by default, lets it go."""

    wants_content: ClassVar[bool] = False
    """Whether `content` is of use: the blocks of a page are only held together for that."""

    def __init__(self) -> None:
        self.gaps: list[Gap] = []
        """What could not be written in this format."""

    def user(self, user: User) -> None:
        """Take a user."""

    def page(self, page: Page) -> None:
        """Take a page or row, before its blocks."""

    def database(self, database: Database) -> None:
        """Take a database."""

    def data_source(self, data_source: DataSource) -> None:
        """Take a data source, before its rows."""

    def block(self, block: Block) -> None:
        """Take a block; those of a page come in document order."""

    def comment(self, comment: Comment) -> None:
        """Take a comment."""

    def items(self, page: Page, name: str, id: str, items: Sequence[PropertyItem]) -> None:
        """Take all elements of a property of which the page shows only 25."""

    async def content(self, page_id: str, blocks: Sequence[Placed]) -> None:
        """Take the whole content of a page or row, after the page itself."""

    def finish(self, index: Index) -> None:
        """Everything was taken; the index knows what lies where."""

    def close(self) -> None:
        """Close what is open."""
