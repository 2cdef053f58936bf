"""Notion's enhanced Markdown, grammar v1, as blocks: what people write, and `write_markdown`.

The grammar: https://developers.notion.com/guides/data-apis/enhanced-markdown

One line is one block, and tabs say what lies below what.  Nothing is refused: what is no block of
the grammar is a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

from notion_async.content.lengths import within_limits
from notion_async.content.rich_text import attributes, named_color, rich_text_from_markdown
from notion_async.converters import request_json
from notion_async.errors import ConfigurationError
from notion_async.models import plain_text
from notion_async.types import JSON, JSONObject

DEEPEST: Final = 100
"""So many levels are read: Notion's own documents have fewer."""

_HEADING: Final = re.compile(r"(#{1,6})(?:[ \t]+(.*))?$")
_NUMBERED: Final = re.compile(r"\d{1,9}[.)](?:[ \t]+(.*))?$")
_TO_DO: Final = re.compile(r"[-*+] \[([ xX])\](?:[ \t]+(.*))?$")
_BULLETED: Final = re.compile(r"[-*+](?:[ \t]+(.*))?$")
_QUOTE: Final = re.compile(r">[ \t]*(.*)$")
_FENCE: Final = re.compile(r"(`{3,}|~{3,})([^`]*)$")
_DIVIDER: Final = re.compile(r"(?:-[ \t]*){3,}$|(?:\*[ \t]*){3,}$")
_SUFFIX: Final = re.compile(r'(?<!\\)[ \t]*\{((?:[\w-]+="[^"]*"[ \t]*)+)\}$')
_IMAGE: Final = re.compile(r"!\[(.*)\]\((\S*?)\)$")
_TAG: Final = re.compile(r"<([a-z][a-z_-]*)((?:\s[^<>]*?)?)(/?)>(.*)$")
_CELL: Final = re.compile(r"<td((?:\s[^<>]*?)?)>(.*?)</td>", re.DOTALL)
_PIPE: Final = re.compile(r"(?<!\\)\|")
_RULE: Final = re.compile(r"[ \t]*:?-+:?[ \t]*$")
_MEDIA: Final = ("audio", "video", "file", "pdf")


def blocks_from_markdown(markdown: str) -> list[JSONObject]:
    """Return the blocks that Markdown stands for, with their children, as they are written.

    Pages, databases and blocks without a form in Markdown come back as ``child_page``,
    ``child_database`` and ``unsupported`` with the ``url`` they were named by: such blocks cannot
    be created, only kept.

    Args:
        markdown: Grammar v1, as `write_markdown` and Notion's Markdown endpoints write it.

    Raises:
        ConfigurationError: It goes deeper than 100 levels, or holds what no block can: a formula
            of more than 1,000 characters, a URL of more than 2,000.
        MissingExtraError: markdown-it-py is not installed.
    """
    lines = markdown.replace("\r\n", "\n").split("\n")
    return _Reader(lines).level(0)


class _Reader:
    """Reads line by line; each method begins at the line that is next."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._next = 0

    def level(self, depth: int, end: str | None = None) -> list[JSONObject]:
        """Return the blocks at this depth, up to the line `end`, which is passed over."""
        if depth > DEEPEST:
            raise ConfigurationError(f"Markdown deeper than {DEEPEST} levels cannot be read")
        found: list[JSONObject] = []
        while self._next < len(self._lines):
            line = self._lines[self._next]
            text = line.lstrip("\t")
            indent = len(line) - len(text)
            if not text.strip():
                self._next += 1
                continue
            if end is not None and text.strip() == end and indent <= depth:
                self._next += 1
                break
            if indent < depth and end is None:
                break
            self._next += 1
            found += self._block(text.strip(), min(indent, depth))
        return found

    def _block(self, text: str, depth: int) -> list[JSONObject]:
        """Return the block that begins with this line; nothing where it is only decoration."""
        for pattern, read in _LINES:
            matched = pattern.match(text)
            if matched is not None:
                return read(self, matched, depth)
        return [self._with_children("paragraph", text, depth)]

    def _with_children(
        self, kind: str, text: str | None, depth: int, **fields: JSON
    ) -> JSONObject:
        content = {**_coloured(text or ""), **fields}
        children = self.level(depth + 1)
        return _made(kind, content, children)

    # -- lines

    def _heading(self, found: re.Match[str], depth: int) -> list[JSONObject]:
        kind = f"heading_{min(4, len(found[1]))}"
        text, given = _apart(found[2] or "")
        content: dict[str, JSON] = {"rich_text": _runs(re.sub(r"(?:^|\s+)#+$", "", text))}
        content |= _color_of(given)
        if given.get("toggle") != "true":
            return [_made(kind, content)]  # what is indented below it comes after it
        return [_made(kind, {**content, "is_toggleable": True}, self.level(depth + 1))]

    def _to_do(self, found: re.Match[str], depth: int) -> list[JSONObject]:
        checked = found[1] in "xX"
        return [self._with_children("to_do", found[2], depth, checked=checked)]

    def _item(self, found: re.Match[str], depth: int) -> list[JSONObject]:
        return [self._with_children("bulleted_list_item", found[1], depth)]

    def _number(self, found: re.Match[str], depth: int) -> list[JSONObject]:
        return [self._with_children("numbered_list_item", found[1], depth)]

    def _quote(self, found: re.Match[str], depth: int) -> list[JSONObject]:
        return [self._with_children("quote", found[1], depth)]

    def _divider(self, _: re.Match[str], _depth: int) -> list[JSONObject]:
        return [_made("divider", {})]

    def _code(self, found: re.Match[str], depth: int) -> list[JSONObject]:
        fence, language = found[1], found[2].strip()
        text = self._until(lambda line: line.strip() == fence, depth)
        content = {"rich_text": [{"text": {"content": text}}] if text else []}
        return [_made("code", {**content, "language": language or "plain text"})]

    def _equation(self, _: re.Match[str], depth: int) -> list[JSONObject]:
        expression = self._until(lambda line: line.strip() == "$$", depth)
        return [_made("equation", {"expression": expression})]

    def _until(self, is_end: Callable[[str], bool], depth: int) -> str:
        """Return the lines up to the end of a fence as they stand, but for their depth."""
        lines: list[str] = []
        while self._next < len(self._lines):
            line = self._lines[self._next]
            self._next += 1
            if is_end(line):
                break
            tabs = len(line) - len(line.lstrip("\t"))
            lines.append(line[min(depth, tabs) :])
        return "\n".join(lines)

    def _image(self, found: re.Match[str], _: int) -> list[JSONObject]:
        return [_made("image", {**_external(found[2]), "caption": _runs(found[1])})]

    def _pipes(self, found: re.Match[str], depth: int) -> list[JSONObject]:
        rows = [_pipe_cells(found.string)]
        while self._next < len(self._lines):
            text = self._lines[self._next].lstrip("\t").rstrip()
            if not text.startswith("|"):
                break
            self._next += 1
            rows.append(_pipe_cells(text))
        has_rule = len(rows) > 1 and all(_RULE.match(cell) for cell in rows[1])
        if not has_rule and len(rows) == 1:
            return [self._with_children("paragraph", found.string, depth)]
        kept = [rows[0], *rows[2:]] if has_rule else rows
        return [_table(kept, column_header=has_rule, row_header=False)]

    # -- tags

    def _tag(self, found: re.Match[str], depth: int) -> list[JSONObject]:
        name, given, rest = found[1], attributes(found[2]), found[4]
        read = _TAGS.get(name)
        if name in _MEDIA and rest.endswith(f"</{name}>"):
            caption = _runs(rest.removesuffix(f"</{name}>"))
            return [_made(name, {**_external(given.get("src", "")), "caption": caption})]
        if read is None or (rest and name not in ("page", "database")):
            return [self._with_children("paragraph", found.string, depth)]
        return read(self, given, rest, depth)

    def _empty(self, _given: Mapping[str, str], _rest: str, depth: int) -> list[JSONObject]:
        return [self._with_children("paragraph", "", depth)]

    def _contents(self, given: Mapping[str, str], _rest: str, _depth: int) -> list[JSONObject]:
        return [_made("table_of_contents", _color_of(given))]

    def _toggle(self, given: Mapping[str, str], _rest: str, depth: int) -> list[JSONObject]:
        label = ""
        if self._next < len(self._lines):
            line = self._lines[self._next].strip()
            if line.startswith("<summary>"):
                self._next += 1
                label = line.removeprefix("<summary>").removesuffix("</summary>")
        children = self.level(depth + 1, "</details>")
        content = {"rich_text": _runs(label), **_color_of(given)}
        return [_made("toggle", content, children)]

    def _callout(self, given: Mapping[str, str], _rest: str, depth: int) -> list[JSONObject]:
        children = self.level(depth + 1, "</callout>")
        runs: JSON = []
        if children and _is_plain(children[0]):
            paragraph = cast("JSONObject", children[0]["paragraph"])
            runs = paragraph.get("rich_text", [])
            # What lies below the first line lies below the callout.
            children = [*cast("list[JSONObject]", paragraph.get("children", [])), *children[1:]]
        content: dict[str, JSON] = {"rich_text": runs, **_color_of(given)}
        icon = given.get("icon", "")
        if icon:
            content["icon"] = (
                {"type": "external", "external": {"url": icon}}
                if icon.startswith(("http:", "https:"))
                else {"type": "emoji", "emoji": icon}
            )
        return [_made("callout", content, children)]

    def _columns(self, _given: Mapping[str, str], _rest: str, depth: int) -> list[JSONObject]:
        return [_made("column_list", {}, self.level(depth + 1, "</columns>"))]

    def _column(self, _given: Mapping[str, str], _rest: str, depth: int) -> list[JSONObject]:
        return [_made("column", {}, self.level(depth + 1, "</column>"))]

    def _synced(self, _given: Mapping[str, str], _rest: str, depth: int) -> list[JSONObject]:
        children = self.level(depth + 1, "</synced_block>")
        return [_made("synced_block", {"synced_from": None}, children)]

    def _reference(self, given: Mapping[str, str], _rest: str, depth: int) -> list[JSONObject]:
        self.level(depth + 1, "</synced_block_reference>")  # a copy of what is elsewhere
        source: JSON = {"type": "block_id", "block_id": given.get("url", "").rsplit("/", 1)[-1]}
        return [_made("synced_block", {"synced_from": source})]

    def _table(self, given: Mapping[str, str], _rest: str, _depth: int) -> list[JSONObject]:
        text = self._until(lambda line: line.strip() == "</table>", 0)
        rows = [
            [cell[1] for cell in _CELL.findall(row)]
            for row in re.findall(r"<tr[^<>]*>(.*?)</tr>", text, re.DOTALL)
        ]
        return [
            _table(
                rows,
                column_header=given.get("header-row") == "true",
                row_header=given.get("header-column") == "true",
            )
        ]

    def _page(self, given: Mapping[str, str], rest: str, _depth: int) -> list[JSONObject]:
        title = plain_text(rich_text_from_markdown(rest.removesuffix("</page>")))
        return [_made("child_page", {"title": title, "url": given.get("url", "")})]

    def _database(self, given: Mapping[str, str], rest: str, _depth: int) -> list[JSONObject]:
        title = plain_text(rich_text_from_markdown(rest.removesuffix("</database>")))
        return [_made("child_database", {"title": title, "url": given.get("url", "")})]

    def _unknown(self, given: Mapping[str, str], _rest: str, _depth: int) -> list[JSONObject]:
        kept = {"block_type": given.get("alt", ""), "url": given.get("url", "")}
        return [_made("unsupported", kept)]


# The first that matches; what is no line of these is a paragraph.
_LINES: Final = (
    (_HEADING, _Reader._heading),
    (_DIVIDER, _Reader._divider),
    (_TO_DO, _Reader._to_do),
    (_BULLETED, _Reader._item),
    (_NUMBERED, _Reader._number),
    (_QUOTE, _Reader._quote),
    (_FENCE, _Reader._code),
    (re.compile(r"\$\$$"), _Reader._equation),
    (_IMAGE, _Reader._image),
    (re.compile(r"\|.*\|$"), _Reader._pipes),
    (_TAG, _Reader._tag),
)
_TAGS: Final = {
    "empty-block": _Reader._empty,
    "table_of_contents": _Reader._contents,
    "details": _Reader._toggle,
    "callout": _Reader._callout,
    "columns": _Reader._columns,
    "column": _Reader._column,
    "synced_block": _Reader._synced,
    "synced_block_reference": _Reader._reference,
    "table": _Reader._table,
    "page": _Reader._page,
    "database": _Reader._database,
    "unknown": _Reader._unknown,
}


def _made(
    kind: str, content: Mapping[str, JSON], children: Sequence[JSONObject] = ()
) -> JSONObject:
    whole: dict[str, JSON] = {**within_limits({**content}, kind)}
    if children:
        whole["children"] = list(children)
    return {"object": "block", "type": kind, kind: whole}


def _runs(text: str) -> JSON:
    return request_json(rich_text_from_markdown(text))


def _apart(text: str) -> tuple[str, Mapping[str, str]]:
    """Return a line without the attributes at its end, and those."""
    found = _SUFFIX.search(text)
    return (text, {}) if found is None else (text[: found.start()], attributes(found[1]))


def _coloured(text: str) -> dict[str, JSON]:
    line, given = _apart(text)
    return {"rich_text": _runs(line), **_color_of(given)}


def _color_of(given: Mapping[str, str]) -> dict[str, JSON]:
    name = given.get("color", "")
    if not name:
        return {}
    return {"color": named_color(name)}


def _external(url: str) -> dict[str, JSON]:
    return {"type": "external", "external": {"url": url}}


def _is_plain(block: JSONObject) -> bool:
    content = block.get("paragraph")
    return isinstance(content, dict) and bool(content["rich_text"]) and "color" not in content


def _pipe_cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    cells = _PIPE.split(inner)
    return [cell.strip() for cell in (cells[:-1] if not cells[-1].strip() else cells)]


def _table(rows: Sequence[Sequence[str]], *, column_header: bool, row_header: bool) -> JSONObject:
    width = max((len(row) for row in rows), default=0)
    children = [
        _made("table_row", {"cells": [_runs(cell) for cell in [*row, *[""] * (width - len(row))]]})
        for row in rows
    ]
    content: dict[str, JSON] = {
        "table_width": width,
        "has_column_header": column_header,
        "has_row_header": row_header,
    }
    return _made("table", content, children)
