"""What holds for every test: nothing leaves this machine, and no token is at hand or shows."""

from __future__ import annotations

import gc
import ipaddress
import socket
from pathlib import Path

import pytest

from notion_async.auth import TOKEN_VARIABLES
from notion_async.transport import governor
from tests.canary import UNWATCHED, Canary

SHARED = Path(__file__).parents[1].parent / "shared"


def pytest_configure(config: pytest.Config) -> None:
    """Watch what every test shows."""
    config.addinivalue_line(
        "markers",
        f"{UNWATCHED}: errors are not kept for the search for secrets, as where memory is counted",
    )
    canary = Canary()
    canary.install()
    config.pluginmanager.register(canary, "canary")
    config.add_cleanup(canary.uninstall)


def pytest_collection_finish() -> None:
    # Ten thousand tests are a million objects: the collector would look at all of them again and
    # again, for longer than some of the timeouts that are tested.
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that would reach another machine, even where the error would be swallowed."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def checked_connect(self: socket.socket, address: object) -> None:
        _refuse(address)
        connect(self, address)  # type: ignore[arg-type]  # whatever the family takes

    def checked_look_up(host: object, *args: object, **kwargs: object) -> object:
        _refuse((host,))
        return look_up(host, *args, **kwargs)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(socket.socket, "connect", checked_connect)
    monkeypatch.setattr(socket, "getaddrinfo", checked_look_up)


def _refuse(address: object) -> None:
    if not isinstance(address, tuple):
        return  # a path: a socket of this machine
    host = str(address[0])
    if not _is_this_machine(host):
        pytest.fail(f"a test tried to reach {host}")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", "None", "")


@pytest.fixture(autouse=True)
def no_token_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test says which token and which address it uses."""
    for name in (*TOKEN_VARIABLES, "NOTION_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients of other tests with the same token and port have spent and paused nothing."""
    monkeypatch.setattr(governor, "_connections", governor._Connections())


@pytest.fixture
def shared() -> Path:
    """The folder of facts beside the project, where there is one."""
    if not SHARED.is_dir():
        pytest.skip("there is no folder of facts beside the project")
    return SHARED
