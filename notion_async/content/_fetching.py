"""Fetching what somebody else serves: a file by its link, from the public Internet alone.

A link comes out of a page that anybody may have written, so this has nothing in common with how
Notion is asked: no token, no cookies, no proxies, and no way to a machine that only this one can
reach.  Links are signed, and so they are not shown.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urljoin

import aiohttp
import attrs
from aiohttp.abc import ResolveResult
from yarl import URL

from notion_async.auth import Secret
from notion_async.errors import (
    ConfigurationError,
    ConnectError,
    ConnectionLostError,
    FileDownloadError,
    NotionError,
    RequestTimeoutError,
    ResponseTooLargeError,
    UnexpectedRedirectError,
)
from notion_async.version import __version__

_REDIRECTS: Final = 3
_MOVED: Final = (301, 302, 303, 307, 308)
_NEVER_ROUND: Final = 1e9  # as in transport.aiohttp
_HEADERS: Final = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",  # what is stored is what was uploaded, byte for byte
    "User-Agent": f"notion-async/{__version__}",
}
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

Sink = Callable[[bytes], Awaitable[None]]


@attrs.frozen
class Bounds:
    """How far a fetch may go."""

    max_bytes: int
    timeout: float
    """Seconds to connect, and between two pieces."""
    private_addresses: bool
    """Whether machines of this network, and this one, may be asked."""


async def fetch(link: Secret, sink: Sink, bounds: Bounds) -> int:
    """Hand what is behind a link to `sink`, piece by piece, and return how many bytes it was.

    Raises:
        ConfigurationError: The link is none that is followed; nothing was sent there.
        FileDownloadError: The answer was no success; it has the status.
        TransportError: It did not come whole.
    """
    connector = aiohttp.TCPConnector(
        resolver=None if bounds.private_addresses else _PublicResolver(),
        use_dns_cache=False,
        force_close=True,
    )
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), headers=_HEADERS
    ) as session:
        session._retry_connection = False  # as in transport.aiohttp: repeating is up to others
        for _ in range(_REDIRECTS + 1):
            outcome = await _hop(session, _checked(link, bounds), sink, bounds)
            if isinstance(outcome, NotionError):
                raise outcome
            if isinstance(outcome, int):
                return outcome
            link = _followed(link, outcome)
    raise UnexpectedRedirectError(f"the link leads on more than {_REDIRECTS} times", status=302)


async def _hop(
    session: aiohttp.ClientSession, address: _Address, sink: Sink, bounds: Bounds
) -> int | Secret | NotionError:
    """Ask once, and return how many bytes came, where it goes on, or what was wrong.

    It is not raised here: a response of aiohttp shows its link, and the frame would hold it.
    """
    progress = _Progress()
    limits = aiohttp.ClientTimeout(
        connect=bounds.timeout, sock_read=bounds.timeout, ceil_threshold=_NEVER_ROUND
    )
    try:
        async with session.get(
            address.reveal(), allow_redirects=False, timeout=limits
        ) as response:
            progress.status = response.status
            if response.status in _MOVED:
                return Secret(response.headers.get("Location", ""))
            return await _taken(response, sink, bounds)
    except (aiohttp.ClientError, TimeoutError, ValueError, ConnectionError) as error:
        return _translated(error, progress, bounds)


async def _taken(
    response: aiohttp.ClientResponse, sink: Sink, bounds: Bounds
) -> int | NotionError:
    status = response.status
    if status != 200:
        return FileDownloadError(f"the file cannot be had: status {status}", status=status)
    too_large = ResponseTooLargeError(
        f"the file is larger than {bounds.max_bytes} bytes", status=status
    )
    if (response.content_length or 0) > bounds.max_bytes:
        return too_large
    size = 0
    while part := await response.content.readany():  # an error, where its length was not kept
        size += len(part)
        if size > bounds.max_bytes:
            return too_large
        await sink(part)
    return size


def _followed(link: Secret, where: Secret) -> Secret:
    """Return where a link leads on to, unless that could be overheard."""
    try:
        found = Secret(urljoin(link.reveal(), where.reveal()))
    except ValueError:
        return Secret("")  # of no scheme: refused when it is looked at
    if link.reveal().startswith("https:") and not found.reveal().startswith("https:"):
        raise UnexpectedRedirectError(
            "the link leads on to where it could be overheard", status=302
        )
    return found


@attrs.define
class _Progress:
    status: int | None = None


@attrs.frozen
class _Address:
    """A link that was looked at.  It does not show itself."""

    _url: URL = attrs.field(repr=False)

    def reveal(self) -> URL:
        """Return it."""
        return self._url


def _checked(link: Secret, bounds: Bounds) -> _Address:
    """Return the address, if it is one that is followed.

    Raises:
        ConfigurationError: It is not.
    """
    try:
        address = _Address(URL(link.reveal(), encoded=True))
        host = address.reveal().host
    except ValueError:
        address, host = None, None
    if address is None or not host or address.reveal().scheme not in ("https", "http"):
        raise ConfigurationError("the link of the file is no address of http or https")
    if address.reveal().raw_user is not None:
        raise ConfigurationError("the link of the file holds a user name: it is not followed")
    if not bounds.private_addresses and _is_number(host) and not _is_public(host):
        raise _not_public(host)
    return address


def _not_public(host: str) -> ConfigurationError:
    return ConfigurationError(
        f"{host} is not on the public Internet: a page must not make this machine ask there "
        "(private_addresses=True allows it)"
    )


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_public(host: str) -> bool:
    address = ipaddress.ip_address(host.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        elif address.sixtofour is not None:
            address = address.sixtofour
        elif address in _NAT64:
            address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return address.is_global and not (local or address.is_reserved or address.is_multicast)


class _NotPublicError(OSError):
    """A name stands for a machine that is not asked."""


class _PublicResolver(aiohttp.ThreadedResolver):
    """Names only machines of the public Internet: what is connected to is what was looked at."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a name that may be asked."""
        found = await super().resolve(host, port, family)
        public = [each for each in found if _is_public(each["host"])]
        if found and not public:
            raise _NotPublicError(host)
        return public


def _translated(error: Exception, progress: _Progress, bounds: Bounds) -> NotionError:
    """Say in our words what happened, without a word of the link."""
    match error:
        case aiohttp.ClientConnectorError() if isinstance(error.os_error, _NotPublicError):
            return _not_public(error.host)
        case aiohttp.ClientConnectorCertificateError():
            return ConnectError("the certificate of the server is not valid", permanent=True)
        case aiohttp.ClientConnectorError():
            return ConnectError(f"cannot connect to {error.host}")
        case aiohttp.ConnectionTimeoutError():
            return ConnectError("connecting took too long")
        case TimeoutError():
            return RequestTimeoutError(
                f"nothing came for {bounds.timeout:g} s", sent=True, status=progress.status
            )
        case aiohttp.InvalidURL() | ValueError():
            return ConfigurationError("the link of the file is no address of http or https")
        case _:
            return ConnectionLostError(
                f"the connection broke before the file was whole ({type(error).__name__})",
                sent=True,
                status=progress.status,
            )
