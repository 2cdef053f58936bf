"""`UNSET` is one thing, and false."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from notion_async import UNSET
from notion_async.types import Unset


def test_unset_is_false_and_shows_its_name() -> None:
    assert not UNSET
    assert repr(UNSET) == "UNSET"
    assert UNSET is not None


def test_unset_stays_itself() -> None:
    assert pickle.loads(pickle.dumps(UNSET)) is UNSET  # noqa: S301 - our own
    assert copy.deepcopy(UNSET) is UNSET
    assert Unset.UNSET is UNSET


def test_unset_is_no_json() -> None:
    with pytest.raises(TypeError):
        json.dumps(UNSET)
