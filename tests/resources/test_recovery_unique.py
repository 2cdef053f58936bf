"""Rows that are known by a value of their own: found, created again, or left unknown."""

from __future__ import annotations

from typing import Any

import pytest

from notion_async import (
    ConfigurationError,
    InvalidResponseError,
    NotUniqueError,
    unstructure,
)
from notion_async.models import AsyncTask, Page
from tests.resources.losing import (
    AFTER,
    BEFORE,
    ROW,
    TASKS,
    done,
    home,
    left_unknown,
    losing_client,
    shown,
)
from tests.testing.emulated import (
    database,
    row,
    uid,
    words,
)


def text_of(found: Page | AsyncTask, name: str) -> object:
    value: Any = unstructure(found)["properties"]
    [run] = value[name][value[name]["type"]]
    return run["plain_text"]


NONE_YET = shown(object="list", results=[], has_more=False)


async def test_a_row_that_is_there_is_not_created(monkeypatch: pytest.MonkeyPatch) -> None:
    losing, notion = home(monkeypatch)
    first = await notion.pages.create(**ROW, unique_property="Key")

    second = await notion.pages.create(**ROW, unique_property="Key")

    assert second.id == first.id
    assert [path.rpartition("/")[2] for _, path in losing.sent] == ["query", "pages", "query"]


async def test_a_row_whose_answer_was_lost_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("POST", NONE_YET, AFTER)

    found = await done(losing, notion.pages.create(**ROW, unique_property="Key"))

    assert text_of(found, "Key") == "k-1"
    assert len(losing.emulator._api.store.rows(uid("tasks"))) == 1
    assert losing.times == [0.0, 0.0, 0.5]


async def test_a_row_that_is_not_found_stays_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("POST", NONE_YET, BEFORE)

    await left_unknown(losing, notion.pages.create(**ROW, unique_property="Key"))

    assert losing.times == [0.0, 0.0, 0.5, 1.5, 3.5, 7.5, 15.5, 30.0]


async def test_what_is_no_row_is_an_invalid_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("POST", shown(object="list", results=[7], has_more=False))

    with pytest.raises(InvalidResponseError, match="a row"):
        await done(losing, notion.pages.create(**ROW, unique_property="Key"))

    assert len(losing.sent) == 1


async def test_a_search_that_goes_in_circles_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    losing, notion = home(monkeypatch, deadline=None, retry=False)
    circle = [
        shown(object="list", results=[], has_more=True, next_cursor=place) for place in "abcd"
    ]
    losing.lose("POST", *circle * 100)

    with pytest.raises(InvalidResponseError, match="cannot go on"):
        await done(losing, notion.pages.create(**ROW, unique_property="Key"))

    assert len(losing.sent) <= 16


async def test_a_row_that_is_assumed_absent_is_created_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("POST", NONE_YET, BEFORE)

    found = await done(
        losing, notion.pages.create(**ROW, unique_property="Key", assume_absent_after=2.0)
    )

    assert [one.id for one in losing.emulator._api.store.rows(uid("tasks"))] == [found.id]
    assert losing.times == [0.0, 0.0, 0.5, 1.5, 2.0, 2.0]


async def test_a_row_of_which_there_are_two_is_neither_created_nor_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    value = {"Key": {"id": "k%3Ay", "type": "rich_text", "rich_text": words("k-1")}}
    losing, notion = losing_client(
        monkeypatch,
        database("tracker", sources=("tasks",)),
        TASKS,
        row("one", "tasks", value),
        row("two", "tasks", value),
    )

    with pytest.raises(NotUniqueError) as caught:
        await done(losing, notion.pages.create(**ROW, unique_property="Key"))

    assert set(caught.value.ids) == {uid("one"), uid("two")}
    assert losing.count("POST") == 1


NO_KEY: dict[str, dict[str, Any]] = {
    "no value": {**ROW, "unique_property": "Other"},
    "a checkbox": {**ROW, "properties": {"Key": {"checkbox": True}}, "unique_property": "Key"},
    "an empty text": {**ROW, "properties": {"Key": {"rich_text": []}}, "unique_property": "Key"},
    "no row": {**ROW, "parent": {"page_id": uid("home")}, "unique_property": "Key"},
    "no property": {**ROW, "assume_absent_after": 3.0},
    "no time": {**ROW, "unique_property": "Key", "assume_absent_after": -1.0},
}


@pytest.mark.parametrize("name", NO_KEY)
async def test_a_row_that_cannot_be_known_is_refused_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    losing, notion = home(monkeypatch)

    with pytest.raises(ConfigurationError):
        await notion.pages.create(**NO_KEY[name])

    assert losing.sent == []


async def test_a_row_comes_with_the_properties_that_were_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    await notion.pages.create(**ROW)

    found = await notion.pages.create(**ROW, unique_property="Key", filter_properties=["Name"])

    assert isinstance(found, Page)
    assert list(found.properties) == ["Name"]
    assert [method for method, _ in losing.sent] == ["POST", "POST", "GET"]


@pytest.mark.parametrize(
    "value",
    [
        {"title": [{"text": {"content": "one"}}]},
        {"number": 3},
        {"url": "https://example.com"},
        {"email": "a@example.com"},
        {"phone_number": "+49"},
    ],
    ids=lambda value: next(iter(value)),
)
async def test_a_row_is_looked_for_by_the_type_of_its_value(
    monkeypatch: pytest.MonkeyPatch, value: dict[str, Any]
) -> None:
    losing, notion = home(monkeypatch)
    [kind] = value
    shows = {"id": "k", "type": kind, kind: words("one") if kind == "title" else value[kind]}
    there = row("one", "tasks", {"Key": shows})
    losing.lose("POST", shown(object="list", results=[there], has_more=False))

    found = await notion.pages.create(
        parent=ROW["parent"], properties={"Key": value}, unique_property="Key"
    )

    assert found.id == uid("one")
