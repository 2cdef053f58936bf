"""Asynchronous tasks: work whose outcome is told late.

The work itself is done at once, in the request that asks for it: the log has its writes there.  A
task tells of it after it has been asked as often as `Tasks.before` says, and is forgotten a day
after it was made.

Notion: https://developers.notion.com/reference/retrieve-async-task
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import attrs

from notion_async.testing.checks import Decoded, RefusalError
from notion_async.testing.records import timestamp
from notion_async.testing.store import Store

_KEPT: Final = timedelta(days=1)
"""Assumed: how long Notion remembers a task is not published."""


@attrs.define
class Task:
    """One task.

    Attributes:
        id: Its id.
        name: The operation, as ``PATCH /v1/pages/:page_id/markdown``.
        made: When it was asked for.
        end: What it tells in the end: `status`, and `result` or `error`.
        before: What it still says before that, one after the other.
    """

    id: str
    name: str
    made: datetime
    end: Decoded
    before: list[str]

    def tell(self, base_url: str, pause: float) -> Decoded:
        """Return the task as it is now.

        Args:
            base_url: Where its status is asked for.
            pause: Seconds after which to ask again, while it is not over.
        """
        unfinished = {"status": self.before[0], "poll_after_seconds": pause} if self.before else {}
        return {
            "object": "async_task",
            "id": self.id,
            **(unfinished or self.end),
            "status_url": f"{base_url}/v1/async_tasks/{self.id}",
            "created_time": timestamp(self.made),
            "operation": {"surface": "rest", "name": self.name},
        }


class Tasks:
    """The tasks there are.

    Attributes:
        before: What a new task says before it is over: the first is the answer to the request
            that made it, each further one to one question.
        pause: Seconds after which it wants to be asked again.
    """

    def __init__(self) -> None:
        self.before: tuple[str, ...] = ("queued",)
        self.pause: float = 2
        self._known: dict[str, Task] = {}

    def keep(self, task: Task) -> None:
        """Know one more."""
        self._known[task.id] = task

    def find(self, identity: str, now: datetime) -> Task | None:
        """Return the task of this id, None where it is not known or no longer."""
        task = self._known.get(identity)
        return task if task is not None and now < task.made + _KEPT else None


def begin(store: Store, name: str, work: Callable[[], Decoded]) -> Task:
    """Return a new task.

    Args:
        store: Where it is kept.
        name: The operation, as ``PATCH /v1/pages/:page_id/markdown``.
        work: Does what was asked for, and returns the result; a refusal is the task's error.
    """
    tasks = store.part(Tasks)
    end: Decoded
    try:
        end = {"status": "succeeded", "result": work()}
    except RefusalError as refusal:
        error: Decoded = {
            "object": "error",
            "status": refusal.status,
            "code": refusal.code,
            "message": refusal.message,
        }
        if refusal.additional_data is not None:
            error["additional_data"] = dict(refusal.additional_data)
        end = {"status": "failed", "error": error}
    identity = f"task_{store.new_id().replace('-', '')}"
    task = Task(identity, name, store.wall(), end, list(tasks.before))
    tasks.keep(task)
    return task


def shown(store: Store, task: Task, base_url: str) -> Decoded:
    """Return a task as it is told now, which is one step nearer to its end for the next time."""
    told = task.tell(base_url, store.part(Tasks).pause)
    del task.before[:1]
    return told
