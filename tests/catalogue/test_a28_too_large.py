"""The catalogue, A28: small answers that unpack to large ones."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from notion_async import (
    ResponseTooLargeError,
    WriteOutcomeUnknown,
)
from tests.faults.facing import (
    Call,
    create,
    facing,
    outcome,
    read,
)
from tests.faults.server import first
from tests.faults.strikes import done, says
from tests.faults.wire import Packing, bomb

MIB = 1 << 20


@pytest.fixture(scope="module")
def bombs() -> Mapping[str, bytes]:
    return {coding: bomb(64 * MIB, coding) for coding in ("gzip", "deflate")}


def forget_peak_memory() -> int:
    """Return how much memory there is in use, and begin to look for the most anew."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak_memory()


def peak_memory() -> int:
    """Return the most memory this process has had since it was last forgotten."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    pytest.skip("this system does not say how much memory a process has had")


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("call", [read, create])
async def test_a28_a_small_answer_that_unpacks_to_64_mib_stops_at_the_cap(
    coding: Packing, call: Call, bombs: Mapping[str, bytes]
) -> None:
    async with facing(first(None, done(says(bombs[coding])))) as it:
        await read(it.notion)
        before, cpu = forget_peak_memory(), time.process_time()
        failure = await outcome(call(it.notion))
        grown, took = peak_memory() - before, time.process_time() - cpu

    if isinstance(failure, WriteOutcomeUnknown):  # so a create says that it may have been done
        failure = failure.__cause__
    assert isinstance(failure, ResponseTooLargeError)
    assert grown <= 3 * 32 * MIB
    assert took < 1.0
    assert it.asked == 2


async def test_a28_only_gzip_is_offered() -> None:
    async with facing() as it:
        await read(it.notion)
        await create(it.notion)

    assert {request.headers["accept-encoding"] for request in it.server.arrived} == {"gzip"}
