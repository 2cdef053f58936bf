"""The commands."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn

from cyclopts import App, CycloptsError, Parameter
from cyclopts.validators import Number

from notion_async.cli.display import ExportDisplay, print_emulator, print_manifest, print_user
from notion_async.client import AsyncClient
from notion_async.codegen import drift, find_data_source, row_class_source
from notion_async.errors import ConfigurationError, NotionError
from notion_async.export import FORMATS, Manifest, export_workspace
from notion_async.transport.limiter import TokenBucket
from notion_async.version import __version__

GAPS, DRIFTED, FAILED, INTERRUPTED, TERMINATED = 3, 4, 1, 130, 143

_BOTH = ",".join(FORMATS)

app = App(
    name="notion-async",
    help="Work with a Notion workspace. The token is read from NOTION_TOKEN.",
    version=__version__,
    suppress_keyboard_interrupt=False,  # `run` says that it was stopped
)

Formats = Annotated[
    str, Parameter(name="--format", help="jsonl, markdown, or both with a comma between")
]
Out = Annotated[Path, Parameter(help="a folder that is new, empty, or an earlier export")]
Comments = Annotated[
    str,
    Parameter(help="whose: none, pages, rows (theirs too) or blocks (all); a request for each"),
]


@app.command
async def export(
    *roots: Annotated[
        str, Parameter(help="only these pages, databases and data sources: ids or links")
    ],
    out: Out,
    format: Formats = _BOTH,
    comments: Comments = "pages",
) -> int:
    """Export everything the token can see. Ends with 0 if complete, 3 if there are gaps."""
    async with AsyncClient() as notion:
        with ExportDisplay() as display:
            manifest = await export_workspace(
                notion,
                out,
                formats=_split(format),
                roots=roots,
                comments=comments,
                on_progress=display.show,
            )
    return _ended(manifest, out)


@app.command
async def demo(*, out: Out, format: Formats = _BOTH) -> int:
    """Export a made-up workspace from an emulator in this process. Needs no token."""
    from notion_async.testing import Emulator  # noqa: PLC0415 - only this needs it

    print(
        "An emulator answers, with a budget of 600 requests per second. Notion's own is 180 or "
        "600 per minute.",
        file=sys.stderr,
    )
    async with Emulator(seed="demo", budget=600, per=1.0) as emulator:
        # The same clock on both sides: no margin is needed.
        limiter = TokenBucket(600, 1.0, margin=0.0)
        async with AsyncClient(
            emulator.token, base_url=emulator.base_url, limiter=limiter
        ) as notion:
            with ExportDisplay() as display:
                manifest = await export_workspace(
                    notion, out, formats=_split(format), on_progress=display.show
                )
        if manifest.counts != emulator.truth().counts:
            raise NotionError(
                f"the export holds {manifest.counts}, the emulator {emulator.truth().counts}"
            )
    return _ended(manifest, out)


@app.command
async def emulator(
    *,
    port: Annotated[
        int, Parameter(help="0 for any that is free", validator=Number(gte=0, lte=65535))
    ] = 0,
    seed: Annotated[
        Literal["demo"] | None, Parameter(help="nothing for an empty workspace")
    ] = None,
    budget: Annotated[int, Parameter(help="requests per minute", validator=Number(gte=1))] = 180,
) -> int:
    """Serve a Notion on this machine until it is stopped. Prints its address as JSON."""
    from notion_async.testing import Emulator  # noqa: PLC0415 - only this needs it

    async with Emulator(seed=seed, budget=budget, port=port) as served:
        with contextlib.suppress(asyncio.CancelledError):  # being stopped is how it ends
            print_emulator(served.base_url, served.token)
            await asyncio.Event().wait()
    return 0


@app.command
async def codegen(
    data_source: Annotated[str, Parameter(help="an id or a link, also of its database")],
    /,
    *,
    output: Annotated[
        Path | None, Parameter(name=["--output", "-o"], help="the module; without it, stdout")
    ] = None,
    name: Annotated[str | None, Parameter(help="of the class; after the data source")] = None,
    check: Annotated[
        bool, Parameter(negative="", help="write nothing: say how the module is out of date")
    ] = False,
) -> int:
    """Write a Python class for the rows of a data source. With --check, ends with 4 on drift."""
    if check and output is None:
        raise ConfigurationError("--check reads the module: name it with --output")
    async with AsyncClient() as notion:
        found = await find_data_source(notion, data_source)
    if check and output is not None:
        return _drifted(drift(found, output.read_text("utf-8", "replace")), output)
    source = row_class_source(found, name)
    if output is None:
        sys.stdout.write(source)
    else:
        output.write_text(source, "utf-8")
    return 0


@app.command
async def me() -> int:
    """Show whom the token belongs to."""
    async with AsyncClient() as notion:
        print_user(await notion.users.me())
    return 0


def run(arguments: list[str] | None = None) -> NoReturn:
    """Run a command and exit with its code."""
    received: list[int] = []

    def terminate(number: int, _frame: object) -> None:
        received.append(number)
        signal.raise_signal(signal.SIGINT)  # ends the same way: what was read is kept

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        code = app(arguments, exit_on_error=False, result_action="return_value")
    except CycloptsError:
        sys.exit(FAILED)  # cyclopts has said why
    except NotionError as error:
        print(f"notion-async: {error}", file=sys.stderr)
        sys.exit(FAILED)
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("notion-async: stopped", file=sys.stderr)
        sys.exit(TERMINATED if received else INTERRUPTED)
    except OSError as error:
        print(f"notion-async: {error}", file=sys.stderr)
        _forget_stdout()
        sys.exit(FAILED)
    finally:
        signal.signal(signal.SIGTERM, before)
    sys.exit(code if isinstance(code, int) else 0)


def _forget_stdout() -> None:
    """Let what nobody reads any more end nowhere, instead of failing again at the exit."""
    with contextlib.suppress(OSError, ValueError):  # it may be no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _split(formats: str) -> list[str]:
    return [name.strip() for name in formats.split(",") if name.strip()]


def _drifted(changes: list[str], module: Path) -> int:
    for change in changes:
        print(f"notion-async: {module} is out of date: {change}", file=sys.stderr)
    return DRIFTED if changes else 0


def _ended(manifest: Manifest, out: Path) -> int:
    print_manifest(manifest, out)
    return 0 if manifest.complete else GAPS
