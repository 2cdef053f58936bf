"""What programs that use Notion are tested with: an emulated Notion, and a manual clock."""

from __future__ import annotations

from notion_async.testing.clock import ManualClock
from notion_async.testing.emulator import Emulator, Entry
from notion_async.testing.truth import Truth

__all__ = ["Emulator", "Entry", "ManualClock", "Truth"]
