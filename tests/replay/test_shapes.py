"""Answers are held to the published shapes, and a wrong one does not pass."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notion_async.testing.api import Answer
from notion_async.testing.faults import Fault
from notion_async.types import JSON
from tests.conftest import SHARED
from tests.models.generated import Examples
from tests.replay.answers import Watch, held_to_shapes, observed, shapes, wrong
from tests.replay.deviations import UNPUBLISHED
from tests.replay.recordings import Exchange, sequences
from tests.replay.shapes import Shapes
from tests.resources.bodies import rows
from tests.testing.emulated import NEW, OLD, emulated, page, uid

RESPONSES = (
    sorted({row["response_type"] for row in rows(SHARED).values()}) if SHARED.is_dir() else []
)


def answer(exchange: Exchange, body: Any = None) -> Answer:
    text = json.dumps(exchange.answer if body is None else body).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    return Answer(exchange.status, text, headers, exchange.endpoint)


def successes(shared: Path) -> list[Exchange]:
    found = [one for sequence in sequences(shared).values() for one in sequence]
    return [one for one in found if one.status < 300]


def test_everything_that_notion_answered_passes(shared: Path) -> None:
    found = successes(shared)

    assert len(found) > 300
    assert [fault for one in found if (fault := wrong(shared, OLD, answer(one)))] == []


def test_every_field_that_is_missing_too_many_or_of_another_type_is_found(shared: Path) -> None:
    [user, *_] = (one for one in successes(shared) if one.endpoint == "users.me")
    missing, more, other = (copy.deepcopy(user.answer) for _ in range(3))
    del missing["avatar_url"]
    more["bot"]["workspace_limits"]["surprise"] = 1
    other["name"] = 5

    assert wrong(shared, OLD, answer(user, missing)) == ": avatar_url is not there"
    assert wrong(shared, OLD, answer(user, more)) == (
        "bot.workspace_limits.surprise: is not published, and is 1"
    )
    assert wrong(shared, OLD, answer(user, other)) == (
        "name: should be of type string or null, and is 5"
    )


def test_all_but_one_endpoint_say_which_request_it_was(shared: Path) -> None:
    found = {one.endpoint: one for one in successes(shared)}
    user, templates = found["users.me"], found["data_sources.list_templates"]
    without = {name: value for name, value in user.answer.items() if name != "request_id"}

    assert wrong(shared, OLD, answer(user, without)) == "request_id: is not there"
    assert wrong(shared, OLD, answer(templates, {**templates.answer, "request_id": "x"})) == (
        "request_id: is there"
    )


def test_archived_is_required_in_the_older_version_only(shared: Path) -> None:
    [one, *_] = (one for one in successes(shared) if one.endpoint == "pages.retrieve")
    bare = {name: value for name, value in one.answer.items() if name != "archived"}

    assert wrong(shared, NEW, answer(one, bare)) is None
    assert wrong(shared, OLD, answer(one, bare)) == ": archived is not there"


def test_what_is_no_answer_of_an_endpoint_is_not_looked_at(shared: Path) -> None:
    html, kind = b"<p>", {"Content-Type": "text/html"}

    for one in (
        Answer(200, html, kind, "/files/x"),
        Answer(200, html, kind, "users.me"),
        Answer(404, b"{}", {"Content-Type": "application/json"}, "users.me"),
    ):
        assert wrong(shared, NEW, one) is None


@pytest.mark.usefixtures("loads_oddities")
async def test_an_emulator_that_answers_otherwise_is_told_of(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_to_shapes(shared, monkeypatch) as watch:
        async with emulated(page("Home"), page("Odd", surprise=True)) as notion:
            await notion.get(f"/v1/pages/{uid('Home')}")
            assert watch.found == []
            await notion.get(f"/v1/pages/{uid('Odd')}")

    assert watch.looked_at == 2
    assert watch.found == [
        f"pages.retrieve (GET /v1/pages/{uid('Odd')}): surprise: is not published, and is True"
    ]


def test_the_events_of_a_stream_are_looked_at_as_they_are_sent(shared: Path) -> None:
    good = b'data: {"type":"stream.timeout","session_id":"x","message":"y"}'
    pieces = [b"event: x", good, b'data: {"type":"session.surprise"}']
    kind = {"Content-Type": "text/event-stream"}
    watch = Watch(shared)

    answer = watch.look(NEW, "POST /x", Answer(200, b"", kind, "sessions.stream", iter(pieces)))
    assert watch.found == []
    sent = list(answer.events or ())

    assert sent == pieces
    assert len(watch.found) == 1
    assert watch.found[0].startswith("sessions.stream (POST /x): : fits nothing that is published")


def test_what_a_fault_puts_in_place_of_an_answer_is_not_looked_at(shared: Path) -> None:
    kind = {"Content-Type": "application/json"}
    fault = Fault(200, body=b"{}")

    assert wrong(shared, NEW, Answer(200, b"{}", kind, "users.me", fault=fault)) is None
    assert wrong(shared, NEW, Answer(200, b"{}", kind, "users.me")) is not None


def test_what_is_known_to_be_wrong_has_a_reason_and_is_nothing_else(shared: Path) -> None:
    watch, kind = Watch(shared), {"Content-Type": "application/json"}
    name, words = next(iter(UNPUBLISHED))

    watch._note(Answer(200, b"{}", kind, name), "", f"results[0].{words}, and is 1")
    watch._note(Answer(200, b"{}", kind, "users.me"), "", words)
    watch._note(Answer(200, b"{}", kind, name), "", "something else")

    assert len(watch.found) == 2
    assert all(reason.endswith(".") and "\n" not in reason for reason in UNPUBLISHED.values())
    assert {name for name, _ in UNPUBLISHED} <= set(rows(shared))


def test_a_keyword_that_nobody_checks_is_no_silent_success() -> None:
    with pytest.raises(AssertionError, match="pattern"):
        Shapes({"x": {"type": "string", "pattern": "^a"}}, archived=True).wrong("x", "b")


# ------------------------------------------------------------------- beside another validator


def closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(part) for name, part in schema.items()}
    if isinstance(made.get("properties"), dict) and made.get("type") == "object":
        made.setdefault("additionalProperties", False)
    return made


@cache
def judge(name: str) -> Callable[[object], bool]:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    found = jsonschema.Draft7Validator(
        {"$ref": f"#/definitions/{name}", "definitions": closed(observed(SHARED))}
    )
    return cast("Callable[[object], bool]", found.is_valid)


@cache
def drawn() -> Examples:
    return Examples(observed(SHARED), unknown=False)


def spoiled(value: JSON, place: int) -> JSON:
    """Return a value that is the same but for one place in it."""
    spoilt = copy.deepcopy(value)
    places: list[tuple[Any, Any]] = []
    waiting: list[Any] = [spoilt]
    while waiting:
        one = waiting.pop()
        inside = one.items() if isinstance(one, dict) else enumerate(one)
        for key, each in inside:
            places.append((one, key))
            if isinstance(each, (dict, list)):
                waiting.append(each)
    if not places:
        return 5
    where, key = places[place % len(places)]
    if place % 3 == 0 and isinstance(where, dict):
        del where[key]
    elif place % 3 == 1 and isinstance(where, dict):
        where["surprise"] = 1
    else:
        where[key] = 5 if where[key] != 5 else "x"
    return spoilt


@pytest.mark.parametrize("name", RESPONSES)
def test_both_validators_say_the_same(name: str) -> None:
    @settings(
        max_examples=10,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(drawn().named(name), st.integers(0, 10_000))
    def check(example: JSON, place: int) -> None:
        for value in (example, spoiled(example, place)):
            fault = shapes(SHARED, OLD).wrong(name, value)
            assert (fault is None) is judge(name)(value), fault

    check()
