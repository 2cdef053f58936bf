"""From a request in bytes to an answer in bytes: the doors, in order, then the handler."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from email.utils import format_datetime
from typing import Final

import attrs
import msgspec

from notion_async import endpoints
from notion_async.endpoints import Endpoint, Replay
from notion_async.testing.call import Call
from notion_async.testing.checks import (
    Decoded,
    RefusalError,
    a_uuid,
    an_object,
    invalid,
    not_offered,
)
from notion_async.testing.commits import Commit
from notion_async.testing.faults import (
    AdditionalData,
    Fault,
    FaultChoice,
    FaultRequest,
    guidance,
)
from notion_async.testing.handlers import HANDLERS
from notion_async.testing.limits import Budget
from notion_async.testing.records import CURRENT, PREVIOUS
from notion_async.testing.results import Results
from notion_async.testing.store import Store

LARGEST: Final = 500_000
"""Bytes that the body of a request may have."""

# Ids of these are words, or encoded as Notion gave them out.
_VERBATIM: Final = ("property_id",)


@attrs.frozen
class Answer:
    """What goes back."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    endpoint: str
    """The name of the endpoint, or the path where there is none."""


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
    _asked: int = 0

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
        endpoint = endpoints.match(method, path)
        name = path if endpoint is None else endpoint.name
        request_id = self.store.new_id()
        fault = None
        if self.fault is not None:
            fault = self.fault(FaultRequest(self._asked, method, path, name, body))
        self._asked += 1
        if fault is not None and not fault.done:
            return _struck(fault, fault.additional_data, request_id, name)
        try:
            call = self._admitted(endpoint, path, query, headers, body)
            found = self._carried_out(call, body, request_id)
        except RefusalError as refusal:
            return _error(refusal, request_id, name)
        if fault is not None:
            told = guidance(call.endpoint, call.target, found) if fault.guided else {}
            return _struck(fault, {**told, **fault.additional_data}, request_id, name)
        tail = f',"request_id":"{request_id}"}}'.encode()
        return Answer(200, found[:-1] + tail, _headers(request_id), name)

    def _admitted(
        self,
        endpoint: Endpoint | None,
        path: str,
        query: Sequence[tuple[str, str]],
        headers: Mapping[str, str],
        body: bytes,
    ) -> Call:
        """Let a request through the doors."""
        if headers.get("Authorization") != f"Bearer {self.token}":
            raise RefusalError(401, "unauthorized", "API token is invalid.")
        self.budget.take()
        if endpoint is None:
            raise RefusalError(400, "invalid_request_url", "Invalid request URL.")
        version = _version(headers.get("Notion-Version"))
        if endpoint.name not in HANDLERS:
            message = not_offered(endpoint.name).message
            raise RefusalError(400, "invalid_request_url", f"Invalid request URL. {message}")
        parameters: dict[str, list[str]] = {}
        for name, value in query:
            parameters.setdefault(name, []).append(value)
        return Call(
            store=self.store,
            results=self.results,
            endpoint=endpoint,
            ids=_ids(endpoint, path),
            query=parameters,
            body=_body(endpoint, body),
            version=version,
            base_url=self.base_url,
        )

    def _carried_out(self, call: Call, body: bytes, request_id: str) -> bytes:
        """Do what was asked for; a write that is not refused is entered in the log."""
        name = call.endpoint.name
        handler = HANDLERS[name]
        if call.endpoint.replay is Replay.READ:
            return handler(call)
        self.store.begin()
        try:
            answer = handler(call)
        finally:
            made, changed = self.store.end()
        number = len(self.commits)
        self.commits.append(Commit(number, name, call.target, made, changed, request_id, body))
        return answer


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


def _body(endpoint: Endpoint, body: bytes) -> Decoded:
    if endpoint.method in ("GET", "DELETE") or not body:
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
        return Answer(fault.status, fault.body, headers, endpoint)
    refusal = RefusalError(
        fault.status, fault.code, fault.message, additional_data=additional_data or None
    )
    answer = _error(refusal, request_id, endpoint)
    return attrs.evolve(answer, headers=headers)


def _error(refusal: RefusalError, request_id: str, endpoint: str) -> Answer:
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
