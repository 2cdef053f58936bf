"""Sessions: what is said to an agent, what it does, and how that is streamed.

Notion: https://developers.notion.com/reference/notion-agent-apis/update-session
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Final

import msgspec

from notion_async.testing.agent_filters import OF_EVENTS, OF_SESSIONS, matcher, sort
from notion_async.testing.agents import PERSONAL, Agents, id_of
from notion_async.testing.call import PAGING, Call, Reply
from notion_async.testing.checks import (
    Decoded,
    RefusalError,
    a_string,
    a_uuid,
    an_array,
    an_object,
    failed,
    invalid,
    known_fields,
    one_of,
)
from notion_async.testing.conversations import Conversation
from notion_async.testing.files import uploaded
from notion_async.testing.handlers.agents import scope
from notion_async.testing.paging import listing
from notion_async.testing.records import timestamp
from notion_async.testing.scripts import text
from notion_async.types import UNSET

_KINDS: Final = ("message", "actions", "continue_from")
_WITH: Final = {
    "message": ("agent_id", "session_id", "attachments", "metadata", "prompt_context"),
    "actions": ("session_id", "metadata"),
    "continue_from": ("session_id",),
}
"""What goes with each kind of turn."""

_LONGEST_TITLE: Final = 80
_TIMES: Final = {"created_at": itemgetter("created_at"), "updated_at": itemgetter("updated_at")}
_PLACES: Final = {"sequence": itemgetter("sequence"), "created_at": itemgetter("created_at")}
"""What can be sorted by."""


def update(call: Call) -> bytes | Reply:
    """Say something, or decide; answer with the session, or with a stream if that is wanted."""
    if "text/event-stream" in call.headers.get("Accept", ""):
        return stream(call)
    if "continue_from" in call.body:
        # The words are ours: Notion's page says only that the field is for streams.
        raise failed("body.continue_from", "not present", call.body["continue_from"])
    conversation, _ = _turn(call)
    return msgspec.json.encode(conversation.brief())


def stream(call: Call) -> Reply:
    """Say something, decide, or go on; answer with what happens, event by event."""
    conversation, after = _turn(call)
    # Played at once: what happens does not depend on how fast somebody reads.
    said = list(conversation.stream(call.store.wall(), after))
    # Not sent, but what a fault may tell of: the session as it is without a stream.
    return Reply(msgspec.json.encode(conversation.brief()), events=_written(said))


def retrieve(call: Call) -> bytes:
    """Answer with how a session stands."""
    call.allow()
    conversation = _found(call)
    return msgspec.json.encode(conversation.full())


def query(call: Call) -> bytes:
    """Answer with the sessions that match."""
    call.allow(body=("query", "filter", "sorts", *PAGING))
    words = a_string(call.body.get("query", ""), "body.query").casefold()
    now = call.store.wall()
    test = matcher(OF_SESSIONS, call.body.get("filter"), now)
    sessions: list[Decoded] = []
    for conversation in call.store.part(Agents).conversations.values():
        conversation.settle(now)
        if words in conversation.title.casefold():
            sessions.append(conversation.full())
    found = sort([one for one in sessions if test(one)], call.body.get("sorts"), _TIMES)
    return _page(call, found, "session")


def query_events(call: Call) -> bytes:
    """Answer with what happened in a session."""
    call.allow(body=("filter", "sorts", *PAGING))
    conversation = _found(call)
    test = matcher(OF_EVENTS, call.body.get("filter"), call.store.wall())
    found = [event for event in conversation.listed() if test(event)]
    return _page(call, sort(found, call.body.get("sorts"), _PLACES), "session_event")


def cancel(call: Call) -> bytes:
    """Stop the turn that goes on; where none does, nothing changes."""
    call.allow(body=("event_id",))
    conversation = _found(call)
    is_meant = True
    if "event_id" in call.body:
        place = _place(conversation, call.body["event_id"], "body.event_id")
        is_meant = place > conversation.began
    if is_meant and (conversation.is_going or conversation.status == "requires_action"):
        conversation.cancel(call.store.wall())
    return msgspec.json.encode(conversation.brief())


# -------------------------------------------------------------------------------------- turns


def _turn(call: Call) -> tuple[Conversation, int]:
    """Do what is asked, and return the session and how many of its events are known."""
    body = call.body
    kind = next((name for name in _KINDS if name in body), "message")
    call.allow(body=(kind, *_WITH[kind]))
    if kind == "message":
        return _message(call)
    if "session_id" not in body:
        raise failed("body.session_id", "defined", UNSET)
    conversation = _named(call)
    if kind == "continue_from":
        return conversation, _place(conversation, body["continue_from"], "body.continue_from")
    return _decision(call, conversation)


def _message(call: Call) -> tuple[Conversation, int]:
    store, body = call.store, call.body
    words = a_string(body.get("message", UNSET), "body.message")
    message: Decoded = {"content": [*text(words), *_attachments(call)]}
    if "metadata" in body:
        message["metadata"] = _metadata(body["metadata"])
    a_string(body.get("prompt_context", ""), "body.prompt_context")
    agents = store.part(Agents)
    if "session_id" in body:
        conversation = _named(call)
        conversation.settle(store.wall())
        _check_ready(conversation)
    else:
        conversation = _new(call, words)
    agent = conversation.agent
    known = len(conversation.events)
    conversation.begin(message, agents.turn(agent, words), store.wall())
    agent["last_run_at"] = agent["last_run_time"] = timestamp(store.wall())
    return conversation, known


def _new(call: Call, words: str) -> Conversation:
    store = call.store
    agents = store.part(Agents)
    # Without a name, the personal agent is meant.
    identity = _agent_id(call.body.get("agent_id", PERSONAL))
    agent = agents.find_living(store, identity)
    _check_active(agent)
    first = words.strip().partition("\n")[0]
    conversation = Conversation(
        id=store.new_id(),
        agent=agent,
        title=first[:_LONGEST_TITLE],
        created_by={"id": store.bot.id, "type": "bot"},
        moment=store.wall(),
        new_id=store.new_id,
    )
    agents.conversations[conversation.id] = conversation
    return conversation


def _named(call: Call) -> Conversation:
    conversation = _conversation(call, a_uuid(call.body["session_id"], "body.session_id"))
    if "agent_id" in call.body:
        identity = _agent_id(call.body["agent_id"])
        if identity != conversation.agent["id"]:
            raise failed("body.agent_id", "the agent of the session", call.body["agent_id"])
    return conversation


def _check_active(agent: Decoded) -> None:
    if agent["status"] != "active":
        raise _refused(f"The agent is {agent['status']}.")


def _check_ready(conversation: Conversation) -> None:
    """Refuse a message to an agent that is not there to hear it."""
    _check_active(conversation.agent)
    if conversation.is_going:
        raise RefusalError(409, "conflict_error", "The session is in progress.")
    if conversation.status == "requires_action":
        raise _refused("The session waits for an action.")
    if conversation.status == "terminated":
        raise _refused("The session is terminated.")


def _decision(call: Call, conversation: Conversation) -> tuple[Conversation, int]:
    conversation.settle(call.store.wall())
    if "metadata" in call.body:
        _metadata(call.body["metadata"])
    asked = [action["action_id"] for action in conversation.required_actions]
    decided: list[str] = []
    for index, given in enumerate(an_array(call.body["actions"], "body.actions")):
        where = f"body.actions[{index}]"
        action = an_object(given, where)
        known_fields(action, where, ("action_id", "option_id"))
        one_of(action.get("option_id", UNSET), f"{where}.option_id", ("approve", "reject"))
        decided.append(a_string(action.get("action_id", UNSET), f"{where}.action_id"))
        if decided[-1] not in asked:
            raise failed(f"{where}.action_id", "an action that is asked for", decided[-1])
    conversation.required_actions = [
        action for action in conversation.required_actions if action["action_id"] not in decided
    ]
    known = len(conversation.events)
    if decided and not conversation.required_actions:
        conversation.decide(call.store.wall())
    return conversation, known


def _refused(message: str) -> RefusalError:
    # The words are ours: no exchange with Notion shows its own.
    return invalid(message)


# ----------------------------------------------------------------------------- parts of a turn


def _agent_id(given: object) -> str:
    named = id_of(a_string(given, "body.agent_id"))
    return a_uuid(named, "body.agent_id")


def _metadata(value: object) -> Decoded:
    given = an_object(value, "body.metadata")
    for name, one in given.items():
        a_string(one, f"body.metadata.{name}")
    return given


def _attachments(call: Call) -> Iterator[Decoded]:
    """Yield the files that go with a message."""
    given = an_array(call.body.get("attachments", []), "body.attachments")
    for index, one in enumerate(given):
        where = f"body.attachments[{index}]"
        part = an_object(one, where)
        known_fields(part, where, ("type", "file_upload", "name"))
        one_of(part.get("type", "file_upload"), f"{where}.type", ("file_upload",))
        a_string(part.get("name", ""), f"{where}.name")
        where = f"{where}.file_upload"
        upload = an_object(part.get("file_upload", UNSET), where)
        known_fields(upload, where, ("id",))
        file = uploaded(call.store, upload.get("id", UNSET), f"{where}.id")["file"]
        identity = a_uuid(upload["id"], f"{where}.id")
        data = call.store.find("file_upload", identity).decoded()
        yield {
            "type": "file",
            "file_id": identity,
            "name": part.get("name") or data["filename"] or "file",
            "content_type": data["content_type"] or "application/octet-stream",
            **file,
        }


def _found(call: Call) -> Conversation:
    """Return the session in the path, with everything played that is due."""
    conversation = _conversation(call, a_uuid(call.ids["session_id"], "path.session_id"))
    conversation.settle(call.store.wall())
    return conversation


def _conversation(call: Call, identity: str) -> Conversation:
    conversation = call.store.part(Agents).conversations.get(identity)
    if conversation is None:
        raise call.store.missing("session", identity)
    return conversation


def _place(conversation: Conversation, given: object, where: str) -> int:
    """Return the place of an event."""
    identity = a_string(given, where)
    for place, event in enumerate(conversation.events, 1):
        if event["id"] == identity:
            return place
    raise failed(where, "the id of an event of the session", identity)


def _page(call: Call, items: list[Decoded], kind: str) -> bytes:
    page, cursor = call.page_of(items, key=lambda item: str(item["id"]), scope=scope(call))
    return listing((msgspec.json.encode(item) for item in page), cursor, kind)


def _written(said: Iterable[Decoded]) -> Iterator[bytes]:
    for event in said:
        # The official client refuses events whose name is not their type.
        yield b"event: %s\ndata: %s\n\n" % (
            str(event["type"]).encode(),
            msgspec.json.encode(event),
        )
