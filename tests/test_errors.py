"""Errors say what happened, survive pickling, and are as their docstring draws them."""

from __future__ import annotations

import copy
import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import notion_async
from notion_async import errors
from notion_async.error_codes import APIErrorCode
from notion_async.errors import (
    BY_CODE,
    APIResponseError,
    CircuitOpenError,
    ConfigurationError,
    ConnectError,
    DeadlineExceededError,
    IncompleteResult,
    InvalidIDError,
    MissingExtraError,
    NotionError,
    NotUniqueError,
    ProtocolError,
    RateLimitedError,
    RequestTimeoutError,
    TransportError,
    WriteOutcomeUnknown,
)

CLASSES = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, NotionError)
]


def example(cls: type[NotionError]) -> NotionError:
    """An error of a class, with everything in it."""
    error = _made(cls)
    error.attempts, error.elapsed, error.stop_reason = 3, 1.5, "attempts"
    return error


def _made(cls: type[NotionError]) -> NotionError:  # one line for each shape of __init__
    if issubclass(cls, APIResponseError):
        return cls(
            "no",
            status=429,
            code="rate_limited",
            request_id="r",
            additional_data={"rate_limit_reason": "x", "retry_guidance": ["a", "b"]},
            retry_after=2.0,
            ray_id="y",
        )
    if issubclass(cls, ConnectError):
        return cls("no", permanent=True)
    if issubclass(cls, TransportError):
        return cls("no", sent=True, status=200)
    if issubclass(cls, ProtocolError):
        return cls("no", status=200)
    if issubclass(cls, DeadlineExceededError):
        return cls("no", sent=True)
    if issubclass(cls, WriteOutcomeUnknown):
        return cls("no", status=503, additional_data={"committed_resource_id": "x"})
    if issubclass(cls, IncompleteResult):
        return cls("no", yielded=5, reason="query_result_limit_reached")
    if issubclass(cls, CircuitOpenError):
        return cls("no", retry_after=5.0)
    if issubclass(cls, NotUniqueError):
        return cls("no", ids=["a", "b"])
    if issubclass(cls, MissingExtraError):
        return cls("cli", "the command line")
    return cls("no")


def drawn() -> dict[str, str]:
    """The tree in the docstring: each class, and the one it is drawn below."""
    found, above = {}, ["NotionError"]
    for prefix, name in re.findall(
        r"^    ([│ ]*[├└]── )(\w+)", errors.__doc__ or "", re.MULTILINE
    ):
        depth = len(prefix) // 4
        above[depth:] = [name]
        found[name] = above[depth - 1]
    return found


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    assert drawn() == {
        cls.__name__: next(
            base for base in cls.__bases__ if issubclass(base, NotionError)
        ).__name__
        for cls in CLASSES
        if cls is not NotionError
    }


def test_every_error_is_public_and_says_what_it_is() -> None:
    for cls in CLASSES:
        assert getattr(notion_async, cls.__name__) is cls
        assert cls.__doc__


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_errors_are_pickled_and_copied(cls: type[NotionError]) -> None:
    error = example(cls)

    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301 - our own
        assert type(again) is cls
        assert again.args == error.args
        assert vars(again) == vars(error)
        assert str(again) == str(error)
        assert repr(again) == repr(error)


def test_errors_are_what_people_already_catch() -> None:
    assert issubclass(ConfigurationError, ValueError)
    assert issubclass(RequestTimeoutError, TimeoutError)
    assert issubclass(DeadlineExceededError, TimeoutError)


def test_an_error_that_met_no_call_counts_no_attempts() -> None:
    error = NotionError("no")

    assert (error.attempts, error.elapsed, error.stop_reason) == (0, 0.0, None)


@pytest.mark.parametrize("code", APIErrorCode)
def test_every_code_of_notion_has_a_class(code: APIErrorCode) -> None:
    assert issubclass(BY_CODE[code], APIResponseError)


def test_no_code_has_two_classes() -> None:
    codes = [
        code for cls in CLASSES if issubclass(cls, APIResponseError)
        for code in vars(cls).get("codes", ())
    ]  # fmt: skip

    assert sorted(codes) == sorted(BY_CODE)
    assert set(BY_CODE) == set(APIErrorCode)


def test_an_answer_says_its_code_and_what_support_asks_for() -> None:
    assert str(example(APIResponseError)) == "rate_limited: no (request r)"
    assert str(APIResponseError("no", status=418)) == "HTTP 418: no"


def test_a_message_is_shown_on_one_short_line() -> None:
    error = APIResponseError("a\n b\t" + "x" * 1000, status=400, code="validation_error")

    assert str(error).startswith("validation_error: a b xxx")
    assert len(str(error)) < 250
    assert "\n" not in str(error)
    assert error.args[0].count("x") == 1000


@given(message=st.text())
def test_any_message_can_be_shown(message: str) -> None:
    assert len(str(APIResponseError(message, status=500)).splitlines()) == 1


def test_a_spent_budget_says_which() -> None:
    def made(data: dict[str, str | list[str]] | None) -> RateLimitedError:
        return RateLimitedError("no", status=429, additional_data=data)

    assert made({"rate_limit_reason": "public_api_request_blocked"}).reason == (
        "public_api_request_blocked"
    )
    assert made({"rate_limit_reason": ["x"]}).reason is None
    assert made(None).reason is None


def test_a_missing_extra_names_what_to_install() -> None:
    error = MissingExtraError("cli", "the command line")

    assert error.extra == "cli"
    assert "pip install 'notion-async[cli]'" in str(error)


def test_a_long_value_is_cut() -> None:
    assert "…'" in str(InvalidIDError("x" * 500))
    assert len(str(InvalidIDError("x" * 500))) < 300
