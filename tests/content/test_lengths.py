"""Texts are split where Notion's limits want it, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async.content.lengths import split_text, within_limits
from notion_async.errors import ConfigurationError
from notion_async.models.rich_text import utf16_length
from notion_async.types import JSON, JSONObject

FAMILY = "👩‍👩‍👧‍👦"


def run(content: str, **more: Any) -> JSONObject:
    return {"type": "text", "text": {"content": content}, **more}


def said(runs: Any) -> str:
    return "".join([one["text"]["content"] for one in runs])


def fitted(runs: list[JSON]) -> Any:
    return within_limits({"rich_text": runs}, "children[0].paragraph")["rich_text"]


@given(
    st.text(st.characters(codec="utf-8") | st.sampled_from("a 😀é\u0301\u200d🏽\n"), max_size=60)
)
def test_a_text_is_split_into_parts_that_fit_and_come_to_the_whole(text: str) -> None:
    for nicely in (True, False):
        parts = split_text(text, most=7, nicely=nicely)

        assert "".join(parts) == text
        assert all(utf16_length(part) <= 7 for part in parts)
        assert all(parts) or parts == [""]


@given(st.text(max_size=60))
def test_a_text_is_split_into_as_few_parts_as_can_be(text: str) -> None:
    parts = split_text(text, most=7, nicely=False)

    # A part lacks at most the one unit that half an emoji would have taken.
    assert all(utf16_length(part) >= 6 for part in parts[:-1])


def test_lengths_are_those_of_utf_16() -> None:
    assert [utf16_length(text) for text in ("", "abc", "é字", "a😀")] == [0, 3, 2, 3]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x" * 2000, [2000]),
        ("x" * 2001, [2000, 1]),
        ("😀" * 1000, [1000]),
        ("x" + "😀" * 1000, [1000, 1]),  # 999 emoji and a letter: no emoji is cut in two
        ("😀" * 2500, [1000, 1000, 500]),
    ],
)
def test_2000_units_are_one_part_and_no_emoji_is_cut_in_two(text: str, parts: list[int]) -> None:
    assert [len(part) for part in split_text(text)] == parts


def test_a_text_is_rather_split_at_a_blank() -> None:
    text = "word " * 399 + "looooooong"

    assert split_text(text) == ["word " * 399, "looooooong"]


@pytest.mark.parametrize(
    "whole", [FAMILY, "e\u0301", "👍🏽", "✌\ufe0f"], ids=["family", "accent", "tone", "variant"]
)
def test_what_shows_as_one_character_stays_together(whole: str) -> None:
    for before in range(2000 - utf16_length(whole), 2000):
        parts = split_text("x" * before + whole + "y" * 50)

        assert sum(whole in part for part in parts) == 1


def test_a_heap_of_accents_is_split_all_the_same() -> None:
    assert [len(part) for part in split_text("\u0301" * 4500)] == [2000, 2000, 500]


def test_looks_and_links_are_those_of_every_part() -> None:
    text: JSONObject = {"content": "x" * 4500, "link": {"url": "https://a.b"}}
    given: JSONObject = {"type": "text", "text": text, "annotations": {"bold": True}}

    parts = fitted([{**given, "plain_text": "x" * 4500, "href": "https://a.b"}, run("after")])

    assert [len(part["text"]["content"]) for part in parts] == [2000, 2000, 500, 5]
    for part in parts[:3]:
        assert part["annotations"] == {"bold": True}
        assert part["text"]["link"] == {"url": "https://a.b"}
        assert "plain_text" not in part


def test_captions_and_cells_are_split_too() -> None:
    long: list[JSON] = [run("x" * 2001)]

    content: dict[str, JSON] = {"caption": long, "cells": [long, [run("short")], "?"]}
    found: Any = within_limits(content, "here")  # JSON of any shape, taken apart below

    assert [len(part["text"]["content"]) for part in found["caption"]] == [2000, 1]
    assert [len(cell) for cell in found["cells"]] == [2, 1, 1]


def test_what_fits_stays_as_it_is() -> None:
    content: JSONObject = {
        "rich_text": [
            run("x" * 2000, plain_text="x", href=None),
            {"type": "mention", "mention": {"page": {"id": "p"}}},
            {"type": "equation", "equation": {"expression": "x" * 1000}},
            {"type": "text", "text": {"content": "x", "link": {"url": "u" * 2000}}},
            "not a run",
        ],
        "color": "red",
        "children": "?",
    }

    assert within_limits(content, "here") == content


def test_200_000_units_fit_into_one_block_whatever_the_blanks() -> None:
    text = ("word " * 399 + "looooooong")[:2000] * 100  # at blanks, it would be 101 parts

    parts = fitted([run(text[:200_000])])

    assert len(parts) == 100
    assert said(parts) == text[:200_000]


def test_neighbours_that_look_the_same_are_one_text_where_there_are_too_many() -> None:
    bold = {"annotations": {"bold": True}}
    mention: JSON = {"type": "mention", "mention": {"page": {"id": "p"}}}
    runs: list[JSON] = [*[run("a")] * 80, *[run("b", **bold)] * 80, mention, mention, run("c")]

    parts = fitted(runs)

    assert parts == [run("a" * 80), run("b" * 80, **bold), mention, mention, run("c")]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (
            {"rich_text": [run("x" * 2000 * 101)]},
            r"here\.rich_text has 101 runs \(of 2,000 characters each\), and Notion takes 100: "
            "spread the text over several blocks; nothing was sent",
        ),
        (
            {"rich_text": [run("x", n=number) | {"annotations": {"bold": number % 2 == 0}}
                           for number in range(101)]},
            r"here\.rich_text has 101 runs",
        ),
        ({"cells": [[]] * 101}, r"here\.cells has 101 cells, and Notion takes 100"),
        ({"cells": [[], [run("x" * 202_000)]]}, r"here\.cells\[1\] has 101 runs"),
        ({"expression": "x" * 1001}, r"here\.expression has 1001 characters, and Notion takes"),
        (
            {"caption": [run("a"), {"equation": {"expression": "😀" * 501}}]},
            r"here\.caption\[1\]\.equation\.expression has 1002 characters",
        ),
        ({"url": "u" * 2001}, r"here\.url has 2001 characters, and Notion takes 2000: shorten"),
        ({"external": {"url": "u" * 2001}}, r"here\.external\.url has 2001"),
        (
            {"rich_text": [{"text": {"content": "a", "link": {"url": "u" * 2001}}}]},
            r"here\.rich_text\[0\]\.text\.link\.url has 2001",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_split_is_named(content: JSONObject, error: str) -> None:
    with pytest.raises(ConfigurationError, match=error):
        within_limits(content, "here")
