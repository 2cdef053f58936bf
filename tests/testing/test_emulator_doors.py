"""Who may come in, and what a request must look like."""

from __future__ import annotations

from datetime import UTC, datetime

import aiohttp
import pytest

from notion_async import endpoints
from notion_async.testing import Emulator, ManualClock
from notion_async.testing.handlers import HANDLERS

from .emulated import NEW, OLD, Raw, emulated, page, uid


async def test_a_wrong_token_is_refused_in_notions_words() -> None:
    async with emulated() as notion:
        status, answer, headers = await notion.exchange("GET", "/v1/users", token="nonsense")

    assert status == 401
    assert headers["x-notion-request-id"] == answer.pop("request_id")
    assert answer == {
        "object": "error",
        "status": 401,
        "code": "unauthorized",
        "message": "API token is invalid.",
    }


async def test_the_version_must_be_given_and_known() -> None:
    async with emulated() as notion:
        missing = await notion.refused("GET", "/v1/users", version=None)
        unknown = await notion.refused("GET", "/v1/users", version="2031-01-01")

    assert missing[0] == "missing_version"
    assert unknown[0] == "validation_error"
    assert "2031-01-01" in unknown[1]


async def test_unknown_paths_are_invalid_urls() -> None:
    async with emulated() as notion:
        assert await notion.refused("GET", "/v1/invalid") == (
            "invalid_request_url",
            "Invalid request URL.",
        )


def test_every_endpoint_is_offered() -> None:
    assert set(HANDLERS) == {one.name for one in endpoints.ALL}


async def test_ids_are_taken_with_and_without_dashes_and_nothing_else() -> None:
    async with emulated(page("Home")) as notion:
        dashed = await notion.get(f"/v1/pages/{uid('Home')}")
        bare = await notion.get(f"/v1/pages/{uid('Home').replace('-', '').upper()}")
        message = await notion.wrong("GET", "/v1/pages/x")

    assert dashed["id"] == bare["id"] == uid("Home")
    assert message == (
        'path failed validation: path.page_id should be a valid uuid, instead was `"x"`.'
    )


async def test_what_is_missing_is_not_found_in_notions_words() -> None:
    async with emulated() as notion:
        me = await notion.get("/v1/users/me")
        status, answer = await notion.send("GET", f"/v1/pages/{uid('nowhere')}")

    assert status == 404
    assert answer["code"] == "object_not_found"
    assert answer["additional_data"] == {"integration_id": me["id"]}
    assert answer["message"] == (
        f"Could not find page with ID: {uid('nowhere')}. Make sure the relevant pages and "
        f'databases are shared with your integration "{me["name"]}".'
    )


async def test_a_body_must_be_a_json_object_of_bearable_size() -> None:
    async with emulated() as notion:
        broken = await notion.refused("POST", "/v1/search", data=b"{")
        array = await notion.wrong("POST", "/v1/search", data=b"[]")
        large = await notion.wrong("POST", "/v1/search", data=b" " * 500_001)
        empty = await notion.ok("POST", "/v1/search", data=b"")

    assert broken == ("invalid_json", "Error parsing JSON body.")
    assert array == "body failed validation: body should be an object, instead was `[]`."
    assert "500000" in large
    assert empty["results"] == []


async def test_parameters_that_do_not_exist_are_refused() -> None:
    async with emulated() as notion:
        in_query = await notion.wrong("GET", "/v1/users?foo=1")
        in_body = await notion.wrong("POST", "/v1/search", {"foo": 1})

    assert in_query == (
        'query failed validation: query.foo should be not present, instead was `"1"`.'
    )
    assert in_body == "body failed validation: body.foo should be not present, instead was `1`."


@pytest.mark.parametrize("size", [0, 101, "many", 1.5, True])
async def test_page_sizes_go_from_1_to_100(size: object) -> None:
    async with emulated() as notion:
        in_body = await notion.wrong("POST", "/v1/search", {"page_size": size})
        in_query = await notion.wrong("GET", f"/v1/users?page_size={size}")

    assert in_body.startswith("body failed validation: body.page_size should be")
    assert in_query.startswith("query failed validation: query.page_size should be")


async def test_answers_carry_a_request_id_and_are_the_same_in_each_run() -> None:
    answers = []
    for _ in range(2):
        async with emulated(page("Home")) as notion:
            answers.append(
                [
                    await notion.get(f"/v1/pages/{uid('Home')}"),
                    await notion.post("/v1/search"),
                    (await notion.send("GET", "/v1/invalid"))[1],
                ]
            )

    assert answers[0] == answers[1]
    assert len({answer["request_id"] for answer in answers[0]}) == 3


async def test_the_budget_of_a_window_may_be_spent_at_once_and_comes_back_with_the_next() -> None:
    clock = ManualClock(1000.0)
    async with emulated(budget=3, per=60.0, clock=clock) as notion:
        for _ in range(3):
            await notion.get("/v1/users/me")
        await clock.advance(20.5)
        status, answer, headers = await notion.exchange("GET", "/v1/users/me")
        await clock.advance(float(headers["Retry-After"]))
        await notion.get("/v1/users/me")

        assert (status, answer["code"], headers["Retry-After"]) == (429, "rate_limited", "40")
        assert answer["additional_data"] == {
            "rate_limit_reason": "public_api_request_rate_limit",
            "retry_after": "40",
        }
        assert notion.emulator.requests == 5
        assert notion.emulator.answers_429 == 1


async def test_a_window_may_begin_at_any_moment() -> None:
    clock = ManualClock()
    async with emulated(budget=1, per=60.0, phase=12.0, clock=clock) as notion:
        await notion.get("/v1/users/me")
        _, _, headers = await notion.exchange("GET", "/v1/users/me")
        await clock.advance(12.0)
        await notion.get("/v1/users/me")

    assert headers["Retry-After"] == "12"


async def test_requests_with_a_wrong_token_cost_nothing() -> None:
    async with emulated(budget=1, clock=ManualClock()) as notion:
        await notion.send("GET", "/v1/users", token="nonsense")
        await notion.get("/v1/users")


async def test_the_log_names_endpoints() -> None:
    async with emulated(clock=ManualClock(7.0)) as notion:
        await notion.get("/v1/users/me")
        await notion.send("GET", "/v1/invalid")

        entries = [(e.time, e.method, e.endpoint, e.status) for e in notion.emulator.log]

    assert entries == [(7.0, "GET", "users.me", 200), (7.0, "GET", "/v1/invalid", 400)]


async def test_it_stops_and_serves_again_with_its_state() -> None:
    emulator = Emulator(budget=None)
    emulator.load([page("Home")])

    await emulator.start()
    with pytest.raises(RuntimeError, match="started already"):
        await emulator.start()
    assert emulator.base_url.startswith("http://127.0.0.1:")
    await emulator.stop()
    await emulator.stop()
    assert emulator.base_url == ""
    async with emulator:
        assert emulator.truth().pages == {uid("Home")}


async def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_behind() -> None:
    async with Emulator() as first:
        second = Emulator(port=int(first.base_url.rpartition(":")[2]))
        with pytest.raises(OSError):
            await second.start()

    async with second:
        assert second.base_url == "http://127.0.0.1:" + str(second._port)


def test_only_known_seeds_and_real_objects_are_loaded() -> None:
    with pytest.raises(ValueError, match="no seed 'nonsense'"):
        Emulator(seed="nonsense")
    with pytest.raises(ValueError, match="not an object of Notion"):
        Emulator().load([{"object": "list", "id": uid("x")}])
    with pytest.raises(ValueError, match="not an object of Notion"):
        Emulator().load([{"object": "page", "id": "not an id"}])


async def test_the_demo_workspace_can_be_walked_to_the_last_block() -> None:
    async with emulated(seed="demo") as notion:
        truth = notion.emulator.truth()
        found: set[str] = set()
        waiting = sorted(truth.pages)
        while waiting:
            answer = await notion.get(f"/v1/blocks/{waiting.pop()}/children")
            for child in answer["results"]:
                found.add(child["id"])
                if child["has_children"] and child["type"] != "child_page":
                    waiting.append(child["id"])
        new = await notion.post("/v1/search", {"page_size": 1}, version=NEW)
        old = await notion.post("/v1/search", {"page_size": 1}, version=OLD)

    assert found <= truth.blocks
    assert len(found) > 1000
    assert "archived" not in new["results"][0]
    assert "archived" in old["results"][0]


async def test_the_time_of_day_is_the_machines_unless_it_is_given() -> None:
    before = datetime.now(UTC).replace(second=0, microsecond=0)
    async with Emulator() as emulator, aiohttp.ClientSession() as session:
        emulator.load([page("Home")])
        notion = Raw(emulator, session)
        answer = await notion.patch(f"/v1/pages/{uid('Home')}", {"in_trash": True})

    assert before <= datetime.fromisoformat(answer["last_edited_time"]) <= datetime.now(UTC)
