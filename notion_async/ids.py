"""A Notion id, from whatever people have at hand: dashed, not dashed, or a link."""

from __future__ import annotations

import re

from notion_async.errors import InvalidIDError

_CANONICAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HEX32 = re.compile(r"[0-9a-f]{32}")
# Notion ends the path of a link with the id, after the title: …/My-page-0123…cdef
_AT_END_OF_PATH = re.compile(
    r"(?:^|[/-])([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?\Z"
)
_HOSTS = (".notion.so", ".notion.com", ".notion.site")


def notion_id(value: str) -> str:
    """Return the id in `value` in the form Notion writes it: lower case, with dashes.

    Args:
        value: A UUID with or without dashes, or the link of a page, database or block.
            The fragment of a link (``#…``) names a block and wins; ``?p=`` names the page
            that is opened over a database; ``?v=`` names a view and is passed over.

    Raises:
        InvalidIDError: There is no id in `value`.
    """
    if not isinstance(value, str):
        raise InvalidIDError(value)
    if _CANONICAL.fullmatch(value):
        return value
    text = value.strip().lower()
    if _HEX32.fullmatch(text) or _CANONICAL.fullmatch(text):
        return _dashed(text)
    if text.startswith(("https://", "http://", "notion://")):
        found = _from_link(text)
        if found is not None:
            return _dashed(found)
    raise InvalidIDError(value)


def is_notion_id(value: str) -> bool:
    """Tell whether `value` holds an id that `notion_id` would return."""
    try:
        notion_id(value)
    except InvalidIDError:
        return False
    return True


def _from_link(link: str) -> str | None:
    rest = link.partition("://")[2]
    rest, _, fragment = rest.partition("#")
    rest, _, query = rest.partition("?")
    host, _, path = rest.partition("/")
    if not ("." + host.partition(":")[0]).endswith(_HOSTS):
        return None
    if _HEX32.fullmatch(fragment) or _CANONICAL.fullmatch(fragment):
        return fragment
    for pair in query.split("&"):
        name, _, argument = pair.partition("=")
        if name == "p" and (_HEX32.fullmatch(argument) or _CANONICAL.fullmatch(argument)):
            return argument
    match = _AT_END_OF_PATH.search(path)
    return match.group(1) if match else None


def _dashed(text: str) -> str:
    digits = text.replace("-", "")
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
