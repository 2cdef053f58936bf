"""The fixtures that pytest finds where this package is installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

TESTS = """
import asyncio
import pytest
from notion_async import RateLimitedError
from notion_async.testing import FaultRule, rate_limited

PAGE = {"object": "page", "id": "0123abcd-4567-89ab-cdef-0123456789ab", "properties": {}}


def test_without_an_event_loop(notion_emulator, notion):
    notion_emulator.load([PAGE])
    page = asyncio.run(notion.pages.retrieve(PAGE["id"]))
    assert page.id == PAGE["id"]


def test_each_test_has_a_workspace_of_its_own(notion_emulator):
    assert notion_emulator.truth().pages == set()
    assert notion_emulator.requests == 0


@pytest.mark.notion(seed="demo", token="ntn_test_mine")
def test_what_the_emulator_is_made_with(notion_emulator, notion):
    assert notion_emulator.token == "ntn_test_mine"
    assert len(notion_emulator.truth().pages) == 400


def test_virtual_time(notion_clock, notion_emulator, notion):
    async def main():
        notion_emulator.faults.add(FaultRule(rate_limited(30), times=1))
        asking = asyncio.ensure_future(notion.users.me())
        while notion_clock.next_wake is None:
            await asyncio.sleep(0.001)
        await notion_clock.advance(60)
        return await asking

    assert asyncio.run(main()).type == "bot"
    assert notion_clock.now() == 60


@pytest.mark.notion(budget=2)
def test_a_budget(notion):
    async def main():
        impatient = notion.with_options(retry=False, limiter=None)
        for _ in range(2):
            await impatient.users.me()
        with pytest.raises(RateLimitedError):
            await impatient.users.me()

    asyncio.run(main())
"""


def run(folder: Path, *options: str) -> str:
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error::ResourceWarning\n")
    done = subprocess.run(  # noqa: S603 - pytest
        [
            *(sys.executable, "-m", "pytest", "-q", "--strict-markers", str(folder)),
            *("-c", str(folder / "pytest.ini"), "-p", "notion_async.testing.plugin"),
            *("-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist"),
            *options,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_a_new_users_tests_pass(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(TESTS)

    assert "5 passed" in (said := run(tmp_path)), said


def test_a_run_that_does_not_use_it_loads_nothing_for_it(tmp_path: Path) -> None:
    heavy = "{'aiohttp', 'attrs', 'attr', 'msgspec', 'anyio.from_thread', 'notion_async.client'}"
    (tmp_path / "test_other.py").write_text(
        "import sys\n\n\ndef test_it():\n"
        "    assert 'notion_async.testing.plugin' in sys.modules\n"
        f"    assert not {heavy} & set(sys.modules)\n"
    )
    others = ("anyio", "asyncio", "hypothesispytest", "pytest_cov", "timeout", "pytest_mock")

    said = run(tmp_path, *(part for name in others for part in ("-p", f"no:{name}")))

    assert "1 passed" in said, said
