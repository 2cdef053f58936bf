"""P1: whatever comes, a call returns an object or raises an error of this library."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notion_async import InvalidResponseError, NotionError, WriteOutcomeUnknown, unstructure
from notion_async.models import User
from notion_async.transport.message import Response
from tests.fuzz.asking import LISTINGS, METHODS, OBJECTS, Ask, check, outcome, told_client
from tests.fuzz.mutations import nearly
from tests.models.tools import read_all
from tests.testing.emulated import uid

# In parts, so that several processes share them.
ROUNDS, EACH = 40, 500
STATUSES = (200,) * 24 + (201, 204, 302, 400, 401, 403, 404, 409, 418, 429, 500, 503, 526, 529)
SHORT = (
    b"",
    b"{}",
    b"null",
    b"0",
    b'""',
    b"{",
    b"\xff",
    b" ",
    b"\x00",
    b'{"object":"list"}',
)


@pytest.mark.parametrize("part", range(ROUNDS))
async def test_an_answer_that_is_nearly_right_is_an_object_or_an_error(
    part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    notion, told = told_client(monkeypatch)
    objects = 0
    for number in range(EACH):
        random = Random(f"{part}-{number}")  # noqa: S311 - the same in every run
        ask = METHODS[(part + number) % len(METHODS)]
        told.answer = Response(random.choice(STATUSES), {}, nearly(random))
        try:
            found = await outcome(notion, ask)
            check(found, told.answer.body)
        except BaseException as failure:
            failure.add_note(f"answer {part}-{number}: {told.answer.body[:2000]!r}")
            raise
        objects += not isinstance(found, NotionError)

    assert told.sent == EACH
    # Else nothing would have been looked at; most are of another kind than was asked for.
    assert objects > EACH // 20


@given(
    body=st.binary(max_size=200) | st.binary(max_size=40).map(lambda rest: b'{"object":"' + rest),
    status=st.sampled_from((200, 404, 500)) | st.integers(100, 999),
    number=st.integers(0, len(METHODS) - 1),
)
@settings(max_examples=1_000, deadline=None)
def test_any_bytes_are_an_object_or_an_error(body: bytes, status: int, number: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        notion, told = told_client(patch)
        told.answer = Response(status, {}, body)

        found = asyncio.run(outcome(notion, METHODS[number]))

    check(found, body)


@pytest.mark.parametrize("ask", METHODS)
@pytest.mark.parametrize("body", SHORT)
async def test_next_to_nothing_is_an_object_or_an_error(
    body: bytes, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    notion, told = told_client(monkeypatch)
    told.answer = Response(200, {}, body)

    check(await outcome(notion, ask), body)


@pytest.mark.parametrize("ask", METHODS)
async def test_an_error_that_says_it_is_a_success_is_no_object(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    notion, told = told_client(monkeypatch)
    text = b'{"object": "error", "status": 404, "code": "object_not_found", "message": "no"}'
    told.answer = Response(200, {}, text)

    assert isinstance(await outcome(notion, ask), (InvalidResponseError, WriteOutcomeUnknown))


@pytest.mark.parametrize("results", ["null", "5", '"x"', "{}", '{"a": []}', "true"])
@pytest.mark.parametrize("ask", LISTINGS)
async def test_a_list_without_a_list_is_no_list_of_nothing(
    ask: Ask, results: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    notion, told = told_client(monkeypatch)
    text = f'{{"object": "list", "results": {results}, "has_more": false, "next_cursor": null}}'
    told.answer = Response(200, {}, text.encode())

    assert isinstance(await outcome(notion, ask), InvalidResponseError)


@pytest.mark.parametrize("body", [b"[]", b'[{"object": "page"}]'])
@pytest.mark.parametrize("ask", OBJECTS)
async def test_an_array_is_no_object(
    ask: Ask, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    notion, told = told_client(monkeypatch)
    told.answer = Response(200, {}, body)

    assert isinstance(await outcome(notion, ask), (InvalidResponseError, WriteOutcomeUnknown))


@pytest.mark.parametrize(
    "bot",
    [
        "{}",
        '{"workspace_id": 5}',
        '{"workspace_id": "x"}',
        *("null", "5", "[]", '"x"', "1e5", "[[]]"),
    ],
)
async def test_a_bot_of_another_shape_is_a_user(bot: str, monkeypatch: pytest.MonkeyPatch) -> None:
    notion, told = told_client(monkeypatch)
    text = f'{{"object": "user", "id": "{uid("bot")}", "type": "bot", "bot": {bot}}}'.encode()
    told.answer = Response(200, {}, text)

    found = await outcome(notion, lambda notion: notion.users.me())

    assert isinstance(found, User)
    check(found, text)


@pytest.mark.parametrize("number", [b"1e400", b"-1e999", b"9" * 5_000])
@pytest.mark.parametrize("field", [b"checkbox", b"icon", b"properties", b"new"])
async def test_a_number_that_is_too_large_is_an_error_of_the_call(
    number: bytes, field: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    notion, told = told_client(monkeypatch)
    told.answer = Response(200, {}, b'{"object": "page", "%b": %b}' % (field, number))

    found = await outcome(notion, lambda notion: notion.pages.retrieve(uid("any")))

    if not isinstance(found, NotionError):
        read_all(found)
        unstructure(found)  # type: ignore[arg-type]  # a page
