"""Answers that go wrong on command, as Notion's do now and then.

Only whole answers: connections that break, or bodies that never end, are not made here.

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
    """

    number: int
    method: str
    path: str
    endpoint: str
    body: bytes = attrs.field(repr=False)


@attrs.frozen
class Fault:
    """What a request is answered with, in place of what it asked for.

    Attributes:
        status: The HTTP status.
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
    """

    status: int
    code: str = ""
    message: str = "Something went wrong."
    additional_data: AdditionalData = attrs.field(factory=dict)
    headers: Mapping[str, str] = attrs.field(factory=dict)
    body: bytes | None = None
    done: bool = False
    guided: bool = False


FaultChoice: TypeAlias = Callable[[FaultRequest], Fault | None]
"""Decides what happens to a request; None lets it be answered."""

SAVED_BUT_LATE: Final = Fault(
    503, "service_unavailable", "The request took too long.", done=True, guided=True
)
"""The write was saved, and the answer says so: time ran out before it was whole."""


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
