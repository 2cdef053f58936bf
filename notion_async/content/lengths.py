"""Rich text within Notion's limits: long texts split, what cannot be split refused.

Pure functions over JSON.  The limits: https://developers.notion.com/reference/request-limits
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final, cast

from notion_async.errors import ConfigurationError
from notion_async.models.rich_text import LONGEST_EXPRESSION, LONGEST_TEXT, utf16_length
from notion_async.types import JSON, JSONObject

LONGEST_URL: Final = 2000
"""UTF-16 units that a URL may have."""
MOST_RUNS: Final = 100
"""Runs that one array of rich text may have; also the cells of one row."""

_LOOK_BACK: Final = 200
"""How far, in characters, a better place to split is looked for."""
_JOINER: Final = "\u200d"
_TONES: Final = ("\U0001f3fb", "\U0001f3ff")


def split_text(text: str, *, most: int = LONGEST_TEXT, nicely: bool = True) -> list[str]:
    """Return a text in parts of at most `most` UTF-16 units, never splitting a character.

    Args:
        text: What is split.
        most: How long a part may be; at least 2.
        nicely: Whether a part rather ends after a blank, and not within what is shown as one
            character (accents, families of emoji), even if that makes more parts.
    """
    parts: list[str] = []
    rest = text.encode("utf-16-le", "surrogatepass")
    while len(rest) > 2 * most:
        end = 2 * most
        if 0xDC <= rest[end + 1] <= 0xDF and 0xD8 <= rest[end - 1] <= 0xDB:
            end -= 2  # in the middle of a pair
        part = rest[:end].decode("utf-16-le", "surrogatepass")
        if nicely:
            after = rest[end : end + 4].decode("utf-16-le", "ignore")[:1]
            part = part[: _good_end(part, after)]
        parts.append(part)
        rest = rest[len(part.encode("utf-16-le", "surrogatepass")) :]
    return [*parts, rest.decode("utf-16-le", "surrogatepass")]


def _good_end(part: str, after: str) -> int:
    """Return where a part rather ends, given the character that follows it."""
    first = max(1, len(part) - _LOOK_BACK)
    for end in range(len(part), first, -1):
        if part[end - 1].isspace():
            return end
    for end in range(len(part), first, -1):
        following = part[end] if end < len(part) else after
        if not _belongs_together(part[end - 1], following):
            return end
    return len(part)


def _belongs_together(one: str, following: str) -> bool:
    return (
        _JOINER in (one, following)
        or _TONES[0] <= following <= _TONES[1]
        or unicodedata.category(following or " ").startswith("M")
    )


def within_limits(content: JSONObject, where: str) -> JSONObject:
    """Return a block's content with texts split where they are too long for Notion.

    Args:
        content: What stands under the block's type, as it is sent.
        where: What is named in an error, as ``children[3].paragraph``.

    Raises:
        ConfigurationError: Something is too long and cannot be split.
    """
    changed: JSONObject = {}
    for name in ("rich_text", "caption"):
        runs = content.get(name)
        if isinstance(runs, list):
            changed[name] = _runs(runs, f"{where}.{name}")
    cells = content.get("cells")
    if isinstance(cells, list):
        _check(len(cells), MOST_RUNS, f"{where}.cells", "cells", "make the table narrower")
        changed["cells"] = [
            _runs(cell, f"{where}.cells[{index}]") if isinstance(cell, list) else cell
            for index, cell in enumerate(cells)
        ]
    _check_expression(content, where)
    _check_url(content, where)
    _check_url(content.get("external"), f"{where}.external")
    return {**content, **changed}


def _runs(runs: list[JSON], where: str) -> list[JSON]:
    for index, run in enumerate(runs):
        if isinstance(run, Mapping):
            _check_expression(run.get("equation"), f"{where}[{index}].equation")
            text = run.get("text")
            link = text.get("link") if isinstance(text, Mapping) else None
            _check_url(link, f"{where}[{index}].text.link")
    parts = [part for run in runs for part in _parts(run, nicely=True)]
    if len(parts) > MOST_RUNS:
        # Neighbours that look the same are one text to Notion, too.
        parts = [part for run in _joined(runs) for part in _parts(run, nicely=False)]
    _check(
        len(parts),
        MOST_RUNS,
        where,
        "runs (of 2,000 characters each)",
        "spread the text over several blocks",
    )
    return parts


def _parts(run: JSON, *, nicely: bool) -> Iterator[JSON]:
    content = _content(run)
    if content is None or utf16_length(content) <= LONGEST_TEXT:
        yield run
        return
    for part in split_text(content, nicely=nicely):
        yield _saying(run, part)


def _joined(runs: list[JSON]) -> Iterator[JSON]:
    for plain, group in groupby(runs, lambda run: None if _content(run) is None else _look(run)):
        alike = list(group)
        if plain is None or len(alike) == 1:
            yield from alike
        else:
            yield _saying(alike[0], "".join([_content(run) or "" for run in alike]))


def _content(run: JSON) -> str | None:
    """Return what a run of text says; None of other runs."""
    text = run.get("text") if isinstance(run, Mapping) else None
    content = text.get("content") if isinstance(text, Mapping) else None
    return content if isinstance(content, str) else None


def _look(run: JSON) -> JSON:
    given = cast("Mapping[str, JSON]", run)
    text = cast("Mapping[str, JSON]", given["text"])
    return [given.get("annotations"), text.get("link")]


def _saying(run: JSON, content: str) -> JSONObject:
    given = cast("Mapping[str, JSON]", run)
    text = cast("Mapping[str, JSON]", given["text"])
    # What Notion shows for the whole run is not true of a part.
    kept = {name: value for name, value in given.items() if name != "plain_text"}
    return {**kept, "text": {**text, "content": content}}


def _check_expression(holder: JSON, where: str) -> None:
    expression = holder.get("expression") if isinstance(holder, Mapping) else None
    if isinstance(expression, str):
        length = utf16_length(expression)
        _check(length, LONGEST_EXPRESSION, f"{where}.expression", "characters", "shorten it")


def _check_url(holder: JSON, where: str) -> None:
    url = holder.get("url") if isinstance(holder, Mapping) else None
    if isinstance(url, str):
        _check(utf16_length(url), LONGEST_URL, f"{where}.url", "characters", "shorten it")


def _check(found: int, most: int, where: str, what: str, remedy: str) -> None:
    if found > most:
        raise ConfigurationError(
            f"{where} has {found} {what}, and Notion takes {most}: {remedy}; nothing was sent"
        )
