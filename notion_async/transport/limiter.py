"""The request budget: who may send now, and who waits in which order."""

from __future__ import annotations

import asyncio
import enum
import heapq
import itertools
import math
import threading
from collections import deque
from typing import Final, Protocol, TypeAlias

from notion_async.errors import ConfigurationError
from notion_async.transport.clock import Clock, SystemClock
from notion_async.transport.learning import Learner
from notion_async.transport.loops import call_in


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

    def refused(self, reason: str | None) -> None:
        """Note that Notion refused a request for want of budget.

        Args:
            reason: Its ``rate_limit_reason``; None where it gave none.
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

_OF_THE_CONNECTION: Final = (None, "public_api_request_rate_limit")
# Of so many tokens one is kept from bulk work, so that a user need not wait for the next window.
_ONE_KEPT_OF: Final = 90


class TokenBucket:
    """At most `budget` requests in any `per` seconds, as the server counts them.

    Notion counts a request when it arrives, which is somewhere between our sending it and its
    end.  So a token is gone while its request is under way and comes back `per` seconds after
    the end.  Two requests paid with one token then arrive more than `per` apart, whatever the
    latency and wherever the server's window begins.  The whole budget may go in one burst.

    Waiters are served in order within a lane, and bulk work leaves a little of the budget to
    interactive calls.  An instance may be shared by event loops in several threads.

    Args:
        budget: Requests per window.
        per: Seconds the window has.
        most: Up to so many are tried, one beyond the other, where `budget` is not enough for a
            whole window; None for no more than `budget`.
        max_in_flight: How many requests may be under way at once.  It is halved when Notion says
            that the workspace or the endpoint is overrun, and grows again by one per window.
        margin: Seconds added to `per`, for clocks that disagree a little.
        clock: Where time comes from.
    """

    def __init__(
        self,
        budget: int = 180,
        per: float = 60.0,
        *,
        most: int | None = None,
        max_in_flight: int = 8,
        margin: float = 0.05,
        clock: Clock | None = None,
    ) -> None:
        if budget < 1 or max_in_flight < 1 or not per > 0 or not margin >= 0:
            raise ConfigurationError("budget, per and max_in_flight have to be above zero")
        if most is not None and most < budget:
            raise ConfigurationError(f"most is no less than the budget of {budget}, not {most}")
        self._hold = per + margin
        self._learner = Learner(budget, budget if most is None else most, self._hold)
        self._max_in_flight = self._places = max_in_flight
        self._places_since = 0.0
        self._clock: Clock = SystemClock() if clock is None else clock
        self._lock = threading.RLock()
        self._out = 0
        self._returns: deque[float] = deque()  # when spent tokens come back; ascending
        self._queues: dict[asyncio.AbstractEventLoop, _Queue] = {}
        self._latest: _Queue | None = None  # mostly there is one

    @property
    def budget(self) -> int:
        """Requests per window, as far as is known.  May be changed at any time."""
        return self._learner.known

    @budget.setter
    def budget(self, value: int) -> None:
        if value < 1:
            raise ConfigurationError("a budget has to be above zero")
        self._learner = Learner(value, value, self._hold)
        self._call_all()

    @property
    def waiting(self) -> int:
        """How many callers wait."""
        return sum(queue.waiting for queue in tuple(self._queues.values()))

    @property
    def in_flight(self) -> int:
        """How many permits are out."""
        return self._out

    @property
    def available(self) -> int:
        """How many tokens are left of the budget now."""
        with self._lock:
            self._collect()
            return max(0, self.budget - self._spent())

    def next_free_in(self) -> float:
        """Estimate the seconds until a new caller's turn, as far as the budget decides."""
        ahead = self.waiting - self.available
        if ahead < 0:
            return 0.0
        rounds, place = divmod(ahead, self.budget)
        now = self._clock.now()
        back = self._returns[place] if place < len(self._returns) else now + self._hold
        return back - now + rounds * self._hold

    async def acquire(
        self, priority: Priority = Priority.INTERACTIVE, *, within: float | None = None
    ) -> Permit:
        """Wait for a token and a free place in flight.  The caller releases the permit.

        Raises:
            TimeoutError: There was none within so many seconds.
        """
        loop = asyncio.get_running_loop()
        queue = self._latest
        if queue is None or queue.loop is not loop:
            queue = self._latest = self._queue_of(loop)
        if not queue.waiting:
            permit = self._take(queue, priority)
            if permit is not None:
                return permit
        return await queue.wait(priority, within)

    def refused(self, reason: str | None) -> None:
        """Note that Notion refused a request for want of budget."""
        now = self._clock.now()
        with self._lock:
            if reason in _OF_THE_CONNECTION:
                self._learner.refused(now)
            elif now - self._places_since > 1.0 or self._places == self._max_in_flight:
                # Not once for each of those that were under way together.
                self._places = max(1, self._places // 2)
                self._places_since = now

    def _take(self, queue: _Queue, priority: Priority) -> _Permit | None:
        """Return a permit, if there is one for this caller now."""
        with self._lock:
            if self._out >= self._places and not self._place_regained():
                return None
            if len(self._queues) > 1 and not self._is_turn_of(queue):
                return None
            known = self._learner.known
            kept = 0 if priority is Priority.INTERACTIVE else known // _ONE_KEPT_OF
            if self._spent() >= known - kept:
                self._collect()
            trying = self._spent() >= known - kept
            if trying:
                now = self._clock.now()
                # Of what is tried as much is kept: else bulk work alone would never try.
                if not self._learner.may_try(self._spent() + kept, now):
                    self._learner.short(now)
                    return None
                self._learner.trying(now)
            self._out += 1
            queue.out += 1
            return _Permit(self, queue, trying=trying)

    def _release(self, permit: _Permit, *, sent: bool) -> None:
        queue = permit.queue
        with self._lock:
            if permit.over:
                return
            permit.over = True
            now = self._clock.now()
            if queue.out:  # else it was written off: its loop had ended
                queue.out -= 1
                self._out -= 1
                if sent:
                    self._returns.append(now + self._hold)
            if permit.trying:
                self._learner.tried(self._spent(), now, sent=sent)
        if queue.waiting:
            queue.serve_from_anywhere()
        if len(self._queues) > 1:
            self._call_all(but=queue)

    def _spent(self) -> int:
        return len(self._returns) + self._out

    def _collect(self) -> None:
        now = self._clock.now()
        returns = self._returns
        while returns and returns[0] <= now:
            returns.popleft()

    def _place_regained(self) -> bool:
        while self._places < self._max_in_flight:
            if self._clock.now() - self._places_since < self._hold:
                break
            self._places += 1
            self._places_since += self._hold
        return self._out < self._places

    def _is_turn_of(self, queue: _Queue) -> bool:
        """Tell whether it leaves a place to other loops where somebody waits."""
        waiting = [each for each in self._queues.values() if each.waiting and each is not queue]
        alive = 1 + sum(each.loop.is_running() for each in waiting)
        return queue.out < math.ceil(self._places / alive)

    def _next_return(self) -> float:
        """When a token comes back, if there is a place for who takes it."""
        with self._lock:
            self._collect()
            # With no place in flight, or every token under way, a release comes first.
            free = self._out < self._places and self._returns
            return self._returns[0] if free else math.inf

    def _call_all(self, *, but: _Queue | None = None) -> None:
        for queue in tuple(self._queues.values()):
            if queue.waiting and queue is not but:
                queue.serve_from_anywhere()

    def _queue_of(self, loop: asyncio.AbstractEventLoop) -> _Queue:
        with self._lock:
            queue = self._queues.get(loop)
            if queue is None:
                for old in tuple(self._queues.values()):
                    if not old.loop.is_running():
                        self._write_off(old)
                queue = self._queues[loop] = _Queue(self, loop, self._clock)
            return queue

    def _write_off(self, queue: _Queue) -> None:
        # Its loop stands still.  What was under way there may have been counted.
        self._returns.extend([self._clock.now() + self._hold] * queue.out)
        self._out -= queue.out
        queue.out = 0
        if queue.loop.is_closed() or not queue.waiting:
            del self._queues[queue.loop]


class _Queue:
    """Those who wait in one event loop."""

    def __init__(self, bucket: TokenBucket, loop: asyncio.AbstractEventLoop, clock: Clock) -> None:
        self.loop = loop
        self.out = 0
        """How many permits are out in this loop."""
        self.waiting = 0
        self._bucket = bucket
        self._clock = clock
        self._lanes: tuple[deque[_Waiter], ...] = tuple(deque() for _ in Priority)
        self._expiries: list[tuple[float, int, _Waiter]] = []
        self._order = itertools.count()
        self._timer: asyncio.Task[None] | None = None
        self._timer_at = math.inf

    async def wait(self, priority: Priority, within: float | None) -> Permit:
        """Wait in line.

        Raises:
            TimeoutError: The turn did not come within so many seconds.
        """
        waiter: _Waiter = self.loop.create_future()
        self._lanes[priority].append(waiter)
        self.waiting += 1
        if within is not None:
            expires = self._clock.now() + max(0.0, within)
            heapq.heappush(self._expiries, (expires, next(self._order), waiter))
        self.serve()
        try:
            permit = await waiter
        except asyncio.CancelledError:
            if waiter.cancelled():
                self.waiting -= 1
            elif (unused := waiter.result()) is not None:
                unused.release(sent=False)  # it came in the same turn: hand it on
            self.serve()
            raise
        if permit is None:
            raise TimeoutError(f"no free slot within {within:g} s")
        return permit

    def serve_from_anywhere(self) -> None:
        """Serve who waits, from whichever thread."""
        call_in(self.loop, self.serve)

    def serve(self) -> None:
        """Serve whoever can be served, and set the timer for the next change."""
        for priority, lane in zip(Priority, self._lanes, strict=True):
            while lane:
                if lane[0].done():  # cancelled or expired
                    lane.popleft()
                elif (permit := self._bucket._take(self, priority)) is not None:
                    self.waiting -= 1
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
                self.waiting -= 1
                waiter.set_result(None)
            heapq.heappop(self._expiries)
        if len(self._expiries) > 2 * self.waiting + 64:  # mostly of those who were served
            self._expiries = [entry for entry in self._expiries if not entry[2].done()]
            heapq.heapify(self._expiries)

    def _set_timer(self) -> None:
        at = math.inf
        if self.waiting:
            at = self._bucket._next_return()
            if self._expiries:
                at = min(at, self._expiries[0][0])
        timer = self._timer
        if at == self._timer_at and (timer is None or not timer.done()):  # nobody ended it
            return
        if timer is not None:
            timer.cancel()
            self._timer = None
        self._timer_at = at
        if at < math.inf:
            self._timer = self.loop.create_task(self._wake(at))

    async def _wake(self, at: float) -> None:
        await self._clock.sleep(at - self._clock.now())
        self._timer, self._timer_at = None, math.inf
        self.serve()


class _Permit:
    """One token, under way."""

    __slots__ = ("_bucket", "over", "queue", "trying")

    def __init__(self, bucket: TokenBucket, queue: _Queue, *, trying: bool) -> None:
        self._bucket = bucket
        self.queue = queue
        self.trying = trying
        self.over = False

    def release(self, *, sent: bool = True) -> None:
        """Give the slot back; a second time does nothing."""
        self._bucket._release(self, sent=sent)
