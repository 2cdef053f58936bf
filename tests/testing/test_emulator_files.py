"""Files in objects: attached by an upload, and read by links that expire."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import fromstring

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notion_async.testing.api import Visit
from notion_async.testing.file_site import file_site
from notion_async.testing.files import signed
from notion_async.testing.files import uploaded as uploaded_file
from notion_async.testing.store import Store
from notion_async.testing.uploads import Uploads

from .emulated import (
    Object,
    Raw,
    block,
    data_source,
    database,
    emulated,
    page,
    person,
    row,
    uid,
    under,
)
from .uploading import (
    SMALL,
    Day,
    append,
    bot,
    create,
    fetch,
    of_upload,
    shown,
    uploaded,
)

HOME = under("page_id", "Home")
FILES: Object = {"id": "F", "name": "Files", "description": None, "type": "files", "files": {}}

# -------------------------------------------------------------------------------------- in objects


FILE_URL = re.compile(
    r"http://127\.0\.0\.1:\d+/files/[0-9a-f-]{36}/[^?]+\?expires=\d+&signature=.+"
)


def is_hosted(file: Object) -> bool:
    """Tell whether it is a file with a link that is good for one hour from `NOW` on."""
    hosted = file["file"]
    return (
        file.get("type", "file") == "file"
        and FILE_URL.fullmatch(hosted["url"]) is not None
        and hosted["expiry_time"] == "2026-05-17T11:42:31.000Z"
    )


@pytest.mark.parametrize(
    ("kind", "filename"),
    [
        ("image", "a.png"),
        ("video", "a.mp4"),
        ("audio", "a.mp3"),
        ("pdf", "a.pdf"),
        ("file", "a.json"),
    ],
)
async def test_a_block_shows_the_file_that_was_attached(kind: str, filename: str) -> None:
    async with emulated(page("Home")) as notion:
        identity = await uploaded(notion, SMALL, filename)
        [made] = await append(notion, {kind: {**of_upload(identity), "caption": []}})
        read = await notion.get(f"/v1/blocks/{made['id']}")
        [listed] = (await notion.get(f"/v1/blocks/{uid('Home')}/children"))["results"]
        _, content, _ = await fetch(notion, read[kind]["file"]["url"])

    assert is_hosted(made[kind])
    assert read[kind] == listed[kind] == made[kind]
    assert made[kind].get("name") == (filename if kind == "file" else None)
    assert content == SMALL


async def test_a_block_can_get_another_file() -> None:
    async with emulated(page("Home")) as notion:
        external = {"external": {"url": "https://example.com/a.txt"}}
        [made] = await append(notion, {"file": {**external, "name": "mine"}})
        path = f"/v1/blocks/{made['id']}"
        identity = await uploaded(notion)
        hosted = await notion.patch(path, {"file": {"file_upload": {"id": identity}}})
        captioned = await notion.patch(path, {"file": {"caption": []}})
        back = await notion.patch(path, {"file": external})

    assert is_hosted(hosted["file"])
    assert hosted["file"] == captioned["file"]
    assert hosted["file"]["name"] == "mine"
    assert back["file"]["type"] == "external"


async def test_what_a_file_is_has_to_suit_where_it_is_shown() -> None:
    async with emulated(page("Home")) as notion:
        identity = await uploaded(notion)
        path = f"/v1/blocks/{uid('Home')}/children"
        children = {"children": [{"image": of_upload(identity)}]}
        in_a_block = await notion.wrong("PATCH", path, children)
        as_an_icon = await notion.wrong(
            "PATCH", f"/v1/pages/{uid('Home')}", {"icon": of_upload(identity)}
        )

    assert in_a_block == (
        "body.children[0].image.file_upload.id: a file of type text/plain cannot be used here, "
        "only one of category image."
    )
    assert "body.icon.file_upload.id: a file of type text/plain" in as_an_icon


@pytest.mark.parametrize("begun", [True, False])
async def test_what_is_not_uploaded_cannot_be_attached(begun: bool) -> None:
    async with emulated(page("Home")) as notion:
        identity = (await create(notion, filename="a.png"))["id"] if begun else uid("none")
        status, answer = await notion.send(
            "PATCH", f"/v1/pages/{uid('Home')}", {"cover": of_upload(identity)}
        )

    assert (status, answer["code"]) == (404, "object_not_found")
    assert answer["message"].startswith(
        f"Could not find file_upload with ID: {identity}. Confirm the status of the file upload"
    )


async def test_a_page_has_files_in_its_properties_its_icon_and_its_cover() -> None:
    table = (database("Tasks", sources=("Table",)), data_source("Table", "Tasks", TABLE))
    async with emulated(*table) as notion:
        image, text = await uploaded(notion, SMALL, "a b.png"), await uploaded(notion)
        made = await notion.post(
            "/v1/pages",
            {
                "parent": {"data_source_id": uid("Table")},
                "icon": of_upload(image),
                "cover": of_upload(image),
                "properties": {
                    "Files": {
                        "files": [
                            {**of_upload(text), "name": "Notes"},
                            of_upload(image),
                            {"name": "far", "external": {"url": "https://example.com/a"}},
                        ]
                    }
                },
            },
        )
        found = await notion.post(f"/v1/data_sources/{uid('Table')}/query")

    files = made["properties"]["Files"]["files"]
    assert [file["name"] for file in files] == ["Notes", "a b.png", "far"]
    assert is_hosted(files[0])
    assert is_hosted(files[1])
    assert files[2]["type"] == "external"
    assert is_hosted(made["icon"])
    assert is_hosted(made["cover"])
    assert found["results"][0]["cover"] == made["cover"]


TABLE: Object = {
    "Name": {"id": "title", "name": "Name", "description": None, "type": "title", "title": {}},
    "Files": FILES,
}


async def test_files_that_were_read_can_be_written_back() -> None:
    foreign = {
        "name": "old",
        "type": "file",
        "file": {"url": "https://s3.example.com/a", "expiry_time": "2026-01-01T00:00:00.000Z"},
    }
    row_of = row("Row", "Table", {"Files": {"id": "F", "type": "files", "files": [foreign]}})
    day = Day()
    async with emulated(
        database("Tasks", sources=("Table",)), data_source("Table", "Tasks", TABLE), row_of,
        wall=day,
    ) as notion:  # fmt: skip
        path = f"/v1/pages/{uid('Row')}"
        loaded = (await notion.get(path))["properties"]["Files"]["files"]
        more = [*loaded, of_upload(await uploaded(notion, SMALL, "ä (1).txt"))]
        first = (await notion.patch(path, {"properties": {"Files": {"files": more}}}))[
            "properties"
        ]["Files"]["files"]
        day.pass_by(minutes=90)
        del first[0]["file"]["expiry_time"]
        second = (await notion.patch(path, {"properties": {"Files": {"files": first}}}))[
            "properties"
        ]["Files"]["files"]
        _, content, _ = await fetch(notion, second[1]["file"]["url"])

    assert loaded == [foreign]
    assert first[0]["file"]["url"] == foreign["file"]["url"]  # type: ignore[index]  # an object
    assert second[0]["file"]["expiry_time"] == "2026-05-17T13:12:31.000Z"
    assert second[1]["name"] == "ä (1).txt"
    assert second[1]["file"]["expiry_time"] == "2026-05-17T13:12:31.000Z"
    assert content == SMALL


async def test_a_file_that_is_written_back_has_a_link() -> None:
    file = {"name": "x", "type": "file"}
    async with emulated(
        database("Tasks", sources=("Table",)),
        data_source("Table", "Tasks", TABLE),
        row("Row", "Table"),
    ) as notion:
        path = f"/v1/pages/{uid('Row')}"

        async def refused(hosted: Object) -> str:
            value = {"files": [{**file, "file": hosted}]}
            return await notion.wrong("PATCH", path, {"properties": {"Files": value}})

        without = await refused({})
        with_a_number = await refused({"url": "https://[x", "expiry_time": 1})

    assert "files[0].file.url should be defined" in without
    assert "files[0].file.expiry_time should be a string" in with_a_number


async def test_a_comment_has_up_to_three_attachments() -> None:
    said: Object = {"parent": {"page_id": uid("Home")}, "rich_text": []}
    async with emulated(page("Home"), person("ada")) as notion:
        names = ("a.png", "a.mp3", "a.docx")
        given: list[Object] = [
            {"file_upload_id": await uploaded(notion, SMALL, name)} for name in names
        ]
        given[0]["type"] = "file_upload"
        made = await notion.post("/v1/comments", {**said, "attachments": given})
        read = await notion.get(f"/v1/comments/{made['id']}")
        without = await notion.post("/v1/comments", {**said, "attachments": []})
        too_many = await notion.wrong(
            "POST", "/v1/comments", {**said, "attachments": [*given, given[0]]}
        )
        unknown = await notion.wrong(
            "POST", "/v1/comments", {**said, "attachments": [{"name": "x"}]}
        )
        missing = await notion.wrong("POST", "/v1/comments", {**said, "attachments": [{}]})

    assert [one["category"] for one in made["attachments"]] == ["image", "audio", "productivity"]
    assert all(is_hosted(one) for one in made["attachments"])
    assert read["attachments"] == made["attachments"]
    assert "attachments" not in without
    assert "body.attachments.length should be ≤ `3`, instead was `4`" in too_many
    assert "body.attachments[0].name should be not present" in unknown
    assert "body.attachments[0].file_upload_id should be defined" in missing


async def test_markdown_has_links_that_lead_to_the_file() -> None:
    async with emulated(page("Home")) as notion:
        identity = await uploaded(notion, SMALL, "my_file (1).png")
        await append(notion, {"image": of_upload(identity)})
        markdown = (await notion.get(f"/v1/pages/{uid('Home')}/markdown"))["markdown"]
        [url] = re.findall(r"http://127[^)\s]*", markdown)
        status, content, _ = await fetch(notion, url)

    assert (status, content) == (200, SMALL)


async def test_a_file_that_was_loaded_keeps_its_link() -> None:
    hosted = {
        "type": "file",
        "file": {"url": "https://s3.example.com/a?X=1", "expiry_time": "2026-01-01T00:00:00.000Z"},
        "caption": [],
    }
    async with emulated(page("Home"), block("b", HOME, "image", content=hosted)) as notion:
        read = await notion.get(f"/v1/blocks/{uid('b')}")

    assert read["image"] == hosted


# ------------------------------------------------------------------------------------------- links


async def test_a_file_is_served_with_its_type_name_and_length() -> None:
    async with emulated(page("Home")) as notion:
        found = await shown(notion, SMALL, 'a "b".txt')
        other = await shown(notion, SMALL, "Bücher.txt")
        status, content, headers = await fetch(notion, found["file"]["file"]["url"])
        _, _, others = await fetch(notion, other["file"]["file"]["url"])

    assert (status, content) == (200, SMALL)
    assert headers["Content-Type"] == "text/plain"
    assert headers["Content-Length"] == "25"
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["Content-Disposition"] == 'inline; filename="a \\"b\\".txt"'
    assert others["Content-Disposition"] == "inline; filename*=utf-8''B%C3%BCcher.txt"


@pytest.mark.parametrize(
    ("wanted", "content", "told"),
    [
        ("bytes=0-3", b"This", "bytes 0-3/25"),
        ("bytes=18-", b"content", "bytes 18-24/25"),
        ("bytes=18-100", b"content", "bytes 18-24/25"),
        ("bytes=-7", b"content", "bytes 18-24/25"),
        ("bytes=-100", SMALL, "bytes 0-24/25"),
    ],
)
async def test_a_piece_of_a_file_is_served(wanted: str, content: bytes, told: str) -> None:
    async with emulated(page("Home")) as notion:
        url = (await shown(notion))["file"]["file"]["url"]
        status, found, headers = await fetch(notion, url, Range=wanted)

    assert (status, found) == (206, content)
    assert headers["Content-Range"] == told
    assert headers["Content-Length"] == str(len(content))


@pytest.mark.parametrize(
    "wanted", ["bytes=-", "bytes=0-1,3-4", "pages=1-2", f"bytes={'9' * 5000}-"]
)
async def test_pieces_of_other_kinds_are_the_whole_file(wanted: str) -> None:
    async with emulated(page("Home")) as notion:
        url = (await shown(notion))["file"]["file"]["url"]
        status, found, _ = await fetch(notion, url, Range=wanted)

    assert (status, found) == (200, SMALL)


async def refused_file(
    notion: Raw, url: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str | None]]:
    """Return status and fields of an error, as S3 tells it."""
    status, body, answer = await fetch(notion, url, method, **headers)
    assert answer["Content-Type"] == "application/xml"
    root = fromstring(body)  # noqa: S314 - the emulator's own
    assert root.tag == "Error"
    return status, {field.tag: field.text for field in root}


@pytest.mark.parametrize("wanted", ["bytes=25-", "bytes=9-3", "bytes=-0"])
async def test_a_piece_that_is_not_there_is_refused(wanted: str) -> None:
    async with emulated(page("Home")) as notion:
        url = (await shown(notion))["file"]["file"]["url"]
        status, error = await refused_file(notion, url, Range=wanted)

    assert (status, error["Code"], error["ActualObjectSize"]) == (416, "InvalidRange", "25")


async def test_a_link_is_good_for_an_hour_and_made_anew_with_each_reading() -> None:
    day = Day()
    async with emulated(page("Home"), wall=day) as notion:
        found = await shown(notion)
        old = found["file"]["file"]["url"]
        day.pass_by(minutes=59, seconds=59)
        still, *_ = await fetch(notion, old)
        day.pass_by(seconds=1)
        status, error = await refused_file(notion, old)
        again = await notion.get(f"/v1/blocks/{found['id']}")
        fresh, content, _ = await fetch(notion, again["file"]["file"]["url"])

    assert still == 200
    assert status == 403
    assert error == {
        "Code": "AccessDenied",
        "Message": "Request has expired",
        "X-Amz-Expires": "3600",
        "Expires": "2026-05-17T11:42:31.000Z",
        "ServerTime": "2026-05-17T11:42:31.000Z",
    }
    assert (fresh, content) == (200, SMALL)


@pytest.mark.parametrize(
    ("old", "new", "method", "code"),
    [
        ("?", "?", "HEAD", ""),
        ("?", "?", "DELETE", "SignatureDoesNotMatch"),
        ("signature=", "signature=0", "GET", "SignatureDoesNotMatch"),
        ("expires=1", "expires=2", "GET", "SignatureDoesNotMatch"),
        ("a.txt", "b.txt", "GET", "SignatureDoesNotMatch"),
        ("expires=", "expired=", "GET", "AccessDenied"),
        ("expires=", "expires=x", "GET", "SignatureDoesNotMatch"),
        ("signature=", "signed=", "GET", "AccessDenied"),
    ],
)
async def test_a_link_that_was_not_given_out_is_refused(
    old: str, new: str, method: str, code: str
) -> None:
    async with emulated(page("Home")) as notion:
        url = (await shown(notion))["file"]["file"]["url"].replace(old, new)
        status, body, _ = await fetch(notion, url, method)

    assert status == 403
    assert f"<Code>{code}</Code>".encode() in body or not code


LOADED: Object = {
    "object": "file_upload",
    "id": uid("upload"),
    "created_time": "2026-05-17T09:11:00.000Z",
    "created_by": {"id": uid("bot"), "type": "bot"},
    "last_edited_time": "2026-05-17T09:11:00.000Z",
    "expiry_time": None,
    "in_trash": False,
    "status": "uploaded",
    "filename": None,
    "content_type": None,
    "content_length": 7,
    "archived": False,
}


async def test_a_file_of_which_only_the_upload_was_loaded_is_not_there() -> None:
    async with emulated(bot(), page("Home"), LOADED) as notion:
        [found] = await append(notion, {"file": of_upload(uid("upload"))})
        status, error = await refused_file(notion, found["file"]["file"]["url"])

    assert found["file"]["name"] == "file"
    assert (status, error["Code"]) == (404, "NoSuchKey")


@settings(deadline=None)
@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@example(name="two\r\nlines.txt")
def test_whatever_its_name_a_file_is_found_by_its_link(name: str) -> None:
    store = Store()
    store.add({**LOADED, "filename": name})
    store.part(Uploads).of(uid("upload")).content = SMALL
    kept = {"image": uploaded_file(store, uid("upload"), "body")}

    answer = msgspec.json.decode(signed(store, "http://127.0.0.1:1", msgspec.json.encode(kept)))
    url = urlsplit(answer["image"]["file"]["url"])
    found = file_site(store)(Visit("GET", url.path, parse_qsl(url.query), {}, b""))

    assert (found.status, found.body) == (200, SMALL)
    assert all(character not in found.headers["Content-Disposition"] for character in "\r\n")
