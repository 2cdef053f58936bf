"""The types of the public interface.  Never executed: type checkers have to accept it."""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_type

import aiohttp

from notion_async import (
    JSON,
    UNSET,
    APIResponseError,
    AsyncClient,
    AttemptRecord,
    CallRecord,
    DeadlineExceededError,
    IncompleteResult,
    JSONObject,
    Limiter,
    NotionError,
    ObjectList,
    Pager,
    Priority,
    RateLimitedError,
    RetryPolicy,
    TokenBucket,
    TransportError,
    Unsupported,
    WriteOutcomeUnknown,
    json_text,
    log_hook,
    notion_id,
    plain_text,
    structure,
    text,
    unstructure,
)
from notion_async.models import (
    Block,
    Page,
    Paragraph,
    RichText,
    User,
)


async def clients(session: aiohttp.ClientSession) -> None:
    AsyncClient()
    AsyncClient("ntn_x", deadline=None, retry=False, limiter=None, session=session)
    AsyncClient(limiter=TokenBucket(600), retry=RetryPolicy(attempts=2), hooks=[log_hook])
    async with AsyncClient(auth="ntn_x") as notion:
        assert_type(notion, AsyncClient)
        assert_type(notion.with_options(deadline=5.0, priority=Priority.BULK), AsyncClient)
        assert_type(notion.limiter, Limiter | None)
        assert_type(notion.notion_version, str)
        assert_type(notion.paused_for, float)
        assert_type(await notion.request("POST", "/v1/search", body={"query": "x"}), JSONObject)
        assert_type(await notion.aclose(), None)


async def writing(notion: AsyncClient) -> None:
    blocks = [Paragraph(rich_text=[text("hi")])]
    made = await notion.pages.create(
        parent={"page_id": "id"},
        properties={"title": {"title": [{"text": {"content": "hi"}}]}},
        children=blocks,
        icon=None,
        cover=UNSET,
    )
    assert_type(made, Page)
    appended = await notion.blocks.children.append("id", children=blocks)
    assert_type(appended, ObjectList[Block])
    await notion.blocks.children.append("id", children=[{"type": "divider", "divider": {}}])
    await notion.blocks.children.append("id", children=[Block(Paragraph([text("hi")]))])


async def paging(pager: Pager[User]) -> None:
    answer = await pager
    assert_type(answer, ObjectList[User])
    assert_type(answer.next_cursor, str | None)
    assert_type(answer.has_more, bool)
    assert_type(answer.results, tuple[User, ...])
    assert_type(answer[0], User)
    for one in answer:
        assert_type(one, User)
    async for user in pager:
        assert_type(user, User)
    async for part in pager.pages():
        assert_type(part, ObjectList[User])
    assert_type(await pager.collect(limit=3), list[User])
    assert_type(await pager.first(), User | None)
    assert_type(pager.start_cursor, str | None)


async def pagers_are_covariant(users: Pager[User]) -> Pager[User | Page]:
    return users


def objects(data: bytes, page: Page) -> None:
    assert_type(structure(data, Page), Page)
    assert_type(structure({"object": "page"}, User), User)
    assert_type(unstructure(page), JSONObject)
    assert_type(json_text(page), bytes)
    assert_type(notion_id("id"), str)
    assert_type(plain_text([text("hi")]), str)
    assert_type(page.id, str)
    assert_type(page.created_time, datetime)
    match structure(data):
        case Page() as found:
            assert_type(found.id, str)
        case ObjectList() as found_list:
            assert_type(found_list.has_more, bool)
        case Unsupported(type=kind):
            assert_type(kind, str)
        case _:
            pass


def contents(block: Block) -> None:
    match block.content:
        case Paragraph(rich_text=words):
            assert_type(words, Sequence[RichText])
        case Unsupported() as unknown:
            assert_type(unknown.data, JSON)
        case _:
            pass


async def failing(notion: AsyncClient) -> None:
    try:
        await notion.users.me()
    except RateLimitedError as error:
        assert_type(error.reason, str | None)
    except APIResponseError as error:
        assert_type(error.code, str)
        assert_type(error.status, int)
        assert_type(error.request_id, str | None)
        assert_type(error.retry_after, float | None)
        assert_type(error.additional_data, dict[str, str | Sequence[str]])
    except TransportError as error:
        assert_type(error.sent, bool)
        assert_type(error.status, int | None)
    except WriteOutcomeUnknown as error:
        assert_type(error.additional_data, dict[str, str | Sequence[str]])
    except IncompleteResult as error:
        assert_type(error.yielded, int)
        assert_type(error.reason, str)
    except DeadlineExceededError as error:
        assert_type(error.sent, bool)
    except NotionError as error:
        assert_type(error.attempts, int)
        assert_type(error.elapsed, float)
        assert_type(error.stop_reason, str | None)


def hook(record: AttemptRecord | CallRecord) -> None:
    assert_type(record.endpoint, str)
    assert_type(record.duration, float)
    if isinstance(record, AttemptRecord):
        assert_type(record.retry_in, float | None)
    else:
        assert_type(record.attempts, int)


def hooks_fit() -> None:
    AsyncClient(hooks=[hook])


def documented_mappings_fit(notion: AsyncClient, filter: Mapping[str, JSON]) -> None:
    notion.data_sources.query("id", filter=filter, sorts=[{"property": "Name"}])
    notion.data_sources.query(
        "id",
        filter={
            "and": [
                {"property": "Done", "checkbox": {"equals": True}},
                {"or": [{"property": "Tags", "multi_select": {"contains": "A"}}]},
            ]
        },
    )
    notion.search(sort={"timestamp": "last_edited_time", "direction": "descending"})


async def mistakes(notion: AsyncClient) -> None:
    # Each of these is an error to mypy and to pyright: else one of them says that there is
    # nothing to suppress.
    await notion.pages.retrieve()  # type: ignore[call-arg]  # to be refused
    await notion.pages.retrieve("id", ["title"])  # type: ignore[call-arg]  # to be refused
    notion.users.list(nonsense=1)  # type: ignore[call-arg]  # to be refused
    notion.users.list(page_size="3")  # type: ignore[arg-type]  # to be refused
    AsyncClient("ntn_x", timeout=None)  # type: ignore[arg-type]  # to be refused
