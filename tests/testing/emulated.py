"""A raw client, and small objects to load: what the tests of the emulator have in common."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp

from notion_async.testing import Emulator

NEW = "2026-03-11"
OLD = "2025-09-03"
NOW = datetime(2026, 5, 17, 10, 42, 31, tzinfo=UTC)
MINUTE = "2026-05-17T10:42:00.000Z"
EARLIER = "2026-05-01T08:00:00.000Z"

Object = dict[str, Any]


def uid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


class Raw:
    """Sends requests as they are given, and returns status and JSON."""

    def __init__(self, emulator: Emulator, session: aiohttp.ClientSession) -> None:
        self.emulator = emulator
        self.session = session

    async def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        version: str | None = NEW,
        token: str | None = None,
        data: bytes | None = None,
    ) -> tuple[int, Object]:
        status, answer, _ = await self.exchange(
            method, path, body, version=version, token=token, data=data
        )
        return status, answer

    async def exchange(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        version: str | None = NEW,
        token: str | None = None,
        data: bytes | None = None,
    ) -> tuple[int, Object, Mapping[str, str]]:
        headers = {"Authorization": f"Bearer {token or self.emulator.token}"}
        if version is not None:
            headers["Notion-Version"] = version
        async with self.session.request(
            method, self.emulator.base_url + path, headers=headers, json=body, data=data
        ) as response:
            return response.status, await response.json(), response.headers

    async def get(self, path: str, **options: Any) -> Object:
        return await self.ok("GET", path, **options)

    async def post(self, path: str, body: object = None, **options: Any) -> Object:
        return await self.ok("POST", path, {} if body is None else body, **options)

    async def patch(self, path: str, body: object, **options: Any) -> Object:
        return await self.ok("PATCH", path, body, **options)

    async def delete(self, path: str) -> Object:
        return await self.ok("DELETE", path)

    async def ok(self, method: str, path: str, body: object = None, **options: Any) -> Object:
        status, answer = await self.send(method, path, body, **options)
        assert status == 200, answer
        return answer

    async def refused(
        self, method: str, path: str, body: object = None, **options: Any
    ) -> tuple[str, str]:
        """Return code and message of a validation error."""
        status, answer = await self.send(method, path, body, **options)
        assert status == 400, answer
        assert set(answer) == {"object", "status", "code", "message", "request_id"}
        return answer["code"], answer["message"]

    async def wrong(self, method: str, path: str, body: object = None, **options: Any) -> str:
        code, message = await self.refused(method, path, body, **options)
        assert code == "validation_error"
        return message

    async def ids(self, method: str, path: str, body: Object | None = None) -> list[str]:
        """Return the ids of a listing, page after page."""
        found: list[str] = []
        cursor: str | None = None
        while True:
            if method == "GET":
                mark = "&" if "?" in path else "?"
                address = path + (f"{mark}start_cursor={cursor}" if cursor else "")
                answer = await self.get(address)
            else:
                extra = {"start_cursor": cursor} if cursor else {}
                answer = await self.post(path, {**(body or {}), **extra})
            found += [one["id"] for one in answer["results"]]
            cursor = answer["next_cursor"]
            assert answer["has_more"] is (cursor is not None)
            if cursor is None:
                return found


@asynccontextmanager
async def emulated(*objects: Object, **options: Any) -> AsyncIterator[Raw]:
    options = {"budget": None, "wall": lambda: NOW, **options}
    emulator = Emulator(**options)
    emulator.load(objects)
    async with emulator, aiohttp.ClientSession() as session:
        yield Raw(emulator, session)


def stamps(created: str = EARLIER) -> Object:
    author = {"object": "user", "id": uid("ada")}
    return {
        "created_time": created,
        "last_edited_time": created,
        "created_by": author,
        "last_edited_by": author,
    }


def words(text: str) -> list[Object]:
    style = dict.fromkeys(("bold", "italic", "strikethrough", "underline", "code"), False)
    return [
        {
            "type": "text",
            "text": {"content": text, "link": None},
            "annotations": {**style, "color": "default"},
            "plain_text": text,
            "href": None,
        }
    ]


def workspace() -> Object:
    return {"type": "workspace", "workspace": True}


def under(kind: str, name: str) -> Object:
    return {"type": kind, kind: uid(name)}


def page(name: str, parent: Object | None = None, **fields: Any) -> Object:
    created = fields.pop("created", EARLIER)
    return {
        "object": "page",
        "id": uid(name),
        **stamps(created),
        "cover": None,
        "icon": None,
        "parent": parent or workspace(),
        "in_trash": False,
        "is_archived": False,
        "is_locked": False,
        "properties": {"title": {"id": "title", "type": "title", "title": words(name)}},
        "url": f"https://app.notion.com/p/{uid(name)}",
        "public_url": None,
        **fields,
    }


def block(name: str, parent: Object, kind: str = "paragraph", **fields: Any) -> Object:
    icon: Object = {"icon": None} if kind in ("paragraph", "callout") else {}
    content = fields.pop("content", {"rich_text": words(name), **icon, "color": "default"})
    return {
        "object": "block",
        "id": uid(name),
        "parent": parent,
        **stamps(),
        "has_children": False,
        "in_trash": False,
        "type": kind,
        kind: content,
        **fields,
    }


def database(name: str, parent: Object | None = None, sources: tuple[str, ...] = ()) -> Object:
    return {
        "object": "database",
        "id": uid(name),
        "title": words(name),
        "description": [],
        "parent": parent or workspace(),
        "is_inline": False,
        "in_trash": False,
        "is_locked": False,
        "created_time": "2026-05-01T08:00:57.778+00:00",
        "last_edited_time": "2026-05-01T08:00:57.778+00:00",
        "data_sources": [{"id": uid(source), "name": source} for source in sources],
        "icon": None,
        "cover": None,
        "url": f"https://app.notion.com/p/{uid(name)}",
        "public_url": None,
    }


def data_source(name: str, container: str, properties: Object | None = None) -> Object:
    title: Object = {
        "id": "title",
        "name": "Name",
        "description": None,
        "type": "title",
        "title": {},
    }
    return {
        "object": "data_source",
        "id": uid(name),
        **stamps(),
        "title": words(name),
        "description": [],
        "properties": {"Name": title} if properties is None else properties,
        "parent": under("database_id", container),
        "database_parent": workspace(),
        "is_inline": False,
        "in_trash": False,
        "icon": None,
        "cover": None,
        "url": f"https://app.notion.com/p/{uid(name)}",
        "public_url": None,
    }


def row(
    name: str,
    source: str,
    properties: Object | None = None,
    *,
    container: str = "Tasks",
    **fields: Any,
) -> Object:
    title = {"id": "title", "type": "title", "title": words(name)}
    parent = {**under("data_source_id", source), "database_id": uid(container)}
    return page(
        name,
        parent,
        properties={"Name": title, **(properties or {})},
        **fields,
    )


def comment(name: str, parent: Object) -> Object:
    return {
        "object": "comment",
        "id": uid(name),
        "parent": parent,
        "discussion_id": uid(f"discussion of {name}"),
        "created_time": EARLIER,
        "last_edited_time": EARLIER,
        "created_by": {"object": "user", "id": uid("ada")},
        "rich_text": words(name),
        "display_name": {"type": "user", "resolved_name": "Ada"},
    }


def person(name: str) -> Object:
    return {
        "object": "user",
        "id": uid(name),
        "name": name.title(),
        "avatar_url": None,
        "type": "person",
        "person": {"email": f"{name}@example.com"},
    }


def custom_emoji(name: str) -> Object:
    return {
        "object": "custom_emoji",
        "id": uid(name),
        "name": name,
        "url": f"https://example.com/{name}.png",
    }
