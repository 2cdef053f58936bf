"""What a request must look like, and the words in which Notion says that it does not."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, TypeAlias

import msgspec

from notion_async.types import UNSET, Unset

Decoded: TypeAlias = dict[str, Any]
"""A JSON object in the emulator's hands.  What came from outside passes the checks below."""

_UUID: Final = re.compile(
    r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.IGNORECASE
)


class RefusalError(Exception):
    """A request that is answered with an error object.

    Attributes:
        retry_after: Whole seconds to wait, which become a header.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        additional_data: Mapping[str, str | Sequence[str]] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.additional_data = additional_data
        self.retry_after = retry_after


def invalid(message: str) -> RefusalError:
    """Return the error of a request that is wrong."""
    return RefusalError(400, "validation_error", message)


def failed(where: str, expectation: str, value: object) -> RefusalError:
    """Return the error of one wrong value; `where` is its path from ``body``, ``query``, …."""
    root = re.split(r"[.\[]", where, maxsplit=1)[0]
    shown = _shown(value)
    return invalid(
        f"{root} failed validation: {where} should be {expectation}, instead was `{shown}`."
    )


def not_offered(what: str) -> RefusalError:
    """Return the error for what Notion has and the emulator has not."""
    return invalid(f"The emulator does not offer {what} yet.")


def known_fields(
    value: Mapping[str, object],
    where: str,
    known: Collection[str],
    *,
    elsewhere: Collection[str] = (),
) -> None:
    """Refuse fields that are not `known`, and those that Notion knows but the emulator does not.

    Raises:
        RefusalError: There is one.
    """
    for name, given in value.items():
        if name in elsewhere:
            raise not_offered(f"{where}.{name}")
        if name not in known:
            raise failed(f"{where}.{name}", "not present", given)


def an_object(value: object, where: str) -> Decoded:
    """Return `value`, which must be an object."""
    if isinstance(value, dict):
        return value
    raise _wrong(value, where, "an object")


def an_array(value: object, where: str, *, most: int | None = None) -> list[Any]:
    """Return `value`, which must be an array of at most `most` elements."""
    if not isinstance(value, list):
        raise _wrong(value, where, "an array")
    if most is not None and len(value) > most:
        raise failed(f"{where}.length", f"≤ `{most}`", len(value))
    return value


def a_string(value: object, where: str, *, most: int | None = None) -> str:
    """Return `value`, which must be a string of at most `most` characters."""
    if not isinstance(value, str):
        raise _wrong(value, where, "a string")
    if most is not None and len(value) > most:
        raise failed(f"{where}.length", f"≤ `{most}`", len(value))
    return value


def a_boolean(value: object, where: str) -> bool:
    """Return `value`, which must be true or false."""
    if isinstance(value, bool):
        return value
    raise _wrong(value, where, "a boolean")


def a_number(value: object, where: str) -> int | float:
    """Return `value`, which must be a number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise _wrong(value, where, "a number")


def one_of(value: object, where: str, choices: Collection[str]) -> str:
    """Return `value`, which must be one of `choices`."""
    if isinstance(value, str) and value in choices:
        return value
    raise _wrong(value, where, " or ".join(f'`"{choice}"`' for choice in choices))


def single_field(value: object, where: str) -> tuple[str, Any]:
    """Return the name and value of an object that must have one field."""
    found = an_object(value, where)
    if len(found) != 1:
        raise failed(where, "an object with one field", value)
    return next(iter(found.items()))


def a_uuid(value: object, where: str) -> str:
    """Return `value`, which must be an id, as Notion writes it: lower case, with dashes."""
    if isinstance(value, str) and (found := dashed(value)) is not None:
        return found
    raise _wrong(value, where, "a valid uuid")


def dashed(text: str) -> str | None:
    """Return an id in Notion's own form, or None where `text` is no id."""
    if not _UUID.fullmatch(text):
        return None
    digits = text.replace("-", "").lower()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _wrong(value: object, where: str, expectation: str) -> RefusalError:
    return failed(where, "defined" if value is UNSET else expectation, value)


def _shown(value: object) -> str:
    if isinstance(value, Unset):
        return "undefined"
    return msgspec.json.encode(value).decode()
