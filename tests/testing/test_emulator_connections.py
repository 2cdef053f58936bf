"""Each token acts for a bot of its own, does what its capabilities allow, and sees its pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notion_async import (
    AsyncClient,
    ConfigurationError,
    RestrictedResourceError,
)
from notion_async.testing import ManualClock
from notion_async.testing.call import Call, Handler, Reply
from notion_async.testing.capabilities import Capabilities
from notion_async.testing.connections import Connection, Share, SharedTable
from notion_async.testing.filters import authorizing_user
from notion_async.testing.handlers import HANDLERS
from notion_async.testing.records import record_of

from .emulated import (
    NOW,
    Object,
    Raw,
    block,
    comment,
    data_source,
    database,
    emulated,
    page,
    person,
    row,
    uid,
    under,
    words,
)
from .test_emulator_schema import validator

TEXT = {"rich_text": words("hi")}


def bot(name: str) -> Object:
    limits = {"max_file_upload_size_in_bytes": 5242880}
    about = {
        "workspace_name": "Acme",
        "workspace_id": uid("Acme"),
        "workspace_limits": limits,
    }
    owner = {"type": "workspace", "workspace": True}
    return {
        "object": "user",
        "id": uid(name),
        "name": name,
        "avatar_url": None,
        "type": "bot",
        "bot": {"owner": owner, **about},
    }


def workspace() -> list[Object]:
    """Return two pages side by side, with something of each kind below both."""
    return [
        one
        for side in ("Ours", "Theirs")
        for one in (
            page(side),
            block(f"{side} text", under("page_id", side)),
            page(f"{side} below", under("page_id", side)),
            database(f"{side} tasks", under("page_id", side), (f"{side} table",)),
            data_source(f"{side} table", f"{side} tasks"),
            row(f"{side} row", f"{side} table"),
            comment(f"{side} remark", under("page_id", side)),
        )
    ]


async def not_found(notion: Raw, method: str, path: str, body: Any = None, **options: Any) -> str:
    status, answer = await notion.send(method, path, body, **options)
    assert (status, answer["code"]) == (404, "object_not_found"), answer
    message: str = answer["message"]
    return message


async def forbidden(notion: Raw, method: str, path: str, body: Any, connection: Connection) -> str:
    status, answer = await notion.send(method, path, body, token=connection.token)
    assert (status, answer["code"]) == (403, "restricted_resource"), answer
    message: str = answer["message"]
    return message


# Who


async def test_a_connection_has_a_bot_of_its_own_in_the_workspace() -> None:
    async with emulated(bot("First"), page("Home")) as notion:
        made = notion.emulator.internal_connection("Second", token="ntn_test_second")
        first = await notion.get("/v1/users/me")
        second = await notion.get("/v1/users/me", token="ntn_test_second")
        created = await notion.post(
            "/v1/pages",
            {"parent": {"page_id": uid("Home")}, "properties": {}},
            token=made.token,
        )

    assert (first["id"], second["id"]) == (uid("First"), made.bot_id)
    assert second["name"] == "Second"
    assert second["bot"]["owner"] == {"type": "workspace", "workspace": True}
    assert second["bot"]["workspace_name"] == "Acme"
    assert second["bot"]["workspace_id"] == uid("Acme")
    assert created["created_by"] == {"object": "user", "id": made.bot_id}


async def test_a_bot_sees_itself_whole_and_of_other_bots_little_more_than_the_name() -> None:
    async with emulated(bot("First"), person("ada")) as notion:
        made = notion.emulator.internal_connection("Second")
        me = await notion.get("/v1/users/me", token=made.token)
        listed = await notion.get("/v1/users", token=made.token)
        other = await notion.get(f"/v1/users/{uid('First')}", token=made.token)
        by_all = await notion.get(f"/v1/users/{made.bot_id}")
        truth = notion.emulator.truth()

    by_id = {user["id"]: user for user in listed["results"]}
    assert set(by_id) == truth.users == {uid("First"), uid("ada"), made.bot_id}
    assert by_id[made.bot_id]["bot"] == me["bot"] == by_all["bot"]
    assert by_id[uid("First")]["bot"] == other["bot"] == {}
    assert [error.message for error in validator("ListUsersResponse").iter_errors(listed)] == []


async def test_errors_name_the_bot_that_asked() -> None:
    async with emulated() as notion:
        made = notion.emulator.internal_connection("Second")
        status, answer = await notion.send("GET", f"/v1/pages/{uid('nowhere')}", token=made.token)

    assert status == 404
    assert answer["additional_data"] == {"integration_id": made.bot_id}
    assert 'your integration "Second"' in answer["message"]


async def test_the_log_and_the_commits_name_the_connection() -> None:
    async with emulated(page("Home")) as notion:
        made = notion.emulator.internal_connection("Second")
        for token in (None, made.token):
            await notion.patch(f"/v1/pages/{uid('Home')}", {"in_trash": False}, token=token)
        await notion.send("GET", "/v1/users", token="nonsense")
        entries = [entry.connection for entry in notion.emulator.log]
        commits = [commit.connection for commit in notion.emulator.commits]

    assert entries == ["Emulator", "Second", ""]
    assert commits == ["Emulator", "Second"]


async def test_what_happens_while_a_stream_is_sent_happens_for_who_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stream(call: Call) -> Reply:
        return Reply(b"", events=(call.store.bot_name.encode() for _ in range(2)))

    monkeypatch.setitem(cast("dict[str, Handler]", HANDLERS), "sessions.update", stream)
    async with emulated() as notion:
        made = notion.emulator.internal_connection("Second")
        headers = {"Authorization": f"Bearer {made.token}", "Notion-Version": "2026-03-11"}
        api = notion.emulator._api
        answer = api.answer("POST", "/v1/sessions", [], headers, b"{}")
        first = next(iter(answer.events or ()))
        between = api.store.bot_name

    assert first == b"Second"
    assert between == "Emulator"
    assert list(answer.events or ()) == [b"Second"]


async def test_each_connection_has_a_budget_of_its_own() -> None:
    clock = ManualClock()
    async with emulated(budget=2, per=60.0, clock=clock) as notion:
        first = notion.emulator.internal_connection("First")
        for _ in range(2):
            await notion.get("/v1/users/me")
        second = notion.emulator.internal_connection("Second")
        for _ in range(2):
            await notion.get("/v1/users/me", token=first.token)
        await notion.get("/v1/users/me", token=second.token)
        spent = [
            (await notion.send("GET", "/v1/users/me", token=token))[0]
            for token in (None, first.token, second.token)
        ]
        await clock.advance(60.0)
        again, _ = await notion.send("GET", "/v1/users/me", token=first.token)

    assert spent == [429, 429, 200]
    assert again == 200


async def test_a_token_that_is_in_use_is_not_given_out_again() -> None:
    async with emulated() as notion:
        with pytest.raises(ConfigurationError, match="in use"):
            notion.emulator.internal_connection("Second", token=notion.emulator.token)
        with pytest.raises(ConfigurationError, match="not a Notion id"):
            notion.emulator.internal_connection("Second", pages=["Home"])
        users = await notion.get("/v1/users")

    assert len(users["results"]) == 1


async def test_a_personal_token_belongs_to_a_person_and_expires() -> None:
    moment = [NOW]
    async with emulated(person("ada"), person("bob"), wall=lambda: moment[0]) as notion:
        made = notion.emulator.personal_access_token(
            "Bob's", user=uid("bob"), expires=NOW + timedelta(days=7)
        )
        me = await notion.get("/v1/users/me", token=made.token)
        moment[0] += timedelta(days=7)
        status, answer = await notion.send("GET", "/v1/users/me", token=made.token)
        with pytest.raises(ConfigurationError, match="no person with the id"):
            notion.emulator.personal_access_token("Eve's", user=uid("eve"))

    assert me["bot"]["owner"]["type"] == "user"
    assert me["bot"]["owner"]["user"]["id"] == uid("bob")
    assert (status, answer["code"]) == (401, "unauthorized")
    assert [error.message for error in validator("GetSelfResponse").iter_errors(me)] == []


async def test_me_is_the_person_that_a_token_acts_for() -> None:
    async with emulated(person("ada")) as notion:
        emulator = notion.emulator
        store = emulator._store
        for caller, me in (
            (None, None),
            (emulator.internal_connection("Ours"), None),
            (emulator.personal_access_token("Ada's"), uid("ada")),
        ):
            with store.acting_for(caller):
                assert authorizing_user(store) == me
        assert store.caller is None


async def test_where_nobody_was_loaded_somebody_is_made_up() -> None:
    async with emulated() as notion:
        made = notion.emulator.personal_access_token("Somebody's")
        notion.emulator.personal_access_token("The same one's")
        me = await notion.get("/v1/users/me", token=made.token)
        owner = await notion.get(f"/v1/users/{me['bot']['owner']['user']['id']}")
        users = await notion.get("/v1/users")

    assert owner["person"] == {"email": "person@example.com", "email_verified": True}
    assert [user["type"] for user in users["results"]].count("person") == 1


# What it may do

HOME = f"/v1/pages/{uid('Ours')}"
LACKING: list[tuple[str, str, str, Any]] = [
    ("read_content", "GET", HOME, None),
    ("read_content", "GET", f"{HOME}/markdown", None),
    ("read_content", "GET", f"/v1/blocks/{uid('Ours')}/children", None),
    ("read_content", "POST", "/v1/search", {}),
    ("read_content", "POST", f"/v1/data_sources/{uid('Ours table')}/query", {}),
    ("update_content", "PATCH", HOME, {}),
    ("update_content", "DELETE", f"/v1/blocks/{uid('Ours text')}", None),
    ("insert_content", "POST", "/v1/pages", {}),
    ("insert_content", "PATCH", f"/v1/blocks/{uid('Ours')}/children", {}),
    ("read_comments", "GET", f"/v1/comments?block_id={uid('Ours')}", None),
    ("insert_comments", "POST", "/v1/comments", {}),
]


@pytest.mark.parametrize(("missing", "method", "path", "body"), LACKING)
async def test_without_a_capability_an_endpoint_is_refused(
    missing: str, method: str, path: str, body: Any
) -> None:
    async with emulated(*workspace()) as notion:
        lacking = notion.emulator.internal_connection(
            "Lacking", capabilities=cast(Any, Capabilities)(**{missing: False})
        )
        message = await forbidden(notion, method, path, body, lacking)
        me = await notion.get("/v1/users/me", token=lacking.token)

    assert message == "Insufficient permissions for this endpoint."
    assert me["name"] == "Lacking"


async def test_a_client_of_ours_reads_the_refusal() -> None:
    async with emulated(*workspace()) as notion:
        made = notion.emulator.internal_connection(
            "Writer", capabilities=Capabilities(read_content=False)
        )
        async with AsyncClient(made.token, base_url=notion.emulator.base_url) as client:
            with pytest.raises(RestrictedResourceError):
                await client.pages.retrieve(uid("Ours"))


async def test_who_writes_but_does_not_read_gets_partial_objects() -> None:
    async with emulated(*workspace(), person("ada")) as notion:
        made = notion.emulator.internal_connection(
            "Writer", capabilities=Capabilities(read_content=False, read_comments=False)
        )
        parent = {"page_id": uid("Ours")}
        answers = [
            await notion.post("/v1/pages", {"parent": parent, "properties": {}}, token=made.token),
            await notion.patch(HOME, {"is_locked": True}, token=made.token),
            await notion.patch(
                f"/v1/blocks/{uid('Ours text')}", {"paragraph": TEXT}, token=made.token
            ),
            await notion.patch(
                f"/v1/databases/{uid('Ours tasks')}", {"title": words("T")}, token=made.token
            ),
            await notion.post("/v1/comments", {"parent": parent, **TEXT}, token=made.token),
        ]
        appended = await notion.patch(
            f"/v1/blocks/{uid('Ours')}/children",
            {"children": [{"paragraph": TEXT}]},
            token=made.token,
        )
        source = await notion.patch(
            f"/v1/data_sources/{uid('Ours table')}", {"title": words("T")}, token=made.token
        )

    for answer in answers:
        assert set(answer) == {"object", "id", "request_id"}
    assert [answer["object"] for answer in answers] == [
        "page", "page", "block", "database", "comment",
    ]  # fmt: skip
    assert [set(one) for one in appended["results"]] == [{"object", "id"}]
    assert set(source) == {"object", "id", "properties", "request_id"}


async def test_reading_comments_and_reading_content_are_two_things() -> None:
    async with emulated(*workspace()) as notion:
        made = notion.emulator.internal_connection(
            "Commentator", capabilities=Capabilities(read_comments=False)
        )
        parent = {"page_id": uid("Ours")}
        remark = await notion.post("/v1/comments", {"parent": parent, **TEXT}, token=made.token)
        updated = await notion.patch(HOME, {"is_locked": True}, token=made.token)

    assert set(remark) == {"object", "id", "request_id"}
    assert updated["is_locked"] is True


@pytest.mark.parametrize(
    ("user_information", "ada"),
    [
        ("none", {"object": "user", "id": uid("ada")}),
        ("without_email", {**person("ada"), "person": {}}),
        ("with_email", person("ada")),
    ],
)
async def test_users_show_as_much_as_may_be_known_of_them(user_information: Any, ada: Any) -> None:
    people = {"id": "a", "type": "people", "people": [person("ada")]}
    title = {"id": "title", "type": "title", "title": words("Home")}
    async with emulated(
        page("Home", properties={"title": title, "Who": people}), person("ada")
    ) as notion:
        made = notion.emulator.internal_connection(
            "Nosy", capabilities=Capabilities(user_information=user_information)
        )
        home = await notion.get(f"/v1/pages/{uid('Home')}", token=made.token)
        me = await notion.get("/v1/users/me", token=made.token)

    assert home["properties"]["Who"]["people"] == [ada]
    assert home["created_by"] == {"object": "user", "id": uid("ada")}
    assert (me["name"], me["bot"]["owner"]["type"]) == ("Nosy", "workspace")


async def test_who_may_know_nothing_of_users_cannot_ask_for_them() -> None:
    async with emulated(person("ada")) as notion:
        made = notion.emulator.internal_connection(
            "Discreet", capabilities=Capabilities(user_information="none")
        )
        for path in ("/v1/users", f"/v1/users/{uid('ada')}"):
            await forbidden(notion, "GET", path, None, made)


def test_a_scope_names_what_there_is() -> None:
    discreet = Capabilities(
        update_content=False,
        insert_content=False,
        insert_comments=False,
        user_information="none",
        interact_with_agents=False,
    )

    assert discreet.scope == "read_content read_comments"
    assert Capabilities().scope.endswith("interact_with_agents read_user_with_email")


def test_there_are_three_levels_of_user_information() -> None:
    with pytest.raises(ConfigurationError, match="none, without_email, with_email"):
        Capabilities(user_information="some")  # type: ignore[arg-type] # that it is wrong is meant


# What it sees


async def test_what_is_shared_is_seen_with_all_that_is_below_it() -> None:
    async with emulated(*workspace()) as notion:
        made = notion.emulator.internal_connection("Guest", pages=[uid("Ours")])
        for path in (
            f"/v1/pages/{uid('Ours')}",
            f"/v1/pages/{uid('Ours below')}",
            f"/v1/pages/{uid('Ours row')}",
            f"/v1/blocks/{uid('Ours text')}",
            f"/v1/databases/{uid('Ours tasks')}",
            f"/v1/data_sources/{uid('Ours table')}",
            f"/v1/comments/{uid('Ours remark')}",
        ):
            await notion.get(path, token=made.token)
        children = await notion.get(f"/v1/blocks/{uid('Ours')}/children", token=made.token)
        rows = await notion.post(f"/v1/data_sources/{uid('Ours table')}/query", token=made.token)
        remarks = await notion.get(f"/v1/comments?block_id={uid('Ours')}", token=made.token)

    assert len(children["results"]) == 3
    assert len(rows["results"]) == len(remarks["results"]) == 1


async def test_what_is_not_shared_is_not_found() -> None:
    async with emulated(*workspace()) as notion:
        made = notion.emulator.internal_connection("Guest", pages=[uid("Ours")])
        for kind, method, path in (
            ("page", "GET", f"/v1/pages/{uid('Theirs')}"),
            ("page", "PATCH", f"/v1/pages/{uid('Theirs row')}"),
            ("page", "GET", f"/v1/pages/{uid('Theirs below')}/properties/title"),
            ("block", "GET", f"/v1/pages/{uid('Theirs')}/markdown"),
            ("block", "GET", f"/v1/blocks/{uid('Theirs text')}"),
            ("block", "GET", f"/v1/blocks/{uid('Theirs')}/children"),
            ("block", "GET", f"/v1/comments?block_id={uid('Theirs')}"),
            ("database", "GET", f"/v1/databases/{uid('Theirs tasks')}"),
            ("data_source", "GET", f"/v1/data_sources/{uid('Theirs table')}"),
            ("data_source", "POST", f"/v1/data_sources/{uid('Theirs table')}/query"),
            ("comment", "GET", f"/v1/comments/{uid('Theirs remark')}"),
        ):
            body: Any = None if method == "GET" else {}
            message = await not_found(notion, method, path, body, token=made.token)
            assert message.startswith(f"Could not find {kind} with ID: ")
        parent = {"parent": {"page_id": uid("Theirs")}, "properties": {}}
        await not_found(notion, "POST", "/v1/pages", parent, token=made.token)


async def test_search_finds_what_is_shared_and_for_each_connection_its_own() -> None:
    async with emulated(*workspace()) as notion:
        ours = notion.emulator.internal_connection("Guest", pages=[uid("Ours")])
        theirs = notion.emulator.internal_connection("Other", pages=[uid("Theirs")])
        found = [
            {one["id"] for one in (await notion.post("/v1/search", token=token))["results"]}
            for token in (None, ours.token, theirs.token, ours.token)
        ]

    names = ("", " below", " row", " table")
    assert found[1] == found[3] == {uid(f"Ours{name}") for name in names}
    assert found[2] == {uid(f"Theirs{name}") for name in names}
    assert found[0] == found[1] | found[2]


async def test_search_in_the_trash_finds_what_is_shared_too() -> None:
    async with emulated(*workspace()) as notion:
        made = notion.emulator.internal_connection("Guest", pages=[uid("Ours")])
        for name in ("Ours below", "Theirs below"):
            await notion.patch(f"/v1/pages/{uid(name)}", {"in_trash": True})
        found = await notion.post("/v1/search", {"filter": {"in_trash": True}}, token=made.token)

    assert [one["id"] for one in found["results"]] == [uid("Ours below")]


async def test_a_single_row_can_be_shared_without_its_siblings() -> None:
    async with emulated(*workspace(), row("Ours other", "Ours table")) as notion:
        made = notion.emulator.internal_connection("Guest", pages=[uid("Ours row")])
        await notion.get(f"/v1/pages/{uid('Ours row')}", token=made.token)
        await not_found(notion, "GET", f"/v1/pages/{uid('Ours other')}", token=made.token)
        table = f"/v1/data_sources/{uid('Ours table')}"
        await not_found(notion, "POST", f"{table}/query", {}, token=made.token)


async def test_pages_are_shared_and_taken_back_later() -> None:
    async with emulated(*workspace()) as notion:
        made = notion.emulator.internal_connection("Guest", pages=[])
        await not_found(notion, "GET", HOME, token=made.token)
        made.share(uid("Ours"), f"https://app.notion.com/p/{uid('Theirs').replace('-', '')}")
        await notion.get(HOME, token=made.token)
        await notion.get(f"/v1/pages/{uid('Theirs')}", token=made.token)
        made.unshare(uid("Ours"))
        await not_found(notion, "GET", HOME, token=made.token)


async def test_who_sees_everything_can_be_given_no_more_and_nothing_is_taken_back() -> None:
    async with emulated(*workspace()) as notion:
        made = notion.emulator.internal_connection("Guest")
        made.share(uid("Ours"))
        with pytest.raises(ConfigurationError, match="make it with pages="):
            made.unshare(uid("Ours"))
        await notion.get(f"/v1/pages/{uid('Theirs')}", token=made.token)


async def test_what_a_guest_makes_or_is_moved_to_it_is_seen_at_once() -> None:
    async with emulated(*workspace()) as notion:
        made = notion.emulator.internal_connection("Guest", pages=[uid("Ours")])
        new = await notion.post(
            "/v1/pages",
            {"parent": {"page_id": uid("Ours")}, "properties": {}, "children": []},
            token=made.token,
        )
        await notion.get(f"/v1/pages/{new['id']}", token=made.token)
        await not_found(notion, "GET", f"/v1/pages/{uid('Theirs below')}", token=made.token)
        await notion.post(
            f"/v1/pages/{uid('Theirs below')}/move", {"parent": {"page_id": uid("Ours")}}
        )
        await notion.get(f"/v1/pages/{uid('Theirs below')}", token=made.token)


async def test_what_a_guest_changes_touches_what_it_does_not_see() -> None:
    async with emulated(*workspace()) as notion:
        made = notion.emulator.internal_connection("Guest", pages=[uid("Ours text")])
        await notion.patch(f"/v1/blocks/{uid('Ours text')}", {"paragraph": TEXT}, token=made.token)
        home = await notion.get(HOME)
        truth = notion.emulator.truth()

    assert home["last_edited_by"]["id"] == made.bot_id
    assert {uid("Ours"), uid("Theirs")} <= truth.pages


async def test_cursors_of_guests_expire_with_all_others() -> None:
    async with emulated(*workspace()) as notion:
        made = notion.emulator.internal_connection("Guest", pages=[uid("Ours")])
        first = await notion.post("/v1/search", {"page_size": 1}, token=made.token)
        notion.emulator.expire_cursors()
        body = {"page_size": 1, "start_cursor": first["next_cursor"]}
        message = await notion.wrong("POST", "/v1/search", body, token=made.token)
        late = notion.emulator.internal_connection("Late", pages=[uid("Ours")])
        stale = await notion.wrong("POST", "/v1/search", body, token=late.token)

    assert "start_cursor" in message
    assert "start_cursor" in stale


async def test_a_guest_sees_the_file_uploads_that_it_made() -> None:
    async with emulated() as notion:
        made = notion.emulator.internal_connection("Guest", pages=[])
        store = notion.emulator._store
        for name, author in (("ours", made.bot_id), ("theirs", uid("ada"))):
            upload = {"object": "file_upload", "id": uid(name)}
            store.load({**upload, "created_by": {"id": author, "type": "bot"}})
        everything = set(store.tables["file_upload"])
        with store.acting_for(made):
            seen = set(store.tables["file_upload"])

    assert everything == {uid("ours"), uid("theirs")}
    assert seen == {uid("ours")}


async def test_what_a_guest_puts_on_top_of_the_workspace_is_its_own() -> None:
    async with emulated() as notion:
        made = notion.emulator.internal_connection("Guest", pages=[])
        store = notion.emulator._store
        with store.acting_for(made):
            store.add(page("Private"))
            store.add(page("Below", under("page_id", "Theirs")))
        await notion.get(f"/v1/pages/{uid('Private')}", token=made.token)
        await not_found(notion, "GET", f"/v1/pages/{uid('Below')}", token=made.token)


def test_a_shared_table_is_a_table() -> None:
    records = {uid(name): record_of(page(name)) for name in ("a", "b", "c")}
    table = dict(records)
    shared = SharedTable(table, lambda record: record.id != uid("b"))

    taken = shared.pop(uid("a"))
    shared[uid("a")] = taken

    assert list(shared) == [uid("c"), uid("a")]
    assert (len(shared), len(table)) == (2, 3)
    assert uid("b") not in shared


@given(
    above=st.dictionaries(st.integers(0, 7), st.integers(0, 7)),
    roots=st.sets(st.integers(0, 7)),
)
def test_a_share_holds_what_is_below_its_roots_and_nothing_else(
    above: dict[int, int], roots: set[int]
) -> None:
    def parent(identity: str) -> str:
        found = above.get(int(identity[-1]))
        return "" if found is None else one(found)

    def one(number: int) -> str:
        return f"00000000-0000-4000-8000-00000000000{number}"

    def path(number: int) -> set[int]:
        passed: list[int] = []
        while number not in passed:
            passed.append(number)
            number = above.get(number, number)
        return set(passed)

    share = Share(one(root) for root in roots)

    held = {number for number in range(8) if share.holds(one(number), parent, 0)}

    assert held == {number for number in range(8) if path(number) & roots}
