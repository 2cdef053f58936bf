"""Markdown: one file per page, in folders as in the workspace.

A page's file begins with its properties.  Its content is Notion's own Markdown where Notion
writes all of it, and ours otherwise: Notion's leaves out bookmarks, embeds and others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from notion_async.client import AsyncClient
from notion_async.content.front_matter import front_matter
from notion_async.content.markdown import unknown_blocks, write_markdown
from notion_async.content.tree import Placed, nest
from notion_async.errors import NotionError, RequestBlockedError, UnauthorizedError
from notion_async.export.folder import make_private, open_private
from notion_async.export.index import Index
from notion_async.export.manifest import Gap
from notion_async.export.paths import Layout
from notion_async.export.sink import Sink
from notion_async.models import Page


class MarkdownSink(Sink):
    """Writes pages as they come, and moves them to their places at the end.

    Only then is it known what lies where: a page may come before what it lies in.

    Args:
        folder: Where the files go.
        client: What asks Notion for its Markdown.
    """

    wants_content: ClassVar[bool] = True

    def __init__(self, folder: Path, client: AsyncClient) -> None:
        super().__init__()
        self._folder = folder
        self._loose = folder / ".loose"
        make_private(self._loose)
        self._client = client

    def page(self, page: Page) -> None:
        """Begin the file of a page with its properties."""
        text = ""
        with self._noting(page.id):
            text = front_matter(page)
        with open_private(self._file(page.id)) as file:
            file.write(text.encode())

    async def content(self, page_id: str, blocks: Sequence[Placed]) -> None:
        """Add the content."""
        text = ""
        with self._noting(page_id):
            text = await self._markdown(page_id, blocks)
        if text:
            with open_private(self._file(page_id), append=True) as file:
                file.write(f"\n{text}\n".encode())

    @contextmanager
    def _noting(self, page_id: str) -> Iterator[None]:
        # Objects never fail to be read; one whose parts have become something else may fail to
        # be written in words.  The others shall not suffer from it.
        try:
            yield
        except (AttributeError, TypeError, ValueError) as error:
            if isinstance(error, NotionError):
                raise
            self.gaps.append(Gap("markdown", page_id, f"of a shape not known yet ({error})"))

    async def _markdown(self, page_id: str, blocks: Sequence[Placed]) -> str:
        if not blocks:
            return ""
        tree = nest(blocks)
        if not unknown_blocks(tree):
            try:
                answer = await self._client.pages.retrieve_markdown(page_id)
            except (UnauthorizedError, RequestBlockedError):
                raise
            except NotionError:
                pass  # the blocks are here: write them ourselves
            else:
                if not answer.truncated and not answer.unknown_block_ids:
                    return answer.markdown
        return write_markdown(tree)

    def finish(self, index: Index) -> None:
        """Move each file to where its page lies in the workspace."""
        layout = Layout(index)
        made = {self._folder}
        for node in index.documents():
            place = self._folder / f"{layout.path(node)}.md"
            if place.parent not in made:
                make_private(place.parent)
                made.add(place.parent)
            self._file(node.id).rename(place)
        self._loose.rmdir()

    def _file(self, page_id: str) -> Path:
        return self._loose / f"{page_id}.md"
