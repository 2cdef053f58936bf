"""Blocks that came by another way: nobody takes them for those of a lost append."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable

import pytest

from notion_async import AsyncClient, ValidationError, WriteOutcomeUnknown
from notion_async.models import BlockContent, Divider, Paragraph, text
from notion_async.resources._appending import blocks_of, blocks_within, id_in
from notion_async.transport.memory import Memory
from tests.clients import virtual_client
from tests.resources.losing import (
    AFTER,
    BEFORE,
    Losing,
    done,
    home,
    left_unknown,
    refusal,
    shown,
)
from tests.testing.emulated import MINUTE, Object, page, uid

CHILDREN: list[BlockContent] = [Paragraph([text("a")]), Divider()]
WRITTEN: list[Object] = [
    {"paragraph": {"rich_text": [{"text": {"content": "a"}}]}},
    {"divider": {}},
]


def a_copy(monkeypatch: pytest.MonkeyPatch, losing: Losing, notion: AsyncClient) -> AsyncClient:
    return notion.with_options(timeout=50.0)


def another_client(
    monkeypatch: pytest.MonkeyPatch,
    losing: Losing,
    notion: AsyncClient,
) -> AsyncClient:
    return virtual_client(monkeypatch, losing.clock, losing, limiter=None)


Second = Callable[[pytest.MonkeyPatch, Losing, AsyncClient], AsyncClient]
second_client = pytest.mark.parametrize("second", [a_copy, another_client])


HOME = {"page_id": uid("home")}
MARKDOWN: Object = {
    "object": "page_markdown",
    "id": uid("home"),
    "markdown": "a",
    "truncated": False,
}


def append(notion: AsyncClient, parent: str = "home") -> Awaitable[object]:
    return notion.blocks.children.append(uid(parent), children=CHILDREN)


@second_client
@pytest.mark.parametrize("faults", [(BEFORE,), (AFTER,), (AFTER, BEFORE), (BEFORE, AFTER)])
async def test_blocks_of_another_client_of_the_token_are_not_adopted(
    monkeypatch: pytest.MonkeyPatch, second: Second, faults: tuple[str, ...]
) -> None:
    losing, first = home(monkeypatch)
    other = second(monkeypatch, losing, first)
    losing.lose("PATCH", *faults)

    found = await done(
        losing, asyncio.gather(append(first), append(other), return_exceptions=True)
    )

    lost = [one for one in found if isinstance(one, WriteOutcomeUnknown)]
    assert len(lost) == len(faults)


@second_client
async def test_blocks_that_another_client_appended_before_are_known_to_be_its_own(
    monkeypatch: pytest.MonkeyPatch, second: Second
) -> None:
    losing, first = home(monkeypatch)
    other = second(monkeypatch, losing, first)
    theirs = await other.blocks.children.append(uid("home"), children=CHILDREN)
    losing.lose("PATCH", BEFORE, AFTER)

    await left_unknown(losing, append(first))
    losing.clock._now += 1000.0
    ours = await done(losing, first.blocks.children.append(uid("home"), children=CHILDREN))

    assert not {one.id for one in ours} & {one.id for one in theirs}


def test_threads_may_remember_at_the_same_time() -> None:
    memory = Memory()
    errors: list[BaseException] = []

    def write(parent: str) -> None:
        try:
            for number in range(300):
                appending = memory.begin(parent, now=float(number))
                memory.is_alone(appending)
                memory.end(appending, [f"{parent} {number}"], now=float(number))
                memory.appended(parent)
        except BaseException as error:
            errors.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=write, args=(str(n),)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)

    assert not errors


# ----------------------------------------------------------- blocks that came with their parent

OTHER: list[BlockContent] = [Paragraph([text("b")])]


async def new_page(notion: AsyncClient) -> str:
    page = await notion.pages.create(parent=HOME, properties={}, children=CHILDREN)
    return page.id


async def new_toggle(notion: AsyncClient) -> str:
    toggle = {"toggle": {"rich_text": [], "children": WRITTEN}}
    [made] = await notion.blocks.children.append(uid("home"), children=[toggle])
    return made.id


async def new_empty_block(notion: AsyncClient) -> str:
    plain, toggle = WRITTEN[0], {"toggle": {"rich_text": [], "children": WRITTEN}}
    made = await notion.blocks.children.append(uid("home"), children=[toggle, plain])
    return made[1].id


New = Callable[[AsyncClient], Awaitable[str]]


@pytest.mark.parametrize("new", [new_page, new_toggle])
@pytest.mark.parametrize("fault", [BEFORE, AFTER])
async def test_blocks_that_came_with_their_parent_are_not_taken_for_appended_ones(
    monkeypatch: pytest.MonkeyPatch, new: New, fault: str
) -> None:
    losing, notion = home(monkeypatch)
    parent = await new(notion)
    losing.lose("PATCH", fault)

    await left_unknown(losing, notion.blocks.children.append(parent, children=CHILDREN))


@pytest.mark.parametrize("new", [new_page, new_toggle, new_empty_block])
async def test_blocks_that_were_appended_to_a_new_parent_are_found(
    monkeypatch: pytest.MonkeyPatch, new: New
) -> None:
    losing, notion = home(monkeypatch)
    parent = (await new(notion)).replace("-", "")
    await notion.blocks.children.append(parent, children=[Paragraph([text("known")])])
    losing.lose("PATCH", AFTER)

    found = await done(losing, notion.blocks.children.append(parent, children=OTHER))

    listed = [one.id async for one in notion.blocks.children.list(parent)]
    assert [one.id for one in found] == listed[-1:]


async def test_blocks_may_have_come_with_a_page_that_another_process_has_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    us = losing.emulator._api.store.author()
    losing.emulator.load([page("theirs", created=MINUTE, created_by=us)])
    losing.lose("PATCH", AFTER)

    await left_unknown(losing, append(notion, "theirs"))


async def test_no_block_of_this_connection_has_come_with_a_page_of_somebody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.emulator.load([page("theirs", created=MINUTE)])
    losing.lose("PATCH", AFTER)

    await done(losing, append(notion, "theirs"))

    assert losing.count("PATCH") == 1


def inserting(notion: AsyncClient) -> Awaitable[object]:
    return notion.pages.update_markdown(uid("home"), insert_content={"content": "a"})


def applying(notion: AsyncClient) -> Awaitable[object]:
    return notion.pages.update(uid("home"), template={"type": "default"})


@pytest.mark.parametrize(("change", "seen"), [(inserting, MARKDOWN), (applying, page("home"))])
async def test_blocks_may_have_come_by_another_change_of_a_page(
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[AsyncClient], Awaitable[object]],
    seen: Object,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", shown(**seen), AFTER)
    await change(notion)

    await left_unknown(losing, append(notion))


@pytest.mark.parametrize("change", [inserting, applying])
async def test_a_change_that_was_refused_has_made_no_blocks(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[AsyncClient], Awaitable[object]]
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", refusal(400, "validation_error"), AFTER)
    with pytest.raises(ValidationError):
        await change(notion)

    await done(losing, append(notion))

    assert losing.count("PATCH") == 2


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (b"{}", 0),
        (b'{"children":[{},{}]}', 2),
        (b'{"properties":{"markdown":{},"template":{}}}', 0),
        (b'{"markdown":"# a"}', None),
        (b'{"template":{"type":"default"}}', None),
        (b'{"children":3}', None),
    ],
)
def test_a_request_tells_with_how_many_blocks_a_page_is_made(
    body: bytes, number: int | None
) -> None:
    assert blocks_of(body) == number


@pytest.mark.parametrize(
    ("body", "within"),
    [
        (b'{"children":[{"divider":{}},{"divider":{}}]}', {}),
        (b'{"children":[{"toggle":{"children":[{},{}]}},{"divider":{}}]}', {"x": 2}),
        (b'{"children":[{"divider":{}},{"toggle":{},"children":[{}]}]}', {"y": 1}),
        (b'{"children":[{"toggle":{"children":[{},{}]}}]}', {"x": None, "y": None}),
        (b'{"children":[3,{"children":[]}]}', {"x": None, "y": None}),
    ],
    ids=["flat", "first", "second", "of another number", "of no blocks"],
)
def test_a_request_tells_with_how_many_blocks_each_block_is_made(
    body: bytes, within: dict[str, int | None]
) -> None:
    assert blocks_within(body, ["x", "y"]) == within


def test_pages_that_are_too_many_are_forgotten_and_not_known_any_more() -> None:
    memory = Memory()
    for number in range(5001):
        memory.created(f"page {number}", number)

    assert memory.made_with("page 0") is None
    assert memory.made_with("page 5000") == 5000


def test_without_an_id_a_page_cannot_be_remembered() -> None:
    assert id_in(b'{"id":"a"}') == "a"
    assert id_in(b'{"object":"page"}') is None
