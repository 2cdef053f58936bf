"""One history: a client, an emulator, and much that goes wrong between them.

Alone, with everything it did::

    python -m tests.history.run 17
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from unittest import mock

import attrs

from notion_async import AsyncClient
from notion_async import client as client_module
from notion_async.testing import Emulator
from tests.faults.server import FaultServer, Struck, answering
from tests.history.checker import COMMENTS_ON, PARENT, TEXT, TRASHED, History, check
from tests.history.nemesis import Nemesis
from tests.history.workload import EVERYTHING, Choice, Workload
from tests.testing import emulated
from tests.testing.emulated import uid

TASKS: Final = 4
EACH: Final = 10

PAGES: Final = ("Home", "Folder")
ROWS: Final = "Table"
TIMEOUT: Final = 0.15

_LISTS: Final = {
    "page": lambda parent: parent.get("data_source_id") or parent["page_id"],
    "block": lambda parent: parent.get("page_id") or parent["block_id"],
    "comment": lambda parent: COMMENTS_ON + (parent.get("page_id") or parent["block_id"]),
}


class HastyClock:
    """Time for a client that passes a hundred times as fast: it waits so much shorter."""

    FACTOR: Final = 100.0

    def now(self) -> float:
        return time.monotonic() * self.FACTOR

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.FACTOR)


@attrs.frozen
class Result:
    """What came of a seed."""

    seed: int
    history: History
    struck: Sequence[Struck]

    def violations(self) -> list[str]:
        """Return what cannot be."""
        return check(self.history)

    def __str__(self) -> str:
        lines = [
            f"seed {self.seed}; alone: python -m tests.history.run {self.seed}",
            "",
            "operations, with the commits before and after them:",
            *map(str, self.history.operations),
            "",
            "commits:",
            *map(str, self.history.commits),
            "",
            "requests that were struck:",
            *(_shown(struck) for struck in self.struck if struck.fault),
        ]
        return "\n".join([*lines, "", "violations:", *self.violations()])


def _shown(struck: Struck) -> str:
    request = struck.request
    what = "a connection" if request is None else f"{request.method} {request.target}"
    return f"{what}: {struck.fault}{', carried out' if struck.committed else ''}"


def workspace(nemesis: Nemesis) -> Emulator:
    """Return an emulator with some pages, and a table."""
    emulator = Emulator(budget=None, fault=nemesis.inside)
    emulator.load(
        [
            *map(emulated.page, PAGES),
            emulated.database("Tasks", sources=(ROWS,)),
            emulated.data_source(ROWS, "Tasks"),
        ]
    )
    return emulator


def hasty_client(token: str, base_url: str, timeout: float) -> AsyncClient:
    """Return a client that waits as it always does, but for its haste.

    It has no deadline: in its time, the machine would be too slow for any.
    """
    with mock.patch.object(client_module, "SystemClock", HastyClock):
        return AsyncClient(token, base_url=base_url, limiter=None, timeout=timeout, deadline=None)


async def run(
    seed: int,
    *,
    rate: float = 0.2,
    cancelled: float = 0.04,
    timeout: float = TIMEOUT,
    tasks: int = TASKS,
    each: int = EACH,
    odds: Mapping[Choice, int] = EVERYTHING,
) -> Result:
    """Let tasks work under faults, and return both sides of what happened.

    Args:
        seed: What is done, and what goes wrong.
        rate: How many of the requests go wrong.
        cancelled: How many of the operations are cancelled before their end.
        timeout: Real seconds for one attempt, as those of the socket are.
        tasks: How many work at the same time.
        each: How many operations each of them does.
        odds: Which operations.
    """
    random.seed(seed)  # the client's waiting
    nemesis = Nemesis(seed, rate)
    emulator = workspace(nemesis)
    server = FaultServer(answering(emulator), nemesis.at_socket)
    async with server, hasty_client(emulator.token, server.base_url, timeout) as client:
        workload = Workload(
            client,
            seed,
            emulator.commits,
            pages=[uid(name) for name in PAGES],
            rows=uid(ROWS),
            cancelled=cancelled,
        )
        await workload.run(tasks, each, odds)
    # The server is closed: what has not been carried out by now never is.
    nemesis.over = True
    state = dict(_state(emulator))
    history = History(workload.operations, list(emulator.commits), state)
    return Result(seed, history, server.log)


def _state(emulator: Emulator) -> Iterator[tuple[str, Mapping[str, object]]]:
    for commit in emulator.commits:
        for identity in commit.made:
            kind = {"pages.create": "page", "comments.create": "comment"}.get(
                commit.endpoint, "block"
            )
            found = _ask(emulator, f"/v1/{kind}s/{identity}")
            if found is not None:
                yield (
                    identity,
                    {
                        TEXT: _text(found).split(" ")[0],
                        TRASHED: found.get("in_trash", False),
                        PARENT: _LISTS[kind](found["parent"]),
                    },
                )


def _text(found: Mapping[str, Any]) -> str:
    if found["object"] == "page":
        (title,) = (one for one in found["properties"].values() if one["type"] == "title")
        runs = title["title"]
    else:
        runs = (found if found["object"] == "comment" else found[found["type"]])["rich_text"]
    return "".join(run["plain_text"] for run in runs)


def _ask(emulator: Emulator, path: str) -> dict[str, Any] | None:
    headers = {"Authorization": f"Bearer {emulator.token}", "Notion-Version": "2026-03-11"}
    answer = emulator._api.answer("GET", path, [], headers, b"")
    found: dict[str, Any] = json.loads(answer.body)
    return found if answer.status == 200 else None


if __name__ == "__main__":
    for each in sys.argv[1:]:
        print(asyncio.run(run(int(each))))  # noqa: T201 - this is what it is for
