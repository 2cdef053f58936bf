"""Getting a file into Notion: in one part or in several, and however often that takes.

Notion's page: https://developers.notion.com/guides/data-apis/working-with-files-and-media
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import anyio
import attrs

from notion_async.errors import (
    ConfigurationError,
    DeadlineExceededError,
    FileUploadError,
)
from notion_async.models import FileUpload
from notion_async.resources._source import IN_MEMORY, Opened
from notion_async.transport.clock import Clock
from notion_async.types import UNSET, Maybe

if TYPE_CHECKING:
    from notion_async.resources.file_uploads import FileUploads

MEBIBYTE: Final = 1024 * 1024
LARGEST_PART: Final = IN_MEMORY
"""What Notion takes in one part; what is larger goes in several."""
_PART: Final = 10 * MEBIBYTE
_MOST_PARTS: Final = 1000
# Seconds between two looks at an upload that Notion works at: doubled from the first to the last.
_FIRST_LOOK: Final = 1.0
_LAST_LOOK: Final = 30.0


@attrs.frozen
class Plan:
    """In how many parts a file goes."""

    size: int
    part_size: int
    parts: int

    @classmethod
    def of(cls, size: int) -> Plan:
        """Return the plan for a file of so many bytes.

        Raises:
            ConfigurationError: There is none: it is too large for Notion.
        """
        if size <= LARGEST_PART:
            return cls(size, size, 1)
        part_size = max(_PART, math.ceil(size / _MOST_PARTS))
        if part_size > LARGEST_PART:
            raise ConfigurationError(
                f"{size} bytes do not fit into {_MOST_PARTS} parts of 20 MiB, the most that "
                "Notion takes: give an external file"
            )
        return cls(size, part_size, math.ceil(size / part_size))

    def lengths(self) -> Iterator[int]:
        """Yield the length of each part: only the last one is shorter."""
        for start in range(0, self.size, self.part_size):
            yield min(self.part_size, self.size - start)


@attrs.frozen
class Sending:
    """One file on its way."""

    uploads: FileUploads
    filename: str
    content_type: Maybe[str]
    concurrency: int

    async def send(self, source: Opened) -> FileUpload:
        """Send all of it; return the upload as Notion then shows it.

        Raises:
            FileUploadError: There is less or more of it than was promised.
        """
        plan = Plan.of(source.size)
        if plan.parts == 1:
            content = await _read(source, plan.size, last=True)
            upload = await self.uploads.create(
                mode="single_part", filename=self.filename, content_type=self.content_type
            )
            return await self._send(upload, content)
        upload = await self.uploads.create(
            mode="multi_part",
            filename=self.filename,
            content_type=self.content_type,
            number_of_parts=plan.parts,
        )
        await self._send_parts(upload, source, plan)
        return await self.uploads.complete(upload.id)

    async def _send_parts(self, upload: FileUpload, source: Opened, plan: Plan) -> None:
        """Read part after part, and send some of them at the same time."""
        slots = anyio.Semaphore(self.concurrency)

        async def send(number: int, content: bytes) -> None:
            try:
                await self._send(upload, content, number)
            finally:
                slots.release()

        try:
            async with anyio.create_task_group() as group:
                for number, length in enumerate(plan.lengths(), 1):
                    await slots.acquire()  # before reading: so many are in memory, and no more
                    content = await _read(source, length, last=number == plan.parts)
                    group.start_soon(send, number, content)
                    del content
            return
        except BaseExceptionGroup as group_of_failures:
            failure = group_of_failures.exceptions[0]
        raise failure

    async def _send(
        self, upload: FileUpload, content: bytes, number: Maybe[int] = UNSET
    ) -> FileUpload:
        return await self.uploads.send(
            upload.id,
            file=content,
            filename=self.filename,
            content_type=upload.content_type or self.content_type,  # Notion wants both the same
            part_number=number,
        )


async def _read(source: Opened, length: int, *, last: bool) -> bytes:
    content = await source.reader.read(length)
    if len(content) < length:
        raise FileUploadError(f"there are fewer bytes than {source.size}: it was not uploaded")
    if last and source.promised and await source.reader.read(1):
        raise FileUploadError(f"there are more bytes than {source.size}: it was not uploaded")
    return content


async def settled(
    uploads: FileUploads, upload: FileUpload, *, clock: Clock, timeout: float | None
) -> FileUpload:
    """Return an upload once it is ``uploaded``.

    Args:
        uploads: Asked how it stands.
        upload: What is waited for.
        clock: Where waiting takes place.
        timeout: Seconds to wait; None for no end.

    Raises:
        FileUploadError: It failed, or expired.
        DeadlineExceededError: Notion is not done with it within the time.
    """
    end = math.inf if timeout is None else clock.now() + timeout
    pause = _FIRST_LOOK
    while upload.status == "pending":
        if clock.now() + pause > end:
            raise DeadlineExceededError(
                f"file upload {upload.id} is still pending after {timeout:g} s: Notion goes on "
                "with it, look at it later by file_uploads.retrieve",
                sent=True,
            )
        await clock.sleep(pause)
        pause = min(2 * pause, _LAST_LOOK)
        upload = await uploads.retrieve(upload.id)
    if upload.status != "uploaded":
        raise _failure(upload)
    return upload


def _failure(upload: FileUpload) -> FileUploadError:
    about = f"file upload {upload.id} ended as {upload.status!r}"
    error = upload.file_import_result and upload.file_import_result.error
    if not error:
        return FileUploadError(about, file_upload_id=upload.id)
    return FileUploadError(
        f"{about}: {error.message or error.type or 'no reason given'}",
        file_upload_id=upload.id,
        type=error.type or "",
        code=error.code or "",
    )
