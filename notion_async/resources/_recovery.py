"""What became of a write whose answer was lost: found out by reading.

What Notion says it has saved is read and returned as if it had been answered.  What sets absolute
values is compared with what is there.  Where reading does not tell, the write stays unknown: it
is never guessed, and never sent a second time unless that is harmless.

Notion's page: https://developers.notion.com/reference/request-limits
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs
import msgspec

from notion_async import endpoints
from notion_async.endpoints import Endpoint, Replay
from notion_async.errors import (
    NotionError,
    NotUniqueError,
    ValidationError,
    WriteOutcomeUnknown,
)
from notion_async.resources._appending import Appended
from notion_async.resources._looking import Found, Looking, minute_before, moment
from notion_async.resources._matching import is_comparable, is_cut, shows_markdown, shows_object
from notion_async.resources._unique import Unique
from notion_async.transport.memory import Appending
from notion_async.transport.message import Request, Response

if TYPE_CHECKING:
    from notion_async.resources._sender import Sender

_Object = dict[str, Any]  # decoded JSON

# Seconds before a look, doubled with each: time for Notion to save what it has got.
_FIRST_PAUSE: Final = 0.5

_PAGE: Final = (endpoints.PAGES_RETRIEVE, "page_id")
_BLOCK: Final = (endpoints.BLOCKS_RETRIEVE, "block_id")
_DATABASE: Final = (endpoints.DATABASES_RETRIEVE, "database_id")
_DATA_SOURCE: Final = (endpoints.DATA_SOURCES_RETRIEVE, "data_source_id")
_VIEW: Final = (endpoints.VIEWS_RETRIEVE, "view_id")
_COMMENT: Final = (endpoints.COMMENTS_RETRIEVE, "comment_id")
_UPLOAD: Final = (endpoints.FILE_UPLOADS_RETRIEVE, "file_upload_id")

_SHOWN_BY: Final[Mapping[str, tuple[Endpoint, str]]] = {
    endpoint.name: (by, name)
    for (by, name), changes in (
        (_PAGE, (endpoints.PAGES_CREATE, endpoints.PAGES_UPDATE, endpoints.PAGES_MOVE)),
        (
            (endpoints.PAGES_RETRIEVE_MARKDOWN, "page_id"),
            (endpoints.PAGES_UPDATE_MARKDOWN,),
        ),
        (
            _BLOCK,
            (
                endpoints.BLOCKS_UPDATE,
                endpoints.BLOCKS_DELETE,
                endpoints.BLOCKS_CREATE_MEETING_NOTES,
            ),
        ),
        (_DATABASE, (endpoints.DATABASES_CREATE, endpoints.DATABASES_UPDATE)),
        (_DATA_SOURCE, (endpoints.DATA_SOURCES_CREATE, endpoints.DATA_SOURCES_UPDATE)),
        (_VIEW, (endpoints.VIEWS_CREATE, endpoints.VIEWS_UPDATE, endpoints.VIEWS_DELETE)),
        (
            _COMMENT,
            (endpoints.COMMENTS_CREATE, endpoints.COMMENTS_UPDATE, endpoints.COMMENTS_DELETE),
        ),
        (_UPLOAD, (endpoints.FILE_UPLOADS_SEND, endpoints.FILE_UPLOADS_COMPLETE)),
    )
    for endpoint in changes
}
"""What shows the object that a request makes or changes, and what it calls the id."""

_LEFT_OF: Final[Mapping[str, tuple[str, str, Mapping[str, object]]]] = {
    "blocks.delete": ("block_id", "id", {"object": "block", "in_trash": True}),
    "comments.delete": ("comment_id", "id", {"object": "comment"}),
    "views.delete": ("view_id", "id", {"object": "view"}),
    "views.queries.delete": ("query_id", "id", {"object": "view_query", "deleted": True}),
    "agents.delete": ("agent_id", "agent_id", {"status": "deleted"}),
}
"""What is known of an object that is gone: what its id is called, before and after."""


@attrs.define
class Recovery:
    """One write, and how to find out what became of it."""

    send: Sender
    endpoint: Endpoint
    request: Request
    target: str
    """The path that is filled, and the query."""
    begun: float
    """When the call began."""
    appending: Appending | None = None
    unique: Unique | None = None
    _looks: int = attrs.field(default=0, init=False)

    @staticmethod
    def knows(endpoint: Endpoint) -> bool:
        """Tell whether it can be found out for such a write."""
        return (
            endpoint.name in _SHOWN_BY
            or endpoint.name in _LEFT_OF
            or endpoint is endpoints.BLOCKS_APPEND_CHILDREN
        )

    async def __call__(
        self, unknown: WriteOutcomeUnknown, *, remaining: float | None
    ) -> Response | None:
        """Return what the call would have been answered with; None: not done, send it again.

        Args:
            unknown: What is known; its cause is what went wrong.
            remaining: Seconds until the call's deadline; None where it has none.

        Raises:
            WriteOutcomeUnknown: It cannot be found out: `unknown`.
            NotUniqueError: There are several rows where one was to be.
            ValidationError: What was to be deleted is there, and Notion does not delete it.
        """
        self._looks += 1
        refusal = unknown.__cause__
        known: NotionError = unknown
        try:
            return await self._answer(unknown, Looking.within(self.send, remaining))
        except NotUniqueError as error:
            error.__cause__ = refusal
            known = error
        except ValidationError as error:
            if error is refusal:
                known = error
        except Exception:  # noqa: S110 - whatever goes wrong in looking, the write stays in doubt
            pass
        raise known

    async def _answer(self, unknown: WriteOutcomeUnknown, looking: Looking) -> Response | None:
        match self.endpoint.replay:
            case Replay.SET:
                return await self._compared(unknown, looking)
            case Replay.DELETE:
                return await self._gone(unknown, looking)
            case Replay.UPLOAD:
                return await self._uploaded(looking)
        if self.appending is not None:
            return await self._appended(self.appending, unknown, looking)
        return await self._created(unknown, looking)

    # ---------------------------------------------------------------------------------- creating

    async def _created(self, unknown: WriteOutcomeUnknown, looking: Looking) -> Response | None:
        """Return what Notion says it has created, or what has the value of its own."""
        if unknown.committed_id is not None and self.endpoint.name in _SHOWN_BY:
            by, name = _SHOWN_BY[self.endpoint.name]
            ids = {name: unknown.committed_id}
            return (await looking.retrieve(by, ids, query=self._query)).response
        if self.unique is None:
            raise unknown
        row, absent = await self.unique.awaited(looking, query=self._query)
        if row is None and not absent:
            raise unknown
        return row

    async def _appended(
        self, appending: Appending, unknown: WriteOutcomeUnknown, looking: Looking
    ) -> Response:
        sent = self._sent().get("children")
        if not isinstance(sent, list) or not all(isinstance(block, dict) for block in sent):
            raise unknown
        appended = Appended(appending, sent)
        if unknown.committed_children:
            answer = await appended.named(unknown.committed_children, looking)
        elif sent and is_comparable(sent):
            answer = await appended.found(looking, self._elapsed())
        else:
            answer = None
        if answer is None:
            raise unknown
        return answer

    # ----------------------------------------------------------------------------------- setting

    async def _compared(self, unknown: WriteOutcomeUnknown, looking: Looking) -> Response | None:
        """Return the object where it is as it was to be; None where it may be set again."""
        # Notion's advice to read instead of repeating: the change may have been saved.
        advised = unknown.status == 503 and "retry_guidance" in unknown.additional_data
        sent = self._sent()
        if not advised and not is_comparable(sent):
            raise unknown
        await looking.wait(0.0 if self._looks == 1 else self._pause(self._looks - 1))
        found = await self._object(looking)
        if not is_comparable(sent) or is_cut(found.data, sent):
            if not advised:
                raise unknown
        elif not self._is_set(found.data, sent):
            if advised:
                raise unknown
            await self._check_editor(found, unknown, looking)
            return None
        if not self._query:
            return found.response
        return (await self._object(looking, query=self._query)).response

    async def _object(self, looking: Looking, *, query: str = "") -> Found[_Object]:
        by, name = _SHOWN_BY[self.endpoint.name]
        return await looking.retrieve(by, {name: self._ids()[name]}, query=query)

    def _is_set(self, found: _Object, sent: _Object) -> bool:
        if self.endpoint.name != endpoints.PAGES_UPDATE_MARKDOWN.name:
            return shows_object(found, sent)
        match sent:
            case {"replace_content": {"new_str": text}}:
                return shows_markdown(found.get("markdown"), text)
        return False

    async def _check_editor(
        self, found: Found[_Object], unknown: WriteOutcomeUnknown, looking: Looking
    ) -> None:
        """See whether setting it again could undo what somebody else has done since.

        Raises:
            WriteOutcomeUnknown: It could.
        """
        if self.endpoint.name == endpoints.COMMENTS_UPDATE.name:
            return  # nobody else can change this connection's comments
        if self.endpoint.name == endpoints.PAGES_UPDATE_MARKDOWN.name:  # Markdown names no editor
            ids = {"page_id": self._ids()["page_id"]}
            found = await looking.retrieve(endpoints.PAGES_RETRIEVE, ids)
        edited = moment(found.data.get("last_edited_time"))
        if edited is None:
            raise unknown
        if edited < minute_before(found.response, self._elapsed()):
            return
        editor = found.data.get("last_edited_by")
        if not isinstance(editor, dict) or editor.get("id") != await looking.bot_id():
            raise unknown

    # ---------------------------------------------------------------------- deleting, uploading

    async def _gone(self, unknown: WriteOutcomeUnknown, looking: Looking) -> Response:
        """Return what is left of an object that was to be deleted, and is not there any more."""
        refusal = unknown.__cause__
        found: Found[_Object] | None = None
        missing = not isinstance(refusal, ValidationError) or _says_trash(refusal)
        if self.endpoint.name in _SHOWN_BY:
            try:
                found = await self._object(looking)
            except NotionError as error:
                if not missing and not _is_missing(error):
                    raise
        elif not missing:
            raise unknown
        if found is None:
            return self._remains(refusal)
        if found.data.get("in_trash", found.data.get("archived")) is True:
            return found.response
        raise refusal if isinstance(refusal, ValidationError) and not missing else unknown

    def _remains(self, refusal: BaseException | None) -> Response:
        name, as_answered, fields = _LEFT_OF[self.endpoint.name]
        body = msgspec.json.encode({**fields, as_answered: self._ids()[name]})
        request_id = getattr(refusal, "request_id", None)
        return Response(200, {"x-notion-request-id": request_id} if request_id else {}, body)

    async def _uploaded(self, looking: Looking) -> Response | None:
        """Return the upload if what was sent has arrived; a part that was sent replaces itself."""
        await looking.wait(self._pause(self._looks))
        found = await self._object(looking)
        if found.data.get("status") == "uploaded":
            return found.response
        if self.endpoint is endpoints.FILE_UPLOADS_SEND:
            match found.data.get("number_of_parts"):
                case {"total": int(total), "sent": int(sent)} if sent >= total:
                    return found.response
        return None

    # ------------------------------------------------------------------------- what is known of it

    @property
    def _query(self) -> str:
        _, mark, query = self.target.partition("?")
        return mark + query

    def _ids(self) -> dict[str, str]:
        segments = self.target.partition("?")[0].split("/")
        return {
            template[1:-1]: segment
            for template, segment in zip(self.endpoint.path.split("/"), segments, strict=True)
            if template.startswith("{")
        }

    def _sent(self) -> _Object:
        body = self.request.body
        return msgspec.json.decode(body, type=_Object) if isinstance(body, bytes) else {}

    def _elapsed(self) -> float:
        return self.send.clock.now() - self.begun

    @staticmethod
    def _pause(look: int) -> float:
        return _FIRST_PAUSE * 2.0 ** min(look - 1, 6)


def _says_trash(refusal: ValidationError) -> bool:
    text = str(refusal).lower()
    return "archived" in text or "trash" in text


def _is_missing(error: NotionError) -> bool:
    return getattr(error, "status", None) == 404
