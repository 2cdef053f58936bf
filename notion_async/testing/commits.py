"""What was written: one record for each write that was carried out."""

from __future__ import annotations

import re
from typing import Final

import attrs

_TAG: Final = re.compile(rb"tag-[0-9A-Za-z]+(?:[-.][0-9A-Za-z]+)*")


@attrs.frozen
class Commit:
    """One write, carried out; whether its answer arrived is another matter.

    Attributes:
        number: Which one it is, from 0, in the order in which they took effect.
        endpoint: The endpoint's name, as ``pages.create``.
        target: The id in the path; empty where there is none.
        made: The ids of the objects it made, in order: a page before the blocks in it.
        changed: The ids of the objects it changed or deleted, and of what holds them.
        request_id: The id that its answer carried, or would have.
        body: What was sent, as it came.
        connection: The name of who sent it.
    """

    number: int
    endpoint: str
    target: str
    made: tuple[str, ...]
    changed: tuple[str, ...]
    request_id: str
    body: bytes = attrs.field(repr=False)
    connection: str = ""

    @property
    def tag(self) -> str | None:
        """The first word like ``tag-…`` in what was sent, by which a test finds it again."""
        found = _TAG.search(self.body)
        return None if found is None else found[0].decode()
