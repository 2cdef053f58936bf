"""What an export holds, and what it does not: ``manifest.json``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from notion_async.types import JSONObject

FORMAT: Final = "notion-async export"
"""What marks a folder as an export."""

KINDS: Final = ("pages", "rows", "blocks", "databases", "data_sources", "comments", "users")
"""What is counted.  Rows are the pages of data sources; `pages` counts all others."""


@attrs.frozen
class Gap:
    """Something that could be seen and is not in the export."""

    kind: str
    """What is missing: ``page``, ``blocks``, ``rows``, ``comments``, …"""
    id: str | None
    """Of what, or None for the workspace."""
    reason: str


@attrs.frozen
class Manifest:
    """How an export ended."""

    counts: dict[str, int]
    requests: int
    answers_429: int
    seconds: float
    gaps: Sequence[Gap]
    formats: Sequence[str]
    comments: str
    """Whose comments it holds: ``pages``, ``rows`` (theirs as well), ``blocks`` or ``none``."""
    workspace: str | None
    notion_version: str
    started: str
    interrupted: bool = False

    @property
    def complete(self) -> bool:
        """Whether everything is there that the token can see."""
        return not self.gaps and not self.interrupted

    def to_json(self) -> JSONObject:
        """Return what ``manifest.json`` holds."""
        return {
            "format": FORMAT,
            "complete": self.complete,
            "counts": dict(self.counts),
            "gaps": [attrs.asdict(gap) for gap in self.gaps],
            "requests": self.requests,
            "answers_429": self.answers_429,
            "seconds": round(self.seconds, 3),
            "formats": list(self.formats),
            "comments": self.comments,
            "workspace": self.workspace,
            "notion_version": self.notion_version,
            "started": self.started,
            "interrupted": self.interrupted,
        }
