"""One export, from the first request to the manifest."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from notion_async.client import AsyncClient
from notion_async.errors import ConfigurationError, ExportError, NotionError
from notion_async.export.crawl import COMMENTS, Crawl, find_root, is_of_disk
from notion_async.export.folder import ExportFolder
from notion_async.export.index import Index
from notion_async.export.jsonl import JsonlSink
from notion_async.export.manifest import Gap, Manifest
from notion_async.export.markdown import MarkdownSink
from notion_async.export.progress import Progress, Tally
from notion_async.export.sink import Sink
from notion_async.ids import notion_id
from notion_async.models import User
from notion_async.transport.clock import SystemClock
from notion_async.transport.limiter import Priority

FORMATS: Final = ("jsonl", "markdown")


async def export_workspace(
    client: AsyncClient,
    out: str | os.PathLike[str],
    *,
    formats: Sequence[str] = FORMATS,
    roots: Sequence[str] = (),
    comments: str = "pages",
    on_progress: Callable[[Progress], None] | None = None,
) -> Manifest:
    """Export everything that the client's token can see.

    What cannot be read is named in the manifest's `gaps`; the rest is exported all the same.
    The folder changes at the end: until then an earlier export in it stays as it is.

    Args:
        client: What asks Notion.  Its budget is used behind other calls.
        out: A folder that is new, empty, or an earlier export.
        formats: ``jsonl``, ``markdown`` or both.
        roots: Ids or links of pages, databases and data sources: only these and what is below
            them; by default all.
        comments: Whose: ``none``, ``pages``, ``rows`` (pages and rows) or ``blocks`` (all), at a
            request for each.
        on_progress: Told how far it is, at most ten times a second.

    Returns:
        The manifest, which also stands in the folder.

    Raises:
        ConfigurationError: A format, root or choice that there is not.  Nothing was sent.
        ExportError: The folder cannot take it, or going on makes no sense.
        UnauthorizedError: The token is refused.
    """
    _check(formats, comments)
    ids = [notion_id(root) for root in roots]
    folder = ExportFolder(out)
    clock = SystemClock()
    tally = Tally(client, clock, on_progress)
    bulk = client.with_options(
        priority=Priority.BULK, deadline=None, hooks=(*client.hooks, tally.hook)
    )
    started = datetime.now(UTC)
    me = await bulk.users.me()
    found = [await find_root(bulk, id) for id in ids]

    def publish(*, interrupted: bool) -> Manifest:
        for sink in sinks:
            sink.finish(index)
            sink.close()
        index.delete()
        manifest = Manifest(
            counts=dict(tally.counts),
            requests=tally.requests,
            answers_429=tally.answers_429,
            seconds=tally.elapsed,
            gaps=(*crawl.gaps, *[gap for sink in sinks for gap in sink.gaps]),
            formats=[name for name in FORMATS if name in formats],
            comments=comments,
            workspace=_workspace(me),
            notion_version=client.notion_version,
            started=started.isoformat(timespec="seconds"),
            interrupted=interrupted,
        )
        folder.publish(manifest)
        return manifest

    try:
        with _naming_the_disk(folder), folder, ExitStack() as closing:
            index = Index(folder.staging / "index.db")
            closing.callback(index.delete)
            sinks: list[Sink] = []
            for sink in _new_sinks(folder.staging, bulk, formats):
                closing.callback(sink.close)
                sinks.append(sink)
            crawl = Crawl(bulk, index, sinks, tally, comments=comments)
            try:
                await crawl.run(found)
            except BaseException as error:
                if is_of_disk(error):
                    raise
                # Cancelled, or beyond hope: what is there is worth keeping, but not in the
                # place of something whole.
                if isinstance(error, NotionError):
                    crawl.gaps.append(Gap("workspace", None, str(error)))
                if not folder.holds_complete:
                    publish(interrupted=True)
                raise
            return publish(interrupted=False)
    finally:
        tally.tell()


@contextmanager
def _naming_the_disk(folder: ExportFolder) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if not is_of_disk(error):
            raise
        raise ExportError(
            f"cannot write to {folder.path} ({error}): make room and start again; what stood "
            "there before is untouched"
        ) from None


def _check(formats: Sequence[str], comments: str) -> None:
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise ConfigurationError(
            f"there is no format {', '.join(unknown) or 'given'}: choose from {', '.join(FORMATS)}"
        )
    if comments not in COMMENTS:
        raise ConfigurationError(
            f"comments are those of {', '.join(COMMENTS)}: there is no {comments!r}"
        )


def _new_sinks(folder: Path, client: AsyncClient, formats: Sequence[str]) -> Iterator[Sink]:
    if "jsonl" in formats:
        yield JsonlSink(folder)
    if "markdown" in formats:
        yield MarkdownSink(folder / "markdown", client)


def _workspace(me: User) -> str | None:
    return (me.bot.workspace_name or None) if me.bot else None
