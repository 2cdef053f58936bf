r"""Rich text as inline Markdown and back, in the grammar of Notion's enhanced Markdown.

What Markdown cannot say, and so does not come back:

* Bold, italic and struck-out at the edges of a text where there are blanks: they are moved inward,
  as Markdown wants them.  Blanks alone have none of the three.
* Line breaks other than ``\n`` come back as one, and none of them is code.
* A colour ``default_background``, which shows as the default.
* URLs have characters percent-encoded that cannot stand in a link; those that would run code are
  left out.
* Formulas have line breaks as blanks, and blanks where they hold `` `$ `` or end in a backtick;
  one of nothing but blanks is left out.
* Mentions of people, pages, databases and dates come back as such, moments with an offset in
  UTC; other mentions, custom emoji and what this version does not know as the text they show.

The grammar: https://developers.notion.com/guides/data-apis/enhanced-markdown
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Final

import attrs

from notion_async.content.inline import inline
from notion_async.converters import structure
from notion_async.errors import MissingExtraError
from notion_async.ids import notion_id
from notion_async.models import RichText, text
from notion_async.models.moments import moment
from notion_async.types import JSON, JSONObject

if TYPE_CHECKING:
    from markdown_it.token import Token

_TAG: Final = re.compile(r"<(/?)([a-z][a-z-]*)((?:\s.*?)?)(/?)>", re.DOTALL)
_ATTRIBUTE: Final = re.compile(r'([A-Za-z-]+)="([^"]*)"')
_STYLES: Final = ("bold", "italic", "strikethrough", "underline", "code")


def rich_text_to_markdown(runs: Iterable[RichText]) -> str:
    """Return rich text as inline Markdown, on one line."""
    return inline(runs)


def rich_text_from_markdown(markdown: str) -> tuple[RichText, ...]:
    """Return inline Markdown as rich text; texts that look the same are one run.

    It reads ``**bold**``, ``*italic*``, ``~~struck~~``, `` `code` ``, ``[links](https://…)``,
    ``$formulas$``, ``<span color="red">`` (or ``"red_bg"``), ``<span underline="true">``,
    ``<br>`` and Notion's tags for mentions of people, pages, databases and dates.  A backslash
    takes its meaning from a character.  Everything else is text: headings, lists and tags that
    are not Notion's, too.

    Args:
        markdown: One paragraph.  A line break is a line break.

    Raises:
        MissingExtraError: markdown-it-py is not installed.
    """
    try:
        from notion_async.content.inline_tokens import tokens  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("markdown_it", "mdurl"):
            raise
        raise MissingExtraError("markdown", "reading Markdown") from None
    reader = _Reader()
    for token in tokens(markdown):
        reader.read(token)
    return reader.runs()


@attrs.frozen
class _Looks:
    bold: bool = False
    italic: bool = False
    strikethrough: bool = False
    underline: bool = False
    code: bool = False
    color: str = "default"
    link: str | None = None


@attrs.frozen
class _Tag:
    """A tag that is open."""

    name: str
    given: Mapping[str, str]
    start: int
    """How much had been found when it began."""
    mention: JSONObject | None = None


class _Reader:
    """Makes runs of tokens, one after the other."""

    def __init__(self) -> None:
        self._found: list[tuple[_Looks, str | JSONObject]] = []
        self._marks: set[str] = set()
        self._tags: list[_Tag] = []
        self._links: list[str] = []

    def read(self, token: Token) -> None:
        """Take in one token."""
        if token.type == "marks":
            self._marks -= set(token.meta.get("closes", ()))
            if token.content:
                self._add(token.content)
            self._marks |= set(token.meta.get("opens", ()))
        elif token.type == "link_open":
            self._links.append(str(token.attrs.get("href") or ""))
        elif token.type == "link_close":
            self._links.pop()
        elif token.type == "html_inline":
            self._tag(token.content)
        elif token.type == "equation":
            expression = {"expression": token.content}
            self._add({"type": "equation", "equation": expression, "plain_text": token.content})
        elif token.type in ("softbreak", "hardbreak"):
            self._add("\n")
        else:
            self._add(token.content, code=token.type == "code_inline")

    def runs(self) -> tuple[RichText, ...]:
        """Return what was read."""
        for tag in reversed(self._tags):
            if tag.mention is not None:  # never closed: what follows is no label
                self._found.insert(tag.start, (_Looks(), tag.mention))
        runs: list[RichText] = []
        for (looks, is_text), group in groupby(
            self._found, lambda found: (found[0], isinstance(found[1], str))
        ):
            said = [one for _, one in group]
            if is_text:
                runs.append(text(_shown(said), **attrs.asdict(looks)))
            else:
                runs += [_run(one, looks) for one in said if not isinstance(one, str)]
        return tuple(runs)

    def _add(self, said: str | JSONObject, *, code: bool = False) -> None:
        shades = [tag.given["color"] for tag in self._tags if tag.given.get("color")]
        looks = _Looks(
            bold="bold" in self._marks,
            italic="italic" in self._marks,
            strikethrough="strikethrough" in self._marks,
            underline=any(tag.given.get("underline") == "true" for tag in self._tags),
            code=code,
            color=named_color(shades[-1]) if shades else "default",
            link=(self._links[-1] or None) if self._links else None,
        )
        self._found.append((looks, said))

    def _tag(self, written: str) -> None:
        parts = _TAG.fullmatch(written)
        closing, name, rest, single = parts.groups() if parts else ("", "", "", "")
        given = attributes(rest)
        mention = None if closing else _mention(name, given)
        if name == "br" and not closing:
            self._add("\n")
        elif closing and any(tag.name == name for tag in self._tags):
            self._close(name)
        elif mention is not None and single:
            self._add(mention)
        elif mention is not None:
            self._tags.append(_Tag(name, {}, len(self._found), mention))
        elif name == "span" and not closing and {"color", "underline"} & set(given):
            self._tags.append(_Tag(name, given, len(self._found)))
        else:
            self._add(written)

    def _close(self, name: str) -> None:
        """Close the innermost tag of that name."""
        index = max(i for i, tag in enumerate(self._tags) if tag.name == name)
        tag = self._tags.pop(index)
        if tag.mention is None:
            return
        label = _shown([said for _, said in self._found[tag.start :]])
        del self._found[tag.start :]
        sign = "@" if name == "mention-user" and label else ""
        self._add({**tag.mention, "plain_text": sign + label})


def _shown(said: Iterable[str | JSONObject]) -> str:
    return "".join([one if isinstance(one, str) else str(one["plain_text"]) for one in said])


def _run(given: JSONObject, looks: _Looks) -> RichText:
    annotations = attrs.asdict(looks)
    del annotations["link"]
    plain = not any(annotations[name] for name in _STYLES) and looks.color == "default"
    return structure(given if plain else {**given, "annotations": annotations}, RichText)


def _mention(name: str, given: Mapping[str, str]) -> JSONObject | None:
    """Return the run of a mention; None where the tag is none that can be written."""
    kind, url = name.removeprefix("mention-"), given.get("url", "")
    content: Mapping[str, JSON]
    shown, href = "", None
    try:
        if name == "mention-user":
            content = {"object": "user", "id": notion_id(url.removeprefix("user://"))}
        elif name in ("mention-page", "mention-database"):
            content, href = {"id": notion_id(url)}, url
        elif name == "mention-date":
            content = _date(given)
            shown = " → ".join([str(content[end]) for end in ("start", "end") if end in content])
        else:
            return None
    except ValueError:  # no id, no day
        return None
    held: JSONObject = {"type": kind, kind: content}
    return {"type": "mention", "mention": held, "plain_text": shown, "href": href}


def _date(given: Mapping[str, str]) -> JSONObject:
    zone = given.get("timeZone", "")
    offset = "+00:00" if zone == "UTC" else ""
    date: JSONObject = {"start": _moment(given.get("start", ""), given.get("startTime"), offset)}
    if "end" in given:
        date["end"] = _moment(given["end"], given.get("endTime"), offset)
    if zone and not offset:
        date["time_zone"] = zone
    return date


def _moment(day: str, time: str | None, offset: str) -> str:
    written = day if not time else f"{day}T{time}{':00' * (time.count(':') == 1)}{offset}"
    if moment(written) is None:
        raise ValueError(written)
    return written


def named_color(name: str) -> str:
    """Return a colour of Markdown as Notion names it."""
    return f"{name.removesuffix('_bg')}_background" if name.endswith("_bg") else name


def attributes(written: str) -> Mapping[str, str]:
    """Return the attributes of a tag, or those at the end of a line, by name."""
    return {key: _unescaped(value) for key, value in _ATTRIBUTE.findall(written)}


def _unescaped(value: str) -> str:
    return value.replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">")
