"""The types of filters and of plain values.  Never executed: type checkers have to accept it."""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import assert_type

from notion_async import AsyncClient
from notion_async.models import DataSource, PropertyValue
from notion_async.models.conditions import (
    CheckboxConditions,
    DateConditions,
    TextConditions,
    prop,
    timestamp,
)
from notion_async.models.filters import Filter, Sort
from notion_async.models.moments import DateSpan
from notion_async.models.new_values import WrittenValue
from notion_async.models.values import PlainValue


async def filters(notion: AsyncClient) -> None:
    assert_type(prop("x").checkbox, CheckboxConditions)
    assert_type(prop("x").formula.string, TextConditions)
    assert_type(prop("x").rollup.any.date, DateConditions)
    assert_type(prop("x").status.equals(["a", "b"]), Filter)
    assert_type(timestamp.created_time.before("today"), Filter)
    assert_type(prop("x").date.before(date(2026, 1, 1)) | prop("x").date.is_empty(), Filter)
    assert_type(prop("x").number.less_than(3) & prop("x").number.greater_than(2.5), Filter)
    assert_type(prop("x").ascending(), Sort)
    notion.data_sources.query(
        "id",
        filter=timestamp.last_edited_time.after(datetime(2026, 1, 1, tzinfo=UTC)),
        sorts=[prop("x").ascending(), timestamp.created_time.descending()],
    )
    notion.data_sources.scan("id", filter=prop("x").people.contains("me"))


async def values(notion: AsyncClient, source: DataSource, one: PropertyValue) -> None:
    assert_type(one.value, PlainValue)
    if isinstance(one.value, DateSpan):
        assert_type(one.value.start, date | datetime)
        assert_type(one.value.end, date | datetime | None)
    made = source.property_values({"Due": date(2026, 12, 1), "Tags": ["a"], "Done": True})
    assert_type(made, dict[str, WrittenValue])
    await notion.pages.create(parent={"data_source_id": source.id}, properties=made)
    row: dict[str, str] = {"Name": "x"}
    source.property_values(row)


def mistakes() -> None:
    # Each of these is an error to mypy and to pyright: else one of them says that there is
    # nothing to suppress.
    prop("x").checkbox.contains("a")  # type: ignore[attr-defined]  # to be refused
    prop("x").files.equals("a")  # type: ignore[attr-defined]  # to be refused
    prop("x").rollup.any.title.equals("a")  # type: ignore[attr-defined]  # to be refused
    prop("x").number.equals("3")  # type: ignore[arg-type]  # to be refused
    prop("x").verification.status("unverified")  # type: ignore[arg-type]  # to be refused
    timestamp.created_time.before(3)  # type: ignore[arg-type]  # to be refused
    _ = prop("x").files.is_empty() & prop("x").ascending()  # type: ignore[operator]  # to be refused
