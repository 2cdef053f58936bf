"""Serve a data source of very many rows until the input ends, at little cost: for the soak test.

It knows queries in the order of creation, with a window of time; ten rows belong to each minute.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
PER_MINUTE = 10
CAP = 10_000
CUT = b',"request_status":{"type":"incomplete","incomplete_reason":"query_result_limit_reached"}'
ROW = (
    b'{"object":"page","id":"%08x-0000-4000-8000-%012x","created_time":"%s",'
    b'"last_edited_time":"%s","in_trash":false,"parent":{"type":"data_source_id",'
    b'"data_source_id":"00000000-0000-4000-8000-000000000001"},"url":"https://app.notion.com/p/x",'
    b'"properties":{"Name":{"id":"title","type":"title","title":[{"type":"text","text":'
    b'{"content":"%s","link":null},"plain_text":"row","href":null}]}}}'
)
TEXT = b"a row of about one kilobyte " * 22


def minute(number: int) -> bytes:
    time = FIRST + timedelta(minutes=number // PER_MINUTE)
    return f"{time:%Y-%m-%dT%H:%M}:00.000Z".encode()


def answer(body: bytes, count: int) -> bytes:
    """Answer a query."""
    asked = json.loads(body)
    start, end = 0, count
    given = asked.get("filter", {})
    for condition in given.get("and", [given]):
        for operator, operand in condition.get("created_time", {}).items():
            at = (datetime.fromisoformat(operand) - FIRST) // timedelta(minutes=1) * PER_MINUTE
            if operator == "on_or_after":
                start = max(start, at)
            elif operator == "before":
                end = min(end, at)
            else:
                raise ValueError(operator)
    if asked["sorts"][0]["direction"] == "descending":
        start = max(start, end - 1)
    is_cut = end - start > CAP
    end = min(end, start + CAP)
    at = int(asked.get("start_cursor", start))
    last = max(at, min(end, at + asked["page_size"]))
    rows = b",".join(
        ROW % (number + 1, number, minute(number), minute(number), TEXT)
        for number in range(at, last)
    )
    more = b'"%d","has_more":true' % last if last < end else b'null,"has_more":false'
    return b'{"object":"list","results":[%s],"next_cursor":%s,"type":"page_or_data_source"%s}' % (
        rows,
        more,
        CUT if is_cut else b"",
    )


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, count: int) -> None:
    """Answer the requests of a connection until it is closed."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            size = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
            body = answer(await reader.readexactly(size), count)
            top = (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            )
            writer.write(top % len(body) + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main(count: int) -> None:
    server = await asyncio.start_server(
        lambda reader, writer: serve(reader, writer, count), "127.0.0.1", 0
    )
    async with server:
        sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
