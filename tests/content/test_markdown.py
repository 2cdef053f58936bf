from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import converters
from notion_async.content.markdown import unknown_blocks, write_markdown
from notion_async.content.tree import Node
from notion_async.models import (
    Block,
    BlockContent,
    BulletedListItem,
    Callout,
    Code,
    Column,
    ColumnList,
    Divider,
    Equation,
    Heading1,
    Heading2,
    Heading4,
    NumberedListItem,
    Paragraph,
    Quote,
    RichText,
    Tab,
    Table,
    TableOfContents,
    TableRow,
    Template,
    ToDo,
    Toggle,
    text,
)
from notion_async.types import JSON, JSONObject

PAGE = "aaaaaaaa-0000-4000-8000-000000000000"
UID = "11111111-2222-4333-8444-555555555555"
OTHER = "99999999-2222-4333-8444-555555555555"
PAGE_URL = f"https://app.notion.com/p/{PAGE.replace('-', '')}"
BLOCK_URL = f"{PAGE_URL}#{UID.replace('-', '')}"
UID_URL = f"https://app.notion.com/p/{UID.replace('-', '')}"
OTHER_URL = f"https://app.notion.com/p/{OTHER.replace('-', '')}"


def node(content: BlockContent, *children: Node) -> Node:
    return Node(Block(content), list(children))


def p(words: str, *children: Node, color: str = "default") -> Node:
    return node(Paragraph([text(words)], color), *children)


def rich(words: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": {"content": words}, "plain_text": words}]


def sent(kind: str, content: JSON, *children: Node, block_id: str = UID, page: str = PAGE) -> Node:
    """A block as Notion sends it."""
    data: JSONObject = {
        "object": "block",
        "id": block_id,
        "parent": {"type": "page_id", "page_id": page},
        "type": kind,
        kind: content,
    }
    return Node(converters.structure(data, Block), list(children))


def media(kind: str, **more: Any) -> Node:
    url = f"https://a.b/{kind}"
    return sent(kind, {"type": "external", "external": {"url": url}, "caption": [], **more})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (p("Hello"), "Hello"),
        (p("Hello", color="red"), 'Hello {color="red"}'),
        (p("Hello", color="gray_background"), 'Hello {color="gray_bg"}'),
        (p("a\nb"), "a<br>b"),
        (p(""), "<empty-block/>"),
        (p(" \t "), "<empty-block/>"),
        (p("# a"), "\\# a"),
        (p("> a"), "\\> a"),
        (p("\ta"), "    a"),
        (node(Heading1([text("a")])), "# a"),
        (node(Heading2([text("a")], "blue")), '## a {color="blue"}'),
        (node(Heading4([text("a")], is_toggleable=True)), '#### a {toggle="true"}'),
        (
            node(Heading1([text("a")], "red_background", is_toggleable=True), p("b")),
            '# a {toggle="true" color="red_bg"}\n\tb',
        ),
        (node(Heading1([text("in C #")])), "# in C \\#"),
        (node(Heading1([text("in C#")])), "# in C#"),
        (node(Heading1([text("##")])), "# \\##"),
        (node(BulletedListItem([text("a")], "red"), p("b")), '- a {color="red"}\n\tb'),
        (node(BulletedListItem([text("- a")])), "- \\- a"),
        (node(ToDo([text("a")])), "- [ ] a"),
        (node(ToDo([text("a")], checked=True)), "- [x] a"),
        (node(Quote([text("a\nb")], "red"), p("c")), '> a<br>b {color="red"}\n\tc'),
        (
            node(Toggle([text("a")], "red"), p("b")),
            '<details color="red">\n<summary>a</summary>\n\tb\n</details>',
        ),
        (node(Callout([text("a")]), p("b")), "<callout>\n\ta\n\tb\n</callout>"),
        (node(Callout([])), "<callout>\n</callout>"),
        (node(Divider()), "---"),
        (node(TableOfContents("gray")), '<table_of_contents color="gray"/>'),
        (node(TableOfContents()), "<table_of_contents/>"),
        (node(Equation("a\nb")), "$$\na\nb\n$$"),
        (node(Equation("a\n$$\nb")), "$$\na\n$ $\nb\n$$"),
        (
            node(ColumnList(), node(Column(), p("a")), node(Column(), p("b"))),
            "<columns>\n\t<column>\n\t\ta\n\t</column>\n\t<column>\n\t\tb\n\t</column>\n</columns>",
        ),
        (
            node(Table(2, has_column_header=True), node(TableRow([[text("a|b")], []]))),
            '<table header-row="true">\n<tr>\n<td>a\\|b</td>\n<td></td>\n</tr>\n</table>',
        ),
        (
            node(Table(1, has_row_header=True)),
            '<table header-column="true">\n</table>',
        ),
        (
            node(Template([text("Add")]), p("b")),
            "<details>\n<summary>Add</summary>\n\tb\n</details>",
        ),
        (
            node(Tab(), node(Paragraph([text("One")], "red"), p("a")), node(Paragraph())),
            '<details color="red">\n<summary>One</summary>\n\ta\n</details>\n'
            "<details>\n<summary></summary>\n</details>",
        ),
        (node(Tab()), ""),
        (sent("paragraph", {"rich_text": rich("a")}), "a"),
        (sent("heading_3", {"rich_text": rich("a")}), "### a"),
        (
            sent("callout", {"rich_text": rich("a"), "icon": {"type": "emoji", "emoji": "💡"}}),
            '<callout icon="💡">\n\ta\n</callout>',
        ),
        (sent("child_page", {"title": "A [b]"}), f'<page url="{UID_URL}">A \\[b\\]</page>'),
        (sent("child_database", {"title": "D"}), f'<database url="{UID_URL}">D</database>'),
        (
            sent("synced_block", {"synced_from": None}, p("a")),
            f'<synced_block url="{BLOCK_URL}">\n\ta\n</synced_block>',
        ),
        (
            sent("synced_block", {"synced_from": {"type": "block_id", "block_id": OTHER}}),
            f'<synced_block_reference url="{OTHER_URL}">\n</synced_block_reference>',
        ),
        (
            sent("link_to_page", {"type": "page_id", "page_id": OTHER}),
            f'<mention-page url="{OTHER_URL}"/>',
        ),
        (
            sent("link_to_page", {"type": "database_id", "database_id": OTHER}),
            f'<mention-database url="{OTHER_URL}"/>',
        ),
        (
            sent("link_to_page", {"type": "comment_id", "comment_id": OTHER}),
            f"[comment]({OTHER_URL})",
        ),
        (sent("link_to_page", {"type": "future_id"}), "<mention-database/>"),
        (media("image"), "![](https://a.b/image)"),
        (media("image", caption=rich("[x]")), "![\\[x\\]](https://a.b/image)"),
        (media("video"), '<video src="https://a.b/video"></video>'),
        (media("audio", caption=rich("a")), '<audio src="https://a.b/audio">a</audio>'),
        (media("pdf"), '<pdf src="https://a.b/pdf"></pdf>'),
        (media("file", name="a*.txt"), '<file src="https://a.b/file">a\\*.txt</file>'),
        (
            media("file", name="a.txt", caption=rich("b")),
            '<file src="https://a.b/file">a.txt: b</file>',
        ),
        (
            sent("file", {"type": "file_upload", "file_upload": {"id": OTHER}, "name": "a"}),
            "<file>a</file>",
        ),
        (sent("bookmark", {"url": "https://a.b"}), "[https://a.b](https://a.b)"),
        (sent("embed", {"url": "https://a.b", "caption": rich("c")}), "[c](https://a.b)"),
        (sent("link_preview", {"url": "https://a.b"}), "[https://a.b](https://a.b)"),
        (sent("bookmark", {"url": "javascript:a"}), "javascript:a"),
        (sent("bookmark", {"url": ""}), "<empty-block/>"),
        (sent("breadcrumb", {}), f'<unknown url="{BLOCK_URL}" alt="breadcrumb"/>'),
        (
            sent("unsupported", {"block_type": "ai_block"}),
            f'<unknown url="{BLOCK_URL}" alt="ai_block"/>',
        ),
        (sent("unsupported", {}), f'<unknown url="{BLOCK_URL}" alt="unsupported"/>'),
        (sent("hologram", 3), f'<unknown url="{BLOCK_URL}" alt="hologram"/>'),
        (sent("meeting_notes", {"title": rich("T")}), "<meeting-notes>\n\tT\n</meeting-notes>"),
        (sent("transcription", {}), "<meeting-notes>\n</meeting-notes>"),
    ],
)
def test_blocks(given: Node, expected: str) -> None:
    assert write_markdown([given]) == expected


def test_nothing_is_nothing() -> None:
    assert write_markdown([]) == ""


def test_a_block_without_id_has_no_url() -> None:
    made = Block(converters.structure({"title": "T"}, Block.kinds["child_page"]))  # type: ignore[arg-type]  # any kind
    assert write_markdown([Node(made)]) == "<page>T</page>"


def test_code_is_literal() -> None:
    code = node(Code([text("a*\n\n\tb"), text("<c>")], "c++", caption=[text("- x")]))

    assert write_markdown([code]) == "```c++\na*\n\n\tb<c>\n```\n\\- x"
    assert write_markdown([code], as_notion=True) == "```c++\na*\n\n\tb<c>\n```"


def test_code_is_indented_as_a_whole() -> None:
    nested = node(BulletedListItem([text("a")]), node(Code([text("b\n  c")], "python")))
    assert write_markdown([nested]) == "- a\n\t```python\n\tb\n\t  c\n\t```"


def test_a_fence_is_longer_than_what_it_holds() -> None:
    assert write_markdown([node(Code([text("````\n")], "x`y"))]) == "`````xy\n````\n\n`````"


def test_numbered_items_count_among_their_siblings() -> None:
    def item(words: str, *children: Node, **more: Any) -> Node:
        return node(NumberedListItem([text(words)], **more), *children)

    nodes = [item("a", item("b"), item("c")), item("d"), p("e"), item("f", list_start_index=5)]
    written = "1. a\n\t1. b\n\t2. c\n2. d\ne\n5. f\n6. g"

    assert write_markdown([*nodes, item("g")]) == written


def test_each_block_has_its_line_whatever_its_neighbours() -> None:
    nodes = [node(BulletedListItem([text("a")])), p("b"), node(Quote([text("c")])), p("d")]
    assert write_markdown(nodes) == "- a\nb\n> c\nd"


def test_the_label_of_a_tab_shows_its_icon() -> None:
    label = sent("paragraph", {"rich_text": rich("L"), "icon": {"type": "emoji", "emoji": "💡"}})
    assert "<summary>💡 L</summary>" in write_markdown([node(Tab(), label)])


def test_children_of_blocks_made_by_hand_are_written() -> None:
    made = Block(Toggle([text("a")], children=[Block(Paragraph([text("b")]))]))
    assert write_markdown([Node(made)]) == "<details>\n<summary>a</summary>\n\tb\n</details>"


def test_children_have_a_place_even_where_the_grammar_has_none() -> None:
    written = write_markdown([node(Heading1([text("a")]), p("b")), sent("new", {}, p("c"))])
    assert written == f'# a\n\tb\n<unknown url="{BLOCK_URL}" alt="new"/>\n\tc'


def test_inline_databases() -> None:
    database = sent("child_database", {"title": "D"})

    assert 'inline="true"' in write_markdown([database], inline_databases={UID})
    assert 'inline="false"' in write_markdown([database], inline_databases=set())


def test_the_parts_of_meeting_notes() -> None:
    parts = {"summary_block_id": "s", "notes_block_id": "n", "transcript_block_id": "t"}
    held = [
        sent("unsupported", {}, p("sum"), block_id="s"),
        sent("paragraph", {"rich_text": []}, p("note"), block_id="n"),
        sent("paragraph", {"rich_text": rich("said")}, block_id="t"),
        p("more"),
    ]
    notes = sent("meeting_notes", {"title": rich("T"), "children": parts}, *held)

    assert write_markdown([notes]) == "\n".join([
        "<meeting-notes>",
        "\tT",
        "\t<summary>",
        "\t\tsum",
        "\t</summary>",
        "\t<notes>",
        "\t\tnote",
        "\t</notes>",
        "\t<transcript>",
        "\t\tsaid",
        "\t</transcript>",
        "\tmore",
        "</meeting-notes>",
    ])  # fmt: skip
    assert unknown_blocks([notes]) == []


# -- as Notion's endpoint ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["bookmark", "embed", "link_preview", "breadcrumb", "template", "hologram"]
)
def test_what_the_endpoint_does_not_write(kind: str) -> None:
    block = sent(kind, {"url": "https://a.b", "rich_text": rich("x")}, p("below"))

    assert unknown_blocks([block]) == [UID]
    assert write_markdown([block], as_notion=True) == f'<unknown url="{BLOCK_URL}" alt="{kind}"/>'


def test_links_to_blocks_name_their_page() -> None:
    deep = sent("breadcrumb", {}, page="")
    in_page = sent("toggle", {"rich_text": []}, deep, block_id=OTHER)
    in_child = sent("child_page", {"title": "C"}, deep, block_id=OTHER)

    assert BLOCK_URL in write_markdown([in_page])
    assert BLOCK_URL in write_markdown([deep], page_id=PAGE)
    assert f'"{OTHER_URL}#' in write_markdown([in_child])
    assert f'url="{UID_URL}"' in write_markdown([deep])


def test_a_block_without_id_is_not_listed() -> None:
    assert unknown_blocks([node(Template([]))]) == []


# -- laws -------------------------------------------------------------------------------------

SHOWS_NOTHING = {"tab"}  # without tabs


@pytest.mark.parametrize("kind", sorted(Block.kinds))
@pytest.mark.parametrize("as_notion", [False, True])
def test_every_kind_is_written(kind: str, as_notion: bool) -> None:
    """Even with nothing in it, as of a partial object."""
    written = write_markdown([sent(kind, {})], as_notion=as_notion)
    assert bool(written) != (kind in SHOWS_NOTHING)


def test_pages_may_nest_very_deep() -> None:
    root = leaf = p("0")
    for depth in range(1, 1500):
        leaf.children.append(deeper := p(str(depth)))
        leaf = deeper
    leaf.children.append(sent("bookmark", {"url": "https://a.b"}))

    lines = write_markdown([root]).split("\n")

    assert lines[:-1] == ["\t" * depth + str(depth) for depth in range(1500)]
    assert unknown_blocks([root]) == [UID]


texts = st.text(
    st.one_of(st.sampled_from(list("\\*~`$[]<>{}|^#-+. 1\t\n")), st.characters(codec="utf-8")),
    max_size=12,
)


@given(texts)
def test_a_text_is_one_line_that_begins_no_block(words: str) -> None:
    written = write_markdown([p(words)])

    assert len(written.splitlines()) == 1
    assert written == "<empty-block/>" or not re.match(
        r"\t|\s*([-+]|#+|\d+[.)])(\s|$)|\s*([-]\s*){3,}$|\s*[>|~`$*{]", written
    )


@given(st.lists(texts, max_size=5), st.sampled_from(["", "\t"]))
def test_one_line_for_each_block(words: list[str], indent: str) -> None:
    kinds = [Paragraph, BulletedListItem, Quote, ToDo, Heading1]
    made = [node(kinds[i % 5]([text(word)], "red")) for i, word in enumerate(words)]
    nodes = [node(Toggle([]), *made)] if indent else made

    lines = write_markdown(nodes).splitlines()
    lines = lines[2:-1] if indent else lines

    assert len(lines) == len(words)
    assert all(line.startswith(indent) for line in lines)


@given(st.text(st.sampled_from("`~\na ")), st.sampled_from([0, 2]))
def test_a_fence_never_ends_early(code: str, depth: int) -> None:
    nodes = [node(Code([text(code)], "python"))]
    for _ in range(depth):
        nodes = [node(BulletedListItem([]), *nodes)]

    lines = [line.removeprefix("\t" * depth) for line in write_markdown(nodes).split("\n")[depth:]]
    fence = lines[0].removesuffix("python")

    assert lines[-1] == fence
    assert "\n".join(lines[1:-1]) == code
    assert not any(line.strip().startswith(fence) for line in lines[1:-1])


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=20))
def test_unknown_blocks_are_those_that_the_endpoint_leaves_out(
    blocks: list[tuple[int, bool]],
) -> None:
    roots: list[Node] = []
    path: list[Node] = []
    for number, (depth, shown) in enumerate(blocks):
        made = sent("quote" if shown else "embed", {"url": "u"}, block_id=f"{number:032x}")
        del path[depth:]
        (path[-1].children if path else roots).append(made)
        path.append(made)

    written = write_markdown(roots, as_notion=True)

    assert re.findall(r"<unknown url=.*?#(\w+)", written) == unknown_blocks(roots)


def test_depth_never_grows_by_more_than_one() -> None:
    nested = node(Callout([text("a")]), node(Tab(), p("b", node(Table(1), node(TableRow([[]]))))))
    depths = [len(line) - len(line.lstrip("\t")) for line in write_markdown([nested]).split("\n")]

    assert all(after - before <= 1 for before, after in pairwise(depths))


def test_captions_that_link_make_no_link_in_a_link() -> None:
    caption: list[RichText] = [text("a", link="https://c.d"), text("b")]
    bookmark = converters.structure(
        {"url": "https://a.b", "caption": converters.request_json(caption)},
        Block.kinds["bookmark"],
    )
    assert write_markdown([Node(Block(bookmark))]) == "[ab](https://a.b)"  # type: ignore[arg-type]  # any kind
