"""Read an answer as a process of its own, and print what came of it and how large it grew."""

from __future__ import annotations

import asyncio
import json
import sys

from notion_async import AsyncClient, NotionError
from notion_async.models import User
from tests.resources.upload_stream import memory


async def main(url: str, cap: int) -> None:
    async with AsyncClient(
        "ntn_test", base_url=url, max_response_bytes=cap, retry=False
    ) as notion:
        await notion.users.list()  # what is loaded on first use is loaded
        before = memory("VmRSS")
        try:
            users = await notion.users.list()
        except NotionError as error:
            found = type(error).__name__
        else:
            assert isinstance(users[0], User)
            found = f"{len(users)} users"
    print(json.dumps({"found": found, "added": memory("VmHWM") - before}))  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
