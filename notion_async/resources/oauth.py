"""OAuth: tokens of public connections, for a code, for a refresh token, and out of use.

These calls need no token of the client: they are made by the connection itself, with its id and
its secret.

Notion's pages: https://developers.notion.com/guides/get-started/authorization and
https://developers.notion.com/reference/create-a-token
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import overload

from notion_async import endpoints
from notion_async.auth import Credentials, Secret
from notion_async.errors import ConfigurationError
from notion_async.models.oauth import OAuthIntrospection, OAuthRevocation, OAuthToken
from notion_async.resources._resource import Resource
from notion_async.types import UNSET, Maybe


class OAuth(Resource):
    """Get tokens, ask about them, and put them out of use."""

    __slots__ = ()

    async def token(
        self,
        *,
        client_id: str,
        client_secret: str | Secret,
        grant_type: Maybe[str] = UNSET,
        code: Maybe[str | Secret] = UNSET,
        redirect_uri: Maybe[str] = UNSET,
        external_account: Maybe[Mapping[str, object]] = UNSET,
        refresh_token: Maybe[str | Secret] = UNSET,
    ) -> OAuthToken:
        """Return a pair of tokens, for a code or for the refresh token of an earlier pair.

        Both work once.

        Args:
            client_id: Of the public connection.
            client_secret: Of the public connection.  It shows in no error and no record.
            grant_type: ``authorization_code`` or ``refresh_token``; left out, what is given says.
            code: What the user's browser brought to the redirect URI.
            redirect_uri: That URI, if it was part of the authorization URL or the connection has
                several; otherwise Notion wants it left out.
            external_account: ``key`` and ``name`` of the account, for link previews only.
            refresh_token: `OAuthToken.refresh_token` of the pair that is to be replaced.

        Raises:
            ConfigurationError: There is not one of code and refresh_token.
            ValidationError: The code or refresh token is not accepted, with the code
                ``invalid_grant``: the user has to authorize again.
            WriteOutcomeUnknown: The answer was lost, and perhaps a pair of tokens with it.
        """
        # Hidden before anything can go wrong: a crash report shows the variables of each frame.
        client_secret, code = _secret(client_secret), _secret(code)
        refresh_token = _secret(refresh_token)
        has_code, has_refresh = bool(_revealed(code)), bool(_revealed(refresh_token))
        if has_code is has_refresh:
            raise ConfigurationError(
                "a token is given for a code (from the redirect) or for a refresh_token: give one "
                "of them"
            )
        expected = "authorization_code" if has_code else "refresh_token"
        if grant_type is not UNSET and grant_type != expected:
            raise ConfigurationError(f"grant_type is {expected!r} here: leave it out")
        if has_refresh and not (redirect_uri is external_account is UNSET):
            raise ConfigurationError(
                "redirect_uri and external_account go with a code: leave them out"
            )
        return await self._send(
            endpoints.OAUTH_TOKEN,
            OAuthToken.from_json,
            {},
            query={},
            body={
                "grant_type": expected,
                "code": _revealed(code),
                "redirect_uri": redirect_uri,
                "external_account": external_account,
                "refresh_token": _revealed(refresh_token),
            },
            basic=_credentials(client_id, client_secret),
        )

    async def introspect(
        self, *, client_id: str, client_secret: str | Secret, token: str | Secret
    ) -> OAuthIntrospection:
        """Return whether a token can be used, and what for.

        Args:
            client_id: Of the public connection.
            client_secret: Of the public connection.
            token: One that this connection was given.
        """
        client_secret, token = _secret(client_secret), _secret(token)
        return await self._send(
            endpoints.OAUTH_INTROSPECT,
            OAuthIntrospection.from_json,
            {},
            query={},
            body={"token": _revealed(token)},
            basic=_credentials(client_id, client_secret),
        )

    async def revoke(
        self, *, client_id: str, client_secret: str | Secret, token: str | Secret
    ) -> OAuthRevocation:
        """Put a token out of use.

        Args:
            client_id: Of the public connection.
            client_secret: Of the public connection.
            token: One that this connection was given.
        """
        client_secret, token = _secret(client_secret), _secret(token)
        return await self._send(
            endpoints.OAUTH_REVOKE,
            OAuthRevocation.from_json,
            {},
            query={},
            body={"token": _revealed(token)},
            basic=_credentials(client_id, client_secret),
        )


def _credentials(client_id: str, client_secret: Secret) -> Credentials:
    if not client_id or not client_secret.reveal():
        raise ConfigurationError(
            "client_id and client_secret are those of your public connection, from "
            "https://app.notion.com/developers: give both"
        )
    return Credentials(client_id, client_secret)


@overload
def _secret(given: str | Secret) -> Secret: ...
@overload
def _secret(given: Maybe[str | Secret]) -> Maybe[Secret]: ...
def _secret(given: Maybe[str | Secret]) -> Maybe[Secret]:
    return Secret(given) if isinstance(given, str) else given


def _revealed(secret: Maybe[Secret]) -> Maybe[str]:
    return secret.reveal() if isinstance(secret, Secret) else secret
