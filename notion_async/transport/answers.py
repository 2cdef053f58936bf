"""What is wrong with an answer.  It may be anything; nothing here raises."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

from notion_async.errors import (
    BY_CODE,
    APIResponseError,
    BlockLimitError,
    ConflictError,
    EdgeBlockedError,
    InvalidCursorError,
    InvalidResponseError,
    NotionError,
    ObjectNotFoundError,
    RateLimitedError,
    RequestBlockedError,
    RestrictedResourceError,
    ServerError,
    ServiceOverloadError,
    UnauthorizedError,
    UnexpectedRedirectError,
    ValidationError,
)
from notion_async.transport.message import Response

_JSON: Final = b"{"
_BLANK: Final = b" \t\r\n"
_SAYS_ERROR: Final = re.compile(rb'\s*\{\s*"object"\s*:\s*"error"').match
_BY_STATUS: dict[int, type[APIResponseError]] = {
    400: ValidationError,
    401: UnauthorizedError,
    403: RestrictedResourceError,
    404: ObjectNotFoundError,
    409: ConflictError,
    429: RateLimitedError,
    529: ServiceOverloadError,
}
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_LONGEST_MESSAGE = 4_000
# An error is a few hundred bytes.  What is larger is a page of something else.
_LARGEST_ERROR = 1 << 20


def failure_in(response: Response) -> NotionError | None:
    """Return what is wrong with an answer.  The status is looked at first."""
    status = response.status
    if 200 <= status < 300:
        # Parsing is for those who want the content: this tells a page of HTML, at no cost.
        if response.body.startswith(_JSON) or response.body.lstrip(_BLANK).startswith(_JSON):
            if _SAYS_ERROR(response.body) is None:
                return None
            return InvalidResponseError("an error came as a success", status=status)
        return InvalidResponseError("the body of a success is not JSON", status=status)
    if 300 <= status < 400:
        return UnexpectedRedirectError(
            f"a redirect came (status {status}); none is followed", status=status
        )
    return error_from(response)


def error_from(response: Response) -> APIResponseError:
    """Return the error that a response which is not a success stands for.

    The status decides before the body is looked at, and the body may be missing, cut, HTML
    or worse: then the status alone speaks.
    """
    headers = response.headers
    data = _json_object(response.body)
    code = _text(data.get("code")) or _text(data.get("error"))  # OAuth says "error"
    message = _text(data.get("message")) or _text(data.get("error_description"))
    additional = _additional(data.get("additional_data"))
    request_id = _text(headers.get("x-notion-request-id")) or _text(data.get("request_id"))
    ray_id = _text(headers.get("cf-ray")) or None
    cls = _class_of(response.status, code, message, additional)
    if response.status == 403 and not request_id and (ray_id or not data):
        cls = EdgeBlockedError
    return cls(
        message[:_LONGEST_MESSAGE] or _without_words(cls, response.status, ray_id),
        status=response.status,
        code=code,
        request_id=request_id or None,
        additional_data=additional,
        retry_after=_retry_after(headers, additional),
        ray_id=ray_id,
    )


def _class_of(
    status: int, code: str, message: str, additional: Mapping[str, str | list[str]]
) -> type[APIResponseError]:
    by_status = ServerError if status >= 500 else APIResponseError
    by_status = _BY_STATUS.get(status, by_status)
    cls = BY_CODE.get(code, by_status)
    if status >= 500 and cls not in (ServerError, ServiceOverloadError):
        cls = by_status  # a server that failed cannot vouch for what it did
    if cls is RateLimitedError and _blocked(additional):
        return RequestBlockedError
    if cls is RestrictedResourceError and "block_limit" in additional:
        return BlockLimitError
    if cls is ValidationError and "start_cursor" in message:
        return InvalidCursorError
    return cls


def _blocked(additional: Mapping[str, str | list[str]]) -> bool:
    return additional.get("rate_limit_reason") == "public_api_request_blocked"


def _without_words(cls: type[APIResponseError], status: int, ray_id: str | None) -> str:
    if cls is EdgeBlockedError:
        text = "refused in front of Notion's API"
    else:
        text = f"an answer with status {status} that holds no error of Notion's API"
    return f"{text} (ray {ray_id})" if ray_id else text


def _json_object(body: bytes) -> dict[str, object]:
    if len(body) > _LARGEST_ERROR:
        return {}
    try:
        data: object = msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _additional(value: object) -> dict[str, str | list[str]]:
    if not isinstance(value, dict):
        return {}
    kept: dict[str, str | list[str]] = {}
    for name, item in value.items():
        if isinstance(item, list):
            kept[name] = [part for part in item if isinstance(part, str)]
        elif isinstance(item, str):
            kept[name] = item
        elif isinstance(item, (int, float)) and 0 <= item < 1e15 and not isinstance(item, bool):
            kept[name] = str(item)  # documented as a string; a number says the same
    return kept


def _retry_after(
    headers: Mapping[str, str], additional: Mapping[str, str | list[str]]
) -> float | None:
    in_header = headers.get("retry-after")
    if in_header is not None:
        seconds = _seconds(in_header)
        if seconds is None:
            seconds = _seconds_until(in_header, headers.get("date"))
        if seconds is not None:
            return seconds
    in_body = additional.get("retry_after")
    return _seconds(in_body) if isinstance(in_body, str) else None


def _seconds(text: str) -> float | None:
    text = text.strip()
    if not _SECONDS.fullmatch(text):
        return None
    seconds = float(text)
    return seconds if math.isfinite(seconds) else None


def _seconds_until(moment: str, now: str | None) -> float | None:
    end = http_date(moment)
    if end is None:
        return None
    # The server's own date, so that a clock that is wrong here does not matter.
    start = (http_date(now) if now else None) or datetime.now(UTC)
    return max(0.0, (end - start).total_seconds())


def http_date(text: str) -> datetime | None:
    """Return the moment that a header names, in UTC; None where it names none."""
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
