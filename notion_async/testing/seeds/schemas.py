"""The columns of the three data sources, as the data source objects describe them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import quote

from notion_async.testing.seeds.world import PROJECTS_ID, TASKS_ID, TRACKER_ID, one, uid
from notion_async.types import JSON, JSONObject


class Column(NamedTuple):
    """A column: its type, and what is configured."""

    type: str
    config: JSON = None
    description: str | None = None


class Option(NamedTuple):
    """A choice of a select, multi-select or status column."""

    name: str
    color: str
    group: str = ""


PRIORITIES: Final = (
    Option("High", "red"),
    Option("Medium", "yellow"),
    Option("Low 🐢", "default"),
)
TAGS: Final = (
    Option("paper", "gray"),
    Option("silk", "pink"),
    Option("wind > 5 Bft", "blue"),
    Option("größer", "purple"),
    Option("再利用", "green"),
)
STATES: Final = (
    Option("Idea", "default", "To-do"),
    Option("Sewing", "blue", "In progress"),
    Option("Test flight", "orange", "In progress"),
    Option("Sold", "green", "Complete"),
    Option("Torn", "brown", "Complete"),
)
KINDS: Final = (Option("flight", "blue"), Option("sale", "green"), Option("repair", "orange"))

_GROUPS = (("To-do", "gray"), ("In progress", "blue"), ("Complete", "green"))


def option_id(option: Option) -> str:
    """Return the id of an option, the same in the schema and in every row."""
    return uid(f"option/{option.name}")


def _described(options: tuple[Option, ...]) -> list[JSONObject]:
    return [{**chosen(option), "description": None} for option in options]


def chosen(option: Option) -> JSONObject:
    """Return an option as a row carries it."""
    return {"id": option_id(option), "name": option.name, "color": option.color}


def _groups() -> list[JSONObject]:
    return [
        {
            "id": uid(f"group/{name}"),
            "name": name,
            "color": color,
            "option_ids": [option_id(option) for option in STATES if option.group == name],
        }
        for name, color in _GROUPS
    ]


def property_id(name: str) -> str:
    """Return the id of a column: four characters, escaped as Notion hands them out."""
    alphabet = "AZaz09:;<>?@[]^_`{|}~\\"
    digits = uid(f"property/{name}").replace("-", "")
    return quote(
        "".join(one(alphabet, int(digits[k : k + 4], 16)) for k in (0, 4, 8, 20)), safe=""
    )


def _options(options: tuple[Option, ...]) -> JSONObject:
    return {"options": _described(options)}


def _relation(data_source: str, synced: str | None) -> JSONObject:
    target: JSONObject = {"database_id": TRACKER_ID, "data_source_id": data_source}
    if synced is None:
        return {**target, "type": "single_property", "single_property": {}}
    pair: JSONObject = {
        "synced_property_id": property_id(synced),
        "synced_property_name": synced,
    }
    return {**target, "type": "dual_property", "dual_property": pair}


def _rollup(function: str, relation: str, target: str) -> JSONObject:
    return {
        "function": function,
        "rollup_property_name": target,
        "relation_property_name": relation,
        "rollup_property_id": "title" if target == "Task" else property_id(target),
        "relation_property_id": property_id(relation),
    }


def _formula(expression: str) -> JSONObject:
    return {"expression": expression}


def projects() -> dict[str, Column]:
    """Return the columns of "Projects": every type that a row can hold."""
    return {
        "Project": Column("title"),
        "Summary": Column("rich_text", description="What it is, and for whom"),
        "Budget": Column("number", {"format": "euro"}),
        "Progress": Column("number", {"format": "percent"}),
        "Priority": Column("select", _options(PRIORITIES)),
        "Tags": Column("multi_select", _options(TAGS)),
        "State": Column("status", {**_options(STATES), "groups": _groups()}),
        "Schedule": Column("date"),
        "Website": Column("url"),
        "Contact": Column("email"),
        "Phone": Column("phone_number"),
        "Shown?": Column("checkbox"),
        "Files & media": Column("files"),
        "Team": Column("people"),
        "Tasks": Column("relation", _relation(TASKS_ID, "For project")),
        "Builds on": Column("relation", _relation(PROJECTS_ID, None)),
        "Hours of tasks": Column("rollup", _rollup("sum", "Tasks", "Hours")),
        "First task due": Column("rollup", _rollup("earliest_date", "Tasks", "Due")),
        "Names of tasks": Column("rollup", _rollup("show_original", "Tasks", "Task")),
        "People in tasks": Column("rollup", _rollup("show_unique", "Tasks", "Assignees")),
        "Label": Column("formula", _formula('prop("Project") + "!"')),
        "With tax": Column("formula", _formula('prop("Budget") * 1.25')),
        "Costly": Column("formula", _formula('prop("Budget") > 5000')),
        "Review on": Column("formula", _formula('dateAdd(prop("Schedule"), 7, "days")')),
        "Weight": Column("formula", _formula('prop("Builds on").map(current.prop("Weight"))')),
        "Made": Column("created_time"),
        "Made by": Column("created_by"),
        "Changed": Column("last_edited_time"),
        "Changed by": Column("last_edited_by"),
        "Number": Column("unique_id", {"prefix": "KITE"}),
        "Checked": Column("verification"),
        "Workshop": Column("place"),
        "Approve": Column("button"),
    }


def tasks() -> dict[str, Column]:
    """Return the columns of "Tasks"."""
    return {
        "Task": Column("title"),
        "For project": Column("relation", _relation(PROJECTS_ID, "Tasks")),
        "Hours": Column("number", {"format": "number"}),
        "Due": Column("date"),
        "Assignees": Column("people"),
        "Progress of it": Column("status", {**_options(STATES), "groups": _groups()}),
    }


def events() -> dict[str, Column]:
    """Return the few columns of "Events"."""
    return {
        "Name": Column("title"),
        "Height": Column("number", {"format": "number_with_commas"}),
        "Kind": Column("select", _options(KINDS)),
        "At": Column("created_time"),
    }


def ids(columns: Mapping[str, Column]) -> dict[str, str]:
    """Return the id of every column; that of the title is always ``title``."""
    return {
        name: "title" if column.type == "title" else property_id(name)
        for name, column in columns.items()
    }


def described(columns: Mapping[str, Column]) -> JSONObject:
    """Return the columns as the ``properties`` of a data source."""
    named = ids(columns)
    return {
        name: {
            "id": named[name],
            "name": name,
            "description": column.description,
            "type": column.type,
            column.type: {} if column.config is None else column.config,
        }
        for name, column in columns.items()
    }
