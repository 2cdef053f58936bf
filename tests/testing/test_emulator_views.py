"""Views: listed, read, made, changed and deleted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from notion_async import ObjectNotFoundError, ValidationError
from tests.resources.bodies import fits

from .emulated import NEW, OLD, Object, data_source, database, page, uid, under
from .views import ADA, DATABASE, SOURCE, Office, fits_closely, loaded_view, office, page_of, sent


@pytest.fixture
async def at() -> AsyncIterator[Office]:
    async with office() as found:
        yield found


async def made(at: Office, type: str = "table", **fields: Any) -> Object:
    if not fields.keys() & {"view_id", "create_database"}:
        fields["database_id"] = DATABASE
    return sent(await at.notion.views.create(SOURCE, name=f"My {type}", type=type, **fields))


async def tabs(at: Office) -> list[str]:
    return [view.id async for view in at.notion.views.list(database_id=DATABASE)]


# ------------------------------------------------------------------------------ listing, reading


async def test_a_database_without_views_has_the_one_that_notion_makes(at: Office) -> None:
    [reference] = [view async for view in at.notion.views.list(database_id=DATABASE)]
    view = await at.notion.views.retrieve(reference.id)

    assert (view.name, view.type, view.data_source_id) == ("Default view", "table", SOURCE)
    assert await tabs(at) == [view.id]


async def test_views_are_listed_by_their_ids_alone_page_by_page(at: Office, shared: Path) -> None:
    views = [(await made(at))["id"] for _ in range(3)]

    answer = await at.raw.get(f"/v1/views?database_id={DATABASE}&page_size=3")
    rest = await at.raw.get(
        f"/v1/views?database_id={DATABASE}&start_cursor={answer['next_cursor']}"
    )

    listed = [*answer["results"], *rest["results"]]
    assert [view["id"] for view in listed][1:] == views
    assert all(set(view) == {"object", "id"} for view in listed)
    assert (answer["has_more"], rest["has_more"]) == (True, False)
    del answer["request_id"]
    fits(shared, "ListDatabaseViewsResponse", answer)


async def test_a_data_source_lists_the_views_of_every_database_that_shows_it(at: Office) -> None:
    elsewhere = {"parent": {"type": "page_id", "page_id": uid("Home")}}
    here, there = await made(at), await made(at, create_database=elsewhere)
    other = there["parent"]["database_id"]

    of_source = [view.id async for view in at.notion.views.list(data_source_id=SOURCE)]
    of_both = await at.raw.get(f"/v1/views?data_source_id={SOURCE}&database_id={other}")

    assert {here["id"], there["id"]} <= set(of_source)
    assert here["id"] in await tabs(at)
    assert there["id"] not in await tabs(at)
    assert [view["id"] for view in of_both["results"]] == [there["id"]]


async def test_views_of_nothing_are_not_listed(at: Office) -> None:
    assert "query.database_id should be defined" in await at.raw.wrong("GET", "/v1/views")
    assert "valid uuid" in await at.raw.wrong("GET", "/v1/views?database_id=x")
    with pytest.raises(ObjectNotFoundError, match="Could not find database"):
        await at.notion.views.list(database_id=uid("nothing"))
    with pytest.raises(ObjectNotFoundError, match="Could not find data_source"):
        await at.notion.views.list(data_source_id=uid("nothing"))


@pytest.mark.parametrize("version", [OLD, NEW])
async def test_a_view_reads_as_it_was_made(at: Office, version: str) -> None:
    view = await made(at)

    read = await at.raw.get(f"/v1/views/{view['id']}", version=version)

    del read["request_id"]
    assert read == view


async def test_a_view_that_is_not_there_is_not_found(at: Office) -> None:
    for action in (at.notion.views.retrieve, at.notion.views.update, at.notion.views.delete):
        with pytest.raises(ObjectNotFoundError, match="Could not find view with ID"):
            await action(uid("nothing"))


async def test_a_type_that_the_api_does_not_show_is_refused() -> None:
    async with office(loaded_view("Feed", type="feed")) as at:
        with pytest.raises(ValidationError, match="Unsupported view type: feed"):
            await at.notion.views.retrieve(uid("Feed"))


async def test_views_whose_data_source_is_not_loaded_read_as_they_were_loaded() -> None:
    view = loaded_view(
        "Lone", data_source_id=uid("gone"), filter={"property": "x", "number": {"equals": 1}}
    )
    async with office(view) as at:
        assert sent(await at.notion.views.retrieve(uid("Lone"))) == view


# ----------------------------------------------------------------------------------- creating


async def test_a_new_view_is_as_recorded(at: Office, shared: Path) -> None:
    view = await made(at)

    author = {"object": "user", "id": (await at.notion.users.me()).id}
    plain, database_id = view["id"].replace("-", ""), DATABASE.replace("-", "")
    assert view == {
        "object": "view",
        "id": view["id"],
        "parent": {"type": "database_id", "database_id": DATABASE},
        "data_source_id": SOURCE,
        "name": "My table",
        "type": "table",
        "created_time": "2026-05-17T10:42:31.000+00:00",
        "created_by": author,
        "last_edited_time": "2026-05-17T10:42:31.000+00:00",
        "last_edited_by": author,
        "url": f"https://app.notion.com/p/{database_id}?v={plain}",
        "filter": None,
        "sorts": None,
        "quick_filters": None,
        "configuration": {"type": "table"},
    }
    fits_closely(shared, view)


async def test_a_view_lies_in_exactly_one_place(at: Office) -> None:
    body = {"data_source_id": SOURCE, "name": "New", "type": "table"}
    none = await at.raw.wrong("POST", "/v1/views", body)
    both = {**body, "database_id": DATABASE, "view_id": uid("board")}

    assert none == await at.raw.wrong("POST", "/v1/views", both)
    for place in ("database_id", "view_id", "create_database"):
        assert f"body.{place} should be defined" in none


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"data_source_id": "x"}, "body.data_source_id should be a valid uuid"),
        ({"name": 1}, "body.name should be a string"),
        ({"type": "feed"}, "body.type should be"),
        ({"colour": "red"}, "body.colour should be not present"),
        ({"placement": {"type": "new_row"}}, "body.placement should be not present"),
        ({"position": {"type": "middle"}}, "body.position.type should be"),
        (
            {"position": {"type": "end", "view_id": ADA}},
            "body.position.view_id should be not pres",
        ),
        ({"position": {"type": "after_view"}}, "body.position.view_id should be defined"),
        (
            {"position": {"type": "after_view", "view_id": ADA}},
            "body.position.view_id should be a view of the same database",
        ),
    ],
)
async def test_what_a_view_is_made_of_is_checked(at: Office, fields: Object, message: str) -> None:
    assert message in await at.wrong(**fields)


async def test_a_database_or_source_in_the_trash_gets_no_views(at: Office) -> None:
    view = await made(at)
    await at.notion.databases.update(DATABASE, in_trash=True)

    assert "archived" in await at.wrong()
    assert "archived" in await at.raw.wrong("PATCH", f"/v1/views/{view['id']}", {"name": "x"})
    assert "archived" in await at.raw.wrong("DELETE", f"/v1/views/{view['id']}")


async def test_a_new_tab_comes_where_its_position_says(at: Office) -> None:
    default = (await tabs(at))[0]
    last = await made(at)
    first = await made(at, position={"type": "start"})
    second = await made(at, position={"type": "after_view", "view_id": first["id"]})
    end = await made(at, position={"type": "after_view", "view_id": last["id"]})
    latest = await made(at, position={"type": "end"})

    ids = [view["id"] for view in (last, end, latest)]
    assert await tabs(at) == [first["id"], second["id"], default, *ids]


async def test_a_linked_database_is_made_on_a_page_after_a_block(at: Office, shared: Path) -> None:
    view = await made(
        at,
        create_database={
            "parent": {"type": "page_id", "page_id": uid("Home")},
            "position": {"type": "after_block", "block_id": uid("text")},
        },
    )

    identity = view["parent"]["database_id"]
    found = sent(await at.notion.databases.retrieve(identity))
    children = [one.id async for one in at.notion.blocks.children.list(uid("Home"))]
    assert found["data_sources"] == [{"id": SOURCE, "name": "Table"}]
    assert found["is_inline"] is True
    assert children.index(identity) == children.index(uid("text")) + 1
    assert [v.id async for v in at.notion.views.list(database_id=identity)] == [view["id"]]
    fits(shared, "DatabaseObjectResponse", {**found, "archived": False})


async def test_a_linked_database_comes_last_by_itself(at: Office) -> None:
    view = await made(at, create_database={"parent": {"page_id": uid("Home")}})

    children = [one.id async for one in at.notion.blocks.children.list(uid("Home"))]
    assert children[-1] == view["parent"]["database_id"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "body.create_database.parent should be defined"),
        ({"parent": {}}, "body.create_database.parent.page_id should be defined"),
        ({"parent": {"block_id": ADA}}, "parent.block_id should be not present"),
        ({"parent": {"page_id": uid("Home")}, "position": {}}, "position.type should be defined"),
        (
            {
                "parent": {"page_id": uid("Home")},
                "position": {"type": "after_block", "block_id": ADA},
            },
            "position.block_id should be a block of the page",
        ),
    ],
)
async def test_where_a_linked_database_lies_is_checked(
    at: Office, given: Object, message: str
) -> None:
    assert message in await at.wrong(create_database=given)
    assert len(at.raw.emulator.commits) == 0


async def test_making_views_is_entered_in_the_log(at: Office) -> None:
    await tabs(at)
    view = await made(at)

    [commit] = at.raw.emulator.commits
    assert (commit.endpoint, commit.made) == ("views.create", (view["id"],))


# ---------------------------------------------------------------------------------- dashboards


async def test_widgets_lie_in_the_rows_of_their_dashboard(at: Office, shared: Path) -> None:
    board = (await made(at, "dashboard"))["id"]
    first = await made(at, view_id=board)
    last = await made(at, view_id=board, placement={"type": "new_row"})
    top = await made(at, view_id=board, placement={"type": "new_row", "row_index": 0})
    beside = await made(at, view_id=board, placement={"type": "existing_row", "row_index": 1})

    dashboard = sent(await at.notion.views.retrieve(board))
    rows = dashboard["configuration"]["rows"]
    assert [[widget["view_id"] for widget in row["widgets"]] for row in rows] == [
        [top["id"]],
        [first["id"], beside["id"]],
        [last["id"]],
    ]
    assert [widget["row_index"] for row in rows for widget in row["widgets"]] == [0, 1, 1, 2]
    assert dashboard["data_source_id"] is None
    assert first["dashboard_view_id"] == board
    assert first["id"] not in await tabs(at)
    fits_closely(shared, dashboard)
    fits_closely(shared, first)


@pytest.mark.parametrize(
    ("placement", "message"),
    [
        ({"type": "existing_row"}, "body.placement.row_index should be defined"),
        ({"type": "existing_row", "row_index": 0}, "row_index should be an existing row"),
        ({"type": "new_row", "row_index": 1}, "row_index should be ≤ `0`"),
        ({"type": "new_row", "row_index": -1}, "row_index should be"),
        ({"type": "new_row", "row_index": 0.5}, "row_index should be"),
        ({"type": "new_row", "row_index": "x"}, "row_index should be a number"),
        ({"type": "new_row", "width": 1}, "body.placement.width should be not present"),
        ({"type": "beside"}, "body.placement.type should be"),
    ],
)
async def test_where_a_widget_lies_is_checked(at: Office, placement: Object, message: str) -> None:
    board = (await made(at, "dashboard"))["id"]

    assert message in await at.wrong(view_id=board, placement=placement)


async def test_only_dashboards_have_widgets_and_no_dashboards_among_them(at: Office) -> None:
    table, board = await made(at), await made(at, "dashboard")

    assert "Widgets" in await at.wrong(view_id=table["id"])
    assert "Widgets" in await at.wrong(view_id=board["id"], type="dashboard")
    assert "position should be not" in await at.wrong(view_id=board["id"], position={})


@pytest.mark.parametrize(
    "field", [{"filter": {}}, {"sorts": []}, {"quick_filters": {}}, {"configuration": {}}]
)
async def test_a_dashboard_shows_no_data_source(at: Office, field: Object) -> None:
    assert "should be not present" in await at.wrong(type="dashboard", **field)


async def test_a_deleted_widget_leaves_its_dashboard(at: Office) -> None:
    board = (await made(at, "dashboard"))["id"]
    gone, stays = await made(at, view_id=board), await made(at, view_id=board)

    await at.notion.views.delete(gone["id"])

    [row] = sent(await at.notion.views.retrieve(board))["configuration"]["rows"]
    assert [widget["view_id"] for widget in row["widgets"]] == [stays["id"]]
    assert row["widgets"][0]["row_index"] == 0


async def test_a_dashboard_takes_its_widgets_with_it(at: Office) -> None:
    board = (await made(at, "dashboard"))["id"]
    widget = await made(at, view_id=board)

    await at.notion.views.delete(board)

    with pytest.raises(ObjectNotFoundError):
        await at.notion.views.retrieve(widget["id"])


async def test_dashboards_and_widgets_may_be_loaded_without_each_other() -> None:
    rows = [{"id": "r", "widgets": [{"id": "w", "view_id": uid("gone")}]}]
    board = loaded_view(
        "Board", type="dashboard", configuration={"type": "dashboard", "rows": rows}
    )
    widget = loaded_view("Widget", dashboard_view_id=uid("another"))
    async with office(board, widget, loaded_view("Table")) as at:
        await at.notion.views.delete(uid("Board"))
        await at.notion.views.delete(uid("Widget"))

        assert await tabs(at) == [uid("Table")]


# ---------------------------------------------------------------------------- changing, deleting


async def test_a_change_keeps_the_rest(at: Office, shared: Path) -> None:
    view = await made(at, sorts=[{"property": "Size", "direction": "ascending"}])
    at.watch.pass_by(seconds=1.5)

    changed = sent(await at.notion.views.update(view["id"], name="Renamed"))

    assert changed == {
        **view,
        "name": "Renamed",
        "last_edited_time": "2026-05-17T10:42:32.500+00:00",
    }
    fits_closely(shared, changed)


async def test_nothing_to_change_changes_nothing(at: Office) -> None:
    view = await made(at)
    at.watch.pass_by(seconds=1)

    assert sent(await at.notion.views.update(view["id"])) == view


async def test_null_clears_filter_sorts_and_quick_filters(at: Office) -> None:
    view = await made(
        at,
        filter={"property": "Size", "number": {"greater_than": 1}},
        sorts=[{"property": "Size", "direction": "ascending"}],
        quick_filters={"Kind": {"select": {"equals": "small"}}},
    )

    changed = await at.notion.views.update(view["id"], filter=None, sorts=None, quick_filters=None)

    assert (changed.filter, changed.sorts, changed.quick_filters) == (None, None, None)


async def test_quick_filters_merge_by_their_property(at: Office, shared: Path) -> None:
    small, done = {"select": {"equals": "small"}}, {"checkbox": {"equals": True}}
    view = await made(at, quick_filters={"Kind": small, "dn": done})
    assert view["quick_filters"] == {"Kind": small, "Done": done}

    large = {"select": {"equals": "large"}}
    changed = sent(
        await at.notion.views.update(view["id"], quick_filters={"kd": large, "Done": None})
    )
    assert changed["quick_filters"] == {"Kind": large}
    fits_closely(shared, changed)

    cleared = await at.notion.views.update(view["id"], quick_filters={"Kind": None, "Text": None})
    assert cleared.quick_filters is None


async def test_quick_filters_are_checked(at: Office) -> None:
    for given, message in (
        ([], "body.quick_filters should be an object"),
        ({"Nope": None}, "Could not find property with name or id: Nope"),
        ({"Kind": []}, "body.quick_filters.Kind should be an object"),
        ({"Kind": {}}, "body.quick_filters.Kind.select should be defined"),
        ({"Kind": {"number": {"equals": 1}}}, "body.quick_filters.Kind.number should be not pres"),
        ({"Kind": {"select": {"equals": "huge"}}}, 'Property "Kind" has no option "huge"'),
    ):
        assert message in await at.wrong(quick_filters=given)


async def test_sorts_by_times_are_made_with_a_view_and_never_changed_to(at: Office) -> None:
    newest = {"timestamp": "created_time", "direction": "descending"}
    view = await made(at, sorts=[newest, {"property": "sz", "direction": "ascending"}])
    path = f"/v1/views/{view['id']}"

    message = await at.raw.wrong("PATCH", path, {"sorts": [newest]})
    changed = await at.raw.patch(path, {"sorts": []})

    assert view["sorts"] == [newest, {"property": "Size", "direction": "ascending"}]
    assert "body.sorts[0].timestamp should be not present" in message
    assert changed["sorts"] is None


@pytest.mark.parametrize(
    ("name", "condition", "known"),
    [
        ("Kind", {"select": {"equals": "huge"}}, False),
        ("Kind", {"select": {"does_not_equal": ["small", "huge"]}}, False),
        ("Kind", {"select": {"equals": ["small", "large"]}}, True),
        ("Kind", {"select": {"is_empty": True}}, True),
        ("State", {"status": {"equals": "Active"}}, True),
        ("State", {"status": {"equals": "Inactive"}}, False),
        ("Tags", {"multi_select": {"contains": "green"}}, False),
        ("Tags", {"multi_select": {"contains": "red"}}, True),
    ],
)
async def test_views_filter_by_options_that_are_there(
    at: Office, name: str, condition: Object, known: bool
) -> None:
    filter_ = {"property": name, **condition}

    if known:
        assert (await made(at, filter=filter_))["filter"] == filter_
    else:
        assert f'Property "{name}" has no option' in await at.wrong(filter=filter_)


async def test_conditions_follow_properties_that_are_renamed(at: Office) -> None:
    size = {"property": "sz", "number": {"greater_than": 1}}
    recent = {"timestamp": "created_time", "created_time": {"past_week": {}}}
    view = await made(
        at,
        filter={"and": [{"or": [size, recent]}, size]},
        sorts=[{"property": "Size", "direction": "ascending"}],
        quick_filters={"Size": {"number": {"equals": 1}}},
        configuration={"type": "table", "properties": [{"property_id": "sz"}]},
    )
    assert view["filter"]["and"][1]["property"] == "Size"

    await at.raw.patch(f"/v1/data_sources/{SOURCE}", {"properties": {"sz": {"name": "Weight"}}})
    after = sent(await at.notion.views.retrieve(view["id"]))

    weight = {**size, "property": "Weight"}
    assert after["filter"] == {"and": [{"or": [weight, recent]}, weight]}
    assert after["sorts"] == [{"property": "Weight", "direction": "ascending"}]
    assert after["quick_filters"] == {"Weight": {"number": {"equals": 1}}}
    assert after["configuration"]["properties"][0]["property_name"] == "Weight"


async def test_conditions_go_with_properties_that_are_deleted(at: Office) -> None:
    size = {"property": "Size", "number": {"greater_than": 1}}
    done = {"property": "Done", "checkbox": {"equals": True}}
    both = await made(
        at,
        filter={"and": [size, done]},
        sorts=[
            {"property": "Size", "direction": "ascending"},
            {"timestamp": "created_time", "direction": "ascending"},
        ],
        quick_filters={"Size": {"number": {"equals": 1}}, "Done": {"checkbox": {"equals": True}}},
        configuration={
            "type": "table",
            "properties": [{"property_id": "sz"}, {"property_id": "title"}],
            "group_by": {"type": "number", "property_id": "sz", "sort": {"type": "manual"}},
        },
    )
    alone = await made(
        at,
        filter={"and": [size]},
        sorts=[{"property": "Size", "direction": "ascending"}],
        quick_filters={"Size": {"number": {"equals": 1}}},
    )

    await at.raw.patch(f"/v1/data_sources/{SOURCE}", {"properties": {"Size": None}})
    left = sent(await at.notion.views.retrieve(both["id"]))
    nothing = sent(await at.notion.views.retrieve(alone["id"]))

    assert left["filter"] == {"and": [done]}
    assert left["sorts"] == [{"timestamp": "created_time", "direction": "ascending"}]
    assert left["quick_filters"] == {"Done": {"checkbox": {"equals": True}}}
    assert left["configuration"]["properties"][0]["property_id"] == "title"
    assert "property_name" not in left["configuration"]["group_by"]
    assert nothing["filter"] is nothing["sorts"] is nothing["quick_filters"] is None
    changed = await at.notion.views.update(
        both["id"], quick_filters={"Text": {"rich_text": {"contains": "x"}}}
    )
    assert set(sent(changed)["quick_filters"]) == {"Done", "Text"}


async def test_an_empty_compound_stays(at: Office) -> None:
    assert (await made(at, filter={"and": []}))["filter"] == {"and": []}


async def test_deleting_a_view_returns_what_is_left_of_it(at: Office, shared: Path) -> None:
    view = await made(at)

    left = sent(await at.notion.views.delete(view["id"]))

    assert left == {name: view[name] for name in ("object", "id", "parent", "type")}
    assert view["id"] not in await tabs(at)
    fits(shared, "DeleteViewResponse", left)


async def test_the_last_view_of_a_database_stays(at: Office) -> None:
    [last] = await tabs(at)
    widgets = await made(at, "dashboard")
    await made(at, view_id=widgets["id"])

    await at.notion.views.delete(last)
    with pytest.raises(ValidationError, match="keeps its last view"):
        await at.notion.views.delete(widgets["id"])

    assert await tabs(at) == [widgets["id"]]


async def test_a_database_that_was_not_loaded_keeps_its_last_view_too() -> None:
    view = loaded_view("Lone", parent=under("database_id", "elsewhere"))
    async with office(view) as at:
        with pytest.raises(ValidationError, match="keeps its last view"):
            await at.notion.views.delete(uid("Lone"))


async def test_databases_without_data_sources_have_no_views() -> None:
    async with office(database("Empty"), page("Page", page_of("Home"))) as at:
        assert [v async for v in at.notion.views.list(database_id=uid("Empty"))] == []


async def test_a_source_outside_of_the_database_may_be_shown() -> None:
    async with office(database("Other"), data_source("Others", "Other")) as at:
        view = await at.notion.views.create(
            uid("Others"), name="Guest", type="list", database_id=DATABASE
        )

        assert view.id in await tabs(at)
