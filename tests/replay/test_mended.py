"""What the recordings taught, without them."""

from __future__ import annotations

from typing import Any

from tests.testing.emulated import NOW, OLD, emulated, page, uid

PATH = f"/v1/pages/{uid('Home')}/markdown"


def insertion(content: str, **more: Any) -> dict[str, Any]:
    return {"type": "insert_content", "insert_content": {"content": content}, **more}


async def test_markdown_is_written_in_a_task_where_that_is_asked_for() -> None:
    async with emulated(page("Home")) as notion:
        body = insertion("# Hello\n\nAsync test content.", allow_async=True)
        status, begun = await notion.send("PATCH", PATH, body, version=OLD)
        done = await notion.get(f"/v1/async_tasks/{begun['id']}")
        now = await notion.get(PATH)

    assert status == 202
    assert begun["operation"]["name"] == "PATCH /v1/pages/:page_id/markdown"
    assert (begun["status"], done["status"]) == ("queued", "succeeded")
    assert done["result"]["markdown"] == now["markdown"] == "# Hello\nAsync test content."


async def test_a_task_tells_what_is_wrong_with_markdown() -> None:
    async with emulated(page("Home")) as notion:
        body = {"type": "nonsense", "allow_async": True}
        status, begun = await notion.send("PATCH", PATH, body)
        done = await notion.get(f"/v1/async_tasks/{begun['id']}")
        refused = await notion.wrong("PATCH", PATH, {**body, "allow_async": False})
        untyped = await notion.wrong("PATCH", PATH, {**body, "allow_async": 1})

    assert (status, done["status"]) == (202, "failed")
    assert done["error"]["message"] == refused
    assert untyped.startswith("body failed validation: body.allow_async should be a boolean")


async def test_a_list_of_uploads_goes_on_from_the_id_of_an_upload() -> None:
    async with emulated(wall=lambda: NOW) as notion:
        made = [await notion.post("/v1/file_uploads", {"filename": f"{n}.txt"}) for n in range(3)]
        listed = await notion.ids("GET", "/v1/file_uploads")
        path = f"/v1/file_uploads?start_cursor={listed[1]}"
        rest = await notion.get(path)
        unknown = await notion.wrong("GET", f"/v1/file_uploads?start_cursor={uid('nowhere')}")

    assert sorted(listed) == sorted(one["id"] for one in made)
    assert [one["id"] for one in rest["results"]] == listed[1:]
    assert unknown == f"The start_cursor provided is invalid: {uid('nowhere')}"
