"""Trees of blocks are written into an emulated workspace, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from notion_async import AsyncClient
from notion_async.content.walk import Walk
from notion_async.content.write import append_children, create_page
from notion_async.errors import (
    ConfigurationError,
    NotionError,
    UnauthorizedError,
    ValidationError,
    WriteOutcomeUnknown,
)
from notion_async.models import (
    Block,
    BlockContent,
    BulletedListItem,
    Callout,
    Column,
    ColumnList,
    Divider,
    Equation,
    Icon,
    Image,
    Paragraph,
    Table,
    TableRow,
    Toggle,
    plain_text,
    text,
)
from notion_async.models.files import ExternalFile
from notion_async.resources._resource import BlockLike
from notion_async.testing import Emulator
from tests.clients import client_of
from tests.content.trees import block, table, toggles
from tests.front import BROKEN, REFUSED, Asked, Reply, Workspace, workspace_of
from tests.testing.emulated import NOW, Object, page, uid, under
from tests.testing.emulated import block as stored

PAGE = uid("page")


def numbered(blocks: Sequence[Object]) -> Iterator[tuple[str, int]]:
    """Yield what a walk has to find: names and depths, in document order."""
    todo = [(one, 0) for one in reversed(blocks)]
    while todo:
        one, depth = todo.pop()
        content = one[one["type"]]
        yield name_of(content), depth
        todo += [(child, depth + 1) for child in reversed(content.get("children", []))]


def name_of(content: Object) -> str:
    runs = content.get("rich_text") or [run for cell in content.get("cells", []) for run in cell]
    return "".join([run["text"]["content"] for run in runs])


async def found(client: AsyncClient, root: str = PAGE) -> list[tuple[str, int]]:
    """Return what is there: names and depths, in document order."""
    async with Walk(client, root) as blocks:
        return [(shown(placed.block), placed.depth) async for placed in blocks]


def shown(one: Block) -> str:
    content = one.content
    if isinstance(content, TableRow):
        return "".join([plain_text(cell) for cell in content.cells])
    return plain_text(getattr(content, "rich_text", ()))


def sent(notion: Workspace) -> list[Any]:
    """Return the bodies that wrote something."""
    return [one.json for one in notion.asked if one.method in ("PATCH", "POST")]


def bush() -> list[Object]:
    """1,203 blocks, seven levels deep."""
    blocks = toggles(1, 2, 3, 3, 3, 3, 4)  # 1 + 2 + 6 + 18 + 54 + 162 + 648
    return [*blocks, *toggles(3, 4, 8), *toggles(201)]


async def test_a_large_tree_is_written_in_order_at_every_depth() -> None:
    blocks = bush()
    expected = list(numbered(blocks))
    assert (len(expected), max(depth for _, depth in expected)) == (1203, 6)

    emulator = Emulator(budget=None, wall=lambda: NOW)
    emulator.load([page("page")])
    async with emulator, client_of(emulator, limiter=None) as client:
        made = await append_children(client, PAGE, blocks)

        # 3 for 205 blocks of the first level, and one for each that has more than two levels
        # below it: 1 + 2 + 6 + 18.
        assert emulator.requests == 3 + 27
        assert {entry.endpoint for entry in emulator.log} == {"blocks.children.append"}
        assert await found(client) == expected
        assert [shown(one) for one in made] == [name for name, depth in expected if depth == 0]


@pytest.mark.parametrize("version", ["2026-03-11", "2025-09-03"])
async def test_blocks_are_inserted_in_the_middle_in_order(version: str) -> None:
    objects = [page("page")]
    objects += [stored(name, under("page_id", "page")) for name in ("before", "after")]
    place = {"type": "after_block", "after_block": {"id": uid("before")}}

    async with workspace_of(*objects, notion_version=version) as notion:
        await append_children(notion.client, PAGE, toggles(230), position=place)

        names = [str(number) for number in range(1, 231)]
        assert [name for name, _ in await found(notion.client)] == ["before", *names, "after"]
        assert notion.count("PATCH", "/children") == 3


async def test_blocks_are_inserted_at_the_start_in_order() -> None:
    objects = [page("page"), stored("after", under("page_id", "page"))]

    async with workspace_of(*objects) as notion:
        await append_children(
            notion.client, PAGE, toggles(101, 1, 1, 1)[99:], position={"type": "start"}
        )
        await append_children(notion.client, PAGE, toggles(101), position={"type": "start"})

        names = [name for name, depth in await found(notion.client) if depth == 0]
        assert names[:101] == [str(number) for number in range(1, 102)]
        assert names[-1] == "after"


async def test_nothing_to_write_sends_nothing() -> None:
    async with workspace_of(page("page")) as notion:
        assert await append_children(notion.client, PAGE, []) == []
        assert notion.asked == []


async def test_what_fits_into_one_request_is_one() -> None:
    blocks = toggles(9, 10, 10)  # 999 blocks

    async with workspace_of(page("page")) as notion:
        await append_children(notion.client, PAGE, blocks)

        assert sent(notion) == [{"children": blocks}]


async def test_a_table_of_250_rows_is_written_whole() -> None:
    async with workspace_of(page("page")) as notion:
        await append_children(notion.client, PAGE, [table(250), block("divider")])

        assert notion.count("PATCH", "/children") == 3
        assert await found(notion.client) == [
            ("", 0),
            *((str(number), 1) for number in range(250)),
            ("", 0),
        ]


async def test_columns_are_filled_after_their_ids_were_asked_for() -> None:
    def tall(name: str) -> Toggle:
        inner = [Block(Toggle([text(f"{name}2")], children=toggles(1, 2)))]  # type: ignore[arg-type]  # mappings are accepted
        return Toggle([text(f"{name}1")], children=inner)

    left = Column(children=[Block(Paragraph([text("a")])), Block(tall("b"))])
    right = Column(children=[Block(tall("c")), Block(Paragraph([text("d")])), Block(tall("e"))])

    async with workspace_of(page("page")) as notion:
        await append_children(notion.client, PAGE, [ColumnList([Block(left), Block(right)])])

        counts = (notion.count("GET", "/children"), notion.count("PATCH", "/children"))
        assert [name for name, _ in await found(notion.client)] == [
            *("", "", "a", "b1", "b2", "1", "2", "3"),
            *("", "c1", "c2", "1", "2", "3", "d", "e1", "e2", "1", "2", "3"),
        ]
        # The columns, the blocks in the right one; the left one, and what is in b1, c1 and e1.
        assert counts == (2, 1 + 1 + 3)


@pytest.mark.parametrize("before", [1999, 2000, 1998, 1997])
async def test_an_emoji_at_the_limit_is_not_cut_in_two(before: int) -> None:
    long = "x" * before + "😀" + "y" * 10

    async with workspace_of(page("page")) as notion:
        await append_children(notion.client, PAGE, [Paragraph([text(long, bold=True)])])

        (runs,) = [body["children"][0]["paragraph"]["rich_text"] for body in sent(notion)]
        assert [len(run["text"]["content"].encode("utf-16-le")) // 2 <= 2000 for run in runs] == [
            True,
            True,
        ]
        assert all(run["annotations"]["bold"] for run in runs)
        assert await found(notion.client) == [(long, 0)]


async def test_every_sort_of_block_can_be_written() -> None:
    blocks: list[BlockLike | BlockContent] = [
        Callout([text("call")], icon=Icon(emoji="🎉"), children=[Block(Divider())]),
        Block(Equation("x^2")),
        Image(external=ExternalFile("https://a.b/c.png"), caption=[text("x" * 2001)]),
        {"code": {"rich_text": [text("y" * 4001)], "language": "python"}},
        Table(1, children=[Block(TableRow([[text("z" * 2001)]]))]),
        BulletedListItem([text("item")], children=[Block(BulletedListItem([text("in it")]))]),
    ]

    async with workspace_of(page("page")) as notion:
        made = await append_children(notion.client, PAGE, blocks)

        assert [one.type for one in made] == [
            *("callout", "equation", "image", "code", "table", "bulleted_list_item")
        ]
        assert len(await found(notion.client)) == 9


async def test_a_page_is_created_with_what_fits_and_the_rest_is_appended() -> None:
    blocks = [*toggles(90, 5), *toggles(1, 1, 1, 1), *toggles(150)]
    title = {"title": [text("A page")]}

    async with workspace_of(page("page")) as notion:
        made = await create_page(
            notion.client, parent={"page_id": PAGE}, properties=title, children=blocks
        )

        assert await found(notion.client, made.id) == list(numbered(blocks))
        assert notion.count("POST", "/pages") == 1
        # 151 blocks, one of which had to go bare.
        assert notion.count("PATCH", "/children") == 3
        assert sent(notion)[0]["children"] == blocks[:90]


@pytest.mark.parametrize("blocks", [[], toggles(100), toggles(10, 9, 10)], ids=len)
async def test_a_page_with_what_fits_is_one_request(blocks: list[Object]) -> None:
    title = {"title": [text("A page")]}

    async with workspace_of(page("page")) as notion:
        made = await create_page(
            notion.client, parent={"page_id": PAGE}, properties=title, children=blocks
        )

        assert len(notion.asked) == 1
        assert await found(notion.client, made.id) == list(numbered(blocks))


async def test_properties_take_their_part_of_what_a_request_may_hold() -> None:
    large = block("paragraph", "x" * 2000)
    large["paragraph"]["rich_text"] *= 10
    title = {"title": [text("t" * 2000) for _ in range(60)]}

    async with workspace_of(page("page")) as notion:
        made = await create_page(
            notion.client, parent={"page_id": PAGE}, properties=title, children=[large] * 24
        )

        assert [len(one.body) <= 500_000 for one in notion.asked] == [True, True]
        assert len(await found(notion.client, made.id)) == 24


# -- what goes wrong --------------------------------------------------------------------------


def failing(number: int, reply: Reply) -> Any:
    """Answer the request of that number, among those that write, in this way."""
    count = 0

    async def intervene(asked: Asked) -> Reply | None:
        nonlocal count
        count += asked.method != "GET"
        return reply if asked.method != "GET" and count == number else None

    return intervene


async def test_what_was_written_before_a_failure_is_told() -> None:
    async with workspace_of(page("page"), intervene=failing(3, BROKEN)) as notion:
        with pytest.raises(WriteOutcomeUnknown) as failure:
            await append_children(notion.client, PAGE, toggles(250, 2))

        there = [one async for one in notion.client.blocks.children.list(PAGE)]

    assert failure.value.__notes__ == [
        "600 of 750 blocks had been written, those of the first level being "
        f"{there[0].id} to {there[199].id}; this request was to write children[200] to "
        "children[249]"
    ]


async def test_a_failure_below_the_first_level_names_the_place() -> None:
    async with workspace_of(page("page"), intervene=failing(2, REFUSED)) as notion:
        with pytest.raises(UnauthorizedError) as failure:
            await append_children(notion.client, PAGE, toggles(1, 1, 1, 1))

    (note,) = failure.value.__notes__
    assert note.startswith("1 of 4 blocks had been written, those of the first level being ")
    assert note.endswith("; this request was to write children[0].children[0]")


async def test_a_failure_of_the_first_request_says_that_nothing_was_written() -> None:
    async with workspace_of(page("page"), intervene=failing(1, REFUSED)) as notion:
        with pytest.raises(UnauthorizedError) as failure:
            await append_children(notion.client, PAGE, toggles(3))

    assert failure.value.__notes__ == [
        "0 of 3 blocks had been written; this request was to write children[0] to children[2]"
    ]


async def test_a_page_that_was_created_is_named_where_its_content_fails() -> None:
    async with workspace_of(page("page"), intervene=failing(2, REFUSED)) as notion:
        with pytest.raises(UnauthorizedError) as failure:
            await create_page(
                notion.client,
                parent={"page_id": PAGE},
                properties={"title": [text("A page")]},
                children=toggles(101),
            )
        (made,) = await notion.client.blocks.children.list(PAGE).collect()

    assert failure.value.__notes__ == [
        "100 of 101 blocks had been written; this request was to write children[100]",
        f"The page had been created: {made.id}",
    ]


async def test_a_write_that_is_cancelled_says_how_far_it_came() -> None:
    begun, release, over = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def hold(asked: Asked) -> Reply | None:
        if "position" in asked.json:
            begun.set()
            await release.wait()
            over.set()
        return None

    async with workspace_of(page("page"), intervene=hold) as notion:
        task = asyncio.create_task(append_children(notion.client, PAGE, toggles(101)))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as stopped:
            await task
        release.set()
        await over.wait()
        assert len(await notion.client.blocks.children.list(PAGE).collect()) >= 100

    (note,) = stopped.value.__notes__
    assert note.startswith("100 of 101 blocks had been written")


async def test_a_block_that_was_moved_meanwhile_is_not_taken_for_another() -> None:
    column = Column(children=[Block(Toggle(children=toggles(1, 1, 1)))])  # type: ignore[arg-type]  # mappings are accepted
    listing = {"object": "list", "has_more": False, "next_cursor": None, "type": "block"}

    async def swap(asked: Asked) -> Reply | None:
        other = stored("other", under("page_id", "page"))
        return (200, {**listing, "results": [other]}) if asked.method == "GET" else None

    async with workspace_of(page("page"), intervene=swap) as notion:
        with pytest.raises(NotionError, match=r"the blocks in children\[0\] \(.*\) are not those"):
            await append_children(notion.client, PAGE, [ColumnList([Block(column)] * 2)])

        assert notion.count("PATCH", "/children") == 1


async def test_an_answer_that_lacks_blocks_is_an_error_not_a_wrong_order() -> None:
    listing = {"object": "list", "has_more": False, "next_cursor": None, "results": []}

    async with workspace_of(page("page"), intervene=failing(1, (200, listing))) as notion:
        with pytest.raises(NotionError, match="answered with 0 blocks where 2 were written"):
            await append_children(notion.client, PAGE, toggles(2))


async def test_what_cannot_be_written_is_refused_before_anything_is_sent() -> None:
    too_long = Paragraph([text(str(number), bold=number % 2 == 0) for number in range(101)])
    blocks: list[BlockLike | BlockContent] = [*toggles(150)]
    blocks.append(Toggle(children=[Block(too_long)]))

    async with workspace_of(page("page")) as notion:
        for write in (
            append_children(notion.client, PAGE, blocks),
            create_page(notion.client, parent={"page_id": PAGE}, children=blocks),
        ):
            with pytest.raises(
                ConfigurationError,
                match=r"children\[150\]\.children\[0\]\.paragraph\.rich_text has 101 runs",
            ):
                await write

        assert notion.asked == []


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        (toggles(1, 101), "children.length should be ≤ `100`"),
        (toggles(1, 1, 1, 1), "toggle.children should be not present"),
        (toggles(11, 99), "children.length should be ≤ `1000`"),
        ([block("paragraph", "x" * 2001)], "content.length should be ≤ `2000`"),
        ([block("paragraph", "x" * 2000)] * 249, "at most 500000 bytes"),
        ([block("table")], "table.children should be defined"),
    ],
)
async def test_the_emulator_refuses_what_is_not_split(blocks: list[Object], words: str) -> None:
    """Without that, the tests above would prove little."""
    if len(blocks) > 100:
        blocks = [block("toggle", "", *blocks[:100]) for _ in range(3)]

    async with workspace_of(page("page")) as notion:
        with pytest.raises(ValidationError) as refused:
            await notion.client.blocks.children.append(PAGE, children=blocks)

    assert words in str(refused.value.args[0])
