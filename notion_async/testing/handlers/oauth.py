"""OAuth: pairs of tokens for public connections.

Notion: https://developers.notion.com/reference/create-a-token
"""

from __future__ import annotations

from typing import cast

import msgspec

from notion_async.testing.authorizations import (
    Authorization,
    OAuthRefusalError,
    PublicConnection,
)
from notion_async.testing.call import Call
from notion_async.testing.checks import Decoded

# What is no string, or not there, is answered with OAuth's own codes (RFC 6749).  The words of
# all errors here are ours: no exchange with Notion shows its own.


def token(call: Call) -> bytes:
    """Answer with a pair of tokens, for a code or for the refresh token of the last pair."""
    client = _client(call)
    grant_type = _text(call.body, "grant_type")
    if grant_type == "authorization_code":
        uri = _text(call.body, "redirect_uri") if "redirect_uri" in call.body else None
        _check_account(call.body)
        return _pair(call, client.exchange(_text(call.body, "code"), uri))
    if grant_type == "refresh_token":
        return _pair(call, client.refresh(_text(call.body, "refresh_token")))
    raise OAuthRefusalError(400, "unsupported_grant_type", f"There is no grant_type {grant_type}.")


def introspect(call: Call) -> bytes:
    """Answer with what is known of a token."""
    found = _client(call).find(_text(call.body, "token"))
    if found is None:
        return msgspec.json.encode({"active": False})
    # Assumed: seconds, as OAuth has them (RFC 7662).
    issued = int(found.issued.timestamp())
    scope = found.connection.capabilities.scope
    return msgspec.json.encode({"active": True, "scope": scope, "iat": issued})


def revoke(call: Call) -> bytes:
    """Put a token out of use; one that is so already is no error."""
    _client(call).revoke(_text(call.body, "token"))
    return b"{}"


def _client(call: Call) -> PublicConnection:
    # The doors let nobody else in.
    return cast("PublicConnection", call.client)


def _pair(call: Call, authorization: Authorization) -> bytes:
    connection = authorization.connection
    about = call.store.find("user", connection.bot_id).decoded()["bot"]
    answer: Decoded = {
        "access_token": connection.token,
        "token_type": "bearer",
        "refresh_token": authorization.refresh_token,
        "bot_id": connection.bot_id,
        "workspace_icon": None,
        "workspace_name": about["workspace_name"],
        "workspace_id": about["workspace_id"],
        "owner": about["owner"],
        "duplicated_template_id": None,
    }
    # Whoever may not see users, or their e-mail addresses, does not see them here either.
    return connection.capabilities.shown(call.endpoint.name, msgspec.json.encode(answer), "")


def _check_account(body: Decoded) -> None:
    """Refuse an account, which only link previews have, where it is not as it must be."""
    account = body.get("external_account", {"key": "", "name": ""})
    if not isinstance(account, dict):
        raise OAuthRefusalError(400, "invalid_request", "external_account should be an object.")
    for name in ("key", "name"):
        _text(account, name)


def _text(body: Decoded, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise OAuthRefusalError(400, "invalid_request", f"{name} should be a string.")
    return value
