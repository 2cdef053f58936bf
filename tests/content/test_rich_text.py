from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import converters
from notion_async.content import rich_text
from notion_async.content.rich_text import rich_text_from_markdown, rich_text_to_markdown
from notion_async.converters import request_json
from notion_async.errors import MissingExtraError
from notion_async.models import Annotations, DateRange, Equation, Link, Mention, RichText, Text
from notion_async.models.rich_text import equation, mention, text
from tests.content.test_inline import HEX, LOOKS, UID, run

pytest.importorskip("markdown_it")


def read(markdown: str) -> list[RichText]:
    return list(rich_text_from_markdown(markdown))


@pytest.mark.parametrize(
    ("markdown", "runs"),
    [
        ("", []),
        ("plain", [text("plain")]),
        ("**b**", [text("b", bold=True)]),
        ("*i*", [text("i", italic=True)]),
        ("***x***", [text("x", bold=True, italic=True)]),
        ("~~s~~", [text("s", strikethrough=True)]),
        ('<span underline="true">u</span>', [text("u", underline=True)]),
        ("`c*`", [text("c*", code=True)]),
        ("`` a`b ``", [text("a`b", code=True)]),
        ('<span color="red">r</span>', [text("r", color="red")]),
        ('<span color="red_bg">r</span>', [text("r", color="red_background")]),
        (
            '<span color="red" underline="true">r<span color="blue">b</span></span>p',
            [
                text("r", color="red", underline=True),
                text("b", color="blue", underline=True),
                text("p"),
            ],
        ),
        ("[t](https://a.b/c)", [text("t", link="https://a.b/c")]),
        ('[t](https://a.b "title")', [text("t", link="https://a.b")]),
        ("[t](<https://a.b/c d>)", [text("t", link="https://a.b/c d")]),
        ("[t](https://a.b/\\(c\\)\\d)", [text("t", link="https://a.b/(c)\\d")]),
        ("[t](https://a.b/?c&amp;d=é)", [text("t", link="https://a.b/?c&amp;d=é")]),
        ("[t]()", [text("t")]),
        ("<https://a.b>", [text("https://a.b", link="https://a.b")]),
        ("[**t** u](/x)", [text("t", bold=True, link="/x"), text(" u", link="/x")]),
        ("![t](/x)", [text("!"), text("t", link="/x")]),
        ("a<br>b\nc", [text("a\nb\nc")]),
        ("$x^2*y*$ z", [equation("x^2*y*"), text(" z")]),
        ("$`a$b`$", [equation("a$b")]),
        ("**$x$**", [RichText(Equation("x"), Annotations(bold=True))]),
        ("$a \\$ b$", [equation("a \\$ b")]),
        ("[$]$](/x)", [equation("]")]),
        ("\\*a\\* \\$1\\$ \\<b\\> \\[c\\]\\\\", [text("*a* $1$ <b> [c]\\")]),
    ],
)
def test_markdown_is_read(markdown: str, runs: list[RichText]) -> None:
    assert [request_json(one) for one in read(markdown)] == [request_json(one) for one in runs]


@pytest.mark.parametrize(
    "plain",
    [
        "# no heading",
        "- no list",
        "1. nor one",
        "> no quote",
        "_not italic_ and __not bold__",
        "&amp; &lt;",
        "costs $5 and $6",
        "2 * 3 * 4 and a*b",
        "f(*args, **kwargs)",
        "**never ended",
        "**a ** b",
        "****four****",
        "~one~ and ~~~three~~~",
        "<b>not Notion's</b> <!-- nor this -->",
        "</span> <span>",
        "[x](javascript:alert(1))",
        "[x] [y][z] [^1]",
        ":emoji:",
        '<mention-date start="Thursday"/>',
        '<mention-page url="https://example.com"/>',
        "<mention-agent/>",
        "[" * 3_000,
        "$" * 3_000,
    ],
)
def test_everything_else_is_text(plain: str) -> None:
    (one,) = read(plain)

    assert one == text(plain)


@pytest.mark.parametrize(
    ("markdown", "looks"),
    [
        ("a**(b)**c", [("a", ""), ("(b)", "b"), ("c", "")]),
        ("***1*2*3***", [("1", "bi"), ("2", "b"), ("3", "bi")]),
        ("***a** b*", [("a", "bi"), (" b", "i")]),
        ("***a* b**", [("a", "bi"), (" b", "b")]),
        ("*a **b***", [("a ", "i"), ("b", "bi")]),
        ("*a **b* c**", [("a ", "i"), ("b", "bi"), (" c", "b")]),
        ("***a**", [("*", ""), ("a", "b")]),
        ("**a***", [("a", "b"), ("*", "")]),
        ("*a**b*", [("a**b", "i")]),
        ("**a [*b*](/x) c**", [("a ", "b"), ("b", "bi"), (" c", "b")]),
        ("*a [b*](/x)", [("*a ", ""), ("b*", "")]),
        ("a~~b~~*c*", [("a", ""), ("b", "s"), ("c", "i")]),
    ],
)
def test_signs_end_what_they_began(markdown: str, looks: list[tuple[str, str]]) -> None:
    found = []
    for one in read(markdown):
        worn = one.annotations or Annotations()
        shown = [name[0] for name in ("bold", "italic", "strikethrough") if getattr(worn, name)]
        found.append((one.plain_text, "".join(shown)))

    assert found == looks


@pytest.mark.parametrize(
    ("markdown", "shown", "made"),
    [
        (f'<mention-user url="user://{UID}">Ada *L*</mention-user>', "@Ada L", mention(user=UID)),
        (f'<mention-user url="user://{UID}"/>', "", mention(user=UID)),
        (f'<mention-page url="https://app.notion.com/p/{HEX}"/>', "", mention(page=UID)),
        (
            f'<mention-database url="https://app.notion.com/p/{HEX}">D $x$</mention-database>',
            "D x",
            mention(database=UID),
        ),
        ('<mention-date start="2026-03-01"/>', "2026-03-01", mention(date="2026-03-01")),
        (
            '<mention-date start="2026-03-01" startTime="09:30" end="2026-03-02"'
            ' endTime="10:00:05" timeZone="Europe/London"/>',
            "2026-03-01T09:30:00 → 2026-03-02T10:00:05",
            mention(date=DateRange("2026-03-01T09:30:00", "2026-03-02T10:00:05", "Europe/London")),
        ),
        (
            '<mention-date start="2026-03-01" startTime="09:30" timeZone="UTC"/>',
            "2026-03-01T09:30:00+00:00",
            mention(date="2026-03-01T09:30:00+00:00"),
        ),
    ],
)
def test_mentions_are_read(markdown: str, shown: str, made: RichText) -> None:
    before, found, after = read(f"a **{markdown}** b")

    assert [before.plain_text, after.plain_text] == ["a ", " b"]
    assert found.plain_text == shown
    assert found.annotations
    assert found.annotations.bold
    sent: Any = request_json(found)  # JSON of any shape, taken apart below
    wanted: Any = request_json(made)  # JSON of any shape, taken apart below
    kind = sent["mention"].pop("type")
    assert sent["mention"] == wanted["mention"]
    assert kind in wanted["mention"]


def test_a_mention_that_never_ends_takes_nothing_with_it() -> None:
    found = read(f'a <mention-user url="user://{UID}">b **c** <span color="red">d')

    assert [(one.type, one.plain_text) for one in found] == [
        ("text", "a "),
        ("mention", ""),
        ("text", "b "),
        ("text", "c"),
        ("text", " "),
        ("text", "d"),
    ]


def test_without_markdown_it_the_extra_is_named() -> None:
    code = """
import sys
sys.modules["markdown_it"] = None
from notion_async.content.rich_text import rich_text_from_markdown
from notion_async.errors import MissingExtraError
try:
    rich_text_from_markdown("x")
except MissingExtraError as error:
    print(error.extra, error)
"""

    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )

    assert done.stdout.strip() == (
        "markdown reading Markdown needs more packages: pip install 'notion-async[markdown]'"
    )


@pytest.mark.parametrize(
    ("missing", "raised"),
    [("markdown_it.token", MissingExtraError), ("else", ModuleNotFoundError)],
)
def test_only_what_the_extra_brings_is_taken_for_missing(
    monkeypatch: pytest.MonkeyPatch, missing: str, raised: type[Exception]
) -> None:
    class Finder:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "notion_async.content.inline_tokens":
                raise ModuleNotFoundError(name=missing)

    monkeypatch.delitem(sys.modules, "notion_async.content.inline_tokens", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])

    with pytest.raises(raised):
        rich_text.rich_text_from_markdown("x")


# -- laws -------------------------------------------------------------------------------------

SIGNS = "*~_`$[]()<>{}|^\\!\"'.,;:&#-+=@/"
COLORS = ("default", "red", "blue_background")
URLS = (None, None, "https://a.b/?x=1&lt;=2&y", "https://c.d/é#z", "/relative")


@st.composite
def worn(draw: st.DrawFn) -> RichText:
    looks = draw(st.sets(st.sampled_from(LOOKS)))
    color, url = draw(st.sampled_from(COLORS)), draw(st.sampled_from(URLS))
    signs = st.sampled_from(f"ab1 \n{SIGNS}é字😀")
    return run(draw(st.text(signs, min_size=1, max_size=5)), *sorted(looks), color=color, url=url)


@st.composite
def formulas(draw: st.DrawFn) -> RichText:
    expression = draw(st.text(st.sampled_from("ab ^_{}\\*~<$`"), min_size=1, max_size=6))
    if not expression.strip() or "`$" in expression or expression.endswith("`"):
        expression = "x"
    bold, color = draw(st.booleans()), draw(st.sampled_from(COLORS))
    return RichText(Equation(expression), Annotations(bold=bold, color=color))


MENTIONS = [
    mention(user=UID),
    mention(page=UID),
    mention(database=UID),
    mention(date="2026-03-01"),
]


def seen(runs: list[RichText]) -> list[tuple[str, frozenset[str]]]:
    """The characters with their looks, but for those that a blank cannot have in Markdown."""
    found: list[tuple[str, frozenset[str]]] = []
    for one in runs:
        content, looks = one.content, one.annotations or Annotations()
        wears = {name for name in LOOKS if getattr(looks, name)} | {looks.color}
        if not isinstance(content, Text):
            sent: Any = request_json(one)  # JSON of any shape, taken apart below
            sent[one.type].pop("type", None)
            found.append((str(sent[one.type]), frozenset(wears)))
            continue
        wears |= {content.link.url} if content.link else set()
        for char in content.content:
            lost = {"bold", "italic", "strikethrough"} if char.isspace() else set()
            lost |= {"code"} if char == "\n" else set()
            found.append((char, frozenset(wears - lost)))
    return found


@given(st.lists(worn() | formulas() | st.sampled_from(MENTIONS), max_size=6))
def test_what_is_written_reads_back_with_all_its_looks(runs: list[RichText]) -> None:
    assert seen(read(rich_text_to_markdown(runs))) == seen(runs)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"])))
def test_any_text_reads_back_as_one_run(content: str) -> None:
    found = read(rich_text_to_markdown([text(content)]))

    assert found == ([text(content)] if content else [])


@given(st.text(st.sampled_from(f"ab1 \n{SIGNS}") | st.characters(codec="utf-8")))
def test_any_markdown_is_read_into_runs_that_differ_and_settles(markdown: str) -> None:
    found = read(markdown)

    for one, following in pairwise(found):
        alike = one.annotations == following.annotations and one.href == following.href
        assert not (one.type == following.type == "text" and alike)
    settled = read(rich_text_to_markdown(found))
    assert seen(read(rich_text_to_markdown(settled))) == seen(settled)


@pytest.mark.parametrize(
    ("made", "comes_back"),
    [
        (text(" a ", bold=True), [text(" "), text("a", bold=True), text(" ")]),
        (text("a\nb", code=True), [text("a", code=True), text("\n"), text("b", code=True)]),
        (text("a\r\nb\vc\u2028d"), [text("a\nb\nc\nd")]),
        (text("a", color="default_background"), [text("a")]),
        (text("a", link="https://a.b/(c) d"), [text("a", link="https://a.b/%28c%29%20d")]),
        (text("a", link="javascript:alert(1)"), [text("a")]),
        (equation("a\nb"), [equation("a b")]),
        (equation("a`$b"), [equation("a` $b")]),
        (equation("a`"), [equation("a` ")]),
        (equation("  "), []),
        (
            mention(date="2026-03-01T09:30:00+01:00"),
            [RichText(Mention("date", date=DateRange("2026-03-01T08:30:00+00:00")))],
        ),
        (
            RichText(Text("x", Link("https://a.b"))),
            [text("x", link="https://a.b")],
        ),
        (
            converters.structure(
                {
                    "type": "mention",
                    "mention": {"type": "custom_emoji", "custom_emoji": {"id": UID}},
                    "plain_text": ":bufo:",
                },
                RichText,
            ),
            [text(":bufo:")],
        ),
    ],
)
def test_what_markdown_cannot_say_comes_back_as_it_is_told(
    made: RichText, comes_back: list[RichText]
) -> None:
    found = read(rich_text_to_markdown([made]))

    assert [request_json(one) for one in found] == [request_json(one) for one in comes_back]
