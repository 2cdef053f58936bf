"""The table of endpoints is Notion's, and nothing but ids reaches a path."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import ConfigurationError, endpoints
from notion_async.endpoints import ALL, Endpoint, Replay, match

ID = "0123abcd-4567-89ab-cdef-0123456789ab"
EVIL: list[Any] = [
    "../users/me",
    "..",
    ".",
    "%2e%2e",
    "%2E.",
    "%2e",
    "..%2fusers",
    "a%2f..%2fb",
    "..%5Cx",
    "a/b",
    "a?x=1",
    "a#f",
    "a\n",
    "\na",
    "a b",
    "%",
    "%zz",
    "\uff11\uff12",  # full-width digits
    "é",
    "",
    None,
    5,
]


def values(endpoint: Endpoint) -> dict[str, str]:
    return dict.fromkeys(endpoint.parameters, ID)


def test_the_table_is_the_one_that_notion_publishes(shared: Path) -> None:
    rows = json.loads((shared / "notion-api" / "endpoints.json").read_text())["endpoints"]
    published = {
        re.sub(r"(?<!^)(?=[A-Z])", "_", row["client_method"]).lower(): (row["method"], row["path"])
        for row in rows
        if row["client_method"]
    }

    assert len(published) == 62
    assert {row.name: (row.method, row.path) for row in ALL} == published


def test_rows_have_names_and_constants_of_their_own() -> None:
    assert len({row.name for row in ALL}) == len(ALL)
    assert sum(isinstance(value, Endpoint) for value in vars(endpoints).values()) == len(ALL)
    assert [str(row) for row in ALL] == [row.name for row in ALL]


def test_what_only_reads_says_so() -> None:
    for row in ALL:
        if row.method == "GET":
            assert row.replay is Replay.READ
        if row.method == "DELETE":
            assert row.replay is Replay.DELETE
        if row.method == "PATCH":
            assert row.replay in (Replay.SET, Replay.CREATE)
    assert {row.replay for row in ALL} == set(Replay)


@pytest.mark.parametrize("endpoint", ALL, ids=str)
def test_every_endpoint_is_found_by_its_path(endpoint: Endpoint) -> None:
    path = endpoint.fill(**values(endpoint))
    found = match(endpoint.method, path)

    assert found is not None
    assert (found.method, found.path) == (endpoint.method, endpoint.path)
    assert "{" not in path


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/unheard-of"),
        ("PUT", "/v1/pages"),
        ("GET", "/v1/pages/a/b/c"),
        ("GET", "/v1/pages/"),
        ("GET", "/v1/users/me/x"),
    ],
)
def test_other_paths_have_no_row(method: str, path: str) -> None:
    assert match(method, path) is None


def test_me_is_no_user_id() -> None:
    assert match("GET", "/v1/users/me") is endpoints.USERS_ME
    assert match("GET", f"/v1/users/{ID}") is endpoints.USERS_RETRIEVE


@pytest.mark.parametrize("endpoint", [row for row in ALL if row.parameters], ids=str)
def test_nothing_but_ids_reaches_a_path(endpoint: Endpoint) -> None:
    for name, evil in product(endpoint.parameters, EVIL):
        with pytest.raises(ConfigurationError) as caught:
            endpoint.fill(**{**values(endpoint), name: evil})
        assert len(str(caught.value)) < 300


def test_a_long_value_makes_no_long_message() -> None:
    for endpoint in (endpoints.PAGES_RETRIEVE_PROPERTY, endpoints.PAGES_RETRIEVE):
        for name in endpoint.parameters:
            with pytest.raises(ConfigurationError) as caught:
                endpoint.fill(**{**values(endpoint), name: "\n" * 10_000})
            assert len(str(caught.value)) < 300


@pytest.mark.parametrize("property_id", ["title", "A%40Hk", "%3AUPp", "~_.!", "a%2Fb", "..a"])
def test_property_ids_are_used_as_they_come(property_id: str) -> None:
    path = endpoints.PAGES_RETRIEVE_PROPERTY.fill(page_id=ID, property_id=property_id)

    assert path == f"/v1/pages/{ID}/properties/{property_id}"


def test_links_fill_a_path() -> None:
    link = f"https://www.notion.so/Page-{ID.replace('-', '')}"

    assert endpoints.PAGES_RETRIEVE.fill(page_id=link) == f"/v1/pages/{ID}"


@given(
    endpoint=st.sampled_from([row for row in ALL if row.parameters]),
    value=st.text() | st.text("%./\\2eEfF5cC?#aZ~", max_size=12) | st.uuids().map(str),
)
def test_a_path_holds_only_what_is_safe(endpoint: Endpoint, value: str) -> None:
    try:
        path = endpoint.fill(**dict.fromkeys(endpoint.parameters, value))
    except ConfigurationError:
        return

    assert re.fullmatch(r"[A-Za-z0-9_.~!$&'()*+,;=:@%/-]+", path)
    assert path.count("/") == endpoint.path.count("/")
    assert not {".", ".."} & set(re.split(r"[/\\]", unquote(path)))
    assert match(endpoint.method, path) is not None
