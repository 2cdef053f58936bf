"""What a person sees, piece by piece."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from notion_async.cli import display
from notion_async.cli.display import ExportDisplay, print_manifest, print_user
from notion_async.export import Gap, Manifest, Progress
from notion_async.models import User


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")


MANIFEST = Manifest(
    counts={"pages": 1, "data_sources": 1_200, "rows": 0},
    requests=12_345,
    answers_429=2,
    seconds=3_725.0,
    gaps=(),
    formats=("jsonl",),
    comments="none",
    workspace=None,
    notion_version="2026-03-11",
    started="2026-05-17T10:42:31+00:00",
)
PROGRESS = Progress(
    counts={"pages": 12_345, "rows": 0, "data_sources": 1},
    requests=100,
    answers_429=0,
    elapsed=61.0,
    queued=200,
    waiting=0.0,
)


def shown(progress: Progress, stream: io.StringIO | None = None) -> str:
    stream = stream or Terminal()
    with contextlib.redirect_stderr(stream), ExportDisplay() as drawing:
        drawing.show(progress)
    return stream.getvalue()


def told(tell: Callable[[], None]) -> str:
    with contextlib.redirect_stdout(Terminal()) as terminal:
        tell()
    return str(terminal.getvalue())


def test_counts_times_and_requests_are_drawn() -> None:
    drawn = shown(PROGRESS)

    assert "12,345" in drawn
    assert "data sources" in drawn
    assert "requests" in drawn
    assert "1:01" in drawn
    assert "about 2:02 left for what is known so far" in drawn
    assert "waiting" not in drawn


def test_waiting_for_the_budget_is_drawn() -> None:
    drawn = shown(attrs.evolve(PROGRESS, waiting=41.6))

    assert "42s" in drawn
    assert "waiting for the budget" in drawn


def test_what_is_not_known_is_not_foretold() -> None:
    assert "about ? left" in shown(attrs.evolve(PROGRESS, counts={"pages": 0, "rows": 0}))


def test_nothing_is_drawn_where_there_is_no_terminal() -> None:
    assert shown(PROGRESS, io.StringIO()) == ""


def test_an_end_is_told_in_words() -> None:
    assert told(lambda: print_manifest(MANIFEST, Path("out"))).splitlines() == [
        "Exported to out: 1 page, 1,200 data sources, 0 rows.",
        "12,345 requests in 1:02:05, 2 of them refused by the limit (429).",
        "\x1b[1mcomplete: true\x1b[0m",
    ]


def test_the_first_gaps_are_told_and_the_others_counted() -> None:
    gaps = [Gap("comments", None, "[bold]no[/bold]")]
    gaps += [Gap("data_source", f"id {number}", "gone") for number in range(1_500)]

    manifest = attrs.evolve(MANIFEST, gaps=gaps, workspace="Acme")

    text = told(lambda: print_manifest(manifest, Path("[out]")))

    first, _, complete, *missing = text.splitlines()
    assert first.startswith("Exported Acme to [out]: ")
    assert "complete: false" in complete
    assert missing[0] == "  missing: comments: [bold]no[/bold]"
    assert missing[1] == "  missing: data source id 0: gone"
    assert len(missing) == 11
    assert missing[-1] == "  and 1,491 more, in manifest.json"


def test_someone_without_a_name_or_workspace_is_told() -> None:
    user = User.from_json(b'{"object":"user","id":"x","type":"person","person":{}}')

    assert told(lambda: print_user(user)) == "unnamed (person), x\n"


def test_durations_are_hours_minutes_and_seconds() -> None:
    assert [display._duration(seconds) for seconds in (0, 59.6, 3_599, 86_400)] == [
        "0:00",
        "1:00",
        "59:59",
        "24:00:00",
    ]
