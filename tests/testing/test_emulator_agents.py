"""Agents of the emulated workspace, asked for and managed by our own client."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from notion_async import (
    AsyncClient,
    ConfigurationError,
    ObjectNotFoundError,
    RestrictedResourceError,
    ValidationError,
)
from notion_async.testing.agents import PERSONAL, Agents
from notion_async.testing.capabilities import Capabilities

from .emulated import EARLIER, MINUTE, NOW, Object, emulated, uid
from .talking import CLERK, PLANNER, Place, agent, place, plain, problems

ADA = {"object": "user", "type": "user", "id": uid("ada")}
SERVER = {
    "type": "mcp_server",
    "name": "Weather",
    "account": {"type": "mcp_server", "server_host": "weather.example.com"},
    "enabled_tools": [{"name": "forecast", "title": None}],
    "run_tools_automatically": {"read": True, "write": False},
}
WORKSPACE: Object = {"type": "notion", "name": "Mail", "account": None, "permissions": []}
WHOLE = agent(
    "Clerk",
    agent_type="autofill_custom_agent",
    description="Fills in forms",
    instructions="Be brief.",
    model={"mode": "pinned", "id": "opus"},
    connections=[WORKSPACE, {**SERVER, "account": "hidden"}, SERVER],
    created_by=ADA,
    created_time=EARLIER,
    agent_version={"id": uid("v3"), "number": 3, "published_at": EARLIER},
    last_run_at=EARLIER,
    request_id="of another answer",
)


def both() -> tuple[Object, Object]:
    return agent("Planner", status="disabled", pause_reason="credit_limit"), WHOLE


# -------------------------------------------------------------------------------- one of them


async def test_an_agent_comes_back_as_it_was_loaded() -> None:
    async with place(WHOLE) as here:
        found = await here.notion.agents.retrieve(CLERK, verbose=True)

    answer = plain(found)
    del answer["request_id"]
    expected = {name: value for name, value in WHOLE.items() if name != "request_id"}
    assert {name: answer[name] for name in expected} == expected


async def test_what_an_agent_was_told_is_shown_to_who_asks_for_it() -> None:
    async with place(WHOLE) as here:
        brief = await here.notion.agents.retrieve(CLERK)
        whole = await here.notion.agents.retrieve(CLERK, verbose=True)
        [listed] = await here.notion.agents.query().collect()
        [listed_whole] = await here.notion.agents.query(verbose=True).collect()

    assert "instructions" not in plain(brief)
    assert "instructions" not in plain(listed)
    assert whole.instructions == listed_whole.instructions == "Be brief."


@pytest.mark.parametrize("name", ["notion_ai", PERSONAL])
async def test_the_personal_agent_is_always_there(name: str, shared: Path) -> None:
    async with place() as here:
        found = await here.notion.agents.retrieve(name)

    assert (found.id, found.agent_type, found.status) == (PERSONAL, "notion_ai", "active")
    assert problems(shared, "GetAgentResponse", found) == []


async def test_what_was_not_given_of_an_agent_is_as_usual(shared: Path) -> None:
    async with place(agent("Planner")) as here:
        found = await here.notion.agents.retrieve(PLANNER)
        listed = await here.notion.request("POST", "/v1/agents/query", body={})

    assert problems(shared, "GetAgentResponse", found) == []
    assert problems(shared, "QueryAgentsResponse", listed) == []
    assert plain(found)["created_time"] == MINUTE


async def test_there_is_no_agent_that_was_not_loaded() -> None:
    async with place() as here:
        with pytest.raises(ObjectNotFoundError, match="Could not find agent"):
            await here.notion.agents.retrieve(CLERK)
        with pytest.raises(ValidationError, match=r"path\.agent_id should be a valid uuid"):
            await here.notion.agents.retrieve("nobody")


@pytest.mark.parametrize("source", [{"object": "page", "id": PLANNER}, {"object": "agent"}])
def test_what_is_no_agent_is_not_loaded(source: Object) -> None:
    with pytest.raises(ValueError, match="not an agent"):
        Agents().load(source, MINUTE)


async def test_whether_to_be_verbose_is_yes_or_no() -> None:
    async with emulated() as notion:
        message = await notion.wrong("GET", f"/v1/agents/{PERSONAL}?verbose=perhaps")

    assert message == (
        'query failed validation: query.verbose should be a boolean, instead was `"perhaps"`.'
    )


# ---------------------------------------------------------------------------------- managing


async def test_an_agent_is_stopped_and_let_run_again(shared: Path) -> None:
    async with place() as here:
        stopped = await here.notion.agents.update_status(PLANNER, status="disabled")
        then = await here.notion.agents.retrieve(PLANNER)
        running = await here.notion.agents.update_status(PLANNER, status="active")

    assert (stopped.status, stopped.pause_reason) == ("disabled", "disabled_from_api")
    assert (then.status, then.pause_reason) == ("disabled", "disabled_from_api")
    assert (running.status, running.pause_reason) == ("active", None)
    assert problems(shared, "UpdateAgentStatusResponse", stopped) == []


@pytest.mark.parametrize("limit", [12.5, 0, None])
async def test_what_an_agent_may_use_is_limited(limit: float | None, shared: Path) -> None:
    async with place() as here:
        changed = await here.notion.agents.update_credit_limit(PLANNER, credit_limit=limit)
        found = await here.notion.agents.retrieve(PLANNER)

    assert changed.credit_limit == found.credit_limit == limit
    assert problems(shared, "UpdateAgentCreditLimitResponse", changed) == []


async def test_a_deleted_agent_is_found_by_who_looks_for_it(shared: Path) -> None:
    async with place(*both()) as here:
        deleted = await here.notion.agents.delete(CLERK)
        left = await here.notion.agents.query().collect()
        every = await here.notion.agents.query(include_deleted=True).collect()
        found = await here.notion.agents.retrieve(CLERK)

        with pytest.raises(ObjectNotFoundError):
            await here.notion.agents.update_status(CLERK, status="active")

    assert (deleted.agent_id, deleted.deleted_at) == (CLERK, NOW)
    assert [one.id for one in left] == [PLANNER]
    assert [one.id for one in every] == [PLANNER, CLERK]
    assert found.status == "deleted"
    assert problems(shared, "DeleteAgentResponse", deleted) == []


async def test_the_personal_agent_is_not_managed() -> None:
    async with place() as here:
        with pytest.raises(ValidationError, match="cannot be managed"):
            await here.notion.agents.delete("notion_ai")


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("status", {}, "body.status should be defined"),
        ("status", {"status": "deleted"}, 'body.status should be `"active"` or `"disabled"`'),
        ("status", {"status": "active", "why": 1}, "body.why should be not present"),
        ("credit_limit", {}, "body.credit_limit should be defined"),
        ("credit_limit", {"credit_limit": "2"}, "body.credit_limit should be a number"),
        ("credit_limit", {"credit_limit": -1}, "body.credit_limit should be ≥ `0`"),
    ],
)
async def test_a_change_that_is_none_is_refused(path: str, body: Object, words: str) -> None:
    async with emulated() as notion:
        assert words in await notion.wrong("PATCH", f"/v1/agents/{PERSONAL}/{path}", body)


async def test_many_agents_are_changed_each_by_itself(shared: Path) -> None:
    async with place(agent("Planner"), agent("Clerk"), agent("Third")) as here:
        task = await here.notion.agents.batch(
            operations=[
                {"action": "update_status", "agent_id": PLANNER, "fields": {"status": "disabled"}},
                {"action": "delete", "agent_id": "notion_ai"},
                {
                    "action": "update_credit_limit",
                    "agent_id": CLERK,
                    "fields": {"credit_limit": 5},
                },
                {"action": "delete", "agent_id": uid("nobody")},
                {"action": "delete", "agent_id": uid("Third")},
            ]
        )
        here.day.passes(minutes=1)
        done = await here.notion.async_tasks.wait(task.id)
        planner = await here.notion.agents.retrieve(PLANNER)
        clerk = await here.notion.agents.retrieve(CLERK)
        third = await here.notion.agents.retrieve(uid("Third"))

    assert (planner.status, clerk.credit_limit, third.status) == ("disabled", 5, "deleted")
    results = plain(done)["result"]["results"]
    assert [one["status"] for one in results] == [
        "succeeded",
        "failed",
        "succeeded",
        "failed",
        "succeeded",
    ]
    assert [one["error"]["code"] for one in results if "error" in one] == [
        "validation_error",
        "object_not_found",
    ]
    assert problems(shared, "AgentBatchResponse", task) == []


CHANGE = {"action": "update_status", "agent_id": PERSONAL, "fields": {"status": "active"}}


@pytest.mark.parametrize(
    ("operations", "words"),
    [
        (None, "body.operations should be an array"),
        ([], "body.operations.length should be ≥ `1`"),
        ([CHANGE] * 101, "body.operations.length should be ≤ `100`"),
        ([CHANGE, 1], "body.operations[1] should be an object"),
        ([{**CHANGE, "action": "rename"}], "body.operations[0].action should be"),
        ([{**CHANGE, "agent_id": "nobody"}], "body.operations[0].agent_id should be a valid uuid"),
        ([{**CHANGE, "fields": {}}], "body.operations[0].fields.status should be defined"),
        ([{**CHANGE, "fields": {"x": 1}}], "body.operations[0].fields.x should be not present"),
        ([{**CHANGE, "action": "delete"}], "body.operations[0].fields should be not present"),
    ],
)
async def test_a_batch_that_is_none_is_refused_as_a_whole(operations: Any, words: str) -> None:
    async with emulated() as notion:
        body = {"operations": operations}
        assert words in await notion.wrong("POST", "/v1/agents/batch", body)


# ----------------------------------------------------------------------------------- insights


async def test_what_was_used_is_counted_from_the_beginning_of_the_month(shared: Path) -> None:
    async with place(WHOLE) as here:
        here.day.now = datetime(2026, 4, 30, 23, tzinfo=UTC)
        await here.notion.sessions.update(message="Hi", agent_id=CLERK)
        here.day.now = NOW
        await here.notion.sessions.update(message="Hi", agent_id=CLERK)
        await here.notion.sessions.update(message="Hi", agent_id="notion_ai")
        this_month = await here.notion.agents.retrieve_insights(CLERK)
        last_month = await here.notion.agents.retrieve_insights(
            CLERK, start_time=1775001600, end_time=1777593600
        )

    assert (this_month.runs_completed, this_month.total_credits_used) == (1, 1.0)
    assert (last_month.runs_completed, last_month.total_credits_used) == (1, 1.0)
    assert problems(shared, "GetInsightsResponse", this_month) == []
    assert plain(this_month)["created_by"] == {"id": uid("ada"), "type": "user"}


async def test_the_personal_agent_has_no_insights() -> None:
    async with place() as here:
        with pytest.raises(ValidationError, match="no insights"):
            await here.notion.agents.retrieve_insights("notion_ai")


@pytest.mark.parametrize("moment", ["soon", "1e400", "1e40"])
async def test_a_time_is_a_number_of_seconds(moment: str) -> None:
    async with emulated() as notion:
        message = await notion.wrong("GET", f"/v1/agents/{PERSONAL}/insights?start_time={moment}")

    assert "query.start_time should be a number" in message


# ------------------------------------------------------------------------------------ queries

FOUND: list[tuple[Object, list[str]]] = [
    ({"property": "id", "id": {"equals": CLERK.replace("-", "")}}, ["Clerk"]),
    (
        {"property": "agent_type", "string": {"equals": "autofill_custom_agent"}},
        ["Clerk"],
    ),
    ({"property": "agent_type", "string": {"equals": "notion_ai"}}, []),
    ({"property": "created_by", "people": {"contains": uid("ada")}}, ["Clerk"]),
    ({"property": "created_time", "date": {"before": "2026-05-02"}}, ["Clerk"]),
    ({"property": "created_time", "date": {"after": "2026-05-02"}}, ["Planner"]),
    (
        {"property": "created_time", "date": {"after": "2026-05-02", "before": "2026-05-03"}},
        [],
    ),
    ({"property": "created_time", "date": {}}, ["Planner", "Clerk"]),
    ({"property": "favorited", "checkbox": {"equals": True}}, ["Planner"]),
    ({"property": "favorited", "checkbox": {"equals": False}}, ["Clerk"]),
    ({"property": "connections", "mcp_server": {"contains": "weather"}}, ["Clerk"]),
    ({"property": "connections", "mcp_server": {"contains": "EXAMPLE.com"}}, ["Clerk"]),
    ({"property": "connections", "mcp_server": {"contains": "mail"}}, []),
    ({"property": "status", "status": {"in": ["disabled", "deleted"]}}, ["Planner"]),
    ({"property": "model_mode", "select": {"equals": "auto"}}, ["Planner"]),
    ({"property": "agent_version", "number": {"equals": 3}}, ["Clerk"]),
    ({"property": "last_run_at", "date": {"before": "2026-05-02T00:00:00Z"}}, ["Clerk"]),
    (
        {
            "or": [
                {"property": "model_mode", "select": {"equals": "pinned"}},
                {
                    "and": [
                        {"property": "favorited", "checkbox": {"equals": True}},
                        {"property": "status", "status": {"in": ["disabled"]}},
                    ]
                },
            ]
        },
        ["Planner", "Clerk"],
    ),
    ({"and": []}, ["Planner", "Clerk"]),
]


async def names(here: Place, **query: Any) -> list[str]:
    return [one.name for one in await here.notion.agents.query(**query).collect()]


@pytest.mark.parametrize(("condition", "expected"), FOUND)
async def test_agents_are_found_by_their_properties(
    condition: Object, expected: list[str]
) -> None:
    async with place(*both()) as here:
        here.agents.favorites.add(PLANNER)

        assert await names(here, filter=condition) == expected


async def test_agents_are_found_by_name_and_description() -> None:
    async with place(*both()) as here:
        assert await names(here, query="PLAN") == ["Planner"]
        assert await names(here, query="forms") == ["Clerk"]
        assert await names(here, query="nothing like it") == []


async def test_agents_come_in_the_order_that_is_asked_for() -> None:
    third = agent("Third", created_time="2026-05-02T08:00:00.000Z", last_run_at=MINUTE)
    by = {"direction": "ascending"}
    async with place(*both(), third) as here:
        oldest = await names(here, sorts=[{"property": "created_time", **by}])
        newest = await names(here, sorts=[{"property": "created_time", "direction": "descending"}])
        run = await names(here, sorts=[{"property": "last_run_at", **by}])

    assert oldest == ["Clerk", "Third", "Planner"]
    assert newest == ["Planner", "Third", "Clerk"]
    assert run == ["Clerk", "Third", "Planner"]  # one that never ran comes last


async def test_agents_come_page_by_page() -> None:
    many = [agent(f"Agent {number}") for number in range(7)]
    async with place(*many) as here:
        pages = [
            [one.name for one in page.results]
            async for page in here.notion.agents.query(page_size=3).pages()
        ]

    assert [len(page) for page in pages] == [3, 3, 1]
    assert [name for page in pages for name in page] == [one["name"] for one in many]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"query": 1}, "body.query"),
        ({"filter": []}, "body.filter"),
        ({"filter": {}}, "body.filter.property"),
        ({"filter": {"property": "size"}}, "body.filter.property"),
        ({"filter": {"property": "id"}}, "body.filter.id"),
        ({"filter": {"property": "id", "id": {}}}, "body.filter.id.equals"),
        ({"filter": {"property": "id", "string": {}}}, "body.filter.string"),
        ({"filter": {"property": "id", "id": {"in": []}}}, "body.filter.id.in"),
        ({"filter": {"property": "created_time", "date": {"on": 1}}}, "body.filter.date.on"),
        ({"filter": {"and": [], "or": []}}, "body.filter.or"),
        ({"filter": {"and": {}}}, "body.filter.and"),
        ({"filter": {"and": [{"and": [{"or": []}]}]}}, "body.filter.and[0].and[0].or"),
        (
            {"filter": {"property": "status", "status": {"in": ["gone"]}}},
            "body.filter.status.in[0]",
        ),
        ({"sorts": {}}, "body.sorts"),
        ({"sorts": [{"property": "name"}]}, "body.sorts[0].property"),
        ({"sorts": [{"property": "created_time"}]}, "body.sorts[0].direction"),
        ({"page_size": 101}, "body.page_size"),
        ({"start_cursor": "no cursor"}, "start_cursor"),
        ({"further": 1}, "body.further"),
    ],
)
async def test_a_query_that_is_none_is_refused(body: Object, where: str) -> None:
    async with emulated() as notion:
        message = await notion.wrong("POST", "/v1/agents/query", body)

    assert f"{where} should be" in message or "start_cursor provided is invalid" in message


# ------------------------------------------------------------------------------------ scripts


async def test_a_script_is_for_an_agent_that_there_is() -> None:
    async with place() as here:
        with pytest.raises(ConfigurationError, match="load it first"):
            here.script(["Hi"], agent_id=CLERK)


async def test_a_connection_without_that_capability_has_no_agents() -> None:
    without = Capabilities(interact_with_agents=False)
    async with place() as here:
        connection = here.emulator.internal_connection("Other", capabilities=without)
        async with AsyncClient(connection.token, base_url=here.emulator.base_url) as other:
            with pytest.raises(RestrictedResourceError):
                await other.agents.retrieve("notion_ai")
