"""The endpoint tests of notion-client, as its authors publish them, against the emulator."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
EXPECTED = 54
"""Of 57: so many have to pass."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tests of the installed version, from the package index."""
    folder = tmp_path_factory.mktemp("notion-client")
    name = f"notion-client=={version('notion-client')}"
    command = ["download", "-q", "--no-deps", "--no-binary", ":all:", "-d", str(folder), name]
    done = subprocess.run(  # noqa: S603 - pip, pytest
        [sys.executable, "-m", "pip", *command], capture_output=True, text=True, check=False
    )
    archives = list(folder.glob("*.tar.gz"))
    if not archives:
        pytest.skip(f"the tests of {name} did not come: {done.stderr}")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(folder, filter="data")
    [tests] = folder.glob("*/tests/test_endpoints.py")
    return tests


@pytest.mark.timeout(180)
def test_the_endpoint_tests_of_notion_client_pass(published: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    plugins = [
        "no:cacheprovider",
        "no:randomly",
        "no:xdist",
        "tests.others.notion_client_fixtures",
    ]
    if "notion_async.testing.plugin" not in sys.modules:  # where it is installed, pytest finds it
        plugins.append("notion_async.testing.plugin")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = vcr: recorded\n")

    done = subprocess.run(  # noqa: S603 - pip, pytest
        [
            *(sys.executable, "-m", "pytest", "-q", str(published)),
            *("-c", str(tmp_path / "pytest.ini"), f"--junitxml={report}"),
            *(option for plugin in plugins for option in ("-p", plugin)),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    cases = ET.parse(report).getroot().findall(".//testcase")  # noqa: S314 - pytest's own
    failed = [case.get("name") for case in cases if case.find("failure") is not None]
    failed += [case.get("name") for case in cases if case.find("error") is not None]
    assert len(cases) - len(failed) >= EXPECTED, f"{failed}\n{done.stdout}"
