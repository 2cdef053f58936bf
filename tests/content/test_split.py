"""The requests that write a tree: nothing is lost, the order is kept, no limit is broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notion_async.content.branches import grow
from notion_async.content.split import Append, Find, append_steps, page_steps
from notion_async.converters import request_json
from notion_async.errors import ConfigurationError
from notion_async.models import (
    Block,
    Column,
    ColumnList,
    Divider,
    Paragraph,
    Table,
    TableRow,
    text,
)
from tests.content.trees import Reader, Tree, block, shape, table, toggles, trees
from tests.resources.bodies import fits
from tests.testing.emulated import Object

slow = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def planned(children: list[Object]) -> Reader:
    reader = Reader()
    assert reader.read(append_steps(grow(children))) == [shape(child) for child in children]
    return reader


@given(trees())
@slow
def test_a_tree_is_written_whole_and_in_order_within_every_limit(children: list[Object]) -> None:
    planned(children)


@given(trees(), st.integers(0, 499_000))
@slow
def test_so_is_the_content_of_a_new_page(children: list[Object], taken: int) -> None:
    pieces, steps = page_steps(grow(children), taken=taken)
    reader = Reader()
    reader.create([piece.json() for piece in pieces])

    assert reader.read(steps) == [shape(child) for child in children]
    assert sum(piece.size for piece in pieces) + taken <= 499_000


@given(trees(depth=2))
@slow
def test_what_notion_takes_at_once_is_sent_as_it_is_given(children: list[Object]) -> None:
    branches = grow(children)
    small = len(branches) <= 100 and all(branch.fits(0) for branch in branches)
    steps = append_steps(branches)

    if small and sum(branch.weight for branch in branches) <= 1000:
        (step,) = steps
        assert isinstance(step, Append)
        assert [piece.json() for piece in step.pieces] == children


@given(trees())
@slow
def test_no_request_asks_for_ids_but_where_there_are_columns_or_tabs(
    children: list[Object],
) -> None:
    steps = append_steps(grow(children))

    for step in steps:
        if isinstance(step, Find):
            assert step.under.kind in ("column_list", "column", "tab")


@given(children=trees(depth=4))
@slow
def test_requests_have_the_shape_of_notions_published_types(
    shared: Path, children: list[Object]
) -> None:
    for step in append_steps(grow(children)):
        if isinstance(step, Append):
            body = {"children": [piece.json() for piece in step.pieces]}
            fits(shared, "AppendBlockChildrenBodyParameters", body)


@pytest.mark.parametrize(
    ("children", "requests"),
    [
        ([], 0),
        (toggles(1), 1),
        (toggles(100), 1),
        (toggles(101), 2),
        (toggles(1000), 10),
        (toggles(9, 100), 1),
        (toggles(10, 100), 2),  # 1,010 blocks
        (toggles(1, 1, 1), 1),
        (toggles(1, 1, 1, 1), 2),
        (toggles(1, 1, 1, 1, 1, 1, 1), 5),  # one for each block with more than two levels below
        (toggles(3, 3, 3, 3), 1 + 3),
        (toggles(1, 100, 8), 1),
        (toggles(1, 100, 9), 2),  # 1,001 blocks in one
        (toggles(1, 100, 10), 2),  # ten go along, 90 with ten in each follow
        (toggles(1, 100, 25), 3),  # 2,601
        (toggles(1, 101), 2),  # one goes along, 100 follow
        (toggles(1, 250), 3),
        (toggles(5, 150), 1 + 5),
        ([table(100)], 1),
        ([table(250)], 3),
        ([block("toggle", "", table(100))], 1),
        ([block("toggle", "", table(250))], 4),
        ([block("toggle", "", block("toggle", "", table(1)))], 2),
    ],
)
def test_there_are_as_few_requests_as_can_be(children: list[Object], requests: int) -> None:
    reader = planned(children)

    assert (reader.appends, reader.finds) == (requests, 0)


def column(*children: Object) -> Object:
    return block("column", "", *children)


def columns(*of: Object) -> Object:
    return block("column_list", "", *of)


TALL = block("toggle", "a", block("toggle", "b", block("toggle", "c", block("toggle", "d"))))
LEAF = block("divider")


@pytest.mark.parametrize(
    ("children", "requests", "finds"),
    [
        ([columns(column(LEAF), column(LEAF))], 1, 0),
        ([columns(column(*toggles(1, 1)), column(LEAF))], 1, 0),
        ([block("toggle", "", columns(column(LEAF), column(LEAF)))], 2, 0),
        # A column that is too tall: its id is asked for, then that of its first block.
        ([columns(column(TALL), column(LEAF))], 2, 2),
        ([columns(column(LEAF, TALL), column(LEAF))], 3, 1),
        ([columns(column(TALL, TALL, LEAF), column(LEAF))], 3, 2),
        ([columns(column(LEAF, *toggles(250)), column(LEAF))], 3, 1),
        ([columns(column(table(150)), column(table(1)))], 3, 2),
        ([columns(column(block("tab", "", block("paragraph", "t", TALL))), column(LEAF))], 3, 3),
        ([column(TALL)], 2, 1),
        ([column(LEAF, TALL)], 3, 0),
        ([block("tab", "", *(block("paragraph", "t", LEAF) for _ in range(3)))], 1, 0),
        ([block("tab", "", block("paragraph", "t", TALL), block("paragraph", "u"))], 3, 1),
        ([block("toggle", "", block("tab", "", block("paragraph", "t", LEAF)))], 2, 0),
        ([columns(*(column(LEAF) for _ in range(130)))], 2, 0),
        ([columns(column(LEAF), column(LEAF, columns(column(LEAF), column(LEAF))))], 2, 1),
        # 3 columns of 500 blocks: they share what one request takes.
        ([columns(*(column(*toggles(50, 9)) for _ in range(3)))], 3, 1),
    ],
)
def test_columns_tabs_and_tables_are_never_sent_empty(
    children: list[Object], requests: int, finds: int
) -> None:
    reader = planned(children)

    assert (reader.appends, reader.finds) == (requests, finds)


def test_large_blocks_are_sent_in_several_requests() -> None:
    large = [block("paragraph", "x" * 2000, caption=[]) for _ in range(100)]
    for one in large:
        one["paragraph"]["rich_text"] *= 9

    reader = planned(large)  # 1.8 MB

    assert reader.appends == 4


def test_a_table_of_large_rows_is_sent_in_as_many_requests_as_its_size_needs() -> None:
    row = block("table_row", "x" * 2000)
    row["table_row"]["cells"][0] *= 10
    reader = planned([block("table", "", *[row] * 90)])  # 1.8 MB

    assert reader.appends == 4


def test_a_table_goes_with_a_row_at_least_however_large_its_rows() -> None:
    def row_with(last: int) -> Object:
        lengths = [*[2000] * 82, last]
        return block(
            "table_row", cells=[[{"text": {"content": "x" * length}}] for length in lengths]
        )

    (empty,) = grow([row_with(0)])
    row = row_with(166_320 - empty.size)  # three are 498,960 bytes: a request, but for the table

    reader = planned([block("table", "", row, row, row)])

    assert (reader.appends, reader.finds) == (2, 0)


def test_a_new_page_takes_columns_and_what_is_in_them() -> None:
    filled = columns(column(*toggles(3, 3)), column(LEAF, *toggles(1, 1)))

    pieces, steps = page_steps(grow([filled, LEAF]), taken=0)

    assert [piece.json() for piece in pieces] == [filled, LEAF]
    assert steps == []


def test_a_new_page_takes_what_needs_no_ids() -> None:
    pieces, steps = page_steps(grow([LEAF, *toggles(1, 1, 1), TALL, LEAF]), taken=0)

    assert len(pieces) == 2
    assert [type(step) for step in steps] == [Append, Append]


def test_trees_may_be_deeper_than_the_interpreter_recurses() -> None:
    tree = Paragraph([text("0")])
    for _ in range(1_500):
        tree = Paragraph([text("0")], children=[Block(tree)])
    mapping = block("toggle", "0")
    for _ in range(1_500):
        mapping = block("toggle", "0", mapping)

    assert len(append_steps(grow([tree]))) == 1_501 - 2
    assert len(append_steps(grow([mapping]))) == 1_501 - 2


def test_objects_contents_and_mappings_are_written_alike() -> None:
    inner = {"type": "divider", "divider": {}}
    sent = [
        {
            "type": "paragraph",
            "paragraph": {"rich_text": [], "color": "default", "children": [inner]},
        }
    ]
    given: list[object] = [
        Block(Paragraph([], children=[Block(Divider())])),
        Paragraph([], children=[Divider()]),  # type: ignore[list-item]  # accepted, too
        {"paragraph": {"rich_text": [], "color": "default", "children": [Divider()]}},
        {"paragraph": Paragraph([], children=[Block(Divider())])},
        Paragraph([], children=[inner]),  # type: ignore[list-item]  # accepted, too
    ]

    for one in given:
        (step,) = append_steps(grow([one]))
        assert isinstance(step, Append)
        (written,) = [piece.json() for piece in step.pieces]
        assert written["paragraph"] == sent[0]["paragraph"]


def test_what_was_read_is_written_as_the_client_writes_it() -> None:
    made = Block(Paragraph([text("hi")], children=[Block(Divider())]))
    sent: Any = request_json(made)  # JSON of any shape, taken apart below
    sent["paragraph"]["icon"] = None  # as Notion sends it
    read = Block.from_json(json.dumps(sent).encode())

    (step,) = append_steps(grow([read]))

    assert isinstance(step, Append)
    assert step.pieces[0].json() == request_json(made)


@pytest.mark.parametrize(
    ("children", "said"),
    [
        (["text"], r"children\[0\] is of type str: give a Block"),
        ([LEAF, Paragraph([], children=[3])], r"children\[1\]\.children\[0\] is of type int"),  # type: ignore[list-item]  # no block: the point
        ([Table(1)], r"children\[0\] is a table without children"),
        ([ColumnList([Block(Column())])], r"children\[0\]\.children\[0\] is a column without"),
        ([Table(1, children=[Block(Divider())])], "is a divider, but a table holds nothing but"),
        ([block("tab", "", {"x": 1})], "is a block without a type, but a tab holds"),
        (
            [columns(column(columns(column(LEAF), column(TALL))), column(TALL))],
            r"children\[0\]\.children\[0\]\.children\[0\] is a column_list at the beginning",
        ),
        (
            [LEAF, block("toggle", "", block("paragraph", "a\ud800"))],
            r"children\[1\]\.children\[0\] holds half a character",
        ),
        (
            [block("paragraph", "", rich_text=[{"text": {"content": "字" * 2000}}] * 99)],
            r"children\[0\] alone has \d+ bytes, and Notion takes 500 KB",
        ),
    ],
)
def test_what_no_request_can_write_is_named_before_anything_is_sent(
    children: list[object], said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        append_steps(grow(children))


def test_columns_that_are_too_much_for_one_request_are_named() -> None:
    row = TableRow([[text("字" * 2000)] * 80])
    wide = [Column(children=[Block(Table(1, children=[Block(row)]))]) for _ in range(2)]
    tree = ColumnList([Block(column) for column in wide])

    with pytest.raises(ConfigurationError, match=r"children\[0\], a column_list, has to be sent"):
        append_steps(grow([tree]))


def test_a_block_of_a_type_that_is_not_known_keeps_its_children() -> None:
    children: list[Tree] = planned([block("novel", "", TALL, LEAF)]).root

    assert children[0][0] == "novel"
