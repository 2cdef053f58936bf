"""What is sent of texts, parents, pictures and comments; and what is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from notion_async import AsyncClient, structure, text
from notion_async.models import (
    Annotations,
    Comment,
    DisplayName,
    Divider,
    FileObject,
    FileUpload,
    Icon,
    Parent,
    RichText,
    Text,
)
from notion_async.models.comments import CustomDisplayName
from notion_async.types import JSON
from tests.resources.asking import HI, HOME, HOSTED, OTHER, Call, asked, refused
from tests.resources.bodies import fits
from tests.testing.emulated import uid

TEXTS: dict[str, tuple[Callable[[AsyncClient, Any], Awaitable[object]], str]] = {
    "databases.create title": (
        lambda notion, words: notion.databases.create(parent=Parent(page_id=HOME), title=words),
        "title",
    ),
    "databases.create description": (
        lambda notion, words: notion.databases.create(
            parent=Parent(page_id=HOME), description=words
        ),
        "description",
    ),
    "databases.update title": (
        lambda notion, words: notion.databases.update(HOME, title=words),
        "title",
    ),
    "databases.update description": (
        lambda notion, words: notion.databases.update(HOME, description=words),
        "description",
    ),
    "data_sources.create title": (
        lambda notion, words: notion.data_sources.create(
            parent=Parent(database_id=HOME), properties={}, title=words
        ),
        "title",
    ),
    "data_sources.update title": (
        lambda notion, words: notion.data_sources.update(HOME, title=words),
        "title",
    ),
    "comments.create": (
        lambda notion, words: notion.comments.create(discussion_id=HOME, rich_text=words),
        "rich_text",
    ),
    "comments.update": (
        lambda notion, words: notion.comments.update(HOME, rich_text=words),
        "rich_text",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
async def test_rich_text_is_a_string_or_runs_or_mappings(name: str) -> None:
    call, field = TEXTS[name]

    plain = await asked(lambda notion: call(notion, "hi"))
    runs = await asked(lambda notion: call(notion, [text("hi")]))
    mappings = await asked(lambda notion: call(notion, [HI]))
    nothing = await asked(lambda notion: call(notion, ""))

    assert plain.body[field] == runs.body[field] == mappings.body[field] == [HI]
    assert nothing.body[field] == []


async def test_looks_are_sent_and_what_notion_derives_is_not() -> None:
    read = structure(
        {**HI, "annotations": {"bold": True}, "plain_text": "hi", "href": None}, RichText
    )
    made = RichText(Text("hi"), Annotations(bold=True))

    request = await asked(lambda notion: notion.comments.update(HOME, rich_text=[read, made]))

    for run in request.body["rich_text"]:
        assert set(run) == {"type", "text", "annotations"}
        assert run["annotations"]["bold"] is True


@pytest.mark.parametrize(
    ("parent", "sent"),
    [
        (Parent(page_id=OTHER), {"type": "page_id", "page_id": OTHER}),
        (Parent(workspace=True), {"type": "workspace", "workspace": True}),
        (
            Parent(type="data_source_id", data_source_id=OTHER, database_id=HOME),
            {"type": "data_source_id", "data_source_id": OTHER},
        ),
        ({"page_id": OTHER}, {"page_id": OTHER}),
    ],
)
async def test_a_parent_names_its_type_where_it_is_no_mapping(
    parent: Parent | Mapping[str, object], sent: JSON
) -> None:
    request = await asked(lambda notion: notion.pages.move(HOME, parent=parent))

    assert (request.method, request.body) == ("POST", {"parent": sent})


async def test_a_parent_without_an_id_is_refused() -> None:
    await refused(lambda notion: notion.pages.move(HOME, parent=Parent()), "Parent\\(page_id=…\\)")


PICTURED: dict[str, Callable[[AsyncClient, Any], Awaitable[object]]] = {
    "pages.create": lambda notion, icon: notion.pages.create(icon=icon),
    "pages.update": lambda notion, icon: notion.pages.update(HOME, icon=icon),
    "databases.create": lambda notion, icon: notion.databases.create(
        parent=Parent(page_id=HOME), icon=icon
    ),
    "databases.update": lambda notion, icon: notion.databases.update(HOME, icon=icon),
    "data_sources.create": lambda notion, icon: notion.data_sources.create(
        parent=Parent(database_id=HOME), properties={}, icon=icon
    ),
    "data_sources.update": lambda notion, icon: notion.data_sources.update(HOME, icon=icon),
    "the cover of a new page": lambda notion, cover: notion.pages.create(cover=cover),
    "the cover of a page": lambda notion, cover: notion.pages.update(HOME, cover=cover),
    "the cover of a new database": lambda notion, cover: notion.databases.create(
        parent=Parent(page_id=HOME), cover=cover
    ),
    "the cover of a database": lambda notion, cover: notion.databases.update(HOME, cover=cover),
}


@pytest.mark.parametrize("name", PICTURED)
async def test_a_file_that_notion_holds_is_no_icon_and_no_cover(name: str) -> None:
    read = structure(HOSTED, FileObject if "cover" in name else Icon)

    await refused(lambda notion: PICTURED[name](notion, read), "fetch it from its url, upload it")


@pytest.mark.parametrize("name", PICTURED)
async def test_icons_and_covers_elsewhere_are_given_back(name: str) -> None:
    data: JSON = {"type": "external", "external": {"url": "https://example.com/a.png"}}
    read = structure(cast("Any", data), FileObject if "cover" in name else Icon)

    request = await asked(lambda notion: PICTURED[name](notion, read))

    assert request.body["cover" if "cover" in name else "icon"] == data


def upload(name: str) -> FileUpload:
    return structure({"object": "file_upload", "id": uid(name), "status": "uploaded"}, FileUpload)


async def test_finished_uploads_are_attached_to_a_comment(shared: Path) -> None:
    request = await asked(
        lambda notion: notion.comments.create(
            parent=Parent(page_id=HOME),
            rich_text="hi",
            attachments=[upload("a"), {"file_upload_id": uid("b")}],
        )
    )

    assert request.body["attachments"] == [
        {"file_upload_id": uid("a")},
        {"file_upload_id": uid("b")},
    ]
    fits(shared, "CreateCommentBodyParameters", request.body)


async def test_a_comment_has_three_attachments_at_most() -> None:
    await refused(
        lambda notion: notion.comments.create(
            discussion_id=HOME, markdown="hi", attachments=[upload("a")] * 4
        ),
        "3 attachments at most, not 4",
    )


READ_NAME = structure(
    {
        "object": "comment",
        "id": HOME,
        "display_name": {"type": "custom", "resolved_name": "Robot"},
    },
    Comment,
).display_name


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        (DisplayName("integration"), {"type": "integration"}),
        (DisplayName("user", resolved_name="Ada"), {"type": "user"}),
        (
            DisplayName("custom", CustomDisplayName("Robot")),
            {"type": "custom", "custom": {"name": "Robot"}},
        ),
        (READ_NAME, {"type": "custom", "custom": {"name": "Robot"}}),
    ],
)
async def test_the_name_over_a_comment_is_given(name: DisplayName, sent: JSON) -> None:
    request = await asked(
        lambda notion: notion.comments.create(discussion_id=HOME, markdown="hi", display_name=name)
    )

    assert request.body["display_name"] == sent


async def test_a_discussion_is_named_by_any_form_of_its_id() -> None:
    request = await asked(
        lambda notion: notion.comments.create(discussion_id=HOME.replace("-", ""), markdown="hi")
    )

    assert request.body == {"discussion_id": HOME, "markdown": "hi"}


WRONG: dict[str, tuple[Call, str]] = {
    "a comment nowhere": (
        lambda notion: notion.comments.create(rich_text="hi"),
        "exactly one of parent and discussion_id",
    ),
    "a comment in two places": (
        lambda notion: notion.comments.create(
            parent=Parent(page_id=HOME), discussion_id=HOME, rich_text="hi"
        ),
        "exactly one of parent and discussion_id",
    ),
    "a comment without words": (
        lambda notion: notion.comments.create(discussion_id=HOME),
        "exactly one of rich_text and markdown",
    ),
    "a comment of two texts": (
        lambda notion: notion.comments.update(HOME, rich_text="hi", markdown="hi"),
        "exactly one of rich_text and markdown",
    ),
    "a change of nothing": (
        lambda notion: notion.comments.update(HOME),
        "exactly one of rich_text and markdown",
    ),
    "Markdown changed in no way": (
        lambda notion: notion.pages.update_markdown(HOME),
        "exactly one of update_content, replace_content",
    ),
    "Markdown changed in two ways": (
        lambda notion: notion.pages.update_markdown(
            HOME, insert_content={"content": "a"}, replace_content={"new_str": "b"}
        ),
        "exactly one of update_content, replace_content",
    ),
    "blocks and Markdown": (
        lambda notion: notion.pages.create(children=[], markdown="# Hi"),
        "give one of them",
    ),
    "blocks and a template": (
        lambda notion: notion.pages.create(children=[], template={"type": "default"}),
        "give one of them",
    ),
    "blocks later": (
        lambda notion: notion.pages.create(children=[], allow_async=True),  # type: ignore[call-overload]  # to be refused
        "markdown alone",
    ),
    "too many blocks": (
        lambda notion: notion.pages.create(children=[Divider()] * 101),
        "100 blocks at most, not 101",
    ),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_cannot_be_is_refused_before_it_is_sent(name: str) -> None:
    call, words = WRONG[name]

    await refused(call, words)


async def test_a_page_is_trashed_and_restored() -> None:
    trashed = await asked(lambda notion: notion.pages.trash(HOME))
    restored = await asked(lambda notion: notion.pages.restore(HOME))

    assert (trashed.method, trashed.body) == ("PATCH", {"in_trash": True})
    assert (restored.method, restored.body) == ("PATCH", {"in_trash": False})
    assert trashed.path == restored.path == f"https://api.notion.com/v1/pages/{HOME}"
