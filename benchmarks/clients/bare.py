"""aiohttp, and the bytes left as they are: the floor of the network."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import aiohttp

from benchmarks.clients import TOKEN, VERSION, Reads, untouched

_CURSOR: Final = re.compile(rb'"next_cursor":"([^"]+)"')


class Bare:
    """A session of aiohttp."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            headers={
                "Authorization": f"Bearer {TOKEN}",
                "Notion-Version": VERSION,
                "Content-Type": "application/json",
            },
        )

    async def each_row(self, data_source_id: str, use: Callable[[bytes], object]) -> None:
        """Page through a data source; its rows are not told apart."""
        url = f"{self._base_url}/v1/data_sources/{data_source_id}/query"
        body = b'{"page_size":100}'
        while True:
            async with self._session.post(url, data=body) as response:
                answer = await response.read()
            use(answer)
            found = _CURSOR.search(answer, max(0, len(answer) - 400))
            if found is None:
                return
            body = b'{"page_size":100,"start_cursor":"%s"}' % found[1]

    async def retrieve(self, page_id: str) -> object:
        """Read a page; its id is not looked for."""
        async with self._session.get(f"{self._base_url}/v1/pages/{page_id}") as response:
            return await response.read()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.close()


async def connect(base_url: str) -> Bare:
    """Return a client."""
    return Bare(base_url)


READS: Reads[bytes] = {"untouched": untouched}
