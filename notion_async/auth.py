"""Tokens: where they come from, and keeping them out of sight.

Notion's page: https://developers.notion.com/guides/get-started/authorization
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from types import NoneType
from typing import Final, NoReturn

import attrs

from notion_async.errors import ConfigurationError

TOKEN_VARIABLES: Final = ("NOTION_TOKEN", "NOTION_API_TOKEN", "NOTION_API_KEY")
"""Where a token is looked for, first to last."""


class Secret:
    """A text that shows itself only when asked to."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the text."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('…')"

    def __str__(self) -> str:
        return "…"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written down: pass the token anew")


@attrs.frozen
class Credentials:
    """What a public connection identifies itself with where there is no token yet."""

    client_id: str
    client_secret: Secret

    def header(self) -> str:
        """Return the value of the Authorization header: HTTP Basic."""
        # An error of encoding would show the secret, and half a character is in none that works.
        pair = f"{self.client_id}:{self.client_secret.reveal()}".encode(errors="surrogatepass")
        return f"Basic {b64encode(pair).decode()}"


def bearer(token: Secret | None) -> str:
    """Return the value of the Authorization header.

    Raises:
        ConfigurationError: There is no token.
    """
    if token is None:
        raise ConfigurationError(
            f"no token: set {TOKEN_VARIABLES[0]} to the token of your connection, from "
            "https://app.notion.com/developers"
        )
    return f"Bearer {token.reveal()}"


def find_token(auth: str | Secret | None, environ: Mapping[str, str]) -> Secret | None:
    """Return the token that was given, or else the one in the environment, or None.

    Raises:
        ConfigurationError: What was given cannot be a token.
    """
    kind = type(auth)
    token, source = _found(auth, environ)
    # What is raised takes the variables of this frame along, to wherever crashes are reported.
    del auth, environ
    if not issubclass(kind, (str, Secret, NoneType)):
        raise ConfigurationError(f"the token in auth is a str, not {kind.__name__}")
    if token is not None and _is_usable(token):
        return token
    if token is None and kind is NoneType:
        return None
    if token is None:
        raise ConfigurationError(
            "the token in auth is empty: pass that of your connection, or set "
            f"{TOKEN_VARIABLES[0]} and leave it out"
        )
    raise ConfigurationError(
        f"the token in {source} holds characters that no token has: copy it again"
    )


def _found(auth: str | Secret | None, environ: Mapping[str, str]) -> tuple[Secret | None, str]:
    """Return the token, if there is one, and where it stood.  Nothing here raises."""
    if auth is not None:
        text = auth.reveal() if isinstance(auth, Secret) else auth
        text = text.strip() if isinstance(text, str) else ""
        return Secret(text) if text else None, "auth"
    for source in TOKEN_VARIABLES:
        if token := environ.get(source, "").strip():
            return Secret(token), source
    return None, ""


def _is_usable(token: Secret) -> bool:
    text = token.reveal()
    return text.isascii() and text.isprintable() and " " not in text
