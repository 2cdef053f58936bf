"""Databases and the data sources they hold.

Notion's pages: https://developers.notion.com/reference/database and
https://developers.notion.com/reference/data-source
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notion_async.models._model import Lazy, Maybe, Model, ModelMap, model
from notion_async.models.files import FileObject, Icon
from notion_async.models.new_values import GivenValues, WrittenValue, values_for
from notion_async.models.parents import Parent
from notion_async.models.rich_text import RichText, title_text
from notion_async.models.schemas import PropertySchema
from notion_async.models.users import User
from notion_async.types import UNSET


@model
class DataSourceReference(Model):
    """A data source of a database, by id and name."""

    id: str
    name: str


@model
class Database(Model):
    """A database: where it lies and which data sources it holds."""

    id: str
    created_time: datetime
    last_edited_time: datetime
    in_trash: bool
    url: str
    title: Lazy[Sequence[RichText]]
    description: Lazy[Sequence[RichText]]
    parent: Lazy[Parent]
    data_sources: Lazy[Sequence[DataSourceReference]]
    icon: Lazy[Icon | None]
    cover: Lazy[FileObject | None]
    is_inline: Maybe[bool] = UNSET
    is_locked: Maybe[bool] = UNSET
    public_url: Maybe[str | None] = UNSET
    object: str = "database"
    request_id: Maybe[str] = UNSET

    @property
    def name(self) -> str:
        """The title without its looks."""
        return title_text(self.title)


@model
class DataSource(Model):
    """A data source: the schema its rows share."""

    id: str
    created_time: datetime
    last_edited_time: datetime
    in_trash: bool
    title: Lazy[Sequence[RichText]]
    description: Lazy[Sequence[RichText]]
    parent: Lazy[Parent]
    database_parent: Lazy[Parent]
    """What the database lies in."""
    properties: Lazy[ModelMap[PropertySchema]]
    icon: Lazy[Icon | None]
    created_by: Lazy[User]
    last_edited_by: Lazy[User]
    cover: Lazy[Maybe[FileObject | None]] = UNSET
    url: Maybe[str] = UNSET
    is_inline: Maybe[bool] = UNSET
    public_url: Maybe[str | None] = UNSET
    object: str = "data_source"
    request_id: Maybe[str] = UNSET

    @property
    def name(self) -> str:
        """The title without its looks."""
        return title_text(self.title)

    def property_values(self, values: GivenValues) -> dict[str, WrittenValue]:
        """Return plain values as ``pages.create`` takes them, each of its property's type.

        What `PropertyValue.value` gives can be given back, and more:

        * ``title``, ``rich_text``: a text of any length up to 100 runs of 2,000 characters, or
          `RichText` objects.
        * ``number``, ``checkbox``, ``url``, ``email``, ``phone_number``: as they are.
        * ``select``, ``status``: the name of an option; ``multi_select``: a list of names.  A
          status has only the options of the schema; to the others Notion adds new ones.
        * ``date``: a `date`, a `datetime`, a `DateSpan`, or ISO 8601.  A time without an offset
          is UTC.
        * ``people``, ``relation``: a list of ids, links or objects, at most 100.
        * ``files``: a list of links, finished uploads and `FileObject` objects.
        * ``place``: a `Place`; ``verification``: ``"verified"`` or ``"unverified"``.

        None clears a value; a checkbox it unchecks.  Property values and mappings are passed on
        as they are.

        Args:
            values: By the name or the id of the property.

        Raises:
            ConfigurationError: There is no such property, only Notion sets it, or it does not
                take this value.
        """
        return values_for(self.properties, values)


@model
class DataSourceTemplate(Model):
    """A template of a data source, by id and name."""

    id: str
    name: str
    is_default: bool
