"""Waiting for what Notion does in its own time, in virtual time."""

from __future__ import annotations

import asyncio
import json
import pickle

import pytest

from notion_async import (
    AsyncClient,
    ConfigurationError,
    DeadlineExceededError,
    ObjectNotFoundError,
    structure,
)
from notion_async.errors import AsyncTaskError
from notion_async.models import AsyncTask
from notion_async.testing.clock import ManualClock
from notion_async.transport.message import Response
from tests.clients import TOKEN, virtual_client
from tests.mocked import mocked
from tests.transport.tools import Script, ok, refused

ID = "task_7e869d57816e45acb1b9a499db3d2a99"
MARKDOWN = {"object": "page_markdown", "id": "p", "markdown": "# Hi", "truncated": False}
FULL = {
    "object": "error",
    "status": 409,
    "code": "row_limit_exceeded",
    "message": "The data source is full.",
    "additional_data": {"limit": "250000"},
}


def task(status: str = "running", **fields: object) -> dict[str, object]:
    return {
        "object": "async_task",
        "id": ID,
        "status": status,
        "status_url": f"https://api.notion.com/v1/async_tasks/{ID}",
        "created_time": "2026-07-04T10:07:01.786Z",
        "operation": {"surface": "rest", "name": "PATCH /v1/pages/:page_id/markdown"},
        **fields,
    }


def said(fields: dict[str, object]) -> Response:
    return ok(json.dumps(fields).encode())


def known(fields: dict[str, object]) -> AsyncTask:
    return structure(json.dumps(fields), AsyncTask)


RUNNING = task("running", poll_after_seconds=5)
DONE = task("succeeded", result=MARKDOWN)


class Waiting:
    """A client in virtual time, and when it asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: Response) -> None:
        self.clock = ManualClock()
        self.script = Script(self.clock, *answers)
        self.notion = virtual_client(monkeypatch, self.clock, self.script)

    async def wait(self, given: AsyncTask | str, **options: float | None) -> AsyncTask:
        waiting = asyncio.ensure_future(self.notion.async_tasks.wait(given, **options))
        await self.clock.run(until=waiting)
        return await waiting


async def test_a_task_is_retrieved_by_its_id() -> None:
    with mocked(DONE) as requests:
        found = await AsyncClient(TOKEN).async_tasks.retrieve(ID)

    [request] = requests
    assert (request.method, request.path) == (
        "GET",
        f"https://api.notion.com/v1/async_tasks/{ID}",
    )
    assert (request.query, request.body) == ([], None)
    assert found.result == MARKDOWN


async def test_a_task_is_asked_for_as_often_as_notion_allows_and_never_sooner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later = task("retrying", poll_after_seconds=12.5)
    waiting = Waiting(monkeypatch, said(RUNNING), said(later), said(DONE))

    found = await waiting.wait(known(task("queued", poll_after_seconds=2)))

    assert waiting.script.sent_at == [2.0, 7.0, 19.5]
    assert found.status == "succeeded"
    assert found.result == MARKDOWN


async def test_by_its_id_a_task_is_asked_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = Waiting(monkeypatch, said(RUNNING), said(DONE))

    await waiting.wait(ID)

    assert waiting.script.sent_at == [0.0, 5.0]


async def test_a_task_that_is_over_is_returned_without_a_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = Waiting(monkeypatch, said(RUNNING))

    found = await waiting.wait(known(DONE), timeout=0)

    assert found.result == MARKDOWN
    assert waiting.script.sent_at == []


@pytest.mark.parametrize("unsaid", [{}, {"poll_after_seconds": 0}, {"poll_after_seconds": "soon"}])
async def test_where_notion_does_not_say_how_long_five_seconds_are_waited(
    monkeypatch: pytest.MonkeyPatch, unsaid: dict[str, object]
) -> None:
    waiting = Waiting(monkeypatch, said(task("running", **unsaid)), said(DONE))

    await waiting.wait(ID)

    assert waiting.script.sent_at == [0.0, 5.0]


async def test_a_failed_task_raises_the_error_the_call_would_have_been_answered_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = Waiting(monkeypatch, said(RUNNING), said(task("failed", error=FULL)))

    with pytest.raises(AsyncTaskError, match="row_limit_exceeded: The data source is full") as at:
        await waiting.wait(ID)

    error = at.value
    assert (error.task_id, error.code, error.status) == (ID, "row_limit_exceeded", 409)
    assert error.additional_data == {"limit": "250000"}
    assert pickle.loads(pickle.dumps(error)).__dict__ == error.__dict__  # noqa: S301 - our own


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (task("failed"), "ended as 'failed'"),
        (task("failed", error={}), "failed: no reason given"),
        (task("cancelled"), "ended as 'cancelled'"),
    ],
    ids=["no error", "an empty error", "a status of the future"],
)
async def test_a_task_that_ends_without_a_reason_failed(
    monkeypatch: pytest.MonkeyPatch, fields: dict[str, object], message: str
) -> None:
    waiting = Waiting(monkeypatch, said(fields))

    with pytest.raises(AsyncTaskError, match=message) as caught:
        await waiting.wait(ID)

    assert (caught.value.code, caught.value.status) == ("", None)


async def test_a_status_of_the_future_is_waited_for_if_notion_says_how_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paused = task("paused", poll_after_seconds=3)
    waiting = Waiting(monkeypatch, said(paused), said(DONE))

    found = await waiting.wait(ID)

    assert found.status == "succeeded"
    assert waiting.script.sent_at == [0.0, 3.0]


async def test_waiting_ends_when_the_next_question_would_come_too_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = Waiting(monkeypatch, said(RUNNING))

    with pytest.raises(DeadlineExceededError, match=f"task {ID} is still running") as caught:
        await waiting.wait(ID, timeout=11)

    assert waiting.script.sent_at == [0.0, 5.0, 10.0]
    assert waiting.clock.now() == 10.0  # no use in waiting for the rest
    assert caught.value.sent


async def test_without_a_timeout_waiting_has_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    running = [said(task("running", poll_after_seconds=60))] * 100
    waiting = Waiting(monkeypatch, *running, said(DONE))

    await waiting.wait(ID, timeout=None)

    assert waiting.clock.now() == 6000.0


async def test_a_task_that_notion_has_forgotten_is_not_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = Waiting(monkeypatch, said(RUNNING), refused(404, "object_not_found"))

    with pytest.raises(ObjectNotFoundError):
        await waiting.wait(ID)


async def test_a_question_that_fails_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = Waiting(monkeypatch, said(RUNNING), refused(502), said(DONE))

    found = await waiting.wait(ID)

    assert found.status == "succeeded"
    assert len(waiting.script.sent_at) == 3


@pytest.mark.parametrize("timeout", [-1.0, float("nan")])
async def test_a_timeout_below_zero_is_refused(timeout: float) -> None:
    with mocked(DONE) as requests, pytest.raises(ConfigurationError, match="timeout"):
        await AsyncClient(TOKEN).async_tasks.wait(ID, timeout=timeout)

    assert requests == []
