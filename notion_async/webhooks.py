"""Webhooks: whether a request is Notion's, and what it says.

::

    if not verify_webhook_signature(body, headers.get(SIGNATURE_HEADER), verification_token):
        return 401
    match read_webhook(body):
        case WebhookEvent(type="page.content_updated", entity=page):
            ...

Notion's page: https://developers.notion.com/reference/webhooks
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from notion_async.auth import Secret
from notion_async.converters import structure
from notion_async.errors import ConfigurationError
from notion_async.models.webhooks import WebhookEvent, WebhookVerification

SIGNATURE_HEADER: Final = "X-Notion-Signature"
"""The header that carries the signature."""


def verify_webhook_signature(
    body: bytes | bytearray | memoryview | str | None,
    signature: str | bytes | None,
    verification_token: str | Secret,
) -> bool:
    """Tell whether Notion signed this body, in constant time.

    Whatever a request may bring is True or False, never an error: a signature that is absent,
    malformed or of another body is False, and so is a body that is none.  Notion writes the
    digest in lower case; nothing else is accepted.

    Args:
        body: The bytes of the request as they came, or the text of them.  JSON that was decoded
            and encoded again is another text, with another signature.
        signature: The header ``X-Notion-Signature``; None where there was none.
        verification_token: The token that Notion sent when the subscription was made.

    Raises:
        ConfigurationError: `body` was decoded, or there is no token: with an empty one anybody
            could sign.
    """
    if isinstance(body, str):
        body = body.encode(errors="surrogatepass")
    expected = sign_webhook_payload(body or b"", verification_token).encode()
    if isinstance(signature, str):
        signature = signature.encode(errors="replace")  # half characters stand in no signature
    return (
        body is not None
        and isinstance(signature, bytes)
        and hmac.compare_digest(signature, expected)
    )


def sign_webhook_payload(
    body: bytes | bytearray | memoryview, verification_token: str | Secret
) -> str:
    """Return the header ``X-Notion-Signature`` that Notion would send with this body.

    For the tests of what receives webhooks.

    Args:
        body: The bytes of the request.
        verification_token: The token of the subscription.

    Raises:
        ConfigurationError: `body` is no bytes, or there is no token.
    """
    if not isinstance(body, (bytes, bytearray, memoryview)):
        raise ConfigurationError(
            f"the body of a webhook is the bytes as they came, not {type(body).__name__}: take "
            "it before it is decoded"
        )
    return f"sha256={hmac.new(_key(verification_token), body, hashlib.sha256).hexdigest()}"


def read_webhook(body: bytes | str) -> WebhookEvent | WebhookVerification:
    """Return what Notion sent to a webhook: an event, or the token of a new subscription.

    Whether it was Notion who sent it, `verify_webhook_signature` tells.

    Raises:
        ConfigurationError: `body` is no JSON object, or neither of the two.
    """
    event = structure(body, WebhookEvent)
    if hasattr(event, "type"):
        return event
    verification = structure(body, WebhookVerification)
    if hasattr(verification, "verification_token"):
        return verification
    raise ConfigurationError("neither an event nor a verification token: Notion did not send that")


def _key(token: str | Secret) -> bytes:
    text = token.reveal() if isinstance(token, Secret) else token
    if not isinstance(text, str) or not text.strip():
        raise ConfigurationError(
            "no verification token: give the one that Notion sent to the address when the "
            "subscription was made"
        )
    # An error of encoding would show the token.
    return text.strip().encode(errors="surrogatepass")
