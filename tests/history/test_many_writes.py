"""Ten thousand writes, of which a fifth goes wrong: how many are lost, and how many done twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from tests.history.checker import History
from tests.history.operations import Outcome
from tests.history.run import run
from tests.history.workload import MAKING, NAMING, Choice


def counted(history: History) -> dict[str, int]:
    """Return how the writes of a history ended."""
    operations = history.operations
    outcomes = Counter(one.outcome for one in operations)
    commits = Counter(commit.tag for commit in history.commits)
    successes = [one for one in operations if one.outcome is Outcome.SUCCESS]
    return {
        "writes": len(operations),
        "successes": len(successes),
        "adopted": sum(one.recovered for one in successes),
        "unknown": outcomes[Outcome.UNKNOWN],
        "unknown and done": sum(
            one.outcome is Outcome.UNKNOWN and one.tag in commits for one in operations
        ),
        "refused": outcomes[Outcome.REFUSED],
        "not sent": outcomes[Outcome.NOT_SENT],
        "duplicates": sum(count > 1 for count in commits.values()),
        "lost": sum(one.tag not in commits for one in successes),
    }


async def assert_none_is_lost_or_repeated(
    tasks: int, each: int, odds: Mapping[Choice, int] = MAKING
) -> dict[str, int]:
    result = await run(2026, tasks=tasks, each=each, odds=odds)

    found = counted(result.history)
    assert (found["duplicates"], found["lost"]) == (0, 0)
    assert found["writes"] == tasks * each
    ends = ("successes", "unknown", "refused", "not sent")
    assert sum(found[end] for end in ends) == tasks * each
    assert found["successes"] > found["unknown"] > 0
    assert result.violations() == []
    return found


async def test_of_five_hundred_writes_none_is_lost_or_done_twice() -> None:
    await assert_none_is_lost_or_repeated(tasks=8, each=63)


async def test_of_two_hundred_named_rows_none_is_lost_or_created_twice() -> None:
    found = await assert_none_is_lost_or_repeated(tasks=8, each=25, odds=NAMING)

    assert found["adopted"] > 10


@pytest.mark.soak
@pytest.mark.timeout(900)
async def test_of_ten_thousand_writes_none_is_lost_or_done_twice(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = await assert_none_is_lost_or_repeated(tasks=16, each=625)

    with capsys.disabled():
        print("\n" + ", ".join(f"{name} {count}" for name, count in found.items()))  # noqa: T201 - the measurement
