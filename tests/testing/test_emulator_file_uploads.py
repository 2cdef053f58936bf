"""File uploads: begun, sent in one part or several, imported, completed; and what time does."""

from __future__ import annotations

import pytest

from notion_async.errors import ValidationError
from notion_async.testing import Emulator

from .emulated import Object, Raw, emulated, page, uid
from .uploading import (
    LINK,
    MIB,
    UPLOADS,
    Day,
    append,
    bot,
    client,
    create,
    fetch,
    of_upload,
    refusal,
    send,
    uploaded,
)


async def test_a_free_workspace_takes_five_mebibytes() -> None:
    async with client(Emulator()) as notion:
        upload = await notion.file_uploads.create(filename="a.pdf")
        with pytest.raises(ValidationError, match="File size of 5242881 bytes exceeds the limit"):
            await notion.file_uploads.send(upload.id, file=bytes(5 * MIB + 1), filename="a.pdf")
        sent = await notion.file_uploads.send(upload.id, file=bytes(5 * MIB), filename="a.pdf")

    assert sent.status == "uploaded"


async def test_where_the_bot_tells_of_no_limit_there_is_none() -> None:
    async with emulated(bot(limit=None)) as notion:
        identity = (await create(notion))["id"]
        status, _ = await send(notion, identity, bytes(6 * MIB))

    assert status == 200


# ------------------------------------------------------------------------------------- one upload


async def test_an_upload_begins_as_notion_shows_it() -> None:
    async with emulated() as notion:
        found = await create(notion, mode="single_part", filename="a.txt")
        base_url = notion.emulator.base_url
        me = await notion.get("/v1/users/me")

    del found["request_id"]
    identity = found.pop("id")
    assert found == {
        "object": "file_upload",
        "created_time": "2026-05-17T10:42:00.000Z",
        "created_by": {"id": me["id"], "type": "bot"},
        "last_edited_time": "2026-05-17T10:42:00.000Z",
        "expiry_time": "2026-05-17T11:42:00.000Z",
        "upload_url": f"{base_url}{UPLOADS}/{identity}/send",
        "in_trash": False,
        "status": "pending",
        "filename": "a.txt",
        "content_type": "text/plain",
        "content_length": None,
        "archived": False,
    }


async def test_a_file_that_was_sent_is_uploaded() -> None:
    async with emulated() as notion:
        begun = await create(notion, filename="a.txt")
        _, sent = await send(notion, begun["id"])
        read = await notion.get(f"{UPLOADS}/{begun['id']}")

    del sent["request_id"], read["request_id"], begun["request_id"], begun["upload_url"]
    assert sent == read == {**begun, "status": "uploaded", "content_length": 25}


@pytest.mark.parametrize(
    ("filename", "content_type", "name", "kind"),
    [
        ("a.PDF", None, "a.PDF", "application/pdf"),
        ("report", "application/pdf", "report.pdf", "application/pdf"),
        ("a.mp4", "audio/mp4", "a.mp4", "audio/mp4"),
        ("clip", "video/mp4", "clip.mp4", "video/mp4"),
        (None, "image/png", None, "image/png"),
        (None, None, None, None),
    ],
)
async def test_name_and_type_fill_each_other_in(
    filename: str | None, content_type: str | None, name: str | None, kind: str | None
) -> None:
    given = {"filename": filename, "content_type": content_type}
    async with emulated() as notion:
        found = await create(notion, **{key: one for key, one in given.items() if one})

    assert (found["filename"], found["content_type"]) == (name, kind)


@pytest.mark.parametrize(
    ("begun", "filename", "content_type", "name", "kind"),
    [
        ({}, "a.png", None, "a.png", "image/png"),
        ({}, "blob", "application/pdf", "blob.pdf", "application/pdf"),
        ({}, "ä … Å.txt", None, "ä … Å.txt", "text/plain"),
        ({}, None, "text/plain", None, "text/plain"),
        ({"filename": "b.png"}, "a.txt", "image/png", "b.png", "image/png"),
        ({"filename": "b.wav"}, "b", "application/octet-stream", "b.wav", "audio/wav"),
        ({"content_type": "image/png"}, "a", None, "a.png", "image/png"),
    ],
)
async def test_what_was_not_known_of_a_file_is_known_when_it_is_sent(
    begun: Object, filename: str | None, content_type: str | None, name: str | None, kind: str
) -> None:
    async with emulated() as notion:
        identity = (await create(notion, **begun))["id"]
        status, found = await send(notion, identity, filename=filename, content_type=content_type)

    assert (status, found["status"]) == (200, "uploaded")
    assert (found["filename"], found["content_type"]) == (name, kind)


PARTS = {"mode": "multi_part", "filename": "a.pdf"}
IMPORT = {"mode": "external_url", "filename": "a.pdf"}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"mode": "two_parts"}, 'body.mode should be `"single_part"` or'),
        ({"size": 1}, "body.size should be not present"),
        ({"filename": 1}, "body.filename should be a string"),
        ({"filename": ""}, "must have an extension"),
        ({"filename": "a"}, "must have an extension"),
        ({"filename": "a.md"}, "has an extension that is not supported for the File Upload API"),
        ({"filename": "a" * 897 + ".txt"}, "from 1 to 900 bytes"),
        ({"filename": "ä" * 449, "content_type": "text/plain"}, "from 1 to 900 bytes"),
        ({"content_type": "application/zip"}, "application/zip is not supported"),
        ({"filename": "a.pdf", "content_type": "text/plain"}, "does not match its content type"),
        ({"number_of_parts": 2}, "body.number_of_parts should be not present"),
        ({"external_url": LINK}, "body.external_url should be not present"),
        ({"mode": "multi_part", "number_of_parts": 2}, "body.filename should be defined"),
        (PARTS, "body.number_of_parts should be defined"),
        ({**PARTS, "number_of_parts": "2"}, "body.number_of_parts should be a number"),
        ({**PARTS, "number_of_parts": 0}, "body.number_of_parts should be ≥ `1`"),
        ({**PARTS, "number_of_parts": 1.5}, "body.number_of_parts should be ≥ `1`"),
        ({**PARTS, "number_of_parts": 1001}, "body.number_of_parts should be ≤ `1000`"),
        (IMPORT, "body.external_url should be defined"),
        ({**IMPORT, "external_url": "https://[x"}, "body.external_url should be a valid URL"),
        ({**IMPORT, "external_url": "http://example.com/a.pdf"}, "should be an HTTPS URL"),
        ({**IMPORT, "external_url": "https:///a.pdf"}, "should be an HTTPS URL"),
        ({**IMPORT, "external_url": "https://localhost/a.pdf"}, "should be an HTTPS URL"),
        ({**IMPORT, "external_url": "https://10.0.0.1/a.pdf"}, "should be an HTTPS URL"),
        ({"mode": "external_url", "external_url": "https://example.com"}, "is not known"),
    ],
)
async def test_an_upload_that_notion_would_not_begin_is_refused(
    body: Object, message: str
) -> None:
    async with emulated() as notion:
        found = await notion.wrong("POST", UPLOADS, body)
        listed = await notion.get(UPLOADS)

    assert message in found
    assert listed["results"] == []


@pytest.mark.parametrize(
    ("begun", "sent", "message"),
    [
        ({}, {"content": b""}, "from 1 to 20971520 bytes, instead had 0"),
        ({}, {"content": bytes(20 * MIB + 1)}, "from 1 to 20971520 bytes, instead had 20971521"),
        ({}, {"filename": "a.md"}, "not supported for the File Upload API"),
        ({}, {"filename": "a"}, "must have an extension"),
        ({}, {"filename": None, "content_type": "application/octet-stream"}, "neither name nor"),
        ({"filename": "a.png"}, {"content_type": "text/plain"}, "should be image/png"),
        ({"content_type": "image/png"}, {"filename": "a.pdf"}, "does not match its content"),
        ({}, {"part": "1"}, 'body.part_number should be not present, instead was `"1"`'),
        ({**IMPORT, "external_url": LINK}, {}, "is imported from `external_url`"),
    ],
)
async def test_a_file_that_does_not_suit_its_upload_is_refused(
    begun: Object, sent: Object, message: str
) -> None:
    options = {"content_type": "application/octet-stream", **sent}
    async with emulated(bot()) as notion:
        identity = (await create(notion, **begun))["id"]
        found = await refusal(notion, identity, **options)
        read = await notion.get(f"{UPLOADS}/{identity}")

    assert message in found
    assert read["status"] == "pending"


async def test_what_is_uploaded_cannot_be_sent_again_nor_completed() -> None:
    async with emulated() as notion:
        identity = await uploaded(notion)
        other = (await create(notion))["id"]
        again = await refusal(notion, identity)
        completed = await notion.wrong("POST", f"{UPLOADS}/{identity}/complete")
        not_in_parts = await notion.wrong("POST", f"{UPLOADS}/{other}/complete")

    assert again == f"File upload {identity} should be `pending`, instead was `uploaded`."
    assert completed == again
    assert "was not created with a mode of `multi_part`" in not_in_parts


async def test_an_upload_that_is_not_there_is_not_found() -> None:
    async with emulated() as notion:
        status, answer = await notion.send("GET", f"{UPLOADS}/{uid('nothing')}")

    assert (status, answer["code"]) == (404, "object_not_found")
    assert answer["message"].startswith(f"Could not find file_upload with ID: {uid('nothing')}.")


# ------------------------------------------------------------------------------------------ parts


async def test_parts_come_in_any_order_and_the_last_of_each_number_counts() -> None:
    async with emulated(bot()) as notion:
        begun = await create(notion, **PARTS, number_of_parts=3)
        path = f"{UPLOADS}/{begun['id']}"
        counted = [begun["number_of_parts"]]
        for number, content in ((3, b"end"), (1, b"0"), (2, b"2"), (1, b"1")):
            size = 3 if number == 3 else 5 * MIB
            _, answer = await send(
                notion,
                begun["id"],
                content * (size // len(content)),
                filename="a.pdf",
                content_type="application/pdf",
                part=str(number),
            )
            counted.append(answer["number_of_parts"])
        whole = await notion.post(f"{path}/complete")
        [found] = await append_to_home(notion, {"pdf": of_upload(begun["id"])})
        _, content, _ = await fetch(notion, found["pdf"]["file"]["url"])

    assert begun["complete_url"] == begun["upload_url"].replace("/send", "/complete")
    assert [one["sent"] for one in counted] == [0, 1, 2, 3, 3]
    assert (whole["status"], whole["content_length"]) == ("uploaded", 10 * MIB + 3)
    assert whole["number_of_parts"] == {"total": 3, "sent": 3}
    assert "complete_url" not in whole
    assert content == b"1" * 5 * MIB + b"2" * 5 * MIB + b"end"


async def append_to_home(notion: Raw, *children: Object) -> list[Object]:
    notion.emulator.load([page("Home")])
    return await append(notion, *children)


@pytest.mark.parametrize(
    ("part", "size", "message"),
    [
        (
            None,
            5 * MIB,
            "body.part_number should be a number from 1 to 3, instead was `undefined`",
        ),
        ("x", 5 * MIB, 'body.part_number should be a number from 1 to 3, instead was `"x"`'),
        ("0", 5 * MIB, "body.part_number should be a number from 1 to 3"),
        ("4", 5 * MIB, "body.part_number should be a number from 1 to 3"),
        ("1", 5 * MIB - 1, "Part 1 should have 5242880 bytes or more"),
        ("3", 6 * MIB, "File size of 11534336 bytes exceeds the limit of 10485760 bytes"),
    ],
)
async def test_a_part_that_does_not_fit_is_refused(
    part: str | None, size: int, message: str
) -> None:
    kind: Object = {"filename": "a.pdf", "content_type": "application/pdf"}
    async with emulated(bot(limit=10 * MIB)) as notion:
        identity = (await create(notion, **PARTS, number_of_parts=3))["id"]
        await send(notion, identity, bytes(5 * MIB), part="2", **kind)
        found = await refusal(notion, identity, bytes(size), part=part, **kind)
        incomplete = await notion.wrong("POST", f"{UPLOADS}/{identity}/complete")

    assert message in found
    assert "parts 1, 3 have not been sent" in incomplete


# ------------------------------------------------------------------------------------------- time


async def test_an_upload_that_is_not_attached_within_an_hour_expires() -> None:
    day = Day()
    async with emulated(page("Home"), wall=day) as notion:
        attached, waiting = await uploaded(notion), await uploaded(notion)
        pending = (await create(notion))["id"]
        await append(notion, {"file": of_upload(attached)})
        day.pass_by(minutes=61)
        statuses = {
            name: (await notion.get(f"{UPLOADS}/{identity}"))["status"]
            for name, identity in (
                ("attached", attached),
                ("waiting", waiting),
                ("pending", pending),
            )
        }
        again = await append(notion, {"file": of_upload(attached)})
        too_late = await notion.send(
            "PATCH",
            f"/v1/blocks/{uid('Home')}/children",
            {"children": [{"file": of_upload(waiting)}]},
        )
        sent = await refusal(notion, pending)

    assert statuses == {"attached": "uploaded", "waiting": "expired", "pending": "expired"}
    assert again[0]["file"]["name"] == "a.txt"
    assert (too_late[0], too_late[1]["code"]) == (404, "object_not_found")
    assert "instead was `expired`" in sent


async def test_a_request_that_is_refused_attaches_nothing() -> None:
    day = Day()
    async with emulated(page("Home"), wall=day) as notion:
        identity = await uploaded(notion)
        await notion.wrong(
            "PATCH",
            f"/v1/blocks/{uid('Home')}/children",
            {"children": [{"file": of_upload(identity)}, {"image": {}}]},
        )
        await append(notion, {"divider": {}})
        before = await notion.get(f"{UPLOADS}/{identity}")
        day.pass_by(minutes=61)
        after = await notion.get(f"{UPLOADS}/{identity}")

    assert before["expiry_time"] == "2026-05-17T11:42:00.000Z"
    assert after["status"] == "expired"


async def test_a_link_is_imported_as_time_passes() -> None:
    day = Day()
    async with emulated(page("Home"), wall=day) as notion:
        begun = await create(notion, mode="external_url", external_url=LINK)
        early = await notion.get(f"{UPLOADS}/{begun['id']}")
        day.pass_by(seconds=1)
        done = await notion.get(f"{UPLOADS}/{begun['id']}")
        [found] = await append(notion, {"pdf": of_upload(begun["id"])})
        _, content, headers = await fetch(notion, found["pdf"]["file"]["url"])

    assert begun["filename"] == "My report.pdf"
    assert (early["status"], early["content_type"]) == ("pending", "application/pdf")
    assert "file_import_result" not in early
    assert done["status"] == "uploaded"
    assert done["file_import_result"] == {
        "type": "success",
        "success": {},
        "imported_time": "2026-05-17T10:42:31.500+00:00",
    }
    assert content == f"Made up by the emulator, for {LINK}\n".encode()
    assert len(content) == done["content_length"]
    assert headers["Content-Type"] == "application/pdf"


async def test_an_import_that_fails_says_so_and_cannot_be_attached() -> None:
    day = Day()
    async with emulated(page("Home"), wall=day) as notion:
        begun = await create(
            notion, mode="external_url", external_url="https://files.invalid/a.pdf"
        )
        day.pass_by(minutes=61)
        done = await notion.get(f"{UPLOADS}/{begun['id']}")
        status, _ = await notion.send(
            "PATCH",
            f"/v1/blocks/{uid('Home')}/children",
            {"children": [{"pdf": of_upload(begun["id"])}]},
        )

    assert done["status"] == "failed"
    assert done["file_import_result"]["error"]["type"] == "download_error"
    assert status == 404


# ------------------------------------------------------------------------------------------- list


async def test_uploads_are_listed_from_the_latest_on_by_status_and_in_pages() -> None:
    day = Day()
    async with emulated(wall=day) as notion:
        first = await uploaded(notion)
        second = (await create(notion))["id"]
        day.pass_by(minutes=5)
        third = (await create(notion))["id"]
        listed = await notion.get(UPLOADS)
        everything = await notion.ids("GET", f"{UPLOADS}?page_size=1")
        pending = await notion.ids("GET", f"{UPLOADS}?status=pending&page_size=1")
        sent = await notion.ids("GET", f"{UPLOADS}?status=uploaded")
        wrong = await notion.wrong("GET", f"{UPLOADS}?status=lost")

    assert (listed["type"], listed["file_upload"]) == ("file_upload", {})
    assert everything == [third, second, first]
    assert pending == [third, second]
    assert sent == [first]
    assert 'query.status should be `"pending"` or' in wrong


async def test_an_upload_that_was_loaded_stays_as_it_is() -> None:
    loaded: Object = {
        "object": "file_upload",
        "id": uid("upload"),
        "created_time": "2026-01-01T09:11:00.000Z",
        "created_by": {"id": uid("bot"), "type": "bot"},
        "last_edited_time": "2026-01-01T09:11:00.000Z",
        "expiry_time": "2026-01-01T10:11:00.000Z",
        "upload_url": "https://api.notion.com/v1/file_uploads/x/send",
        "in_trash": False,
        "status": "pending",
        "filename": "a.txt",
        "content_type": "text/plain",
        "content_length": None,
        "archived": False,
    }
    async with emulated(bot(), loaded) as notion:
        read = await notion.get(f"{UPLOADS}/{uid('upload')}")
        status, sent = await send(notion, uid("upload"))

    del read["request_id"]
    assert read == loaded
    assert (status, sent["status"]) == (200, "uploaded")
    assert "upload_url" not in sent
