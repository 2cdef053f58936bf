"""A Notion that only takes files: it counts and hashes what it gets, and keeps none of it.

Run as a program, it serves until its input ends, and then says what it got.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import sys
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from typing import Any

import attrs
from aiohttp import BodyPartReader, web

MIB = 1024 * 1024
ID = "0f0f0f0f-0000-4000-8000-000000000000"
SMALL = b"This is test file content"
LARGE = bytes(range(256)) * 4096 * 25  # 25 MiB: two parts of 10, and one of 5
PARTS = [LARGE[: 10 * MIB], LARGE[10 * MIB : 20 * MIB], LARGE[20 * MIB :]]


def hashes(contents: Iterable[bytes]) -> list[str]:
    return [hashlib.sha256(content).hexdigest() for content in contents]


async def stream(content: bytes, size: int = 100_000) -> AsyncGenerator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


@attrs.define
class Part:
    """One part, as it arrived."""

    size: int
    sha256: str
    filename: str | None
    content_type: str


@attrs.define
class Receiver:
    """Takes one upload after the other, all under the same id."""

    limit: int | None = None
    """What `users.me` says is the largest file."""
    breaks: dict[tuple[str, int], str] = attrs.field(factory=dict)
    """Which request goes wrong, by its step and its number: ``before`` or ``after`` it counts."""
    refused: set[int] = attrs.field(factory=set)
    """Which parts are not accepted."""
    pending: int = 0
    """How often an upload that has arrived whole is still shown as pending."""
    created: dict[str, Any] = attrs.field(factory=dict)
    status: str = "pending"
    parts: dict[int, Part] = attrs.field(factory=dict)
    requests: Counter[str] = attrs.field(factory=Counter)
    received: Counter[int] = attrs.field(factory=Counter)
    """How often each part arrived whole."""
    in_flight: int = 0
    most_in_flight: int = 0
    url: str = ""

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts.values())

    def digests(self) -> list[str]:
        return [self.parts[number].sha256 for number in sorted(self.parts)]

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/v1/users/me", self.me)
        application.router.add_post("/v1/file_uploads", self.create)
        application.router.add_get("/v1/file_uploads/{id}", self.retrieve)
        application.router.add_post("/v1/file_uploads/{id}/send", self.send)
        application.router.add_post("/v1/file_uploads/{id}/complete", self.complete)
        return application

    async def me(self, _: web.Request) -> web.Response:
        self.requests["me"] += 1
        bot = {"owner": {"type": "workspace", "workspace": True}}
        if self.limit is not None:
            bot["workspace_limits"] = {"max_file_upload_size_in_bytes": self.limit}
        return web.json_response({"object": "user", "id": ID, "type": "bot", "bot": bot})

    async def create(self, request: web.Request) -> web.Response:
        self.requests["create"] += 1
        self.created = await request.json()
        self.status = "pending"
        self.parts.clear()
        return self._shown()

    async def retrieve(self, _: web.Request) -> web.Response:
        self.requests["retrieve"] += 1
        return self._shown()

    async def send(self, request: web.Request) -> web.StreamResponse:
        self.requests["send"] += 1
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._receive(request)
        finally:
            self.in_flight -= 1

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        number = 1
        part: Part | None = None
        form = await request.multipart()
        while (field := await form.next()) is not None:
            assert isinstance(field, BodyPartReader)
            if field.name == "part_number":
                number = int(await field.text())
                continue
            assert field.name == "file"
            if self.breaks.get(("send", number)) == "before":
                del self.breaks["send", number]
                await field.read_chunk(MIB)
                return self._hang_up(request)
            part = await self._hashed(field)
        if self.status != "pending" or number in self.refused:
            return self._refusal("This part is not wanted.")
        assert part is not None
        self.parts[number] = part
        self.received[number] += 1
        if self.created["mode"] == "single_part":
            self.status = "uploaded"
        if self.breaks.pop(("send", number), None) == "after":
            return self._hang_up(request)
        return self._shown()

    async def _hashed(self, field: BodyPartReader) -> Part:
        hashed, size = hashlib.sha256(), 0
        while chunk := await field.read_chunk(MIB // 4):
            hashed.update(chunk)
            size += len(chunk)
        return Part(size, hashed.hexdigest(), field.filename, field.headers["Content-Type"])

    async def complete(self, request: web.Request) -> web.StreamResponse:
        self.requests["complete"] += 1
        breaks = self.breaks.pop(("complete", 1), None)
        if breaks == "before":
            return self._hang_up(request)
        if self.status != "pending":
            return self._refusal("This file has been completed already.")
        total = self.created["number_of_parts"]
        if sorted(self.parts) != list(range(1, total + 1)):
            return self._refusal("Parts are missing.")
        sizes = [self.parts[number].size for number in range(1, total + 1)]
        if any(not 5 * MIB <= size <= 20 * MIB for size in sizes[:-1]) or sizes[-1] > 20 * MIB:
            return self._refusal("Parts have from 5 to 20 MiB.")
        self.status = "uploaded"
        return self._hang_up(request) if breaks == "after" else self._shown()

    def _shown(self) -> web.Response:
        arrived = self.status == "uploaded"
        shown = {
            "object": "file_upload",
            "id": ID,
            "created_time": "2026-07-04T09:11:00.000Z",
            "last_edited_time": "2026-07-04T09:11:00.000Z",
            "status": "pending" if arrived and self.pending else self.status,
            "filename": self.created.get("filename"),
            "content_type": self.created.get("content_type"),
            "content_length": self.size if arrived else None,
        }
        if arrived and self.pending:
            self.pending -= 1
        return web.json_response(shown)

    def _refusal(self, message: str) -> web.Response:
        error = {"object": "error", "status": 400, "code": "validation_error", "message": message}
        return web.json_response(error, status=400)

    def _hang_up(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()


@contextlib.asynccontextmanager
async def receiving(receiver: Receiver) -> AsyncIterator[Receiver]:
    """Serve a receiver on loopback."""
    runner = web.AppRunner(receiver.application())
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield receiver
    finally:
        await runner.cleanup()


async def main() -> None:
    async with receiving(Receiver()) as receiver:
        sys.stdout.write(f"{receiver.url}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)
    sys.stdout.write(json.dumps({"size": receiver.size, "digests": receiver.digests()}))


if __name__ == "__main__":
    asyncio.run(main())
