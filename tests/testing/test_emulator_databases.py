"""Making and moving databases and data sources, through our own client."""

from __future__ import annotations

import pytest

from notion_async import ObjectNotFoundError, ValidationError
from notion_async.models import Parent

from .clients import connected
from .emulated import (
    OLD,
    Object,
    block,
    data_source,
    database,
    emulated,
    page,
    row,
    uid,
    under,
    words,
    workspace,
)
from .test_emulator_writing import external, text

HOME = under("page_id", "Home")
NOW = "2026-05-17T10:42:31.000+00:00"


async def test_a_database_comes_with_a_data_source_and_a_view() -> None:
    async with connected(page("Home")) as (notion, raw):
        made = await notion.databases.create(
            parent=Parent(page_id=uid("Home")),
            title="Tasks",
            description="What is to be done",
            is_inline=True,
            icon={"emoji": "\N{ROCKET}"},
            initial_data_source={"properties": {"Task": {"title": {}}, "Size": {"number": {}}}},
        )
        source = await notion.data_sources.retrieve(made.data_sources[0].id)
        views = await raw.ids("GET", f"/v1/views?database_id={made.id}")
        view = await raw.get(f"/v1/views/{views[0]}")
        listed = await raw.get(f"/v1/blocks/{uid('Home')}/children")
        again = await raw.get(f"/v1/databases/{made.id}")

    assert [one.name for one in made.data_sources] == ["Tasks"]
    assert (again["created_time"], again["last_edited_time"]) == (NOW, NOW)
    assert (again["title"], again["description"]) == (words("Tasks"), words("What is to be done"))
    assert (again["parent"], again["is_inline"]) == (HOME, True)
    assert again["url"] == f"https://app.notion.com/p/{made.id.replace('-', '')}"
    assert list(source.properties) == ["Task", "Size"]
    assert source.properties["Task"].id == "title"
    assert (view["name"], view["type"]) == ("Default view", "table")
    assert (view["data_source_id"], view["parent"]["database_id"]) == (source.id, made.id)
    assert [(one["type"], one["id"]) for one in listed["results"]] == [("child_database", made.id)]


async def test_a_database_that_says_nothing_of_its_columns_has_a_title() -> None:
    async with emulated(page("Home")) as raw:
        body = {"parent": HOME, "title": text("Bare"), "cover": external()}
        made = await raw.post("/v1/databases", body, version=OLD)
        source = await raw.get(f"/v1/data_sources/{made['data_sources'][0]['id']}", version=OLD)

    assert made["archived"] is source["archived"] is False
    assert made["cover"] == external()
    assert source["properties"] == {
        "Name": {"id": "title", "name": "Name", "description": None, "type": "title", "title": {}}
    }
    assert source["database_parent"] == HOME
    assert source["url"] == made["url"]


async def test_rows_go_into_a_database_that_was_just_made() -> None:
    async with connected(page("Home")) as (notion, _):
        made = await notion.databases.create(parent=Parent(page_id=uid("Home")), title="Tasks")
        source = made.data_sources[0].id
        new = await notion.pages.create(
            parent=Parent(data_source_id=source), properties={"Name": {"title": text("First")}}
        )
        found = [one.id async for one in notion.data_sources.query(source)]

    assert found == [new.id]


async def test_a_database_gets_a_second_data_source() -> None:
    async with connected(page("Home"), database("Tasks", HOME)) as (notion, raw):
        made = await notion.data_sources.create(
            parent=Parent(database_id=uid("Tasks")),
            properties={"Name": {"title": {}}, "Due": {"date": {}}},
            title="Dates",
            icon={"emoji": "\N{ROCKET}"},
        )
        container = await notion.databases.retrieve(uid("Tasks"))
        shown = await raw.get(f"/v1/data_sources/{made.id}")

    assert [(one.id, one.name) for one in container.data_sources] == [(made.id, "Dates")]
    assert shown["icon"] == {"type": "emoji", "emoji": "\N{ROCKET}"}
    assert shown["parent"] == under("database_id", "Tasks")


@pytest.mark.parametrize("version", [OLD, "2026-03-11"])
async def test_a_person_may_have_a_database_at_the_top_of_the_workspace(version: str) -> None:
    owner: Object = {"type": "user", "user": {"object": "user", "id": uid("ada")}}
    bot: Object = {
        "object": "user", "id": uid("bot"), "name": "Bot", "avatar_url": None, "type": "bot",
        "bot": {"owner": owner, "workspace_name": "W", "workspace_id": uid("w"),
                "workspace_limits": {"max_file_upload_size_in_bytes": 1}},
    }  # fmt: skip
    async with emulated(bot) as raw:
        made = await raw.post("/v1/databases", {"parent": workspace()}, version=version)
        private = await raw.post("/v1/pages", {"properties": {"title": text("Mine")}})
        wrong = await raw.wrong("POST", "/v1/databases", {"parent": {"workspace": False}})

    assert made["parent"] == private["parent"] == workspace()
    assert "body.parent.workspace should be `true`" in wrong


CREATE: list[tuple[Object, str]] = [
    ({}, "body.parent should be defined"),
    ({"parent": workspace()}, "workspace-level private pages is not supported"),
    ({"parent": under("database_id", "Tasks")}, "body.parent.database_id should be not present"),
    ({"parent": HOME, "properties": {}}, "body.properties should be not present"),
    ({"parent": HOME, "is_inline": "yes"}, "body.is_inline should be a boolean"),
    ({"parent": HOME, "initial_data_source": []}, "body.initial_data_source should be an object"),
    ({"parent": HOME, "initial_data_source": {"title": []}}, "initial_data_source.title should"),
    ({"parent": HOME, "initial_data_source": {"properties": {}}}, "Title is not provided"),
    (
        {"parent": HOME, "initial_data_source": {"properties": {"A": {"title": {}},
                                                                "B": {"title": {}}}}},
        "There is a title property already.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "message"), CREATE)
async def test_a_database_that_is_wrong_is_not_made(body: Object, message: str) -> None:
    async with emulated(page("Home"), database("Tasks", HOME)) as raw:
        assert message in await raw.wrong("POST", "/v1/databases", body)

        assert raw.emulator.commits == []


async def test_a_data_source_needs_a_title_and_a_database_that_is_there() -> None:
    gone = database("Gone", HOME, sources=())
    async with connected(page("Home"), database("Tasks"), {**gone, "in_trash": True}) as (
        notion,
        raw,
    ):
        with pytest.raises(ValidationError, match="Title is not provided"):
            await notion.data_sources.create(
                parent=Parent(database_id=uid("Tasks")), properties={"Due": {"date": {}}}
            )
        with pytest.raises(ObjectNotFoundError):
            await notion.data_sources.create(
                parent=Parent(database_id=uid("nowhere")), properties={"Name": {"title": {}}}
            )
        body = {"parent": under("database_id", "Gone"), "properties": {"Name": {"title": {}}}}
        assert "archived" in await raw.wrong("POST", "/v1/data_sources", body)
        nothing = {"parent": under("database_id", "Tasks")}
        assert "body.properties should be defined" in await raw.wrong(
            "POST", "/v1/data_sources", nothing
        )


BLOCK = block("Tasks", HOME, "child_database", content={"title": "Tasks"})


@pytest.mark.parametrize("loaded", [[], [BLOCK]])
async def test_a_database_is_moved_to_another_page(loaded: list[Object]) -> None:
    async with connected(
        page("Home"),
        page("Other"),
        database("Tasks", HOME, sources=("Table", "unknown")),
        *loaded,
        data_source("Table", "Tasks"),
    ) as (notion, raw):
        moved = await notion.databases.update(uid("Tasks"), parent=Parent(page_id=uid("Other")))
        before = await raw.ids("GET", f"/v1/blocks/{uid('Home')}/children")
        after = await raw.ids("GET", f"/v1/blocks/{uid('Other')}/children")
        source = await raw.get(f"/v1/data_sources/{uid('Table')}")

    assert moved.parent.page_id == uid("Other")
    assert (before, after) == ([], [uid("Tasks")])
    assert source["database_parent"] == under("page_id", "Other")


async def test_a_database_is_not_moved_below_itself() -> None:
    async with emulated(
        page("Home"),
        database("Tasks", HOME, sources=("Table",)),
        data_source("Table", "Tasks"),
        row("Row", "Table"),
    ) as raw:
        body = {"parent": under("page_id", "Row")}
        message = await raw.wrong("PATCH", f"/v1/databases/{uid('Tasks')}", body)

    assert message == "A database cannot be moved into itself."


async def test_a_data_source_is_moved_to_another_database_with_its_rows() -> None:
    async with connected(
        database("Tasks", sources=("Table", "Second")),
        database("Others", sources=("Third",)),
        data_source("Table", "Tasks"),
        row("Row", "Table"),
    ) as (notion, raw):
        where = Parent(database_id=uid("Others"))
        moved = await notion.data_sources.update(uid("Table"), parent=where, title="Named")
        again = await notion.data_sources.update(uid("Table"), parent=where)
        old = await notion.databases.retrieve(uid("Tasks"))
        new = await notion.databases.retrieve(uid("Others"))
        found = await raw.get(f"/v1/pages/{uid('Row')}")

    assert moved.parent.database_id == again.parent.database_id == uid("Others")
    assert [one.id for one in old.data_sources] == [uid("Second")]
    assert [(one.id, one.name) for one in new.data_sources] == [
        (uid("Third"), "Third"),
        (uid("Table"), "Named"),
    ]
    assert found["parent"]["database_id"] == uid("Others")


async def test_a_data_source_whose_database_was_not_loaded_is_moved() -> None:
    async with connected(database("Others"), data_source("Table", "nowhere")) as (notion, _):
        await notion.data_sources.update(uid("Table"), parent=Parent(database_id=uid("Others")))
        new = await notion.databases.retrieve(uid("Others"))

    assert [one.id for one in new.data_sources] == [uid("Table")]
