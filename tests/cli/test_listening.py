from __future__ import annotations

import socket

import pytest

from locum.cli.listening import take_port, url_of
from locum.errors import UnreachableError


def test_port_0_takes_any_free_port() -> None:
    """The address tells which one."""
    (bound,) = take_port("127.0.0.1", 0)
    with bound:
        port = bound.getsockname()[1]

        assert port > 0
        assert url_of("127.0.0.1", [bound]) == f"http://127.0.0.1:{port}"


def test_a_port_that_is_taken_is_told() -> None:
    """What is in the way, and how to go round it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(UnreachableError) as refused:
            take_port("127.0.0.1", port)

    assert str(refused.value) == (
        f"error: 127.0.0.1:{port} is taken by another process [serve.cannot-listen]\n"
        "  hint: stop that process, or let `--port 0` take a free port"
    )


def test_a_host_nobody_knows_is_told() -> None:
    """A name that means no address is an error with a hint."""
    with pytest.raises(UnreachableError, match=r"no-such-host\.invalid:4010 is no known host"):
        take_port("no-such-host.invalid", 4010)


def test_a_foreign_address_is_told() -> None:
    """Only addresses of this machine can be listened on."""
    with pytest.raises(UnreachableError, match=r"192\.0\.2\.1:4010 is not an address of this machine"):
        take_port("192.0.2.1", 4010)


def test_a_name_of_several_addresses_gets_one_port() -> None:
    """`localhost` is served wherever it leads."""
    sockets = take_port("localhost", 0)
    ports = {each.getsockname()[1] for each in sockets}
    for each in sockets:
        each.close()

    assert len(ports) == 1


def test_an_ipv6_address_is_bracketed() -> None:
    """RFC 3986, 3.2.2."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        assert url_of("::1", [bound]).startswith("http://[::1]:")
