"""Asynchronous tasks: how far they are.

Notion: https://developers.notion.com/reference/retrieve-async-task
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import msgspec

from notion_async.testing.call import Call, Reply
from notion_async.testing.checks import Decoded
from notion_async.testing.tasks import Tasks, begin, shown

_PARAMETER: Final = re.compile(r"\{(\w+)\}")


def retrieve(call: Call) -> bytes:
    """Answer with a task: what it has come to, or that it is not over."""
    call.allow()
    identity = call.ids["task_id"]
    task = call.store.part(Tasks).find(identity, call.store.wall())
    if task is None:
        # The words are those of other objects: no exchange with Notion shows its own.
        raise call.store.missing("async_task", identity)
    return msgspec.json.encode(shown(call.store, task, call.base_url))


def accepted(call: Call, work: Callable[[], Decoded]) -> Reply:
    """Return what is answered in place of a result: a new task, with status 202.

    Args:
        call: The request.
        work: Does what it asks for, and returns the result; a refusal is the task's error.
    """
    path = _PARAMETER.sub(r":\1", call.endpoint.path)
    task = begin(call.store, f"{call.endpoint.method} {path}", work)
    return Reply(msgspec.json.encode(shown(call.store, task, call.base_url)), status=202)
