"""A form with a file is read by others as it was meant."""

from __future__ import annotations

import email
import email.policy
from email.message import MIMEPart

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import endpoints
from notion_async.transport.multipart import Multipart
from tests.clients import answer, client_to
from tests.faults.server import serving
from tests.faults.strikes import says


def content_of(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def parsed(form: Multipart) -> list[tuple[str | None, str | None, str, bytes]]:
    """Read a form by the standard library: name, file name, type and content of each part."""
    kind, pieces = form.encode()
    text = b"Content-Type: " + kind.encode() + b"\r\n\r\n" + b"".join(pieces)
    message = email.message_from_bytes(text, policy=email.policy.HTTP)
    return [
        (
            part["content-disposition"].params.get("name"),
            part.get_filename(),
            part.get_content_type(),
            content_of(part),
        )
        for part in message.iter_parts()
    ]


def test_a_form_holds_its_fields_and_the_file() -> None:
    form = Multipart({"part_number": "2"}, "file", "a.bin", "application/x-y", b"\r\n--\x00\xff")

    assert parsed(form) == [
        ("part_number", None, "text/plain", b"2"),
        ("file", "a.bin", "application/x-y", b"\r\n--\x00\xff"),
    ]


@pytest.mark.parametrize("evil", ['a"; name="x', "a\r\nX-Evil: 1", 'a"\r\n\r\nbody'])
def test_a_file_name_cannot_break_out(evil: str) -> None:
    (_, shown, kind, content) = parsed(Multipart({}, "file", evil, "text/plain", b"x"))[0]

    assert shown is not None
    assert not set(shown) & set('"\r\n')
    assert (kind, content) == ("text/plain", b"x")


def test_a_content_type_cannot_break_out() -> None:
    ((name, _, _, content),) = parsed(Multipart({}, "file", "a", "text/plain\r\nX-Evil: 1", b"x"))

    assert (name, content) == ("file", b"x")


@given(content=st.binary(max_size=200))
def test_the_file_is_not_changed_and_not_copied(content: bytes) -> None:
    _, pieces = Multipart({}, "file", "a", "text/plain", content).encode()

    assert pieces[1] is content


async def test_a_large_form_arrives_with_its_length(recwarn: pytest.WarningsRecorder) -> None:
    content = bytes(range(256)) * 12_000
    form = Multipart({"part_number": "1"}, "file", "große.bin", "text/plain", content)
    takes = says(answer({"object": "file_upload", "id": "x"}))
    ids = {"file_upload_id": "0" * 32}
    async with serving(takes) as server, client_to(server) as notion:
        await notion._sender(endpoints.FILE_UPLOADS_SEND, bytes, ids, query={}, body=form)

    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert b"Transfer-Encoding" not in head
    assert content in body
    assert 'filename="große.bin"'.encode() in body
    assert not recwarn.list
