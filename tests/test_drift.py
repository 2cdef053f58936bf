"""The methods against Notion's table of endpoints: every parameter, and nothing else.

Where they differ, a reason stands here, and one that is not needed any more fails a test.  What is
sent of the parameters is shown in `tests/resources`, what is read in `tests/models`.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any, get_origin

import pytest

from notion_async import UNSET, AsyncClient, ConfigurationError, Pager, endpoints
from tests.clients import method_of
from tests.models.published import returned
from tests.resources.asking import HOME, refused
from tests.resources.bodies import rows

NAMES = [row.name for row in endpoints.ALL]
METHODS = pytest.mark.parametrize("name", NAMES)

BLOCK_TYPES = "of `content`, a block or a mapping: each type of block has its name there"
OLD_TRASH = "the older name of in_trash"
CREDENTIALS = "sent as HTTP Basic authentication, which the table says under `auth`"
UPLOADED = "the part of the form has a name and a type, which the table does not list"

# In the table, and no parameter of the method.
NONE_BY_DEFAULT = ("start_cursor", "row", "unique_property", "assume_absent_after")
LEFT_OUT: Mapping[tuple[str, str], str] = {
    ("pages.create", "content"): "another name of children",
    ("pages.update", "archived"): OLD_TRASH,
    ("blocks.update", "archived"): OLD_TRASH,
    ("data_sources.update", "archived"): OLD_TRASH,
    ("data_sources.query", "archived"): OLD_TRASH,
    ("pages.update_markdown", "type"): "said by which of the four is given",
    ("blocks.update", "type"): BLOCK_TYPES,
    **{
        ("blocks.update", kind): BLOCK_TYPES
        for kind in (
            "embed", "bookmark", "image", "video", "pdf", "file", "audio", "code", "equation",
            "divider", "breadcrumb", "tab", "table_of_contents", "link_to_page", "table_row",
            "heading_1", "heading_2", "heading_3", "heading_4", "paragraph",
            "bulleted_list_item", "numbered_list_item", "quote", "to_do", "toggle", "template",
            "callout", "synced_block", "table", "column",
        )
    },
}  # fmt: skip

# A parameter of the method, and not in the table.
BESIDE: Mapping[tuple[str, str], str] = {
    ("blocks.update", "content"): "the block whose type names the field",
    ("data_sources.query", "is_archived"): "in Notion's documentation, but not in its client",
    ("data_sources.query", "row"): "the class of the rows: nothing that is sent",
    ("pages.create", "unique_property"): "how a row is known: nothing that is sent",
    ("pages.create", "assume_absent_after"): "when it may be sent again",
    ("file_uploads.send", "filename"): UPLOADED,
    ("file_uploads.send", "content_type"): UPLOADED,
    ("oauth.token", "client_id"): CREDENTIALS,
    ("oauth.token", "client_secret"): CREDENTIALS,
    ("oauth.introspect", "client_id"): CREDENTIALS,
    ("oauth.introspect", "client_secret"): CREDENTIALS,
    ("oauth.revoke", "client_id"): CREDENTIALS,
    ("oauth.revoke", "client_secret"): CREDENTIALS,
}

# Needed by the table, and not by the method.
OPTIONAL: Mapping[tuple[str, str], str] = {
    ("oauth.token", "grant_type"): "said by which of code and refresh_token is given",
}

# Positional, though it is no part of the path.
POSITIONAL: Mapping[tuple[str, str], str] = {
    ("blocks.update", "content"): "what the method is for",
    ("comments.list", "block_id"): "what is listed",
    ("search", "query"): "what the method is for",
    ("views.create", "data_source_id"): "what is shown",
}

CONTENTS = ("update_content", "replace_content", "insert_content", "replace_content_range")
TURNS = ("message", "actions", "continue_from")

# One of these is given, and no more than one.
ONE_OF: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("pages.update_markdown", CONTENTS),
    ("comments.create", ("parent", "discussion_id")),
    ("comments.create", ("rich_text", "markdown")),
    ("comments.update", ("rich_text", "markdown")),
    ("oauth.token", ("code", "refresh_token")),
    ("sessions.update", TURNS),
    ("sessions.stream", TURNS),
)

# Depends on another parameter, and Notion says so when it is missing.
DEPENDING: Mapping[tuple[str, str], str] = {
    ("blocks.meeting_notes.create", "parent"): "only for a recording that is an upload",
    ("sessions.update", "session_id"): "for whatever is not a first message",
    ("sessions.stream", "session_id"): "for whatever is not a first message",
}


def parameters(name: str) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(method_of(AsyncClient("ntn_x"), name)).parameters


def listed(shared: Path, name: str) -> dict[str, Any]:
    """Return what the table says of each parameter."""
    row = rows(shared)[name]
    places = ("path_params", "query_params", "body_params", "form_params")
    return {each["name"]: each for place in places for each in row[place]}


def difference(pairs: Mapping[tuple[str, str], str], name: str) -> set[str]:
    return {parameter for method, parameter in pairs if method == name}


@METHODS
def test_a_method_has_the_parameters_of_the_table(shared: Path, name: str) -> None:
    ours, theirs = set(parameters(name)), set(listed(shared, name))

    assert theirs - ours == difference(LEFT_OUT, name)
    assert ours - theirs == difference(BESIDE, name)


@METHODS
def test_what_the_table_needs_is_needed_here(shared: Path, name: str) -> None:
    needed = {
        parameter
        for parameter, each in parameters(name).items()
        if each.default is inspect.Parameter.empty
    }
    theirs = {
        parameter for parameter, each in listed(shared, name).items() if each["required"] is True
    }

    gone = difference(LEFT_OUT, name)
    assert theirs - gone - needed == difference(OPTIONAL, name)
    assert needed - theirs <= difference(BESIDE, name)


@METHODS
def test_what_the_table_needs_at_times_is_one_of_a_group(shared: Path, name: str) -> None:
    conditional = {
        parameter
        for parameter, each in listed(shared, name).items()
        if each["required"] == "conditional" and (name, parameter) not in LEFT_OUT
    }
    groups = {parameter for method, group in ONE_OF if method == name for parameter in group}

    assert conditional == groups | difference(DEPENDING, name)


@METHODS
def test_ids_come_first_and_all_else_goes_by_its_name(shared: Path, name: str) -> None:
    positional = [
        parameter
        for parameter, each in parameters(name).items()
        if each.kind is not inspect.Parameter.KEYWORD_ONLY
    ]
    path = [each["name"] for each in rows(shared)[name]["path_params"]]

    assert positional[: len(path)] == path
    assert set(positional[len(path) :]) == difference(POSITIONAL, name)


@METHODS
def test_what_is_left_out_is_unset_and_a_cursor_is_none(name: str) -> None:
    for parameter, each in parameters(name).items():
        expected = None if parameter in NONE_BY_DEFAULT else UNSET
        assert each.default in (expected, inspect.Parameter.empty), parameter


@METHODS
def test_what_the_table_lists_in_pages_is_a_pager(shared: Path, name: str) -> None:
    row = rows(shared)[name]
    hint = returned(method_of(AsyncClient("ntn_x"), name))

    assert (get_origin(hint) is Pager) == row["paginated"]
    if row["paginated"]:
        assert {"start_cursor", "page_size"} <= set(parameters(name))


@METHODS
def test_credentials_are_asked_for_where_the_table_says(shared: Path, name: str) -> None:
    asks = {"client_id", "client_secret"} <= set(parameters(name))

    assert asks == (rows(shared)[name]["auth"] == "basic")


def test_every_reason_is_that_of_a_method() -> None:
    for table in (LEFT_OUT, BESIDE, OPTIONAL, POSITIONAL, DEPENDING):
        assert {name for name, _ in table} <= set(NAMES)
        assert all(table.values())
    assert {name for name, _ in ONE_OF} <= set(NAMES)


VALUES: Mapping[str, object] = {
    "parent": {"page_id": HOME},
    "rich_text": "hi",
    "actions": [],
    "session_id": HOME,
    "client_id": "id",
    "client_secret": "invented",
    "page_id": HOME,
    "comment_id": HOME,
    "update_content": {"content_updates": []},
    "replace_content": {"new_str": "a"},
    "insert_content": {"content": "a"},
    "replace_content_range": {"content": "a", "content_range": "b...c"},
}
# What else a call takes, beside one of each group.
BESIDES: Mapping[str, tuple[str, ...]] = {
    "pages.update_markdown": ("page_id",),
    "comments.update": ("comment_id",),
    "oauth.token": ("client_id", "client_secret"),
    "sessions.update": ("session_id",),
    "sessions.stream": ("session_id",),
}


@pytest.mark.parametrize(("name", "group"), ONE_OF, ids=str)
async def test_exactly_one_of_a_group_is_taken(name: str, group: tuple[str, ...]) -> None:
    others = [other[0] for method, other in ONE_OF if method == name and other != group]
    fixed = {each: VALUES.get(each, "a") for each in (*BESIDES.get(name, ()), *others)}

    for given in ((), *combinations(group, 2)):
        chosen = fixed | {each: VALUES.get(each, "a") for each in given}
        if name == "sessions.stream":
            with pytest.raises(ConfigurationError, match="one of"):
                AsyncClient("ntn_x").sessions.stream(**chosen)  # type: ignore[arg-type]  # one of many
        else:
            await refused(lambda notion: method_of(notion, name)(**chosen), "one of")  # noqa: B023 - called at once
