"""Files that our own client uploads to an emulator, imports there, and downloads from it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from notion_async.content import download
from notion_async.errors import FileDownloadError, FileUploadError
from notion_async.testing import Emulator

from .emulated import page, uid
from .uploading import LINK, MIB, SMALL, Day, bot, bytes_of, client, of_upload


@pytest.mark.parametrize(("size", "parts"), [(25, None), (12 * MIB, None), (21 * MIB, (3, 3))])
async def test_what_our_client_uploads_it_downloads_as_it_was(
    size: int, parts: tuple[int, int] | None, tmp_path: Path
) -> None:
    emulator = Emulator(budget=None)
    emulator.load([bot(), page("Home")])
    content = bytes_of(size)
    async with client(emulator) as notion:
        upload = await notion.file_uploads.upload(content, filename="a.png")
        await notion.blocks.children.append(
            uid("Home"), children=[{"image": of_upload(upload.id)}]
        )
        found = await notion.blocks.children.list(uid("Home")).first()
        assert found is not None
        await download(notion, found, tmp_path / "a.png", private_addresses=True)
        kept = await notion.file_uploads.retrieve(upload.id)

    assert (tmp_path / "a.png").read_bytes() == content
    assert (kept.status, kept.content_length, kept.expiry_time) == ("uploaded", size, None)
    counted = kept.number_of_parts
    assert ((counted.total, counted.sent) if counted else None) == parts


async def test_our_client_waits_for_a_link() -> None:
    async with client(Emulator()) as notion:
        upload = await notion.file_uploads.upload(LINK)

    assert (upload.status, upload.filename) == ("uploaded", "My report.pdf")


async def test_our_client_says_why_a_link_was_not_imported() -> None:
    async with client(Emulator()) as notion:
        with pytest.raises(FileUploadError, match="could not be downloaded") as caught:
            await notion.file_uploads.upload("https://files.invalid/a.pdf")

    assert caught.value.type == "download_error"


async def test_our_client_fetches_a_block_again_when_its_link_has_expired(tmp_path: Path) -> None:
    day = Day(datetime.now(UTC))
    emulator = Emulator(wall=day)
    emulator.load([page("Home")])
    async with client(emulator) as notion:
        upload = await notion.file_uploads.upload(SMALL, filename="a.png")
        await notion.blocks.children.append(
            uid("Home"), children=[{"image": of_upload(upload.id)}]
        )
        await notion.pages.update(uid("Home"), cover=of_upload(upload.id))
        old = await notion.blocks.children.list(uid("Home")).first()
        cover = (await notion.pages.retrieve(uid("Home"))).cover
        assert old is not None
        assert cover is not None
        day.pass_by(minutes=61)
        await download(notion, old, tmp_path / "a.png", private_addresses=True)
        with pytest.raises(FileDownloadError) as caught:
            await download(notion, cover, tmp_path / "b.png", private_addresses=True)

    assert (tmp_path / "a.png").read_bytes() == SMALL
    assert caught.value.status == 403
