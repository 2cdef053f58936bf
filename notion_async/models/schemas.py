"""Property schemas: the columns of a data source.

Notion's page: https://developers.notion.com/reference/property-object
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeAlias

from notion_async.models._model import Lazy, Maybe, Model, ReadOnly, Unsupported, model
from notion_async.models._tagged import Content, Kinds, Tagged, by_kind
from notion_async.models.properties import SelectOption
from notion_async.types import JSON, UNSET


@model
class TitleSchema(Content):
    """Titles: each data source has one such column."""

    kind: ClassVar[str] = "title"


@model
class RichTextSchema(Content):
    """Text."""

    kind: ClassVar[str] = "rich_text"


@model
class NumberSchema(Content):
    """Numbers, and how they are shown."""

    kind: ClassVar[str] = "number"
    format: str = "number"


@model
class SelectSchema(Content):
    """One of some options."""

    kind: ClassVar[str] = "select"
    options: Lazy[Sequence[SelectOption]] = ()


@model
class MultiSelectSchema(Content):
    """Any number of some options."""

    kind: ClassVar[str] = "multi_select"
    options: Lazy[Sequence[SelectOption]] = ()


@model
class StatusGroup(Model):
    """A column of the board: to do, in progress, complete."""

    name: str
    id: Maybe[str] = UNSET
    color: Maybe[str] = UNSET
    option_ids: Maybe[list[str]] = UNSET


@model
class StatusSchema(Content):
    """States of work, in groups."""

    kind: ClassVar[str] = "status"
    options: Lazy[Maybe[Sequence[SelectOption]]] = UNSET
    groups: ReadOnly[Lazy[Maybe[Sequence[StatusGroup]]]] = UNSET


@model
class DateSchema(Content):
    """Dates."""

    kind: ClassVar[str] = "date"


@model
class PeopleSchema(Content):
    """People."""

    kind: ClassVar[str] = "people"


@model
class FilesSchema(Content):
    """Files."""

    kind: ClassVar[str] = "files"


@model
class CheckboxSchema(Content):
    """Yes or no."""

    kind: ClassVar[str] = "checkbox"


@model
class UrlSchema(Content):
    """Links."""

    kind: ClassVar[str] = "url"


@model
class EmailSchema(Content):
    """E-mail addresses."""

    kind: ClassVar[str] = "email"


@model
class PhoneNumberSchema(Content):
    """Telephone numbers."""

    kind: ClassVar[str] = "phone_number"


@model
class FormulaSchema(Content):
    """Computed by Notion from the row."""

    kind: ClassVar[str] = "formula"
    expression: str


@model
class DualProperty(Model):
    """The column on the other side that mirrors this one."""

    synced_property_id: Maybe[str] = UNSET
    synced_property_name: Maybe[str] = UNSET


@model
class RelationSchema(Content):
    """Pages of a data source.  `type` tells whether the other side mirrors it."""

    kind: ClassVar[str] = "relation"
    data_source_id: str
    database_id: ReadOnly[Maybe[str]] = UNSET
    type: Maybe[str] = UNSET
    """``single_property`` or ``dual_property``."""
    single_property: Lazy[Maybe[JSON]] = UNSET
    dual_property: Lazy[Maybe[DualProperty]] = UNSET


@model
class RollupSchema(Content):
    """Gathered by Notion from related pages."""

    kind: ClassVar[str] = "rollup"
    function: str
    relation_property_name: Maybe[str] = UNSET
    relation_property_id: Maybe[str] = UNSET
    rollup_property_name: Maybe[str] = UNSET
    rollup_property_id: Maybe[str] = UNSET


@model
class CreatedTimeSchema(Content):
    """When a row was made."""

    kind: ClassVar[str] = "created_time"


@model
class LastEditedTimeSchema(Content):
    """When a row was last changed."""

    kind: ClassVar[str] = "last_edited_time"


@model
class CreatedBySchema(Content):
    """Who made a row."""

    kind: ClassVar[str] = "created_by"


@model
class LastEditedBySchema(Content):
    """Who last changed a row."""

    kind: ClassVar[str] = "last_edited_by"


@model
class UniqueIdSchema(Content):
    """A number for each row."""

    kind: ClassVar[str] = "unique_id"
    prefix: str | None = None


@model
class VerificationSchema(Content):
    """Whether somebody vouches for a page."""

    kind: ClassVar[str] = "verification"


@model
class PlaceSchema(Content):
    """Places."""

    kind: ClassVar[str] = "place"


@model
class LocationSchema(Content):
    """Locations; Notion accepts it in schemas and has shown no value of it."""

    kind: ClassVar[str] = "location"


@model
class ButtonSchema(Content):
    """A button."""

    kind: ClassVar[str] = "button"


@model
class LastVisitedTimeSchema(Content):
    """When a page was last looked at; accepted in schemas, no value of it has been shown."""

    kind: ClassVar[str] = "last_visited_time"


PropertySchemaContent: TypeAlias = (
    TitleSchema
    | RichTextSchema
    | NumberSchema
    | SelectSchema
    | MultiSelectSchema
    | StatusSchema
    | DateSchema
    | PeopleSchema
    | FilesSchema
    | CheckboxSchema
    | UrlSchema
    | EmailSchema
    | PhoneNumberSchema
    | FormulaSchema
    | RelationSchema
    | RollupSchema
    | CreatedTimeSchema
    | LastEditedTimeSchema
    | CreatedBySchema
    | LastEditedBySchema
    | UniqueIdSchema
    | VerificationSchema
    | PlaceSchema
    | LocationSchema
    | ButtonSchema
    | LastVisitedTimeSchema
    | Unsupported
)


@model
class PropertySchema(Tagged[PropertySchemaContent]):
    """One column of a data source.

    Its `content` is a `NumberSchema`, a `SelectSchema`, …, or what this version does not know.
    """

    kinds: ClassVar[Kinds] = by_kind(
        TitleSchema, RichTextSchema, NumberSchema, SelectSchema, MultiSelectSchema, StatusSchema,
        DateSchema, PeopleSchema, FilesSchema, CheckboxSchema, UrlSchema, EmailSchema,
        PhoneNumberSchema, FormulaSchema, RelationSchema, RollupSchema, CreatedTimeSchema,
        LastEditedTimeSchema, CreatedBySchema, LastEditedBySchema, UniqueIdSchema,
        VerificationSchema, PlaceSchema, LocationSchema, ButtonSchema, LastVisitedTimeSchema,
    )  # fmt: skip

    id: ReadOnly[Maybe[str]] = UNSET
    name: ReadOnly[Maybe[str]] = UNSET
    description: Maybe[str | None] = UNSET

    def __init__(
        self, content: PropertySchemaContent, description: Maybe[str | None] = UNSET
    ) -> None:
        self._set_content(content)
        self._fill(description=description)
