"""Rich text as inline Markdown, in the grammar of Notion's enhanced Markdown.

The grammar: https://developers.notion.com/guides/data-apis/enhanced-markdown
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Final, TypeAlias
from urllib.parse import quote

import attrs

from notion_async.models import (
    Annotations,
    DateRange,
    Equation,
    Icon,
    Mention,
    Model,
    RichText,
    Text,
)

Mark: TypeAlias = tuple[str, str]
"""How a text looks: ``("bold", "")``, ``("color", "red_bg")``, ``("link", url)``."""

SPECIAL: Final = "\\*~`$[]<>{}|^"
"""The characters that have a meaning outside code."""

BREAK: Final = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
"""What ends a line somewhere: one block is one line, whoever counts them."""

_SINGLE_BREAKS: Final = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_ESCAPES: Final = str.maketrans(
    {char: f"\\{char}" for char in SPECIAL} | dict.fromkeys(_SINGLE_BREAKS, "<br>")
)

# Outermost first, where several begin and end together.
_RANK: Final = {"link": 0, "color": 1, "underline": 2, "bold": 3, "italic": 4, "strikethrough": 5}
_DELIMITERS: Final = {"bold": "**", "italic": "*", "strikethrough": "~~"}

# An empty run: it keeps delimiters apart that would read as one, as in **a***b*.
_NOTHING: Final = '<span underline="true"></span>'

_BLOCK_START: Final = re.compile(r"(?:[-+]|#+)(?=\s|<br>|$)|-[- ]*$")
_NUMBER_START: Final = re.compile(r"(\d+)([.)](?=\s|<br>|$))")

_RUNS_CODE: Final = ("javascript:", "vbscript:", "data:")


@attrs.frozen
class _Atom:
    """A stretch of text, written, and the marks it wears."""

    text: str
    marks: tuple[Mark, ...]
    blank: bool = False
    fenced: bool = False


def inline(runs: Iterable[RichText], *, links: bool = True) -> str:
    """Return rich text as inline Markdown, on one line.

    Whitespace at the edges of bold, italic and struck text is moved out of it, as Markdown
    wants it.

    Args:
        runs: The rich text.
        links: Whether its links are written; without, it can be the label of another link.
    """
    atoms = [atom for run in _merged(runs) for atom in _atoms(run, links)]
    return _compose(atoms)


def block_start(line: str) -> str:
    """Return inline Markdown such that it is not taken for a list, heading or code block."""
    text = line.lstrip()
    # Tabs at the beginning mean depth.
    space = line[: len(line) - len(text)].replace("\t", "    ")
    if text.startswith("```"):
        return f"{space}{_NOTHING}{text}"
    if _BLOCK_START.match(text):
        return f"{space}\\{text}"
    number = _NUMBER_START.match(text)
    return f"{space}{number[1]}\\{text[number.end(1) :]}" if number else space + text


def escape(text: str) -> str:
    """Return plain text as Markdown that reads back as this text, on one line."""
    return text.replace("\r\n", "\n").translate(_ESCAPES)


def attribute(name: str, value: str | None) -> str:
    """Return one attribute of a tag after a space; nothing where it has no value."""
    if not value:
        return ""
    # The ampersand stays: Notion reads attributes as they are, and links are full of them.
    shown = BREAK.sub(" ", value).replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    return f' {name}="{shown}"'


def link(url: str) -> str:
    """Return a URL as it can stand in Markdown; empty if it would run code."""
    seen = "".join([char for char in url if char > " "]).lower()  # as browsers read it
    if seen.startswith(_RUNS_CODE):
        return ""
    if url.isascii() and url.isprintable() and not _UNWRITABLE.search(url):
        return url
    return "".join([char if _writable(char) else quote(char, safe="") for char in url.strip()])


_UNWRITABLE: Final = re.compile(r'[\s()<>"{}|\\^`]')


def _writable(char: str) -> bool:
    return char.isprintable() and not _UNWRITABLE.match(char)


def page_url(identity: str, block: str = "") -> str:
    """Return the link of a page, or of a block in it."""
    anchor = f"#{block.replace('-', '')}" if block else ""
    return f"https://app.notion.com/p/{identity.replace('-', '')}{anchor}"


def color(name: str) -> str:
    """Return a colour as Markdown names it; empty for the default."""
    if not name or name.startswith("default"):
        return ""
    return f"{name.removesuffix('_background')}_bg" if name.endswith("_background") else name


def icon_text(icon: Icon | None) -> str:
    """Return an icon as text: the emoji, ``:name:`` of a custom one, or where the picture is."""
    if not icon:
        return ""
    if icon.custom_emoji:
        return f":{said(icon.custom_emoji, 'name')}:"
    picture = icon.external or icon.file
    if picture:
        return link(said(picture, "url"))
    return said(icon, "emoji") or (said(icon.icon, "name") if icon.icon else "")


def said(value: Model, name: str) -> str:
    """Return a text field; empty where it is absent, as ids are on objects made by hand."""
    found = getattr(value, name, None)
    return found if isinstance(found, str) else ""


@attrs.frozen
class _Run:
    """A run with its marks, its content not yet written."""

    source: RichText
    marks: tuple[Mark, ...]
    code: bool
    text: str | None
    """None where the content is more than text."""


def _merged(runs: Iterable[RichText]) -> Iterator[_Run]:
    # Texts that look the same are one text, as Notion itself reads them back.
    alike = groupby(map(_read, runs), lambda run: (run.text is None, run.marks, run.code))
    for (other, _, _), group in alike:
        if other:
            yield from group
        else:
            first, *rest = group
            yield attrs.evolve(first, text="".join([run.text or "" for run in (first, *rest)]))


def _read(run: RichText) -> _Run:
    looks = run.annotations or Annotations()
    marks: list[Mark] = [(name, "") for name in _DELIMITERS if getattr(looks, name)]
    if looks.underline:
        marks.append(("underline", ""))
    if shade := color(looks.color):
        marks.append(("color", shade))
    content = run.content
    plain: str | None = None
    if not isinstance(content, (Mention, Equation)):
        plain = said(content, "content") if isinstance(content, Text) else run.plain_text
        given = content.link.url if isinstance(content, Text) and content.link else run.href
        marks.extend(_linked(given))
    return _Run(run, tuple(marks), looks.code, plain)


def _linked(url: str | None) -> Sequence[Mark]:
    target = link(url) if url else ""
    return [("link", target)] if target else []


def _atoms(run: _Run, links: bool) -> Iterator[_Atom]:
    content, marks, text = run.source.content, run.marks, run.text
    if isinstance(content, Equation):
        if content.expression.strip():
            yield _Atom(_equation(content.expression), marks, fenced=True)
        return
    if isinstance(content, Mention):
        written, extra = _mention(run.source, content)
        marks = (*marks, *extra)
    else:
        written = ""
    if not links:
        marks = tuple([mark for mark in marks if mark[0] != "link"])
    if text is None:
        yield from [_Atom(written, marks)] if written else []
    elif run.code:
        yield from _code(text, marks)
    else:
        yield from _text(text, marks)


def _text(text: str, marks: tuple[Mark, ...]) -> Iterator[_Atom]:
    core = text.strip()
    if not any(mark[0] in _DELIMITERS for mark in marks):
        yield from [_Atom(escape(text), marks)] if text else []
        return
    start = text.index(core) if core else 0
    for part, blank in (
        (text[:start], True),
        (core, False),
        (text[start + len(core) :], True),
    ):
        if part:
            yield _Atom(escape(part), marks, blank)


def _code(text: str, marks: tuple[Mark, ...]) -> Iterator[_Atom]:
    # Nothing is escaped in code, so a line break has to stand between two pieces of it.
    for position, line in enumerate(BREAK.split(text)):
        if position:
            yield _Atom("<br>", marks, blank=True)
        if line:
            fence = "`" * fence_length(line, 1)
            # One space on each side is not part of the code; it keeps backticks apart.
            edges = line[0] + line[-1]
            pad = " " if "`" in edges or (edges == "  " and line.strip()) else ""
            yield _Atom(f"{fence}{pad}{line}{pad}{fence}", marks, fenced=True)


def fence_length(text: str, least: int) -> int:
    """Return how many backticks set `text` off: the fewest that do not occur in a row in it."""
    return max([least, *[len(run) + 1 for run in re.findall("`+", text)]])


def _equation(expression: str) -> str:
    shown = BREAK.sub(" ", expression)
    if shown == shown.strip() and not shown.endswith("\\") and not re.search(r"[$`]", shown):
        return f"${shown}$"
    # The longer form that Notion's endpoint writes; spaces mean nothing in a formula.
    shown = shown.replace("`$", "` $")
    return f"$`{shown} `$" if shown.endswith("`") else f"$`{shown}`$"


def _mention(run: RichText, mention: Mention) -> tuple[str, tuple[Mark, ...]]:
    """Return a mention as written, and the marks it brings along."""
    label = escape(BREAK.sub(" ", run.plain_text))
    if mention.user:
        name = escape(said(mention.user, "name")) or label.removeprefix("@")
        return _labelled("mention-user", f"user://{said(mention.user, 'id')}", name), ()
    if mention.page:
        return _labelled("mention-page", page_url(said(mention.page, "id")), label), ()
    if mention.database:
        return _labelled("mention-database", page_url(said(mention.database, "id")), label), ()
    if mention.date:
        return _date(mention.date), ()
    if mention.custom_emoji:
        return f":{said(mention.custom_emoji, 'name') or run.plain_text.strip(':')}:", ()
    if mention.template_mention:
        asked = mention.template_mention
        filled = said(asked, "template_mention_date") or said(asked, "template_mention_user")
        return label or f"@{escape(filled)}", ()
    url, title = run.href or "", ""
    if mention.link_mention:
        url, title = said(mention.link_mention, "href"), said(mention.link_mention, "title")
    elif mention.link_preview:
        url = said(mention.link_preview, "url")
    return escape(title) or label or escape(url), tuple(_linked(url))


def _labelled(tag: str, url: str, label: str) -> str:
    start = f"<{tag}{attribute('url', url)}"
    return f"{start}>{label}</{tag}>" if label else f"{start}/>"


def _date(date: DateRange) -> str:
    zone, parts = date.time_zone or "", ""
    shown = zone
    for name, value in (("start", said(date, "start")), ("end", date.end or "")):
        day, time, utc = _moment(value, zone)
        parts += attribute(name, day) + attribute(f"{name}Time", time)
        shown = shown or utc
    return f"<mention-date{parts}{attribute('timeZone', shown)}/>"


def _moment(value: str, zone: str) -> tuple[str, str, str]:
    """Return the day, the time and the zone it is in, where the value says so by an offset."""
    if "T" not in value:
        return value, "", ""
    try:
        moment = datetime.fromisoformat(value)
        offset = moment.tzinfo is not None and not zone
        if offset:  # the grammar has names of zones, and no offsets
            moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return value, "", ""
    time = moment.strftime("%H:%M:%S" if moment.second else "%H:%M")
    return moment.date().isoformat(), time, "UTC" if offset else ""


def _compose(atoms: Sequence[_Atom]) -> str:
    """Join the atoms, opening and closing marks such that they nest."""
    if len(atoms) == 1 and not atoms[0].marks:
        return atoms[0].text
    lasting = _lasting(atoms)
    out: list[str] = []
    stack: list[Mark] = []
    tail = ""  # the last character, if it is part of a delimiter

    for position, atom in enumerate(atoms):
        keep = _kept(stack, atom.marks)
        new = atom.marks
        if atom.blank:
            # Emphasis must neither begin nor end at whitespace.
            after = atoms[position + 1 : position + 2]
            stays = _kept(stack, after[0].marks if after and not after[0].blank else ())
            ending = [i for i in range(stays, keep) if stack[i][0] in _DELIMITERS]
            keep = min([keep, *ending])
            new = tuple([mark for mark in new if mark[0] not in _DELIMITERS])
        tail = _close(out, stack, keep) or tail
        ends = lasting[position]
        opened = [mark for mark in new if mark not in stack]
        opened.sort(key=lambda mark: (mark[0] in _DELIMITERS, -ends[mark], _RANK[mark[0]]))
        pieces = [*map(_opening, opened), atom.text]
        if tail == pieces[0][0]:
            out.append(_NOTHING)
        elif pieces[0] == "[" and out and out[-1].endswith("!"):
            out[-1] = f"{out[-1][:-1]}\\!"  # ![ begins an image
        out += pieces
        stack += opened
        tail = atom.text[-1] if atom.fenced else ""
    _close(out, stack, 0)
    return "".join(out)


def _lasting(atoms: Sequence[_Atom]) -> list[dict[Mark, int]]:
    """For each atom, where each of its marks ends: what lasts longest is opened first."""
    found: list[dict[Mark, int]] = []
    after: dict[Mark, int] = {}
    for position in range(len(atoms) - 1, -1, -1):
        after = {mark: after.get(mark, position) for mark in atoms[position].marks}
        found.append(after)
    return found[::-1]


def _kept(stack: Sequence[Mark], marks: Sequence[Mark]) -> int:
    """How many of the open marks, from the outside, stay open for these.

    Tags and links stand outside of emphasis: beside a letter, ``</span>**`` would end nothing.
    """
    keep = next((i for i, mark in enumerate(stack) if mark not in marks), len(stack))
    kept = stack[:keep]
    if any(mark[0] not in _DELIMITERS and mark not in kept for mark in marks):
        return next((i for i, mark in enumerate(kept) if mark[0] in _DELIMITERS), keep)
    return keep


def _opening(mark: Mark) -> str:
    kind, value = mark
    if kind == "link":
        return "["
    if kind == "color":
        return f"<span{attribute('color', value)}>"
    return _DELIMITERS.get(kind, '<span underline="true">')


def _close(out: list[str], stack: list[Mark], keep: int) -> str:
    """Close all marks but the outermost `keep`; return the last character written."""
    written = ""
    while len(stack) > keep:
        kind, value = stack.pop()
        written = f"]({value})" if kind == "link" else _DELIMITERS.get(kind, "</span>")
        out.append(written)
    return written[-1:]
