"""Databases.

Notion's pages: https://developers.notion.com/reference/database and the pages beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

from notion_async import endpoints
from notion_async.models import Database
from notion_async.resources._resource import CoverLike, IconLike, ParentLike, Resource
from notion_async.resources._writing import RichTextLike, picture, rich_text
from notion_async.resources._writing import initial_data_source as data_source_of
from notion_async.resources._writing import parent as parent_of
from notion_async.types import UNSET, Maybe


class Databases(Resource):
    """Read, create and change databases; their columns are those of their data sources."""

    __slots__ = ()

    async def retrieve(self, database_id: str) -> Database:
        """Return a database; its rows are in the `data_sources` it names.

        Raises:
            ObjectNotFoundError: There is no such database, or it is not shared with the
                connection.
        """
        return await self._send(
            endpoints.DATABASES_RETRIEVE,
            Database.from_json,
            {"database_id": database_id},
            query={},
            body=None,
        )

    async def create(
        self,
        *,
        parent: ParentLike,
        title: Maybe[RichTextLike] = UNSET,
        description: Maybe[RichTextLike] = UNSET,
        is_inline: Maybe[bool] = UNSET,
        initial_data_source: Maybe[Mapping[str, object]] = UNSET,
        icon: Maybe[IconLike] = UNSET,
        cover: Maybe[CoverLike] = UNSET,
    ) -> Database:
        """Create a database with one data source and one view.  It is never created twice.

        Args:
            parent: The page it goes into; ``Parent(workspace=True)`` for a private one of the
                user (only for public connections and personal access tokens).
            title: Its title.
            description: What is written below the title.
            is_inline: Whether it shows its rows in the page it lies in.
            initial_data_source: ``{"properties": …}``: the columns of its data source by name,
                as `PropertySchema` or as mappings.  Without it there is a title column alone.
            icon: An emoji or picture.
            cover: A picture above the title; not for a database that is inline.

        Raises:
            WriteOutcomeUnknown: The answer was lost, and Notion did not say what it has created:
                look before you create it again.
            ValidationError: Notion does not accept the database.
        """
        return await self._send(
            endpoints.DATABASES_CREATE,
            Database.from_json,
            {},
            query={},
            body={
                "parent": parent_of(parent),
                "title": rich_text(title),
                "description": rich_text(description),
                "is_inline": is_inline,
                "initial_data_source": data_source_of(initial_data_source),
                "icon": picture(icon),
                "cover": picture(cover),
            },
        )

    async def update(
        self,
        database_id: str,
        *,
        parent: Maybe[ParentLike] = UNSET,
        title: Maybe[RichTextLike] = UNSET,
        description: Maybe[RichTextLike] = UNSET,
        is_inline: Maybe[bool] = UNSET,
        icon: Maybe[IconLike] = UNSET,
        cover: Maybe[CoverLike] = UNSET,
        in_trash: Maybe[bool] = UNSET,
        is_locked: Maybe[bool] = UNSET,
    ) -> Database:
        """Change a database.  What is left out stays as it is.

        Args:
            database_id: The database.
            parent: The page to which it is moved.
            title: Its title.
            description: What is written below the title.
            is_inline: Whether it shows its rows in the page it lies in.
            icon: An emoji or picture.
            cover: A picture above the title; not for a database that is inline.
            in_trash: Whether it is in the trash.
            is_locked: Whether people are kept from editing it.

        Raises:
            ObjectNotFoundError: There is no such database, or it is not shared with the
                connection.
            WriteOutcomeUnknown: The answer was lost, the database is not as it was to be, and
                has been edited meanwhile; or an upload was given.
            ValidationError: Notion does not accept the change.
        """
        return await self._send(
            endpoints.DATABASES_UPDATE,
            Database.from_json,
            {"database_id": database_id},
            query={},
            body={
                "parent": parent_of(parent),
                "title": rich_text(title),
                "description": rich_text(description),
                "is_inline": is_inline,
                "icon": picture(icon),
                "cover": picture(cover),
                "in_trash": in_trash,
                "is_locked": is_locked,
            },
        )
