"""What a connection remembers to tell its own writes from those of others."""

from __future__ import annotations

import itertools
import math
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

LOOKED_BACK: Final = 180.0
"""Seconds before a call from which it is told what was written.

Blocks carry the minute of their creation, so that a call looks back a minute from its begin; the
rest is for answers and clocks that are late.
"""
EVERYWHERE: Final = ""
"""The parent of blocks that may go into any."""
_MOST: Final = 1000
_MOST_PAGES: Final = 5000


@attrs.frozen(eq=False)
class Appending:
    """An append that is under way."""

    parent: str
    begun: float
    place: int
    """Where its begin stands among all begins and ends: times may be equal."""


@attrs.frozen
class _Done:
    parent: str
    ended: float
    place: int
    ids: tuple[str, ...] | None
    """The blocks that it made; None where that is not known."""
    within: Mapping[str, int | None]
    """How many blocks were made in those that are not empty; None where that is not known."""


@attrs.define
class Memory:
    """Who this connection is, and which blocks it has appended in the last minutes.

    Clients in several threads may share it.
    """

    bot_id: str | None = None
    """What Notion calls this connection; None where nobody has asked yet."""
    _under_way: set[Appending] = attrs.field(factory=set, init=False)
    _done: deque[_Done] = attrs.field(factory=deque, init=False)
    _places: Iterator[int] = attrs.field(factory=itertools.count, init=False, repr=False)
    _forgotten: float = attrs.field(default=-math.inf, init=False)
    """When the last append ended that had to be forgotten before its time."""
    _pages: dict[str, int | None] = attrs.field(factory=dict, init=False, repr=False)
    """How many blocks the pages were created with; None where that is not known."""
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False, repr=False, eq=False)

    def begin(self, parent: str, *, now: float) -> Appending:
        """Note that blocks are being appended to a block or page; or `EVERYWHERE`."""
        appending = Appending(parent, now, next(self._places))
        with self._lock:
            self._under_way.add(appending)
        return appending

    def end(
        self,
        appending: Appending,
        ids: Sequence[str] | None,
        *,
        now: float,
        within: Mapping[str, int | None] | None = None,
    ) -> None:
        """Note how it ended.

        Args:
            appending: What `begin` returned.
            ids: The blocks that it made; None where that is not known.
            now: When.
            within: How many blocks came with each of them; None for one where that is not known.
                None at all: all are empty.
        """
        made = None if ids is None else tuple(ids)
        with self._lock:
            begun = min(one.begun for one in self._under_way)
            self._under_way.remove(appending)
            while self._done and self._done[0].ended < begun - LOOKED_BACK:
                self._done.popleft()
            if len(self._done) >= _MOST:
                self._forgotten = self._done.popleft().ended
            place = next(self._places)
            self._done.append(_Done(appending.parent, now, place, made, within or {}))

    def created(self, page: str, blocks: int | None) -> None:
        """Note how many blocks a page was created with; None where that is not known."""
        with self._lock:
            if len(self._pages) >= _MOST_PAGES:
                del self._pages[next(iter(self._pages))]
            self._pages[page] = blocks

    def is_alone(self, appending: Appending) -> bool:
        """Tell whether new blocks in that parent could come from no other append from here."""
        since = appending.begun - LOOKED_BACK
        parents = (appending.parent, EVERYWHERE)
        with self._lock:
            if self._forgotten >= since:
                return False
            under_way = any(
                one.parent in parents for one in self._under_way if one is not appending
            )
            return not under_way and all(
                one.ids is not None and one.place < appending.place
                for one in self._done
                if one.parent in parents and one.ended >= since
            )

    def appended(self, parent: str) -> frozenset[str]:
        """Return the blocks that are known to have been appended from here, not long ago."""
        with self._lock:
            return frozenset(
                identity
                for one in self._done
                if one.parent == parent and one.ids is not None
                for identity in one.ids
            )

    def made_with(self, parent: str) -> int | None:
        """Return how many blocks a page or block of the last minutes was made with.

        None where that is not known.
        """
        with self._lock:
            if parent in self._pages:
                return self._pages[parent]
            for one in self._done:
                if one.ids is not None and parent in one.ids:
                    return one.within.get(parent, 0)
            return None
