"""Rich text: runs of text, mentions and equations.

Notion's page: https://developers.notion.com/reference/rich-text
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date as day
from typing import ClassVar, Final, TypeAlias, cast

from notion_async.errors import ConfigurationError
from notion_async.ids import notion_id
from notion_async.models._model import Lazy, Maybe, Model, ReadOnly, Unsupported, model
from notion_async.models._tagged import Content, Kinds, Tagged, by_kind
from notion_async.models.dates import DateRange
from notion_async.models.files import CustomEmoji
from notion_async.models.moments import DateSpan, date_range
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
class RichText(Tagged[RichTextContent]):
    """One run: its `content` is a `Text`, a `Mention` or an `Equation`.

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


LONGEST_TEXT: Final = 2000
"""UTF-16 units that the content of one text may have in a request, and that a URL may have."""
LONGEST_EXPRESSION: Final = 1000
"""UTF-16 units that an expression may have."""


def text(
    content: str,
    *,
    link: str | None = None,
    bold: bool = False,
    italic: bool = False,
    strikethrough: bool = False,
    underline: bool = False,
    code: bool = False,
    color: str = "default",
) -> RichText:
    """Return a run of text.

    Notion takes 2,000 UTF-16 units in one run; `notion_async.content.write` splits longer ones.

    Args:
        content: What it says.
        link: Where it leads.
        bold: How it looks, like those that follow.
        italic: Slanted.
        strikethrough: Struck out.
        underline: Underlined.
        code: As code.
        color: ``red``, ``red_background``, …
    """
    looks = Annotations(bold, italic, strikethrough, underline, code, color)
    plain = not any((bold, italic, strikethrough, underline, code)) and color == "default"
    return RichText(
        Text(content, UNSET if link is None else Link(link)), UNSET if plain else looks
    )


def mention(
    *,
    user: str | User | None = None,
    page: str | Reference | None = None,
    database: str | Reference | None = None,
    date: str | day | DateSpan | DateRange | None = None,
) -> RichText:
    """Return a mention of one thing.

    Args:
        user: A person or bot, or the id of one.
        page: A page: its id or its link.
        database: A database: its id or its link.
        date: A day, a moment or a span.  A text is sent as it is: ``2026-03-01``.

    Raises:
        ConfigurationError: None of them is given, or more than one.
        InvalidIDError: There is no id in what was given.
    """
    if sum(given is not None for given in (user, page, database, date)) != 1:
        raise ConfigurationError(
            "a mention is of one thing: give user, page, database or date, and only one of them"
        )
    if user is not None:
        found = Mention(user=user if isinstance(user, User) else User(notion_id(user)))
    elif page is not None:
        found = Mention(page=_reference(page))
    elif database is not None:
        found = Mention(database=_reference(database))
    else:
        found = Mention(date=_date(cast("str | day | DateSpan | DateRange", date)))
    return RichText(found)


def _date(given: str | day | DateSpan | DateRange) -> DateRange:
    if isinstance(given, DateRange):
        return given
    if isinstance(given, str):
        return DateRange(given)
    return date_range(given if isinstance(given, DateSpan) else DateSpan(given))


def _reference(given: str | Reference) -> Reference:
    return given if isinstance(given, Reference) else Reference(notion_id(given))


def equation(expression: str) -> RichText:
    """Return a formula within text.

    Args:
        expression: KaTeX, of at most 1,000 UTF-16 units.

    Raises:
        ConfigurationError: It is longer: nothing can split a formula.
    """
    length = utf16_length(expression)
    if length > LONGEST_EXPRESSION:
        raise ConfigurationError(
            f"an equation has at most {LONGEST_EXPRESSION} characters, not {length}: make several"
        )
    return RichText(Equation(expression))


def utf16_length(content: str) -> int:
    """Return the length of a text as Notion counts it: in UTF-16 units, an emoji being two."""
    if content.isascii():
        return len(content)
    return len(content) + sum(char > "\uffff" for char in content)


def plain_text(runs: Iterable[RichText]) -> str:
    """Return the text of these runs without its looks."""
    return "".join([shown for run in runs if isinstance(shown := run.plain_text, str)])


def title_text(runs: object) -> str:
    """Return the text of a title; empty where it has another shape than Notion documents."""
    if not isinstance(runs, (list, tuple)):
        return ""
    return plain_text([run for run in runs if hasattr(run, "plain_text")])
