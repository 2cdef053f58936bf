"""Databases: the containers of data sources.

Notion: https://developers.notion.com/reference/retrieve-database
"""

from __future__ import annotations

from notion_async.testing.call import Call


def retrieve(call: Call) -> bytes:
    """Answer with a database."""
    call.allow()
    return call.store.find("database", call.ids["database_id"]).shown(call.version)
