"""The properties of a data source, as filters, sorts and writes look them up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

import attrs
import msgspec

from notion_async.testing.checks import Decoded, RefusalError, invalid
from notion_async.testing.records import Record
from notion_async.testing.store import Store

TITLE_ONLY: Final[Decoded] = {"title": {"id": "title", "name": "title", "type": "title"}}
"""The schema of a page that is in no data source."""


@attrs.frozen
class Property:
    """One property of a schema."""

    name: str
    id: str
    type: str
    definition: Mapping[str, Any]
    source: str = ""
    """The id of the data source; empty where it is not known."""

    def of(self, page: Record) -> Any:
        """Return the value of this property of a page, None where there is none."""
        raw = page.properties().get(self.name)
        return None if raw is None else msgspec.json.decode(raw).get(self.type)

    def options(self) -> list[Decoded]:
        """Return the options of a select, multi_select or status."""
        found: list[Decoded] = self.definition.get(self.type, {}).get("options", [])
        return found


class Schema:
    """Properties by name and by id.

    Args:
        definitions: The properties by name, as a data source shows them.
        source: The id of the data source.
    """

    def __init__(self, definitions: Mapping[str, Any], source: str = "") -> None:
        self.properties = {
            name: Property(
                name, str(given.get("id", "")), str(given.get("type", "")), given, source
            )
            for name, given in definitions.items()
        }

    def get(self, reference: str) -> Property | None:
        """Return the property of this name or id; ids may be percent-encoded or not."""
        found = self.properties.get(reference)
        if found is not None:
            return found
        plain = unquote(reference)
        return next(
            (
                one
                for one in self.properties.values()
                if reference == one.id or plain in (one.name, unquote(one.id))
            ),
            None,
        )

    def find(self, reference: str) -> Property:
        """Return the property of this name or id.

        Raises:
            RefusalError: There is none.
        """
        found = self.get(reference)
        if found is None:
            raise unknown(reference)
        return found


def unknown(reference: str) -> RefusalError:
    """Return Notion's error for a property that is not there."""
    return invalid(f"Could not find property with name or id: {reference}")


def schema_of(store: Store, data_source: str) -> Schema:
    """Return the schema of a data source.

    Where only rows of it were loaded, as from recordings, the first one stands for all.
    """
    record = store.get("data_source", data_source)
    if record is None:
        record = next(iter(store.rows(data_source)), None)
    definitions = {} if record is None else record.decoded().get("properties", {})
    return Schema(definitions, data_source)
