"""What the scenarios share: lines of figures, the two clients, and many calls at once."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import Any, Final, TypeAlias

import attrs

from notion_async import AsyncClient, NotionError
from notion_async.transport.retry import RetryPolicy
from tests.faults.server import free_port

TOKEN: Final = "ntn_test_reliability"  # noqa: S105 - opens nothing
NOT_THERE: Final = "not installed"
OURS: Final = "notion_async"
PEER: Final = "notion-client"

Number: TypeAlias = int | float

HURRIED: Final = RetryPolicy(base=0.02, cap=0.1, conflict_delay=(0.0, 0.02), spread=0.01)
"""Waits for next to nothing, to see that a scenario runs."""

# Any: notion-client need not be installed to read this.
Peer: TypeAlias = Any


@attrs.frozen
class Line:
    """One thing that was counted.

    Attributes:
        says: What.
        ours: What it came to.
        peer: What it came to with notion-client; None where there is nothing to count.
        at_most: The bar for ours.
        at_least: The same, from below.
        note: What one should know to read it.
    """

    says: str
    ours: Number
    peer: Number | str | None = None
    at_most: Number | None = None
    at_least: Number | None = None
    note: str = ""

    @property
    def bar(self) -> str:
        """What is asked for."""
        if self.at_most is not None:
            return f"≤ {self.at_most:g}" if self.at_most else "0"
        return "" if self.at_least is None else f"≥ {self.at_least:,g}"

    @property
    def met(self) -> bool | None:
        """Whether ours is as promised; None where nothing is."""
        if self.at_most is not None:
            return self.ours <= self.at_most
        return None if self.at_least is None else self.ours >= self.at_least


Lines: TypeAlias = Sequence[Line]


def peer_is_there() -> bool:
    """Tell whether notion-client can be measured."""
    return find_spec("notion_client") is not None


def ours_for(
    base_url: str, token: str = TOKEN, *, quick: bool = False, **options: Any
) -> AsyncClient:
    """Return a client of ours; without a limiter, unless one is given.

    Args:
        base_url: Where the server is.
        token: What it accepts.
        quick: Wait for next to nothing between attempts.
        options: As the client takes them.
    """
    if quick:
        options = {"retry": HURRIED, **options}
    return AsyncClient(token, base_url=base_url, **{"limiter": None, **options})


def peer_for(base_url: str, token: str = TOKEN, *, quick: bool = False, **options: Any) -> Peer:
    """Return one of notion-client, which does not print what goes wrong; as `ours_for`."""
    from notion_client import AsyncClient as PeerClient  # noqa: PLC0415 - it may be missing
    from notion_client.client import RetryOptions  # noqa: PLC0415

    if quick:
        options = {"retry": RetryOptions(2, 20, 50), **options}
    logger = logging.getLogger("benchmarks.reliability.peer")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.propagate = False
    return PeerClient(
        auth=token, base_url=base_url, logger=logger, notion_version="2026-03-11", **options
    )


@asynccontextmanager
async def with_peer(base_url: str, token: str = TOKEN, **options: Any) -> AsyncIterator[Peer]:
    """Yield a client of notion-client, and close it."""
    client = peer_for(base_url, token, **options)
    try:
        yield client
    finally:
        await client.aclose()


def is_ours(error: BaseException) -> bool:
    """Tell whether an error is one of this library."""
    return isinstance(error, NotionError)


def is_the_peers(error: BaseException) -> bool:
    """Tell whether an error is one that notion-client has made."""
    from notion_client.errors import NotionClientErrorBase  # noqa: PLC0415 - it may be missing

    return isinstance(error, NotionClientErrorBase)


async def outcome(call: Awaitable[object], within: float = 60.0) -> object:
    """Return what a call comes to: its answer, or whatever it raises.

    A call that hangs is given up, and comes to a `Hung`.
    """
    limit = asyncio.timeout(within)
    try:
        async with limit:
            return await call
    except Exception as error:
        return Hung() if limit.expired() else error


class Hung(Exception):  # noqa: N818 - nobody raises it
    """A call did not end."""


async def together(
    count: int, in_flight: int, work: Callable[[int, int], Awaitable[None]]
) -> None:
    """Do something so many times, so many at once; `work` gets the turn, and whose it is."""
    turns = iter(range(count))

    async def worker(number: int) -> None:
        for turn in turns:
            await work(turn, number)

    async with asyncio.TaskGroup() as group:
        for number in range(min(in_flight, count)):
            group.create_task(worker(number))


def most(found: Counter[str], of: int = 4) -> str:
    """Name what was found most often."""
    if not found:
        return ""
    named = [f"{name} {count:,}" for name, count in found.most_common(of)]
    rest = len(found) - of
    return ", ".join(named) + (f" and {rest} more sorts" if rest > 0 else "")


def percent(part: Number, whole: Number) -> float:
    """Return how much that is of the whole."""
    return 100.0 * part / whole if whole else 0.0


def sorts(errors: Iterable[object]) -> Counter[str]:
    """Count errors by the names of their classes."""
    return Counter(type(error).__name__ for error in errors)


def nowhere() -> str:
    """Return an address where nobody listens."""
    return f"http://127.0.0.1:{free_port()}"
