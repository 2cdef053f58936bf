"""The commands within this process, where what they do can be looked at."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from notion_async.__main__ import main
from notion_async.cli import app
from notion_async.cli.display import print_emulator
from notion_async.export import Manifest, export_workspace
from notion_async.testing import Emulator
from tests.cli.serving import emulated, variables, whole, with_a_gap
from tests.export.exported import manifest
from tests.testing.emulated import page


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    with emulated(*whole()) as emulator:
        for name, value in variables(emulator).items():
            monkeypatch.setenv(name, value)
        yield emulator


def code_of(*arguments: str) -> object:
    with pytest.raises(SystemExit) as raised:
        app.run(list(arguments))
    return raised.value.code


def test_a_whole_export_ends_with_zero(
    served: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of("export", "--out", str(tmp_path / "out")) == 0
    assert json.loads(capsys.readouterr().out) == manifest(tmp_path / "out")


def test_an_export_with_gaps_ends_with_three(served: Emulator, tmp_path: Path) -> None:
    served.load(with_a_gap())

    assert code_of("export", "--out", str(tmp_path / "out")) == 3


def test_me_ends_with_zero(served: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("me") == 0
    assert json.loads(capsys.readouterr().out)["name"] == "Exporter"


def test_an_error_of_the_library_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("me") == 1
    assert capsys.readouterr().err.startswith("notion-async: no token")


def test_an_unknown_option_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("me", "--nope") == 1
    assert "Unknown option" in capsys.readouterr().err


def test_a_failing_stream_ends_with_one(
    served: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    forgotten: list[bool] = []
    monkeypatch.setattr(app, "print_user", fail)
    monkeypatch.setattr(app, "_forget_stdout", lambda: forgotten.append(True))

    assert code_of("me") == 1
    assert capsys.readouterr().err == "notion-async: [Errno 32] Broken pipe\n"
    assert forgotten == [True]


def test_a_stdout_that_is_no_file_is_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr("sys.stdout", io.StringIO())

    app._forget_stdout()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_with_its_code(
    served: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: signal.Signals,
    code: int,
) -> None:
    monkeypatch.setattr(app, "print_user", lambda _: signal.raise_signal(number))
    before = signal.getsignal(signal.SIGTERM)

    assert code_of("me") == code
    assert capsys.readouterr().err == "notion-async: stopped\n"
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_emulator_ends_with_zero_when_it_is_stopped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def print_and_stop(base_url: str, token: str) -> None:
        print_emulator(base_url, token)
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(app, "print_emulator", print_and_stop)

    assert code_of("emulator") == 0
    assert json.loads(capsys.readouterr().out)["base_url"].startswith("http://127.0.0.1:")


def _seeded(seed: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notion_async.testing.seeds.demo.demo", seed)


def test_a_demo_says_what_its_budget_is_and_ends_with_zero(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _seeded(whole, monkeypatch)

    assert code_of("demo", "--out", str(tmp_path / "out")) == 0

    printed = capsys.readouterr()
    assert json.loads(printed.out)["counts"]["pages"] == 2
    assert "600 requests per second" in printed.err


def test_a_demo_that_does_not_find_everything_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hidden = page("home", properties={})
    _seeded(lambda: [hidden], monkeypatch)

    async def forget(*arguments: Any, **options: Any) -> Manifest:
        found = await export_workspace(*arguments, **options)
        found.counts["pages"] = 0
        return found

    monkeypatch.setattr(app, "export_workspace", forget)

    assert code_of("demo", "--out", str(tmp_path / "out")) == 1
    assert "the emulator {'pages': 1" in capsys.readouterr().err


# The entry point


def test_the_entry_point_runs_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[bool] = []
    monkeypatch.setattr(app, "run", lambda: ran.append(True))

    main()

    assert ran == [True]


@pytest.mark.parametrize("package", ["cyclopts", "rich.console"])
def test_the_entry_point_names_the_missing_extra(
    monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    _hide(package, monkeypatch)

    with pytest.raises(SystemExit, match=r"pip install 'notion-async\[cli\]'"):
        main()


def test_another_missing_module_is_not_blamed_on_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _hide("aiohttp", monkeypatch)

    with pytest.raises(ModuleNotFoundError, match="aiohttp"):
        main()


def _hide(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    really = builtins.__import__

    def importing(name: str, *arguments: object) -> object:
        if name == "notion_async.cli.app":
            raise ModuleNotFoundError(f"No module named {package!r}", name=package)
        return really(name, *arguments)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(builtins, "__import__", importing)
