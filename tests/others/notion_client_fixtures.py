"""What the endpoint tests of notion-client ask for by name, made in an emulated workspace."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from notion_client import Client

from notion_async.testing import Emulator
from tests.testing.emulated import page, uid

Answer: TypeAlias = dict[str, Any]

HOME = uid("home")
MiB = 1024 * 1024


@pytest.fixture
def client(notion_emulator: Emulator) -> Client:
    notion_emulator.load([page("home")])
    return Client(auth=notion_emulator.token, base_url=notion_emulator.base_url)


@pytest.fixture
def parent_page_id(client: Client) -> str:
    del client  # it loads the page
    return HOME


@pytest.fixture
def page_id(client: Client) -> str:
    title = {"title": [{"text": {"content": "A page"}}]}
    return made(client.pages.create(parent={"page_id": HOME}, properties=title))


@pytest.fixture
def block_id(client: Client, page_id: str) -> str:
    paragraph = {"paragraph": {"rich_text": [{"text": {"content": "A text"}}]}}
    answer: Any = client.blocks.children.append(block_id=page_id, children=[paragraph])
    return made(answer["results"][0])


@pytest.fixture
def database(client: Client, page_id: str) -> Answer:
    answer: Any = client.databases.create(
        parent={"type": "page_id", "page_id": page_id},
        title=[{"text": {"content": "Tasks"}}],
        initial_data_source={"properties": {"Name": {"title": {}}}},
    )
    found: Answer = answer
    return found


@pytest.fixture
def database_id(database: Answer) -> str:
    return made(database)


@pytest.fixture
def data_source_id(database: Answer) -> str:
    return made(database["data_sources"][0])


@pytest.fixture
def view_id(client: Client, database_id: str, data_source_id: str) -> str:
    return made(
        client.views.create(
            database_id=database_id, data_source_id=data_source_id, name="All", type="table"
        )
    )


@pytest.fixture
def comment_id(client: Client, page_id: str) -> str:
    return made(
        client.comments.create(
            parent={"page_id": page_id}, rich_text=[{"text": {"content": "A comment"}}]
        )
    )


Upload: TypeAlias = Callable[..., str]


@pytest.fixture
def upload(client: Client) -> Upload:
    def make(name: str = "test_file_small.txt", parts: int = 0, sent: int = 0) -> str:
        mode = {"mode": "multi_part", "number_of_parts": parts} if parts else {}
        identity = made(
            client.file_uploads.create(filename=name, content_type="text/plain", **mode)
        )
        for number in range(1, sent + 1):
            file = io.BytesIO(b"x" * (5 * MiB if parts else 20))
            file.name = name
            part = {"part_number": str(number)} if parts else {}
            client.file_uploads.send(file_upload_id=identity, file=file, **part)
        return identity

    return make


@pytest.fixture
def single_file_upload_id(upload: Upload) -> str:
    return upload(sent=1)


@pytest.fixture
def pending_single_file_upload_id(upload: Upload) -> str:
    return upload()


@pytest.fixture
def pending_multi_file_upload_id(upload: Upload) -> str:
    return upload("test_file_multi.txt", parts=3)


@pytest.fixture
def part_uploaded_file_upload_id(upload: Upload) -> str:
    return upload("test_file_multi.txt", parts=3, sent=3)


@pytest.fixture
def setup_file_uploads_ids(upload: Upload) -> list[str]:
    return [upload() for _ in range(7)]


def made(answer: Any) -> str:
    identity: str = answer["id"]
    return identity
