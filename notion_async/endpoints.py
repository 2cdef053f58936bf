"""The whole HTTP surface of Notion's API: one row per endpoint.

Resources send by these rows, the retry decision reads their replay class, the emulator routes
by them, and a test compares them with Notion's published reference.

Notion's pages: https://developers.notion.com/reference
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from functools import cache
from typing import Final
from urllib.parse import unquote

import attrs

from notion_async.errors import ConfigurationError
from notion_async.ids import notion_id

_PARAMETER = re.compile(r"\{(\w+)\}")
_AROUND = re.compile(r"\{\w+\}")
# Property ids come percent-encoded and are used as they come; names of agents and tasks are words.
_SEGMENT = re.compile(r"(?:[A-Za-z0-9_.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+")
_VERBATIM = frozenset({"property_id", "task_id", "agent_id", "session_id"})


class Replay(enum.Enum):
    """What happens when a request is sent twice.  The verb alone does not tell."""

    READ = "read"
    """Changes nothing."""
    DELETE = "delete"
    """The second time finds it done."""
    SET = "set"
    """Sets absolute values: harmless unless somebody else wrote in between."""
    CREATE = "create"
    """Makes another one each time."""
    BENIGN_CREATE = "benign create"
    """Makes another one, which expires by itself when it is not used."""
    UPLOAD = "upload"
    """Sends a part of a file: the same part again replaces it."""
    TOKEN = "token"  # noqa: S105 - a class of endpoints, not a secret
    """Spends a code or a refresh token, which works once."""


@attrs.frozen
class Endpoint:
    """One row: where a request goes, how it may be repeated, and what comes back."""

    name: str
    """As it is called on the client: ``pages.retrieve``."""
    method: str
    path: str
    replay: Replay
    returns: str
    """The ``object`` of the answer; ``list[…]`` where it comes in pages."""

    parameters: tuple[str, ...] = attrs.field(
        init=False,
        repr=False,
        default=attrs.Factory(lambda self: tuple(_PARAMETER.findall(self.path)), takes_self=True),
    )
    """The names in the path."""
    _parts: tuple[str, ...] = attrs.field(
        init=False,
        repr=False,
        default=attrs.Factory(lambda self: tuple(_AROUND.split(self.path)), takes_self=True),
    )

    def fill(self, **values: str) -> str:
        """Return the path with these ids in it.

        Raises:
            ConfigurationError: A value is not an id: nothing else may reach the path.
        """
        return self.filled(values)

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the path with these ids in it, as `fill`."""
        parts = self._parts
        filled = parts[0]
        for place, name in enumerate(self.parameters, 1):
            value = values[name]
            filled += notion_id(value) if name not in _VERBATIM else _checked(name, value)
            filled += parts[place]
        return filled

    def __str__(self) -> str:
        return self.name


def _checked(name: str, value: str) -> str:
    fits = isinstance(value, str) and _SEGMENT.fullmatch(value)
    if not fits or not {".", ".."}.isdisjoint(re.split(r"[/\\]", unquote(value))):
        raise ConfigurationError(
            f"{str(value)[:80]!r} cannot be used as {name}: pass it as Notion returned it"
        )
    return value


_R, _D, _S, _C = Replay.READ, Replay.DELETE, Replay.SET, Replay.CREATE
_B, _U, _T = Replay.BENIGN_CREATE, Replay.UPLOAD, Replay.TOKEN

# fmt: off
PAGES_CREATE = Endpoint("pages.create", "POST", "/v1/pages", _C, "page")
PAGES_RETRIEVE = Endpoint("pages.retrieve", "GET", "/v1/pages/{page_id}", _R, "page")
PAGES_UPDATE = Endpoint("pages.update", "PATCH", "/v1/pages/{page_id}", _S, "page")
PAGES_MOVE = Endpoint("pages.move", "POST", "/v1/pages/{page_id}/move", _S, "page")
PAGES_RETRIEVE_PROPERTY = Endpoint("pages.properties.retrieve", "GET", "/v1/pages/{page_id}/properties/{property_id}", _R, "list[property_item]")
PAGES_RETRIEVE_MARKDOWN = Endpoint("pages.retrieve_markdown", "GET", "/v1/pages/{page_id}/markdown", _R, "page_markdown")
PAGES_UPDATE_MARKDOWN = Endpoint("pages.update_markdown", "PATCH", "/v1/pages/{page_id}/markdown", _C, "page_markdown")

BLOCKS_RETRIEVE = Endpoint("blocks.retrieve", "GET", "/v1/blocks/{block_id}", _R, "block")
BLOCKS_UPDATE = Endpoint("blocks.update", "PATCH", "/v1/blocks/{block_id}", _S, "block")
BLOCKS_DELETE = Endpoint("blocks.delete", "DELETE", "/v1/blocks/{block_id}", _D, "block")
BLOCKS_LIST_CHILDREN = Endpoint("blocks.children.list", "GET", "/v1/blocks/{block_id}/children", _R, "list[block]")
BLOCKS_APPEND_CHILDREN = Endpoint("blocks.children.append", "PATCH", "/v1/blocks/{block_id}/children", _C, "list[block]")
BLOCKS_CREATE_MEETING_NOTES = Endpoint("blocks.meeting_notes.create", "POST", "/v1/blocks/meeting_notes", _C, "block")
BLOCKS_QUERY_MEETING_NOTES = Endpoint("blocks.meeting_notes.query", "POST", "/v1/blocks/meeting_notes/query", _R, "meeting_notes")

DATABASES_CREATE = Endpoint("databases.create", "POST", "/v1/databases", _C, "database")
DATABASES_RETRIEVE = Endpoint("databases.retrieve", "GET", "/v1/databases/{database_id}", _R, "database")
DATABASES_UPDATE = Endpoint("databases.update", "PATCH", "/v1/databases/{database_id}", _S, "database")

DATA_SOURCES_CREATE = Endpoint("data_sources.create", "POST", "/v1/data_sources", _C, "data_source")
DATA_SOURCES_RETRIEVE = Endpoint("data_sources.retrieve", "GET", "/v1/data_sources/{data_source_id}", _R, "data_source")
DATA_SOURCES_UPDATE = Endpoint("data_sources.update", "PATCH", "/v1/data_sources/{data_source_id}", _S, "data_source")
DATA_SOURCES_QUERY = Endpoint("data_sources.query", "POST", "/v1/data_sources/{data_source_id}/query", _R, "list[page_or_data_source]")
DATA_SOURCES_LIST_TEMPLATES = Endpoint("data_sources.list_templates", "GET", "/v1/data_sources/{data_source_id}/templates", _R, "list[template]")

VIEWS_CREATE = Endpoint("views.create", "POST", "/v1/views", _C, "view")
VIEWS_RETRIEVE = Endpoint("views.retrieve", "GET", "/v1/views/{view_id}", _R, "view")
VIEWS_UPDATE = Endpoint("views.update", "PATCH", "/v1/views/{view_id}", _S, "view")
VIEWS_DELETE = Endpoint("views.delete", "DELETE", "/v1/views/{view_id}", _D, "view")
VIEWS_LIST = Endpoint("views.list", "GET", "/v1/views", _R, "list[view]")
VIEWS_CREATE_QUERY = Endpoint("views.queries.create", "POST", "/v1/views/{view_id}/queries", _R, "view_query")
VIEWS_QUERY_RESULTS = Endpoint("views.queries.results", "GET", "/v1/views/{view_id}/queries/{query_id}", _R, "list[page]")
VIEWS_DELETE_QUERY = Endpoint("views.queries.delete", "DELETE", "/v1/views/{view_id}/queries/{query_id}", _D, "view_query")

USERS_ME = Endpoint("users.me", "GET", "/v1/users/me", _R, "user")
USERS_RETRIEVE = Endpoint("users.retrieve", "GET", "/v1/users/{user_id}", _R, "user")
USERS_LIST = Endpoint("users.list", "GET", "/v1/users", _R, "list[user]")

COMMENTS_CREATE = Endpoint("comments.create", "POST", "/v1/comments", _C, "comment")
COMMENTS_RETRIEVE = Endpoint("comments.retrieve", "GET", "/v1/comments/{comment_id}", _R, "comment")
COMMENTS_UPDATE = Endpoint("comments.update", "PATCH", "/v1/comments/{comment_id}", _S, "comment")
COMMENTS_DELETE = Endpoint("comments.delete", "DELETE", "/v1/comments/{comment_id}", _D, "comment")
COMMENTS_LIST = Endpoint("comments.list", "GET", "/v1/comments", _R, "list[comment]")

FILE_UPLOADS_CREATE = Endpoint("file_uploads.create", "POST", "/v1/file_uploads", _B, "file_upload")
FILE_UPLOADS_SEND = Endpoint("file_uploads.send", "POST", "/v1/file_uploads/{file_upload_id}/send", _U, "file_upload")
FILE_UPLOADS_COMPLETE = Endpoint("file_uploads.complete", "POST", "/v1/file_uploads/{file_upload_id}/complete", _U, "file_upload")
FILE_UPLOADS_RETRIEVE = Endpoint("file_uploads.retrieve", "GET", "/v1/file_uploads/{file_upload_id}", _R, "file_upload")
FILE_UPLOADS_LIST = Endpoint("file_uploads.list", "GET", "/v1/file_uploads", _R, "list[file_upload]")

SEARCH = Endpoint("search", "POST", "/v1/search", _R, "list[page_or_data_source]")
CUSTOM_EMOJIS_LIST = Endpoint("custom_emojis.list", "GET", "/v1/custom_emojis", _R, "list[custom_emoji]")
ASYNC_TASKS_RETRIEVE = Endpoint("async_tasks.retrieve", "GET", "/v1/async_tasks/{task_id}", _R, "async_task")

OAUTH_TOKEN = Endpoint("oauth.token", "POST", "/v1/oauth/token", _T, "token")
OAUTH_INTROSPECT = Endpoint("oauth.introspect", "POST", "/v1/oauth/introspect", _R, "introspection")
OAUTH_REVOKE = Endpoint("oauth.revoke", "POST", "/v1/oauth/revoke", _D, "revocation")

# Public beta: these move faster than the rest.
AGENTS_RETRIEVE = Endpoint("agents.retrieve", "GET", "/v1/agents/{agent_id}", _R, "agent")
AGENTS_DELETE = Endpoint("agents.delete", "DELETE", "/v1/agents/{agent_id}", _D, "deleted_agent")
AGENTS_QUERY = Endpoint("agents.query", "POST", "/v1/agents/query", _R, "list[agent]")
AGENTS_BATCH = Endpoint("agents.batch", "POST", "/v1/agents/batch", _C, "async_task")
AGENTS_RETRIEVE_INSIGHTS = Endpoint("agents.retrieve_insights", "GET", "/v1/agents/{agent_id}/insights", _R, "agent_insights")
AGENTS_UPDATE_CREDIT_LIMIT = Endpoint("agents.update_credit_limit", "PATCH", "/v1/agents/{agent_id}/credit_limit", _S, "agent_credit_limit")
AGENTS_UPDATE_STATUS = Endpoint("agents.update_status", "PATCH", "/v1/agents/{agent_id}/status", _S, "agent_status")
SESSIONS_UPDATE = Endpoint("sessions.update", "POST", "/v1/sessions", _C, "session")
SESSIONS_STREAM = Endpoint("sessions.stream", "POST", "/v1/sessions", _C, "events")
SESSIONS_RETRIEVE = Endpoint("sessions.retrieve", "GET", "/v1/sessions/{session_id}", _R, "session")
SESSIONS_QUERY = Endpoint("sessions.query", "POST", "/v1/sessions/query", _R, "list[session]")
SESSIONS_QUERY_EVENTS = Endpoint("sessions.query_events", "POST", "/v1/sessions/{session_id}/events/query", _R, "list[session_event]")
SESSIONS_CANCEL = Endpoint("sessions.cancel", "POST", "/v1/sessions/{session_id}/cancel", _S, "session")
# fmt: on

ALL: Final[tuple[Endpoint, ...]] = tuple(
    value for value in list(vars().values()) if isinstance(value, Endpoint)
)
"""Every endpoint, in the order of the table."""


def match(method: str, path: str) -> Endpoint | None:
    """Return the endpoint that a request goes to, or None where the table has no such row."""
    for endpoint, pattern in _patterns():
        if endpoint.method == method and pattern.fullmatch(path):
            return endpoint
    return None


@cache
def _patterns() -> tuple[tuple[Endpoint, re.Pattern[str]], ...]:
    # More literal paths first: /v1/users/me is not the user "me".
    rows = sorted(ALL, key=lambda row: len(row.parameters))
    return tuple((row, re.compile(_PARAMETER.sub("[^/]+", row.path))) for row in rows)
