"""What each method of the client returns.  Never executed: type checkers have to accept it.

`tests/test_typing.py` shows that none is missing.
"""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import ClassVar, assert_type

from notion_async import UNSET, AsyncClient, ObjectList, Pager, Scan, SessionStream
from notion_async.models import (
    Agent,
    AgentCreditLimit,
    AgentInsights,
    AgentStatus,
    AsyncTask,
    Block,
    Comment,
    CustomEmoji,
    Database,
    DataSource,
    DataSourceTemplate,
    DeletedAgent,
    FileUpload,
    OAuthIntrospection,
    OAuthRevocation,
    OAuthToken,
    Page,
    PageMarkdown,
    PlainValue,
    PropertyItem,
    PropertyValue,
    Reference,
    Session,
    SessionEvent,
    StreamEvent,
    User,
    View,
    ViewQuery,
)
from notion_async.models.rows import Row, column, row_class


@row_class
class Task(Row):
    data_source_id: ClassVar[str] = "id"

    task: str = column("Task", "title", "title", default=UNSET)


async def pages(notion: AsyncClient, later: bool) -> None:
    pages = notion.pages
    assert_type(await pages.retrieve("id", filter_properties=["title"]), Page)
    assert_type(await pages.create(parent={"page_id": "id"}), Page)
    assert_type(await pages.create(markdown="# Hi", allow_async=False), Page)
    assert_type(await pages.create(markdown="# Hi", allow_async=later), Page | AsyncTask)
    assert_type(await pages.update("id", is_locked=True), Page)
    assert_type(await pages.move("id", parent={"page_id": "id"}), Page)
    assert_type(await pages.trash("id"), Page)
    assert_type(await pages.restore("id"), Page)
    assert_type(pages.properties.retrieve("id", "title"), Pager[PropertyItem])
    assert_type(await pages.retrieve_markdown("id", include_transcript=True), PageMarkdown)
    assert_type(await pages.update_markdown("id", replace_content={"new_str": ""}), PageMarkdown)
    assert_type(
        await pages.update_markdown("id", insert_content={"content": "a"}, allow_async=later),
        PageMarkdown | AsyncTask,
    )


async def blocks(notion: AsyncClient) -> None:
    blocks = notion.blocks
    assert_type(await blocks.retrieve("id"), Block)
    assert_type(await blocks.update("id", {"divider": {}}), Block)
    assert_type(await blocks.delete("id"), Block)
    assert_type(blocks.children.list("id"), Pager[Block])
    assert_type(await blocks.children.append("id", children=[{"divider": {}}]), ObjectList[Block])
    source = {"type": "block", "block_id": "id"}
    assert_type(await blocks.meeting_notes.create(source=source), Block)
    assert_type(await blocks.meeting_notes.query(limit=5), ObjectList[Block])


async def databases(notion: AsyncClient) -> None:
    assert_type(await notion.databases.retrieve("id"), Database)
    assert_type(await notion.databases.create(parent={"page_id": "id"}), Database)
    assert_type(await notion.databases.update("id", in_trash=False), Database)


async def data_sources(notion: AsyncClient) -> None:
    data_sources = notion.data_sources
    assert_type(await data_sources.retrieve("id"), DataSource)
    assert_type(
        await data_sources.create(parent={"database_id": "id"}, properties={"N": {"title": {}}}),
        DataSource,
    )
    assert_type(await data_sources.update("id", title="Tasks"), DataSource)
    assert_type(data_sources.query("id"), Pager[Page | DataSource])
    assert_type(data_sources.query("id", row=Task), Pager[Task])
    assert_type(data_sources.scan("id"), Scan[Page | DataSource])
    assert_type(data_sources.scan("id", row=Task), Scan[Task])
    assert_type(data_sources.list_templates("id"), Pager[DataSourceTemplate])
    async for task in data_sources.query("id", row=Task):
        assert_type(task, Task)
        assert_type(task.task, str)


async def views(notion: AsyncClient) -> None:
    views = notion.views
    assert_type(await views.retrieve("id"), View)
    assert_type(await views.create("id", name="All", type="table", database_id="id"), View)
    assert_type(await views.update("id", name="All", filter=None), View)
    assert_type(await views.delete("id"), View)
    assert_type(views.list(database_id="id"), Pager[View])
    assert_type(await views.queries.create("id"), ViewQuery)
    assert_type(views.queries.results("id", "id"), Pager[Reference])
    assert_type(await views.queries.delete("id", "id"), ViewQuery)
    assert_type(views.queries.run("id"), AsyncGenerator[Reference])


async def users_and_comments(notion: AsyncClient) -> None:
    assert_type(await notion.users.me(), User)
    assert_type(await notion.users.retrieve("id"), User)
    assert_type(notion.users.list(), Pager[User])
    assert_type(await notion.comments.create(discussion_id="id", rich_text="hi"), Comment)
    assert_type(await notion.comments.retrieve("id"), Comment)
    assert_type(await notion.comments.update("id", markdown="hi"), Comment)
    assert_type(await notion.comments.delete("id"), Comment)
    assert_type(notion.comments.list("id"), Pager[Comment])


async def files(notion: AsyncClient) -> None:
    file_uploads = notion.file_uploads
    assert_type(await file_uploads.create(mode="single_part"), FileUpload)
    assert_type(await file_uploads.send("id", file=b"a", part_number=1), FileUpload)
    assert_type(await file_uploads.complete("id"), FileUpload)
    assert_type(await file_uploads.retrieve("id"), FileUpload)
    assert_type(file_uploads.list(status="pending"), Pager[FileUpload])
    assert_type(await file_uploads.upload(b"a", filename="a.txt"), FileUpload)


async def others(notion: AsyncClient, task: AsyncTask) -> None:
    assert_type(notion.search("x"), Pager[Page | DataSource])
    assert_type(notion.custom_emojis.list(name="bufo"), Pager[CustomEmoji])
    assert_type(await notion.async_tasks.retrieve("id"), AsyncTask)
    assert_type(await notion.async_tasks.wait(task, timeout=None), AsyncTask)


async def oauth(notion: AsyncClient, id: str, secret: str) -> None:
    oauth = notion.oauth
    assert_type(await oauth.token(client_id=id, client_secret=secret, code="c"), OAuthToken)
    assert_type(
        await oauth.introspect(client_id=id, client_secret=secret, token="t"), OAuthIntrospection
    )
    assert_type(await oauth.revoke(client_id=id, client_secret=secret, token="t"), OAuthRevocation)


async def agents(notion: AsyncClient) -> None:
    agents = notion.agents
    assert_type(await agents.retrieve("notion_ai", verbose=True), Agent)
    assert_type(await agents.delete("id"), DeletedAgent)
    assert_type(agents.query(query="x", include_deleted=True), Pager[Agent])
    assert_type(await agents.batch(operations=[{"action": "delete"}]), AsyncTask)
    assert_type(await agents.retrieve_insights("id", start_time=1, end_time=2), AgentInsights)
    assert_type(await agents.update_credit_limit("id", credit_limit=None), AgentCreditLimit)
    assert_type(await agents.update_status("id", status="active"), AgentStatus)


async def sessions(notion: AsyncClient) -> None:
    sessions = notion.sessions
    assert_type(await sessions.update(message="hi", agent_id="id"), Session)
    assert_type(sessions.stream(message="hi", agent_id="id"), SessionStream)
    assert_type(await sessions.retrieve("id"), Session)
    assert_type(sessions.query(query="x"), Pager[Session])
    assert_type(sessions.query_events("id"), Pager[SessionEvent])
    assert_type(await sessions.cancel("id"), Session)
    async with sessions.stream(session_id="id", continue_from="id") as events:
        assert_type(events, SessionStream)
        async for event in events:
            assert_type(event, StreamEvent)


async def items(notion: AsyncClient, value: PropertyValue) -> None:
    async for user in notion.users.list():
        assert_type(user, User)
    async for page in notion.data_sources.query("id"):
        assert_type(page, Page | DataSource)
    async for reference in notion.views.queries.run("id"):
        assert_type(reference, Reference)
    assert_type(await notion.agents.query(), ObjectList[Agent])
    assert_type(await notion.sessions.query_events("id").collect(), list[SessionEvent])
    assert_type(value.value, PlainValue)


async def mistakes(notion: AsyncClient, task: AsyncTask) -> None:
    # Each of these is an error to mypy and to pyright: else one of them says that there is
    # nothing to suppress.
    await notion.pages.create(childern=[])  # type: ignore[call-overload]  # to be refused
    await notion.pages.update("id", archived=True)  # type: ignore[call-arg]  # to be refused
    await notion.pages.update_markdown("id", allow_asinc=True)  # type: ignore[call-overload]  # to be refused
    await notion.blocks.children.append("id", childern=[])  # type: ignore[call-arg]  # to be refused
    await notion.blocks.meeting_notes.query(page_size=5)  # type: ignore[call-arg]  # to be refused
    await notion.databases.update("id", is_lockd=True)  # type: ignore[call-arg]  # to be refused
    notion.data_sources.query("id", sort=[])  # type: ignore[call-overload]  # to be refused
    notion.data_sources.query("id", row=Page)  # type: ignore[type-var]  # to be refused
    await notion.views.create("id", name="All")  # type: ignore[call-arg]  # to be refused
    notion.views.list(databse_id="id")  # type: ignore[call-arg]  # to be refused
    await notion.views.update("id", name=None)  # type: ignore[arg-type]  # to be refused
    await notion.comments.create(text="hi")  # type: ignore[call-arg]  # to be refused
    await notion.users.retrieve(1)  # type: ignore[arg-type]  # to be refused
    notion.search(sorts=[])  # type: ignore[call-arg]  # to be refused
    await notion.file_uploads.send("id", file="a")  # type: ignore[arg-type]  # to be refused
    await notion.file_uploads.upload(1)  # type: ignore[arg-type]  # to be refused
    notion.custom_emojis.list(nam="bufo")  # type: ignore[call-arg]  # to be refused
    await notion.async_tasks.retrieve(task)  # type: ignore[arg-type]  # to be refused
    await notion.oauth.token(code="c")  # type: ignore[call-arg]  # to be refused
    await notion.agents.update_status("id", "active")  # type: ignore[call-arg]  # to be refused
    await notion.agents.update_credit_limit("id", credit_limit="1")  # type: ignore[arg-type]  # to be refused
    await notion.sessions.update(mesage="hi")  # type: ignore[call-arg]  # to be refused
    notion.sessions.stream(message="hi", metadata={"a": 1})  # type: ignore[dict-item]  # to be refused
    notion.session  # type: ignore[attr-defined]  # noqa: B018 - to be refused
