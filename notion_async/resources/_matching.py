"""Whether an answer shows what a request set.

What is asked: is each value of the request found in the answer?  What Notion adds does not count,
nor how it writes what it was given: ids with dashes, times in another form, neighbouring texts of
the same look as one, null where nothing was given.  What cannot be recognised is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, TypeAlias, cast
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from notion_async.ids import is_notion_id, notion_id

JSONDict: TypeAlias = Mapping[str, object]

_SHOWN: Final = 25
"""How many elements of a long value a page shows."""
_CUT: Final = ("title", "rich_text", "people", "relation")
_STYLES: Final = ("bold", "italic", "strikethrough", "underline", "code")
_RUNS: Final = ("text", "mention", "equation")
_BESIDE_CONTENT: Final = ("object", "id", "type", "in_trash", "archived")
_NO_VALUE: Final = ("id", "name", "has_more")


def is_comparable(sent: object) -> bool:
    """Tell whether an answer could show what a change sets: not so content, which it lacks."""
    match sent:
        case {"erase_content": True} | {"allow_async": True} | {"markdown": str()}:
            return False
        case {"template": {"type": "default" | "template_id"}}:  # applied later
            return False
    return not _has_upload(sent)


def _has_upload(sent: object) -> bool:
    # Shown as a file with an address, it does not tell from which upload it came.
    match sent:
        case {"file_upload": {"id": str()}}:
            return True
        case Mapping():
            return any(map(_has_upload, sent.values()))
        case list():
            return any(map(_has_upload, sent))
    return False


def shows_object(found: JSONDict, sent: JSONDict) -> bool:
    """Tell whether an object is as a change has set it."""
    return all(_shows_field(found, name, value) for name, value in sent.items())


def is_cut(found: JSONDict, sent: JSONDict) -> bool:
    """Tell whether a page shows only the beginning of a value that a change has set."""
    values, named = sent.get("properties"), found.get("properties")
    if not isinstance(values, Mapping) or not isinstance(named, Mapping):
        return False
    return any(_is_cut_value(property_named(named, name)) for name in values)


def shows_block(found: JSONDict, sent: JSONDict) -> bool:
    """Tell whether a block is the one that was to be made.

    Of what lies in it only whether there is something.
    """
    kind = next((name for name in sent if name not in _BESIDE_CONTENT), None)
    if kind is None or not found.get("type") == kind == sent.get("type", kind):
        return False
    content = sent[kind]
    below = isinstance(content, Mapping) and bool(content.get("children"))
    return bool(found.get("has_children")) is below and shows(found.get(kind), content)


def runs_of(found: Sequence[JSONDict], sent: Sequence[JSONDict]) -> list[int]:
    """Return where in `found` blocks begin that stand together and are those in `sent`."""
    return [
        start
        for start in range(len(found) - len(sent) + 1)
        if all(shows_block(found[start + place], block) for place, block in enumerate(sent))
    ]


def shows_markdown(found: object, sent: object) -> bool:
    """Tell whether a text is the one that was set; blank ends of lines do not count."""
    return isinstance(found, str) and isinstance(sent, str) and _lines(found) == _lines(sent)


def property_named(values: JSONDict, name: str) -> JSONDict | None:
    """Return what an object shows for a property, by its name or id; None where it has none."""
    found = values.get(name)
    if isinstance(found, Mapping):
        return found
    for one in values.values():
        identity = one.get("id") if isinstance(one, Mapping) else None
        if isinstance(identity, str) and unquote(identity) == unquote(name):
            return cast("JSONDict", one)
    return None


def plain_text(runs: object) -> str | None:
    """Return the text of rich text that is nothing but text; None where it is something else."""
    if not isinstance(runs, Sequence) or isinstance(runs, str):
        return None
    text = ""
    for run in runs:
        match run:
            case {"text": {"content": str() as content}}:
                text += content
            case _:
                return None
    return text


def shows(found: object, sent: object, name: str = "") -> bool:
    """Tell whether each value in `sent` is found where it stands; `name` is that of the field."""
    if sent in (None, "", []):
        return found in (None, "", [], {})
    special = _SPECIAL.get(name)
    if special is not None:
        return special(found, sent)
    if isinstance(sent, Mapping):
        return isinstance(found, Mapping) and all(
            (key in ("type", "object") and key not in found) or shows(found.get(key), value, key)
            for key, value in sent.items()
            if key != "children"
        )
    if isinstance(sent, list):
        return isinstance(found, list) and _shows_list(found, sent)
    if name == "id" or name.endswith("_id"):
        return _same_id(found, sent)
    return found == sent and isinstance(found, bool) is isinstance(sent, bool)


def _shows_field(found: JSONDict, name: str, sent: object) -> bool:
    """Tell whether a field of an object was set so."""
    if name == "properties" and isinstance(sent, Mapping):
        named = found.get(name)
        if not isinstance(named, Mapping):
            return False
        of = _shows_schema if found.get("object") == "data_source" else _shows_values
        return of(named, sent)
    if name in ("in_trash", "archived"):  # the same, in two versions of the API
        return found.get("in_trash", found.get("archived")) is sent
    return name == "erase_content" or shows(found.get(name), sent, name)


def _shows_values(found: JSONDict, sent: JSONDict) -> bool:
    for name, value in sent.items():
        one = property_named(found, name)
        if one is None:
            return False
        kind = one.get("type")
        given = value if isinstance(value, Mapping) else {str(kind): value}
        told = {key: item for key, item in given.items() if key not in _NO_VALUE}
        if not shows(one, told):
            return False
    return True


def _shows_schema(found: JSONDict, sent: JSONDict) -> bool:
    return all(_shows_column(found, name, change) for name, change in sent.items())


def _shows_column(found: JSONDict, name: str, change: object) -> bool:
    if change is None:
        return property_named(found, name) is None
    if not isinstance(change, Mapping):
        return False
    new = change.get("name")
    if isinstance(new, str) and new != name:
        return name not in found and shows(found.get(new), change)
    return shows(property_named(found, name), change)


def _is_cut_value(value: JSONDict | None) -> bool:
    if value is None or value.get("type") not in _CUT:
        return False
    elements = value.get(str(value["type"]))
    many = isinstance(elements, list) and len(elements) >= _SHOWN
    return many or value.get("has_more") is True


def _shows_list(found: list[object], sent: list[object]) -> bool:
    if _is_rich_text(sent):
        return _shows_rich_text(found, sent)
    return len(found) == len(sent) and all(map(shows, found, sent))


# ------------------------------------------------------------------------------------ rich text


def _is_rich_text(value: list[object]) -> bool:
    return all(
        isinstance(run, Mapping) and any(isinstance(run.get(kind), Mapping) for kind in _RUNS)
        for run in value
    )


def _shows_rich_text(found: list[object], sent: list[object]) -> bool:
    if not _is_rich_text(found):
        return False
    there, wanted = _joined(found), _joined(sent)
    return len(there) == len(wanted) and all(
        look == other and (text == same if isinstance(same, str) else shows(text, same))
        for (look, text), (other, same) in zip(there, wanted, strict=True)
    )


def _joined(runs: list[object]) -> list[tuple[object, object]]:
    """Return rich text as looks and contents, where neighbours of one look are one text."""
    joined: list[tuple[object, object]] = []
    for run in runs:
        assert isinstance(run, Mapping)  # noqa: S101 - looked at before
        kind = next(kind for kind in _RUNS if isinstance(run.get(kind), Mapping))
        content = run[kind]
        look = (kind, _look(run.get("annotations")), _link(content) if kind == "text" else None)
        if kind != "text":
            joined.append((look, content))
            continue
        text = content.get("content")
        if text == "":
            continue  # Notion keeps no empty text
        last = joined[-1] if joined else None
        if last is not None and last[0] == look:
            joined[-1] = (look, f"{last[1]}{text}")
        else:
            joined.append((look, f"{text}"))
    return joined


def _look(annotations: object) -> tuple[object, ...]:
    given = annotations if isinstance(annotations, Mapping) else {}
    return (*(bool(given.get(style)) for style in _STYLES), given.get("color") or "default")


def _link(text: JSONDict) -> object:
    link = text.get("link")
    return link.get("url") if isinstance(link, Mapping) else None


# ------------------------------------------------------------------------------ property values


def _shows_option(found: object, sent: object) -> bool:
    """Tell whether an option was chosen, by its id or name; its colour is not the value's."""
    if not isinstance(sent, Mapping) or not isinstance(found, Mapping):
        return False
    if sent.get("id"):
        return bool(found.get("id") == sent["id"])
    if "name" in sent:
        return bool(found.get("name") == sent["name"])
    return shows(found, sent)  # a schema, which has options


def _shows_person(found: object, sent: object) -> bool:
    if not isinstance(sent, Mapping) or not isinstance(found, Mapping):
        return False
    return "id" in sent and _same_id(found.get("id"), sent["id"])


def _shows_date(found: object, sent: object) -> bool:
    """Tell whether a date was set; an end that was not given is none."""
    if not isinstance(sent, Mapping) or not isinstance(found, Mapping) or "start" not in sent:
        return shows(found, sent)
    zone, there = sent.get("time_zone"), found.get("time_zone")
    if zone != there and None not in (zone, there):
        return False
    return all(
        _same_moment(found.get(name), there, sent.get(name), zone) for name in ("start", "end")
    )


def _same_moment(found: object, there: object, sent: object, zone: object) -> bool:
    if found == sent:
        return True
    one, other = _moment(found, there), _moment(sent, zone)
    return one is not None and one == other


def _moment(text: object, zone: object) -> datetime | None:
    """Return a time to the millisecond, which is what Notion keeps; None for a day."""
    if not isinstance(text, str) or len(text) <= len("2026-05-17"):
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone) if isinstance(zone, str) else UTC)
        moment = moment.astimezone(UTC)
    except (ValueError, KeyError, OSError, OverflowError):  # no time, or no such zone
        return None
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _shows_file(found: object, sent: object) -> bool:
    """Tell whether a file that Notion holds is the same: its address is signed anew each time."""
    match found, sent:
        case {"url": str() as url}, {"url": str() as given}:
            return url.partition("?")[0] == given.partition("?")[0]
    return shows(found, sent)


def _in_any_order(same: Callable[[object, object], bool]) -> Callable[[object, object], bool]:
    def shows_all(found: object, sent: object) -> bool:
        if not isinstance(sent, list):
            return shows(found, sent)  # a schema
        if not isinstance(found, list):
            return False
        return all(any(same(one, given) for one in found) for given in sent) and all(
            any(same(one, given) for given in sent) for one in found
        )

    return shows_all


_SPECIAL: Final[dict[str, Callable[[object, object], bool]]] = {
    "select": _shows_option,
    "status": _shows_option,
    "date": _shows_date,
    "file": _shows_file,
    "multi_select": _in_any_order(_shows_option),
    "people": _in_any_order(_shows_person),
    "relation": _in_any_order(_shows_person),
    "options": _in_any_order(shows),
}
"""Fields that are compared in a way of their own, by their names."""


# ---------------------------------------------------------------------------------------- words


def _same_id(found: object, sent: object) -> bool:
    if found == sent:
        return True
    if not isinstance(found, str) or not isinstance(sent, str):
        return False
    return is_notion_id(found) and is_notion_id(sent) and notion_id(found) == notion_id(sent)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]
