"""The demo workspace: an invented company with everything in it that Notion can answer with.

It is meant to be hard on whoever reads it: every type of block, property and mention, titles that
no file system likes, lists longer than an answer, and a table longer than a query may return.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from notion_async.testing.seeds import pages, projects, rows, schemas, world
from notion_async.testing.seeds.blocks import Place, spread
from notion_async.testing.seeds.comments import comments
from notion_async.testing.seeds.decor import cover, icon
from notion_async.testing.seeds.sections import lines
from notion_async.testing.seeds.text import CUSTOM_EMOJIS, plain
from notion_async.testing.seeds.world import (
    CONNECTION_ID,
    EVENTS_DATABASE_ID,
    EVENTS_ID,
    NOW,
    PROJECTS_ID,
    TASKS_ID,
    TRACKER_ID,
)
from notion_async.types import JSONObject

__all__ = ["CONNECTION_ID", "CUSTOM_EMOJIS", "NOW", "demo"]

_WRITTEN: Final = 70  # one project in so many has something written in it


def demo() -> Iterator[JSONObject]:
    """Yield the objects of the workspace as Notion 2026-03-11 sends them.

    Parents come before children, and siblings in the order of the document.  A page that lies in
    another comes twice: as the block that stands for it, and as the page; both have the same id.
    Every object is new and shares nothing with another, so that it may be kept and changed.
    """
    yield from (world.user(n) for n in range(world.USER_COUNT))
    for sheet in pages.tree():
        yield from pages.write(sheet)
    yield from _tracker()
    yield from _events()
    yield from comments()


def _tracker() -> Iterator[JSONObject]:
    """Yield the database of two data sources, which is a page of its own."""
    sources = {PROJECTS_ID: "Projects", TASKS_ID: "Tasks"}
    parent = world.page_id(0)
    yield _database(TRACKER_ID, "Company tracker", parent, sources, inline=False)
    yield _data_source(PROJECTS_ID, "Projects", TRACKER_ID, parent, schemas.projects())
    for n, row in enumerate(projects.projects()):
        yield row
        if n % _WRITTEN == 0 and not row["in_trash"]:
            path = f"project/{n}"
            body = lines(5 + n // _WRITTEN % 16, n)
            yield from spread(body, Place(path, "page_id", str(row["id"]), projects.made(n)))
    yield _data_source(TASKS_ID, "Tasks", TRACKER_ID, parent, schemas.tasks())
    yield from projects.tasks()


def _events() -> Iterator[JSONObject]:
    """Yield the database of one data source, which lies within the text of a page."""
    parent = world.page_id(3)
    yield _database(EVENTS_DATABASE_ID, "Events", parent, {EVENTS_ID: "Events"}, inline=True)
    yield _data_source(
        EVENTS_ID, "Events", EVENTS_DATABASE_ID, parent, schemas.events(), inline=True
    )
    yield from rows.events()


def _database(
    identity: str, title: str, parent: str, sources: Mapping[str, str], *, inline: bool
) -> JSONObject:
    return {
        "object": "database",
        "id": identity,
        "title": plain(title),
        "description": [] if inline else plain("Everything we make, and who makes it"),
        "parent": {"type": "page_id", "page_id": parent},
        "is_inline": inline,
        "in_trash": False,
        "is_locked": False,
        "created_time": world.precise_stamp(12),
        "last_edited_time": world.precise_stamp(4321),
        "data_sources": [{"id": source, "name": name} for source, name in sources.items()],
        "icon": icon(1),
        "cover": None if inline else cover(1),
        "url": world.plain_url(identity),
        "public_url": None,
    }


def _data_source(
    identity: str,
    title: str,
    database: str,
    grandparent: str,
    columns: Mapping[str, schemas.Column],
    *,
    inline: bool = False,
) -> JSONObject:
    return {
        "object": "data_source",
        "id": identity,
        "cover": None,
        "icon": icon(len(title)),
        "created_time": world.stamp(12),
        "created_by": world.partial_user(0),
        "last_edited_by": world.partial_user(1),
        "last_edited_time": world.stamp(4321),
        "title": plain(title),
        "description": [],
        "is_inline": inline,
        "properties": schemas.described(columns),
        "parent": {"type": "database_id", "database_id": database},
        "database_parent": {"type": "page_id", "page_id": grandparent},
        "url": world.plain_url(database),
        "public_url": None,
        "in_trash": False,
    }
