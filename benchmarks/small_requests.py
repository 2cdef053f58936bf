"""Small requests: one page of 1 KB, 2,048 times, with 1 to 256 requests in flight.

Told are requests per second of the client's CPU, and per second that passed.  Ours has its whole
pipeline on (gate, retries, deadline); without a limiter, as the peers have none, and with one
that never waits.  ``sockets`` shows what the server can do: it writes prepared bytes.
"""

from __future__ import annotations

import socket
import sys
import time
from typing import Final
from urllib.parse import urlsplit

from benchmarks import payload
from benchmarks.harness import (
    Claim,
    Measures,
    options,
    publish,
    run_client,
    serving,
    take_turns,
    why_missing,
)

PER_CPU: Final = "requests per second of CPU"
PER_SECOND: Final = "requests per second"
IN_FLIGHT: Final = (1, 16, 64, 256)

# Name: the client's module, and what connects it.
CLIENTS: Final = {
    "ours": ("ours", "connect"),
    "ours, with a limiter": ("ours", "connect_limited"),
    "notion-client": ("peer", "connect"),
    "aiohttp + orjson": ("raw", "connect"),
    "aiohttp, bytes": ("bare", "connect"),
    "JavaScript client": ("official", "connect"),
}


def _claims(levels: tuple[int, ...]) -> list[Claim]:
    def claim(theirs: str, level: int, bar: float | None) -> Claim:
        return Claim(
            name=f"{CLIENTS[theirs][0]}_{level}",
            says=f"requests per second of CPU, {level} in flight: ours ÷ {theirs}",
            measure=PER_CPU,
            variant=f"ours, {level}",
            beside=f"{theirs}, {level}",
            at_least=bar,
        )

    bars = {16: 11.0, 64: 20.0}
    return [
        *(claim("notion-client", level, bars.get(level)) for level in levels),
        *(claim("aiohttp + orjson", level, 0.80) for level in levels),
        Claim(
            name="server_headroom",
            says=f"the server ÷ the fastest client, {levels[-1]} in flight",
            measure=PER_SECOND,
            variant=f"sockets, {levels[-1]}",
            beside=f"aiohttp, bytes, {levels[-1]}",
            at_least=2.0,
        ),
    ]


def _sockets(base_url: str, requests: int, in_flight: int) -> Measures:
    parts = urlsplit(base_url)
    address = (parts.hostname or "", parts.port or 0)
    request = f"GET /v1/pages/{payload.PAGE} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode()
    connections = [socket.create_connection(address) for _ in range(in_flight)]
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(requests // in_flight):
        for connection in connections:
            connection.sendall(request)
        for connection in connections:
            connection.recv(1 << 16)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    for connection in connections:
        connection.close()
    return {PER_CPU: requests / cpu if cpu else 0.0, PER_SECOND: requests / wall}


def main(argv: list[str]) -> None:
    """Measure and tell."""
    given = options(argv)
    requests = 64 if given.quick else 2_048
    levels = (16, 64) if given.quick else IN_FLIGHT
    clients = [name for name in CLIENTS if not given.quick or "JavaScript" not in name]
    variants = {
        f"{name}, {level}": (name, level) for level in levels for name in [*clients, "sockets"]
    }
    missing = {
        variant: why
        for variant, (name, _) in variants.items()
        if name in CLIENTS and (why := why_missing(CLIENTS[name][0]))
    }
    with serving() as base_url:

        def measure(variant: str) -> Measures:
            name, level = variants[variant]
            if name == "sockets":
                return _sockets(base_url, requests, level)
            client, connect = CLIENTS[name]
            task = {
                "base_url": base_url,
                "work": "pages",
                "connect": connect,
                "requests": requests,
                "in_flight": level,
            }
            used = run_client(client, task)
            return {PER_CPU: requests / used["cpu"], PER_SECOND: requests / used["wall"]}

        found = take_turns(list(variants), measure, given.rounds, missing)
    publish("small_requests", found, _claims(levels), given, {"requests": requests})


if __name__ == "__main__":
    main(sys.argv[1:])
