"""Work that Notion does in its own time, and waiting for it.

Notion's page: https://developers.notion.com/reference/retrieve-async-task
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from notion_async import endpoints
from notion_async.errors import AsyncTaskError, ConfigurationError, DeadlineExceededError
from notion_async.models import AsyncTask
from notion_async.resources._resource import Resource
from notion_async.types import JSON

# Seconds between two questions where Notion does not say how many.
_PAUSE: Final = 5.0
_UNFINISHED: Final = ("queued", "running", "retrying")


class AsyncTasks(Resource):
    """Follow asynchronous tasks."""

    __slots__ = ()

    async def retrieve(self, task_id: str) -> AsyncTask:
        """Return a task as it is now.

        Raises:
            ObjectNotFoundError: There is no such task, or it is so long over that Notion has
                forgotten it.
        """
        return await self._send(
            endpoints.ASYNC_TASKS_RETRIEVE,
            AsyncTask.from_json,
            {"task_id": task_id},
            query={},
            body=None,
        )

    async def wait(self, task: AsyncTask | str, *, timeout: float | None = 600.0) -> AsyncTask:
        """Return a task once it has succeeded.

        Notion is asked as often as it allows, and never sooner.  `AsyncTask.result` holds what
        the call would have been answered with: `structure` makes an object of it.

        Args:
            task: What was answered instead of a result; or its id, then Notion is asked at once.
            timeout: Seconds to wait; None for no end.

        Raises:
            AsyncTaskError: It failed; `code` and `status` are those of the error that the call
                would have been answered with.
            DeadlineExceededError: It is not over within the time, or would not be asked for
                again.  It goes on at Notion: wait for its id again.
            ObjectNotFoundError: Notion has forgotten it, and how it ended with it.
        """
        if timeout is not None and not timeout >= 0:
            raise ConfigurationError(f"timeout is a number of seconds or None, not {timeout}")
        clock = self._send.clock
        end = math.inf if timeout is None else clock.now() + timeout
        if isinstance(task, str):
            task = await self.retrieve(task)
        while _is_unfinished(task):
            pause = _pause(task)
            if clock.now() + pause > end:
                raise DeadlineExceededError(
                    f"task {task.id} is still {task.status}, and not to be asked for again within "
                    f"the {timeout:g} s: it goes on, wait for its id again",
                    sent=True,
                )
            await clock.sleep(pause)
            task = await self.retrieve(task.id)
        if task.status != "succeeded":
            raise _failure(task)
        return task


def _is_unfinished(task: AsyncTask) -> bool:
    # A status that this version does not know is one of waiting if Notion says when to ask again.
    return task.status in _UNFINISHED or (
        task.status not in ("succeeded", "failed") and _asked(task) is not None
    )


def _asked(task: AsyncTask) -> float | None:
    seconds: object = task.poll_after_seconds
    if isinstance(seconds, (int, float)) and 0 <= seconds < math.inf:
        return float(seconds)
    return None


def _pause(task: AsyncTask) -> float:
    # Zero would be a loop without a pause.
    return _asked(task) or _PAUSE


def _failure(task: AsyncTask) -> AsyncTaskError:
    error = task.error
    if not error:
        return AsyncTaskError(f"task {task.id} ended as {task.status!r}", task_id=task.id)
    more: JSON = error.additional_data or None
    reason = error.message or "no reason given"
    return AsyncTaskError(
        f"task {task.id} failed: {error.code or task.status}: {reason}",
        task_id=task.id,
        code=error.code or "",
        status=error.status or None,
        additional_data=more if isinstance(more, Mapping) else None,
    )
