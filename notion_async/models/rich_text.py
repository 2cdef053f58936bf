"""Rich text: runs of text, mentions and equations.

Notion's page: https://developers.notion.com/reference/rich-text
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, TypeAlias, cast

from notion_async.models._model import Lazy, Maybe, Model, ReadOnly, Unsupported, model
from notion_async.models._tagged import Content, Kinds, Tagged, by_kind
from notion_async.models.dates import DateRange
from notion_async.models.files import CustomEmoji
from notion_async.models.parents import Reference
from notion_async.models.users import User
from notion_async.types import UNSET


@model
class Annotations(Model):
    """How a run looks."""

    bold: bool = False
    italic: bool = False
    strikethrough: bool = False
    underline: bool = False
    code: bool = False
    color: str = "default"


@model
class Link(Model):
    """Where a text leads."""

    url: str


@model
class Text(Content):
    """A run of text."""

    kind: ClassVar[str] = "text"

    content: str
    link: Lazy[Maybe[Link | None]] = UNSET


@model
class Equation(Content):
    """A formula in KaTeX, inline or as a block."""

    kind: ClassVar[str] = "equation"

    expression: str


@model
class LinkMention(Model):
    """A link with a preview of what it leads to."""

    href: str
    title: Maybe[str] = UNSET
    description: Maybe[str] = UNSET
    link_author: Maybe[str] = UNSET
    link_provider: Maybe[str] = UNSET
    thumbnail_url: Maybe[str] = UNSET
    icon_url: Maybe[str] = UNSET
    iframe_url: Maybe[str] = UNSET
    height: Maybe[float] = UNSET
    padding: Maybe[float] = UNSET
    padding_top: Maybe[float] = UNSET


@model
class TemplateMention(Model):
    """A mention that is filled in when the template is used."""

    type: str
    template_mention_date: Maybe[str] = UNSET
    """``today`` or ``now``."""
    template_mention_user: Maybe[str] = UNSET
    """``me``."""


@model
class Mention(Content):
    """A mention.  `type` names the field that is set."""

    kind: ClassVar[str] = "mention"

    type: Maybe[str] = UNSET
    user: Lazy[Maybe[User]] = UNSET
    date: Lazy[Maybe[DateRange]] = UNSET
    page: Lazy[Maybe[Reference]] = UNSET
    database: Lazy[Maybe[Reference]] = UNSET
    link_preview: Lazy[Maybe[Link]] = UNSET
    link_mention: Lazy[Maybe[LinkMention]] = UNSET
    template_mention: Lazy[Maybe[TemplateMention]] = UNSET
    custom_emoji: Lazy[Maybe[CustomEmoji]] = UNSET


RichTextContent: TypeAlias = Text | Mention | Equation | Unsupported


@model
class RichText(Tagged):
    """One run.

    >>> from notion_async.models import RichText, Text
    >>> RichText(Text("hello")).plain_text
    'hello'
    """

    kinds: ClassVar[Kinds] = by_kind(Text, Mention, Equation)

    annotations: Lazy[Maybe[Annotations]] = UNSET
    plain_text: ReadOnly[str] = ""
    href: ReadOnly[str | None] = None

    def __init__(self, content: RichTextContent, annotations: Maybe[Annotations] = UNSET) -> None:
        self._set_content(content)
        shown, href = "", None
        if isinstance(content, Text):
            shown = content.content
            href = content.link.url if content.link else None
        elif isinstance(content, Equation):
            shown = content.expression
        self._fill(annotations=annotations, plain_text=shown, href=href)

    @property
    def content(self) -> RichTextContent:
        """A `Text`, a `Mention`, an `Equation`, or what this version does not know."""
        return cast("RichTextContent", self._read_content())


def text(content: str, *, link: str | None = None) -> RichText:
    """Return a run of plain text, with a link if one is given."""
    return RichText(Text(content, UNSET if link is None else Link(link)))


def plain_text(runs: Iterable[RichText]) -> str:
    """Return the text of these runs without its looks."""
    return "".join([shown for run in runs if isinstance(shown := run.plain_text, str)])


def title_text(runs: object) -> str:
    """Return the text of a title; empty where it has another shape than Notion documents."""
    if not isinstance(runs, (list, tuple)):
        return ""
    return plain_text([run for run in runs if hasattr(run, "plain_text")])
