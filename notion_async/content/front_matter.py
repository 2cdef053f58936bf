"""A page's properties as YAML front matter, one property on each line.

Every line is ``key: value`` with a value that is JSON, which is YAML too: no text of a page can
become syntax.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, cast

from notion_async.content.inline import icon_text, said
from notion_async.converters import unstructure
from notion_async.models import (
    CreatedByValue,
    DateRange,
    DateValue,
    FileObject,
    FilesValue,
    FormulaResult,
    FormulaValue,
    LastEditedByValue,
    Page,
    PeopleValue,
    Place,
    PlaceValue,
    PropertyContent,
    RelationValue,
    RollupResult,
    RollupValue,
    UniqueId,
    UniqueIdValue,
    User,
)
from notion_async.models.values import plain
from notion_async.types import JSON, UNSET, Maybe

# Characters that JSON leaves as they are, but that end a line or are forbidden in YAML.
_UNWRITABLE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")

_MORE: Final = "…"
"""Stands at the end of a relation that has more pages than a page object lists."""


def front_matter(page: Page) -> str:
    """Return the front matter of a page, from ``---`` to ``---``, each on a line of its own.

    First come ``id``, ``title``, ``url``, ``created_time``, ``last_edited_time`` and ``icon``,
    as far as the page has them; then its properties by name.  A property that has one of these
    names, and another value, gets `` (property)`` after its name.
    """
    properties = getattr(page, "properties", None) or {}  # absent in a partial page
    fields: dict[str, JSON] = {
        "id": said(page, "id"),
        "title": page.title if properties else "",
        "url": said(page, "url"),
        "created_time": _time(getattr(page, "created_time", None)),
        "last_edited_time": _time(getattr(page, "last_edited_time", None)),
        "icon": icon_text(getattr(page, "icon", None)),
    }
    lines = [f"{name}: {_written(value)}" for name, value in fields.items() if value]
    taken = set(fields)
    for name, value in properties.items():
        key, shown = name, plain_value(value.content)
        if name in fields and shown == fields[name]:
            continue  # said already: outside of databases, the title is all a page has
        while key in taken:
            key += " (property)"
        taken.add(key)
        lines.append(f"{_written(key)}: {_written(shown)}")
    return "\n".join(["---", *lines, "---", ""])


def plain_value(content: PropertyContent) -> JSON:
    """Return the value of a property as people read it: texts, numbers, and lists of them.

    A span of dates is ``start/end``, a file its link or, where Notion holds it and the link
    expires, its name; a relation lists ids.
    """
    # What lacks its field, as in a partial page, matches nothing and is written as JSON.
    match content:
        case DateValue(date=date):
            return _date(date)
        case PeopleValue(people=people):
            return [_name(person) for person in people]
        case CreatedByValue(created_by=user) | LastEditedByValue(last_edited_by=user):
            return _name(user)
        case FilesValue(files=files):
            return [_file(file) for file in files]
        case RelationValue(relation=pages):
            return [*[said(page, "id") for page in pages], *([_MORE] if content.has_more else [])]
        case FormulaValue(formula=result):
            return _result(result)
        case RollupValue(rollup=result):
            return _rollup(result)
        case UniqueIdValue(unique_id=UniqueId(prefix=None, number=number)):
            return number
        case PlaceValue(place=Place() as place):
            return _place(place)
        case _:
            value = plain(content)
            # The other types are texts, numbers, and lists of them.
            return _time(value) if isinstance(value, datetime) else cast("JSON", value)


def _name(value: User) -> str:
    return said(value, "name") or said(value, "id")


def _file(file: FileObject) -> str:
    external = said(file.external, "url") if file.external else ""
    return external or said(file, "name") or file.url or ""


def _date(date: DateRange | None) -> JSON:
    if not date:
        return None
    zone = f"[{date.time_zone}]" if date.time_zone else ""
    days = [said(date, "start"), *([date.end] if date.end else [])]
    return "/".join([day + zone for day in days])


def _time(value: object) -> JSON:
    if not isinstance(value, datetime):
        return value if isinstance(value, str) else None
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _result(result: FormulaResult) -> JSON:
    if result.type == "date":
        return _date(result.date or None)
    values: dict[str, Maybe[JSON]] = {
        "string": result.string,
        "number": result.number,
        "boolean": result.boolean,
    }
    return _known(result, values)


def _rollup(result: RollupResult) -> JSON:
    if result.type == "date":
        return _date(result.date or None)
    if result.type == "array":
        return [plain_value(value.content) for value in result.array or ()]
    return _known(result, {"number": result.number})


def _known(result: FormulaResult | RollupResult, values: Mapping[str, Maybe[JSON]]) -> JSON:
    if result.type not in values:
        return unstructure(result)
    value = values[result.type]
    return None if value is UNSET else value


def _place(place: Place) -> str:
    return said(place, "name") or said(place, "address") or f"{place.lat}, {place.lon}"


def _written(value: JSON) -> str:
    text = json.dumps(_finite(value), ensure_ascii=False)
    return _UNWRITABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _finite(value: JSON) -> JSON:
    # NaN and infinity are numbers in Python, and no JSON.
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_finite(item) for item in value]
    return value
