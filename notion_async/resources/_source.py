"""What is uploaded, wherever it comes from: read once, piece by piece, never wholly in memory."""

from __future__ import annotations

import io
import os
import stat
import tempfile
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO, Final, Protocol, TypeAlias, cast, runtime_checkable

import attrs
from anyio.to_thread import run_sync

from notion_async.errors import ConfigurationError


@runtime_checkable
class BinaryFile(Protocol):
    """What is asked of a file: that it can be read."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes; none at its end."""
        ...


Source: TypeAlias = (
    str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryFile | AsyncIterable[bytes]
)

# A stream of unknown length stays in memory as long as it may be sent in one part.
IN_MEMORY: Final = 20 * 1024 * 1024
_PIECE: Final = 1024 * 1024


class Reader(Protocol):
    """A source that has been opened."""

    async def read(self, size: int) -> bytes:
        """Return so many bytes; fewer only at its end."""
        ...


class _FileReader:
    """A file, read in threads: disks block."""

    def __init__(self, file: BinaryFile) -> None:
        self._file = file

    async def read(self, size: int) -> bytes:
        return await run_sync(self._read, size)

    def _read(self, size: int) -> bytes:
        whole = self._piece(size)
        if not whole or len(whole) == size:
            return whole
        pieces = [whole]  # unbuffered files and pipes give less than is asked for
        size -= len(whole)
        while size and (piece := self._piece(size)):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _piece(self, size: int) -> bytes:
        piece = self._file.read(size)
        if not isinstance(piece, bytes):
            raise ConfigurationError(
                f"the file gives {type(piece).__name__}, not bytes: open it in binary mode"
            )
        return piece


class _StreamReader:
    """Pieces of any size, put together to those that are asked for."""

    def __init__(self, pieces: AsyncIterable[bytes]) -> None:
        self._pieces = aiter(pieces)
        self._left = memoryview(b"")

    async def read(self, size: int) -> bytes:
        found: list[memoryview] = []
        while size and await self._has_more():
            piece, self._left = self._left[:size], self._left[size:]
            found.append(piece)
            size -= len(piece)
        return b"".join(found)

    async def _has_more(self) -> bool:
        while not self._left:
            try:
                piece: object = await anext(self._pieces)
            except StopAsyncIteration:
                return False
            if not isinstance(piece, (bytes, bytearray, memoryview)):
                raise ConfigurationError(
                    f"the stream yields {type(piece).__name__}, not bytes: encode it"
                )
            self._left = memoryview(piece).cast("B")
        return True


class _MemoryReader:
    """Bytes that are at hand."""

    def __init__(self, content: memoryview) -> None:
        self._left = content

    async def read(self, size: int) -> bytes:
        piece, self._left = self._left[:size], self._left[size:]
        return bytes(piece)


@attrs.frozen
class Opened:
    """A source that can be read now."""

    reader: Reader
    size: int
    """How much of it is to be read."""
    promised: bool = False
    """Whether the size is the word of the caller alone, and may turn out to be wrong."""


Check: TypeAlias = Callable[[int], Awaitable[None]]


@asynccontextmanager
async def opened(source: Source, *, size: int | None, check: Check) -> AsyncGenerator[Opened]:
    """Open a source, and learn how long it is.

    One whose length nobody knows is read first: into memory up to 20 MiB, else into a temporary
    file, which is gone at the end.

    Args:
        source: What is read.
        size: Its length, where the caller knows it.
        check: Told the length, or how much of it there is so far; raises when it is too long.
    """
    async with _unmeasured(source) as (reader, own):
        if own is not None and size is not None and own != size:
            raise ConfigurationError(f"size says {size} bytes, but there are {own}: leave it out")
        found = own if size is None else size
        if found is not None:
            await check(found)
            yield Opened(reader, found, promised=own is None)
            return
        async with _spooled(reader, check) as measured:
            yield measured


@asynccontextmanager
async def _unmeasured(source: Source) -> AsyncGenerator[tuple[Reader, int | None]]:
    """Open a source, and tell its length where the source itself knows it."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        content = memoryview(source).cast("B")
        yield _MemoryReader(content), len(content)
    elif isinstance(source, (str, os.PathLike)):
        file: BinaryIO = await run_sync(_open, source)
        try:
            yield _FileReader(file), await run_sync(_size_on_disk, file)
        finally:
            await run_sync(file.close)
    elif isinstance(source, AsyncIterable):
        yield _StreamReader(source), None
    elif isinstance(source, BinaryFile) and not isinstance(source, io.TextIOBase):
        yield _FileReader(source), await run_sync(_size_ahead, source)
    else:
        raise ConfigurationError(
            f"{type(source).__name__} cannot be uploaded: give a path, bytes, a file opened in "
            "binary mode, or an async iterator of bytes"
        )


@asynccontextmanager
async def _spooled(reader: Reader, check: Check) -> AsyncGenerator[Opened]:
    file = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115
    try:
        size = 0
        while piece := await reader.read(_PIECE):
            size += len(piece)
            await check(size)
            await run_sync(file.write, piece)
        await check(size)
        await run_sync(file.seek, 0)
        yield Opened(_FileReader(file), size)
    finally:
        await run_sync(file.close)


def _open(path: str | os.PathLike[str]) -> BinaryIO:
    return Path(path).open("rb")


def _size_on_disk(file: BinaryIO) -> int | None:
    found = os.fstat(file.fileno())
    return found.st_size if stat.S_ISREG(found.st_mode) else None  # else a pipe, or a device


def _size_ahead(file: BinaryFile) -> int | None:
    """Return how much there is from where a file stands; None where it cannot tell."""
    known = cast("BinaryIO", file)
    try:
        here = known.tell()
        end = known.seek(0, os.SEEK_END)
        known.seek(here)
    except (AttributeError, OSError):  # what cannot be asked, or not moved in: a pipe
        return None
    return max(0, end - here)


def name_of(source: Source) -> str | None:
    """Return the name that a source has by itself, without folders."""
    if isinstance(source, (str, os.PathLike)):
        return Path(source).name or None
    name = getattr(source, "name", None)  # of open files; a number where there is only that
    return Path(name).name or None if isinstance(name, str) else None
