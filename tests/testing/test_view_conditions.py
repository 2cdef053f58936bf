"""Laws of filters that are kept by ids and shown by names."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from notion_async.testing.filters import Compiler
from notion_async.testing.schema import Schema
from notion_async.testing.view_conditions import named_filter, written_filter

from .emulated import NOW
from .views import COLUMNS

SCHEMA = Schema(COLUMNS)
CONDITIONS: dict[str, Any] = {
    "Name": {"title": {"contains": "x"}},
    "Size": {"number": {"less_than": 3}},
    "Done": {"checkbox": {"equals": True}},
    "Kind": {"select": {"equals": "small"}},
    "Links": {"relation": {"is_empty": True}},
    "Due": {"date": {"this_week": {}}},
}
simple = st.sampled_from(sorted(CONDITIONS)).map(
    lambda name: {"property": name, **CONDITIONS[name]}
)
timed = st.just({"timestamp": "created_time", "created_time": {"past_week": {}}})


def compound(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return filters that combine others."""
    words = st.sampled_from(["and", "or"])
    return st.builds(lambda word, found: {word: found}, words, st.lists(parts, min_size=1))


single = simple | timed
filters = single | compound(single | compound(single))


def by_ids(filter_: Any) -> Any:
    """Return a filter with ids in place of names."""
    for word in ("and", "or"):
        if word in filter_:
            return {word: [by_ids(part) for part in filter_[word]]}
    if "timestamp" in filter_:
        return filter_
    return {**filter_, "property": COLUMNS[filter_["property"]]["id"]}


def names(filter_: Any) -> set[str]:
    """Return the names of properties in a filter."""
    parts = filter_.get("and", filter_.get("or"))
    if parts is None:
        return {filter_["property"]} if "property" in filter_ else set()
    return set().union(*(names(part) for part in parts))


@given(filters)
def test_a_filter_is_shown_by_names_however_it_was_written(filter_: Any) -> None:
    compiler = Compiler(SCHEMA, NOW, known_options=True)

    kept = written_filter(filter_, compiler)

    assert kept == written_filter(by_ids(filter_), compiler) == by_ids(filter_)
    assert named_filter(kept, SCHEMA) == filter_


@given(filters, st.sampled_from(sorted(CONDITIONS)))
def test_what_is_left_without_a_property_can_still_be_asked_for(filter_: Any, gone: str) -> None:
    kept = written_filter(filter_, Compiler(SCHEMA, NOW))
    smaller = Schema({name: one for name, one in COLUMNS.items() if name != gone})

    left = named_filter(kept, smaller)

    if left is None:
        assert names(filter_) == {gone}
    else:
        assert names(left) == names(filter_) - {gone}
        Compiler(smaller, NOW).compile(left)
