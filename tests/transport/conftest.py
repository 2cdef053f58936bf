from __future__ import annotations

import pytest

from notion_async.testing.clock import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()
