"""An id is found in whatever form people have it, and in nothing else."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notion_async import ConfigurationError, InvalidIDError, notion_id
from notion_async.ids import (
    extract_block_id,
    extract_database_id,
    extract_notion_id,
    extract_page_id,
    is_notion_id,
)

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


# ----------------------------------------------------------------------- ids of parts of a link

OTHER_ID = str(uuid.UUID(OTHER))
OPENED = f"https://www.notion.so/acme/Tasks-{OTHER}?v={'e' * 32}&p={HEX}&pm=s"
WITHOUT_FRAGMENT = [form for form in FORMS if "#" not in form and "&p=" not in form]


@pytest.mark.parametrize("form", WITHOUT_FRAGMENT)
def test_the_id_of_a_link_is_extracted_whatever_it_names(form: str) -> None:
    for extract in (extract_notion_id, extract_page_id, extract_database_id, extract_block_id):
        assert extract(form) == ID


def test_a_page_that_is_opened_over_a_database_is_told_from_it() -> None:
    assert extract_notion_id(OPENED) == ID
    assert extract_page_id(OPENED) == ID
    assert extract_database_id(OPENED) == OTHER_ID


@pytest.mark.parametrize("fragment", [HEX, ID, HEX.upper(), f"block-{HEX}", f"block-{ID}"])
def test_only_a_block_is_named_by_the_fragment(fragment: str) -> None:
    link = f"https://www.notion.so/acme/Page-{OTHER}?pvs=4#{fragment}"

    assert extract_block_id(link) == ID
    assert extract_block_id(f"#{fragment}") == ID
    assert extract_page_id(link) == extract_database_id(link) == OTHER_ID
    assert extract_notion_id(link) == OTHER_ID


def test_a_fragment_that_names_no_block_is_passed_over() -> None:
    assert extract_block_id(f"https://www.notion.so/{HEX}#heading") == ID


@pytest.mark.parametrize(
    "text",
    [
        f"/{HEX}",
        f"/{HEX}?pvs=25",
        f"/acme/My-page-{HEX}",
        f"My-page-{HEX}",
        f"notion.so/My-page-{HEX}",
        f"www.notion.so/acme/{ID}",
        f"acme.notion.site/{HEX}?pvs=4",
        f"https://www.notion.so/acme?page_id={HEX}",
        f"https://www.notion.so/acme?x=1&database_id={ID}&database_id={OTHER}",
    ],
)
def test_what_is_left_of_a_link_is_enough_to_extract_its_id(text: str) -> None:
    """As the links in rich text are; where an id is asked for, they are refused."""
    assert extract_notion_id(text) == ID
    assert extract_database_id(text) == ID
    assert not is_notion_id(text)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "page",
        HEX[:-1],
        HEX + "0",
        f"x{HEX}",
        HEX.replace("0", "\uff10"),
        f"https://example.com/{HEX}",
        f"https://example.com/#{HEX}",
        f"example.com/{HEX}",
        f"https://notion.so.example.com/{HEX}",
        f"https://www.notion.so@example.com/{HEX}",
        f"https:///{HEX}",
        f"ftp://www.notion.so/{HEX}",
        f"https://www.notion.so/?v={HEX}",
        None,
        5,
        HEX.encode(),
    ],
)
def test_nothing_is_extracted_where_there_is_no_id(wrong: str) -> None:
    for extract in (extract_notion_id, extract_page_id, extract_database_id, extract_block_id):
        assert extract(wrong) is None


@given(text=st.text(max_size=200))
def test_extracting_never_fails_and_never_contradicts_notion_id(text: str) -> None:
    found = extract_block_id(text)

    assert found is None or notion_id(found) == found
    if is_notion_id(text):
        assert found == notion_id(text)
