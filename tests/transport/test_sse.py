"""Server-sent events are taken apart as their format says, wherever the bytes were cut."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notion_async import ConfigurationError, ResponseTooLargeError
from notion_async.transport.sse import EventDecoder, ServerSentEvent

# What each stream says, by the format.
STREAMS: dict[str, tuple[bytes, list[ServerSentEvent]]] = {
    "one event": (b"data: hi\n\n", [ServerSentEvent(b"hi")]),
    "several lines of data": (
        b"data: YHOO\ndata: +2\ndata: 10\n\n",
        [ServerSentEvent(b"YHOO\n+2\n10")],
    ),
    "comments, ids, and one that is taken back": (
        b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third\n\n",
        [
            ServerSentEvent(b"first event", last_event_id="1"),
            ServerSentEvent(b"second event"),
            ServerSentEvent(b" third"),
        ],
    ),
    "empty data is data": (
        b"data\n\ndata\ndata\n\ndata:",
        [ServerSentEvent(b""), ServerSentEvent(b"\n")],
    ),
    "a space after the colon or none": (
        b"data:test\n\ndata: test\n\n",
        [ServerSentEvent(b"test"), ServerSentEvent(b"test")],
    ),
    "a name holds for one event, an id until the next": (
        b"event: add\nid: a\ndata: 1\n\ndata: 2\n\nid: b\n\ndata: 3\n\n",
        [
            ServerSentEvent(b"1", "add", "a"),
            ServerSentEvent(b"2", "message", "a"),
            ServerSentEvent(b"3", "message", "b"),
        ],
    ),
    "a name without data is no event": (b"event: add\n\ndata: 1\n\n", [ServerSentEvent(b"1")]),
    "an id with a null is none": (
        b"id: 1\nid: 2\x00\ndata: x\n\n",
        [ServerSentEvent(b"x", last_event_id="1")],
    ),
    "what ends before its blank line is lost": (
        b"data: whole\n\ndata: half\n",
        [ServerSentEvent(b"whole")],
    ),
    "fields nobody knows": (b"Data: a\ndata : b\nx: y\ndata: c\n\n", [ServerSentEvent(b"c")]),
    "colons in a value": (b'data: {"a":"b: c"}\n\n', [ServerSentEvent(b'{"a":"b: c"}')]),
    "a mark in front": (b"\xef\xbb\xbfdata: x\n\n", [ServerSentEvent(b"x")]),
    "a second mark is no mark": (b"\xef\xbb\xbf\xef\xbb\xbfdata: x\n\n", []),
    "half a mark is none": (b"\xef\xbbdata: x\n\ndata: y\n\n", [ServerSentEvent(b"y")]),
    "bytes that are no text": (
        b"event: \xff\nid: \xe2\x82\ndata: \xff\n\n",
        [ServerSentEvent(b"\xff", "\ufffd", "\ufffd")],
    ),
    "nothing": (b"", []),
    "blank lines": (b"\n\r\n\r\r\n", []),
}


def decoded(*chunks: bytes, **options: Any) -> list[ServerSentEvent]:
    decoder = EventDecoder(**options)
    return [event for chunk in chunks for event in decoder.feed(chunk)]


def pieces(stream: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    return [stream[start:end] for start, end in pairwise(places)]


@pytest.mark.parametrize("ending", [b"\n", b"\r", b"\r\n"], ids=["LF", "CR", "CRLF"])
@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_says_what_its_format_says(name: str, ending: bytes) -> None:
    stream, events = STREAMS[name]

    stream = stream.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", ending)

    assert decoded(stream) == events
    assert decoded(*(stream[n : n + 1] for n in range(len(stream)))) == events


@given(
    stream=st.lists(
        st.sampled_from(
            [
                b"data",
                b"event",
                b"id",
                b":",
                b" ",
                b"\r",
                b"\n",
                b"\r\n",
                b"\n\n",
                b"x",
                b"\0",
                "é€🌱".encode(),
                b"\xef\xbb\xbf",
                b"retry: 5\n",
            ]
        ),
        max_size=40,
    ).map(b"".join),
    cuts=st.lists(st.integers(0, 200), max_size=10),
)
@example(stream=b"data: x\r\n\r\ndata: y\r\n\r\n", cuts=[8, 10])
def test_where_a_stream_is_cut_makes_no_difference(stream: bytes, cuts: list[int]) -> None:
    whole, cut = EventDecoder(), EventDecoder()

    expected = list(whole.feed(stream))
    found = [event for piece in pieces(stream, cuts) for event in cut.feed(piece)]

    assert found == expected
    assert (cut.last_event_id, cut.retry) == (whole.last_event_id, whole.retry)


@given(
    st.lists(
        st.builds(
            ServerSentEvent,
            data=st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"])).map(
                str.encode
            ),
            event=st.text("abc.é", min_size=1),
            last_event_id=st.text("123-x"),
        )
    ),
    st.sampled_from(["\n", "\r", "\r\n"]),
    st.lists(st.integers(0, 1000), max_size=8),
)
def test_what_is_written_as_a_stream_is_read_again(
    events: list[ServerSentEvent], ending: str, cuts: list[int]
) -> None:
    def written(event: ServerSentEvent) -> str:
        data = [f"data: {line}" for line in event.data.decode().split("\n")]
        lines = [f"event: {event.event}", *data, f"id: {event.last_event_id}", ": a comment", ""]
        return "".join(line + ending for line in lines)

    stream = "".join(map(written, events)).encode()

    assert decoded(*pieces(stream, cuts)) == events


def test_an_event_is_there_as_soon_as_its_line_end_is() -> None:
    decoder = EventDecoder()

    assert list(decoder.feed(b"data: x\r\r")) == [ServerSentEvent(b"x")]
    assert list(decoder.feed(b"\n")) == []
    assert list(decoder.feed(b"data: y\n\n")) == [ServerSentEvent(b"y")]


def test_the_id_of_an_event_that_is_cut_does_not_count() -> None:
    decoder = EventDecoder()

    events = list(decoder.feed(b"id: 1\ndata: x\n\nid: 2\ndata: y\n"))

    assert [event.last_event_id for event in events] == ["1"]
    assert decoder.last_event_id == "1"


def test_an_id_by_itself_counts() -> None:
    decoder = EventDecoder()

    assert list(decoder.feed(b"id: 7\n\n")) == []
    assert decoder.last_event_id == "7"


@pytest.mark.parametrize(
    ("line", "retry"),
    [
        (b"retry: 3000", 3000),
        (b"retry:0", 0),
        (b"retry: -1", None),
        (b"retry: 1.5", None),
        (b"retry: 5 ", None),
        (b"retry", None),
        (b"retry: " + b"9" * 10_000, None),
        ("retry: ٣".encode(), None),
    ],
)
def test_the_time_to_wait_is_a_number_of_milliseconds(line: bytes, retry: int | None) -> None:
    decoder = EventDecoder()

    assert list(decoder.feed(line + b"\n\n")) == []
    assert decoder.retry == retry


@pytest.mark.parametrize(
    "chunks",
    [
        [b"data: " + b"x" * 100],
        [b"x"] * 101,
        [b"data: xx\n"] * 40,
        [b"data\n"] * 101,
        [b":" + b"x" * 100 + b"\n"],
    ],
    ids=["a line", "a line in bits", "many lines", "empty lines", "a comment"],
)
def test_an_event_larger_than_the_cap_is_refused(chunks: list[bytes]) -> None:
    with pytest.raises(ResponseTooLargeError, match="larger than 100 bytes"):
        decoded(*chunks, max_event_bytes=100)


def test_the_cap_is_for_one_event_not_for_the_stream() -> None:
    stream = b": a comment\ndata: " + b"x" * 80 + b"\n\n"

    events = decoded(stream * 100, max_event_bytes=100)

    assert len(events) == 100


def test_the_events_before_one_that_is_too_large_are_delivered() -> None:
    events = EventDecoder(100).feed(b"data: x\n\ndata: " + b"y" * 100)

    assert next(events) == ServerSentEvent(b"x")
    with pytest.raises(ResponseTooLargeError):
        next(events)


def test_a_cap_of_nothing_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        EventDecoder(0)
