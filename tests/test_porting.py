"""The helpers of the official clients do here what they do there, with an ``await``."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any, assert_type

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import (
    APIErrorCode,
    APIResponseError,
    AsyncClient,
    ConfigurationError,
    InvalidIDError,
    PaginationError,
    porting,
    structure,
    unstructure,
)
from notion_async.models import (
    Block,
    Comment,
    Database,
    DataSource,
    DataSourceTemplate,
    Model,
    ObjectList,
    Page,
    User,
    View,
)
from notion_async.porting import (
    async_collect_paginated_api,
    async_iterate_paginated_api,
    collect_all_data_source_rows,
    collect_data_source_templates,
    collect_paginated_api,
    extract_database_id,
    extract_page_id,
    is_full_block,
    is_full_comment,
    is_full_data_source,
    is_full_database,
    is_full_page,
    is_full_page_or_data_source,
    is_full_user,
    is_full_view,
    iterate_all_data_source_rows,
    iterate_data_source_templates,
    iterate_paginated_api,
)
from notion_async.testing import Emulator
from tests.clients import TOKEN, answer, client_of, client_to, listing
from tests.faults.server import serving
from tests.faults.strikes import says
from tests.mocked import mocked
from tests.models.tools import one_of_each
from tests.testing.emulated import (
    block,
    comment,
    data_source,
    database,
    page,
    person,
    row,
    uid,
    under,
)

HOME = f"https://www.notion.so/acme/Home-{uuid.UUID(uid('home')).hex}?pvs=4"
TRACKER = f"https://www.notion.so/{uuid.UUID(uid('tracker')).hex}?v={'f' * 32}"


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    """Serve a page with blocks, a database with rows, and five people."""
    emulator = Emulator(budget=None)
    emulator.load(
        [
            page("home"),
            *(block(f"line {n}", under("page_id", "home")) for n in range(5)),
            database("tracker", sources=("tasks",)),
            data_source("tasks", "tracker"),
            *(row(f"task {n}", "tasks") for n in range(7)),
            *(person(name) for name in ("ada", "grace", "joan", "mary", "rosa")),
        ]
    )
    async with emulator:
        yield emulator


@pytest.fixture
async def notion(emulator: Emulator) -> AsyncIterator[AsyncClient]:
    async with client_of(emulator) as notion:
        yield notion


# ----------------------------------------------------------------------------------- listings


async def test_a_listing_is_read_answer_after_answer(
    notion: AsyncClient, emulator: Emulator
) -> None:
    found = [user.id async for user in iterate_paginated_api(notion.users.list, page_size=2)]

    assert found == [user.id for user in await notion.users.list().collect()]
    assert len(emulator.log) == -(-len(found) // 2) + 1


async def test_a_listing_is_collected(notion: AsyncClient) -> None:
    users = await collect_paginated_api(notion.users.list, page_size=2)
    blocks = await collect_paginated_api(notion.blocks.children.list, block_id=uid("home"))
    same = await collect_paginated_api(notion.blocks.children.list, uid("home"), page_size=1)

    assert_type(users, list[User])
    assert_type(blocks, list[Block])
    assert {"Ada", "Rosa"} <= {user.name for user in users}
    assert [one.id for one in blocks] == [uid(f"line {n}") for n in range(5)]
    assert same == blocks


async def test_what_posts_is_read_as_what_gets(notion: AsyncClient) -> None:
    hits = await collect_paginated_api(notion.search, "home")
    rows = iterate_paginated_api(
        notion.data_sources.query, data_source_id=uid("tasks"), page_size=3
    )

    assert [hit.id for hit in hits] == [uid("home")]
    assert len([one async for one in rows]) == 7


async def test_a_listing_goes_on_from_a_cursor(notion: AsyncClient) -> None:
    first = await notion.users.list(page_size=3)

    rest = await collect_paginated_api(notion.users.list, start_cursor=first.next_cursor)
    whole = await collect_paginated_api(notion.users.list, start_cursor=None)

    assert [*first, *rest] == whole


async def test_the_asynchronous_names_are_the_same_functions(notion: AsyncClient) -> None:
    assert async_iterate_paginated_api is iterate_paginated_api
    assert async_collect_paginated_api is collect_paginated_api
    assert len(await async_collect_paginated_api(notion.users.list)) == 6


async def test_a_listing_may_be_left_early(notion: AsyncClient, emulator: Emulator) -> None:
    users = iterate_paginated_api(notion.users.list, page_size=1)

    await anext(users)

    assert len(emulator.log) == 1


async def test_nothing_is_sent_before_the_first_item(
    notion: AsyncClient, emulator: Emulator
) -> None:
    iterate_paginated_api(notion.users.list)

    assert not emulator.log


async def test_a_listing_that_repeats_itself_is_no_end() -> None:
    """As notion-client reads it, it would never end."""
    again = answer(listing(person("ada"), cursor="a"))

    async with serving(says(again)) as server, client_to(server) as notion:
        with pytest.raises(PaginationError, match="does not move"):
            await collect_paginated_api(notion.users.list)


async def test_bad_arguments_are_refused_before_anything_is_sent(
    notion: AsyncClient, emulator: Emulator
) -> None:
    with pytest.raises(ConfigurationError, match="page_size"):
        iterate_paginated_api(notion.users.list, page_size=0)
    with pytest.raises(InvalidIDError):
        iterate_paginated_api(notion.blocks.children.list, "home")
    with pytest.raises(TypeError):
        iterate_paginated_api(notion.users.list, size=5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # the point

    assert not emulator.log


async def test_what_does_not_list_is_refused(notion: AsyncClient, emulator: Emulator) -> None:
    wrong: list[Callable[..., Any]] = [
        notion.users.me,  # a coroutine, which nobody would await
        lambda: notion.data_sources.scan(uid("tasks")),
        list,
    ]

    for function in wrong:
        with pytest.raises(ConfigurationError, match="returns no listing"):
            iterate_paginated_api(function)
        with pytest.raises(ConfigurationError, match="returns no listing"):
            await collect_paginated_api(function)
    with pytest.raises(ConfigurationError, match=r"Users\.me returns no listing"):
        iterate_paginated_api(wrong[0])
    assert not emulator.log


# ------------------------------------------------------------------------------ rows, templates


async def test_all_rows_are_read(notion: AsyncClient) -> None:
    rows = iterate_all_data_source_rows(notion, uid("tasks"))
    assert_type(rows, AsyncIterator[Page | DataSource])

    found = [one.id async for one in rows]

    assert sorted(found) == sorted(uid(f"task {n}") for n in range(7))
    assert [one.id for one in await collect_all_data_source_rows(notion, uid("tasks"))] == found


async def test_some_rows_are_read_with_some_properties(notion: AsyncClient) -> None:
    wanted = {"property": "Name", "title": {"equals": "task 3"}}

    rows = await collect_all_data_source_rows(
        notion, data_source_id=uid("tasks"), filter=wanted, filter_properties=["title"]
    )

    assert [one.title for one in rows] == ["task 3"]


async def test_templates_are_listed() -> None:
    template = {"id": uid("template"), "name": "Bug", "is_default": True}
    sent = {"templates": [template], "has_more": False, "next_cursor": None}

    with mocked(sent) as asked:
        async with AsyncClient(TOKEN) as notion:
            listed = notion.data_sources.list_templates
            collected = await collect_data_source_templates(
                listed, data_source_id=uid("tasks"), name="Bug"
            )
            iterated = [one async for one in iterate_data_source_templates(listed, uid("tasks"))]

    assert_type(collected, list[DataSourceTemplate])
    assert collected == iterated == [DataSourceTemplate(uid("template"), "Bug", True)]
    assert [shape.query for shape in asked] == [[("name", "Bug")], []]


# ------------------------------------------------------------------------------- whole objects

GUARDS: list[tuple[Callable[[Model], bool], type[Model], dict[str, Any]]] = [
    (is_full_page, Page, page("home")),
    (is_full_block, Block, block("line", under("page_id", "home"))),
    (is_full_database, Database, database("tracker")),
    (is_full_data_source, DataSource, data_source("tasks", "tracker")),
    (is_full_comment, Comment, comment("remark", under("page_id", "home"))),
    (is_full_user, User, person("ada")),
    (
        is_full_view,
        View,
        {
            "object": "view",
            "id": uid("board"),
            "parent": under("database_id", "tracker"),
            "type": "board",
            "name": "Board",
            "url": "https://app.notion.com/p/x",
            "created_time": "2026-05-17T10:42:00.000Z",
            "last_edited_time": "2026-05-17T10:42:00.000Z",
        },
    ),
]
EACH_GUARD = pytest.mark.parametrize(
    ("is_full", "cls", "data"), GUARDS, ids=[cls.__name__ for _, cls, _ in GUARDS]
)
# What Notion publishes of its partial objects beyond their ids.
PARTIAL = ("object", "id", "parent", "properties", "type")


@EACH_GUARD
def test_a_whole_object_is_told_from_a_partial_one(
    is_full: Callable[[Model], bool], cls: type[Model], data: dict[str, Any]
) -> None:
    kept = ("object", "id") if cls in (User, Block) else PARTIAL
    partial = {name: value for name, value in data.items() if name in kept}

    assert is_full(structure(data, cls))
    assert not is_full(structure(partial, cls))
    assert not is_full(structure({"object": data["object"], "id": "x"}, cls))


@EACH_GUARD
def test_every_object_has_its_own_guard(
    is_full: Callable[[Model], bool], cls: type[Model], data: dict[str, Any]
) -> None:
    whole = structure(data, cls)

    assert [other for guard, other, _ in GUARDS if guard(whole)] == [cls]
    assert is_full_page_or_data_source(whole) == (cls in (Page, DataSource))


@EACH_GUARD
def test_plain_json_is_no_object(
    is_full: Callable[[object], bool], cls: type[Model], data: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError, match="structure"):
        is_full(data)
    assert not is_full(None)
    assert not is_full(structure({"object": "new"}))


def test_type_checkers_know_what_is_whole() -> None:
    found = structure(page("home"))

    if isinstance(found, ObjectList) or not is_full_page_or_data_source(found):
        pytest.fail("that is a page")
    assert_type(found, Page | DataSource)
    assert found.id == uid("home")


# ------------------------------------------------------------------------------------ a program


async def ours(notion: AsyncClient) -> dict[str, object]:
    """A program of notion-client's, ported."""
    users = await async_collect_paginated_api(notion.users.list, page_size=2)
    blocks = async_iterate_paginated_api(
        notion.blocks.children.list, block_id=extract_page_id(HOME) or "", page_size=2
    )
    holder = await notion.databases.retrieve(database_id=extract_database_id(TRACKER) or "")
    rows = await async_collect_paginated_api(
        notion.data_sources.query,
        data_source_id=holder.data_sources[0].id,
        sorts=[{"timestamp": "created_time", "direction": "ascending"}],
        page_size=3,
    )
    hits = async_iterate_paginated_api(notion.search, query="task", page_size=4)
    try:
        await notion.pages.retrieve(page_id=uid("nowhere"))
        code = None
    except APIResponseError as error:
        code = error.code
    return {
        "users": [unstructure(user) for user in users if is_full_user(user)],
        "lines": [one.id async for one in blocks if is_full_block(one)],
        "rows": [unstructure(one) for one in rows if is_full_page(one)],
        "hits": [hit.id async for hit in hits if is_full_page_or_data_source(hit)],
        "missing": code == APIErrorCode.OBJECT_NOT_FOUND,
    }


async def theirs(notion: Any, client: Any) -> dict[str, object]:
    """The program as it was."""
    helpers = client.helpers
    users = await helpers.async_collect_paginated_api(notion.users.list, page_size=2)
    blocks = helpers.async_iterate_paginated_api(
        notion.blocks.children.list, block_id=client.extract_page_id(HOME), page_size=2
    )
    holder = await notion.databases.retrieve(database_id=client.extract_database_id(TRACKER))
    rows = await helpers.async_collect_paginated_api(
        notion.data_sources.query,
        data_source_id=holder["data_sources"][0]["id"],
        sorts=[{"timestamp": "created_time", "direction": "ascending"}],
        page_size=3,
    )
    hits = helpers.async_iterate_paginated_api(notion.search, query="task", page_size=4)
    try:
        await notion.pages.retrieve(page_id=uid("nowhere"))
        code = None
    except client.APIResponseError as error:
        code = error.code
    return {
        "users": [user for user in users if client.is_full_user(user)],
        "lines": [one["id"] async for one in blocks if client.is_full_block(one)],
        "rows": [one for one in rows if client.is_full_page(one)],
        "hits": [hit["id"] async for hit in hits if client.is_full_page_or_data_source(hit)],
        "missing": code == client.APIErrorCode.ObjectNotFound,
    }


@pytest.fixture
def notion_client() -> Any:
    return pytest.importorskip("notion_client", reason="what a program is ported from")


async def test_a_ported_program_finds_what_it_found_before(
    notion: AsyncClient, emulator: Emulator, notion_client: Any
) -> None:
    options = {"auth": emulator.token, "base_url": emulator.base_url}
    async with notion_client.AsyncClient(**options, notion_version="2026-03-11") as before:
        expected = await theirs(before, notion_client)

    found = await ours(notion)

    assert found == expected
    assert found["missing"]
    for name, least in {"users": 6, "lines": 5, "rows": 7, "hits": 7}.items():
        part = found[name]
        assert isinstance(part, list)
        assert len(part) >= least, name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("is_full_page", "page"),
        ("is_full_page_or_data_source", "page"),
        ("is_full_block", "block"),
        ("is_full_database", "database"),
        ("is_full_user", "user"),
    ],
)
def test_what_was_whole_is_whole(notion_client: Any, name: str, kind: str) -> None:
    """Of data sources, comments and views, notion-client does not look at what they hold."""
    guard, guard_before = getattr(porting, name), getattr(notion_client, name)
    wholes = [data for data in one_of_each() if data["object"] == kind]
    partials = [{"object": kind, "id": data["id"]} for data in wholes]

    told = [guard(structure(data)) for data in (*wholes, *partials)]

    assert told == [guard_before(data) for data in (*wholes, *partials)]
    assert set(told) == {True, False}


HEX = uuid.UUID(uid("home")).hex
OTHER = uuid.UUID(uid("other")).hex
FORMS = [
    "{hex}",
    "{id}",
    " {id}\n",
    "https://www.notion.so/{hex}",
    "https://notion.so/acme/My-page-{hex}?pvs=4",
    "https://www.notion.so/acme/My-page-{hex}#{other}",
    "https://www.notion.so/{hex}?v={other}",
    "https://www.notion.so/{hex}?v={other}&pvs=4",
    "https://www.notion.so/acme?p={hex}",
    "https://www.notion.so/acme?page_id={id}",
    "https://www.notion.so/acme?database_id={hex}",
    "/{hex}?pvs=25",
    "My-page-{hex}",
    "notion.so/My-page-{hex}",
    "https://www.notion.so/{hex}#block-{other}",
    "https://example.com/{hex}",
    "https://www.notion.so/acme",
    "page",
    "",
]


@pytest.mark.parametrize(
    "name",
    ["extract_notion_id", "extract_page_id", "extract_database_id", "extract_block_id"],
)
@given(value=st.uuids(), other=st.uuids(), form=st.sampled_from(FORMS), upper=st.booleans())
def test_the_id_that_was_found_is_found(
    name: str, value: uuid.UUID, other: uuid.UUID, form: str, upper: bool
) -> None:
    client = pytest.importorskip("notion_client", reason="what a program is ported from")
    text = form.format(hex=value.hex, id=value, other=other.hex)
    text = text.upper() if upper else text

    assert getattr(porting, name)(text) == getattr(client, name)(text)


def test_every_helper_of_the_official_client_has_its_name_here(notion_client: Any) -> None:
    shared = set(porting.__all__) & set(vars(notion_client.helpers))
    of_javascript_alone = {"iterate_all_data_source_rows", "collect_all_data_source_rows"}
    # What it builds its URLs and requests with, and guards of texts, where `match` serves.
    left_out = {"pick", "get_url", "get_id", "urlparse"} | {
        name for name in vars(notion_client.helpers) if name.endswith("_rich_text_item_response")
    }
    offered = {
        name
        for name, value in vars(notion_client.helpers).items()
        if inspect.isfunction(value) and not name.startswith("_")
    }

    assert offered - left_out == shared
    assert set(porting.__all__) - shared == of_javascript_alone
