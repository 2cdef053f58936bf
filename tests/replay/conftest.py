"""Every answer of the emulator is held to what Notion publishes."""

from tests.replay.watching import answers_as_published, loads_oddities

__all__ = ["answers_as_published", "loads_oddities"]
