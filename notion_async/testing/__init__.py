"""What programs that use Notion are tested with: an emulated Notion, and a manual clock."""

from __future__ import annotations

from notion_async.testing.clock import ManualClock
from notion_async.testing.commits import Commit
from notion_async.testing.emulator import Emulator, Entry
from notion_async.testing.faults import SAVED_BUT_LATE, Fault, FaultChoice, FaultRequest
from notion_async.testing.truth import Truth

__all__ = [
    "SAVED_BUT_LATE",
    "Commit",
    "Emulator",
    "Entry",
    "Fault",
    "FaultChoice",
    "FaultRequest",
    "ManualClock",
    "Truth",
]
