"""Names of files, from titles that anybody may have typed."""

from __future__ import annotations

import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notion_async.export import export_workspace
from notion_async.export.index import Index
from notion_async.export.paths import Layout, file_name
from tests.export.exported import contents, markdown
from tests.front import workspace_of
from tests.testing.emulated import page, uid, words

ID = uid("page")
HEX = ID.replace("-", "")
HOSTILE = (
    "../../etc/passwd",
    "/abs",
    "C:\\x",
    "a\x00b",
    "😀" * 300,
    "",
    ".",
    "..",
    "...",
    "-rf",
    "~root",
    "CON",
    "con.txt",
    "COM¹.log",
    "NUL.",
    "trailing. ",
    'a/b\\c:d*e?f"g<h>i|j',
    "line\nbreak\r\tand tab",
    "\u202ereversed",
    "ﬁ and Å and Å",
    "\ud800 alone",
    "́accent first",
    "x" * 5_000,
    "ü" * 500,
    "한국어" * 100,
    "$(reboot) `id` ; & |",
    "manifest.json",
)
RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789"),
}


@given(st.text(st.characters()))
@pytest.mark.parametrize("extra", HOSTILE)
def test_a_name_is_safe_on_any_disk(extra: str, title: str) -> None:
    for given_title in (title, extra, extra + title):
        name = file_name(given_title, ID)

        assert name.endswith(HEX)
        assert len(f"{name}.md".encode()) <= 100
        assert PurePosixPath(name).name == PureWindowsPath(name).name == name
        assert unicodedata.normalize("NFC", name) == name
        assert name.isprintable()
        assert not set(name) & set('/\\:*?"<>|.~$`;& ')
        assert name[0] not in "-."
        assert f"{name}.md".split(".")[0].casefold() not in RESERVED


@given(st.text(), st.text())
@example("A", "a")
@example("é", "é")
def test_two_pages_never_share_a_name(one: str, other: str) -> None:
    first, second = file_name(one, uid("one")), file_name(other, uid("other"))

    assert unicodedata.normalize("NFD", first).casefold() != (
        unicodedata.normalize("NFD", second).casefold()
    )


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Meeting notes", "Meeting-notes"),
        ("Q3/Q4 \u2013 plan (v1.2)", "Q3-Q4-plan-v1-2"),
        ("Über uns", "Über-uns"),
        ("हिन्दी में", "हिन्दी-में"),
        ("日本語のページ", "日本語のページ"),
        ("snake_case", "snake_case"),
        ("✅ Done", "Done"),
        ("❤️", "untitled"),
        ("   ", "untitled"),
    ],
)
def test_a_name_tells_the_title_to_people(title: str, name: str) -> None:
    assert file_name(title, ID) == f"{name}-{HEX}"


async def test_hostile_titles_stay_inside_and_apart(tmp_path: Path) -> None:
    titles = [title for title in HOSTILE if "\ud800" not in title]  # which no JSON can carry
    pages = [
        page(
            f"{number}",
            properties={"title": {"id": "title", "type": "title", "title": words(title)}},
        )
        for number, title in enumerate(titles)
    ]

    async with workspace_of(*pages) as notion:
        manifest = await export_workspace(notion.client, tmp_path / "a" / "out")

    assert manifest.complete
    found = markdown(tmp_path / "a" / "out")
    assert len({path.casefold() for path in found}) == len(titles)
    assert all("/" not in path for path in found)
    assert all(path.startswith("a/out/") for path in contents(tmp_path))


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path / "index.db")


def test_a_page_that_lies_in_itself_has_a_place(index: Index) -> None:
    index.add(uid("a"), "page", parent=uid("b"), name="a")
    index.add(uid("b"), "page", parent=uid("a"), name="b")
    node = index.get(uid("a"))
    assert node is not None

    place = Layout(index).path(node)

    assert len(place.parts) == 3
    index.delete()


def test_what_lies_in_something_unknown_begins_at_the_top(index: Index) -> None:
    index.add(uid("a"), "page", parent=uid("nowhere"), name="a")
    node = index.get(uid("a"))
    assert node is not None

    assert Layout(index).path(node) == PurePosixPath(file_name("a", uid("a")))
    index.delete()


def test_a_missing_name_is_filled_in_later(index: Index) -> None:
    index.add(uid("a"), "database", parent=None, name="", queue=False)
    index.add(uid("a"), "database", parent=uid("b"), name="Base")
    index.add(uid("a"), "database", parent=uid("c"), name="Other")
    taken = index.take()

    assert taken is not None
    assert (taken.parent, taken.name) == (uid("b"), "Base")
    assert index.take() is None
    index.delete()
