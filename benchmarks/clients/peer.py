"""notion-client, asynchronous, as its manual shows it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import IO, Any

from notion_client import AsyncClient
from notion_client.helpers import async_iterate_paginated_api

from benchmarks.clients import TOKEN, VERSION, Reads, untouched

Row = Mapping[str, Any]


class Peer:
    """A client of notion-client."""

    def __init__(self, base_url: str) -> None:
        self._notion = AsyncClient(auth=TOKEN, base_url=base_url, notion_version=VERSION)

    async def each_row(self, data_source_id: str, use: Callable[[Row], object]) -> None:
        """Page through a data source."""
        async for row in async_iterate_paginated_api(
            self._notion.data_sources.query, data_source_id=data_source_id, page_size=100
        ):
            use(row)

    async def retrieve(self, page_id: str) -> object:
        """Read a page, and its id."""
        return (await self._notion.pages.retrieve(page_id))["id"]

    async def aclose(self) -> None:
        """Close the connections."""
        await self._notion.aclose()


async def connect(base_url: str) -> Peer:
    """Return a client."""
    return Peer(base_url)


def three(row: Row) -> object:
    """Read a title, a state and a number."""
    properties = row["properties"]
    title = "".join([run["plain_text"] for run in properties["Name"]["title"]])
    return title, properties["Status"]["status"]["name"], properties["Points"]["number"]


def write(row: Row, out: IO[bytes]) -> None:
    """Write the row, with what comes with Python."""
    out.write(json.dumps(row, separators=(",", ":"), ensure_ascii=False).encode() + b"\n")


READS: Reads[Row] = {"untouched": untouched, "three": three}
