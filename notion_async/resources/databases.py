"""Databases.

Notion's pages: https://developers.notion.com/reference/database and the pages beside it.
"""

from __future__ import annotations

from notion_async import endpoints
from notion_async.models import Database
from notion_async.resources._resource import Resource


class Databases(Resource):
    """Read databases."""

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
