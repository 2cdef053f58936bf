"""One timer for all that is under way, in an event loop whose clock jumps to the next one."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async.errors import ConfigurationError
from notion_async.transport.timeouts import Timeouts

T = TypeVar("T")


class Selector(selectors.SelectSelector):
    """Does not wait, and says how long it would have."""

    waited = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.waited += timeout or 0.0
        return super().select(0)


class JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.selector = Selector()
        self.timers: list[asyncio.TimerHandle] = []
        super().__init__(self.selector)

    def time(self) -> float:
        return self.selector.waited

    def call_at(  # type: ignore[override]  # handed on as it comes
        self, when: float, *args: Any, **options: Any
    ) -> asyncio.TimerHandle:
        handle = super().call_at(when, *args, **options)
        self.timers.append(handle)
        return handle


def in_no_time(main: Callable[[Timeouts, JumpingLoop], Coroutine[object, None, T]]) -> T:
    loop = JumpingLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(main(Timeouts(loop), loop))


seconds = st.integers(min_value=0, max_value=50).map(lambda tenths: tenths / 10)


@given(st.lists(st.tuples(seconds, seconds, seconds), max_size=12))
def test_each_ends_when_asyncio_would_have_ended_it(
    jobs: list[tuple[float, float, float]],
) -> None:
    async def job(
        timeouts: Timeouts | None, begin: float, limit: float, takes: float
    ) -> tuple[str, float]:
        await asyncio.sleep(begin)
        loop = asyncio.get_running_loop()
        try:
            if timeouts is None:
                async with asyncio.timeout(limit):
                    await asyncio.sleep(takes)
            else:
                with timeouts.within(limit):
                    await asyncio.sleep(takes)
        except TimeoutError:
            return "too late", round(loop.time(), 3)
        return "done", round(loop.time(), 3)

    async def main(timeouts: Timeouts, loop: JumpingLoop) -> None:
        clear = [one for one in jobs if one[1] != one[2]]  # else either may come first
        ours = await asyncio.gather(*(job(timeouts, *one) for one in clear))
        passed = loop.time()
        theirs = await asyncio.gather(*(job(None, *one) for one in clear))

        assert ours == [(end, round(when - passed, 3)) for end, when in theirs]

    in_no_time(main)


def test_a_thousand_requests_in_turn_make_one_timer() -> None:
    async def main(timeouts: Timeouts, loop: JumpingLoop) -> int:
        for _ in range(1000):
            with timeouts.within(70.0):
                await asyncio.sleep(0)
        return len(loop.timers)

    assert in_no_time(main) == 1


def test_who_is_cancelled_by_somebody_else_as_well_stays_cancelled() -> None:
    async def main(timeouts: Timeouts, loop: JumpingLoop) -> None:
        async def late() -> None:
            with timeouts.within(1.0):
                await asyncio.sleep(9)

        task = asyncio.create_task(late())
        loop.call_later(1.0, task.cancel)
        with pytest.raises(asyncio.CancelledError):
            await task

    in_no_time(main)


def test_after_its_end_a_task_can_go_on_waiting() -> None:
    async def main(timeouts: Timeouts, loop: JumpingLoop) -> float:
        with pytest.raises(TimeoutError), timeouts.within(1.0):
            await asyncio.sleep(9)
        await asyncio.sleep(2)
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0
        return loop.time()

    assert in_no_time(main) == pytest.approx(3.0)


@pytest.mark.parametrize("error", [TimeoutError("its own"), KeyError("x")])
def test_an_error_in_the_block_is_that_error(error: Exception) -> None:
    async def main(timeouts: Timeouts, loop: JumpingLoop) -> None:
        with pytest.raises(type(error)) as caught, timeouts.within(1.0):
            raise error
        assert caught.value is error

    in_no_time(main)


def test_an_error_while_it_is_ended_is_that_error() -> None:
    async def fail() -> None:
        try:
            await asyncio.sleep(9)
        except asyncio.CancelledError:
            raise KeyError from None

    async def main(timeouts: Timeouts, loop: JumpingLoop) -> None:
        with pytest.raises(KeyError), timeouts.within(1.0):
            await fail()

    in_no_time(main)


def waiting(loop: JumpingLoop) -> Iterator[asyncio.TimerHandle]:
    return (one for one in loop.timers if not one.cancelled() and one.when() > loop.time())


def test_closed_no_timer_is_left_once_nothing_is_under_way() -> None:
    async def main(timeouts: Timeouts, loop: JumpingLoop) -> None:
        with timeouts.within(70.0):
            timeouts.close()
            assert list(waiting(loop))
        assert not list(waiting(loop))

        timeouts.close()
        with pytest.raises(TimeoutError), timeouts.within(1.0):  # as with a session of the caller
            await asyncio.sleep(9)
        assert not list(waiting(loop))

    in_no_time(main)


def test_outside_of_a_task_nothing_can_be_ended() -> None:
    async def main(timeouts: Timeouts, loop: JumpingLoop) -> None:
        said: asyncio.Future[str] = loop.create_future()

        def outside() -> None:
            with pytest.raises(ConfigurationError) as caught, timeouts.within(1.0):
                pass
            said.set_result(str(caught.value))

        loop.call_soon(outside)

        assert "task" in await said

    in_no_time(main)
