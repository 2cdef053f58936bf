"""The log of what was carried out, and answers that go wrong on command."""

from __future__ import annotations

import pytest

from notion_async.testing import SAVED_BUT_LATE, Commit, Fault, FaultRequest

from .emulated import Object, block, comment, emulated, page, uid, under
from .test_emulator_writing import CHILDREN, HOME, PARENT, paragraph, text

NEW_PAGE: Object = {"parent": PARENT, "properties": {"title": text("tag-1-a x")}}


async def test_each_write_is_entered_once_with_what_it_made_and_changed() -> None:
    async with emulated(page("Home"), block("box", HOME, "toggle")) as notion:
        made = await notion.post("/v1/pages", {**NEW_PAGE, "children": [paragraph("inside")]})
        inside = await notion.ids("GET", f"/v1/blocks/{made['id']}/children")
        appended = await notion.patch(
            f"/v1/blocks/{uid('box')}/children", {"children": [paragraph("tag-2"), paragraph("y")]}
        )
        await notion.delete(f"/v1/blocks/{uid('box')}")
        await notion.post("/v1/search")
        commits = notion.emulator.commits

    ids = [one["id"] for one in appended["results"]]
    assert [(one.number, one.endpoint, one.target, one.made) for one in commits] == [
        (0, "pages.create", "", (made["id"], *inside)),
        (1, "blocks.children.append", uid("box"), tuple(ids)),
        (2, "blocks.delete", uid("box"), ()),
    ]
    assert commits[0].changed == (uid("Home"),)
    assert set(commits[1].changed) == set(commits[2].changed) == {uid("box"), uid("Home")}
    assert [one.request_id for one in commits[:2]] == [made["request_id"], appended["request_id"]]
    assert [one.tag for one in commits] == ["tag-1-a", "tag-2", None]
    assert b"inside" in commits[0].body
    assert b"inside" not in repr(commits[0]).encode()


async def test_what_is_refused_is_not_entered() -> None:
    async with emulated(page("Home")) as notion:
        await notion.wrong("POST", "/v1/pages", {"parent": PARENT})
        await notion.send("DELETE", f"/v1/blocks/{uid('nobody')}")
        notion.emulator.load([page("Later")])

        assert notion.emulator.commits == []


async def test_a_deleted_comment_counts_as_changed() -> None:
    async with emulated(page("Home")) as notion:
        made = await notion.post("/v1/comments", {"parent": PARENT, "rich_text": text("x")})
        await notion.delete(f"/v1/comments/{made['id']}")
        created, deleted = notion.emulator.commits

    assert created.made == deleted.changed == (made["id"],)
    assert deleted.target == made["id"]


@pytest.mark.parametrize(
    ("body", "tag"),
    [
        (b'{"x":"tag-7-12 0"}', "tag-7-12"),
        (b'{"x":"tag-a.b-c.","y":"tag-2"}', "tag-a.b-c"),
        (b"tag-", None),
        (b"", None),
    ],
)
def test_a_tag_is_a_word_in_what_was_sent(body: bytes, tag: str | None) -> None:
    assert Commit(0, "pages.create", "", (), (), "", body).tag == tag


async def test_a_page_that_was_saved_too_late_is_named() -> None:
    async with emulated(page("Home"), fault=lambda _: SAVED_BUT_LATE) as notion:
        status, answer = await notion.send("POST", "/v1/pages", NEW_PAGE)
        (commit,) = notion.emulator.commits

    assert (status, answer["code"]) == (503, "service_unavailable")
    data = answer["additional_data"]
    assert data["committed_resource_id"] == commit.made[0]
    assert data["deadline_ms"] == "55000"
    assert all(isinstance(line, str) for line in data["retry_guidance"])
    assert set(data) == {"committed_resource_id", "deadline_ms", "retry_guidance"}
    assert answer["request_id"] == commit.request_id


async def test_blocks_that_were_saved_too_late_are_named_in_order() -> None:
    children = [paragraph("one", children=[paragraph("below")]), paragraph("two")]
    async with emulated(page("Home"), fault=lambda _: SAVED_BUT_LATE) as notion:
        _, answer = await notion.send("PATCH", CHILDREN, {"children": children})
        (commit,) = notion.emulator.commits

    first, _, second = commit.made
    assert answer["additional_data"]["committed_resource_id"] == uid("Home")
    assert answer["additional_data"]["committed_child_ids"] == [first, second]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", f"/v1/pages/{uid('Home')}", {"icon": None}),
        ("POST", "/v1/comments", {"parent": PARENT, "rich_text": []}),
    ],
)
async def test_other_writes_are_saved_without_a_name(method: str, path: str, body: Object) -> None:
    async with emulated(page("Home"), fault=lambda _: SAVED_BUT_LATE) as notion:
        status, answer = await notion.send(method, path, body)

    assert status == 503
    assert set(answer["additional_data"]) == {"deadline_ms", "retry_guidance"}
    assert len(notion.emulator.commits) == 1


async def test_what_would_be_refused_is_refused_all_the_same() -> None:
    async with emulated(fault=lambda _: SAVED_BUT_LATE) as notion:
        status, answer = await notion.send("POST", "/v1/pages", NEW_PAGE)

    assert (status, answer["code"]) == (404, "object_not_found")
    assert notion.emulator.commits == []


async def test_a_fault_in_place_of_the_answer_does_nothing() -> None:
    asked: list[FaultRequest] = []

    def once(request: FaultRequest) -> Fault | None:
        asked.append(request)
        wait = {"Retry-After": "7"}
        data = {"rate_limit_reason": "public_api_endpoint_rate_limit"}
        refusal = Fault(429, "rate_limited", "Slow down.", data, wait)
        return refusal if request.number == 0 else None

    async with emulated(page("Home"), fault=once) as notion:
        status, answer, headers = await notion.exchange("POST", "/v1/pages", NEW_PAGE)
        await notion.post("/v1/pages", NEW_PAGE)

    assert (status, headers["Retry-After"]) == (429, "7")
    assert answer["message"] == "Slow down."
    assert answer["additional_data"] == {"rate_limit_reason": "public_api_endpoint_rate_limit"}
    assert len(notion.emulator.commits) == 1
    assert [(one.number, one.method, one.path, one.endpoint) for one in asked] == [
        (0, "POST", "/v1/pages", "pages.create"),
        (1, "POST", "/v1/pages", "pages.create"),
    ]
    assert b"tag-1-a" in asked[0].body


async def test_a_fault_may_have_any_body_and_strike_any_path() -> None:
    html = Fault(502, body=b"<html>", headers={"Content-Type": "text/html"})
    async with emulated(fault=lambda _: html) as notion:
        url = notion.emulator.base_url
        async with notion.session.get(f"{url}/v1/nothing") as response:
            body = await response.read()

    assert (response.status, response.content_type, body) == (502, "text/html", b"<html>")
    assert notion.emulator.log[-1].status == 502


async def test_a_read_may_fail_as_well() -> None:
    on_page = under("page_id", "Home")
    async with emulated(
        page("Home"), comment("c", on_page), fault=lambda _: Fault(503, done=True)
    ) as notion:
        status, answer = await notion.send("GET", f"/v1/pages/{uid('Home')}")

    assert status == 503
    assert "additional_data" not in answer
