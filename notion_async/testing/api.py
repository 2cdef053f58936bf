"""From a request in bytes to an answer in bytes: the doors, in order, then the handler."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from email.utils import format_datetime
from typing import Final, TypeAlias
from weakref import WeakKeyDictionary

import attrs
import msgspec

from notion_async import endpoints
from notion_async.endpoints import Endpoint, Replay
from notion_async.testing import meetings, templates
from notion_async.testing.authorizations import OAuthRefusalError, PublicConnection
from notion_async.testing.call import Call, Reply
from notion_async.testing.capabilities import ALL
from notion_async.testing.checks import (
    Decoded,
    RefusalError,
    a_uuid,
    an_object,
    invalid,
)
from notion_async.testing.commits import Commit
from notion_async.testing.connections import Connection
from notion_async.testing.faults import (
    AdditionalData,
    Fault,
    FaultChoice,
    FaultRequest,
    guidance,
)
from notion_async.testing.files import signed
from notion_async.testing.handlers import HANDLERS
from notion_async.testing.limits import Budget
from notion_async.testing.portal import Portal
from notion_async.testing.records import CURRENT, PREVIOUS
from notion_async.testing.results import Results
from notion_async.testing.store import Store
from notion_async.testing.uploads import Uploads
from notion_async.transport.clock import Clock, SystemClock

LARGEST: Final = 500_000
"""Bytes that the body of a request may have."""

# Ids of these are words, or encoded as Notion gave them out.
_VERBATIM: Final = ("property_id", "task_id", "agent_id", "session_id")
# Asked by connections that have no token yet: these prove who they are by a secret.
_OF_CLIENTS: Final = ("oauth.token", "oauth.introspect", "oauth.revoke")


@attrs.define
class Answer:
    """What goes back."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    endpoint: str
    """The name of the endpoint, or the path where there is none."""
    events: Iterable[bytes] | None = None
    """Sent piece by piece, in place of the body."""
    fault: Fault | None = None
    """What goes wrong with it on its way."""
    connection: str = ""
    """The name of who asked; empty where nobody knows."""


@attrs.frozen
class Visit:
    """A request for something beside the API: a file, a page for people."""

    method: str
    path: str
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes = attrs.field(repr=False)


_Sender: TypeAlias = Connection | PublicConnection | None

Site: TypeAlias = Callable[[Visit], Answer]
"""Answers what is asked for beside the API."""


_PUT_OFF: Final = (templates.settle, meetings.settle)
"""What happens by itself as time passes, as far as it is due when a request comes."""


@attrs.define
class Api:
    """The emulated API, without a network."""

    store: Store
    token: str
    budget: Budget
    fault: FaultChoice | None = None
    base_url: str = ""
    results: Results = attrs.Factory(Results)
    commits: list[Commit] = attrs.Factory(list)
    sites: dict[str, Site] = attrs.Factory(dict)
    """By what a path begins with.  They have doors of their own, and no budget."""
    clock: Clock = attrs.Factory(SystemClock)
    """What an answer that is late waits by."""
    guard: threading.RLock = attrs.Factory(threading.RLock)
    """Held while the state is read or changed: it may be served from another thread."""
    portal: Portal = attrs.field(
        init=False,
        default=attrs.Factory(
            lambda self: Portal(self.store, self.token, self.budget, lambda: self.base_url),
            takes_self=True,
        ),
    )
    _asked: int = 0
    _results_of: WeakKeyDictionary[Connection, Results] = attrs.Factory(WeakKeyDictionary)

    @property
    def date(self) -> str:
        """The time of day, as a header tells it."""
        return format_datetime(self.store.wall().astimezone(UTC), usegmt=True)

    def answer(
        self,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]],
        headers: Mapping[str, str],
        body: bytes,
    ) -> Answer:
        """Answer one request.

        Args:
            method: The verb.
            path: As it came, still percent-encoded.
            query: Names and values, decoded.
            headers: By name, in any case.
            body: As it came.
        """
        with self.guard:
            return self._dispatched(Visit(method, path, query, headers, body))

    def _dispatched(self, visit: Visit) -> Answer:
        method, path, headers = visit.method, visit.path, visit.headers
        for root, site in self.sites.items():
            if path.startswith(root):
                return site(visit)
        endpoint = endpoints.match(method, path)
        authorization = headers.get("Authorization")
        who: _Sender
        if endpoint is not None and endpoint.name in _OF_CLIENTS:
            who = self.portal.client(authorization)
        else:
            who = self.portal.sender(authorization)
        answer = self._answered(visit, endpoint, who)
        if who is not None:
            answer.connection = who.name
        return answer

    def expire_cursors(self) -> None:
        """Let no cursor that was given out be accepted any more."""
        for results in (self.results, *self._results_of.values()):
            results.expired += 1

    def _answered(self, visit: Visit, endpoint: Endpoint | None, who: _Sender) -> Answer:
        name = visit.path if endpoint is None else endpoint.name
        request_id = self.store.new_id()
        fault = None
        if self.fault is not None:
            fault = self.fault(
                FaultRequest(
                    self._asked, visit.method, visit.path, name, visit.body, dict(visit.query)
                )
            )
        self._asked += 1
        if fault is not None and not fault.done:
            return _struck(fault, fault.additional_data, request_id, name)
        try:
            call = self._admitted(visit, endpoint, who)
            reply = self._carried_out(call, request_id)
        except RefusalError as refusal:
            return _error(refusal, request_id, name)
        if fault is not None and not fault.is_proper:
            told = guidance(call.endpoint, call.target, reply.body) if fault.guided else {}
            return _struck(fault, {**told, **fault.additional_data}, request_id, name)
        if reply.events is not None:
            headers = {**_headers(request_id), "Content-Type": "text/event-stream"}
            return Answer(reply.status, b"", headers, name, reply.events, fault)
        shown = signed(self.store, self.base_url, reply.body)
        if not reply.bare:
            comma = "" if shown == b"{}" else ","
            shown = shown[:-1] + f'{comma}"request_id":"{request_id}"}}'.encode()
        return Answer(reply.status, shown, _headers(request_id), name, fault=fault)

    def _admitted(self, visit: Visit, endpoint: Endpoint | None, who: _Sender) -> Call:
        """Let a request through the doors."""
        connection = who if isinstance(who, Connection) else None
        if connection is not None:
            connection.budget.take()
        elif who is None:
            raise _unknown(endpoint)
        if endpoint is None:
            raise RefusalError(400, "invalid_request_url", "Invalid request URL.")
        version = _version(visit.headers.get("Notion-Version"))
        if connection is not None:
            connection.capabilities.check(endpoint.name)
        parameters: dict[str, list[str]] = {}
        for name, value in visit.query:
            parameters.setdefault(name, []).append(value)
        return Call(
            store=self.store,
            results=self._results(connection),
            endpoint=endpoint,
            ids=_ids(endpoint, visit.path),
            query=parameters,
            body=_body(endpoint, visit.headers, visit.body),
            version=version,
            base_url=self.base_url,
            headers=visit.headers,
            raw=visit.body,
            connection=connection,
            client=who if isinstance(who, PublicConnection) else None,
        )

    def _results(self, connection: Connection | None) -> Results:
        """Return where results are kept: what one finds depends on what it sees, and who it is."""
        if connection is None or connection.bot is None:
            return self.results
        found = self._results_of.get(connection)
        if found is None:
            found = self._results_of[connection] = Results()
            found.expired = self.results.expired
        return found

    def _carried_out(self, call: Call, request_id: str) -> Reply:
        """Do what was asked for; a write that is not refused is entered in the log."""
        name = call.endpoint.name
        handler = HANDLERS[name]
        for settle in _PUT_OFF:
            settle(self.store)
        self.store.caller = call.connection
        uploads = self.store.part(Uploads)
        uploads.used.clear()
        try:
            if call.endpoint.replay is Replay.READ:
                return self._reply(call, handler(call))
            self.store.begin()
            try:
                answer = handler(call)
                uploads.attach(self.store)
            finally:
                made, changed = self.store.end()
        finally:
            self.store.caller = None
        who = call.client or call.connection
        self.commits.append(
            Commit(
                len(self.commits), name, call.target, made, changed, request_id, call.raw,
                "" if who is None else who.name,
            )
        )  # fmt: skip
        return self._reply(call, answer)

    def _reply(self, call: Call, answer: bytes | Reply) -> Reply:
        """Return what the caller may see of an answer."""
        reply = answer if isinstance(answer, Reply) else Reply(answer)
        connection = call.connection
        if reply.events is not None:
            return attrs.evolve(reply, events=self._told(connection, reply.events))
        if connection is None or connection.capabilities is ALL:
            return reply
        bot_id = connection.bot_id
        body = connection.capabilities.shown(call.endpoint.name, reply.body, bot_id)
        return attrs.evolve(reply, body=body)

    def _told(self, connection: Connection | None, events: Iterable[bytes]) -> Iterator[bytes]:
        """Let what happens while a stream is sent happen for who asked for it."""
        left = iter(events)
        while True:
            with self.store.acting_for(connection):
                event = next(left, None)
            if event is None:
                return
            yield event


def _unknown(endpoint: Endpoint | None) -> RefusalError:
    if endpoint is not None and endpoint.name in _OF_CLIENTS:
        # The words are ours: no exchange with Notion shows its own.
        return OAuthRefusalError(401, "invalid_client", "Client id or secret is wrong.")
    return RefusalError(401, "unauthorized", "API token is invalid.")


def _version(given: str | None) -> str:
    # (3P) The words of both messages are from memory of the live API, not from a recording.
    where = "Notion-Version header failed validation: Notion-Version header should be"
    if given is None:
        raise RefusalError(400, "missing_version", f"{where} defined, instead was `undefined`.")
    if given not in (CURRENT, PREVIOUS):
        known = f'`"{PREVIOUS}"` or `"{CURRENT}"`'
        raise invalid(f'{where} {known}, instead was `"{given}"`.')
    return given


def _ids(endpoint: Endpoint, path: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for template, segment in zip(endpoint.path.split("/"), path.split("/"), strict=True):
        if template.startswith("{"):
            name = template[1:-1]
            found[name] = segment if name in _VERBATIM else a_uuid(segment, f"path.{name}")
    return found


def _body(endpoint: Endpoint, headers: Mapping[str, str], body: bytes) -> Decoded:
    is_form = headers.get("Content-Type", "").startswith("multipart/form-data")
    if endpoint.method in ("GET", "DELETE") or not body or is_form:
        return {}
    if len(body) > LARGEST:
        raise invalid(f"body failed validation: body should be at most {LARGEST} bytes long.")
    try:
        data = msgspec.json.decode(body)
    except msgspec.DecodeError:
        raise RefusalError(400, "invalid_json", "Error parsing JSON body.") from None
    return an_object(data, "body")


def _struck(
    fault: Fault, additional_data: AdditionalData, request_id: str, endpoint: str
) -> Answer:
    headers = {**_headers(request_id), **fault.headers}
    if fault.body is not None:
        return Answer(fault.status, fault.body, headers, endpoint, fault=fault)
    refusal = RefusalError(
        fault.status, fault.code, fault.message, additional_data=additional_data or None
    )
    answer = _error(refusal, request_id, endpoint)
    return attrs.evolve(answer, headers=headers, fault=fault)


def _error(refusal: RefusalError, request_id: str, endpoint: str) -> Answer:
    if isinstance(refusal, OAuthRefusalError):
        told = {"error": refusal.code, "error_description": refusal.message}
        body = msgspec.json.encode({**told, "request_id": request_id})
        return Answer(refusal.status, body, _headers(request_id), endpoint)
    data: Decoded = {
        "object": "error",
        "status": refusal.status,
        "code": refusal.code,
        "message": refusal.message,
    }
    if refusal.additional_data is not None:
        data["additional_data"] = refusal.additional_data
    data["request_id"] = request_id
    headers = _headers(request_id)
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    return Answer(refusal.status, msgspec.json.encode(data), headers, endpoint)


def _headers(request_id: str) -> dict[str, str]:
    return {
        "Content-Type": "application/json; charset=utf-8",
        "x-notion-request-id": request_id,
    }
