"""Answers that go wrong on command, as Notion's do now and then.

Notion: https://developers.notion.com/reference/request-limits
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import attrs
import msgspec

from notion_async.endpoints import BLOCKS_APPEND_CHILDREN, DATABASES_CREATE, PAGES_CREATE, Endpoint

AdditionalData: TypeAlias = Mapping[str, str | Sequence[str]]
"""What an error says beside its message; Notion knows strings and lists of strings."""

_DEADLINE: Final = "55000"
_GUIDANCE: Final = "The change may have been saved."


@attrs.frozen
class FaultRequest:
    """A request about which it is decided whether its answer goes wrong.

    Attributes:
        number: Which one it is of this emulator, from 0.
        method: The verb.
        path: As it came.
        endpoint: The endpoint's name, as ``pages.create``; the path where there is none.
        body: What was sent.
        query: What followed the path, by name.
    """

    number: int
    method: str
    path: str
    endpoint: str
    body: bytes = attrs.field(repr=False)
    query: Mapping[str, str] = attrs.field(factory=dict)

    def field(self, name: str) -> object:
        """Return a parameter, from the query or the body; None where it is not given."""
        if name in self.query:
            return self.query[name]
        try:
            data = msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            return None
        return data.get(name) if isinstance(data, dict) else None


@attrs.frozen
class Fault:
    """What a request is answered with, in place of what it asked for.

    Attributes:
        status: The HTTP status; 0 where there is no answer.
        code: Notion's code, as ``service_unavailable``.
        message: In words.
        additional_data: What the error says beside that.
        headers: As ``Retry-After``.
        body: The whole body, in place of an error object; with ``Content-Type`` in `headers`
            where it is not JSON.
        done: Whether the request is carried out first, and only its answer lost.  What is
            refused then is answered with the refusal.
        guided: Whether the error tells what was saved, as Notion's does when time runs out: the
            ids of what was created or appended, and that one should read.  Only with `done`.
        delay: Seconds before the answer begins, by the emulator's clock.
        cut: Send only so many bytes of the body, and close the connection.  With status 200, no
            body and `done` it is the proper answer that is delayed or cut.
        reset: Whether the connection is broken off, with no answer at all.
    """

    status: int
    code: str = ""
    message: str = "Something went wrong."
    additional_data: AdditionalData = attrs.field(factory=dict)
    headers: Mapping[str, str] = attrs.field(factory=dict)
    body: bytes | None = None
    done: bool = False
    guided: bool = False
    delay: float = 0.0
    cut: int | None = None
    reset: bool = False

    @property
    def is_proper(self) -> bool:
        """Whether the answer itself is the proper one."""
        return self.status == 200 and self.body is None


FaultChoice: TypeAlias = Callable[[FaultRequest], Fault | None]
"""Decides what happens to a request; None lets it be answered."""

OVERLOADED: Final = Fault(529, "service_overload", "Notion is overloaded. Please try again.")
"""Everybody's requests are too many."""

TIMED_OUT: Final = Fault(504, "gateway_timeout", "The request timed out.")
"""It took too long; whether it was done, nobody says."""

BROKEN_OFF: Final = Fault(0, reset=True)
"""The connection breaks before the request is carried out."""

SAVED_AND_BROKEN_OFF: Final = Fault(0, reset=True, done=True)
"""The request is carried out, and its answer lost with the connection."""

EDGE_HTML: Final = Fault(
    502,
    headers={"Content-Type": "text/html", "cf-ray": "8f0000000000test-FRA"},
    body=b"<html><head><title>502 Bad Gateway</title></head><body></body></html>",
)
"""The request never reached the API: what stands before it answers for people."""

SAVED_BUT_LATE: Final = Fault(
    503, "service_unavailable", "The request took too long.", done=True, guided=True
)
"""The write was saved, and the answer says so: time ran out before it was whole."""


def rate_limited(retry_after: int = 1, reason: str = "public_api_request_rate_limit") -> Fault:
    """Return a refusal for too many requests.

    Args:
        retry_after: Seconds to wait.
        reason: Whose they are, as ``public_api_space_request_rate_limit`` for the workspace's.
    """
    return Fault(
        429,
        "rate_limited",
        "You have been rate limited. Please try again in a few minutes.",
        additional_data={"rate_limit_reason": reason, "retry_after": str(retry_after)},
        headers={"Retry-After": str(retry_after)},
    )


def guidance(endpoint: Endpoint, target: str, answer: bytes) -> AdditionalData:
    """Return what Notion says of a write that was saved too late.

    Args:
        endpoint: What was asked for.
        target: The id in the path.
        answer: What it would have been answered with.
    """
    data: dict[str, str | Sequence[str]] = {"deadline_ms": _DEADLINE}
    found: dict[str, Any] = msgspec.json.decode(answer)
    if endpoint in (PAGES_CREATE, DATABASES_CREATE):
        data["committed_resource_id"] = found["id"]
    elif endpoint is BLOCKS_APPEND_CHILDREN:
        data["committed_resource_id"] = target
        data["committed_child_ids"] = [child["id"] for child in found["results"]]
    data["retry_guidance"] = [_GUIDANCE, "Read it, and do not repeat the request."]
    return data
