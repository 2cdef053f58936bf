"""The four ways to change a page's Markdown, as changes of a text.

Notion: https://developers.notion.com/reference/update-page-markdown
"""

from __future__ import annotations

from typing import Final

from notion_async.testing.checks import (
    Decoded,
    a_boolean,
    a_string,
    an_array,
    an_object,
    failed,
    invalid,
    known_fields,
    one_of,
)
from notion_async.types import UNSET

_WAYS: Final = ("insert_content", "replace_content_range", "update_content", "replace_content")
_DELETING: Final = "allow_deleting_content"


def edited(markdown: str, body: Decoded) -> tuple[str, bool]:
    """Return a page's Markdown as a request wants it, and whether pages may be deleted for that.

    Raises:
        RefusalError: The request is wrong, or what it wants to change is not there.
    """
    way = one_of(body.get("type", UNSET), "body.type", _WAYS)
    known_fields(body, "body", ("type", way, "allow_async"))
    where = f"body.{way}"
    given = an_object(body.get(way, UNSET), where)
    deleting = a_boolean(given.get(_DELETING, False), f"{where}.{_DELETING}")
    if way == "insert_content":
        return _inserted(markdown, given, where), False
    if way == "replace_content":
        known_fields(given, where, ("new_str", _DELETING))
        return a_string(given.get("new_str", UNSET), f"{where}.new_str"), deleting
    if way == "update_content":
        return _updated(markdown, given, where), deleting
    known_fields(given, where, ("content", "content_range", _DELETING))
    begin, end = _range(markdown, given.get("content_range", UNSET), f"{where}.content_range")
    content = a_string(given.get("content", UNSET), f"{where}.content")
    return markdown[:begin] + content + markdown[end:], deleting


def _inserted(markdown: str, given: Decoded, where: str) -> str:
    known_fields(given, where, ("content", "after", "position"))
    content = a_string(given.get("content", UNSET), f"{where}.content")
    if "after" in given and "position" in given:
        # The words are ours, as below: no exchange with Notion shows its own.
        raise invalid(f"{where}: give either after or position, not both.")
    if "after" in given:
        _, end = _range(markdown, given["after"], f"{where}.after")
        line_end = markdown.find("\n", end)
        at = len(markdown) if line_end < 0 else line_end
        return f"{markdown[:at]}\n{content}{markdown[at:]}"
    place = an_object(given.get("position", {"type": "end"}), f"{where}.position")
    kind = one_of(place.get("type", UNSET), f"{where}.position.type", ("start", "end"))
    parts = (content, markdown) if kind == "start" else (markdown, content)
    return "\n".join([part for part in parts if part])


def _updated(markdown: str, given: Decoded, where: str) -> str:
    known_fields(given, where, ("content_updates", _DELETING))
    updates = an_array(given.get("content_updates", UNSET), f"{where}.content_updates", most=100)
    for index, value in enumerate(updates):
        place = f"{where}.content_updates[{index}]"
        update = an_object(value, place)
        known_fields(update, place, ("old_str", "new_str", "replace_all_matches"))
        old = a_string(update.get("old_str", UNSET), f"{place}.old_str")
        new = a_string(update.get("new_str", UNSET), f"{place}.new_str")
        every = a_boolean(update.get("replace_all_matches", False), f"{place}.replace_all_matches")
        found = markdown.count(old) if old else 0
        if not found:
            raise invalid(f"{place}.old_str was not found in the content of the page.")
        if found > 1 and not every:
            raise invalid(
                f"{place}.old_str was found {found} times in the content of the page: make it "
                "longer, or set replace_all_matches."
            )
        markdown = markdown.replace(old, new)
    return markdown


def _range(markdown: str, value: object, where: str) -> tuple[int, int]:
    """Return from where to where a selection goes, written as ``start...end``."""
    selection = a_string(value, where)
    start, dots, end = selection.partition("...")
    if not dots or not start or not end:
        raise failed(where, 'of the form `"start...end"`', selection)
    begin = markdown.find(start)
    last = markdown.find(end, begin + len(start)) if begin >= 0 else -1
    if last < 0:
        raise invalid(f"{where} was not found in the content of the page.")
    if markdown.find(start, begin + 1) >= 0:
        raise invalid(f"{where} begins with words that are there more than once.")
    return begin, last + len(end)
