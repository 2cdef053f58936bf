"""The page on which a person lets a public connection in, and chooses what it may see.

Notion: https://developers.notion.com/guides/get-started/authorization
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from html import escape
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import attrs

from notion_async.testing.api import Answer, Site, Visit
from notion_async.testing.authorizations import PublicConnection
from notion_async.testing.capabilities import Capabilities
from notion_async.testing.portal import AUTHORIZE, Portal

_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 sans-serif; color: #222; background: #fff; margin: 2rem auto;
  max-width: 34rem; padding: 0 1rem; }}
fieldset {{ border: 1px solid #767676; margin: 1rem 0; }}
label {{ display: block; padding: .25rem 0; }}
button {{ font: inherit; padding: .5rem 1rem; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""

_FORM: Final = """<p>It will be able to:</p>
<ul>
{abilities}
</ul>
<form method="post" action="{action}">
{hidden}
<p><label for="user">You are</label>
<select id="user" name="user">
{people}
</select></p>
<fieldset>
<legend>Select the pages to share</legend>
{pages}
<p><button name="action" value="select_all">Select all</button></p>
</fieldset>
<p><button name="action" value="allow">Allow access</button>
<button name="action" value="cancel">Cancel</button></p>
</form>"""

_ABILITIES: Final = {
    "read_content": "Read content",
    "update_content": "Update content",
    "insert_content": "Insert content",
    "read_comments": "Read comments",
    "insert_comments": "Insert comments",
    "interact_with_agents": "Interact with agents",
}
_ABOUT_USERS: Final = {
    "without_email": "Read user information, without email addresses",
    "with_email": "Read user information, with email addresses",
}


@attrs.frozen
class _Request:
    """What stands in the address of the page, all of it right."""

    client: PublicConnection
    redirect_uri: str
    state: str | None

    @property
    def fields(self) -> dict[str, str]:
        """What the form carries along."""
        return {
            "client_id": self.client.client_id,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "owner": "user",
            **({} if self.state is None else {"state": self.state}),
        }


def consent_page(portal: Portal) -> Site:
    """Return what answers for the consent page."""

    def answer(visit: Visit) -> Answer:
        if visit.method not in ("GET", "POST"):
            return _html(405, "This page knows no such request", "", {"Allow": "GET, POST"})
        fields = list(visit.query)
        if visit.method == "POST":
            fields = parse_qsl(visit.body.decode(errors="replace"), keep_blank_values=True)
        request = _read(portal, dict(fields))
        if isinstance(request, str):
            # Nobody is sent back: where to, is what cannot be trusted.
            return _html(400, "This link does not work", f"<p>{escape(request)}</p>")
        given = dict(fields)
        action = given.get("action", "") if visit.method == "POST" else ""
        if action == "cancel":
            return _back(request, {"error": "access_denied"})
        chosen = [value for name, value in fields if name == "page"]
        known = {identity for identity, _ in portal.top_pages()}
        if action == "allow" and known.issuperset(chosen):
            return _allowed(portal, request, chosen, given.get("user"))
        pages = known if action == "select_all" else chosen
        return _form(portal, request, pages, given.get("user"))

    return answer


def _read(portal: Portal, given: Mapping[str, str]) -> _Request | str:
    """Return what is asked for, or in words why it cannot be."""
    client = portal.public.get(given.get("client_id", ""))
    if client is None:
        return "client_id is not that of a public connection."
    redirect_uri = given.get("redirect_uri", "")
    if redirect_uri not in client.redirect_uris:
        return f"redirect_uri is not one that {client.name} has registered."
    for name, value in (("response_type", "code"), ("owner", "user")):
        if given.get(name) != value:
            return f"{name} should be {value}."
    return _Request(client, redirect_uri, given.get("state"))


def _allowed(
    portal: Portal, request: _Request, pages: Collection[str], user: str | None
) -> Answer:
    if user not in [person["id"] for person in portal.people()]:
        return _form(portal, request, pages, user)
    code = request.client.grant(pages=pages, user=user, redirect_uri=request.redirect_uri)
    return _back(request, {"code": code})


def _back(request: _Request, told: Mapping[str, str]) -> Answer:
    """Send the browser to where it came from."""
    state = {} if request.state is None else {"state": request.state}
    parts = urlsplit(request.redirect_uri)
    query = "&".join(filter(None, (parts.query, urlencode({**told, **state}))))
    return _html(303, "", "", {"Location": parts._replace(query=query).geturl()})


def _form(portal: Portal, request: _Request, chosen: Collection[str], user: str | None) -> Answer:
    abilities = "\n".join(
        f"<li>{escape(words)}</li>" for words in _abilities(request.client.capabilities)
    )
    hidden = "\n".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in request.fields.items()
    )
    people = "\n".join(
        f'<option value="{person["id"]}"{" selected" if person["id"] == user else ""}>'
        f"{escape(person['name'] or '')}</option>"
        for person in portal.people()
    )
    pages = "\n".join(
        f'<label><input type="checkbox" name="page" value="{identity}"'
        f"{' checked' if identity in chosen else ''}> {escape(title or 'Untitled')}</label>"
        for identity, title in portal.top_pages()
    )
    form = _FORM.format(
        abilities=abilities, action=AUTHORIZE, hidden=hidden, people=people, pages=pages
    )
    return _html(200, f"{request.client.name} wants to access your workspace", form)


def _abilities(capabilities: Capabilities) -> list[str]:
    words = [words for name, words in _ABILITIES.items() if getattr(capabilities, name)]
    about_users = _ABOUT_USERS.get(capabilities.user_information)
    return words if about_users is None else [*words, about_users]


def _html(
    status: int, title: str, content: str, headers: Mapping[str, str] | None = None
) -> Answer:
    page = _PAGE.format(title=escape(title), content=content)
    safe = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "Cache-Control": "no-store",
    }
    return Answer(status, page.encode(), {**safe, **(headers or {})}, AUTHORIZE)
