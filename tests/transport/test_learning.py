"""How large the budget is shows in what Notion accepts."""

from __future__ import annotations

import asyncio
import math
import random

import pytest

from notion_async.errors import ConfigurationError
from notion_async.testing.clock import ManualClock
from notion_async.transport.limiter import Priority, TokenBucket

_OWN = "public_api_request_rate_limit"


class Notion:
    """Grants so many requests in each window, and says how long a refused one has to wait."""

    def __init__(self, clock: ManualClock, budget: int, *, phase: float = 0.0) -> None:
        self.clock = clock
        self.budget = budget
        self.phase = phase
        self.accepted = 0
        self.refused = 0
        self._windows: dict[int, int] = {}

    def takes(self) -> float | None:
        """Count a request; return the seconds until the next window where it is refused."""
        passed = (self.clock.now() + self.phase) / 60
        window = math.floor(passed)
        if self._windows.get(window, 0) < self.budget:
            self._windows[window] = self._windows.get(window, 0) + 1
            self.accepted += 1
            return None
        self.refused += 1
        return (window + 1 - passed) * 60

    @property
    def best(self) -> int:
        """The most that one window held."""
        return max(self._windows.values())


async def saturate(
    clock: ManualClock,
    notion: Notion,
    bucket: TokenBucket,
    requests: int,
    *,
    priority: Priority = Priority.INTERACTIVE,
) -> None:
    """Send so many requests as fast as the bucket lets them go."""
    pause_until = 0.0
    latency = random.Random(5)  # noqa: S311 - the same in every run

    async def one() -> None:
        nonlocal pause_until
        while True:
            if pause_until > clock.now():
                await clock.sleep(pause_until - clock.now())
            permit = await bucket.acquire(priority)
            if pause_until > clock.now():
                permit.release(sent=False)
                continue
            await clock.sleep(latency.uniform(0.02, 0.1))
            pause = notion.takes()
            await clock.sleep(latency.uniform(0.02, 0.1))
            permit.release()
            if pause is None:
                return
            bucket.refused(_OWN)
            pause_until = clock.now() + pause

    task = asyncio.gather(*(one() for _ in range(requests)))
    await clock.run(until=task)
    await task


@pytest.mark.parametrize("phase", [0.0, 47.0])
async def test_a_larger_budget_is_found_and_used(clock: ManualClock, phase: float) -> None:
    notion = Notion(clock, 600, phase=phase)
    bucket = TokenBucket(180, most=600, clock=clock)

    await saturate(clock, notion, bucket, 4_000)

    assert bucket.budget == 600
    assert notion.best >= 590
    assert notion.refused == 0


async def test_bulk_work_alone_finds_it_as_well_and_leaves_a_little(clock: ManualClock) -> None:
    notion = Notion(clock, 600)
    bucket = TokenBucket(180, most=600, clock=clock)

    await saturate(clock, notion, bucket, 4_000, priority=Priority.BULK)

    assert bucket.budget >= 590
    assert 570 <= notion.best < 600
    assert notion.refused == 0


@pytest.mark.parametrize("phase", [13.0, 58.0])
async def test_where_there_is_no_more_it_is_asked_for_once_an_hour(
    clock: ManualClock, phase: float
) -> None:
    notion = Notion(clock, 180, phase=phase)
    bucket = TokenBucket(180, most=600, clock=clock)

    await saturate(clock, notion, bucket, 3_000)

    assert notion.accepted == 3_000
    assert notion.refused <= 8
    assert clock.now() < 1.05 * 60 * 3_000 / 180


async def test_what_was_learnt_is_forgotten_when_it_is_refused(clock: ManualClock) -> None:
    notion = Notion(clock, 600)
    bucket = TokenBucket(180, most=600, clock=clock)
    await saturate(clock, notion, bucket, 4_000)
    assert bucket.budget == 600

    notion.budget = 180  # the plan was changed
    await clock.advance(120)
    await saturate(clock, notion, bucket, 1_000)

    assert bucket.budget == 180
    assert notion.refused <= 8


async def test_a_budget_that_is_always_enough_is_left_alone(clock: ManualClock) -> None:
    notion = Notion(clock, 180)
    bucket = TokenBucket(180, most=600, clock=clock)

    for _ in range(20):
        await saturate(clock, notion, bucket, 170)
        await clock.advance(60)

    assert (bucket.budget, notion.refused) == (180, 0)


async def test_a_budget_that_was_given_is_kept(clock: ManualClock) -> None:
    notion = Notion(clock, 600)
    bucket = TokenBucket(180, clock=clock)

    await saturate(clock, notion, bucket, 2_000)

    assert (bucket.budget, notion.best) == (180, 180)


def test_more_is_no_less() -> None:
    with pytest.raises(ConfigurationError, match="most is no less"):
        TokenBucket(180, most=100)
