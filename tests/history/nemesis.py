"""Which requests go wrong, and how: by the seed and by the request, not by the order.

Two at work: one at the socket, and one inside of the emulator, for what only Notion itself can
say, as that a write was saved too late.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from random import Random
from typing import Final

from notion_async.testing import SAVED_BUT_LATE, FaultRequest
from notion_async.testing import Fault as WrongAnswer
from tests.faults.nemesis import ALL, SLOW, Seeded
from tests.faults.server import Arrived, Fault

_OVERLOAD: Final = WrongAnswer(529, "service_overload", "Please try again later.")
_UNAVAILABLE: Final = WrongAnswer(503, "service_unavailable", "Try again.", done=True)
_WRONG: Final = (SAVED_BUT_LATE, SAVED_BUT_LATE, SAVED_BUT_LATE, _UNAVAILABLE, _OVERLOAD)
# Each costs the whole timeout: a few of them do.
_MOSTLY: Final = {name: make for name, make in ALL.items() if name not in SLOW}
_SLOWLY: Final = 0.05


class Nemesis:
    """Strikes requests at a rate.

    Args:
        seed: The same seed strikes the same request in the same way.
        rate: How many of the requests are struck.

    Attributes:
        over: Set it, and nothing is struck any more.
    """

    def __init__(self, seed: int, rate: float = 0.2) -> None:
        self.over = False
        self._seed = seed
        self._at_socket = rate * 0.8
        self._inside = rate - self._at_socket
        self._seen: Counter[Hashable] = Counter()

    def at_socket(self, request: Arrived | None) -> Fault | None:
        """Choose what befalls a request, of which the head is known, or a connection."""
        if self.over:
            return None
        if request is None:
            return Seeded(self._dice("connection"), 0.0, connections=0.02)(None)
        size = request.headers.get("content-length", "0")
        dice = self._dice("socket", request.method, request.target, size)
        faults = SLOW if dice.random() < _SLOWLY else _MOSTLY
        return Seeded(dice, self._at_socket, faults)(request)

    def inside(self, request: FaultRequest) -> WrongAnswer | None:
        """Choose what the emulator answers."""
        dice = self._dice("inside", request.method, request.path, request.body)
        if self.over or dice.random() >= self._inside:
            return None
        return dice.choice(_WRONG)

    def _dice(self, *what: Hashable) -> Random:
        self._seen[what] += 1
        return Random(f"{self._seed} {what} {self._seen[what]}")  # noqa: S311 - to be repeatable
