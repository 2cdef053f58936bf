"""Events are read by their type, whatever else is in them, and keep all that Notion sent."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, assert_type

import pytest
from hypothesis import HealthCheck, given, settings

from notion_async import structure, unstructure
from notion_async.models import Model, Unsupported
from notion_async.models.webhooks import (
    CommentChanged,
    ContentUpdated,
    ObjectChanged,
    PropertiesUpdated,
    PropertyChange,
    SchemaUpdated,
    TranscriptDeleted,
    UploadFailed,
    ViewCreated,
    ViewUpdated,
    WebhookAuthor,
    WebhookData,
    WebhookEntity,
    WebhookEvent,
    WebhookEventType,
    WebhookParent,
    WebhookVerification,
)
from notion_async.types import JSON, JSONObject
from tests.models.generated import examples
from tests.models.test_drift import Walker
from tests.models.tools import hints, read_all, same

Schema = dict[str, Any]

ALL_TYPES = pytest.mark.parametrize("kind", WebhookEventType, ids=str)
UPLOADS_WITHOUT_DATA = ("file_upload.created", "file_upload.completed", "file_upload.expired")

PARENT = {"id": "5e6f", "type": "database", "data_source_id": "0d5a"}
ENVELOPE: JSONObject = {
    "id": "9e21",
    "timestamp": "2026-05-17T10:42:31.512Z",
    "workspace_id": "11aa",
    "workspace_name": "Acme",
    "subscription_id": "22bb",
    "integration_id": "33cc",
    "authors": [{"id": "44dd", "type": "person"}],
    "attempt_number": 1,
    "api_version": "2026-03-11",
    "entity": {"id": "55ee", "type": "page"},
}


def event(kind: str, data: object = None, **fields: object) -> WebhookEvent:
    body = {**ENVELOPE, "type": kind, **fields}
    if data is not None:
        body["data"] = data
    return WebhookEvent.from_json(json.dumps(body).encode())


# -------------------------------------------------------------------------------- what is read


def test_the_envelope_says_what_happened_to_what() -> None:
    made = event("page.moved", {"parent": PARENT}, accessible_by=[{"id": "b", "type": "bot"}])

    assert made.type == WebhookEventType.PAGE_MOVED
    assert made.entity == WebhookEntity("55ee", "page")
    assert made.timestamp == datetime(2026, 5, 17, 10, 42, 31, 512_000, tzinfo=UTC)
    assert made.authors == (WebhookAuthor("44dd", "person"),)
    assert made.accessible_by == (WebhookAuthor("b", "bot"),)
    assert (made.attempt_number, made.api_version) == (1, "2026-03-11")


def test_data_is_told_apart_by_match() -> None:
    """A type checker knows the fields of each case."""

    def said(data: WebhookData | None) -> object:
        match data:
            case ContentUpdated(parent=parent, updated_blocks=blocks):
                assert_type(parent, WebhookParent)
                return parent.id, [block.id for block in blocks]
            case SchemaUpdated(updated_properties=[PropertyChange(name=name, action=action)]):
                assert_type(name, str | None)
                return name, action
            case ObjectChanged(parent=parent):
                return parent.type, parent.data_source_id
            case Unsupported(type=kind):
                return kind
            case _:
                return data

    block = {"id": "b", "type": "block"}
    change = {"id": "%3A", "name": None, "action": "deleted"}

    blocks = event("page.content_updated", {"parent": PARENT, "updated_blocks": [block]}).data
    schema = event("data_source.schema_updated", {"updated_properties": [change]}).data
    assert said(blocks) == ("5e6f", ["b"])
    assert said(schema) == (None, "deleted")
    assert said(event("page.locked", {"parent": PARENT}).data) == ("database", "0d5a")
    assert said(event("page.renamed", {"parent": PARENT}).data) == "page.renamed"
    assert said(event("file_upload.created").data) is None


def test_the_other_data_have_the_fields_notion_gives_them() -> None:
    properties = event("page.properties_updated", {"updated_properties": ["title"]}).data
    deleted = event(
        WebhookEventType.PAGE_TRANSCRIPT_DELETED,
        {"target": {"id": "b", "type": "block"}, "transcript_id": None},
    ).data
    created = event("view.created", {"parent": PARENT, "view_type": "board"}).data
    updated = event("view.updated", {"parent": PARENT, "updated_fields": ["sorts"]}).data
    comment = event("comment.updated", {"parent": PARENT, "page_id": "p"}).data
    problem = {
        "type": "download_error",
        "code": "file_not_found",
        "message": "404",
        "parameter": None,
        "status_code": 404,
    }
    result = {"type": "error", "imported_time": "2026-05-17T10:42:31.000Z", "error": problem}
    failed = event("file_upload.upload_failed", {"file_import_result": result}).data

    assert isinstance(properties, PropertiesUpdated)
    assert properties.updated_properties == ["title"]
    assert isinstance(deleted, TranscriptDeleted)
    assert (deleted.target, deleted.transcript_id) == (WebhookEntity("b", "block"), None)
    assert isinstance(created, ViewCreated)
    assert created.view_type == "board"
    assert isinstance(updated, ViewUpdated)
    assert updated.updated_fields == ["sorts"]
    assert isinstance(comment, CommentChanged)
    assert (comment.parent.id, comment.page_id) == ("5e6f", "p")
    assert isinstance(failed, UploadFailed)
    error = failed.file_import_result.error
    assert error
    assert (error.code, error.status_code) == ("file_not_found", 404)


def test_an_event_of_before_data_sources_is_read() -> None:
    made = event(
        "database.schema_updated",
        {"parent": {"id": "s", "type": "space"}},
        api_version="2022-06-28",
        entity={"id": "d", "type": "block"},
    )

    assert isinstance(made.data, SchemaUpdated)
    assert not made.data.updated_properties
    assert not made.data.parent.data_source_id
    assert made.entity.type == "block"


def test_data_is_decoded_once() -> None:
    made = event("page.moved", {"parent": PARENT})

    assert made.data is made.data


# ------------------------------------------------------------------------------ what is unknown


@pytest.mark.parametrize("data", [None, {"a": [1]}, 5, "text", []])
def test_a_type_of_the_future_is_kept_as_it_came(data: object) -> None:
    made = event("page.renamed", data)

    assert made.data == Unsupported("page.renamed", data)  # type: ignore[arg-type]  # plain JSON
    assert made.entity.id == "55ee"


@pytest.mark.parametrize("kind", UPLOADS_WITHOUT_DATA)
def test_data_where_none_was_known_is_kept(kind: str) -> None:
    assert event(kind, {"new": 1}).data == Unsupported(kind, {"new": 1})
    assert event(kind).data is None


def test_data_that_is_missing_or_null_is_told_from_an_event_that_has_none() -> None:
    null = WebhookEvent.from_json(b'{"type": "page.moved", "data": null}')

    assert event("page.moved").data == Unsupported("page.moved", None)
    assert null.data == Unsupported("page.moved", None)


@pytest.mark.parametrize("data", [5, [], "text", {"parent": 5}, {"updated_blocks": {}}])
def test_data_of_another_shape_hinders_nothing(data: object) -> None:
    made = event("page.content_updated", data)

    read_all(made.data)
    assert made.entity.id == "55ee"
    assert unstructure(made)["data"] == data


def test_a_type_that_is_no_text_is_kept() -> None:
    made = WebhookEvent.from_json(b'{"type": ["a"], "data": {"b": 1}}')

    assert made.data == Unsupported("", {"b": 1})


def test_data_without_a_type_is_explained() -> None:
    made = WebhookEvent.from_json(b'{"data": {}}')

    with pytest.raises(AttributeError, match="this WebhookEvent has no"):
        _ = made.data


# ------------------------------------------------------------------------- made by hand, and back


def test_an_event_made_by_hand_is_the_one_notion_sends() -> None:
    made = WebhookEvent(
        WebhookEventType.PAGE_MOVED,
        ObjectChanged(WebhookParent("5e6f", "database", "0d5a")),
        id="9e21",
        timestamp=datetime(2026, 5, 17, 10, 42, 31, 512_000, tzinfo=UTC),
        entity=WebhookEntity("55ee", "page"),
        workspace_id="11aa",
        workspace_name="Acme",
        subscription_id="22bb",
        integration_id="33cc",
        api_version="2026-03-11",
        authors=[WebhookAuthor("44dd", "person")],
    )

    assert made == event("page.moved", {"parent": PARENT})
    assert "type='page.moved'" in repr(made)
    assert pickle.loads(pickle.dumps(made)).data == made.data  # noqa: S301 - our own


def test_an_upload_made_by_hand_has_no_data() -> None:
    fields: dict[str, Any] = {**ENVELOPE, "entity": WebhookEntity("55ee", "page")}

    made = WebhookEvent("file_upload.expired", **fields)

    assert made.data is None
    assert made == event("file_upload.expired")


@ALL_TYPES
def test_nothing_is_lost(kind: WebhookEventType) -> None:
    body = {**ENVELOPE, "type": str(kind), "data": {"new": [{"x": 1.0}]}, "new": None}

    made = structure(body, WebhookEvent)
    read_all(made)
    read_all(made.data)

    assert same(unstructure(made), body)


# -------------------------------------------------------------------------- a new subscription


def test_the_token_of_a_subscription_is_not_shown() -> None:
    body = b'{"verification_token": "secret_test_canary"}'

    made = WebhookVerification.from_json(body)

    assert made.verification_token == "secret_test_canary"
    assert unstructure(made) == json.loads(body)
    for shown in (repr(made), str(made), f"{made}", repr([made]), str(made._repr_html_())):
        assert "canary" not in shown


# -------------------------------------------------------------------- against what is published


@cache
def _load(path: Path) -> Schema:
    found: Schema = json.loads(path.read_text())
    return found


@pytest.fixture
def events(shared: Path) -> Schema:
    found: Schema = _load(shared / "notion-api" / "enums.json")["webhook_events"]
    return found


@pytest.fixture
def definitions(shared: Path) -> Schema:
    found: Schema = _load(shared / "notion-api" / "notion.schema.json")["definitions"]
    return found


def data_class(kind: str) -> type[WebhookData] | None:
    made = event(kind).data if kind in UPLOADS_WITHOUT_DATA else event(kind, {}).data
    return None if made is None else type(made)


def test_every_published_event_is_known(events: Schema, definitions: Schema) -> None:
    payloads = {name for name in definitions if name.endswith("WebhookPayload")}

    assert set(WebhookEventType) == set(events)
    assert len(WebhookEventType) == 31
    assert {each["definition"] for each in events.values()} == payloads - {"BaseWebhookPayload"}


@ALL_TYPES
def test_whatever_an_event_is_published_to_hold_can_be_read(
    events: Schema, definitions: Schema, kind: WebhookEventType
) -> None:
    walker = Walker(definitions)
    envelope = dict(definitions[events[kind]["definition"]]["properties"])
    data = envelope.pop("data", None)
    cls = data_class(kind)

    walker.compare({"properties": envelope}, WebhookEvent, kind)
    if data is not None:
        assert cls
        walker.compare(data, cls, f"{kind}.data")

    assert walker.missing == []
    assert (cls is None) == (data is None)
    assert cls is not Unsupported


def test_nothing_is_declared_that_no_event_holds(events: Schema) -> None:
    published: dict[type, set[str]] = {}
    for kind, each in events.items():
        cls = data_class(kind)
        if cls is not None:
            published.setdefault(cls, set()).update(each["data"])

    for cls, fields in published.items():
        assert issubclass(cls, Model)
        assert {name for name in hints(cls) if not name.startswith("_")} == fields


@ALL_TYPES
def test_whatever_fits_the_published_shape_is_read_and_kept(
    events: Schema, definitions: Schema, kind: WebhookEventType
) -> None:
    payload = definitions[events[kind]["definition"]]

    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(sent=examples(payload, definitions))
    def check(sent: JSON) -> None:
        made = WebhookEvent.from_json(json.dumps(sent).encode())
        read_all(made)
        read_all(made.data)

        assert made.type == kind
        assert all(hasattr(made, field) for field in payload["required"])
        needed = payload["properties"].get("data", {}).get("required", ())
        assert all(hasattr(made.data, field) for field in needed)
        assert same(unstructure(made), sent)
        again = pickle.loads(pickle.dumps(made))  # noqa: S301 - our own
        assert same(unstructure(again), sent)

    check()
