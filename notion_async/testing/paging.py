"""Lists in pages: opaque cursors, and the envelope around the results."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

import msgspec

from notion_async.testing.checks import RefusalError, dashed, invalid

T = TypeVar("T")

_KEY: Final = b"notion_async.testing"
_TAG: Final = 6
_BY_ID: Final = ("file_uploads.list",)
"""Endpoints seen to take the id of an object as the cursor of the page that begins with it."""

LONGEST: Final = 10_000
"""Notion cuts a query here, and says so in each page of the result."""

INCOMPLETE: Final = (
    b',"request_status":{"type":"incomplete","incomplete_reason":"query_result_limit_reached"}'
)


def page_of(
    items: Sequence[T],
    *,
    key: Callable[[T], str],
    scope: str,
    cursor: str | None,
    size: int,
) -> tuple[Sequence[T], str | None]:
    """Return up to `size` of `items` from `cursor` on, and the cursor of what follows.

    Args:
        items: Everything there is now.
        key: What an item is known by.
        scope: The endpoint, and what the list is of: a cursor of another list is refused.
        cursor: From an earlier page, or None for the beginning.
        size: How many.

    Raises:
        RefusalError: `cursor` was not given out for this list, nor is it in it.
    """
    start = 0 if cursor is None else _start(items, key, cursor, scope)
    end = start + size
    following = _write(scope, end, key(items[end - 1])) if end < len(items) else None
    return items[start:end], following


def place_in(cursor: str, scope: str) -> list[Any]:
    """Return what `cursor_at` wrote down.

    Raises:
        RefusalError: `cursor` was not given out for this list.
    """
    found: list[Any] = msgspec.json.decode(_state(cursor, scope))
    return found


def cursor_at(place: object, scope: str) -> str:
    """Return the cursor of what comes after a place that can be written down as JSON."""
    return _signed(scope, msgspec.json.encode(place))


def listing(
    results: Iterable[bytes],
    next_cursor: str | None,
    kind: str,
    *,
    about: bytes = b"{}",
    extra: bytes = b"",
) -> bytes:
    """Return the JSON of a list.

    Args:
        results: The elements, in JSON already.
        next_cursor: Where the next page begins, or None at the end.
        kind: What the elements are.
        about: What the list says about all of them.
        extra: Further fields, with a comma before each.
    """
    cursor = b"null" if next_cursor is None else b'"%s"' % next_cursor.encode()
    more = b"false" if next_cursor is None else b"true"
    name = kind.encode()
    return (
        b'{"object":"list","results":[%s],"next_cursor":%s,"has_more":%s,"type":"%s","%s":%s%s}'
        % (b",".join(results), cursor, more, name, name, about, extra)
    )


def _start(items: Sequence[T], key: Callable[[T], str], cursor: str, scope: str) -> int:
    """Return where the page of a cursor begins."""
    identity = dashed(cursor) if scope.partition(" ")[0] in _BY_ID else None
    if identity is not None:
        place = next((place for place, item in enumerate(items) if key(item) == identity), None)
        if place is not None:
            return place
    return _position(items, key, *_read(cursor, scope))


def _position(items: Sequence[T], key: Callable[[T], str], offset: int, after: str) -> int:
    """Return where to go on: after the item last given out, wherever it is now."""
    if 0 < offset <= len(items) and key(items[offset - 1]) == after:
        return offset
    for index, item in enumerate(items):
        if key(item) == after:
            return index + 1
    # It is gone: whatever came after it has moved up by one at most.
    return min(max(0, offset - 1), len(items))


def _write(scope: str, offset: int, after: str) -> str:
    return _signed(scope, f"{offset} {after}".encode())


def _signed(scope: str, state: bytes) -> str:
    return base64.urlsafe_b64encode(_tag(scope, state) + state).decode().rstrip("=")


def _read(cursor: str, scope: str) -> tuple[int, str]:
    offset, _, after = _state(cursor, scope).decode().partition(" ")
    return int(offset), after


def _state(cursor: str, scope: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError):
        raise _refusal(cursor) from None
    tag, state = raw[:_TAG], raw[_TAG:]
    if not hmac.compare_digest(tag, _tag(scope, state)):
        raise _refusal(cursor)
    return state


def _tag(scope: str, state: bytes) -> bytes:
    return hashlib.blake2b(scope.encode() + b"\0" + state, key=_KEY, digest_size=_TAG).digest()


def _refusal(cursor: str) -> RefusalError:
    return invalid(f"The start_cursor provided is invalid: {cursor}")
