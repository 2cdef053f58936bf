"""Reading every row of a data source, past the 10,000 at which Notion cuts a query."""

from notion_async.resources._scan.lines import Line, lines
from notion_async.resources._scan.scan import Scan, Scanned

__all__ = ["Line", "Scan", "Scanned", "lines"]
