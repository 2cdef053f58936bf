"""Tokens are found where they may be, checked, and not shown."""

from __future__ import annotations

import copy
import json
import pickle

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import ConfigurationError
from notion_async.auth import TOKEN_VARIABLES, Credentials, Secret, bearer, find_token
from tests.canary import shown_by

TOKEN = "ntn_canary_0123456789"


def test_the_token_that_is_given_wins() -> None:
    environ: dict[str, str] = dict.fromkeys(TOKEN_VARIABLES, "other")

    assert find_token(TOKEN, environ) == Secret(TOKEN)
    assert find_token(Secret(TOKEN), environ) == Secret(TOKEN)


@pytest.mark.parametrize("first", range(len(TOKEN_VARIABLES)))
def test_the_environment_is_searched_in_order(first: int) -> None:
    environ = {name: f"token-{n}" for n, name in enumerate(TOKEN_VARIABLES) if n >= first}

    assert find_token(None, environ) == Secret(f"token-{first}")


@pytest.mark.parametrize("empty", ["", "  ", "\n"])
def test_an_empty_variable_is_passed_over(empty: str) -> None:
    environ = {TOKEN_VARIABLES[0]: empty, TOKEN_VARIABLES[1]: TOKEN}

    assert find_token(None, environ) == Secret(TOKEN)


@pytest.mark.parametrize("around", ["{}\n", "{}\r\n", " {} ", "\t{}"])
def test_what_was_copied_along_is_stripped(around: str) -> None:
    assert find_token(around.format(TOKEN), {}) == Secret(TOKEN)
    assert find_token(None, {TOKEN_VARIABLES[2]: around.format(TOKEN)}) == Secret(TOKEN)


@pytest.mark.parametrize("wrong", ["a\nb", "a\r\nX-Evil: 1", "a b", "ntn_é", "a\x00b", "a\tb"])
def test_what_no_token_holds_is_refused_without_a_word_of_it(wrong: str) -> None:
    for auth, environ, source in (
        (wrong, {}, "auth"),
        (Secret(wrong), {}, "auth"),
        (None, {TOKEN_VARIABLES[1]: wrong}, TOKEN_VARIABLES[1]),
    ):
        with pytest.raises(ConfigurationError, match=rf"the token in {source} holds") as caught:
            find_token(auth, environ)
        assert wrong not in str(caught.value)


@pytest.mark.parametrize("nothing", ["", "  \r\n", Secret(""), Secret(" ")])
def test_an_empty_token_is_an_error_that_names_the_remedy(nothing: str | Secret) -> None:
    with pytest.raises(ConfigurationError, match="set NOTION_TOKEN"):
        find_token(nothing, {})


@pytest.mark.parametrize("wrong", [TOKEN.encode(), 5, [TOKEN], object()])
def test_what_is_no_text_is_no_token(wrong: object) -> None:
    with pytest.raises(ConfigurationError, match="is a str, not") as caught:
        find_token(wrong, {TOKEN_VARIABLES[0]: TOKEN})  # type: ignore[arg-type]  # refused

    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("auth", [f"{TOKEN} {TOKEN}", "", None])
def test_a_report_of_the_crash_shows_no_variable_with_a_token(auth: str | None) -> None:
    environ: dict[str, str] = dict.fromkeys(TOKEN_VARIABLES, f"{TOKEN}\n{TOKEN}")

    with pytest.raises(ConfigurationError) as caught:
        find_token(auth, environ)

    assert [text for _, text in shown_by(caught.value) if TOKEN in text] == []


def test_a_secret_of_half_characters_is_an_error_of_nobody() -> None:
    assert Credentials("client", Secret("\ud83d")).header().startswith("Basic ")


def test_no_token_is_an_error_where_one_is_needed() -> None:
    assert find_token(None, {}) is None
    with pytest.raises(ConfigurationError, match="set NOTION_TOKEN"):
        bearer(None)


def test_credentials_are_sent_as_http_basic_and_not_shown() -> None:
    credentials = Credentials("client", Secret("s\u00e9cret"))

    assert credentials.header() == "Basic Y2xpZW50OnPDqWNyZXQ="
    assert "cret'" not in repr(credentials)


def test_an_empty_token_does_not_fall_back_to_the_environment() -> None:
    with pytest.raises(ConfigurationError):
        find_token("", {TOKEN_VARIABLES[0]: TOKEN})


@given(text=st.text())
def test_what_is_found_fits_into_a_header(text: str) -> None:
    try:
        token = find_token(text, {})
    except ConfigurationError:
        return

    assert token is not None
    found = token.reveal()
    assert found == text.strip()
    assert found.isascii()
    assert found.isprintable()
    assert " " not in found


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret(TOKEN)

    for shown in (repr(secret), str(secret), f"{secret}", f"{secret!r}", "%s" % secret, [secret]):  # noqa: UP031 - one more way
        assert TOKEN not in str(shown)
    assert secret.reveal() == TOKEN
    assert not hasattr(secret, "__dict__")
    with pytest.raises(TypeError) as caught:
        format(secret, ">40")
    assert TOKEN not in str(caught.value)


def test_a_secret_is_not_written_down() -> None:
    secret = Secret(TOKEN)

    for write in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps, msgspec.json.encode):
        with pytest.raises(TypeError) as caught:
            write(secret)
        assert TOKEN not in str(caught.value)


def test_secrets_are_equal_by_their_text() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
