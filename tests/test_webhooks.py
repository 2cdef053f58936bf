"""A signature is Notion's for one body and one token, and everything else is refused quietly."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notion_async import ConfigurationError
from notion_async.auth import Secret
from notion_async.models.webhooks import ContentUpdated, WebhookEvent, WebhookVerification
from notion_async.webhooks import (
    SIGNATURE_HEADER,
    read_webhook,
    sign_webhook_payload,
    verify_webhook_signature,
)

TOKEN = "secret_test_verification"
BODY = b'{"id":"1","type":"page.created"}'
TOKENS = st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip)


def by_the_book(body: bytes, token: str) -> str:
    """The signature as Notion describes it."""
    return "sha256=" + hmac.new(token.encode(), body, hashlib.sha256).hexdigest()


# ---------------------------------------------------------------------------------- signatures


def test_a_signature_is_the_one_notion_describes() -> None:
    signature = sign_webhook_payload(BODY, TOKEN)

    assert signature == by_the_book(BODY, TOKEN)
    assert SIGNATURE_HEADER == "X-Notion-Signature"
    assert verify_webhook_signature(body=BODY, signature=signature, verification_token=TOKEN)


@given(body=st.binary(), token=TOKENS)
def test_what_is_signed_verifies(body: bytes, token: str) -> None:
    assert verify_webhook_signature(body, sign_webhook_payload(body, token), token)


@given(body=st.binary(min_size=1), data=st.data())
def test_any_bit_that_flips_in_the_body_is_noticed(body: bytes, data: st.DataObject) -> None:
    bit = data.draw(st.integers(0, len(body) * 8 - 1))
    changed = bytearray(body)
    changed[bit // 8] ^= 1 << bit % 8

    assert not verify_webhook_signature(changed, sign_webhook_payload(body, TOKEN), TOKEN)


@given(bit=st.integers(0, (7 + 64) * 8 - 1))
def test_any_bit_that_flips_in_the_signature_is_noticed(bit: int) -> None:
    changed = bytearray(sign_webhook_payload(BODY, TOKEN), "ascii")
    changed[bit // 8] ^= 1 << bit % 8

    assert not verify_webhook_signature(BODY, bytes(changed), TOKEN)
    assert not verify_webhook_signature(BODY, changed.decode("latin-1"), TOKEN)


@given(one=TOKENS, other=TOKENS)
def test_another_token_does_not_verify(one: str, other: str) -> None:
    signature = sign_webhook_payload(BODY, one)

    assert verify_webhook_signature(BODY, signature, other) == (one.strip() == other.strip())


@given(signature=st.none() | st.text(st.characters(exclude_categories=())) | st.binary())
@example(signature="")
@example(signature="sha256=")
@example(signature="sha256=" + "0" * 64)
@example(signature=by_the_book(BODY, TOKEN).removeprefix("sha256="))
@example(signature=by_the_book(BODY, TOKEN).replace("sha256", "sha1"))
@example(signature=by_the_book(BODY, TOKEN)[:-1])
@example(signature=by_the_book(BODY, TOKEN) + "0")
@example(signature=by_the_book(BODY, TOKEN) + "\n")
@example(signature=by_the_book(BODY, TOKEN).upper())
@example(signature="sha256=" + by_the_book(BODY, TOKEN)[7:].upper())
@example(signature="\ud83d" * 71)
@example(signature="sha25\uff16=" + "\xe9" * 64)
def test_whatever_else_comes_as_a_signature_is_refused(signature: str | bytes | None) -> None:
    assert verify_webhook_signature(BODY, signature, TOKEN) is False


def test_a_header_that_came_as_bytes_verifies() -> None:
    assert verify_webhook_signature(BODY, sign_webhook_payload(BODY, TOKEN).encode(), TOKEN)


def test_a_body_may_come_in_any_kind_of_bytes() -> None:
    signature = sign_webhook_payload(BODY, TOKEN)

    assert verify_webhook_signature(bytearray(BODY), signature, TOKEN)
    assert verify_webhook_signature(memoryview(BODY), signature, TOKEN)


def test_json_that_was_encoded_again_does_not_verify() -> None:
    again = json.dumps(json.loads(BODY)).encode()

    assert not verify_webhook_signature(again, sign_webhook_payload(BODY, TOKEN), TOKEN)


def test_a_body_may_be_the_text_of_the_bytes() -> None:
    assert verify_webhook_signature(BODY.decode(), sign_webhook_payload(BODY, TOKEN), TOKEN)
    assert not verify_webhook_signature("\ud83d", sign_webhook_payload(BODY, TOKEN), TOKEN)


def test_no_body_is_signed_by_nobody() -> None:
    assert not verify_webhook_signature(None, sign_webhook_payload(b"", TOKEN), TOKEN)


@pytest.mark.parametrize("body", [json.loads(BODY), 5])
def test_a_body_that_was_decoded_is_a_mistake_of_the_program(body: object) -> None:
    with pytest.raises(ConfigurationError, match="the bytes as they came"):
        verify_webhook_signature(body, "sha256=", TOKEN)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the point


@pytest.mark.parametrize("token", ["", " \n", None, Secret("")])
def test_without_a_token_nothing_can_be_told(token: object) -> None:
    """With an empty key, anyone could sign."""
    forged = by_the_book(BODY, "")

    with pytest.raises(ConfigurationError, match="no verification token"):
        verify_webhook_signature(BODY, forged, token)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the point


@pytest.mark.parametrize("token", [Secret(TOKEN), f"{TOKEN}\n", f" {TOKEN}"])
def test_a_token_is_taken_as_it_was_kept(token: str | Secret) -> None:
    assert verify_webhook_signature(BODY, by_the_book(BODY, TOKEN), token)


def test_a_token_that_is_no_text_is_not_shown() -> None:
    """An error of encoding would quote it."""
    assert not verify_webhook_signature(BODY, by_the_book(BODY, TOKEN), TOKEN + "\ud83d")


# ------------------------------------------------------------------------------------- requests


def test_an_event_is_read() -> None:
    match read_webhook(b'{"type": "page.content_updated", "data": {"updated_blocks": []}}'):
        case WebhookEvent(type="page.content_updated", data=ContentUpdated(updated_blocks=found)):
            assert found == ()
        case other:
            pytest.fail(repr(other))


def test_the_handshake_is_told_from_an_event() -> None:
    body = json.dumps({"verification_token": TOKEN})

    made = read_webhook(body)

    assert isinstance(made, WebhookVerification)
    assert made.verification_token == TOKEN
    # Notion signs it with the token that it brings.
    signature = sign_webhook_payload(body.encode(), TOKEN)
    assert verify_webhook_signature(body.encode(), signature, made.verification_token)


def test_an_event_that_mentions_a_token_is_an_event() -> None:
    made = read_webhook(json.dumps({"type": "page.moved", "verification_token": TOKEN}))

    assert isinstance(made, WebhookEvent)
    assert TOKEN not in repr(made)


def test_half_a_character_hinders_nothing() -> None:
    """A name that JavaScript cut in the middle of an emoji."""
    made = read_webhook(b'{"type": "page.moved", "workspace_name": "Acme \\ud83d"}')

    assert isinstance(made, WebhookEvent)
    assert made.workspace_name == "Acme \ufffd"


@pytest.mark.parametrize("body", [b"", b"[]", b"5", b"\xff", b"{", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(ConfigurationError, match="JSON"):
        read_webhook(body)


@pytest.mark.parametrize("body", [b"{}", b'{"challenge": "x"}'])
def test_what_is_neither_event_nor_handshake_is_refused(body: bytes) -> None:
    with pytest.raises(ConfigurationError, match="neither an event nor"):
        read_webhook(body)
