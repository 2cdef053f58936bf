"""The emulator answers what Notion answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.replay.comparing import Counterparts, Deviation
from tests.replay.deviations import REASONS
from tests.replay.recordings import Exchange, sequences
from tests.replay.replaying import Replayed, presupposed, replay_all, table

SHARE = 0.98
ONE, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
NEW, SECOND = "33333333-3333-4333-8333-333333333333", "44444444-4444-4444-8444-444444444444"


async def test_every_recorded_exchange_is_answered_as_notion_answered_it(shared: Path) -> None:
    recorded = sequences(shared)

    replayed = await replay_all(recorded)

    text = table(replayed, REASONS)
    assert len(replayed) == sum(map(len, recorded.values())) == 332
    assert {one.key for one in replayed if not one.agrees} == set(REASONS), text
    assert sum(one.agrees for one in replayed) >= SHARE * len(replayed), text


def compared(recorded: object, emulated: object) -> list[str]:
    counterparts = Counterparts("http://127.0.0.1:1")
    counterparts.same_id(ONE)
    return [one.path for one in counterparts.deviations(recorded, emulated)]


@pytest.mark.parametrize(
    ("recorded", "emulated"),
    [
        ({"id": ONE}, {"id": ONE}),
        ({"id": OTHER, "parent": OTHER}, {"id": NEW, "parent": NEW}),
        ({"id": OTHER.replace("-", "")}, {"id": NEW.replace("-", "")}),
        ({"at": "2026-07-04T09:11:00.000Z"}, {"at": "2025-01-01T00:00:00.000Z"}),
        ({"at": "2026-07-04T09:13:00.290+00:00"}, {"at": "2025-01-01T00:00:05.001+00:00"}),
        ({"next_cursor": OTHER}, {"next_cursor": "b3BhcXVl"}),
        ({"request_id": OTHER}, {"request_id": NEW}),
        ({"message": f"no {OTHER}."}, {"message": f"no {NEW}."}),
        ({"url": "https://api.notion.com/v1/x"}, {"url": "http://127.0.0.1:1/v1/x"}),
        ({"id": f"task_{OTHER.replace('-', '')}"}, {"id": f"task_{NEW.replace('-', '')}"}),
    ],
)
def test_what_cannot_be_foretold_is_compared_by_its_form(recorded: Any, emulated: Any) -> None:
    assert compared(recorded, emulated) == []


@pytest.mark.parametrize(
    ("recorded", "emulated", "where"),
    [
        ({"a": 1}, {}, "a"),
        ({}, {"a": 1}, "a"),
        ({"a": None}, {"a": ""}, "a"),
        ({"a": 0}, {"a": False}, "a"),
        ({"a": {"b": "x"}}, {"a": {"b": "y"}}, "a.b"),
        ({"a": [1]}, {"a": [1, 2]}, "a.length"),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, "a[0].b"),
        ({"a": []}, {"a": {}}, "a"),
        ({"id": ONE}, {"id": NEW}, "id"),
        ({"id": OTHER}, {"id": ONE}, "id"),
        ({"id": OTHER, "parent": OTHER}, {"id": NEW, "parent": SECOND}, "parent"),
        ({"id": OTHER, "parent": SECOND}, {"id": NEW, "parent": NEW}, "parent"),
        ({"id": OTHER}, {"id": NEW.replace("-", "")}, "id"),
        ({"id": OTHER}, {"id": "x"}, "id"),
        ({"at": "2026-07-04T09:11:00.000Z"}, {"at": "2026-07-04T09:11:30.000Z"}, "at"),
        ({"at": "2026-07-04T09:11:00.000Z"}, {"at": "2026-07-04T09:11:00.000+00:00"}, "at"),
        ({"at": "2026-07-04T09:11:00.000Z"}, {"at": "today"}, "at"),
        ({"next_cursor": OTHER}, {"next_cursor": None}, "next_cursor"),
        ({"next_cursor": OTHER}, {"next_cursor": ""}, "next_cursor"),
        ({"request_id": OTHER}, {"request_id": "x"}, "request_id"),
        ({"message": f"no {OTHER}."}, {"message": f"No {NEW}."}, "message"),
        ({"url": "https://api.notion.com/v1/x"}, {"url": "https://example.com/v1/x"}, "url"),
    ],
)
def test_everything_else_deviates(recorded: Any, emulated: Any, where: str) -> None:
    assert compared(recorded, emulated) == [where]


def test_a_request_names_the_ids_and_cursors_of_the_emulator() -> None:
    counterparts = Counterparts("")
    answers = {"id": OTHER, "next_cursor": SECOND}, {"id": NEW, "next_cursor": "b3BhcXVl"}
    assert list(counterparts.deviations(*answers)) == []

    body = {"parent": {"page_id": OTHER}, "start_cursor": SECOND, "all": [OTHER, ONE, 1]}
    assert counterparts.translated(body) == {
        "parent": {"page_id": NEW},
        "start_cursor": "b3BhcXVl",
        "all": [NEW, ONE, 1],
    }
    assert counterparts.emulated(f"/v1/pages/{OTHER}") == f"/v1/pages/{NEW}"


def exchange(number: int, method: str, path: str, answer: Any, request: Any = None) -> Exchange:
    return Exchange("one", number, method, path, [], "2025-09-03", request, 200, answer)


def thing(kind: str, identity: str, created: str = "2026-07-04T09:11:00.000Z") -> Any:
    return {"object": kind, "id": identity, "created_time": created}


def test_what_a_sequence_reads_was_there_and_what_it_makes_was_not() -> None:
    uploads = [thing("file_upload", ONE), thing("file_upload", OTHER)]
    sequence = [
        exchange(0, "POST", "/v1/file_uploads", uploads[0]),
        exchange(1, "GET", "/v1/file_uploads", {"object": "list", "results": uploads}),
        exchange(2, "GET", f"/v1/pages/{NEW}/markdown", {"object": "page_markdown", "id": NEW}),
    ]

    before = presupposed(sequence, {NEW: thing("page", NEW, "2026-07-03T09:11:00.000Z")})

    assert [one["id"] for one in before] == [NEW, OTHER]


def test_the_table_counts_by_endpoint_and_gives_each_reason() -> None:
    good = Replayed(exchange(0, "GET", "/v1/users/me", {}), [])
    bad = Replayed(exchange(1, "GET", "/v1/users", {}), [Deviation("name", "Ada", None)])

    text = table([good, bad], {("one", 1): "The reason."})

    assert "users.list          1      0        1" in text
    assert "50.0%" in text
    assert "users.list (one, 1): The reason.\n  name: Notion 'Ada', emulator None" in text


def test_every_reason_names_an_exchange_and_is_one_sentence(shared: Path) -> None:
    keys = {
        (one.sequence, one.number) for sequence in sequences(shared).values() for one in sequence
    }

    assert set(REASONS) <= keys
    assert all(reason.endswith(".") and "\n" not in reason for reason in REASONS.values())


def test_requests_are_replayed_as_they_were_recorded(shared: Path) -> None:
    recorded = [
        json.loads(line)
        for line in (shared / "recordings" / "exchanges.jsonl").read_text("utf-8").splitlines()
    ]

    found = [one for sequence in sequences(shared).values() for one in sequence]

    assert len(found) == len(recorded)
    assert {(one.sequence, one.number) for one in found} == {
        (one["test"], one["seq"]) for one in recorded
    }
