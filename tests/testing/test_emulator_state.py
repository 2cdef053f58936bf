"""What is loaded, what comes back, and what is said to be there."""

from __future__ import annotations

import json
from collections import UserList
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from notion_async.testing import Emulator

from .emulated import (
    NEW,
    OLD,
    Object,
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
    words,
)

RECORDINGS = Path(__file__).parents[2].parent / "shared" / "recordings" / "exchanges.jsonl"
PATHS = {
    "page": "pages",
    "block": "blocks",
    "database": "databases",
    "data_source": "data_sources",
    "comment": "comments",
    "user": "users",
}


def recorded() -> list[Object]:
    if not RECORDINGS.exists():
        pytest.skip("the recordings are not here")
    return [json.loads(line) for line in RECORDINGS.read_text().splitlines()]


def recorded_objects() -> list[Object]:
    found: list[Object] = []
    for exchange in recorded():
        answer = exchange["response"]
        if exchange["status"] >= 300 or not isinstance(answer, dict):
            continue
        # Full objects only: lists of views and queries hold bare references.
        found += [
            one
            for one in answer.get("results", [answer])
            if one.get("object") in PATHS and len(one) > 3
        ]
    return found


async def test_every_recorded_object_comes_back_as_it_was() -> None:
    objects = recorded_objects()
    last = {(one["object"], one["id"]): one for one in objects}

    async with emulated(*objects) as notion:
        for (kind, identity), loaded in last.items():
            answer = await notion.get(f"/v1/{PATHS[kind]}/{identity}", version=OLD)
            answer.pop("request_id")
            assert answer == {k: v for k, v in loaded.items() if k != "request_id"}

    assert len(last) > 100


async def test_errors_have_the_recorded_shape() -> None:
    errors = [one for one in recorded() if one["status"] >= 400]

    async with emulated() as notion:
        for exchange in errors:
            token = "wrong" if exchange["status"] == 401 else None
            status, answer = await notion.send(
                exchange["method"], exchange["path"], version=OLD, token=token
            )
            expected = exchange["response"]
            assert status == exchange["status"]
            assert list(answer) == list(expected)
            assert answer["code"] == expected["code"]
            assert answer["message"].replace("Emulator", "notion-sdk-py") == expected["message"]

    assert errors


async def test_created_pages_and_blocks_have_the_recorded_shape() -> None:
    exchanges = [
        one
        for one in recorded()
        if (one["method"], one["path"]) == ("POST", "/v1/pages")
        or (one["method"] == "PATCH" and one["path"].endswith("/children"))
    ]

    async with emulated(page("Home")) as notion:
        for exchange in exchanges:
            body = exchange["request"]
            path = f"/v1/blocks/{uid('Home')}/children"
            if exchange["method"] == "POST":
                if "page_id" not in body["parent"]:
                    continue
                path, body = "/v1/pages", {**body, "parent": {"page_id": uid("Home")}}
            answer = await notion.ok(exchange["method"], path, body, version=OLD)
            assert shape(answer) == shape(exchange["response"])


def shape(value: Any) -> Any:
    """Return names and types, without what differs from workspace to workspace."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value).__name__


async def test_archived_is_said_in_the_older_version_and_where_it_was_loaded() -> None:
    bare = page("Bare")
    odd = page("Odd", archived=True)
    async with emulated(bare, odd, person("ada")) as notion:
        new = await notion.get(f"/v1/pages/{uid('Bare')}", version=NEW)
        old = await notion.get(f"/v1/pages/{uid('Bare')}", version=OLD)
        kept = await notion.get(f"/v1/pages/{uid('Odd')}", version=OLD)
        still = await notion.get(f"/v1/pages/{uid('Odd')}", version=NEW)
        user = await notion.get(f"/v1/users/{uid('ada')}", version=OLD)

    for answer in (new, old, kept, still, user):
        answer.pop("request_id")
    assert still == odd
    assert new == bare
    assert old == {**bare, "archived": False}
    assert kept == odd
    assert user == person("ada")


async def test_one_block_has_a_name_per_version() -> None:
    content = {"title": words("Standup"), "status": "notes_ready"}
    loaded = block("Notes", under("page_id", "Home"), "transcription", content=content)
    later = block("Later", under("page_id", "Home"), "meeting_notes", content=content)
    async with emulated(page("Home"), loaded, later) as notion:
        old = await notion.get(f"/v1/blocks/{uid('Notes')}", version=OLD)
        new = await notion.get(f"/v1/blocks/{uid('Notes')}", version=NEW)
        back = await notion.get(f"/v1/blocks/{uid('Later')}", version=OLD)

    assert (old["type"], old["transcription"]) == ("transcription", content)
    assert (new["type"], new["meeting_notes"]) == ("meeting_notes", content)
    assert "transcription" not in new
    assert (back["type"], back["transcription"]) == ("transcription", content)


async def test_parents_that_are_not_loaded_are_no_error() -> None:
    lost = block("Lost", under("block_id", "unknown"))
    stray = page("Stray", under("page_id", "elsewhere"))
    async with emulated(lost, stray, row("Loose", "no source")) as notion:
        assert (await notion.get(f"/v1/blocks/{uid('Lost')}"))["id"] == uid("Lost")
        assert await notion.ids("GET", f"/v1/blocks/{uid('unknown')}/children") == [uid("Lost")]
        assert await notion.ids("GET", f"/v1/blocks/{uid('elsewhere')}/children") == [uid("Stray")]
        assert await notion.ids("POST", f"/v1/data_sources/{uid('no source')}/query") == [
            uid("Loose")
        ]
        assert set(await notion.ids("POST", "/v1/search")) == {uid("Stray"), uid("Loose")}


async def test_pages_and_databases_stand_among_the_blocks_of_their_parent() -> None:
    home = under("page_id", "Home")
    loaded_block = block("Sub", home, "child_page", content={"title": "Sub"}, has_children=True)
    async with emulated(
        page("Home"),
        block("first", home),
        page("Sub", home),
        loaded_block,
        database("Tasks", home),
        page("Plain", home),
        block("below", under("page_id", "Plain")),
        block("last", home),
    ) as notion:
        listing = await notion.get(f"/v1/blocks/{uid('Home')}/children")
        alone = await notion.get(f"/v1/blocks/{uid('Plain')}")

    names = ("first", "Sub", "Tasks", "Plain", "last")
    assert [one["id"] for one in listing["results"]] == [uid(name) for name in names]
    assert listing["results"][1] == loaded_block
    tasks, plain = listing["results"][2], listing["results"][3]
    assert (tasks["type"], tasks["child_database"]) == ("child_database", {"title": "Tasks"})
    assert tasks["created_by"]["object"] == "user"
    assert plain["has_children"] is True
    assert plain.items() <= alone.items()
    assert list(loaded_block) == list(plain)


async def test_an_object_loaded_again_replaces_the_first_and_may_move() -> None:
    async with emulated(
        page("A"),
        page("B"),
        block("one", under("page_id", "A")),
        block("two", under("page_id", "A")),
        block("one", under("page_id", "A"), has_children=True),
        block("two", under("page_id", "B")),
    ) as notion:
        assert await notion.ids("GET", f"/v1/blocks/{uid('A')}/children") == [uid("one")]
        assert await notion.ids("GET", f"/v1/blocks/{uid('B')}/children") == [uid("two")]
        assert (await notion.get(f"/v1/blocks/{uid('one')}"))["has_children"] is True


def test_truth_counts_what_is_alive() -> None:
    emulator = Emulator()
    emulator.load(
        [
            page("Home"),
            block("text", under("page_id", "Home")),
            database("Tasks", under("page_id", "Home"), ("Table",)),
            data_source("Table", "Tasks"),
            row("Row", "Table"),
            row("Gone row", "Table", in_trash=True),
            block("in row", under("page_id", "Row")),
            block("in gone row", under("page_id", "Gone row")),
            page("Gone", under("page_id", "Home"), in_trash=True),
            page("Below gone", under("page_id", "Gone")),
            comment("c1", under("page_id", "Home")),
            comment("c2", under("block_id", "text")),
            comment("c3", under("page_id", "Below gone")),
            person("ada"),
        ]
    )

    truth = emulator.truth()

    assert truth.pages == {uid("Home")}
    assert truth.rows == {uid("Table"): (uid("Row"),)}
    assert truth.blocks == {uid("text"), uid("Tasks"), uid("in row")}
    assert truth.comments == {uid("c1")}
    assert truth.comments_on_blocks == {uid("c2")}
    assert truth.counts == {
        "pages": 1,
        "rows": 1,
        "blocks": 3,
        "databases": 1,
        "data_sources": 1,
        "comments": 1,
        "users": 2,
    }


def test_rows_of_an_unknown_source_are_counted_and_a_circle_of_parents_ends() -> None:
    emulator = Emulator()
    emulator.load(
        [
            row("Loose", "no source"),
            page("Snake", under("page_id", "Tail")),
            page("Tail", under("page_id", "Snake")),
        ]
    )

    truth = emulator.truth()

    assert truth.rows == {uid("no source"): (uid("Loose"),)}
    assert truth.pages == {uid("Snake"), uid("Tail")}


@pytest.mark.usefixtures("loads_oddities")
async def test_any_mapping_and_sequence_can_be_loaded() -> None:
    title = MappingProxyType({"id": "title", "type": "title", "title": tuple(words("Frozen"))})
    frozen = MappingProxyType(page("Frozen", properties=MappingProxyType({"title": title})))
    other = page("Other", extra=UserList([1]))
    async with emulated(frozen, other) as notion:  # type: ignore[arg-type]  # no dict
        answer = await notion.get(f"/v1/pages/{uid('Frozen')}")
        extra = await notion.get(f"/v1/pages/{uid('Other')}")

    assert answer["properties"]["title"]["title"] == words("Frozen")
    assert extra["extra"] == [1]


@pytest.mark.usefixtures("loads_oddities")
async def test_objects_that_nobody_has_seen_yet_are_kept_as_they_are() -> None:
    agent = {"type": "agent_id", "agent_id": uid("agent")}
    odd = [
        page("No properties", agent, properties=None),
        page("Odd properties", agent, properties={"x": 5}, created_time="some day"),
        page("No times", agent, created_time=None),
        page("Local time", agent, created_time="2026-05-01T08:00:00"),
    ]
    async with emulated(*odd) as notion:
        for loaded in odd:
            answer = await notion.get(f"/v1/pages/{loaded['id']}")
            answer.pop("request_id")
            assert answer == loaded


def test_what_is_not_json_cannot_be_loaded() -> None:
    with pytest.raises(TypeError, match="not JSON"):
        Emulator().load([page("Odd", extra=object())])


async def test_a_deleted_block_vanishes_with_everything_below_and_can_still_be_read() -> None:
    home = under("page_id", "Home")
    async with emulated(
        page("Home"),
        block("box", home, "toggle", has_children=True),
        page("Sub", under("block_id", "box")),
        block("inner", under("page_id", "Sub")),
    ) as notion:
        deleted = await notion.delete(f"/v1/blocks/{uid('box')}")
        again = await notion.get(f"/v1/blocks/{uid('box')}")

        assert deleted["in_trash"] is again["in_trash"] is True
        assert await notion.ids("GET", f"/v1/blocks/{uid('Home')}/children") == []
        assert await notion.ids("GET", f"/v1/blocks/{uid('Sub')}/children") == []
        assert await notion.ids("POST", "/v1/search") == [uid("Home")]
        assert notion.emulator.truth().blocks == frozenset()
        code, message = await notion.refused(
            "PATCH", f"/v1/blocks/{uid('inner')}/children", {"children": []}
        )

    assert code == "validation_error"
    assert "archived" in message


async def test_a_page_goes_to_the_trash_with_its_block_and_comes_back() -> None:
    home = under("page_id", "Home")
    shown = block("Sub", home, "child_page", content={"title": "Sub"})
    async with emulated(page("Home"), page("Sub", home), shown) as notion:
        path = f"/v1/pages/{uid('Sub')}"
        gone = await notion.patch(path, {"in_trash": True})
        gone_block = await notion.get(f"/v1/blocks/{uid('Sub')}")
        listed = await notion.ids("GET", f"/v1/blocks/{uid('Home')}/children")
        trashed = await notion.post("/v1/search", {"filter": {"in_trash": True}})
        back = await notion.patch(path, {"archived": False}, version=OLD)
        listed_again = await notion.ids("GET", f"/v1/blocks/{uid('Home')}/children")
        unchanged = await notion.patch(path, {})

    assert gone["in_trash"] is gone_block["in_trash"] is True
    assert "archived" not in gone
    assert listed == []
    assert [one["id"] for one in trashed["results"]] == [uid("Sub")]
    assert back["archived"] is back["in_trash"] is unchanged["in_trash"] is False
    assert listed_again == [uid("Sub")]


async def test_deleting_the_block_of_a_page_trashes_the_page() -> None:
    async with emulated(page("Home"), page("Sub", under("page_id", "Home"))) as notion:
        answer = await notion.delete(f"/v1/blocks/{uid('Sub')}")
        sub = await notion.get(f"/v1/pages/{uid('Sub')}")
        home = await notion.get(f"/v1/pages/{uid('Home')}")

    assert (answer["object"], answer["type"], answer["in_trash"]) == ("block", "child_page", True)
    assert sub["in_trash"] is True
    assert home["last_edited_time"] == "2026-05-17T10:42:00.000Z"


async def test_a_block_stops_having_children_when_the_last_is_deleted() -> None:
    async with emulated(
        page("Home"),
        block("box", under("page_id", "Home"), "toggle", has_children=True),
        block("a", under("block_id", "box")),
        block("b", under("block_id", "box")),
    ) as notion:
        await notion.delete(f"/v1/blocks/{uid('a')}")
        assert (await notion.get(f"/v1/blocks/{uid('box')}"))["has_children"] is True
        await notion.delete(f"/v1/blocks/{uid('b')}")
        assert (await notion.get(f"/v1/blocks/{uid('box')}"))["has_children"] is False


async def test_updates_that_are_not_right_say_so() -> None:
    async with emulated(page("Home")) as notion:
        path = f"/v1/pages/{uid('Home')}"
        template = await notion.wrong("PATCH", path, {"template": {}})
        old_name = await notion.wrong("PATCH", path, {"archived": True})
        wrong = await notion.wrong("PATCH", path, {"in_trash": "yes"})

    assert "body.template.type should be defined" in template
    assert "body.archived should be not present" in old_name
    assert 'body.in_trash should be a boolean, instead was `"yes"`' in wrong
