"""Whether an answer shows what was sent: for what the emulator makes of it, and for no other."""

from __future__ import annotations

import copy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async.resources._matching import (
    is_comparable,
    is_cut,
    runs_of,
    shows_block,
    shows_markdown,
    shows_object,
)
from notion_async.testing import Emulator
from tests.testing.emulated import Object, data_source, database, page, row, uid, under

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1)
LOOKS = st.fixed_dictionaries(
    {}, optional={"bold": st.booleans(), "italic": st.booleans(), "color": st.just("red")}
)
RUNS = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"text": st.fixed_dictionaries({"content": WORDS})}, optional={"annotations": LOOKS}
        ),
        st.fixed_dictionaries({"equation": st.fixed_dictionaries({"expression": WORDS})}),
        st.just({"mention": {"user": {"id": uid("ada").replace("-", "")}}}),
        st.just({"mention": {"date": {"start": "2026-05-17"}}}),
    ),
    max_size=4,
)
OPTION = st.fixed_dictionaries({"name": st.sampled_from(["red", "green", "blue"])})
TIMES = st.datetimes().map(lambda moment: moment.isoformat(timespec="milliseconds") + "Z")
IDS = st.uuids(version=4).map(lambda identity: {"id": identity.hex})
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "title": RUNS,
    "rich_text": RUNS,
    "number": st.none() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9),
    "checkbox": st.booleans(),
    "url": st.none() | WORDS.map(lambda word: f"https://example.com/{word}"),
    "email": st.none() | st.emails(),
    "phone_number": st.none() | st.from_regex(r"\+[0-9]{3,9}", fullmatch=True),
    "select": st.none() | OPTION,
    "multi_select": st.lists(OPTION, unique_by=lambda option: option["name"]),
    "date": st.none() | st.fixed_dictionaries({"start": TIMES}, optional={"end": TIMES}),
    "people": st.lists(IDS, max_size=3),
    "relation": st.lists(IDS, max_size=3),
}
SCHEMA: dict[str, Any] = {
    kind: {"id": kind, "name": kind, "description": None, "type": kind, kind: {}}
    for kind in VALUES
}
for _kind in ("select", "multi_select"):
    SCHEMA[_kind][_kind] = {"options": []}


def under_key(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return values.map(lambda value: {name: value})


PROPERTIES = st.fixed_dictionaries(
    {}, optional={kind: under_key(kind, value) for kind, value in VALUES.items()}
)
COLOR = st.sampled_from(["default", "red", "blue_background"])
BLOCKS = st.one_of(
    *(
        under_key(kind, st.fixed_dictionaries({"rich_text": RUNS}, optional={"color": COLOR}))
        for kind in ("paragraph", "heading_2", "quote", "bulleted_list_item")
    ),
    st.fixed_dictionaries({"rich_text": RUNS, "checked": st.booleans()}).map(
        lambda content: {"to_do": content}
    ),
    st.fixed_dictionaries({"rich_text": RUNS, "language": st.just("python")}).map(
        lambda content: {"code": content}
    ),
    RUNS.map(
        lambda runs: {
            "toggle": {"rich_text": runs, "children": [{"paragraph": {"rich_text": runs}}]}
        }
    ),
    st.just({"type": "divider", "divider": {}}),
    WORDS.map(lambda word: {"equation": {"expression": word}}),
    WORDS.map(lambda word: {"image": {"external": {"url": f"https://example.com/{word}"}}}),
)


def asked(emulator: Emulator, method: str, path: str, body: object) -> Object:
    answer = emulator._api.answer(
        method,
        path,
        [],
        {"Authorization": f"Bearer {emulator.token}", "Notion-Version": "2026-03-11"},
        msgspec.json.encode(body),
    )
    found: Object = msgspec.json.decode(answer.body)
    assert answer.status == 200, found
    return found


def emulated() -> Emulator:
    emulator = Emulator(budget=None)
    emulator.load(
        [
            page("home"),
            database("tracker", sources=("tasks",)),
            data_source("tasks", "tracker", copy.deepcopy(SCHEMA)),
        ]
    )
    return emulator


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return where the values are that say something."""
    if isinstance(value, dict):
        return [p for key, one in value.items() for p in leaves(one, (*path, key))]
    if isinstance(value, list):
        return [p for key, one in enumerate(value) for p in leaves(one, (*path, key))]
    return [path]


def changed(sent: Any, path: tuple[Any, ...]) -> Any:
    """Return a copy with another value there."""
    new = copy.deepcopy(sent)
    place = new
    for key in path[:-1]:
        place = place[key]
    match place[path[-1]]:
        case bool() as flag:
            place[path[-1]] = not flag
        case int() | float() as number:
            place[path[-1]] = number + 1 + abs(number)
        case _:
            place[path[-1]] = f"another {uid('another')}"
    return new


@given(PROPERTIES, st.data())
def test_what_a_row_was_given_is_what_it_shows(sent: dict[str, Any], data: st.DataObject) -> None:
    body = {"properties": sent}

    found = asked(
        emulated(),
        "POST",
        "/v1/pages",
        {"parent": {"data_source_id": uid("tasks")}, **body},
    )

    assert shows_object(found, body)
    if places := leaves(body):
        assert not shows_object(found, changed(body, data.draw(st.sampled_from(places))))


@given(st.lists(BLOCKS, min_size=1, max_size=4), st.data())
def test_blocks_that_were_sent_are_those_that_are_shown(
    sent: list[dict[str, Any]], data: st.DataObject
) -> None:
    path = f"/v1/blocks/{uid('home')}/children"

    found = asked(emulated(), "PATCH", path, {"children": sent})["results"]

    assert 0 in runs_of(found, sent)
    if places := [place for place in leaves(sent) if "children" not in place]:
        other = changed(sent, data.draw(st.sampled_from(places)))
        assert 0 not in runs_of(found, other)


def test_neighbouring_texts_of_one_look_are_one_text() -> None:
    a, b = {"text": {"content": "a"}}, {"text": {"content": "b", "link": None}}
    found = {"title": [{"type": "text", "text": {"content": "ab", "link": None}}]}

    assert shows_object(found, {"title": [a, b]})
    assert not shows_object(found, {"title": [a, {**b, "annotations": {"bold": True}}]})
    assert not shows_object({"title": [{"other": 1}]}, {"title": [a]})


@pytest.mark.parametrize(
    ("found", "sent", "same"),
    [
        ({"start": "2026-05-17"}, {"start": "2026-05-17"}, True),
        ({"start": "2026-05-17"}, {"start": "2026-05-17T00:00:00Z"}, False),
        ({"start": "2026-05-17T10:00:00.000+02:00"}, {"start": "2026-05-17T08:00:00Z"}, True),
        (
            {"start": "2026-05-17T10:00:00.000+02:00"},
            {"start": "2026-05-17T10:00:00", "time_zone": "Europe/Berlin"},
            True,
        ),
        (
            {"start": "2026-05-17T10:00:00.000", "time_zone": "Asia/Tokyo"},
            {"start": "2026-05-17T10:00:00.000", "time_zone": "Europe/Berlin"},
            False,
        ),
        (
            {"start": "2026-05-17T10:00:00Z"},
            {"start": "2026-05-17T10:00", "time_zone": "No"},
            False,
        ),
        ({"start": "2026-05-17", "end": "2026-05-18"}, {"start": "2026-05-17"}, False),
        (None, {"start": "2026-05-17"}, False),
    ],
)
def test_dates_are_the_same_however_they_are_written(
    found: object, sent: dict[str, object], same: bool
) -> None:
    values = {"Due": {"id": "due", "type": "date", "date": found}}
    object_ = {"object": "page", "properties": values}

    assert shows_object(object_, {"properties": {"Due": {"date": sent}}}) is same


def test_a_property_goes_by_its_name_or_its_id_and_its_value_may_stand_alone() -> None:
    found = row("one", "tasks", {"Key": {"id": "k%3Ay", "type": "number", "number": 3}})

    for name in ("Key", "k%3Ay", "k:y"):
        assert shows_object(found, {"properties": {name: {"number": 3}}})
    assert shows_object(found, {"properties": {"Name": [{"text": {"content": "one"}}]}})
    assert not shows_object(found, {"properties": {"Other": {"number": 3}}})
    assert not shows_object({"object": "page"}, {"properties": {"Key": {"number": 3}}})


def test_columns_are_set_renamed_and_deleted() -> None:
    column = {"id": "a", "name": "New", "type": "number", "number": {"format": "dollar"}}
    found = {"object": "data_source", "properties": {"New": column}}

    setting: tuple[dict[str, object], ...] = (
        {"Old": {"name": "New"}},
        {"a": {"name": "New"}},
        {"New": {"number": {"format": "dollar"}}},
        {"Old": None},
    )
    other: tuple[dict[str, object], ...] = (
        {"New": {"name": "Newer"}},
        {"New": {"number": {"format": "euro"}}},
        {"New": None},
        {"New": 3},
    )

    for change in setting:
        assert shows_object(found, {"properties": change})
    for change in other:
        assert not shows_object(found, {"properties": change})


def test_options_are_all_there_and_no_other() -> None:
    options = [{"id": "1", "name": "a", "color": "red"}, {"id": "2", "name": "b", "color": "blue"}]
    column = {"id": "s", "type": "select", "select": {"options": options}}
    found = {"object": "data_source", "properties": {"S": column}}

    def sets(*names: str) -> bool:
        wanted = {"S": {"select": {"options": [{"name": name} for name in names]}}}
        return shows_object(found, {"properties": wanted})

    assert sets("b", "a")
    assert not sets("a")
    assert not sets("a", "b", "c")


def test_a_file_is_the_same_however_its_address_is_signed() -> None:
    found = {"cover": {"type": "file", "file": {"url": "https://x/a.png?sig=1"}}}

    assert shows_object(found, {"cover": {"file": {"url": "https://x/a.png?sig=2"}}})
    assert not shows_object(found, {"cover": {"file": {"url": "https://x/b.png?sig=1"}}})


def test_a_parent_goes_by_its_id_with_dashes_or_without() -> None:
    found = {"parent": under("page_id", "home"), "archived": True}

    assert shows_object(found, {"parent": {"page_id": uid("home").replace("-", "")}})
    assert not shows_object(found, {"parent": {"page_id": uid("other")}})
    assert not shows_object(found, {"parent": {"page_id": 3}})
    assert shows_object(found, {"in_trash": True})


def test_what_is_longer_than_a_page_shows_is_cut() -> None:
    values = {"P": {"id": "p", "type": "people", "people": [{"id": uid("x")}] * 25}}

    assert is_cut({"properties": values}, {"properties": {"P": {"people": []}}})
    assert not is_cut({"properties": values}, {"properties": {"Q": {"number": 1}}})
    assert not is_cut({}, {"properties": {"P": {"people": []}}})


@pytest.mark.parametrize(
    ("sent", "comparable"),
    [
        ({"erase_content": True}, False),
        ({"erase_content": False}, True),
        ({"template": {"type": "none"}}, True),
        ({"template": {"type": "default"}}, False),
        ({"markdown": "a"}, False),
        ({"properties": {"markdown": {"number": 1}}}, True),
        ({"children": [{"image": {"file_upload": {"id": "x"}}}]}, False),
    ],
)
def test_some_of_what_is_set_is_not_shown(sent: object, comparable: bool) -> None:
    assert is_comparable(sent) is comparable


def test_markdown_is_the_same_but_for_blank_ends() -> None:
    assert shows_markdown("# a  \nb\n", "# a\nb")
    assert not shows_markdown("# a", "# b")
    assert not shows_markdown(None, "# b")


def test_a_block_without_content_is_none() -> None:
    assert not shows_block({"type": "divider", "divider": {}}, {"object": "block"})
