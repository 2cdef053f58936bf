"""The workspace's own emojis."""

from __future__ import annotations

from notion_async import AsyncClient
from notion_async.models import CustomEmoji
from tests.clients import TOKEN, answer, client_to, listing
from tests.faults.server import serving
from tests.faults.strikes import says
from tests.mocked import mocked

PARTY = {"id": "e1", "name": "party", "url": "https://example.com/party.png"}
BUFO = {"id": "e2", "name": "bufo", "url": "https://example.com/bufo.png"}


async def test_emojis_are_asked_for_by_name() -> None:
    with mocked(listing()) as requests:
        await AsyncClient(TOKEN).custom_emojis.list(name="party", start_cursor="c", page_size=7)

    [request] = requests
    assert (request.method, request.path) == ("GET", "https://api.notion.com/v1/custom_emojis")
    assert sorted(request.query) == [("name", "party"), ("page_size", "7"), ("start_cursor", "c")]
    assert request.body is None


async def test_every_emoji_comes_answer_after_answer() -> None:
    first = answer(listing(PARTY, cursor="c", type="custom_emoji"))
    last = answer(listing(BUFO, type="custom_emoji"))

    async with serving(says(first), says(last)) as server, client_to(server) as notion:
        found = [emoji async for emoji in notion.custom_emojis.list()]

    assert all(type(emoji) is CustomEmoji for emoji in found)
    assert [(emoji.id, emoji.name) for emoji in found] == [("e1", "party"), ("e2", "bufo")]
