"""The fault server itself: that it does what it says, and counts what arrived."""

from __future__ import annotations

import pytest

from notion_async import NotionError
from notion_async.models import Page
from tests.faults.facing import CALLS, Faced, create, facing, outcome, read
from tests.faults.nemesis import (
    ALL,
    DAMAGED,
    FINAL,
    HARMLESS,
    LOST,
    REFUSALS,
    SLOW,
    UNREAD,
    Make,
    Seeded,
    dice,
)
from tests.faults.server import Arrived, first, on_connections
from tests.faults.strikes import commits, resets, unread_close
from tests.faults.wire import Reply


async def struck(make: Make, seed: int = 1) -> tuple[object, Faced]:
    """Create a page, and have this befall the request."""
    async with facing(first(make(dice(seed))), hurried=True, retry=False) as it:
        return await outcome(create(it.notion)), it


@pytest.mark.parametrize("name", UNREAD)
async def test_what_is_not_read_has_not_arrived(name: str) -> None:
    found, it = await struck(UNREAD[name])

    assert isinstance(found, NotionError)
    assert (it.server.begun, it.server.arrived, it.server.commits) == (1, [], 0)
    assert len(it.server.partial) == 1


@pytest.mark.parametrize("name", [*REFUSALS, *FINAL])
async def test_what_is_refused_is_not_done(name: str) -> None:
    found, it = await struck(ALL[name])

    assert isinstance(found, NotionError)
    assert len(it.server.arrived) == 1
    assert it.writes == []


@pytest.mark.parametrize("name", DAMAGED)
async def test_what_is_damaged_was_done(name: str) -> None:
    found, it = await struck(DAMAGED[name])

    assert isinstance(found, NotionError)
    assert len(it.writes) == it.server.commits == 1
    assert it.server.log[0].committed


@pytest.mark.parametrize("name", [*LOST, *SLOW])
async def test_what_is_lost_may_have_been_done(name: str) -> None:
    outcomes = [await struck(ALL[name], seed) for seed in range(6)]

    assert all(isinstance(found, NotionError) for found, _ in outcomes)
    assert all(len(it.server.arrived) == 1 for _, it in outcomes)
    done = {len(it.writes) for _, it in outcomes}
    assert done == {0, 1} or (name in SLOW and done == {1})


@pytest.mark.parametrize("name", HARMLESS)
async def test_what_is_harmless_is_answered(name: str) -> None:
    found, it = await struck(HARMLESS[name])

    assert isinstance(found, Page)
    assert len(it.writes) == 1


async def test_the_same_seed_strikes_the_same_requests() -> None:
    logs = []
    for _ in range(2):
        async with facing(Seeded(dice(7), 0.5, ALL), hurried=True) as it:
            for call in [*CALLS.values()] * 3:
                await outcome(call(it.notion.with_options(retry=False)))
            logs.append([one.fault for one in it.server.log])

    assert logs[0] == logs[1]
    assert 0 < sum(fault is not None for fault in logs[0]) < len(logs[0])


async def test_a_connection_may_be_struck_before_anything_came() -> None:
    async with facing(on_connections(unread_close)) as it:
        found = await outcome(read(it.notion))

    assert isinstance(found, Page)
    assert it.server.connections == 2
    assert [one.request is None for one in it.server.log] == [True, False]


async def test_a_write_may_be_done_after_its_answer_was_lost() -> None:
    async with facing(first(commits("after", resets(), delay=0.02)), retry=False) as it:
        await outcome(create(it.notion))
        early = len(it.writes)
        await it.server.idle()

    assert (early, len(it.writes)) == (0, 1)


async def test_a_mistake_of_a_handler_is_raised_at_the_end() -> None:
    async def ask() -> None:
        async with facing() as it:
            it.server.handler = mistaken
            await outcome(read(it.notion.with_options(retry=False)))

    with pytest.raises(ZeroDivisionError):
        await ask()


def mistaken(_: Arrived) -> Reply:
    raise ZeroDivisionError
