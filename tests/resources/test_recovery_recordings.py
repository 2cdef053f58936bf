"""Whether what Notion really answered shows what it was really sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from notion_async import endpoints
from notion_async.endpoints import Replay
from notion_async.resources._matching import is_comparable, runs_of, shows_object
from tests.resources.test_recordings import Exchange, exchanges
from tests.resources.test_recovery_matching import changed, leaves

WRITING = (Replay.SET, Replay.CREATE, Replay.BENIGN_CREATE)
NOT_SHOWN = {
    ("file_uploads.create", "mode"),  # how it was to be sent is not kept
    ("file_uploads.create", "external_url"),
    ("pages.update_markdown", "type"),  # which way it was to be changed
    ("pages.update_markdown", "insert_content"),  # what is inserted is there among the rest
    ("pages.update_markdown", "allow_async"),  # the answer is a task
    ("views.create", "database_id"),  # shown as its parent
}
"""Fields that the answers do not show under their names: none of them is compared."""

Shows = Callable[[Any], bool]


def written(folder: Path) -> list[tuple[Exchange, Any, Shows]]:
    """Return what was written with success, and whether the answer shows such a body."""
    found: list[tuple[Exchange, Any, Shows]] = []
    for exchange in exchanges(folder):
        recorded = exchange.recorded
        endpoint = endpoints.match(recorded["method"], recorded["path"].partition("?")[0])
        body, answer = recorded["request"], recorded["response"]
        if endpoint is None or endpoint.replay not in WRITING or not isinstance(body, dict):
            continue
        if recorded["status"] >= 300:
            continue
        found.append((exchange, body, showing(endpoint.name, answer)))
    return found


def showing(name: str, answer: Any) -> Shows:
    if name == endpoints.BLOCKS_APPEND_CHILDREN.name:
        return lambda body: 0 in runs_of(answer["results"], body["children"])
    return lambda body: shows_object(answer, body)


def test_an_answer_of_notion_shows_each_field_that_it_was_sent(shared: Path) -> None:
    not_shown = {
        (exchange.name, name)
        for exchange, body, shows in written(shared)
        for name in body
        if not shows({name: body[name]})
    }

    assert not_shown == NOT_SHOWN


def test_an_answer_of_notion_shows_no_other_value(shared: Path) -> None:
    compared = 0
    for exchange, body, shows in written(shared):
        sent = {name: body[name] for name in body if (exchange.name, name) not in NOT_SHOWN}
        for place in leaves(sent):
            if place[-1] == "type" and place[0] == "title":
                continue  # what a text is goes by its content
            other = changed(sent, place)
            assert not shows(other), (exchange.name, other)
            compared += 1

    assert compared > 300


def test_every_change_that_was_recorded_could_be_looked_for(shared: Path) -> None:
    sets = {endpoint.name for endpoint in endpoints.ALL if endpoint.replay is Replay.SET}

    changes = [body for exchange, body, _ in written(shared) if exchange.name in sets]

    assert len(changes) > 20
    assert all(map(is_comparable, changes))
