"""Pages of the emulator that are changed in Markdown."""

from __future__ import annotations

from typing import Any

import pytest

from notion_async import ValidationError
from notion_async.models import AsyncTask
from notion_async.testing import Emulator
from tests.clients import client_of
from tests.testing.emulated import block, page, uid, under

pytest.importorskip("markdown_it")

HOME = uid("home")


async def changed(before: str, **way: Any) -> str:
    """Return the Markdown of a page after one change."""
    async with Emulator(budget=None) as emulator:
        emulator.load([page("home")])
        async with client_of(emulator) as notion:
            if before:
                await notion.pages.update_markdown(HOME, replace_content={"new_str": before})
            answer: Any = await notion.pages.update_markdown(HOME, **way)
            assert (await notion.pages.retrieve_markdown(HOME)).markdown == answer.markdown
            return str(answer.markdown)


DOCUMENT = (
    "# Title\nA **bold** word {color=\"red\"}\n- a\n\t- b\n1. one\n2. two\n- [x] done\n> said\n"
    "```python\nx = 1\n```\n$$\na+b\n$$\n---\n<details>\n<summary>more</summary>\n\tinside\n"
    "</details>\n<callout icon=\"💡\">\n\tHello\n\tMore\n</callout>\n<columns>\n\t<column>\n\t\t"
    "left\n\t</column>\n\t<column>\n\t\tright\n\t</column>\n</columns>\n<table>\n<tr>\n"
    "<td>a</td>\n<td>b</td>\n</tr>\n</table>\n![cap](https://a.b/c.png)\n"
    "<pdf src=\"https://a.b/c\">x</pdf>\n<table_of_contents/>\n<empty-block/>\nend"
)  # fmt: skip


async def test_a_document_comes_back_as_it_was_written() -> None:
    assert await changed("", replace_content={"new_str": DOCUMENT}) == DOCUMENT


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ({"insert_content": {"content": "new"}}, "one\ntwo more\nthree\nnew"),
        ({"insert_content": {"content": "new", "position": {"type": "start"}}},
         "new\none\ntwo more\nthree"),
        ({"insert_content": {"content": "new", "after": "tw...more"}},
         "one\ntwo more\nnew\nthree"),
        ({"replace_content_range": {"content": "new", "content_range": "tw...thr"}},
         "one\nnewee"),
        ({"update_content": {"content_updates": [{"old_str": "tw", "new_str": "T"},
                                                 {"old_str": "three", "new_str": "**3**"}]}},
         "one\nTo more\n**3**"),
        ({"update_content": {"content_updates": [
            {"old_str": "e", "new_str": "", "replace_all_matches": True}]}}, "on\ntwo mor\nthr"),
        ({"replace_content": {"new_str": "new"}}, "new"),
        ({"replace_content": {"new_str": ""}}, ""),
    ],
)  # fmt: skip
async def test_each_way_changes_the_text(way: Any, expected: str) -> None:
    assert await changed("one\ntwo more\nthree", **way) == expected


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ({"update_content": {"content_updates": [{"old_str": "x", "new_str": ""}]}}, "not found"),
        ({"update_content": {"content_updates": [{"old_str": "o", "new_str": ""}]}}, "5 times"),
        ({"insert_content": {"content": "", "after": "a...b", "position": {"type": "end"}}},
         "either after or position"),
        ({"insert_content": {"content": "", "after": "one"}}, "start...end"),
        ({"insert_content": {"content": "", "after": "one...five"}}, "not found"),
        ({"insert_content": {"content": "", "after": "o...e"}}, "more than once"),
        ({"replace_content": {"new_str": f"$$\n{'x' * 1001}\n$$"}}, "cannot be made into blocks"),
        ({"replace_content": {"new_str": f'<page url="https://app.notion.com/p/{"0" * 32}">'}},
         "not in this page"),
        ({"replace_content": {"new_str": '<details>\n\t<page url="x">y</page>\n</details>'}},
         "not in this page"),
    ],
)  # fmt: skip
async def test_what_is_not_there_or_not_clear_is_refused(way: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        await changed("one\ntwo\nfour too", **way)


async def test_what_does_not_change_keeps_its_id_and_place() -> None:
    async with Emulator(budget=None) as emulator:
        emulator.load([page("home"), *(block(name, under("page_id", "home")) for name in "abc")])
        async with client_of(emulator) as notion:
            before = [one.id async for one in notion.blocks.children.list(HOME)]
            text = (await notion.pages.retrieve_markdown(HOME)).markdown
            first, second, third = text.split("\n")

            await notion.pages.update_markdown(
                HOME, replace_content={"new_str": f"{first}\nnew\n{third}\nlast"}
            )
            after = [one.id async for one in notion.blocks.children.list(HOME)]

    assert [one in before for one in after] == [True, False, True, False]
    assert [after[0], after[2]] == [before[0], before[2]]
    assert second not in after


async def test_pages_within_are_kept_moved_and_deleted_only_if_that_is_meant() -> None:
    async with Emulator(budget=None) as emulator:
        emulator.load([page("home"), page("below", under("page_id", "home"))])
        async with client_of(emulator) as notion:
            tag = (await notion.pages.retrieve_markdown(HOME)).markdown

            moved = await notion.pages.update_markdown(
                HOME, replace_content={"new_str": f"new\n{tag}"}
            )
            with pytest.raises(ValidationError, match="would delete page"):
                await notion.pages.update_markdown(HOME, replace_content={"new_str": "only"})
            kept = await notion.pages.retrieve(uid("below"))
            gone = await notion.pages.update_markdown(
                HOME, replace_content={"new_str": "only", "allow_deleting_content": True}
            )
            trashed = await notion.pages.retrieve(uid("below"))

    assert moved.markdown == f"new\n{tag}"
    assert (kept.in_trash, trashed.in_trash) == (False, True)
    assert gone.markdown == "only"


async def test_a_block_has_no_markdown_that_could_be_changed() -> None:
    async with Emulator(budget=None) as emulator:
        emulator.load([page("home"), block("a", under("page_id", "home"))])
        async with client_of(emulator) as notion:
            with pytest.raises(ValidationError, match="pages only"):
                await notion.pages.update_markdown(uid("a"), replace_content={"new_str": "x"})


async def test_a_page_is_created_from_markdown_and_takes_its_title_from_the_first_heading() -> (
    None
):
    async with Emulator(budget=None) as emulator:
        emulator.load([page("home")])
        async with client_of(emulator) as notion:
            created = await notion.pages.create(
                parent={"page_id": HOME}, markdown="# A **title**\ntext\n\t- below"
            )
            titled = await notion.pages.create(
                parent={"page_id": HOME},
                properties={"title": {"title": [{"text": {"content": "Given"}}]}},
                markdown="# Kept",
            )
            contents = [await notion.pages.retrieve_markdown(one.id) for one in (created, titled)]

    assert (created.title, titled.title) == ("A title", "Given")
    assert [one.markdown for one in contents] == ["text\n\t- below", "# Kept"]


async def test_markdown_is_written_later_where_that_is_asked_for() -> None:
    async with Emulator(budget=None) as emulator:
        emulator.load([page("home")])
        async with client_of(emulator) as notion:
            new = await notion.pages.create(
                parent={"page_id": HOME}, markdown="# New\ntext", allow_async=True
            )
            assert isinstance(new, AsyncTask)
            await notion.async_tasks.wait(new)
            found = [one.title async for one in notion.search(query="New")]

    assert found == ["New"]


async def test_markdown_and_blocks_are_not_taken_together() -> None:
    async with Emulator(budget=None) as emulator:
        emulator.load([page("home")])
        async with client_of(emulator) as notion:
            with pytest.raises(ValidationError, match="not present"):
                await notion.request(
                    "POST",
                    "/v1/pages",
                    body={"parent": {"page_id": HOME}, "markdown": "a", "children": []},
                )
            with pytest.raises(ValidationError, match=r"body\.markdown should be defined"):
                await notion.request(
                    "POST",
                    "/v1/pages",
                    body={"parent": {"page_id": HOME}, "properties": {}, "allow_async": True},
                )


async def test_comments_are_written_in_markdown() -> None:
    async with Emulator(budget=None) as emulator:
        emulator.load([page("home")])
        async with client_of(emulator) as notion:
            comment = await notion.comments.create(parent={"page_id": HOME}, markdown="a **b**")
            changed = await notion.comments.update(comment.id, markdown="*c*")

    assert [run.plain_text for run in comment.rich_text] == ["a ", "b"]
    assert [run.annotations.italic for run in changed.rich_text if run.annotations] == [True]
