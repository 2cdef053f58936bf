"""Uploading: every kind of source, in one part and in several, over connections that break."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
)
from typing import Any

import pytest

from notion_async import (
    UNSET,
    AsyncClient,
    ConfigurationError,
    ConnectionLostError,
    DeadlineExceededError,
    ValidationError,
    WriteOutcomeUnknown,
)
from notion_async.errors import FileUploadError
from notion_async.models import FileUpload
from notion_async.resources.file_uploads import FileUploads
from notion_async.testing.clock import ManualClock
from tests.clients import TOKEN, answer, client_to, listing, virtual_client
from tests.faults.server import serving
from tests.faults.strikes import says
from tests.mocked import mocked
from tests.processes import environment, run
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
from tests.resources.upload_stream import digests
from tests.transport.tools import Answer, Script, ok, refused

API = "https://api.notion.com/v1/file_uploads"
Call = Callable[[FileUploads], Awaitable[object]]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving(Receiver()) as receiver:
        yield receiver


@pytest.fixture
async def uploads(receiver: Receiver) -> AsyncIterator[FileUploads]:
    async with AsyncClient(TOKEN, base_url=receiver.url) as notion:
        yield notion.file_uploads


# ------------------------------------------------------------------------------------ requests

SHAPES: dict[str, tuple[Call, str, str, list[tuple[str, str]], object]] = {
    "create plainly": (lambda f: f.create(), "POST", "", [], {}),
    "create": (
        lambda f: f.create(
            mode="multi_part", filename="a.pdf", content_type="application/pdf", number_of_parts=3
        ),
        "POST",
        "",
        [],
        {
            "mode": "multi_part",
            "filename": "a.pdf",
            "content_type": "application/pdf",
            "number_of_parts": 3,
        },
    ),
    "create for a link": (
        lambda f: f.create(mode="external_url", external_url="https://example.com/a.pdf"),
        "POST",
        "",
        [],
        {"mode": "external_url", "external_url": "https://example.com/a.pdf"},
    ),
    "complete": (lambda f: f.complete(ID), "POST", f"/{ID}/complete", [], None),
    "retrieve": (lambda f: f.retrieve(ID.replace("-", "")), "GET", f"/{ID}", [], None),
    "list": (
        lambda f: f.list(status="pending", start_cursor="c", page_size=9),
        "GET",
        "",
        [("page_size", "9"), ("start_cursor", "c"), ("status", "pending")],
        None,
    ),
    "list of all": (lambda f: f.list(), "GET", "", [], None),
}


@pytest.mark.parametrize("name", SHAPES)
async def test_a_request_has_exactly_what_was_given(name: str) -> None:
    call, method, path, query, body = SHAPES[name]

    with mocked(listing()) as requests:
        async with AsyncClient(TOKEN) as notion:
            await call(notion.file_uploads)

    [request] = requests
    assert (request.method, request.path) == (method, API + path)
    assert sorted(request.query) == query
    assert request.body == body


async def sent_form(**options: Any) -> tuple[str, bytes]:
    """Return the first line of a request that sends a file, and its form, one boundary for all."""
    shown = answer({"object": "file_upload", "id": ID, "status": "uploaded"})
    async with serving(says(shown)) as server, client_to(server) as notion:
        await notion.file_uploads.send(ID, **options)
    [request] = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    [kind] = [line for line in head.split(b"\r\n") if line.startswith(b"Content-Type: ")]
    boundary = kind.removeprefix(b"Content-Type: multipart/form-data; boundary=")
    return head.decode().partition("\r\n")[0], body.replace(boundary, b"B")


async def test_a_file_is_sent_as_a_form() -> None:
    line, form = await sent_form(file=SMALL, filename="test file.txt", content_type="text/plain")

    assert line == f"POST /v1/file_uploads/{ID}/send HTTP/1.1"
    assert form == (
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="test file.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\nThis is test file content\r\n--B--\r\n"
    )


async def test_a_part_of_a_file_has_its_number() -> None:
    _, form = await sent_form(file=b"x", filename="a.png", part_number=3)

    assert form == (
        b'--B\r\nContent-Disposition: form-data; name="part_number"\r\n\r\n3\r\n'
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
        b"Content-Type: image/png\r\n\r\nx\r\n--B--\r\n"
    )


async def test_a_file_of_which_nothing_is_known_is_bytes() -> None:
    _, form = await sent_form(file=b"x")

    assert b'filename="file"\r\nContent-Type: application/octet-stream\r\n' in form


WRONG: dict[str, tuple[Call, str]] = {
    "nothing to send": (lambda f: f.send(ID, file=b""), "from 1 byte to 20 MiB"),
    "too much to send": (lambda f: f.send(ID, file=bytes(20 * MIB + 1)), "use upload"),
    "a part before the first": (lambda f: f.send(ID, file=b"x", part_number=0), "from 1"),
    "no name": (lambda f: f.upload(SMALL), "give filename"),
    "an empty name": (lambda f: f.upload(SMALL, filename=""), "another filename"),
    "a name that is too long": (lambda f: f.upload(SMALL, filename="é" * 451), "900 bytes"),
    "a name too long to begin": (lambda f: f.create(filename="x" * 901), "900 bytes"),
    "no part at a time": (lambda f: f.upload(SMALL, filename="a", concurrency=0), "concurrency"),
    "an empty file": (lambda f: f.upload(b"", filename="a.txt"), "empty"),
    "an empty stream": (lambda f: f.upload(stream(b""), filename="a.txt"), "empty"),
    "text": (lambda f: f.upload(io.StringIO("x"), filename="a"), "StringIO"),  # type: ignore[arg-type]  # the point
    "a file of text": (lambda f: f.upload(Texts(), filename="a"), "binary mode"),  # type: ignore[arg-type]  # the point
    "a stream of text": (lambda f: f.upload(texts(), filename="a"), "encode it"),  # type: ignore[arg-type]  # the point
    "a number": (lambda f: f.upload(3, filename="a"), "int cannot be uploaded"),  # type: ignore[arg-type]  # the point
    "another size than it has": (
        lambda f: f.upload(SMALL, filename="a", size=3),
        "size says 3 bytes, but there are 25",
    ),
    "more than Notion takes": (
        lambda f: f.upload(stream(SMALL), filename="a", size=20_000 * MIB + 1),
        "external file",
    ),
}


class Texts:
    """A file that forgot to say that it is text."""

    def read(self, size: int) -> str:
        return "x" * size


async def texts() -> AsyncIterator[str]:
    yield "x"


@pytest.mark.parametrize("name", WRONG)
async def test_what_cannot_work_is_refused_before_it_is_sent(
    uploads: FileUploads, receiver: Receiver, name: str
) -> None:
    call, message = WRONG[name]

    with pytest.raises(ConfigurationError, match=message):
        await call(uploads)

    assert set(receiver.requests) <= {"me"}


# -------------------------------------------------------------------------- broken connections


async def test_a_part_that_was_lost_is_sent_again_alone(
    uploads: FileUploads, receiver: Receiver
) -> None:
    receiver.breaks["send", 2] = "before"

    found = await uploads.upload(LARGE, filename="a.txt")

    assert found.status == "uploaded"
    assert receiver.digests() == hashes(PARTS)
    assert receiver.requests["send"] == 4
    assert receiver.received == {1: 1, 2: 1, 3: 1}
    assert receiver.requests["create"] == 1


async def test_a_part_whose_answer_was_lost_replaces_itself(
    uploads: FileUploads, receiver: Receiver
) -> None:
    receiver.breaks["send", 3] = "after"

    await uploads.upload(LARGE, filename="a.txt")

    assert receiver.digests() == hashes(PARTS)
    assert receiver.received == {1: 1, 2: 1, 3: 2}


@pytest.mark.parametrize(("breaks", "sent"), [("before", 2), ("after", 1)])
async def test_a_whole_file_is_sent_again_only_if_it_did_not_arrive(
    uploads: FileUploads, receiver: Receiver, breaks: str, sent: int
) -> None:
    receiver.breaks["send", 1] = breaks

    found = await uploads.upload(SMALL, filename="a.txt")

    assert found.status == "uploaded"
    assert receiver.requests == {"create": 1, "send": sent, "retrieve": 1}
    assert receiver.received == {1: 1}


@pytest.mark.parametrize(("breaks", "completed"), [("before", 2), ("after", 1)])
async def test_an_upload_is_completed_again_only_if_it_was_not(
    uploads: FileUploads, receiver: Receiver, breaks: str, completed: int
) -> None:
    receiver.breaks["complete", 1] = breaks

    found = await uploads.upload(LARGE, filename="a.txt")

    assert found.status == "uploaded"
    assert receiver.requests["complete"] == completed


@pytest.mark.parametrize("concurrency", [1, 2])
async def test_no_more_parts_are_under_way_than_was_said(
    uploads: FileUploads, receiver: Receiver, concurrency: int
) -> None:
    await uploads.upload(LARGE, filename="a.txt", concurrency=concurrency)

    assert receiver.most_in_flight == concurrency
    assert receiver.digests() == hashes(PARTS)


async def test_a_part_that_is_refused_ends_the_upload_with_one_plain_error(
    uploads: FileUploads, receiver: Receiver
) -> None:
    receiver.refused = {1, 2, 3}

    with pytest.raises(ValidationError, match="not wanted"):
        await uploads.upload(LARGE, filename="a.txt")

    assert receiver.requests["complete"] == 0


async def test_a_stream_that_breaks_ends_the_upload_with_its_own_error(
    uploads: FileUploads, receiver: Receiver
) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield bytes(11 * MIB)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        await uploads.upload(breaking(), filename="a.txt", size=len(LARGE))

    assert receiver.requests["complete"] == 0


# ---------------------------------------------------------------------------------- virtual time


def shown(status: str, **fields: object) -> Answer:
    upload = {
        "object": "file_upload",
        "id": ID,
        "status": status,
        "created_time": "2026-07-04T09:11:00.000Z",
        "last_edited_time": "2026-07-04T09:11:00.000Z",
        **fields,
    }
    return ok(json.dumps(upload).encode())


PENDING, UPLOADED = shown("pending"), shown("uploaded", content_length=25)
LOST = ConnectionLostError("reset", sent=True)
LINK = "https://example.com/files/My%20report.pdf?x=1"


class Uploading:
    """A client in virtual time, and when it asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: Answer) -> None:
        self.clock = ManualClock()
        self.script = Script(self.clock, *answers)
        self.notion = virtual_client(monkeypatch, self.clock, self.script)

    async def upload(self, source: bytes | str, *, timeout: float | None = 600.0) -> FileUpload:
        name = "a.txt" if isinstance(source, bytes) else UNSET
        uploads = self.notion.file_uploads
        uploading = asyncio.ensure_future(uploads.upload(source, filename=name, timeout=timeout))
        await self.clock.run(until=uploading)
        return await uploading


async def test_what_stays_lost_is_given_up_after_six_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    uploading = Uploading(monkeypatch, PENDING, *([LOST, PENDING] * 5), LOST)

    with pytest.raises(WriteOutcomeUnknown):
        await uploading.upload(SMALL)

    sends = uploading.script.sent_at[1:12:2]  # what follows is the last look, in vain
    assert sends == [0.0, 0.5, 1.5, 3.5, 7.5, 15.5]


async def test_where_notion_does_not_answer_for_the_limit_the_file_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    uploading = Uploading(monkeypatch, refused(403, "restricted_resource"), PENDING, UPLOADED)

    found = await uploading.upload(bytes(6 * MIB))

    assert found.status == "uploaded"


async def test_a_link_is_fetched_by_notion_and_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    uploading = Uploading(monkeypatch, *[PENDING] * 8, UPLOADED)

    found = await uploading.upload(LINK)

    assert found.status == "uploaded"
    assert uploading.script.sent_at == [0, 1, 3, 7, 15, 31, 61, 91, 121]


IMPORT_FAILED = {
    "type": "error",
    "imported_time": "2026-07-04T09:11:43.000+00:00",
    "error": {
        "type": "download_error",
        "code": "http_error",
        "message": "The server answered with 403.",
        "parameter": None,
        "status_code": 403,
    },
}


async def test_a_link_that_notion_cannot_fetch_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = shown("failed", file_import_result=IMPORT_FAILED)
    uploading = Uploading(monkeypatch, PENDING, failed)

    with pytest.raises(FileUploadError, match="The server answered with 403") as caught:
        await uploading.upload(LINK)

    error = caught.value
    assert (error.file_upload_id, error.type, error.code) == (ID, "download_error", "http_error")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (shown("expired"), "ended as 'expired'"),
        (shown("failed", file_import_result={"type": "error", "error": {}}), "no reason given"),
        (shown("failed", file_import_result={"type": "success", "success": {}}), "as 'failed'"),
    ],
)
async def test_an_upload_that_ends_otherwise_is_an_error(
    monkeypatch: pytest.MonkeyPatch, answer: Answer, message: str
) -> None:
    uploading = Uploading(monkeypatch, PENDING, answer)

    with pytest.raises(FileUploadError, match=message) as caught:
        await uploading.upload(LINK)

    assert (caught.value.type, caught.value.code) == ("", "")


async def test_waiting_for_a_link_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    uploading = Uploading(monkeypatch, PENDING)

    with pytest.raises(DeadlineExceededError, match=f"{ID} is still pending after 20 s"):
        await uploading.upload(LINK, timeout=20)

    assert uploading.script.sent_at == [0, 1, 3, 7, 15]


async def test_without_a_timeout_a_link_is_waited_for_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    uploading = Uploading(monkeypatch, *[PENDING] * 100, UPLOADED)

    found = await uploading.upload(LINK, timeout=None)

    assert found.status == "uploaded"


@pytest.mark.parametrize(
    ("link", "filename"),
    [
        (LINK, "My report.pdf"),
        ("HTTPS://example.com/a.b/", "a.b"),
        ("https://example.com/report", None),
        ("https://example.com", None),
    ],
)
async def test_a_link_gives_the_file_its_name_if_it_has_one(
    link: str, filename: str | None
) -> None:
    with mocked({"object": "file_upload", "id": ID, "status": "uploaded"}) as requests:
        async with AsyncClient(TOKEN) as notion:
            await notion.file_uploads.upload(link)

    [request] = requests
    named = {} if filename is None else {"filename": filename}
    assert request.body == {"mode": "external_url", "external_url": link, **named}


async def test_the_file_of_a_link_may_be_given_another_name_and_type() -> None:
    with mocked({"object": "file_upload", "id": ID, "status": "uploaded"}) as requests:
        async with AsyncClient(TOKEN) as notion:
            await notion.file_uploads.upload(LINK, filename="b.md", content_type="text/plain")

    [request] = requests
    assert request.body == {
        "mode": "external_url",
        "external_url": LINK,
        "filename": "b.md",
        "content_type": "text/plain",
    }


async def test_an_upload_that_notion_still_stores_is_waited_for(
    uploads: FileUploads, receiver: Receiver
) -> None:
    receiver.pending = 1

    found = await uploads.upload(SMALL, filename="a.txt")

    assert found.status == "uploaded"
    assert receiver.requests["retrieve"] == 1


# -------------------------------------------------------------------------------------- memory


@pytest.mark.timeout(150)
@pytest.mark.parametrize(("mebibytes", "known"), [(1024, True), (256, False)])
def test_a_stream_of_any_length_takes_less_than_64_mebibytes(mebibytes: int, known: bool) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.resources.receiving"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        text=True,
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        arguments = [url, str(mebibytes), *(["known"] if known else [])]

        done = run("-m", "tests.resources.upload_stream", *arguments)

        report, _ = server.communicate()
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["status"] == "uploaded"
    assert found["added"] < 64 * MIB, f"{found['added'] / MIB:.0f} MiB more"
    assert json.loads(report) == {"size": mebibytes * MIB, "digests": digests(mebibytes)}
