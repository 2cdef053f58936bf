"""The small vocabulary every other module speaks: absent values, and JSON."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Final, Literal, TypeAlias, TypeVar


class Unset(enum.Enum):
    """The type of `UNSET`: an enum of one member, so that ``is UNSET`` narrows a type."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""Nothing was said about this value.  Not ``None``: Notion reads ``null`` as "clear it"."""

T = TypeVar("T")

Maybe: TypeAlias = T | Unset
"""A value that may be left out."""

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"
"""Any JSON value, as it is accepted."""

JSONObject: TypeAlias = dict[str, JSON]
"""A JSON object, as it is returned."""
