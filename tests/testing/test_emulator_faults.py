"""What goes wrong on command."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import (
    AsyncClient,
    ConnectionLostError,
    InvalidCursorError,
    NotionError,
    RateLimitedError,
    ServerError,
    ServiceOverloadError,
    WriteOutcomeUnknown,
)
from notion_async.testing import (
    BROKEN_OFF,
    EDGE_HTML,
    OVERLOADED,
    SAVED_AND_BROKEN_OFF,
    TIMED_OUT,
    Emulator,
    Fault,
    FaultRequest,
    FaultRule,
    FaultRules,
    ManualClock,
    rate_limited,
)
from notion_async.transport.retry import RetryPolicy
from tests.clients import client_of
from tests.faults.facing import until
from tests.testing.emulated import Object, block, page, uid, under

HOME = uid("home")
AT_ONCE = RetryPolicy(base=0.0, cap=0.0, spread=0.0)


async def failure(notion: AsyncClient) -> NotionError:
    with pytest.raises(NotionError) as caught:
        await notion.users.me()
    return caught.value


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (rate_limited(7), RateLimitedError),
        (OVERLOADED, ServiceOverloadError),
        (TIMED_OUT, ServerError),
        (EDGE_HTML, ServerError),
        (BROKEN_OFF, ConnectionLostError),
        (Fault(200, cut=10, done=True), ConnectionLostError),
        (Fault(200, cut=0, done=True), ConnectionLostError),
    ],
)
async def test_a_read_fails_as_it_would_at_notion(fault: Fault, error: type[NotionError]) -> None:
    async with Emulator() as emulator, client_of(emulator, retry=False) as notion:
        emulator.faults.add(FaultRule(fault, times=1))

        found = await failure(notion)
        assert isinstance(found, error)
        if isinstance(found, RateLimitedError):
            assert (found.retry_after, found.reason) == (7, "public_api_request_rate_limit")
        else:
            assert (await notion.users.me()).type == "bot"


@pytest.mark.parametrize(("fault", "made"), [(BROKEN_OFF, 0), (SAVED_AND_BROKEN_OFF, 1)])
async def test_a_write_may_be_carried_out_though_its_answer_is_lost(
    fault: Fault, made: int
) -> None:
    async with Emulator() as emulator, client_of(emulator, retry=False) as notion:
        emulator.load([page("home")])
        emulator.faults.add(FaultRule(fault))

        with pytest.raises(WriteOutcomeUnknown):
            await notion.pages.create(parent={"page_id": HOME}, properties={"title": []})

    assert len(emulator.commits) == made


async def test_a_late_answer_comes_when_the_clock_says_so() -> None:
    clock = ManualClock()
    async with Emulator(clock=clock) as emulator, client_of(emulator) as notion:
        emulator.faults.add(FaultRule(Fault(200, delay=20, done=True), times=1))
        async with AsyncClient(emulator.token, base_url=emulator.base_url) as other:
            late = asyncio.ensure_future(notion.users.me())
            await until(lambda: clock.next_wake is not None)
            soon = await other.users.me()
            assert not late.done()
            await clock.advance(20)

            assert (await late).id == soon.id


async def test_rules_choose_by_endpoint_and_end_after_so_many_times() -> None:
    async with Emulator(budget=None) as emulator:
        emulator.load([page("home")])
        emulator.faults.add(FaultRule(OVERLOADED, endpoint="pages.*", times=2))
        async with client_of(emulator, retry=AT_ONCE) as notion:
            await notion.users.me()
            assert emulator.requests == 1
            await notion.pages.retrieve(HOME)

    assert [entry.status for entry in emulator.log] == [200, 529, 529, 200]
    assert emulator.faults.rules == ()


def blocks(number: int) -> list[Object]:
    return [block(f"block {one}", under("page_id", "home")) for one in range(number)]


async def test_a_page_that_is_too_large_times_out_until_less_is_asked_for() -> None:
    async with Emulator(budget=None) as emulator:
        emulator.load(
            [page("home"), *(block(str(n), under("page_id", "home")) for n in range(60))]
        )
        emulator.faults.add(FaultRule(TIMED_OUT, larger_than=25))
        async with client_of(emulator, retry=AT_ONCE) as notion:
            found = [one async for one in notion.blocks.children.list(HOME)]

    assert len(found) == 60
    assert [entry.status for entry in emulator.log] == [504, 504, 200, 200, 200]


async def test_cursors_can_be_refused() -> None:
    stale = Fault(400, "validation_error", "start_cursor provided is invalid")
    async with Emulator(budget=None) as emulator:
        emulator.load([page("home"), *blocks(3)])
        emulator.faults.add(FaultRule(stale, with_cursor=True))
        async with client_of(emulator) as notion:
            with pytest.raises(InvalidCursorError):
                [one async for one in notion.blocks.children.list(HOME, page_size=2)]


def asked(number: int, **query: str) -> FaultRequest:
    return FaultRequest(number, "GET", "/v1/users/me", "users.me", b"", query)


@given(st.floats(0, 1), st.integers())
def test_a_share_is_thrown_by_dice_that_fall_the_same_way_again(share: float, seed: int) -> None:
    rules = [FaultRules(seed), FaultRules(seed)]
    for one in rules:
        one.add(FaultRule(OVERLOADED, share=share))

    struck = [[one(asked(number)) is not None for number in range(200)] for one in rules]

    assert struck[0] == struck[1]
    assert (not any(struck[0])) or share > 0
    assert all(struck[0]) or share < 1


def test_the_first_rule_counts_and_clearing_ends_all_of_them() -> None:
    rules = FaultRules()
    rules.add(FaultRule(OVERLOADED, times=1))
    rules.add(FaultRule(TIMED_OUT))

    assert [rules(asked(n)) for n in range(2)] == [OVERLOADED, TIMED_OUT]
    rules.clear()
    assert rules(asked(3)) is None


@pytest.mark.parametrize("wrong", [{"share": 1.5}, {"share": -0.1}, {"times": 0}])
def test_a_rule_that_makes_no_sense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="share is from 0 to 1"):
        FaultRule(OVERLOADED, **wrong)  # type: ignore[arg-type]  # what is tested


def test_sizes_and_cursors_are_found_in_query_and_body() -> None:
    small = FaultRule(TIMED_OUT, larger_than=25)
    queried = FaultRequest(0, "POST", "/", "search", b'{"page_size":10,"start_cursor":"x"}')

    assert small.concerns(asked(0))
    assert not small.concerns(asked(0, page_size="25"))
    assert small.concerns(asked(0, page_size="x"))
    assert not small.concerns(queried)
    assert FaultRule(TIMED_OUT, with_cursor=True).concerns(queried)
    assert FaultRequest(0, "POST", "/", "search", b"[]").field("page_size") is None
    assert FaultRequest(0, "POST", "/", "search", b"{").field("page_size") is None
