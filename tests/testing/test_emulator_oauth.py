"""Users let public connections in, with a browser or without; codes and tokens work once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest
from attrs import define

from notion_async import (
    APIResponseError,
    AsyncClient,
    ConfigurationError,
    ObjectNotFoundError,
    UnauthorizedError,
    ValidationError,
    unstructure,
)
from notion_async.auth import Credentials, Secret
from notion_async.models.oauth import OAuthToken
from notion_async.testing import Emulator
from notion_async.testing.authorizations import PublicConnection
from notion_async.testing.capabilities import Capabilities

from .emulated import NOW, database, page, person, uid, under
from .test_emulator_schema import validator

BACK = "https://example.com/back?from=notion"
OTHER = "https://example.com/other"


@define
class World:
    """A workspace, a public connection to it, and a client with no token."""

    emulator: Emulator
    app: PublicConnection
    notion: AsyncClient
    browser: aiohttp.ClientSession
    moment: list[datetime]

    @property
    def who(self) -> dict[str, Any]:
        return {"client_id": self.app.client_id, "client_secret": self.app.client_secret}

    async def token(self, code: str, **options: Any) -> OAuthToken:
        return await self.notion.oauth.token(code=code, **self.who, **options)

    async def refresh(self, token: OAuthToken) -> OAuthToken:
        assert token.refresh_token is not None
        return await self.notion.oauth.token(refresh_token=token.refresh_token, **self.who)

    def as_bearer(self, token: OAuthToken) -> AsyncClient:
        return AsyncClient(token.access_token, base_url=self.emulator.base_url)

    async def look(self, url: str) -> tuple[int, str]:
        async with self.browser.get(url) as response:
            assert response.content_type == "text/html"
            return response.status, await response.text()

    async def send(self, form: Mapping[str, Any]) -> tuple[int, str, str]:
        """Send the form; return status, text, and where the browser is sent."""
        pairs = [
            (name, one)
            for name, value in form.items()
            for one in ([value] if isinstance(value, str) else value)
        ]
        url = f"{self.emulator.base_url}/v1/oauth/authorize"
        async with self.browser.post(url, data=pairs, allow_redirects=False) as response:
            location = response.headers.get("Location", "")
            return response.status, await response.text(), location


@asynccontextmanager
async def world(
    *uris: str, people: tuple[str, ...] = ("ada", "bob"), **options: Any
) -> AsyncIterator[World]:
    moment = [NOW]
    emulator = Emulator(budget=None, wall=lambda: moment[0])
    emulator.load(
        [
            page("Home"),
            page("Below", under("page_id", "Home")),
            page('<b>Odd</b> & "quoted"'),
            page("Gone", in_trash=True),
            database("Tasks"),
            *(person(name) for name in people),
        ]
    )
    app = emulator.public_connection("Cal & Co", redirect_uris=uris or (BACK,), **options)
    async with (
        emulator,
        AsyncClient(base_url=emulator.base_url) as notion,
        aiohttp.ClientSession() as browser,
    ):
        yield World(emulator, app, notion, browser, moment)


def plain(model: Any) -> Any:
    return unstructure(model)


def told(location: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))


class Form(HTMLParser):
    """What a browser would make of a page, without JavaScript."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.boxes: dict[str, bool] = {}
        self.buttons: list[str] = []
        self.method = self.action = ""
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag == "form":
            self.method, self.action = given["method"], given["action"]
        elif tag == "input" and given["type"] == "hidden":
            self.fields[given["name"]] = given["value"]
        elif tag == "input":
            self.boxes[given["value"]] = "checked" in given
        elif tag == "option" and ("selected" in given or "user" not in self.fields):
            self.fields["user"] = given["value"]
        elif tag == "button":
            self.buttons.append(given["value"])


# The page


async def test_a_person_chooses_pages_and_is_sent_back_with_a_code() -> None:
    async with world() as at:
        url = at.app.authorization_url(state="s & t")
        status, text = await at.look(url)
        form = Form(text)
        sent, _, location = await at.send(
            {**form.fields, "page": [uid("Home")], "action": "allow"}
        )
        code = told(location)["code"]
        token = await at.token(code, redirect_uri=BACK)
        async with at.as_bearer(token) as notion:
            await notion.pages.retrieve(uid("Below"))
            with pytest.raises(ObjectNotFoundError):
                await notion.databases.retrieve(uid("Tasks"))
            me = await notion.users.me()

    assert (status, sent) == (200, 303)
    assert location.startswith("https://example.com/back?from=notion&code=")
    assert told(location)["state"] == "s & t"
    assert (form.method, form.action) == ("post", "/v1/oauth/authorize")
    assert form.boxes == {
        uid("Home"): False, uid("<b>Odd</b> & \"quoted\""): False, uid("Tasks"): False,
    }  # fmt: skip
    assert form.buttons == ["select_all", "allow", "cancel"]
    assert (me.id, me.name) == (token.bot_id, "Cal & Co")


async def test_the_page_needs_nothing_from_elsewhere_and_names_everything() -> None:
    async with world() as at:
        _, text = await at.look(at.app.authorization_url())
        async with at.browser.get(at.app.authorization_url()) as response:
            policy = response.headers["Content-Security-Policy"]

    form = Form(text)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert not {"script", "img", "link", "iframe", "b"} & set(form.tags)
    assert "http" not in re.sub(r'value="[^"]*"', "", text)
    assert '<html lang="en">' in text
    assert "Cal &amp; Co wants to access your workspace" in text
    assert '<b>Odd</b> & "quoted"' in unescape(text)
    assert form.tags.count("label") == 1 + len(form.boxes)
    assert "state" not in form.fields


async def test_the_page_says_what_the_connection_will_be_able_to_do() -> None:
    capabilities = Capabilities(update_content=False, user_information="without_email")
    async with world(capabilities=capabilities) as at:
        _, text = await at.look(at.app.authorization_url())
    async with world(capabilities=Capabilities(user_information="none")) as at:
        _, discreet = await at.look(at.app.authorization_url())

    assert "<li>Read content</li>" in text
    assert "Update content" not in text
    assert "<li>Read user information, without email addresses</li>" in text
    assert "user information" not in discreet


async def test_select_all_checks_every_box_and_leaves_the_rest_as_it_was() -> None:
    async with world() as at:
        _, text = await at.look(at.app.authorization_url(state="s"))
        form = Form(text)
        form.fields["user"] = uid("bob")
        status, text, _ = await at.send({**form.fields, "action": "select_all"})

    assert status == 200
    assert set(Form(text).boxes.values()) == {True}
    assert Form(text).fields == form.fields


async def test_who_cancels_is_sent_back_without_a_code() -> None:
    async with world(OTHER) as at:
        fields = Form((await at.look(at.app.authorization_url(state="s")))[1]).fields
        status, _, location = await at.send({**fields, "action": "cancel"})

    assert (status, location) == (303, f"{OTHER}?error=access_denied&state=s")


async def test_any_of_the_people_can_be_the_one_who_allows() -> None:
    async with world() as at:
        fields = Form((await at.look(at.app.authorization_url()))[1]).fields
        fields["user"] = uid("bob")
        _, _, location = await at.send({**fields, "action": "allow"})
        token = await at.token(told(location)["code"], redirect_uri=BACK)

    assert told(location).keys() == {"from", "code"}
    assert plain(token)["owner"] == {"type": "user", "user": person("bob")}


@pytest.mark.parametrize(
    "wrong", [{"page": [uid("Below")]}, {"user": uid("eve")}, {"action": "?"}], ids=str
)
async def test_a_form_that_the_page_did_not_offer_shows_the_page_again(wrong: Any) -> None:
    async with world() as at:
        fields = Form((await at.look(at.app.authorization_url()))[1]).fields
        status, text, location = await at.send({**fields, "action": "allow", **wrong})

    assert (status, location) == (200, "")
    assert "Allow access" in text


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("client_id", "nonsense", "client_id is not"),
        ("redirect_uri", "https://evil.example", "redirect_uri is not one"),
        ("redirect_uri", None, "redirect_uri is not one"),
        ("response_type", "token", "response_type should be code"),
        ("owner", None, "owner should be user"),
    ],
)
async def test_a_link_that_cannot_be_trusted_leads_nowhere(
    name: str, value: str | None, words: str
) -> None:
    async with world() as at:
        address, _, query = at.app.authorization_url().partition("?")
        given = {**dict(parse_qsl(query)), name: value}
        left = {key: one for key, one in given.items() if one is not None}
        async with at.browser.get(address, params=left) as response:
            text = await response.text()
        status, again, location = await at.send({**left, "action": "allow"})

    assert (response.status, status, location) == (400, 400, "")
    assert words in text
    assert words in again


async def test_the_page_is_looked_at_or_sent_and_nothing_else() -> None:
    async with world() as at, at.browser.delete(at.app.authorization_url()) as response:
        assert (response.status, response.headers["Allow"]) == (405, "GET, POST")


# Without a browser


async def test_a_code_granted_by_the_test_is_spent_on_tokens() -> None:
    async with world() as at:
        code = at.app.grant(pages=[uid("Home")], user=uid("bob"))
        token = await at.token(code)
        async with at.as_bearer(token) as notion:
            me = await notion.users.me()
            found = [one.id async for one in notion.search()]

    answer = plain(token)
    assert me.id == token.bot_id
    assert set(found) == {uid("Home"), uid("Below")}
    assert answer["token_type"] == "bearer"
    assert answer["workspace_name"] == "Emulated workspace"
    assert answer["owner"]["user"]["id"] == uid("bob")
    assert answer["duplicated_template_id"] is None
    valid = validator("OauthTokenResponse")
    assert [error.message for error in valid.iter_errors(answer)] == []


async def test_tokens_can_be_had_without_any_exchange() -> None:
    async with world(people=()) as at:
        first, second = at.app.authorize(pages=[uid("Home")]), at.app.authorize()
        async with AsyncClient(first.connection.token, base_url=at.emulator.base_url) as notion:
            with pytest.raises(ObjectNotFoundError):
                await notion.databases.retrieve(uid("Tasks"))

    assert first.user == second.user
    assert first.connection.bot_id != second.connection.bot_id
    assert first.refresh_token != second.refresh_token


async def test_what_a_user_lets_it_make_on_top_of_the_workspace_is_seen_by_it() -> None:
    async with world() as at:
        made = at.app.authorize(pages=[]).connection
        async with AsyncClient(made.token, base_url=at.emulator.base_url) as notion:
            page = await notion.pages.create(parent={"workspace": True}, properties={})
            found = [one.id async for one in notion.search()]

    assert found == [page.id]


async def test_each_user_has_a_budget_and_a_name_in_the_log() -> None:
    async with world() as at:
        first, second = at.app.authorize(), at.app.authorize()
        token = await at.token(at.app.grant())
        await at.refresh(token)
        names = [entry.connection for entry in at.emulator.log]
        commits = [(one.endpoint, one.connection) for one in at.emulator.commits]

    assert first.connection.budget is not second.connection.budget
    assert names == ["Cal & Co"] * 2
    assert commits == [("oauth.token", "Cal & Co")] * 2


# The rules of codes and tokens


async def refusal(at: World, code: str, **options: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        await at.token(code, **options)
    assert (caught.value.status, caught.value.code) == (400, "invalid_grant")
    return str(caught.value)


async def test_a_code_works_once_and_for_ten_minutes() -> None:
    async with world() as at:
        spent, late = at.app.grant(), at.app.grant()
        await at.token(spent)
        at.moment[0] += timedelta(minutes=10)

        assert "used" in await refusal(at, spent)
        assert "expired" in await refusal(at, late)
        assert "invalid" in await refusal(at, "code_test_nonsense")


async def test_a_code_is_good_for_the_connection_that_it_was_granted_to() -> None:
    async with world() as at:
        code = at.app.grant()
        at.app = at.emulator.public_connection("Other", redirect_uris=[BACK])

        await refusal(at, code)


@pytest.mark.parametrize(
    ("uris", "granted", "sent", "accepted"),
    [
        ((BACK,), None, None, True),
        ((BACK,), None, BACK, False),
        ((BACK,), BACK, BACK, True),
        ((BACK,), BACK, None, False),
        ((BACK, OTHER), OTHER, OTHER, True),
        ((BACK, OTHER), OTHER, BACK, False),
        ((BACK, OTHER), OTHER, None, False),
        ((BACK, OTHER), None, None, False),
    ],
)
async def test_the_redirect_uri_is_repeated_where_there_was_one(
    uris: tuple[str, ...], granted: str | None, sent: str | None, accepted: bool
) -> None:
    options = {} if sent is None else {"redirect_uri": sent}
    async with world(*uris) as at:
        code = at.app.grant(redirect_uri=granted)
        if accepted:
            await at.token(code, **options)
        else:
            assert "redirect_uri" in await refusal(at, code, **options)


async def test_a_refresh_replaces_both_tokens_and_keeps_the_bot() -> None:
    async with world() as at:
        old = await at.token(at.app.grant(pages=[uid("Home")]))
        new = await at.refresh(old)
        async with at.as_bearer(new) as notion:
            me = await notion.users.me()
            with pytest.raises(ObjectNotFoundError):
                await notion.databases.retrieve(uid("Tasks"))
        async with at.as_bearer(old) as notion:
            with pytest.raises(UnauthorizedError):
                await notion.users.me()
        with pytest.raises(ValidationError, match="refresh token"):
            await at.refresh(old)
        newest = await at.refresh(new)

    assert me.id == old.bot_id == new.bot_id == newest.bot_id
    assert len({old.access_token, new.access_token, newest.access_token}) == 3
    assert len({old.refresh_token, new.refresh_token, newest.refresh_token}) == 3


async def test_an_access_token_is_no_refresh_token() -> None:
    async with world() as at:
        token = await at.token(at.app.grant())
        with pytest.raises(ValidationError) as caught:
            await at.notion.oauth.token(refresh_token=token.access_token, **at.who)

    assert caught.value.code == "invalid_grant"


async def test_introspection_tells_whether_a_token_can_be_used() -> None:
    async with world(capabilities=Capabilities(update_content=False)) as at:
        token = await at.token(at.app.grant())
        known = [
            await at.notion.oauth.introspect(token=one or "", **at.who)
            for one in (token.access_token, token.refresh_token)
        ]
        unknown = await at.notion.oauth.introspect(token="nonsense", **at.who)
        strange = at.emulator.public_connection("Other", redirect_uris=[BACK])
        others = await at.notion.oauth.introspect(
            token=token.access_token,
            client_id=strange.client_id,
            client_secret=strange.client_secret,
        )

    for one in known:
        assert (one.active, one.iat) == (True, int(NOW.timestamp()))
        assert isinstance(one.scope, str)
        assert "read_content" in one.scope.split()
        assert "update_content" not in one.scope.split()
        answer = plain(one)
        valid = validator("OauthIntrospectResponse")
        assert [error.message for error in valid.iter_errors(answer)] == []
    assert unknown.active is others.active is False


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
async def test_a_revoked_token_takes_the_other_one_of_its_pair_along(which: str) -> None:
    async with world() as at:
        token = await at.token(at.app.grant())
        revoked = await at.notion.oauth.revoke(token=getattr(token, which), **at.who)
        again = await at.notion.oauth.revoke(token=getattr(token, which), **at.who)
        known = await at.notion.oauth.introspect(token=token.access_token, **at.who)
        async with at.as_bearer(token) as notion:
            with pytest.raises(UnauthorizedError):
                await notion.users.me()
        with pytest.raises(ValidationError):
            await at.refresh(token)

    assert isinstance(revoked.request_id, str)
    assert again.request_id != revoked.request_id
    assert known.active is False


@pytest.mark.parametrize("level", ["none", "without_email"])
async def test_the_owner_shows_as_much_as_may_be_known_of_users(level: Any) -> None:
    async with world(capabilities=Capabilities(user_information=level)) as at:
        token = await at.token(at.app.grant(user=uid("ada")))

    owner = plain(token)["owner"]["user"]
    assert owner["id"] == uid("ada")
    assert "ada@example.com" not in str(owner)
    assert ("name" in owner) is (level == "without_email")


# Requests that are wrong


def basic(client_id: str, client_secret: str) -> str:
    return Credentials(client_id, Secret(client_secret)).header()


async def asked(
    at: World, body: Any, *, auth: str | None, version: str | None = "2026-03-11"
) -> tuple[int, dict[str, Any]]:
    headers = {} if auth is None else {"Authorization": auth}
    if version is not None:
        headers["Notion-Version"] = version
    url = f"{at.emulator.base_url}/v1/oauth/token"
    async with at.browser.post(url, json=body, headers=headers) as response:
        answer: dict[str, Any] = await response.json()
        assert response.headers["x-notion-request-id"] == answer["request_id"]
        return response.status, answer


async def test_only_the_secret_opens_the_door() -> None:
    async with world() as at:
        body = {"grant_type": "authorization_code", "code": at.app.grant()}
        right = basic(at.app.client_id, at.app.client_secret)
        for wrong in (
            None,
            basic(at.app.client_id, "nonsense"),
            basic("nonsense", at.app.client_secret),
            "Basic ö".encode().decode("latin-1"),
            "Basic nonsense",
            f"Bearer {at.emulator.token}",
            right.replace("Basic", "Bearer"),
        ):
            status, answer = await asked(at, body, auth=wrong)
            assert (status, answer["error"]) == (401, "invalid_client")
            assert set(answer) == {"error", "error_description", "request_id"}
        status, _ = await asked(at, body, auth=right)
        unnamed, named = at.emulator.log[0].connection, at.emulator.log[-1].connection

    assert status == 200
    assert (unnamed, named) == ("", "Cal & Co")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "authorization_code", "code": 5}, "invalid_request"),
        ({"grant_type": "authorization_code", "redirect_uri": None}, "invalid_request"),
        ({"grant_type": "authorization_code", "external_account": 5}, "invalid_request"),
        (
            {"grant_type": "authorization_code", "external_account": {"key": "k"}},
            "invalid_request",
        ),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        (
            {
                "grant_type": "authorization_code",
                "code": "nonsense",
                "external_account": {"key": "k", "name": "n"},
            },
            "invalid_grant",
        ),
    ],
    ids=str,
)
async def test_wrong_requests_are_answered_as_oauth_has_it(body: Any, error: str) -> None:
    async with world() as at:
        right = basic(at.app.client_id, at.app.client_secret)
        status, answer = await asked(at, body, auth=right)

    assert (status, answer["error"]) == (400, error)
    assert answer["error_description"]


async def test_the_version_is_asked_for_here_too() -> None:
    async with world() as at:
        right = basic(at.app.client_id, at.app.client_secret)
        status, answer = await asked(at, {}, auth=right, version=None)

    assert (status, answer["code"]) == (400, "missing_version")


async def test_a_client_of_ours_reads_the_refusals() -> None:
    async with world() as at:
        at.app.client_secret = "secret_test_changed"
        with pytest.raises(UnauthorizedError, match="secret is wrong") as caught:
            await at.notion.oauth.token(
                code="c", client_id=at.app.client_id, client_secret="secret_test_old"
            )

    assert isinstance(caught.value, APIResponseError)
    assert caught.value.code == "invalid_client"


def test_a_public_connection_is_made_with_all_it_needs() -> None:
    emulator = Emulator()
    made = emulator.public_connection(
        "App", redirect_uris=[BACK], client_id="app", client_secret="secret_test_app"
    )

    with pytest.raises(ConfigurationError, match="redirect_uris is a list"):
        emulator.public_connection("App", redirect_uris=[])
    with pytest.raises(ConfigurationError, match="redirect_uris is a list"):
        emulator.public_connection("App", redirect_uris=BACK)
    with pytest.raises(ConfigurationError, match="in use"):
        emulator.public_connection("App", redirect_uris=[BACK], client_id="app")
    with pytest.raises(ConfigurationError, match="is no redirect URI of App"):
        made.grant(redirect_uri=OTHER)
    with pytest.raises(ConfigurationError, match="is no redirect URI of App"):
        made.authorization_url(redirect_uri=OTHER)
    with pytest.raises(ConfigurationError, match="no person"):
        made.grant(user=uid("eve"))
    assert "secret_test_app" not in repr(made)
    assert made.is_proved_by("secret_test_app")
