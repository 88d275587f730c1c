from __future__ import annotations

import argparse
import socket

import pytest

from inspector.cli import listen
from inspector.cli.exit import CommandError, Exit
from inspector.cli.listen import Address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8080", Address("127.0.0.1", 8080)),
        (":8080", Address("127.0.0.1", 8080)),
        ("8080", Address("127.0.0.1", 8080)),
        ("localhost:0", Address("localhost", 0)),
        ("[::1]:80", Address("::1", 80)),
        ("0.0.0.0:65535", Address("0.0.0.0", 65535)),
    ],
)
def test_addresses(text, address):
    assert listen.parse(text) == address


@pytest.mark.parametrize(
    "text", ["", "host", "127.0.0.1:", "127.0.0.1:65536", "a:-1", "a:b", "a:²"]
)
def test_what_is_no_address(text):
    with pytest.raises(argparse.ArgumentTypeError, match="is no address"):
        listen.parse(text)


@pytest.mark.parametrize(
    ("text", "loopback", "url"),
    [
        ("127.0.0.1:1", True, "http://127.0.0.1:1"),
        ("127.9.9.9:1", True, "http://127.9.9.9:1"),
        ("localhost:1", True, "http://localhost:1"),
        ("[::1]:1", True, "http://[::1]:1"),
        ("0.0.0.0:1", False, "http://127.0.0.1:1"),
        ("[::]:1", False, "http://[::1]:1"),
        ("192.0.2.7:1", False, "http://192.0.2.7:1"),
        ("example.com:1", False, "http://example.com:1"),
    ],
)
def test_who_reaches_an_address_and_how(text, loopback, url):
    address = listen.parse(text)
    assert (address.loopback, address.url) == (loopback, url)


def test_port_zero_becomes_a_free_port():
    address = listen.claim(Address("127.0.0.1", 0))
    assert address.port > 0
    with socket.create_server((address.host, address.port)):
        pass


def test_an_address_in_use():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"127.0.0.1:{port} is in use") as caught:
            listen.claim(Address("127.0.0.1", port))
    assert caught.value.exit_code is Exit.ADDRESS
    assert "--listen" in caught.value.hint


@pytest.mark.parametrize("host", ["192.0.2.7", "no-such-host.invalid"])
def test_an_address_that_is_not_ours(host):
    with pytest.raises(CommandError, match=f"Cannot listen on {host}:8080: ") as caught:
        listen.claim(Address(host, 8080))
    assert caught.value.exit_code is Exit.ADDRESS
