"""What Notion sends comes back unchanged, and every part of it has its class."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notion_async import models, structure, unstructure
from notion_async.models import (
    Block,
    Model,
    ObjectList,
    Page,
    PropertyItem,
    RichText,
    Unsupported,
    User,
)
from notion_async.types import JSON, JSONObject
from tests.models.tools import (
    everything,
    fixtures,
    one_of_each,
    read_all,
    same,
    surprises,
    touch,
)


def recorded(shared: Path) -> list[JSONObject]:
    lines = (shared / "recordings" / "exchanges.jsonl").read_text().splitlines()
    exchanges = [json.loads(line) for line in lines]
    return [
        each["response"]
        for each in exchanges
        if 200 <= each["status"] < 300 and isinstance(each["response"], dict)
    ]


def test_every_recorded_answer_comes_back_and_is_known(shared: Path) -> None:
    answers = recorded(shared)

    assert len(answers) > 300
    for answer in answers:
        made = structure(answer)

        assert same(unstructure(made), answer)
        assert surprises(made) == []


def test_the_demo_workspace_holds_what_there_is() -> None:
    objects = fixtures()

    assert {str(each["type"]) for each in objects if each["object"] == "block"} == (
        {*Block.kinds, "unsupported"} - {"transcription"}
    )
    assert len(objects) > 2000


def test_every_object_of_the_demo_workspace_comes_back_and_is_known() -> None:
    for each in fixtures():
        made = structure(each)

        assert same(unstructure(made), each)
        assert surprises(made) == []
        assert same(unstructure(made), each)  # reading changed nothing


def test_every_object_of_the_demo_workspace_shows_itself_without_bytes() -> None:
    for each in fixtures()[::7]:
        made = structure(each)
        for one in (made, *(found for _, found, _ in everything(made))):
            if isinstance(one, Model):
                assert repr(one).startswith(f"{type(one).__name__}(")
                assert "=b'" not in repr(one)
                assert "Raw" not in repr(one)


def test_nested_objects_come_back_by_themselves() -> None:
    for each in one_of_each():
        made = structure(each)
        if isinstance(made, Page):
            properties = each["properties"]
            assert isinstance(properties, Mapping)
            for name, value in made.properties.items():
                assert unstructure(value) == properties[name]
        if isinstance(made, Block) and not isinstance(made.content, Unsupported):
            content = each[made.type]
            assert unstructure(made.content) == content
            assert isinstance(content, Mapping)
            for run, part in _pairs(getattr(made.content, "rich_text", ()), content):
                assert unstructure(run) == part


def _pairs(runs: tuple[RichText, ...], content: Mapping[str, JSON]) -> list[tuple[RichText, JSON]]:
    parts = content.get("rich_text", [])
    assert isinstance(parts, list)
    return list(zip(runs, parts, strict=True))


def test_what_is_pickled_or_copied_is_equal_part_by_part() -> None:
    for each in one_of_each():
        made = structure(each)
        for again in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made), copy.copy(made)):  # noqa: S301 - our own
            assert type(again) is type(made)
            assert again == made
            assert surprises(again) == []


def test_maps_of_values_are_pickled_and_copied() -> None:
    page = next(made for each in one_of_each() if isinstance(made := structure(each), Page))

    for again in (pickle.loads(pickle.dumps(page.properties)), copy.deepcopy(page.properties)):  # noqa: S301 - our own
        assert again == page.properties
        assert dict(again) == dict(page.properties)


def test_a_list_is_pickled_with_what_reads_its_items() -> None:
    text = b'{"object":"list","results":[{"id":"x"}],"has_more":false,"next_cursor":null}'
    made = ObjectList.of(text, Page.from_json)

    again = pickle.loads(pickle.dumps(made))  # noqa: S301 - our own

    assert again == made
    assert isinstance(again[0], Page)


def test_a_single_property_item_is_a_list_of_one_and_stays_so() -> None:
    text = b'{"object":"property_item","id":"n","type":"number","number":5}'
    made: ObjectList[PropertyItem] = ObjectList.of_items(text, PropertyItem.from_json)

    again = pickle.loads(pickle.dumps(made))  # noqa: S301 - our own

    assert len(again) == len(made) == 1
    assert unstructure(again) == unstructure(made) == json.loads(text)
    assert again[0].content == made[0].content


# --------------------------------------------------------------------------------- robustness

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_JSON: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXT | st.just("2026-03-01T09:00:00.000Z"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


def _objects(value: JSON) -> list[JSONObject]:
    found = [value] if isinstance(value, dict) else []
    inner: Iterable[JSON] = value.values() if isinstance(value, dict) else ()
    for one in value if isinstance(value, list) else inner:
        found += _objects(one)
    return found


@st.composite
def strange(draw: st.DrawFn) -> JSONObject:
    """A fixture in which something is as no documentation says."""
    data: JSONObject = copy.deepcopy(draw(st.sampled_from(one_of_each())))
    for _ in range(draw(st.integers(1, 4))):
        target = draw(st.sampled_from(_objects(data)))
        known = sorted(target)
        match draw(st.sampled_from(["add", "replace", "null", "type", "drop"])):
            case "add":
                target[draw(_TEXT)] = draw(_JSON)
            case "type":
                target["type"] = draw(_TEXT | _JSON)
            case "replace" if known:
                target[draw(st.sampled_from(known))] = draw(_JSON)
            case "null" if known:
                target[draw(st.sampled_from(known))] = None
            case "drop" if known:
                del target[draw(st.sampled_from(known))]
    return data


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=strange())
def test_whatever_notion_may_send_is_read_and_comes_back(data: JSONObject) -> None:
    made = structure(data)

    read_all(made)

    assert same(unstructure(made), data)
    for again in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made)):  # noqa: S301 - our own
        read_all(again)
        assert same(unstructure(again), data)
        assert again == made


@settings(max_examples=200, deadline=None)
@given(items=st.lists(_JSON, max_size=4), extra=st.dictionaries(_TEXT, _JSON, max_size=3))
def test_a_list_of_anything_is_read_and_comes_back(
    items: list[JSON], extra: dict[str, JSON]
) -> None:
    data: JSONObject = {**extra, "object": "list", "results": items}

    made = structure(data)

    read_all(made)
    assert same(unstructure(made), data)
    if isinstance(made, ObjectList):
        assert len(made.results) == len(items)


@settings(max_examples=100, deadline=None)
@given(data=st.dictionaries(_TEXT, _JSON, max_size=4))
def test_any_object_is_read_and_comes_back(data: JSONObject) -> None:
    made = structure(data)

    read_all(made)
    assert same(unstructure(made), data)


MODELS = [
    cls
    for name in models.__all__
    if isinstance(cls := getattr(models, name), type)
    and issubclass(cls, Model)
    and cls not in (Model, ObjectList)
]


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
@settings(max_examples=15, deadline=None)
@given(data=_JSON)
def test_every_class_reads_any_json(cls: type[Model], data: JSON) -> None:
    made = cls.from_json(json.dumps(data).encode())

    read_all(made)
    touch(made)
    assert same(unstructure(made), data)


@pytest.mark.parametrize("kind", ['a"b', "a\\b", "a\nb", "", "\x00", "é"])
def test_a_type_of_any_spelling_is_kept(kind: str) -> None:
    made = structure({"object": "block", "id": "x", "type": kind, kind: {"a": 1}})

    assert isinstance(made, Block)
    assert made.content == Unsupported(kind, {"a": 1})


@pytest.mark.parametrize("kind", [5, None, ["paragraph"], {"a": 1}, True])
def test_a_type_that_is_no_text_keeps_the_whole_object(kind: JSON) -> None:
    data: JSONObject = {"object": "block", "id": "x", "type": kind}
    made = structure(data)

    assert isinstance(made, Block)
    assert made.content == Unsupported("", data)


def test_a_page_whose_title_is_odd_has_no_title() -> None:
    odd: list[JSONObject] = [
        {"A": None, "Name": {"type": "title", "title": None}},
        {"Name": {"type": "title", "title": 5}},
        {"Name": {"type": "title", "title": [None, {"type": "text", "plain_text": 7}]}},
        {"Name": {"type": "number", "number": 5}},
    ]
    for properties in odd:
        page = structure({"object": "page", "id": "x", "properties": properties}, Page)
        assert page.title == ""


def test_an_odd_value_does_not_hide_the_title() -> None:
    runs: JSON = [{"type": "text", "text": {"content": "hi"}, "plain_text": "hi"}]
    properties: JSONObject = {"A": None, "B": 5, "Name": {"type": "title", "title": runs}}

    assert structure({"object": "page", "properties": properties}, Page).title == "hi"


def test_an_object_that_is_left_for_later_is_read_by_many_threads_at_once() -> None:
    row = b'{"object":"user","id":"u","type":"person","name":"Ada","avatar_url":null}'
    users = [User.later(row) for _ in range(2000)]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda user: (user.id, user.name), users * 8))

    assert set(found) == {("u", "Ada")}


def test_what_is_left_for_later_is_what_is_read_at_once() -> None:
    for each in one_of_each():
        text = json.dumps(each).encode()
        at_once = structure(text)
        if isinstance(at_once, Model):
            later = type(at_once).later(text)
            assert pickle.loads(pickle.dumps(later)) == at_once  # noqa: S301 - our own
            assert later == at_once
            assert repr(later) == repr(at_once)
