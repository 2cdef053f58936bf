"""Every endpoint of the official JavaScript client, against the emulator."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from notion_async.testing import Emulator
from tests.testing.emulated import page, uid

HERE = Path(__file__).parent
BENCHMARKS = HERE.parents[1] / "benchmarks"
"""Where the version of the client is pinned: it is measured beside ours there."""
AGENT = uid("helper")
REDIRECT = "http://127.0.0.1/callback"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the client is installed."""
    name = Path("node_modules/@notionhq/client")
    if (BENCHMARKS / name).exists():
        return BENCHMARKS / name
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("there is no Node: the JavaScript client is not tried")
    folder = tmp_path_factory.mktemp("official")
    shutil.copy(BENCHMARKS / "package.json", folder)
    done = subprocess.run(  # noqa: S603 - npm
        [npm, "install", "--no-audit", "--no-fund", "--no-package-lock"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"the JavaScript client did not come: {done.stderr}")
    return folder / name


async def run(client: Path, emulator: Emulator, **given: object) -> Any:
    arguments = {
        "baseUrl": emulator.base_url,
        "token": emulator.token,
        "client": str(client),
        **given,
    }
    process = await asyncio.create_subprocess_exec(
        *("node", str(HERE / "official.mjs"), json.dumps(arguments)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    return json.loads(said)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("version", ["2026-03-11", "2025-09-03"])
async def test_every_endpoint_of_the_official_client_answers(client: Path, version: str) -> None:
    async with Emulator(budget=None) as emulator:
        emulator.load([page("home"), {"object": "agent", "id": AGENT, "name": "Helper"}])
        app = emulator.public_connection("App", redirect_uris=[REDIRECT])

        told = await run(
            client,
            emulator,
            version=version,
            home=uid("home"),
            agent=AGENT,
            oauth={
                "id": app.client_id,
                "secret": app.client_secret,
                "code": app.grant(redirect_uri=REDIRECT),
                "redirect": REDIRECT,
            },
        )

    assert {name: error for name, error in told["outcomes"].items() if error} == {}
    assert sorted(told["outcomes"]) == sorted(told["offered"])
    assert len(told["offered"]) == 62
