"""Enhanced Markdown as blocks: what Notion's endpoint takes, and what this library writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import ConfigurationError
from notion_async.content import blocks_from_markdown, write_markdown
from notion_async.content.tree import Node
from notion_async.models import Block
from notion_async.types import JSON

pytest.importorskip("markdown_it")


def brief(blocks: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return of each block its kind, its text, what else is there, and its children."""
    shown: list[Any] = []
    for block in blocks:
        kind = block["type"]
        content = {**block[kind]}
        runs = content.pop("rich_text", [])
        children = content.pop("children", [])
        text = "".join(run.get("text", {}).get("content", "") for run in runs)
        shown.append([kind, *filter(None, (text, content, brief(children)))])
    return shown


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("a\nb", [["paragraph", "a"], ["paragraph", "b"]]),
        ("a\n\n\nb", [["paragraph", "a"], ["paragraph", "b"]]),
        ("a\n\tb\n\t\tc\nd", [["paragraph", "a", [["paragraph", "b", [["paragraph", "c"]]]]],
                             ["paragraph", "d"]]),
        ("a<br>b", [["paragraph", "a\nb"]]),
        ("<empty-block/>", [["paragraph"]]),
        ("# a", [["heading_1", "a"]]),
        ("## a ##", [["heading_2", "a"]]),
        ("###### a", [["heading_4", "a"]]),
        ('# a {toggle="true" color="red_bg"}\n\tb',
         [["heading_1", "a", {"color": "red_background", "is_toggleable": True},
           [["paragraph", "b"]]]]),
        ("# a\n\tb", [["heading_1", "a"], ["paragraph", "b"]]),
        ("- a\n\t- b", [["bulleted_list_item", "a", [["bulleted_list_item", "b"]]]]),
        ("- a\n- b", [["bulleted_list_item", "a"], ["bulleted_list_item", "b"]]),
        ("3. a", [["numbered_list_item", "a"]]),
        ("- [ ] a", [["to_do", "a", {"checked": False}]]),
        ("- [x] a", [["to_do", "a", {"checked": True}]]),
        ("> a\n> b", [["quote", "a"], ["quote", "b"]]),
        ('a {color="red"}', [["paragraph", "a", {"color": "red"}]]),
        (r'a \{color="red"\}', [["paragraph", 'a {color="red"}']]),
        ("---", [["divider"]]),
        ("```python\nx = 1\n\ty\n```\na",
         [["code", "x = 1\n\ty", {"language": "python"}], ["paragraph", "a"]]),
        ("```\n# no heading\n", [["code", "# no heading\n", {"language": "plain text"}]]),
        ("- a\n\t```\n\tx\n\t\ty\n\t```",
         [["bulleted_list_item", "a", [["code", "x\n\ty", {"language": "plain text"}]]]]),
        ("````\n```\n````", [["code", "```", {"language": "plain text"}]]),
        ("$$\na+b\n$$", [["equation", {"expression": "a+b"}]]),
        ("<details>\n<summary>a</summary>\n\tb\n</details>\nc",
         [["toggle", "a", [["paragraph", "b"]]], ["paragraph", "c"]]),
        ("<details>\n\tb\n</details>", [["toggle", [["paragraph", "b"]]]]),
        ('<callout icon="💡" color="red">\n\ta\n\tb\n</callout>',
         [["callout", "a", {"color": "red", "icon": {"type": "emoji", "emoji": "💡"}},
           [["paragraph", "b"]]]]),
        ("<callout>\n\t- a\n</callout>", [["callout", [["bulleted_list_item", "a"]]]]),
        ("<columns>\n\t<column>\n\t\ta\n\t</column>\n\t<column>\n\t\tb\n\t</column>\n</columns>",
         [["column_list", [["column", [["paragraph", "a"]]], ["column", [["paragraph", "b"]]]]]]),
        ("<synced_block>\n\ta\n</synced_block>",
         [["synced_block", {"synced_from": None}, [["paragraph", "a"]]]]),
        ('<table_of_contents color="gray"/>', [["table_of_contents", {"color": "gray"}]]),
        ("<nothing>", [["paragraph", "<nothing>"]]),
        ("| a", [["paragraph", "| a"]]),
        ("1)", [["numbered_list_item"]]),
    ],
)  # fmt: skip
def test_a_line_is_a_block(markdown: str, expected: object) -> None:
    assert brief(blocks_from_markdown(markdown)) == expected


def cells(blocks: Sequence[Mapping[str, Any]]) -> tuple[Any, list[list[str]]]:
    [table] = [block["table"] for block in blocks]
    rows = [row["table_row"]["cells"] for row in table["children"]]
    texts = [["".join(run["text"]["content"] for run in cell) for cell in row] for row in rows]
    return (table["has_column_header"], table["has_row_header"], table["table_width"]), texts


@pytest.mark.parametrize(
    ("markdown", "looks", "texts"),
    [
        (
            '<table header-row="true">\n<tr>\n<td>a</td>\n<td>b</td>\n</tr>\n</table>',
            (True, False, 2),
            [["a", "b"]],
        ),
        (
            '<table header-column="true"><tr><td>a</td></tr><tr></tr>\n</table>',
            (False, True, 1),
            [["a"], [""]],
        ),
        (r"| a | b\|c |" + "\n|---|:-:|\n| 1 | |", (True, False, 2), [["a", "b|c"], ["1", ""]]),
        ("| a |\n| b |", (False, False, 1), [["a"], ["b"]]),
    ],
)
def test_tables_are_read_from_tags_and_from_pipes(
    markdown: str, looks: object, texts: object
) -> None:
    if markdown.startswith("<table header-column"):
        markdown = markdown.replace("><tr>", ">\n<tr>", 1)

    assert cells(blocks_from_markdown(markdown)) == (looks, texts)


@pytest.mark.parametrize("kind", ["audio", "video", "file", "pdf"])
def test_files_keep_their_address_and_caption(kind: str) -> None:
    [media] = blocks_from_markdown(f'<{kind} src="https://a.b/c?d=1&e=2">a *b*</{kind}>')
    [image] = blocks_from_markdown("![a *b*](https://a.b/c)")

    for block, name, url in (
        (media, kind, "https://a.b/c?d=1&e=2"),
        (image, "image", "https://a.b/c"),
    ):
        content: Any = block[name]
        assert content["external"] == {"url": url}
        assert [run["text"]["content"] for run in content["caption"]] == ["a ", "b"]


def test_pages_and_databases_keep_the_address_they_are_named_by() -> None:
    found = blocks_from_markdown(
        '<page url="https://app.notion.com/p/1">a \\* b</page>\n'
        '<database url="https://app.notion.com/p/2" inline="true">c</database>'
    )

    assert brief(found) == [
        ["child_page", {"title": "a * b", "url": "https://app.notion.com/p/1"}],
        ["child_database", {"title": "c", "url": "https://app.notion.com/p/2"}],
    ]


def test_a_long_text_is_split_and_a_long_formula_refused() -> None:
    [block] = blocks_from_markdown("word " * 1000)
    paragraph: Any = block["paragraph"]

    assert [len(run["text"]["content"]) <= 2000 for run in paragraph["rich_text"]] == [True] * 3
    with pytest.raises(ConfigurationError, match="expression"):
        blocks_from_markdown(f"$$\n{'x' * 1001}\n$$")


def test_what_goes_deeper_than_anybody_writes_is_refused() -> None:
    deep = "\n".join("\t" * depth + "- a" for depth in range(200))

    with pytest.raises(ConfigurationError, match="100 levels"):
        blocks_from_markdown(deep)


SIGNS = [*"\\*~`$[]<>{}|^#-+. 1\t\n", "```", "$$", "- ", "> ", "1. ", "- [ ] "]
TAGS = ["<details>", "<summary>", "</details>", "<callout>", "</callout>", "<columns>",
        "<column>", "</column>", "</columns>", "<table>", "<tr>", "<td>", "</td>", "</tr>",
        "</table>", "<synced_block>", "</synced_block>", "<empty-block/>"]  # fmt: skip
lines = st.lists(st.sampled_from([*SIGNS, "a", "b"]), max_size=8).map("".join)
documents = st.lists(
    st.tuples(st.integers(0, 3), st.one_of(lines, st.sampled_from(TAGS))), max_size=12
).map(lambda found: "\n".join("\t" * depth + line for depth, line in found))


def as_read(value: Any) -> Any:
    """Return blocks as Notion answers them: each run says its text."""
    if isinstance(value, list):
        return [as_read(one) for one in value]
    if not isinstance(value, dict):
        return value
    said = value.get("text")
    shown = {"plain_text": said["content"]} if isinstance(said, dict) else {}
    return {**{name: as_read(one) for name, one in value.items()}, **shown}


def written(blocks: Sequence[Mapping[str, JSON]]) -> str:
    found = [Block.from_json(msgspec.json.encode(as_read(block))) for block in blocks]
    return write_markdown([Node(block) for block in found])


@given(documents)
def test_what_was_read_is_written_and_read_back_as_the_same(markdown: str) -> None:
    blocks = blocks_from_markdown(markdown)

    assert brief(blocks_from_markdown(written(blocks))) == brief(blocks)


@given(st.text())
def test_no_text_is_refused(markdown: str) -> None:
    blocks_from_markdown(markdown)
