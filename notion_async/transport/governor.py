"""What all clients of one connection share: its budget, its pauses, its own writes.

A connection is a token at an address.  Clients of one process that use the same one find each
other here, whichever event loop they run in.
"""

from __future__ import annotations

import copy
import hashlib
import threading
from collections.abc import Hashable, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from weakref import WeakValueDictionary

from notion_async.auth import Secret
from notion_async.errors import APIResponseError, RequestBlockedError
from notion_async.transport.answers import http_date
from notion_async.transport.clock import Clock
from notion_async.transport.gate import Gate
from notion_async.transport.health import Health
from notion_async.transport.limiter import TokenBucket
from notion_async.transport.memory import Memory

_LEAST: Final = 180
_MOST: Final = 600
_OF_THE_WORKSPACE: Final = "public_api_space_request_rate_limit"

_Host: TypeAlias = tuple[str, Clock]
_Key: TypeAlias = tuple[_Host, bytes]


class Governor:
    """The budget, the pauses and the health of a connection.

    Args:
        clock: Where time comes from.
        health: How the host is doing; by default of its own.
    """

    def __init__(self, clock: Clock, *, health: Health | None = None) -> None:
        self.gate = Gate(clock)
        self.limiter = TokenBucket(_LEAST, most=_MOST, clock=clock)
        self.health = Health(clock) if health is None else health
        self.memory = Memory()
        self.heard: tuple[Mapping[str, str], float] | None = None
        """The headers of the last success, and when it came."""
        self._blocked: RequestBlockedError | None = None
        self._blocked_at = 0.0
        self._clock = clock
        self.workspace: Hashable = None
        """What tells the workspace from others, where it is known."""

    def notion_time(self) -> datetime | None:
        """Return what time it is at Notion's, by its last answer; None where that told nothing."""
        if self.heard is None:
            return None
        headers, at = self.heard
        moment = http_date(headers.get("date", ""))
        if moment is None:
            return None
        try:
            return moment + timedelta(seconds=self._clock.now() - at)
        except OverflowError:  # the last second that there is: no time of day
            return None

    def block(self, reason: RequestBlockedError) -> None:
        """Let the calls that are under way fail with this one: waiting does not help them."""
        # A copy: what is raised drags its frames along, and with them the request.
        self._blocked = copy.copy(reason)
        self._blocked_at = self._clock.now()

    def blocked_since(self, moment: float) -> RequestBlockedError | None:
        """Return how Notion has blocked this connection since then, if it has."""
        if self._blocked is None or self._blocked_at < moment:
            return None
        return copy.copy(self._blocked)  # many calls may fail by the same answer

    def pause(self, seconds: float, reason: APIResponseError) -> None:
        """Keep everybody of this connection waiting; of the workspace, where that was overrun."""
        self.gate.close_for(seconds, reason)
        why = reason.additional_data.get("rate_limit_reason")
        if why == _OF_THE_WORKSPACE and self.workspace is not None:
            _connections.pause(self.workspace, seconds, reason)

    @property
    def idle(self) -> bool:
        """Whether nothing of it would be missed, if it were forgotten."""
        bucket = self.limiter
        unspent = bucket.available == bucket.budget and not bucket.in_flight
        return unspent and not bucket.waiting and not self.gate.closed_for


def connection(token: Secret | None, base_url: str, clock: Clock) -> Governor:
    """Return what the clients of a token share at this address."""
    return _connections.find(token, (base_url, clock))


def joined(governor: Governor, base_url: str, workspace_id: str) -> None:
    """Note which workspace a connection belongs to."""
    _connections.join(governor, (base_url, workspace_id))


def forget(base_url: str) -> None:
    """Let the next clients of an address begin anew, as when another server listens there."""
    _connections.forget(base_url)


class _Connections:
    """All that are in use, and those whose budget is not whole again yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hosts: WeakValueDictionary[_Host, Health] = WeakValueDictionary()
        self._used: WeakValueDictionary[_Key, Governor] = WeakValueDictionary()
        # Held, so that the next client of a token finds what the last one has spent.
        self._kept: dict[_Key, Governor] = {}
        self._sweep_at = 64

    def find(self, token: Secret | None, host: _Host) -> Governor:
        _, clock = host
        with self._lock:
            health = self._hosts.get(host)
            if health is None:
                health = self._hosts[host] = Health(clock)
            if token is None:
                return Governor(clock, health=health)
            # Not the token itself: what holds it should be few.
            key = (host, hashlib.blake2b(token.reveal().encode(), digest_size=16).digest())
            governor = self._used.get(key)
            if governor is None:
                self._sweep()
                governor = self._used[key] = Governor(clock, health=health)
                self._kept[key] = governor
            return governor

    def join(self, governor: Governor, workspace: Hashable) -> None:
        with self._lock:
            governor.workspace = workspace
            others = [each for each in self._used.values() if each.workspace == workspace]
        for other in others:
            if (reason := other.gate.reason) is not None:
                why = reason.additional_data.get("rate_limit_reason")
                if why == _OF_THE_WORKSPACE:
                    governor.gate.close_for(other.gate.closed_for, reason)

    def pause(self, workspace: Hashable, seconds: float, reason: APIResponseError) -> None:
        with self._lock:
            all_of_it = [each for each in self._used.values() if each.workspace == workspace]
        for each in all_of_it:
            each.gate.close_for(seconds, reason)

    def forget(self, base_url: str) -> None:
        with self._lock:
            for host in [host for host in self._hosts if host[0] == base_url]:
                del self._hosts[host]
            for key in [key for key in self._used if key[0][0] == base_url]:
                del self._used[key]
                self._kept.pop(key, None)

    def _sweep(self) -> None:
        # Now and then, so that a process that sees many tokens keeps those of the last minute.
        if len(self._kept) >= self._sweep_at:
            self._kept = {key: each for key, each in self._kept.items() if not each.idle}
            self._sweep_at = max(64, 2 * len(self._kept))


_connections: Final = _Connections()
