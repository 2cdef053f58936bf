"""Connections: who sends a request, what the sender may do, and what it was given to see.

Notion: https://developers.notion.com/guides/get-started/authorization
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from datetime import datetime

import attrs

from notion_async.errors import ConfigurationError
from notion_async.ids import notion_id
from notion_async.testing.capabilities import ALL, Capabilities
from notion_async.testing.limits import Budget
from notion_async.testing.records import Record


class Share:
    """Pages and databases that a connection was given, with all that is below them.

    Args:
        roots: Their ids.
    """

    def __init__(self, roots: Iterable[str]) -> None:
        self._roots = {notion_id(root) for root in roots}
        self._known: dict[str, bool] = {}
        self._generation = -1

    def add(self, identity: str) -> None:
        """Give one more."""
        self._roots.add(notion_id(identity))
        self._known.clear()

    def remove(self, identity: str) -> None:
        """Take one back."""
        self._roots.discard(notion_id(identity))
        self._known.clear()

    def holds(self, identity: str, above: Callable[[str], str], generation: int) -> bool:
        """Tell whether an object is one of them, or below one.

        Args:
            identity: The object.
            above: Returns the id of the parent, empty where there is none.
            generation: How old the tree is: what was found of another one is forgotten.
        """
        if generation != self._generation:
            self._known.clear()
            self._generation = generation
        path: list[str] = []
        answer = False
        while identity:
            if identity in self._known:
                answer = self._known[identity]
                break
            path.append(identity)
            # Until it is known better: recordings may hold a parent that is its own descendant.
            self._known[identity] = False
            if identity in self._roots:
                answer = True
                break
            identity = above(identity)
        for passed in path:
            self._known[passed] = answer
        return answer


class SharedTable(MutableMapping[str, Record]):
    """The part of a table that a connection sees."""

    def __init__(self, table: dict[str, Record], sees: Callable[[Record], bool]) -> None:
        self._table = table
        self._sees = sees

    def __getitem__(self, identity: str) -> Record:
        record = self._table[identity]
        if not self._sees(record):
            raise KeyError(identity)
        return record

    def __setitem__(self, identity: str, record: Record) -> None:
        self._table[identity] = record

    def __delitem__(self, identity: str) -> None:
        del self._table[identity]

    def __iter__(self) -> Iterator[str]:
        return (identity for identity, record in self._table.items() if self._sees(record))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@attrs.define(eq=False)
class Connection:
    """A token of the emulator's workspace, and the bot that acts for it.

    Attributes:
        name: What it is called, as are its bot and its entries in the log.
        token: What requests are sent with.  A refresh token replaces it.
        capabilities: What it may do.
        budget: Its requests.
        bot: Who acts for it; None for the bot of the workspace that was loaded.
        expires: From when on the token is no longer accepted.
    """

    name: str
    token: str = attrs.field(repr=False)
    budget: Budget = attrs.field(repr=False)
    capabilities: Capabilities = ALL
    bot: Record | None = attrs.field(default=None, repr=False)
    expires: datetime | None = None
    shared: Share | None = attrs.field(default=None, repr=False)
    """What it sees; None for everything."""

    @property
    def bot_id(self) -> str:
        """The id of its bot, which is the author of what it writes."""
        return "" if self.bot is None else self.bot.id

    def share(self, *pages: str) -> None:
        """Let it see pages or databases, by id, with all that is below them.

        One that sees everything, because it was made without `pages`, sees no more for it.
        """
        for page in pages:
            if self.shared is not None:
                self.shared.add(page)

    def unshare(self, *pages: str) -> None:
        """Take back pages or databases that it was given.

        Raises:
            ConfigurationError: It was given everything.
        """
        if self.shared is None:
            raise ConfigurationError(
                f"{self.name} sees everything: make it with pages=[…] to share pages one by one"
            )
        for page in pages:
            self.shared.remove(page)
