"""Python classes for the rows of a data source, written from its schema.

::

    source = row_class_source(await notion.data_sources.retrieve(data_source_id), "Task")

A class written so is for people and type checkers alike: each property is one field, with its
type in Python, and its name, id and type in Notion (`notion_async.models.rows`)::

    async for task in notion.data_sources.query(Task.data_source_id, row=Task):
        print(task.due, task.state)
    await notion.pages.update(task.id, properties=Task(state="Sold").properties())

The options of a select become a ``Literal``.  An option that Notion gets later is read as it is,
though the class does not name it, and `drift` tells that it is there.
"""

from __future__ import annotations

import ast
import itertools
import keyword
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from notion_async.client import AsyncClient
from notion_async.errors import ConfigurationError, ObjectNotFoundError
from notion_async.models import DataSource, PropertySchema
from notion_async.models.rows import Column, Row

# Types of properties as Python has them.  "…" stands for the options.
_WRITTEN: Final = {
    "title": "str",
    "rich_text": "str",
    "number": "float | None",
    "checkbox": "bool",
    "url": "str | None",
    "email": "str | None",
    "phone_number": "str | None",
    "select": "… | None",
    "status": "… | None",
    "multi_select": "Sequence[…]",
    "date": "DateSpan | None",
    "people": "Sequence[User]",
    "files": "Sequence[FileObject]",
    "relation": "Sequence[str]",
    "place": "Place | None",
    "verification": "str | None",
}
_ONLY_READ: Final = {
    "created_time": "dt.datetime",
    "last_edited_time": "dt.datetime",
    "created_by": "User",
    "last_edited_by": "User",
    "unique_id": "str | None",
}
_ANYTHING: Final = "PlainValue"  # of formulas, rollups, and what this version does not know
_HOLDS_NOTHING: Final = ("button",)

_HOMES: Final = {
    "Sequence": "collections.abc",
    "ClassVar": "typing",
    "Literal": "typing",
    "TypeAlias": "typing",
    "DateSpan": "notion_async.models",
    "FileObject": "notion_async.models",
    "Place": "notion_async.models",
    "PlainValue": "notion_async.models",
    "User": "notion_async.models",
    "Row": "notion_async.models.rows",
    "column": "notion_async.models.rows",
    "row_class": "notion_async.models.rows",
    "UNSET": "notion_async",
}
# What a field must not hide: what other lines of the class name, what is in its base, and what
# stands in the function that attrs makes of the fields.
_TAKEN: Final = frozenset(
    {*_HOMES, "dt", "bool", "float", "str", "data_source_id", "self", "attr_dict"}
    | {name for name in dir(Row) if not name.startswith("_")}
)
_LINE: Final = 88
_TITLE: Final = 40


@attrs.frozen
class _Field:
    """A property and what is written of it."""

    column: Column
    options: Sequence[str] = ()
    name: str = ""
    alias: str = ""


async def find_data_source(notion: AsyncClient, reference: str) -> DataSource:
    """Return a data source by its own id or link, or by those of a database that has no other.

    Raises:
        ConfigurationError: The database has several data sources.
        ObjectNotFoundError: There is neither, or it is not shared with the connection.
    """
    try:
        return await notion.data_sources.retrieve(reference)
    except ObjectNotFoundError as error:
        try:
            database = await notion.databases.retrieve(reference)
        except ObjectNotFoundError:
            raise error from None  # what was asked for first
    sources = database.data_sources
    if len(sources) != 1:
        named = ", ".join(f"{one.id} ({one.name})" for one in sources) or "none"
        raise ConfigurationError(f"a database with several data sources: name one of {named}")
    return await notion.data_sources.retrieve(sources[0].id)


def row_class_source(data_source: DataSource, name: str | None = None) -> str:
    """Return a Python module with the class of a data source's rows.

    Args:
        data_source: The data source, as ``data_sources.retrieve`` returns it.
        name: What the class is called; by default after the data source.

    Raises:
        ConfigurationError: A class cannot have this name.
    """
    title = _prose(data_source.name)
    class_name = _class_name(title) if name is None else _checked(name)
    fields = _named(_fields(data_source), class_name)
    aliases = [line for field in fields if field.alias for line in _alias(field)]
    body = [
        "@row_class",
        f"class {class_name}(Row):",
        f'    """A row of the data source "{title}"."""',
        "",
        f'    data_source_id: ClassVar[str] = "{data_source.id}"',
        "",
        *(line for field in fields for line in _declaration(field)),
    ]
    head = ['"""Rows of a data source, as ``notion-async codegen`` wrote them."""', ""]
    names = _imports("\n".join([*aliases, *body]))
    return "\n".join([*head, *names, "", *aliases, *["", ""][: 1 + bool(aliases)], *body, ""])


def drift(data_source: DataSource, source: str) -> list[str]:
    """Return what has changed in a data source since its class was written, in sentences.

    Properties are compared by their ids, options by their names.  The order of either, and how
    the module is formatted, is no difference.

    Args:
        data_source: The data source as it is now.
        source: The module, as `row_class_source` wrote it.

    Raises:
        ConfigurationError: There is no class of this data source in the module.
    """
    before = {field.column.id: field for field in _parsed(source, data_source.id)}
    now = {field.column.id: field for field in _fields(data_source)}
    return [
        *(_added(field.column) for key, field in now.items() if key not in before),
        *(f"{field.column.name!r} is gone" for key, field in before.items() if key not in now),
        *itertools.chain.from_iterable(
            _changes(field, now[key]) for key, field in before.items() if key in now
        ),
    ]


def _added(new: Column) -> str:
    return f"{new.name!r} is new, of type {new.type}"


def _changes(before: _Field, now: _Field) -> Iterator[str]:
    name = now.column.name
    if name != before.column.name:
        yield f"{before.column.name!r} is called {name!r} now"
    if now.column.type != before.column.type:
        yield f"{name!r} is of type {now.column.type} now, and was of type {before.column.type}"
        return
    for option in now.options:
        if option not in before.options:
            yield f"{name!r} has a new option {option!r}"
    for option in before.options:
        if option not in now.options:
            yield f"{name!r} has lost the option {option!r}"


# ------------------------------------------------------------------------------------- the schema


def _fields(data_source: DataSource) -> list[_Field]:
    """Return the properties, the title first: in what order Notion sends them says nothing."""
    found = [
        _Field(Column(name, identity, kind), _options(schema))
        for name, schema in data_source.properties.items()
        if isinstance(identity := getattr(schema, "id", None), str)
        and isinstance(kind := getattr(schema, "type", None), str)
        and kind not in _HOLDS_NOTHING
    ]
    found.sort(key=lambda one: (one.column.type != "title", one.column.name, one.column.id))
    return found


def _options(schema: PropertySchema) -> list[str]:
    options = getattr(schema.content, "options", ())
    names = [getattr(one, "name", None) for one in options] if isinstance(options, tuple) else []
    return list(dict.fromkeys(name for name in names if isinstance(name, str)))


# -------------------------------------------------------------------------------------- the names


def _named(fields: Iterable[_Field], class_name: str) -> list[_Field]:
    """Return the fields with names in Python, all of them different."""
    taken = {*_TAKEN, class_name}
    aliased = [
        attrs.evolve(one, alias=_free(class_name + _pascal(one.column.name), taken))
        if one.options
        else one
        for one in fields
    ]
    return [attrs.evolve(one, name=_free(_attribute(one.column), taken)) for one in aliased]


def _free(name: str, taken: set[str]) -> str:
    """Return a name that is not taken yet, and take it."""
    if name in _TAKEN or keyword.iskeyword(name):
        name += "_"  # as Python's own modules do it
    candidates = itertools.chain([name], (f"{name.rstrip('_')}_{n}" for n in itertools.count(2)))
    found = next(one for one in candidates if one not in taken)
    taken.add(found)
    return found


def _attribute(found: Column) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", _normal(found.name))
    name = "_".join(_words(_normal(words.lower()))) or found.type
    return name if name.isidentifier() else f"p_{name}"


def _pascal(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in _words(_normal(name)))


def _class_name(title: str) -> str:
    name = _normal(f"{_pascal(title) or 'Untitled'}Row")
    return name if name.isidentifier() else f"Row{name}"


def _checked(name: str) -> str:
    if not name.isidentifier() or keyword.iskeyword(name) or name in _TAKEN:
        raise ConfigurationError(f"a class cannot be called {name!r}: choose another name")
    return _normal(name)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)  # as Python reads its names


def _words(text: str) -> list[str]:
    """Return what in a text may stand in a name, split by what may not."""
    kept = (one if f"a{one}".isidentifier() and one != "_" else " " for one in text)
    return "".join(kept).split()


# -------------------------------------------------------------------------------------- the lines


def _declaration(field: _Field) -> list[str]:
    found = field.column
    option = "default=UNSET" if found.type in _WRITTEN else "init=False"
    annotation = _WRITTEN.get(found.type) or _ONLY_READ.get(found.type) or _ANYTHING
    annotation = annotation.replace("…", field.alias or "str")
    values = [*map(_quoted, (found.name, found.id, found.type)), option]
    line = f"    {field.name}: {annotation} = column({', '.join(values)})"
    if _width(line) <= _LINE:
        return [line]
    return [
        f"    {field.name}: {annotation} = column(",
        *(f"        {value}," for value in values),
        "    )",
    ]


def _alias(field: _Field) -> list[str]:
    options = list(map(_quoted, field.options))
    line = f"{field.alias}: TypeAlias = Literal[{', '.join(options)}]"
    if _width(line) <= _LINE:
        return [line]
    return [f"{field.alias}: TypeAlias = Literal[", *(f"    {one}," for one in options), "]"]


def _width(line: str) -> int:
    # As formatters count: of East Asia and among the emojis, characters are two wide.
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line)


def _imports(code: str) -> list[str]:
    words = set(re.findall(r"\w+", code))
    modules: dict[str, list[str]] = {}
    for name, module in _HOMES.items():
        if name in words:
            modules.setdefault(module, []).append(name)
    lines = {
        module: f"from {module} import {', '.join(names)}"
        for module, names in sorted(modules.items())
    }
    own = [line for module, line in lines.items() if module.startswith("notion_async")]
    return [
        "from __future__ import annotations",
        "",
        *["import datetime as dt"] * ("dt.datetime" in code),
        *(line for line in lines.values() if line not in own),
        "",
        *own,
    ]


def _prose(text: str) -> str:
    """Return a text as it can stand in a docstring."""
    shown = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(shown.replace("\\", "/").replace('"', "'").split())[:_TITLE]


def _quoted(text: str) -> str:
    """Return a text as a literal, in the quotes that formatters prefer."""
    shown = repr(text)
    if shown[0] == "'" and text.count('"') <= text.count("'"):
        inner = shown[1:-1].replace("\\'", "'").replace('"', '\\"')
        return f'"{inner}"'
    return shown


# --------------------------------------------------------------------------- the module read back


def _parsed(source: str, data_source_id: str) -> Iterator[_Field]:
    try:
        module = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise ConfigurationError(f"no Python module: {error}") from None
    options = {name: found for line in module.body for name, found in _literal(line)}
    for node in module.body:
        if isinstance(node, ast.ClassDef) and _is_class_of(node, data_source_id):
            return _declared(node, options)
    raise ConfigurationError(
        f"there is no class of the data source {data_source_id} in this module: write it with "
        "notion-async codegen"
    )


def _literal(line: ast.stmt) -> Iterator[tuple[str, Sequence[str]]]:
    match line:
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.Subscript(slice=inner)):
            items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            texts = [one.value for one in items if isinstance(one, ast.Constant)]
            yield name, [text for text in texts if isinstance(text, str)]


def _is_class_of(node: ast.ClassDef, data_source_id: str) -> bool:
    return any(
        isinstance(line, ast.AnnAssign)
        and isinstance(line.value, ast.Constant)
        and line.value.value == data_source_id
        for line in node.body
    )


def _declared(node: ast.ClassDef, options: Mapping[str, Sequence[str]]) -> Iterator[_Field]:
    for line in node.body:
        match line:
            case ast.AnnAssign(
                annotation=annotation,
                value=ast.Call(
                    args=[
                        ast.Constant(value=str(name)),
                        ast.Constant(value=str(identity)),
                        ast.Constant(value=str(kind)),
                    ]
                ),
            ):
                used = [one.id for one in ast.walk(annotation) if isinstance(one, ast.Name)]
                known = [option for one in used for option in options.get(one, ())]
                yield _Field(Column(name, identity, kind), known)
