"""The workspace's own emojis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from notion_async import AsyncClient
from tests.clients import client_of
from tests.resources.bodies import fits

from .emulated import Object, Raw, emulated, page, uid


def emoji(name: str) -> Object:
    url = f"https://example.com/{name}.png"
    return {"object": "custom_emoji", "id": uid(name), "name": name, "url": url}


@pytest.fixture
async def raw() -> AsyncIterator[Raw]:
    async with emulated(page("Home"), emoji("bufo"), emoji("bufo-party"), emoji("tada")) as raw:
        yield raw


@pytest.fixture
async def notion(raw: Raw) -> AsyncIterator[AsyncClient]:
    async with client_of(raw.emulator) as notion:
        yield notion


async def test_emojis_come_page_by_page(notion: AsyncClient) -> None:
    found = [one async for one in notion.custom_emojis.list(page_size=2)]

    assert [(one.id, one.name, one.url) for one in found] == [
        (uid(name), name, f"https://example.com/{name}.png")
        for name in ("bufo", "bufo-party", "tada")
    ]


async def test_a_name_is_that_of_one_emoji(notion: AsyncClient) -> None:
    assert [one.name async for one in notion.custom_emojis.list(name="bufo")] == ["bufo"]
    assert [one async for one in notion.custom_emojis.list(name="buf")] == []


async def test_the_list_is_as_recorded(raw: Raw, shared: Path) -> None:
    answer = await raw.get("/v1/custom_emojis?page_size=1")

    assert list(answer) == ["object", "type", "results", "has_more", "next_cursor", "request_id"]
    assert answer["results"] == [{n: v for n, v in emoji("bufo").items() if n != "object"}]
    del answer["request_id"]
    fits(shared, "ListCustomEmojisResponse", answer)


async def test_a_cursor_belongs_to_its_name(raw: Raw) -> None:
    cursor = (await raw.get("/v1/custom_emojis?page_size=1"))["next_cursor"]

    message = await raw.wrong("GET", f"/v1/custom_emojis?name=tada&start_cursor={cursor}")

    assert "start_cursor provided is invalid" in message
    assert "query.size should be not present" in await raw.wrong("GET", "/v1/custom_emojis?size=1")


async def test_an_emoji_becomes_the_icon_of_a_page(notion: AsyncClient, raw: Raw) -> None:
    [tada] = await notion.custom_emojis.list(name="tada")

    await notion.pages.update(uid("Home"), icon={"custom_emoji": {"id": tada.id}})

    icon = (await raw.get(f"/v1/pages/{uid('Home')}"))["icon"]
    url = "https://example.com/tada.png"
    assert icon == {
        "type": "custom_emoji",
        "custom_emoji": {"id": tada.id, "name": "tada", "url": url},
    }
