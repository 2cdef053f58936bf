"""Blocks as Notion's enhanced Markdown, grammar v1: one line for each block, tabs for depth.

The grammar: https://developers.notion.com/guides/data-apis/enhanced-markdown

It has no place for some of what blocks hold.  Nothing readable is dropped for that:

* a bookmark, embed or link preview is a link on a line of its own;
* tabs and template buttons are toggles: the label hides what lies below;
* the caption of a listing is the line after it;
* children of blocks that have none in the grammar are indented below them;
* what Notion's API does not show is ``<unknown url="…" alt="type"/>``.

Left out are the width of columns, the letters of numbered lists and the times of meetings.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from notion_async.content.inline import (
    BREAK,
    attribute,
    block_start,
    color,
    escape,
    fence_length,
    icon_text,
    inline,
    link,
    page_url,
    said,
)
from notion_async.content.tree import Node
from notion_async.models import (
    Audio,
    Block,
    BlockContent,
    Bookmark,
    Breadcrumb,
    BulletedListItem,
    Callout,
    ChildDatabase,
    ChildPage,
    Code,
    Column,
    ColumnList,
    Divider,
    Embed,
    Equation,
    File,
    Heading1,
    Heading2,
    Heading3,
    Heading4,
    Image,
    LinkPreview,
    LinkToPage,
    MeetingNotes,
    NumberedListItem,
    Paragraph,
    Pdf,
    Quote,
    RichText,
    SyncedBlock,
    Tab,
    Table,
    TableOfContents,
    TableRow,
    Template,
    ToDo,
    Toggle,
    Unsupported,
    Video,
    plain_text,
)
from notion_async.types import UNSET

Heading: TypeAlias = Heading1 | Heading2 | Heading3 | Heading4
Media: TypeAlias = Audio | File | Pdf | Video
Linked: TypeAlias = Bookmark | Embed | LinkPreview

_EMPTY: Final = "<empty-block/>"
# What Notion's own endpoint does not write.
_NOT_WRITTEN: Final = (Bookmark, Embed, LinkPreview, Breadcrumb, Template, Unsupported)


@attrs.frozen
class _Lines:
    """How a block is written: the lines before its children, and after."""

    opening: Sequence[str] = ()
    closing: Sequence[str] = ()
    indent: int = 1


@attrs.frozen
class _At:
    """Where a block stands."""

    block: Block
    page: str
    """The id of its page; empty where it is not known."""
    parent: BlockContent | None
    number: int
    """Its number, if it is an item of a numbered list."""
    as_notion: bool
    inline_databases: Container[str] | None


@attrs.define
class _Level:
    """Siblings that are being written, and how to end what they lie in."""

    nodes: Iterator[Node]
    depth: int
    page: str
    parent: BlockContent | None = None
    closing: Sequence[str] = ()
    number: int = 0
    parts: Mapping[str, str] = attrs.Factory(dict)


def write_markdown(
    nodes: Sequence[Node],
    *,
    page_id: str | None = None,
    as_notion: bool = False,
    inline_databases: Container[str] | None = None,
) -> str:
    """Return blocks as Markdown, without a line break at the end.

    Args:
        nodes: The blocks of a page, or of a block.
        page_id: The page they lie in, for links to them; by default what the blocks say.
        as_notion: Write what Notion's Markdown endpoint writes: ``<unknown …/>`` in the place
            of `unknown_blocks`, and no captions of listings.
        inline_databases: The ids of databases that are shown inline.  Blocks do not say it;
            where this is not given, the attribute is left out.
    """
    return "\n".join(_write(nodes, page_id or "", as_notion, inline_databases)[0])


def unknown_blocks(nodes: Sequence[Node]) -> list[str]:
    """Return the ids of the blocks that Notion's Markdown endpoint does not write.

    What lies in one of them is not listed on its own.
    """
    return _write(nodes, "", True, None)[1]


def _write(
    nodes: Sequence[Node], page: str, as_notion: bool, inline_databases: Container[str] | None
) -> tuple[list[str], list[str]]:
    """Return the lines, and the ids of what Notion does not write.  A loop: pages nest deep."""
    out: list[str] = []
    unknown: list[str] = []
    levels = [_Level(iter(nodes), 0, page)]
    while levels:
        level = levels[-1]
        node = next(level.nodes, None)
        if node is None:
            levels.pop()
            # What closes a level stands where its parent does: at the depth of the level above.
            out += _indented(level.closing, levels[-1].depth if levels else 0)
            continue
        block, content = node.block, node.block.content
        identity, within = said(block, "id"), _page_of(block, level.page)
        part = level.parts.get(identity)
        if part:
            out += _indented([f"<{part}>"], level.depth)
            inside = iter(_children(node) if _is_only_a_holder(content) else [node])
            levels.append(_Level(inside, level.depth + 1, within, closing=[f"</{part}>"]))
            continue
        level.number = _number(content, level.number)
        at = _At(block, within, level.parent, level.number, as_notion, inline_databases)
        if as_notion and isinstance(content, _NOT_WRITTEN):
            out += _indented(_unknown(content, at).opening, level.depth)
            unknown += [identity] if identity else []
            continue
        lines = _WRITERS[type(content)](content, at)
        out += _indented(lines.opening, level.depth)
        levels.append(
            _Level(
                iter(_children(node)),
                level.depth + lines.indent,
                identity if isinstance(content, ChildPage) else within,
                content,
                lines.closing,
                parts=_parts(content),
            )
        )
    return out, unknown


def _indented(lines: Sequence[str], depth: int) -> list[str]:
    tabs = "\t" * depth
    return [tabs + line for line in lines]


def _page_of(block: Block, otherwise: str) -> str:
    parent = getattr(block, "parent", None)  # absent where the block was made by hand
    return (said(parent, "page_id") if parent is not None else "") or otherwise


def _children(node: Node) -> Sequence[Node]:
    content = node.block.content
    if node.children or isinstance(content, MeetingNotes):
        return node.children
    # Blocks made by hand hold their children themselves.
    return [Node(child) for child in getattr(content, "children", None) or ()]


def _number(content: BlockContent, before: int) -> int:
    if not isinstance(content, NumberedListItem):
        return 0
    if before:
        return before + 1
    return 1 if content.list_start_index is UNSET else content.list_start_index


def _parts(content: BlockContent) -> dict[str, str]:
    """Return the tags of the parts of meeting notes, by the ids of the blocks that hold them."""
    if not isinstance(content, MeetingNotes) or not content.children:
        return {}
    named = [(said(content.children, f"{tag}_block_id"), tag) for tag in _MEETING_TAGS]
    return {identity: tag for identity, tag in named if identity}


_MEETING_TAGS: Final = ("summary", "notes", "transcript")


def _is_only_a_holder(content: BlockContent) -> bool:
    if isinstance(content, Paragraph):
        return not plain_text(content.rich_text).strip()
    return isinstance(content, Unsupported)


# -- each kind --------------------------------------------------------------------------------


def _line(runs: Sequence[RichText]) -> str:
    return block_start(inline(runs))


def _suffix(shade: str, *, toggle: bool = False) -> str:
    given = attribute("toggle", "true" if toggle else "") + attribute("color", color(shade))
    return f" {{{given[1:]}}}" if given else ""


def _paragraph(content: Paragraph, at: _At) -> _Lines:
    if isinstance(at.parent, Tab):
        label = " ".join(
            [part for part in (escape(_icon(content)), inline(content.rich_text)) if part]
        )
        return _toggled(label, content.color)
    line = _line(content.rich_text)
    return _Lines([line + _suffix(content.color) if line.strip() else _EMPTY])


def _icon(content: Paragraph | Callout) -> str:
    return icon_text(content.icon or None)


def _heading(content: Heading, _: _At) -> _Lines:
    text = inline(content.rich_text)
    bare = text.rstrip("#")
    if bare != text and (not bare or bare[-1].isspace()):
        text = f"{bare}\\{text[len(bare) :]}"  # hashes at the end would close the heading
    suffix = _suffix(content.color, toggle=content.is_toggleable)
    return _Lines([f"{'#' * int(content.kind[-1])} {text}{suffix}"])


def _bulleted(content: BulletedListItem, _: _At) -> _Lines:
    return _Lines([f"- {_line(content.rich_text)}{_suffix(content.color)}"])


def _numbered(content: NumberedListItem, at: _At) -> _Lines:
    return _Lines([f"{at.number}. {_line(content.rich_text)}{_suffix(content.color)}"])


def _to_do(content: ToDo, _: _At) -> _Lines:
    box = "[x]" if content.checked else "[ ]"
    return _Lines([f"- {box} {_line(content.rich_text)}{_suffix(content.color)}"])


def _quote(content: Quote, _: _At) -> _Lines:
    return _Lines([f"> {_line(content.rich_text)}{_suffix(content.color)}"])


def _toggled(label: str, shade: str) -> _Lines:
    opening = [f"<details{attribute('color', color(shade))}>", f"<summary>{label}</summary>"]
    return _Lines(opening, ["</details>"])


def _toggle(content: Toggle, _: _At) -> _Lines:
    return _toggled(inline(content.rich_text), content.color)


def _template(content: Template, _: _At) -> _Lines:
    return _toggled(inline(content.rich_text), "default")


def _callout(content: Callout, _: _At) -> _Lines:
    given = attribute("icon", _icon(content)) + attribute("color", color(content.color))
    line = _line(content.rich_text)
    return _Lines([f"<callout{given}>", *([f"\t{line}"] if line.strip() else [])], ["</callout>"])


def _code(content: Code, at: _At) -> _Lines:
    text = plain_text(content.rich_text)
    fence = "`" * fence_length(text, 3)
    language = BREAK.sub(" ", content.language).replace("`", "")
    # Nothing is escaped within a fence, and only the line feed ends a line there.
    lines = [f"{fence}{language}", *text.split("\n"), fence]
    caption = "" if at.as_notion or not content.caption else _line(content.caption)
    return _Lines([*lines, caption] if caption.strip() else lines)


def _equation(content: Equation, _: _At) -> _Lines:
    lines = BREAK.split(said(content, "expression"))
    # Two dollars alone on a line would end the formula.
    return _Lines(["$$", *["$ $" if line.strip() == "$$" else line for line in lines], "$$"])


def _divider(_content: Divider, _: _At) -> _Lines:
    return _Lines(["---"])


def _contents(content: TableOfContents, _: _At) -> _Lines:
    return _Lines([f"<table_of_contents{attribute('color', color(content.color))}/>"])


def _tab(_content: Tab, _: _At) -> _Lines:
    # Grammar v1 has no tag for tabs.  Each becomes a toggle: see `_paragraph`.
    return _Lines(indent=0)


def _columns(_content: ColumnList, _: _At) -> _Lines:
    return _Lines(["<columns>"], ["</columns>"])


def _column(_content: Column, _: _At) -> _Lines:
    return _Lines(["<column>"], ["</column>"])


def _table(content: Table, _: _At) -> _Lines:
    headers = attribute("header-row", "true" if content.has_column_header else "")
    headers += attribute("header-column", "true" if content.has_row_header else "")
    return _Lines([f"<table{headers}>"], ["</table>"], indent=0)


def _row(content: TableRow, _: _At) -> _Lines:
    return _Lines(["<tr>", *[f"<td>{inline(cell)}</td>" for cell in content.cells], "</tr>"])


def _synced(content: SyncedBlock, at: _At) -> _Lines:
    if content.synced_from:
        url, tag = page_url(said(content.synced_from, "block_id")), "synced_block_reference"
    else:
        url, tag = _url(at), "synced_block"
    return _Lines([f"<{tag}{attribute('url', url)}>"], [f"</{tag}>"])


def _link_to_page(content: LinkToPage, _: _At) -> _Lines:
    # Not <page>: that would move the page here when it is read back.
    if content.comment_id:
        return _Lines([f"[comment]({page_url(content.comment_id)})"])
    kind, target = (
        ("page", content.page_id) if content.page_id else ("database", content.database_id)
    )
    return _Lines([f"<mention-{kind}{attribute('url', page_url(target) if target else '')}/>"])


def _child_page(content: ChildPage, at: _At) -> _Lines:
    return _Lines([_child("page", said(content, "title"), at)])


def _child_database(content: ChildDatabase, at: _At) -> _Lines:
    known = at.inline_databases
    shown = "" if known is None else str(said(at.block, "id") in known).lower()
    return _Lines([_child("database", said(content, "title"), at, attribute("inline", shown))])


def _child(tag: str, title: str, at: _At, more: str = "") -> str:
    identity = said(at.block, "id")
    url = attribute("url", page_url(identity) if identity else "")
    return f"<{tag}{url}{more}>{escape(title)}</{tag}>"


def _linked(content: Linked, _: _At) -> _Lines:
    given = said(content, "url")
    url = link(given)
    caption = None if isinstance(content, LinkPreview) else content.caption
    label = inline(caption or (), links=not url).strip() or escape(given)
    return _Lines([f"[{label}]({url})" if url else block_start(label) or _EMPTY])


def _image(content: Image, _: _At) -> _Lines:
    return _Lines([f"![{inline(content.caption or (), links=False)}]({link(content.url or '')})"])


def _media(content: Media, _: _At) -> _Lines:
    name = escape(said(content, "name"))
    caption = inline(content.caption or ())
    label = ": ".join([part for part in (name, caption) if part])
    src = attribute("src", link(content.url or ""))
    return _Lines([f"<{content.kind}{src}>{label}</{content.kind}>"])


def _meeting(content: MeetingNotes, _: _At) -> _Lines:
    title = _line(content.title or ())
    opening = ["<meeting-notes>", *([f"\t{title}"] if title.strip() else [])]
    return _Lines(opening, ["</meeting-notes>"])


def _unknown(content: BlockContent, at: _At) -> _Lines:
    kind = at.block.type
    if isinstance(content, Unsupported) and isinstance(content.data, Mapping):
        # The type "unsupported" says which type it is that the API does not show.
        named = content.data.get("block_type")
        kind = named if isinstance(named, str) and named else kind
    return _Lines([f"<unknown{attribute('url', _url(at))}{attribute('alt', kind)}/>"])


def _url(at: _At) -> str:
    identity = said(at.block, "id")
    if not identity:
        return ""
    return page_url(at.page, identity) if at.page else page_url(identity)


_WRITERS: Final[dict[type, Callable[..., _Lines]]] = {
    Paragraph: _paragraph,
    Heading1: _heading,
    Heading2: _heading,
    Heading3: _heading,
    Heading4: _heading,
    BulletedListItem: _bulleted,
    NumberedListItem: _numbered,
    ToDo: _to_do,
    Toggle: _toggle,
    Quote: _quote,
    Callout: _callout,
    Template: _template,
    Code: _code,
    Equation: _equation,
    Divider: _divider,
    Breadcrumb: _unknown,
    TableOfContents: _contents,
    Tab: _tab,
    ColumnList: _columns,
    Column: _column,
    Table: _table,
    TableRow: _row,
    SyncedBlock: _synced,
    LinkToPage: _link_to_page,
    ChildPage: _child_page,
    ChildDatabase: _child_database,
    Bookmark: _linked,
    Embed: _linked,
    LinkPreview: _linked,
    Image: _image,
    Video: _media,
    Audio: _media,
    Pdf: _media,
    File: _media,
    MeetingNotes: _meeting,
    Unsupported: _unknown,
}
