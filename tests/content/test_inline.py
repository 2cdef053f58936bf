from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import converters
from notion_async.content.inline import (
    SPECIAL,
    block_start,
    color,
    escape,
    icon_text,
    inline,
    link,
)
from notion_async.models import Annotations, Equation, Icon, Link, RichText, Text, text
from notion_async.types import JSONObject

UID = "11111111-2222-3333-4444-555555555555"
HEX = UID.replace("-", "")
NOTHING = '<span underline="true"></span>'


def run(content: str, *looks: str, color: str = "default", url: str | None = None) -> RichText:
    marks: dict[str, Any] = dict.fromkeys(looks, True)
    linked = Text(content, Link(url)) if url else Text(content)
    return RichText(linked, Annotations(color=color, **marks))


def mention(plain: str = "", href: str | None = None, **said: Any) -> RichText:
    kind = next(iter(said))
    given = {
        "type": "mention",
        "mention": {"type": kind, **said},
        "plain_text": plain,
        "href": href,
    }
    return converters.structure(given, RichText)


def equation(expression: str) -> RichText:
    return RichText(Equation(expression))


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], ""),
        ([text("plain")], "plain"),
        ([text("")], ""),
        ([run("b", "bold")], "**b**"),
        ([run("i", "italic")], "*i*"),
        ([run("s", "strikethrough")], "~~s~~"),
        ([run("u", "underline")], '<span underline="true">u</span>'),
        ([run("c", "code")], "`c`"),
        ([run("r", color="red")], '<span color="red">r</span>'),
        ([run("r", color="red_background")], '<span color="red_bg">r</span>'),
        ([run("d", color="default_background")], "d"),
        ([run("t", url="https://a.b/c")], "[t](https://a.b/c)"),
        ([run("t", "bold", url="https://a.b")], "[**t**](https://a.b)"),
        ([run("x", "bold", "italic")], "***x***"),
        ([run("c", "code", "bold", color="blue")], '<span color="blue">**`c`**</span>'),
    ],
)
def test_looks(runs: list[RichText], expected: str) -> None:
    assert inline(runs) == expected


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([text("a "), run(" b ", "bold"), text("c")], "a  **b** c"),
        ([run("  ", "bold")], "  "),
        ([run("a ", "bold"), run("b", "bold", "italic")], "**a *b***"),
        (
            [run("a ", "bold", color="red"), run("b", "bold")],
            '<span color="red">**a** </span>**b**',
        ),
        ([run("a\n", "bold"), text("b")], "**a**<br>b"),
        ([run(" a ", "underline")], '<span underline="true"> a </span>'),
        (
            [run("x", "italic"), run("a ", "italic", "bold"), run("b", "bold")],
            "*x**a*** **b**",
        ),
        (
            [run("a ", "bold", url="https://a.b"), run("b", "bold")],
            "[**a** ](https://a.b)**b**",
        ),
        (
            [run("x", url="https://a.b"), run("a ", "bold", url="https://a.b"), run("b", "bold")],
            "[x**a** ](https://a.b)**b**",
        ),
    ],
)
def test_whitespace_is_moved_out_of_emphasis(runs: list[RichText], expected: str) -> None:
    assert inline(runs) == expected


def test_what_looks_the_same_is_one_text() -> None:
    assert inline([run("a", "bold"), run("b", "bold")]) == "**ab**"
    assert inline([run("a", "code"), run("b", "code")]) == "`ab`"


def test_delimiters_that_would_read_as_one_are_kept_apart() -> None:
    assert inline([run("a", "bold"), run("b", "italic")]) == f"**a**{NOTHING}*b*"
    assert inline([equation("a"), equation("b")]) == f"$a${NOTHING}$b$"


def test_an_exclamation_mark_before_a_link_makes_no_image() -> None:
    assert inline([text("Hi!"), run("x", url="https://a.b")]) == "Hi\\![x](https://a.b)"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        (" a ", "`  a  `"),
        ("  ", "`  `"),
        ("*[x]*", "`*[x]*`"),
        ("a\nb", "`a`<br>`b`"),
        ("a\n\nb", "`a`<br><br>`b`"),
        ("", ""),
    ],
)
def test_code(code: str, expected: str) -> None:
    assert inline([run(code, "code")]) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x^2_{i}", "$x^2_{i}$"),
        (" x", "$` x`$"),
        ("a\\", "$`a\\`$"),
        ("\\$5", "$`\\$5`$"),
        ("a`$b", "$`a` $b`$"),
        ("a`", "$`a` `$"),
        ("a\nb", "$a b$"),
        (" ", ""),
    ],
)
def test_equations(expression: str, expected: str) -> None:
    assert inline([equation(expression)]) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            mention("@Ada", user={"id": UID, "object": "user", "name": "Ada"}),
            f'<mention-user url="user://{UID}">Ada</mention-user>',
        ),
        (
            mention("@Ada [x]", user={"id": UID, "object": "user"}),
            f'<mention-user url="user://{UID}">Ada \\[x\\]</mention-user>',
        ),
        (
            mention("My\npage", page={"id": UID}),
            f'<mention-page url="https://app.notion.com/p/{HEX}">My page</mention-page>',
        ),
        (
            mention("", database={"id": UID}),
            f'<mention-database url="https://app.notion.com/p/{HEX}"/>',
        ),
        (mention(date={"start": "2026-03-01"}), '<mention-date start="2026-03-01"/>'),
        (
            mention(date={"start": "2026-03-01", "end": "2026-03-04", "time_zone": None}),
            '<mention-date start="2026-03-01" end="2026-03-04"/>',
        ),
        (
            mention(date={"start": "2026-03-01T09:30:00.000", "time_zone": "Europe/London"}),
            '<mention-date start="2026-03-01" startTime="09:30" timeZone="Europe/London"/>',
        ),
        (
            mention(
                date={
                    "start": "2026-03-01T00:30:00.000+01:00",
                    "end": "2026-03-01T10:00:05.000+01:00",
                }
            ),
            '<mention-date start="2026-02-28" startTime="23:30" end="2026-03-01"'
            ' endTime="09:00:05" timeZone="UTC"/>',
        ),
        (mention(date={"start": "Thursday"}), '<mention-date start="Thursday"/>'),
        (
            mention("https://a.b/c", link_preview={"url": "https://a.b/c"}),
            "[https://a.b/c](https://a.b/c)",
        ),
        (
            mention("x", link_mention={"href": "https://a.b", "title": "A *b*"}),
            "[A \\*b\\*](https://a.b)",
        ),
        (
            mention("", template_mention={"type": "t", "template_mention_date": "today"}),
            "@today",
        ),
        (
            mention("@Me", template_mention={"type": "t", "template_mention_user": "me"}),
            "@Me",
        ),
        (mention(":bufo:", custom_emoji={"id": UID, "name": "bufo"}), ":bufo:"),
        (mention(":bufo:", custom_emoji={"id": UID}), ":bufo:"),
        (mention("New", "https://a.b", future={"x": 1}), "[New](https://a.b)"),
        (mention("", None, future={"x": 1}), ""),
    ],
)
def test_mentions(given: RichText, expected: str) -> None:
    assert inline([given]) == expected


def test_an_unknown_kind_of_run_shows_its_text() -> None:
    given: JSONObject = {"type": "novel", "novel": {}, "plain_text": "a*", "href": "https://a.b"}
    assert inline([converters.structure(given, RichText)]) == "[a\\*](https://a.b)"


def test_labels_have_no_links() -> None:
    runs = [run("a", url="https://a.b"), mention("p", link_preview={"url": "https://c.d"})]
    assert inline(runs, links=False) == "ap"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.b/c?d=e&f=*", "https://a.b/c?d=e&f=*"),
        ("/0123", "/0123"),
        (' https://a.b/(c) d"', "https://a.b/%28c%29%20d%22"),
        ("https://a.b/é\u2028x", "https://a.b/é%E2%80%A8x"),
        ("JavaScript:alert(1)", ""),
        ("java\tscript:alert(1)", ""),
        ("data:text/html,x", ""),
    ],
)
def test_urls(url: str, expected: str) -> None:
    assert link(url) == expected


def test_a_link_that_would_run_code_is_only_its_text() -> None:
    assert inline([run("x", url="javascript:alert(1)")]) == "x"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- a", "\\- a"),
        ("+ a", "\\+ a"),
        ("-a", "-a"),
        ("-", "\\-"),
        ("---", "\\---"),
        ("- - -", "\\- - -"),
        ("# a", "\\# a"),
        ("#a", "#a"),
        ("####### a", "\\####### a"),
        ("1. a", "1\\. a"),
        ("12) a", "12\\) a"),
        ("1.5", "1.5"),
        ("2026", "2026"),
        ("-<br>", "\\-<br>"),
        ("\t\ta", "        a"),
        ("  - a", "  \\- a"),
        ("``` a``b ```", f"{NOTHING}``` a``b ```"),
        ("a - b", "a - b"),
        ("", ""),
    ],
)
def test_text_that_begins_as_a_block_reads_as_text(line: str, expected: str) -> None:
    assert block_start(line) == expected


@pytest.mark.parametrize(
    ("icon", "expected"),
    [
        (None, ""),
        ({"type": "emoji", "emoji": "💡"}, "💡"),
        ({"type": "custom_emoji", "custom_emoji": {"id": UID, "name": "bufo"}}, ":bufo:"),
        ({"type": "external", "external": {"url": "https://a.b/i.png"}}, "https://a.b/i.png"),
        ({"type": "icon", "icon": {"name": "pizza", "color": "blue"}}, "pizza"),
        ({"type": "file_upload", "file_upload": {"id": UID}}, ""),
    ],
)
def test_icons(icon: dict[str, Any] | None, expected: str) -> None:
    assert icon_text(converters.structure(icon, Icon) if icon else None) == expected


def test_colors() -> None:
    assert [color(name) for name in ("", "default", "red", "red_background")] == [
        "", "", "red", "red_bg",
    ]  # fmt: skip


# -- laws -------------------------------------------------------------------------------------

LOOKS = ("bold", "italic", "strikethrough", "underline", "code")


@st.composite
def styled(draw: st.DrawFn, alphabet: str = "ab ", code: bool = True) -> RichText:
    chosen = draw(st.sets(st.sampled_from(LOOKS if code else LOOKS[:-1])))
    if "strikethrough" in chosen:  # in CommonMark, ~~ beside ** within a word ends nothing
        chosen -= {"bold", "italic"}
    return run(
        draw(st.text(alphabet, min_size=1, max_size=4)),
        *sorted(chosen),
        color=draw(st.sampled_from(["default", "red", "blue_background"])),
        url=draw(st.sampled_from([None, None, "https://a.b", "https://c.d"])),
    )


def bare_specials(markdown: str) -> list[str]:
    """The special characters that no backslash stands before."""
    return re.findall(rf"(?:\\.|[^{re.escape(SPECIAL)}])|(.)", markdown, re.DOTALL)


@given(st.text())
def test_no_text_leaves_a_special_character_bare(content: str) -> None:
    written = inline([text(content)])

    assert written == escape(content)
    assert not any(bare_specials(written.replace("<br>", "")))
    assert len(written.splitlines()) <= 1


@given(st.text(st.sampled_from(list(SPECIAL) + list("a \n#-.1!"))))
def test_escaped_text_reads_back_as_this_text(content: str) -> None:
    read = re.sub(r"\\(.)", r"\1", escape(content).replace("<br>", "\n"))

    assert read == content


@given(st.lists(styled("a *`\n!", code=True), max_size=6))
def test_one_line_whatever_the_looks(runs: list[RichText]) -> None:
    assert len(inline(runs).splitlines()) <= 1


@given(st.text(st.sampled_from("`a ")))
def test_a_code_span_never_ends_early(code: str) -> None:
    written = inline([run(code, "code")])
    found = re.fullmatch(r"(`+)(?!`)(.*?)(?<!`)\1", written)

    if code:
        assert found
        inner = found[2]
        if inner[0] == inner[-1] == " " and inner.strip():
            inner = inner[1:-1]
        assert inner == code


@given(st.lists(styled(code=False), max_size=6))
def test_looks_nest_and_read_back(runs: list[RichText]) -> None:
    """A CommonMark reader finds each character with the looks it was given."""
    assert read(inline(runs)) == seen(runs)


def seen(runs: list[RichText]) -> list[tuple[str, frozenset[str]]]:
    """The characters and their looks; whitespace has none that it would not show."""
    found: list[tuple[str, frozenset[str]]] = []
    for one in runs:
        content, shown = one.content, one.annotations
        assert isinstance(content, Text)
        assert shown
        wears = {look for look in LOOKS if getattr(shown, look)}
        wears |= {color(shown.color)} - {""} | ({content.link.url} if content.link else set())
        found += [(char, frozenset(wears)) for char in content.content]
    return [(char, looks) for char, looks in found if char != " "]


def read(markdown: str) -> list[tuple[str, frozenset[str]]]:
    reader = pytest.importorskip("markdown_it").MarkdownIt("commonmark", {"html": True})
    reader.enable("strikethrough")
    names = {"strong": "bold", "em": "italic", "s": "strikethrough"}
    stack: list[str] = []
    found: list[tuple[str, frozenset[str]]] = []
    wears: frozenset[str]
    for token in reader.parseInline(markdown)[0].children:
        if token.type.endswith("_open"):
            stack.append(names.get(token.type[:-5]) or token.attrs["href"])
        elif token.type.endswith("_close") or token.content == "</span>":
            stack.pop()
        elif token.type == "html_inline":
            said = re.findall(r'(\w+)="(\w+)"', token.content)
            stack.append("underline" if said[0][0] == "underline" else said[0][1])
        else:
            wears = frozenset({*stack, *(["code"] if token.type == "code_inline" else [])})
            found += [(char, wears) for char in token.content]
    return [(char, looks) for char, looks in found if char != " "]
