"""The developer portal of the emulator: where connections are made, and known by their tokens.

Notion's own is at https://app.notion.com/developers.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from notion_async.errors import ConfigurationError
from notion_async.ids import notion_id
from notion_async.testing.authorizations import PublicConnection
from notion_async.testing.capabilities import ALL, Capabilities
from notion_async.testing.checks import Decoded
from notion_async.testing.connections import Connection, Share
from notion_async.testing.limits import Budget
from notion_async.testing.store import Store

AUTHORIZE: Final = "/v1/oauth/authorize"
"""The path of the consent page."""

_WORKSPACE: Final[Decoded] = {"type": "workspace", "workspace": True}


class Portal:
    """All connections to the workspace.

    Args:
        store: The workspace.
        token: Of the connection that there is from the beginning, and that may do everything.
        budget: Its requests.  Further connections have one each, of the same size.
        base_url: Returns where the emulator listens.
    """

    def __init__(
        self,
        store: Store,
        token: str,
        budget: Budget,
        base_url: Callable[[], str],
    ) -> None:
        self._store = store
        self._budget = budget
        self._base_url = base_url
        self._by_header: dict[str, Connection] = {}
        self.public: dict[str, PublicConnection] = {}
        """By client id."""
        self.admit(Connection("Emulator", token, budget))

    def sender(self, authorization: str | None) -> Connection | None:
        """Return who sends a request with this header, None where the token is no good."""
        connection = self._by_header.get(authorization or "")
        if connection is None or connection.expires is None:
            return connection
        return connection if self.now() < connection.expires else None

    def client(self, authorization: str | None) -> PublicConnection | None:
        """Return the public connection that proves with this header who it is, if one does."""
        scheme, _, encoded = (authorization or "").partition(" ")
        try:
            pair = b64decode(encoded, validate=True).decode()
        except (binascii.Error, ValueError):
            pair = ""
        client_id, _, client_secret = pair.partition(":")
        found = self.public.get(client_id) if scheme.lower() == "basic" else None
        return found if found is not None and found.is_proved_by(client_secret) else None

    # Making connections

    def internal(
        self,
        name: str,
        *,
        capabilities: Capabilities = ALL,
        pages: Iterable[str] | None = None,
        token: str | None = None,
    ) -> Connection:
        """Make a connection that belongs to the workspace."""
        shared = None if pages is None else Share(pages)
        return self.connect(
            name, _WORKSPACE, capabilities=capabilities, shared=shared, token=token
        )

    def personal(
        self,
        name: str,
        *,
        user: str | None = None,
        pages: Iterable[str] | None = None,
        expires: datetime | None = None,
        token: str | None = None,
    ) -> Connection:
        """Make a token that acts for one person."""
        shared = None if pages is None else Share(pages)
        owner: Decoded = {"type": "user", "user": self.person(user)}
        connection = self.connect(name, owner, capabilities=ALL, shared=shared, token=token)
        connection.expires = expires
        return connection

    def make_public(
        self,
        name: str,
        *,
        redirect_uris: Sequence[str],
        capabilities: Capabilities = ALL,
        client_id: str | None = None,
        client_secret: str | None = None,
    ) -> PublicConnection:
        """Make a connection that users authorize."""
        if not redirect_uris or isinstance(redirect_uris, str):
            raise ConfigurationError("redirect_uris is a list of at least one address")
        client_id = client_id or self._store.new_id()
        if client_id in self.public:
            raise ConfigurationError(f"the client id {client_id!r} is in use: choose another one")
        client_secret = client_secret or self.new_secret("secret_test_")
        uris = tuple(redirect_uris)
        made = PublicConnection(name, client_id, client_secret, uris, capabilities, self)
        self.public[client_id] = made
        return made

    def connect(
        self,
        name: str,
        owner: Decoded,
        *,
        capabilities: Capabilities,
        shared: Share | None,
        token: str | None = None,
    ) -> Connection:
        """Make a token, and the bot behind it.

        Raises:
            ConfigurationError: The token is in use.
        """
        token = token or self.new_secret("ntn_test_")
        if _header(token) in self._by_header:
            raise ConfigurationError("this token is in use: choose another one")
        bot = self._store.add_bot(name, owner)
        budget = self._budget.another()
        made = Connection(name, token, budget, capabilities, bot, shared=shared)
        self.admit(made)
        return made

    def admit(self, connection: Connection) -> None:
        """Accept the token of a connection."""
        self._by_header[_header(connection.token)] = connection

    def dismiss(self, connection: Connection) -> None:
        """Accept the token of a connection no longer."""
        self._by_header.pop(_header(connection.token), None)

    # For those who are made here

    def authorization_url(self, client: PublicConnection, redirect_uri: str, state: str) -> str:
        """Return the address of the consent page."""
        query = {
            "client_id": client.client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "owner": "user",
            **({"state": state} if state else {}),
        }
        return f"{self._base_url()}{AUTHORIZE}?{urlencode(query)}"

    def now(self) -> datetime:
        """Return the time of day."""
        return self._store.wall()

    def new_secret(self, prefix: str) -> str:
        """Return a token, code or secret that was not given before."""
        return prefix + self._store.new_id().replace("-", "")

    def people(self) -> list[Decoded]:
        """Return everybody who can allow something; where nobody was loaded, one made up."""
        users = self._store.tables["user"].values()
        people = [user.decoded() for user in users if user.type == "person"]
        return people or [self._store.load(_somebody(self._store.new_id())).decoded()]

    def person(self, identity: str | None) -> Decoded:
        """Return a person by id, None for the first one.

        Raises:
            ConfigurationError: There is no such person.
        """
        people = self.people()
        if identity is None:
            return people[0]
        wanted = notion_id(identity)
        found = next((person for person in people if person["id"] == wanted), None)
        if found is None:
            raise ConfigurationError(
                f"there is no person with the id {identity}: load one, as Notion sends users"
            )
        return found

    def top_pages(self) -> list[tuple[str, str]]:
        """Return ids and titles of the pages and databases on top of the workspace."""
        tables = (self._store.tables[kind] for kind in ("page", "database"))
        return [
            (record.id, record.title)
            for table in tables
            for record in table.values()
            if record.parent_type == "workspace" and not record.trashed
        ]


def _header(token: str) -> str:
    return f"Bearer {token}"


def _somebody(identity: str) -> Decoded:
    return {
        "object": "user",
        "id": identity,
        "name": "Emulated Person",
        "avatar_url": None,
        "type": "person",
        "person": {"email": "person@example.com", "email_verified": True},
    }
