"""What each endpoint answers: one module per resource, one function per endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from notion_async import endpoints
from notion_async.testing.call import Handler
from notion_async.testing.handlers import (
    blocks,
    comments,
    data_sources,
    databases,
    markdown,
    pages,
    properties,
    schemas,
    search,
    users,
)

HANDLERS: Final[Mapping[str, Handler]] = {
    endpoint.name: handler
    for endpoint, handler in (
        (endpoints.PAGES_CREATE, pages.create),
        (endpoints.PAGES_RETRIEVE, pages.retrieve),
        (endpoints.PAGES_UPDATE, pages.update),
        (endpoints.PAGES_MOVE, pages.move),
        (endpoints.PAGES_RETRIEVE_PROPERTY, properties.retrieve),
        (endpoints.PAGES_RETRIEVE_MARKDOWN, markdown.retrieve),
        (endpoints.BLOCKS_RETRIEVE, blocks.retrieve),
        (endpoints.BLOCKS_UPDATE, blocks.update),
        (endpoints.BLOCKS_DELETE, blocks.delete),
        (endpoints.BLOCKS_LIST_CHILDREN, blocks.list_children),
        (endpoints.BLOCKS_APPEND_CHILDREN, blocks.append_children),
        (endpoints.DATABASES_RETRIEVE, databases.retrieve),
        (endpoints.DATABASES_UPDATE, schemas.update_database),
        (endpoints.DATA_SOURCES_UPDATE, schemas.update_data_source),
        (endpoints.DATA_SOURCES_RETRIEVE, data_sources.retrieve),
        (endpoints.DATA_SOURCES_QUERY, data_sources.query),
        (endpoints.USERS_ME, users.me),
        (endpoints.USERS_RETRIEVE, users.retrieve),
        (endpoints.USERS_LIST, users.list_all),
        (endpoints.COMMENTS_CREATE, comments.create),
        (endpoints.COMMENTS_RETRIEVE, comments.retrieve),
        (endpoints.COMMENTS_UPDATE, comments.update),
        (endpoints.COMMENTS_DELETE, comments.delete),
        (endpoints.COMMENTS_LIST, comments.list_open),
        (endpoints.SEARCH, search.search),
    )
}
"""By the name of the endpoint.  What is missing here, the emulator does not offer yet."""
