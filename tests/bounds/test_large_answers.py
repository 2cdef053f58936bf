"""P9, S8: how much memory an answer may take, measured from outside in a process of its own."""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.clients import answer, listing
from tests.faults.server import serving
from tests.faults.strikes import says
from tests.faults.wire import chunked, http
from tests.processes import environment
from tests.testing.emulated import uid

MIB: Final = 1024 * 1024
WARM: Final = answer(listing({"object": "user", "id": uid("a")}))

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="the kernel does not tell"
)


async def read(data: bytes, cap: int) -> tuple[str, int]:
    """Return what came of an answer, and by how many bytes the process grew meanwhile."""
    async with serving(says(WARM), says(data)) as server:
        process = await asyncio.create_subprocess_exec(
            *(
                sys.executable,
                "-W",
                "error",
                "-m",
                "tests.bounds.reading",
                server.base_url,
                str(cap),
            ),
            stdout=asyncio.subprocess.PIPE,
            env=environment(),
        )
        printed, _ = await process.communicate()
    assert process.returncode == 0
    said = json.loads(printed)
    return said["found"], said["added"]


def zeros(size: int, bits: int) -> bytes:
    """Return so many zeros, packed."""
    packer = zlib.compressobj(9, wbits=bits)
    parts: Iterator[bytes] = (packer.compress(bytes(MIB)) for _ in range(size // MIB))
    return b"".join(parts) + packer.flush()


def users(size: int) -> bytes:
    """Return a list object of so many bytes and a little more."""
    one = json.dumps({"object": "user", "id": uid("a"), "name": "x" * 900, "type": "person"})
    many = ",".join([one] * (size // (len(one) + 1)))
    return f'{{"object":"list","has_more":false,"next_cursor":null,"results":[{many}]}}'.encode()


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_a_bomb_is_refused_before_it_has_unfolded(coding: str) -> None:
    packed = zeros(256 * MIB, 31 if coding == "gzip" else 15)
    assert len(packed) < MIB

    found, added = await read(http(packed, headers=f"Content-Encoding: {coding}\r\n"), 4 * MIB)

    assert found == "ResponseTooLargeError"
    assert added <= 12 * MIB


@pytest.mark.parametrize("said", [True, False])
async def test_an_answer_that_is_too_large_is_not_taken_in(said: bool) -> None:
    text = bytes(64 * MIB)

    found, added = await read(http(text) if said else chunked(*[text[:MIB]] * 64), 4 * MIB)

    assert found == "ResponseTooLargeError"
    assert added <= 12 * MIB


@pytest.mark.parametrize("shape", ["as it is", "in chunks", "packed"])
async def test_the_largest_answer_takes_less_than_three_times_its_size(shape: str) -> None:
    text = users(31 * MIB)
    if shape == "packed":
        data = http(gzip.compress(text, 1), headers="Content-Encoding: gzip\r\n")
    else:
        data = http(text) if shape == "as it is" else chunked(text)

    found, added = await read(data, 32 * MIB)

    assert found.endswith(" users")
    assert added <= 96 * MIB
