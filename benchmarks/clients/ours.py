"""notion_async, as it is used: gate, retries and deadlines on, the limiter off."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from benchmarks.clients import TOKEN, VERSION, Reads, untouched
from notion_async import AsyncClient, json_text
from notion_async.models import (
    DataSource,
    NumberValue,
    Page,
    StatusValue,
    TitleValue,
    plain_text,
)
from notion_async.transport.limiter import Limiter, TokenBucket

Row = Page | DataSource


class Ours:
    """A client of ours."""

    def __init__(self, base_url: str, limiter: Limiter | None = None) -> None:
        self._notion = AsyncClient(
            TOKEN, base_url=base_url, notion_version=VERSION, limiter=limiter
        )

    async def each_row(self, data_source_id: str, use: Callable[[Row], object]) -> None:
        """Page through a data source."""
        async for row in self._notion.data_sources.query(data_source_id, page_size=100):
            use(row)

    async def retrieve(self, page_id: str) -> object:
        """Read a page, and its id."""
        return (await self._notion.pages.retrieve(page_id)).id

    async def aclose(self) -> None:
        """Close the connections."""
        await self._notion.aclose()


async def connect(base_url: str) -> Ours:
    """Return a client without a limiter."""
    return Ours(base_url)


async def connect_limited(base_url: str) -> Ours:
    """Return a client with a limiter that never makes it wait."""
    return Ours(base_url, TokenBucket(1_000_000, max_in_flight=1_000))


def three(row: Row) -> object:
    """Read a title, a state and a number, as plain values."""
    if not isinstance(row, Page):
        raise TypeError("the server sent other rows")
    properties = row.properties
    return properties["Name"].value, properties["Status"].value, properties["Points"].value


def three_objects(row: Row) -> object:
    """Read them as the objects of their classes."""
    properties = row.properties
    title, status, points = (properties[name].content for name in ("Name", "Status", "Points"))
    if not isinstance(title, TitleValue) or not isinstance(points, NumberValue):
        raise TypeError("the server sent other rows")
    if not isinstance(status, StatusValue) or status.status is None:
        raise TypeError("the server sent other rows")
    return plain_text(title.title), status.status.name, points.number


def classes(row: Row) -> None:
    """Decode every property to its class."""
    if isinstance(row, Page):
        for value in row.properties.values():
            _ = value.content


def values(row: Row) -> None:
    """Decode every property to its class, and what it holds to objects."""
    if isinstance(row, Page):
        for value in row.properties.values():
            getattr(value.content, value.type)


def write(row: Row, out: IO[bytes]) -> None:
    """Write the row as it came."""
    out.write(json_text(row) + b"\n")


READS: Reads[Row] = {
    "untouched": untouched,
    "three": three,
    "three objects": three_objects,
    "classes": classes,
    "values": values,
}
