"""A token shows in nothing: errors and what hangs on them, clients, logs.

One error of each kind is provoked with an invented token.  Searched are the client and its
options, each error with its causes and contexts, its traceback with the local variables of the
library's own frames (crash reporters send those away), and all logs at DEBUG, those of aiohttp or
httpx included.
"""

from __future__ import annotations

import logging
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.reliability.scenario import (
    Line,
    Lines,
    most,
    nowhere,
    ours_for,
    outcome,
    peer_for,
    peer_is_there,
    with_peer,
)
from tests.canary import chain_of
from tests.faults import strikes, wire
from tests.faults.server import Answer, serving
from tests.faults.wire import Reply, framed
from tests.testing.emulated import page, uid

CLAIM: Final = "Tokens show in nothing."
ABOUT: Final = (
    "21 kinds of errors with an invented token: clients, options, errors with their causes, "
    "variables of the library in tracebacks, logs at DEBUG"
)
TOKEN: Final = "ntn_test_tell_nobody_8f3a1c"  # noqa: S105 - opens nothing
_HTML: Final = Reply(502, b"<!DOCTYPE html><html></html>", {"Content-Type": "text/html"})

KINDS: Final[Mapping[str, Answer]] = {
    "400": strikes.replies(wire.error(400, "validation_error")),
    "401": strikes.replies(wire.error(401, "unauthorized")),
    "403": strikes.replies(wire.error(403, "restricted_resource")),
    "404": strikes.replies(wire.error(404, "object_not_found")),
    "409": strikes.replies(wire.error(409, "conflict_error")),
    "429": strikes.replies(wire.error(429, "rate_limited", retry_after="0")),
    "500": strikes.replies(wire.error(500, "internal_server_error")),
    "502 in HTML": strikes.replies(_HTML),
    "529": strikes.replies(wire.error(529, "service_overload", retry_after="0")),
    "a redirect": strikes.replies(Reply(302, b"", {"Location": "https://example.com/"})),
    "reset": strikes.resets(),
    "closed": strikes.says_and_closes(b""),
    "cut": strikes.says_and_closes(framed(wire.reply(page("home")))[:-9]),
    "no answer": strikes.hangs(),
    "garbage": strikes.says_and_closes(bytes(range(256))),
    "not JSON": strikes.replies(Reply(200, b"not JSON")),
    "broken gzip": strikes.replies(wire.packed(Reply(200, b"{}"), said="gzip")),
    "not UTF-8": strikes.replies(Reply(200, b'{"object":"\xff"}')),
}
REFUSED: Final = "connection refused"
WRITE: Final = "a write whose answer is lost"
WRONG: Final = "an address that cannot be"
_NO_ADDRESS: Final = "ftp://notion.invalid"


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


async def measure(*, quick: bool) -> Lines:  # noqa: ARG001 - it is quick
    """Count where the token shows."""
    ours = await _searched(_ours)
    theirs = await _searched(_peer) if peer_is_there() else None
    note = f"notion-client: {most(theirs)}" if theirs else ""
    return [
        Line(
            "places where the token shows",
            ours.total(),
            theirs.total() if theirs is not None else None,
            at_most=0,
            note=f"ours: {most(ours)}" if ours else note,
        )
    ]


Provoke = Callable[[], AsyncIterator[tuple[str, object]]]


async def _searched(provoke: Provoke) -> Counter[str]:
    found: Counter[str] = Counter()
    with _listening() as log:
        async for kind, shown in provoke():
            if isinstance(shown, BaseException):
                for where, text in shown_by(shown):
                    found[where] += text.count(TOKEN)
            elif kind in KINDS or kind in (REFUSED, WRITE, WRONG):
                raise AssertionError(f"{kind} was to be an error, and is {shown!r}")
            else:
                found[kind] += f"{shown!r} {shown}".count(TOKEN)
    found["logs"] += "\n".join(log.lines).count(TOKEN)
    return +found


@contextmanager
def _listening() -> Iterator[_Log]:
    root, log = logging.getLogger(), _Log()
    before = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(log)
    try:
        yield log
    finally:
        root.removeHandler(log)
        root.setLevel(before)


def shown_by(error: BaseException) -> Iterator[tuple[str, str]]:
    """Yield what an error shows of itself, and where it was seen."""
    for each in chain_of(error):
        yield "errors", f"{each!r} {each} {vars(each)!r}"
        for frame, _ in traceback.walk_tb(each.__traceback__):
            if "site-packages" in frame.f_code.co_filename or _is_ours(frame.f_code.co_filename):
                shown = " ".join(_shown(value) for value in frame.f_locals.values())
                yield "variables in tracebacks", shown


def _is_ours(file: str) -> bool:
    return "notion_async" in Path(file).parts


def _shown(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # an object that is half made shows nothing
        return ""


@asynccontextmanager
async def _at(kind: str) -> AsyncIterator[str]:
    if kind == REFUSED:
        yield nowhere()
    else:
        async with serving(KINDS.get(kind, strikes.resets())) as server:
            yield server.base_url


async def _ours() -> AsyncIterator[tuple[str, object]]:
    for kind in (*KINDS, REFUSED, WRITE):
        async with (
            _at(kind) as base_url,
            ours_for(base_url, TOKEN, retry=False, timeout=0.3) as notion,
        ):
            yield "the client", notion
            yield "the options", vars(notion)
            if kind == WRITE:
                made = notion.pages.create(parent={"page_id": uid("home")})
                yield kind, await outcome(made)
            else:
                yield kind, await outcome(notion.pages.retrieve(uid("home")))

    yield WRONG, await outcome(_wrong(ours_for))


async def _wrong(make: Callable[..., Any]) -> object:
    client = make(_NO_ADDRESS, TOKEN)
    try:
        return await client.pages.retrieve(page_id=uid("home"))
    finally:
        await client.aclose()


async def _peer() -> AsyncIterator[tuple[str, object]]:
    for kind in (*KINDS, REFUSED, WRITE):
        async with (
            _at(kind) as base_url,
            with_peer(
                base_url, TOKEN, retry=False, timeout_ms=300, log_level=logging.DEBUG
            ) as peer,
        ):
            yield "the client", peer
            yield "the options", peer.options
            if kind == WRITE:
                made = peer.pages.create(parent={"page_id": uid("home")}, properties={})
                yield kind, await outcome(made)
            else:
                yield kind, await outcome(peer.pages.retrieve(page_id=uid("home")))
    yield WRONG, await outcome(_wrong(peer_for))
