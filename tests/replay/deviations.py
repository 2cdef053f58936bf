"""What the emulator answers in another way than Notion does, and why it stays so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

REASONS: Final[Mapping[tuple[str, int], str]] = {}
"""Recorded exchanges, by sequence and number.  One sentence each."""

UNPUBLISHED: Final[Mapping[tuple[str, str], str]] = {
    ("agents.query", "version: is not published"): (
        "An agent has a field more than a query tells of."
    ),
    ("agents.query", "created_by.object: is not published"): (
        "An author that was loaded as a user is shown as one."
    ),
    ("agents.query", "agent: is not published"): (
        "The list has the empty object that other lists have."
    ),
    ("blocks.meeting_notes.create", "parent: is not published"): (
        "Every other block has a parent, and nobody has seen what Notion answers here."
    ),
    ("blocks.meeting_notes.query", "parent: is not published"): (
        "Every other block has a parent, and nobody has seen what Notion answers here."
    ),
    ("oauth.token", "owner.user.person: email is not there"): (
        "A connection that may not see addresses is told of the owner without one."
    ),
    ("sessions.update", "event.sequence: is not published"): (
        "What was taken from an earlier session keeps its number while it is written."
    ),
}
"""Answers of a shape that is not published, by endpoint and words of what is wrong with them.
One sentence each."""
