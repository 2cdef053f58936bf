"""Templates of data sources.

Notion: https://developers.notion.com/reference/list-data-source-templates
"""

from __future__ import annotations

import msgspec

from notion_async.testing.call import PAGING, Call, Reply
from notion_async.testing.templates import templates_of


def list_some(call: Call) -> Reply:
    """Answer with the templates of a data source, or those of one name."""
    call.allow(query=("name", *PAGING))
    source = call.store.find("data_source", call.ids["data_source_id"])
    name = call.query.get("name", [""])[-1]
    # Assumed: like Notion's other searches for names, whatever the case.
    found = [
        {"id": page.id, "name": page.title, "is_default": one.is_default}
        for one, page in templates_of(call.store, source.id)
        if name.casefold() in page.title.casefold()
    ]
    shown, cursor = call.page_of(found, key=lambda one: str(one["id"]), scope=name)
    answer = {"templates": shown, "has_more": cursor is not None, "next_cursor": cursor}
    return Reply(msgspec.json.encode(answer), bare=True)
