"""Rich text as it is written, made into rich text as it is read."""

from __future__ import annotations

from typing import Final

from notion_async.testing.checks import (
    Decoded,
    a_boolean,
    a_string,
    a_uuid,
    an_array,
    an_object,
    failed,
    known_fields,
    one_of,
)
from notion_async.testing.store import Store
from notion_async.types import UNSET

LONGEST_TEXT: Final = 2000
LONGEST_URL: Final = 2000
LONGEST_EXPRESSION: Final = 1000
MOST: Final = 100

_STYLES: Final = ("bold", "italic", "strikethrough", "underline", "code")
_COLORS: Final = ("gray", "brown", "orange", "yellow", "green", "blue", "purple", "pink", "red")
COLORS: Final = ("default", *_COLORS, *(f"{color}_background" for color in _COLORS),
                 "default_background")  # fmt: skip
_MENTIONS: Final = ("user", "page", "database", "date", "custom_emoji", "template_mention")
_DATE_OF_USE: Final = "template_mention_date"
_TEMPLATE_MENTIONS: Final = {
    _DATE_OF_USE: ("today", "now"),
    "template_mention_user": ("me",),
}
PAGE_URL: Final = "https://app.notion.com/p/"


def rich_text(store: Store, value: object, where: str) -> list[Decoded]:
    """Return an array of rich text with everything filled in that Notion adds.

    Raises:
        RefusalError: It is not rich text, or more than Notion takes in one request.
    """
    runs = an_array(value, where, most=MOST)
    return [_run(store, run, f"{where}[{index}]") for index, run in enumerate(runs)]


def custom_emoji(store: Store, identity: str) -> Decoded:
    """Return an emoji of the workspace, as pages and texts show it.

    Raises:
        RefusalError: There is none of this id.
    """
    emoji = store.find("custom_emoji", identity).decoded()
    return {name: emoji[name] for name in ("id", "name", "url")}


def _run(store: Store, given: object, where: str) -> Decoded:
    run = an_object(given, where)
    # What Notion itself adds may come back: people copy what they read.
    known_fields(
        run,
        where,
        ("type", "text", "mention", "equation", "annotations", "plain_text", "href"),
    )
    kind = next((name for name in _CONTENT if name in run), "")
    given_type = one_of(run.get("type", kind or "text"), f"{where}.type", tuple(_CONTENT))
    if given_type != kind:
        raise failed(f"{where}.{given_type}", "defined", UNSET)
    content, plain, href = _CONTENT[kind](store, run[kind], f"{where}.{kind}")
    return {
        "type": kind,
        kind: content,
        "annotations": _annotations(run.get("annotations", {}), f"{where}.annotations"),
        "plain_text": plain,
        "href": href,
    }


def _annotations(value: object, where: str) -> Decoded:
    given = an_object(value, where)
    known_fields(given, where, (*_STYLES, "color"))
    found: Decoded = {
        name: a_boolean(given.get(name, False), f"{where}.{name}") for name in _STYLES
    }
    found["color"] = one_of(given.get("color", "default"), f"{where}.color", COLORS)
    return found


def _text(_: Store, value: object, where: str) -> tuple[Decoded, str, str | None]:
    given = an_object(value, where)
    known_fields(given, where, ("content", "link"))
    content = a_string(given.get("content", UNSET), f"{where}.content", most=LONGEST_TEXT)
    link, url = given.get("link"), None
    if link is not None:
        url = a_string(
            an_object(link, f"{where}.link").get("url", UNSET),
            f"{where}.link.url",
            most=LONGEST_URL,
        )
    return {"content": content, "link": None if url is None else {"url": url}}, content, url


def _equation(_: Store, value: object, where: str) -> tuple[Decoded, str, str | None]:
    given = an_object(value, where)
    expression = a_string(
        given.get("expression", UNSET), f"{where}.expression", most=LONGEST_EXPRESSION
    )
    return {"expression": expression}, expression, None


def _mention(store: Store, value: object, where: str) -> tuple[Decoded, str, str | None]:
    given = an_object(value, where)
    kind = next((name for name in _MENTIONS if name in given), "")
    if not kind:
        raise failed(f"{where}.page", "defined", UNSET)
    content = an_object(given[kind], f"{where}.{kind}")
    if kind == "date":
        start = a_string(content.get("start", UNSET), f"{where}.date.start")
        whole = {"start": start, "end": content.get("end"), "time_zone": content.get("time_zone")}
        return {"type": "date", "date": whole}, start, None
    if kind == "template_mention":
        return {"type": kind, kind: _template_mention(content, f"{where}.{kind}")}, "", None
    identity = a_uuid(content.get("id", UNSET), f"{where}.{kind}.id")
    if kind == "custom_emoji":
        emoji = custom_emoji(store, identity)
        return {"type": kind, kind: emoji}, f":{emoji['name']}:", None
    if kind == "user":
        user = store.get("user", identity)
        found = {"object": "user", "id": identity} if user is None else user.decoded()
        return {"type": kind, kind: found}, f"@{found.get('name') or 'Anonymous'}", None
    record = store.find(kind, identity)
    url = PAGE_URL + identity.replace("-", "")
    return {"type": kind, kind: {"id": identity}}, record.title or "Untitled", url


def _template_mention(given: Decoded, where: str) -> Decoded:
    name = next((name for name in _TEMPLATE_MENTIONS if name in given), _DATE_OF_USE)
    known_fields(given, where, ("type", name))
    one_of(given.get("type", name), f"{where}.type", (name,))
    meant = one_of(given.get(name, UNSET), f"{where}.{name}", _TEMPLATE_MENTIONS[name])
    return {"type": name, name: meant}


_CONTENT: Final = {"text": _text, "mention": _mention, "equation": _equation}
