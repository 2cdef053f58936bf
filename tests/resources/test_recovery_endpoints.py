"""Lost writes of each endpoint: what was created is adopted, what was set or deleted is seen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import attrs
import pytest

from notion_async import (
    AsyncClient,
    ConnectionLostError,
    ObjectNotFoundError,
    ValidationError,
)
from notion_async.models import Block, Comment, Paragraph, text
from notion_async.transport.message import Response
from tests.clients import answer, client_to
from tests.faults.server import serving
from tests.faults.strikes import says
from tests.resources.losing import (
    AFTER,
    BEFORE,
    SOMEBODY,
    Losing,
    done,
    home,
    left_unknown,
    losing_client,
    refusal,
    shown,
)
from tests.testing.emulated import (
    MINUTE,
    Object,
    block,
    comment,
    data_source,
    database,
    page,
    stamps,
    uid,
    under,
    words,
)

Ask = Callable[[AsyncClient], Awaitable[Any]]


def view(name: str, **fields: object) -> Object:
    return {
        "object": "view",
        "id": uid("view"),
        **stamps(),
        "parent": under("database_id", "tracker"),
        "data_source_id": uid("tasks"),
        "name": name,
        "type": "table",
        "url": f"https://app.notion.com/p/{uid('tracker')}?v={uid('view')}",
        "filter": None,
        "sorts": None,
        "quick_filters": None,
        "configuration": {"type": "table"},
        **fields,
    }


# ------------------------------------------------------------------- what Notion says it created


def create_database(notion: AsyncClient) -> Awaitable[Any]:
    return notion.databases.create(parent={"page_id": uid("home")}, title="New")


def create_data_source(notion: AsyncClient) -> Awaitable[Any]:
    return notion.data_sources.create(
        parent={"database_id": uid("tracker")}, properties={"Name": {"title": {}}}
    )


def create_comment(notion: AsyncClient) -> Awaitable[Any]:
    return notion.comments.create(parent={"page_id": uid("home")}, rich_text="New")


def create_view(notion: AsyncClient) -> Awaitable[Any]:
    return notion.views.create(uid("tasks"), name="New", type="table", database_id=uid("tracker"))


def create_meeting_notes(notion: AsyncClient) -> Awaitable[Any]:
    return notion.blocks.meeting_notes.create(
        source={"type": "file_upload", "file_upload_id": uid("recording")},
        parent={"page_id": uid("home")},
    )


CREATED: dict[str, tuple[Ask, Object]] = {
    "databases": (create_database, database("new")),
    "data_sources": (create_data_source, data_source("new", "tracker")),
    "comments": (create_comment, comment("new", under("page_id", "home"))),
    "views": (create_view, view("New", id=uid("new"))),
    "blocks": (
        create_meeting_notes,
        block("new", under("page_id", "home"), "meeting_notes", content={"title": words("new")}),
    ),
}
COMMITTED = {
    "object": "error",
    "status": 503,
    "code": "service_unavailable",
    "message": "late",
    "additional_data": {"committed_resource_id": uid("new"), "retry_guidance": ["Read it."]},
}


@pytest.mark.parametrize("kind", CREATED)
async def test_what_was_created_in_spite_of_an_error_is_read_and_returned(kind: str) -> None:
    create, created = CREATED[kind]

    async with (
        serving(says(answer(COMMITTED, status=503)), says(answer(created))) as server,
        client_to(server) as notion,
    ):
        found = await create(notion)

    assert (found.object, found.id) == (created["object"], uid("new"))
    assert [request.method for request in server.arrived] == ["POST", "GET"]
    assert server.arrived[1].target == f"/v1/{kind}/{uid('new')}"


@pytest.mark.parametrize("kind", CREATED)
async def test_what_is_created_and_not_named_is_not_created_again(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("POST", BEFORE)

    error = await left_unknown(losing, CREATED[kind][0](notion))

    assert error.committed_id is None
    assert [method for method, _ in losing.sent] == ["POST"]


# ------------------------------------------------------------------------------ what sets values


@attrs.frozen
class Setting:
    """A change, and its object before and after it."""

    ask: Ask
    before: Object
    after: Object
    method: str = "PATCH"
    emulated: bool = True

    def seen(self, change: Object) -> list[Response]:
        """Return what is answered to those who look whether it was set, and who was there."""
        if self.before["object"] == "page_markdown":
            return [shown(**self.before), shown(**{**page("home"), **change})]
        return [shown(**{**self.before, **change})]


def columns(*names: str) -> dict[str, Object]:
    return {
        name: {"id": name, "name": name, "description": None, "type": "title", "title": {}}
        for name in names
    }


def markdown(words: str) -> Object:
    return {"object": "page_markdown", "id": uid("home"), "markdown": words, "truncated": False}


LINE = block("line", under("page_id", "home"))
NEW_LINE = {**LINE, "paragraph": {"rich_text": words("New"), "icon": None, "color": "default"}}
REMARK = comment("remark", under("page_id", "home"))
SET: dict[str, Setting] = {
    "pages.update": Setting(
        lambda notion: notion.pages.update(uid("home"), is_locked=True),
        page("home"),
        page("home", is_locked=True),
    ),
    "pages.move": Setting(
        lambda notion: notion.pages.move(uid("home"), parent={"page_id": uid("other")}),
        page("home"),
        page("home", under("page_id", "other")),
        method="POST",
    ),
    "pages.update_markdown": Setting(
        lambda notion: notion.pages.update_markdown(
            uid("home"), replace_content={"new_str": "# New"}
        ),
        markdown("# Old"),
        markdown("# New"),
        emulated=False,
    ),
    "blocks.update": Setting(
        lambda notion: notion.blocks.update(uid("line"), Paragraph([text("New")])),
        LINE,
        NEW_LINE,
    ),
    "databases.update": Setting(
        lambda notion: notion.databases.update(uid("tracker"), title="New", is_inline=True),
        database("tracker"),
        {**database("tracker"), "title": words("New"), "is_inline": True},
    ),
    "data_sources.update": Setting(
        lambda notion: notion.data_sources.update(
            uid("tasks"), properties={"Name": {"name": "New"}}
        ),
        data_source("tasks", "tracker", columns("Name")),
        data_source("tasks", "tracker", columns("New")),
    ),
    "comments.update": Setting(
        lambda notion: notion.comments.update(uid("remark"), rich_text="New"),
        REMARK,
        {**REMARK, "rich_text": words("New")},
    ),
    "views.update": Setting(
        lambda notion: notion.views.update(
            uid("view"), name="New", sorts=[{"property": "Name", "direction": "ascending"}]
        ),
        view("Old"),
        view("New", sorts=[{"property": "Name", "direction": "ascending"}]),
        emulated=False,
    ),
}
NOT_TOLD_WHO = ("databases.update",)
"""Where the object does not tell who has edited it."""
OURS_ALONE = ("comments.update",)
"""What nobody but the connection can change."""


def setting(
    monkeypatch: pytest.MonkeyPatch, name: str, **options: Any
) -> tuple[Losing, AsyncClient, Setting]:
    losing, notion = losing_client(
        monkeypatch,
        page("home"),
        page("other"),
        LINE,
        database("tracker", sources=("tasks",)),
        data_source("tasks", "tracker", columns("Name")),
        **options,
    )
    ours = {**REMARK, "created_by": losing.emulator._api.store.author()}
    losing.emulator.load([ours])
    return losing, notion, SET[name]


@pytest.mark.parametrize("name", SET)
async def test_what_was_set_is_not_set_again(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    losing, notion, change = setting(monkeypatch, name)
    losing.lose(change.method, BEFORE)
    losing.lose("GET", shown(**change.after))

    found = await done(losing, change.ask(notion))

    assert found.id == change.after["id"]
    assert losing.count(change.method) == losing.count("GET") == 1


@pytest.mark.parametrize("name", [name for name, change in SET.items() if change.emulated])
async def test_what_the_emulator_has_set_is_recognised(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    losing, notion, change = setting(monkeypatch, name)
    losing.lose(change.method, AFTER)

    found = await done(losing, change.ask(notion))

    assert found.id == change.after["id"]
    assert losing.count(change.method) == losing.count("GET") == 1


@pytest.mark.parametrize("name", SET)
async def test_what_was_not_set_and_nobody_has_edited_is_set_again(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    losing, notion, change = setting(monkeypatch, name)
    losing.lose(change.method, BEFORE, shown(**change.after))
    losing.lose("GET", *change.seen({}))

    found = await done(losing, change.ask(notion))

    assert found.id == change.after["id"]
    assert losing.count(change.method) == 2
    assert not losing.faults


@pytest.mark.parametrize("name", [name for name in SET if name not in OURS_ALONE])
async def test_what_somebody_else_has_edited_meanwhile_is_left_to_them(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    losing, notion, change = setting(monkeypatch, name)
    edited: Object = {"last_edited_time": MINUTE}
    if name not in NOT_TOLD_WHO:
        edited["last_edited_by"] = SOMEBODY
    losing.lose(change.method, BEFORE)
    losing.lose("GET", *change.seen(edited))

    error = await left_unknown(losing, change.ask(notion))

    assert isinstance(error.__cause__, ConnectionLostError)
    assert losing.count(change.method) == 1


@pytest.mark.parametrize("name", [name for name in SET if name not in NOT_TOLD_WHO])
async def test_what_this_connection_alone_has_edited_is_set_again(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    losing, notion, change = setting(monkeypatch, name)
    us = losing.emulator._api.store.author()
    losing.lose(change.method, BEFORE, shown(**change.after))
    losing.lose("GET", *change.seen({"last_edited_time": MINUTE, "last_edited_by": us}))

    await done(losing, change.ask(notion))

    assert losing.count(change.method) == 2


@pytest.mark.parametrize("name", SET)
async def test_where_no_time_is_left_to_look_what_is_set_stays_unknown(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    losing, notion, change = setting(monkeypatch, name, deadline=10.0)

    def late() -> None:
        losing.clock._now += 11.0

    losing.lose(change.method, late)

    error = await left_unknown(losing, change.ask(notion))

    assert isinstance(error.__cause__, ConnectionLostError)
    assert len(losing.sent) == 1


TRASHED: dict[str, Ask] = {
    "pages": lambda notion: notion.pages.update(uid("home"), in_trash=True),
    "blocks": lambda notion: notion.blocks.update(uid("line"), in_trash=True),
    "databases": lambda notion: notion.databases.update(uid("tracker"), in_trash=True),
    "data_sources": lambda notion: notion.data_sources.update(uid("tasks"), in_trash=True),
}


@pytest.mark.parametrize("version", ["2026-03-11", "2025-09-03"])
@pytest.mark.parametrize("kind", TRASHED)
async def test_what_is_in_the_trash_already_is_not_put_there_again(
    monkeypatch: pytest.MonkeyPatch, kind: str, version: str
) -> None:
    losing, notion, _ = setting(monkeypatch, "pages.update", notion_version=version)
    losing.lose("PATCH", AFTER)

    found = await done(losing, TRASHED[kind](notion))

    assert found.in_trash is True
    assert [method for method, _ in losing.sent] == ["PATCH", "GET"]


# ---------------------------------------------------------------------------------- what deletes


@attrs.frozen
class Deleting:
    """What deletes an object, and what its id is called afterwards."""

    ask: Ask
    name: str = "id"
    looks: int = 1
    """How many requests look whether it is there."""


DELETED: dict[str, Deleting] = {
    "blocks": Deleting(lambda notion: notion.blocks.delete(uid("gone"))),
    "comments": Deleting(lambda notion: notion.comments.delete(uid("gone"))),
    "views": Deleting(lambda notion: notion.views.delete(uid("gone"))),
    "views.queries": Deleting(
        lambda notion: notion.views.queries.delete(uid("view"), uid("gone")), looks=0
    ),
    "agents": Deleting(lambda notion: notion.agents.delete(uid("gone")), "agent_id", looks=0),
}
MISSING = refusal(404, "object_not_found")


@pytest.mark.parametrize("kind", DELETED)
async def test_what_is_not_there_after_a_lost_answer_was_deleted(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("DELETE", BEFORE, MISSING)
    losing.lose("GET", MISSING)

    found = await done(losing, DELETED[kind].ask(notion))

    assert getattr(found, DELETED[kind].name) == uid("gone")
    assert losing.count("DELETE") == 2
    assert losing.count("GET") == DELETED[kind].looks


@pytest.mark.parametrize("kind", DELETED)
async def test_what_is_not_there_at_once_was_not_found(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("DELETE", MISSING)

    with pytest.raises(ObjectNotFoundError):
        await done(losing, DELETED[kind].ask(notion))

    assert len(losing.sent) == 1


@pytest.mark.parametrize("status", [429, 529])
async def test_what_is_not_there_after_a_refusal_was_not_deleted_by_it(
    monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("DELETE", refusal(status, "rate_limited"), MISSING)

    with pytest.raises(ObjectNotFoundError):
        await done(losing, notion.comments.delete(uid("gone")))

    assert losing.count("GET") == 0


async def test_a_comment_that_was_deleted_the_first_time_has_its_id_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion, _ = setting(monkeypatch, "comments.update")
    losing.lose("DELETE", AFTER)

    found = await done(losing, notion.comments.delete(uid("remark")))

    assert isinstance(found, Comment)
    assert (found.object, found.id) == ("comment", uid("remark"))
    with pytest.raises(AttributeError):
        _ = found.rich_text


@pytest.mark.parametrize(
    ("kind", "absent"),
    [("blocks", "created_time"), ("comments", "rich_text"), ("agents", "deleted_at")],
)
async def test_what_is_not_known_of_a_deleted_object_is_absent(
    monkeypatch: pytest.MonkeyPatch, kind: str, absent: str
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("DELETE", BEFORE, MISSING)
    losing.lose("GET", MISSING)

    found = await done(losing, DELETED[kind].ask(notion))

    assert not isinstance(found, Block) or found.in_trash is True
    with pytest.raises(AttributeError):
        getattr(found, absent)


async def test_a_view_that_is_there_although_notion_does_not_find_it_stays_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("DELETE", BEFORE, MISSING)
    losing.lose("GET", shown(**view("Here")))

    await left_unknown(losing, notion.views.delete(uid("view")))


async def test_the_last_view_of_a_database_is_refused_as_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("DELETE", BEFORE, refusal(400, "validation_error", "It is the last one."))
    losing.lose("GET", shown(**view("Here")))

    with pytest.raises(ValidationError, match="the last one"):
        await done(losing, notion.views.delete(uid("view")))
