"""What requests look like: method, address, headers and body."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from notion_async import UNSET, AsyncClient, ConfigurationError, text
from notion_async.models import Block, Divider, Paragraph, TitleValue
from notion_async.version import __version__
from tests.clients import TOKEN, answer, client_to, listing, sent
from tests.faults.server import serving
from tests.faults.strikes import says
from tests.mocked import Shape, mocked
from tests.testing.emulated import uid

HOME = uid("home")
API = "https://api.notion.com/v1"
WORDS = {"type": "text", "text": {"content": "hi"}}
Call = Callable[[AsyncClient], Awaitable[object]]
Query = list[tuple[str, str]]

GETS: dict[str, tuple[Call, str, Query]] = {
    "users.me": (lambda notion: notion.users.me(), "/users/me", []),
    "users.retrieve": (lambda notion: notion.users.retrieve(HOME), f"/users/{HOME}", []),
    "users.list": (
        lambda notion: notion.users.list(start_cursor="c", page_size=3),
        "/users",
        [("page_size", "3"), ("start_cursor", "c")],
    ),
    "pages.retrieve": (
        lambda notion: notion.pages.retrieve(HOME, filter_properties=["title", "a b"]),
        f"/pages/{HOME}",
        [("filter_properties[]", "a b"), ("filter_properties[]", "title")],
    ),
    "pages.retrieve_markdown": (
        lambda notion: notion.pages.retrieve_markdown(HOME, include_transcript=True),
        f"/pages/{HOME}/markdown",
        [("include_transcript", "true")],
    ),
    "pages.properties.retrieve": (
        lambda notion: notion.pages.properties.retrieve(HOME, "fk%5EY", page_size=1),
        f"/pages/{HOME}/properties/fk%5EY",
        [("page_size", "1")],
    ),
    "blocks.retrieve": (lambda notion: notion.blocks.retrieve(HOME), f"/blocks/{HOME}", []),
    "blocks.children.list": (
        lambda notion: notion.blocks.children.list(HOME, start_cursor="c"),
        f"/blocks/{HOME}/children",
        [("start_cursor", "c")],
    ),
    "databases.retrieve": (
        lambda notion: notion.databases.retrieve(HOME),
        f"/databases/{HOME}",
        [],
    ),
    "data_sources.retrieve": (
        lambda notion: notion.data_sources.retrieve(HOME),
        f"/data_sources/{HOME}",
        [],
    ),
    "comments.retrieve": (
        lambda notion: notion.comments.retrieve(HOME),
        f"/comments/{HOME}",
        [],
    ),
    "comments.list": (
        lambda notion: notion.comments.list(HOME.replace("-", ""), page_size=100),
        "/comments",
        [("block_id", HOME), ("page_size", "100")],
    ),
}

BODIES: dict[str, tuple[Call, str, str, dict[str, Any]]] = {
    "search for everything": (lambda notion: notion.search(), "POST", "/search", {}),
    "search": (
        lambda notion: notion.search(
            "plan",
            filter={"property": "object", "value": "page"},
            sort={"timestamp": "last_edited_time", "direction": "ascending"},
            start_cursor="c",
            page_size=5,
        ),
        "POST",
        "/search",
        {
            "query": "plan",
            "filter": {"property": "object", "value": "page"},
            "sort": {"timestamp": "last_edited_time", "direction": "ascending"},
            "page_size": 5,
            "start_cursor": "c",
        },
    ),
    "query of everything": (
        lambda notion: notion.data_sources.query(HOME),
        "POST",
        f"/data_sources/{HOME}/query",
        {},
    ),
    "query": (
        lambda notion: notion.data_sources.query(
            HOME,
            filter={"property": "Done", "checkbox": {"equals": True}},
            sorts=[{"property": "Name", "direction": "ascending"}],
            result_type="page",
            start_cursor="c",
            page_size=100,
        ),
        "POST",
        f"/data_sources/{HOME}/query",
        {
            "filter": {"property": "Done", "checkbox": {"equals": True}},
            "sorts": [{"property": "Name", "direction": "ascending"}],
            "result_type": "page",
            "page_size": 100,
            "start_cursor": "c",
        },
    ),
    "a new page": (
        lambda notion: notion.pages.create(
            parent={"page_id": HOME},
            properties={"title": TitleValue([text("hi")])},
            children=[Paragraph(rich_text=[text("hi")]), Block(Divider())],
            icon=None,
            cover=UNSET,
        ),
        "POST",
        "/pages",
        {
            "parent": {"page_id": HOME},
            "properties": {"title": {"title": [WORDS]}},
            "children": [
                {"type": "paragraph", "paragraph": {"rich_text": [WORDS], "color": "default"}},
                {"type": "divider", "divider": {}},
            ],
            "icon": None,
        },
    ),
    "a new page of Markdown": (
        lambda notion: notion.pages.create(markdown="# Hi", position={"type": "page_start"}),
        "POST",
        "/pages",
        {"markdown": "# Hi", "position": {"type": "page_start"}},
    ),
    "a new page of a template": (
        lambda notion: notion.pages.create(template={"type": "default"}),
        "POST",
        "/pages",
        {"template": {"type": "default"}},
    ),
    "appended blocks": (
        lambda notion: notion.blocks.children.append(
            HOME,
            children=[{"type": "divider", "divider": {}}],
            position={"type": "start"},
        ),
        "PATCH",
        f"/blocks/{HOME}/children",
        {"children": [{"type": "divider", "divider": {}}], "position": {"type": "start"}},
    ),
    "blocks appended after another": (
        lambda notion: notion.blocks.children.append(
            HOME, children=[{"type": "divider", "divider": {}}], after=HOME
        ),
        "PATCH",
        f"/blocks/{HOME}/children",
        {
            "children": [{"type": "divider", "divider": {}}],
            "position": {"type": "after_block", "after_block": {"id": HOME}},
        },
    ),
}


async def asked(call: Call, **options: Any) -> Shape:
    """Return the one request that a call becomes."""
    with mocked(listing()) as requests:
        async with AsyncClient(TOKEN, **options) as notion:
            await call(notion)
    [request] = requests
    return request


@pytest.mark.parametrize("name", GETS)
async def test_a_read_has_its_parameters_in_the_query_and_no_body(name: str) -> None:
    call, path, query = GETS[name]

    request = await asked(call)

    assert (request.method, request.path) == ("GET", API + path)
    assert sorted(request.query) == query
    assert request.body is None
    assert "Content-Type" not in request.headers


@pytest.mark.parametrize("name", BODIES)
async def test_a_request_with_a_body_has_exactly_what_was_given(name: str) -> None:
    call, method, path, body = BODIES[name]

    request = await asked(call)

    assert (request.method, request.path, request.query) == (method, API + path, [])
    assert request.body == body
    assert request.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("version", ["2026-03-11", "2025-09-03"])
async def test_every_request_says_who_asks_and_in_which_version(version: str) -> None:
    request = await asked(lambda notion: notion.users.me(), notion_version=version)

    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.headers["Notion-Version"] == version
    assert request.headers["User-Agent"] == f"notion-async/{__version__}"
    assert request.headers["Accept"] == "application/json"


async def test_the_properties_of_a_query_are_named_in_the_address() -> None:
    request = await asked(
        lambda notion: notion.data_sources.query(HOME, filter_properties=("title",))
    )

    assert request.query == [("filter_properties[]", "title")]
    assert request.body == {}


async def test_the_properties_of_a_new_page_are_named_in_the_address() -> None:
    request = await asked(
        lambda notion: notion.pages.create(parent={"page_id": HOME}, filter_properties=["title"])
    )

    assert request.query == [("filter_properties[]", "title")]
    assert request.body == {"parent": {"page_id": HOME}}


async def test_the_query_is_encoded_on_the_wire() -> None:
    page = says(answer({"object": "page", "id": HOME}))
    async with serving(page) as server, client_to(server) as notion:
        await notion.pages.retrieve(HOME, filter_properties=["a&b=c", "%3A", "é +"])
        await notion.pages.retrieve_markdown(HOME, include_transcript=False)

    first, second = map(sent, server.requests)
    assert first.target == (
        f"/v1/pages/{HOME}?filter_properties%5B%5D=a%26b%3Dc"
        "&filter_properties%5B%5D=%253A&filter_properties%5B%5D=%C3%A9+%2B"
    )
    assert second.target == f"/v1/pages/{HOME}/markdown?include_transcript=false"


@pytest.mark.parametrize("size", [0, 101, -1])
def test_a_page_size_that_notion_refuses_is_refused_here(size: int) -> None:
    notion = AsyncClient(TOKEN)

    with pytest.raises(ConfigurationError, match="page_size is from 1 to 100"):
        notion.users.list(page_size=size)


@pytest.mark.parametrize("count", [0, 101])
async def test_a_number_of_blocks_that_notion_refuses_is_refused_here(count: int) -> None:
    with mocked({}) as requests, pytest.raises(ConfigurationError, match="1 to 100 blocks"):
        await AsyncClient(TOKEN).blocks.children.append(HOME, children=[Divider()] * count)

    assert requests == []


async def test_a_page_takes_its_content_from_one_source() -> None:
    with mocked({}) as requests, pytest.raises(ConfigurationError, match="give one of them"):
        await AsyncClient(TOKEN).pages.create(children=[], markdown="# Hi")

    assert requests == []


async def test_what_is_no_json_is_refused_before_it_is_sent() -> None:
    with mocked({}) as requests, pytest.raises(ConfigurationError, match="set"):
        await AsyncClient(TOKEN).search(filter={"value": {1, 2}})

    assert requests == []


@pytest.mark.parametrize("property_id", ["../users", "..", ".", "a/b", "a?b", "%zz", ""])
def test_a_property_id_reaches_the_path_only_as_notion_writes_it(property_id: str) -> None:
    notion = AsyncClient(TOKEN)

    with pytest.raises(ConfigurationError, match="property_id"):
        notion.pages.properties.retrieve(HOME, property_id)
