"""JSON to objects and back: the one cattrs converter, and the two functions over it.

Models decode themselves, in C, when they are touched (`notion_async.models`); the converter's
hooks hand over to that.  What is built on attrs elsewhere can register hooks of its own.
"""

from __future__ import annotations

import re
from codecs import utf_8_decode
from collections.abc import Mapping
from typing import Final, TypeVar, cast, overload

import cattrs
import msgspec

from notion_async.errors import ConfigurationError
from notion_async.models._model import Model, ModelMap, Unsupported, to_bytes, to_json, to_request
from notion_async.models.objects import AnyObject, ObjectList, structure_answer
from notion_async.types import JSON, JSONObject

M = TypeVar("M", bound=Model)

converter = cattrs.Converter()
"""Turns JSON into the classes of `notion_async.models` and back."""

converter.register_structure_hook_func(
    lambda cls: isinstance(cls, type) and issubclass(cls, Model),
    lambda data, cls: cls.from_json(_text(data)),
)
for _cls in (Model, ModelMap, Unsupported):
    converter.register_unstructure_hook(_cls, to_json)


@overload
def structure(data: bytes | str | Mapping[str, JSON]) -> AnyObject | ObjectList[AnyObject]: ...
@overload
def structure(data: bytes | str | Mapping[str, JSON], cls: type[M]) -> M: ...
def structure(
    data: bytes | str | Mapping[str, JSON], cls: type[M] | None = None
) -> AnyObject | ObjectList[AnyObject] | M:
    """Turn a Notion object into its typed object.

    Args:
        data: JSON text, or a mapping of JSON values.
        cls: The class to make; by default what the object's ``object`` and ``type`` say.
            What this version does not know becomes `Unsupported`.

    Raises:
        ConfigurationError: `data` is no JSON object.
    """
    if cls is not None:
        return converter.structure(data, cls)
    return structure_answer(_text(data))


def unstructure(value: Model | Unsupported) -> JSONObject:
    """Return the JSON of an object: what Notion sent, whether or not this version knows it."""
    return cast("JSONObject", converter.unstructure(value))


_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
# An escape of JSON: a whole pair of surrogates, (a half of one), or anything else.
_ESCAPE: Final = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


_PIECE: Final = 8 * 1024


def check_text(text: bytes) -> None:
    """Look whether these bytes are UTF-8.

    Raises:
        UnicodeDecodeError: They are not.
    """
    if text.isascii():
        return
    # In small pieces, which reuse memory that is at hand: all at once takes half as long again.
    pieces, start, end = memoryview(text), 0, len(text)
    while start < end:
        piece = pieces[start : start + _PIECE]
        start += utf_8_decode(piece, "strict", start + _PIECE >= end)[1]


def whole_characters(text: bytes) -> bytes:
    """Return JSON text in which half a character, as of an emoji that was cut, is U+FFFD.

    JavaScript sends such halves; they stand for nothing, and no decoder takes them.
    """
    # From quick to slow: most texts have no escape at all, and fewer an escape of a surrogate.
    if b"\\" not in text or not _SURROGATE.search(text):
        return text
    return _ESCAPE.sub(lambda found: rb"\ufffd" if found[1] else found[0], text)


def json_text(value: Model) -> bytes:
    """Return the JSON text of an object, as Notion sent it."""
    return to_bytes(value)


def request_json(value: object) -> JSON:
    """Return `value` as Notion accepts it in a request: without what only Notion sets.

    Raises:
        ConfigurationError: There is something in it that is neither JSON nor an object.
    """
    try:
        return to_request(value)
    except TypeError as error:
        raise ConfigurationError(f"cannot be sent to Notion: {error}") from None


def _text(data: bytes | str | Mapping[str, JSON]) -> bytes:
    try:
        if isinstance(data, Mapping):
            return msgspec.json.encode(data, enc_hook=to_json)  # other mappings than dict, too
        text = whole_characters(data.encode() if isinstance(data, str) else bytes(data))
        if not isinstance(msgspec.json.decode(text), dict):
            raise ConfigurationError("a Notion object is a JSON object, not a list or a number")
    except ConfigurationError:
        raise
    except (msgspec.DecodeError, TypeError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"no JSON: {error}") from None
    return text
