"""Agents: who they are, what they may do, and what they have used.

Provisional: Notion offers this as a public beta, and changes it.

Notion's page: https://developers.notion.com/reference/notion-agent-apis/retrieve-agent
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notion_async.models._model import Lazy, Maybe, Model, model
from notion_async.models.files import Icon
from notion_async.models.users import User
from notion_async.types import JSON, UNSET


@model
class Creator(Model):
    """Who made something."""

    id: str
    type: Maybe[str] = UNSET
    """``user`` or ``bot``."""


@model
class AgentAvatar(Model):
    """A portrait that Notion drew."""

    static_url: str
    animated_url: str


@model
class AgentIcon(Icon):
    """What an agent looks like."""

    custom_agent_avatar: Lazy[Maybe[AgentAvatar]] = UNSET


@model
class AgentModel(Model):
    """Which language model an agent uses: ``mode`` is ``auto`` or ``pinned``."""

    mode: str
    id: Maybe[str | None] = UNSET


@model
class AgentVersion(Model):
    """What of an agent has been published."""

    id: str
    number: int
    published_at: datetime


@model
class PermissionTarget(Model):
    """What a permission is for.  `type` tells which fields are set."""

    type: str
    id: Maybe[str] = UNSET
    data_source_id: Maybe[str] = UNSET
    property_id: Maybe[str] = UNSET
    allowed_domains: Lazy[Maybe[Sequence[str] | None]] = UNSET


@model
class AgentPermission(Model):
    """What an agent may do somewhere."""

    target: Lazy[PermissionTarget]
    scopes: Lazy[Sequence[str]] = ()


@model
class ToolConsent(Model):
    """Which tools run without anybody being asked."""

    read: bool
    write: bool


@model
class AgentConnection(Model):
    """Something an agent has access to."""

    type: str
    """``notion``, ``slack``, ``mcp_server``, …"""
    name: str
    account: Lazy[Maybe[JSON]] = UNSET
    """By which account; the text ``hidden`` where that is not for you to see."""
    permissions: Lazy[Sequence[AgentPermission]] = ()
    enabled_tools: Lazy[Maybe[JSON]] = UNSET
    """The tools of a server; the text ``hidden`` where they are not for you to see."""
    run_tools_automatically: Lazy[Maybe[ToolConsent]] = UNSET


@model
class ScheduleEnd(Model):
    """When a schedule ends: ``type`` is ``date`` or ``count``."""

    type: str
    end_at: Maybe[str] = UNSET
    occurrences: Maybe[int] = UNSET


@model
class AgentSchedule(Model):
    """When an agent runs by itself."""

    frequency: str
    interval: int
    weekdays: Lazy[Sequence[str]] = ()
    monthdays: Lazy[Sequence[int]] = ()
    week_numbers: Lazy[Sequence[int]] = ()
    hour: Maybe[int] = UNSET
    minute: Maybe[int] = UNSET
    timezone: Maybe[str] = UNSET
    start_date: Maybe[str] = UNSET
    end: Lazy[Maybe[ScheduleEnd]] = UNSET


@model
class AgentTrigger(Model):
    """What sets an agent going."""

    type: str
    enabled: bool
    schedule: Lazy[Maybe[AgentSchedule]] = UNSET
    config: Lazy[Maybe[JSON]] = UNSET


@model
class Agent(Model):
    """An agent."""

    id: str
    agent_type: str
    """``notion_ai``, ``custom_agent``, ``autofill_custom_agent`` or ``external``."""
    name: str
    status: str
    """``active``, ``disabled`` or ``deleted``."""
    pause_reason: Maybe[str | None] = UNSET
    description: Maybe[str | None] = UNSET
    instructions: Maybe[str | None] = UNSET
    """What it was told; only where ``verbose`` is asked for."""
    instructions_page_id: Maybe[str | None] = UNSET
    icon: Lazy[Maybe[AgentIcon | None]] = UNSET
    model: Lazy[Maybe[AgentModel]] = UNSET
    connections: Lazy[Sequence[AgentConnection]] = ()
    triggers: Lazy[Sequence[AgentTrigger]] = ()
    created_by: Lazy[Maybe[User | None]] = UNSET
    version: Lazy[Maybe[AgentVersion | None]] = UNSET
    agent_version: Lazy[Maybe[AgentVersion | None]] = UNSET
    has_unpublished_changes: Maybe[bool | str] = UNSET
    """The text ``hidden`` where that is not for you to see."""
    credit_limit: Maybe[float | str | None] = UNSET
    """None for no limit; the text ``hidden`` where that is not for you to see."""
    last_run_time: Maybe[datetime | None] = UNSET
    last_run_at: Maybe[datetime | None] = UNSET
    created_time: Maybe[datetime | None] = UNSET
    """None for the personal agent, as is `last_edited_time`."""
    last_edited_time: Maybe[datetime | None] = UNSET
    object: str = "agent"
    request_id: Maybe[str] = UNSET


@model
class AgentInsights(Model):
    """What an agent has used in a time."""

    id: str
    name: str
    agent_type: str
    status: str
    total_credits_used: float
    runs_completed: int
    pause_reason: Maybe[str | None] = UNSET
    created_by: Lazy[Maybe[Creator | None]] = UNSET
    credit_limit: Maybe[float | str | None] = UNSET
    object: str = "agent_insights"
    request_id: Maybe[str] = UNSET


@model
class AgentStatus(Model):
    """Whether an agent runs, after that was changed."""

    agent_id: str
    status: str
    last_edited_time: datetime
    pause_reason: Maybe[str | None] = UNSET
    request_id: Maybe[str] = UNSET


@model
class AgentCreditLimit(Model):
    """What an agent may use, after that was changed."""

    agent_id: str
    credit_limit: float | None
    last_edited_time: datetime
    request_id: Maybe[str] = UNSET


@model
class DeletedAgent(Model):
    """An agent that was deleted."""

    agent_id: str
    status: str
    deleted_at: datetime
    request_id: Maybe[str] = UNSET
