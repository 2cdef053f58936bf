"""The clients that are measured, each in a module of its own.

A module is imported in the process in which its client is measured, and in no other: what one
of them loads is no part of another one's memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias, TypeVar

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

TOKEN = "ntn_test_benchmark"  # noqa: S105 - opens nothing
VERSION = "2026-03-11"


class Client(Protocol[R_co]):
    """What a client does here."""

    async def each_row(self, data_source_id: str, use: Callable[[R_co], object]) -> None:
        """Page through a data source, 100 rows at a time, and hand each row to `use`."""
        ...

    async def retrieve(self, page_id: str) -> object:
        """Read a page, and return its id."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


Reads: TypeAlias = Mapping[str, Callable[[R], object]]
"""What may be read of a row, by name: each module's ``READS``."""


def untouched(_row: object) -> None:
    """Read nothing."""
