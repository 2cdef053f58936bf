"""Server-sent events: bytes in, events out.  No I/O, and no idea of what the events say.

The format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import attrs

from notion_async.errors import ConfigurationError, ResponseTooLargeError

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_MARK: Final = b"\xef\xbb\xbf"  # the byte order mark that may precede everything
_LONGEST_NUMBER: Final = 15  # digits; more stand for nothing anybody would wait


@attrs.frozen
class ServerSentEvent:
    """One event, complete."""

    data: bytes
    """What it carries: its lines, joined by a line feed.  UTF-8, not checked here."""
    event: str = "message"
    """What kind of event it is."""
    last_event_id: str = ""
    """The id of this event, or of the last one before it that had one."""


class EventDecoder:
    """Takes a stream apart, however it was cut on its way.

    What follows the last blank line is no event: a stream that ends there has lost it.

    Args:
        max_event_bytes: The largest event that is taken, and the longest line.
    """

    def __init__(self, max_event_bytes: int = 16 * 1024 * 1024) -> None:
        if max_event_bytes < 1:
            raise ConfigurationError("the size of an event has to be above zero")
        self.last_event_id = ""
        """The last id that came, with an event or by itself; none of an event that is cut."""
        self.retry: int | None = None
        """The milliseconds the server asks for before somebody connects anew."""
        self._max_bytes = max_event_bytes
        self._head: bytes | None = b""  # until it is known whether the stream begins with a mark
        self._after_cr = False
        self._line = bytearray()  # one that has not ended yet
        self._data = bytearray()  # each line of it with a line feed behind
        self._event = ""
        self._id = ""

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """Yield the events that are complete with these bytes.  Take all of them.

        Raises:
            ResponseTooLargeError: One event is larger than the cap.
        """
        chunk = self._without_mark(chunk)
        if not chunk:
            return
        start = 0
        if self._after_cr and chunk.startswith(b"\n"):
            start = 1  # the second half of a line end that was taken for a whole one
        self._after_cr = chunk.endswith(b"\r")
        while end := _LINE_END.search(chunk, start):
            self._take(chunk[start : end.start()])
            start = end.end()
            line = bytes(self._line)
            self._line.clear()
            if line:
                self._field(line)
            elif (event := self._complete()) is not None:
                yield event
        self._take(chunk[start:])

    def _without_mark(self, chunk: bytes) -> bytes:
        if self._head is None:
            return chunk
        chunk = self._head + chunk
        if len(chunk) < len(_MARK) and _MARK.startswith(chunk):
            self._head = chunk
            return b""
        self._head = None
        return chunk.removeprefix(_MARK)

    def _take(self, part: bytes) -> None:
        if len(self._line) + len(self._data) + len(part) > self._max_bytes:
            raise ResponseTooLargeError(
                f"one event is larger than {self._max_bytes} bytes", status=200
            )
        self._line += part

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")  # a comment is a field without a name
        value = value.removeprefix(b" ")
        match name:
            case b"data":
                self._data += value + b"\n"
            case b"event":
                self._event = value.decode(errors="replace")
            case b"id" if b"\0" not in value:
                self._id = value.decode(errors="replace")
            case b"retry" if value.isdigit() and len(value) <= _LONGEST_NUMBER:
                self.retry = int(value)
            case _:
                pass  # to be ignored, says the format

    def _complete(self) -> ServerSentEvent | None:
        self.last_event_id = self._id
        event, self._event = self._event, ""
        if not self._data:
            return None
        data = bytes(self._data[:-1])
        self._data.clear()
        return ServerSentEvent(data, event or "message", self.last_event_id)
