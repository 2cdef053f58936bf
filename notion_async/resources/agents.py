"""Agents: find them, see what they use, and limit or stop them.

Provisional: Notion offers this as a public beta, and changes it.  The connection needs the
capability to interact with agents, or the token is a personal one.

Notion's pages: https://developers.notion.com/guides/notion-agent-apis/overview and
https://developers.notion.com/reference/notion-agent-apis/query-agents
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from notion_async import endpoints
from notion_async.errors import ConfigurationError
from notion_async.models import AsyncTask
from notion_async.models.agents import (
    Agent,
    AgentCreditLimit,
    AgentInsights,
    AgentStatus,
    DeletedAgent,
)
from notion_async.pagination import Pager
from notion_async.resources._resource import Resource
from notion_async.types import UNSET, Maybe


class Agents(Resource):
    """Read and manage agents (provisional).

    The personal agent goes by the id ``notion_ai``.
    """

    __slots__ = ()

    async def retrieve(self, agent_id: str, *, verbose: Maybe[bool] = UNSET) -> Agent:
        """Return an agent.

        Args:
            agent_id: The agent, or ``notion_ai``.
            verbose: Whether its instructions are part of it.

        Raises:
            ObjectNotFoundError: There is no such agent, or you have no access to it.
        """
        return await self._send(
            endpoints.AGENTS_RETRIEVE,
            Agent.from_json,
            {"agent_id": agent_id},
            query={"verbose": verbose},
            body=None,
        )

    async def delete(self, agent_id: str) -> DeletedAgent:
        """Delete an agent."""
        return await self._send(
            endpoints.AGENTS_DELETE,
            DeletedAgent.from_json,
            {"agent_id": agent_id},
            query={},
            body=None,
        )

    def query(
        self,
        *,
        query: Maybe[str] = UNSET,
        filter: Maybe[Mapping[str, object]] = UNSET,
        sorts: Maybe[Sequence[Mapping[str, object]]] = UNSET,
        verbose: Maybe[bool] = UNSET,
        include_deleted: Maybe[bool] = UNSET,
        start_cursor: str | None = None,
        page_size: Maybe[int] = UNSET,
    ) -> Pager[Agent]:
        """Return the agents you have access to.

        Args:
            query: A text to look for.
            filter: Conditions on properties of agents, as Notion documents them.
            sorts: By ``created_time`` or ``last_run_at``.
            verbose: Whether their instructions are part of them.
            include_deleted: Whether deleted ones are among them.
            start_cursor: Where to go on.
            page_size: How many agents an answer holds, from 1 to 100.
        """
        return self._list(
            endpoints.AGENTS_QUERY,
            Agent.later,
            {},
            start_cursor=start_cursor,
            page_size=page_size,
            body={
                "query": query,
                "filter": filter,
                "sorts": sorts,
                "verbose": verbose,
                "include_deleted": include_deleted,
            },
        )

    async def batch(self, *, operations: Sequence[Mapping[str, object]]) -> AsyncTask:
        """Change many agents.  Notion does it in its own time, and some may fail by themselves.

        Args:
            operations: At most 100, each with an ``action`` (``update_status``,
                ``update_credit_limit`` or ``delete``), an ``agent_id`` and the new ``fields``.

        Returns:
            The task to wait for.

        Raises:
            WriteOutcomeUnknown: The answer was lost: look before you do it again.
        """
        if not 1 <= len(operations) <= 100:
            raise ConfigurationError(
                f"one batch holds 1 to 100 operations, not {len(operations)}: send several"
            )
        return await self._send(
            endpoints.AGENTS_BATCH,
            AsyncTask.from_json,
            {},
            query={},
            body={"operations": operations},
        )

    async def retrieve_insights(
        self, agent_id: str, *, start_time: Maybe[int] = UNSET, end_time: Maybe[int] = UNSET
    ) -> AgentInsights:
        """Return what an agent has used; left to itself, in the current billing period.

        Args:
            agent_id: The agent; the personal one has no insights.
            start_time: From when, in seconds since 1970 (UTC).
            end_time: Until when.

        Raises:
            ConfigurationError: One of the times without the other, which Notion would ignore.
        """
        if (start_time is UNSET) is not (end_time is UNSET):
            raise ConfigurationError("start_time and end_time go together: give both or neither")
        return await self._send(
            endpoints.AGENTS_RETRIEVE_INSIGHTS,
            AgentInsights.from_json,
            {"agent_id": agent_id},
            query={"start_time": start_time, "end_time": end_time},
            body=None,
        )

    async def update_credit_limit(
        self, agent_id: str, *, credit_limit: float | None
    ) -> AgentCreditLimit:
        """Limit what an agent may use.

        Args:
            agent_id: The agent.
            credit_limit: In credits; None for no limit.
        """
        return await self._send(
            endpoints.AGENTS_UPDATE_CREDIT_LIMIT,
            AgentCreditLimit.from_json,
            {"agent_id": agent_id},
            query={},
            body={"credit_limit": credit_limit},
        )

    async def update_status(self, agent_id: str, *, status: str) -> AgentStatus:
        """Let an agent run, or stop it.

        Args:
            agent_id: The agent.
            status: ``active`` or ``disabled``.
        """
        return await self._send(
            endpoints.AGENTS_UPDATE_STATUS,
            AgentStatus.from_json,
            {"agent_id": agent_id},
            query={},
            body={"status": status},
        )
