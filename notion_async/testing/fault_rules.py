"""Which requests go wrong, and how often: rules that a test gives, in Python or over HTTP."""

from __future__ import annotations

import random
from fnmatch import fnmatchcase
from typing import Final

import attrs

from notion_async.testing.faults import Fault, FaultRequest

_MOST: Final = 100
"""How many items a listing has where nobody says it."""


@attrs.frozen
class FaultRule:
    """What goes wrong with some of the requests.

    Attributes:
        fault: What they are answered with.
        endpoint: Whose: a name as ``pages.create``, or a pattern as ``blocks.*``.
        times: How often it happens at most; None for ever.
        share: With how many of them it happens, from 0 to 1.
        larger_than: Only where more items than this are asked for at once.
        with_cursor: Only where a listing is gone on with.
    """

    fault: Fault
    endpoint: str = "*"
    times: int | None = None
    share: float = 1.0
    larger_than: int | None = None
    with_cursor: bool = False

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.share <= 1 or (self.times is not None and self.times < 1):
            raise ValueError("a share is from 0 to 1, and a number of times at least 1")

    def concerns(self, request: FaultRequest) -> bool:
        """Tell whether it is about such a request."""
        if not fnmatchcase(request.endpoint, self.endpoint):
            return False
        if self.with_cursor and request.field("start_cursor") is None:
            return False
        if self.larger_than is None:
            return True
        size = str(request.field("page_size"))
        return (int(size) if size.isdecimal() else _MOST) > self.larger_than


@attrs.define
class _Standing:
    rule: FaultRule
    left: int | None


class FaultRules:
    """The rules that hold now, in the order in which they were given; the first one counts.

    Args:
        seed: Of the dice that a `share` is thrown by: the same seed, the same requests.
    """

    def __init__(self, seed: int = 0) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - to be repeatable
        self._standing: list[_Standing] = []

    @property
    def rules(self) -> tuple[FaultRule, ...]:
        """Those that hold."""
        return tuple(one.rule for one in self._standing)

    def add(self, rule: FaultRule) -> None:
        """Let a rule hold from now on."""
        self._standing.append(_Standing(rule, rule.times))

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._standing.clear()

    def __call__(self, request: FaultRequest) -> Fault | None:
        """Return what goes wrong with a request; None: nothing."""
        for one in self._standing:
            rule = one.rule
            if rule.concerns(request) and (rule.share == 1 or self._dice.random() < rule.share):
                if one.left is not None:
                    one.left -= 1
                    if one.left == 0:
                        self._standing.remove(one)
                return rule.fault
        return None
