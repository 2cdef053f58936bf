"""Every method of the resources, against the emulator."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from notion_async import (
    AsyncClient,
    InvalidIDError,
    JSONObject,
    ObjectNotFoundError,
    Pager,
    ValidationError,
    endpoints,
)
from notion_async.models import (
    Block,
    Comment,
    Database,
    DataSource,
    DisplayName,
    Model,
    Page,
    PageMarkdown,
    Paragraph,
    Parent,
    PropertyItem,
    TitleValue,
    User,
    plain_text,
    text,
)
from notion_async.resources._resource import Resource
from notion_async.testing import Emulator
from tests.clients import client_of
from tests.testing.emulated import uid

PARAGRAPH = Paragraph(rich_text=[text("new")])
Method = Callable[[AsyncClient, str], Awaitable[Model] | Pager[Model]]

RETRIEVING: dict[str, tuple[Method, str, type[Model]]] = {
    "pages.retrieve": (lambda notion, id: notion.pages.retrieve(id), "home", Page),
    "pages.retrieve_markdown": (
        lambda notion, id: notion.pages.retrieve_markdown(id),
        "home",
        PageMarkdown,
    ),
    "blocks.retrieve": (lambda notion, id: notion.blocks.retrieve(id), "line 0", Block),
    "databases.retrieve": (lambda notion, id: notion.databases.retrieve(id), "tracker", Database),
    "data_sources.retrieve": (
        lambda notion, id: notion.data_sources.retrieve(id),
        "tasks",
        DataSource,
    ),
    "users.retrieve": (lambda notion, id: notion.users.retrieve(id), "ada", User),
    "comments.retrieve": (lambda notion, id: notion.comments.retrieve(id), "remark", Comment),
}
LISTING: dict[str, tuple[Callable[[AsyncClient, str], Pager[Model]], str, int]] = {
    "pages.properties.retrieve": (
        lambda notion, id: notion.pages.properties.retrieve(id, "title"),
        "home",
        1,
    ),
    "blocks.children.list": (lambda notion, id: notion.blocks.children.list(id), "home", 5),
    "data_sources.query": (lambda notion, id: notion.data_sources.query(id), "tasks", 7),
    "comments.list": (lambda notion, id: notion.comments.list(id), "home", 2),
}
FORMS: dict[str, Callable[[str], str]] = {
    "dashed": lambda id: id,
    "undashed": lambda id: id.replace("-", ""),
    "upper case": lambda id: id.upper(),
    "a link": lambda id: f"https://app.notion.com/p/My-page-{id.replace('-', '')}?pvs=4",
}
WRONG = (
    "",
    "home",
    "../users/me",
    "%2e%2e",
    f"{uid('home')}?x=1",
    f"{uid('home')}#f",
    "\uff11" * 32,
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", RETRIEVING)
async def test_an_object_is_retrieved_by_any_form_of_its_id(
    notion: AsyncClient, name: str, form: str
) -> None:
    method, target, cls = RETRIEVING[name]

    found = await method(notion, FORMS[form](uid(target)))

    assert type(found) is cls
    assert getattr(found, "id", None) == uid(target)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", LISTING)
async def test_a_listing_is_read_by_any_form_of_its_id(
    notion: AsyncClient, name: str, form: str
) -> None:
    method, target, count = LISTING[name]

    items = await method(notion, FORMS[form](uid(target))).collect()

    assert len(items) == count


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("name", RETRIEVING)
async def test_a_wrong_id_is_refused_before_anything_is_sent(
    notion: AsyncClient, emulator: Emulator, name: str, wrong: str
) -> None:
    method, _, _ = RETRIEVING[name]

    with pytest.raises(InvalidIDError):
        await method(notion, wrong)

    assert emulator.requests == 0


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("name", [*LISTING, "data_sources.scan"])
async def test_a_wrong_id_of_a_listing_is_refused_when_it_is_called(
    notion: AsyncClient, emulator: Emulator, name: str, wrong: str
) -> None:
    method = notion.data_sources.scan if name == "data_sources.scan" else None

    with pytest.raises(InvalidIDError):
        method(wrong) if method else LISTING[name][0](notion, wrong)

    assert emulator.requests == 0


async def test_blocks_are_not_appended_to_a_wrong_id(
    notion: AsyncClient, emulator: Emulator
) -> None:
    with pytest.raises(InvalidIDError):
        await notion.blocks.children.append("home", children=[PARAGRAPH])

    assert emulator.requests == 0


@pytest.mark.parametrize("name", [name for name in RETRIEVING if name != "users.retrieve"])
async def test_what_does_not_exist_is_not_found(notion: AsyncClient, name: str) -> None:
    method, _, _ = RETRIEVING[name]

    with pytest.raises(ObjectNotFoundError) as caught:
        await method(notion, uid("nowhere"))

    assert (caught.value.status, caught.value.code) == (404, "object_not_found")
    assert caught.value.request_id


async def test_users_are_listed_and_the_bot_knows_itself(notion: AsyncClient) -> None:
    me = await notion.users.me()
    users = [user async for user in notion.users.list()]

    assert (type(me), me.type) == (User, "bot")
    assert {uid("ada"), uid("grace"), me.id} == {user.id for user in users}


async def test_search_finds_pages_and_data_sources(notion: AsyncClient) -> None:
    everything = await notion.search().collect()
    tasks = await notion.search("task").collect()
    sources = await notion.search(filter={"property": "object", "value": "data_source"}).collect()

    assert {type(found) for found in everything} == {Page, DataSource}
    assert len(tasks) == 8
    assert [found.id for found in sources] == [uid("tasks")]


async def test_a_page_is_created_with_objects(notion: AsyncClient) -> None:
    made = await notion.pages.create(
        parent={"page_id": uid("home")},
        properties={"title": TitleValue([text("A new page")])},
        children=[PARAGRAPH, Block(PARAGRAPH)],
        icon={"type": "emoji", "emoji": "🌱"},
    )
    found = await notion.pages.retrieve(made.id)
    blocks = await notion.blocks.children.list(made.id).collect()

    assert found.id == made.id
    assert found.title == "A new page"
    assert [
        plain_text(block.content.rich_text)
        for block in blocks
        if isinstance(block.content, Paragraph)
    ] == ["new", "new"]


async def test_blocks_are_appended_as_objects_and_as_mappings(notion: AsyncClient) -> None:
    mapping: JSONObject = {
        "type": "paragraph",
        "paragraph": {"rich_text": [{"text": {"content": "plain"}}]},
    }

    made = await notion.blocks.children.append(uid("home"), children=[PARAGRAPH, mapping])
    blocks = await notion.blocks.children.list(uid("home")).collect()

    assert [block.id for block in made] == [block.id for block in blocks[-2:]]


@pytest.mark.parametrize("version", ["2026-03-11", "2025-09-03"])
@pytest.mark.parametrize("name", ["position", "after"])
async def test_blocks_are_appended_after_another(
    emulator: Emulator, version: str, name: str
) -> None:
    place: dict[str, Any] = {
        "position": {"type": "after_block", "after_block": {"id": uid("line 1")}},
        "after": uid("line 1"),
    }
    async with client_of(emulator, notion_version=version) as notion:
        made = await notion.blocks.children.append(
            uid("home"), children=[PARAGRAPH], **{name: place[name]}
        )
        blocks = await notion.blocks.children.list(uid("home")).collect()

    assert [block.id for block in blocks][1:4] == [uid("line 1"), made[0].id, uid("line 2")]


@pytest.mark.parametrize("version", ["2026-03-11", "2025-09-03"])
async def test_a_page_is_trashed_and_restored(emulator: Emulator, version: str) -> None:
    async with client_of(emulator, notion_version=version) as notion:
        trashed = await notion.pages.trash(uid("task 1"))
        rows = await notion.data_sources.query(uid("tasks")).collect()
        restored = await notion.pages.restore(uid("task 1"))

    assert (trashed.in_trash, restored.in_trash) == (True, False)
    assert len(rows) == 6


async def test_a_deleted_block_is_in_the_trash(notion: AsyncClient) -> None:
    deleted = await notion.blocks.delete(uid("line 1"))
    blocks = await notion.blocks.children.list(uid("home")).collect()

    assert (deleted.id, deleted.in_trash) == (uid("line 1"), True)
    assert uid("line 1") not in [block.id for block in blocks]


async def test_a_comment_is_written_and_answered(notion: AsyncClient) -> None:
    first = await notion.comments.create(parent=Parent(page_id=uid("task 0")), rich_text="Why?")
    second = await notion.comments.create(
        discussion_id=first.discussion_id,
        rich_text=[text("Because.")],
        display_name=DisplayName("integration"),
    )
    comments = await notion.comments.list(uid("task 0")).collect()

    assert [plain_text(comment.rich_text) for comment in comments] == ["Why?", "Because."]
    assert first.discussion_id == second.discussion_id


async def test_the_values_of_a_page_make_another_one(notion: AsyncClient) -> None:
    read = await notion.pages.retrieve(uid("task 0"))

    made = await notion.pages.create(parent=read.parent, properties=read.properties)

    assert made.title == read.title == "task 0"


async def test_the_properties_asked_for_come_alone(notion: AsyncClient) -> None:
    whole = await notion.pages.retrieve(uid("task 0"))
    nothing = await notion.data_sources.query(uid("tasks"), filter_properties=["Name"]).first()

    assert list(whole.properties) == ["Name"]
    assert isinstance(nothing, Page)
    assert list(nothing.properties) == ["Name"]


async def test_rows_are_filtered_and_sorted(notion: AsyncClient) -> None:
    rows = await notion.data_sources.query(
        uid("tasks"),
        filter={"property": "Name", "title": {"contains": "task"}},
        sorts=[{"property": "Name", "direction": "descending"}],
        page_size=2,
    ).collect()

    assert [row.id for row in rows] == [uid(f"task {n}") for n in reversed(range(7))]


async def test_a_property_comes_in_items(notion: AsyncClient) -> None:
    items = await notion.pages.properties.retrieve(uid("home"), "title")

    assert [type(item) for item in items] == [PropertyItem]


async def test_a_rejected_request_says_what_notion_said(notion: AsyncClient) -> None:
    with pytest.raises(ValidationError, match="body failed validation"):
        await notion.data_sources.query(uid("tasks"), filter={"property": 7})


def methods() -> dict[str, Callable[..., object]]:
    """Return all public methods of the resources by their names."""
    found: dict[str, Callable[..., object]] = {}

    def visit(name: str, resource: object) -> None:
        for part in dir(resource):
            value = getattr(resource, part)
            if isinstance(value, Resource):
                visit(f"{name}.{part}".lstrip("."), value)
            elif inspect.ismethod(value) and isinstance(resource, Resource):
                if not part.startswith("_"):
                    found[f"{name}.{part}"] = value
                elif part == "__call__":
                    found[name] = value

    visit("", AsyncClient("ntn_x"))
    return found


# Made of several requests, or shorter ways to say one.
BESIDE = {
    "async_tasks.wait",
    "data_sources.scan",
    "file_uploads.upload",
    "pages.restore",
    "pages.trash",
    "views.queries.run",
}


def test_every_endpoint_has_a_method_of_its_name() -> None:
    assert set(methods()) == {endpoint.name for endpoint in endpoints.ALL} | BESIDE


@pytest.mark.parametrize("name", methods())
def test_an_unknown_keyword_is_a_type_error(name: str) -> None:
    with pytest.raises(TypeError, match="nonsense"):
        methods()[name](nonsense=1)
