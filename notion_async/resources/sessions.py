"""Sessions: conversations with agents.

Provisional: Notion offers this as a public beta, and changes it.  The connection needs the
capability to interact with agents, or the token is a personal one.

Notion's pages: https://developers.notion.com/guides/notion-agent-apis/overview and
https://developers.notion.com/reference/notion-agent-apis/update-session
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from notion_async import endpoints
from notion_async.errors import ConfigurationError
from notion_async.models import FileObject
from notion_async.models.sessions import Session, SessionEvent
from notion_async.pagination import Pager
from notion_async.resources._resource import Resource
from notion_async.resources._session_stream import SessionStream
from notion_async.types import UNSET, Maybe

AttachmentLike: TypeAlias = FileObject | Mapping[str, object]


class Sessions(Resource):
    """Talk to agents, and read what was said (provisional)."""

    __slots__ = ()

    async def update(
        self,
        *,
        message: Maybe[str] = UNSET,
        agent_id: Maybe[str] = UNSET,
        session_id: Maybe[str] = UNSET,
        attachments: Maybe[Sequence[AttachmentLike]] = UNSET,
        metadata: Maybe[Mapping[str, str]] = UNSET,
        prompt_context: Maybe[str] = UNSET,
        actions: Maybe[Sequence[Mapping[str, object]]] = UNSET,
        continue_from: Maybe[str] = UNSET,
    ) -> Session:
        """Say something to an agent, or decide what it asks; the answer does not wait for it.

        Args:
            message: What is said.
            agent_id: To whom, where a session begins.
            session_id: The session; left out, a new one begins.
            attachments: Finished uploads: ``{"file_upload": {"id": …}}``.
            metadata: Texts of your own that are kept with the message.
            prompt_context: What the agent shall know besides.
            actions: Instead of a message, decisions: ``{"action_id": …, "option_id": "approve"}``
                or ``"reject"``, for `Session.required_actions`.
            continue_from: Instead of a message, an event.  Notion accepts it for `stream` alone.

        Raises:
            ConfigurationError: There is not one of message, actions and continue_from.
            WriteOutcomeUnknown: The answer was lost: look before you say it again.
        """
        return await self._send(
            endpoints.SESSIONS_UPDATE,
            Session.from_json,
            {},
            query={},
            body=_turn(
                message=message,
                agent_id=agent_id,
                session_id=session_id,
                attachments=attachments,
                metadata=metadata,
                prompt_context=prompt_context,
                actions=actions,
                continue_from=continue_from,
            ),
        )

    def stream(
        self,
        *,
        message: Maybe[str] = UNSET,
        agent_id: Maybe[str] = UNSET,
        session_id: Maybe[str] = UNSET,
        attachments: Maybe[Sequence[AttachmentLike]] = UNSET,
        metadata: Maybe[Mapping[str, str]] = UNSET,
        prompt_context: Maybe[str] = UNSET,
        actions: Maybe[Sequence[Mapping[str, object]]] = UNSET,
        continue_from: Maybe[str] = UNSET,
    ) -> SessionStream:
        """Return the events of a turn, to be read while it goes on, in an ``async with`` block.

        Nothing is sent before the block is entered.  How to read and to resume: `SessionStream`.

        Args:
            message: As for `update`, like those that follow.
            agent_id: To whom, where a session begins.
            session_id: The session; left out, a new one begins.
            attachments: Finished uploads.
            metadata: Texts of your own that are kept with the message.
            prompt_context: What the agent shall know besides.
            actions: Instead of a message, decisions.
            continue_from: Instead of a message, the last event that is known: what came after
                it is streamed.  `SessionStream.continue_from` has it.

        Raises:
            ConfigurationError: There is not one of message, actions and continue_from.
        """
        body = _turn(
            message=message,
            agent_id=agent_id,
            session_id=session_id,
            attachments=attachments,
            metadata=metadata,
            prompt_context=prompt_context,
            actions=actions,
            continue_from=continue_from,
        )
        return SessionStream(
            self._send,
            body,
            session_id=session_id or None,
            continue_from=continue_from or None,
        )

    async def retrieve(self, session_id: str) -> Session:
        """Return a session: how it stands, not what was said in it.

        Raises:
            ObjectNotFoundError: There is no such session, or you have no access to it.
        """
        return await self._send(
            endpoints.SESSIONS_RETRIEVE,
            Session.from_json,
            {"session_id": session_id},
            query={},
            body=None,
        )

    def query(
        self,
        *,
        query: Maybe[str] = UNSET,
        filter: Maybe[Mapping[str, object]] = UNSET,
        sorts: Maybe[Sequence[Mapping[str, object]]] = UNSET,
        start_cursor: str | None = None,
        page_size: Maybe[int] = UNSET,
    ) -> Pager[Session]:
        """Return sessions.

        Args:
            query: A text to look for.
            filter: Conditions on ``id``, ``agent_id``, ``status``, ``created_at`` and
                ``updated_at``, as Notion documents them.
            sorts: By ``created_at`` or ``updated_at``.
            start_cursor: Where to go on.
            page_size: How many sessions an answer holds, from 1 to 100.
        """
        return self._list(
            endpoints.SESSIONS_QUERY,
            Session.later,
            {},
            start_cursor=start_cursor,
            page_size=page_size,
            body={"query": query, "filter": filter, "sorts": sorts},
        )

    def query_events(
        self,
        session_id: str,
        *,
        filter: Maybe[Mapping[str, object]] = UNSET,
        sorts: Maybe[Sequence[Mapping[str, object]]] = UNSET,
        start_cursor: str | None = None,
        page_size: Maybe[int] = UNSET,
    ) -> Pager[SessionEvent]:
        """Return what happened in a session.

        Args:
            session_id: The session.
            filter: Conditions on ``id``, ``type``, ``sequence`` and ``created_at``, as Notion
                documents them.
            sorts: By ``sequence`` or ``created_at``.
            start_cursor: Where to go on.
            page_size: How many events an answer holds, from 1 to 100.
        """
        return self._list(
            endpoints.SESSIONS_QUERY_EVENTS,
            SessionEvent.from_json,
            {"session_id": session_id},
            start_cursor=start_cursor,
            page_size=page_size,
            body={"filter": filter, "sorts": sorts},
        )

    async def cancel(self, session_id: str, *, event_id: Maybe[str] = UNSET) -> Session:
        """Stop the turn that is going on.

        Args:
            session_id: The session.
            event_id: The event whose turn is meant.
        """
        return await self._send(
            endpoints.SESSIONS_CANCEL,
            Session.from_json,
            {"session_id": session_id},
            query={},
            body={"event_id": event_id},
        )


def _turn(**fields: object) -> Mapping[str, object]:
    """Return the body of a turn."""
    given = [name for name in ("message", "actions", "continue_from") if fields[name] is not UNSET]
    if len(given) != 1:
        raise ConfigurationError(
            "a turn is a message, or the actions that were asked for, or continue_from: give one "
            "of them"
        )
    if given != ["message"] and not fields["session_id"]:
        raise ConfigurationError(f"{given[0]} is for a session that there is: give its session_id")
    return fields
