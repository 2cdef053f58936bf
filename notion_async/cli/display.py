"""What a person sees on the way and at the end; a program gets one line of JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from notion_async.converters import unstructure
from notion_async.export import Manifest, Progress
from notion_async.models import User

_GAPS_SHOWN = 10


class ExportDisplay:
    """The progress of an export, on stderr where that is a terminal."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._live = (
            Live(console=self._console, transient=True, refresh_per_second=8)
            if self._console.is_terminal
            else None
        )

    def show(self, progress: Progress) -> None:
        """Draw a moment of the export."""
        if self._live is not None:
            self._live.update(_drawn(progress))

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()


def _drawn(progress: Progress) -> Table:
    table = Table.grid(padding=(0, 2))
    for kind, count in progress.counts.items():
        table.add_row(Text(f"{count:>9,}", style="bold"), _words(kind))
    table.add_row(Text(f"{progress.requests:>9,}", style="cyan"), "requests")
    if progress.waiting >= 1:  # shorter waits are the pace itself
        table.add_row(
            Text(f"{progress.waiting:>8,.0f}s", style="yellow"), "waiting for the budget"
        )
    left = progress.time_left
    known = "?" if left is None else _duration(left)
    table.add_row(
        Text(f"{_duration(progress.elapsed):>9}"),
        f"passed, about {known} left for what is known so far",
    )
    return table


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _words(kind: str) -> str:
    return kind.replace("_", " ")


def _counted(count: int, kind: str) -> str:
    return f"{count:,} {_words(kind).removesuffix('s' if count == 1 else '')}"


def print_manifest(manifest: Manifest, out: Path) -> None:
    """Say how an export ended: in words to a person, in one line of JSON to a program."""
    if not sys.stdout.isatty():
        _line(manifest.to_json())
        return
    console = Console()
    counts = ", ".join(_counted(count, kind) for kind, count in manifest.counts.items())
    name = f" {manifest.workspace}" if manifest.workspace else ""
    console.print(f"Exported{name} to {out}: {counts}.", highlight=False, markup=False)
    console.print(
        f"{manifest.requests:,} requests in {_duration(manifest.seconds)}, "
        f"{manifest.answers_429} of them refused by the limit (429).",
        highlight=False,
    )
    console.print(f"complete: {str(manifest.complete).lower()}", style="bold", highlight=False)
    for gap in manifest.gaps[:_GAPS_SHOWN]:
        console.print(
            f"  missing: {' '.join(filter(None, (_words(gap.kind), gap.id)))}: {gap.reason}",
            highlight=False,
            markup=False,
        )
    if len(manifest.gaps) > _GAPS_SHOWN:
        more = len(manifest.gaps) - _GAPS_SHOWN
        console.print(f"  and {more:,} more, in manifest.json", highlight=False)


def print_user(user: User) -> None:
    """Show a user."""
    if not sys.stdout.isatty():
        _line(unstructure(user))
        return
    workspace = user.bot.workspace_name if user.bot else None
    where = f" in {workspace}" if workspace else ""
    print(f"{user.name or 'unnamed'} ({user.type}){where}, {user.id}")


def print_emulator(base_url: str, token: str) -> None:
    """Say where the emulator is, to programs that start it."""
    _line({"base_url": base_url, "token": token})


def _line(value: object) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()
