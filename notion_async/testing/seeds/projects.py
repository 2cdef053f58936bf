"""The rows of "Projects" and "Tasks": one function for each column, and the empty rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from notion_async.testing.seeds import schemas, world
from notion_async.testing.seeds.decor import media
from notion_async.testing.seeds.rows import Table, edited, row, shown
from notion_async.testing.seeds.schemas import PRIORITIES, STATES, TAGS, Option, chosen
from notion_async.testing.seeds.text import (
    RichText,
    date,
    mention_page,
    mention_user,
    plain,
    rich,
    text,
)
from notion_async.testing.seeds.titles import AWKWARD, label
from notion_async.testing.seeds.world import PROJECTS_ID, TASKS_ID, TRACKER_ID, one, stamp, uid
from notion_async.types import JSON, JSONObject

PROJECT_COUNT: Final = 2500
TASK_COUNT: Final = 40
_TRASHED: Final = 2  # rows in the trash of "Projects", after the others; "Tasks" has one
_MANY: Final = 500  # one row in so many holds more than Notion sends at once
_PILE: Final = 31  # and this is how many
_UNFILLED: Final = 1  # and the row after it holds nothing that people fill in

Cell = Callable[[int], JSON]


def project_id(n: int) -> str:
    """Return the id of the `n`-th project."""
    return uid(f"project/{n}")


def _task_id(n: int) -> str:
    return uid(f"task/{n}")


def made(n: int) -> int:
    """Return the minute in which the `n`-th project was made."""
    return n * 83


def _tasks_of(n: int) -> list[int]:
    if n >= PROJECT_COUNT:  # in the trash
        return []
    if n % _MANY == 0:
        return list(range(_PILE))
    return [(n // 5 * 3 + k) % TASK_COUNT for k in range(n // 5 % 4)] if n % 5 == 0 else []


def _task_hours(n: int) -> float:
    return n * 7 % 30 / 4


def _task_due(n: int) -> str | None:
    return None if n % 6 == 5 else world.day(n * 4 % 160)


def _task_assignees(n: int) -> list[int]:
    return [n % world.USER_COUNT, *([3] if n % 4 == 0 else [])]


def _references(ids: list[str]) -> list[JSONObject]:
    return [{"id": identity} for identity in ids]


def _unfilled(n: int) -> bool:
    return n % _MANY == _UNFILLED


def _title(n: int) -> RichText:
    if _unfilled(n):
        return []
    if n < len(AWKWARD):
        return plain(AWKWARD[n])
    if n % 90 == 60:
        return [text("Project "), text(label(n), marks="bold italic"), mention_user(n)]
    return plain(label(n))


def _summary(n: int) -> RichText:
    if n % _MANY == 10:
        return [item for k in range(_PILE) for item in (mention_user(k), text(f" & {k}, "))]
    if n % _MANY == 20:
        return [item for k in range(_PILE) for item in (mention_page(k), text(" or "))]
    return rich(n)


def _budget(n: int) -> float | None:
    if n % 11 == 4 or _unfilled(n):
        return None
    return one((0, n * 10, -n, n + 0.25, n * 1_000_003), n)


def _select(options: tuple[Option, ...], n: int) -> JSONObject | None:
    """Return one of `options`, or none of them."""
    return None if n % (len(options) + 1) == 0 else chosen(one(options, n))


def _schedule(n: int) -> JSONObject | None:
    return None if n % 9 == 2 or _unfilled(n) else date(n)


def _files(n: int) -> list[JSONObject]:
    names = ("plan.pdf", "свиток.png", "no extension")
    return [
        {"name": one(names, n + k), **media(one(names, n + k), f"row/{n}/{k}", kept=k % 2 == 0)}
        for k in range(max(0, n % 7 - 3))
    ]


def _team(n: int) -> list[JSONObject]:
    if n % _MANY == 30:
        # A team of more than 25: the people and bots there are, and groups.
        groups: list[JSONObject] = [
            {"object": "group", "id": uid(f"group/{k}"), "name": f"Crew {k}"}
            for k in range(_PILE - world.USER_COUNT)
        ]
        return [*(world.user(k) for k in range(world.USER_COUNT)), *groups]
    return [world.user(n + k) for k in range(n % 3)]


def _builds_on(n: int) -> list[JSONObject]:
    if n >= PROJECT_COUNT:
        return []
    count = _PILE if n % _MANY == 40 else n % 13 // 11
    return _references([project_id((n * 3 + k + 1) % PROJECT_COUNT) for k in range(count)])


def _rolled(function: str, kind: str, value: JSON) -> JSONObject:
    return {"type": kind, kind: value, "function": function}


def _first_due(n: int) -> JSONObject:
    due = [day for day in map(_task_due, _tasks_of(n)) if day is not None]
    first: JSON = {"start": min(due), "end": None, "time_zone": None} if due else None
    return _rolled("earliest_date", "date", first)


def _task_names(n: int) -> JSONObject:
    names: list[JSONObject] = [
        {"type": "title", "title": plain(label(task))} for task in _tasks_of(n)
    ]
    return _rolled("show_original", "array", names)


def _computed(kind: str, value: JSON) -> JSONObject:
    return {"type": kind, kind: value}


def _with_tax(n: int) -> JSONObject:
    budget = _budget(n)
    return _computed("number", None if budget is None else round(budget * 1.25, 4))


def _review(n: int) -> JSONObject:
    if _schedule(n) is None:
        return _computed("date", None)
    return _computed("date", {"start": world.day(n % 170 + 7), "end": None, "time_zone": None})


def _verification(n: int) -> JSONObject | None:
    span: JSONObject = {"start": world.day(n % 90), "end": world.day(170), "time_zone": None}
    states: tuple[JSONObject | None, ...] = (
        {"state": "unverified", "date": None, "verified_by": None},
        {"state": "verified", "date": None, "verified_by": world.user(n)},
        {"state": "verified", "date": span, "verified_by": world.user(n)},
        {"state": "expired", "date": dict(span), "verified_by": world.user(n)},
        None,
    )
    return one(states, n)


def _place(n: int) -> JSONObject | None:
    places: tuple[JSONObject | None, ...] = (
        None,
        {"lat": 57.7 + n % 50 / 1000, "lon": -11.97, "name": None, "address": None},
        {
            "lat": -33.87,
            "lon": 151.21,
            "name": "Ångbåt & Söner",
            "address": f"{n} Kite Hill, Windy Bay",
            "aws_place_id": None,
            "google_place_id": f"invented-{n}",
        },
    )
    return one(places, n)


_PROJECT_CELLS: Final[Mapping[str, Cell]] = {
    "Project": _title,
    "Summary": _summary,
    "Budget": _budget,
    "Progress": lambda n: None if n % 8 == 1 else n % 101 / 100,
    "Priority": lambda n: _select(PRIORITIES, n),
    "Tags": lambda n: [chosen(one(TAGS, n + k)) for k in range(n % 4)],
    "State": lambda n: _select(STATES, n),
    "Schedule": _schedule,
    "Website": lambda n: f"https://example.com/kites/{n}?x=%C3%A5" if n % 3 else None,
    "Contact": lambda n: f"buyer+{n}@example.com" if n % 4 else None,
    "Phone": lambda n: f"+46 (0)31 555 {n:04}" if n % 5 else None,
    "Shown?": lambda n: n % 2 == 0,
    "Files & media": _files,
    "Team": _team,
    "Tasks": lambda n: _references([_task_id(task) for task in _tasks_of(n)]),
    "Builds on": _builds_on,
    "Hours of tasks": lambda n: _rolled("sum", "number", sum(map(_task_hours, _tasks_of(n)))),
    "First task due": _first_due,
    "Names of tasks": _task_names,
    "People in tasks": lambda _: _rolled("show_unique", "unsupported", {}),
    "Label": lambda n: _computed("string", f"{shown(_title(n))}!" if _title(n) else None),
    "With tax": _with_tax,
    "Costly": lambda n: _computed("boolean", (_budget(n) or 0) > 5000),
    "Review on": _review,
    "Weight": lambda n: _computed("unsupported", {}) if n % 2 else _computed("number", None),
    "Made": lambda n: stamp(made(n)),
    "Made by": world.user,
    "Changed": lambda n: stamp(edited(n, made(n))),
    "Changed by": lambda n: world.user(n * 3),
    "Number": lambda n: {"prefix": "KITE", "number": n + 1},
    "Checked": _verification,
    "Workshop": _place,
    "Approve": lambda _: {},
}

_EMPTY: Final[Mapping[str, Cell]] = {
    **dict.fromkeys(("title", "rich_text", "multi_select", "files", "people"), lambda _: []),
    **dict.fromkeys(("number", "select", "status", "date", "url", "email"), lambda _: None),
    **dict.fromkeys(("phone_number", "place", "verification"), lambda _: None),
    "checkbox": lambda _: False,
}
"""What a type holds in a row that nobody filled in; the other types fill in themselves."""


def projects() -> Iterator[JSONObject]:
    """Yield the rows of "Projects", those in the trash last."""
    columns = schemas.projects()
    blank = {
        name: _EMPTY.get(column.type, _PROJECT_CELLS[name]) for name, column in columns.items()
    }
    table = Table.of(TRACKER_ID, PROJECTS_ID, columns)
    for n in range(PROJECT_COUNT + _TRASHED):
        cells = blank if _unfilled(n) else _PROJECT_CELLS
        yield row(
            table, n, project_id(n), made(n), cells, in_trash=n >= PROJECT_COUNT, decorated=True
        )


def tasks() -> Iterator[JSONObject]:
    """Yield the rows of "Tasks", each related to the projects that are related to it."""
    related: defaultdict[int, list[str]] = defaultdict(list)
    for project in range(PROJECT_COUNT):
        for task in _tasks_of(project):
            related[task].append(project_id(project))

    def due(n: int) -> JSON:
        start = _task_due(n)
        return None if start is None else {"start": start, "end": None, "time_zone": None}

    cells: Mapping[str, Cell] = {
        "Task": lambda n: plain(label(n)),
        "For project": lambda n: _references(related.get(n, [])),
        "Hours": _task_hours,
        "Due": due,
        "Assignees": lambda n: [world.user(k) for k in _task_assignees(n)],
        "Progress of it": lambda n: _select(STATES, n),
    }
    table = Table.of(TRACKER_ID, TASKS_ID, schemas.tasks())
    for n in range(TASK_COUNT + 1):
        yield row(table, n, _task_id(n), n * 1009, cells, in_trash=n == TASK_COUNT)
