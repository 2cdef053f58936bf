"""Which machines a link may lead to."""

from __future__ import annotations

import pytest

from notion_async.content._fetching import _is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "240.0.0.1",
        "224.0.0.1",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:0:7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "fe80::1%lo",
        "fec0::1",
        "fc00::1",
        "ff02::1",
    ],
)
def test_this_network_in_whatever_clothes_is_not_public(address: str) -> None:
    assert not _is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_the_internet_is_public(address: str) -> None:
    assert _is_public(address)
