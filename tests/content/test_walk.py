from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from notion_async.content.walk import Walk
from notion_async.errors import ObjectNotFoundError, ServerError
from tests.front import BROKEN, NOT_FOUND, RESTRICTED, UNSUPPORTED, Asked, Reply, workspace_of
from tests.testing.emulated import Object, block, page, uid, under

IN_PAGE = under("page_id", "page")


def inside(name: str) -> Object:
    return under("block_id", name)


def toggles(count: int) -> list[Object]:
    """A page of toggles, with one paragraph in each."""
    objects = [page("page")]
    for number in range(count):
        objects.append(block(f"toggle {number}", IN_PAGE, "toggle", has_children=True))
        objects.append(block(f"in {number}", inside(f"toggle {number}")))
    return objects


def bush(width: int, depth: int) -> tuple[list[Object], list[tuple[str, int]]]:
    """A page in which every block holds `width` blocks, and what a walk yields."""
    objects, expected = [page("page")], []

    def grow(name: str, parent: Object, level: int) -> None:
        objects.append(block(name, parent, has_children=level < depth))
        expected.append((uid(name), level))
        if level < depth:
            for number in range(width):
                grow(f"{name}.{number}", inside(name), level + 1)

    for number in range(width):
        grow(str(number), IN_PAGE, 0)
    return objects, expected


async def walked(walk: Walk) -> list[tuple[str, int]]:
    async with walk as blocks:
        return [(placed.block.id, placed.depth) async for placed in blocks]


def sockets() -> int:
    return sum(
        str(entry.readlink()).startswith("socket:")
        for entry in Path("/proc/self/fd").iterdir()
        if entry.is_symlink()
    )


@pytest.mark.parametrize("ahead", [0, 1, 8, 100])
async def test_blocks_come_in_document_order_with_their_depth(ahead: int) -> None:
    objects, expected = bush(width=3, depth=3)

    async with workspace_of(*objects) as notion:
        found = await walked(Walk(notion.client, uid("page"), ahead=ahead))

    assert found == expected


async def test_more_than_one_answer_of_children_is_read_in_order() -> None:
    objects = [page("page"), block("list", IN_PAGE, "toggle", has_children=True)]
    objects += [block(f"in {number}", inside("list")) for number in range(205)]
    objects += [block(f"after {number}", IN_PAGE) for number in range(230)]

    async with workspace_of(*objects) as notion:
        found = await walked(Walk(notion.client, uid("page")))

        assert found[1:206] == [(uid(f"in {number}"), 1) for number in range(205)]
        assert found[206:] == [(uid(f"after {number}"), 0) for number in range(230)]
        assert len(notion.asked) == 3 + 3


async def test_there_is_one_request_for_the_page_and_one_for_each_block_with_children() -> None:
    objects, expected = bush(width=3, depth=2)

    async with workspace_of(*objects) as notion:
        found = await walked(Walk(notion.client, uid("page")))

        assert len(found) == len(expected)
        assert len(notion.asked) == 1 + 3 + 9  # the 27 blocks without children cost nothing


async def test_pages_and_databases_in_a_page_are_not_entered() -> None:
    objects = [
        page("page"),
        block("child", IN_PAGE, "child_page", content={"title": "child"}, has_children=True),
        block("in child", under("page_id", "child")),
        block("base", IN_PAGE, "child_database", content={"title": "base"}, has_children=True),
    ]

    async with workspace_of(*objects) as notion:
        found = await walked(Walk(notion.client, uid("page")))

        assert found == [(uid("child"), 0), (uid("base"), 0)]
        assert len(notion.asked) == 1


async def test_pages_in_a_page_are_entered_if_that_is_wanted() -> None:
    objects = [
        page("page"),
        block("child", IN_PAGE, "child_page", content={"title": "child"}, has_children=True),
        block("in child", under("page_id", "child")),
    ]

    async with workspace_of(*objects) as notion:
        found = await walked(Walk(notion.client, uid("page"), enter_documents=True))

    assert found == [(uid("child"), 0), (uid("in child"), 1)]


async def test_copies_that_list_each_other_come_to_an_end() -> None:
    async def swap(asked: Asked) -> Reply | None:
        for one, other in (("one", "other"), ("other", "one")):
            if asked.lists(one):
                found = block(other, inside(one), "synced_block", has_children=True)
                found["synced_block"] = {"synced_from": {"block_id": uid(one)}}
                listing = {"object": "list", "has_more": False, "next_cursor": None}
                return 200, {**listing, "results": [found]}
        return None

    objects = [page("page"), block("one", IN_PAGE, has_children=True)]
    async with workspace_of(*objects, intervene=swap) as notion:
        found = await walked(Walk(notion.client, uid("page")))

        assert found == [(uid("one"), 0), (uid("other"), 1), (uid("one"), 2)]
        assert len(notion.asked) == 3


async def test_a_block_that_lies_in_itself_comes_to_an_end() -> None:
    objects = [block("a", inside("b"), has_children=True)]
    objects += [block("b", inside("a"), has_children=True)]

    async with workspace_of(*objects) as notion:
        found = await walked(Walk(notion.client, uid("a")))

    assert found == [(uid("b"), 0), (uid("a"), 1)]


async def test_a_thousand_levels_need_no_recursion() -> None:
    objects = [page("page"), block("0", IN_PAGE, has_children=True)]
    objects += [
        block(f"{level}", inside(f"{level - 1}"), has_children=level < 999)
        for level in range(1, 1_000)
    ]

    async with workspace_of(*objects) as notion:
        found = await walked(Walk(notion.client, uid("page")))

    assert found == [(uid(str(level)), level) for level in range(1_000)]


@pytest.mark.parametrize("reply", [NOT_FOUND, RESTRICTED, UNSUPPORTED])
@pytest.mark.parametrize("ahead", [0, 8])
async def test_what_cannot_be_entered_is_noted_and_its_siblings_go_on(
    reply: Reply, ahead: int
) -> None:
    async def refuse(asked: Asked) -> Reply | None:
        return reply if asked.lists("toggle 1") else None

    async with workspace_of(*toggles(3), intervene=refuse) as notion:
        walk = Walk(notion.client, uid("page"), ahead=ahead)
        found = await walked(walk)

    assert found == [
        (uid("toggle 0"), 0),
        (uid("in 0"), 1),
        (uid("toggle 1"), 0),
        (uid("toggle 2"), 0),
        (uid("in 2"), 1),
    ]
    (closed,) = walk.unreadable
    assert (closed.block_id, closed.type) == (uid("toggle 1"), "toggle")
    assert closed.error.status == reply[0]


async def test_children_that_vanish_while_they_are_listed_are_noted() -> None:
    async def vanish(asked: Asked) -> Reply | None:
        return NOT_FOUND if asked.lists("list") and "start_cursor" in asked.path else None

    objects = [page("page"), block("list", IN_PAGE, "toggle", has_children=True)]
    objects += [block(f"in {number}", inside("list")) for number in range(101)]
    objects += [block("after", IN_PAGE)]
    async with workspace_of(*objects, intervene=vanish) as notion:
        walk = Walk(notion.client, uid("page"))
        found = await walked(walk)

    assert len(found) == 102
    assert found[-1] == (uid("after"), 0)
    assert [closed.block_id for closed in walk.unreadable] == [uid("list")]


async def test_a_page_that_vanishes_while_it_is_listed_is_an_error() -> None:
    async def vanish(asked: Asked) -> Reply | None:
        return NOT_FOUND if "start_cursor" in asked.path else None

    objects = [page("page"), *(block(f"{number}", IN_PAGE) for number in range(101))]
    async with workspace_of(*objects, intervene=vanish) as notion:
        with pytest.raises(ObjectNotFoundError):
            await walked(Walk(notion.client, uid("page")))


async def test_an_unknown_page_is_an_error() -> None:
    async with workspace_of() as notion:
        with pytest.raises(ObjectNotFoundError):
            await walked(Walk(notion.client, uid("page")))


async def test_a_failure_of_notion_ends_the_walk_and_what_it_began() -> None:
    async def fail(asked: Asked) -> Reply | None:
        return BROKEN if asked.lists("toggle 1") else None

    async with workspace_of(*toggles(20), intervene=fail) as notion:
        before = asyncio.all_tasks()
        with pytest.raises(ServerError):
            await walked(Walk(notion.client, uid("page")))

        assert {task for task in asyncio.all_tasks() - before if _is_ours(task)} == set()


async def test_leaving_early_leaves_no_task_and_no_socket() -> None:
    begun, release = asyncio.Event(), asyncio.Event()

    async def hold(asked: Asked) -> Reply | None:
        if not asked.lists("page"):
            begun.set()
            await release.wait()
        return None

    before = sockets()
    async with workspace_of(*toggles(20), intervene=hold) as notion:
        async with Walk(notion.client, uid("page")) as blocks:
            async for _ in blocks:
                await begun.wait()
                break
        left = {task for task in asyncio.all_tasks() if _is_ours(task)}
        release.set()

    assert left == set()
    assert sockets() == before


def _is_ours(task: asyncio.Task[object]) -> bool:
    return "_Listing.open" in repr(task.get_coro())


@pytest.mark.parametrize("ahead", [0, 1, 4])
async def test_no_more_is_fetched_ahead_than_allowed(ahead: int) -> None:
    async with workspace_of(*toggles(30)) as notion:
        entered = 1
        async with Walk(notion.client, uid("page"), ahead=ahead) as blocks:
            async for placed in blocks:
                entered += placed.depth  # one paragraph in each toggle
                assert len(notion.asked) <= entered + ahead + 1

        assert len(notion.asked) == 31


async def test_lists_are_fetched_at_the_same_time() -> None:
    together, under_way = asyncio.Event(), 0

    async def gather(asked: Asked) -> Reply | None:
        nonlocal under_way
        if not asked.lists("page"):
            under_way += 1
            if under_way == 4:
                together.set()
            await together.wait()  # no answer before four are asked for
        return None

    async with workspace_of(*toggles(4), intervene=gather) as notion:
        found = await walked(Walk(notion.client, uid("page"), ahead=4))

    assert len(found) == 8


async def test_a_walk_can_be_read_piece_by_piece() -> None:
    async with workspace_of(*toggles(2)) as notion, Walk(notion.client, uid("page")) as blocks:
        reader = aiter(blocks)
        first = await anext(reader)
        rest = [placed.block.id async for placed in blocks]

    assert [first.block.id, *rest] == [
        uid(name) for name in ("toggle 0", "in 0", "toggle 1", "in 1")
    ]
