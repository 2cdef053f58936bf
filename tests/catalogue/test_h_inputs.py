"""H01 to H05: what is passed in is checked before anything is sent, and no secret shows."""

from __future__ import annotations

import asyncio
import base64
import copy
import json
import logging
import pickle
import re
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any, Final
from urllib.parse import unquote

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notion_async import (
    AsyncClient,
    AttemptRecord,
    CallRecord,
    ConfigurationError,
    NotionError,
    RetryPolicy,
    endpoints,
    log_hook,
)
from notion_async.auth import TOKEN_VARIABLES, Credentials, Secret
from notion_async.transport.call import Call
from notion_async.transport.message import Request
from tests.canary import shown_by
from tests.clients import TOKEN, answer, client_to
from tests.faults.facing import CALLS, facing
from tests.faults.nemesis import ALL
from tests.faults.server import always, serving
from tests.faults.strikes import hangs, resets, says
from tests.faults.wire import http
from tests.fuzz.asking import told_client
from tests.processes import environment
from tests.testing.emulated import uid
from tests.transport.test_aiohttp import self_signed

CLIENT_SECRET: Final = "secret_test_canary_9876543210"
CREDENTIALS: Final = base64.b64encode(f"id:{CLIENT_SECRET}".encode()).decode()
OAUTH: Final[dict[str, Callable[[AsyncClient], Awaitable[object]]]] = {
    "token": lambda notion: notion.oauth.token(
        code="test-code-canary-1", client_id="id", client_secret=CLIENT_SECRET
    ),
    "refresh": lambda notion: notion.oauth.token(
        refresh_token="nrt_test_canary_1", client_id="id", client_secret=CLIENT_SECRET
    ),
    "introspect": lambda notion: notion.oauth.introspect(
        token="nrt_test_canary_2", client_id="id", client_secret=CLIENT_SECRET
    ),
    "revoke": lambda notion: notion.oauth.revoke(
        token="nrt_test_canary_3", client_id="id", client_secret=CLIENT_SECRET
    ),
}
TOKENS: Final = re.compile(rf"canary|ntn_test_emulator|{re.escape(CREDENTIALS)}")
ID: Final = uid("any")


def leaks(error: BaseException) -> list[str]:
    """Return where a secret shows in an error and in all that hangs on it."""
    return [where for where, text in shown_by(error) if TOKENS.search(text)]


async def failure_of(call: Awaitable[object]) -> NotionError | None:
    """Return how a call of the catalogue failed; None where it did not."""
    try:
        await call
    except NotionError as error:
        return error
    return None


# H01: no secret shows


@pytest.mark.parametrize("fault", ALL)
async def test_h01_no_failure_shows_the_token(
    fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    records: list[AttemptRecord | CallRecord] = []
    options: dict[str, Any] = {
        "hooks": [records.append, log_hook],
        "timeout": 0.15,
        "deadline": 0.4,
        "limiter": None,
        "retry": RetryPolicy(attempts=2, base=0.0, cap=0.0, spread=0.0),
        "max_response_bytes": 100_000,
    }
    struck = always(ALL[fault](Random(7)))  # noqa: S311 - the same in every run

    async with facing(struck, **options) as it:
        failures = await asyncio.gather(*(failure_of(call(it.notion)) for call in CALLS.values()))

    assert [leaks(error) for error in failures if error is not None and leaks(error)] == []
    assert records
    assert TOKENS.search(f"{records!r} {caplog.text}") is None


@pytest.mark.parametrize("fault", ALL)
async def test_h01_an_error_survives_being_copied_and_written_down(fault: str) -> None:
    struck = always(ALL[fault](Random(7)))  # noqa: S311 - the same in every run
    async with facing(struck, timeout=0.15, deadline=0.3, retry=False) as it:
        failures = await asyncio.gather(*(failure_of(call(it.notion)) for call in CALLS.values()))

    for error in filter(None, failures):
        for twin in (
            pickle.loads(pickle.dumps(error)),  # noqa: S301 - ours
            copy.copy(error),
            copy.deepcopy(error),
        ):
            assert type(twin) is type(error)
            assert (str(twin), vars(twin)) == (str(error), vars(error))


OF_OAUTH: Final = {
    "an error": says(answer({"error": "invalid_grant"}, 400)),
    "an answer that is lost": resets(),
    "an answer that does not come": hangs(),
    "HTML": says(http(b"<html>", status=502)),
    "half a text": says(http(b'{"access_token":"ntn_canary_1234567","refresh_token":"\xff"}')),
    "cut JSON": says(http(b'{"access_token":"ntn_canary_1234567","refresh_token":"nrt_canary_')),
    "JSON of another shape": says(http(b'[{"access_token":"ntn_canary_1234567"}]')),
}


@pytest.mark.parametrize("what", OF_OAUTH)
@pytest.mark.parametrize("name", OAUTH)
async def test_h01_no_failure_of_oauth_shows_a_secret(name: str, what: str) -> None:
    async with (
        serving(OF_OAUTH[what]) as server,
        client_to(server, timeout=0.1, deadline=0.3, retry=False) as notion,
    ):
        error = await failure_of(OAUTH[name](notion))

    assert error is not None
    assert leaks(error) == []


@pytest.mark.parametrize("wrong", [{"code": "a", "refresh_token": "nrt_test_canary_4"}, {}])
async def test_h01_what_oauth_refuses_to_send_is_not_shown(wrong: dict[str, Any]) -> None:
    call = AsyncClient(TOKEN).oauth.token(client_id="id", client_secret=CLIENT_SECRET, **wrong)

    error = await failure_of(call)

    assert isinstance(error, ConfigurationError)
    assert leaks(error) == []


async def test_h01_nothing_of_a_client_shows_the_token() -> None:
    async with (
        serving(says(answer({"object": "user", "id": ID}))) as server,
        client_to(server) as notion,
    ):
        await notion.users.retrieve(ID)
        send = notion._sender
        headers = {"Authorization": f"Bearer {TOKEN}"}
        request = Request("GET", f"{server.base_url}/v1/x", headers, TOKEN.encode())
        things: list[object] = [
            notion,
            notion.with_options(timeout=1.0),
            notion._options,
            notion._transport,
            notion._token,
            send,
            send.pipeline,
            send._plain,
            request,
            Call(endpoints.PAGES_RETRIEVE, request),
            Secret(TOKEN),
            Credentials("id", Secret(CLIENT_SECRET)),
            notion.pages,
            notion.oauth,
            notion.users.list(),
        ]

    for thing in things:
        shown = f"{thing!r} {thing!s} {thing} {[thing]} {{'thing': {thing!r}}}"
        assert TOKENS.search(shown) is None, type(thing)


@pytest.mark.parametrize("secret", [Secret(TOKEN), Credentials("id", Secret(TOKEN))])
def test_h01_a_secret_is_not_written_by_accident(secret: object) -> None:
    shown = f"{secret} {secret!r} %s" % secret
    shown += json.dumps({"secret": secret}, default=str)

    assert TOKENS.search(shown) is None
    for write in (pickle.dumps, copy.deepcopy, json.dumps, msgspec.json.encode):
        with pytest.raises(TypeError) as caught:
            write(secret)
        assert leaks(caught.value) == []


# H02: tokens


WRONG_TOKENS: Final = (
    "ntn_canary\r\nX-Evil: 1",
    "ntn_canary\nx",
    "ntn_canary x",
    "ntn_canary\u00a0x",
    "ntn_canary_\u00e9",
    "ntn_canary_\ud83d",
    "ntn_canary_\uff11",
    "ntn_canary\x00",
    "ntn_canary\x7f",
    b"ntn_canary",
)


@pytest.mark.parametrize("nothing", ["", " ", "\r\n", 12345])
def test_h02_what_is_empty_is_no_token(nothing: Any) -> None:
    with pytest.raises(ConfigurationError, match="the token in auth is"):
        AsyncClient(nothing)


@pytest.mark.parametrize("token", WRONG_TOKENS)
def test_h02_a_token_that_cannot_be_one_is_refused_and_not_repeated(token: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        AsyncClient(token)

    assert leaks(caught.value) == []


@pytest.mark.parametrize("name", TOKEN_VARIABLES)
def test_h02_nor_is_one_of_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "ntn_canary\r\nX-Evil: 1")

    with pytest.raises(ConfigurationError, match=name) as caught:
        AsyncClient()

    assert leaks(caught.value) == []


# H03: ids


NO_IDS: Final = (
    "../users/me",
    "..%2Fusers%2Fme",
    "%2e%2e/users/me",
    "%2e%2e",
    "a?x=1",
    "a#f",
    "",
    " ",
    ".",
    f"{ID}/../users",
    f"{ID}?x=1",
    f"{ID}#f",
    f"{ID}\r\nX-Evil: 1",
    f"{ID}\x00",
    ID[:-1],
    f"{ID}0",
    ID.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    if any(map(str.isdigit, ID))
    else "x",
    "\u0660" * 32,
    "https://evil.example/" + ID.replace("-", ""),
    "javascript:alert(1)",
)
SAME_ID: Final = (
    ID,
    ID.upper(),
    ID.replace("-", ""),
    ID.replace("-", "").upper(),
    f" {ID}\n",
    f"https://www.notion.so/My-page-{ID.replace('-', '')}?pvs=4",
    f"https://app.notion.com/p/team/{ID.replace('-', '')}",
)
BY_ID: Final[dict[str, Callable[[AsyncClient, str], Awaitable[object]]]] = {
    "pages.retrieve": lambda notion, given: notion.pages.retrieve(given),
    "pages.update": lambda notion, given: notion.pages.update(given, in_trash=True),
    "blocks.children.list": lambda notion, given: notion.blocks.children.list(given),
    "blocks.delete": lambda notion, given: notion.blocks.delete(given),
    "data_sources.query": lambda notion, given: notion.data_sources.query(given),
    "users.retrieve": lambda notion, given: notion.users.retrieve(given),
    "pages.properties.retrieve": lambda notion, given: notion.pages.properties.retrieve(
        given, "title"
    ),
}
PATH: Final = re.compile(r"/v1/[a-z_]+/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(/[a-z/]+)?")


async def path_of(call: Callable[[AsyncClient], Awaitable[object]]) -> str | None:
    """Return the path that a call would ask for; None where it is refused before."""
    with pytest.MonkeyPatch.context() as patch:
        notion, told = told_client(patch)
        # A listing checks its arguments before it is awaited.
        error = await failure_of(_asked(call, notion))
    if told.request is None:
        assert isinstance(error, ConfigurationError)
        return None
    return told.request.url.removeprefix("https://api.notion.com")


async def _asked(call: Callable[[AsyncClient], Awaitable[object]], notion: AsyncClient) -> object:
    return await call(notion)


@pytest.mark.parametrize("given_", NO_IDS)
@pytest.mark.parametrize("name", BY_ID)
async def test_h03_what_is_no_id_is_refused_before_it_is_sent(name: str, given_: str) -> None:
    assert await path_of(lambda notion: BY_ID[name](notion, given_)) is None


@pytest.mark.parametrize("given_", SAME_ID)
@pytest.mark.parametrize("name", BY_ID)
async def test_h03_an_id_is_sent_in_one_form(name: str, given_: str) -> None:
    path = await path_of(lambda notion: BY_ID[name](notion, given_))

    assert path is not None
    assert PATH.fullmatch(path)
    assert path.split("/")[3] == ID


@given(text=st.text() | st.text(alphabet="0123456789abcdefABCDEF-./%?#\uff10", max_size=40))
@example(text=ID)
def test_h03_whatever_is_given_as_an_id_stays_one(text: str) -> None:
    path = asyncio.run(path_of(lambda notion: notion.pages.retrieve(text)))

    assert path is None or PATH.fullmatch(path)


@given(text=st.text(max_size=20) | st.text(alphabet="./%?#\\ 2eE:", max_size=8))
@example(text="..")
@example(text=".")
@example(text="%2e%2e")
@example(text="../../users/me")
@example(text="a/b")
def test_h03_the_id_of_a_property_stays_one_part_of_the_path(text: str) -> None:
    path = asyncio.run(path_of(lambda notion: notion.pages.properties.retrieve(ID, text)))

    if path is not None:
        begin = f"/v1/pages/{ID}/properties/"
        assert path.startswith(begin)
        assert not set(path.removeprefix(begin)) & set("/?#\\ \r\n")
        assert unquote(path.removeprefix(begin)) not in (".", "..", "")


# H04: where requests go


@pytest.mark.parametrize(
    "address",
    [
        "http://api.notion.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://localhost.evil.example",
    ],
)
def test_h04_no_token_goes_in_the_clear_to_another_machine(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError, match="in the clear"):
        AsyncClient("ntn_test", base_url=address)

    monkeypatch.setenv("NOTION_BASE_URL", address)
    with pytest.raises(ConfigurationError, match="in the clear"):
        AsyncClient("ntn_test")


# H05: the environment


async def test_h05_proxies_and_netrc_of_the_environment_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (tmp_path / ".netrc", tmp_path / "netrc"):
        folder.write_text(
            "machine 127.0.0.1 login other password other\n"
            "machine api.notion.com login other password other\n"
        )
        folder.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    async with serving(says(http(b"{}"))) as proxy, serving(says(answer({}))) as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.base_url)
            monkeypatch.setenv(name.lower(), proxy.base_url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        async with client_to(server) as notion:
            await notion.request("GET", "/v1/x")

    assert (proxy.connections, len(server.arrived)) == (0, 1)
    assert server.arrived[0].headers["authorization"] == f"Bearer {TOKEN}"


TRUSTING: Final = """
import asyncio, sys
from notion_async import AsyncClient, NotionError

async def main():
    async with AsyncClient("ntn_test", base_url=sys.argv[1], retry=False) as notion:
        try:
            await notion.request("GET", "/v1/x")
        except NotionError as error:
            print(type(error).__name__)
        else:
            print("trusted")

asyncio.run(main())
"""


def certificate_in(folder: Path) -> str:
    [found] = [path for path in folder.iterdir() if b"BEGIN CERTIFICATE" in path.read_bytes()]
    return str(found)


async def test_h05_whom_to_trust_is_not_for_the_environment_to_say(tmp_path: Path) -> None:
    context = self_signed(tmp_path)
    certificate = certificate_in(tmp_path)
    said = []
    for variables in ({}, {"SSL_CERT_FILE": certificate}):
        async with serving(says(answer({})), tls=context) as server:
            address = f"https://localhost:{server.port}"  # as in the certificate
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-W", "error", "-c", TRUSTING, address),
                stdout=asyncio.subprocess.PIPE,
                env=environment(**variables),
            )
            printed, _ = await process.communicate()
        said.append(printed.decode().strip())

    assert said == ["ConnectError", "ConnectError"]
