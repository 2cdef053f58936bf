"""Rows that are known by a value of their own, and so are not created twice."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from typing import Final, Self

import attrs
import msgspec

from notion_async import endpoints
from notion_async.converters import request_json
from notion_async.errors import ConfigurationError, InvalidResponseError, NotUniqueError
from notion_async.ids import notion_id
from notion_async.resources._looking import Looking
from notion_async.resources._matching import plain_text, property_named
from notion_async.transport.message import Response

_TEXTS: Final = ("title", "rich_text")
_WORDS: Final = ("url", "email", "phone_number")
_SHOWN: Final = 25
"""How many runs of a text a page shows."""
# Seconds between two looks, doubled each time, and how long it is looked.
_FIRST_PAUSE: Final = 0.5
_LONGEST: Final = 30.0


@attrs.frozen
class Unique:
    """The property whose value no two rows of a data source have, and that value."""

    data_source_id: str
    name: str
    kind: str
    value: str | float
    assume_absent_after: float | None

    @classmethod
    def of(
        cls, name: str, parent: object, properties: object, assume_absent_after: float | None
    ) -> Self:
        """Return what tells the row that is to be created.

        Args:
            name: The name or id of the property, as in `properties`.
            parent: As it is sent.
            properties: As they are sent.
            assume_absent_after: Seconds after which a row that is not found was not created.

        Raises:
            ConfigurationError: It is no row, or has no value there that it can be found by.
        """
        if assume_absent_after is not None and not assume_absent_after >= 0:
            raise ConfigurationError("assume_absent_after is a number of seconds: 0 or more")
        place = request_json(parent) if isinstance(parent, Mapping) else None
        source = place.get("data_source_id") if isinstance(place, Mapping) else None
        if not isinstance(source, str):
            raise ConfigurationError(
                "unique_property is for rows: give a parent with a data_source_id"
            )
        given = properties.get(name) if isinstance(properties, Mapping) else None
        kind, value = _value(request_json(given) if isinstance(given, Mapping) else None)
        if value is None:
            raise ConfigurationError(
                f"unique_property {name!r} needs a value among the properties, with its type: a "
                "number, or a title, rich_text, url, email or phone_number that is not empty"
            )
        return cls(notion_id(source), name, kind, value, assume_absent_after)

    async def row(self, looking: Looking, *, query: str) -> Response | None:
        """Return the row, as it would be answered; None where it is not found.

        Args:
            looking: What looks.
            query: Which of its properties are to be answered, as it is sent.

        Raises:
            NotUniqueError: There are several.
        """
        found: dict[str, tuple[msgspec.Raw, Response]] = {}
        pages = looking.pages(
            endpoints.DATA_SOURCES_QUERY,
            {"data_source_id": self.data_source_id},
            body={"filter": {"property": self.name, self.kind: {"equals": self.value}}},
        )
        async with aclosing(pages):
            async for page in pages:
                for text in page.data.results:
                    row = _row(text)
                    if self._is_in(row):
                        found[str(row.get("id"))] = text, page.response
        if len(found) > 1:
            raise NotUniqueError(
                f"{len(found)} rows have this value of {self.name!r}, which was to be of one row",
                ids=tuple(found),
            )
        for identity, (text, answer) in found.items():
            if not query:
                return Response(200, answer.headers, bytes(text))
            ids = {"page_id": identity}
            return (await looking.retrieve(endpoints.PAGES_RETRIEVE, ids, query=query)).response
        return None

    async def awaited(self, looking: Looking, *, query: str) -> tuple[Response | None, bool]:
        """Return the row once it is found, and whether it may be created again where it is not.

        Args:
            looking: What looks.
            query: As for `row`.

        Raises:
            NotUniqueError: There are several.
        """
        longest = _LONGEST if self.assume_absent_after is None else self.assume_absent_after
        waited, pause = 0.0, _FIRST_PAUSE
        while True:
            pause = min(pause, longest - waited)
            await looking.wait(pause)
            row = await self.row(looking, query=query)
            if row is not None:
                return row, False
            waited += pause
            if waited >= longest:
                return None, self.assume_absent_after is not None
            pause *= 2

    def _is_in(self, row: Mapping[str, object]) -> bool:
        """Tell whether a row has the value: a query of texts may not look so closely."""
        if self.kind not in _TEXTS:
            return True
        values = row.get("properties")
        shown = property_named(values, self.name) if isinstance(values, Mapping) else None
        runs = shown.get(self.kind) if shown is not None else None
        text = plain_text(runs)
        if text is None or not isinstance(runs, list):
            return False
        cut = len(runs) >= _SHOWN and str(self.value).startswith(text)
        return cut or text == self.value


def _row(text: msgspec.Raw) -> dict[str, object]:
    try:
        return msgspec.json.decode(text, type=dict[str, object])
    except msgspec.ValidationError as error:
        wrong = str(error)
    raise InvalidResponseError(f"a row is not as it should be: {wrong}", status=200)


def _value(given: object) -> tuple[str, str | float | None]:
    """Return the type of a value and what it is; None where a row cannot be known by it."""
    if not isinstance(given, Mapping):
        return "", None
    for kind in _TEXTS:
        if kind in given:
            return kind, plain_text(given[kind]) or None
    for kind in _WORDS:
        if isinstance(given.get(kind), str):
            return kind, given[kind] or None
    number = given.get("number")
    if isinstance(number, (int, float)) and not isinstance(number, bool):
        return "number", number
    return "", None
