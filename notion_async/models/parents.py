"""Where an object lies, and references to others.

Notion's page: https://developers.notion.com/reference/parent-object
"""

from __future__ import annotations

from notion_async.models._model import Maybe, Model, ReadOnly, model
from notion_async.types import UNSET, JSONObject


@model
class Reference(Model):
    """Another object, by its id alone."""

    id: str
    object: ReadOnly[Maybe[str]] = UNSET
    """What it is, where Notion says so."""


@model
class Parent(Model):
    """What an object lies in.  `type` names the field that is set."""

    type: ReadOnly[Maybe[str]] = UNSET
    page_id: Maybe[str] = UNSET
    block_id: Maybe[str] = UNSET
    database_id: Maybe[str] = UNSET
    data_source_id: Maybe[str] = UNSET
    agent_id: Maybe[str] = UNSET
    workspace: Maybe[bool] = UNSET

    @property
    def id(self) -> str | None:
        """The id of what it lies in; None for the workspace."""
        if self.type == "data_source_id":  # names its database as well
            return self.data_source_id or None
        found = self.page_id or self.block_id or self.database_id or self.agent_id
        return found or self.data_source_id or None

    def _to_request(self) -> JSONObject:
        fields = super()._to_request()
        if self.type == "data_source_id":
            fields.pop("database_id", None)  # only Notion names both
        return fields
