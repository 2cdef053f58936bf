"""Public connections: codes that users grant, and the pairs of tokens that codes are spent on.

Notion: https://developers.notion.com/guides/get-started/authorization
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import attrs

from notion_async.errors import ConfigurationError
from notion_async.testing.capabilities import Capabilities
from notion_async.testing.checks import Decoded, RefusalError
from notion_async.testing.connections import Connection, Share

if TYPE_CHECKING:
    from notion_async.testing.portal import Portal

# Assumed: how long is not published; it is the longest that OAuth recommends.
CODE_LASTS: Final = timedelta(minutes=10)


class OAuthRefusalError(RefusalError):
    """A request for tokens that is answered with an error as OAuth has it."""


def invalid_grant(description: str) -> OAuthRefusalError:
    """Return the error of a code or refresh token that is not accepted.  The words are ours."""
    return OAuthRefusalError(400, "invalid_grant", description)


@attrs.define(eq=False)
class Authorization:
    """What one user allowed a public connection, once.

    Attributes:
        connection: The token and bot that came of it.
        user: Who allowed it.
        refresh_token: What the next pair of tokens is got for.
        issued: When the present pair was.
    """

    connection: Connection
    user: Decoded
    refresh_token: str = attrs.field(repr=False)
    issued: datetime


@attrs.frozen
class _Code:
    user: Decoded
    shared: Share | None
    redirect_uri: str | None
    expires: datetime


@attrs.define(eq=False)
class PublicConnection:
    """A connection that users of the workspace authorize, each for themselves.

    Attributes:
        name: What the consent page and its bots are called.
        client_id: What it identifies itself with.
        client_secret: What it proves that with.
        redirect_uris: Where users may be sent back to.
        capabilities: What its tokens may do.
    """

    name: str
    client_id: str
    client_secret: str = attrs.field(repr=False)
    redirect_uris: Sequence[str]
    capabilities: Capabilities
    _portal: Portal = attrs.field(repr=False)
    _codes: dict[str, _Code] = attrs.field(factory=dict, repr=False)
    _authorizations: dict[str, Authorization] = attrs.field(factory=dict, repr=False)

    def authorization_url(self, *, redirect_uri: str | None = None, state: str = "") -> str:
        """Return the address of the consent page, for a browser.

        Args:
            redirect_uri: Where the user is sent with the code; left out, the first one.
            state: What comes back with the code.
        """
        return self._portal.authorization_url(self, self._checked(redirect_uri), state)

    def grant(
        self,
        *,
        pages: Iterable[str] | None = None,
        user: str | None = None,
        redirect_uri: str | None = None,
    ) -> str:
        """Return a code, as if a user had clicked on "Allow access".

        It works once, for ten minutes by the emulator's time of day.

        Args:
            pages: Ids of what the user shares, with all that is below; None shares everything.
            user: The id of the user; None for the first one there is, or one made up.
            redirect_uri: What the authorization URL carried, None for nothing: the request for
                tokens has to say the same.

        Raises:
            ConfigurationError: There is no such user or redirect URI.
        """
        if redirect_uri is not None:
            redirect_uri = self._checked(redirect_uri)
        shared = None if pages is None else Share(pages)
        portal = self._portal
        code = portal.new_secret("code_test_")
        expires = portal.now() + CODE_LASTS
        self._codes[code] = _Code(portal.person(user), shared, redirect_uri, expires)
        return code

    def authorize(
        self, *, pages: Iterable[str] | None = None, user: str | None = None
    ) -> Authorization:
        """Return the tokens of a user who allowed access, code and exchange left out.

        Args:
            pages: As for `grant`.
            user: As for `grant`.
        """
        uri = self.redirect_uris[0]
        return self.exchange(self.grant(pages=pages, user=user, redirect_uri=uri), uri)

    def is_proved_by(self, client_secret: str) -> bool:
        """Tell whether this is its secret."""
        return hmac.compare_digest(client_secret.encode(), self.client_secret.encode())

    def exchange(self, code: str, redirect_uri: str | None) -> Authorization:
        """Return a first pair of tokens for a code.

        Raises:
            OAuthRefusalError: The code is not accepted, or not with this redirect URI.
        """
        found = self._codes.pop(code, None)
        if found is None or self._portal.now() >= found.expires:
            raise invalid_grant("The code is invalid, has expired or was used.")
        if redirect_uri is None and (found.redirect_uri or len(self.redirect_uris) > 1):
            raise invalid_grant("redirect_uri is missing: the authorization URL had one.")
        if redirect_uri is not None and redirect_uri != found.redirect_uri:
            raise invalid_grant("redirect_uri is not that of the authorization URL.")
        owner = {"type": "user", "user": found.user}
        connection = self._portal.connect(
            self.name, owner, capabilities=self.capabilities, shared=found.shared
        )
        authorization = Authorization(connection, found.user, "", self._portal.now())
        self._issue(authorization)
        return authorization

    def refresh(self, refresh_token: str) -> Authorization:
        """Put a pair of tokens out of use, and return the next one.

        Raises:
            OAuthRefusalError: It is no refresh token in use.
        """
        found = self._authorizations.get(refresh_token)
        if found is None or found.refresh_token != refresh_token:
            raise invalid_grant("The refresh token is invalid, was used or revoked.")
        self._withdraw(found)
        found.connection.token = self._portal.new_secret("ntn_test_")
        self._portal.admit(found.connection)
        self._issue(found)
        return found

    def find(self, token: str) -> Authorization | None:
        """Return what a token or refresh token in use came of."""
        return self._authorizations.get(token)

    def revoke(self, token: str) -> None:
        """Put a token out of use, and with it the other one of its pair."""
        found = self._authorizations.get(token)
        if found is not None:
            self._withdraw(found)

    def _issue(self, authorization: Authorization) -> None:
        authorization.refresh_token = self._portal.new_secret("nrt_test_")
        authorization.issued = self._portal.now()
        for token in (authorization.connection.token, authorization.refresh_token):
            self._authorizations[token] = authorization

    def _withdraw(self, authorization: Authorization) -> None:
        for token in (authorization.connection.token, authorization.refresh_token):
            self._authorizations.pop(token, None)
        self._portal.dismiss(authorization.connection)

    def _checked(self, redirect_uri: str | None) -> str:
        uri = self.redirect_uris[0] if redirect_uri is None else redirect_uri
        if uri not in self.redirect_uris:
            raise ConfigurationError(
                f"{uri!r} is no redirect URI of {self.name}: name it in redirect_uris"
            )
        return uri
