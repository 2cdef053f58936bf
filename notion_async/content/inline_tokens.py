"""Inline Markdown taken apart by markdown-it-py, in the grammar of Notion's enhanced Markdown.

It differs from CommonMark where Notion does: ``_`` and ``&`` mean nothing, and ``$`` sets off a
formula.  And it pairs ``*``, ``**`` and ``~~`` in another way, because rich text has looks where
CommonMark has a tree: they begin and end beside punctuation as well, they may overlap, and each
ends what it began, so that ``***a*b*c***`` is bold from end to end.

This module needs the extra ``markdown``: it is imported on use.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, Final, cast

from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkDestination, parseLinkLabel, parseLinkTitle
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from notion_async.content.inline import link

_EQUATION: Final = re.compile(r"\$`(.+?)`\$|\$(?![\s`])((?:\\.|[^$\\`\n])+)(?<!\s)\$")
_BOLD, _ITALIC = ("bold", "**"), ("italic", "*")
_MARKS: Final = {
    "*": (_ITALIC,),
    "**": (_BOLD,),
    "***": (_BOLD, _ITALIC),
    "~~": (("strikethrough", "~~"),),
}
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


def tokens(markdown: str) -> Sequence[Token]:
    """Return the tokens of a line, or of several.

    Of its own kind are ``equation``, and ``marks``: their ``meta`` says which looks ``closes``
    and ``opens`` there; their content, a sign that pairs with nothing, stands between the two.
    """
    (whole,) = _READER.parseInline(markdown)
    return whole.children or ()


class _Reader(MarkdownIt):
    def __init__(self) -> None:
        super().__init__("commonmark", {"html": True, "maxNesting": 100})
        self.disable(["entity", "image"])
        self.inline.ruler.at("emphasis", _emphasis)
        self.inline.ruler.before("escape", "equation", _equation)
        self.inline.ruler2.at("balance_pairs", _pair)
        self.inline.ruler2.disable("emphasis")
        # By the names that markdown-it asks for: URLs are kept as they stand.
        cast("Any", self).helpers = SimpleNamespace(
            parseLinkDestination=_destination,
            parseLinkLabel=parseLinkLabel,
            parseLinkTitle=parseLinkTitle,
        )

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's name
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - markdown-it's name
        return link

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's name
        return not url or bool(link(url))  # those that would run code are no links


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Note ``*``, ``**``, ``***`` and ``~~``, which are paired later."""
    marker = state.src[state.pos]
    if silent or marker not in "*~":
        return False
    start, end = state.pos, state.pos
    while end < state.posMax and state.src[end] == marker:
        end += 1
    token = state.push("text", "", 0)
    token.content = state.src[start:end]
    if token.content in _MARKS:
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=end - start,
                token=len(state.tokens) - 1,
                end=-1,
                open=end < state.posMax and not state.src[end].isspace(),
                close=start > 0 and not state.src[start - 1].isspace(),
            )
        )
    state.pos = end
    return True


def _pair(state: StateInline) -> None:
    """Make marks of what was noted.  What pairs with nothing stays text."""
    inner = [meta["delimiters"] for meta in state.tokens_meta if meta]
    for delimiters in (state.delimiters, *inner):
        _pair_level(state.tokens, delimiters)


def _pair_level(found: Sequence[Token], delimiters: Sequence[Delimiter]) -> None:
    begun: dict[str, Token] = {}
    for delimiter in delimiters:
        token = found[delimiter.token]
        for mark, sign in _MARKS[token.content]:
            opener = begun.get(mark)
            if opener is not None and delimiter.close:
                _turn(opener, "opens", mark, sign)
                _turn(token, "closes", mark, sign)
                del begun[mark]
            elif opener is None and delimiter.open:
                begun[mark] = token


def _turn(token: Token, way: str, mark: str, sign: str) -> None:
    token.type = "marks"
    token.content = token.content.replace(sign, "", 1)
    token.meta.setdefault(way, []).append(mark)


def _equation(state: StateInline, silent: bool) -> bool:
    """Read a formula, in which nothing is escaped."""
    if state.src[state.pos] != "$":
        return False
    found = _EQUATION.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("equation", "", 0).content = found[1] or found[2]
    state.pos = found.end()
    return True


class _Destination:
    """Where a link leads, as markdown-it wants it told."""

    def __init__(self, ok: bool, pos: int, text: str) -> None:
        self.ok = ok
        self.pos = pos
        self.str = text


def _destination(source: str, pos: int, maximum: int) -> _Destination:
    found = parseLinkDestination(source, pos, maximum)
    text = source[pos : found.pos]
    if text.startswith("<"):
        text = text[1:-1]
    return _Destination(found.ok, found.pos, _ESCAPED.sub(_unescaped, text))


def _unescaped(found: re.Match[str]) -> str:
    # Not &amp; and its like: those of a URL are part of it.
    return found[1] if found[1] in string.punctuation else found[0]


_READER: Final = _Reader()
