"""What pages are called: plain names, and names that are trouble in a file system or a link."""

from __future__ import annotations

from typing import Final

from notion_async.testing.seeds.world import one

ROOTS: Final = ("Handbook", "Workshop", "Sales 2026", "Field notes", "Odds & ends")

AWKWARD: Final = (
    "",
    "../../etc/passwd",
    "CON",
    "nul.txt",
    "Plans...",
    " spaces around ",
    ".hidden",
    'a/b\\c:d*e?f"g<h>i|j',
    "Weekly notes",
    "Weekly notes",
    "weekly NOTES",
    # one name to a reader, two to a computer: composed and decomposed
    "Caf\u00e9 menu",
    "Cafe\u0301 menu",
    "\N{KITE}",
    "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL} family day",
    "日本語のページ",
    "صفحة عربية",
    "[brackets](and) *stars* _lines_ `ticks` #hash",
    "line\nbreak and\ttab",
    "100% {braces} $dollars$ ~tilde~ & <b>tags</b>",
    "e" * 255,
    "A very long heading " + "about kites and lanterns, " * 12 + "and the end of it",
    "\N{ZERO WIDTH SPACE}",
    "Ünïcödé \u2013 naïve \u201cquotes\u201d",
)
"""All of them lie side by side under the last of `ROOTS`."""

_HOWS = ("Spring", "Quiet", "Second", "Paper", "Night", "Old", "Northern", "Spare", "Loud")
_WHATS = ("kite", "lantern", "workshop", "supplier", "festival", "glue", "string", "customer")
_KINDS = ("plan", "review", "checklist", "budget 1/2", "retro", "guide \N{SPARKLES}", "log")


def page_title(n: int) -> str:
    """Return the title of the `n`-th page that is not a row."""
    if n < len(ROOTS):
        return ROOTS[n]
    if n < len(ROOTS) + len(AWKWARD):
        return AWKWARD[n - len(ROOTS)]
    return label(n)


def label(n: int) -> str:
    """Return a plain name of three words."""
    return f"{one(_HOWS, n)} {one(_WHATS, n // 3)} {one(_KINDS, n // 5)}"
