"""A canary in every test: the invented tokens may show in nothing that a test provokes.

While a test runs, every error of the library is noted where it is made, wherever it is caught
later; so is what is logged, down to DEBUG, warned, printed and told to hooks.  Afterwards all of
it is searched: the words of the errors, their pickles, everything that hangs on them as cause or
context, and the local variables of the library's frames, which crash reporters send away.

The frames of tests and of the emulator are left out: they hold tokens by right.
"""

from __future__ import annotations

import inspect
import logging
import pickle
import re
import subprocess
import traceback
import types
import warnings
from collections import deque
from collections.abc import Generator, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pytest

from notion_async.errors import NotionError
from notion_async.transport.hooks import AttemptRecord, CallRecord, Hooks

# Those of tests/clients.py, tests/resources/test_oauth.py and the emulator, and whatever looks
# like a header that is made of one.
_SECRETS: Final = re.compile(
    r"(?:ntn|nrt|secret|code)[-_](?:test[-_])?canary"
    r"|test-code-canary"
    r"|Bearer [\w-]{6,}"
    r"|Basic [A-Za-z0-9+/]{12,}"
)
# The command that runs the emulator prints it; else it may show no more than another.
_OF_THE_EMULATOR: Final = re.compile("ntn_test_emulator")
_TESTS: Final = str(Path(__file__).parent)
_EMULATOR: Final = str(Path(__file__).parents[1] / "notion_async" / "testing")
# So many errors of one line of code are kept of a test: the last ones.
_KEPT: Final = 3
# What is larger is text of a test, and looking through it takes a while.
_LARGEST: Final = 1 << 20

UNWATCHED: Final = "unwatched"


class Canary(logging.Handler):
    """The plugin: notes while a test runs, and searches when it has ended."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self._errors: dict[tuple[type, types.CodeType | None, int], deque[NotionError]] = {}
        self._found: list[str] = []
        self._watching = False
        self._put_back: list[tuple[object, str, object]] = []

    # Noting

    def install(self) -> None:
        """Listen to whatever is made from now on."""
        canary = self
        tell, read, finish = Hooks.__call__, _capture().readouterr, _process().__init__

        def note_error(cls: type[NotionError], *args: object, **_: object) -> NotionError:
            # Without keywords: OSError, a base of some, takes none.
            error: NotionError = super(NotionError, cls).__new__(cls, *args)
            canary.note(error, inspect.currentframe())
            return error

        def note_record(self: Hooks, record: AttemptRecord | CallRecord) -> None:
            canary.search(repr(record), "a record for hooks")
            tell(self, record)

        def note_output(self: Any) -> Any:  # of str or of bytes
            output = read(self)
            canary.search(f"{output.out}{output.err}", "what was printed", printed=True)
            return output

        def note_process(self: Any, *args: Any, **options: Any) -> None:  # as it is declared
            finish(self, *args, **options)
            canary.search(f"{self.stdout}{self.stderr}", "what a process printed", printed=True)

        self._set(NotionError, "__new__", note_error)
        self._set(Hooks, "__call__", note_record)
        self._set(_capture(), "readouterr", note_output)
        self._set(_process(), "__init__", note_process)
        root = logging.getLogger()
        root.addHandler(self)
        root.setLevel(logging.DEBUG)
        logging.getLogger("asyncio").setLevel(logging.INFO)  # below, it names its selector

    def uninstall(self) -> None:
        """Put everything back."""
        logging.getLogger().removeHandler(self)
        for owner, name, old in reversed(self._put_back):
            setattr(owner, name, old) if old is not None else delattr(owner, name)

    def _set(self, owner: object, name: str, new: object) -> None:
        self._put_back.append((owner, name, vars(owner).get(name)))
        setattr(owner, name, new)

    def note(self, error: NotionError, frame: types.FrameType | None) -> None:
        """Keep an error until the test has ended.

        Args:
            error: It has just been made.
            frame: Where: those who made it are above.
        """
        if self._watching:
            made = frame and frame.f_back
            code, line = (made.f_code, made.f_lineno) if made else (None, 0)
            self._errors.setdefault((type(error), code, line), deque(maxlen=_KEPT)).append(error)

    def emit(self, record: logging.LogRecord) -> None:
        """Search what is logged, with the error that came along."""
        if self._watching:
            self.search(self.format(record), f"the log {record.name}")

    # Searching

    def search(self, text: str, where: str, *, printed: bool = False) -> None:
        """Note that a secret is in a text, if one is."""
        hit = _SECRETS.search(text) or (None if printed else _OF_THE_EMULATOR.search(text))
        if self._watching and hit:
            self._found.append(f"{where}: {hit[0][:12]}…")

    def _search_errors(self) -> None:
        # Taken away first: showing a variable may raise, and make errors of its own.
        noted, self._errors = self._errors, {}
        seen: set[tuple[object, ...]] = set()
        for error in chain.from_iterable(noted.values()):
            for where, text in shown_by(error, seen):
                self.search(text, where)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Watch one test, from set-up to tear-down."""
        self._found.clear()
        self._watching = item.get_closest_marker(UNWATCHED) is None
        try:
            return (yield)
        finally:
            self._watching = False
            self._errors.clear()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        """Search right after the test: until then the errors keep alive what they hold."""
        try:
            result = yield
        except BaseException:
            self._errors.clear()  # that it failed is enough
            self._found.clear()
            raise
        self._search_errors()
        self._fail_if_found()
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Generator[None, object, object]:
        """Search what cleaning up has brought."""
        result = yield
        self._search_errors()
        self._fail_if_found()
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self,
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Search what was printed and left to pytest."""
        report = yield
        for name, text in report.sections:
            if report.passed and (hit := _SECRETS.search(text)):
                report.outcome = "failed"
                report.longrepr = f"a secret shows in {name}: {hit[0][:12]}…"
        return report

    @pytest.hookimpl
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """Search a warning that was no error."""
        self.search(str(warning_message.message), "a warning")

    def _fail_if_found(self) -> None:
        found, self._found = list(dict.fromkeys(self._found)), []
        if found:
            pytest.fail("a secret shows:\n  " + "\n  ".join(found), pytrace=False)


def shown_by(
    error: BaseException, seen: set[tuple[object, ...]] | None = None
) -> Iterator[tuple[str, str]]:
    """Yield every text that shows an error, and where it was seen.

    Args:
        error: With all that hangs on it.
        seen: Tracebacks that were yielded already, of errors of the same class.
    """
    seen = set() if seen is None else seen
    name = type(error).__name__
    if isinstance(error, NotionError):
        yield f"the pickle of {name}", repr(_pickled(error))
    for each in chain_of(error):
        about = name if each is error else f"{type(each).__name__} behind {name}"
        yield f"the words of {about}", f"{each!r} {each} {vars(each)!r}"
        if type(each).__module__.partition(".")[0] in ("aiohttp", "yarl"):
            yield f"the class of {about}", "Bearer (a foreign error holds the request)"
        frames = list(traceback.walk_tb(each.__traceback__))
        key = (type(error), type(each), *((frame.f_code, line) for frame, line in frames))
        if key in seen:
            continue
        seen.add(key)
        for frame, line in frames:
            yield from _locals_of(frame, f"{about}, {_place(frame)}:{line}")


def chain_of(error: BaseException) -> list[BaseException]:
    """Return an error and all that hangs on it."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is None or any(each is one for one in found):
            continue
        found.append(each)
        waiting += [each.__cause__, each.__context__]
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions
    return found


def _locals_of(frame: types.FrameType, place: str) -> Iterator[tuple[str, str]]:
    if frame.f_code.co_filename.startswith((_TESTS, _EMULATOR)):
        return
    for name, value in frame.f_locals.items():
        if _size(value) > _LARGEST:
            continue
        try:
            yield f"{place}, variable {name}", repr(value)
        except Exception:  # noqa: S112 - an object that is half made shows nothing
            continue


def _size(value: object) -> int:
    """Return the size of a text, or of a list of them; of everything else 0."""
    if isinstance(value, (str, bytes)):
        return len(value)
    parts = value if isinstance(value, list) else ()
    return sum(len(part) for part in parts if isinstance(part, (str, bytes)))


def _place(frame: types.FrameType) -> str:
    code = frame.f_code
    return f"{'/'.join(Path(code.co_filename).parts[-2:])} {code.co_qualname}"


def _pickled(error: NotionError) -> bytes:
    try:
        return pickle.dumps(error)
    except (TypeError, AttributeError, pickle.PicklingError):
        return b""  # what cannot be written down shows nowhere


# Any: both are generic, and are patched whatever they are of.
def _capture() -> Any:
    return pytest.CaptureFixture


def _process() -> Any:
    return subprocess.CompletedProcess
