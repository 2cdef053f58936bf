"""Nothing lost, nothing twice: what clients were told is what was carried out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from unittest import mock

import pytest

from notion_async.endpoints import Replay
from notion_async.transport import retry
from tests.history.operations import Outcome
from tests.history.run import Result, run

SEEDS: Final = 200
SOAKED: Final = 5_000
CHUNK: Final = 10

REGRESSIONS: Final[Mapping[int, str]] = {
    6: "a page in the trash lists nothing",
}
"""Seeds that have failed once, and why."""


def assert_it_can_be(result: Result) -> None:
    if result.violations():
        pytest.fail(f"{result}", pytrace=False)


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
async def test_what_clients_are_told_is_what_was_carried_out(first: int) -> None:
    for seed in range(first, first + CHUNK):
        assert_it_can_be(await run(seed))


@pytest.mark.soak
@pytest.mark.parametrize("first", range(SEEDS, SOAKED, 5 * CHUNK))
async def test_so_it_is_in_the_long_run(first: int) -> None:
    for seed in range(first, first + 5 * CHUNK):
        assert_it_can_be(await run(seed))


@pytest.mark.parametrize("seed", REGRESSIONS)
async def test_what_went_wrong_once_does_not_again(seed: int) -> None:
    assert_it_can_be(await run(seed))


@pytest.mark.parametrize("rate", [0.0, 0.6])
async def test_so_it_is_on_good_days_and_on_bad_ones(rate: float) -> None:
    for seed in range(CHUNK):
        assert_it_can_be(await run(seed, rate=rate))


async def test_on_a_good_day_everything_succeeds_but_what_is_in_the_trash() -> None:
    result = await run(1, rate=0.0, cancelled=0.0, timeout=30.0)

    outcomes = {one.outcome for one in result.history.operations}
    assert Outcome.SUCCESS in outcomes
    assert outcomes <= {Outcome.SUCCESS, Outcome.REFUSED}
    assert not any(one.recovered for one in result.history.operations)
    assert not any(struck.fault for struck in result.struck)


async def test_histories_hold_every_operation_every_outcome_and_most_faults() -> None:
    results = [await run(seed) for seed in range(2 * CHUNK)]

    operations = [one for result in results for one in result.history.operations]
    outcomes = {one.outcome for one in operations}
    assert outcomes >= {Outcome.SUCCESS, Outcome.UNKNOWN, Outcome.REFUSED}
    assert any(one.recovered for one in operations)
    assert len({one.endpoint for one in operations if one.outcome is Outcome.SUCCESS}) >= 14
    struck = {struck.fault for result in results for struck in result.struck}
    assert len(struck) > 30


async def caught(attribute: str, broken: object) -> list[str]:
    """Return the first violations of a client that has been broken."""
    with mock.patch.object(retry, attribute, broken):
        for seed in range(CHUNK):
            found = (await run(seed)).violations()
            if found:
                return found
    return []


async def test_a_client_that_sends_creations_again_is_caught() -> None:
    found = await caught("_HARMLESS_TWICE", frozenset(Replay))

    assert any("carried out 2 times" in one for one in found)


async def test_a_client_that_is_too_sure_that_nothing_happened_is_caught() -> None:
    found = await caught("is_ambiguous", lambda _: False)

    assert any("refused, but carried out" in one for one in found)


async def test_a_failing_seed_shows_its_whole_history() -> None:
    with mock.patch.object(retry, "_HARMLESS_TWICE", frozenset(Replay)):
        result = await run(0)

    text = str(result)
    assert "python -m tests.history.run 0" in text
    for part in ("operations", "commits", "struck", "violations"):
        assert part in text
    for operation in result.history.operations:
        assert f"{operation}" in text
