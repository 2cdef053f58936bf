"""The one seam to the network: bytes out, bytes back, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import attrs


@attrs.frozen
class Request:
    """One wire request.  Its headers hold a token, so they are not shown."""

    method: str
    url: str
    headers: Mapping[str, str] = attrs.field(repr=False)
    body: bytes | None = attrs.field(default=None, repr=False)


@attrs.frozen
class Response:
    """One whole answer.  Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = attrs.field(repr=False)


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
