"""D05, D06, D15: a file is saved whole or not at all, and only from where files may come from."""

from __future__ import annotations

import asyncio
import os
import re
import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

from notion_async import (
    AsyncClient,
    ConfigurationError,
    ConnectError,
    ConnectionLostError,
    FileDownloadError,
    NotionError,
    RequestTimeoutError,
    ResponseTooLargeError,
    RetryPolicy,
    UnexpectedRedirectError,
    structure,
)
from notion_async.auth import Secret
from notion_async.content import _fetching
from notion_async.content._fetching import Bounds, fetch
from notion_async.content.download import download
from notion_async.models import Block, FileObject
from tests.canary import shown_by
from tests.cancel.stepping import places, stopped_at
from tests.clients import TOKEN, answer, client_to
from tests.faults.haste import LONG, hurried
from tests.faults.server import (
    Answer,
    FaultServer,
    Nemesis,
    always,
    free_port,
    full_backlog,
    serving,
)
from tests.faults.strikes import hangs, resets, says, says_and_closes
from tests.faults.wire import chunked, http
from tests.testing.emulated import uid
from tests.transport.test_aiohttp import self_signed

CONTENT: Final = bytes(range(256)) * 4_000
EXPIRED: Final = http(
    b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
    status=403,
    headers="Content-Type: application/xml\r\n",
)
SIGNED: Final = "/secure/a.png?X-Amz-Signature=signature_test_canary_1"
AT_ONCE: Final = RetryPolicy(attempts=3, base=0.0, cap=0.0, spread=0.0)
LOCAL: Final[Mapping[str, Any]] = {"private_addresses": True, "retry": AT_ONCE}


def image(url: str, expires: str = "2099-01-01T00:00:00.000Z") -> dict[str, Any]:
    file = {"url": url, "expiry_time": expires}
    return {
        "object": "block",
        "id": uid("image"),
        "type": "image",
        "image": {"type": "file", "file": file, "caption": []},
    }


def block(url: str, expires: str = "2099-01-01T00:00:00.000Z") -> Block:
    return structure({**image(url, expires)}, Block)


def external(url: str) -> FileObject:
    return structure({"type": "external", "external": {"url": url}}, FileObject)


@asynccontextmanager
async def files(*answers: Answer) -> AsyncIterator[tuple[AsyncClient, FaultServer, FaultServer]]:
    """Yield a client, what it asks for blocks, and the server of the files.

    The block is answered with a link to that server, which is not expired.
    """
    async with (
        serving(*answers) as store,
        serving(says(answer(image(store.base_url + SIGNED)))) as api,
        client_to(api) as notion,
    ):
        yield notion, api, store


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("data", [http(CONTENT), chunked(CONTENT, CONTENT[:7]), http(b"")])
async def test_a_file_is_saved_as_it_is(data: bytes, tmp_path: Path) -> None:
    async with files(says(data)) as (notion, api, store):
        size = await download(notion, block(store.base_url + SIGNED), tmp_path / "a.png", **LOCAL)

    saved = (tmp_path / "a.png").read_bytes()
    assert (len(saved), left_in(tmp_path)) == (size, ["a.png"])
    assert data.endswith(saved) or saved == CONTENT + CONTENT[:7]
    assert len(api.arrived) == 0


async def test_neither_the_token_nor_a_cookie_goes_to_the_server_of_a_file(tmp_path: Path) -> None:
    moved = http(status=302, headers=f"Location: {SIGNED}\r\nSet-Cookie: a=b\r\n")
    async with files(says(moved), says(http(CONTENT))) as (notion, _, store):
        await download(notion, block(store.base_url + SIGNED), tmp_path / "a", **LOCAL)

    assert len(store.arrived) == 2
    for request in store.arrived:
        assert TOKEN.encode() not in request.raw
        assert {"authorization", "cookie", "notion-version"}.isdisjoint(
            name.lower() for name in request.headers
        )


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_d05_a_link_that_is_refused_is_asked_for_anew_once(
    status: int, tmp_path: Path
) -> None:
    refused = EXPIRED.replace(b"403", str(status).encode(), 1)
    async with files(says(refused), says(http(CONTENT))) as (notion, api, store):
        size = await download(notion, block(store.base_url + "/old"), tmp_path / "a", **LOCAL)

    assert size == len(CONTENT)
    assert api.count("GET", f"/v1/blocks/{uid('image')}") == 1
    assert [request.path for request in store.arrived] == ["/old", "/secure/a.png"]


async def test_d05_a_link_that_is_known_to_have_expired_is_not_tried(tmp_path: Path) -> None:
    async with files(says(http(CONTENT))) as (notion, api, store):
        old = block(store.base_url + "/old", "2020-01-01T00:00:00.000Z")
        await download(notion, old, tmp_path / "a", **LOCAL)

    assert (len(api.arrived), len(store.arrived)) == (1, 1)
    assert (tmp_path / "a").read_bytes() == CONTENT


async def test_d05_a_link_that_stays_refused_is_an_error_and_no_file(tmp_path: Path) -> None:
    async with files(says(EXPIRED)) as (notion, api, store):
        with pytest.raises(FileDownloadError) as caught:
            await download(notion, block(store.base_url + "/old"), tmp_path / "a", **LOCAL)

    assert (caught.value.status, caught.value.attempts) == (403, 2)
    assert (len(api.arrived), len(store.arrived)) == (1, 2)
    assert left_in(tmp_path) == []


async def test_d05_a_file_that_is_no_block_is_asked_for_anew_by_what_is_given(
    tmp_path: Path,
) -> None:
    async with files(says(EXPIRED), says(http(CONTENT))) as (notion, api, store):

        async def again() -> FileObject:
            return external(store.base_url + "/new")

        old = external(store.base_url + "/old")
        await download(notion, old, tmp_path / "a", again=again, **LOCAL)
        store.nemesis = serving_always(EXPIRED)
        with pytest.raises(FileDownloadError):
            await download(notion, old, tmp_path / "b", **LOCAL)

    assert [request.path for request in store.arrived] == ["/old", "/new", "/old"]
    assert len(api.arrived) == 0


def serving_always(data: bytes) -> Nemesis:
    return always(says(data))


BROKEN: Final = {
    "a body that is cut": says_and_closes(http(CONTENT, length=len(CONTENT) + 1)),
    "a body in chunks that is cut": says_and_closes(chunked(CONTENT)[:-5]),
    "a reset": resets(http(CONTENT, length=len(CONTENT) + 1)),
    "no answer": resets(),
    "a server that is busy": says(http(b"", status=503)),
    "a server that says nothing any more": hangs(http(CONTENT[:100], length=len(CONTENT))),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_d06_a_file_that_does_not_come_whole_is_tried_again(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    async with files(BROKEN[name], says(http(CONTENT))) as (notion, _, store), hurried(store):
        await download(notion, block(store.base_url + "/x"), tmp_path / "a", timeout=LONG, **LOCAL)

    assert len(store.arrived) == 2
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert left_in(tmp_path) == ["a"]


@pytest.mark.parametrize("name", BROKEN)
async def test_d06_a_file_that_never_comes_whole_leaves_what_was_there(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    async with files(BROKEN[name]) as (notion, _, store), hurried(store):
        with pytest.raises(
            (ConnectionLostError, RequestTimeoutError, FileDownloadError)
        ) as caught:
            await download(
                notion, block(store.base_url + SIGNED), tmp_path / "a", timeout=LONG, **LOCAL
            )

    assert caught.value.attempts == len(store.arrived) == 3
    assert (tmp_path / "a").read_bytes() == b"old"
    assert left_in(tmp_path) == ["a"]


@pytest.mark.parametrize("data", [http(CONTENT), chunked(*[CONTENT] * 50)])
async def test_d06_a_file_that_is_too_large_is_not_saved(data: bytes, tmp_path: Path) -> None:
    async with files(says(data)) as (notion, _, store):
        with pytest.raises(ResponseTooLargeError):
            await download(
                notion, block(store.base_url + "/x"), tmp_path / "a", max_bytes=1_000, **LOCAL
            )

    assert len(store.arrived) == 1
    assert left_in(tmp_path) == []


async def test_d06_a_download_that_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    place = 0
    for place in places():
        async with files(says(chunked(*[CONTENT] * 3))) as (notion, _, store):
            (tmp_path / "b").unlink(missing_ok=True)
            got_there = await stopped_at(
                download(notion, block(store.base_url + "/x"), tmp_path / "a", **LOCAL),
                place,
                0,
                beside=asyncio.sleep(0),
            )
        assert left_in(tmp_path) in ([], ["a"])
        if not got_there:
            break
        if (tmp_path / "a").exists():
            assert (tmp_path / "a").read_bytes() == CONTENT * 3

    assert place > 5
    assert (tmp_path / "a").read_bytes() == CONTENT * 3


# Where files may come from


NOT_FOLLOWED: Final = (
    "file:///etc/passwd",
    "ftp://files.example/a",
    "javascript:alert(1)",
    "data:text/plain,x",
    "//files.example/a",
    "a.png",
    "",
    "https://",
    "https://user:password@files.example/a",
    "http://[::1",
)
PRIVATE: Final = (
    "127.0.0.1",
    "10.0.0.1",
    "192.168.1.1",
    "172.16.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - refused
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fc00::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "localhost",
    "2130706433",
    "0x7f.1",
    "127.1",
)


@pytest.mark.parametrize("url", NOT_FOLLOWED)
async def test_d15_what_is_no_link_of_the_web_is_not_followed(url: str, tmp_path: Path) -> None:
    async with AsyncClient("ntn_test") as notion:
        with pytest.raises(ConfigurationError):
            await download(notion, external(url), tmp_path / "a", **LOCAL)

    assert left_in(tmp_path) == []


@pytest.mark.parametrize("host", PRIVATE)
async def test_d15_a_machine_of_this_network_is_not_asked(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Numbers in odd forms are names to aiohttp, which the resolver of the system understands.
    numbers = host.isdigit() or host.startswith("0x") or host == "127.1"
    if numbers:
        resolving_to("127.0.0.1", monkeypatch)
    async with serving(says(http(CONTENT))) as store, AsyncClient("ntn_test") as notion:
        link = external(f"http://{host}:{store.port}/a")
        with pytest.raises(ConfigurationError, match=r"not on the public Internet|no address"):
            await download(notion, link, tmp_path / "a", retry=AT_ONCE)

    assert store.connections == 0
    assert left_in(tmp_path) == []


def resolving_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def resolve(*_: object) -> list[dict[str, object]]:
        return [{"hostname": "x", "host": address, "port": 1, "family": 2, "proto": 0, "flags": 0}]

    monkeypatch.setattr(aiohttp.ThreadedResolver, "resolve", resolve)


@pytest.mark.parametrize("address", ["10.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0"])
async def test_d15_a_name_that_stands_for_a_machine_of_this_network_is_not_asked(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving_to(address, monkeypatch)

    async with AsyncClient("ntn_test") as notion:
        with pytest.raises(ConfigurationError, match=r"files\.example is not on the public"):
            await download(notion, external("https://files.example/a"), tmp_path / "a")


@pytest.mark.parametrize(
    "where", ["http://127.0.0.2:1/a", "http://10.0.0.1/a", "file:///etc/passwd"]
)
async def test_d15_nor_is_one_that_a_link_leads_on_to(where: str) -> None:
    bounds = Bounds(1_000, 5.0, private_addresses=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_fetching, "_is_public", lambda host: host == "127.0.0.1")
        moved = http(status=302, headers=f"Location: {where}\r\n")
        async with FaultServer() as store:
            store.nemesis = serving_always(moved)
            with pytest.raises(ConfigurationError, match=r"public Internet|no address"):
                await fetch(Secret(f"http://127.0.0.1:{store.port}/a"), _nowhere, bounds)


async def _nowhere(part: bytes) -> None:
    raise AssertionError("nothing is to come")


async def test_d15_a_link_leads_on_three_times_and_no_more(tmp_path: Path) -> None:
    moved = says(http(status=307, headers="Location: /next?x=%2F\r\n"))
    async with files(moved, moved, moved, says(http(CONTENT))) as (notion, _, store):
        await download(notion, external(store.base_url), tmp_path / "a", **LOCAL)
    async with files(moved) as (notion, _, other):
        with pytest.raises(UnexpectedRedirectError):
            await download(notion, external(other.base_url), tmp_path / "b", **LOCAL)

    assert (len(store.arrived), len(other.arrived)) == (4, 4)
    assert left_in(tmp_path) == ["a"]


@pytest.mark.parametrize("where", ["http://files.example/b", "ftp://files.example/b", "//["])
def test_d15_a_link_does_not_lead_on_to_where_it_could_be_overheard(where: str) -> None:
    if where == "//[":
        assert _fetching._followed(Secret("https://files.example/a"), Secret(where)) == Secret("")
        return
    with pytest.raises(UnexpectedRedirectError):
        _fetching._followed(Secret("https://files.example/a"), Secret(where))


async def test_a_server_of_files_that_cannot_be_reached_is_said(tmp_path: Path) -> None:
    nobody = external(f"http://127.0.0.1:{free_port()}/a")
    async with AsyncClient("ntn_test") as notion:
        with pytest.raises(ConnectError, match="cannot connect to 127") as caught:
            await download(notion, nobody, tmp_path / "a", **LOCAL)

    assert caught.value.attempts == 3
    assert left_in(tmp_path) == []


async def test_a_server_of_files_that_does_not_accept_is_not_waited_for(tmp_path: Path) -> None:
    with full_backlog() as port:
        busy = external(f"http://127.0.0.1:{port}/a")
        async with AsyncClient("ntn_test") as notion:
            with pytest.raises(ConnectError, match="took too long"):
                await download(notion, busy, tmp_path / "a", timeout=0.1, **LOCAL)

    assert left_in(tmp_path) == []


async def test_a_server_of_files_that_is_another_is_not_asked_again(tmp_path: Path) -> None:
    async with (
        serving(says(http(CONTENT)), tls=self_signed(tmp_path)) as store,
        AsyncClient("ntn_test") as notion,
    ):
        with pytest.raises(ConnectError, match="certificate") as caught:
            await download(notion, external(store.base_url), tmp_path / "a", **LOCAL)

    assert (caught.value.attempts, caught.value.permanent) == (1, True)
    assert not (tmp_path / "a").exists()


# Where files go


async def test_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        async with files(says(http(CONTENT))) as (notion, _, store):
            await download(notion, block(store.base_url), tmp_path / "a", **LOCAL)
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


async def test_a_link_in_the_place_of_the_file_is_replaced_and_not_followed(
    tmp_path: Path,
) -> None:
    (tmp_path / "victim").write_bytes(b"precious")
    (tmp_path / "a").symlink_to(tmp_path / "victim")

    async with files(says(http(CONTENT))) as (notion, _, store):
        await download(notion, block(store.base_url), tmp_path / "a", **LOCAL)

    assert (tmp_path / "victim").read_bytes() == b"precious"
    assert not (tmp_path / "a").is_symlink()
    assert (tmp_path / "a").read_bytes() == CONTENT


@pytest.mark.parametrize("where", ["folder", "none/a", "file/a"])
async def test_a_place_that_is_none_is_refused_before_anything_is_sent(
    where: str, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")

    async with files(says(http(CONTENT))) as (notion, _, store):
        with pytest.raises(ConfigurationError, match="cannot be written to"):
            await download(notion, block(store.base_url), tmp_path / where, **LOCAL)

    assert store.connections == 0


async def test_a_disk_that_is_full_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    async with files(says(http(CONTENT))) as (notion, _, store):
        with pytest.raises(FileDownloadError, match="No space left"):
            await download(notion, block(store.base_url), tmp_path / "a", **LOCAL)

    assert left_in(tmp_path) == []


async def test_a_block_without_a_file_is_refused(tmp_path: Path) -> None:
    paragraph = structure({"object": "block", "id": "x", "type": "paragraph"}, Block)

    with pytest.raises(ConfigurationError, match="no file with a link"):
        await download(AsyncClient("ntn_test"), paragraph, tmp_path / "a")


@pytest.mark.parametrize("what", [EXPIRED, http(CONTENT, length=9_999_999), http(status=302)])
async def test_the_signature_of_a_link_shows_in_no_error(what: bytes, tmp_path: Path) -> None:
    async with files(says_and_closes(what)) as (notion, _, store):
        with pytest.raises(NotionError) as caught:
            await download(notion, block(store.base_url + SIGNED), tmp_path / "a", **LOCAL)

    shown = [where for where, text in shown_by(caught.value) if re.search("signature_test", text)]
    assert shown == []
