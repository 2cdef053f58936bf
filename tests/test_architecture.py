"""What the plan of the house promises about the code itself."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import notion_async
from notion_async import models

PACKAGE = Path(notion_async.__file__).parent
# From the top of the house to its ground.  What is first may import what follows, not the reverse.
ORDER = (
    "__main__",
    "cli",
    "codegen",
    "export",
    "testing",
    "content",
    "__init__",
    "porting",
    "client",
    "resources",
    "pagination",
    "transport",
    "webhooks",
    "auth",
    "converters",
    "models",
    "endpoints",
    "ids",
    "errors",
    "error_codes",
    "types",
)
MODULES = sorted(PACKAGE.rglob("*.py"))


def layer(parts: tuple[str, ...]) -> str:
    """Return the layer of a module given by its path below the package."""
    return parts[0] if parts else "__init__"


def imported(module: Path) -> Iterator[tuple[str, ...]]:
    """Yield what a module imports of this package, wherever in it, by the path below it."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            names = [node.module or ""]
            if node.module == "notion_async":
                names = [f"notion_async.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            root, *parts = name.split(".")
            if root == "notion_async":
                yield tuple(parts)


def is_layer(name: str) -> bool:
    return (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file()


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downward_only(module: Path) -> None:
    own = layer(module.relative_to(PACKAGE).with_suffix("").parts)
    if own == "version":
        assert list(imported(module)) == []
        return

    for parts in imported(module):
        # `from notion_async import AsyncClient` is an import of the top level itself.
        target = layer(parts) if parts and is_layer(parts[0]) else "__init__"
        if target not in ("version", own):
            assert ORDER.index(target) > ORDER.index(own), f"{module.name} imports {target}"


def test_every_part_of_the_package_has_its_place_in_the_order() -> None:
    parts = {layer(path.relative_to(PACKAGE).with_suffix("").parts) for path in MODULES}

    assert parts == {*ORDER, "version"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_holds_two_ideas(module: Path) -> None:
    assert len(module.read_text().splitlines()) <= 500


@pytest.mark.parametrize("module", [notion_async, models], ids=lambda module: module.__name__)
def test_all_that_is_public_is_in_all(module: ModuleType) -> None:
    submodules = {path.stem for path in Path(module.__file__ or "").parent.iterdir()}
    public = {
        name
        for name, value in vars(module).items()
        if not name.startswith(("_", "@"))  # pytest's own, where it has found the plugin
        and not (isinstance(value, ModuleType) and name in submodules - set(module.__all__))
    }

    # What makes the package import late is no part of it.
    public -= {"import_module", "TYPE_CHECKING"}
    assert public <= set(module.__all__)
    assert len(module.__all__) == len(set(module.__all__))


@pytest.mark.parametrize("module", [notion_async, models], ids=lambda module: module.__name__)
def test_all_that_all_names_is_there(module: ModuleType) -> None:
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
    assert set(module.__all__) <= set(dir(module))


def test_what_the_package_does_not_have_is_said_as_python_says_it() -> None:
    with pytest.raises(AttributeError, match="module 'notion_async' has no attribute 'clients'"):
        _ = notion_async.clients  # type: ignore[attr-defined]  # that is the point


def test_importing_the_package_loads_nothing_it_does_not_need() -> None:
    unwanted = (
        "cyclopts",
        "rich",
        "sqlite3",
        "aiohttp.web",
        "cattrs",
        "notion_async.models",
        "notion_async.testing",
    )
    code = f"""
import sys, notion_async
print([name for name in {unwanted!r} if name in sys.modules])
"""

    # Measuring the coverage of the other process would load modules of its own there.
    environ = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}

    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
        env=environ,
    )

    assert done.stdout.strip() == "[]"
