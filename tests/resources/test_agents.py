"""Requests about agents, and what comes back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from notion_async import AsyncClient, ConfigurationError
from notion_async.models import AsyncTask
from notion_async.models.agents import (
    Agent,
    AgentCreditLimit,
    AgentInsights,
    AgentStatus,
    DeletedAgent,
)
from tests.clients import TOKEN, answer, client_to, listing, sent
from tests.faults.server import serving
from tests.faults.strikes import says
from tests.mocked import Shape, mocked

API = "https://api.notion.com/v1/agents"
AGENT = "1f0c7c06-781b-4987-9986-5c8dd3028013"
STOP = {"action": "update_status", "agent_id": AGENT, "fields": {"status": "disabled"}}
FILTER = {"property": "status", "status": {"in": ["active"]}}
Call = Callable[[AsyncClient], Awaitable[object]]
Query = list[tuple[str, str]]

REQUESTS: dict[str, tuple[Call, str, str, Query, Any]] = {
    "retrieve": (lambda notion: notion.agents.retrieve(AGENT), "GET", f"/{AGENT}", [], None),
    "retrieve the personal one": (
        lambda notion: notion.agents.retrieve("notion_ai", verbose=True),
        "GET",
        "/notion_ai",
        [("verbose", "true")],
        None,
    ),
    "delete": (
        lambda notion: notion.agents.delete(agent_id=AGENT),
        "DELETE",
        f"/{AGENT}",
        [],
        None,
    ),
    "query for everything": (lambda notion: notion.agents.query(), "POST", "/query", [], {}),
    "query": (
        lambda notion: notion.agents.query(
            query="plan",
            filter=FILTER,
            sorts=[{"property": "created_time", "direction": "descending"}],
            verbose=False,
            include_deleted=True,
            start_cursor="c",
            page_size=7,
        ),
        "POST",
        "/query",
        [],
        {
            "query": "plan",
            "filter": FILTER,
            "sorts": [{"property": "created_time", "direction": "descending"}],
            "verbose": False,
            "include_deleted": True,
            "start_cursor": "c",
            "page_size": 7,
        },
    ),
    "batch": (
        lambda notion: notion.agents.batch(operations=[STOP]),
        "POST",
        "/batch",
        [],
        {"operations": [STOP]},
    ),
    "insights": (
        lambda notion: notion.agents.retrieve_insights(AGENT),
        "GET",
        f"/{AGENT}/insights",
        [],
        None,
    ),
    "insights of a time": (
        lambda notion: notion.agents.retrieve_insights(
            AGENT, start_time=0, end_time=1_780_000_000
        ),
        "GET",
        f"/{AGENT}/insights",
        [("end_time", "1780000000"), ("start_time", "0")],
        None,
    ),
    "a credit limit": (
        lambda notion: notion.agents.update_credit_limit(AGENT, credit_limit=12.5),
        "PATCH",
        f"/{AGENT}/credit_limit",
        [],
        {"credit_limit": 12.5},
    ),
    "no credit limit": (
        lambda notion: notion.agents.update_credit_limit(AGENT, credit_limit=None),
        "PATCH",
        f"/{AGENT}/credit_limit",
        [],
        {"credit_limit": None},
    ),
    "a status": (
        lambda notion: notion.agents.update_status(AGENT, status="disabled"),
        "PATCH",
        f"/{AGENT}/status",
        [],
        {"status": "disabled"},
    ),
}


async def asked(call: Call) -> Shape:
    with mocked(listing()) as requests:
        async with AsyncClient(TOKEN) as notion:
            await call(notion)
    [request] = requests
    return request


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_request_has_exactly_what_was_given(name: str) -> None:
    call, method, path, query, body = REQUESTS[name]

    request = await asked(call)

    assert (request.method, request.path) == (method, API + path)
    assert (sorted(request.query), request.body) == (query, body)


async def test_answers_come_as_objects_of_their_own() -> None:
    moment = "2026-05-01T10:00:00.000Z"
    answers: list[dict[str, object]] = [
        {"object": "agent", "id": AGENT, "agent_type": "custom_agent", "name": "A", "status": "x"},
        {"agent_id": AGENT, "status": "deleted", "deleted_at": moment},
        {"object": "async_task", "id": "t", "status": "queued", "created_time": moment},
        {"object": "agent_insights", "id": AGENT, "name": "A", "runs_completed": 3},
        {"agent_id": AGENT, "credit_limit": None, "last_edited_time": moment},
        {"agent_id": AGENT, "status": "active", "pause_reason": None, "last_edited_time": moment},
    ]
    async with (
        serving(*(says(answer(each)) for each in answers)) as server,
        client_to(server) as notion,
    ):
        agent = await notion.agents.retrieve(AGENT)
        deleted = await notion.agents.delete(AGENT)
        task = await notion.agents.batch(operations=[STOP])
        insights = await notion.agents.retrieve_insights(AGENT)
        limit = await notion.agents.update_credit_limit(AGENT, credit_limit=None)
        status = await notion.agents.update_status(AGENT, status="active")

    assert (type(agent), agent.name) == (Agent, "A")
    assert (type(deleted), deleted.deleted_at.year) == (DeletedAgent, 2026)
    assert (type(task), task.status) == (AsyncTask, "queued")
    assert (type(insights), insights.runs_completed) == (AgentInsights, 3)
    assert (type(limit), limit.credit_limit) == (AgentCreditLimit, None)
    assert (type(status), status.status) == (AgentStatus, "active")


async def test_agents_are_listed_answer_after_answer() -> None:
    first = listing({"object": "agent", "id": "a1", "name": "A"}, cursor="next")
    last = listing({"object": "agent", "id": "a2", "name": "B"})
    async with (
        serving(says(answer(first)), says(answer(last))) as server,
        client_to(server) as notion,
    ):
        agents = [agent async for agent in notion.agents.query(query="x")]

    assert [(type(agent), agent.id) for agent in agents] == [(Agent, "a1"), (Agent, "a2")]
    assert [sent(each).body for each in server.requests] == [
        {"query": "x"},
        {"query": "x", "start_cursor": "next"},
    ]


@pytest.mark.parametrize("count", [0, 101])
async def test_a_batch_that_notion_refuses_is_refused_here(count: int) -> None:
    with mocked({}) as requests, pytest.raises(ConfigurationError, match="1 to 100 operations"):
        await AsyncClient(TOKEN).agents.batch(operations=[STOP] * count)

    assert requests == []


@pytest.mark.parametrize("times", [{"start_time": 5}, {"end_time": 5}])
async def test_half_a_time_is_refused_as_notion_would_ignore_it(times: dict[str, int]) -> None:
    with mocked({}) as requests, pytest.raises(ConfigurationError, match="give both or neither"):
        await AsyncClient(TOKEN).agents.retrieve_insights(AGENT, **times)

    assert requests == []


@pytest.mark.parametrize("agent_id", ["", "../users", "a/b", "a?b"])
async def test_nothing_but_an_id_reaches_the_path(agent_id: str) -> None:
    with mocked({}) as requests, pytest.raises(ConfigurationError, match="agent_id"):
        await AsyncClient(TOKEN).agents.retrieve(agent_id)

    assert requests == []
