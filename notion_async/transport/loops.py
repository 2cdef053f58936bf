"""Several event loops, each in its thread, that share something."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable


def call_in(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    """Call something in an event loop: at once where it is the running one, else soon."""
    try:
        here = asyncio.get_running_loop() is loop
    except RuntimeError:  # none is running in this thread
        here = False
    if here:
        callback()
    else:
        with contextlib.suppress(RuntimeError):  # it was closed, and with it went who waited
            loop.call_soon_threadsafe(callback)
