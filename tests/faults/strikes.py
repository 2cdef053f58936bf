"""Answers that do something wrong, or right in an unusual way.

Those that take `first` say whether the handler is asked (the write is done) before they strike:
"before", "after" or "never".
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal, TypeAlias

from tests.faults.server import Answer, Exchange
from tests.faults.wire import Reply, framed

Commit: TypeAlias = Literal["before", "after", "never"]
Shape: TypeAlias = Callable[[Reply], bytes]
_SOME = 3
"""After so many drops it is clear that there is no end to them."""

# ------------------------------------------------------------- of the bytes that are given


def says(data: bytes) -> Answer:
    """Write these bytes."""

    async def answer(exchange: Exchange) -> None:
        await exchange.request()
        await exchange.say(data)

    return answer


def says_and_closes(data: bytes) -> Answer:
    """Write these bytes, and close."""

    async def answer(exchange: Exchange) -> None:
        await exchange.request()
        exchange.writer.write(data)
        exchange.close()

    return answer


def resets(data: bytes = b"") -> Answer:
    """Write these bytes, and reset the connection."""

    async def answer(exchange: Exchange) -> None:
        await exchange.request()
        if data:
            await exchange.say(data)
        await exchange.reset()

    return answer


def hangs(data: bytes = b"") -> Answer:
    """Write these bytes, and then nothing any more."""

    async def answer(exchange: Exchange) -> None:
        await exchange.request()
        exchange.writer.write(data)
        await exchange.hang()

    return answer


def drips(data: bytes, pause: float = 0.01) -> Answer:
    """Write these bytes, and then a blank now and then, for ever."""

    async def answer(exchange: Exchange) -> None:
        await exchange.request()
        exchange.writer.write(data)
        blanks = 0
        while not exchange.writer.is_closing():
            await asyncio.sleep(pause)
            await exchange.say(b" ")
            blanks += 1
            if blanks == _SOME:
                exchange.server.stalled.set()

    return answer


def replies(reply: Reply, shape: Shape = framed) -> Answer:
    """Answer that, instead of asking the handler."""
    return says(shape(reply))


# ------------------------------------------------------------- of a proper answer


def commits(first: Commit, then: Answer, delay: float = 0.0) -> Answer:
    """Do something else to the connection, and the write before or after that, or never."""

    async def answer(exchange: Exchange) -> None:
        if first == "before":
            await exchange.commit()
        elif first == "after":
            await exchange.request()
        await then(exchange)
        if first == "after":
            await asyncio.sleep(delay)
            await exchange.commit()

    return answer


def done(answer: Answer) -> Answer:
    """Do what was asked, and then lose the answer so."""
    return commits("before", answer)


def answers(shape: Shape = framed, *, cut: Callable[[bytes], bytes] = bytes) -> Answer:
    """Give the handler's answer in this shape, or what is left of it when it was cut."""

    async def answer(exchange: Exchange) -> None:
        await exchange.say(cut(shape(await exchange.commit())))

    return answer


def answers_and_closes(shape: Shape, *, reset: bool = False) -> Answer:
    """Give the handler's answer in this shape, and end the connection."""

    async def answer(exchange: Exchange) -> None:
        exchange.writer.write(shape(await exchange.commit()))
        if reset:
            await exchange.reset()
        exchange.close()

    return answer


def answers_and_hangs(shape: Shape) -> Answer:
    """Give the handler's answer in this shape, and then nothing any more."""

    async def answer(exchange: Exchange) -> None:
        exchange.writer.write(shape(await exchange.commit()))
        await exchange.hang()

    return answer


def answers_slowly(shape: Shape, size: int, pause: float) -> Answer:
    """Give the handler's answer in pieces."""

    async def answer(exchange: Exchange) -> None:
        data = shape(await exchange.commit())
        for start in range(0, len(data), size):
            await exchange.say(data[start : start + size])
            await asyncio.sleep(pause)

    return answer


# ------------------------------------------------------------- before the request was read


async def unread_reset(exchange: Exchange) -> None:
    """Reset the connection, with the request unread."""
    exchange.reset_at_once()


async def unread_close(exchange: Exchange) -> None:
    """Close the connection, with the request unread."""
    exchange.close()


async def never_reads(exchange: Exchange) -> None:
    """Accept, and take nothing, until the server ends."""
    exchange.never_read()
    await asyncio.Event().wait()


def resets_within(count: int) -> Answer:
    """Reset the connection when so much of the request's body was read."""

    async def answer(exchange: Exchange) -> None:
        await exchange.read(count)
        exchange.reset_at_once()

    return answer


def says_early(data: bytes, *, close: bool = False) -> Answer:
    """Answer before the request's body was read, and read it only then; or close."""

    async def answer(exchange: Exchange) -> None:
        await exchange.say(data)
        if close:
            exchange.close()
        else:
            await exchange.request()

    return answer


def greets(data: bytes) -> Answer:
    """Write these bytes before anything came, and close."""

    async def answer(exchange: Exchange) -> None:
        exchange.writer.write(data)
        exchange.close()

    return answer
