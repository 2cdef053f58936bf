"""P18: whatever Notion may send one day is read without an exception, and comes back as it was."""

from __future__ import annotations

import contextlib
import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import ConfigurationError, structure, unstructure
from notion_async.converters import whole_characters
from notion_async.models import Model, ObjectList, Unsupported
from notion_async.types import JSON
from notion_async.webhooks import read_webhook, verify_webhook_signature
from tests.fuzz.asking import check, differences
from tests.fuzz.mutations import nearly

PARTS, EACH = 10, 500
EVENT: JSON = {
    "id": "367cba44-b6f3-4c92-81e7-6a2e9659efd4",
    "timestamp": "2026-03-05T23:55:34.285Z",
    "workspace_id": "13950b26-c203-4f3b-b97d-93ec06319565",
    "type": "page.properties_updated",
    "authors": [{"id": "c7c11cca-1d73-471d-9b6e-bdef51470190", "type": "person"}],
    "attempt_number": 1,
    "entity": {"id": "153104cd-477e-809d-8dc4-ff2d96ae3090", "type": "page"},
    "data": {"parent": {"id": "13950b26-c203-4f3b-b97d-93ec06319565", "type": "space"}},
}


@pytest.mark.parametrize("part", range(PARTS))
def test_an_object_that_is_nearly_right_is_read_and_comes_back(part: int) -> None:
    read = 0
    for number in range(EACH):
        text = nearly(Random(f"structure {part}-{number}"))  # noqa: S311 - the same in every run
        try:
            found = structure(text)
        except ConfigurationError:
            continue
        read += 1
        try:
            if not isinstance(found, ObjectList):
                check(found, text)
        except BaseException as failure:
            failure.add_note(f"object {part}-{number}: {text[:2000]!r}")
            raise

    assert read > EACH // 3


@pytest.mark.parametrize("part", range(4))
def test_a_webhook_that_is_nearly_right_is_an_event_or_an_error(part: int) -> None:
    for number in range(EACH):
        random = Random(f"webhook {part}-{number}")  # noqa: S311 - the same in every run
        text = nearly(random, EVENT)
        try:
            found = read_webhook(text)
        except ConfigurationError:
            continue
        check(found, text)


@given(body=st.binary(max_size=60), signature=st.none() | st.text(max_size=80) | st.binary())
def test_what_claims_to_be_a_webhook_is_refused_without_an_error(
    body: bytes, signature: str | bytes | None
) -> None:
    assert verify_webhook_signature(body, signature, "secret_test_x") is False
    with contextlib.suppress(ConfigurationError):
        read_webhook(body)


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    kind=st.sampled_from(
        ("page", "block", "user", "database", "data_source", "comment", "future")
    ),
    type_=st.sampled_from(("paragraph", "person", "hologram")) | st.text(max_size=5),
    fields=st.dictionaries(st.text(max_size=12), JSONS, max_size=5),
)
def test_objects_of_the_future_survive(kind: str, type_: str, fields: dict[str, JSON]) -> None:
    data: dict[str, JSON] = {"object": kind, "id": "x", "type": type_, **fields}
    text = json.dumps(data)

    found = structure(text)

    assert isinstance(found, (Model, Unsupported))
    kept = json.loads(whole_characters(text.encode()))
    assert differences(unstructure(found), kept) == []
