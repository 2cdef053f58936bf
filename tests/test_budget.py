"""Many calls, and a budget the client was not told: nothing fails, and pauses are kept."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Sequence

import attrs
import pytest

from notion_async import AsyncClient, Priority
from notion_async.testing import Emulator
from notion_async.testing.clock import ManualClock
from notion_async.transport.message import Request, Response
from tests.clients import client_of, virtual_client

BOT = {"object": "user", "id": "b55e83c5-68a0-4f45-8f53-0b6b8a0f0b6b", "type": "bot", "bot": {}}


@attrs.frozen
class Arrival:
    """One request, as the server saw it."""

    time: float
    pause: int | None
    """What it was answered with: `Retry-After`, or None for a success."""


class Windows:
    """A transport with a server behind it: fixed windows, and 429 for the rest."""

    def __init__(
        self, clock: ManualClock, budget: int, per: float, *, phase: float, latency: float
    ) -> None:
        self.clock = clock
        self.budget = budget
        self.per = per
        self.phase = phase
        self.latency = latency
        self.arrivals: list[Arrival] = []
        self._used: dict[int, int] = {}

    async def send(self, request: Request, *, timeout: float) -> Response:  # noqa: ARG002 - it is the same for all
        await self.clock.sleep(self.latency)
        pause = self._take()
        self.arrivals.append(Arrival(self.clock.now(), pause))
        await self.clock.sleep(self.latency)
        if pause is None:
            return Response(200, {}, json.dumps(BOT).encode())
        error = {"object": "error", "status": 429, "code": "rate_limited", "message": "slow"}
        return Response(429, {"retry-after": str(pause)}, json.dumps(error).encode())

    async def open(self, request: Request, *, timeout: float) -> Response:
        return await self.send(request, timeout=timeout)

    async def aclose(self) -> None:
        return None

    def _take(self) -> int | None:
        passed = self.clock.now() + self.phase
        window = math.floor(passed / self.per)
        used = self._used.get(window, 0)
        if used < self.budget:
            self._used[window] = used + 1
            return None
        return max(1, math.ceil((window + 1) * self.per - passed))


def intrusions(arrivals: Sequence[Arrival]) -> list[int]:
    """Count for each pause the requests that arrived in it, after the one that began it."""
    counts: list[int] = []
    end = -math.inf
    for arrival in arrivals:
        if arrival.time < end:
            counts[-1] += 1
        elif arrival.pause is not None:
            counts.append(0)
        if arrival.pause is not None:
            end = max(end, arrival.time + arrival.pause)
    return counts


async def many(notion: AsyncClient, calls: int) -> list[object]:
    return await asyncio.gather(*(notion.users.me() for _ in range(calls)), return_exceptions=True)


@pytest.mark.parametrize("phase", [0.0, 1.3, 4.9])
@pytest.mark.parametrize("latency", [0.001, 0.02, 0.3])
async def test_a_budget_the_client_was_not_told_fails_no_call(
    monkeypatch: pytest.MonkeyPatch, phase: float, latency: float
) -> None:
    clock = ManualClock()
    server = Windows(clock, 15, 5.0, phase=phase, latency=latency)
    notion = virtual_client(monkeypatch, clock, server)

    task = asyncio.ensure_future(many(notion, 120))
    await clock.run(until=task)

    assert {type(answer).__name__ for answer in await task} == {"User"}
    assert sum(arrival.pause is None for arrival in server.arrivals) == 120
    assert max(intrusions(server.arrivals)) <= 8
    assert len(server.arrivals) <= 120 + 8 * 8
    assert 35 - phase <= clock.now() <= 50


async def test_over_sockets_a_budget_the_client_was_not_told_fails_no_call() -> None:
    async with Emulator(budget=15, per=1.0) as emulator, client_of(emulator) as notion:
        answers = await many(notion, 40)

    arrivals = [Arrival(entry.time, 1 if entry.status == 429 else None) for entry in emulator.log]
    assert {type(answer).__name__ for answer in answers} == {"User"}
    assert emulator.requests - emulator.answers_429 == 40
    assert emulator.answers_429 > 0
    assert max(intrusions(arrivals)) <= 8


async def test_the_budget_notion_gives_is_used_in_one_burst(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = ManualClock()
    server = Windows(clock, 180, 60.0, phase=17.0, latency=0.05)
    notion = virtual_client(monkeypatch, clock, server)

    task = asyncio.ensure_future(many(notion, 400))
    await clock.run(until=task)

    assert {type(answer).__name__ for answer in await task} == {"User"}
    assert [arrival for arrival in server.arrivals if arrival.pause is not None] == []
    assert sum(arrival.time < 3 for arrival in server.arrivals) == 180
    assert clock.now() < 130


async def test_what_a_user_waits_for_goes_before_what_runs_in_bulk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = ManualClock()
    server = Windows(clock, 180, 60.0, phase=0.0, latency=0.05)
    notion = virtual_client(monkeypatch, clock, server)
    ended: list[str] = []

    async def call(client: AsyncClient, name: str) -> None:
        await client.users.me()
        ended.append(name)

    bulk = notion.with_options(priority=Priority.BULK)
    task = asyncio.gather(
        *(call(bulk, "bulk") for _ in range(20)), *(call(notion, "urgent") for _ in range(4))
    )
    await clock.run(until=task)

    assert ended[8:12] == ["urgent"] * 4
