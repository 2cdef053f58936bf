"""Prints how far the emulator agrees with what was recorded: ``python -m tests.replay``."""

from __future__ import annotations

import asyncio
import sys

from tests.conftest import SHARED
from tests.replay.deviations import REASONS
from tests.replay.recordings import sequences
from tests.replay.replaying import replay_all, table

if not SHARED.is_dir():
    sys.exit("there is no folder of recordings beside the project")
sys.stdout.write(table(asyncio.run(replay_all(sequences(SHARED))), REASONS) + "\n")
