"""Every parameter of Notion's table goes where the table says, and nothing else is sent."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import attrs
import pytest

from notion_async import UNSET, AsyncClient
from tests.clients import TOKEN, listing, method_of
from tests.mocked import Shape, mocked
from tests.resources.bodies import fits, rows
from tests.testing.emulated import uid

ID, OTHER, FILE = uid("one"), uid("other"), uid("file")
API = "https://api.notion.com"
RUN = {"type": "text", "text": {"content": "hi"}}
PAGE = {"type": "page_id", "page_id": OTHER}
DATABASE = {"type": "database_id", "database_id": OTHER}
EMOJI = {"type": "emoji", "emoji": "🌱"}
PICTURE = {"type": "external", "external": {"url": "https://example.com/a.png"}}
DIVIDER = {"type": "divider", "divider": {}}
AFTER = {"type": "after_block", "after_block": {"id": OTHER}}
TEMPLATE = {"type": "template_id", "template_id": OTHER, "timezone": "Europe/Berlin"}
TITLE = {"type": "title", "title": {}}


@attrs.frozen
class Case:
    """One call."""

    method: str
    given: dict[str, Any]
    instead: dict[str, Any] = attrs.field(factory=dict)
    """What the body has under names that are not those of arguments."""
    version: str = "2026-03-11"


CASES = (
    Case("pages.retrieve", {"page_id": ID, "filter_properties": ["title", "a b"]}),
    Case(
        "pages.create",
        {
            "parent": {"type": "data_source_id", "data_source_id": OTHER},
            "properties": {"Name": {"title": [RUN]}},
            "icon": EMOJI,
            "cover": PICTURE,
            "children": [DIVIDER],
            "template": {"type": "none"},
            "position": AFTER,
            "filter_properties": ["title"],
        },
    ),
    Case("pages.create", {"parent": PAGE, "markdown": "# Hi", "allow_async": True}),
    Case("pages.create", {"parent": PAGE, "template": TEMPLATE, "icon": None, "cover": None}),
    Case(
        "pages.update",
        {
            "page_id": ID,
            "properties": {"Done": {"checkbox": True}},
            "icon": EMOJI,
            "cover": PICTURE,
            "is_locked": True,
            "template": TEMPLATE,
            "erase_content": False,
            "in_trash": False,
            "is_archived": True,
            "filter_properties": ["Done"],
        },
    ),
    Case("pages.update", {"page_id": ID, "icon": None, "cover": None}),
    Case("pages.move", {"page_id": ID, "parent": PAGE}),
    Case(
        "pages.properties.retrieve",
        {"page_id": ID, "property_id": "fk%5EY", "start_cursor": "c", "page_size": 1},
    ),
    Case("pages.retrieve_markdown", {"page_id": ID, "include_transcript": True}),
    *(
        Case("pages.update_markdown", {"page_id": ID, way: what, **more}, {"type": way})
        for way, what, more in (
            (
                "update_content",
                {
                    "content_updates": [
                        {"old_str": "a", "new_str": "b", "replace_all_matches": True}
                    ],
                    "allow_deleting_content": True,
                },
                {"allow_async": True},
            ),
            ("replace_content", {"new_str": "", "allow_deleting_content": False}, {}),
            ("insert_content", {"content": "a", "position": {"type": "start"}}, {}),
            ("replace_content_range", {"content": "a", "content_range": "b...c"}, {}),
        )
    ),
    Case("blocks.retrieve", {"block_id": ID}),
    Case(
        "blocks.update",
        {"block_id": ID, "content": {"paragraph": {"rich_text": [RUN]}}, "in_trash": False},
        {"paragraph": {"rich_text": [RUN]}},
    ),
    Case("blocks.update", {"block_id": ID, "in_trash": True}),
    Case("blocks.delete", {"block_id": ID}),
    Case("blocks.children.list", {"block_id": ID, "start_cursor": "c", "page_size": 100}),
    Case("blocks.children.append", {"block_id": ID, "children": [DIVIDER], "position": AFTER}),
    Case(
        "blocks.children.append",
        {"block_id": ID, "children": [DIVIDER], "after": OTHER},
        version="2025-09-03",
    ),
    Case(
        "blocks.meeting_notes.create",
        {
            "source": {"type": "file_upload", "file_upload_id": FILE},
            "parent": PAGE,
            "title": "Weekly",
            "language": "en",
            "options": {"kickoff_summary": True},
        },
    ),
    Case("blocks.meeting_notes.create", {"source": {"type": "block", "block_id": ID}}),
    Case(
        "blocks.meeting_notes.query",
        {
            "filter": {"operator": "and", "filters": []},
            "sort": [{"property": "created_time", "direction": "descending"}],
            "limit": 5,
        },
    ),
    Case("databases.retrieve", {"database_id": ID}),
    Case(
        "databases.create",
        {
            "parent": PAGE,
            "title": [RUN],
            "description": [RUN],
            "is_inline": True,
            "initial_data_source": {"properties": {"Name": TITLE}},
            "icon": EMOJI,
            "cover": PICTURE,
        },
    ),
    Case(
        "databases.update",
        {
            "database_id": ID,
            "parent": {"type": "workspace", "workspace": True},
            "title": [],
            "description": [RUN],
            "is_inline": False,
            "icon": EMOJI,
            "cover": PICTURE,
            "in_trash": True,
            "is_locked": True,
        },
    ),
    Case("data_sources.retrieve", {"data_source_id": ID}),
    Case(
        "data_sources.create",
        {"parent": DATABASE, "properties": {"Name": TITLE}, "title": [RUN], "icon": None},
    ),
    Case(
        "data_sources.update",
        {
            "data_source_id": ID,
            "title": [RUN],
            "icon": EMOJI,
            "properties": {"Old": None, "Name": {"name": "Task"}, "N": {"number": {}}},
            "in_trash": False,
            "parent": DATABASE,
        },
    ),
    Case("data_sources.update", {"data_source_id": ID, "icon": None}),
    Case(
        "data_sources.query",
        {
            "data_source_id": ID,
            "filter": {"property": "Done", "checkbox": {"equals": True}},
            "sorts": [{"timestamp": "created_time", "direction": "ascending"}],
            "filter_properties": ["Done"],
            "result_type": "page",
            "in_trash": True,
            "start_cursor": "c",
            "page_size": 7,
        },
    ),
    Case(
        "data_sources.list_templates",
        {"data_source_id": ID, "name": "Meeting", "start_cursor": "c", "page_size": 2},
    ),
    Case(
        "comments.create",
        {
            "parent": {"type": "block_id", "block_id": OTHER},
            "rich_text": [RUN],
            "attachments": [{"type": "file_upload", "file_upload_id": FILE}],
            "display_name": {"type": "custom", "custom": {"name": "Robot"}},
        },
    ),
    Case("comments.create", {"discussion_id": OTHER, "markdown": "**hi**"}),
    Case("comments.retrieve", {"comment_id": ID}),
    Case("comments.update", {"comment_id": ID, "rich_text": [RUN]}),
    Case("comments.update", {"comment_id": ID, "markdown": "hi"}),
    Case("comments.delete", {"comment_id": ID}),
    Case("comments.list", {"block_id": ID, "start_cursor": "c", "page_size": 3}),
    Case("users.me", {}),
    Case("users.retrieve", {"user_id": ID}),
    Case("users.list", {"start_cursor": "c", "page_size": 3}),
    Case(
        "search",
        {
            "query": "plan",
            "filter": {"property": "object", "value": "page", "in_trash": True},
            "sort": {"property": "relevance"},
            "start_cursor": "c",
            "page_size": 5,
        },
    ),
)
METHODS = tuple(dict.fromkeys(case.method for case in CASES))
# Not offered: another name of `children`.
LEFT_OUT = {("pages.create", "content")}
# In no table, but in Notion's documentation.
BESIDE = {
    ("data_sources.query", "is_archived"),
    ("data_sources.query", "row"),
    ("pages.create", "unique_property"),
    ("pages.create", "assume_absent_after"),
}


async def asked(case: Case) -> Shape:
    with mocked(listing()) as requests:
        async with AsyncClient(TOKEN, notion_version=case.version) as notion:
            await method_of(notion, case.method)(**case.given)
    [request] = requests
    return request


def names(row: dict[str, Any], place: str) -> dict[str, bool]:
    """Return what the table lists there, and whether it is an old name."""
    return {each["name"]: each.get("deprecated", False) for each in row[place]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.method)
async def test_parameters_go_where_the_table_says(shared: Path, case: Case) -> None:
    row = rows(shared)[case.method]
    in_query, in_body = names(row, "query_params"), names(row, "body_params")
    path = row["path"].format_map(case.given)

    request = await asked(case)

    assert (request.method, request.path) == (row["method"], API + path)
    assert sorted(request.query) == sorted(
        (name + "[]" * isinstance(value, list), str(one).lower() if one is True else str(one))
        for name, value in case.given.items()
        if name in in_query
        for one in (value if isinstance(value, list) else [value])
    )
    body = {name: value for name, value in case.given.items() if name in in_body} | case.instead
    assert (request.body or {}) == body
    assert (request.body is None) == (row["method"] in ("GET", "DELETE"))
    if row["schemas"]["body"]:
        fits(shared, row["schemas"]["body"], request.body)


@pytest.mark.parametrize("name", METHODS)
def test_every_parameter_of_the_table_is_tried(shared: Path, name: str) -> None:
    row = rows(shared)[name]
    listed = {
        parameter
        for place in ("path_params", "query_params", "body_params")
        for parameter, old in names(row, place).items()
        if not old and (name, parameter) not in LEFT_OUT
    }
    kinds = listed - {"block_id", "in_trash"} if name == "blocks.update" else set[str]()

    tried = {
        parameter
        for case in CASES
        if case.method == name
        for parameter in (*case.given, *case.instead)
    }

    assert listed - kinds <= tried


@pytest.mark.parametrize("name", METHODS)
def test_what_a_method_takes_is_in_the_table(shared: Path, name: str) -> None:
    row = rows(shared)[name]
    listed = {
        parameter
        for place in ("path_params", "query_params", "body_params")
        for parameter in names(row, place)
    }

    signature = inspect.signature(method_of(AsyncClient(TOKEN), name))

    extra = (
        set(signature.parameters) - listed - ({"content"} if name == "blocks.update" else set())
    )
    assert {(name, parameter) for parameter in extra} <= BESIDE
    assert "archived" not in signature.parameters


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.method)
async def test_what_is_unset_is_left_out(case: Case) -> None:
    signature = inspect.signature(method_of(AsyncClient(TOKEN), case.method))
    unset = {
        name: UNSET
        for name, parameter in signature.parameters.items()
        if parameter.default is UNSET and name not in case.given
    }

    spoken = await asked(attrs.evolve(case, given={**case.given, **unset}))

    assert spoken == await asked(case)


async def test_queries_look_among_the_archived_rows() -> None:
    request = await asked(Case("data_sources.query", {"data_source_id": ID, "is_archived": True}))

    assert request.body == {"is_archived": True}
