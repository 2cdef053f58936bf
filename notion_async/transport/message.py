"""The one seam to the network: bytes out, bytes back, nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Protocol

import attrs


@attrs.define
class Request:
    """One wire request.  Its headers hold a token, so they are not shown."""

    method: str
    url: str
    headers: Mapping[str, str] = attrs.field(repr=False)
    body: bytes | tuple[bytes, ...] | None = attrs.field(default=None, repr=False)
    """A large one comes in pieces, so that it need not be copied into one."""
    once: bool = False
    """Whether it must not arrive twice, so that nobody can repeat it when its answer is lost."""


@attrs.define
class Response:
    """One whole answer.  Headers are looked up by their names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = attrs.field(repr=False)


class Stream(Protocol):
    """A success whose body is read while it comes.  It holds a connection until it is closed."""

    pause: float
    """Seconds within which the next piece has to come; at first as many as it had to begin."""

    @property
    def status(self) -> int:
        """The status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, to be looked up by their names in lower case."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes.

        Raises:
            TransportError: It broke off, or nothing came for too long.
        """
        ...

    async def aclose(self) -> None:
        """Close the connection.  Closing twice is fine."""
        ...


class Transport(Protocol):
    """What the pipeline asks of a network."""

    async def send(self, request: Request, *, timeout: float) -> Response:
        """Send once and return the whole answer.

        Args:
            request: What to send.
            timeout: Seconds until the answer has to be whole, connecting included.

        Raises:
            TransportError: No whole answer came.
            ProtocolError: What came cannot be Notion's: a redirect, or too large.
        """
        ...

    async def aclose(self) -> None:
        """Close what is open.  Closing twice is fine."""
        ...

    async def open(self, request: Request, *, timeout: float) -> Response | Stream:
        """Send once and return the answer as soon as it begins; one that is no success, whole.

        Args:
            request: What to send.
            timeout: Seconds until the answer has to begin; to be whole where it is no success.

        Raises:
            TransportError: No answer came.
            ProtocolError: What came cannot be Notion's: a redirect, or too large.
        """
        ...
