"""Recorded sequences sent to fresh emulators, and the table of how far the answers agree."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import attrs
from yarl import URL

from notion_async.testing import Emulator
from notion_async.testing.records import KINDS
from tests.replay.comparing import Counterparts, Deviation
from tests.replay.recordings import Exchange, Object, fields, objects


@attrs.frozen
class Replayed:
    """An exchange, and where the emulator's answer is not the recorded one."""

    exchange: Exchange
    deviations: Sequence[Deviation]

    @property
    def agrees(self) -> bool:
        return not self.deviations

    @property
    def key(self) -> tuple[str, int]:
        return self.exchange.sequence, self.exchange.number


class Clock:
    """The time of day at which an exchange was recorded."""

    def __init__(self, start: str) -> None:
        self._now = _moment(start)

    def __call__(self) -> datetime:
        return self._now

    def reach(self, time: str | None) -> None:
        """Go on to a later time.  One that is earlier, or None, changes nothing."""
        if time is not None:
            self._now = max(self._now, _moment(time))

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)


def _moment(time: str) -> datetime:
    return datetime.fromisoformat(time).astimezone(UTC)


def presupposed(sequence: Sequence[Exchange], known: Mapping[str, Object]) -> list[Object]:
    """Return what was there before a sequence began, as it was recorded, oldest first.

    These are the objects that it reads or names, and that no write in it brought into being.

    Args:
        sequence: The exchanges.
        known: Objects of all recordings, for those that are only named.
    """
    found: dict[str, Object] = {}
    made: set[str] = set()
    for exchange in sequence:
        named = known_in(f"{exchange.path} {exchange.query} {json.dumps(exchange.request)}", known)
        found.update({one["id"]: one for one in named if one["id"] not in made | set(found)})
        for one in objects(exchange.answer):
            if one["id"] in made or one["id"] in found:
                continue
            if exchange.reads and one["object"] in KINDS:
                found[one["id"]] = one
            elif not exchange.reads:
                made.add(one["id"])
        # By their ids only: parents, authors, where a list goes on.
        named = known_in(json.dumps(exchange.answer), known)
        found.update({one["id"]: one for one in named if one["id"] not in made | set(found)})
    users = [one for one in found.values() if one["object"] == "user"]
    others = [one for one in found.values() if one["object"] != "user"]
    # Lists of what was there before begin with the newest.
    others.reverse()
    others.sort(key=lambda one: str(one.get("created_time", "")))
    return [*users, *others]


def known_in(text: str, known: Mapping[str, Object]) -> list[Object]:
    """Return the known objects whose ids stand in a text."""
    return [
        one
        for identity, one in known.items()
        if identity in text or identity.replace("-", "") in text
    ]


def known_objects(recorded: Iterable[Sequence[Exchange]]) -> dict[str, Object]:
    """Return what the recordings show of objects that several sequences know, first seen first.

    These are the page that all of them write below, the users, and the uploads.
    """
    found: dict[str, Object] = {}
    for sequence in recorded:
        for exchange in sequence:
            for one in objects(exchange.answer):
                if one["object"] in ("page", "user", "file_upload"):
                    found.setdefault(one["id"], one)
    return found


async def replay(
    sequence: Sequence[Exchange], known: Mapping[str, Object], session: aiohttp.ClientSession
) -> list[Replayed]:
    """Send one sequence to an emulator of its own."""
    times = [exchange.time for exchange in sequence]
    clock = Clock(next((time for time in times if time), "2026-07-04T09:00:00.000Z"))
    emulator = Emulator(budget=None, wall=clock)
    before = presupposed(sequence, known)
    emulator.load(before)
    found: list[Replayed] = []
    async with emulator:
        counterparts = Counterparts(emulator.base_url)
        for one in before:
            counterparts.same_id(one["id"])
            for _, name, value in fields(one):
                if (name == "id" or name.endswith("_id")) and isinstance(value, str):
                    counterparts.same_id(value)
        for exchange, time in zip(sequence, times, strict=True):
            clock.reach(time)
            status, answer = await _send(emulator, exchange, counterparts, session)
            deviations = list(counterparts.deviations(exchange.answer, answer))
            if status != exchange.status:
                deviations.insert(0, Deviation("HTTP status", exchange.status, status))
            found.append(Replayed(exchange, deviations))
            if isinstance(answer, dict):
                # Whoever is told to wait does so.
                clock.pass_by(float(answer.get("poll_after_seconds", 0)))
    return found


async def _send(
    emulator: Emulator,
    exchange: Exchange,
    counterparts: Counterparts,
    session: aiohttp.ClientSession,
) -> tuple[int, Any]:
    # The token is no part of a recording; that it was a wrong one is.
    token = emulator.token if exchange.status != 401 else "ntn_test_wrong"
    headers = {"Authorization": f"Bearer {token}", "Notion-Version": exchange.version}
    body: bytes | None = None
    if exchange.form is not None:
        body = exchange.form.encode()
        boundary = exchange.form.partition("\r\n")[0].removeprefix("--")
        headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
    elif exchange.request is not None:
        body = json.dumps(counterparts.translated(exchange.request)).encode()
        headers["Content-Type"] = "application/json"
    query = [
        (
            name,
            counterparts.cursor(value) if name == "start_cursor" else counterparts.emulated(value),
        )
        for name, value in exchange.query
    ]
    url = URL(emulator.base_url + counterparts.emulated(exchange.path)).with_query(query)
    async with session.request(exchange.method, url, data=body, headers=headers) as response:
        return response.status, await response.json()


async def replay_all(recorded: Mapping[str, Sequence[Exchange]]) -> list[Replayed]:
    """Send every sequence, each to an emulator of its own."""
    known = known_objects(recorded.values())
    async with aiohttp.ClientSession() as session:
        return [
            replayed
            for sequence in recorded.values()
            for replayed in await replay(sequence, known, session)
        ]


def table(replayed: Sequence[Replayed], reasons: Mapping[tuple[str, int], str]) -> str:
    """Return how many exchanges agree, by endpoint, and where and why others do not."""
    rows: dict[str, list[Replayed]] = {}
    for one in replayed:
        rows.setdefault(one.exchange.endpoint, []).append(one)
    width = max(map(len, rows))
    lines = [f"{'endpoint':{width}}  exchanges  agree  deviate"]
    for name in sorted(rows):
        agree = sum(one.agrees for one in rows[name])
        total = len(rows[name])
        lines.append(f"{name:{width}}  {total:9}  {agree:5}  {total - agree or '':>7}")
    agree = sum(one.agrees for one in replayed)
    lines.append(
        f"{'all':{width}}  {len(replayed):9}  {agree:5}  {len(replayed) - agree or '':>7}"
        f"  {agree / len(replayed):.1%}"
    )
    for one in replayed:
        if not one.agrees:
            reason = reasons.get(one.key, "no reason is known")
            lines += ["", f"{one.exchange.endpoint} ({one.key[0]}, {one.key[1]}): {reason}"]
            lines += [f"  {deviation}" for deviation in one.deviations]
    return "\n".join(lines)
