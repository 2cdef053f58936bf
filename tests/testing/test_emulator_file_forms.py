"""Forms with files in them, and which files are taken at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notion_async.testing.file_types import category, named
from notion_async.testing.forms import form_of
from notion_async.transport.multipart import Multipart

from .emulated import emulated
from .uploading import UPLOADS, create

FORM = "multipart/form-data; boundary=B"


async def message_about(kind: str, body: bytes) -> str:
    """Return how a body is refused."""
    async with emulated() as notion:
        identity = (await create(notion))["id"]
        headers = {
            "Authorization": f"Bearer {notion.emulator.token}",
            "Notion-Version": "2026-03-11",
            "Content-Type": kind,
        }
        url = f"{notion.emulator.base_url}{UPLOADS}/{identity}/send"
        async with notion.session.post(url, data=body, headers=headers) as response:
            answer = await response.json()
    assert (response.status, answer["code"]) == (400, "validation_error")
    message: str = answer["message"]
    return message


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"{}"),
        ("multipart/form-data", b"x"),
        (FORM, b""),
        (FORM, b"x"),
        (FORM, b'--B\r\nContent-Disposition: form-data; name="file"\r\n\r\nx'),
    ],
)
async def test_what_is_no_whole_form_is_refused(kind: str, body: bytes) -> None:
    assert await message_about(kind, body) == "The body should be a form, as multipart/form-data."


async def test_a_form_without_a_file_is_refused() -> None:
    nested = b"Content-Type: multipart/mixed; boundary=C\r\n\r\n--C\r\n\r\nx\r\n--C--"
    body = b'--B\r\nContent-Disposition: form-data; name="file"\r\n' + nested + b"\r\n--B--\r\n"

    assert "body.file should be defined" in await message_about(FORM, body)


NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\'), min_size=1
)


@settings(deadline=None)
@given(content=st.binary() | st.lists(st.sampled_from([b"\r", b"\n", b"--B", b"x"])).map(b"".join),
       filename=NAMES, part=st.integers(1, 1000))  # fmt: skip
def test_whatever_our_client_sends_comes_out_as_it_went_in(
    content: bytes, filename: str, part: int
) -> None:
    sent = Multipart({"part_number": str(part)}, "file", filename, "text/plain", content)

    content_type, pieces = sent.encode()
    form = form_of({"Content-Type": content_type}, b"".join(pieces))

    assert form["file"].content == content
    assert form["file"].content_type == "text/plain"
    assert form["part_number"].content == str(part).encode()
    assert form["file"].filename == filename


@pytest.mark.parametrize("written", [b"*=utf-8''%C3%A4.txt", b'="\xe4.txt"', b'="\xc3\xa4.txt"'])
def test_a_name_in_any_encoding_is_read(written: bytes) -> None:
    head = b'--B\r\nContent-Disposition: form-data; name="file"; filename' + written
    form = form_of({"Content-Type": FORM}, head + b"\r\n\r\nx\r\n--B--\r\n")

    assert form["file"].filename == "ä.txt"
    assert form["file"].content_type is None


@pytest.mark.parametrize(
    ("content_type", "found"),
    [
        ("application/pdf", "pdf"),
        ("application/mp4", "video"),
        ("video/mp4", "video"),
        ("audio/mpeg", "audio"),
        ("image/png", "image"),
        ("application/json", "productivity"),
        ("", "productivity"),
    ],
)
def test_each_type_is_of_one_category(content_type: str, found: str) -> None:
    assert category(content_type) == found


ACCEPTED = (
    "aac adts mid midi mp3 mpga m4a m4b mp4 oga ogg wav wma pdf txt json doc docx dot dotx xls "
    "xlsx xlt xltx xla ppt pptx pot potx pps ppa gif heic jpg jpeg png svg tif tiff webp ico amv "
    "asf wmv avi f4v flv gifv m4v mkv webm mov qt mpeg html"
)


@pytest.mark.parametrize("extension", ACCEPTED.split())
def test_a_type_without_a_name_gets_an_extension_that_stands_for_it(extension: str) -> None:
    _, content_type = named(f"a.{extension}", None)

    name, same = named("a", content_type)

    assert name is not None
    assert named(name, None)[1] == same == content_type
