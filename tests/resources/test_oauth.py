"""Tokens are got and put out of use by the connection itself, and its secret shows nowhere."""

from __future__ import annotations

import base64
import logging
import pickle
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from notion_async import (
    APIResponseError,
    AsyncClient,
    AttemptRecord,
    CallRecord,
    ConfigurationError,
    NotionError,
    UnauthorizedError,
    ValidationError,
    WriteOutcomeUnknown,
    log_hook,
    unstructure,
)
from notion_async.auth import Secret
from notion_async.models.oauth import OAuthIntrospection, OAuthRevocation, OAuthToken
from tests.clients import TOKEN, answer, client_to, sent
from tests.faults.server import serving
from tests.faults.strikes import hangs, resets, says
from tests.faults.wire import http
from tests.mocked import Shape, mocked

CLIENT_ID = "0f0e0d0c-0000-4000-8000-000000000001"
CLIENT_SECRET = "secret_test_canary_9876543210"
CODE = "test-code-canary-4321"
REFRESH = "nrt_test_canary_1111"
WHO: dict[str, Any] = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
HIDDEN = ("canary", base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode())
PAIR = {
    "access_token": "ntn_test_canary_2222",
    "token_type": "bearer",
    "refresh_token": "nrt_test_canary_3333",
    "bot_id": "b1",
    "workspace_id": "w1",
}
Call = Callable[[AsyncClient], Awaitable[object]]

REQUESTS: dict[str, tuple[Call, str, dict[str, object]]] = {
    "a code": (
        lambda notion: notion.oauth.token(code=CODE, **WHO),
        "token",
        {"grant_type": "authorization_code", "code": CODE},
    ),
    "a code with all that goes with it": (
        lambda notion: notion.oauth.token(
            grant_type="authorization_code",
            code=CODE,
            redirect_uri="https://example.com/back?x=1",
            external_account={"key": "k", "name": "n"},
            **WHO,
        ),
        "token",
        {
            "grant_type": "authorization_code",
            "code": CODE,
            "redirect_uri": "https://example.com/back?x=1",
            "external_account": {"key": "k", "name": "n"},
        },
    ),
    "a refresh token": (
        lambda notion: notion.oauth.token(refresh_token=REFRESH, **WHO),
        "token",
        {"grant_type": "refresh_token", "refresh_token": REFRESH},
    ),
    "a refresh token that hides itself": (
        lambda notion: notion.oauth.token(
            grant_type="refresh_token",
            refresh_token=Secret(REFRESH),
            client_id=CLIENT_ID,
            client_secret=Secret(CLIENT_SECRET),
        ),
        "token",
        {"grant_type": "refresh_token", "refresh_token": REFRESH},
    ),
    "introspection": (
        lambda notion: notion.oauth.introspect(token=REFRESH, **WHO),
        "introspect",
        {"token": REFRESH},
    ),
    "revocation": (
        lambda notion: notion.oauth.revoke(token=Secret(REFRESH), **WHO),
        "revoke",
        {"token": REFRESH},
    ),
}


async def asked(call: Call, auth: str | None) -> Shape:
    with mocked({**PAIR, "active": True}) as requests:
        async with AsyncClient(auth) as notion:
            await call(notion)
    [request] = requests
    return request


@pytest.mark.parametrize("auth", [None, TOKEN], ids=["without a token", "with a token"])
@pytest.mark.parametrize("name", REQUESTS)
async def test_the_connection_names_itself_and_what_it_has(name: str, auth: str | None) -> None:
    call, path, body = REQUESTS[name]

    request = await asked(call, auth)

    scheme, _, pair = request.headers["Authorization"].partition(" ")
    assert (scheme, base64.b64decode(pair).decode()) == ("Basic", f"{CLIENT_ID}:{CLIENT_SECRET}")
    assert (request.method, request.path) == ("POST", f"https://api.notion.com/v1/oauth/{path}")
    assert (request.query, request.body) == ([], body)
    assert request.headers["Notion-Version"] == "2026-03-11"
    assert request.headers["Content-Type"] == "application/json"


async def test_tokens_come_as_objects() -> None:
    answers = (PAIR, {"active": True, "scope": "read", "iat": 5}, {"request_id": "r"})
    async with (
        serving(*(says(answer(each)) for each in answers)) as server,
        client_to(server) as notion,
    ):
        token = await notion.oauth.token(code=CODE, **WHO)
        known = await notion.oauth.introspect(token=REFRESH, **WHO)
        revoked = await notion.oauth.revoke(token=REFRESH, **WHO)

    assert (type(token), type(known), type(revoked)) == (
        OAuthToken,
        OAuthIntrospection,
        OAuthRevocation,
    )
    assert (token.access_token, token.refresh_token) == (
        PAIR["access_token"],
        PAIR["refresh_token"],
    )
    assert (known.active, known.scope, known.iat) == (True, "read", 5)
    assert revoked.request_id == "r"


WRONG: dict[str, dict[str, Any]] = {
    "give one of them": {},
    "give one": {"code": CODE, "refresh_token": REFRESH},
    "for a code": {"code": ""},
    "refresh_token: give": {"refresh_token": Secret("")},
    "'authorization_code' here": {"code": CODE, "grant_type": "refresh_token"},
    "'refresh_token' here": {"refresh_token": REFRESH, "grant_type": "authorization_code"},
    "redirect_uri and": {"refresh_token": REFRESH, "redirect_uri": "https://example.com"},
    "external_account go": {"refresh_token": REFRESH, "external_account": {"key": "k"}},
}


@pytest.mark.parametrize("words", WRONG)
async def test_what_does_not_go_together_is_refused_before_it_is_sent(words: str) -> None:
    with mocked(PAIR) as requests, pytest.raises(ConfigurationError, match=words) as caught:
        await AsyncClient().oauth.token(**{**WHO, **WRONG[words]})

    assert requests == []
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    "who",
    [
        {"client_id": "", "client_secret": CLIENT_SECRET},
        {"client_id": CLIENT_ID, "client_secret": ""},
        {"client_id": CLIENT_ID, "client_secret": Secret("")},
        {"client_id": None, "client_secret": None},
    ],
)
@pytest.mark.parametrize("method", ["introspect", "revoke"])
async def test_a_connection_that_does_not_name_itself_is_refused(
    method: str, who: dict[str, Any]
) -> None:
    with mocked({}) as requests, pytest.raises(ConfigurationError, match="give both") as caught:
        await getattr(AsyncClient().oauth, method)(token=REFRESH, **who)

    assert requests == []
    assert "canary" not in str(caught.value)


async def test_without_a_token_nothing_else_can_be_called() -> None:
    with mocked({}) as requests, pytest.raises(ConfigurationError, match="no token"):
        await AsyncClient().users.me()

    assert requests == []


@pytest.mark.parametrize(
    ("status", "body", "cls", "code", "message"),
    [
        (400, {"error": "invalid_grant"}, ValidationError, "invalid_grant", ""),
        (
            400,
            {"error": "invalid_grant", "error_description": "The code expired."},
            ValidationError,
            "invalid_grant",
            "The code expired.",
        ),
        (
            400,
            {"object": "error", "status": 400, "code": "invalid_grant", "message": "Used up."},
            ValidationError,
            "invalid_grant",
            "Used up.",
        ),
        (401, {"error": "invalid_client"}, UnauthorizedError, "invalid_client", ""),
        (
            401,
            {"object": "error", "status": 401, "code": "unauthorized", "message": "No."},
            UnauthorizedError,
            "unauthorized",
            "No.",
        ),
    ],
)
async def test_errors_come_in_the_words_of_oauth_or_of_notion(
    status: int, body: dict[str, object], cls: type[APIResponseError], code: str, message: str
) -> None:
    async with serving(says(answer(body, status))) as server, client_to(server) as notion:
        with pytest.raises(cls) as caught:
            await notion.oauth.token(code=CODE, **WHO)

    assert (caught.value.status, caught.value.code) == (status, code)
    assert message in str(caught.value)
    assert len(server.requests) == 1


async def test_a_code_is_spent_once_even_where_the_answer_is_lost() -> None:
    async with serving(resets(), says(answer(PAIR))) as server, client_to(server) as notion:
        with pytest.raises(WriteOutcomeUnknown):
            await notion.oauth.token(code=CODE, **WHO)

    assert len(server.requests) == 1


async def test_a_code_is_sent_again_where_notion_refused_to_look_at_it() -> None:
    busy = http(b"{}", status=429, headers="Retry-After: 0\r\n")
    async with serving(says(busy), says(answer(PAIR))) as server, client_to(server) as notion:
        token = await notion.oauth.token(code=CODE, **WHO)

    assert token.bot_id == "b1"
    assert [sent(each).body for each in server.requests] == [
        {"grant_type": "authorization_code", "code": CODE}
    ] * 2


FAILURES = {
    "an error": says(answer({"error": "invalid_grant"}, 400)),
    "an error that is none of Notion's": says(http(b"<html>", status=502)),
    "an answer that is lost": resets(),
    "an answer that does not come": hangs(),
    "no JSON": says(http(b"{'access_token'")),
    "JSON of another shape": says(http(b"[1]")),
    "half a text": says(http(b'{"access_token":"\xff"}')),
    "a redirect": says(http(b"", status=302, headers="Location: https://example.com\r\n")),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_no_secret_shows_in_an_error_a_record_or_the_log(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    records: list[AttemptRecord | CallRecord] = []
    shown = []
    async with (
        serving(FAILURES[name]) as server,
        client_to(
            server, timeout=0.2, deadline=0.5, retry=False, hooks=[records.append, log_hook]
        ) as notion,
    ):
        for call, _, _ in REQUESTS.values():
            try:
                made = await call(notion)
            except NotionError as error:
                shown += [
                    str(error),
                    repr(error),
                    repr(vars(error)),
                    repr(error.__context__),
                    repr(pickle.dumps(error)),
                    "".join(traceback.format_exception(error)),
                ]
            else:
                shown.append(repr(made))
        shown += [repr(notion), repr(notion.oauth), repr(records), caplog.text]

    assert len(records) == 2 * len(REQUESTS)
    everything = "\n".join(shown)
    assert [each for each in HIDDEN if each in everything] == []


async def test_what_is_stored_of_an_answer_is_what_notion_sent() -> None:
    async with serving(says(answer(PAIR))) as server, client_to(server) as notion:
        token = await notion.oauth.token(code=CODE, **WHO)

    assert unstructure(token) == PAIR
    assert "canary" not in repr(token)
