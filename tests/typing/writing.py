"""The types of what writes.  Never executed: type checkers have to accept it."""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from typing import assert_type

from notion_async import AsyncClient, ObjectList, Pager, text
from notion_async.models import (
    AsyncTask,
    Block,
    Comment,
    Database,
    DataSource,
    DataSourceTemplate,
    NumberSchema,
    NumberValue,
    Page,
    PageMarkdown,
    Paragraph,
    Parent,
    PropertySchema,
    TitleSchema,
)


async def pages(notion: AsyncClient, page: Page, later: bool) -> None:
    assert_type(await notion.pages.create(markdown="# Hi"), Page)
    assert_type(await notion.pages.create(markdown="# Hi", allow_async=False), Page)
    assert_type(await notion.pages.create(markdown="# Hi", allow_async=True), Page | AsyncTask)
    assert_type(await notion.pages.create(markdown="# Hi", allow_async=later), Page | AsyncTask)
    assert_type(await notion.pages.update("id", properties=page.properties, icon=page.icon), Page)
    assert_type(await notion.pages.update("id", properties={"N": NumberValue(1)}), Page)
    assert_type(await notion.pages.move("id", parent=page.parent), Page)
    assert_type(await notion.pages.trash("id"), Page)
    assert_type(await notion.pages.restore("id"), Page)


async def markdown(notion: AsyncClient, later: bool) -> None:
    update = notion.pages.update_markdown
    assert_type(await update("id", replace_content={"new_str": "a"}), PageMarkdown)
    assert_type(
        await update("id", insert_content={"content": "a"}, allow_async=later),
        PageMarkdown | AsyncTask,
    )


async def blocks(notion: AsyncClient, block: Block) -> None:
    assert_type(await notion.blocks.update("id", block), Block)
    assert_type(await notion.blocks.update("id", Paragraph([text("hi")])), Block)
    assert_type(await notion.blocks.update("id", {"paragraph": {}}, in_trash=False), Block)
    assert_type(await notion.blocks.delete("id"), Block)
    assert_type(await notion.blocks.meeting_notes.query(limit=5), ObjectList[Block])


async def databases(notion: AsyncClient, database: Database, source: DataSource) -> None:
    assert_type(
        await notion.databases.create(
            parent=Parent(page_id="id"),
            title="Tasks",
            initial_data_source={"properties": {"Name": TitleSchema()}},
        ),
        Database,
    )
    assert_type(await notion.databases.update("id", title=database.title), Database)
    assert_type(
        await notion.data_sources.create(parent=source.parent, properties=source.properties),
        DataSource,
    )
    assert_type(
        await notion.data_sources.update(
            "id",
            properties={
                "A": None,
                "B": {"name": "C"},
                "D": NumberSchema("euro"),
                "E": PropertySchema(TitleSchema()),
            },
        ),
        DataSource,
    )
    assert_type(notion.data_sources.list_templates("id"), Pager[DataSourceTemplate])


async def comments(notion: AsyncClient, comment: Comment) -> None:
    assert_type(
        await notion.comments.create(parent=Parent(page_id="id"), rich_text=comment.rich_text),
        Comment,
    )
    assert_type(await notion.comments.update("id", markdown="hi"), Comment)
    assert_type(await notion.comments.delete("id"), Comment)


async def mistakes(notion: AsyncClient) -> None:
    # Each of these is an error to mypy and to pyright: else one of them says that there is
    # nothing to suppress.
    await notion.pages.create(children=[], allow_async=True)  # type: ignore[call-overload]  # to be refused
    await notion.pages.update("id", archived=True)  # type: ignore[call-arg]  # to be refused
    await notion.databases.create(parent=Parent(), properties={})  # type: ignore[call-arg]  # to be refused
