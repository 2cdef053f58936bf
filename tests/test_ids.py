"""An id is found in whatever form people have it, and in nothing else."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notion_async import ConfigurationError, InvalidIDError, notion_id
from notion_async.ids import is_notion_id

ID = "0123abcd-4567-89ab-cdef-0123456789ab"
HEX = ID.replace("-", "")
OTHER = "f" * 32

FORMS = [
    ID,
    HEX,
    ID.upper(),
    HEX.upper(),
    f"  {ID}\n",
    f"https://www.notion.so/{HEX}",
    f"https://www.notion.so/{ID}",
    f"https://www.notion.so/acme/My-page-{HEX}",
    f"https://www.notion.so/acme/My-page-{HEX}/",
    f"https://www.notion.so/acme/My-page-{HEX}?pvs=4",
    f"http://notion.so/{HEX}",
    f"notion://www.notion.so/{HEX}",
    f"https://app.notion.com/p/acme/Title-{HEX}",
    f"https://acme.notion.site/Title-{HEX}",
    f"https://acme.notion.site:443/Title-{HEX}",
    f"HTTPS://WWW.NOTION.SO/{HEX.upper()}",
    f"https://www.notion.so/{HEX}?v={OTHER}",
    f"https://www.notion.so/{OTHER}?v={OTHER}&p={HEX}&pm=s",
    f"https://www.notion.so/{OTHER}?v={OTHER}&p={ID}",
    f"https://www.notion.so/Page-{OTHER}#{HEX}",
    f"https://www.notion.so/Page-{OTHER}?p={OTHER}#{HEX}",
]


@pytest.mark.parametrize("form", FORMS)
def test_an_id_is_found_in_any_form(form: str) -> None:
    assert notion_id(form) == ID
    assert is_notion_id(form)


@given(value=st.uuids(), form=st.sampled_from(FORMS))
def test_any_id_comes_back_in_notions_form(value: uuid.UUID, form: str) -> None:
    given_as = form.lower().replace(ID, str(value)).replace(HEX, value.hex)

    assert notion_id(given_as) == str(value)
    assert notion_id(given_as.upper()) == str(value)
    assert notion_id(notion_id(given_as)) == str(value)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "page",
        "../users/me",
        HEX[:-1],
        HEX + "0",
        f"{ID}?x=1",
        f"{ID}/children",
        f"My-page-{HEX}",
        HEX.replace("0", "\uff10"),  # full-width digits
        HEX[:16] + "\n" + HEX[16:],
        f"https://example.com/{HEX}",
        f"https://example.com/#{HEX}",
        f"https://example.com/?p={HEX}",
        f"https://evilnotion.so/{HEX}",
        f"https://notion.so.example.com/{HEX}",
        f"https://www.notion.so@example.com/{HEX}",
        f"https://www.notion.so/{HEX}\n?x",
        f"https://www.notion.so/a{HEX}",
        f"https://www.notion.so/?v={HEX}",
        f"https://www.notion.so/{HEX}/settings",
        f"ftp://www.notion.so/{HEX}",
        "https://www.notion.so/",
    ],
)
def test_other_text_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidIDError, match="is not a Notion id"):
        notion_id(wrong)
    assert not is_notion_id(wrong)


@pytest.mark.parametrize("wrong", [None, 5, b"0" * 32, uuid.UUID(ID), [ID]])
def test_what_is_no_text_is_refused(wrong: object) -> None:
    with pytest.raises(InvalidIDError):
        notion_id(wrong)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the point


@given(text=st.text(max_size=400))
@example(text="x" * 1_000_000)
@example(text="\x00" * 500)
def test_the_refusal_is_short(text: str) -> None:
    if is_notion_id(text):
        return

    with pytest.raises(ConfigurationError) as caught:
        notion_id(text)
    assert len(str(caught.value)) <= 300
