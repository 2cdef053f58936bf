"""Notes of meetings, made and found by our own client."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from notion_async import AsyncClient, ObjectNotFoundError, ValidationError
from notion_async.models import Block, MeetingNotes
from notion_async.testing.meetings import Meetings, settle

from .emulated import OLD, Object, block, emulated, page, stamps, uid, under, words
from .talking import Place, place, plain, problems

HOME = under("page_id", "Home")
SOURCE = {"type": "file_upload", "file_upload_id": uid("call.mp3")}
PARENT = {"type": "page_id", "page_id": uid("Home")}


def recording(name: str, content_type: str = "audio/mpeg") -> Object:
    return {
        "object": "file_upload",
        "id": uid(name),
        "created_time": "2026-05-17T10:40:00.000Z",
        "last_edited_time": "2026-05-17T10:40:00.000Z",
        "expiry_time": None,
        "status": "uploaded",
        "filename": name,
        "content_type": content_type,
        "content_length": 3,
        "in_trash": False,
    }


OBJECTS = (page("Home"), recording("call.mp3"))


async def begun(here: Place, **options: Any) -> Block:
    return await here.notion.blocks.meeting_notes.create(source=SOURCE, parent=PARENT, **options)


async def only(here: Place) -> MeetingNotes:
    [found] = (await here.notion.blocks.meeting_notes.query()).results
    return notes_of(found)


def notes_of(found: Block) -> MeetingNotes:
    content = found.content
    assert isinstance(content, MeetingNotes)
    return content


async def text_below(here: Place, identity: object) -> str:
    below = await here.notion.blocks.children.list(str(identity)).collect()
    return "".join(
        run["plain_text"] for one in below for run in plain(one)["paragraph"]["rich_text"]
    )


# ------------------------------------------------------------------------------------- writing


async def test_notes_are_written_in_their_own_time() -> None:
    async with place(objects=OBJECTS) as here:
        block = await begun(here, title="Weekly", language="en", options={"kickoff_summary": True})
        seen = [(await only(here)).status]
        here.store.part(Meetings).summing_up = 60
        for seconds in (2, 60):
            here.day.passes(seconds=seconds)
            seen.append((await only(here)).status)
        ready = await only(here)
        children = plain(ready)["children"]
        transcript = await text_below(here, children["transcript_block_id"])
        summary = await text_below(here, children["summary_block_id"])
        notes = await text_below(here, children["notes_block_id"])
        on_the_page = await here.notion.blocks.children.list(uid("Home")).collect()

    assert seen == ["transcription_in_progress", "summary_in_progress", "notes_ready"]
    assert notes_of(block).status == "transcription_in_progress"
    assert "".join(run.plain_text for run in ready.title or ()) == "Weekly"
    assert transcript == "The transcript of call.mp3, made up by the emulator."
    assert summary == "The summary of call.mp3, made up by the emulator."
    assert notes == ""
    assert [one.id for one in on_the_page] == [block.id]


async def test_without_a_summary_notes_are_ready_when_they_are_transcribed() -> None:
    async with place(objects=OBJECTS) as here:
        await begun(here)
        here.day.passes(seconds=2)
        ready = await only(here)

    assert ready.status == "notes_ready"
    assert "summary_block_id" not in plain(ready)["children"]
    assert "".join(run.plain_text for run in ready.title or ()) == "call"


async def test_however_late_one_looks_everything_is_written() -> None:
    async with place(objects=OBJECTS) as here:
        await begun(here, options={"kickoff_summary": True}, title="")
        here.day.passes(days=1)
        ready = await only(here)

    assert ready.status == "notes_ready"
    assert len(plain(ready)["children"]) == 3
    assert not ready.title


async def test_a_block_is_ready_once_what_is_due_was_written() -> None:
    async with place(objects=OBJECTS) as here:
        block = await begun(here)
        here.day.passes(seconds=2)
        settle(here.store)
        found = await here.notion.blocks.retrieve(block.id)

    assert notes_of(found).status == "notes_ready"


async def test_notes_are_written_whoever_looks_first() -> None:
    async with place(objects=OBJECTS) as here:
        await begun(here)
        here.day.passes(seconds=2)
        stranger = here.emulator.internal_connection("Stranger", pages=[])
        async with AsyncClient(stranger.token, base_url=here.emulator.base_url) as other:
            seen = await other.blocks.meeting_notes.query()
        ready = await only(here)

    assert list(seen.results) == []
    assert ready.status == "notes_ready"


async def test_notes_that_are_gone_are_not_written_any_more() -> None:
    async with place(objects=OBJECTS) as here:
        block = await begun(here)
        here.store.remove(here.store.find("block", block.id))
        here.day.passes(seconds=2)
        found = await here.notion.blocks.meeting_notes.query()

    assert list(found.results) == []


@pytest.mark.usefixtures("loads_oddities")
async def test_a_recording_on_a_page_gets_notes_behind_it() -> None:
    audio = block("Call", HOME, "audio", content={"type": "external", "name": "Call.mp3"})
    objects = (page("Home"), audio, block("After", HOME))
    async with place(objects=objects) as here:
        made = await here.notion.blocks.meeting_notes.create(
            source={"type": "block", "block_id": uid("Call")}
        )
        below = await here.notion.blocks.children.list(uid("Home")).collect()

    assert [one.id for one in below] == [uid("Call"), made.id, uid("After")]
    assert "".join(run.plain_text for run in notes_of(made).title or ()) == "Call"


@pytest.mark.parametrize("version", ["2026-03-11", OLD])
async def test_answers_have_the_published_type(version: str, shared: Path) -> None:
    async with emulated(*OBJECTS) as notion:
        made = await notion.post(
            "/v1/blocks/meeting_notes", {"source": SOURCE, "parent": PARENT}, version=version
        )
        found = await notion.post("/v1/blocks/meeting_notes/query", version=version)

    assert made["type"] == found["results"][0]["type"] == "meeting_notes"
    assert found["has_more"] is False
    assert problems(shared, "CreateMeetingNoteResponse", made) == []
    if version == OLD:  # `archived` is a part of the published type, and of no later version
        assert problems(shared, "QueryMeetingNotesResponse", found) == []


# ------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, "body.source should be defined"),
        ({"source": {}}, "body.source.type should be"),
        ({"source": {"type": "url"}}, "body.source.type should be"),
        ({"source": {"type": "block"}}, "body.source.block_id should be defined"),
        ({"source": {**SOURCE, "block_id": "x"}}, "body.source.block_id should be not present"),
        ({"source": SOURCE}, "body.parent should be defined"),
        ({"source": SOURCE, "parent": {"type": "block_id"}}, "body.parent.type should be"),
        ({"source": SOURCE, "parent": {"page_id": "x"}}, "body.parent.page_id should be"),
        ({"source": SOURCE, "parent": PARENT, "language": "la"}, "body.language should be"),
        ({"source": SOURCE, "parent": PARENT, "options": {"x": 1}}, "body.options.x should be"),
        (
            {"source": SOURCE, "parent": PARENT, "options": {"kickoff_summary": "yes"}},
            "body.options.kickoff_summary should be a boolean",
        ),
        ({"source": SOURCE, "parent": PARENT, "title": 1}, "body.title should be a string"),
        (
            {"source": {"type": "block", "block_id": uid("text")}, "parent": PARENT},
            "body.parent should be not present",
        ),
        (
            {"source": {"type": "block", "block_id": uid("text")}},
            "a block of type paragraph holds no recording",
        ),
        (
            {"source": {**SOURCE, "file_upload_id": uid("plan.pdf")}, "parent": PARENT},
            "a file of type application/pdf is not a recording",
        ),
        ({"source": SOURCE, "parent": PARENT, "further": 1}, "body.further should be"),
    ],
)
async def test_notes_that_cannot_be_made_are_refused(body: Object, expected: str) -> None:
    pdf = recording("plan.pdf", "application/pdf")
    async with emulated(*OBJECTS, pdf, block("text", HOME)) as notion:
        message = await notion.wrong("POST", "/v1/blocks/meeting_notes", body)
        found = await notion.post("/v1/blocks/meeting_notes/query")

    assert expected in message
    assert found["results"] == []


async def test_nothing_is_written_into_the_trash() -> None:
    audio = block("Call", under("page_id", "Old"), "audio", content={"type": "external"})
    async with place(objects=[*OBJECTS, page("Old", in_trash=True), audio]) as here:
        create = here.notion.blocks.meeting_notes.create
        with pytest.raises(ValidationError, match="archived"):
            await create(source=SOURCE, parent={"type": "page_id", "page_id": uid("Old")})
        with pytest.raises(ValidationError, match="archived"):
            await create(source={"type": "block", "block_id": uid("Call")})
        with pytest.raises(ObjectNotFoundError):
            await create(source=SOURCE, parent={"type": "page_id", "page_id": uid("None")})
        with pytest.raises(ObjectNotFoundError):
            await create(source={**SOURCE, "file_upload_id": uid("None")}, parent=PARENT)


# ------------------------------------------------------------------------------------- queries


def notes(name: str, *, created: str, author: str = "ada", **content: Any) -> Object:
    times = {**stamps(created), "created_by": {"object": "user", "id": uid(author)}}
    held = {"title": words(name) if name else [], "status": "notes_ready", **content}
    return block(name or "untitled", HOME, "meeting_notes", content=held) | times


def attended(*people: str) -> Object:
    times = {"start_time": "2026-05-17T09:00:00Z", "end_time": "2026-05-17T09:30:00Z"}
    return {**times, "attendees": [uid(person) for person in people]}


MEETINGS = (
    notes("Weekly", created="2026-05-17T09:00:00.000Z", calendar_event=attended("bob", "ada")),
    notes("Yearly review", created="2026-05-10T09:00:00.000Z", calendar_event=attended("bob")),
    notes("", created="2026-04-01T23:30:00.000Z", author="cleo"),
)
W, Y, U = "Weekly", "Yearly review", ""


def having(name: str, operator: str, value: object = None) -> Object:
    given = {} if value is None else {"value": value}
    condition = {"property": name, "filter": {"operator": operator, **given}}
    return {"operator": "and", "filters": [condition]}


def exactly(value: object) -> Object:
    return {"type": "exact", "value": value}


def people(*named: str) -> list[Object]:
    return [exactly({"table": "notion_user", "id": uid(name)}) for name in named]


def on(day: str, **more: str) -> Object:
    return exactly({"type": "datetime" if more else "date", "start_date": day, **more})


def relative(value: str, **more: object) -> Object:
    return {"type": "relative", "value": value, **more}


def nested(operator: str, *filters: Object) -> Object:
    return {"operator": operator, "filters": list(filters)}


BEFORE_MAY = having("created_time", "date_is_before", on("2026-05-01"))
PAST_WEEK = relative("custom", direction="past", unit="day", count=7)
MATCHES: list[tuple[Object, list[str]]] = [
    ({"operator": "and"}, [W, Y, U]),
    ({"operator": "or", "filters": []}, [W, Y, U]),
    (having("title", "string_is", exactly("weekly")), [W]),
    (having("title", "string_is_not", exactly("weekly")), [Y, U]),
    (having("title", "string_contains", exactly("REV")), [Y]),
    (having("title", "string_does_not_contain", exactly("y")), [U]),
    (having("title", "string_starts_with", exactly("we")), [W]),
    (having("title", "string_ends_with", exactly("ly")), [W]),
    (having("title", "is_empty"), [U]),
    (having("title", "is_not_empty"), [W, Y]),
    (having("attendees", "person_contains", people("ada", "dora")), [W]),
    (having("attendees", "person_does_not_contain", people("ada")), [Y, U]),
    (having("attendees", "is_empty"), [U]),
    (having("created_by", "person_contains", people("cleo")), [U]),
    (having("last_edited_by", "person_contains", people("cleo")), []),
    (having("created_time", "date_is", relative("today")), [W]),
    (having("created_time", "date_is", on("2026-05-10")), [Y]),
    (having("created_time", "date_is", exactly("2026-05-10")), [Y]),
    (BEFORE_MAY, [U]),
    (having("created_time", "date_is_after", relative("one_week_ago")), [W]),
    (having("created_time", "date_is_on_or_after", relative("one_week_ago")), [W, Y]),
    (having("last_edited_time", "date_is_on_or_before", on("2026-05-10")), [Y, U]),
    (
        having("created_time", "date_is", on("2026-04-02", start_time="01:30",
                                             time_zone="Europe/Berlin")),
        [U],
    ),
    (
        having("created_time", "date_is_after", on("2026-05-17", start_time="08:59")),
        [W],
    ),
    (having("created_time", "date_is_within", relative("the_past_month")), [W, Y]),
    (having("created_time", "date_is_within", relative("this_week")), [W]),
    (having("created_time", "date_is_within", PAST_WEEK), [W, Y]),
    (
        having("created_time", "date_is_relative_to", relative("custom", direction="past",
                                                               unit="week", count=6)),
        [W, Y],
    ),
    (
        having("created_time", "date_is_within", relative("custom", direction="past",
                                                          unit="month", count=2)),
        [W, Y, U],
    ),
    (
        having("created_time", "date_is_within", relative("custom", direction="future",
                                                          unit="year")),
        [W],
    ),
    (
        having("created_time", "date_is_within", exactly({"type": "daterange",
               "start_date": "2026-04-01", "end_date": "2026-05-10"})),
        [Y, U],
    ),
    (
        having("created_time", "date_is_within", exactly({"type": "daterange",
               "start_date": "2026-05-10"})),
        [Y],
    ),
    (
        nested(
            "or",
            having("title", "string_is", exactly("weekly")),
            nested("and", BEFORE_MAY, having("title", "is_empty")),
        ),
        [W, U],
    ),
]  # fmt: skip


async def titles(here: Place, **query: Any) -> list[str]:
    found = await here.notion.blocks.meeting_notes.query(**query)
    return ["".join(run.plain_text for run in notes_of(one).title or ()) for one in found.results]


@pytest.mark.parametrize(("condition", "expected"), MATCHES)
async def test_notes_are_found_by_what_they_are(condition: Object, expected: list[str]) -> None:
    async with place(objects=[page("Home"), *MEETINGS]) as here:
        assert await titles(here, filter=condition) == expected


async def test_notes_come_in_the_order_that_is_asked_for() -> None:
    async with place(objects=[page("Home"), *MEETINGS]) as here:
        oldest = await titles(here, sort=[{"property": "created_time", "direction": "ascending"}])
        by_title = await titles(here, sort=[{"property": "title", "direction": "descending"}])
        by_two = await titles(
            here,
            sort=[
                {"property": "created_by", "direction": "descending"},
                {"property": "title", "direction": "descending"},
            ],
        )

    assert oldest == [U, Y, W]
    assert by_title == [Y, W, U]
    first = [U, Y, W] if uid("cleo") > uid("ada") else [Y, W, U]
    assert by_two == first


async def test_a_query_says_whether_there_are_more_than_its_limit() -> None:
    async with place(objects=[page("Home"), *MEETINGS]) as here:
        two = await here.notion.blocks.meeting_notes.query(limit=2)
        three = await here.notion.blocks.meeting_notes.query(limit=3)

    assert (len(two.results), two.has_more) == (2, True)
    assert (len(three.results), three.has_more) == (3, False)


async def test_notes_in_the_trash_are_not_found() -> None:
    objects = [page("Home", in_trash=True), *MEETINGS]
    async with place(objects=objects) as here:
        assert await titles(here) == []


async def test_notes_that_were_loaded_under_their_old_name_are_found() -> None:
    old = block("Old", HOME, "transcription", content={"title": words("Old")})
    async with emulated(page("Home"), old) as notion:
        found = await notion.post("/v1/blocks/meeting_notes/query")

    [one] = found["results"]
    assert one["type"] == "meeting_notes"
    assert one["meeting_notes"]["title"][0]["plain_text"] == "Old"


WRONG: list[tuple[Object, str]] = [
    ({"limit": 0}, "body.limit should be ≥ `1`"),
    ({"limit": 51}, "body.limit should be ≤ `50`"),
    ({"limit": 1.5}, "body.limit should be ≥ `1`"),
    ({"filter": {}}, "body.filter.operator"),
    ({"filter": {"operator": "not"}}, "body.filter.operator"),
    ({"filter": {"operator": "and", "filters": {}}}, "body.filter.filters should be an array"),
    ({"filter": {"operator": "and", "filters": [{}]}}, "body.filter.filters[0].operator"),
    ({"filter": having("status", "is_empty")}, "body.filter.filters[0].property"),
    ({"filter": having("title", "date_is")}, "body.filter.filters[0].filter.operator"),
    ({"filter": having("title", "string_is")}, "filters[0].filter.value should be defined"),
    ({"filter": having("title", "string_is", relative("x"))}, "filter.value.type should be"),
    ({"filter": having("attendees", "person_contains", {})}, "value should be an array"),
    (
        {"filter": having("attendees", "person_contains", [exactly({"table": "user"})])},
        "value[0].value.table should be",
    ),
    ({"filter": having("created_time", "date_is", relative("some day"))}, "value.value should be"),
    ({"filter": having("created_time", "date_is", exactly("some day"))}, "ISO 8601"),
    ({"filter": having("created_time", "date_is", on("some day"))}, "start_date should be"),
    (
        {"filter": having("created_time", "date_is", on("2026-05-17", start_time="noon"))},
        "start_time should be a valid time",
    ),
    (
        {"filter": having("created_time", "date_is", on("2026-05-17", time_zone="Mars/North"))},
        "time_zone should be a valid time zone",
    ),
    (
        {"filter": having("created_time", "date_is_within", relative("the_past_age"))},
        "value.value should be",
    ),
    (
        {"filter": having("created_time", "date_is_within", relative("custom", unit="age"))},
        "value.unit should be",
    ),
    (
        {
            "filter": having(
                "created_time",
                "date_is_within",
                relative("custom", unit="year", direction="past", count=1e7),
            )
        },
        "value.count should be a smaller number",
    ),
    (
        {"filter": nested("and", nested("and", nested("and", nested("and"))))},
        "filters[0].filters[0].filters[0].property",
    ),
    ({"sort": [{"property": "status", "direction": "ascending"}]}, "body.sort[0].property"),
    ({"sort": [{"property": "title", "direction": "up"}]}, "body.sort[0].direction"),
    ({"start_cursor": "x"}, "body.start_cursor should be not present"),
]


@pytest.mark.parametrize(("body", "expected"), WRONG)
async def test_a_query_that_is_none_is_refused(body: Object, expected: str) -> None:
    async with emulated() as notion:
        assert expected in await notion.wrong("POST", "/v1/blocks/meeting_notes/query", body)
