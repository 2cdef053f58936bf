"""Serve a data source with any number of rows, none of which is held.

It runs in a process of its own, until its input ends:
``python -m benchmarks.reliability.rows_server ROWS`` writes its port.

Queries are answered in the order of creation; of a filter only the bounds on the time of creation
are looked at.  Below ``/cut`` a query ends after 10,000 rows, as Notion's do.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.faults.server import Arrived, FaultServer
from tests.faults.wire import Reply
from tests.testing.emulated import row, uid

SOURCE: Final = uid("rows")
PER_MINUTE: Final = 100
_CUT: Final = 10_000
_START: Final = datetime(2020, 1, 1, tzinfo=UTC)
_MINUTE: Final = timedelta(minutes=1)
_ID, _TIME = "0" * 32, "2020-01-01T00:00:00.000Z"
_INCOMPLETE: Final = (
    b',"request_status":{"type":"incomplete","incomplete_reason":"query_result_limit_reached"}'
)


def _template() -> list[bytes]:
    text = json.dumps(row("any", "rows", created=_TIME), separators=(",", ":"))
    text = text.replace(uid("any"), _ID).replace(_TIME, "\0")
    before, _, after = text.partition(f'"id":"{_ID}"')
    return f'{before}"id":"\1"{after}'.encode().replace(_ID.encode(), b"any").split(b"\1")


def _row(before: bytes, after: bytes, number: int) -> bytes:
    time = (_START + number // PER_MINUTE * _MINUTE).strftime("%Y-%m-%dT%H:%M:00.000Z").encode()
    identity = b"1f0e2a3c-0000-4000-8000-%012d" % number
    return (before + identity + after).replace(b"\0", time)


def _bounds(filter: object) -> Iterator[tuple[str, datetime]]:
    match filter:
        case {"and": [*parts]}:
            for part in parts:
                yield from _bounds(part)
        case {"created_time": dict(condition)}:
            for operator, moment in condition.items():
                yield operator, datetime.fromisoformat(moment)


class Rows:
    """Answers queries.

    Args:
        count: How many rows there are.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._before, self._after = _template()

    def __call__(self, request: Arrived) -> Reply:
        """Answer a query."""
        body: dict[str, Any] = json.loads(request.body)
        low, high = 0, self._count
        for operator, moment in _bounds(body.get("filter")):
            number = int((moment - _START) / _MINUTE) * PER_MINUTE
            if operator == "on_or_after":
                low = max(low, number)
            elif operator == "before":
                high = min(high, number)
            else:
                return Reply(400, b'{"object":"error","status":400,"code":"validation_error"}')
        start = int(body.get("start_cursor") or low)
        size = min(100, body.get("page_size", 100))
        is_cut = request.path.startswith("/cut/") and high - low > _CUT
        end = min(high, low + _CUT) if is_cut else high
        numbers = range(start, min(start + size, end))
        if "descending" in json.dumps(body.get("sorts")):
            numbers = range(high - 1, max(low, high - size) - 1, -1)
        more = start + size < end
        rows = b",".join(_row(self._before, self._after, number) for number in numbers)
        status = _INCOMPLETE if is_cut and not more else b""
        cursor = b'"%d"' % (start + size) if more else b"null"
        return Reply(
            200,
            b'{"object":"list","results":[%s],"next_cursor":%s,"has_more":%s,'
            b'"type":"page_or_data_source","page_or_data_source":{}%s}'
            % (rows, cursor, b"true" if more else b"false", status),
            {"Content-Type": "application/json"},
        )


async def main(count: int) -> None:
    """Serve until the input ends."""
    server = FaultServer(Rows(count))
    # What arrives is not kept: there is too much of it.
    async with server:
        sys.stdout.write(f"{server.port}\n")
        sys.stdout.flush()
        ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
        while not ended.done():
            await asyncio.wait([ended], timeout=1.0)
            server.arrived.clear()
            server.log.clear()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
