"""Notes of meetings, which Notion transcribes and sums up.

Notion's pages: https://developers.notion.com/reference/create-meeting-note and
https://developers.notion.com/reference/query-meeting-notes
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from notion_async import endpoints
from notion_async.models import Block, ObjectList
from notion_async.resources._resource import ParentLike, Resource, whole
from notion_async.resources._writing import parent as parent_of
from notion_async.types import UNSET, Maybe


class MeetingNotes(Resource):
    """Create and find notes of meetings."""

    __slots__ = ()

    async def create(
        self,
        *,
        source: Mapping[str, object],
        parent: Maybe[ParentLike] = UNSET,
        title: Maybe[str] = UNSET,
        language: Maybe[str] = UNSET,
        options: Maybe[Mapping[str, object]] = UNSET,
    ) -> Block:
        """Create notes of a meeting from a recording, and return their block.

        Notion writes them in its own time: `MeetingNotes.status` of the block says how far it is.

        Args:
            source: ``{"type": "file_upload", "file_upload_id": …}`` for a finished upload, or
                ``{"type": "block", "block_id": …}`` for a recording in a block.
            parent: The page they go into; only with an upload.
            title: Their title.
            language: What is spoken, as ``en`` or ``zh-CN``; ``auto`` finds out.
            options: ``{"kickoff_summary": True}`` has the summary written, too.

        Raises:
            WriteOutcomeUnknown: The answer was lost, and Notion did not say what it has created:
                look before you create them again.
            ValidationError: Notion does not accept the recording.
        """
        return await self._send(
            endpoints.BLOCKS_CREATE_MEETING_NOTES,
            Block.from_json,
            {},
            query={},
            body={
                "source": source,
                "parent": parent_of(parent),
                "title": title,
                "language": language,
                "options": options,
            },
        )

    async def query(
        self,
        *,
        filter: Maybe[Mapping[str, object]] = UNSET,
        sort: Maybe[Sequence[Mapping[str, object]]] = UNSET,
        limit: Maybe[int] = UNSET,
    ) -> ObjectList[Block]:
        """Return the blocks of meeting notes that match, as many as `limit` says.

        There is no cursor: where `has_more` is true, the others are found only with a higher
        limit or a narrower filter.

        Args:
            filter: Which notes: ``{"operator": "and", "filters": [{"property": …, "filter":
                {"operator": …, "value": …}}]}``.
            sort: ``[{"property": "created_time", "direction": "descending"}]``.
            limit: How many at most; Notion takes 50.
        """
        return await self._send(
            endpoints.BLOCKS_QUERY_MEETING_NOTES,
            _blocks,
            {},
            query={},
            body={"filter": filter, "sort": sort, "limit": limit},
        )


def _blocks(text: bytes) -> ObjectList[Block]:
    return whole(ObjectList.of(text, Block.from_json), text)
