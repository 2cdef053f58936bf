"""Uploading from every kind of source, of every size."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import AsyncClient, ConfigurationError
from notion_async.errors import FileUploadError
from notion_async.models import FileUpload
from notion_async.resources._source import Source, opened
from notion_async.resources._upload import Plan
from notion_async.resources.file_uploads import FileUploads
from tests.clients import TOKEN
from tests.resources.receiving import (
    ID,
    LARGE,
    MIB,
    PARTS,
    SMALL,
    Receiver,
    hashes,
    receiving,
    stream,
)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving(Receiver()) as receiver:
        yield receiver


@pytest.fixture
async def uploads(receiver: Receiver) -> AsyncIterator[FileUploads]:
    async with AsyncClient(TOKEN, base_url=receiver.url) as notion:
        yield notion.file_uploads


# ------------------------------------------------------------------------------------- sources


class Counted(io.BytesIO):
    """A file that knows which threads read it, and gives little at a time."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.threads: set[int] = set()

    def read(self, size: int | None = -1, /) -> bytes:
        self.threads.add(threading.get_ident())
        return super().read(min(size or 0, 300_000))


@contextlib.contextmanager
def piped(content: bytes) -> Iterator[io.FileIO]:
    """A pipe into which somebody writes."""
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as end:
            end.write(content)

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(reading, "rb", buffering=0) as end:
        yield end
    writer.join()


def skipped(content: bytes) -> io.BytesIO:
    """A file of which something has been read."""
    file = io.BytesIO(b"before" + content)
    file.seek(6)
    return file


async def uploaded(uploads: FileUploads, kind: str, content: bytes, folder: Path) -> FileUpload:
    path = folder / "a.txt"
    path.write_bytes(content)
    match kind:
        case "str":
            return await uploads.upload(str(path))
        case "path":
            return await uploads.upload(path)
        case "file":
            with path.open("rb") as file:
                return await uploads.upload(file)
        case "pipe":
            with piped(content) as file:
                return await uploads.upload(file, filename="a.txt")
        case "pipe of known size":
            with piped(content) as file:
                return await uploads.upload(file, filename="a.txt", size=len(content))
    sources: dict[str, Source] = {
        "bytes": content,
        "bytearray": bytearray(content),
        "memoryview": memoryview(content).cast("I") if len(content) % 4 == 0 else content,
        "BytesIO": skipped(content),
        "slow file": Counted(content),
    }
    if kind in sources:
        return await uploads.upload(sources[kind], filename="a.txt")
    size = len(content) if kind == "stream of known size" else None
    return await uploads.upload(stream(content), filename="a.txt", size=size)


KINDS = (
    "str", "path", "file", "pipe", "pipe of known size", "bytes", "bytearray", "memoryview",
    "BytesIO", "slow file", "stream", "stream of known size",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
async def test_a_small_file_goes_in_one_part(
    uploads: FileUploads, receiver: Receiver, kind: str, tmp_path: Path
) -> None:
    found = await uploaded(uploads, kind, SMALL, tmp_path)

    assert (found.id, found.status, found.content_length) == (ID, "uploaded", len(SMALL))
    assert receiver.created == {
        "mode": "single_part",
        "filename": "a.txt",
        "content_type": "text/plain",
    }
    [part] = receiver.parts.values()
    assert (part.filename, part.content_type) == ("a.txt", "text/plain")
    assert receiver.digests() == hashes([SMALL])
    assert receiver.requests == {"create": 1, "send": 1}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_large_file_goes_in_parts(
    uploads: FileUploads, receiver: Receiver, kind: str, tmp_path: Path
) -> None:
    found = await uploaded(uploads, kind, LARGE, tmp_path)

    assert found.status == "uploaded"
    assert receiver.created["mode"] == "multi_part"
    assert receiver.created["number_of_parts"] == 3
    assert receiver.digests() == hashes(PARTS)
    assert receiver.requests == {"me": 1, "create": 1, "send": 3, "complete": 1}


@pytest.mark.parametrize(
    ("size", "parts"), [(20 * MIB, [20 * MIB]), (20 * MIB + 1, [10 * MIB, 10 * MIB, 1])]
)
async def test_twenty_mebibytes_are_the_most_that_goes_in_one_part(
    uploads: FileUploads, receiver: Receiver, size: int, parts: list[int]
) -> None:
    await uploads.upload(bytes(size), filename="a.txt")

    assert [receiver.parts[number].size for number in sorted(receiver.parts)] == parts


async def test_files_are_read_in_threads(uploads: FileUploads) -> None:
    file = Counted(SMALL)

    await uploads.upload(file, filename="a.txt")

    assert threading.get_ident() not in file.threads
    assert file.threads


async def test_a_file_that_was_handed_in_stays_open(uploads: FileUploads) -> None:
    file = io.BytesIO(SMALL)

    await uploads.upload(file, filename="a.txt")

    assert not file.closed
    assert file.tell() == len(SMALL)


async def test_a_name_and_a_type_that_are_given_are_used(
    uploads: FileUploads, receiver: Receiver, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(SMALL)

    await uploads.upload(path, filename="b.json", content_type="text/x-own")

    assert receiver.created["filename"] == "b.json"
    assert receiver.created["content_type"] == "text/x-own"
    assert receiver.parts[1].filename == "b.json"
    assert receiver.parts[1].content_type == "text/x-own"


async def test_a_type_that_is_not_known_is_left_to_notion(
    uploads: FileUploads, receiver: Receiver
) -> None:
    await uploads.upload(SMALL, filename="a.no-such-type")

    assert "content_type" not in receiver.created
    assert receiver.parts[1].content_type == "application/octet-stream"


async def test_what_cannot_be_read_says_so_before_anything_is_sent(
    uploads: FileUploads, receiver: Receiver, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        await uploads.upload(tmp_path / "nowhere.txt")

    assert receiver.requests == {}


@given(st.lists(st.binary(max_size=20)), st.lists(st.integers(1, 15)), st.booleans())
async def test_a_stream_is_read_whole_however_it_is_cut(
    pieces: list[bytes], sizes: list[int], known: bool
) -> None:
    content = b"".join(pieces)

    async def source() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    async def check(size: int) -> None:
        assert size <= len(content)

    async with opened(source(), size=len(content) if known else None, check=check) as file:
        found = [await file.reader.read(size) for size in [*sizes, len(content) + 1]]

    assert (file.size, file.promised) == (len(content), known)
    assert b"".join(found) == content
    left = len(content)
    for piece, size in zip(found, sizes, strict=False):
        assert len(piece) == min(size, left)
        left -= len(piece)


# --------------------------------------------------------------------------------------- sizes


@given(st.integers(1, 20_000 * MIB))
def test_the_parts_of_a_file_are_those_that_notion_takes(size: int) -> None:
    plan = Plan.of(size)
    lengths = list(plan.lengths())

    assert sum(lengths) == size
    assert len(lengths) == plan.parts <= 1000
    assert all(5 * MIB <= length <= 20 * MIB for length in lengths[:-1])
    assert 0 < lengths[-1] <= 20 * MIB
    assert len(lengths) > 1 or size <= 20 * MIB


async def test_a_file_larger_than_the_workspace_allows_is_refused_before_it_is_sent(
    uploads: FileUploads, receiver: Receiver
) -> None:
    receiver.limit = 6 * MIB

    for source in (bytes(6 * MIB + 1), stream(LARGE)):
        with pytest.raises(ConfigurationError, match=f"up to {6 * MIB} bytes"):
            await uploads.upload(source, filename="a.txt")

    assert receiver.requests == {"me": 1}  # asked once for all files


async def test_a_stream_without_an_end_is_read_no_further_than_the_limit(
    uploads: FileUploads, receiver: Receiver
) -> None:
    receiver.limit = 8 * MIB
    given: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            given.append(MIB)
            yield bytes(MIB)

    with pytest.raises(ConfigurationError, match="or more"):
        await uploads.upload(endless(), filename="a.txt")

    assert sum(given) <= 10 * MIB


async def test_a_file_as_large_as_the_workspace_allows_is_sent(
    uploads: FileUploads, receiver: Receiver
) -> None:
    receiver.limit = 6 * MIB

    await uploads.upload(bytes(6 * MIB), filename="a.txt")

    assert receiver.size == 6 * MIB


async def test_what_every_workspace_allows_needs_no_question(
    uploads: FileUploads, receiver: Receiver
) -> None:
    await uploads.upload(bytes(5 * MIB), filename="a.txt")

    assert receiver.requests["me"] == 0


async def test_many_uploads_ask_for_the_limit_once(
    uploads: FileUploads, receiver: Receiver
) -> None:
    await asyncio.gather(
        *(uploads.upload(bytes(6 * MIB), filename=f"{n}.txt") for n in range(3)),
        return_exceptions=True,  # the receiver takes one upload at a time
    )

    assert receiver.requests["me"] == 1


@pytest.mark.parametrize(
    ("size", "message"), [(len(LARGE) + 1, "fewer bytes"), (len(LARGE) - 1, "more bytes")]
)
async def test_a_stream_that_is_not_as_long_as_was_said_is_not_completed(
    uploads: FileUploads, receiver: Receiver, size: int, message: str
) -> None:
    with pytest.raises(FileUploadError, match=message):
        await uploads.upload(stream(LARGE), filename="a.txt", size=size)

    assert receiver.requests["complete"] == 0


@pytest.mark.parametrize(
    ("size", "message"), [(len(SMALL) + 1, "fewer bytes"), (len(SMALL) - 1, "more bytes")]
)
async def test_a_short_stream_that_is_not_as_long_as_was_said_is_not_sent(
    uploads: FileUploads, receiver: Receiver, size: int, message: str
) -> None:
    with pytest.raises(FileUploadError, match=message):
        await uploads.upload(stream(SMALL), filename="a.txt", size=size)

    assert receiver.requests == {}
