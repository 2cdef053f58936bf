"""A plugin: no test passes in which an emulator answers what Notion does not publish."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import SHARED
from tests.replay.answers import held_to_shapes


@pytest.fixture
def loads_oddities() -> None:
    """Let a test load objects that no Notion sends, and get them back as they are."""


@pytest.fixture(autouse=True)
def answers_as_published(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Fail a test in which an answer has another shape than Notion publishes."""
    if not SHARED.is_dir() or loads_oddities.__name__ in request.fixturenames:
        yield
        return
    with held_to_shapes(SHARED, monkeypatch) as watch:
        yield
    hint = "Where that is meant: @pytest.mark.usefixtures('loads_oddities')."
    assert not watch.found, "\n".join([*dict.fromkeys(watch.found), hint])
