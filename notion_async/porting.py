"""The helpers people know from Notion's official clients, under the names they have there.

A program is ported with an import and a few ``await``::

    for user in iterate_paginated_api(notion.users.list): …        # notion-client
    async for user in iterate_paginated_api(notion.users.list): …  # here

What they do, listings do by themselves, and new code need not have them::

    async for user in notion.users.list(): …
    users = await notion.users.list().collect()

Unlike there, a listing never ends before its end: it raises (see `Pager`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from typing import ParamSpec, TypeAlias, TypeGuard, TypeVar

from notion_async.client import AsyncClient
from notion_async.errors import ConfigurationError
from notion_async.ids import (
    extract_block_id,
    extract_database_id,
    extract_notion_id,
    extract_page_id,
)
from notion_async.models import (
    Block,
    Comment,
    Database,
    DataSource,
    DataSourceTemplate,
    Model,
    Page,
    Unsupported,
    User,
    View,
)
from notion_async.pagination import Pager
from notion_async.types import UNSET, Maybe

__all__ = [
    "async_collect_data_source_templates",
    "async_collect_paginated_api",
    "async_iterate_data_source_templates",
    "async_iterate_paginated_api",
    "collect_all_data_source_rows",
    "collect_data_source_templates",
    "collect_paginated_api",
    "extract_block_id",
    "extract_database_id",
    "extract_notion_id",
    "extract_page_id",
    "is_full_block",
    "is_full_comment",
    "is_full_data_source",
    "is_full_database",
    "is_full_page",
    "is_full_page_or_data_source",
    "is_full_user",
    "is_full_view",
    "iterate_all_data_source_rows",
    "iterate_data_source_templates",
    "iterate_paginated_api",
]

P = ParamSpec("P")
T = TypeVar("T")

# What may be asked whether it is whole: whatever Notion answers, but lists.
Object: TypeAlias = Model | Unsupported | None


def iterate_paginated_api(
    function: Callable[P, Pager[T]], *args: P.args, **kwargs: P.kwargs
) -> AsyncIterator[T]:
    """Yield every item of a listing, answer after answer.

    Args:
        function: A method that lists, as ``notion.users.list`` or ``notion.search``.
        *args: What it is called with.
        **kwargs: What it is called with, as ``page_size=50``.

    Raises:
        ConfigurationError: The method does not list, or is called with a wrong value.
    """
    return aiter(_listing(function, *args, **kwargs))


async def collect_paginated_api(
    function: Callable[P, Pager[T]], *args: P.args, **kwargs: P.kwargs
) -> list[T]:
    """Return every item of a listing in a list.

    Args:
        function: A method that lists, as ``notion.users.list`` or ``notion.search``.
        *args: What it is called with.
        **kwargs: What it is called with, as ``page_size=50``.

    Raises:
        ConfigurationError: The method does not list, or is called with a wrong value.
    """
    return await _listing(function, *args, **kwargs).collect()


async_iterate_paginated_api = iterate_paginated_api
async_collect_paginated_api = collect_paginated_api


def _listing(function: Callable[P, Pager[T]], *args: P.args, **kwargs: P.kwargs) -> Pager[T]:
    listing: object = function(*args, **kwargs)
    if isinstance(listing, Pager):
        return listing
    if isinstance(listing, Coroutine):
        listing.close()  # nobody will await it
    name = getattr(function, "__qualname__", type(function).__name__)
    raise ConfigurationError(
        f"{name} returns no listing: pass a method that does, as notion.users.list, without "
        "calling it"
    )


def iterate_data_source_templates(
    function: Callable[P, Pager[DataSourceTemplate]], *args: P.args, **kwargs: P.kwargs
) -> AsyncIterator[DataSourceTemplate]:
    """Yield the templates of a data source.

    Args:
        function: ``notion.data_sources.list_templates``.
        *args: The data source.
        **kwargs: As ``data_source_id=…``, ``name=…``.
    """
    return iterate_paginated_api(function, *args, **kwargs)


async def collect_data_source_templates(
    function: Callable[P, Pager[DataSourceTemplate]], *args: P.args, **kwargs: P.kwargs
) -> list[DataSourceTemplate]:
    """Return the templates of a data source in a list.

    Args:
        function: ``notion.data_sources.list_templates``.
        *args: The data source.
        **kwargs: As ``data_source_id=…``, ``name=…``.
    """
    return await collect_paginated_api(function, *args, **kwargs)


async_iterate_data_source_templates = iterate_data_source_templates
async_collect_data_source_templates = collect_data_source_templates


def iterate_all_data_source_rows(
    client: AsyncClient,
    data_source_id: str,
    *,
    filter: Maybe[Mapping[str, object]] = UNSET,
    filter_properties: Maybe[Sequence[str]] = UNSET,
) -> AsyncIterator[Page | DataSource]:
    """Yield every row of a data source, oldest first, past the 10,000 at which Notion cuts.

    Args:
        client: What asks Notion.
        data_source_id: The data source.
        filter: Which rows, as Notion's documentation writes it.
        filter_properties: Return only the properties with these ids or names.

    Raises:
        IncompleteResult: Notion has cut a query, and there is no way on.
    """
    rows = client.data_sources.scan(
        data_source_id, filter=filter, filter_properties=filter_properties
    )
    return aiter(rows)


async def collect_all_data_source_rows(
    client: AsyncClient,
    data_source_id: str,
    *,
    filter: Maybe[Mapping[str, object]] = UNSET,
    filter_properties: Maybe[Sequence[str]] = UNSET,
) -> list[Page | DataSource]:
    """Return every row of a data source in a list, as `iterate_all_data_source_rows`.

    All of them are held at once: iterate where there are many.

    Args:
        client: What asks Notion.
        data_source_id: The data source.
        filter: Which rows, as Notion's documentation writes it.
        filter_properties: Return only the properties with these ids or names.

    Raises:
        IncompleteResult: Notion has cut a query, and there is no way on.
    """
    rows = iterate_all_data_source_rows(
        client, data_source_id, filter=filter, filter_properties=filter_properties
    )
    return [row async for row in rows]


def is_full_page(response: Object) -> TypeGuard[Page]:
    """Tell whether this is a page with all its fields.

    Where a capability is missing Notion sends partial objects, of little more than an id; the
    fields that did not come raise `AttributeError` when they are read.
    """
    return isinstance(_object(response), Page) and _is_dated(response)


def is_full_block(response: Object) -> TypeGuard[Block]:
    """Tell whether this is a block with all its fields, as `is_full_page`."""
    return isinstance(_object(response), Block) and _is_dated(response)


def is_full_data_source(response: Object) -> TypeGuard[DataSource]:
    """Tell whether this is a data source with all its fields, as `is_full_page`."""
    return isinstance(_object(response), DataSource) and _is_dated(response)


def is_full_database(response: Object) -> TypeGuard[Database]:
    """Tell whether this is a database with all its fields, as `is_full_page`."""
    return isinstance(_object(response), Database) and _is_dated(response)


def is_full_page_or_data_source(response: Object) -> TypeGuard[Page | DataSource]:
    """Tell whether this is a page or a data source with all its fields, as `is_full_page`."""
    return is_full_page(response) or is_full_data_source(response)


def is_full_comment(response: Object) -> TypeGuard[Comment]:
    """Tell whether this is a comment with all its fields, as `is_full_page`."""
    return isinstance(_object(response), Comment) and _is_dated(response)


def is_full_view(response: Object) -> TypeGuard[View]:
    """Tell whether this is a view with all its fields, as `is_full_page`."""
    return isinstance(_object(response), View) and _is_dated(response)


def is_full_user(response: Object) -> TypeGuard[User]:
    """Tell whether this is a user with all its fields, not a reference of an id alone."""
    found = _object(response)
    return isinstance(found, User) and found.type is not UNSET


def _is_dated(response: Object) -> bool:
    # Notion dates every whole object and no partial one.
    return getattr(response, "created_time", UNSET) is not UNSET


def _object(response: Object) -> Object:
    if isinstance(response, Mapping):
        raise ConfigurationError(
            "that is plain JSON, as of notion.request: make an object of it with structure()"
        )
    return response
