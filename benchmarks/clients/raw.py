"""aiohttp with orjson, and nothing else: the floor of whoever parses every answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import IO, Any

import aiohttp
import orjson

from benchmarks.clients import TOKEN, VERSION, Reads, untouched

Row = Mapping[str, Any]


class Raw:
    """A session of aiohttp."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            headers={"Authorization": f"Bearer {TOKEN}", "Notion-Version": VERSION},
        )

    async def each_row(self, data_source_id: str, use: Callable[[Row], object]) -> None:
        """Page through a data source."""
        body: dict[str, object] = {"page_size": 100}
        url = f"{self._base_url}/v1/data_sources/{data_source_id}/query"
        headers = {"Content-Type": "application/json"}
        while True:
            data = orjson.dumps(body)
            async with self._session.post(url, data=data, headers=headers) as response:
                answer = orjson.loads(await response.read())
            for row in answer["results"]:
                use(row)
            if not answer["has_more"]:
                return
            body["start_cursor"] = answer["next_cursor"]

    async def retrieve(self, page_id: str) -> object:
        """Read a page, and its id."""
        async with self._session.get(f"{self._base_url}/v1/pages/{page_id}") as response:
            return orjson.loads(await response.read())["id"]

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.close()


async def connect(base_url: str) -> Raw:
    """Return a client."""
    return Raw(base_url)


def three(row: Row) -> object:
    """Read a title, a state and a number."""
    properties = row["properties"]
    title = "".join([run["plain_text"] for run in properties["Name"]["title"]])
    return title, properties["Status"]["status"]["name"], properties["Points"]["number"]


def write(row: Row, out: IO[bytes]) -> None:
    """Write the row as it is read."""
    out.write(orjson.dumps(row) + b"\n")


READS: Reads[Row] = {"untouched": untouched, "three": three}
