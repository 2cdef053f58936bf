"""Lists, cursors, properties, search, users and comments."""

from __future__ import annotations

from typing import Any

import pytest

from .emulated import (
    Object,
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

HOME = under("page_id", "Home")
CHILDREN = f"/v1/blocks/{uid('Home')}/children"
QUERY = f"/v1/data_sources/{uid('Table')}/query"


def paragraphs(count: int) -> list[Object]:
    return [block(f"p{number}", HOME) for number in range(count)]


def many_relations(count: int) -> Object:
    return {
        "Links": {
            "id": "%3Ab%5C",
            "type": "relation",
            "relation": [{"id": uid(f"target {number}")} for number in range(count)],
            "has_more": False,
        }
    }


async def test_children_come_in_pages_with_opaque_cursors() -> None:
    async with emulated(page("Home"), *paragraphs(5)) as notion:
        first = await notion.get(f"{CHILDREN}?page_size=2")
        everything = await notion.ids("GET", f"{CHILDREN}?page_size=2")

    assert len(first["results"]) == 2
    assert first["next_cursor"] != uid("p1")
    assert {name: first[name] for name in ("object", "type", "block", "has_more")} == {
        "object": "list",
        "type": "block",
        "block": {},
        "has_more": True,
    }
    assert everything == [uid(f"p{number}") for number in range(5)]


async def test_a_page_has_100_elements_unless_fewer_are_asked_for() -> None:
    async with emulated(page("Home"), *paragraphs(101)) as notion:
        answer = await notion.get(CHILDREN)

    assert len(answer["results"]) == 100
    assert answer["has_more"] is True


async def test_a_cursor_survives_what_is_written_before_it() -> None:
    paragraph: Object = {"paragraph": {"rich_text": []}}
    async with emulated(page("Home"), *paragraphs(4)) as notion:
        first = await notion.get(f"{CHILDREN}?page_size=2")
        await notion.patch(CHILDREN, {"children": [paragraph], "position": {"type": "start"}})
        rest = await notion.get(f"{CHILDREN}?start_cursor={first['next_cursor']}")
        await notion.delete(f"/v1/blocks/{uid('p1')}")
        later = await notion.get(f"{CHILDREN}?start_cursor={first['next_cursor']}")

    assert [one["id"] for one in rest["results"]] == [uid("p2"), uid("p3")]
    assert uid("p2") in [one["id"] for one in later["results"]]


@pytest.mark.parametrize("cursor", ["nonsense", "ö", "a", uid("p1")])
async def test_cursors_that_were_not_given_out_are_refused(cursor: str) -> None:
    async with emulated(page("Home"), *paragraphs(3)) as notion:
        message = await notion.wrong("GET", f"{CHILDREN}?start_cursor={cursor}")

    assert message == f"The start_cursor provided is invalid: {cursor}"


async def test_cursors_of_other_lists_and_tampered_ones_are_refused() -> None:
    async with emulated(page("Home"), page("Other"), *paragraphs(3)) as notion:
        cursor = (await notion.get(f"{CHILDREN}?page_size=1"))["next_cursor"]
        other = f"/v1/blocks/{uid('Other')}/children"
        foreign = await notion.wrong("GET", f"{other}?start_cursor={cursor}")
        tampered = await notion.wrong("GET", f"{CHILDREN}?start_cursor={cursor[:-4]}AAAA")
        typed = await notion.wrong("POST", "/v1/search", {"start_cursor": 7})

    assert foreign.startswith("The start_cursor provided is invalid")
    assert tampered.startswith("The start_cursor provided is invalid")
    assert "body.start_cursor should be a string" in typed


async def test_long_values_are_cut_on_the_page_and_whole_by_themselves() -> None:
    long_text = {"id": "abc", "type": "rich_text", "rich_text": words("x") * 30}
    loaded = row("Row", "Table", {**many_relations(60), "Notes": long_text})
    async with emulated(data_source("Table", "Tasks"), loaded) as notion:
        shown = await notion.get(f"/v1/pages/{uid('Row')}")
        in_query = (await notion.post(QUERY))["results"][0]
        path = f"/v1/pages/{uid('Row')}/properties/%3Ab%5C"
        first = await notion.get(f"{path}?page_size=50")
        rest = await notion.get(f"{path}?page_size=50&start_cursor={first['next_cursor']}")
        texts = await notion.get(f"/v1/pages/{uid('Row')}/properties/Notes")

    links = loaded["properties"]["Links"]["relation"]
    assert shown["properties"]["Links"]["relation"] == links[:25]
    assert shown["properties"]["Links"]["has_more"] is True
    assert len(shown["properties"]["Notes"]["rich_text"]) == 25
    assert "has_more" not in shown["properties"]["Notes"]
    assert in_query["properties"] == shown["properties"]
    found = [item["relation"] for item in first["results"] + rest["results"]]
    assert found == links
    assert first["results"][0] == {
        "object": "property_item",
        "type": "relation",
        "id": "%3Ab%5C",
        "relation": links[0],
    }
    assert "/v1/pages/" in first["property_item"].pop("next_url")
    assert first["property_item"] == {"id": "%3Ab%5C", "type": "relation", "relation": {}}
    assert rest["property_item"]["next_url"] is None
    assert len(texts["results"]) == 30


@pytest.mark.parametrize("count", [0, 25])
async def test_values_that_are_not_cut_come_back_as_loaded(count: int) -> None:
    loaded = row("Row", "Table", many_relations(count))
    async with emulated(loaded) as notion:
        answer = await notion.get(f"/v1/pages/{uid('Row')}")

    assert answer["properties"] == loaded["properties"]


async def test_single_values_are_property_items() -> None:
    number = {"id": "n", "type": "number", "number": 7}
    async with emulated(row("Row", "Table", {"Size": number})) as notion:
        by_name = await notion.get(f"/v1/pages/{uid('Row')}/properties/Size")
        by_id = await notion.get(f"/v1/pages/{uid('Row')}/properties/n")
        title = await notion.get(f"/v1/pages/{uid('Row')}/properties/title")
        message = await notion.wrong("GET", f"/v1/pages/{uid('Row')}/properties/nope")

    by_name.pop("request_id")
    by_id.pop("request_id")
    assert by_name == by_id == {"object": "property_item", **number}
    assert title["results"][0]["title"] == words("Row")[0]
    assert message == "Could not find property with name or id: nope"


async def test_rollups_list_what_was_rolled_up_beside_the_aggregate() -> None:
    array = [{"type": "number", "number": 1}, {"type": "number", "number": 2}]
    shown = {"type": "array", "array": array, "function": "show_original"}
    total = {"type": "number", "number": 3, "function": "sum"}
    properties = {
        "All": {"id": "a", "type": "rollup", "rollup": shown},
        "Sum": {"id": "s", "type": "rollup", "rollup": total},
    }
    async with emulated(row("Row", "Table", properties)) as notion:
        every = await notion.get(f"/v1/pages/{uid('Row')}/properties/a")
        one = await notion.get(f"/v1/pages/{uid('Row')}/properties/s")

    assert [item["number"] for item in every["results"]] == [1, 2]
    assert every["property_item"]["rollup"] == {**shown, "array": []}
    assert one["results"] == []
    assert one["property_item"]["rollup"] == total


async def test_pages_can_be_asked_for_some_properties_only() -> None:
    async with emulated(
        data_source("Table", "Tasks"), row("Row", "Table", many_relations(1))
    ) as n:
        by_id = await n.get(f"/v1/pages/{uid('Row')}?filter_properties=%3Ab%5C")
        listed = await n.post(f"{QUERY}?filter_properties[]=title&filter_properties[]=Links")
        one = await n.post(f"{QUERY}?filter_properties=Name")
        message = await n.wrong("GET", f"/v1/pages/{uid('Row')}?filter_properties=nope")

    assert list(by_id["properties"]) == ["Links"]
    assert list(listed["results"][0]["properties"]) == ["Name", "Links"]
    assert list(one["results"][0]["properties"]) == ["Name"]
    assert "nope" in message


async def test_search_finds_titles_of_pages_rows_and_data_sources() -> None:
    async with emulated(
        page("Big Plan", created="2026-01-01T00:00:00.000Z"),
        page("Other", created="2026-01-02T00:00:00.000Z"),
        database("Plans of all", sources=("Table",)),
        data_source("Table", "Plans of all"),
        row("my plan", "Table", created="2026-01-03T00:00:00.000Z"),
        row("gone plan", "Table", in_trash=True),
    ) as notion:

        async def found(**body: Any) -> list[str]:
            return await notion.ids("POST", "/v1/search", {"page_size": 1, **body})

        newest_first = {"direction": "descending", "timestamp": "last_edited_time"}
        oldest_first = {**newest_first, "direction": "ascending"}
        pages = {"property": "object", "value": "page"}
        sources = {"property": "object", "value": "data_source"}
        plan, other, table, mine = (uid(n) for n in ("Big Plan", "Other", "Table", "my plan"))
        assert await found() == [table, mine, other, plan]
        assert await found(query="PLAN", sort=newest_first) == [table, mine, plan]
        assert await found(query="plan", sort=oldest_first) == [plan, mine, table]
        assert await found(filter=pages, sort={"property": "relevance"}) == [mine, other, plan]
        assert await found(filter=sources) == [table]
        assert await found(query="nothing like it") == []


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"query": 1}, "body.query should be a string"),
        ({"filter": []}, "body.filter should be an object"),
        ({"filter": {}}, "body.filter.property should be defined"),
        ({"filter": {"property": "object", "value": "block"}}, "body.filter.value should be"),
        ({"filter": {"property": "object", "value": "page", "x": 1}}, "body.filter.x"),
        ({"sort": {"timestamp": "created_time"}}, "body.sort.timestamp should be"),
        ({"sort": {"timestamp": "last_edited_time"}}, "body.sort.direction should be defined"),
    ],
)
async def test_searches_are_validated(body: Object, where: str) -> None:
    async with emulated() as notion:
        assert where in await notion.wrong("POST", "/v1/search", body)


async def test_users_are_listed_with_the_bot_of_the_token() -> None:
    async with emulated(person("ada"), person("bob")) as notion:
        me = await notion.get("/v1/users/me")
        everybody = await notion.ids("GET", "/v1/users?page_size=1")
        again = await notion.get(f"/v1/users/{me['id']}")
        status, _ = await notion.send("GET", f"/v1/users/{uid('nobody')}")

    assert everybody == [uid("ada"), uid("bob"), me["id"]]
    assert me["type"] == "bot"
    assert again["bot"] == me["bot"]
    assert status == 404


async def test_a_loaded_bot_is_the_one_that_the_token_belongs_to() -> None:
    bot = {**person("sync"), "id": uid("bot"), "type": "bot", "bot": {}}
    del bot["person"]
    async with emulated(person("ada"), bot) as notion:
        assert (await notion.get("/v1/users/me"))["id"] == uid("bot")
        assert await notion.ids("GET", "/v1/users") == [uid("ada"), uid("bot")]


async def test_comments_are_those_of_the_page_or_block_itself() -> None:
    async with emulated(
        page("Home"),
        block("text", HOME),
        comment("on page", HOME),
        comment("on block", under("block_id", "text")),
    ) as notion:
        on_page = await notion.ids("GET", f"/v1/comments?block_id={uid('Home')}")
        on_block = await notion.ids("GET", f"/v1/comments?block_id={uid('text')}")
        one = await notion.get(f"/v1/comments/{uid('on page')}")
        message = await notion.wrong("GET", "/v1/comments")
        status, _ = await notion.send("GET", f"/v1/comments?block_id={uid('nowhere')}")
        await notion.delete(f"/v1/blocks/{uid('text')}")
        gone = await notion.ids("GET", f"/v1/comments?block_id={uid('text')}")

    assert on_page == [uid("on page")]
    assert on_block == [uid("on block")]
    assert one["rich_text"] == words("on page")
    assert message == (
        "query failed validation: query.block_id should be defined, instead was `undefined`."
    )
    assert status == 404
    assert gone == []


async def test_databases_and_data_sources_are_read_by_their_own_ids() -> None:
    async with emulated(
        database("Tasks", sources=("Table",)), data_source("Table", "Tasks")
    ) as notion:
        container = await notion.get(f"/v1/databases/{uid('Tasks')}")
        source = await notion.get(f"/v1/data_sources/{uid('Table')}")
        status, _ = await notion.send("GET", f"/v1/databases/{uid('Table')}")
        as_block = await notion.get(f"/v1/blocks/{uid('Tasks')}")
        missing, _ = await notion.send("GET", f"/v1/blocks/{uid('x')}/children")

    assert container["data_sources"] == [{"id": uid("Table"), "name": "Table"}]
    assert source["parent"] == under("database_id", "Tasks")
    assert (status, missing) == (404, 404)
    assert as_block["type"] == "child_database"
