"""The commands as a person or a script runs them: processes, streams, signals and exit codes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from notion_async.testing import Emulator
from tests.cli.serving import emulated, variables, whole, with_a_gap
from tests.export.exported import ids, manifest
from tests.front import Asked, Reply, workspace_of
from tests.processes import environment, run, start
from tests.testing.emulated import page, uid

COMMAND = ("-m", "notion_async")


@pytest.fixture(scope="module")
def served() -> Iterator[Emulator]:
    with emulated(*whole()) as emulator:
        yield emulator


# What is asked for


@pytest.mark.parametrize("command", ["", "export", "demo", "emulator", "me"])
def test_every_command_explains_itself(command: str) -> None:
    done = run(*COMMAND, *command.split(), "--help")

    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage: notion-async" in done.stdout
    assert len(done.stdout) > 50


def test_the_version_is_told() -> None:
    from notion_async.version import __version__

    assert run(*COMMAND, "--version").stdout.strip() == __version__


def test_me_is_one_line_of_json(served: Emulator) -> None:
    done = run(*COMMAND, "me", **variables(served))

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["bot"]["workspace_name"] == "Acme"
    assert done.stdout.count("\n") == 1


def test_an_export_ends_with_its_manifest_as_one_line_of_json(
    served: Emulator, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    done = run(*COMMAND, "export", "--out", str(out), **variables(served))

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == manifest(out)
    assert done.stdout.count("\n") == 1
    assert len(ids(out, "pages")) == 2


def test_an_export_takes_roots_formats_and_comments(served: Emulator, tmp_path: Path) -> None:
    out = tmp_path / "out"

    done = run(
        *(*COMMAND, "export", uid("inner"), f"https://www.notion.so/Inner-{uid('inner')}"),
        *("--out", str(out), "--format", "jsonl", "--comments", "none"),
        **variables(served),
    )

    assert done.returncode == 0, done.stderr
    assert ids(out, "pages") == [uid("inner")]
    assert (manifest(out)["formats"], manifest(out)["comments"]) == (["jsonl"], "none")


def test_an_export_with_gaps_ends_with_three(tmp_path: Path) -> None:
    with emulated(*with_a_gap()) as emulator:
        done = run(*COMMAND, "export", "--out", str(tmp_path / "out"), **variables(emulator))

    assert done.returncode == 3
    assert json.loads(done.stdout)["complete"] is False
    assert [gap["kind"] for gap in json.loads(done.stdout)["gaps"]] == ["data_source"]


# What goes wrong


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (["export"], {"NOTION_TOKEN": ""}, "set NOTION_TOKEN"),
        (["me"], {"NOTION_TOKEN": ""}, "set NOTION_TOKEN"),
        (["me"], {"NOTION_TOKEN": "ntn_wrong"}, "API token is invalid"),
        (["export"], {"NOTION_TOKEN": "ntn_wrong"}, "API token is invalid"),
        (["export"], {"NOTION_BASE_URL": "http://api.notion.com"}, "in the clear: use https"),
        (["export", "no-id"], {}, "'no-id' is not a Notion id"),
        (["export", uid("nowhere")], {}, "add the connection to it in Notion"),
        (["export", "--format", "csv"], {}, "there is no format csv: choose from jsonl"),
        (["export", "--format", ","], {}, "choose from jsonl, markdown"),
        (["export", "--comments", "all"], {}, "there is no 'all'"),
        (["demo", "--format", "csv"], {}, "there is no format csv"),
    ],
)
def test_what_cannot_work_is_one_sentence(
    served: Emulator, tmp_path: Path, arguments: list[str], given: dict[str, str], said: str
) -> None:
    out = [] if arguments == ["me"] else ["--out", str(tmp_path / "out")]

    done = run(*COMMAND, *arguments, *out, **{**variables(served), **given})

    assert (done.returncode, done.stdout) == (1, "")
    *announced, sentence = done.stderr.splitlines()
    assert sentence.startswith("notion-async: ")
    assert said in sentence
    assert len(announced) == (arguments[0] == "demo")
    assert "ntn_" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_else_is_one_sentence(served: Emulator, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    done = run(*COMMAND, "export", "--out", str(tmp_path), **variables(served))

    assert (done.returncode, done.stdout) == (1, "")
    assert "name a folder that is new, empty, or an earlier export" in done.stderr
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "--nope"], "Unknown option"),
        (["nope"], "nope"),
        (["export"], "--out"),
        (["emulator", "--port", "70000"], "65535"),
        (["emulator", "--port", "x"], "--port"),
        (["emulator", "--seed", "x"], "demo"),
        (["emulator", "--budget", "0"], "--budget"),
    ],
)
def test_what_the_command_line_does_not_know_is_told_on_stderr(
    arguments: list[str], said: str
) -> None:
    done = run(*COMMAND, *arguments)

    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("package", ["cyclopts", "rich"])
def test_a_missing_extra_is_named(package: str) -> None:
    script = f"""
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == {package!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
from notion_async.__main__ import main
main()
"""
    done = run("-c", script)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "notion-async: the command line needs more packages: pip install 'notion-async[cli]'\n"
    )


def test_a_closed_stdout_makes_no_noise(served: Emulator, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with (
        os.fdopen(writing, "wb") as closed,
        start(
            *(*COMMAND, "export", "--out", str(tmp_path / "out")),
            stdout=closed,
            **variables(served),
        ) as process,
    ):
        _, said = process.communicate(timeout=30)

    assert process.returncode == 1
    assert said == b"notion-async: [Errno 32] Broken pipe\n"
    assert manifest(tmp_path / "out")["complete"] is True


def test_a_full_stdout_is_told(served: Emulator) -> None:
    with (
        Path("/dev/full").open("wb") as full,
        start(*COMMAND, "me", stdout=full, **variables(served)) as process,
    ):
        _, said = process.communicate(timeout=30)

    assert process.returncode == 1
    assert said == b"notion-async: [Errno 28] No space left on device\n"


# Signals


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["INT", "TERM"]
)
async def test_a_stopped_export_ends_soon_and_keeps_what_it_has(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    arrived = asyncio.Event()

    async def hold(asked: Asked) -> Reply | None:
        if asked.path.startswith("/v1/comments"):
            arrived.set()
            await asyncio.Event().wait()
        return None

    async with workspace_of(page("home"), intervene=hold) as notion:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *(*COMMAND, "export", "--out", str(tmp_path / "out")),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(NOTION_TOKEN=notion.emulator.token, NOTION_BASE_URL=notion.base_url),
        )
        async with asyncio.timeout(20):
            await arrived.wait()
        process.send_signal(number)
        async with asyncio.timeout(5):
            printed, said = await process.communicate()

    assert (process.returncode, printed, said) == (code, b"", b"notion-async: stopped\n")
    found = manifest(tmp_path / "out")
    assert (found["complete"], found["interrupted"]) == (False, True)
    assert ids(tmp_path / "out", "pages") == [uid("home")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_emulator_says_where_it_is_and_serves_until_it_is_stopped(
    number: signal.Signals,
) -> None:
    with start(*COMMAND, "emulator") as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        me = run(*COMMAND, "me", NOTION_TOKEN=said["token"], NOTION_BASE_URL=said["base_url"])
        process.send_signal(number)
        printed, noise = process.communicate(timeout=10)

    assert said.keys() == {"base_url", "token"}
    assert me.returncode == 0, me.stderr
    assert (process.returncode, printed, noise) == (0, b"", b"")


def test_a_port_that_is_taken_is_one_sentence(served: Emulator) -> None:
    done = run(*COMMAND, "emulator", "--port", served.base_url.rpartition(":")[2])

    assert (done.returncode, done.stdout) == (1, "")
    assert "address already in use" in done.stderr
    assert done.stderr.count("\n") == 1


# Terminals


def on_a_terminal(*arguments: str, stream: str, **given: str) -> tuple[int, str, str]:
    """Run with one stream on a terminal; return the code, its text, and the other's."""
    terminal, end = pty.openpty()
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, *COMMAND, *arguments],
        stdout=end if stream == "stdout" else subprocess.PIPE,
        stderr=end if stream == "stderr" else subprocess.PIPE,
        env=environment(TERM="xterm-256color", COLUMNS="100", LINES="40", **given),
    ) as process:
        os.close(end)
        drawn = b""
        with contextlib.suppress(OSError):  # the terminal ends so
            while piece := os.read(terminal, 65_536):
                drawn += piece
        os.close(terminal)
        other = process.stderr if stream == "stdout" else process.stdout
        assert other is not None
        rest = other.read()
    return process.returncode, drawn.decode(), rest.decode()


def test_progress_is_drawn_on_a_terminal_and_cleaned_up(served: Emulator, tmp_path: Path) -> None:
    code, drawn, printed = on_a_terminal(
        *("export", "--out", str(tmp_path / "out")), stream="stderr", **variables(served)
    )

    assert code == 0
    assert json.loads(printed)["complete"] is True
    for words in ("pages", "data sources", "requests", "left for what is known so far"):
        assert words in drawn
    assert "\x1b[?25l" in drawn  # the cursor is hidden
    assert drawn.rindex("\x1b[?25h") > drawn.rindex("\x1b[?25l")  # and comes back
    lines_of_last_drawing = drawn.rpartition("\x1b[?25h")[0].rpartition("pages")[2].count("\n")
    assert drawn.rpartition("\x1b[?25h")[2].count("\x1b[2K") >= lines_of_last_drawing


def test_a_person_is_told_in_words_how_it_ended(served: Emulator, tmp_path: Path) -> None:
    code, told, noise = on_a_terminal(
        *("export", "--out", str(tmp_path / "out")), stream="stdout", **variables(served)
    )

    assert (code, noise) == (0, "")
    text = " ".join(told.split())
    assert "Exported Acme to" in text
    assert "2 pages, 0 rows, 1 block," in text
    assert "0 of them refused by the limit (429)" in text
    assert "complete: true" in text
    assert "{" not in text


def test_a_person_is_told_what_is_missing(tmp_path: Path) -> None:
    with emulated(*with_a_gap()) as emulator:
        code, told, _ = on_a_terminal(
            *("export", "--out", str(tmp_path / "out")), stream="stdout", **variables(emulator)
        )

    assert code == 3
    text = " ".join(told.split())
    assert "complete: false" in text
    assert f"missing: data source {uid('a source that is not shared')}: object_not_found" in text


def test_a_person_is_told_in_words_who_they_are(served: Emulator) -> None:
    _, told, _ = on_a_terminal("me", stream="stdout", **variables(served))

    assert told == f"Exporter (bot) in Acme, {uid('bot')}\r\n"
