"""Sending files to an emulator, and fetching them from it: for several modules of tests."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from notion_async import AsyncClient
from notion_async.testing import Emulator
from notion_async.types import JSON

from .emulated import NOW, Object, Raw, uid

MIB = 1024 * 1024
UPLOADS = "/v1/file_uploads"
LINK = "https://example.com/files/My%20report.pdf?x=1"
"""Nobody follows it."""
SMALL = b"This is test file content"


class Day:
    """A time of day that goes on when it is told to."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **span: float) -> None:
        self.moment += timedelta(**span)


def bot(limit: int | None = 5 * 1024 * MIB) -> Object:
    """The bot of a workspace that takes files of so many bytes."""
    limits = {} if limit is None else {"max_file_upload_size_in_bytes": limit}
    return {
        "object": "user",
        "id": uid("bot"),
        "name": "Bot",
        "avatar_url": None,
        "type": "bot",
        "bot": {
            "owner": {"type": "workspace", "workspace": True},
            "workspace_name": "Paid",
            "workspace_id": uid("workspace"),
            "workspace_limits": limits,
        },
    }


def bytes_of(size: int) -> bytes:
    """So many bytes, each of 256 values among them: ends of lines, too."""
    return (bytes(range(256)) * (size // 256 + 1))[:size]


async def create(notion: Raw, **body: JSON) -> Object:
    return await notion.post(UPLOADS, body)


async def send(
    notion: Raw,
    identity: str,
    content: bytes = SMALL,
    *,
    filename: str | None = "a.txt",
    content_type: str | None = None,
    part: str | None = None,
) -> tuple[int, Object]:
    """Send a form as aiohttp makes it."""
    form = aiohttp.FormData(quote_fields=False)
    if filename is None:
        form.add_field("file", content.decode(), content_type=content_type)
    else:
        form.add_field("file", io.BytesIO(content), filename=filename, content_type=content_type)
    if part is not None:
        form.add_field("part_number", part)
    headers = {"Authorization": f"Bearer {notion.emulator.token}", "Notion-Version": "2026-03-11"}
    url = f"{notion.emulator.base_url}{UPLOADS}/{identity}/send"
    async with notion.session.post(url, data=form, headers=headers) as response:
        return response.status, await response.json()


async def refusal(notion: Raw, identity: str, content: bytes = SMALL, **options: Any) -> str:
    """Return what is wrong with a file that is sent."""
    status, answer = await send(notion, identity, content, **options)
    assert (status, answer["code"]) == (400, "validation_error")
    message: str = answer["message"]
    return message


async def uploaded(
    notion: Raw, content: bytes = SMALL, filename: str = "a.txt", content_type: str | None = None
) -> str:
    """Return the id of a file that is there, and not attached yet."""
    given: dict[str, JSON] = {} if content_type is None else {"content_type": content_type}
    identity: str = (await create(notion, filename=filename, **given))["id"]
    status, answer = await send(
        notion, identity, content, filename=filename, content_type=content_type
    )
    assert status == 200, answer
    return identity


def of_upload(identity: str) -> Object:
    return {"type": "file_upload", "file_upload": {"id": identity}}


async def append(notion: Raw, *children: Object) -> list[Object]:
    path = f"/v1/blocks/{uid('Home')}/children"
    results: list[Object] = (await notion.patch(path, {"children": children}))["results"]
    return results


async def shown(
    notion: Raw, content: bytes = SMALL, filename: str = "a.txt", content_type: str | None = None
) -> Object:
    """Return a block that shows a file, freshly uploaded."""
    identity = await uploaded(notion, content, filename, content_type)
    [found] = await append(notion, {"file": of_upload(identity)})
    return found


async def fetch(
    notion: Raw, url: str, method: str = "GET", **headers: str
) -> tuple[int, bytes, dict[str, str]]:
    async with notion.session.request(method, url, headers=headers) as response:
        return response.status, await response.read(), dict(response.headers)


@asynccontextmanager
async def client(emulator: Emulator) -> AsyncIterator[AsyncClient]:
    async with (
        emulator,
        AsyncClient(emulator.token, base_url=emulator.base_url) as notion,
    ):
        yield notion
