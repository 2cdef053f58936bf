"""Whatever fits Notion's shape of a request is sent as it is, and its answer is read.

Requests and answers are made from the published definitions, for each of the methods.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import (
    AsyncClient,
    ConfigurationError,
    InvalidResponseError,
    SessionStream,
    WriteOutcomeUnknown,
)
from notion_async.transport import governor
from notion_async.types import JSON
from tests.clients import TOKEN, method_of
from tests.conftest import SHARED
from tests.mocked import Shape, mocked
from tests.models.generated import Examples
from tests.models.published import definitions_in
from tests.models.test_every_definition import EXAMPLES, made, touched
from tests.models.tools import same
from tests.resources.bodies import rows
from tests.test_drift import BLOCK_TYPES, LEFT_OUT

API = "https://api.notion.com"
CREDENTIALS: Mapping[str, JSON] = {"client_id": "c1", "client_secret": "secret_test_0123456789"}

# What differs from the table, and is shown elsewhere.
ELSEWHERE: Mapping[str, str] = {
    "file_uploads.send": "a form of bytes: tests/resources/test_file_uploads.py",
}
WITHOUT: Mapping[tuple[str, str], str] = {
    ("blocks.children.append", "after"): "sent as a position: tests/resources/test_shapes.py",
    ("databases.update", "archived"): "in the shape, but Notion's own client never sends it",
}
NAMES = [name for name in rows(SHARED) if name not in ELSEWHERE] if SHARED.is_dir() else []

BESIDE_THE_BLOCK = ("block_id", "in_trash")

Given = dict[str, Any]


def content_of_a_page(given: Given) -> bool:
    template = given.get("template", {"type": "none"})
    sources = ("children" in given) + ("markdown" in given) + (template["type"] != "none")
    later = given.get("allow_async") and "markdown" not in given
    return sources <= 1 and not later


def one_of(*names: str) -> Callable[[Given], bool]:
    return lambda given: sum(name in given for name in names) == 1


# Which of the requests that fit the shape are made: Notion refuses the others, and so do we.
MADE: Mapping[str, Callable[[Given], bool]] = {
    "pages.create": content_of_a_page,
    "blocks.update": lambda given: bool(given.keys() - {"block_id"}),
    "blocks.children.append": lambda given: len(given["children"]) > 0,
    "views.create": one_of("database_id", "view_id", "create_database"),
    "views.list": one_of("database_id", "data_source_id"),
    "agents.batch": lambda given: len(given["operations"]) > 0,
    "agents.retrieve_insights": lambda given: ("start_time" in given) is ("end_time" in given),
    "file_uploads.create": lambda given: given.get("filename") != "",
    "oauth.token": lambda given: bool(given.get("code") or given.get("refresh_token")),
}


@cache
def requests() -> Examples:
    """A keyword that nobody knows would be a TypeError."""
    return Examples(definitions_in(SHARED), unknown=False)


def arguments(name: str, given: Given) -> Given:
    """Return the keywords of a call."""
    fields = {
        field: value
        for field, value in given.items()
        if LEFT_OUT.get((name, field), BLOCK_TYPES) == BLOCK_TYPES and (name, field) not in WITHOUT
    }
    if name == "blocks.update":
        content = {field: fields[field] for field in fields if field not in BESIDE_THE_BLOCK}
        kept = {field: fields[field] for field in fields if field in BESIDE_THE_BLOCK}
        return {**kept, "content": content} if content else kept
    return {**fields, **CREDENTIALS} if rows(SHARED)[name]["auth"] == "basic" else fields


def is_made(name: str, given: Given) -> bool:
    return name not in MADE or MADE[name](arguments(name, given))


@st.composite
def requests_of(draw: st.DrawFn, name: str) -> Given:
    """Draw what fits the shape; more often than not, what is made of it."""
    fitting = requests().named(rows(SHARED)[name]["request_type"])
    given = cast("Given", draw(fitting))
    for _ in range(5):
        if is_made(name, given):
            break
        given = cast("Given", draw(fitting))
    return given


async def call(name: str, given: Given, answer: JSON) -> tuple[object, Sequence[Shape]]:
    """Return what a call returns, and what was asked for it."""
    governor.forget("https://api.notion.com")  # so many failures would open the breaker
    with mocked(answer) as asked:
        async with AsyncClient(TOKEN, retry=False) as notion:
            made = method_of(notion, name)(**arguments(name, given))
            if isinstance(made, SessionStream):
                with pytest.raises((WriteOutcomeUnknown, InvalidResponseError)) as caught:
                    await made.__aenter__()  # JSON is no stream
                # Going on with a turn only reads; whether a new one has begun nobody knows.
                only_reads = bool(given.get("continue_from"))
                error = caught.value if only_reads else caught.value.__cause__
                assert isinstance(caught.value, WriteOutcomeUnknown) is not only_reads
                assert isinstance(error, InvalidResponseError)
                assert "no stream of events" in str(error)
                return None, asked
            return await cast("Awaitable[object]", made), asked


def places(name: str) -> tuple[set[str], set[str]]:
    row = rows(SHARED)[name]
    query, body = ({each["name"] for each in row[f"{kind}_params"]} for kind in ("query", "body"))
    return query, body


def in_a_query(value: JSON) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def expected_query(name: str, given: Given) -> list[tuple[str, str]]:
    names, _ = places(name)
    return sorted(
        (field + "[]" * isinstance(value, list), in_a_query(one))
        for field, value in given.items()
        if field in names and value is not None
        for one in (value if isinstance(value, list) else [value])
    )


def expected_body(name: str, given: Given) -> Given:
    _, names = places(name)
    return {
        field: value
        for field, value in given.items()
        if field in names
        and (LEFT_OUT.get((name, field), BLOCK_TYPES) == BLOCK_TYPES or field == "type")
        and (name, field) not in WITHOUT
        and (field, value) != ("start_cursor", None)  # from the start: nothing is said
    }


def unordered(value: JSON) -> JSON:
    """Return the same, its fields in the order of their names: the order is ours."""
    if isinstance(value, Mapping):
        return {name: unordered(value[name]) for name in sorted(value)}
    return [unordered(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", NAMES)
def test_what_fits_the_shape_is_sent_as_it_is_and_the_answer_is_read(name: str) -> None:
    row = rows(SHARED)[name]
    sent: list[Given] = []

    @EXAMPLES
    @given(requests_of(name), made().named(row["response_type"]))
    def check(given: Given, answer: JSON) -> None:
        if not is_made(name, given):
            with pytest.raises(ConfigurationError):
                asyncio.run(call(name, given, answer))
            return

        found, asked = asyncio.run(call(name, given, answer))

        touched(found)
        [request] = asked
        body = request.body or {}
        sent.append(body)
        assert (request.method, request.path) == (row["method"], API + row["path"].format(**given))
        assert sorted(request.query) == expected_query(name, given)
        assert same(unordered(body), unordered(expected_body(name, given)))

    check()

    assert sent
