"""What pytest finds by itself where this package is installed: fixtures for tests against Notion.

``notion_emulator`` is an emulated Notion that listens on loopback, ``notion`` a client of it, and
``notion_clock`` virtual time for both, in tests that ask for it.  They need no plugin for
asynchronous tests, and work with any.  ``@pytest.mark.notion(seed="demo")`` says what the
emulator of a test is made with.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from notion_async import AsyncClient
    from notion_async.testing import Emulator, ManualClock

# Nothing else is imported before a test needs it: most test runs never do.

_MARK: Final = "notion"
_CLOCK: Final = "notion_clock"


def pytest_configure(config: pytest.Config) -> None:
    """Say what the mark is for."""
    config.addinivalue_line(
        "markers", f"{_MARK}(**options): what the emulated Notion of a test is made with"
    )


@pytest.fixture
def notion_clock() -> ManualClock:
    """Virtual time: waiting of `notion` and budget of `notion_emulator` follow it."""
    from notion_async.testing import ManualClock  # noqa: PLC0415 - see above

    return ManualClock()


@pytest.fixture
def notion_emulator(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """An emulated Notion for this test, in a thread of its own: empty, and with no budget.

    ``@pytest.mark.notion(...)`` takes what `Emulator` does, as ``seed="demo"`` or ``budget=180``.
    """
    from notion_async.testing import Emulator  # noqa: PLC0415 - see above

    options: dict[str, object] = {"budget": None, "clock": _clock(request)}
    for mark in reversed(list(request.node.iter_markers(_MARK))):
        options.update(mark.kwargs)
    with Emulator(**options) as emulator:  # type: ignore[arg-type]  # refused by name if wrong
        yield emulator


@pytest.fixture
def notion(request: pytest.FixtureRequest, notion_emulator: Emulator) -> AsyncClient:
    """A client of `notion_emulator`.  It closes when the event loop of the test ends."""
    from notion_async import AsyncClient  # noqa: PLC0415 - see above

    return AsyncClient(
        notion_emulator.token,
        base_url=notion_emulator.base_url,
        limiter="auto" if notion_emulator.budget else None,
        clock=_clock(request),
    )


def _clock(request: pytest.FixtureRequest) -> ManualClock | None:
    """Return virtual time where the test asked for it."""
    if _CLOCK not in request.fixturenames:
        return None
    clock: ManualClock = request.getfixturevalue(_CLOCK)
    return clock
