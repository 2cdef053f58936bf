"""The catalogue, B15: ten minutes in which Notion does not answer."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path

import pytest

from notion_async import CircuitOpenError, ConnectionLostError
from notion_async.export import export_workspace
from notion_async.models import Page
from notion_async.testing import Emulator
from notion_async.testing.clock import ManualClock
from notion_async.transport.message import Request, Response, Stream
from notion_async.transport.retry import RetryPolicy
from tests.clients import TOKEN, virtual_client
from tests.export.exported import contents
from tests.faults.facing import OBJECTS, outcome, read
from tests.faults.server import Arrived, answering
from tests.faults.wire import Headers
from tests.testing.emulated import block, page, under


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


class Outage:
    """A way to the emulator that is cut for a while, in virtual time."""

    def __init__(self, clock: ManualClock, emulator: Emulator, begins: float, ends: float) -> None:
        self._clock = clock
        self._handle = answering(emulator)
        self._begins = begins
        self._ends = ends
        self.failed_at: list[float] = []
        self.answered_at: list[float] = []

    async def send(self, request: Request, *, timeout: float) -> Response:  # noqa: ARG002 - virtual
        await self._clock.sleep(0.05)
        now = self._clock.now()
        if self._begins <= now < self._ends:
            self.failed_at.append(now)
            raise ConnectionLostError("the connection broke", sent=True)
        self.answered_at.append(now)
        target = request.url.removeprefix("https://api.notion.com")
        body = request.body or b""
        assert isinstance(body, bytes)
        reply = self._handle(
            Arrived(0, 0, request.method, target, Headers(request.headers), b"", now, body)
        )
        return Response(reply.status, Headers(reply.headers), reply.body)

    async def open(self, request: Request, *, timeout: float) -> Response | Stream:
        raise NotImplementedError("no stream is opened here")

    async def aclose(self) -> None:
        return None


TEN_MINUTES = 600.0
WORKSPACE = [
    *OBJECTS,
    *(page(f"page {number}", under("page_id", "home")) for number in range(60)),
    *(block(f"text {number}", under("page_id", f"page {number}")) for number in range(60)),
]


async def exported(
    monkeypatch: pytest.MonkeyPatch, out: Path, begins: float, lasts: float
) -> tuple[Outage, dict[str, list[bytes]]]:
    """Export a workspace with an outage, and return what was sent and what was written."""
    clock = ManualClock()
    emulator = Emulator(budget=None, token=TOKEN)
    emulator.load(WORKSPACE)
    outage = Outage(clock, emulator, begins, begins + lasts)
    async with virtual_client(monkeypatch, clock, outage) as notion:
        task = asyncio.ensure_future(export_workspace(notion, out))
        while not task.done():
            await clock.run(until=task)
            await asyncio.sleep(0.001)  # for what threads do in real time
        manifest = await task

    assert manifest.gaps == ()
    assert not manifest.interrupted
    files = contents(out)
    del files["manifest.json"]  # it says how long it took
    return outage, {name: sorted(text.splitlines()) for name, text in files.items()}


async def test_b15_an_export_survives_ten_minutes_of_outage_and_is_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _, undisturbed = await exported(monkeypatch, tmp_path / "a", 0.5, 0.0)

    outage, files = await exported(monkeypatch, tmp_path / "b", 0.5, TEN_MINUTES)

    assert files == undisturbed
    assert outage.failed_at  # it was under way
    probes = [at for at in outage.failed_at if at > 30]
    assert 600 / 60 - 2 <= len(probes) <= 600 / 5
    assert all(5 <= b - a <= 62 for a, b in itertools.pairwise(probes))
    # Within the first second nobody knows: eight are under way at a time, and try again.
    early = [at for at in outage.failed_at if at < 5]
    assert len(early) <= 8 * RetryPolicy().attempts
    assert len(outage.failed_at) - len(probes) - len(early) <= 4
    again = min(at for at in outage.answered_at if at > 1)
    assert again - 600.5 <= 62


async def test_b15_interactive_calls_fail_fast_while_it_lasts(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    emulator = Emulator(budget=None, token=TOKEN)
    emulator.load(OBJECTS)
    outage = Outage(clock, emulator, 0.0, TEN_MINUTES)
    async with virtual_client(monkeypatch, clock, outage, limiter=None) as notion:
        last: object = None
        durations: list[float] = []
        for _ in range(1000):
            started = clock.now()
            task = asyncio.ensure_future(outcome(read(notion)))
            await clock.run(until=task)
            last = await task
            durations.append(clock.now() - started)
            await clock.advance(0.5)

        assert isinstance(last, CircuitOpenError)
        assert last.retry_after <= 60
        assert sorted(durations)[900] == 0.0
        assert len(outage.failed_at) <= 40 + TEN_MINUTES / 5
        await clock.advance(TEN_MINUTES)
        task = asyncio.ensure_future(outcome(read(notion)))
        await clock.run(until=task)

        assert isinstance(await task, Page)
