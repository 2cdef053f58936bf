"""What the README says is run as it stands there."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

import pytest

from notion_async import notion_id
from notion_async.testing import Emulator
from tests.testing.emulated import data_source, page

README = Path(__file__).parents[1] / "README.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def functions_in(example: str) -> list[Callable[[], Awaitable[None]]]:
    names: dict[str, object] = {"__name__": "readme"}
    exec(compile(example, str(README), "exec"), names)  # noqa: S102 - our own README
    own = [value for value in names.values() if getattr(value, "__module__", None) == "readme"]
    found = [value for value in own if inspect.iscoroutinefunction(value)]
    return cast("list[Callable[[], Awaitable[None]]]", found)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
async def test_an_example_of_the_readme_runs(
    example: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Emulator() as emulator:
        for kind, id in set(re.findall(r'(query\(\s*|page_id.*)"([0-9a-f]{32})"', example)):
            made = data_source("tasks", "tracker") if kind.startswith("query(") else page("home")
            emulator.load([{**made, "id": notion_id(id)}])
        monkeypatch.setenv("NOTION_TOKEN", emulator.token)
        monkeypatch.setenv("NOTION_BASE_URL", emulator.base_url)

        functions = functions_in(example)
        for function in functions:
            await function()

    assert functions
