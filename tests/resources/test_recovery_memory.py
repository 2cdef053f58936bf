"""What a client remembers of the blocks that it has appended."""

from __future__ import annotations

from notion_async.resources._appending import ids_in
from notion_async.resources._looking import minute_before, moment
from notion_async.transport.memory import Memory
from notion_async.transport.message import Response


def test_what_was_appended_before_is_known_and_does_not_disturb() -> None:
    memory = Memory()
    memory.end(memory.begin("home", now=0.0), ["a", "b"], now=1.0)

    second = memory.begin("home", now=1.0)

    assert memory.appended("home") == {"a", "b"}
    assert memory.is_alone(second)


def test_an_append_meanwhile_or_of_unknown_outcome_disturbs_its_own_parent_alone() -> None:
    memory = Memory()
    memory.end(memory.begin("home", now=0.0), None, now=1.0)
    elsewhere = memory.begin("other", now=2.0)
    here = memory.begin("home", now=2.0)

    assert memory.is_alone(elsewhere)
    assert not memory.is_alone(here)


def test_what_was_appended_long_ago_is_forgotten() -> None:
    memory = Memory()
    memory.end(memory.begin("home", now=0.0), None, now=1.0)
    later = memory.begin("home", now=1000.0)

    assert memory.is_alone(later)
    memory.end(later, ["a"], now=1001.0)
    assert memory.appended("home") == {"a"}


def test_where_too_much_was_appended_to_be_remembered_nobody_is_alone() -> None:
    memory = Memory()
    for number in range(1001):
        memory.end(memory.begin(f"page {number}", now=0.0), [], now=1.0)

    assert not memory.is_alone(memory.begin("home", now=2.0))
    assert memory.is_alone(memory.begin("elsewhere", now=500.0))


def test_ids_are_those_of_a_list() -> None:
    assert ids_in(b'{"results":[{"id":"a"},{"id":"b"}]}') == ("a", "b")
    assert ids_in(b'{"results":[3]}') is None


def test_a_call_began_in_the_minute_that_notion_was_in() -> None:
    answer = Response(200, {"date": "Sun, 17 May 2026 10:42:31 GMT"}, b"")

    assert minute_before(answer, 32.0).isoformat() == "2026-05-17T10:41:00+00:00"
    assert minute_before(Response(200, {}, b""), 0.0).second == 0


def test_a_moment_is_a_time_that_can_be_compared() -> None:
    assert moment("2026-05-17T10:42:00") == moment("2026-05-17T10:42:00.000Z")
    assert moment("yesterday") is None
    assert moment(None) is None
