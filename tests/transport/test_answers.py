from __future__ import annotations

import json
import pickle
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import errors
from notion_async.error_codes import APIErrorCode
from notion_async.errors import APIResponseError
from notion_async.transport.answers import error_from
from notion_async.transport.message import Response

HTML = b"<!DOCTYPE html><html><title>502 Bad gateway</title>" + b"<p>sorry</p>" * 1000


def answer(
    status: int, data: object = None, headers: Mapping[str, str] | None = None
) -> APIResponseError:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return error_from(Response(status, headers or {}, body))


@pytest.mark.parametrize(
    ("status", "code", "cls"),
    [
        (400, "validation_error", errors.ValidationError),
        (400, "invalid_json", errors.ValidationError),
        (400, "missing_version", errors.ValidationError),
        (401, "unauthorized", errors.UnauthorizedError),
        (403, "restricted_resource", errors.RestrictedResourceError),
        (404, "object_not_found", errors.ObjectNotFoundError),
        (409, "conflict_error", errors.ConflictError),
        (429, "rate_limited", errors.RateLimitedError),
        (500, "internal_server_error", errors.ServerError),
        (503, "service_unavailable", errors.ServerError),
        (529, "service_overload", errors.ServiceOverloadError),
        (418, "teapot", APIResponseError),
    ],
)
def test_the_code_says_which_error(status: int, code: str, cls: type[APIResponseError]) -> None:
    error = answer(
        status,
        {"object": "error", "status": status, "code": code, "message": "m", "request_id": "r"},
    )

    assert type(error) is cls
    assert (error.status, error.code, error.request_id) == (status, code, "r")
    assert str(error) == f"{code}: m (request r)"


def test_every_documented_code_has_a_class_of_its_own() -> None:
    assert all(code.value in errors.BY_CODE for code in APIErrorCode)


@pytest.mark.parametrize(
    ("status", "cls"),
    [
        (400, errors.ValidationError),
        (401, errors.UnauthorizedError),
        (403, errors.EdgeBlockedError),
        (404, errors.ObjectNotFoundError),
        (409, errors.ConflictError),
        (418, APIResponseError),
        (429, errors.RateLimitedError),
        (500, errors.ServerError),
        (502, errors.ServerError),
        (522, errors.ServerError),
        (529, errors.ServiceOverloadError),
        (599, errors.ServerError),
    ],
)
@pytest.mark.parametrize(
    "body", [b"", HTML, b"[1,2]", b'{"cut', b"\xff\xfe", b"null", b"[" * 100_000, b" " * (2 << 20)]
)
def test_without_a_code_the_status_decides(
    status: int, cls: type[APIResponseError], body: bytes
) -> None:
    error = answer(status, body)

    assert type(error) is cls
    assert "<" not in str(error)
    assert str(status) in str(error)


def test_a_failing_server_cannot_vouch_for_what_it_did() -> None:
    error = answer(503, {"code": "validation_error", "message": "m"})

    assert type(error) is errors.ServerError
    assert error.code == "validation_error"


def test_blocked_access_is_not_a_rate_limit_to_wait_for() -> None:
    data = {"rate_limit_reason": "public_api_request_blocked"}
    error = answer(429, {"code": "rate_limited", "additional_data": data})

    assert type(error) is errors.RequestBlockedError
    assert error.reason == "public_api_request_blocked"


@pytest.mark.parametrize("reason", ["public_api_space_request_rate_limit", "something_new"])
def test_every_other_reason_is_an_ordinary_rate_limit(reason: str) -> None:
    error = answer(429, {"code": "rate_limited", "additional_data": {"rate_limit_reason": reason}})

    assert type(error) is errors.RateLimitedError


def test_the_block_limit_has_its_own_class() -> None:
    data = {"block_limit": "block_creation"}
    error = answer(
        403, {"code": "restricted_resource", "request_id": "r", "additional_data": data}
    )

    assert type(error) is errors.BlockLimitError


def test_a_cursor_that_is_refused_has_its_own_class() -> None:
    message = "start_cursor provided is invalid"
    error = answer(400, {"code": "validation_error", "message": message})

    assert type(error) is errors.InvalidCursorError


def test_a_firewall_is_not_notion() -> None:
    html = answer(403, HTML, {"cf-ray": "abc-FRA"})
    unsigned = answer(403, {"code": "restricted_resource"}, {"cf-ray": "abc-FRA"})
    signed = answer(403, HTML, {"cf-ray": "abc", "x-notion-request-id": "r"})

    assert type(html) is type(unsigned) is errors.EdgeBlockedError
    assert html.ray_id == "abc-FRA"
    assert "in front of Notion's API (ray abc-FRA)" in str(html)
    assert type(signed) is errors.RestrictedResourceError


def test_html_is_not_shown() -> None:
    error = answer(502, HTML, {"cf-ray": "abc-FRA"})

    assert error.ray_id == "abc-FRA"
    assert str(error) == (
        "HTTP 502: an answer with status 502 that holds no error of Notion's API (ray abc-FRA)"
    )


def test_oauth_errors_have_another_shape() -> None:
    error = answer(400, {"error": "invalid_grant", "error_description": "code was used"})

    assert type(error) is errors.ValidationError
    assert (error.code, error.args) == ("invalid_grant", ("code was used",))


def test_what_notion_adds_is_kept_as_texts_and_lists_of_texts() -> None:
    data: dict[str, object] = {
        "retry_guidance": ["read", 1, "do not repeat"],
        "committed_resource_id": "id",
        "deadline_ms": 55000,
        "flag": True,
        "huge": 10**400,
        "nested": {"a": 1},
        "nothing": None,
    }
    error = answer(503, {"code": "service_unavailable", "additional_data": data})

    assert error.additional_data == {
        "retry_guidance": ["read", "do not repeat"],
        "committed_resource_id": "id",
        "deadline_ms": "55000",
    }


@pytest.mark.parametrize("data", [[], "text", 1, None])
def test_what_notion_adds_may_have_any_shape(data: object) -> None:
    assert answer(503, {"additional_data": data}).additional_data == {}


NOW = "Fri, 20 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("1", 1.0),
        (" 30 ", 30.0),
        ("1.5", 1.5),
        ("86400", 86400.0),
        ("Fri, 20 Nov 2026 12:01:30 GMT", 90.0),
        ("Fri, 20 Nov 2026 13:01:30 +0100", 90.0),
        ("Fri, 20 Nov 2026 12:01:30 -0000", 90.0),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0.0),
        ("", None),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("1e3", None),
        ("0x10", None),
        ("٣", None),
        ("9" * 400, None),
        ("soon", None),
        ("Fri, 99 Nov 2026 12:00:00 GMT", None),
        ("Fri, 20 Nov 99999999999999999999 12:00:00 GMT", None),
        ("Fri, 20 Nov 2026 12:00:00 +999999999999", None),
    ],
)
def test_retry_after_is_read_from_the_header(header: str, seconds: float | None) -> None:
    assert answer(429, {}, {"retry-after": header, "date": NOW}).retry_after == seconds


def test_a_date_without_the_servers_own_is_compared_with_our_clock() -> None:
    for date in ({}, {"date": "rubbish"}):
        past = answer(429, {}, {"retry-after": "Fri, 20 Nov 2020 12:00:00 GMT", **date})
        future = answer(429, {}, {"retry-after": "Fri, 20 Nov 2099 12:00:00 GMT", **date})

        assert past.retry_after == 0.0
        assert (future.retry_after or 0) > 1e6


@pytest.mark.parametrize(("value", "seconds"), [("7", 7.0), (7, 7.0), (["7"], None), ("x", None)])
def test_retry_after_may_stand_in_the_body(value: object, seconds: float | None) -> None:
    data = {"code": "rate_limited", "additional_data": {"retry_after": value}}

    assert answer(429, data).retry_after == seconds
    assert answer(429, data, {"retry-after": "9"}).retry_after == 9
    assert answer(429, data, {"retry-after": "rubbish"}).retry_after == seconds


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("code", "message", "status", "request_id", "additional_data", "error", "object")
BODIES = st.binary() | st.dictionaries(st.sampled_from(FIELDS), JSON_VALUES).map(
    lambda data: json.dumps(data).encode()
)
HEADERS = st.dictionaries(
    st.sampled_from(["retry-after", "date", "cf-ray", "x-notion-request-id"]), st.text()
)


@given(status=st.integers(300, 999), body=BODIES, headers=HEADERS)
def test_any_answer_gives_an_error_and_raises_none(
    status: int, body: bytes, headers: dict[str, str]
) -> None:
    error = error_from(Response(status, headers, body))

    assert isinstance(error, APIResponseError)
    assert error.status == status
    assert len(str(error)) < 5_000 + 2 * len(body) + sum(map(len, headers.values()))
    assert error.retry_after is None or error.retry_after >= 0
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (type(copy), str(copy)) == (type(error), str(error))
