"""What became of a write whose answer was lost: taken up, sent again, or left unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from notion_async import (
    ConnectionLostError,
    ServerError,
    ValidationError,
    unstructure,
)
from notion_async.models import AsyncTask, Block, Page, Paragraph, text
from notion_async.testing import SAVED_BUT_LATE, Emulator, Fault, FaultRequest
from notion_async.transport.hooks import CallRecord
from notion_async.transport.message import Response
from tests.clients import answer, client_of, client_to
from tests.faults.server import serving
from tests.faults.strikes import says
from tests.resources.losing import (
    AFTER,
    BEFORE,
    BROKEN,
    SOMEBODY,
    done,
    home,
    left_unknown,
    refusal,
    shown,
)
from tests.testing.emulated import (
    MINUTE,
    database,
    page,
    uid,
)


def text_of(found: Page | AsyncTask, name: str) -> object:
    value: Any = unstructure(found)["properties"]
    [run] = value[name][value[name]["type"]]
    return run["plain_text"]


def titled(name: str) -> dict[str, Any]:
    return {"title": {"title": [{"text": {"content": name}}]}}


# ------------------------------------------------------------------------- what Notion has named


async def test_a_page_that_was_created_in_spite_of_an_error_is_returned() -> None:
    committed = answer(
        {
            "object": "error",
            "status": 503,
            "code": "service_unavailable",
            "message": "late",
            "additional_data": {
                "committed_resource_id": uid("new"),
                "retry_guidance": ["Do not repeat it."],
            },
        },
        status=503,
    )
    calls: list[CallRecord] = []

    def hear(record: object) -> None:
        if isinstance(record, CallRecord):
            calls.append(record)

    async with (
        serving(says(committed), says(answer(page("new")))) as server,
        client_to(server, hooks=[hear]) as notion,
    ):
        found = await notion.pages.create(
            parent={"page_id": uid("home")}, filter_properties=["title"]
        )

    assert isinstance(found, Page)
    assert found.id == uid("new")
    assert [request.split(b" HTTP")[0] for request in server.requests] == [
        b"POST /v1/pages?filter_properties%5B%5D=title",
        f"GET /v1/pages/{uid('new')}?filter_properties%5B%5D=title".encode(),
    ]
    assert [(call.endpoint, call.recovered) for call in calls] == [
        ("pages.retrieve", False),
        ("pages.create", True),
    ]


async def test_what_was_created_and_cannot_be_read_stays_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("POST", refusal(503, "service_unavailable", committed_resource_id=uid("gone")))

    error = await left_unknown(losing, notion.pages.create(parent={"page_id": uid("home")}))

    assert error.committed_id == uid("gone")
    assert isinstance(error.__cause__, ServerError)
    assert losing.count("POST") == 1


@pytest.mark.parametrize(
    "odd", [{"object": "page"}, {"object": "page", "id": 7}, {"object": "list", "id": "x"}, {}]
)
async def test_what_was_created_and_is_shown_as_something_else_stays_unknown(
    monkeypatch: pytest.MonkeyPatch, odd: dict[str, object]
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("POST", refusal(503, "service_unavailable", committed_resource_id=uid("home")))
    losing.lose("GET", shown(**odd))

    error = await left_unknown(losing, notion.pages.create(parent={"page_id": uid("home")}))

    assert (error.committed_id, error.attempts) == (uid("home"), 1)
    assert isinstance(error.__cause__, ServerError)


async def test_a_bot_without_an_id_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", BEFORE)
    losing.lose("GET", seen_after_an_edit(SOMEBODY), *[shown(object="user")] * 6)

    await left_unknown(losing, notion.pages.update(uid("home"), properties=titled("new")))

    assert notion._sender.memory.bot_id is None


async def test_a_page_that_nobody_names_is_not_created_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("POST", BROKEN)

    await left_unknown(losing, notion.pages.create(parent={"page_id": uid("home")}))

    assert losing.sent == [("POST", "/v1/pages")]


@pytest.mark.parametrize("number", [1, 3])
async def test_blocks_that_were_appended_in_spite_of_an_error_are_returned_in_order(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    losing, notion = home(monkeypatch)
    children = [Paragraph([text(str(n))]) for n in range(number)]
    made = await notion.blocks.children.append(uid("home"), children=children)
    ids = [one.id for one in made]
    before = len(losing.sent)
    losing.lose("PATCH", refusal(503, "service_unavailable", committed_child_ids=ids))

    found = await done(losing, notion.blocks.children.append(uid("home"), children=children))

    assert [one.id for one in found] == ids
    assert found.has_more is False
    assert len(losing.sent) - before == 2


async def test_blocks_that_are_fewer_than_were_sent_stay_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    error = refusal(503, "service_unavailable", committed_child_ids=[uid("line")])
    losing.lose("PATCH", error)
    two = [Paragraph([text("a")]), Paragraph([text("b")])]

    await left_unknown(losing, notion.blocks.children.append(uid("home"), children=two))

    assert losing.count("PATCH") == 1


async def test_a_change_that_was_saved_too_late_is_read() -> None:
    late = [SAVED_BUT_LATE]

    def once(request: FaultRequest) -> Fault | None:
        return late.pop() if late and request.method == "PATCH" else None

    async with Emulator(fault=once) as emulator, client_of(emulator) as notion:
        emulator.load([page("home")])
        found = await notion.pages.update(uid("home"), properties=titled("New"))

    assert text_of(found, "title") == "New"
    assert [entry.method for entry in emulator.log] == ["PATCH", "GET"]
    assert len(emulator.commits) == 1


async def test_a_change_that_was_not_saved_after_all_is_no_success(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", refusal(503, "service_unavailable", retry_guidance=["Read it."]))

    await left_unknown(losing, notion.pages.update(uid("home"), properties=titled("New")))

    assert [method for method, _ in losing.sent] == ["PATCH", "GET"]


# ---------------------------------------------------------------------------- what sets a value


async def test_a_change_that_was_made_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", AFTER)

    found = await done(losing, notion.pages.update(uid("home"), properties=titled("New")))

    assert text_of(found, "title") == "New"
    assert [method for method, _ in losing.sent] == ["PATCH", "GET"]


async def test_what_was_asked_for_of_a_changed_page_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", AFTER)

    found = await done(
        losing,
        notion.pages.update(uid("home"), is_locked=True, filter_properties=["title"]),
    )

    assert found.is_locked is True
    assert losing.count("GET") == 2


async def test_a_change_that_was_not_made_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", BEFORE, BROKEN)

    found = await done(losing, notion.pages.update(uid("home"), properties=titled("New")))

    assert text_of(found, "title") == "New"
    assert losing.count("PATCH") == 3


def seen_after_an_edit(by: Mapping[str, object]) -> Response:
    return shown(**page("home", last_edited_time=MINUTE, last_edited_by=by))


async def test_a_page_that_somebody_else_has_edited_meanwhile_is_left_to_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", BEFORE)
    losing.lose("GET", seen_after_an_edit(SOMEBODY))

    error = await left_unknown(losing, notion.pages.update(uid("home"), is_locked=True))

    assert isinstance(error.__cause__, ConnectionLostError)
    assert losing.count("PATCH") == 1


async def test_a_page_that_this_connection_has_edited_is_set_again_and_it_asks_once_who_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    us = losing.emulator._api.store.author()
    for _ in range(2):
        losing.lose("PATCH", BEFORE)
        losing.lose("GET", seen_after_an_edit(us))

        await done(losing, notion.pages.update(uid("home"), is_locked=True))

    assert losing.count("PATCH") == 4
    assert [path for _, path in losing.sent].count("/v1/users/me") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"erase_content": True},
        {"template": {"type": "default"}},
        {"icon": {"type": "file_upload", "file_upload": {"id": uid("file")}}},
    ],
    ids=["content erased", "a template", "an upload"],
)
async def test_what_a_page_does_not_show_stays_unknown(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", BEFORE)

    await left_unknown(losing, notion.pages.update(uid("home"), **change))

    assert [method for method, _ in losing.sent] == ["PATCH"]


async def test_without_time_to_look_a_change_stays_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch, deadline=10.0)

    def late() -> None:
        losing.clock._now += 11.0

    losing.lose("PATCH", late)

    error = await left_unknown(losing, notion.pages.update(uid("home"), is_locked=True))

    assert isinstance(error.__cause__, ConnectionLostError)
    assert losing.count("GET") == 0


async def test_where_looking_fails_a_change_stays_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", AFTER)
    losing.lose("GET", refusal(403, "restricted_resource"))

    error = await left_unknown(losing, notion.pages.update(uid("home"), is_locked=True))

    assert isinstance(error.__cause__, ConnectionLostError)


# --------------------------------------------------------------------------------- what deletes


async def test_what_was_deleted_the_first_time_is_returned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("DELETE", AFTER, refusal(400, "validation_error", "It is archived."))

    found = await done(losing, notion.blocks.delete(uid("line")))

    assert found.in_trash is True
    assert isinstance(found.content, Paragraph)


async def test_of_what_cannot_be_read_any_more_the_id_is_returned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    gone = refusal(404, "object_not_found")
    losing.lose("DELETE", AFTER, gone)
    losing.lose("GET", gone)

    found = await done(losing, notion.blocks.delete(uid("line")))

    assert isinstance(found, Block)
    assert (found.id, found.in_trash) == (uid("line"), True)


async def test_what_notion_does_not_delete_is_refused_as_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("DELETE", BEFORE, refusal(400, "validation_error", "It is the last one."))

    with pytest.raises(ValidationError, match="the last one"):
        await done(losing, notion.blocks.delete(uid("line")))


# ------------------------------------------------------------------------- answers made by hand


def markdown(words: str) -> Response:
    return shown(object="page_markdown", id=uid("home"), markdown=words, truncated=False)


async def test_markdown_that_was_replaced_is_not_replaced_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", BEFORE)
    losing.lose("GET", markdown("# New"))

    found = await done(
        losing, notion.pages.update_markdown(uid("home"), replace_content={"new_str": "# New\n"})
    )

    assert found.markdown == "# New"
    assert losing.count("PATCH") == 1


async def test_markdown_that_was_not_replaced_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", BEFORE, markdown("# New"))
    losing.lose("GET", markdown("# Old"))

    found = await done(
        losing, notion.pages.update_markdown(uid("home"), replace_content={"new_str": "# New"})
    )

    assert found.markdown == "# New"
    assert [path.rpartition("/")[2] for _, path in losing.sent] == [
        "markdown",
        "markdown",
        uid("home"),
        "markdown",
    ]


async def test_markdown_that_was_inserted_stays_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", BEFORE)

    await left_unknown(
        losing, notion.pages.update_markdown(uid("home"), insert_content={"content": "# New"})
    )

    assert len(losing.sent) == 1


@pytest.mark.parametrize("edited", [MINUTE, None], ids=["edited", "without a time"])
async def test_a_database_that_may_have_been_edited_by_anybody_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, edited: str | None
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", BEFORE)
    losing.lose("GET", shown(**{**database("tracker"), "last_edited_time": edited}))

    await left_unknown(losing, notion.databases.update(uid("tracker"), title="New"))

    assert losing.count("PATCH") == 1


async def test_a_value_that_a_page_shows_in_part_stays_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", BEFORE)
    people = {"id": "p", "type": "people", "people": [SOMEBODY] * 25}
    losing.lose("GET", shown(**page("home", properties={"P": people})))

    await left_unknown(
        losing, notion.pages.update(uid("home"), properties={"P": {"people": [SOMEBODY] * 30}})
    )


@pytest.mark.parametrize("sent", [3, 2])
async def test_a_part_is_taken_as_arrived_where_all_have(
    monkeypatch: pytest.MonkeyPatch, sent: int
) -> None:
    losing, notion = home(monkeypatch)
    parts = {"total": 3, "sent": sent}
    upload = shown(object="file_upload", id=uid("f"), status="pending", number_of_parts=parts)
    losing.lose("POST", BEFORE, upload)
    losing.lose("GET", upload)

    await done(losing, notion.file_uploads.send(uid("f"), file=b"x", part_number=1))

    assert losing.count("POST") == (1 if sent == 3 else 2)


async def test_a_result_that_is_gone_is_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("DELETE", BEFORE, refusal(404, "object_not_found"))

    found = await done(losing, notion.views.queries.delete(uid("v"), uid("q")))

    assert (found.id, found.deleted) == (uid("q"), True)


async def test_a_result_that_is_refused_otherwise_stays_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("DELETE", BEFORE, refusal(400, "validation_error"))

    await left_unknown(losing, notion.views.queries.delete(uid("v"), uid("q")))


async def test_what_is_there_although_notion_does_not_find_it_stays_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("DELETE", BEFORE, refusal(404, "object_not_found"))

    await left_unknown(losing, notion.blocks.delete(uid("line")))


async def test_requests_by_hand_are_recovered_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", AFTER, AFTER)
    path = f"/v1/blocks/{uid('home').replace('-', '')}/children"
    body = {"children": [{"paragraph": {"rich_text": [{"text": {"content": "x"}}]}}]}

    appended = await done(losing, notion.request("PATCH", path, body=body))
    changed = await done(
        losing, notion.request("PATCH", f"/v1/pages/{uid('home')}", body={"is_locked": True})
    )

    assert isinstance(appended["results"], list)
    assert len(appended["results"]) == 1
    assert changed["is_locked"] is True
    assert losing.count("PATCH") == 2


@pytest.mark.parametrize(
    "listed",
    [
        Response(200, {}, b'{"object":"list","results":[3],"has_more":false}'),
        Response(200, {}, b'{"object":"list","results":[],"has_more":true}'),
    ],
    ids=["no blocks", "no end"],
)
async def test_an_answer_that_makes_no_sense_does_not_hide_what_went_wrong(
    monkeypatch: pytest.MonkeyPatch, listed: Response
) -> None:
    losing, notion = home(monkeypatch)
    losing.lose("PATCH", BEFORE)
    losing.lose("GET", *[listed] * 6)
    children = [Paragraph([text("x")])]

    error = await left_unknown(
        losing, notion.blocks.children.append(uid("home"), children=children)
    )

    assert isinstance(error.__cause__, ConnectionLostError)


async def test_a_block_with_an_id_of_another_kind_is_not_the_one_that_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, notion = home(monkeypatch)
    notion._sender.memory.bot_id = uid("bot")
    odd = {
        "object": "block",
        "id": {},
        "created_time": "2029-01-01T00:00:00.000Z",
        "created_by": {"object": "user", "id": uid("bot")},
        "type": "paragraph",
        "paragraph": {"rich_text": [{"type": "text", "text": {"content": "x"}}]},
    }
    losing.lose("PATCH", BEFORE)
    losing.lose("GET", shown(object="list", results=[odd], has_more=False))
    children = [{"paragraph": {"rich_text": [{"text": {"content": "x"}}]}}]

    await left_unknown(losing, notion.blocks.children.append(uid("home"), children=children))
