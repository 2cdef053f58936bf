"""A workspace as files: everything a token can see, or a list of what is missing and why."""

from notion_async.export.manifest import Gap, Manifest
from notion_async.export.progress import Progress
from notion_async.export.run import FORMATS, export_workspace

__all__ = ["FORMATS", "Gap", "Manifest", "Progress", "export_workspace"]
