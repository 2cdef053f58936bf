"""The canary in every test sees what it is there to see."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from notion_async import ConfigurationError, NotionError
from tests.canary import shown_by
from tests.processes import run

TOKEN = "ntn_canary_0123456789abcdef"


def library(source: str) -> Callable[[], None]:
    """Return the function `act` of a module that is none of the tests."""
    names: dict[str, Any] = {"NotionError": NotionError, "TOKEN": TOKEN}
    exec(compile(source, "/site-packages/library/module.py", "exec"), names)  # noqa: S102 - below
    act: Callable[[], None] = names["act"]
    return act


LEAKS = {
    "the words": "def act(): raise NotionError(f'no {TOKEN}')",
    "a variable": "def act():\n    headers = {'Authorization': f'Bearer {TOKEN}'}\n"
    "    raise NotionError('no')",
    "an attribute": "def act():\n    error = NotionError('no')\n    error.extra = TOKEN\n"
    "    raise error",
    "the cause": "def act():\n    try: raise ValueError(TOKEN)\n"
    "    except ValueError as error: raise NotionError('no') from error",
    "the context, though it is not shown": "def act():\n    try: raise ValueError(TOKEN)\n"
    "    except ValueError: raise NotionError('no') from None",
    "a variable of the context": "def deep():\n    secret = TOKEN\n    raise ValueError('no')\n"
    "def act():\n    try: deep()\n    except ValueError: raise NotionError('no') from None",
    "one of several": "def act():\n"
    "    raise NotionError('no') from ExceptionGroup('all', [ValueError(TOKEN)])",
}


@pytest.mark.unwatched  # it shows on purpose
@pytest.mark.parametrize("name", LEAKS)
def test_a_secret_is_seen_wherever_it_hangs_on_an_error(name: str) -> None:
    with pytest.raises(NotionError) as caught:
        library(LEAKS[name])()

    assert any(TOKEN in text for _, text in shown_by(caught.value))


def test_the_variables_of_tests_are_passed_over() -> None:
    token = TOKEN

    with pytest.raises(ConfigurationError) as caught:
        raise ConfigurationError(f"{len(token)} letters")

    assert [where for where, text in shown_by(caught.value) if TOKEN in text] == []


def test_errors_are_the_same_while_they_are_watched() -> None:
    error = ConfigurationError("one", 2)

    assert error.args == ("one", 2)
    assert pickle.loads(pickle.dumps(error)).args == ("one", 2)  # noqa: S301 - ours


SHOWING = f"""
import logging, warnings, contextlib
import pytest
from notion_async import NotionError, CallRecord
from notion_async.transport.hooks import Hooks

TOKEN = "{TOKEN}"

def test_nothing(): logging.getLogger("x").debug("fine")
def test_log(): logging.getLogger("aiohttp.x").debug("sent %s", TOKEN)
def test_log_of_an_error():
    try: raise ValueError(TOKEN)
    except ValueError: logging.getLogger("y").warning("no", exc_info=True)
def test_print(): print(TOKEN)
def test_print_that_is_read(capsys): print(TOKEN); capsys.readouterr()
def test_error_that_is_caught():
    with contextlib.suppress(NotionError): raise NotionError(TOKEN)
def test_record():
    record = CallRecord(TOKEN, "GET", 1, 200, 0.0, 0.0, None, 0, None, None)
    Hooks([lambda record: None])(record)
@pytest.fixture
def late():
    yield
    logging.getLogger("late").debug(TOKEN)
def test_cleaning_up(late): pass
def test_nothing_again(): pass
"""


@pytest.mark.unwatched  # the reports show it
def test_whatever_shows_a_secret_fails(tmp_path: Path) -> None:
    (tmp_path / "test_showing.py").write_text(SHOWING)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    done = run(
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.conftest",
        "-rA",
        "-p",
        "no:cacheprovider",
        str(tmp_path),
    )

    ended = dict(line.split()[:2][::-1] for line in done.stdout.splitlines() if "::test_" in line)
    short = {name.partition("::")[2]: how for name, how in ended.items()}
    assert short == {
        "test_nothing": "PASSED",
        "test_log": "FAILED",
        "test_log_of_an_error": "FAILED",
        "test_print": "FAILED",
        "test_print_that_is_read": "FAILED",
        "test_error_that_is_caught": "FAILED",
        "test_record": "FAILED",
        "test_cleaning_up": "ERROR",
        "test_nothing_again": "PASSED",
    }
