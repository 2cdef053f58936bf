"""Notion's published shapes of what is sent, taken literally: nothing beside what they name."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

Rows = dict[str, dict[str, Any]]


@cache
def _load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


@cache
def rows(shared: Path) -> Rows:
    """Return Notion's table of endpoints, by the names that methods have here."""
    endpoints = _load(shared / "notion-api" / "endpoints.json")["endpoints"]
    return {_snake(row["client_method"]): row for row in endpoints if row["client_method"]}


def _snake(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name)


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _closed(part) for name, part in schema.items()}
    if isinstance(made.get("properties"), dict) and made.get("type") == "object":
        made.setdefault("additionalProperties", False)
    return made


@cache
def _validator(shared: Path, name: str) -> Callable[[object], object]:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    definitions = _closed(_load(shared / "notion-api" / "notion.schema.json")["definitions"])
    validator = jsonschema.Draft7Validator(
        {"$ref": f"#/definitions/{name}", "definitions": definitions}
    )
    return cast("Callable[[object], object]", validator.validate)


def fits(shared: Path, definition: str, body: object) -> None:
    """Fail unless a body has that shape, and nothing more."""
    _validator(shared, definition)(body)
