"""Views that are run: frozen results, their pages and their end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from notion_async import IncompleteResult, ObjectNotFoundError, ValidationError
from notion_async.models import Reference, ViewQuery
from notion_async.testing import Emulator
from tests.clients import client_of
from tests.resources.bodies import fits

from .emulated import NOW, Object, data_source, database, row, uid
from .views import ADA, DATABASE, SOURCE, Office, loaded_view, office, sent


@pytest.fixture
async def at() -> AsyncIterator[Office]:
    async with office() as found:
        yield found


async def made(at: Office, type: str = "table", **fields: Any) -> str:
    view = await at.notion.views.create(
        SOURCE, name="New", type=type, database_id=DATABASE, **fields
    )
    return view.id


async def shown(at: Office, view: str) -> str:
    """Return the names of the rows that a view shows."""
    known = {uid(name): name for name in "abcde"}
    return "".join([known[one.id] async for one in at.notion.views.queries.run(view, page_size=2)])


def following(query: ViewQuery) -> str:
    """Return the cursor of the rows that a query did not bring."""
    cursor = query.next_cursor
    assert isinstance(cursor, str)
    return cursor


SMALL = {"property": "Kind", "select": {"equals": "small"}}
BY_SIZE = {"property": "Size", "direction": "ascending"}


async def test_a_view_shows_its_rows_in_its_order(at: Office) -> None:
    everything, some = await made(at), await made(at, filter=SMALL, sorts=[BY_SIZE])

    assert await shown(at, everything) == "abc"
    assert await shown(at, some) == "ca"


async def test_rows_in_the_trash_are_not_shown(at: Office) -> None:
    view = await made(at)

    await at.notion.pages.update(uid("b"), in_trash=True)

    assert await shown(at, view) == "ac"


async def test_quick_filters_do_not_count(at: Office) -> None:
    view = await made(at, quick_filters={"Kind": {"select": {"equals": "small"}}})

    assert await shown(at, view) == "abc"


async def test_conditions_on_properties_that_are_gone_do_not_count(at: Office) -> None:
    view = await made(at, filter=SMALL, sorts=[BY_SIZE])

    await at.raw.patch(f"/v1/data_sources/{SOURCE}", {"properties": {"Kind": None, "Size": None}})

    assert await shown(at, view) == "abc"


async def test_me_is_who_authorized_the_token(at: Office) -> None:
    mine = {"property": "Who", "people": {"contains": "me"}}
    others = {"property": "Who", "people": {"does_not_contain": "me"}}
    views = [await made(at, filter=mine), await made(at, filter=others)]
    assert [await shown(at, view) for view in views] == ["", "abc"]

    owner: Object = {"type": "user", "user": {"object": "user", "id": ADA}}
    bot: Object = {"object": "user", "id": uid("bot"), "name": "Bot", "avatar_url": None}
    at.raw.emulator.load([{**bot, "type": "bot", "bot": {"owner": owner}}])

    assert [await shown(at, view) for view in views] == ["a", "bc"]


async def test_the_first_rows_come_with_the_query_and_the_rest_by_cursor(
    at: Office, shared: Path
) -> None:
    view = await made(at)

    query = await at.notion.views.queries.create(view, page_size=2)
    rest = at.notion.views.queries.results(view, query.id, start_cursor=following(query))
    first, second = sent(query), await at.raw.get(f"/v1/views/{view}/queries/{query.id}")

    assert first == {
        "object": "view_query",
        "id": query.id,
        "view_id": view,
        "expires_at": "2026-05-17T10:57:31.000+00:00",
        "total_count": 3,
        "results": [{"object": "page", "id": uid("a")}, {"object": "page", "id": uid("b")}],
        "next_cursor": query.next_cursor,
        "has_more": True,
    }
    assert [one.id async for one in rest] == [uid("c")]
    assert [one["id"] for one in second["results"]] == [uid("a"), uid("b"), uid("c")]
    fits(shared, "CreateViewQueryResponse", first)
    del second["request_id"]
    fits(shared, "GetViewQueryResultsResponse", second)


async def test_a_result_is_frozen(at: Office) -> None:
    view = await made(at)
    query = await at.notion.views.queries.create(view, page_size=1)

    await at.notion.pages.update(uid("c"), in_trash=True)
    await at.notion.pages.update(uid("b"), properties={"Size": {"number": -1}})
    rest = at.notion.views.queries.results(view, query.id, start_cursor=following(query))

    assert [one.id async for one in rest] == [uid("b"), uid("c")]


async def test_a_result_is_gone_after_a_quarter_of_an_hour(at: Office) -> None:
    view = await made(at)
    query = await at.notion.views.queries.create(view)
    path = f"/v1/views/{view}/queries/{query.id}"

    at.watch.pass_by(minutes=14, seconds=59)
    assert len((await at.raw.get(path))["results"]) == 3
    at.watch.pass_by(seconds=1)

    with pytest.raises(ObjectNotFoundError, match="Could not find view query with ID"):
        await at.notion.views.queries.results(view, query.id)
    status, answer = await at.raw.send("GET", path)
    assert (status, answer["code"]) == (404, "object_not_found")


async def test_results_that_expired_are_forgotten_by_the_next_query(at: Office) -> None:
    view = await made(at)
    old = await at.notion.views.queries.create(view)
    at.watch.pass_by(hours=1)

    new = await at.notion.views.queries.create(view)

    assert new.id != old.id
    assert len(await at.notion.views.queries.results(view, new.id)) == 3


async def test_a_result_may_be_deleted_again_and_again(at: Office, shared: Path) -> None:
    view = await made(at)
    query = await at.notion.views.queries.create(view)

    first = sent(await at.notion.views.queries.delete(view, query.id))
    again = sent(await at.notion.views.queries.delete(view, query.id))

    assert first == again == {"object": "view_query", "id": query.id, "deleted": True}
    with pytest.raises(ObjectNotFoundError):
        await at.notion.views.queries.results(view, query.id)
    fits(shared, "DeleteViewQueryResponse", first)


async def test_a_result_belongs_to_its_view(at: Office) -> None:
    view, other = await made(at), await made(at)
    query = await at.notion.views.queries.create(view, page_size=1)

    await at.notion.views.queries.delete(other, query.id)

    with pytest.raises(ObjectNotFoundError):
        await at.notion.views.queries.results(other, query.id)
    assert len(await at.notion.views.queries.results(view, query.id)) == 3


async def test_a_result_goes_with_its_view(at: Office) -> None:
    view = await made(at)
    query = await at.notion.views.queries.create(view)

    await at.notion.views.delete(view)

    with pytest.raises(ObjectNotFoundError, match="Could not find view with"):
        await at.notion.views.queries.results(view, query.id)


async def test_a_cursor_belongs_to_its_result_and_expires(at: Office) -> None:
    view = await made(at)
    query = await at.notion.views.queries.create(view, page_size=1)
    other = await at.notion.views.queries.create(view, page_size=1)
    path = f"/v1/views/{view}/queries"

    wrong = f"{path}/{other.id}?start_cursor={query.next_cursor}"
    assert "start_cursor provided is invalid" in await at.raw.wrong("GET", wrong)
    at.raw.emulator.expire_cursors()
    late = f"{path}/{query.id}?start_cursor={query.next_cursor}"
    assert "start_cursor provided is invalid" in await at.raw.wrong("GET", late)


async def test_what_is_asked_for_is_checked(at: Office) -> None:
    view = await made(at)
    path = f"/v1/views/{view}/queries"

    for body, message in (
        ({"page_size": 101}, "body.page_size should be ≤ `100`"),
        ({"page_size": 0}, "body.page_size should be ≥ `1`"),
        ({"filter": {}}, "body.filter should be not present"),
    ):
        assert message in await at.raw.wrong("POST", path, body)
    assert "path.query_id should be a valid uuid" in await at.raw.wrong("GET", f"{path}/x")
    with pytest.raises(ObjectNotFoundError):
        await at.notion.views.queries.create(uid("nothing"))


async def test_a_dashboard_cannot_be_queried(at: Office) -> None:
    board = await made(at, "dashboard")

    with pytest.raises(ValidationError, match="dashboard cannot be queried"):
        await at.notion.views.queries.create(board)


async def test_a_source_in_the_trash_shows_nothing(at: Office) -> None:
    view = await made(at)

    await at.notion.data_sources.update(SOURCE, in_trash=True)

    assert await shown(at, view) == ""


async def test_running_a_view_writes_nothing(at: Office) -> None:
    view = await made(at)

    await at.notion.views.queries.create(view)

    assert [commit.endpoint for commit in at.raw.emulator.commits] == ["views.create"]


async def collect(rows: AsyncIterator[Reference], found: set[str]) -> None:
    async for one in rows:
        found.add(one.id)


async def test_a_result_ends_at_10000_rows_and_says_so(shared: Path) -> None:
    emulator = Emulator(budget=None, wall=lambda: NOW)
    emulator.load([database("Tasks", sources=("Table",)), data_source("Table", "Tasks")])
    emulator.load(row(f"r{number}", "Table") for number in range(10_001))
    emulator.load([loaded_view("View")])
    async with emulator, client_of(emulator) as notion:
        query = await notion.views.queries.create(uid("View"), page_size=1)
        last = await notion.views.queries.results(uid("View"), query.id)
        found: set[str] = set()
        with pytest.raises(IncompleteResult):
            await collect(notion.views.queries.run(uid("View")), found)

    assert query.total_count == len(found) == 10_000
    incomplete = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}
    assert sent(query)["request_status"] == incomplete
    assert len(last) == 100
    fits(shared, "CreateViewQueryResponse", sent(query))


async def test_a_loaded_view_filters_by_the_names_it_came_with() -> None:
    view = loaded_view("Loaded", filter=SMALL, sorts=[BY_SIZE])
    async with office(view) as at:
        assert await shown(at, uid("Loaded")) == "ca"
