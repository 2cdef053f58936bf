"""A Notion id, from whatever people have at hand: dashed, not dashed, or a link."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from notion_async.errors import InvalidIDError

_CANONICAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HEX32 = re.compile(r"[0-9a-f]{32}")
# Notion ends the path of a link with the id, after the title: …/My-page-0123…cdef
_AT_END_OF_PATH = re.compile(
    r"(?:^|[/-])([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?\Z"
)
_HOSTS = (".notion.so", ".notion.com", ".notion.site")
_SCHEMES = ("https://", "http://", "notion://")


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
    if found := _id(text):
        return found
    if text.startswith(_SCHEMES) and (link := _Link.read(text)):
        found = link.fragment or link.query.get("p") or link.path
        if found:
            return found
    raise InvalidIDError(value)


def is_notion_id(value: str) -> bool:
    """Tell whether `value` holds an id that `notion_id` would return."""
    try:
        notion_id(value)
    except InvalidIDError:
        return False
    return True


def extract_notion_id(url_or_id: str) -> str | None:
    """Return the id in a link, or in an id, in Notion's form; None where there is none.

    As the official clients do it: a link names a page, database or view, not a block in it, and
    may lack its beginning, as those in rich text do.  `notion_id` is stricter.

    Args:
        url_or_id: A UUID with or without dashes, or a link.  ``?p=`` names the page that is
            opened over a database and wins; the fragment and ``?v=`` are passed over.
    """
    link = _Link.read(url_or_id)
    return link and (link.shown or link.path)


def extract_page_id(page_url: str) -> str | None:
    """Return the id in the link of a page, as `extract_notion_id`."""
    return extract_notion_id(page_url)


def extract_database_id(database_url: str) -> str | None:
    """Return the id in the link of a database; where a page is opened over it, not the page's.

    None where there is none.
    """
    link = _Link.read(database_url)
    return link and (link.path or link.shown)


def extract_block_id(url_or_id: str) -> str | None:
    """Return the id of the block that a link leads to by its fragment, as ``#…``.

    Without one, as `extract_notion_id`.
    """
    link = _Link.read(url_or_id)
    return link and (link.fragment or extract_notion_id(url_or_id))


class _Link(NamedTuple):
    """The ids in a link, by where they stand."""

    path: str | None
    query: Mapping[str, str]
    fragment: str | None

    @classmethod
    def read(cls, text: object) -> _Link | None:
        """Take a link apart, or what is left of one; None where it is not Notion's."""
        if not isinstance(text, str):
            return None
        rest, _, fragment = text.strip().lower().partition("#")
        rest, _, query = rest.partition("?")
        _, absolute, path = rest.partition("://")
        if absolute and not rest.startswith(_SCHEMES):
            return None
        host, _, path = (path if absolute else rest).partition("/")
        if not absolute and "." not in host:  # begins with its path
            path = rest
        elif not ("." + host.partition(":")[0]).endswith(_HOSTS):
            return None
        at_end = _AT_END_OF_PATH.search(path)
        named: dict[str, str] = {}
        for pair in query.split("&"):
            name, _, argument = pair.partition("=")
            if found := _id(argument):
                named.setdefault(name, found)
        return cls(
            path=_dashed(at_end[1]) if at_end else None,
            query=named,
            fragment=_id(fragment.removeprefix("block-")),
        )

    @property
    def shown(self) -> str | None:
        """What is shown by the query, in the place of what the path names."""
        found = (self.query.get(name) for name in ("p", "page_id", "database_id"))
        return next(filter(None, found), None)


def _id(text: str) -> str | None:
    return _dashed(text) if _HEX32.fullmatch(text) or _CANONICAL.fullmatch(text) else None


def _dashed(text: str) -> str:
    digits = text.replace("-", "")
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
