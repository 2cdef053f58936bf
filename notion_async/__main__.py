"""The entry point of the command line: ``notion-async`` and ``python -m notion_async``."""

from __future__ import annotations

import sys

from notion_async.errors import MissingExtraError


def main() -> None:
    """Run the command line, which needs the extra ``cli``."""
    try:
        from notion_async.cli.app import run  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("cyclopts", "rich"):
            raise
        sys.exit(f"notion-async: {MissingExtraError('cli', 'the command line')}")
    run()


if __name__ == "__main__":
    main()
