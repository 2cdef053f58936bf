"""Answers have the shape of Notion's published types, where those and jsonschema are at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .emulated import (
    OLD,
    block,
    comment,
    data_source,
    database,
    emulated,
    page,
    person,
    row,
    uid,
    under,
)
from .test_emulator_blocks import MINIMAL
from .test_emulator_query import SCHEMA, A

TYPES = Path(__file__).parents[2].parent / "shared" / "notion-api" / "notion.schema.json"


def validator(name: str) -> Any:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    if not TYPES.exists():
        pytest.skip("Notion's types are not here")
    definitions = json.loads(TYPES.read_text())["definitions"]
    schema = {"$ref": f"#/definitions/{name}", "definitions": definitions}
    return jsonschema.Draft7Validator(schema)


HOME = under("page_id", "Home")
READS = [
    ("GET", f"/v1/pages/{uid('Home')}", "GetPageResponse"),
    ("GET", f"/v1/pages/{uid('Row')}/properties/title", "GetPagePropertyResponse"),
    ("GET", f"/v1/pages/{uid('Row')}/properties/Size", "GetPagePropertyResponse"),
    ("GET", f"/v1/pages/{uid('Row')}/properties/Links", "GetPagePropertyResponse"),
    ("GET", f"/v1/blocks/{uid('Home')}", "GetBlockResponse"),
    ("GET", f"/v1/blocks/{uid('Tasks')}", "GetBlockResponse"),
    ("GET", f"/v1/blocks/{uid('Home')}/children", "ListBlockChildrenResponse"),
    ("GET", f"/v1/databases/{uid('Tasks')}", "GetDatabaseResponse"),
    ("GET", f"/v1/data_sources/{uid('Table')}", "GetDataSourceResponse"),
    ("POST", f"/v1/data_sources/{uid('Table')}/query", "QueryDataSourceResponse"),
    ("POST", "/v1/search", "SearchResponse"),
    ("GET", "/v1/users", "ListUsersResponse"),
    ("GET", "/v1/users/me", "GetSelfResponse"),
    ("GET", f"/v1/comments?block_id={uid('Home')}", "ListCommentsResponse"),
]


@pytest.mark.parametrize(("method", "path", "name"), READS)
async def test_what_is_read_has_the_published_type(method: str, path: str, name: str) -> None:
    valid = validator(name)
    async with emulated(
        page("Home"),
        block("text", HOME),
        database("Tasks", HOME, ("Table",)),
        data_source("Table", "Tasks", {"Name": SCHEMA["Name"], "Size": SCHEMA["Size"]}),
        row("Row", "Table", {name: A[name] for name in ("Size", "Links", "Text")}),
        comment("hi", HOME),
        person("ada"),
    ) as notion:
        answer = await notion.ok(method, path, {} if method == "POST" else None, version=OLD)

    assert [error.message for error in valid.iter_errors(answer)] == []


async def test_what_is_written_has_the_published_type() -> None:
    page_type, block_type = validator("PageObjectResponse"), validator("BlockObjectResponse")
    comment_type = validator("CommentObjectResponse")
    async with emulated(
        page("Home"),
        database("Tasks", sources=("Table",)),
        data_source("Table", "Tasks", SCHEMA),
    ) as notion:
        made = await notion.post(
            "/v1/pages",
            {"parent": {"data_source_id": uid("Table")}, "properties": {}},
            version=OLD,
        )
        blocks = await notion.patch(
            f"/v1/blocks/{uid('Home')}/children",
            {"children": [{kind: content} for kind, content in MINIMAL.items()]},
            version=OLD,
        )
        said = await notion.post(
            "/v1/comments", {"parent": {"page_id": uid("Home")}, "rich_text": []}
        )

    assert [error.message for error in page_type.iter_errors(made)] == []
    assert [error.message for error in comment_type.iter_errors(said)] == []
    for one in blocks["results"]:
        assert [error.message for error in block_type.iter_errors(one)] == []
