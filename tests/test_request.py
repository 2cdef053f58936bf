"""The escape hatch, and answers that are not what they should be."""

from __future__ import annotations

import asyncio
import json

import pytest

from notion_async import (
    AsyncClient,
    ConfigurationError,
    ConnectionLostError,
    InvalidResponseError,
    ServerError,
    WriteOutcomeUnknown,
)
from notion_async.models import Divider
from notion_async.testing import Emulator
from notion_async.testing.clock import ManualClock
from notion_async.transport.message import Request, Response
from tests.clients import TOKEN, answer, client_of, client_to, listing, sent, virtual_client
from tests.faults.server import serving
from tests.faults.strikes import says, says_and_closes
from tests.faults.wire import http
from tests.mocked import mocked
from tests.testing.emulated import person, uid
from tests.transport.tools import Script, ok, refused

USER = {"object": "user", "id": uid("ada")}
CUT = b'{"object":"user","id":"'
WRONG = {
    "cut": CUT,
    "HTML": b"<html>502</html>",
    "empty": b"",
    "not UTF-8": b'{"object":"user","id":"\xff"}',
    "nested too deep": b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
}
WRONG_LISTS = {**WRONG, "a list without results": b"{}", "results of null": b'{"results":null}'}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


# --- the escape hatch ---


async def test_any_request_can_be_sent() -> None:
    emulator = Emulator()
    emulator.load([person("ada")])
    async with emulator, client_of(emulator) as notion:
        user = await notion.request("get", f"/v1/users/{uid('ada')}")
        found = await notion.request("POST", "/v1/search", body={"query": "x"})

    assert user["id"] == uid("ada")
    assert found["results"] == []


async def test_what_is_given_is_sent_and_encoded() -> None:
    async with serving(says(answer({"a": [1]}))) as server, client_to(server) as notion:
        result = await notion.request(
            "PATCH",
            "/v1/things/é %41",
            query={"on": True, "n": 3, "names": ["a b"], "names[]": ["c"], "none": None},
            body={"x": None, "block": {"type": "divider"}},
        )
        await notion.request("DELETE", "/v1/things")

    first, second = map(sent, server.requests)
    assert result == {"a": [1]}
    assert first.method == "PATCH"
    assert first.target == "/v1/things/%C3%A9%20%41?on=true&n=3&names%5B%5D=a+b&names%5B%5D=c"
    assert first.body == {"x": None, "block": {"type": "divider"}}
    assert (second.method, second.target, second.body) == ("DELETE", "/v1/things", None)
    assert "Content-Type" not in second.headers


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "v1/users",
        "/v2/users",
        "https://evil.example/v1/users",
        "//evil.example/v1/users",
        "/v1/../users",
        "/v1/./users",
        "/v1/%2e%2E/users",
        "/v1/pages/%2e%2e%2fusers",
        "/v1/users?page_size=1",
        "/v1/users#me",
        "/v1/users\\me",
    ],
)
async def test_a_path_that_is_none_of_the_api_is_refused(path: str) -> None:
    with mocked({}) as requests, pytest.raises(ConfigurationError, match="no path of Notion's"):
        await AsyncClient(TOKEN).request("GET", path)

    assert requests == []


async def test_what_is_no_json_is_not_sent() -> None:
    with mocked({}) as requests, pytest.raises(ConfigurationError, match="object"):
        await AsyncClient(TOKEN).request("POST", "/v1/search", body={"x": object()})  # type: ignore[dict-item]  # wrong on purpose  # pyright: ignore[reportArgumentType]  # the same

    assert requests == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/unheard-of"),
        ("POST", "/v1/search"),
        ("POST", f"/v1/data_sources/{uid('x')}/query"),
        ("DELETE", f"/v1/blocks/{uid('x')}"),
    ],
)
async def test_what_is_harmless_twice_is_sent_again_after_a_failure(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock, method: str, path: str
) -> None:
    script = Script(clock, refused(502), ok(b'{"object":"list"}'))
    notion = virtual_client(monkeypatch, clock, script)

    task = asyncio.ensure_future(notion.request(method, path))
    await clock.run(until=task)

    assert await task == {"object": "list"}
    assert len(script.sent_at) == 2


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/unheard-of"),
        ("PUT", "/v1/unheard-of"),
        ("DELETE", "/v1/unheard-of"),
        ("POST", "/v1/pages"),
        ("PATCH", f"/v1/blocks/{uid('x')}/children"),
    ],
)
async def test_what_may_write_is_never_sent_twice(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock, method: str, path: str
) -> None:
    script = Script(clock, refused(502), ok())
    notion = virtual_client(monkeypatch, clock, script)

    with pytest.raises(WriteOutcomeUnknown) as caught:
        await notion.request(method, path, body={})

    assert len(script.sent_at) == 1
    assert isinstance(caught.value.__cause__, ServerError)


# --- answers that are not what they should be ---


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_answer_to_a_read_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock, name: str
) -> None:
    script = Script(clock, ok(WRONG[name]), ok(json.dumps(USER).encode()))
    notion = virtual_client(monkeypatch, clock, script)

    task = asyncio.ensure_future(notion.users.me())
    await clock.run(until=task)

    assert (await task).id == uid("ada")
    assert len(script.sent_at) == 2


@pytest.mark.parametrize("name", WRONG_LISTS)
async def test_a_wrong_answer_to_a_listing_is_not_taken_for_a_list_of_nothing(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock, name: str
) -> None:
    script = Script(clock, ok(WRONG_LISTS[name]), ok(json.dumps(listing(USER)).encode()))
    notion = virtual_client(monkeypatch, clock, script)

    task = asyncio.ensure_future(notion.users.list().collect())
    await clock.run(until=task)

    assert [user.id for user in await task] == [uid("ada")]
    assert len(script.sent_at) == 2


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_answer_to_a_new_page_leaves_its_outcome_unknown(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock, name: str
) -> None:
    script = Script(clock, ok(WRONG[name]))
    notion = virtual_client(monkeypatch, clock, script)

    with pytest.raises(WriteOutcomeUnknown) as caught:
        await notion.pages.create(markdown="# Hi")

    assert len(script.sent_at) == 1
    assert isinstance(caught.value.__cause__, InvalidResponseError)


@pytest.mark.parametrize("name", WRONG_LISTS)
async def test_a_wrong_answer_to_appended_blocks_leaves_their_outcome_unknown(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock, name: str
) -> None:
    methods: list[str] = []

    async def wrong(request: Request, timeout: float) -> Response:
        methods.append(request.method)
        return ok(WRONG_LISTS[name])

    notion = virtual_client(monkeypatch, clock, Script(clock, wrong))

    appending = notion.blocks.children.append(uid("home"), children=[Divider()])
    task = asyncio.ensure_future(appending)
    await clock.run(until=task)

    with pytest.raises(WriteOutcomeUnknown):
        await task
    assert methods.count("PATCH") == 1


@pytest.mark.parametrize("body", [b"[1]", b"[]", *WRONG.values()])
async def test_an_answer_that_is_no_object_is_invalid(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock, body: bytes
) -> None:
    notion = virtual_client(
        monkeypatch, clock, Script(clock, Response(200, {}, body)), retry=False
    )

    with pytest.raises(InvalidResponseError) as caught:
        await notion.request("GET", "/v1/unheard-of")

    assert caught.value.status == 200


async def test_over_sockets_an_answer_that_is_cut_is_asked_for_again() -> None:
    whole = answer(USER)
    cut = says_and_closes(whole[:-10])
    async with serving(cut, says(whole)) as server, client_to(server) as notion:
        user = await notion.users.me()

    assert user.id == uid("ada")
    assert len(server.requests) == 2


async def test_over_sockets_a_new_page_whose_answer_is_cut_is_not_made_again() -> None:
    async with (
        serving(says_and_closes(http(CUT, length=100))) as server,
        client_to(server) as notion,
    ):
        with pytest.raises(WriteOutcomeUnknown) as caught:
            await notion.pages.create(markdown="# Hi")

    assert len(server.requests) == 1
    assert isinstance(caught.value.__cause__, ConnectionLostError)


async def test_half_a_character_in_a_request_is_named_before_anything_is_sent() -> None:
    async with AsyncClient(TOKEN, base_url="http://127.0.0.1:9") as notion:
        with pytest.raises(ConfigurationError, match="half a character") as caught:
            await notion.search("cut \ud83d")

    assert caught.value.attempts == 0


async def test_half_a_character_in_an_answer_does_not_hinder_the_rest() -> None:
    cut = {"object": "user", "id": "u1", "name": "half \ud83d"}
    async with (
        serving(says(answer(listing(cut, {"object": "user", "id": "u2"})))) as server,
        client_to(server, limiter=None) as notion,
    ):
        found = await notion.users.list().collect()

    assert [user.id for user in found] == ["u1", "u2"]
    assert found[0].name == "half \ufffd"


async def test_bytes_that_are_no_text_are_found_before_an_object_is_touched() -> None:
    text = b'{"object":"list","results":[{"object":"user","id":"\xff"}],"has_more":false}'
    async with (
        serving(says(http(text))) as server,
        client_to(server, limiter=None, retry=False) as notion,
    ):
        with pytest.raises(InvalidResponseError):
            await notion.users.list()
