"""What holds wherever an answer is cut, and however it is framed."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import example, given, settings
from hypothesis import strategies as st

from notion_async import APIResponseError, NotionError, WriteOutcomeUnknown
from notion_async.models import Page
from tests.faults.facing import HOME, create, facing, outcome, read, until
from tests.faults.server import Answer, always, first
from tests.faults.strikes import Shape, answers_and_closes, answers_and_hangs
from tests.faults.wire import Reply, framed, in_chunks, packed, until_closed

SHAPES: Mapping[str, Shape] = {
    "length": framed,
    "chunks": lambda reply: in_chunks(reply, 100),
    "small chunks": lambda reply: in_chunks(reply, 3),
    "one chunk": lambda reply: in_chunks(reply, 1 << 20),
    "until closed": until_closed,
    "gzip": lambda reply: framed(packed(reply, "gzip")),
    "deflate": lambda reply: framed(packed(reply, "deflate")),
    "gzip in chunks": lambda reply: in_chunks(packed(reply, "gzip"), 50),
    "gzip until closed": lambda reply: until_closed(packed(reply, "gzip")),
}
ENDS = ("closed", "reset", "closed", "reset", "stalled")

shapes = st.sampled_from(sorted(SHAPES))
ends = st.sampled_from(ENDS)
# Bytes from the beginning or, below zero, from the end: an answer here has about a thousand.
places = st.integers(min_value=-1000, max_value=1000)


def cut(shape: str, at: int, end: str) -> Answer:
    """Give the proper answer up to this place, and end so."""

    def begin(reply: Reply) -> bytes:
        data = SHAPES[shape](reply)
        return data[:at] if at else data

    if end == "stalled":
        return answers_and_hangs(begin)
    return answers_and_closes(begin, reset=end == "reset")


@settings(max_examples=150, deadline=None)
@given(shape=shapes, at=places, end=ends)
@example(shape="chunks", at=-5, end="closed")
@example(shape="until closed", at=-1, end="closed")
@example(shape="gzip", at=-8, end="closed")
@example(shape="gzip until closed", at=-8, end="closed")
async def test_a_read_is_the_right_page_or_an_error_wherever_its_answer_is_cut(
    shape: str, at: int, end: str
) -> None:
    async with facing(always(cut(shape, at, end)), hurried=True, retry=False) as it:
        found = await outcome(read(it.notion))

    assert isinstance(found, NotionError) or is_home(found)
    assert it.asked == 1


@settings(max_examples=60, deadline=None)
@given(shape=shapes, at=places, end=ends)
async def test_a_read_is_asked_for_again_until_its_answer_is_whole(
    shape: str, at: int, end: str
) -> None:
    async with facing(first(*[cut(shape, at, end)] * 2), hurried=True) as it:
        found = await outcome(read(it.notion))

    assert is_home(found)
    assert it.asked <= 3


@settings(max_examples=150, deadline=None)
@given(shape=shapes, at=places, end=ends)
@example(shape="chunks", at=-5, end="closed")
@example(shape="until closed", at=-1, end="closed")
async def test_a_create_is_the_page_or_unknown_and_never_sent_twice(
    shape: str, at: int, end: str
) -> None:
    async with facing(first(cut(shape, at, end)), hurried=True) as it:
        found = await outcome(create(it.notion))
        await until(lambda: it.writes)
        pages = it.emulator.truth().pages

    assert it.sent_writes == len(it.writes) == 1
    if isinstance(found, Page):
        assert found.id in pages
        assert found.title == "new"
    else:
        assert isinstance(found, (WriteOutcomeUnknown, APIResponseError)), repr(found)


def is_home(found: object) -> bool:
    return isinstance(found, Page) and (found.id, found.title) == (HOME, "home")
