"""Values that are computed or converted: ids, times, statuses, and types that change."""

from __future__ import annotations

from typing import Any

import pytest

from notion_async.models import Parent

from .clients import connected
from .emulated import (
    EARLIER,
    MINUTE,
    Object,
    Raw,
    person,
    uid,
)
from .test_emulator_relations import TABLES, TASKS, TEAM, schema
from .test_emulator_writing import text


async def test_unique_ids_count_the_rows_and_are_not_given_twice() -> None:
    async with connected(*TABLES) as (notion, raw):
        number = {"Number": {"unique_id": {"prefix": "T"}}}
        await notion.data_sources.update(TASKS, properties=number)
        await notion.data_sources.update(TEAM, properties={"Number": {"unique_id": {}}})
        new = await notion.pages.create(parent=Parent(data_source_id=TASKS), properties={})
        await notion.pages.update(new.id, in_trash=True)
        await notion.pages.create(parent=Parent(data_source_id=TASKS), properties={})
        await notion.data_sources.update(TASKS, properties={"Number": {"unique_id": {
            "prefix": "TASK"}}})  # fmt: skip
        rows = (await raw.post(f"/v1/data_sources/{TASKS}/query"))["results"]
        others = (await raw.post(f"/v1/data_sources/{TEAM}/query"))["results"]

    numbers = [one["properties"]["Number"]["unique_id"] for one in rows]
    assert numbers == [{"prefix": "TASK", "number": number} for number in (1, 2, 4)]
    assert [one["properties"]["Number"]["unique_id"]["number"] for one in others] == [1, 2]


async def test_rows_that_were_there_know_who_made_them_and_when() -> None:
    own: Object = {name: {name: {}} for name in ("created_time", "created_by", "last_edited_time")}
    async with connected(*TABLES) as (notion, raw):
        await notion.data_sources.update(TASKS, properties=own)
        values = (await raw.get(f"/v1/pages/{uid('task')}"))["properties"]

    assert values["created_time"]["created_time"] == EARLIER
    assert values["created_by"]["created_by"] == {"object": "user", "id": uid("ada")}
    assert values["last_edited_time"]["last_edited_time"] == EARLIER


async def test_a_status_comes_with_its_groups() -> None:
    async with connected(*TABLES) as (notion, raw):
        await notion.data_sources.update(TASKS, properties={"State": {"status": {}}})
        made = (await schema(raw, TASKS))["State"]["status"]
        options = [{"name": "Later"}, {"id": made["options"][2]["id"]},
                   {"name": "Shipped", "group": "Complete"}]  # fmt: skip
        await notion.data_sources.update(
            TASKS, properties={"State": {"status": {"options": options}}}
        )
        changed = (await schema(raw, TASKS))["State"]["status"]
        wrong = {"properties": {"State": {"status": {"options": [{"name": "x", "group": "y"}]}}}}
        message = await raw.wrong("PATCH", f"/v1/data_sources/{TASKS}", wrong)

    assert groups(made) == {
        "To-do": ["Not started"],
        "In progress": ["In progress"],
        "Complete": ["Done"],
    }
    assert groups(changed) == {
        "To-do": ["Later"],
        "In progress": [],
        "Complete": ["Done", "Shipped"],
    }
    assert "options[0].group should be" in message


def groups(status: Object) -> Object:
    names = {option["id"]: option["name"] for option in status["options"]}
    return {
        group["name"]: [names[identity] for identity in group["option_ids"]]
        for group in status["groups"]
    }


async def test_a_page_is_verified_and_no_longer() -> None:
    async with connected(*TABLES, person("ada")) as (notion, raw):
        await notion.data_sources.update(TASKS, properties={"Check": {"verification": {}}})
        before = await check(raw)
        path = f"/v1/pages/{uid('task')}"
        await raw.patch(path, {"properties": {"Check": {"verification": {"state": "verified"}}}})
        verified = await check(raw)
        until = {"state": "verified", "date": {"start": "2026-05-17", "end": "2026-06-17"}}
        await raw.patch(path, {"properties": {"Check": {"verification": until}}})
        dated = await check(raw)
        await raw.patch(path, {"properties": {"Check": {"verification": {"state": "unverified"}}}})
        after = await check(raw)
        me = await raw.get("/v1/users/me")

    assert before == after == {"state": "unverified", "date": None, "verified_by": None}
    assert (verified["state"], verified["date"]) == (
        "verified",
        {"start": MINUTE, "end": None, "time_zone": None},
    )
    assert verified["verified_by"]["id"] == me["id"]
    assert dated["date"] == {"start": "2026-05-17", "end": "2026-06-17", "time_zone": None}


async def check(raw: Raw) -> Object:
    values = (await raw.get(f"/v1/pages/{uid('task')}"))["properties"]
    found: Object = values["Check"]["verification"]
    return found


# Types that change


KEPT: list[tuple[Object, Object, Object, Any]] = [
    ({"number": {}}, {"number": 3}, {"rich_text": {}}, "3"),
    ({"rich_text": {}}, {"rich_text": text("4.5")}, {"number": {}}, 4.5),
    ({"rich_text": {}}, {"rich_text": text("40")}, {"number": {}}, 40),
    ({"rich_text": {}}, {"rich_text": text("much")}, {"number": {}}, None),
    ({"rich_text": {}}, {"rich_text": text("inf")}, {"number": {}}, None),
    ({"rich_text": {}}, {"rich_text": text("a@example.com")}, {"email": {}}, "a@example.com"),
    ({"url": {}}, {"url": None}, {"rich_text": {}}, ""),
    ({"checkbox": {}}, {"checkbox": True}, {"rich_text": {}}, ""),
    ({"select": {}}, {"select": {"name": "a"}}, {"multi_select": {}}, ["a"]),
    ({"select": {}}, {"select": None}, {"multi_select": {}}, ""),
    ({"multi_select": {}}, {"multi_select": [{"name": "a"}, {"name": "b"}]}, {"select": {}}, "a"),
    ({"multi_select": {}}, {"multi_select": []}, {"select": {}}, None),
    ({"select": {}}, {"select": {"name": "a"}}, {"url": {}}, "a"),
    ({"multi_select": {}}, {"multi_select": [{"name": "a"}, {"name": "b"}]},
     {"rich_text": {}}, "a, b"),
    ({"number": {}}, {"number": 3}, {"date": {}}, None),
]  # fmt: skip


@pytest.mark.parametrize(("before", "value", "after", "kept"), KEPT)
async def test_values_stay_where_they_suit_the_new_type(
    before: Object, value: Object, after: Object, kept: Any
) -> None:
    async with connected(*TABLES) as (notion, raw):
        await notion.data_sources.update(TASKS, properties={"It": before})
        await raw.patch(f"/v1/pages/{uid('task')}", {"properties": {"It": value}})
        await notion.data_sources.update(TASKS, properties={"It": after})
        found = (await raw.get(f"/v1/pages/{uid('task')}"))["properties"]["It"]

    (kind,) = after
    assert found["type"] == kind
    assert plain(found[kind]) == kept


def plain(content: Any) -> Any:
    if isinstance(content, list):
        if content and "name" in content[0]:
            return [one["name"] for one in content]
        return "".join(one["plain_text"] for one in content)
    return content["name"] if isinstance(content, dict) else content


async def test_rows_follow_options_that_change() -> None:
    async with connected(*TABLES) as (notion, raw):
        await notion.data_sources.update(TASKS, properties={"Tags": {"multi_select": {}}})
        tags = {"Tags": {"multi_select": [{"name": "a"}, {"name": "b"}]}}
        await notion.pages.update(uid("task"), properties=tags)
        options = (await schema(raw, TASKS))["Tags"]["multi_select"]["options"]
        left = [{"id": options[0]["id"], "name": "A", "color": "red"}]
        await notion.data_sources.update(
            TASKS, properties={"Tags": {"multi_select": {"options": left}}}
        )
        value = (await raw.get(f"/v1/pages/{uid('task')}"))["properties"]["Tags"]

    assert value["multi_select"] == [{"id": options[0]["id"], "name": "A", "color": "red"}]
