"""Files out of Notion: whole, or not at all.

Notion's page: https://developers.notion.com/reference/file-object
"""

from __future__ import annotations

import contextlib
import os
import random
import tempfile
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias, cast

import anyio
import anyio.to_thread

from notion_async.auth import Secret
from notion_async.client import AsyncClient
from notion_async.content._fetching import Bounds, fetch
from notion_async.errors import (
    ConfigurationError,
    ConnectError,
    FileDownloadError,
    NotionError,
    TransportError,
)
from notion_async.models import Block, FileObject, HostedFile
from notion_async.transport.retry import RetryPolicy

Downloadable: TypeAlias = Block | FileObject
Again: TypeAlias = Callable[[], Awaitable[Downloadable]]

_GIBIBYTE: Final = 1024**3
_PIECE: Final = 256 * 1024
# What a server says of a link that has expired: S3 says 403, and 400 of a token in it.
_PERHAPS_EXPIRED: Final = (400, 401, 403, 404, 410)
_PERHAPS_LATER: Final = (408, 425, 429, 500, 502, 503, 504)
# A link that is about to expire would do so on the way.
_SOON: Final = timedelta(seconds=60)


async def download(
    notion: AsyncClient,
    file: Downloadable,
    path: str | os.PathLike[str],
    *,
    again: Again | None = None,
    max_bytes: int = 5 * _GIBIBYTE,
    timeout: float = 30.0,
    retry: RetryPolicy = RetryPolicy(attempts=5),  # noqa: B008 - frozen
    private_addresses: bool = False,
) -> int:
    """Save a file at `path` and return its size in bytes.

    It is written beside it, under another name, and takes its place when it is whole: `path` is
    never half a file.  It is readable by its owner alone.  The token of the client is not sent.

    The links of files that Notion holds expire after an hour.  One that has expired, or is
    refused, is asked for anew, once: a block is fetched again; for another file give `again`.

    Args:
        notion: Asked for the block again.
        file: A block with a file in it (image, file, video …), or a file as in a property, a cover
            or a comment.
        path: Where to.  A file there is replaced.
        again: Fetches what holds the file anew, as ``lambda: …``, and returns it.
        max_bytes: The largest file that is saved.
        timeout: Seconds to connect, and between two pieces of it.
        retry: How often, and after how long, a connection that breaks is tried anew.
        private_addresses: Follow links to machines that are not on the public Internet, as well.

    Raises:
        ConfigurationError: There is no link, it is none of http(s), or leads to a machine that is
            not on the public Internet; or `path` cannot be written to.
        FileDownloadError: It was refused, or the disk is full.
        ResponseTooLargeError: It is larger than `max_bytes`.
        TransportError: It did not come whole.
    """
    place = Path(path)
    if not await anyio.to_thread.run_sync(_is_free, place):
        raise ConfigurationError(f"{place} cannot be written to: name a file in a folder there is")
    if again is None and isinstance(file, Block):
        again = _fetching_block(notion, file.id)
    bounds = Bounds(max_bytes, timeout, private_addresses)
    if again is not None and _expires(file):
        file, again = await again(), None
    attempt = 0
    while True:
        attempt += 1
        try:
            return await _save(_link(file), place, bounds)
        except (FileDownloadError, TransportError) as error:
            failure = error
        failure.attempts = attempt
        if again is not None and failure.status in _PERHAPS_EXPIRED:
            file, again = await again(), None
        elif attempt < retry.attempts and _may_pass(failure):
            number = random.random()  # noqa: S311 - spreads retries
            await anyio.sleep(retry.delay(failure, attempt=attempt, random=number))
        else:
            raise failure


def _is_free(place: Path) -> bool:
    try:
        return place.parent.is_dir() and not place.is_dir()
    except OSError:  # a name that is too long, a folder that may not be looked into
        return False


def _fetching_block(notion: AsyncClient, block_id: str) -> Again:
    async def fetch_block() -> Downloadable:
        return await notion.blocks.retrieve(block_id)

    return fetch_block


def _hosted(file: Downloadable) -> HostedFile | None:
    found = getattr(file.content if isinstance(file, Block) else file, "file", None)
    return found if isinstance(found, HostedFile) else None


def _expires(file: Downloadable) -> bool:
    hosted = _hosted(file)
    expiry = hosted.expiry_time if hosted is not None else None
    return isinstance(expiry, datetime) and expiry - datetime.now(UTC) < _SOON


def _link(file: Downloadable) -> Secret:
    url = getattr(file.content if isinstance(file, Block) else file, "url", None)
    if not isinstance(url, str) or not url:
        raise ConfigurationError("there is no file with a link in it: give a block or a file")
    return Secret(url)


def _may_pass(failure: FileDownloadError | TransportError) -> bool:
    if isinstance(failure, TransportError):
        return not (isinstance(failure, ConnectError) and failure.permanent)
    return failure.status in _PERHAPS_LATER


async def _save(link: Secret, place: Path, bounds: Bounds) -> int:
    """Fetch it into a file beside the place, which then takes its place."""
    try:
        beside = _Beside(place)
        try:
            size = await fetch(link, beside.write, bounds)
            await anyio.to_thread.run_sync(beside.publish)
        finally:
            beside.discard()
    except OSError as error:
        if isinstance(error, NotionError):  # a timeout is both
            raise
        failure = FileDownloadError(f"{place} cannot be written to: {error.strerror}")
    else:
        return size
    raise failure


class _Beside:
    """A file in the same folder, for its owner alone, until it takes the place of another."""

    def __init__(self, place: Path) -> None:
        self._place = place
        number, name = tempfile.mkstemp(prefix=".download-", suffix=".part", dir=place.parent)
        self._name = Path(name)
        self._file = cast("BinaryIO", open(number, "wb", buffering=0))  # noqa: PTH123, SIM115 - a descriptor
        self._waiting: list[bytes] = []
        self._size = 0
        # A thread that writes goes on when the call is cancelled: it is waited for.
        self._lock = threading.Lock()

    async def write(self, part: bytes) -> None:
        """Take a piece, and write when there is enough."""
        self._waiting.append(part)
        self._size += len(part)
        if self._size >= _PIECE:
            await anyio.to_thread.run_sync(self._flush)

    def _flush(self) -> None:
        with self._lock:
            left = memoryview(b"".join(self._waiting))
            self._waiting, self._size = [], 0
            while left and not self._file.closed:
                left = left[self._file.write(left) :]

    def publish(self) -> None:
        """Let it take its place, when the disk has it."""
        self._flush()
        with self._lock:
            if self._file.closed:
                return  # it was cancelled meanwhile
            os.fsync(self._file.fileno())
            self._file.close()
            self._name.replace(self._place)

    def discard(self) -> None:
        """Close it, and drop what is not whole."""
        with self._lock:
            self._file.close()
            with contextlib.suppress(FileNotFoundError):
                self._name.unlink()
