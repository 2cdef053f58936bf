"""Rows: pages read by the names of a class, and values written by them."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from collections.abc import Sequence
from typing import ClassVar, Literal, TypeAlias, cast

import attrs
import pytest
from msgspec import Raw

from notion_async import ConfigurationError, structure
from notion_async.converters import request_json
from notion_async.models import Page, User
from notion_async.models.moments import DateSpan
from notion_async.models.rows import Column, Row, column, row_class
from notion_async.types import JSON, UNSET, JSONObject
from tests.testing.emulated import row, uid, words

State: TypeAlias = Literal["Idea", "Sewing"]


@row_class
class Task(Row):
    """A row written by hand, as anybody may."""

    data_source_id: ClassVar[str] = uid("tasks")

    task: str = column("Task", "title", "title", default=UNSET)
    hours: float | None = column("Hours", "%3Ab~x", "number", default=UNSET)
    due: DateSpan | None = column("Due", "d", "date", default=UNSET)
    state: State | None = column("State", "s", "select", default=UNSET)
    team: Sequence[User] = column("Team", "t", "people", default=UNSET)
    made: dt.datetime = column("Made", "m", "created_time", init=False)


def values(**changes: object) -> JSONObject:
    found: dict[str, object] = {
        "Task": {"id": "title", "type": "title", "title": words("Sew the sail")},
        "Hours": {"id": "%3Ab~x", "type": "number", "number": 3.5},
        "Due": {"id": "d", "type": "date", "date": {"start": "2026-03-01", "end": None}},
        "State": {"id": "s", "type": "select", "select": {"name": "Sewing", "color": "blue"}},
        "Team": {"id": "t", "type": "people", "people": [{"object": "user", "id": uid("ada")}]},
        "Made": {"id": "m", "type": "created_time", "created_time": "2026-02-01T08:00:00.000Z"},
        **changes,
    }
    return {name: value for name, value in found.items() if value is not None}  # type: ignore[misc]  # JSON, by its values


def page(properties: JSONObject | None = None) -> Page:
    data = row("sail", "tasks")
    return structure({**data, "properties": values() if properties is None else properties}, Page)


def test_a_row_reads_its_page_by_the_names_of_its_class() -> None:
    task = Task.of(page())

    assert task.task == "Sew the sail"
    assert task.hours == 3.5
    assert task.due == DateSpan(dt.date(2026, 3, 1))
    assert task.state == "Sewing"
    assert [person.id for person in task.team] == [uid("ada")]
    assert task.made == dt.datetime(2026, 2, 1, 8, tzinfo=dt.UTC)


def test_a_row_knows_its_page() -> None:
    found = page()
    task = Task.of(found)

    assert task.page is found
    assert (task.id, task.url) == (uid("sail"), f"https://app.notion.com/p/{uid('sail')}")
    assert Task.data_source_id == uid("tasks")


def test_a_row_class_is_one_of_attrs_and_names_its_columns() -> None:
    fields = attrs.fields_dict(cast("type[attrs.AttrsInstance]", Task))

    assert [*fields] == ["task", "hours", "due", "state", "team", "made"]
    assert [*fields["hours"].metadata.values()] == [Column("Hours", "%3Ab~x", "number")]
    assert not hasattr(Task(), "__dict__")


def test_nothing_is_decoded_before_it_is_touched() -> None:
    task = Task.of(page())
    items = task.page.properties._items

    assert all(isinstance(item, Raw) for item in items.values())
    assert (task.hours, task.hours) == (3.5, 3.5)
    assert [name for name, item in items.items() if not isinstance(item, Raw)] == ["Hours"]


def test_a_property_that_was_renamed_is_found_by_its_id() -> None:
    renamed = {"id": "%3Ab~x", "type": "number", "number": 7}
    impostor = {"id": "new", "type": "number", "number": 1}

    assert Task.of(page(values(Hours=None, Effort=renamed))).hours == 7
    assert Task.of(page(values(Hours=impostor, Effort=renamed))).hours == 7


def test_an_id_is_the_same_with_and_without_its_escapes() -> None:
    plain = {"id": ":b~x", "type": "number", "number": 7}

    assert Task.of(page(values(Hours=None, Effort=plain))).hours == 7


def test_a_property_with_another_id_is_found_by_its_name() -> None:
    copied = {"id": "other", "type": "number", "number": 7}
    bare = {"type": "number", "number": 8}

    assert Task.of(page(values(Hours=copied))).hours == 7
    assert Task.of(page(values(Hours=bare))).hours == 8


def test_a_property_that_did_not_come_is_explained() -> None:
    task = Task.of(page(values(Hours=None)))

    assert not hasattr(task, "hours")
    with pytest.raises(AttributeError, match=r"no 'hours': its page came without .* 'Hours'"):
        _ = task.hours


def test_an_option_that_the_class_does_not_know_is_read_as_it_is() -> None:
    new = {"id": "s", "type": "select", "select": {"name": "Patented", "color": "red"}}

    found: object = Task.of(page(values(State=new))).state

    assert found == "Patented"


def test_a_type_that_is_read_alike_changes_nothing() -> None:
    status = {"id": "s", "type": "status", "status": {"name": "Idea"}}

    assert Task.of(page(values(State=status))).state == "Idea"


def test_a_type_that_has_changed_is_told_and_not_read() -> None:
    text = {"id": "%3Ab~x", "type": "rich_text", "rich_text": words("three")}
    task = Task.of(page(values(Hours=text)))

    with pytest.raises(ConfigurationError, match=r"'Hours' was of type number .* rich_text now"):
        _ = task.hours


def test_a_row_made_by_hand_writes_what_it_was_given() -> None:
    task = Task(
        hours=3, due=DateSpan(dt.date(2026, 3, 1)), state=None, team=[User(uid("ada"))], task="Sew"
    )

    assert sent(task) == {
        "title": {"type": "title", "title": [_run("Sew")]},
        "%3Ab~x": {"type": "number", "number": 3},
        "d": {"type": "date", "date": {"start": "2026-03-01"}},
        "s": {"type": "select", "select": None},
        "t": {"type": "people", "people": [{"object": "user", "id": uid("ada")}]},
    }
    assert sent(Task(hours=3)) == {"%3Ab~x": {"type": "number", "number": 3}}
    assert Task().properties() == {}


def sent(task: Task) -> JSON:
    return request_json(task.properties())


def _run(text: str) -> JSONObject:
    return {"type": "text", "text": {"content": text}}


def test_a_row_made_by_hand_is_no_page_and_has_no_more_than_it_was_given() -> None:
    task = Task(hours=3)

    assert task.hours == 3
    with pytest.raises(AttributeError, match="this Task is no page yet: it was made by hand"):
        _ = task.id
    with pytest.raises(AttributeError, match="this Task has no 'due': it was made without"):
        _ = task.due
    with pytest.raises(AttributeError, match="this Task has no 'made': it was made without"):
        _ = task.made


def test_a_value_of_the_wrong_kind_is_named_before_it_is_sent() -> None:
    wrong = Task(hours="three")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # to be refused

    with pytest.raises(ConfigurationError, match=r"property 'Hours' \(number\) takes"):
        wrong.properties()


def test_what_only_notion_sets_is_no_parameter() -> None:
    with pytest.raises(TypeError, match="made"):
        Task(made=dt.datetime.now(dt.UTC))  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # that is the point


def test_a_row_that_was_read_writes_what_can_be_written() -> None:
    task = Task.of(page(values(Due=None)))

    written = task.properties()

    assert list(written) == ["title", "%3Ab~x", "s", "t"]
    assert written["%3Ab~x"] is task.page.properties["Hours"]


def test_rows_are_equal_by_their_content() -> None:
    assert Task.of(page()) == Task.of(page())
    assert Task.of(page()) != Task.of(page(values(Hours=None)))
    assert Task(hours=3) == Task(hours=3)
    assert Task(hours=3) != Task(hours=4)
    assert Task(hours=3) != Task.of(page())
    assert Task(hours=3) != 3
    with pytest.raises(TypeError, match="unhashable"):
        hash(Task())


@pytest.mark.parametrize("task", [Task(hours=3, state="Idea"), Task.of(page())])
def test_rows_are_pickled_and_copied(task: Task) -> None:
    for again in (pickle.loads(pickle.dumps(task)), copy.deepcopy(task), copy.copy(task)):  # noqa: S301 - our own
        assert again == task
        assert again.hours == task.hours


def test_a_row_shows_its_values() -> None:
    assert repr(Task(hours=3, task="Sew")) == "Task(task='Sew', hours=3)"
    assert repr(Task.of(page())).startswith("Task(task='Sew the sail', hours=3.5, due=")
    assert len(repr(Task.of(page()))) <= 200
    assert repr(Task.of(structure({"id": "x"}, Page))) == "Task()"


def test_a_field_without_a_column_is_as_attrs_has_it() -> None:
    @row_class
    class Marked(Row):
        mark: str = attrs.field(default="new")
        task: str = column("Task", "title", "title", default=UNSET)

    assert Marked(task="Sew").mark == "new"
    assert Marked(task="Sew").properties().keys() == {"title"}
