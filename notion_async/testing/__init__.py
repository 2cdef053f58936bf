"""What programs that use Notion are tested with: an emulated Notion, and a manual clock."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notion_async.testing.authorizations import Authorization, PublicConnection
    from notion_async.testing.capabilities import Capabilities
    from notion_async.testing.clock import ManualClock
    from notion_async.testing.commits import Commit
    from notion_async.testing.connections import Connection
    from notion_async.testing.emulator import Emulator, Entry
    from notion_async.testing.fault_rules import FaultRule, FaultRules
    from notion_async.testing.faults import (
        BROKEN_OFF,
        EDGE_HTML,
        OVERLOADED,
        SAVED_AND_BROKEN_OFF,
        SAVED_BUT_LATE,
        TIMED_OUT,
        Fault,
        FaultChoice,
        FaultRequest,
        rate_limited,
    )
    from notion_async.testing.scripts import Pause, Step, Turn
    from notion_async.testing.truth import Truth

__all__ = [
    "BROKEN_OFF",
    "EDGE_HTML",
    "OVERLOADED",
    "SAVED_AND_BROKEN_OFF",
    "SAVED_BUT_LATE",
    "TIMED_OUT",
    "Authorization",
    "Capabilities",
    "Commit",
    "Connection",
    "Emulator",
    "Entry",
    "Fault",
    "FaultChoice",
    "FaultRequest",
    "FaultRule",
    "FaultRules",
    "ManualClock",
    "Pause",
    "PublicConnection",
    "Step",
    "Truth",
    "Turn",
    "rate_limited",
]

# Imported when they are first used: pytest loads the plugin into every test run.
_LATER = {
    "authorizations": (
        "Authorization",
        "PublicConnection",
    ),
    "capabilities": ("Capabilities",),
    "clock": ("ManualClock",),
    "commits": ("Commit",),
    "connections": ("Connection",),
    "emulator": (
        "Emulator",
        "Entry",
    ),
    "fault_rules": (
        "FaultRule",
        "FaultRules",
    ),
    "faults": (
        "BROKEN_OFF",
        "EDGE_HTML",
        "OVERLOADED",
        "SAVED_AND_BROKEN_OFF",
        "SAVED_BUT_LATE",
        "TIMED_OUT",
        "Fault",
        "FaultChoice",
        "FaultRequest",
        "rate_limited",
    ),
    "scripts": (
        "Pause",
        "Step",
        "Turn",
    ),
    "truth": ("Truth",),
}
_WHERE = {name: module for module, names in _LATER.items() for name in names}


if not TYPE_CHECKING:  # a type checker shall report a name that is not there

    def __getattr__(name: str) -> object:
        if name not in _WHERE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
