"""The catalogue, A17 to A21: a 503 that came although the change was saved."""

from __future__ import annotations

import json

import pytest

from notion_async.models import ObjectList, Page
from notion_async.transport.hooks import AttemptRecord, CallRecord
from tests.faults.facing import (
    BLOCK,
    CREATES,
    HOME,
    assert_unknown,
    create,
    facing,
    outcome,
    update,
)
from tests.faults.server import Answer, Exchange, first
from tests.faults.strikes import done, replies
from tests.faults.wire import failing, framed


def recovered(records: list[AttemptRecord | CallRecord]) -> list[bool]:
    return [record.recovered for record in records if isinstance(record, CallRecord)]


GUIDANCE = ["The change may have been saved.", "Read it; do not repeat the request."]


def saved_but(**ids: str) -> Answer:
    """Do what was asked, and say 503 with the guidance Notion gives.

    The values of `ids` are names in the proper answer: ``id``, or ``results`` for those in it.
    """

    async def answer(exchange: Exchange) -> None:
        found = json.loads((await exchange.commit()).body)
        additional: dict[str, object] = {"retry_guidance": GUIDANCE, "deadline_ms": "55000"}
        for name, source in ids.items():
            if source == "results":
                additional[name] = [one["id"] for one in found["results"]]
            else:
                additional[name] = HOME if source == "parent" else found[source]
        await exchange.say(framed(failing(503, "service_unavailable", **additional)))

    return answer


async def test_a17_a_page_that_was_saved_is_returned() -> None:
    records: list[AttemptRecord | CallRecord] = []
    nemesis = first(saved_but(committed_resource_id="id"))
    async with facing(nemesis, hooks=[records.append]) as it:
        found = await create(it.notion)

        assert isinstance(found, Page)
        assert (await it.notion.pages.retrieve(found.id)).id == found.id
    assert it.server.count("POST", "/v1/pages") == 1
    assert len(it.writes) == 1
    assert True in recovered(records)


async def test_a18_blocks_that_were_saved_are_returned_in_order() -> None:
    records: list[AttemptRecord | CallRecord] = []
    ids = {"committed_resource_id": "parent", "committed_child_ids": "results"}
    texts = [f"text {number}" for number in range(5)]
    blocks = [{"paragraph": {"rich_text": [{"text": {"content": text}}]}} for text in texts]
    async with facing(first(saved_but(**ids)), hooks=[records.append]) as it:
        found = await it.notion.blocks.children.append(HOME, children=blocks)
        there = await it.notion.blocks.children.list(HOME).collect()

    assert isinstance(found, ObjectList)
    ids_found = [one.id for one in found.results]
    assert ids_found == [one.id for one in there if one.id != BLOCK]
    assert len(ids_found) == 5
    assert it.server.count("PATCH", f"/v1/blocks/{HOME}/children") == 1
    assert True in recovered(records)


async def test_a19_a_page_that_was_changed_is_returned() -> None:
    records: list[AttemptRecord | CallRecord] = []
    async with facing(first(saved_but()), hooks=[records.append]) as it:
        found = await update(it.notion)

    assert isinstance(found, Page)
    assert it.server.count("PATCH", f"/v1/pages/{HOME}") == 1
    assert len(it.writes) == 1
    assert True in recovered(records)


@pytest.mark.parametrize("saved", [True, False])
@pytest.mark.parametrize("name", CREATES)
async def test_a21_a_503_that_says_nothing_leaves_a_create_unknown(name: str, saved: bool) -> None:
    failure = replies(failing(503, "service_unavailable"))
    async with facing(first(done(failure) if saved else failure), hurried=True) as it:
        found = await outcome(CREATES[name](it.notion))

    unknown = assert_unknown(found, it)
    assert unknown is None or unknown.committed_id is None
    assert len(it.writes) == saved
