"""Files on their way into Notion.

Notion's pages: https://developers.notion.com/reference/file-upload and the pages beside it.
"""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

import anyio

from notion_async import endpoints
from notion_async.errors import APIResponseError, ConfigurationError
from notion_async.models import FileUpload, User
from notion_async.pagination import Pager
from notion_async.resources._resource import Resource
from notion_async.resources._sender import Sender
from notion_async.resources._source import Source, name_of, opened
from notion_async.resources._upload import LARGEST_PART, MEBIBYTE, Sending, settled
from notion_async.transport.multipart import Multipart
from notion_async.types import UNSET, Maybe

_LONGEST_NAME: Final = 900  # bytes
# What every plan takes: for those there is no need to ask what this one does.
_ALWAYS_TAKEN: Final = 5 * MEBIBYTE
_ANY_TYPE: Final = "application/octet-stream"


class FileUploads(Resource):
    """Upload files, to be attached to pages and blocks.

    `upload` does all of it; the other methods are its steps.  What is uploaded has to be attached
    within an hour, and may then be attached many times.
    """

    __slots__ = ("_asking", "_largest")

    def __init__(self, send: Sender) -> None:
        super().__init__(send)
        self._asking = anyio.Lock()
        self._largest: Maybe[int | None] = UNSET

    async def create(
        self,
        *,
        mode: Maybe[str] = UNSET,
        filename: Maybe[str] = UNSET,
        content_type: Maybe[str] = UNSET,
        number_of_parts: Maybe[int] = UNSET,
        external_url: Maybe[str] = UNSET,
    ) -> FileUpload:
        """Begin an upload.  One that is not used goes away by itself after an hour.

        Args:
            mode: ``single_part`` (up to 20 MiB; the default), ``multi_part`` or
                ``external_url``.
            filename: Its name, with the extension; needed for several parts.
            content_type: Its MIME type; by default that of the extension.
            number_of_parts: How many parts will be sent.
            external_url: Where Notion fetches it, in its own time: over HTTPS, open to all.

        Raises:
            ConfigurationError: The name is empty, or longer than 900 bytes.
            ValidationError: Notion does not accept such a file, or cannot fetch it.
        """
        _check_name(filename)
        return await self._send(
            endpoints.FILE_UPLOADS_CREATE,
            FileUpload.from_json,
            {},
            query={},
            body={
                "mode": mode,
                "filename": filename,
                "content_type": content_type,
                "number_of_parts": number_of_parts,
                "external_url": external_url,
            },
        )

    async def send(
        self,
        file_upload_id: str,
        *,
        file: bytes,
        filename: Maybe[str] = UNSET,
        content_type: Maybe[str] = UNSET,
        part_number: Maybe[int] = UNSET,
    ) -> FileUpload:
        """Send a file, or a part of it.

        Parts may be sent in any order and at the same time.  A part that is sent again replaces
        itself.

        Args:
            file_upload_id: The upload.
            file: Up to 20 MiB.  Parts have at least 5 MiB, but for the last.
            filename: Its name.
            content_type: Its MIME type: the one the upload was begun with, which is the type of
                the extension by default.
            part_number: Which part, counted from 1; only where there are several.

        Raises:
            ConfigurationError: The file is empty, or larger than 20 MiB.
            WriteOutcomeUnknown: The answer was lost, again and again: what does not arrive is
                sent again.
        """
        if not 0 < len(file) <= LARGEST_PART:
            raise ConfigurationError(
                f"what is sent has from 1 byte to 20 MiB, not {len(file)} bytes: use upload, "
                "which sends large files in parts"
            )
        if part_number is not UNSET and part_number < 1:
            raise ConfigurationError(f"parts are counted from 1, so there is no {part_number}")
        name = filename or "file"
        return await self._send(
            endpoints.FILE_UPLOADS_SEND,
            FileUpload.from_json,
            {"file_upload_id": file_upload_id},
            query={},
            body=Multipart(
                {} if part_number is UNSET else {"part_number": str(part_number)},
                "file",
                name,
                content_type or _type_of(name) or _ANY_TYPE,
                file,
            ),
        )

    async def complete(self, file_upload_id: str) -> FileUpload:
        """End an upload of several parts, all of which have been sent.

        Raises:
            ValidationError: Parts are missing, or it has been completed before.
            WriteOutcomeUnknown: The answer was lost, again and again.
        """
        return await self._send(
            endpoints.FILE_UPLOADS_COMPLETE,
            FileUpload.from_json,
            {"file_upload_id": file_upload_id},
            query={},
            body=None,
        )

    async def retrieve(self, file_upload_id: str) -> FileUpload:
        """Return an upload as it is now.

        Raises:
            ObjectNotFoundError: There is no such upload, or it is another connection's.
        """
        return await self._send(
            endpoints.FILE_UPLOADS_RETRIEVE,
            FileUpload.from_json,
            {"file_upload_id": file_upload_id},
            query={},
            body=None,
        )

    async def upload(
        self,
        source: Source,
        *,
        filename: Maybe[str] = UNSET,
        content_type: Maybe[str] = UNSET,
        size: int | None = None,
        concurrency: int = 3,
        timeout: float | None = 600.0,
    ) -> FileUpload:
        """Upload a file and return it ready to be attached.

        It is never wholly in memory.  Up to 20 MiB go in one part; what is larger goes in parts
        of 10 MiB, some at a time, and a part whose connection breaks is sent again, alone.  Each
        part has the client's `timeout`: on a slow line give it more by `with_options`.

        An async stream, or a pipe, does not tell how much is to come, which Notion wants to know
        first: it is copied to a temporary file.  Give its `size`, and it is sent as it comes.

        A link is fetched by Notion itself, and waited for.

        Args:
            source: A path, bytes, a file opened in binary mode, an async iterator of bytes, or a
                link (``https://…``) that is open to all.
            filename: Its name, with the extension; by default that of the path or file.
            content_type: Its MIME type; by default that of the extension.
            size: How many bytes a stream will have.
            concurrency: How many parts are sent at a time, and are in memory.
            timeout: Seconds to wait until Notion has fetched a link, or stored what was sent;
                None for no end.

        Raises:
            ConfigurationError: The file is empty or has no name, or is larger than the workspace
                allows.  Nothing was sent.
            FileUploadError: Notion could not fetch it, or there was less or more of it than
                `size`.
            DeadlineExceededError: Notion is not done with it within `timeout`.
            ValidationError: Notion does not accept such a file.
            OSError: It cannot be read.
        """
        if concurrency < 1:
            raise ConfigurationError(f"concurrency is at least 1, not {concurrency}")
        if isinstance(source, str) and source.lower().startswith(("https://", "http://")):
            upload = await self._import(source, filename, content_type)
        else:
            name = name_of(source) if filename is UNSET else filename
            if name is None:
                raise ConfigurationError(
                    "Notion wants to know the name of the file: give filename"
                )
            _check_name(name)
            sending = Sending(
                self,
                name,
                content_type or _type_of(name) or UNSET,
                concurrency,
            )
            async with opened(source, size=size, check=self._check_size) as file:
                upload = await sending.send(file)
        return await settled(self, upload, clock=self._send.clock, timeout=timeout)

    def list(
        self,
        *,
        status: Maybe[str] = UNSET,
        start_cursor: str | None = None,
        page_size: Maybe[int] = UNSET,
    ) -> Pager[FileUpload]:
        """Return the uploads of this connection, newest first.

        Args:
            status: Only those that are ``pending``, ``uploaded``, ``expired`` or ``failed``.
            start_cursor: Where to go on.
            page_size: How many uploads an answer holds, from 1 to 100.
        """
        return self._list(
            endpoints.FILE_UPLOADS_LIST,
            FileUpload.later,
            {},
            start_cursor=start_cursor,
            page_size=page_size,
            query={"status": status},
        )

    async def _import(
        self, url: str, filename: Maybe[str], content_type: Maybe[str]
    ) -> FileUpload:
        if filename is UNSET:
            name = PurePosixPath(unquote(urlsplit(url).path)).name
            filename = name if PurePosixPath(name).suffix else UNSET
        return await self.create(
            mode="external_url", filename=filename, content_type=content_type, external_url=url
        )

    async def _check_size(self, size: int) -> None:
        if size == 0:
            raise ConfigurationError("the file is empty: Notion takes none of those")
        if size <= _ALWAYS_TAKEN:
            return
        largest = await self._largest_file()
        if largest is not None and size > largest:
            raise ConfigurationError(
                f"the file has {size} bytes or more: this workspace takes files of up to "
                f"{largest} bytes"
            )

    async def _largest_file(self) -> int | None:
        """Return what the workspace takes, or None where Notion does not say; asked once."""
        async with self._asking:
            if self._largest is UNSET:
                try:
                    me = await self._send(
                        endpoints.USERS_ME, User.from_json, {}, query={}, body=None
                    )
                except APIResponseError:
                    return None  # a courtesy: what is too large Notion refuses as well
                limits = me.bot and me.bot.workspace_limits
                self._largest = limits.max_file_upload_size_in_bytes if limits else None
            return self._largest


def _check_name(filename: Maybe[str]) -> None:
    # What is half a character in it is refused where the request is made.
    if filename is not UNSET and not 0 < len(filename.encode(errors="replace")) <= _LONGEST_NAME:
        raise ConfigurationError(
            f"a file name has from 1 to {_LONGEST_NAME} bytes, extension included: give another "
            "filename"
        )


def _type_of(filename: str) -> str | None:
    return mimetypes.guess_type(filename)[0]
