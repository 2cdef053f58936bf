"""Agents: what they are, and whether they run.

Notion: https://developers.notion.com/reference/notion-agent-apis/query-agents
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import attrs
import msgspec

from notion_async.testing.agent_filters import matcher, of_agents, sort
from notion_async.testing.agents import PERSONAL, Agents, id_of
from notion_async.testing.call import PAGING, Call, Reply
from notion_async.testing.checks import (
    Decoded,
    RefusalError,
    a_boolean,
    a_number,
    a_string,
    a_uuid,
    an_array,
    an_object,
    failed,
    invalid,
    known_fields,
    one_of,
)
from notion_async.testing.handlers.async_tasks import accepted
from notion_async.testing.paging import listing
from notion_async.testing.records import timestamp
from notion_async.testing.store import Store
from notion_async.types import UNSET

_LISTED: Final = ("custom_agent", "autofill_custom_agent")
"""Types of agents that a query finds."""

_ACTIONS: Final = ("update_status", "update_credit_limit", "delete")
_MOST: Final = 100
"""How many changes one batch holds."""

_BY: Final = {
    "created_time": lambda agent: agent.get("created_time"),
    "last_run_at": lambda agent: agent["last_run_at"],
}


def retrieve(call: Call) -> bytes:
    """Answer with one agent."""
    call.allow(query=("verbose",))
    verbose = _yes_or_no(call, "verbose")
    agent = call.store.part(Agents).find(call.store, _id(call))
    return msgspec.json.encode(_shown(agent, verbose))


def query(call: Call) -> bytes:
    """Answer with the agents that match."""
    call.allow(body=("query", "filter", "sorts", "verbose", "include_deleted", *PAGING))
    agents, body = call.store.part(Agents), call.body
    text = a_string(body.get("query", ""), "body.query").casefold()
    verbose = a_boolean(body.get("verbose", False), "body.verbose")
    deleted = a_boolean(body.get("include_deleted", False), "body.include_deleted")
    test = matcher(of_agents(agents), body.get("filter"), call.store.wall())
    found = [
        agent
        for agent in agents.known.values()
        if agent["agent_type"] in _LISTED
        and (deleted or agent["status"] != "deleted")
        and text in f"{agent['name']}\n{agent['description'] or ''}".casefold()
        and test(agent)
    ]
    ordered = sort(found, body.get("sorts"), _BY)
    page, cursor = call.page_of(ordered, key=lambda agent: str(agent["id"]), scope=scope(call))
    shown = (msgspec.json.encode(_shown(agent, verbose)) for agent in page)
    return listing(shown, cursor, "agent")


def retrieve_insights(call: Call) -> bytes:
    """Answer with what an agent has used."""
    call.allow(query=("start_time", "end_time"))
    start, end = (_seconds(call, name) for name in ("start_time", "end_time"))
    store, identity = call.store, _id(call)
    if identity == PERSONAL:
        # The words are ours: no exchange with Notion shows its own.
        raise invalid("The personal agent has no insights.")
    agents = store.part(Agents)
    agent = agents.find(store, identity)
    now = store.wall()
    if start is None or end is None:  # one without the other is ignored
        # Notion: the billing period.  Here that is the month.
        start, end = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0), now
    runs, credits_used = agents.used(identity, now, timestamp(start), timestamp(end))
    author = agent["created_by"]
    names = ("id", "name", "agent_type", "status", "pause_reason", "credit_limit")
    return msgspec.json.encode(
        {
            "object": "agent_insights",
            **{name: agent[name] for name in names},
            "created_by": author and {"id": author["id"], "type": author.get("type", "user")},
            "total_credits_used": credits_used,
            "runs_completed": runs,
        }
    )


def update_status(call: Call) -> bytes:
    """Let an agent run, or stop it."""
    call.allow(body=("status",))
    status = _status(call.body, "body")
    return msgspec.json.encode(_set_status(call.store, _id(call), status))


def update_credit_limit(call: Call) -> bytes:
    """Limit what an agent may use."""
    call.allow(body=("credit_limit",))
    limit = _limit(call.body, "body")
    return msgspec.json.encode(_set_limit(call.store, _id(call), limit))


def delete(call: Call) -> bytes:
    """Delete an agent."""
    call.allow()
    return msgspec.json.encode(_delete(call.store, _id(call)))


def batch(call: Call) -> Reply:
    """Change many agents, each by itself; answer with the task that does it."""
    call.allow(body=("operations",))
    given = an_array(call.body.get("operations", UNSET), "body.operations", most=_MOST)
    if not given:
        raise failed("body.operations.length", "≥ `1`", 0)
    operations = [_operation(one, f"body.operations[{index}]") for index, one in enumerate(given)]
    return accepted(call, partial(_carried_out, call.store, operations))


def scope(call: Call) -> str:
    """Return what a cursor of this query is good for."""
    asked = {name: value for name, value in call.body.items() if name not in PAGING}
    return msgspec.json.encode(asked, order="deterministic").decode()


# ------------------------------------------------------------------------------------ batches


@attrs.frozen
class _Operation:
    """A change, and what makes it."""

    action: str
    agent_id: str
    change: Callable[[Store], Decoded]


def _operation(given: object, where: str) -> _Operation:
    one = an_object(given, where)
    action = one_of(one.get("action", UNSET), f"{where}.action", _ACTIONS)
    known_fields(one, where, ("action", "agent_id", *(() if action == "delete" else ("fields",))))
    named = id_of(a_string(one.get("agent_id", UNSET), f"{where}.agent_id"))
    identity = a_uuid(named, f"{where}.agent_id")
    if action == "delete":
        return _Operation(action, identity, partial(_delete, identity=identity))
    where = f"{where}.fields"
    fields = an_object(one.get("fields", UNSET), where)
    name = action.removeprefix("update_")
    known_fields(fields, where, (name,))
    if name == "status":
        status = _status(fields, where)
        return _Operation(action, identity, partial(_set_status, identity=identity, status=status))
    limit = _limit(fields, where)
    return _Operation(action, identity, partial(_set_limit, identity=identity, limit=limit))


def _carried_out(store: Store, operations: Sequence[_Operation]) -> Decoded:
    """Make every change that can be made, and return what came of each.

    Notion does not publish what its result looks like: these names are ours.
    """
    results: list[Decoded] = []
    for one in operations:
        result: Decoded = {"action": one.action, "agent_id": one.agent_id}
        try:
            results.append({**result, "status": "succeeded", "result": one.change(store)})
        except RefusalError as refusal:
            error = {"status": refusal.status, "code": refusal.code, "message": refusal.message}
            results.append({**result, "status": "failed", "error": error})
    return {"results": results}


# ---------------------------------------------------------------------------------- changing


def _set_status(store: Store, identity: str, status: str) -> Decoded:
    agent = store.part(Agents).find_managed(store, identity)
    agent["status"] = status
    agent["pause_reason"] = None if status == "active" else "disabled_from_api"
    agent["last_edited_time"] = store.minute()
    return _told(agent, "status", "pause_reason", "last_edited_time")


def _set_limit(store: Store, identity: str, limit: float | None) -> Decoded:
    agent = store.part(Agents).find_managed(store, identity)
    agent["credit_limit"] = limit
    agent["last_edited_time"] = store.minute()
    return _told(agent, "credit_limit", "last_edited_time")


def _delete(store: Store, identity: str) -> Decoded:
    agent = store.part(Agents).find_managed(store, identity)
    agent["status"] = "deleted"
    agent["last_edited_time"] = store.minute()
    return {**_told(agent, "status"), "deleted_at": timestamp(store.wall())}


def _told(agent: Decoded, *names: str) -> Decoded:
    return {"agent_id": agent["id"], **{name: agent[name] for name in names}}


def _status(given: Decoded, where: str) -> str:
    return one_of(given.get("status", UNSET), f"{where}.status", ("active", "disabled"))


def _limit(given: Decoded, where: str) -> float | None:
    limit = given.get("credit_limit", UNSET)
    if limit is None:
        return None
    number = a_number(limit, f"{where}.credit_limit")
    if number < 0:
        raise failed(f"{where}.credit_limit", "≥ `0`", limit)
    return number


# ----------------------------------------------------------------------------------- reading


def _id(call: Call) -> str:
    return a_uuid(id_of(call.ids["agent_id"]), "path.agent_id")


def _shown(agent: Decoded, verbose: bool) -> Decoded:
    """Return an agent as it is answered: what it was told only where that is asked for."""
    return agent if verbose else {k: value for k, value in agent.items() if k != "instructions"}


def _yes_or_no(call: Call, name: str) -> bool:
    given = call.query.get(name, ["false"])[-1]
    words: dict[str, bool] = {"true": True, "false": False}
    if given not in words:
        raise failed(f"query.{name}", "a boolean", given)
    return words[given]


def _seconds(call: Call, name: str) -> datetime | None:
    """Return a time that is given in seconds since 1970."""
    given: Any = call.query.get(name, [None])[-1]
    if given is None:
        return None
    try:
        return datetime.fromtimestamp(float(given), UTC)
    except (ValueError, OverflowError, OSError):
        raise failed(f"query.{name}", "a number", given) from None
