"""What a connection may do, and how answers look where it may not do all.

Notion: https://developers.notion.com/reference/capabilities
"""

from __future__ import annotations

from typing import Any, Final, Literal

import attrs
import msgspec

from notion_async import endpoints as e
from notion_async.errors import ConfigurationError
from notion_async.testing.checks import Decoded, RefusalError

_READ: Final = (
    e.PAGES_RETRIEVE, e.PAGES_RETRIEVE_PROPERTY, e.PAGES_RETRIEVE_MARKDOWN,
    e.BLOCKS_RETRIEVE, e.BLOCKS_LIST_CHILDREN, e.BLOCKS_QUERY_MEETING_NOTES,
    e.DATABASES_RETRIEVE,
    e.DATA_SOURCES_RETRIEVE, e.DATA_SOURCES_QUERY, e.DATA_SOURCES_LIST_TEMPLATES,
    e.VIEWS_RETRIEVE, e.VIEWS_LIST,
    e.VIEWS_CREATE_QUERY, e.VIEWS_QUERY_RESULTS, e.VIEWS_DELETE_QUERY,
    e.SEARCH,
)  # fmt: skip
_UPDATE: Final = (
    e.PAGES_UPDATE, e.PAGES_MOVE, e.PAGES_UPDATE_MARKDOWN,
    e.BLOCKS_UPDATE, e.BLOCKS_DELETE,
    e.DATABASES_UPDATE, e.DATA_SOURCES_UPDATE,
    e.VIEWS_UPDATE, e.VIEWS_DELETE,
)  # fmt: skip
_INSERT: Final = (
    e.PAGES_CREATE, e.BLOCKS_APPEND_CHILDREN, e.BLOCKS_CREATE_MEETING_NOTES,
    e.DATABASES_CREATE, e.DATA_SOURCES_CREATE, e.VIEWS_CREATE,
)  # fmt: skip
_READ_COMMENTS: Final = (e.COMMENTS_RETRIEVE, e.COMMENTS_LIST)
_INSERT_COMMENTS: Final = (e.COMMENTS_CREATE, e.COMMENTS_UPDATE, e.COMMENTS_DELETE)
_AGENTS: Final = tuple(one for one in e.ALL if one.name.startswith(("agents.", "sessions.")))

# Which endpoints need which one is published for some of them only; the others follow these by
# what they do.  What is in none of the lists needs none.
_NEEDED: Final = {
    endpoint.name: capability
    for capability, group in {
        "read_content": _READ,
        "update_content": _UPDATE,
        "insert_content": _INSERT,
        "read_comments": _READ_COMMENTS,
        "insert_comments": _INSERT_COMMENTS,
        "interact_with_agents": _AGENTS,
    }.items()
    for endpoint in group
}
_WRITE: Final = ("update_content", "insert_content")
_ABOUT_USERS: Final = (e.USERS_LIST.name, e.USERS_RETRIEVE.name)

_OF_PARTIAL: Final = {
    "page": ("object", "id"),
    "block": ("object", "id"),
    "database": ("object", "id"),
    "data_source": ("object", "id", "properties"),
    "view": ("object", "id", "parent", "type"),
    "comment": ("object", "id"),
}
"""What is left of an object that may be written but not read."""

_USER_INFORMATION: Final = ("none", "without_email", "with_email")


@attrs.frozen(kw_only=True)
class Capabilities:
    """What a connection may do, by the names that Notion's developer portal has for it.

    Attributes:
        read_content: See pages, databases and blocks.
        update_content: Change them, and move them to the trash.
        insert_content: Make new ones.
        read_comments: See comments.
        insert_comments: Make comments, and change one's own.
        user_information: ``none``, ``without_email`` or ``with_email``.
        interact_with_agents: Use agents and sessions.
    """

    read_content: bool = True
    update_content: bool = True
    insert_content: bool = True
    read_comments: bool = True
    insert_comments: bool = True
    user_information: Literal["none", "without_email", "with_email"] = "with_email"
    interact_with_agents: bool = True

    def __attrs_post_init__(self) -> None:
        if self.user_information not in _USER_INFORMATION:
            raise ConfigurationError(
                f"user_information is one of {', '.join(_USER_INFORMATION)}, "
                f"not {self.user_information!r}"
            )

    @property
    def scope(self) -> str:
        """Those that there are, as one string.  Which words Notion has for them is not known."""
        names = [name for name in attrs.asdict(self) if getattr(self, name) is True]
        if self.user_information != "none":
            names.append(f"read_user_{self.user_information}")
        return " ".join(names)

    def check(self, endpoint: str) -> None:
        """Let a request through.

        Raises:
            RefusalError: A capability is missing.
        """
        needed = _NEEDED.get(endpoint)
        if needed is not None:
            is_missing = not getattr(self, needed)
        else:
            is_missing = self.user_information == "none" and endpoint in _ABOUT_USERS
        if is_missing:
            raise RefusalError(
                403, "restricted_resource", "Insufficient permissions for this endpoint."
            )

    def shown(self, endpoint: str, answer: bytes, bot: str) -> bytes:
        """Return an answer without what may not be seen; `bot` is the id of one's own."""
        needed = _NEEDED.get(endpoint)
        if needed == "insert_comments":
            is_partial = not self.read_comments
        else:
            is_partial = needed in _WRITE and not self.read_content
        if is_partial:
            return msgspec.json.encode(_partial(msgspec.json.decode(answer)))
        if self.user_information == "with_email" or b'"user"' not in answer:
            return answer
        return msgspec.json.encode(self._without_users(msgspec.json.decode(answer), bot))

    def _without_users(self, value: Any, bot: str) -> Any:
        if isinstance(value, list):
            return [self._without_users(element, bot) for element in value]
        if not isinstance(value, dict):
            return value
        if value.get("object") == "user" and value.get("id") != bot:
            if self.user_information == "none":
                return {"object": "user", "id": value["id"]}
            if isinstance(person := value.get("person"), dict):
                known = {name: one for name, one in person.items() if "email" not in name}
                return {**value, "person": known}
        return {name: self._without_users(one, bot) for name, one in value.items()}


ALL: Final = Capabilities()
"""Everything."""


def _partial(answer: Decoded) -> Decoded:
    # What has no partial form, as the Markdown of a page that was changed, is shown whole.
    if answer.get("object") == "list":
        return {**answer, "results": [_partial(one) for one in answer["results"]]}
    names = _OF_PARTIAL.get(str(answer.get("object")))
    return answer if names is None else {n: answer[n] for n in names if n in answer}
