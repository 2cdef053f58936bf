"""Half a character, as of an emoji that was cut: refused wherever it stands, and not shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from notion_async import AsyncClient, ConfigurationError
from tests.clients import client_to
from tests.faults.server import serving
from tests.faults.strikes import says
from tests.faults.wire import http
from tests.testing.emulated import uid

HALF = "secret \ud83d"
PLACES: dict[str, Callable[[AsyncClient], Awaitable[object]]] = {
    "a body": lambda notion: notion.search(HALF),
    "a cursor": lambda notion: notion.users.list(start_cursor=HALF),
    "a list in a query": lambda notion: notion.pages.retrieve(
        uid("x"), filter_properties=["title", HALF]
    ),
    "a file name": lambda notion: notion.file_uploads.create(filename=HALF),
    "a path": lambda notion: notion.request("GET", f"/v1/{HALF}"),
    "a query by hand": lambda notion: notion.request("GET", "/v1/x", query={"a": HALF}),
    "a type of content": lambda notion: notion.file_uploads.send(
        uid("x"), file=b"x", filename="x.png", content_type=HALF
    ),
}


@pytest.mark.parametrize("place", PLACES)
async def test_half_a_character_is_refused_wherever_it_stands(place: str) -> None:
    async with serving(says(http())) as server, client_to(server) as notion:
        with pytest.raises(ConfigurationError, match="half a character") as caught:
            await PLACES[place](notion)

    assert server.begun == 0
    assert "secret" not in str(caught.value)


async def test_what_holds_itself_is_refused() -> None:
    endless: dict[str, object] = {}
    endless["filter"] = endless
    async with serving(says(http())) as server, client_to(server) as notion:
        with pytest.raises(ConfigurationError, match="holds itself"):
            await notion.data_sources.query(uid("x"), filter=endless)

    assert server.begun == 0
