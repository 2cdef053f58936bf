"""Rich text of every kind: marks, colours, links, mentions, equations, and awkward characters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from notion_async.testing.seeds import world
from notion_async.testing.seeds.titles import page_title
from notion_async.testing.seeds.world import one, uid
from notion_async.types import JSONObject

RichText = list[JSONObject]

_HUES = ("gray", "brown", "orange", "yellow", "green", "blue", "purple", "pink", "red")
COLORS: Final = ("default", *_HUES, *(f"{hue}_background" for hue in ("default", *_HUES)))

CUSTOM_EMOJIS: Final = (
    (uid("emoji/kite"), "acme-kite", "https://files.example.invalid/emoji/kite.png"),
    (uid("emoji/lamp"), "acme-lamp", "https://files.example.invalid/emoji/lamp.gif"),
)
"""The id, name and picture of each emoji the workspace made for itself."""

_SUBJECTS = ("The north team", "Our oldest kite", "A crate of lamps", "Nobody", "The new supplier")
_VERBS = ("ships", "repairs", "has never seen", "will count", "keeps forgetting", "paints")
_OBJECTS = ("the red string", "forty paper frames", "an invoice", "the roof", "every second order")
_TIMES = ("before noon", "on rainy days", "twice a month", "in the back room", "by hand", "again")


def sentence(n: int) -> str:
    """Return a plain English sentence."""
    words = (one(_SUBJECTS, n), one(_VERBS, n // 2), one(_OBJECTS, n // 3), one(_TIMES, n // 7))
    return " ".join(words) + "."


def marked(marks: str = "", color: str = "default") -> JSONObject:
    """Return annotations with the `marks` named in it set, for instance ``"bold code"``."""
    return {
        "bold": "bold" in marks,
        "italic": "italic" in marks,
        "strikethrough": "strikethrough" in marks,
        "underline": "underline" in marks,
        "code": "code" in marks,
        "color": color,
    }


def text(
    content: str, *, marks: str = "", color: str = "default", link: str | None = None
) -> JSONObject:
    """Return one run of text."""
    return {
        "type": "text",
        "text": {"content": content, "link": None if link is None else {"url": link}},
        "annotations": marked(marks, color),
        "plain_text": content,
        "href": link,
    }


def plain(content: str) -> RichText:
    """Return `content` as rich text; nothing at all when it is empty, as Notion does."""
    return [text(content)] if content else []


def equation(expression: str) -> JSONObject:
    """Return a formula within a line."""
    return {
        "type": "equation",
        "equation": {"expression": expression},
        "annotations": marked(),
        "plain_text": expression,
        "href": None,
    }


def custom_emoji(n: int) -> JSONObject:
    """Return one of the emojis of the workspace."""
    identity, name, url = one(CUSTOM_EMOJIS, n)
    return {"id": identity, "name": name, "url": url}


def _mention(kind: str, value: JSONObject, shown: str, href: str | None = None) -> JSONObject:
    return {
        "type": "mention",
        "mention": {"type": kind, kind: value},
        "annotations": marked(),
        "plain_text": shown,
        "href": href,
    }


def date(n: int) -> JSONObject:
    """Return a date: a day, a span of days, a moment, or a moment with a named time zone."""
    start = world.day(n % 170)
    later = world.day(n % 170 + 3)
    forms: tuple[JSONObject, ...] = (
        {"start": start, "end": None, "time_zone": None},
        {"start": start, "end": later, "time_zone": None},
        {"start": f"{start}T09:30:00.000+02:00", "end": None, "time_zone": None},
        {
            "start": f"{start}T18:00:00.000-08:00",
            "end": f"{later}T19:45:00.000-08:00",
            "time_zone": "America/Los_Angeles",
        },
    )
    return one(forms, n)


def mention_user(n: int) -> JSONObject:
    """Mention a person or a bot."""
    return _mention("user", world.user(n), f"@{world.user_name(n)}")


def _mention_date(n: int) -> JSONObject:
    when = date(n)
    shown = str(when["start"]) if when["end"] is None else f"{when['start']} → {when['end']}"
    return _mention("date", when, shown)


def mention_page(n: int) -> JSONObject:
    """Mention a page that is not a row."""
    identity = world.page_id(n % 400)
    shown = page_title(n % 400) or "Untitled"
    return _mention("page", {"id": identity}, shown, world.plain_url(identity))


def _mention_database(n: int) -> JSONObject:
    names = ((world.TRACKER_ID, "Company tracker"), (world.EVENTS_DATABASE_ID, "Events"))
    identity, name = one(names, n)
    return _mention("database", {"id": identity}, name, world.plain_url(identity))


def _mention_link_preview(n: int) -> JSONObject:
    url = f"https://code.example.com/acme/kites/pull/{n}"
    return _mention("link_preview", {"url": url}, url, url)


def _mention_link(n: int) -> JSONObject:
    url = f"https://example.com/stories/{n}?from=kites&lang=en#top"
    value: JSONObject = {"href": url}
    if n % 2:  # a link whose page could not be read comes with nothing but its address
        value |= {
            "title": f"Story {n}: wind & weather",
            "description": sentence(n),
            "link_author": world.user_name(n),
            "link_provider": "Example Stories",
            "icon_url": "https://example.com/favicon.ico",
            "thumbnail_url": f"https://example.com/thumbnails/{n}.jpg",
        }
    return _mention("link_mention", value, url, url)


def _mention_template(n: int) -> JSONObject:
    kind, value, shown = one(
        (
            ("template_mention_date", "today", "@Today"),
            ("template_mention_date", "now", "@Now"),
            ("template_mention_user", "me", "@Me"),
        ),
        n,
    )
    return _mention("template_mention", {"type": kind, kind: value}, shown)


def _mention_emoji(n: int) -> JSONObject:
    emoji = custom_emoji(n)
    return _mention("custom_emoji", emoji, f":{emoji['name']}:")


MENTIONS: Final[tuple[Callable[[int], JSONObject], ...]] = (
    mention_user,
    _mention_date,
    mention_page,
    _mention_database,
    _mention_link_preview,
    _mention_link,
    _mention_template,
    _mention_emoji,
)


def _said(n: int) -> RichText:
    return [text(sentence(n))]


def _marked(n: int) -> RichText:
    marks = one(("bold", "italic", "strikethrough", "underline", "code", "bold italic"), n)
    return [text("Mind this: "), text(sentence(n), marks=marks), text(" That is all.")]


def _all_marks(n: int) -> RichText:
    every = "bold italic strikethrough underline code"
    return [text("everything at once", marks=every, color=one(COLORS, n)), text(" ")]


def _coloured(n: int) -> RichText:
    return [text(sentence(n), color=one(COLORS, n)), text(" and back to plain.")]


def _linked(n: int) -> RichText:
    url = f"https://example.com/catalogue/{n}?q=paper%20lamp&page=2#prices(new)"
    return [text("See "), text("the catalogue", link=url, marks="bold" if n % 2 else "")]


def _mentioning(n: int) -> RichText:
    return [text("Ask "), one(MENTIONS, n)(n // len(MENTIONS)), text(" first.")]


def _calculated(n: int) -> RichText:
    return [text("Lift is "), equation(rf"\tfrac{{{n}}}{{2}} \rho v^2 A_{{kite}}"), text(".")]


_AWKWARD = (
    "*not bold* _not italic_ `not code` ~~not gone~~ [no](link) <b>no tag</b> $5 and $6 | \\ ^",
    "# not a heading\n- not a list\n1. not a number\n> not a quote\n```\nnot code\n```",
    "first line\nsecond line\n\nfourth line",
    "pair: \N{KITE} joined: \U0001f469\u200d\U0001f4bb flag: \U0001f1ef\U0001f1f5",
    "שלום לכולם, שלוש עפיפונים",
    "مرحبا: ٣ فوانيس (three lanterns) في المخزن",
    "凧と提灯を作る会社です。",
    "e\u0301 decomposed, \u00e9 composed, \u00a0 hard space, \u200b nothing, \ufeff mark",
    "  leading and trailing spaces  ",
    "{{ template }} %s &amp; &lt;entity&gt; ://",
)


def _awkward(n: int) -> RichText:
    return [text(one(_AWKWARD, n))]


def _nothing(_: int) -> RichText:
    return []


_FORMS: Final[tuple[Callable[[int], RichText], ...]] = (
    _said,
    _marked,
    _coloured,
    _mentioning,
    _said,
    _linked,
    _awkward,
    _said,
    _calculated,
    _mentioning,
    _all_marks,
    _said,
    _nothing,
)


def rich(n: int) -> RichText:
    """Return rich text of the `n`-th form; `n` up to some hundreds brings every variation."""
    return one(_FORMS, n)(n // len(_FORMS))
