"""`structure` and `unstructure`, and the converter that others may extend."""

from __future__ import annotations

import copy
import doctest
import json
from types import MappingProxyType

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import (
    ConfigurationError,
    ObjectList,
    converter,
    converters,
    json_text,
    structure,
    unstructure,
)
from notion_async.converters import check_text
from notion_async.models import Block, Page, Paragraph, Unsupported, User
from notion_async.types import JSONObject

DATA: JSONObject = {"object": "user", "id": "u", "name": "Ä", "new": {"a": [1, None]}}
DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
TEXT = json.dumps(DATA, ensure_ascii=False)


@pytest.mark.parametrize("data", [DATA, TEXT, TEXT.encode(), bytearray(TEXT.encode())])
def test_objects_are_made_of_text_and_of_mappings(data: bytes | str) -> None:
    made = structure(data)

    assert isinstance(made, User)
    assert made.name == "Ä"
    assert unstructure(made) == DATA
    assert json.loads(json_text(made)) == DATA


def test_any_mapping_will_do() -> None:
    made = structure(MappingProxyType({"object": "user", "id": "u", "x": MappingProxyType({})}))

    assert unstructure(made) == {"object": "user", "id": "u", "x": {}}


def test_the_text_is_kept_as_it_came() -> None:
    text = b'{ "object": "user",\n "id": "u", "n": 1.0 }'
    made = structure(text)

    assert isinstance(made, User)
    assert json_text(made) == text


def test_a_class_can_be_asked_for() -> None:
    page = structure({"id": "x", "url": "https://x"}, Page)

    assert page.url == "https://x"
    assert isinstance(structure({"object": "list", "results": []}, ObjectList), ObjectList)


@pytest.mark.parametrize(
    "wrong",
    [b"", b"[]", b"5", b"null", '"x"', "{", b"\xff{}", "\ud800", DEEP],
    ids=lambda wrong: repr(wrong)[:20],
)  # fmt: skip
def test_what_is_no_json_object_is_refused(wrong: bytes | str) -> None:
    for cls in (None, Page):
        with pytest.raises(ConfigurationError) as caught:
            structure(wrong) if cls is None else structure(wrong, cls)
        assert caught.value.__cause__ is None


@pytest.mark.parametrize("wrong", [{"a": object()}, {"a": "\ud800"}, None, [1]])
def test_what_cannot_be_json_is_refused(wrong: JSONObject) -> None:
    with pytest.raises(ConfigurationError, match="no JSON"):
        structure(wrong)


def test_an_object_of_the_future_is_kept() -> None:
    data = {"object": "hologram", "id": "h"}
    made = structure(data)

    assert made == Unsupported("hologram", data)
    assert isinstance(made, Unsupported)
    assert unstructure(made) == data


def test_what_is_given_out_is_nobody_elses() -> None:
    made = structure(DATA)
    unstructure(made)["new"] = None
    before = copy.deepcopy(DATA)

    assert unstructure(made) == before


@attrs.frozen
class Report:
    """A class of somebody else."""

    author: User
    pages: list[Page]
    note: str | None = None


def test_classes_of_others_can_hold_objects() -> None:
    data = {"author": DATA, "pages": [{"object": "page", "id": "p"}], "note": None}

    report = converter.structure(data, Report)

    assert report.author.name == "Ä"
    assert [page.id for page in report.pages] == ["p"]
    assert converter.unstructure(report) == data


def test_maps_and_objects_made_by_hand_are_unstructured_too() -> None:
    page = structure({"properties": {"a": {"type": "url", "url": "x"}}}, Page)

    assert converter.unstructure(page.properties) == {"a": {"type": "url", "url": "x"}}
    assert unstructure(Block(Paragraph(color="red"))) == {
        "type": "paragraph",
        "paragraph": {"rich_text": [], "color": "red"},
    }


def test_the_examples_hold() -> None:
    assert doctest.testmod(converters).failed == 0


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (rb"a\ud83d", "a\ufffd"),
        (rb"\uDE00b", "\ufffdb"),
        (rb"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
        (rb"\ud83d\ude00", "\U0001f600"),
        (rb"\\ud83d", "\\ud83d"),
        (rb"\"\ud83d\"", '"\ufffd"'),
    ],
)
def test_half_a_character_does_not_make_an_object_unreadable(sent: bytes, read: str) -> None:
    text = b'{"object":"user","id":"u","name":"' + sent + b'"}'

    found = structure(text, User)

    assert found.name == read
    assert unstructure(found)["name"] == read


@given(st.text(), st.integers(0, 20))
def test_text_is_found_to_be_text_wherever_it_is_cut(text: str, shift: int) -> None:
    check_text((shift * "a" + (text + "é🚀") * 3000).encode())


@given(st.binary(max_size=30), st.integers(8170, 8200))
def test_bytes_that_are_no_text_are_found_wherever_they_are(data: bytes, before: int) -> None:
    whole = b"a" * before + data + b"b"

    try:
        whole.decode()
    except UnicodeDecodeError:
        with pytest.raises(UnicodeDecodeError):
            check_text(whole)
    else:
        check_text(whole)
