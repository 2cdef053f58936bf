"""Who and when: the ids, the times, the people and the links every other seed module shares.

Nothing here is random and nothing reads a clock.  An id is a hash of a path, and whatever looks
like chance is arithmetic on a running number, so that two runs agree byte for byte.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from notion_async.types import JSONObject

T = TypeVar("T")

WORKSPACE_NAME: Final = "Acme Kites & Lanterns"

NOW: Final = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
"""A moment after every time in the seed: a good start for the clock of a test."""

EXPIRES: Final = "2026-07-01T10:00:00.000Z"
"""When the links to stored files end: an hour after `NOW`, as Notion signs them."""

_START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
_NO_SLUG = re.compile(r"[^A-Za-z0-9]+")

_PEOPLE: Final = (
    # name, e-mail (None: the connection may not see it), has a portrait
    ("Zoë Ångström", "zoe@example.com", True),
    ("Łukasz Żółkiewski", "lukasz@example.com", False),
    ("田中 美咲", "misaki@example.com", True),
    ("أمينة الحداد", "amina@example.com", False),
    ("Jean-François O'Connor", "jf@example.com", True),
    ("Νίκη Παπαδοπούλου", "niki@example.com", False),
    ("Ravi \N{PARTY POPPER} Iyer", None, False),
    ("Sam", "sam+kites@example.com", True),
)
PERSON_COUNT: Final = len(_PEOPLE)
USER_COUNT: Final = PERSON_COUNT + 2


def uid(path: str) -> str:
    """Return the id that belongs to `path`, in the shape of a UUID of version 8."""
    digits = hashlib.sha256(path.encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"


def one(options: Sequence[T], n: int) -> T:
    """Return the `n`-th of `options`, starting over at the end."""
    return options[n % len(options)]


def stamp(minute: int) -> str:
    """Write the time `minute` minutes into the story, to the minute, as pages carry it."""
    moment = _START + timedelta(minutes=minute)
    return f"{moment.isoformat()[:16]}:00.000Z"


def day(n: int) -> str:
    """Write the date `n` days into the story."""
    return (_START + timedelta(days=n)).isoformat()[:10]


def precise_stamp(minute: int) -> str:
    """Write a time as databases carry it: not cut to the minute, and with an offset."""
    moment = _START + timedelta(minutes=minute, seconds=minute % 60, milliseconds=278)
    return moment.isoformat(timespec="milliseconds")


CONNECTION_ID: Final = uid("user/connection")
"""The bot behind the token, which ``/v1/users/me`` answers with."""

WORKSPACE_ID: Final = uid("workspace")
TRACKER_ID: Final = uid("database/tracker")
EVENTS_DATABASE_ID: Final = uid("database/events")
PROJECTS_ID: Final = uid("data_source/projects")
TASKS_ID: Final = uid("data_source/tasks")
EVENTS_ID: Final = uid("data_source/events")

_USER_IDS: Final = (
    *(uid(f"user/person/{n}") for n in range(PERSON_COUNT)),
    CONNECTION_ID,
    uid("user/other-bot"),
)


def page_id(n: int) -> str:
    """Return the id of the `n`-th page that is not a row."""
    return uid(f"page/{n}")


def comment_id(n: int) -> str:
    """Return the id of the `n`-th comment."""
    return uid(f"comment/{n}")


def page_url(title: str, identity: str) -> str:
    """Return the link of a page, with what the Latin alphabet leaves of its title."""
    slug = _NO_SLUG.sub("-", title).strip("-")
    digits = identity.replace("-", "")
    return f"https://app.notion.com/p/{slug}-{digits}" if slug else plain_url(identity)


def plain_url(identity: str) -> str:
    """Return the link of a database, or of a page whose title leaves nothing."""
    return f"https://app.notion.com/p/{identity.replace('-', '')}"


def partial_user(n: int) -> JSONObject:
    """Return the reference to a user that every object carries."""
    return {"object": "user", "id": one(_USER_IDS, n)}


def user_name(n: int) -> str:
    """Return the name of the `n`-th user; the bots come after the people."""
    n %= USER_COUNT
    return _PEOPLE[n][0] if n < PERSON_COUNT else ("Acme Sync", "Lamp Bot")[n - PERSON_COUNT]


def user(n: int) -> JSONObject:
    """Return a whole user; the bots come after the people."""
    n %= USER_COUNT
    if n >= PERSON_COUNT:
        return _bot(n)
    name, email, portrait = _PEOPLE[n]
    person: JSONObject = {} if email is None else {"email": email, "email_verified": n % 4 != 3}
    return {
        "object": "user",
        "id": _USER_IDS[n],
        "name": name,
        "avatar_url": f"https://files.example.invalid/portraits/{n}.png" if portrait else None,
        "type": "person",
        "person": person,
    }


def _bot(n: int) -> JSONObject:
    # Notion says what a bot may do only to that bot.
    bot: JSONObject = {}
    if _USER_IDS[n] == CONNECTION_ID:
        bot = {
            "owner": {"type": "workspace", "workspace": True},
            "workspace_name": WORKSPACE_NAME,
            "workspace_id": WORKSPACE_ID,
            "workspace_limits": {"max_file_upload_size_in_bytes": 5_242_880},
        }
    return {
        "object": "user",
        "id": _USER_IDS[n],
        "name": user_name(n),
        "avatar_url": None,
        "type": "bot",
        "bot": bot,
    }
