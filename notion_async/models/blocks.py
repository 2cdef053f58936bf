"""Blocks: what a page is made of.  One envelope, and a small class for each kind.

Notion's page: https://developers.notion.com/reference/block
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, TypeAlias

from notion_async.models._model import Lazy, Maybe, Model, ReadOnly, Unsupported, model
from notion_async.models._tagged import Content, Kinds, Tagged, by_kind
from notion_async.models.files import ExternalFile, HostedFile, Icon, UploadedFile, WithIcon
from notion_async.models.parents import Parent
from notion_async.models.rich_text import Equation, RichText
from notion_async.models.users import User
from notion_async.types import UNSET


@model
class Paragraph(WithIcon):
    """A paragraph.  Its icon shows only where it is the label of a tab."""

    kind: ClassVar[str] = "paragraph"

    rich_text: Lazy[Sequence[RichText]] = ()
    color: str = "default"
    icon: Lazy[Maybe[Icon | None]] = UNSET
    children: Lazy[Maybe[Sequence[Block]]] = UNSET
    """Only when it is written; what Notion holds is listed by ``blocks.children.list``."""


@model
class _Heading(Content):
    rich_text: Lazy[Sequence[RichText]] = ()
    color: str = "default"
    is_toggleable: bool = False
    children: Lazy[Maybe[Sequence[Block]]] = UNSET


@model
class Heading1(_Heading):
    """A heading of the first level."""

    kind: ClassVar[str] = "heading_1"


@model
class Heading2(_Heading):
    """A heading of the second level."""

    kind: ClassVar[str] = "heading_2"


@model
class Heading3(_Heading):
    """A heading of the third level."""

    kind: ClassVar[str] = "heading_3"


@model
class Heading4(_Heading):
    """A heading of the fourth level."""

    kind: ClassVar[str] = "heading_4"


@model
class BulletedListItem(Content):
    """An item of a list with bullets."""

    kind: ClassVar[str] = "bulleted_list_item"

    rich_text: Lazy[Sequence[RichText]] = ()
    color: str = "default"
    children: Lazy[Maybe[Sequence[Block]]] = UNSET


@model
class NumberedListItem(Content):
    """An item of a list with numbers."""

    kind: ClassVar[str] = "numbered_list_item"

    rich_text: Lazy[Sequence[RichText]] = ()
    color: str = "default"
    list_start_index: ReadOnly[Maybe[int]] = UNSET
    list_format: ReadOnly[Maybe[str]] = UNSET
    """``numbers``, ``letters`` or ``roman``."""
    children: Lazy[Maybe[Sequence[Block]]] = UNSET


@model
class ToDo(Content):
    """An item with a box to tick."""

    kind: ClassVar[str] = "to_do"

    rich_text: Lazy[Sequence[RichText]] = ()
    checked: bool = False
    color: str = "default"
    children: Lazy[Maybe[Sequence[Block]]] = UNSET


@model
class Toggle(Content):
    """A text that hides its children."""

    kind: ClassVar[str] = "toggle"

    rich_text: Lazy[Sequence[RichText]] = ()
    color: str = "default"
    children: Lazy[Maybe[Sequence[Block]]] = UNSET


@model
class Quote(Content):
    """A quotation."""

    kind: ClassVar[str] = "quote"

    rich_text: Lazy[Sequence[RichText]] = ()
    color: str = "default"
    children: Lazy[Maybe[Sequence[Block]]] = UNSET


@model
class Callout(WithIcon):
    """A box with an icon."""

    kind: ClassVar[str] = "callout"

    rich_text: Lazy[Sequence[RichText]] = ()
    color: str = "default"
    icon: Lazy[Maybe[Icon | None]] = UNSET
    children: Lazy[Maybe[Sequence[Block]]] = UNSET


@model
class Template(Content):
    """A button that inserts its children."""

    kind: ClassVar[str] = "template"

    rich_text: Lazy[Sequence[RichText]] = ()
    children: Lazy[Maybe[Sequence[Block]]] = UNSET


@model
class Code(Content):
    """A listing."""

    kind: ClassVar[str] = "code"

    rich_text: Lazy[Sequence[RichText]] = ()
    language: str = "plain text"
    caption: Lazy[Maybe[Sequence[RichText]]] = UNSET


@model
class Divider(Content):
    """A line across the page."""

    kind: ClassVar[str] = "divider"


@model
class Breadcrumb(Content):
    """The way from the workspace to this page."""

    kind: ClassVar[str] = "breadcrumb"


@model
class TableOfContents(Content):
    """The headings of the page."""

    kind: ClassVar[str] = "table_of_contents"

    color: str = "default"


@model
class Tab(Content):
    """Tabs: its children are paragraphs, each the label of what lies in it."""

    kind: ClassVar[str] = "tab"

    children: Lazy[Maybe[Sequence[Block]]] = UNSET


@model
class ColumnList(Content):
    """Columns side by side."""

    kind: ClassVar[str] = "column_list"

    children: Lazy[Maybe[Sequence[Block]]] = UNSET


@model
class Column(Content):
    """One column."""

    kind: ClassVar[str] = "column"

    width_ratio: Maybe[float] = UNSET
    """Its share of the width, from 0 to 1."""
    children: Lazy[Maybe[Sequence[Block]]] = UNSET


@model
class Table(Content):
    """A simple table; its rows are its children."""

    kind: ClassVar[str] = "table"

    table_width: int
    has_column_header: bool = False
    has_row_header: bool = False
    children: Lazy[Maybe[Sequence[Block]]] = UNSET


@model
class TableRow(Content):
    """One row of a simple table."""

    kind: ClassVar[str] = "table_row"

    cells: Lazy[Sequence[Sequence[RichText]]] = ()


@model
class SyncedFrom(Model):
    """The block that a copy shows."""

    block_id: str
    type: Maybe[str] = UNSET


@model
class SyncedBlock(Content):
    """Children shown in several places: the original has no `synced_from`."""

    kind: ClassVar[str] = "synced_block"

    synced_from: Lazy[Maybe[SyncedFrom | None]] = None
    children: Lazy[Maybe[Sequence[Block]]] = UNSET


@model
class LinkToPage(Content):
    """A link to a page or database.  `type` names the field that is set."""

    kind: ClassVar[str] = "link_to_page"

    type: Maybe[str] = UNSET
    page_id: Maybe[str] = UNSET
    database_id: Maybe[str] = UNSET
    comment_id: Maybe[str] = UNSET


@model
class ChildPage(Content):
    """A page that lies here; the block has the page's id."""

    kind: ClassVar[str] = "child_page"

    title: str


@model
class ChildDatabase(Content):
    """A database that lies here; the block has the database's id."""

    kind: ClassVar[str] = "child_database"

    title: str


@model
class Bookmark(Content):
    """A link shown as a card."""

    kind: ClassVar[str] = "bookmark"

    url: str
    caption: Lazy[Maybe[Sequence[RichText]]] = UNSET


@model
class Embed(Content):
    """Another page of the web, shown here."""

    kind: ClassVar[str] = "embed"

    url: str
    caption: Lazy[Maybe[Sequence[RichText]]] = UNSET


@model
class LinkPreview(Content):
    """A link that a connection unfurls."""

    kind: ClassVar[str] = "link_preview"

    url: str


@model
class _Media(Content):
    type: Maybe[str] = UNSET
    """``file``, ``external`` or (when written) ``file_upload``."""
    file: Lazy[Maybe[HostedFile]] = UNSET
    external: Lazy[Maybe[ExternalFile]] = UNSET
    file_upload: Lazy[Maybe[UploadedFile]] = UNSET
    caption: Lazy[Maybe[Sequence[RichText]]] = UNSET

    @property
    def url(self) -> str | None:
        """Where it can be fetched now; None for an upload that is only being attached."""
        if self.file:
            return self.file.url
        return self.external.url if self.external else None


@model
class Image(_Media):
    """A picture."""

    kind: ClassVar[str] = "image"


@model
class Video(_Media):
    """A film."""

    kind: ClassVar[str] = "video"


@model
class Audio(_Media):
    """A sound."""

    kind: ClassVar[str] = "audio"


@model
class Pdf(_Media):
    """A PDF document."""

    kind: ClassVar[str] = "pdf"


@model
class File(_Media):
    """Any other file."""

    kind: ClassVar[str] = "file"

    name: Maybe[str] = UNSET


@model
class MeetingParts(Model):
    """The blocks that hold the parts of meeting notes."""

    summary_block_id: Maybe[str] = UNSET
    notes_block_id: Maybe[str] = UNSET
    transcript_block_id: Maybe[str] = UNSET


@model
class CalendarEvent(Model):
    """The meeting in the calendar."""

    start_time: str
    end_time: str
    attendees: Maybe[list[str]] = UNSET


@model
class Recording(Model):
    """When the meeting was recorded."""

    start_time: Maybe[str] = UNSET
    end_time: Maybe[str] = UNSET


@model
class MeetingNotes(Content):
    """Notes of a meeting; named ``transcription`` before version 2026-03-11."""

    kind: ClassVar[str] = "meeting_notes"

    title: Lazy[Maybe[Sequence[RichText]]] = UNSET
    status: Maybe[str] = UNSET
    children: Lazy[Maybe[MeetingParts]] = UNSET
    calendar_event: Lazy[Maybe[CalendarEvent]] = UNSET
    recording: Lazy[Maybe[Recording]] = UNSET


BlockContent: TypeAlias = (
    Paragraph
    | Heading1
    | Heading2
    | Heading3
    | Heading4
    | BulletedListItem
    | NumberedListItem
    | ToDo
    | Toggle
    | Quote
    | Callout
    | Template
    | Code
    | Equation
    | Divider
    | Breadcrumb
    | TableOfContents
    | Tab
    | ColumnList
    | Column
    | Table
    | TableRow
    | SyncedBlock
    | LinkToPage
    | ChildPage
    | ChildDatabase
    | Bookmark
    | Embed
    | LinkPreview
    | Image
    | Video
    | Audio
    | Pdf
    | File
    | MeetingNotes
    | Unsupported
)


@model
class Block(Tagged[BlockContent]):
    """One block: what every kind has in common, and its content.

    >>> from notion_async.models import Block, Code
    >>> match Block(Code(language="python")).content:
    ...     case Code(language=language):
    ...         print(language)
    python
    """

    kinds: ClassVar[Kinds] = by_kind(
        Paragraph, Heading1, Heading2, Heading3, Heading4, BulletedListItem, NumberedListItem,
        ToDo, Toggle, Quote, Callout, Template, Code, Equation, Divider, Breadcrumb,
        TableOfContents, Tab, ColumnList, Column, Table, TableRow, SyncedBlock, LinkToPage,
        ChildPage, ChildDatabase, Bookmark, Embed, LinkPreview, Image, Video, Audio, Pdf, File,
        MeetingNotes, transcription=MeetingNotes,
    )  # fmt: skip
    object: ClassVar[str] = "block"

    id: ReadOnly[str]
    parent: ReadOnly[Lazy[Parent]]
    created_time: ReadOnly[datetime]
    last_edited_time: ReadOnly[datetime]
    created_by: ReadOnly[Lazy[User]]
    last_edited_by: ReadOnly[Lazy[User]]
    has_children: ReadOnly[bool]
    in_trash: ReadOnly[bool]

    def __init__(self, content: BlockContent) -> None:
        self._set_content(content)
