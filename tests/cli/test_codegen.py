"""Writing classes for rows on the command line, and finding them old."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from notion_async.cli import app
from notion_async.testing import Emulator
from tests.cli.serving import emulated, variables
from tests.processes import run
from tests.testing.emulated import Object, data_source, database, uid

COMMAND = ("-m", "notion_async", "codegen")


def number(identity: str, name: str) -> Object:
    return {"id": identity, "name": name, "type": "number", "number": {"format": "number"}}


def columns(*others: Object) -> Object:
    title = {"id": "title", "name": "Name", "type": "title", "title": {}}
    return {each["name"]: each for each in (title, *others)}


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    with emulated(
        database("tracker", sources=("Tasks",)),
        data_source("Tasks", "tracker", columns(number("h", "Hours"))),
    ) as emulator:
        for name, value in variables(emulator).items():
            monkeypatch.setenv(name, value)
        yield emulator


def code_of(*arguments: str) -> object:
    with pytest.raises(SystemExit) as raised:
        app.run(["codegen", *arguments])
    return raised.value.code


def test_a_class_is_printed(served: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(uid("Tasks")) == 0
    printed = capsys.readouterr()
    assert "class TasksRow(Row):" in printed.out
    assert printed.err == ""


def test_a_class_is_written_under_a_name_and_is_found_to_be_current(
    served: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    module = tmp_path / "tasks.py"

    assert code_of(uid("tracker"), "-o", str(module), "--name", "Task") == 0
    assert code_of(uid("Tasks"), "--output", str(module), "--check") == 0
    assert capsys.readouterr() == ("", "")
    assert "class Task(Row):" in module.read_text("utf-8")


def test_a_schema_that_has_changed_is_told_and_ends_with_four(
    served: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    module = tmp_path / "tasks.py"
    code_of(uid("Tasks"), "-o", str(module))
    before = module.read_text("utf-8")
    served.load(
        [data_source("Tasks", "tracker", columns(number("h", "Effort"), number("n", "N")))]
    )

    assert code_of(uid("Tasks"), "-o", str(module), "--check") == 4

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        f"notion-async: {module} is out of date: 'N' is new, of type number",
        f"notion-async: {module} is out of date: 'Hours' is called 'Effort' now",
    ]
    assert module.read_text("utf-8") == before


def test_a_check_needs_a_module(served: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(uid("Tasks"), "--check") == 1
    assert capsys.readouterr().err == (
        "notion-async: --check reads the module: name it with --output\n"
    )
    assert served.requests == 0


def test_a_module_that_is_none_is_told(
    served: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")

    for name, said in {"absent": "No such file", "binary": "no Python module"}.items():
        assert code_of(uid("Tasks"), "--check", "-o", str(tmp_path / name)) == 1
        assert said in capsys.readouterr().err


def test_the_command_is_a_process_like_the_others(served: Emulator) -> None:
    done = run(*COMMAND, uid("Tasks"), **variables(served))
    wrong = run(*COMMAND, uid("nowhere"), **variables(served))
    help_ = run(*COMMAND, "--help")

    assert (done.returncode, done.stderr) == (0, "")
    assert "hours: float | None = column(" in done.stdout
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("notion-async: object_not_found")
    assert "Usage: notion-async codegen" in help_.stdout
