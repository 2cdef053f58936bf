"""Search whose index lags behind."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from notion_async import AsyncClient
from notion_async.testing.search_index import lag_search
from notion_async.testing.store import Store
from tests.clients import client_of

from .emulated import data_source, database, emulated, page, uid, under
from .views import Watch

LAG = 30


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def notion(watch: Watch) -> AsyncIterator[AsyncClient]:
    things = [page("Home"), database("Tasks", sources=("Table",)), data_source("Table", "Tasks")]
    async with emulated(page("Early"), wall=watch) as raw:
        lag_search(raw.emulator._store, LAG)
        raw.emulator.load(things)
        async with client_of(raw.emulator) as notion:
            yield notion


async def found(notion: AsyncClient, query: str = "") -> set[str]:
    return {one.id async for one in notion.search(query=query)}


async def test_what_was_loaded_is_found_at_once(notion: AsyncClient) -> None:
    assert await found(notion) == {uid("Early"), uid("Home"), uid("Table")}


async def test_a_new_page_is_found_when_the_index_has_caught_up(
    notion: AsyncClient, watch: Watch
) -> None:
    title = {"title": {"title": [{"text": {"content": "News"}}]}}
    new = await notion.pages.create(parent={"page_id": uid("Home")}, properties=title)

    watch.pass_by(seconds=LAG - 1)
    assert await found(notion, "news") == set()
    watch.pass_by(seconds=1)
    assert await found(notion, "news") == {new.id}


async def test_a_changed_page_is_missing_for_as_long(notion: AsyncClient, watch: Watch) -> None:
    await notion.pages.update(uid("Early"), is_locked=True)

    assert uid("Early") not in await found(notion)
    watch.pass_by(seconds=LAG)
    assert uid("Early") in await found(notion)


async def test_a_changed_data_source_is_missing_for_as_long(
    notion: AsyncClient, watch: Watch
) -> None:
    await notion.data_sources.update(uid("Table"), title=[{"text": {"content": "Renamed"}}])

    assert uid("Table") not in await found(notion)
    watch.pass_by(seconds=LAG)
    assert await found(notion, "renamed") == {uid("Table")}


async def test_pages_of_search_leave_out_what_the_index_lacks(
    notion: AsyncClient, watch: Watch
) -> None:
    first = await notion.search(page_size=1)
    await notion.pages.update(uid("Home"), is_locked=True)

    rest = notion.search(page_size=1, start_cursor=first.next_cursor)

    assert uid("Home") not in [one.id async for one in rest]


async def test_the_trash_is_searched_when_asked_for(notion: AsyncClient, watch: Watch) -> None:
    await notion.pages.update(uid("Home"), in_trash=True)
    watch.pass_by(seconds=LAG)

    trashed = [one.id async for one in notion.search(filter={"in_trash": True})]

    assert trashed == [uid("Home")]
    assert uid("Home") not in await found(notion)


async def test_the_lag_can_be_changed_and_ended() -> None:
    watch = Watch()
    async with emulated(page("Home"), wall=watch) as raw, client_of(raw.emulator) as notion:
        for seconds, visible in ((1, False), (0, True), (60, False)):
            lag_search(raw.emulator._store, seconds)
            await notion.pages.update(uid("Home"), is_locked=True)

            assert (uid("Home") in await found(notion)) is visible


async def test_without_a_lag_a_page_is_found_at_once() -> None:
    async with emulated(page("Home")) as raw, client_of(raw.emulator) as notion:
        parent = under("page_id", "Home")
        new = await notion.pages.create(parent=parent, properties={"title": {"title": []}})

        assert new.id in await found(notion)


def test_an_index_does_not_know_the_future() -> None:
    with pytest.raises(ValueError, match="give 0 or more"):
        lag_search(Store(), -1)
