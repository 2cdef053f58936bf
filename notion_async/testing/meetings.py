"""Notes of meetings that are being written: a recording is transcribed, then summed up.

Notion: https://developers.notion.com/reference/create-meeting-note
"""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from notion_async.testing.checks import Decoded
from notion_async.testing.connections import Connection
from notion_async.testing.records import Record
from notion_async.testing.rich_text import rich_text
from notion_async.testing.store import Store
from notion_async.testing.writing import Draft, insert


@attrs.define
class _Work:
    """Notes that are not ready.

    Attributes:
        block: Their id.
        name: What the recording is called.
        due: When the next part is there.
        is_summed_up: Whether a summary is wanted.
        caller: Who has asked for them.
        status: What they are now.
    """

    block: str
    name: str
    due: datetime
    is_summed_up: bool
    caller: Connection | None
    status: str = "transcription_in_progress"


class Meetings:
    """What the store keeps of notes that are being written.

    Attributes:
        transcribing: Seconds that a transcription takes, by the emulator's time of day.  Notion
            takes minutes.
        summing_up: Seconds that a summary takes after that.
        work: The notes that are not ready.
    """

    def __init__(self) -> None:
        self.transcribing = 2.0
        self.summing_up = 2.0
        self.work: list[_Work] = []


def begin(
    store: Store,
    parent: str,
    title: list[Decoded],
    name: str,
    *,
    is_summed_up: bool,
    at: int | None,
) -> Record:
    """Make notes of a recording, and begin to write them.

    Args:
        store: Where they go.
        parent: The page or block they stand below.
        title: Rich text.
        name: What the recording is called.
        is_summed_up: Whether a summary is wanted.
        at: Their place there; None for the end.
    """
    content = {"title": title, "status": "transcription_in_progress"}
    [block] = insert(store, parent, [Draft("meeting_notes", content, ())], at=at)
    meetings = store.part(Meetings)
    due = store.wall() + timedelta(seconds=meetings.transcribing)
    meetings.work.append(_Work(block.id, name, due, is_summed_up, store.caller))
    return _with_part(store, block, "notes", "")


def settle(store: Store) -> None:
    """Write what is due by now."""
    meetings, now = store.part(Meetings), store.wall()
    for work in list(meetings.work):
        while work.status != "notes_ready" and now >= work.due:
            with store.acting_for(work.caller):
                _go_on(store, work)
        if work.status == "notes_ready":
            meetings.work.remove(work)


def _go_on(store: Store, work: _Work) -> None:
    is_transcribed = work.status == "transcription_in_progress"
    work.status = "notes_ready"
    if is_transcribed and work.is_summed_up:
        work.status = "summary_in_progress"
        work.due += timedelta(seconds=store.part(Meetings).summing_up)
    block = store.get("block", work.block)
    if block is None:
        return
    part = "transcript" if is_transcribed else "summary"
    # Nothing is listened to: the words are made up.
    block = _with_part(store, block, part, f"The {part} of {work.name}, made up by the emulator.")
    content = {**block.decoded()["meeting_notes"], "status": work.status}
    store.change(block, meeting_notes=content, **store.stamp())


def _with_part(store: Store, block: Record, name: str, words: str) -> Record:
    """Return the notes with one more part: a block, and below it what is written there."""
    text = [{"type": "text", "text": {"content": words}}] if words else []
    content = {"icon": None, "color": "default"}
    inner = Draft("paragraph", {"rich_text": rich_text(store, text, "body"), **content}, ())
    [part] = insert(store, block.id, [Draft("paragraph", {"rich_text": [], **content}, [inner])])
    notes = block.decoded()["meeting_notes"]
    children = {**notes.get("children", {}), f"{name}_block_id": part.id}
    return store.change(block, meeting_notes={**notes, "children": children}, has_children=True)
