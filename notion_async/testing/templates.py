"""Templates of data sources, and the pages they are applied to in their own time.

A page that is made from a template, or has one applied, is answered as it is before that.  What is
in the template comes later: at once after the answer, or `Templates.delay` seconds later by the
time of day of the workspace.

Notion: https://developers.notion.com/guides/data-apis/creating-pages-from-templates
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

import attrs

from notion_async.errors import ConfigurationError
from notion_async.ids import notion_id
from notion_async.testing.checks import (
    Decoded,
    a_string,
    a_uuid,
    an_object,
    failed,
    invalid,
    known_fields,
    one_of,
)
from notion_async.testing.records import Record
from notion_async.testing.relations import follow
from notion_async.testing.schema import schema_of
from notion_async.testing.store import Store
from notion_async.testing.values import is_written
from notion_async.types import JSON, UNSET

APPLIED: Final = ("default", "template_id")
"""How a page that is there may ask for a template."""
KINDS: Final = ("none", *APPLIED)
"""How a new page may."""
_NOT_COPIED: Final = ("child_page", "child_database")


@attrs.frozen
class Template:
    """A page that others can be made from."""

    id: str
    is_default: bool


@attrs.frozen
class Wanted:
    """Which template a request asks for, and where it is what time of day."""

    template: str
    zone: tzinfo


@attrs.frozen
class _Job:
    page: str
    wanted: Wanted
    replaces: bool
    due: datetime


class Templates:
    """The templates of each data source, and the pages that wait for one.

    Attributes:
        delay: Seconds from an answer until what is in the template is on the page.
    """

    def __init__(self) -> None:
        self.delay = 0.0
        self._known: dict[str, list[Template]] = {}
        self._jobs: list[_Job] = []

    def add(self, source: str, template: Template) -> None:
        """Know one more; a data source has one default template at most."""
        others = [one for one in self._known.get(source, ()) if one.id != template.id]
        if template.is_default:
            others = [attrs.evolve(one, is_default=False) for one in others]
        self._known[source] = [*others, template]

    def of(self, source: str) -> list[Template]:
        """Return those of a data source, in the order in which they came."""
        return list(self._known.get(source, ()))

    def put_off(self, job: _Job) -> None:
        """Let a page wait for a template."""
        self._jobs.append(job)

    def take(self, now: datetime) -> list[_Job]:
        """Return what is to be done by now; it is not returned again."""
        due = [job for job in self._jobs if job.due <= now]
        self._jobs = [job for job in self._jobs if job.due > now]
        return due


def add_template(store: Store, data_source_id: str, page_id: str, *, default: bool) -> None:
    """Let a page that was loaded be a template of a data source.

    It is no row any more: its parent is the database from now on.

    Args:
        store: Where both are.
        data_source_id: The data source.
        page_id: The page.
        default: Whether it is the one that is applied where a request names none.

    Raises:
        ConfigurationError: One of them was not loaded.
    """
    source = store.get("data_source", notion_id(data_source_id))
    page = store.get("page", notion_id(page_id))
    if source is None or page is None:
        missing = data_source_id if source is None else page_id
        raise ConfigurationError(f"{missing} is not in the workspace: load it first")
    # What a template says is its parent is not published.
    store.change(page, parent={"type": "database_id", "database_id": source.parent})
    store.part(Templates).add(source.id, Template(page.id, default))


def templates_of(store: Store, source: str) -> list[tuple[Template, Record]]:
    """Return the templates of a data source with their pages, those in the trash left out."""
    found = ((one, store.get("page", one.id)) for one in store.part(Templates).of(source))
    return [(one, page) for one, page in found if page is not None and not page.trashed]


def wanted(
    store: Store, value: object, source: str | None, *, kinds: Sequence[str] = KINDS
) -> Wanted | None:
    """Return which template a request asks for, None for none.

    Args:
        store: Where the templates are.
        value: The ``template`` of the body.
        source: The data source that the page is in; None where it is in none.
        kinds: In which ways it may be asked for.

    Raises:
        RefusalError: There is no such template.
    """
    where = "body.template"
    given = an_object(value, where)
    kind = one_of(given.get("type", UNSET), f"{where}.type", kinds)
    allowed = {"none": (), "default": ("timezone",), "template_id": ("timezone", "template_id")}
    known_fields(given, where, ("type", *allowed[kind]))
    if kind == "none":
        return None
    zone = _zone(given.get("timezone", "UTC"), f"{where}.timezone")
    if kind == "template_id":
        identity = a_uuid(given.get("template_id", UNSET), f"{where}.template_id")
        return Wanted(store.find("page", identity).id, zone)
    for one, _ in templates_of(store, source or ""):
        if one.is_default:
            return Wanted(one.id, zone)
    # The words are ours: no exchange with Notion shows its own.
    raise invalid("There is no default template for this page.")


def apply_later(store: Store, page: str, one: Wanted, *, replaces: bool = False) -> None:
    """Let a page wait for a template.

    Args:
        store: Where both are.
        page: The page.
        one: The template.
        replaces: Whether what is on the page goes once the template is there.
    """
    templates = store.part(Templates)
    due = store.wall() + timedelta(seconds=templates.delay)
    templates.put_off(_Job(page, one, replaces, due))
    settle(store)


def settle(store: Store) -> None:
    """Apply the templates that are due."""
    for job in store.part(Templates).take(store.wall()):
        page, template = store.get("page", job.page), store.get("page", job.wanted.template)
        # As at Notion, nobody learns of it where a template cannot be applied any more.
        if page is not None and template is not None and not page.trashed:
            _apply(store, page, template, job)


def _apply(store: Store, page: Record, template: Record, job: _Job) -> None:
    resolve = _Resolver(store, job.wanted.zone)
    old = store.children(page.id)
    _copy(store, template.id, page.id, "page_id", resolve)
    for block in old if job.replaces else ():
        store.set_trashed(block.id, True)
    data, model = page.decoded(), template.decoded()
    values: Decoded = data["properties"]
    filled = {
        name: resolve({**model["properties"][name], "id": value["id"]})
        for name, value in values.items()
        if _takes(value, model["properties"].get(name))
    }
    looks = {name: data.get(name) or model.get(name) for name in ("icon", "cover")}
    now = store.change(page, **looks, properties={**values, **filled}, **store.stamp())
    follow(store, now, schema_of(store, now.parent), values, {**values, **filled})


def _takes(value: Decoded, model: Decoded | None) -> bool:
    """Tell whether a property is filled from the template: what was given stays."""
    if model is None or model["type"] != value["type"] or not is_written(value["type"]):
        return False
    content = value.get(value["type"])
    return content is None or content is False or content == []


def _copy(store: Store, source: str, target: str, parent: str, resolve: _Resolver) -> None:
    """Copy what is below a page or block; pages and databases in it stay where they are."""
    for block in store.children(source):
        if block.type in _NOT_COPIED:
            continue
        data = block.decoded()
        copy = store.add(
            {
                **data,
                "id": store.new_id(),
                "parent": {"type": parent, parent: target},
                "created_time": store.minute(),
                "created_by": store.author(),
                **store.stamp(),
                block.type: resolve(data[block.type]),
            }
        )
        _copy(store, block.id, copy.id, "block_id", resolve)
        store.refresh_has_children(copy.id)


class _Resolver:
    """Lets mentions of a template's today, now and me mean what they mean when it is applied."""

    def __init__(self, store: Store, zone: tzinfo) -> None:
        self._store = store
        self._now = store.wall().astimezone(zone)

    def __call__(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self(one) for one in value]
        if not isinstance(value, dict):
            return value
        mention = value.get("mention")
        if isinstance(mention, dict) and mention.get("type") == "template_mention":
            return self._run(value, mention["template_mention"])
        return {name: self(one) for name, one in value.items()}

    def _run(self, run: Decoded, mention: Mapping[str, JSON]) -> Decoded:
        if mention["type"] == "template_mention_user":
            bot = self._store.bot
            user = {"type": "user", "user": bot.decoded()}
            return {**run, "mention": user, "plain_text": f"@{self._store.bot_name}"}
        is_day = mention["template_mention_date"] == "today"
        text = self._now.date().isoformat() if is_day else self._now.isoformat(timespec="minutes")
        date = {"start": text, "end": None, "time_zone": None}
        return {**run, "mention": {"type": "date", "date": date}, "plain_text": text}


def _zone(value: object, where: str) -> tzinfo:
    name = a_string(value, where)
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone, or no name of one
        raise failed(where, "a valid IANA time zone", name) from None
