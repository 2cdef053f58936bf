"""Icons, covers and stored files: what hangs on a page, or in a block that shows a file."""

from __future__ import annotations

from notion_async.testing.seeds.text import custom_emoji
from notion_async.testing.seeds.world import EXPIRES, one, uid
from notion_async.types import JSONObject

_EMOJIS = ("\N{KITE}", "\N{IZAKAYA LANTERN}", "\u2699\ufe0f", "\U0001f469\u200d\U0001f527")
_NATIVE = (("pizza", "blue"), ("light-bulb", "gray"), ("compass", "lightgray"))


def stored(name: str, key: str) -> JSONObject:
    """Return a file that Notion keeps: a link that looks signed, and the time it ends."""
    folder = uid(f"file/{key}")
    signature = folder.replace("-", "") * 2
    query = f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=3600&X-Amz-Signature={signature}"
    return {
        "url": f"https://files.example.invalid/{folder}/{name}?{query}",
        "expiry_time": EXPIRES,
    }


def media(name: str, key: str, *, kept: bool) -> JSONObject:
    """Return the source of a file: kept by Notion, or elsewhere on the web."""
    if kept:
        return {"type": "file", "file": stored(name, key)}
    return {"type": "external", "external": {"url": f"https://example.com/media/{key}/{name}"}}


def icon(n: int) -> JSONObject | None:
    """Return an icon of one of the five kinds, or none."""
    name, color = one(_NATIVE, n)
    icons: tuple[JSONObject | None, ...] = (
        None,
        {"type": "emoji", "emoji": one(_EMOJIS, n // 6)},
        media("icon.svg", f"icon/{n}", kept=False),
        {"type": "custom_emoji", "custom_emoji": custom_emoji(n // 6)},
        {"type": "icon", "icon": {"name": name, "color": color}},
        media("icon.png", f"icon/{n}", kept=True),
    )
    return one(icons, n)


def cover(n: int) -> JSONObject | None:
    """Return a cover now and then."""
    if n % 5 not in (1, 3):
        return None
    return media("cover%20photo.jpg", f"cover/{n}", kept=n % 5 == 3)
