"""Which rows have been yielded, in little memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Final

_LEAST: Final = 1 << 10
_HALF: Final = 1 << 64
# Ids may begin alike: they are spread by a number with many different bits.
_SPREAD: Final = 0x9E3779B97F4A7C15


class Ids:
    """A set of ids with 16 bytes for each place: a set of strings takes ten times that.

    Nothing is guessed: ids are held whole.
    """

    __slots__ = ("_count", "_high", "_low", "_others", "_size")

    def __init__(self) -> None:
        self._others: set[str] = set()  # those that are no UUIDs
        self._empty(_LEAST)

    def add(self, id: str) -> bool:
        """Take in an id; return whether it is new."""
        try:
            high, low = divmod(int(id.replace("-", ""), 16), _HALF)
        except ValueError:
            high = low = 0
        if not 0 < high < _HALF:
            new = id not in self._others
            self._others.add(id)
            return new
        if self._count * 3 >= self._size * 2:
            self._grow()
        new = self._put(high, low)
        self._count += new
        return new

    def keep(self, ids: Iterable[str]) -> None:
        """Forget all ids but these."""
        self._others.clear()
        self._empty(_LEAST)
        for id in ids:
            self.add(id)

    def __len__(self) -> int:
        return self._count + len(self._others)

    def _empty(self, size: int) -> None:
        self._size, self._count = size, 0
        self._high = array("Q", bytes(8 * size))
        self._low = array("Q", bytes(8 * size))

    def _put(self, high: int, low: int) -> bool:
        highs, lows, mask = self._high, self._low, self._size - 1
        place = ((high ^ low) * _SPREAD >> 20) & mask
        while found := highs[place]:
            if found == high and lows[place] == low:
                return False
            place = (place + 1) & mask
        highs[place], lows[place] = high, low
        return True

    def _grow(self) -> None:
        highs, lows, count = self._high, self._low, self._count
        self._empty(self._size * 2)
        for high, low in zip(highs, lows, strict=True):
            if high:
                self._put(high, low)
        self._count = count
