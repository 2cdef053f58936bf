"""One who throws dice: which fault befalls which request.

Every fault is honest: what refuses (429, 529, 409) has nothing done, and what only looks like a
failure may or may not have been done, by the toss of a coin.  So a client that never lies can be
told from one that does.

`TRANSIENT` are those after which the next attempt may succeed; `FINAL` are those that no client
should try again.  `SLOW` names those that end only by the client's timeout: give it a short one,
or leave them out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import TypeAlias

from tests.faults import strikes, wire
from tests.faults.server import Answer, Arrived, Fault
from tests.faults.strikes import Shape
from tests.faults.wire import Reply, framed

Make: TypeAlias = Callable[[Random], Answer]

_HTML = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>"
_EDGE = {"Content-Type": "text/html", "cf-ray": "8a1b2c3d4e5f6789-FRA"}
_PADDING = "x" * 20_000


def _lost(answer: Answer) -> Make:
    """Lose the answer: what was asked is done before, or after, or never."""

    def make(random: Random) -> Answer:
        return strikes.commits(random.choice(("before", "after", "never")), answer)

    return make


def _instead(reply: Reply) -> Make:
    """Answer that, in place of the proper answer: the write is done, or is not."""
    return _lost(strikes.says(framed(reply)))


def _refused(reply: Reply) -> Make:
    return lambda _: strikes.replies(reply)


def _cut(shape: Shape, *, reset: bool = False) -> Make:
    """Give the answer up to some byte, and end the connection."""

    def make(random: Random) -> Answer:
        share = random.random()

        def some(reply: Reply) -> bytes:
            data = shape(reply)
            return data[: int(share * len(data))]

        return strikes.answers_and_closes(some, reset=reset)

    return make


def _stalled(where: Callable[[Reply, float], bytes]) -> Make:
    def make(random: Random) -> Answer:
        share = random.random()
        return strikes.answers_and_hangs(lambda reply: where(reply, share))

    return make


def _in_its_place(change: Callable[[Reply], bytes]) -> Make:
    """Give the answer changed, after it was done."""
    return lambda _: strikes.answers_and_closes(change)


def _within_body(reply: Reply, share: float) -> bytes:
    data = framed(reply)
    return data[: len(data) - 1 - int(share * (len(reply.body) - 1))]


def _half(reply: Reply) -> Reply:
    return Reply(reply.status, reply.body[: len(reply.body) // 2], reply.headers)


def _too_long(reply: Reply) -> bytes:
    length = {"Content-Length": len(reply.body) + 100}
    return wire.head(reply.status, {**reply.headers, **length}) + reply.body


def _too_short(reply: Reply) -> bytes:
    length = {"Content-Length": max(0, len(reply.body) - 5)}
    return wire.head(reply.status, {**reply.headers, **length}) + reply.body


def _with_body(body: bytes) -> Callable[[Reply], bytes]:
    return lambda reply: framed(Reply(reply.status, body, reply.headers))


def _odd_head(line: bytes) -> Callable[[Reply], bytes]:
    return lambda reply: line + framed(reply).partition(b"\r\n")[2]


def _huge_header(reply: Reply) -> bytes:
    return framed(Reply(reply.status, reply.body, {**reply.headers, "X-Padding": _PADDING}))


def _notion(status: int, code: str, **headers: str) -> Reply:
    return wire.error(status, code, **headers)


UNREAD: Mapping[str, Make] = {
    "reset before it was read": lambda _: strikes.unread_reset,
    "closed before it was read": lambda _: strikes.unread_close,
    "reset within the body": lambda random: strikes.resets_within(random.randrange(200)),
}
"""The request is not taken in whole: nothing is done."""

REFUSALS: Mapping[str, Make] = {
    "429": _refused(_notion(429, "rate_limited", retry_after="0")),
    "529": _refused(_notion(529, "service_overload", retry_after="0")),
    "409": _refused(_notion(409, "conflict_error")),
}
"""Nothing is done, and the answer says so."""

LOST: Mapping[str, Make] = {
    "reset after it was read": _lost(strikes.resets()),
    "closed after it was read": _lost(strikes.says_and_closes(b"")),
    "500": _instead(_notion(500, "internal_server_error")),
    "502 in HTML": _instead(Reply(502, _HTML, _EDGE)),
    "503": _instead(_notion(503, "service_unavailable")),
    "504": _instead(_notion(504, "gateway_timeout")),
    "504 in HTML": _instead(Reply(504, _HTML, _EDGE)),
    "520": _instead(Reply(520, b"error code: 520", _EDGE)),
    "200 in HTML": _instead(Reply(200, _HTML, _EDGE)),
    "200 with nothing": _instead(Reply(200, b"")),
    "204": _lost(strikes.says(b"HTTP/1.1 204 No Content\r\n\r\n")),
    "garbage": _lost(strikes.says_and_closes(bytes(range(256)) * 4)),
    "no HTTP at all": _lost(strikes.says_and_closes(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")),
    "an answer of HTTP/2": _lost(strikes.says_and_closes(bytes.fromhex("000000040000000000"))),
}
"""The answer is lost: what was asked may have been done."""

DAMAGED: Mapping[str, Make] = {
    "cut": _cut(framed),
    "cut and reset": _cut(framed, reset=True),
    "cut in chunks": _cut(wire.in_chunks),
    "cut in gzip": _cut(lambda reply: framed(wire.packed(reply, "gzip"))),
    "half the JSON": _in_its_place(lambda reply: framed(_half(reply))),
    "a length too long": _in_its_place(_too_long),
    "a length too short": _in_its_place(_too_short),
    "not UTF-8": _in_its_place(_with_body(b'{"object":"\xff\xfe"}')),
    "JSON too deep": _in_its_place(_with_body(b'{"a":' * 20_000 + b"}" * 20_000)),
    "said to be gzip": _in_its_place(lambda reply: framed(wire.packed(reply, said="gzip"))),
    "gzip in gzip": _in_its_place(
        lambda reply: framed(wire.packed(reply, "gzip", "gzip", said="gzip"))
    ),
    "an odd status line": _in_its_place(_odd_head(b"HTTP/1.1 OK\r\n")),
    "no status line": _in_its_place(_odd_head(b"")),
    "a huge header": _in_its_place(_huge_header),
}
"""It was done, and its answer is no good."""

SLOW: Mapping[str, Make] = {
    "never answered": _lost(strikes.hangs()),
    "stalled within the headers": _stalled(lambda reply, at: framed(reply)[: 5 + int(at * 20)]),
    "stalled before the body": _stalled(
        lambda reply, _: framed(reply)[: len(framed(reply)) - len(reply.body)]
    ),
    "stalled within the body": _stalled(_within_body),
    "dripping for ever": _lost(strikes.drips(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")),
}
"""They end by the client's timeout."""

HARMLESS: Mapping[str, Make] = {
    "in chunks": lambda _: strikes.answers(wire.in_chunks),
    "in gzip": lambda _: strikes.answers(lambda reply: framed(wire.packed(reply, "gzip"))),
    "until closed": lambda _: strikes.answers_and_closes(wire.until_closed),
    "in small pieces": lambda _: strikes.answers_slowly(framed, 100, 0.0),
    "early hints first": lambda _: strikes.answers(
        lambda reply: b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + framed(reply)
    ),
    "another content type": lambda _: strikes.answers(
        lambda reply: framed(
            Reply(reply.status, reply.body, {**reply.headers, "Content-Type": "text/plain"})
        )
    ),
}
"""Right, in an unusual way: no client should mind."""

FINAL: Mapping[str, Make] = {
    "a redirect": _refused(Reply(302, b"", {"Location": "https://example.com/"})),
    "blocked at the edge": _refused(Reply(403, _HTML, _EDGE)),
    "400": _refused(_notion(400, "validation_error")),
    "401": _refused(_notion(401, "unauthorized")),
}
"""No attempt after it helps, and nothing was done."""

TRANSIENT: Mapping[str, Make] = {
    **UNREAD,
    **REFUSALS,
    **LOST,
    **DAMAGED,
    **SLOW,
    **HARMLESS,
}
QUICK: Mapping[str, Make] = {name: make for name, make in TRANSIENT.items() if name not in SLOW}
ALL: Mapping[str, Make] = {**TRANSIENT, **FINAL}

ON_CONNECTIONS: Mapping[str, Answer] = {
    "reset when it was accepted": strikes.unread_reset,
    "closed when it was accepted": strikes.unread_close,
}


def dice(seed: int) -> Random:
    """Return dice that always fall the same way."""
    return Random(seed)  # noqa: S311 - no secret hangs on it


class Seeded:
    """Strikes a request with a probability, by any of the faults, and lets the others pass.

    Args:
        random: The dice.  The same seed and the same requests give the same faults.
        rate: The probability that a request is struck.
        faults: Among which to choose, by name.
        connections: The probability that a new connection is struck before anything came of it.
    """

    def __init__(
        self,
        random: Random,
        rate: float,
        faults: Mapping[str, Make] = TRANSIENT,
        *,
        connections: float = 0.0,
    ) -> None:
        self._random = random
        self._rate = rate
        self._faults = list(faults.items())
        self._connections = connections

    def __call__(self, request: Arrived | None) -> Fault | None:
        """Choose."""
        rate = self._connections if request is None else self._rate
        if self._random.random() >= rate:
            return None
        if request is None:
            return Fault(*self._random.choice(list(ON_CONNECTIONS.items())))
        name, make = self._random.choice(self._faults)
        return Fault(name, make(self._random))
