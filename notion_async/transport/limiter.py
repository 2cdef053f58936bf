"""The request budget: who may send now, and who waits in which order."""

from __future__ import annotations

import asyncio
import enum
import heapq
import itertools
import math
from collections import deque
from typing import Protocol, TypeAlias

from notion_async.errors import ConfigurationError
from notion_async.transport.clock import Clock, SystemClock


class Priority(enum.IntEnum):
    """The lane a request waits in.  Every waiter of a lower number goes first."""

    INTERACTIVE = 0
    BULK = 1


class Permit(Protocol):
    """The right to send one request."""

    def release(self, *, sent: bool = True) -> None:
        """Give the slot back; a second time does nothing.

        Args:
            sent: Whether anything may have left this machine.  What was not sent costs nothing.
        """
        ...


class Limiter(Protocol):
    """What the pipeline asks before each request."""

    async def acquire(
        self, priority: Priority = Priority.INTERACTIVE, *, within: float | None = None
    ) -> Permit:
        """Wait for the right to send one request.  The caller releases the permit.

        Raises:
            TimeoutError: There was none within so many seconds.
        """
        ...

    @property
    def waiting(self) -> int:
        """How many callers wait."""
        ...

    @property
    def in_flight(self) -> int:
        """How many permits are out."""
        ...

    def next_free_in(self) -> float:
        """Estimate the seconds until a new caller's turn, as far as the budget decides."""
        ...


# The place of a caller in its lane: gets a permit, or None when time is up.
_Waiter: TypeAlias = "asyncio.Future[_Permit | None]"


class TokenBucket:
    """At most `budget` requests in any `per` seconds, as the server counts them.

    Notion counts a request when it arrives, which is somewhere between our sending it and its
    end.  So a token is gone while its request is under way and comes back `per` seconds after
    the end.  Two requests paid with one token then arrive more than `per` apart, whatever the
    latency and wherever the server's window begins.  The whole budget may go in one burst.

    Waiters are served in order within a lane.  An instance belongs to one event loop at a
    time; it moves on to another when that has ended.

    Args:
        budget: Requests per window.
        per: Seconds the window has.
        max_in_flight: How many requests may be under way at once.
        margin: Seconds added to `per`, for clocks that disagree a little.
        clock: Where time comes from.
    """

    def __init__(
        self,
        budget: int = 180,
        per: float = 60.0,
        *,
        max_in_flight: int = 8,
        margin: float = 0.05,
        clock: Clock | None = None,
    ) -> None:
        if budget < 1 or max_in_flight < 1 or not per > 0 or not margin >= 0:
            raise ConfigurationError("budget, per and max_in_flight have to be above zero")
        self._budget = budget
        self._hold = per + margin
        self._max_in_flight = max_in_flight
        self._clock: Clock = SystemClock() if clock is None else clock
        self._out: set[_Permit] = set()
        self._returns: deque[float] = deque()  # when spent tokens come back; ascending
        self._lanes: tuple[deque[_Waiter], ...] = tuple(deque() for _ in Priority)
        self._expiries: list[tuple[float, int, _Waiter]] = []
        self._order = itertools.count()
        self._waiting = 0
        self._timer: asyncio.Task[None] | None = None
        self._timer_at = math.inf
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def budget(self) -> int:
        """Requests per window.  May be changed at any time."""
        return self._budget

    @budget.setter
    def budget(self, value: int) -> None:
        if value < 1:
            raise ConfigurationError("a budget has to be above zero")
        self._budget = value
        self._dispatch()

    @property
    def waiting(self) -> int:
        """How many callers wait."""
        return self._waiting

    @property
    def in_flight(self) -> int:
        """How many permits are out."""
        return len(self._out)

    @property
    def available(self) -> int:
        """How many tokens are left of the budget now."""
        self._collect()
        return max(0, self._budget - len(self._returns) - len(self._out))

    def next_free_in(self) -> float:
        """Estimate the seconds until a new caller's turn, as far as the budget decides."""
        ahead = self._waiting - self.available
        if ahead < 0:
            return 0.0
        rounds, place = divmod(ahead, self._budget)
        now = self._clock.now()
        back = self._returns[place] if place < len(self._returns) else now + self._hold
        return back - now + rounds * self._hold

    async def acquire(
        self, priority: Priority = Priority.INTERACTIVE, *, within: float | None = None
    ) -> Permit:
        """Wait for a token and a free place in flight.  The caller releases the permit.

        Raises:
            TimeoutError: There was none within so many seconds.
            ConfigurationError: Another event loop that still runs uses this limiter.
        """
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._move_to(loop)
        if not self._waiting and self._free():
            permit = _Permit(self)
            self._out.add(permit)
            return permit
        return await self._queue(loop, priority, within)

    async def _queue(
        self, loop: asyncio.AbstractEventLoop, priority: Priority, within: float | None
    ) -> Permit:
        waiter: _Waiter = loop.create_future()
        self._lanes[priority].append(waiter)
        self._waiting += 1
        if within is not None:
            expires = self._clock.now() + max(0.0, within)
            heapq.heappush(self._expiries, (expires, next(self._order), waiter))
        self._dispatch()
        try:
            permit = await waiter
        except asyncio.CancelledError:
            if waiter.cancelled():
                self._waiting -= 1
            elif (unused := waiter.result()) is not None:
                unused.release(sent=False)  # it came in the same turn: hand it on
            self._dispatch()
            raise
        if permit is None:
            raise TimeoutError(f"no free slot within {within:g} s")
        return permit

    def _release(self, permit: _Permit, *, sent: bool) -> None:
        if permit not in self._out:  # released before, or left behind with an ended loop
            return
        self._out.remove(permit)
        if sent:
            self._returns.append(self._clock.now() + self._hold)
        if self._waiting:
            self._dispatch()

    def _free(self) -> bool:
        if len(self._out) >= self._max_in_flight:
            return False
        if len(self._returns) + len(self._out) < self._budget:
            return True
        self._collect()
        return len(self._returns) + len(self._out) < self._budget

    def _collect(self) -> None:
        now = self._clock.now()
        returns = self._returns
        while returns and returns[0] <= now:
            returns.popleft()

    def _dispatch(self) -> None:
        """Serve whoever can be served, and set the timer for the next change."""
        for lane in self._lanes:
            while lane:
                if lane[0].done():  # cancelled or expired
                    lane.popleft()
                elif self._free():
                    permit = _Permit(self)
                    self._out.add(permit)
                    self._waiting -= 1
                    lane.popleft().set_result(permit)
                else:
                    break
        self._expire()
        self._set_timer()

    def _expire(self) -> None:
        now = self._clock.now()
        while self._expiries:
            expires, _, waiter = self._expiries[0]
            if not waiter.done():
                if expires > now:
                    break
                self._waiting -= 1
                waiter.set_result(None)
            heapq.heappop(self._expiries)
        if len(self._expiries) > 2 * self._waiting + 64:  # mostly of those who were served
            self._expiries = [entry for entry in self._expiries if not entry[2].done()]
            heapq.heapify(self._expiries)

    def _set_timer(self) -> None:
        at = math.inf
        if self._waiting:
            if self._expiries:
                at = self._expiries[0][0]
            # With no place in flight, or every token under way, a release comes first.
            if len(self._out) < self._max_in_flight and self._returns:
                at = min(at, self._returns[0])
        timer = self._timer
        if at == self._timer_at and (timer is None or not timer.done()):  # nobody ended it
            return
        if timer is not None:
            timer.cancel()
            self._timer = None
        self._timer_at = at
        if at < math.inf and self._loop is not None:
            self._timer = self._loop.create_task(self._wake(at))

    async def _wake(self, at: float) -> None:
        await self._clock.sleep(at - self._clock.now())
        self._timer, self._timer_at = None, math.inf
        self._dispatch()

    def _move_to(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._loop is not None and self._loop.is_running():
            raise ConfigurationError(
                "one limiter cannot serve two running event loops: make one client for each"
            )
        # Whatever waited or was under way went down with the other loop; what was under way
        # may have been counted.
        self._returns.extend([self._clock.now() + self._hold] * len(self._out))
        self._out.clear()
        for lane in self._lanes:
            lane.clear()
        self._expiries.clear()
        self._waiting = 0
        self._timer, self._timer_at = None, math.inf
        self._loop = loop


class _Permit:
    """One token, under way."""

    __slots__ = ("_bucket",)

    def __init__(self, bucket: TokenBucket) -> None:
        self._bucket = bucket

    def release(self, *, sent: bool = True) -> None:
        """Give the slot back; a second time does nothing."""
        self._bucket._release(self, sent=sent)
