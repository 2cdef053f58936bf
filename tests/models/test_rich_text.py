"""The functions that make rich text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from notion_async.converters import request_json
from notion_async.errors import ConfigurationError, InvalidIDError
from notion_async.models import Annotations, DateRange, Reference, RichText, User
from notion_async.models.moments import DateSpan
from notion_async.models.rich_text import equation, mention, text
from notion_async.types import JSON

UID = "11111111-2222-3333-4444-555555555555"
LINK = f"https://www.notion.so/My-page-{UID.replace('-', '')}"
BERLIN = ZoneInfo("Europe/Berlin")


def test_a_plain_text_says_nothing_of_its_looks() -> None:
    assert request_json(text("hi")) == {"type": "text", "text": {"content": "hi"}}


@pytest.mark.parametrize("look", ["bold", "italic", "strikethrough", "underline", "code"])
def test_a_text_has_the_looks_that_are_asked_for(look: str) -> None:
    looks: dict[str, Any] = {look: True}
    made = text("hi", **looks)

    assert made.annotations == Annotations(**looks)


def test_a_text_has_a_colour_and_a_link() -> None:
    made = text("hi", color="red_background", link="https://a.b")

    assert made.annotations == Annotations(color="red_background")
    assert made.href == "https://a.b"
    assert made.plain_text == "hi"


@pytest.mark.parametrize(
    ("made", "sent"),
    [
        (mention(user=UID), {"user": {"object": "user", "id": UID}}),
        (mention(user=User(UID)), {"user": {"object": "user", "id": UID}}),
        (mention(page=UID.replace("-", "")), {"page": {"id": UID}}),
        (mention(page=LINK), {"page": {"id": UID}}),
        (mention(page=Reference(UID)), {"page": {"id": UID}}),
        (mention(database=LINK), {"database": {"id": UID}}),
        (mention(date="2026-03-01"), {"date": {"start": "2026-03-01"}}),
        (mention(date=date(2026, 3, 1)), {"date": {"start": "2026-03-01"}}),
        (
            mention(date=datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
            {"date": {"start": "2026-03-01T09:30:00+00:00"}},
        ),
        (
            mention(date=datetime(2026, 3, 1, 9, 30, tzinfo=BERLIN)),
            {"date": {"start": "2026-03-01T09:30:00", "time_zone": "Europe/Berlin"}},
        ),
        (
            mention(date=DateSpan(date(2026, 3, 1), date(2026, 3, 4))),
            {"date": {"start": "2026-03-01", "end": "2026-03-04"}},
        ),
        (
            mention(date=DateRange("2026-03-01", end="2026-03-04")),
            {"date": {"start": "2026-03-01", "end": "2026-03-04"}},
        ),
    ],
)
def test_mentions_are_sent_as_notion_documents_them(made: RichText, sent: JSON) -> None:
    assert request_json(made) == {"type": "mention", "mention": sent}


@pytest.mark.parametrize("given", [{}, {"user": UID, "page": UID}, {"page": LINK, "date": "x"}])
def test_a_mention_is_of_one_thing(given: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="give user, page, database or date, and only"):
        mention(**given)


def test_what_is_no_id_is_not_mentioned() -> None:
    with pytest.raises(InvalidIDError):
        mention(page="My page")


def test_an_equation_is_a_run() -> None:
    made = equation("x" * 1000)

    assert made.plain_text == "x" * 1000
    assert request_json(made) == {"type": "equation", "equation": {"expression": "x" * 1000}}


@pytest.mark.parametrize(("expression", "length"), [("x" * 1001, 1001), ("😀" * 501, 1002)])
def test_an_equation_that_is_too_long_is_refused(expression: str, length: int) -> None:
    with pytest.raises(ConfigurationError, match=f"at most 1000 characters, not {length}"):
        equation(expression)
