"""Asynchronous tasks, waited for by our own client."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from notion_async import AsyncTaskError, ObjectNotFoundError, endpoints
from notion_async.testing.call import Call
from notion_async.testing.checks import Decoded, RefusalError, invalid
from notion_async.testing.handlers.async_tasks import accepted
from notion_async.testing.results import Results
from notion_async.testing.store import Store
from notion_async.testing.tasks import Tasks, begin

from .clients import connected, store_of
from .emulated import NOW

OPERATION = "PATCH /v1/pages/:page_id/markdown"


def impatient(store: Store, *before: str) -> Store:
    store.part(Tasks).pause = 0.001
    store.part(Tasks).before = before
    return store


async def test_a_task_is_queued_runs_and_succeeds() -> None:
    async with connected() as (notion, raw):
        store = impatient(store_of(raw), "queued", "running")
        task = begin(store, OPERATION, lambda: {"object": "page_markdown", "truncated": False})

        told = [await notion.async_tasks.retrieve(task.id) for _ in range(4)]

    assert [one.status for one in told] == ["queued", "running", "succeeded", "succeeded"]
    assert told[0].operation.name == OPERATION
    assert told[0].poll_after_seconds == 0.001
    assert told[3].result == {"object": "page_markdown", "truncated": False}


async def test_a_task_is_waited_for() -> None:
    async with connected() as (notion, raw):
        task = begin(impatient(store_of(raw), "queued", "retrying"), OPERATION, dict)

        done = await notion.async_tasks.wait(task.id)

    assert (done.status, done.result) == ("succeeded", {})


@pytest.mark.parametrize("more", [None, {"retry_guidance": ["Look first."]}])
async def test_a_refusal_is_the_error_of_a_task(more: dict[str, list[str]] | None) -> None:
    def refuse() -> Decoded:
        raise RefusalError(400, "validation_error", "No.", additional_data=more)

    async with connected() as (notion, raw):
        task = begin(impatient(store_of(raw), "queued"), OPERATION, refuse)

        with pytest.raises(AsyncTaskError, match="validation_error: No") as caught:
            await notion.async_tasks.wait(task.id)

    assert (caught.value.status, caught.value.additional_data or None) == (400, more)


async def test_a_task_is_forgotten_after_a_day() -> None:
    now = NOW

    async with connected(wall=lambda: now) as (notion, raw):
        task = begin(impatient(store_of(raw)), OPERATION, dict)
        now += timedelta(hours=23)
        assert (await notion.async_tasks.retrieve(task.id)).status == "succeeded"
        now += timedelta(hours=1)

        with pytest.raises(ObjectNotFoundError):
            await notion.async_tasks.retrieve(task.id)


async def test_a_task_that_never_was_is_not_found() -> None:
    async with connected() as (notion, _):
        with pytest.raises(ObjectNotFoundError, match="async_task with ID: task_x"):
            await notion.async_tasks.retrieve("task_x")


def test_a_request_is_answered_with_a_task_in_place_of_a_result() -> None:
    store = Store(wall=lambda: datetime(2026, 5, 17, tzinfo=UTC))
    call = Call(
        store, Results(), endpoints.PAGES_UPDATE_MARKDOWN, {}, {}, {}, "2026-03-11", "http://here"
    )
    done: list[str] = []

    def work() -> Decoded:
        done.append("work")
        raise invalid("too late")

    reply = accepted(call, work)

    told = msgspec.json.decode(reply.body)
    assert (reply.status, told["status"], told["operation"]["name"]) == (202, "queued", OPERATION)
    assert told["status_url"] == f"http://here/v1/async_tasks/{told['id']}"
    assert told["poll_after_seconds"] == 2
    assert done == ["work"]
