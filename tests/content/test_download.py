"""Where a file is saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from notion_async import AsyncClient, ConfigurationError
from notion_async.content.download import download
from notion_async.models import FileObject


async def test_a_name_that_is_too_long_is_refused_before_anything_is_asked(
    tmp_path: Path,
) -> None:
    file = FileObject.from_json(b'{"type":"external","external":{"url":"https://x.invalid/x"}}')
    async with AsyncClient("ntn_test_long") as notion:
        with pytest.raises(ConfigurationError, match="cannot be written to"):
            await download(notion, file, tmp_path / ("x" * 300))
