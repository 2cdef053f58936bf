"""One request, taken apart, as handlers see it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final, TypeAlias, TypeVar
from urllib.parse import unquote

import attrs

from notion_async.endpoints import Endpoint
from notion_async.testing.authorizations import PublicConnection
from notion_async.testing.checks import Decoded, a_number, a_string, failed, invalid, known_fields
from notion_async.testing.connections import Connection
from notion_async.testing.paging import page_of
from notion_async.testing.records import PREVIOUS
from notion_async.testing.results import Results
from notion_async.testing.store import Store
from notion_async.types import UNSET

T = TypeVar("T")

PAGING: Final = ("start_cursor", "page_size")
_FILTER_PROPERTIES: Final = ("filter_properties", "filter_properties[]")
_MOST = 100


@attrs.define
class Call:
    """A request that passed the doors: who sent it may, and its address and ids are right."""

    store: Store
    results: Results
    endpoint: Endpoint
    ids: dict[str, str]
    query: dict[str, list[str]]
    body: Decoded
    version: str
    base_url: str
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    raw: bytes = attrs.field(default=b"", repr=False)
    """The body as it came: `body` is empty where that is no JSON."""
    connection: Connection | None = attrs.field(default=None, repr=False)
    """Who sent it; None where it is a public connection that has no token yet."""
    client: PublicConnection | None = attrs.field(default=None, repr=False)
    """That one."""

    @property
    def previous(self) -> bool:
        """Whether version 2025-09-03 is spoken."""
        return self.version == PREVIOUS

    @property
    def target(self) -> str:
        """The first id in the path; empty where there is none."""
        return next(iter(self.ids.values()), "")

    def allow(
        self,
        *,
        query: Collection[str] = (),
        body: Collection[str] = (),
        elsewhere: Collection[str] = (),
    ) -> None:
        """Refuse parameters other than these; `elsewhere` are those that only Notion has."""
        given = {name: values[-1] for name, values in self.query.items()}
        known_fields(given, "query", query)
        known_fields(self.body, "body", body, elsewhere=elsewhere)

    def page_of(
        self, items: Sequence[T], *, key: Callable[[T], str], scope: str = ""
    ) -> tuple[Sequence[T], str | None]:
        """Return the page of `items` that was asked for, and the cursor of the next one.

        Args:
            items: Everything there is.
            key: What an item is known by.
            scope: What else than the path and the ids in it decides which items there are.
        """
        cursor, size = self.paging()
        return page_of(items, key=key, scope=self.scope(scope), cursor=cursor, size=size)

    def scope(self, further: str) -> str:
        """Return what a cursor of this listing is good for."""
        expired = str(self.results.expired)
        return " ".join((self.endpoint.name, *self.ids.values(), expired, further))

    def filter_properties(self) -> list[str]:
        """Return the names and ids of the properties asked for; none means all of them."""
        return [
            unquote(value) for name in _FILTER_PROPERTIES for value in self.query.get(name, ())
        ]

    def paging(self) -> tuple[str | None, int]:
        """Return the cursor, None at the beginning, and how many are asked for."""
        if self.endpoint.method == "GET":
            where = "query"
            cursor: object = self.query.get("start_cursor", [None])[-1]
            size = _integer(self.query.get("page_size", [str(_MOST)])[-1])
        else:
            where = "body"
            cursor, size = self.body.get("start_cursor"), self.body.get("page_size", _MOST)
        if cursor is not None:
            a_string(cursor, f"{where}.start_cursor")
        number = a_number(size, f"{where}.page_size")
        if number > _MOST:
            raise failed(f"{where}.page_size", f"≤ `{_MOST}`", size)
        if number < 1 or number != int(number):
            raise failed(f"{where}.page_size", "≥ `1`", size)
        return (None if cursor is None else str(cursor)), int(number)


@attrs.frozen
class Reply:
    """What goes back where that is more than an object with status 200.

    Attributes:
        body: The JSON of an object; empty for a stream.
        status: The HTTP status.
        events: What is sent piece by piece, as a stream of events.
        bare: Whether it goes without the id of its request, as one of Notion's answers does.
    """

    body: bytes
    status: int = 200
    events: Iterable[bytes] | None = None
    bare: bool = False


Handler: TypeAlias = Callable[[Call], bytes | Reply]
"""Answers a call with the JSON of an object, or raises the refusal."""


def _integer(text: str) -> object:
    return int(text) if text.isascii() and text.isdigit() else text


def required(call: Call, name: str) -> str:
    """Return a parameter of the query that must be there."""
    values = call.query.get(name)
    if not values:
        raise failed(f"query.{name}", "defined", UNSET)
    return values[-1]


def exactly_one(body: Decoded, names: Sequence[str]) -> str:
    """Return which one of these fields is there; there must be one, and no second."""
    given = [name for name in names if name in body]
    if len(given) != 1:
        # Notion lists each field under "Fix one:"; the words after it follow its pattern.
        fixes = "\n".join(
            f"body.{name} should be defined, instead was `undefined`." for name in names
        )
        raise invalid(f"body failed validation. Fix one:\n{fixes}")
    return given[0]
