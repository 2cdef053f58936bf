"""Property values: what a page holds under each property of its data source.

One envelope, and a small class for each of the 24 types.  The class of a value is named after
its type, and so is its field: ``NumberValue.number``.

Notion's page: https://developers.notion.com/reference/page-property-values
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

from notion_async.models._model import Lazy, Maybe, Model, ReadOnly, Unsupported, model, to_json
from notion_async.models._tagged import Content, Kinds, Tagged, by_kind, content_slot
from notion_async.models.dates import DateRange
from notion_async.models.files import FileObject
from notion_async.models.parents import Reference
from notion_async.models.rich_text import RichText
from notion_async.models.users import User
from notion_async.types import JSON, UNSET

if TYPE_CHECKING:
    from notion_async.models.values import PlainValue


@model
class SelectOption(Model):
    """An option that was chosen.  When written, its `name` or its `id` is enough."""

    id: Maybe[str] = UNSET
    name: Maybe[str] = UNSET
    color: Maybe[str] = UNSET
    description: Maybe[str | None] = UNSET


@model
class TitleValue(Content):
    """The title of the page."""

    kind: ClassVar[str] = "title"
    title: Lazy[Sequence[RichText]]


@model
class RichTextValue(Content):
    """Text."""

    kind: ClassVar[str] = "rich_text"
    rich_text: Lazy[Sequence[RichText]]


@model
class NumberValue(Content):
    """A number."""

    kind: ClassVar[str] = "number"
    number: int | float | None


@model
class SelectValue(Content):
    """One option."""

    kind: ClassVar[str] = "select"
    select: Lazy[SelectOption | None]


@model
class MultiSelectValue(Content):
    """Any number of options."""

    kind: ClassVar[str] = "multi_select"
    multi_select: Lazy[Sequence[SelectOption]]


@model
class StatusValue(Content):
    """A state of work."""

    kind: ClassVar[str] = "status"
    status: Lazy[SelectOption | None]


@model
class DateValue(Content):
    """A date or span."""

    kind: ClassVar[str] = "date"
    date: Lazy[DateRange | None]


@model
class PeopleValue(Content):
    """People."""

    kind: ClassVar[str] = "people"
    people: Lazy[Sequence[User]]


@model
class FilesValue(Content):
    """Files."""

    kind: ClassVar[str] = "files"
    files: Lazy[Sequence[FileObject]]


@model
class CheckboxValue(Content):
    """Yes or no."""

    kind: ClassVar[str] = "checkbox"
    checkbox: bool


@model
class UrlValue(Content):
    """A link."""

    kind: ClassVar[str] = "url"
    url: str | None


@model
class EmailValue(Content):
    """An e-mail address."""

    kind: ClassVar[str] = "email"
    email: str | None


@model
class PhoneNumberValue(Content):
    """A telephone number, in any form."""

    kind: ClassVar[str] = "phone_number"
    phone_number: str | None


@model
class RelationValue(Content):
    """Pages of another data source, or of this one."""

    kind: ClassVar[str] = "relation"
    relation: Lazy[Sequence[Reference]]
    has_more: ReadOnly[Maybe[bool]] = UNSET
    """Whether there are more than the 25 that a page shows."""


@model
class FormulaResult(Model):
    """What a formula came to.  `type` names the field that is set."""

    type: str
    string: Maybe[str | None] = UNSET
    number: Maybe[int | float | None] = UNSET
    boolean: Maybe[bool | None] = UNSET
    date: Lazy[Maybe[DateRange | None]] = UNSET


@model
class FormulaValue(Content):
    """What Notion computed."""

    kind: ClassVar[str] = "formula"
    formula: ReadOnly[Lazy[FormulaResult]]


@model
class RollupResult(Model):
    """What a rollup came to.  `type` names the field that is set."""

    type: str
    function: Maybe[str] = UNSET
    number: Maybe[int | float | None] = UNSET
    date: Lazy[Maybe[DateRange | None]] = UNSET
    array: Lazy[Maybe[Sequence[PropertyValue]]] = UNSET


@model
class RollupValue(Content):
    """What Notion gathered from related pages."""

    kind: ClassVar[str] = "rollup"
    rollup: ReadOnly[Lazy[RollupResult]]


@model
class CreatedTimeValue(Content):
    """When the page was made, to the minute."""

    kind: ClassVar[str] = "created_time"
    created_time: ReadOnly[datetime]


@model
class LastEditedTimeValue(Content):
    """When the page was last changed, to the minute."""

    kind: ClassVar[str] = "last_edited_time"
    last_edited_time: ReadOnly[datetime]


@model
class CreatedByValue(Content):
    """Who made the page."""

    kind: ClassVar[str] = "created_by"
    created_by: ReadOnly[Lazy[User]]


@model
class LastEditedByValue(Content):
    """Who last changed the page."""

    kind: ClassVar[str] = "last_edited_by"
    last_edited_by: ReadOnly[Lazy[User]]


@model
class UniqueId(Model):
    """A number that no other row has."""

    number: int | None
    prefix: str | None = None


@model
class UniqueIdValue(Content):
    """The row's number."""

    kind: ClassVar[str] = "unique_id"
    unique_id: ReadOnly[Lazy[UniqueId]]


@model
class Verification(Model):
    """Whether somebody vouches for the page."""

    state: str
    date: Lazy[Maybe[DateRange | None]] = UNSET
    verified_by: ReadOnly[Lazy[Maybe[User | None]]] = UNSET


@model
class VerificationValue(Content):
    """The state of verification."""

    kind: ClassVar[str] = "verification"
    verification: Lazy[Verification | None]


@model
class Place(Model):
    """A point on the map."""

    lat: float
    lon: float
    name: Maybe[str | None] = UNSET
    address: Maybe[str | None] = UNSET
    aws_place_id: Maybe[str | None] = UNSET
    google_place_id: Maybe[str | None] = UNSET


@model
class PlaceValue(Content):
    """A place."""

    kind: ClassVar[str] = "place"
    place: Lazy[Place | None]


@model
class ButtonValue(Content):
    """A button.  It holds nothing."""

    kind: ClassVar[str] = "button"
    button: ReadOnly[Lazy[JSON]]


PropertyContent: TypeAlias = (
    TitleValue
    | RichTextValue
    | NumberValue
    | SelectValue
    | MultiSelectValue
    | StatusValue
    | DateValue
    | PeopleValue
    | FilesValue
    | CheckboxValue
    | UrlValue
    | EmailValue
    | PhoneNumberValue
    | RelationValue
    | FormulaValue
    | RollupValue
    | CreatedTimeValue
    | LastEditedTimeValue
    | CreatedByValue
    | LastEditedByValue
    | UniqueIdValue
    | VerificationValue
    | PlaceValue
    | ButtonValue
    | Unsupported
)

_VALUES = by_kind(
    TitleValue, RichTextValue, NumberValue, SelectValue, MultiSelectValue, StatusValue, DateValue,
    PeopleValue, FilesValue, CheckboxValue, UrlValue, EmailValue, PhoneNumberValue, RelationValue,
    FormulaValue, RollupValue, CreatedTimeValue, LastEditedTimeValue, CreatedByValue,
    LastEditedByValue, UniqueIdValue, VerificationValue, PlaceValue, ButtonValue,
)  # fmt: skip


@model
class PropertyValue(Tagged[PropertyContent]):
    """The value of one property of a page.

    Its `content` is a `NumberValue`, a `TitleValue`, …, or what this version does not know.
    """

    kinds: ClassVar[Kinds] = dict(_VALUES)
    keyed: ClassVar[bool] = True

    id: ReadOnly[Maybe[str]] = UNSET
    """The property's id, percent-encoded, as ``pages.properties.retrieve`` takes it."""

    def __init__(self, content: PropertyContent) -> None:
        self._set_content(content)

    @property
    def value(self) -> PlainValue:
        """The value as Python has it.  Reading it is never an error.

        * ``title``, ``rich_text``: the text without its looks, empty where there is none.
        * ``number``, ``checkbox``, ``url``, ``email``, ``phone_number``: as they are, or None.
        * ``select``, ``status``: the name of the option, or None; ``multi_select``: names.
        * ``date``: a `DateSpan`, whether or not it has an end, or None.
        * ``people``: `User` objects; ``created_by``, ``last_edited_by``: one of them.
        * ``files``: `FileObject` objects; ``relation``: ids of pages.
        * ``formula``: what it came to, a date as a `DateSpan`; ``rollup``: the same, or the
          list of such values.
        * ``created_time``, ``last_edited_time``: a datetime in UTC.
        * ``unique_id``: as Notion shows it, ``"TASK-12"`` or ``"12"``.
        * ``verification``: ``"verified"``, ``"unverified"`` or ``"expired"``; ``place``: a
          `Place`; ``button``: None.

        Of what this version cannot read, and of what Notion did not compute, it is the JSON.  A
        page shows 25 elements of a text, relation or list of people: so many are here.
        """
        try:
            content = content_slot(self)
        except AttributeError:
            if not hasattr(self, "type"):  # that was no object, or one without a type
                return to_json(self)
            content = self.content
        read = QUICK.get(type(content)) or _plain()
        return read(content)


PlainReader: TypeAlias = "Callable[[PropertyContent], PlainValue]"

QUICK: Final[dict[type, PlainReader]] = {}
"""What reads the types that are read most; `notion_async.models.values` enters it."""


@cache
def _plain() -> PlainReader:
    # It is made of the classes of this module, and importing anew takes longer than reading.
    from notion_async.models.values import plain  # noqa: PLC0415

    return plain


@model
class TitleItem(Content):
    """One run of a title."""

    kind: ClassVar[str] = "title"
    title: Lazy[RichText]


@model
class RichTextItem(Content):
    """One run of a text."""

    kind: ClassVar[str] = "rich_text"
    rich_text: Lazy[RichText]


@model
class PeopleItem(Content):
    """One of the people."""

    kind: ClassVar[str] = "people"
    people: Lazy[User]


@model
class RelationItem(Content):
    """One of the related pages."""

    kind: ClassVar[str] = "relation"
    relation: Lazy[Reference]


PropertyItemContent: TypeAlias = (
    PropertyContent | TitleItem | RichTextItem | PeopleItem | RelationItem
)


@model
class PropertyItem(Tagged[PropertyItemContent]):
    """What the property endpoint returns: a whole value, or one element of a long one.

    Its `content` is a `RelationItem`, a `TitleItem`, …; for single values the same as in a page.
    """

    kinds: ClassVar[Kinds] = _VALUES | by_kind(TitleItem, RichTextItem, PeopleItem, RelationItem)
    keyed: ClassVar[bool] = True
    object: ClassVar[str] = "property_item"

    id: ReadOnly[Maybe[str]] = UNSET
